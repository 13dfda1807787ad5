"""Who is a party: which speakers act together, which of them decide something, and whom words in a statement mean.

Speakers are put together by `detente.reading.drafting.speakers`. Parties are those that the user names, or those that
act, or are asked to act, in most statements.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from detente.errors import Fault, InputError
from detente.lazy import lazy
from detente.model.names import identifier
from detente.model.statements import Actor, Dossier, Statement
from detente.model.wording import counted
from detente.reading.drafting.clauses import clauses
from detente.reading.drafting.speakers import (
    COMMON_BODIES,
    best_name,
    head_of,
    in_a_sentence,
    names_of,
    one_actor_a_party,
    party_name,
    plain,
    seed,
)
from detente.reading.factuality import names_nobody
from detente.reading.lexicon import lexicon, name_words
from detente.reading.phrases import is_name, key

if TYPE_CHECKING:
    from rapidfuzz import fuzz
else:
    fuzz = lazy("rapidfuzz.fuzz")

#: How many parties are proposed at most, and how often a speaker must act, or be asked to, to be one.
MAX_PROPOSED, ACTS = 5, 2.0
#: How alike two names are, from 0 to 100, so that one may be a slip for the other.
SLIP = 82.0
#: Who or what is no party by its name.
_NO_PARTY = frozenset(
    {
        "report", "statement", "declaration", "letter", "study", "treaty", "analysts", "analyst", "expert", "experts",
        "observers", "critics", "sources", "source", "reporter", "journalist",
    }
)  # fmt: skip
#: Kinds of statements that a party to a dispute makes.
_ACTING = frozenset({"demand", "refusal", "offer", "threat", "commitment", "condition", "withdrawal"})
#: Words for a company, whose name need not say that it is one.
_BUSINESS = frozenset(["company", "firm", "business", "employer", "management", "developer", "owner", "landlord"])
_STATE = frozenset(["government", "country", "state", "nation", "authorities", "kingdom", "republic", "capital"])


@dataclass(frozen=True)
class Party:
    """A party that is proposed: its name, the speakers who are taken to speak for it, and why."""

    id: str
    name: str
    members: tuple[str, ...]
    reasons: tuple[str, ...]


class Parties:
    """The parties of a dossier, and who is meant by the words of a statement."""

    def __init__(self, parties: Sequence[Party], names: Mapping[str, Iterable[str]]) -> None:
        self.parties = tuple(parties)
        self._given = names
        self._of_member = {member: one.id for one in parties for member in (*one.members, one.id)}
        #: The party of each name, as it is compared; a name of two parties means neither.
        found: dict[str, set[str]] = defaultdict(set)
        for one in parties:
            for name in (one.name, *(each for member in one.members for each in names.get(member, ()))):
                found[plain(name)].add(one.id)
        for one in parties:
            # The allies in 'the United States and NATO' are it, unless they are parties themselves.
            for part in one.name.split(" and ") if " and " in one.name else ():
                if is_name(part) and plain(part) not in found:
                    found[plain(part)].add(one.id)
        self._of_name = {name: next(iter(ids)) for name, ids in found.items() if len(ids) == 1 and name}
        self._heads = {one.id: {head_of(name) for name in self._names(one, names)} for one in parties}

    @staticmethod
    def _names(one: Party, names: Mapping[str, Iterable[str]]) -> Iterator[str]:
        yield one.name
        yield from (name for member in one.members for name in names.get(member, ()) if name.strip())

    def without(self, ids: Iterable[str]) -> Parties:
        """Return the parties without some of them."""
        gone = set(ids)
        return Parties([one for one in self.parties if one.id not in gone], self._given)

    def of_speaker(self, actor: str | None) -> str | None:
        """Return the party for which an actor speaks."""
        return self._of_member.get(actor or "")

    def name(self, id: str) -> str:
        """Return the name of a party."""
        return next(one.name for one in self.parties if one.id == id)

    def in_a_sentence(self, id: str) -> str:
        """Return the name of a party with the article that the documents give it."""
        party = next(one for one in self.parties if one.id == id)
        return in_a_sentence(party.name, self._names(party, self._given))

    def named(self, words: str) -> str | None:
        """Return the party that words name: the whole of them, their beginning or what belongs to it."""
        own = plain(words)
        if own in self._of_name:
            return self._of_name[own]
        parts = words.split()
        for size in range(min(len(parts), 6), 0, -1):
            lead = plain(" ".join(parts[:size]))
            if lead in self._of_name and (size == len(parts) or re.search(r"['’]s?$", parts[size - 1])):
                return self._of_name[lead]
        found = {self._of_name[name] for name in self._of_name if _has_words(name, own)}
        return next(iter(found)) if len(found) == 1 else None

    def last_named(self, text: str, but: str) -> str | None:
        """Return the party other than one that a text names last."""
        low = text.casefold().replace("’", "'")
        found = [
            (hit.start(), id)
            for name, id in self._of_name.items()
            if id != but and len(name) > 2
            for hit in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", low)
        ]
        return max(found)[1] if found else None

    def all_named(self, words: str) -> list[str]:
        """Return all parties that words name: 'Egypt and Sudan'."""
        found = (self.named(part) for part in re.split(r",\s*|\s+and\s+|\s+or\s+", words))
        return list(dict.fromkeys(one for one in found if one))

    def of_doer(self, words: str, holder: str, *, own: bool, said: str = "") -> str | None:
        """Return the party that the subject of an action means; None if it is not certain.

        Parameters
        ----------
        words
            The subject, as written; empty if the verb has none.
        holder
            The party that speaks.
        own
            Whether the speaker's own party is meant by a subject that names no party.
        said
            The words before the quote ('urged the company'), which may name whom it addresses.
        """
        plain = words.strip(" ,")
        if not plain:
            return holder if own else self._addressed(said, holder)
        if re.match(r"(?:we|i|us|ourselves)$|(?:our|my)\s", plain, re.IGNORECASE):
            return holder
        if re.match(r"(?:he|she|it|they|both|both sides|the two)$", plain, re.IGNORECASE):
            return holder if own else self._addressed(said, holder) or self._other(holder)
        if names_nobody(plain) or re.match(r"(?:who|that|this|these|those|there|you|everyone)\b", plain, re.IGNORECASE):
            return self._other(holder) if plain.lower() == "you" else None
        found = self.named(plain)
        if found is not None:
            return found
        return self._common(plain, holder, own=own)

    def _common(self, words: str, holder: str, *, own: bool) -> str | None:
        """Return the party that a common noun means: 'the company', 'his country'."""
        parts = words.lower().replace("’", "'").split()
        noun = key(parts[-1])
        if parts[0] in ("our", "my", "his", "her", "its", "their") and noun in COMMON_BODIES:
            return holder
        if noun not in COMMON_BODIES:
            return None
        heads = [id for id, nouns in self._heads.items() if noun in nouns]
        if len(heads) == 1:
            return heads[0]
        if own and not heads and self._may_be(holder, noun):
            return holder
        fitting = [one.id for one in self.parties if one.id != holder and self._may_be(one.id, noun)]
        return fitting[0] if len(fitting) == 1 and not heads else None

    def _may_be(self, id: str, noun: str) -> bool:
        """Tell whether a party can be called by a noun: not if its name says that it is something else."""
        own = self._heads[id] & (COMMON_BODIES | name_words().bodies)
        if not own:
            return True
        # A country's army is the country's.
        return any(noun in group and own & group for group in (_BUSINESS, _STATE)) or bool(
            noun == "army" and own & _STATE
        )

    def _addressed(self, said: str, holder: str) -> str | None:
        if said.strip():
            found = self.named(said) or self._common(said.strip(" ,"), holder, own=False)
            if found is not None:
                return found
        return None

    def _other(self, holder: str) -> str | None:
        """Return the other party of two."""
        others = [one.id for one in self.parties if one.id != holder]
        return others[0] if len(others) == 1 else None

    def only_other(self, holder: str) -> str | None:
        """Return the other party, if there are only two."""
        return self._other(holder)


def _has_words(name: str, words: str) -> bool:
    """Tell whether words contain a name that is distinctive: of several words, or written as a name."""
    if len(name) < 3 or name in COMMON_BODIES or name in name_words().function:
        return False
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", words) is not None and (
        " " in name or name not in lexicon().forms
    )


def parties_of(dossier: Dossier, named: Sequence[str], texts: Mapping[str, str]) -> Parties:
    """Return the parties: those named, or those that are proposed because they act or are asked to.

    Parameters
    ----------
    dossier
        The statements, with the actors that speak.
    named
        The names of the parties; empty: they are proposed.
    texts
        The texts of the sources by identifier, as far as they are at hand.

    Raises
    ------
    InputError
        If a name is close to a speaker's and is not one, or if fewer than two parties are found.
    """
    names = names_of(dossier)
    root, reasons = one_actor_a_party(dossier, names, named, texts)
    if named:
        return Parties(_named_parties(named, names, root, reasons), names)
    score, acts = _scores(dossier, names, root, texts)
    order = {id: place for place, id in enumerate(dict.fromkeys(root[one] for one in names))}
    ranked = sorted(score, key=lambda id: -score[id])
    best = [id for id in ranked if score[id] >= ACTS][:MAX_PROPOSED]
    if len(best) < 2:
        best = [id for id in ranked if score[id] > 0][:2]
    if len(best) < 2:
        raise InputError(
            "fewer than two parties were found in the documents: no other speaker acts, or is asked to act. "
            "Name the parties yourself (--party)"
        )
    made: list[Party] = []
    for id in sorted(best, key=lambda one: order[one]):
        members = tuple(one for one in names if root[one] == id)
        name = _title(party_name(members, id, names))
        does = f"acts or is asked to act in {counted(len(acts[id]), 'statement')}" if acts[id] else "speaks or is named"
        why = f"proposed as a party, because it {does}"
        made.append(Party(identifier(name, [one.id for one in made]), name, members, (why, *_why(members, reasons))))
    return Parties(made, names)


def _why(members: Iterable[str], reasons: Mapping[str, str]) -> Iterator[str]:
    return iter(dict.fromkeys(reasons[one] for one in members if one in reasons))


def _title(name: str) -> str:
    text = re.sub(r"^[Tt]he\s+", "", name)
    return text[:1].upper() + text[1:]


def _named_parties(
    named: Sequence[str], names: Mapping[str, Sequence[str]], root: Mapping[str, str], reasons: Mapping[str, str]
) -> list[Party]:
    made: list[Party] = []
    for name in named:
        own = seed(name)
        members = [one for one in names if root.get(one) == root.get(own, own)]
        if not members:
            near = _near(name, names, root)
            if near is not None:
                raise InputError([Fault(f"no speaker is called '{name}'", suggestion=near, word=name)])
        id = identifier(name, [one.id for one in made])
        made.append(Party(id, " ".join(name.split()), tuple(members), tuple(_why(members, reasons))))
    return made


def _near(name: str, names: Mapping[str, Sequence[str]], root: Mapping[str, str]) -> str | None:
    """Return the speaker's name that is most like a name, if it is very much alike."""
    every = {one: fuzz.ratio(plain(name), plain(one)) for id, each in names.items() for one in each[:6]}
    best = max(every, key=lambda one: every[one], default=None)
    return best if best is not None and SLIP <= every[best] < 100 else None


