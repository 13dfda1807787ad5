"""What began a period: the changes of the model on its first day, the statements and acts behind each, and its effect.

The models of two periods in a row are compared like two versions of a dispute (`detente.analysis.comparison`). A change
is put down to the statements that brought its element into the model or took it out, or to the acts that changed the
status quo. All comparisons share the equilibria of the models that they try.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import field
from datetime import date
from typing import Any

from detente.analysis.comparison import Comparison, VersionChange, compared
from detente.analysis.differences import EquilibriumPatterns, element_key
from detente.analysis.timeline.course import Past
from detente.concepts import Concept
from detente.errors import InputError
from detente.lazy import dataclass
from detente.model.conflict import Conflict
from detente.model.day import deciding_elements

#: With more changes on a day than this, their effects are not worked out.
MAX_TRIED = 40
#: So many different pairs of models are compared.
MAX_COMPARED = 100


@dataclass(frozen=True)
class PeriodChange:
    """A change of the model on the first day of a period.

    Attributes
    ----------
    change
        What is different from the period before, and its effect on the equilibria.
    statements
        The statements behind it: said or withdrawn on that day, or the withdrawals.
    acts
        The acts of ``history`` behind it, numbered from 1.
    decides
        By concept, whether the dispute is stuck in the period (True) or not (False) because of this change: without it,
        with all others, the answer would be the opposite. A concept is missing if the change does not decide that; all
        are, if states are merged.
    """

    change: VersionChange
    statements: tuple[str, ...]
    acts: tuple[int, ...]
    decides: Mapping[str, bool] = field(hash=False)

    def to_dict(self) -> dict[str, Any]:
        """Return the change as plain data."""
        return {
            "kind": self.change.kind,
            "element": ".".join(self.change.element),
            "statements": list(self.statements),
            "acts": list(self.acts),
            "decides": dict(self.decides),
        }


class Causes:
    """The changes with which the periods of a timeline began, worked out when asked for."""

    def __init__(self, past: Past, concepts: tuple[Concept, ...], engine: str) -> None:
        self._past, self._concepts, self._engine = past, concepts, engine
        self._equilibria: dict[str, EquilibriumPatterns] = {}
        self._compared: dict[tuple[int, int], Comparison | None] = {}

    def of(self, first: date | None) -> tuple[PeriodChange, ...] | None:
        """Return the changes on the first day of a period.

        None if there is no period or no model before it, or if too many models would have to be compared.
        """
        place = bisect_left(self._past.starts, 0 if first is None else first.toordinal())
        return self._changes(self._past.starts[place - 1], self._past.starts[place]) if place else None

    def _comparison(self, was: Conflict, now: Conflict) -> Comparison | None:
        # Days with equal models have the same one.
        pair = id(was), id(now)
        if pair not in self._compared:
            if len(self._compared) == MAX_COMPARED:
                return None
            try:
                found = compared(was, now, self._concepts, self._engine, self._equilibria, most=MAX_TRIED)
            except InputError:
                found = None
            self._compared[pair] = found
        return self._compared[pair]

    def _changes(self, before: int, day: int) -> tuple[PeriodChange, ...] | None:
        was, now = self._past.model(before), self._past.model(day)
        if was is None or now is None:
            return None
        if was is now:
            return ()
        found = self._comparison(was, now)
        if found is None:
            return None
        after = {id: frozenset(patterns) for id, patterns in found.after}
        behind: dict[tuple[str, ...], tuple[str, ...]] = {}
        for key, ids in self._behind(was, now, before, day):
            behind[key] = (*behind.get(key, ()), *ids)
        taken = [frozenset() if one.status_quo is None else one.status_quo.taken for one in (was, now)]
        moved = taken[0] ^ taken[1]
        history = self._past.course.conflict.history
        acts = {
            number: moved.intersection((*history[number - 1].takes, *history[number - 1].drops))
            for number in self._past.course.acts_on(self._past.account, day)
        }
        here, quo = now.pattern(taken[1]), now.status_quo
        # Merged states are not the same in all models that are tried.
        asked = quo is not None and was.status_quo is not None and not (was.merge or now.merge)
        changes = []
        for one in found.changes:
            kind, ids = one.element[:1], behind.get(one.element, ())
            decides: dict[str, bool] = {}
            moving: tuple[int, ...] = ()
            if kind == ("status_quo",):
                moving = tuple(number for number, options in acts.items() if options)
                # An option that leaves the model, or comes into it, is taken no longer or again without an act.
                alone = moved.difference(*acts.values())
                ids = tuple(id for option in sorted(alone) for id in behind.get(("option", option), ()))
                if asked:
                    decides = _by_status_quo(was.pattern(taken[0]), here, after)
            elif kind == ("option",):
                # An act keeps its option in the model.
                moving = tuple(number for number, options in acts.items() if one.element[1] in options)
            # Without an option that the status quo has taken there would be no such state.
            taken_by_it = kind == ("option",) and one.element[1] in taken[1]
            if one.without is not None and asked and not taken_by_it:
                without = {id: frozenset(patterns) for id, patterns in one.without}
                decides = {
                    id: here in states for id, states in after.items() if (here in states) != (here in without[id])
                }
            changes.append(PeriodChange(one, tuple(dict.fromkeys(ids)), moving, decides))
        return tuple(changes)

    def _behind(
        self, was: Conflict, now: Conflict, before: int, day: int
    ) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
        """Yield the elements that are in one of two models only, each with the statements because of which."""
        written, account = self._past.course.conflict, self._past.account
        testimony = account.testimony
        dropped = [{one.at for one in model.basis.dropped} for model in (was, now)]
        for at, support in deciding_elements(written):
            if (at in dropped[0]) == (at in dropped[1]):
                continue
            ids = dict.fromkeys(testimony.original[id] for id in support.evidence)
            changed = [id for id in ids if account.in_force(id, before) != account.in_force(id, day)]
            found: list[str] = []
            for id in changed:
                by = [one for one in testimony.withdrawals[id] if account.in_force(one, day)]
                found += by if by and not account.in_force(id, day) else [id]
            yield element_key(written, at), tuple(dict.fromkeys(found))


def _by_status_quo(former: str, here: str, after: Mapping[str, frozenset[str]]) -> dict[str, bool]:
    """Return under which concepts another status quo decides whether it is an equilibrium."""
    return {id: here in states for id, states in after.items() if (here in states) != (former in states)}
