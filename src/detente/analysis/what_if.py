"""What becomes of the equilibria when a rule falls, a preference changes its place, or a statement is not believed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from detente.analysis.equilibria import Analysis, analyze, named_states
from detente.errors import InputError, TooLargeError, UnknownNameError
from detente.limits import MAX_LISTED
from detente.model.conflict import Conflict
from detente.model.day import model_of_day, no_preferences_known
from detente.model.preferences import Prioritising
from detente.model.states import State

Place = tuple[str | int, ...]


@dataclass(frozen=True)
class WhatIfChanges:
    """What is to be otherwise than in the file.

    ``off`` holds places of rules, preferences and one-way marks that fall; ``order`` a new order of a
    decision maker's preferences, by their places in the file; ``doubted`` statements that are not believed.
    """

    off: Collection[Place] = ()
    order: Mapping[str, Sequence[int]] | None = None
    doubted: Collection[str] = ()


def with_changes(conflict: Conflict, changes: WhatIfChanges) -> Conflict:
    """Return the conflict with these changes."""
    off = set(changes.off)
    known: set[Place] = {("rules", place) for place in range(len(conflict.rules))}
    known |= {("one_way", mark.option) for mark in conflict.one_way}
    makers = []
    for maker in conflict.decision_makers:
        preferences = maker.preferences
        if isinstance(preferences, Prioritising):
            count = len(preferences.statements)
            order = list((changes.order or {}).get(maker.id, range(count)))
            if sorted(order) != list(range(count)):
                raise InputError(f"the new order of {maker.label}'s preferences does not name each of them once")
            at: list[Place] = [("decision_makers", maker.id, "preferences", place) for place in range(count)]
            known |= set(at)
            kept = tuple(preferences.statements[place] for place in order if at[place] not in off)
            maker = replace(maker, preferences=replace(preferences, statements=kept))
        makers.append(maker)
    for place in sorted(off - known, key=str):
        raise UnknownNameError("element that can fall", "/".join(map(str, place)))
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
    """Return the statements that are no longer in force when some are not believed, and those themselves."""
    believed, without = (conflict.testimony(fixed=_disbelieved(ids)).in_force() for ids in ((), doubted))
    return (believed - without) | frozenset(doubted)


def _disbelieved(ids: Collection[str]) -> tuple[tuple[str, bool], ...]:
    return tuple((id, False) for id in ids)


def what_if_data(before: Analysis, conflict: Conflict, changes: WhatIfChanges) -> dict[str, Any]:
    """Return which equilibria come and go when a conflict is changed.

    ``number`` counts the states among which it is an equilibrium, ``in_file`` those of the file, if it is one of them.
    """
    concepts = [concept.id for concept in before.concepts]
    after = analyze(with_changes(conflict, changes), concepts)
    unknown = no_preferences_known(after.conflict)
    if max(before.count, after.count) > MAX_LISTED:
        raise TooLargeError(f"more than {MAX_LISTED:,} states are too many to compare one by one")
    names = {state.pattern: state.name for one in (after, before) for state in named_states(one.solver)}
    answers = []
    for concept in before.concepts:
        had, has = ({state.pattern: state for state in one.equilibria(concept.id)} for one in (before, after))
        answers.append(
            {
                "concept": concept.id,
                "title": concept.title,
                "stay": [_state(state, names) for pattern, state in had.items() if pattern in has],
                "came": [
                    {**_state(state, names), "in_file": _number(before, pattern)}
                    for pattern, state in has.items()
                    if pattern not in had
                ],
                "went": [_state(state, names) for pattern, state in had.items() if pattern not in has],
                "status_quo": [_is_equilibrium(one, concept.id) for one in (before, after)],
            }
        )
    return {
        "format": "detente-what-if/1",
        "count": [before.count, after.count],
        "fallen": sorted(disbelieved_statements(conflict, changes.doubted)) if changes.doubted else [],
        "unknown": f"Note: {unknown}." if unknown else "",
        "concepts": answers,
    }


def _state(state: State, names: Mapping[str, str | None]) -> dict[str, Any]:
    return {
        "number": state.number,
        "in_file": state.number,
        "state": state.pattern,
        "name": state.name or names.get(state.pattern),
    }


def _number(analysis: Analysis, pattern: str) -> int | None:
    """Return which state has these letters; None where that is not feasible."""
    try:
        return analysis.solver.number_of(pattern)
    except UnknownNameError:
        return None


def _is_equilibrium(analysis: Analysis, concept: str) -> bool | None:
    quo = analysis.conflict.status_quo
    if quo is None:
        return None
    number = analysis.solver.number_of(analysis.conflict.pattern(quo.taken))
    return number in analysis.equilibrium_set(concept)