def _scores(
    dossier: Dossier, names: Mapping[str, Sequence[str]], root: Mapping[str, str], texts: Mapping[str, str]
) -> tuple[dict[str, float], Mapping[str, set[str]]]:
    """Return points for every possible party, and the statements in which it acts or is asked to act."""
    score: dict[str, float] = defaultdict(float)
    acts: Mapping[str, set[str]] = defaultdict(set)
    every = Parties(
        [
            Party(id, best_name(id, names), tuple(one for one in names if root[one] == id), ())
            for id in set(root.values())
        ],
        names,
    )
    for one in dossier.statements:
        holder = every.of_speaker(one.speaker)
        if holder is None or one.kind == "denial":
            continue
        weight = 0.5 if one.nested_in else 1.0
        told = [action for clause in clauses(one.quote or "") for action in clause.actions]
        acting = one.kind in _ACTING or any(action.willing for action in told)
        # Who threatens is a party, even if it says nothing else.
        score[holder] += (2 * weight if one.kind == "threat" else weight) if acting else 0.25
        if acting:
            acts[holder].add(one.id)
        before = words_before(one, texts)
        named = {every.named(addressee(one, before))} if one.kind in ("demand", "condition", "threat") else set()
        for clause in clauses(one.quote or "", bare=one.kind == "demand"):
            told = [*clause.actions, *(clause.condition.actions if clause.condition else ())]
            named |= {every.of_doer(action.doer, holder, own=False) for action in told if action.doer}
        for id in named - {None, holder}:
            score[str(id)] += weight if one.kind in _ACTING else 0.25
            if one.kind in _ACTING:
                acts[str(id)].add(one.id)
    return {id: points for id, points in score.items() if _may_act(id, names)}, acts


