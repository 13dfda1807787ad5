"""Sweeps over whole arrays decide as the definition does, state by state."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

import detente as dt
from detente.concepts import CONCEPTS, VARIANTS, Concept, Improvement, Respond, Sanction
from detente.engine.explicit import fixpoints
from detente.engine.explicit.definition import improvements, sanctioning, stable_by_definition
from detente.engine.explicit.solver import ExplicitSolver
from detente.errors import NotDefinedError
from tests.examples import examples
from tests.strategies import conflicts

RESPONSES = (Respond.NOBODY, Respond.MOVES, Respond.IMPROVEMENTS)
SERVED = [concept for concept in (CONCEPTS | VARIANTS).values() if concept.respond in RESPONSES]
relaxed = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])


def ends_of_responses(concept: Concept, player: int, solver: ExplicitSolver) -> list[set[int]]:
    """For each state the ends of the others' legal sequences, in which nobody moves twice in a row."""

    @cache
    def steps(mover: int, here: int) -> list[int]:
        return solver._responses.steps(concept, mover, here).tolist()

    ends: list[set[int]] = []
    for start in range(solver.count):
        seen: set[tuple[int, int]] = set()
        waiting = [(start, player)] if concept.respond is not Respond.NOBODY else []
        while waiting:
            here, last = waiting.pop()
            for mover in range(len(solver.players)):
                if mover not in (player, last):
                    reached = {(end, mover) for end in steps(mover, here)}
                    waiting += reached - seen
                    seen |= reached
        ends.append({end for end, _ in seen})
    return ends


def state_by_state(concept: Concept, player: int, solver: ExplicitSolver) -> list[bool]:
    """The definition without any short cut."""
    ends = ends_of_responses(concept, player, solver)
    stable = []
    for state in range(solver.count):
        tempting = improvements(concept, state, player, solver.players).tolist()
        deters = set(np.flatnonzero(sanctioning(concept, state, player, solver.players)).tolist())
        stable.append(all(ends[end] & deters for end in tempting))
    return stable


def agree_on_every_concept(conflict: dt.Conflict) -> None:
    solver = ExplicitSolver(conflict)
    for concept in SERVED:
        try:
            concept.must_be_defined(conflict)
        except NotDefinedError:
            continue
        for player in range(len(solver.players)):
            if len(solver.players) > 1 or concept.respond is Respond.NOBODY:
                expected = state_by_state(concept, player, solver)
                assert solver.mask(concept, player).tolist() == expected, concept.id
                assert stable_by_definition(concept, player, solver._responses).tolist() == expected, concept.id


@settings(relaxed, max_examples=examples(400))
@given(conflict=conflicts(max_options=5, unsure=True))
def test_sweeps_equal_the_definition_where_some_parties_are_graded(conflict: dt.Conflict) -> None:
    agree_on_every_concept(conflict)


@settings(relaxed, max_examples=examples(200))
@given(conflict=conflicts(max_options=5, attitudes=True))
def test_sweeps_equal_the_definition_with_attitudes(conflict: dt.Conflict) -> None:
    agree_on_every_concept(conflict)


@settings(relaxed, max_examples=examples(200))
@given(conflict=conflicts(max_options=4, strict=True))
def test_sweeps_equal_the_definition_without_ties(conflict: dt.Conflict) -> None:
    agree_on_every_concept(conflict)


def unknown_for_one(unknown: bool) -> ExplicitSolver:
    """Two parties with strict preferences; of the first, one preference may have an unknown direction."""
    first = [dt.PreferenceStatement(dt.parse("b"), unknown=unknown), "a"]
    makers = [
        dt.DecisionMaker("i", options=["a"], preferences=first),
        dt.DecisionMaker("j", options=["b"], preferences=["a", "b"]),
    ]
    return ExplicitSolver(dt.Conflict("graded", makers))


@pytest.mark.parametrize(
    ("id", "unknown", "player", "plain"),
    [
        ("gmr_a", False, 0, True),
        ("gmr_a", True, 0, False),
        ("gmr_a", True, 1, True),
        ("seq_c", True, 1, False),
        ("seq_c", False, 1, True),
        ("fuzzy_smr", True, 0, True),
        ("relational_smr", True, 1, True),
    ],
)
def test_only_a_party_about_whom_something_is_graded_is_compared_state_by_state(
    id: str, unknown: bool, player: int, plain: bool
) -> None:
    players = unknown_for_one(unknown).players
    found = fixpoints.ungraded((CONCEPTS | VARIANTS)[id], player, players)
    words = (found.improvement, found.sanction, found.credible, found.lasting)
    assert (words == (Improvement.BETTER, Sanction.NOT_BETTER, Improvement.BETTER, None)) == plain
    assert fixpoints.serves(found, player, players) == plain


def test_threshold_of_zero_is_not_plain() -> None:
    """With alpha = 0 no chance exceeds 1 - alpha, so that even a certain preference tempts nobody."""
    makers = [
        dt.DecisionMaker("i", options=["a"], preferences=["a"], thresholds=dt.Thresholds(alpha=0)),
        dt.DecisionMaker("j", options=["b"], preferences=["b"]),
    ]
    solver = ExplicitSolver(dt.Conflict("zero", makers))
    nash = next(one for one in SERVED if one.family == "probabilistic" and one.respond is Respond.NOBODY)
    assert np.all(solver.mask(nash, 0))
    assert not np.all(solver.mask(nash, 1))
