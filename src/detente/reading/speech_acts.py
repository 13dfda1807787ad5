"""What is done by saying something: a suggestion, from the cue and the words."""

from __future__ import annotations

import re

from detente.reading.rule_tagger import lexicon

_NEGATION = r"(?:no|not|none|never|nothing|nobody|neither|cannot|\w+n[’']t)"
_WILL = r"(?:will|would|shall|going to|\w+[’']ll)"
_ONLY = r"only (?:if|when|after|once)|on (?:the )?condition|provided(?: that)?|as long as|so long as|before any"
#: 'No talks until the army leaves', 'it would not sign unless …'; what went on until its end is no condition.
_NOT_UNTIL = rf"\b{_NEGATION}\b(?=.*\b(?:{_WILL}|can|could|be|may|must|until|n[’']t)\b).{{2,120}}?\b(?:until|unless)\b"
#: What is done if something else happens: the main clause before or after the one with 'if'.
_IF_THEN = re.compile(
    rf"(?<!only )(?<!even )\bif\b[^,]{{2,120}},[”\"]? (?:then )?(?:[\w’' ]{{1,40}}? )?{_WILL} "
    r"(?:\w+ly )?(?P<verb>[\w’']+)"
    rf"|{_WILL} (?:\w+ly )?(?P<verb2>[\w’']+)\b[^.!?]{{0,120}}?(?<!only )(?<!even )\b(?P<word>if|unless)\b",
    re.IGNORECASE,
)
#: What harms nobody: who will do it if something else happens makes a condition, and no threat.
_HARMLESS = frozenset({
    "sign", "pay", "agree", "accept", "return", "talk", "meet", "negotiate", "withdraw", "release", "lift",
    "support", "back", "help", "consider", "stop", "end", "join", "resume", "vote", "attend", "open", "share",
    "give", "grant", "allow", "let", "free", "work", "cooperate", "buy", "invest", "reopen", "play", "drink",
    "resign", "abstain", "apologise", "apologize", "compromise", "discuss", "disarm", "be", "have", "need",
    "get", "see", "know", "come", "go", "look", "stay", "remain", "provide", "reduce", "ease", "drop",
    "welcome", "sit", "win", "lose", "find", "keep", "offer", "contribute", "approve", "ratify", "comply",
    "cease", "endorse", "lapse", "depend", "continue", "rise", "fall", "do", "make", "like"
})  # fmt: skip
_MUST = r"(?<!\bwe )(?<!\bI )\bmust\b(?! (?:have|be (?:true|right|wrong|mistaken|joking))\b)"
#: Phrases in what was said, for cues that tell nothing; the first that is found counts.
_RULES = (
    ("condition", rf"(?:{_ONLY}|unless|until)"),
    ("withdrawal", r"(?:withdr[ae]ws?|retract\w*|rescind\w*) (?:\w+ ){0,3}(?:offer|proposal|agreement|demand|claim)"),
    ("justification", r"because|the (?:main )?reasons? (?:why|for)|main reasons|ha[sd] no choice|out of necessity"),
    (
        "refusal",
        r"(?:cannot|can not|will not|won't|would not|never) (?:accept|agree|allow|let|be|negotiate|talk)|refus\w+|"
        r"reject\w*|no (?:talks|concessions?|compromise)|unacceptable|out of the question",
    ),
    ("threat", r"will (?:retaliate|respond|strike|answer|pay)|consequences|or else"),
    ("demand", r"must|has to|have to|should|needs? to|ought to|requiring|demand(?:s|ed|ing)? that|calls? (?:for|on)"),
    ("offer", r"ready (?:to|for)|willing to|prepared to|open to|offers? to|welcome to|would accept|agreed to"),
    ("commitment", r"will|shall|(?:is|are) going to|plans? to|intends? to|promise[sd]? to"),
)
#: How sure it is that an explicit cue means what it says, and that a phrase does.
_BY_CUE = ("refusal", "demand", "offer", "threat", "commitment", "withdrawal", "justification")


#: What a cue says too plainly to be taken for a mere claim.
_PLAIN_CUES = ("refusal", "threat", "withdrawal")
#: Kinds that the words tell better than what was learned.
_BY_WORDS = ("justification", "condition")


def speech_act(learned: str | None, cue: str, content: str) -> str:
    """Settle on a kind: what was learned, unless the cue or the words plainly say otherwise.

    >>> settled_kind("claim", "flatly rejected", "the proposals")
    'refusal'
    >>> settled_kind("demand", "said", "they should leave")
    'demand'
    >>> settled_kind("commitment", "said", "the bridge must close")
    'demand'
    >>> settled_kind("condition", "said", "If they raise tariffs, we will retaliate")
    'threat'
    """
    by_cue = _by_cue(cue, content)
    if by_cue is None:
        plain = _by_form(content)
        if plain is not None:
            return plain
    if learned is None or learned in _BY_WORDS:
        return speech_act_by_words(cue, content)
    return by_cue if by_cue is not None and learned == "claim" and by_cue in _PLAIN_CUES else learned


def _by_form(content: str) -> str | None:
    """Return the kind that the form of a sentence gives: 'if …, we will …', 'no … until …', 'must'."""
    if re.search(rf"\b(?:{_ONLY})\b|{_NOT_UNTIL}", content, re.IGNORECASE):
        return "condition"
    match = _IF_THEN.search(content)
    if match is not None:
        verb = (match["verb"] or match["verb2"]).lower()
        if verb not in ("not", "never"):
            harmless = verb in _HARMLESS and (match["word"] or "").lower() != "unless"
            return "condition" if harmless else "threat"
    return "demand" if re.search(_MUST, content, re.IGNORECASE) else None


def speech_act_by_words(cue: str, content: str) -> str:
    """Suggest the kind of a statement from its cue and its content.

    >>> suggested_kind("flatly rejected", "the proposals")
    'refusal'
    >>> suggested_kind("said", "there would be no talks until the troops had left")
    'condition'
    >>> suggested_kind("believes", "that the bridge is safe")
    'claim'
    """
    return _by_cue(cue, content) or _by_form(content) or _by_phrase(content)


def _by_cue(cue: str, content: str) -> str | None:
    """Return the kind that a cue says, if it says any."""
    words = lexicon()
    lemmas = {words.forms.get(word.lower()) for word in re.findall(r"[\w']+", cue)}
    by_cue = next((kind for kind in _BY_CUE if lemmas & set(words.kinds.get(kind, ()))), None)
    if by_cue == "threat" and not re.search(r"\b(?:will|would|if|unless)\b", content):
        # A warning that something is so is a claim.
        by_cue = "threat" if "threaten" in lemmas else None if re.search(_MUST, content) else "claim"
    if by_cue == "demand" and "insist" in lemmas and not re.search(r"\b(?:must|should|on|that)\b", f"{cue} {content}"):
        by_cue = None
    if by_cue in ("offer", "commitment") and re.search(r"\b(?:not|never|cannot)\b|n't\b", cue):
        return "refusal"
    return by_cue


def _by_phrase(content: str) -> str:
    for kind, pattern in _RULES:
        if re.search(rf"\b(?:{pattern})\b", content, re.IGNORECASE):
            return kind
    return "claim"