def _may_act(id: str, names: Mapping[str, Sequence[str]]) -> bool:
    """Tell whether a speaker can be a party: not a document, and not an unnamed observer."""
    last = key(best_name(id, names).split()[-1])
    return last not in _NO_PARTY


def words_before(one: Statement, texts: Mapping[str, str]) -> str:
    """Return the text before a quote, from the document or from what the statement keeps of it."""
    text = texts.get(one.source or "")
    if text and one.spans:
        start = min(start for start, _ in one.spans)
        return text[max(0, start - 300) : start]
    return one.prefix or ""


def addressee(one: Statement, before: str) -> str:
    """Return the words between the cue and the quote: 'urged | the company | to open its books'.

    >>> addressee(Statement("s1", cue="called on"), "The officer called on the union ")
    'the union'
    """
    cue = (one.cue or "").strip()
    place = before.rfind(cue) if cue else -1
    if place < 0:
        tail = cue.split()[-1] if cue else ""
        place = before.rfind(f" {tail} ") + 1 if tail and f" {tail} " in before else -1
        cue = tail
    if place < 0:
        return ""
    words = before[place + len(cue) :].strip(" ,:")
    return words if len(words.split()) <= 8 and not re.search(r"[.!?;“”\"]", words) else ""


def with_parties(dossier: Dossier, parties: Parties) -> Dossier:
    """Return a dossier in which every speaker of a party speaks for it."""
    actors = {one.id: one for one in dossier.actors}
    party = {member: one for one in parties.parties for member in one.members}
    made = {f"party:{one.id}": Actor(f"party:{one.id}", one.name) for one in parties.parties}
    every = {id: actors.get(id, Actor(id, name)) for id, name in dossier.speakers.items()}
    spoken = [
        replace(one, speaks_for=f"party:{party[id].id}") if id in party else replace(one, speaks_for=None)
        for id, one in every.items()
    ]
    return replace(dossier, speakers={}, actors=(*spoken, *made.values()))
