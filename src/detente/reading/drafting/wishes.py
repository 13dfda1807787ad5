"""What a party wants: its preferences, in one order, and which of two that contradict each other counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from detente.model.conditions import as_condition
from detente.model.evidence import PROPOSED, Support
from detente.model.preferences import PreferenceStatement
from detente.model.statements import Statement
from detente.model.wording import listed
from detente.reading.drafting.readings import COMMITMENT, DEMAND, OBJECTION, OFFER, REFUSAL, THREAT

#: How a party makes a demand without a word of demand.
SET_AS_A_CONDITION, BEHIND_A_THREAT = "a condition that it sets", "a demand that it makes by a threat"
_RANK = {REFUSAL: 1, DEMAND: 2, COMMITMENT: 3, THREAT: 3, OBJECTION: 4, OFFER: 5}


@dataclass(frozen=True)
class Wish:
    """A preference as it is put together: ``literals`` hold, if ``condition`` (options and a sign) does.

    ``how`` says what it is, if its group does not.
    """

    holder: str
    group: str
    place: int
    literals: tuple[tuple[str, bool], ...]
    condition: tuple[tuple[tuple[str, bool], ...], bool] | None
    statement: Statement
    how: str = ""

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
    told = [
        (f"{words[one.group]} under a condition" if one.condition else one.how or words[one.group]) for one in several
    ]
    gone = {id for one in several for id in one.statement.withdrawn_by}
    return listed(list(dict.fromkeys(told))) + (f", withdrawn in {', '.join(sorted(gone))}" if gone else "")


def with_withdrawal(statement: Statement, statements: Iterable[Statement]) -> str:
    """Name a statement, with those that withdraw it."""
    gone = next((one.withdrawn_by for one in statements if one.id == statement.id), ())
    return f"{statement.id}, withdrawn in {', '.join(gone)}" if gone else statement.id


def ids_of(statements: Iterable[Statement]) -> tuple[str, ...]:
    """Return the identifiers of statements, each once."""
    return tuple(dict.fromkeys(one.id for one in statements))
