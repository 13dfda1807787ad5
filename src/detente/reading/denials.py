"""Denials: which attributions deny something, what exactly they deny, and which earlier statement they dispute."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from detente.model.statements import Statement
from detente.reading.attributions import Attribution, Span
from detente.reading.quotations import Layout, names_somebody
from detente.reading.rule_tagger import lexicon

#: The confidence in a denial that only these rules found.
_RULED = 0.85
#: How much of what is said can tell that it is denied.
_FAR = 600
_CLAIM = (
    r"(?:claim|report|allegation|accusation|suggestion|rumou?r|charge|assertion|insinuation|stor(?:y|ies)|speculation|"
    r"statement|account|notion|idea|argument|criticism|version|contention|finding|complaint|belief|news|talk|narrative|"
    r"testimony|hint|impression|view)s?"
)
#: Nouns for words that can only be denied, and for those that can be turned down as well.
_PLAIN_CLAIM = re.compile(
    r"\b(?:claim|report|allegation|accusation|rumou?r|charge|assertion|insinuation|story|speculation|account|criticism|"
    r"version|contention|narrative|testimony)s?\b|\bstories\b",
    re.IGNORECASE,
)
_FALSE = (
    r"(?:false|falsehoods?|baseless|untrue|unfounded|groundless|fabricat\w+|fake(?: news)?|invented|"
    r"pure invention|an? invention|incorrect|"
    r"inaccurate|(?:an? (?:\w+ )?)?lies?\b|a myth|a hoax|fiction|slander(?:ous)?|libel(?:lous)?|not true|made up|"
    r"without (?:any )?(?:basis|foundation|merit|substance)|a smear|disinformation|rumou?rs?|fantasy|a fairy tale)"
)
_LOOSE_FALSE = (
    r"(?:nonsense|absurd|ridiculous|wrong|misleading|propaganda|rubbish|ludicrous|laughable|unsubstantiated|hearsay|"
    r"gossip|speculation)"
)
_DENY_CUE = re.compile(
    r"\b(?:den(?:y|ies|ied|ying)|refut(?:e|es|ed|ing)|rebut(?:s|ted|ting)?|disput(?:e|es|ed|ing)|disavow\w*|"
    r"disclaim\w*|"
    r"debunk\w*|denials?|contradict\w*|contest(?:s|ed|ing)?)\b",
    re.IGNORECASE,
)
_ALWAYS = re.compile(
    r"\b(?:den(?:y|ies|ied|ying)|refut\w+|rebut\w*|disavow\w*|disclaim\w*|debunk\w*|denials?)\b", re.IGNORECASE
)
_REJECT_CUE = re.compile(
    r"\b(?:reject|dismiss|repudiat|brush\w* (?:off|aside)|scoff|scorn|laugh|shrug|push\w* back|hit back|condemn|"
    r"denounc|slam|"
    r"call|describ|brand|label|term|decr|discount|does not accept|did not accept|do not accept)\w*",
    re.IGNORECASE,
)
_TO_DO = re.compile(r"\b(?:should|must|ought to|needs? to|ha(?:s|ve|d) to)\b", re.IGNORECASE)
#: 'It was not true that …', as the whole of what is said.
_NOT_SO = re.compile(
    rf"^\W*(?:that\s+)?(?:(?:it|this|that|there|these|those|such\s+\w+|(?:the|any|all|these|those)\s+{_CLAIM})\s+)"
    rf"(?:is|was|are|were|'s|’s|had been)\s+(?:simply\s+|just\s+|completely\s+|entirely\s+|all\s+|totally\s+|"
    rf"absolutely\s+)?"
    rf"(?:{_FALSE}|not (?:the case|correct|so|right)|no truth)",
    re.IGNORECASE,
)
_NO_TRUTH = re.compile(
    rf"^\W*(?:that\s+)?(?:there (?:is|was) no truth|(?:the\s+)?{_CLAIM}\b.*\b(?:is|was|are|"
    rf"were)\s+(?:all\s+)?{_FALSE})",
    re.IGNORECASE,
)
#: What a denied content begins with before the matter itself: 'the claim by X that', 'as false the report that'.
_NOUN_THAT = re.compile(
    rf"(?:(?:as\s+)?{_FALSE}\s+)?(?:(?P<who>[\w'’. -]{{1,60}}?['’]s?|[\w-]+)?\s*(?:[\w-]+\s+){{0,3}}?"
    rf"\b(?P<noun>{_CLAIM})"
    rf"(?:\s+(?:by|from|of|in)\s+(?P<by>[\w'’. -]{{1,60}}?))?\s+that)\s+",
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
    any_claim = re.search(rf"\b{_CLAIM}\b", content, re.IGNORECASE)
    if _DENY_CUE.search(cue):
        return bool(any_claim or claim) or bool(re.match(r"\W*(?:that|it|he|she|they|having|\w+ing)\b", content))
    if _NOT_SO.search(content) or _NO_TRUTH.search(content):
        return True
    if re.search(rf"\b{_CLAIM}$", cue, re.IGNORECASE) and re.search(rf"\b(?:is|was|are|were)\s+{_FALSE}$", content):
        # 'said reports | that it would sell were false'
        return True
    if not _REJECT_CUE.search(cue):
        return False
    whole = f"{cue} {content}"
    false = re.search(rf"\b{_FALSE}", whole, re.IGNORECASE)
    loose = re.search(rf"\b{_LOOSE_FALSE}\b", whole, re.IGNORECASE)
    if false or (loose and any_claim):
        return True
    if not re.search(r"\b(?:reject|dismiss|repudiat|brush|discount|not accept|shrug)", cue, re.IGNORECASE):
        return False
    if claim and re.search(
        r"^\W*(?:[\w'’-]+\s+){0,4}?(?:claim|report|allegation|accusation|rumou?r|charge|assertion|"
        r"insinuation|stor|speculation|account|criticism|version|contention|narrative|testimony)",
        content,
        re.IGNORECASE,
    ):
        return True
    return bool(
        any_claim
        and re.search(rf"^\W*(?:[\w'’-]+\s+){{0,4}}?{_CLAIM}\s+that\b", content, re.IGNORECASE)
        and not _TO_DO.search(content)
    ) or bool(re.match(r"\W*that\b", content) and not _TO_DO.search(content))


def _to_the_matter(text: str, denial: Attribution, tagged: Sequence[Attribution]) -> list[Attribution]:
    """Return what a denial denies, and whoever had claimed it: 'denied Egypt's claim that it fired first' are two.

    The claim is a statement of its own, for the text says that it was made; the denial is of its content.
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


