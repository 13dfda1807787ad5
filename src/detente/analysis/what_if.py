"""What if: the equilibria without some rules, with reordered preferences, or without belief in some statements."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import field, replace
from functools import cached_property
from typing import Any

from detente.analysis.equilibria import Analysis, analyze, named_states
from detente.analysis.result import Result
from detente.concepts import Concept
from detente.errors import InputError, TooLargeError, UnknownNameError
from detente.io.scenarios import Scenario
from detente.lazy import dataclass
from detente.limits import MAX_LISTED
from detente.model.conflict import Conflict
from detente.model.day import model_of_day, no_preferences_known
from detente.model.preferences import Prioritising
from detente.model.states import State

_Place = tuple[str | int, ...]


@dataclass(frozen=True)
class WhatIfChanges:
    """Hypothetical changes to a dispute.

    ``off`` lists the places of rules, preferences and one-way marks to remove; ``order`` a new order of a decision
    maker's preferences, by their places in the file; ``doubted`` the statements that are not believed.
    """

    off: Collection[_Place] = ()
    order: Mapping[str, Sequence[int]] | None = None
    doubted: Collection[str] = ()


def with_changes(conflict: Conflict, changes: WhatIfChanges) -> Conflict:
    """Return the conflict with these changes made."""
    off = set(changes.off)
    known: set[_Place] = {("rules", place) for place in range(len(conflict.rules))}
    known |= {("one_way", mark.option) for mark in conflict.one_way}
    makers = []
    for maker in conflict.decision_makers:
        preferences = maker.preferences
        if isinstance(preferences, Prioritising):
            count = len(preferences.statements)
            order = list((changes.order or {}).get(maker.id, range(count)))
            if sorted(order) != list(range(count)):
                raise InputError(f"the new order of {maker.label}'s preferences must name each of them once")
            at: list[_Place] = [("decision_makers", maker.id, "preferences", place) for place in range(count)]
            known |= set(at)
            kept = tuple(preferences.statements[place] for place in order if at[place] not in off)
            maker = replace(maker, preferences=replace(preferences, statements=kept))
        makers.append(maker)
    for place in sorted(off - known, key=str):
        raise UnknownNameError("element that can be switched off", "/".join(map(str, place)))
    made = conflict.replaced(
        decision_makers=makers,
        rules=[rule for place, rule in enumerate(conflict.rules) if ("rules", place) not in off],
        one_way=[mark for mark in conflict.one_way if ("one_way", mark.option) not in off],
    )
    ids = {statement.id for statement in conflict.all_statements}
    for id in changes.doubted:
        if id not in ids:
            raise UnknownNameError("statement", id, ids)
    return model_of_day(made, made.testimony(fixed=_disbelieved(changes.doubted)))


def disbelieved_statements(conflict: Conflict, doubted: Collection[str]) -> frozenset[str]:
    """Return some disbelieved statements and those that are no longer in force because of them."""
    believed, without = (conflict.testimony(fixed=_disbelieved(ids)).in_force() for ids in ((), doubted))
    return (believed - without) | frozenset(doubted)


def _disbelieved(ids: Collection[str]) -> tuple[tuple[str, bool], ...]:
    return tuple((id, False) for id in ids)


@dataclass(frozen=True)
class WhatIfEffect:
    """The effect of the changes under a concept: the equilibria that appear, disappear and stay, and the status quo.

    States that appear have their numbers in the changed conflict, others those of the file. ``status_quo`` tells for
    the file and for the changed conflict whether its status quo is an equilibrium; None without one.
    """

    concept: Concept
    stay: tuple[State, ...]
    came: tuple[State, ...]
    went: tuple[State, ...]
    status_quo: tuple[bool | None, bool | None]


@dataclass(frozen=True)
class WhatIf(Result):
    """The equilibria that appear and disappear if a conflict is changed; ``disbelieved`` lists statements no longer in
    force.
    """

    question = "what_if"

    before: Analysis = field(repr=False)
    after: Analysis = field(repr=False)
    effects: tuple[WhatIfEffect, ...]
    disbelieved: tuple[str, ...]

    @cached_property
    def _names(self) -> dict[str, str | None]:
        return {state.pattern: state.name for one in (self.after, self.before) for state in named_states(one.solver)}

    def name(self, state: State) -> str | None:
        """Return the name of a state in either conflict."""
        return state.name or self._names.get(state.pattern)

    def number_in_file(self, state: State) -> int | None:
        """Return the number of the file's state with the same pattern; None if that is not feasible."""
        try:
            return self.before.solver.number_of(state.pattern)
        except UnknownNameError:
            return None

    def is_feasible(self, state: State) -> bool:
        """Tell whether the changed conflict has a state."""
        try:
            self.after.solver.number_of(state.pattern)
        except UnknownNameError:
            return False
        return True

    def to_dict(self) -> dict[str, Any]:
        """Return the answer as plain data, format ``detente-what-if/1``.

        ``number`` is the state's number in the conflict in which it is an equilibrium, ``in_file`` its number in the
        file, if any.
        """
        unknown = no_preferences_known(self.after.conflict)
        return {
            "format": "detente-what-if/1",
            "count": [self.before.count, self.after.count],
            "fallen": list(self.disbelieved),
            "unknown": f"Note: {unknown}." if unknown else "",
            "concepts": [
                {
                    "concept": one.concept.id,
                    "title": one.concept.title,
                    "stay": [self._state_data(state, state.number) for state in one.stay],
                    "came": [self._state_data(state, self.number_in_file(state)) for state in one.came],
                    "went": [self._state_data(state, state.number) for state in one.went],
                    "status_quo": list(one.status_quo),
                }
                for one in self.effects
            ],
        }

    def _state_data(self, state: State, in_file: int | None) -> dict[str, Any]:
        return {"number": state.number, "in_file": in_file, "state": state.pattern, "name": self.name(state)}

    def rows(self) -> list[dict[str, Any]]:
        """Return one record for each concept and state that appears, disappears or stays."""
        return [
            {"concept": one.concept.id, "effect": effect, "number": state.number, "state": state.pattern}
            for one in self.effects
            for effect in ("came", "went", "stay")
            for state in getattr(one, effect)
        ]


