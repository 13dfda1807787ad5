"""What a text does not say was said: negated, asked, hypothetical, possible or still to come.

'Upstream did not say that it would pay' names a speaker, a verb of saying and a content, as a report of speech does,
but attributes nothing. The rules look at the words around the cue, within its sentence and outside of quotations.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from detente.reading.attributions import Attribution
from detente.reading.quotations import Layout
from detente.reading.rule_tagger import lexicon

#: Why a statement is left out.
NEGATED, ASKED, HYPOTHETICAL, POSSIBLE, UNTRUE = (
    "the text says that it was not said",
    "the text asks whether it was said",
    "the text only supposes that it was said",
    "the text says that it may be or should be said",
    "the text says that it is not true that it was said",
)

#: How far from a cue words can tell that it reports nothing.
_FAR = 600
_NO = r"(?:not|never|no longer|hardly|barely|scarcely|rarely|seldom)"
_NEGATED_CUE = re.compile(rf"\b{_NO}\b|n['’]t\b|\bcannot\b|\byet to\b|\bneither\b|\bnor\b", re.IGNORECASE)
_JUST_NEGATED = re.compile(
    rf"(?:\b{_NO}|n['’]t)(?:\s+(?:yet|ever|once|even|actually|really|\w+ly))*\s*$", re.IGNORECASE
)
#: Verbs whose negation is an attitude of its own ('will not accept', 'did not rule out'), and no missing statement.
_ATTITUDE = re.compile(
    r"\b(?:rul\w*\s+out|accept|tolerat|allow|permit|support|oppos|agree|want|intend|plan|wish|recogni[sz]|negotiat|"
    r"object|exclud|"
    r"approv|back|endors|welcom|regret|consider|forgive|hesitat|surrender|comment|lik)\w*",
    re.IGNORECASE,
)
#: What somebody has not done yet, though it could be done: 'did not agree to pay' is no refusal.
_UNDONE = re.compile(r"\b(?:did|does|do|has|have|had)(?:\s+(?:not|never)|n['’]t)\b", re.IGNORECASE)
_DENYING = re.compile(r"\b(?:agreed?|support|approv|back|endors)\w*(?!\s+(?:that|with))", re.IGNORECASE)
#: An attribution of its own that says only that something is not so, or is not known.
_UNTRUE_CUE = re.compile(
    r"^(?:is|was|are|were|isn['’]t|wasn['’]t)\s+(?:not\s+)?(?:\w+ly\s+)?(?:true|untrue|false|wrong|incorrect|"
    r"unclear|clear|uncertain|certain|known|"
    r"unknown|doubtful|unlikely|the case|a lie|a myth)\b",
    re.IGNORECASE,
)
_TRUE_CUE = re.compile(r"^(?:is|was|are|were)\s+(?:\w+ly\s+)?(?:true|clear|certain|known|the case)\b", re.IGNORECASE)
_JUST_IT = re.compile(r"\b(?:it|that|this)\s*$", re.IGNORECASE)
_SOURCE_NOBODY = re.compile(
    r"(?:nobody|no[ -]one|none|neither|nothing|not (?:one|a single|any)|hardly any(?:one|body|thing)?|nowhere|"
    r"no (?!\.|\d)\w+)\b",
    re.IGNORECASE,
)
_WILLING = re.compile(
    r"\b(?:refus|declin|fail|omit|neglect|forg[eo]t|avoid|refrain|stop\w* short|fell short|fall\w* short|"
    r"abstain|shied away)\w*"
    r"(?:\s+(?:short))?(?:\s+(?:to|of|from))?(?:\s+\w+){0,2}?\s*$",
    re.IGNORECASE,
)
_SAYING = (
    r"(?:say|tell|admit|announc|confirm|acknowledg|comment|reveal|disclos|specify|answer|explain|promis|declar|"
    r"state|clarify|"
    r"predict|discuss|claim|indicat|guarante|concede|conced|pledg|threaten|commit)"
)
_UNWILLING_CUE = re.compile(
    rf"\b(?:refus|declin|fail|omit|neglect|forg[eo]t|avoid|refrain|short|without|instead|rather|far|"
    rf"yet)\w*\b(?:\s+\w+){{0,3}}?\s+"
    rf"{_SAYING}\w*",
    re.IGNORECASE,
)
_WITHOUT = re.compile(
    r"\b(?:without(?:\s+(?:ever|once|even))?|instead of|rather than|far from|short of|before|against|avoid\w*|"
    r"refrain\w* from)\s*$",
    re.IGNORECASE,
)
#: What a clause begins with in which nothing is said, only supposed.
_IF = re.compile(
    r"\b(?:if|unless|whether|in case|provided(?: that)?|providing(?: that)?|assuming(?: that)?|supposing(?: that)?|"
    r"suppose(?: that)?|on condition that|as though|lest|until|imagine(?: that)?|in the event that)\b",
    re.IGNORECASE,
)
_INVERTED_IF = re.compile(r"^\W*(?:should|had|were)\s", re.IGNORECASE)
_INVERTED_NOT = re.compile(
    r"\b(?:never(?: before)?|not once|not for (?:a|one) \w+|at no (?:time|point|stage)|nowhere|in no \w+|nor|"
    r"neither|rarely|seldom|"
    r"hardly ever|on no occasion)\b[^,;:]*?\b(?:did|does|do|has|have|had|will|would|is|was|were)\b[^,;:]*$",
    re.IGNORECASE,
)
_UNTRUE_BEFORE = re.compile(
    r"\b(?:(?:it|that)\s+(?:is|was|'s|’s)\s+(?:simply\s+|just\s+|also\s+)?(?:not\s+(?:true|the case|correct|so|"
    r"right|a fact)|"
    r"untrue|false|wrong|incorrect|inaccurate|a lie|a myth|an? (?:invention|fabrication)|fake news|doubtful|"
    r"unlikely|impossible|"
    r"unclear|uncertain|not (?:clear|known|certain))|(?:isn|wasn)['’]t (?:true|the case)|"
    r"(?:no|little|without)\s+(?:\w+\s+)?(?:evidence|proof|record|sign|indication|suggestion|hint|trace|"
    r"doubt(?=\s+about))|"
    r"(?:wrongly|falsely|mistakenly|incorrectly)\s+(?:claimed|reported|believed|stated)|"
    r"contrary to (?:claims|reports|rumou?rs|what))\b[^.,;]*$",
    re.IGNORECASE,
)
_UNTRUE_AFTER = re.compile(
    r"\b(?:is|are|was|were|proved|turned out to be|remains?)\s+(?:simply\s+|all\s+|entirely\s+|completely\s+)?"
    r"(?:untrue|false|wrong|baseless|unfounded|groundless|incorrect|inaccurate|not true|a lie|lies|invented|"
    r"made up|fabricated|"
    r"unconfirmed|not known|unknown|unclear|uncertain|not clear|an open question|disputed)\b",
    re.IGNORECASE,
)
_RUMOUR = re.compile(
    r"\b(?:claims?|reports?|rumou?rs?|story|stories|allegations?|accusations?|suggestions?|idea|notion|belief|"
    r"whether|talk)\b"
    r"(?:\s+that)?[^,;]*$",
    re.IGNORECASE,
)
_MODAL = re.compile(r"\b(?:may|might|could|should|must|would|ought to|can|will|shall|ll)\b", re.IGNORECASE)
_TO_COME = re.compile(
    r"\b(?:(?:is|are|was|were|be)\s+(?:widely\s+|also\s+|now\s+)?(?:expected|due|likely|unlikely|set|about|"
    r"supposed|urged|asked|"
    r"invited|under pressure|going|tipped|scheduled|poised|ready|prepared|free|able|unable|pressed|told|ordered|"
    r"obliged|"
    r"required|reluctant|bound)\s+to|(?:has|have|needs?|needed|ought|wants?|wanted|hopes?|hoped|plans?|planned|"
    r"intends?|intended|"
    r"promised|promises|agreed|threatened|vowed|tried|waiting|waited|wait)\s+(?:(?:for|"
    r"until)\s+)?(?:[\w'’ -]{1,40}?\s+)?to|"
    r"(?:urg|ask|press|call|want|expect|order|challeng|invit|beg|forc|requir|tell|told|allow|persuad|encourag)\w*"
    r"\s+(?:on\s+|for\s+)?[\w'’ -]{1,40}?\s+to|(?:how|what|when|whether|where|reason|chance|right|duty|power) to)\s*$",
    re.IGNORECASE,
)
#: What is said in the first person is said, however it is put: 'I would say that …'.
_FIRST_PERSON = frozenset({"i", "we"})


@dataclass(frozen=True)
class _Around:
    """The words of a sentence before a cue, the cue itself and what follows the content, without quotations."""

    lead: str
    cue: str
    rest: str
    asked: bool


def reason_not_said(layout: Layout, one: Attribution) -> str | None:
    """Return why an attribution reports no statement; None where it does.

    >>> text = "Upstream did not say that it would pay."
    >>> why_not_said(Layout(text), Attribution(((0, 8),), ((9, 20),), ((21, 38),)))
    'the text says that it was not said'
    """
    if not one.cue or not any(character.isalpha() for start, end in one.cue for character in layout.text[start:end]):
        return None
    around = _around(layout, one)
    words = layout.text[one.source[0][0] : one.source[-1][1]] if one.source else ""
    return (
        _asked(around, one, layout)
        or _untrue(around, words)
        or _supposed(around, words, layout.text[one.content[0][0] : one.content[0][1]])
        or _negated(around, words)
        or _to_come(around, words)
    )


def _around(layout: Layout, one: Attribution) -> _Around:
    text, place = layout.text, one.cue[0][0]
    start, end = layout.quote(place) or layout.sentence(place)
    if layout.quote(place) is not None:
        before = max((text.rfind(mark, start, place) for mark in (". ", "? ", "! ")), default=-1)
        start = max(start + 1, before + 1)
        stops = [found + 1 for mark in ".?!" if (found := text.find(mark, one.cue[-1][1], end)) >= 0]
        end = min(stops, default=end)
    asked = _without_quotes(layout, max(start, end - _FAR), end).rstrip(" \"”’')").endswith("?")
    # Nothing further away tells anything of a cue, and a hostile text may be one sentence.
    start, end = max(start, place - _FAR), min(end, one.cue[-1][1] + _FAR)
    cut = layout.quote(start)
    if cut is not None and cut[1] <= place:
        start = cut[1]
    blank = list(text[start:end])
    for first, last in layout.quotes_in((start, end)):
        if last <= place or first >= one.cue[-1][1]:
            blank[first - start : min(last, end) - start] = " " * (min(last, end) - first)
    after = "".join(blank[one.cue[-1][1] - start :])
    for first, last in one.content:
        if last <= place and last > start:
            blank[max(first, start) - start : last - start] = " " * (last - max(first, start))
    # 'refused' that leads to 'to say that …' is one cue.
    more = re.match(r"\s*to\s+\w+(?=\s+(?:that|whether|if)\b)", text[one.cue[-1][1] : end])
    cue = text[place : one.cue[-1][1]] + (more[0] if more else "")
    return _Around("".join(blank[: place - start]), cue, after, asked)


def _without_quotes(layout: Layout, start: int, end: int) -> str:
    blank = list(layout.text[start:end])
    for first, last in layout.quotes_in((start, end)):
        blank[first - start : min(last, end) - start] = " " * (min(last, end) - first)
    return "".join(blank)


def _asked(around: _Around, one: Attribution, layout: Layout) -> str | None:
    """'Did X say that …?'; but not '"…?" X asked'."""
    content = layout.text[one.content[0][0] : one.content[-1][1]]
    if re.match(r"\W*(?:whether|if)\b", content) and re.search(r"\b(?:ask|wonder|question|inquir|enquir)", around.cue):
        return ASKED
    if not around.asked:
        return None
    quoted = all(layout.quote(start) is not None for start, _ in one.content)
    own = layout.quote(one.cue[0][0]) is None
    return None if own and quoted else ASKED


def _supposed(around: _Around, source: str, content: str) -> str | None:
    if re.match(r"(?:even\s+)?(?:if|unless)\b", content, re.IGNORECASE) and _MODAL.search(around.cue):
        # 'Sudan would object if …'
        return HYPOTHETICAL
    lead = f"{around.lead}"
    conditions = list(_IF.finditer(f"{lead} {around.cue}" if not source else lead))
    if conditions and _same_clause(lead[conditions[-1].end() :]):
        return HYPOTHETICAL
    if _INVERTED_IF.match(lead or source) and not around.asked and _same_clause(re.sub(r"^\W*\w+", "", lead)):
        return HYPOTHETICAL if "," in around.rest else None
    return None


def _same_clause(between: str) -> bool:
    """Tell whether nothing parts two places but a subject: no verb of its own, no end of a clause."""
    if re.search(r"[;:—–]", between) or between.count(",") % 2:
        return False
    plain = re.sub(r",[^,]*,", " ", between)
    return not _has_verb(re.sub(r"\b(?:who|which|that)\b.*", "", plain).rpartition(" ")[0])


def _has_verb(words: str) -> bool:
    known = lexicon()
    return any(
        word in known.auxiliaries or (word in known.forms and word not in known.nouns)
        for word in re.findall(r"[\w'’]+", words.lower())
    )


def _negated(around: _Around, source: str) -> str | None:
    near = around.lead[-60:]
    lemmas = {lexicon().forms.get(word) for word in re.findall(r"[\w']+", around.cue.lower())}
    if names_nobody(source) or re.search(r"\b(?:neither|nor|nobody|no one|none)\b[^,;.]*$", near, re.IGNORECASE):
        return NEGATED
    if (
        source
        and source.lower() in ("who", "that", "which")
        and re.search(
            r"\b(?:nobody|no[ -]one|none|(?:is|was|are|were)\s+(?:there\s+)?no)\b[^,;.]*$", near, re.IGNORECASE
        )
    ):
        return NEGATED
    if _INVERTED_NOT.search(around.lead):
        return NEGATED
    if _UNWILLING_CUE.search(around.cue) or _WITHOUT.search(around.lead) or _WILLING.search(around.lead):
        return NEGATED
    if _NEGATED_CUE.search(around.cue) or _JUST_NEGATED.search(around.lead):
        if _ATTITUDE.search(around.cue) and not (_UNDONE.search(around.cue) and _DENYING.search(around.cue)):
            return None
        return NEGATED if lemmas - {None} or not source else None
    return None


def names_nobody(words: str) -> bool:
    """Tell whether the words for a speaker stand for nobody: 'nobody', 'no minister', 'none of them'."""
    return bool(_SOURCE_NOBODY.match(words))


def _untrue(around: _Around, source: str) -> str | None:
    # 'It is not true that …': whatever is taken for the speaker, 'it' says nothing.
    of_it = source.lower() in ("", "it", "that") or _JUST_IT.search(around.lead)
    if of_it and _UNTRUE_CUE.search(around.cue) and not _TRUE_CUE.search(around.cue):
        return UNTRUE
    if _UNTRUE_BEFORE.search(re.sub(r",([^,]*),", lambda aside: aside[0] if _has_verb(aside[1]) else " ", around.lead)):
        return UNTRUE
    if _RUMOUR.search(around.lead) and _UNTRUE_AFTER.search(around.rest):
        return UNTRUE
    return None


def _to_come(around: _Around, source: str) -> str | None:
    if source.lower() in _FIRST_PERSON:
        return None
    words = [word.lower() for word in re.findall(r"[\w']+", around.cue)]
    lemmas = {lexicon().forms.get(word) for word in words} & lexicon().says
    if not lemmas:
        return None
    if _MODAL.search(around.cue) and words[-1] in lexicon().says:
        return POSSIBLE
    bare = " ".join([around.lead, *([] if words[0] != "to" else ["to"])]) if words[0] in lexicon().says | {"to"} else ""
    if bare and _TO_COME.search(bare):
        return POSSIBLE
    joined = f"{around.lead}{around.cue}"
    stem = re.match(r".*\bto\b(?=\s+\w+$)", joined)
    if stem and words[-1] in lexicon().says and _TO_COME.search(stem[0]):
        return POSSIBLE
    return None
