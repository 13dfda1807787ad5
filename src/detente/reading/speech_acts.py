"""The kind of a statement (demand, offer, threat, …), suggested from the cue and the words."""

from __future__ import annotations

import re

from detente.reading.lexicon import lexicon, packaged, phrases

_WILL = phrases()["future"]
#: 'No talks until the army leaves', 'it would not sign unless …'; what went on until its end is no condition.
_CONDITION = re.compile(
    rf"\b{phrases()['only']}\b|\b{phrases()['negations']}\b"
    rf"(?=.*\b(?:{_WILL}|can|could|be|may|must|until|n[’']t)\b).{{2,120}}?\b(?:until|unless)\b",
    re.IGNORECASE,
)
#: A conditional: the main clause before or after the clause with 'if'.
_IF_THEN = re.compile(
    rf"(?<!only )(?<!even )\bif\b[^,]{{2,120}},[”\"]? (?:then )?(?:[\w’' ]{{1,40}}? )?{_WILL} "
    r"(?:\w+ly )?(?P<verb>[\w’']+)"
    rf"|{_WILL} (?:\w+ly )?(?P<verb2>[\w’']+)\b[^.!?]{{0,120}}?(?<!only )(?<!even )\b(?P<word>if|unless)\b",
    re.IGNORECASE,
)
_HARMLESS = frozenset(packaged("phrases")["harmless"])
_MUST = r"(?<!\bwe )(?<!\bI )\bmust\b(?! (?:have|be (?:true|right|wrong|mistaken|joking))\b)"
#: Kinds that phrases in the content indicate, if the cue indicates none; the first match counts.
_BY_PHRASE = [
    (kind, re.compile(rf"\b{phrases()[kind]}\b", re.IGNORECASE))
    for kind in ("condition", "withdrawal", "justification", "refusal", "threat", "demand", "offer", "commitment")
]
#: Kinds that cues indicate; the first match counts.
_BY_CUE = ("refusal", "demand", "offer", "threat", "commitment", "withdrawal", "justification")
#: Kinds whose cues override a learned 'claim'.
_PLAIN_CUES = ("refusal", "threat", "withdrawal")
#: Kinds for which the words are more reliable than the learned kind.
_BY_WORDS = ("justification", "condition")


def speech_act(learned: str | None, cue: str, content: str) -> str:
    """Return the kind of a statement: the learned one, unless the cue or the words clearly indicate another.

    >>> speech_act("claim", "flatly rejected", "the proposals")
    'refusal'
    >>> speech_act("demand", "said", "they should leave")
    'demand'
    >>> speech_act("commitment", "said", "the bridge must close")
    'demand'
    >>> speech_act("condition", "said", "If they raise tariffs, we will retaliate")
    'threat'
    """
    by_cue = kind_of_cue(cue, content)
    by_form = kind_of_form(content) if by_cue is None else None
    if by_form is not None:
        return by_form
    if learned is None or learned in _BY_WORDS:
        return speech_act_by_words(cue, content)
    return by_cue if by_cue is not None and learned == "claim" and by_cue in _PLAIN_CUES else learned


def speech_act_by_words(cue: str, content: str) -> str:
    """Suggest the kind of a statement from its cue and its content.

    >>> speech_act_by_words("flatly rejected", "the proposals")
    'refusal'
    >>> speech_act_by_words("said", "there would be no talks until the troops had left")
    'condition'
    >>> speech_act_by_words("believes", "that the bridge is safe")
    'claim'
    """
    by_phrase = (kind for kind, pattern in _BY_PHRASE if pattern.search(content))
    return kind_of_cue(cue, content) or kind_of_form(content) or next(by_phrase, "claim")


def kind_of_form(content: str) -> str | None:
    """Return the kind that the form of a sentence indicates: 'if …, we will …', 'no … until …', 'must'."""
    if _CONDITION.search(content):
        return "condition"
    match = _IF_THEN.search(content)
    if match is not None:
        verb = (match["verb"] or match["verb2"]).lower()
        if verb not in ("not", "never"):
            harmless = verb in _HARMLESS and (match["word"] or "").lower() != "unless"
            return "condition" if harmless else "threat"
    return "demand" if re.search(_MUST, content, re.IGNORECASE) else None


def kind_of_cue(cue: str, content: str) -> str | None:
    """Return the kind that a cue indicates, if any."""
    words = lexicon()
    lemmas = {words.forms.get(word.lower()) for word in re.findall(r"[\w']+", cue)}
    kind = next((kind for kind in _BY_CUE if lemmas & words.kinds[kind]), None)
    if kind == "threat" and not re.search(r"\b(?:will|would|if|unless)\b", content):
        # A warning that something is the case is a claim.
        return "threat" if "threaten" in lemmas else None if re.search(_MUST, content) else "claim"
    if kind == "demand" and "insist" in lemmas and not re.search(r"\b(?:must|should|on|that)\b", f"{cue} {content}"):
        return None
    if kind in ("offer", "commitment") and re.search(r"\b(?:not|never|cannot)\b|n't\b", cue):
        return "refusal"
    return kind
