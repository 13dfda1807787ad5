"""Which statements of several documents belong together: copies, repeats, withdrawals, denials, contradictions.

Everything here is a proposal with a reason and a confidence; a person accepts or refuses it, and until then it has no
effect. Two statements are compared where they share rare words; copies also need almost the same wording (the
similarity of Levenshtein 1966, as a share of the longer quote).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from detente.lazy import lazy
from detente.model.conflict import Conflict
from detente.model.dates import parse_date
from detente.model.evidence import PROPOSED
from detente.model.statements import Actor, Link, Source, Statement
from detente.model.wording import listed, quoted
from detente.reading.factuality import words_of_weight

if TYPE_CHECKING:
    from rapidfuzz import fuzz
else:
    fuzz = lazy("rapidfuzz.fuzz")

#: How much alike the words of a copy are, from 0 to 100, and the number of words that it has at least.
COPY_SIMILARITY, COPY_WORDS = 85.0, 4
#: The number of significant words that two statements on one matter share, and their share of the shorter one's.
SHARED_WORDS, SHARED_PART = 3, 0.6
#: The same for a withdrawal, which seldom says again what it withdraws.
WITHDRAWN_WORDS, WITHDRAWN_PART = 2, 0.3
#: The part of all significant words of the longer statement that a refusal shares with the offer that it takes back.
REFUSED_PART = 0.3
#: A word that more statements use than this part, and this number, does not show that two belong together.
COMMON_PART, COMMON_NUMBER = 0.1, 30

_NEGATED = re.compile(r"\b(?:not|never|no|none|nobody|nothing|without|cannot)\b|n['’]t\b", re.IGNORECASE)
_IF_CLAUSE = re.compile(r"\b(?:if|unless|until|in case|as long as|provided that|only when)\b[^,;:.]*", re.IGNORECASE)
#: What somebody can take back.
_TAKEN_BACK = frozenset({"offer", "demand", "threat", "commitment", "condition"})


@dataclass(frozen=True)
class _Read:
    """A statement with what it is compared by."""

    statement: Statement
    place: int
    day: str
    party: str | None
    words: frozenset[str]

    @property
    def order(self) -> tuple[str, int]:
        return self.day, self.place


def proposed_links(
    statements: Sequence[Statement], sources: Iterable[Source], actors: Iterable[Actor] = ()
) -> list[Link]:
    """Return what is proposed about statements, in their order; what they already say is left out.

    Parameters
    ----------
    statements
        The statements of all documents.
    sources
        The documents; a statement without a date is ordered by that of its document.
    actors
        Who speaks for whom: a spokesman's statement is compared with those of his party.
    """
    dates = {one.id: one.date for one in sources}
    party = {one.id: one.speaks_for or one.id for one in actors}
    read = [
        _Read(
            one,
            place,
            _day(one.date_said or dates.get(one.source or "")),
            party.get(one.speaker or "", one.speaker),
            words_of_weight(one.quote or ""),
        )
        for place, one in enumerate(statements)
    ]
    links: list[Link] = []
    for one, others in _near(read):
        best: dict[str, Link] = {}
        for other in others:
            later, earlier = (one, other) if one.order >= other.order else (other, one)
            link = _link(later, earlier)
            if link and (link.kind not in best or (link.confidence or 0) > (best[link.kind].confidence or 0)):
                best[link.kind] = link
        links += best.values()
    return list({(link.kind, link.first, link.second): link for link in links}.values())


def _day(date: str | None) -> str:
    """Return the last day of a date as text; statements without a date come last."""
    day = parse_date(date).latest if date else None
    return day.isoformat() if day else "9999-12-31"


def _near(read: Sequence[_Read]) -> Iterator[tuple[_Read, list[_Read]]]:
    """Yield every statement with those before it in the list that share enough significant words."""
    uses = Counter(word for one in read for word in one.words)
    most = max(COMMON_NUMBER, COMMON_PART * len(read))
    at: Mapping[str, list[int]] = defaultdict(list)
    for one in read:
        rare = [word for word in one.words if uses[word] <= most]
        shared = Counter(place for word in rare for place in at[word])
        yield one, [read[place] for place, count in shared.items() if count >= min(WITHDRAWN_WORDS, len(rare))]
        for word in rare:
            at[word].append(one.place)


def _link(later: _Read, earlier: _Read) -> Link | None:
    one, other = later.statement, earlier.statement
    if one.speaker is None or other.speaker is None or other.id in (one.nested_in, one.copy_of):
        return None
    if one.nested_in == other.id or other.nested_in == one.id:
        return None
    own = later.party == earlier.party
    shared = len(later.words & earlier.words)
    part = shared / max(1, min(len(later.words), len(earlier.words)))
    alike = shared >= SHARED_WORDS and part >= SHARED_PART
    confidence = round(min(0.9, 0.3 + 0.5 * part), 2)
    if one.speaker == other.speaker and one.source != other.source and (sure := _copied(one, other)):
        return Link("copy_of", one.id, other.id, "another document gives almost the same words", sure)
    still = one.kind == "refusal" and other.kind == "condition" and _negated(one) and _negated(other)
    if still:
        # 'Will not open the gates' takes nothing back of 'will not open them until …'.
        return None
    if own and other.kind in _TAKEN_BACK and _takes_back(one) and one.source and other.id not in one.withdrawn_by:
        # A withdrawal seldom says again what it withdraws; a refusal must be of the same and of hardly anything else.
        longer = max(len(later.words), len(earlier.words))
        enough = shared >= WITHDRAWN_WORDS and part >= WITHDRAWN_PART
        if one.kind == "refusal":
            # Who refuses what a threat answers to does not take the threat back.
            promised = words_of_weight(_IF_CLAUSE.sub("", other.quote or ""))
            enough = enough and shared >= REFUSED_PART * longer and bool(later.words & promised)
        if enough and one.id not in other.withdrawn_by:
            what = "a withdrawal" if one.kind == "withdrawal" else "a refusal"
            return Link(
                "withdraws", one.id, other.id, f"{what} after {a_kind(other.kind)} of the same party", confidence
            )
        return None
    if not alike or one.id in other.contested_by or other.id in one.contested_by:
        return None
    if own:
        if one.kind == other.kind and _negated(one) == _negated(other):
            return Link("repeats", one.id, other.id, "same speaker, similar words", confidence)
        return None
    if (one.kind == "denial") != (other.kind == "denial"):
        first, second = (one, other) if one.kind == "denial" else (other, one)
        return Link("denies", first.id, second.id, "a denial of what another party says", confidence)
    if one.kind != "denial" and (words := _contradicting(one, other)):
        said = listed([quoted(word) for word in words])
        reason = f"both speak of {said}, one of them with a ‘not’; please check"
        return Link("contradicts", one.id, other.id, reason, round(confidence - 0.2, 2))
    return None


def _contradicting(one: Statement, other: Statement) -> list[str]:
    """Return the words that two statements share if one of them negates them; an if-clause neither says nor denies."""
    mine, theirs = (f"{each.cue or ''} {_IF_CLAUSE.sub('', each.quote or '')}" for each in (one, other))
    if (_NEGATED.search(mine) is None) == (_NEGATED.search(theirs) is None):
        return []
    weighty = words_of_weight(_IF_CLAUSE.sub("", other.quote or ""))
    spoken = dict.fromkeys(re.findall(r"[\w'’-]+", _IF_CLAUSE.sub("", one.quote or "")))
    shared = [word for word in spoken if words_of_weight(word) & weighty]
    return shared if len(shared) >= SHARED_WORDS else []


def _copied(one: Statement, other: Statement) -> float | None:
    """Return the confidence that a quote copies another; None if it does not."""
    quotes = [" ".join(re.findall(r"\w+", (each.quote or "").casefold())) for each in (one, other)]
    if min(len(quote.split()) for quote in quotes) < COPY_WORDS or _negated(one) != _negated(other):
        return None
    similarity = fuzz.ratio(*quotes, score_cutoff=COPY_SIMILARITY)
    return round(similarity / 100 * 0.95, 2) if similarity else None


def _takes_back(one: Statement) -> bool:
    return one.kind in ("withdrawal", "refusal")


def _negated(one: Statement) -> bool:
    return _NEGATED.search(f"{one.cue or ''} {one.quote or ''}") is not None


def a_kind(kind: str | None) -> str:
    """Return the kind of a statement with its article: 'an offer'."""
    return f"an {kind}" if (kind or "")[:1] in "aeiou" else f"a {kind}"


def open_links(conflict: Conflict) -> list[Link]:
    """Return the proposed links on which no person has decided: those about speakers, then those about statements.

    Links between statements follow from the statements as they are now; a decision is kept in the file.
    """
    actors = tuple(Actor(id, speaks_for=party) for id, party in conflict.party_of.items() if id != party)
    decided = {(one.kind, frozenset((one.first, one.second))) for one in conflict.links if one.accepted is not None}
    known = conflict.all_speakers
    of_speakers = [one for one in conflict.links if one.accepted is None and one.kind == "same_as"]
    of_statements = _statement_links(conflict.all_statements, conflict.all_sources, actors)
    return [
        *(one for one in of_speakers if one.first in known and one.second in known),
        *(one for one in of_statements if (one.kind, frozenset((one.first, one.second))) not in decided),
    ]


@lru_cache(maxsize=8)
def _statement_links(
    statements: tuple[Statement, ...], sources: tuple[Source, ...], actors: tuple[Actor, ...]
) -> tuple[Link, ...]:
    return tuple(proposed_links(statements, sources, actors))


def unread(conflict: Conflict) -> list[str]:
    """Return the sources of the file in which no reader or person has found or rejected a statement."""
    read = {one.source for one in conflict.all_statements} | {one.source for one in conflict.skipped}
    return [one.id for one in conflict.sources if one.id not in read]


# Relations in a draft


#: The kinds of statements that a noun in a withdrawal means.
_NOUNS_TAKEN_BACK = {
    "offer": {"offer"},
    "readiness": {"offer"},
    "proposal": {"offer", "demand"},
    "demand": {"demand"},
    "threat": {"threat", "condition"},
    "condition": {"condition"},
    **{
        noun: {"commitment", "offer"} for noun in ("promise", "pledge", "commitment", "agreement", "support", "consent")
    },
}


#: Words for what was said before: 'such a promise', 'the claim'.
_VAGUE = re.compile(
    r"\b(?:such an?|(?:any|no) such|anything of the (?:kind|sort)|(?:done|doing|do) so)\b|"
    r"^\W*(?:the|this|that)\s+(?:claim|accusation|allegation|charge|report|story)s?\b",
    re.I,
)


def with_pronoun_denials(statements: Sequence[Statement]) -> list[Statement]:
    """Return statements in which a denial of 'it' or 'such a promise' disputes the claim right before it.

    That is the nearest statement before it in the same source, by another speaker, within two.

    >>> said = [
    ...     Statement("s1", "d", "a", kind="claim", quote="B agreed"),
    ...     Statement("s2", "d", "b", kind="denial", quote="it"),
    ... ]
    >>> with_pronoun_denials(said)[0].contested_by
    ('s2',)
    """
    named = {id for one in statements for id in one.contested_by}
    found = {one.id: one for one in statements}
    for place, one in enumerate(statements):
        vague = len(words_of_weight(one.quote or "")) < 2 or _VAGUE.search(one.quote or "")
        if one.kind != "denial" or one.id in named or not vague:
            continue
        before = [
            each for each in statements[:place]
            if each.source == one.source and each.nested_in in (None, one.nested_in)
            if each.id != one.nested_in and each.speaker not in (None, one.speaker)
        ]  # fmt: skip
        if before and before[-1].kind != "denial":
            claim = found[before[-1].id]
            found[claim.id] = replace(claim, contested_by=(*claim.contested_by, one.id))
    return list(found.values())


#: The confidence that a link needs to be part of a draft.
_LINKED = 0.6


def with_links(statements: Sequence[Statement], links: Iterable[Link]) -> list[Statement]:
    """Return statements with what is proposed about them: copies, withdrawals and denials, each with a note.

    A contradiction counts between claims only: who refuses what another party demands does not contradict it.
    """
    found = {one.id: one for one in statements}
    for link in links:
        if link.accepted is False or not {link.first, link.second} <= set(found):
            continue
        if link.accepted is None and (link.confidence or 0.0) < _LINKED:
            continue
        why = f"{PROPOSED}: {link.reason} ({link.confidence or 1.0:.2f})."
        later, earlier = found[link.first], found[link.second]
        match link.kind:
            case "copy_of" if later.speaker == earlier.speaker and not (
                later.copy_of or later.nested_in or earlier.copy_of
            ):
                found[later.id] = replace(later, copy_of=earlier.id, note=why)
            case "withdraws" if later.speaker == earlier.speaker and later.id not in earlier.withdrawn_by:
                found[earlier.id] = replace(earlier, withdrawn_by=(*earlier.withdrawn_by, later.id), note=why)
            case "denies" | "contradicts" if later.id not in earlier.contested_by:
                if link.kind == "denies" or {later.kind, earlier.kind} == {"claim"}:
                    found[earlier.id] = replace(earlier, contested_by=(*earlier.contested_by, later.id), note=why)
    return withdrawn(list(found.values()))


def withdrawn(statements: Sequence[Statement]) -> list[Statement]:
    """Return statements in which each withdrawal names what its speaker takes back, the last before it.

    An offer that only the withdrawal itself names ('withdrew its offer to pay') is no new one, and taken back, too.
    """
    found = {one.id: one for one in statements}
    named = set()
    for one in statements:
        outer = found.get(one.nested_in or "")
        if outer is not None and outer.kind == "withdrawal" and outer.speaker == one.speaker and not one.withdrawn_by:
            note = f"{PROPOSED}: the {one.kind or 'statement'} that {outer.id} takes back; not a new one."
            found[one.id] = replace(one, withdrawn_by=(outer.id,), note=note)
            named.add(one.id)
    done = {id for one in statements for id in one.withdrawn_by}
    for place, one in enumerate(statements):
        if one.kind != "withdrawal" or one.id in done or one.speaker is None:
            continue
        words = f"{one.cue or ''} {one.quote or ''}".lower()
        kinds = set().union(*(meant for noun, meant in _NOUNS_TAKEN_BACK.items() if re.search(rf"\b{noun}", words)))
        stems = words_of_weight(one.quote or "") - words_of_weight(" ".join(_NOUNS_TAKEN_BACK))
        before = [
            (len(stems & words_of_weight(each.quote or "")), number, each)
            for number, each in enumerate(statements[:place])
            if each.speaker == one.speaker
            and each.kind in (kinds or {"offer", "commitment", "demand"})
            and each.id not in (*named, one.nested_in)
        ]
        before = [each for each in before if each[0] or not stems]
        if before:
            claim = found[max(before, key=lambda each: each[:2])[2].id]
            note = claim.note or f"{PROPOSED}: taken back later ({one.id})."
            found[claim.id] = replace(claim, withdrawn_by=(*claim.withdrawn_by, one.id), note=note)
    return list(found.values())
