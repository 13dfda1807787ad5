"""What must be true of limited-move, non-myopic and maximin stability in every model."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import detente as dt
from tests.examples import examples
from tests.strategies import conflicts

relaxed = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much], max_examples=examples(80))
two_parties = conflicts(coalitions=False, max_makers=2)


def stable_sets(conflict: dt.Conflict, *concepts: str) -> list[dict[str, set[dt.State]]]:
    analysis = conflict.analyze(concepts)
    return [{player: set(analysis.stable(id, player)) for player in analysis.players} for id in concepts]


@relaxed
@given(conflict=two_parties)
def test_limited_move_1_equals_nash(conflict: dt.Conflict) -> None:
    nash, limited = stable_sets(conflict, "nash", "limited_move_1")
    assert nash == limited


@settings(relaxed, max_examples=examples(150))
@given(conflict=conflicts())
def test_maximin_1_to_3_equal_nash_gmr_and_smr(conflict: dt.Conflict) -> None:
    nash, gmr, smr, one, two, three = stable_sets(conflict, "nash", "gmr", "smr", "maximin_1", "maximin_2", "maximin_3")
    assert (nash, gmr, smr) == (one, two, three)


@relaxed
@given(conflict=conflicts())
def test_maximin_sets_grow_with_odd_and_shrink_with_even_horizons(conflict: dt.Conflict) -> None:
    """Nash within SMR within Maximin 5, … within Maximin 6 within Maximin 4 within GMR."""
    chain = stable_sets(conflict, *(f"maximin_{horizon}" for horizon in (1, 3, 5, 7, 6, 4, 2)))
    for smaller, larger in pairwise(chain):
        assert all(smaller[player] <= larger[player] for player in smaller)


@relaxed
@given(conflict=conflicts(max_options=4, coalitions=False, min_makers=2, max_makers=2, strict=True))
def test_limited_moves_equal_maximin_for_opposite_preferences(conflict: dt.Conflict) -> None:
    first, second = conflict.decision_makers
    opposite = dt.DecisionMaker(
        second.id, options=second.options, preferences=dt.Ranking(first.preferences.groups[::-1])
    )
    opposed = conflict.replaced(decision_makers=[first, opposite])
    for horizon in range(1, 7):
        limited, maximin = stable_sets(opposed, f"limited_move_{horizon}", f"maximin_{horizon}")
        assert limited == maximin


@relaxed
@given(conflict=conflicts(max_options=5, coalitions=False, max_makers=2, strict=True))
def test_non_myopic_stability_is_the_limit_of_limited_moves(conflict: dt.Conflict) -> None:
    analysis = conflict.analyze(["non_myopic"])
    further = range(60, 72)
    looking = conflict.analyze([f"limited_move_{horizon}" for horizon in further])
    for player in analysis.players:
        cycling = analysis.cycling("non_myopic", player)
        assert not set(cycling) & set(analysis.stable("non_myopic", player))
        for state in analysis.states():
            stays = [state in looking.stable(f"limited_move_{horizon}", player) for horizon in further]
            why = analysis.why(int(state), player, "non_myopic")
            if state in cycling:
                assert why.stable is None
                assert len(why.verdict.expects.repeated) == cycling[state] > 1
                if cycling[state] <= len(further):
                    assert len(set(stays)) == 2
            else:
                assert set(stays) == {why.stable} == {state in analysis.stable("non_myopic", player)}


@relaxed
@given(conflict=two_parties, data=st.data())
def test_party_without_moves_is_stable(conflict: dt.Conflict, data: st.DataObject) -> None:
    ids = ["non_myopic", *(f"{stem}_{data.draw(st.integers(1, 30))}" for stem in ("limited_move", "maximin"))]
    analysis = conflict.analyze(ids)
    movers = {(arc.player, arc.start) for arc in analysis.solver.arcs()}
    for place, player in enumerate(analysis.players):
        for state in analysis.states():
            if (place, state.number) not in movers:
                assert all(state in analysis.stable(concept, player) for concept in ids)
    if len(analysis.players) == 1:
        nash = conflict.analyze(["nash"]).equilibria("nash")
        assert all(analysis.equilibria(concept) == nash for concept in ids)


@relaxed
@given(conflict=two_parties)
def test_indifferent_parties_are_stable_everywhere(conflict: dt.Conflict) -> None:
    blank = [dt.DecisionMaker(maker.id, options=maker.options) for maker in conflict.decision_makers]
    analysis = conflict.replaced(decision_makers=blank).analyze(["limited_move_4", "maximin_4", "non_myopic"])
    assert all(len(analysis.equilibria(concept.id)) == analysis.count for concept in analysis.concepts)


@relaxed
@given(
    conflict=conflicts(coalitions=False, statements_only=True, min_makers=2, max_makers=2, merges=False),
    data=st.data(),
)
def test_order_of_states_and_parties_breaks_no_tie(conflict: dt.Conflict, data: st.DataObject) -> None:
    """Ties are broken by what the ends are worth, never by which state or decision maker is written first."""
    shuffled = conflict.replaced(
        decision_makers=[
            dt.DecisionMaker(maker.id, options=data.draw(st.permutations(maker.options)), preferences=maker.preferences)
            for maker in reversed(conflict.decision_makers)
        ]
    )
    ids = ["limited_move_2", "limited_move_5", "non_myopic", "maximin_4"]
    assert by_options(conflict, ids) == by_options(shuffled, ids)


def by_options(conflict: dt.Conflict, ids: list[str]) -> dict[tuple[str, str], set[frozenset[str]]]:
    analysis = conflict.analyze(ids)
    return {
        (id, player): {frozenset(state.taken) for state in analysis.stable(id, player)}
        for id in ids
        for player in analysis.players
    }


@relaxed
@given(conflict=conflicts(coalitions=False, statements_only=True, min_makers=2), horizon=st.integers(1, 6))
def test_maximin_ignores_the_preferences_of_others(conflict: dt.Conflict, horizon: int) -> None:
    first, *others = conflict.decision_makers
    blank = [dt.DecisionMaker(maker.id, options=maker.options) for maker in others]
    changed = conflict.replaced(decision_makers=[first, *blank])
    id = f"maximin_{horizon}"
    assert conflict.analyze([id]).stable(id, first.id) == changed.analyze([id]).stable(id, first.id)


@relaxed
@given(conflict=two_parties, horizon=st.integers(1, 5))
def test_very_long_horizon_is_read_from_the_cycle(conflict: dt.Conflict, horizon: int) -> None:
    """What repeats repeats: a thousand million moves ahead are as many as the same place in the cycle."""
    ids = ["limited_move_999999999", "maximin_999999999"]
    analysis = conflict.analyze(ids)
    expected = conflict.analyze([f"maximin_{2 * analysis.count + 1}"])
    for player in analysis.players:
        assert analysis.stable(ids[1], player) == expected.stable(expected.concepts[0].id, player)
        for state in analysis.states():
            assert (state in analysis.stable(ids[0], player)) is analysis.why(int(state), player, ids[0]).stable


@relaxed
@given(conflict=conflicts(min_makers=2))
def test_undefined_concept_is_refused(conflict: dt.Conflict) -> None:
    assume(len(conflict.players) > 2 or any(len(members) > 1 for members in conflict.players))
    for id in ("limited_move_2", "non_myopic"):
        with pytest.raises(dt.NotDefinedError, match=r"maximin_\d"):
            conflict.analyze([id])
        with pytest.raises(dt.NotDefinedError):
            conflict.explain(1, "+".join(conflict.players[0]), id)
