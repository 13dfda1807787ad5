"""The kind of a statement (demand, offer, threat, …), suggested from the cue and the words; and the statements that
nouns, adjectives and participles make.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from detente.reading.attributions import Attribution
from detente.reading.lexicon import lexicon, packaged, phrases
from detente.reading.segments import Layout, touch, trimmed

_WILL = phrases()["future"]
#: 'No talks until the army leaves', 'it would not sign unless …'; what went on until its end is no condition.
_CONDITION = re.compile(
    rf"\b{phrases()['only']}\b|\buntil (?:then|that day)\b.{{1,60}}?\b{phrases()['negations']}\b"
    rf"|\b{phrases()['negations']}\b"
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


# Statements without a verb of saying

#: The confidence in a statement that only these rules found.
_RULED = 0.75
_BE = r"(?:am|is|are|was|were|been|being|remains?|remained|['’](?:m|s|re))"
_ADVERBS = r"(?:(?:also|often|still|now|again|already|truly|fully|very|so|\w+ly)\s+){0,2}"
_CONTENT = r"(?P<content>[^.;:!?()\n“”\"]{3,300})"
#: Words that name someone directly before a verb or a possessed noun.
_NAME = r"(?:[Tt]he\s+)?(?:[A-Z][\w-]*\s+){0,3}[A-Z][\w-]*"


def _by_kind(group: str) -> str:
    """Return what matches the phrases of all kinds of a group, each kind in a group of its name."""
    kinds = (name.removeprefix(f"{group}_of_") for name in phrases() if name.startswith(f"{group}_of_"))
    return "(?:" + "|".join(rf"(?P<{kind}>{phrases()[f'{group}_of_{kind}']}\b)" for kind in kinds) + ")"


#: 'is accused of lying'; 'was described by the court as a fraud'.
_PASSIVES = (
    re.compile(rf"(?P<cue>(?:\b{_BE}\s+{_ADVERBS}|(?<=, )){phrases()['accused']})\s+{_CONTENT}"),
    re.compile(
        rf"\b(?P<cue>{_BE}\s+{_ADVERBS}{phrases()['described']}\s+(?:by\s+(?P<who>[^,.;:!?()“”\"]{{2,60}}?)\s+)?as)\s+{_CONTENT}"
    ),
)
#: The 'to' of a noun, which belongs to the cue; that of an infinitive belongs to what is said.
_TO = r"to(?=\s+(?:an?|all|any|the|this|these|those|my|our|your|his|her|its|their|[\w-]+ing)\b)"
#: 'I am grateful for your help'; 'he is unwilling to pay'.
_ATTITUDES = re.compile(
    rf"\b(?P<who>I|[Ww]e|[Hh]e|[Ss]he|[Tt]hey|who|{_NAME})(?=\W)\s*(?P<cue>\b{_BE}\s+{_ADVERBS}{_by_kind('attitudes')}"
    rf"(?:\s+(?:for|of|about|by|with|in|{_TO})(?=\s)|(?=\s+(?:that|to)\s)))\s+{_CONTENT}"
)
#: 'our belief that it will last', 'Upstream's refusal to pay'; as a subject only 'her reason is that …'.
_NOUNS = re.compile(
    rf"\b(?P<who>[Mm]y|[Oo]ur|[Hh]is|[Hh]er|[Ii]ts|[Tt]heir|{_NAME}(?=['’]))(?:['’]s?)?\s+"
    rf"(?P<cue>(?:[\w-]+\s+)?{_by_kind('nouns')}(?:(?P<is>\s+(?:is|was|remains))(?=\s+(?:that|to)\s)|"
    r"\s+(?:in(?=\s+(?:your|his|her|its|their|the)\s)|of(?=\s+what\s)|about(?=\s)|"
    rf"{_TO})|(?=\s+(?:that|to)\s)))\s+(?P<content>[^,.;:!?()\n“”\"]{{3,300}})"
)


def with_attitudes(layout: Layout, tagged: Sequence[Attribution]) -> list[Attribution]:
    """Return attributions with those that taggers miss because no verb says, thinks or wants.

    >>> text = "It is our belief that the dam will hold."
    >>> (found,) = with_attitudes(Layout(text), [])
    >>> [text[slice(*spans[0])] for spans in (found.source, found.cue, found.content)]
    ['our', 'belief', 'that the dam will hold']
    """
    cues = [span for one in tagged for span in (*one.cue, *one.source)]
    return [*tagged, *(one for one in _attitudes(layout) if not touch(cues, one.cue))]


def _attitudes(layout: Layout) -> Iterator[Attribution]:
    text = layout.text
    for pattern in (*_PASSIVES, _ATTITUDES, _NOUNS):
        for match in pattern.finditer(text):
            groups = match.groupdict()
            start = match.start()
            first, end = layout.sentence(start)
            if pattern is _NOUNS and groups["is"] is None and start - first < 2:
                # Where the noun is the subject, the verb after it ends what is said, and no rule here can tell it.
                continue
            who = (match.span("who"),) if groups.get("who") else ()
            content = trimmed(text, (match.start("content"), min(match.end("content"), max(end, match.end("cue")))))
            kind = next((name for name, words in groups.items() if words and name not in _ROLES), None)
            if content[0] < content[1]:
                yield Attribution(who, (match.span("cue"),), (content,), kind=kind, confidence=_RULED)


_ROLES = ("who", "cue", "content", "is")
