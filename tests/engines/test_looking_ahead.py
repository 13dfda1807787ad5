"""Limited-move, non-myopic and maximin stability: every engine says what the definitions say."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import detente as dt
from detente.analysis.equilibria import Analysis
from tests.examples import examples
from tests.reference.brute_force import BruteForce
from tests.strategies import conflicts

#: Only the explicit engine decides these.
pytestmark = pytest.mark.parametrize("engine", ["explicit"])
relaxed = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
two_parties = conflicts(max_options=5, coalitions=False, max_makers=2)


def stable(analysis: Analysis, concept: str, player: int) -> list[int]:
    return [int(state) for state in analysis.stable(concept, analysis.players[player])]


@settings(relaxed, max_examples=examples(150))
@given(conflict=two_parties)
def test_limited_move_stability_equals_the_definition(engine: str, conflict: dt.Conflict) -> None:
    reference = BruteForce(conflict)
    horizons = [1, 2, 3, 4, 7]
    analysis = conflict.analyze([f"limited_move_{horizon}" for horizon in horizons], engine)
    for horizon in horizons:
        ends = reference.ends(horizon)
        for player in range(len(conflict.players)):
            staying = [number for number, state in enumerate(reference.states, 1) if ends[player, state] == state]
            assert stable(analysis, f"limited_move_{horizon}", player) == staying


@settings(relaxed, max_examples=examples(150))
@given(conflict=two_parties)
def test_non_myopic_stability_equals_the_definition(engine: str, conflict: dt.Conflict) -> None:
    reference = BruteForce(conflict)
    analysis = conflict.analyze(["non_myopic"], engine)
    for player, name in enumerate(analysis.players):
        outlooks = {number: reference.outlook(player, state) for number, state in enumerate(reference.states, 1)}
        assert stable(analysis, "non_myopic", player) == [n for n, (stays, _) in outlooks.items() if stays == {True}]
        cycling = analysis.cycling("non_myopic", name)
        assert list(cycling) == [number for number, (stays, _) in outlooks.items() if len(stays) == 2]
        for number, length in cycling.items():
            # Ends that are as good for both count as one in the reference: so its cycle may be a part of ours.
            assert length % outlooks[int(number)][1] == 0


@settings(relaxed, max_examples=examples(100))
@given(conflict=conflicts(max_options=4, merges=True))
def test_maximin_stability_equals_the_definition(engine: str, conflict: dt.Conflict) -> None:
    """Standing coalitions, merged states and three or more decision makers among them."""
    reference = BruteForce(conflict)
    horizons = [1, 2, 3, 4, 5]
    analysis = conflict.analyze([f"maximin_{horizon}" for horizon in horizons], engine)
    for horizon in horizons:
        for player in range(len(conflict.players)):
            held = [
                number
                for number, state in enumerate(reference.states, 1)
                if reference.maximin_stable(horizon, player, state)
            ]
            assert stable(analysis, f"maximin_{horizon}", player) == held


@settings(relaxed, max_examples=examples(100))
@given(conflict=two_parties, horizon=st.integers(1, 9))
def test_anticipated_play_consists_of_best_moves(engine: str, conflict: dt.Conflict, horizon: int) -> None:
    reference = BruteForce(conflict)
    analysis = conflict.analyze([f"limited_move_{horizon}"], engine)
    number = {state: place for place, state in enumerate(reference.states, 1)}
    for player, name in enumerate(analysis.players):
        for start in reference.states:
            why = analysis.why(number[start], name, f"limited_move_{horizon}")
            assert why.stable == (number[start] in analysis.stable(f"limited_move_{horizon}", name))
            expects = why.verdict.expects
            assert expects.leaves is not why.stable
            assert str(why) and why.to_dict()["expects"]["horizon"] == horizon
            assert len(expects.steps) <= horizon
            assert bool(expects.steps) == bool(reference.player_moves[player][start])
            here, mover = start, player
            for left, step in zip(range(horizon, 0, -1), expects.steps, strict=False):
                assert step.player == mover
                to = reference.states[step.to - 1]
                assert to in reference.player_moves[mover][here]
                if here is not start or expects.leaves:
                    end = reference.ends(left)[mover, here]
                    assert reference.worths(end) == reference.worths(reference.states[expects.end - 1])
                here, mover = to, 1 - mover
            assert number[here] == expects.end


@settings(relaxed, max_examples=examples(100))
@given(conflict=conflicts(max_options=4), horizon=st.integers(2, 6))
def test_maximin_sanction_is_a_line_of_alternating_play(engine: str, conflict: dt.Conflict, horizon: int) -> None:
    reference = BruteForce(conflict)
    id = f"maximin_{horizon}"
    analysis = conflict.analyze([id], engine)
    for player, name in enumerate(analysis.players):
        for number, start in enumerate(reference.states, 1):
            why = analysis.why(number, name, id)
            assert why.stable == (number in analysis.stable(id, name))
            assert str(why) and why.to_dict()["text"]
            for one in why.verdict.improvements:
                improvement = reference.states[one.to - 1]
                assert (one.sanction is None) == reference.secures(player, start, improvement, horizon - 1, False)
                if one.sanction is None:
                    continue
                here, last, turns = improvement, player, 1
                for step in one.sanction.steps:
                    to = reference.states[step.to - 1]
                    assert to in reference.player_moves[step.player][here]
                    assert step.player != last
                    if (step.player == player) != (last == player):
                        turns += 1
                    here, last = to, step.player
                assert here == reference.states[one.sanction.end - 1]
                assert turns <= horizon
                assert not reference.better(player, here, start)