def with_disputes(statements: Sequence[Statement]) -> list[Statement]:
    """Return statements in which each that somebody else denies names the denial.

    That is the claim that the denial itself tells of, which is then in doubt; or else an earlier statement of another
    speaker with at least three words of weight in common, and most of those of the shorter one.
    """
    by_id = {one.id: one for one in statements}
    there = {(one.source, one.spans): one for one in statements if one.kind != "denial"}
    disputed: dict[str, list[str]] = {}
    told: set[str] = set()
    earlier: list[tuple[Statement, frozenset[str]]] = []
    for one in statements:
        words = _words(one.quote or "")
        if one.kind != "denial":
            if not _in_a_denial(one, by_id):
                earlier.append((one, words))
            continue
        claim = there.get((one.source, one.spans))
        about = [(len(words & other), each) for each, other in earlier[-400:] if _is_about(one, words, each, other)]
        if claim is not None and claim.speaker != one.speaker:
            told.add(claim.id)
        elif about:
            claim = max(about, key=lambda pair: pair[0])[1]
        else:
            continue
        disputed.setdefault(claim.id, []).append(one.id)
    return [
        replace(one, contested_by=(*one.contested_by, *disputed[one.id]), in_doubt=one.in_doubt or one.id in told)
        if one.id in disputed
        else one
        for one in statements
    ]


def _is_about(denial: Statement, words: frozenset[str], one: Statement, others: frozenset[str]) -> bool:
    if not one.speaker or not denial.speaker or one.speaker == denial.speaker:
        return False
    shared = len(words & others)
    return shared >= 3 and shared >= 0.6 * min(len(words), len(others))


def _in_a_denial(one: Statement, by_id: dict[str, Statement]) -> bool:
    outer = by_id.get(one.nested_in or "")
    while outer is not None:
        if outer.kind == "denial":
            return True
        outer = by_id.get(outer.nested_in or "")
    return False


def _words(quote: str) -> frozenset[str]:
    """Return the words of weight in a quote, without the endings that change with the clause."""
    words = re.findall(r"[^\W\d_][\w'’-]{2,}|\d+", quote.lower())
    return frozenset(re.sub(r"(?:ing|ed|es|s|e)$", "", word) for word in words if word not in lexicon().light)


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
    rf"contradict(?:ed|s)|"
    rf"reject(?:ed|s)|dismiss(?:ed|es)|call(?:ed|s)|label(?:led|s)|brand(?:ed|s)|"
    rf"issued\s+a\s+denial)(?:\s+as\s+{_FALSE})?)"
    rf"(?:,\s+[\w ]{{1,30}},|\s+(?:on|in|at|during)\s+[\w ]{{1,30}}?)?\s+"
    rf"(?P<content>(?:(?:[\w'’-]+\s+){{0,4}}?{_CLAIM}\s+(?:by\s+[\w'’ -]{{1,40}}?\s+)?)?that\s+[^;:.?!“”]{{1,400}})",
    re.IGNORECASE,
)


