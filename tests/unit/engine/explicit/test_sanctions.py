"""What deters from many improvements at once is what a search from each of them finds: the same moves, step by step."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

import detente as dt
from benchmarks.disputes import dispute
from detente.concepts import CONCEPTS, VARIANTS, Concept, Respond
from detente.engine.explicit import definition
from detente.engine.explicit.sanctions import ShortestSanctions, legal_sequences
from detente.engine.explicit.simultaneous import Simultaneity, Witness
from detente.engine.explicit.solver import ExplicitSolver
from detente.engine.space import Bools
from tests.examples import examples
from tests.reference.brute_force import PLAIN
from tests.strategies import conflicts

relaxed = settings(suppress_health_check=list(HealthCheck), deadline=None)
IN_TURN = (Respond.NOBODY, Respond.MOVES, Respond.IMPROVEMENTS)
SEQUENCES = [id for id in PLAIN if CONCEPTS[id].respond in IN_TURN]
OTHERS = [
    concept
    for concept in (*CONCEPTS.values(), *VARIANTS.values())
    if concept.family != "plain" and concept.respond in IN_TURN
]


def one_by_one(compiled: ExplicitSolver, concept: Concept, state: int, player: int, end: int) -> object:
    """The moves that a search from one improvement comes upon first."""
    if concept.respond is Respond.NOBODY:
        return None
    deters = definition.sanctioning(concept, state, player, compiled.players)
    visits = legal_sequences(concept, end, player, compiled._responses)
    return next((visit.steps() for visit in visits if deters[visit.state]), None)


def same_answers(compiled: ExplicitSolver, concept: Concept, player: int) -> None:
    for state in range(compiled.count):
        improvements = definition.improvements(concept, state, player, compiled.players)
        shortest = ShortestSanctions(concept, state, player, compiled._responses, improvements)
        for end in improvements.tolist():
            steps = one_by_one(compiled, concept, state, player, end)
            assert shortest.path(end) == steps
            event(f"{concept.id}: {'no answer' if steps is None else f'{len(steps)} moves'}")


@settings(relaxed, max_examples=examples(150))
@given(conflict=conflicts(), draw=st.data())
def test_shortest_sanctions_equal_a_search_from_each_improvement(conflict: dt.Conflict, draw: st.DataObject) -> None:
    compiled = ExplicitSolver(conflict)
    concept = CONCEPTS[draw.draw(st.sampled_from(SEQUENCES))]
    for player in range(len(compiled.players)):
        same_answers(compiled, concept, player)


@settings(relaxed, max_examples=examples(80))
@given(conflict=conflicts(max_options=5, unsure=True, attitudes=True), concept=st.sampled_from(OTHERS))
def test_shortest_sanctions_equal_a_search_with_uncertain_preferences(conflict: dt.Conflict, concept: Concept) -> None:
    """Uncertain preferences and attitudes are decided state by state."""
    if concept.family == "relational":
        conflict = conflict.replaced(coalitions=[])
    compiled = ExplicitSolver(conflict)
    for player in range(len(compiled.players)):
        same_answers(compiled, concept, player)


@settings(relaxed, max_examples=examples(15))
@given(
    seed=st.integers(0, 1000), makers=st.integers(2, 5), merges=st.integers(0, 2), concept=st.sampled_from(SEQUENCES)
)
def test_shortest_sanctions_equal_a_search_in_larger_disputes(
    seed: int, makers: int, merges: int, concept: str
) -> None:
    """Where answers are several moves long, and many are as short."""
    conflict = dispute(8, makers, seed)
    names = [option.id for option in conflict.options]
    conflict = conflict.replaced(
        merge=[f"{names[0]} and {names[3]}", names[5]][:merges],
        rules=[dt.never(f"{names[1]} and {names[6]} and not {names[2]}")],
        one_way={names[4]: True},
    )
    compiled = ExplicitSolver(conflict)
    for player in range(len(compiled.players)):
        same_answers(compiled, CONCEPTS[concept], player)


def leading_to(
    simultaneity: Simultaneity, player: int, start: int, end: int, among: Sequence[Bools] | None
) -> list[int]:
    """The members that one improvement and some combination of the others' lead to, and that deter."""
    state = int(simultaneity._state_of[start])
    own = simultaneity._strategies[player]
    found = np.flatnonzero(own == own[end])
    deterring = found[~simultaneity.players[player].better(state, simultaneity._state_of[found])]
    return simultaneity._in_combination(player, start, deterring, among).tolist()


def searched(
    compiled: ExplicitSolver, player: int, state: int, improvement: int, among: Sequence[Bools] | None
) -> Witness | None:
    """The combination found by trying everything for one improvement: the first of those with the fewest movers."""
    simultaneity = compiled._simultaneity
    best: Witness | None = None
    for member in np.flatnonzero(simultaneity._state_of == state).tolist():
        for end in simultaneity._ends(player, member).tolist():
            if simultaneity._state_of[end] != improvement:
                continue
            for reached in leading_to(simultaneity, player, member, end, among):
                moved = [
                    place
                    for place, own in enumerate(simultaneity._strategies)
                    if place != player and own[reached] != own[member]
                ]
                if best is None or len(moved) < len(best[0]):
                    steps = [(place, simultaneity._alone(place, member, reached)) for place in moved]
                    best = steps, int(simultaneity._state_of[reached])
    return best


@pytest.mark.parametrize("contested", [False, True])
@settings(relaxed, max_examples=examples(80))
@given(conflict=conflicts(min_makers=2))
def test_simultaneous_sanctions_equal_a_search_from_each_improvement(contested: bool, conflict: dt.Conflict) -> None:
    compiled = ExplicitSolver(conflict)
    among = compiled._unstable_together if contested else None
    for player in range(len(compiled.players)):
        for state in range(compiled.count):
            witness = compiled._simultaneity.witnesses(player, state, among)
            for end in definition.improvements(CONCEPTS["nash"], state, player, compiled.players).tolist():
                assert witness(end) == searched(compiled, player, state, end, among)
