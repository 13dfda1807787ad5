"""What a party wants: its preferences, in one order, and which of two that contradict each other counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from detente.model.conditions import as_condition
from detente.model.evidence import Support
from detente.model.preferences import PreferenceStatement
from detente.model.statements import Statement
from detente.reading.drafting.readings import COMMITMENT, DEMAND, OBJECTION, OFFER, REFUSAL, THREAT
from detente.reading.links import PROPOSED

_RANK = {REFUSAL: 1, DEMAND: 2, COMMITMENT: 3, THREAT: 3, OBJECTION: 4, OFFER: 5}


@dataclass(frozen=True)
class Wish:
    """A preference as it is put together: ``literals`` hold, if ``condition`` (options and a sign) does."""

    holder: str
    group: str
    place: int
    literals: tuple[tuple[str, bool], ...]
    condition: tuple[tuple[tuple[str, bool], ...], bool] | None
    statement: Statement

    @property
    def text(self) -> str:
        """The preference as it stands in a file."""
        main = _joined(self.literals)
        if self.condition is None:
            return main
        given, met = self.condition
        before = (
            _joined(given)
            if met
            else f"not {given[0][0]}"
            if len(given) == 1 and given[0][1]
            else (given[0][0] if len(given) == 1 else f"not ({_joined(given)})")
        )
        return f"if {before} then {main}"


def _joined(literals: Iterable[tuple[str, bool]]) -> str:
    return " and ".join(id if taken else f"not {id}" for id, taken in literals)


def preferences(wishes: Sequence[Wish], holder: str) -> Iterator[PreferenceStatement]:
    """Yield a party's preferences in order; of two that contradict each other only the later one, told by itself."""
    own = [one for one in wishes if one.holder == holder]
    plain: dict[str, list[Wish]] = {}
    for one in own:
        if one.condition is None:
            plain.setdefault(one.literals[0][0], []).append(one)
    stands: dict[str, bool] = {}
    for id, several in plain.items():
        best = max(several, key=lambda one: (one.statement.nested_in is None, _firmness(one), one.place))
        stands[id] = best.literals[0][1]
    groups: dict[str, list[Wish]] = {}
    for one in sorted(own, key=lambda each: (_RANK[each.group], each.place)):
        id, taken = one.literals[0]
        if one.condition is None and stands[id] != taken:
            continue
        groups.setdefault(one.text, []).append(one)
    for text, several in groups.items():
        id = several[0].literals[0][0]
        against = (
            ()
            if several[0].condition
            else ids_of(one.statement for one in plain[id] if one.literals[0][1] != stands[id])
        )
        note = f"{PROPOSED}: {_listed_groups(several)}."
        if against:
            note += f" Another statement says the opposite ({', '.join(against)})."
        evidence = ids_of(one.statement for one in several)
        yield PreferenceStatement(
            as_condition(text), Support(evidence, tuple(id for id in against if id not in evidence), note)
        )


def _firmness(one: Wish) -> str:
    """Return the day of a statement, so that the later one counts."""
    return one.statement.date_said or ""


def _listed_groups(several: Sequence[Wish]) -> str:
    words = {
        REFUSAL: "a refusal",
        DEMAND: "a demand",
        COMMITMENT: "what it says it will do",
        OBJECTION: "an objection",
        OFFER: "an offer",
        THREAT: "a threat",
    }
    return " and ".join(
        dict.fromkeys(f"{words[one.group]} under a condition" if one.condition else words[one.group] for one in several)
    )


def ids_of(statements: Iterable[Statement]) -> tuple[str, ...]:
    """Return the identifiers of statements, each once."""
    return tuple(dict.fromkeys(one.id for one in statements))