def _missed(layout: Layout, tagged: Sequence[Attribution]) -> list[Attribution]:
    """Return the denials that no tagger has seen, each with the subject before it."""
    cues = [span for one in tagged for span in one.cue]
    made = []
    for match in _ACTIVE.finditer(layout.text):
        start, end = match.span("cue")
        sentence = layout.sentence(start)
        if layout.quote(start) is not None or match.end() > sentence[1] or any(a < end and start < b for a, b in cues):
            continue
        if not denies(match["cue"], match["content"]):
            continue
        subject = re.search(r"[^,;:“”\"]*$", layout.text[sentence[0] : start])
        words = subject[0].strip() if subject else ""
        place = layout.text.find(words, sentence[0], start)
        source = ((place, place + len(words)),) if words and names_somebody(words) else ()
        made.append(Attribution(source, ((start, end),), (match.span("content"),), kind="denial", confidence=_RULED))
    return made


def _in_the_passive(layout: Layout, tagged: Sequence[Attribution]) -> list[Attribution]:
    """Return attributions with the denials of 'The claim that X paid was denied by Y' in place of what taggers see."""
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


def _turned_round(layout: Layout, one: Attribution) -> Attribution:
    """Mend 'The general, in Baku, denied that shots were fired' where a tagger takes the clause for the speaker."""
    text = layout.text
    if not one.source or not one.cue or not _ALWAYS.search(text[one.cue[0][0] : one.cue[-1][1]]):
        return one
    start, end = one.source[0][0], layout.sentence(one.cue[0][0])[1]
    if start < one.cue[-1][1] or not text.startswith("that ", start):
        return one
    content = (start, start + len(text[start:end].rstrip(" .;")))
    before = one.content[0] if one.content[0][1] <= one.cue[0][0] else None
    subject = re.match(r"[^,;:]+", text[before[0] : before[1]]) if before else None
    known = subject is not None and before is not None and not text[one.cue[0][0] : one.cue[-1][1]].endswith("ing")
    source = ((before[0], before[0] + len(subject[0])),) if known and before and subject else ()
    return replace(one, source=source, content=(content,))


def with_denials(layout: Layout, tagged: Sequence[Attribution]) -> list[Attribution]:
    """Return attributions in which denials are marked as such, with those that taggers miss.

    A denial's content is the matter that is denied. 'The claim' or 'a report' of nobody in particular is a part of the
    denial; a claim of somebody is an attribution of its own.
    """
    found = _in_the_passive(layout, [*tagged, *_missed(layout, tagged)])
    made: list[Attribution] = []
    nouns: list[Span] = []
    for one in map(partial(_turned_round, layout), found):
        cue = layout.text[one.cue[0][0] : one.cue[-1][1]] if one.cue else ""
        content = " ".join(layout.text[start:end] for start, end in one.content)
        if one.kind != "denial" and not denies(cue, content[:_FAR]):
            made.append(one)
            continue
        parts = _to_the_matter(layout.text, one, found)
        nouns += [(one.content[0][0], parts[0].content[0][0])]
        made += [replace(parts[0], kind="denial"), *parts[1:]]
    cuts = {one.source: one.cue[0][0] for one in made if one.kind == "denial" and one.source and one.cue}
    return [
        _cut(layout.text, one, cuts.get(one.source))
        for one in made
        if one.kind == "denial"
        or not any(first <= one.cue[0][0] < last and not _starts_in(one.source, first, last) for first, last in nouns)
    ]


def _cut(text: str, one: Attribution, place: int | None) -> Attribution:
    """Let what somebody says end where the same speaker's denial begins: '…, the minister said, denying that …'."""
    if place is None or not any(start <= place < end for start, end in one.content):
        return one
    kept = [(start, min(end, place)) for start, end in one.content if start < place]
    return replace(
        one,
        content=tuple(
            (start, start + len(text[start:end].rstrip(" ,"))) for start, end in kept if text[start:end].strip(" ,")
        ),
    )


def _starts_in(source: Sequence[Span], first: int, last: int) -> bool:
    return any(first <= start < last for start, _ in source)