def what_if(before: Analysis, conflict: Conflict, changes: WhatIfChanges) -> WhatIf:
    """Find the equilibria that appear and disappear if a conflict is changed; ``before`` is its analysis without
    changes.
    """
    after = analyze(with_changes(conflict, changes), [concept.id for concept in before.concepts])
    if max(before.count, after.count) > MAX_LISTED:
        raise TooLargeError(f"more than {MAX_LISTED:,} states cannot be compared one by one")
    effects = []
    for concept in before.concepts:
        had, has = ({state.pattern: state for state in one.equilibria(concept.id)} for one in (before, after))
        effects.append(
            WhatIfEffect(
                concept,
                tuple(state for pattern, state in had.items() if pattern in has),
                tuple(state for pattern, state in has.items() if pattern not in had),
                tuple(state for pattern, state in had.items() if pattern not in has),
                (_is_stuck(before, concept.id), _is_stuck(after, concept.id)),
            )
        )
    disbelieved = sorted(disbelieved_statements(conflict, changes.doubted)) if changes.doubted else ()
    return WhatIf(before, after, tuple(effects), tuple(disbelieved))


def what_if_of(before: Analysis, conflict: Conflict, scenario: Scenario) -> WhatIf:
    """Find the equilibria that appear and disappear in a scenario."""
    return what_if(before, conflict, WhatIfChanges(scenario.off, scenario.order, scenario.doubted))


def _is_stuck(analysis: Analysis, concept: str) -> bool | None:
    quo = analysis.conflict.status_quo
    if quo is None:
        return None
    return analysis.solver.number_of(analysis.conflict.pattern(quo.taken)) in analysis.equilibrium_set(concept)
