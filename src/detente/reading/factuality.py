"""Factuality: which attributions are denials, and which do not report that something was said.

The content of a denial is the denied matter; 'denied Egypt's claim that it fired first' is a denial and a claim of
Egypt's, which the denial disputes. 'Upstream did not say that it would pay' has a speaker, a verb of saying and a
content, like a report of speech, but attributes nothing: it is negated, asked, hypothetical, possible or in the future.
The rules examine the words around the cue, within its sentence and outside quotations.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from detente.model.quotes import Span
from detente.model.statements import Statement
from detente.reading.attributions import Attribution
from detente.reading.lexicon import lexicon, names_a_thing, phrases
from detente.reading.quotations import names_somebody
from detente.reading.segments import Layout, in_any, touch
from detente.reading.speech_acts import DEED, WILL_NOT

#: Reasons for leaving out an attribution.
NEGATED, ASKED, HYPOTHETICAL, POSSIBLE, UNTRUE, PROCEDURE = (
    "the text says that it was not said, known or understood",
    "the text asks whether it was said",
    "the text only supposes that it was said",
    "the text says that it may be or should be said",
    "the text says that it is not true that it was said",
    "it only conducts the meeting",
)
#: Words by which a speaker means itself.
_ITSELF = frozenset(["it", "they", "he", "she", "we", "i"])
#: The confidence in a denial that only these rules found.
_RULED = 0.85
#: Number of characters, around a cue and of the content, that the rules examine.
_FAR = 600


def _pattern(template: str) -> re.Pattern[str]:
    """Compile a regular expression in which ``{name}`` stands for any of the phrases of that name."""
    return re.compile(re.sub(r"\{([a-z_]+)\}", lambda match: phrases()[match[1]], template), re.IGNORECASE)


# Denials

_CLAIM = rf"{phrases()['claims']}s?"
_FALSE = phrases()["false"]
_CLAIMED = re.compile(rf"\b{_CLAIM}\b", re.IGNORECASE)
#: A noun for words that can only be denied; and that such a noun is what is turned down.
_PLAIN_CLAIM = _pattern(r"\b{plain_claims}s?\b|\bstories\b")
_PLAIN_CLAIM_FIRST = _pattern(r"^\W*(?:[\w'’-]+\s+){0,4}?(?:{plain_claims}|stor)")
_CLAIM_FIRST = re.compile(rf"^\W*(?:[\w'’-]+\s+){{0,4}}?{_CLAIM}\s+that\b", re.IGNORECASE)
_ALWAYS = _pattern(r"\b{always_denies}\b")
_DENY_CUE = _pattern(r"\b{denies}\b")
_REJECT_CUE = _pattern(r"\b{rejects}\w*")
_TURN_DOWN = re.compile(r"\b(?:reject|dismiss|repudiat|brush|discount|not accept|shrug)", re.IGNORECASE)
_LOOSELY_FALSE = _pattern(r"\b{loosely_false}\b")
_TO_DO = re.compile(r"\b(?:should|must|ought to|needs? to|ha(?:s|ve|d) to)\b", re.IGNORECASE)
#: 'It was not true that …', as the whole of what is said; 'there is no truth in …'.
_NOT_SO = re.compile(
    rf"^\W*(?:that\s+)?(?:(?:it|this|that|there|these|those|such\s+\w+|(?:the|any|all|these|those)\s+{_CLAIM})\s+)"
    rf"(?:is|was|are|were|'s|’s|had been)\s+(?:simply\s+|just\s+|completely\s+|entirely\s+|all\s+|totally\s+|"
    rf"absolutely\s+)?(?:{_FALSE}|not (?:the case|correct|so|right)|no truth)"
    rf"|^\W*(?:that\s+)?(?:there (?:is|was) no truth|"
    rf"(?:the\s+)?{_CLAIM}\b.*\b(?:is|was|are|were)\s+(?:all\s+)?{_FALSE})",
    re.IGNORECASE,
)
#: 'No such offer had been made'; 'she never made such an offer'.
_NO_SUCH = _pattern(r"^\W*(?:that\s+)?{no_such}\b")
#: What a denied content begins with before the matter itself: 'the claim by X that', 'as false the report that'.
_NOUN_THAT = re.compile(
    rf"(?:(?:as\s+)?{_FALSE}\s+)?(?:(?P<who>[\w'’. -]{{1,60}}?['’]s?|[\w-]+)?\s*(?:[\w-]+\s+){{0,3}}?"
    rf"\b(?P<noun>{_CLAIM})(?:\s+(?:by|from|of|in)\s+(?P<by>[\w'’. -]{{1,60}}?))?\s+that)\s+",
    re.IGNORECASE,
)
_PARTICIPLE = (
    r"(?:is|are|was|were|has been|have been|had been)\s+(?:\w+ly\s+)?"
    r"(?:denied|rejected|dismissed|refuted|rebutted|disputed|repudiated)"
)
_PASSIVE = re.compile(
    rf"\b{_CLAIM}\s+(?:(?:by|from|in|of)\s+[\w'’ -]{{1,60}}?\s+)?that\s+(?P<matter>[^;:.?!“”\"]{{1,400}}?),?\s+"
    rf"(?P<cue>{_PARTICIPLE}(?:\s+by)?)\b"
    rf"(?:(?<=by)\s+(?P<who>[^,;:.?!“”\"]{{1,80}}?)(?=\s+(?:as|on|in|at|late|early|last|after|before|who|which)\b|"
    rf"[,;:.?!]|$))?"
    rf"|\bit\s+(?P<cue2>{_PARTICIPLE})\s+by\s+(?P<who2>[^,;:.?!“”\"]{{1,80}}?)\s+that\s+(?P<matter2>[^;:.?!“”\"]{{1,400}})",
    re.IGNORECASE,
)
_ACTIVE = re.compile(
    rf"(?P<cue>(?:\b(?:has|have|had|also|again|\w+ly)\s+)*\b(?:den(?:ied|ies|y)|refut(?:ed|es)|rebutted|"
    rf"contradict(?:ed|s)|reject(?:ed|s)|dismiss(?:ed|es)|call(?:ed|s)|label(?:led|s)|brand(?:ed|s)|"
    rf"issued\s+a\s+denial)(?:\s+as\s+{_FALSE})?)"
    rf"(?:,\s+[\w ]{{1,30}},|\s+(?:on|in|at|during)\s+[\w ]{{1,30}}?)?\s+"
    rf"(?P<content>(?:(?:[\w'’-]+\s+){{0,4}}?{_CLAIM}\s+(?:by\s+[\w'’ -]{{1,40}}?\s+)?)?that\s+[^;:.?!“”]{{1,400}})",
    re.IGNORECASE,
)


def denies(cue: str, content: str) -> bool:
    """Tell whether a cue and what it leads to are a denial.

    >>> denies("denied", "having moved troops")
    True
    >>> denies("rejected", "the claim that it had closed the gates")
    True
    >>> denies("rejected", "the plan")
    False
    >>> denies("called", "the report that it had fired false")
    True
    """
    if _ALWAYS.search(cue):
        return True
    claim = _PLAIN_CLAIM.search(content) or _PLAIN_CLAIM.search(cue)
    any_claim = _CLAIMED.search(content)
    if _DENY_CUE.search(cue):
        return bool(any_claim or claim or re.match(r"\W*(?:that|it|he|she|they|having|\w+ing)\b", content))
    if _NOT_SO.search(content) or _NO_SUCH.search(content):
        return True
    if re.search(rf"\b{_CLAIM}$", cue, re.IGNORECASE) and re.search(rf"\b(?:is|was|are|were)\s+{_FALSE}$", content):
        # 'said reports | that it would sell were false'
        return True
    if not _REJECT_CUE.search(cue):
        return False
    whole = f"{cue} {content}"
    if re.search(rf"\b{_FALSE}", whole, re.IGNORECASE) or (any_claim and _LOOSELY_FALSE.search(whole)):
        return True
    if not _TURN_DOWN.search(cue):
        return False
    if claim and _PLAIN_CLAIM_FIRST.search(content):
        return True
    clause = re.match(r"\W*that\b", content) and not names_a_thing(content)
    that = (any_claim and _CLAIM_FIRST.search(content)) or clause
    return bool(that and not _TO_DO.search(content))


def with_denials(layout: Layout, tagged: Sequence[Attribution]) -> list[Attribution]:
    """Return attributions with denials marked as such, including those that taggers miss.

    The content of a denial is the denied matter. 'The claim' or 'a report' without an owner is a part of the denial; a
    party's claim is an attribution of its own.
    """
    text = layout.text
    found = passive_denials(layout, [*tagged, *missed_denials(layout, tagged)])
    made: list[Attribution] = []
    nouns: list[Span] = []
    for one in found:
        one = with_denied_clause(layout, one)
        cue = text[one.cue[0][0] : one.cue[-1][1]] if one.cue else ""
        content = " ".join(text[start:end] for start, end in one.content)
        if one.kind != "denial" and not denies(cue, content[:_FAR]):
            made.append(one)
            continue
        denial, *claims = denied_matter(text, one, found)
        nouns.append((one.content[0][0], denial.content[0][0]))
        made += [replace(denial, kind="denial"), *claims]
    made = _without_denied(text, made)
    cuts = {one.source: one.cue[0][0] for one in made if one.kind == "denial" and one.source and one.cue}
    left = []
    for one in made:
        if (
            one.cue
            and one.kind != "denial"
            and any(
                first <= one.cue[0][0] < last and not any(first <= start < last for start, _ in one.source)
                for first, last in nouns
            )
        ):
            continue
        # A turn of a transcript is the speaker's to its end.
        place = None if _is_turn(text, one) else cuts.get(one.source)
        if place is not None and in_any(place, one.content):
            # A speaker's content ends where the same speaker's denial begins: '…, the minister said, denying that …'.
            before = [
                (start, text[start : min(end, place)].rstrip(" ,")) for start, end in one.content if start < place
            ]
            one = replace(one, content=tuple((start, start + len(words)) for start, words in before if words))
        left.append(one)
    return left


def _without_denied(text: str, made: Sequence[Attribution]) -> list[Attribution]:
    """Leave out what a speaker denies having said itself: 'denied that it had agreed to pay' tells of no agreement."""
    inside = {
        one.content[0]: {text[start:end].lower() for start, end in one.source} | _ITSELF
        for one in made
        if one.kind == "denial"
        and one.cue
        and denies(text[one.cue[0][0] : one.cue[-1][1]], "")
        and not re.search(r"[\"“‘']\s*\Z", text[: one.content[0][0]])
    }

    def own(one: Attribution) -> bool:
        return any(
            text[slice(*one.source[0])].lower() in names and in_any(one.source[0][0], [span])
            for span, names in inside.items()
        )

    return [one for one in made if one.kind == "denial" or not (one.cue and one.source and own(one))]


def _is_turn(text: str, one: Attribution) -> bool:
    return bool(one.cue) and text[slice(*one.cue[0])].strip() == ":"


def denied_matter(text: str, denial: Attribution, tagged: Sequence[Attribution]) -> list[Attribution]:
    """Return a denial and the claim that it denies, if one is reported: 'denied Egypt's claim that it fired first'
    gives two.

    The claim is a statement of its own, because the text says that it was made; the denial concerns its content.
    """
    start, end = denial.content[0]
    found = _NOUN_THAT.match(text, start, end) if len(denial.content) == 1 else None
    if found is None:
        return [denial]
    content = ((found.end(), end),)
    who = found.span("by")
    if found["by"] is None and (owned := re.search(r"['’]s?$", found["who"] or "")):
        who = (found.start("who"), found.end("who") - len(owned[0]))
    made = [replace(denial, content=content)]
    if who[0] >= 0 and not any(one.source and start <= one.cue[0][0] < found.end() for one in tagged if one.cue):
        made.append(Attribution((who,), (found.span("noun"),), content, confidence=denial.confidence))
    return made


def missed_denials(layout: Layout, tagged: Sequence[Attribution]) -> list[Attribution]:
    """Return the denials that no tagger has found, each with the subject before it."""
    cues = [span for one in tagged for span in one.cue]
    made = []
    for match in _ACTIVE.finditer(layout.text):
        start, end = match.span("cue")
        sentence = layout.sentence(start)
        if layout.quote(start) is not None or match.end() > sentence[1] or touch(cues, [(start, end)]):
            continue
        if not denies(match["cue"], match["content"]):
            continue
        subject = re.search(r"[^,;:“”\"]*$", layout.text[sentence[0] : start])
        words = subject[0].strip() if subject else ""
        place = layout.text.find(words, sentence[0], start)
        source = ((place, place + len(words)),) if words and names_somebody(words) else ()
        made.append(Attribution(source, ((start, end),), (match.span("content"),), kind="denial", confidence=_RULED))
    return made


def passive_denials(layout: Layout, tagged: Sequence[Attribution]) -> list[Attribution]:
    """Return attributions with passive denials ('The claim that X paid was denied by Y') in place of the taggers'
    ones.
    """
    found = list(tagged)
    for match in _PASSIVE.finditer(layout.text):
        start, end = match.span()
        if layout.quote(start) is not None or layout.sentence(start) != layout.sentence(end - 1):
            continue
        more = "" if match["cue"] else "2"
        who, cue, inner = (match.span(f"{name}{more}") for name in ("who", "cue", "matter"))
        found = [
            one
            for one in found
            if not (one.cue and start <= one.cue[0][0] < end) or inner[0] <= one.cue[0][0] < inner[1]
        ]
        found.append(Attribution((who,) if who[0] >= 0 else (), (cue,), (inner,), kind="denial", confidence=_RULED))
    return found


def with_denied_clause(layout: Layout, one: Attribution) -> Attribution:
    """Correct 'The general, in Baku, denied that shots were fired' if a tagger takes the clause for the speaker."""
    text = layout.text
    cue = text[one.cue[0][0] : one.cue[-1][1]] if one.cue else ""
    if not one.source or not _ALWAYS.search(cue):
        return one
    start, end = one.source[0][0], layout.sentence(one.cue[0][0])[1]
    if start < one.cue[-1][1] or not text.startswith("that ", start):
        return one
    content = (start, start + len(text[start:end].rstrip(" .;")))
    first, last = one.content[0]
    subject = re.match(r"[^,;:]+", text[first:last]) if last <= one.cue[0][0] and not cue.endswith("ing") else None
    return replace(one, source=((first, first + len(subject[0])),) if subject else (), content=(content,))


def with_disputes(statements: Sequence[Statement]) -> list[Statement]:
    """Return statements in which each denied statement names its denial.

    That is the claim that the denial itself reports, which is then disputed; or else an earlier statement of another
    speaker with at least three significant words in common, and most of those of the shorter one.
    """
    by_id = {one.id: one for one in statements}
    there = {(one.source, one.spans): one for one in statements if one.kind != "denial"}
    disputed: dict[str, list[str]] = {}
    told: set[str] = set()
    earlier: list[tuple[Statement, frozenset[str]]] = []

    def in_a_denial(one: Statement) -> bool:
        outer = by_id.get(one.nested_in or "")
        while outer is not None and outer.kind != "denial":
            outer = by_id.get(outer.nested_in or "")
        return outer is not None

    for one in statements:
        words = words_of_weight(one.quote or "")
        if one.kind != "denial":
            if not in_a_denial(one):
                earlier.append((one, words))
            continue
        claim = there.get((one.source, one.spans))
        if claim is not None and claim.speaker != one.speaker:
            told.add(claim.id)
        else:
            shared = [
                (len(words & others), each)
                for each, others in earlier[-400:]
                if each.speaker and one.speaker and each.speaker != one.speaker
                if len(words & others) >= max(3, 0.6 * min(len(words), len(others)))
            ]
            if not shared:
                continue
            claim = max(shared, key=lambda pair: pair[0])[1]
        disputed.setdefault(claim.id, []).append(one.id)
    return [
        replace(one, contested_by=(*one.contested_by, *disputed[one.id]), in_doubt=one.in_doubt or one.id in told)
        if one.id in disputed
        else one
        for one in statements
    ]


def words_of_weight(quote: str) -> frozenset[str]:
    """Return the significant words of a quote, without inflectional endings."""
    words = re.findall(r"[^\W\d_][\w'’-]{2,}|\d+", quote.lower())
    return frozenset(re.sub(r"(?:ing|ed|es|s|e)$", "", word) for word in words if word not in lexicon().light)


# What was not said

_NOT = r"(?:not|never|no longer|hardly|barely|scarcely|rarely|seldom)"
_NEGATED_CUE = _pattern(rf"\b{_NOT}\b|n['’]t\b|\bcannot\b|\byet to\b|\bneither\b|\bnor\b")
_JUST_NEGATED = _pattern(rf"(?:\b{_NOT}|n['’]t)(?:\s+(?:yet|ever|once|even|actually|really|\w+ly))*\s*$")
#: Verbs whose negation is a stance ('will not accept', 'did not rule out'), not the absence of a statement.
_ATTITUDE = _pattern(r"\b{attitudes}\w*")
#: Something that was not done: 'did not agree to pay' is not a refusal.
_UNDONE = _pattern(r"\b(?:did|does|do|has|have|had)(?:\s+(?:not|never)|n['’]t)\b")
_DENYING = _pattern(r"\b(?:agreed?|support|approv|back|endors)\w*(?!\s+(?:that|with))")
_MADE_NONE = _pattern(r"\b{made_none}\s+\w")
_TAKES_BACK = _pattern(r"\b(?:withdr|retract|rescind|revoke)")
#: An attribution that only says that something is not true, or not known.
_UNTRUE_CUE = _pattern(r"^(?:is|was|are|were|isn['’]t|wasn['’]t)\s+(?:not\s+)?(?:\w+ly\s+)?{untrue}\b")
_TRUE_CUE = _pattern(r"^(?:is|was|are|were)\s+(?:\w+ly\s+)?(?:true|clear|certain|known|the case)\b")
_JUST_IT = _pattern(r"\b(?:it|that|this)\s*$")
_NOBODY = _pattern(r"{nobody}\b")
_NOBODY_BEFORE = _pattern(r"\b(?:neither|nor|nobody|no one|none)\b[^,;.]*$")
_NOBODY_WHO = _pattern(r"\b(?:nobody|no[ -]one|none|(?:is|was|are|were)\s+(?:there\s+)?no)\b[^,;.]*$")
_UNWILLING = _pattern(r"\b{unwilling}\w*(?:\s+(?:short))?(?:\s+(?:to|of|from))?(?:\s+\w+){0,2}?\s*$")
_UNWILLING_CUE = _pattern(r"\b{unwilling_cues}\w*\b(?:\s+\w+){0,3}?\s+{sayings}\w*")
_WITHOUT = _pattern(r"\b{without}\s*$")
_IF = _pattern(r"\b{if}\b")
_INVERTED_IF = _pattern(r"^\W*(?:should|had|were)\s")
_INVERTED_NOT = _pattern(r"\b{inverted_not}\b[^,;:]*?\b(?:did|does|do|has|have|had|will|would|is|was|were)\b[^,;:]*$")
_UNTRUE_BEFORE = _pattern(r"\b{untrue_before}\b[^.,;]*$")
_UNTRUE_AFTER = _pattern(
    r"\b(?:is|are|was|were|proved|turned out to be|remains?)\s+(?:simply\s+|all\s+|entirely\s+|completely\s+)?"
    r"{untrue_after}\b"
)
_RUMOUR = _pattern(r"\b{rumours}\b(?:\s+that)?[^,;]*$")
_MODAL = _pattern(r"\b{modals}\b")
_TO_COME = _pattern(
    r"\b(?:(?:is|are|was|were|be)\s+(?:widely\s+|also\s+|now\s+)?{due}\s+to|"
    r"{have_yet}\s+(?:(?:for|until)\s+)?(?:[\w'’ -]{1,40}?\s+)?to|"
    r"{made_to}\w*\s+(?:on\s+|for\s+)?[\w'’ -]{1,40}?\s+to|{how_to} to)\s*$"
)


_MINDS = _pattern(r"\b{minds}$")
_TO_BE_TOLD = _pattern(r"\b{modals}\s+(?:\w+ly\s+)?be\s+(?:\w+ly\s+)?{told}\b(?!\s+by\b)")
_ANYONE = _pattern(r"\b{anyone}\s*$")
_PROCEDURE = _pattern(r"{procedure}")


@dataclass(frozen=True)
class _Around:
    """The words of a sentence before a cue, the cue itself and the words after it, without quotations."""

    speaker: str
    lead: str
    cue: str
    rest: str
    asked: bool


def reason_not_said(layout: Layout, one: Attribution) -> str | None:
    """Return why an attribution does not report a statement; None if it does.

    >>> text = "Upstream did not say that it would pay."
    >>> reason_not_said(Layout(text), Attribution(((0, 8),), ((9, 20),), ((21, 38),)))
    'the text says that it was not said, known or understood'
    """
    turn = layout.turn_of(one)
    if turn is not None:
        parts = [
            layout.text[slice(*span)].strip()
            for span in layout.sentences
            if turn.content[0] <= span[0] < turn.content[1]
        ]
        if all(part.endswith("?") for part in parts):
            return ASKED
        return (
            PROCEDURE if all(_PROCEDURE.fullmatch(part.rstrip(" .!")) or part.endswith("?") for part in parts) else None
        )
    if one.settled:
        return None
    if (
        layout.turns
        and one.cue
        and _PROCEDURE.fullmatch(layout.text[slice(*layout.sentence(one.cue[0][0]))].strip(" .!\n"))
    ):
        return PROCEDURE
    if not one.cue or not any(character.isalpha() for start, end in one.cue for character in layout.text[start:end]):
        return None
    kind = layout.kind_apart(one.cue[0][0])
    if kind is not None:
        return f"it is {kind}"
    around = _around(layout, one)
    if _is_asked(around, one, layout):
        return ASKED
    if _is_untrue(around):
        return UNTRUE
    if _is_supposed(around, layout.text[one.content[0][0] : one.content[0][1]]):
        return HYPOTHETICAL
    if _is_negated(around):
        return NEGATED
    return POSSIBLE if _is_to_come(around) else None


def _around(layout: Layout, one: Attribution) -> _Around:
    text, place, behind = layout.text, one.cue[0][0], one.cue[-1][1]
    start, end = layout.quote(place) or layout.sentence(place)
    if layout.quote(place) is not None:
        before = max((text.rfind(mark, start, place) for mark in (". ", "? ", "! ")), default=-1)
        start = max(start + 1, before + 1)
        end = min((found + 1 for mark in ".?!" if (found := text.find(mark, behind, end)) >= 0), default=end)
    asked = "".join(layout.without_quotes(max(start, end - _FAR), end)).rstrip(" \"”’')").endswith("?")
    # Words further away are irrelevant, and a hostile text may consist of a single sentence.
    start, end = max(start, place - _FAR), min(end, behind + _FAR)
    cut = layout.quote(start)
    if cut is not None and cut[1] <= place:
        start = cut[1]
    blank = layout.without_quotes(start, end, (place, behind))
    rest = "".join(blank[behind - start :])
    for first, last in one.content:
        if last <= place and last > start:
            blank[max(first, start) - start : last - start] = " " * (last - max(first, start))
    # 'refused' that leads to 'to say that …' is one cue.
    more = re.match(r"\s*to\s+\w+(?=\s+(?:that|whether|if)\b)", text[behind:end])
    cue = text[place:behind] + (more[0] if more else "")
    speaker = text[one.source[0][0] : one.source[-1][1]] if one.source else ""
    return _Around(speaker, "".join(blank[: place - start]), cue, rest, asked)


def _is_asked(around: _Around, one: Attribution, layout: Layout) -> bool:
    """'Did X say that …?'; but not '"…?" X asked'."""
    content = layout.text[one.content[0][0] : one.content[-1][1]]
    if re.match(r"\W*(?:whether|if)\b", content) and re.search(r"\b(?:ask|wonder|question|inquir|enquir)", around.cue):
        return True
    quoted = all(layout.quote(start) is not None for start, _ in one.content)
    return around.asked and not (quoted and layout.quote(one.cue[0][0]) is None)


def _is_supposed(around: _Around, content: str) -> bool:
    if re.match(r"(?:even\s+)?(?:if|unless)\b", content, re.IGNORECASE) and _MODAL.search(around.cue):
        # 'Sudan would object if …'; but 'I would say that if …' says something.
        return not around.cue.endswith(" that")
    lead = around.lead
    conditions = list(_IF.finditer(lead if around.speaker else f"{lead} {around.cue}"))
    if conditions and _is_one_clause(lead[conditions[-1].end() :]):
        return True
    if around.speaker.lower() in ("who", "that") and _ANYONE.search(lead):
        return True
    inverted = _INVERTED_IF.match(lead or around.speaker) and not around.asked and "," in around.rest
    return bool(inverted) and _is_one_clause(re.sub(r"^\W*\w+", "", lead))


def _is_one_clause(between: str) -> bool:
    """Tell whether two places are separated only by a subject: no verb of its own, no end of a clause."""
    if re.search(r"[;:—–]|--", between) or between.count(",") % 2:
        return False
    plain = re.sub(r",[^,]*,", " ", between)
    return not _has_verb(re.sub(r"\b(?:who|which|that)\b.*", "", plain).rpartition(" ")[0])


def _has_verb(words: str) -> bool:
    return any(map(lexicon().is_verb, re.findall(r"[\w'’]+", words.lower())))


def _is_negated(around: _Around) -> bool:
    near = around.lead[-60:]
    if names_nobody(around.speaker) or _NOBODY_BEFORE.search(near):
        return True
    if around.speaker.lower() in ("who", "that", "which") and _NOBODY_WHO.search(near):
        return True
    if _INVERTED_NOT.search(around.lead) or _WITHOUT.search(around.lead) or _UNWILLING.search(around.lead):
        return True
    if _UNWILLING_CUE.search(around.cue) or _MADE_NONE.search(around.cue):
        return True
    if WILL_NOT.search(around.cue) and (_TAKES_BACK.search(around.cue) or DEED.search(f"{around.cue} {around.rest}")):
        return False
    if not _NEGATED_CUE.search(around.cue) and not _JUST_NEGATED.search(around.lead):
        return False
    if _ATTITUDE.search(around.cue) and not (_UNDONE.search(around.cue) and _DENYING.search(around.cue)):
        return False
    known = any(word in lexicon().forms for word in re.findall(r"[\w']+", around.cue.lower()))
    return known or not around.speaker


def names_nobody(words: str) -> bool:
    """Tell whether the words for a speaker deny that there is one: 'nobody', 'no minister', 'none of them'."""
    return bool(_NOBODY.match(words))


def _is_untrue(around: _Around) -> bool:
    # In 'It is not true that …', 'it' is not a speaker.
    of_it = around.speaker.lower() in ("", "it", "that") or _JUST_IT.search(around.lead)
    if of_it and _UNTRUE_CUE.search(around.cue) and not _TRUE_CUE.search(around.cue):
        return True
    lead = re.sub(r",([^,]*),", lambda aside: aside[0] if _has_verb(aside[1]) else " ", around.lead)
    return bool(_UNTRUE_BEFORE.search(lead) or (_RUMOUR.search(around.lead) and _UNTRUE_AFTER.search(around.rest)))


def _is_to_come(around: _Around) -> bool:
    words = [word.lower() for word in re.findall(r"[\w']+", around.cue)]
    says = lexicon().says
    if DEED.match(f"{words[-1]} {around.rest.strip()}"):
        return False
    # In the first person it counts as said in any mood: 'I would say that …'.
    if not around.speaker and _TO_BE_TOLD.search(around.cue):
        return True
    if around.speaker.lower() in ("i", "we"):
        return False
    if not _asks_mind(around) and not {lexicon().forms.get(word) for word in words} & says:
        return False
    if _MODAL.search(around.cue) and (words[-1] in says or _asks_mind(around)):
        return True
    if words[0] in says | {"to"}:
        bare = f"{around.lead} to" if words[0] == "to" else around.lead
        if _TO_COME.search(bare):
            return True
    stem = re.match(r".*\bto\b(?=\s+\w+$)", f"{around.lead}{around.cue}")
    return bool(stem and words[-1] in says and _TO_COME.search(stem[0]))


def _asks_mind(around: _Around) -> bool:
    """Tell whether what is thought or remembered follows: 'any judge would agree that …'."""
    return bool(_MINDS.search(around.cue) and re.match(r"\s*(?:that|who|what|how|why|whether|if)\b", around.rest))
