"""The inverse problem: the smallest change of preferences that makes a state an equilibrium.

The inverse problem of the graph model (Kinsara 2014; Kinsara, Kilgour & Hipel 2015) asks which preferences would make a
given state an equilibrium, instead of which states the given preferences make equilibria. This module defines
*smallest*.

**Preferences, most important first.** An *edit* moves a preference to another place, reverses it (its negation takes
its place), drops it, or adds one. The preferences that can be added are 'taken' and 'not taken' for every option that
is not by itself a preference. Each edit has the cost of its decision maker, 1 by default. Among the changes with the
lowest cost, the smallest have the lowest *importance*: an edit weighs one plus the number of other preferences, in the
present list, below the highest place that it touches. So the last preference weighs 1.

**Rankings.** Swapping two adjacent states costs as much as an edit, so a ranking costs the number of pairs that it
orders differently (Kendall's distance, 1938). No new ties are made: a strict pair can only be reversed. A tied pair can
be split, which counts as a swap. Weights and payoffs are treated as the ranking that they imply.

**Whose preferences.** A decision maker with infinite cost cannot be influenced. If every decision maker can be
influenced, there is always an answer: a party that is indifferent between all states has no improvements.

The answer is exact: a constraint solver proves that no smaller change is sufficient, and every change is checked with
the ordinary engine before it is returned.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from fractions import Fraction
from itertools import combinations
from math import inf
from types import MappingProxyType
from typing import Any

from detente.analysis.equilibria import analyze
from detente.analysis.inverse.constraint_program import InverseProgram
from detente.analysis.inverse.editable import EditedPreferences, PreferenceEdit, candidates
from detente.analysis.result import ConflictResult, state_data
from detente.concepts import CONCEPTS, Concept
from detente.engine import ListingSolver, listing
from detente.errors import InputError, UnknownNameError
from detente.lazy import dataclass
from detente.limits import MAX_INVERSE_MOVES
from detente.model.conflict import Conflict
from detente.model.day import model_of_day
from detente.model.preferences import Preferences, Prioritising, Ranking, StateReference, exact
from detente.model.questions import Progress, no_progress
from detente.model.states import State

#: The stability concepts for which the question can be asked.
INVERSE_CONCEPTS = ("nash", "gmr", "smr", "seq", "sseq")
#: Default maximum number of smallest changes to list.
MAX_CHANGES = 20


@dataclass(frozen=True)
class PreferenceChange:
    """A change of preferences: the edits, and the resulting preferences. Two are equal if the preferences are.

    Attributes
    ----------
    edits
        The single edits.
    preferences
        The resulting preferences by decision maker.
    """

    edits: tuple[PreferenceEdit, ...] = field(compare=False)
    preferences: Mapping[str, Preferences] = field(hash=False)

    def applied(self, conflict: Conflict) -> Conflict:
        """Return the conflict with the changed preferences."""
        return conflict.replaced(
            decision_makers=[
                replace(maker, preferences=self.preferences.get(maker.id, maker.preferences))
                for maker in conflict.decision_makers
            ]
        )


@dataclass(frozen=True)
class Obstacle:
    """Why no change of the preferences that may change is enough.

    Attributes
    ----------
    leaving
        The players who would leave the state whatever the others preferred, each with the states to which they would
        move; empty if the others cannot deter all of them at once.
    ways_out
        The smallest sets of decision makers whose preferences would have to change, too.
    """

    leaving: tuple[tuple[tuple[str, ...], tuple[State, ...]], ...]
    ways_out: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Inversion(ConflictResult):
    """The smallest changes of preferences that make a state an equilibrium under a stability concept.

    Attributes
    ----------
    state
        The state.
    concept
        The stability concept.
    costs
        The cost of a change by decision maker; None if its preferences may not change.
    cost
        The cost of the smallest changes; None if no change is enough.
    importance
        How important the changed preferences are, by which changes of equal cost are chosen.
    changes
        The smallest changes; one without edits if the state already is an equilibrium, empty if there is an obstacle.
    complete
        Whether all smallest changes are listed.
    obstacle
        Why no change is enough; None if one is.
    compiled
        The compiled conflict, for further questions.

    Examples
    --------
    >>> from detente import example
    >>> inversion = example("syria-iraq-1975").invert("water released", "nash", fixed=["iraq"])
    >>> [(edit.decision_maker, edit.kind) for edit in inversion.changes[0].edits]
    [('syria', 'reverse'), ('syria', 'move')]
    """

    format = "detente-invert/1"
    question = "inverse"

    state: State
    concept: Concept
    costs: Mapping[str, Fraction | None] = field(hash=False)
    cost: Fraction | None
    importance: int | None
    changes: tuple[PreferenceChange, ...]
    complete: bool
    obstacle: Obstacle | None
    compiled: ListingSolver = field(compare=False, repr=False)

    @property
    def holds_already(self) -> bool:
        """Whether the state is already an equilibrium."""
        return self.cost == 0

    @property
    def possible(self) -> bool:
        """Whether some change makes the state an equilibrium."""
        return self.obstacle is None

    def applied(self, change: PreferenceChange) -> Conflict:
        """Return the conflict with the preferences of a change; it can be analysed and saved."""
        return change.applied(self.conflict)

    def to_dict(self) -> dict[str, Any]:
        """Return the answer as plain data, format ``detente-invert/1``."""
        return {
            "format": self.format,
            **self.conflict.basis.to_dict(),
            "question": "preferences",
            "conflict": {"title": self.conflict.title, "digest": self.digest},
            "version": self.version,
            "state": state_data(self.state),
            "concept": self.concept.id,
            "costs": {id: None if cost is None else _number(cost) for id, cost in self.costs.items()},
            "candidates": {
                maker.id: list(candidates(self.conflict, maker))
                for maker in self.conflict.decision_makers
                if isinstance(maker.preferences, Prioritising) and self.costs[maker.id] is not None
            },
            "holds_already": self.holds_already,
            "possible": self.possible,
            "cost": None if self.cost is None else _number(self.cost),
            "importance": self.importance,
            "complete": self.complete,
            "changes": [
                {
                    "edits": [self._edit_data(edit) for edit in change.edits],
                    "preferences": {id: self._preference_data(one) for id, one in change.preferences.items()},
                    "text": self.words.preference_change_in_words(self, change),
                }
                for change in self.changes
            ],
            "obstacle": None
            if self.obstacle is None
            else {
                "reasons": list(self.words.obstacle_in_words(self)),
                "ways_out": [list(way) for way in self.obstacle.ways_out],
            },
            "conditions": {
                player: self.words.condition(self, player) for player in map("+".join, self.conflict.players)
            },
        }

    def _edit_data(self, edit: PreferenceEdit) -> dict[str, Any]:
        states = [self.compiled.state(number) for number in edit.states or ()]
        return {
            "decision_maker": edit.decision_maker,
            "kind": edit.kind,
            "statement": edit.statement,
            "from": edit.start,
            "to": edit.end,
            "states": [state_data(state) for state in states] or None,
        }

    def _preference_data(self, preferences: Preferences) -> Any:
        if isinstance(preferences, Prioritising):
            return {"preferences": [str(statement.condition) for statement in preferences.statements]}
        assert isinstance(preferences, Ranking)
        return {
            "ranking": [
                [state_data(self.compiled.state(self.compiled.number_of(one))) for one in group]
                for group in preferences.groups
            ]
        }

    def rows(self) -> list[dict[str, Any]]:
        """Return one record for each edit of each change."""
        return [
            {
                "change": number,
                "decision_maker": edit.decision_maker,
                "kind": edit.kind,
                "statement": edit.statement or "",
                "from": edit.start or "",
                "to": edit.end or "",
                "above": edit.states[0] if edit.states else "",
                "below": edit.states[1] if edit.states else "",
            }
            for number, change in enumerate(self.changes, start=1)
            for edit in change.edits
        ]


def invert(
    conflict: Conflict,
    state: StateReference,
    concept: str = "nash",
    *,
    costs: Mapping[str, int | float | str | Fraction] | None = None,
    fixed: Iterable[str] = (),
    limit: int = MAX_CHANGES,
    progress: Progress = no_progress,
) -> Inversion:
    """Find the smallest changes of preferences that make a state an equilibrium.

    The method `detente.Conflict.invert` describes the parameters, the steps and the errors.
    """
    conflict = model_of_day(conflict)
    wanted = inverse_concept(concept)
    prices = _prices(conflict, costs or {}, fixed)
    free = {id: price for id, price in prices.items() if price is not None}
    compiled = listing(conflict, MAX_INVERSE_MOVES, "for this search")
    number = compiled.number_of(state)
    progress(0.1, "writing the program")
    program = InverseProgram(compiled, number, wanted, free)
    progress(0.3, "searching for the smallest change")
    optimum = program.optimum(limit)
    obstacle = None
    if optimum is None:
        progress(0.6, "searching for the obstacle")
        obstacle = _obstacle(compiled, number, wanted, free)
    found = dict.fromkeys(map(_change, optimum.solutions)) if optimum else {}
    changes = tuple(sorted(found, key=lambda change: _order(conflict, change)))
    progress(0.9, "verifying")
    for change in changes:
        # Every change is checked with the ordinary engine.
        if number not in analyze(change.applied(conflict), [wanted.id]).equilibrium_set(wanted.id):
            raise AssertionError(f"the program and the engine disagree on state {number} under {wanted.id}: {change}")
    progress(1.0, "done")
    return Inversion(
        conflict,
        compiled.state(number),
        wanted,
        MappingProxyType(prices),
        optimum.cost if optimum else None,
        optimum.importance if optimum else None,
        changes,
        optimum.complete if optimum else True,
        obstacle,
        compiled,
    )


def inverse_concept(name: str) -> Concept:
    """Return a concept for which the inverse problem can be solved.

    Raises
    ------
    UnknownNameError
        For any other concept; the message lists the possible ones.
    """
    if name.lower() not in INVERSE_CONCEPTS:
        raise UnknownNameError("concept for inverse questions", name, INVERSE_CONCEPTS)
    return CONCEPTS[name.lower()]


def _prices(conflict: Conflict, costs: Mapping[str, Any], fixed: Iterable[str]) -> dict[str, Fraction | None]:
    """Return the cost of an edit by decision maker; None for those with fixed preferences."""
    known = [maker.id for maker in conflict.decision_makers]
    prices: dict[str, Fraction | None] = {id: Fraction(1) for id in known}
    for id, given in {**costs, **dict.fromkeys(fixed, inf)}.items():
        if id not in prices:
            raise UnknownNameError("decision maker", id, known)
        try:
            prices[id] = None if given in (inf, "inf", "infinite") else exact(given)
        except (ValueError, TypeError, ZeroDivisionError) as error:
            raise InputError(f"the cost of '{id}' must be a number, not '{given}'") from error
        if (price := prices[id]) is not None and price <= 0:
            raise InputError(f"the cost of '{id}' must be more than 0, not {given}")
    return prices


def _change(alterations: Iterable[EditedPreferences]) -> PreferenceChange:
    changed = [one for one in alterations if one.edits]
    edits = tuple(edit for one in changed for edit in one.edits)
    return PreferenceChange(edits, MappingProxyType({one.decision_maker: one.preferences for one in changed}))


_KINDS = ("drop", "reverse", "move", "add", "swap", "part")


def _order(conflict: Conflict, change: PreferenceChange) -> Any:
    """Return a sort key that puts the simplest changes first: few parties, plain edits, less important preferences."""
    makers = [maker.id for maker in conflict.decision_makers]
    return (
        len(change.preferences),
        [
            (makers.index(edit.decision_maker), _KINDS.index(edit.kind), edit.start or 0, edit.end or 0,
             edit.statement or "", edit.states or ())
            for edit in change.edits
        ],
    )  # fmt: skip


#: The concept that a concept reduces to if the others may have any preferences.
_WHATEVER_OTHERS_WANT = {"nash": "nash", "gmr": "gmr", "smr": "smr", "seq": "gmr", "sseq": "smr"}


def _obstacle(compiled: ListingSolver, number: int, concept: Concept, free: Mapping[str, Fraction]) -> Obstacle:
    conflict = compiled.conflict
    fixed = [maker.id for maker in conflict.decision_makers if maker.id not in free]
    ways: list[tuple[str, ...]] = []
    for size in range(1, len(fixed) + 1):
        for freed in combinations(fixed, size):
            if any(set(way) <= set(freed) for way in ways):
                continue
            more = {**free, **dict.fromkeys(freed, Fraction(1))}
            if InverseProgram(compiled, number, concept, more).feasible():
                ways.append(freed)
    weakest = CONCEPTS[_WHATEVER_OTHERS_WANT[concept.id]]
    leaving = []
    for place, members in enumerate(conflict.players):
        if not any(id in free for id in members):
            improvements = compiled.why(number, place, weakest).improvements
            leaving.append((members, tuple(one.to for one in improvements if one.sanction is None)))
    return Obstacle(tuple((members, ends) for members, ends in leaving if ends), tuple(ways))


def _number(value: Fraction) -> int | float:
    return int(value) if value.denominator == 1 else float(value)


__all__ = [
    "INVERSE_CONCEPTS",
    "Inversion",
    "Obstacle",
    "PreferenceChange",
    "PreferenceEdit",
    "inverse_concept",
    "invert",
]
