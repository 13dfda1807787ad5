"""What a decision maker makes of two states, to the last digit; and what is too large to compare pair by pair."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

import detente as dt
from detente.concepts import CONCEPTS
from detente.engine.explicit import definition
from detente.engine.explicit.players import PreferenceView
from detente.engine.explicit.solver import ExplicitSolver
from tests.examples import examples
from tests.strategies import conflicts


def view(count: int, confidence: object, **limits: object) -> PreferenceView:
    """The view of a decision maker who holds ``count`` statements, one on each option, with the same confidence."""
    options = [f"o{place}" for place in range(count)]
    statements = [dt.PreferenceStatement(dt.parse(option), confidence=confidence) for option in options]
    rules = [f"if o{place} then o{place + 1}" for place in range(count - 1)]
    maker = dt.DecisionMaker("i", options=options, preferences=statements, thresholds=dt.Thresholds(**limits))
    return ExplicitSolver(dt.Conflict("chances", [maker], rules=rules)).players[0].views[0]


@pytest.mark.parametrize("count", [3, 25, 60])
def test_chances_are_exact_for_many_preferences(count: int) -> None:
    """From nothing to everything all statements point the same way: a tie only where none is held."""
    chances = view(count, Fraction(1, 10))
    last = count
    assert chances.chance(0, last) == 1 - Fraction(9, 10) ** count
    assert chances.chance(last, 0) == 0
    assert chances.strength(last, 0) == Fraction(9, 10) ** count - 1


@pytest.mark.parametrize("count", [3, 60])
def test_array_of_states_equals_single_states(count: int) -> None:
    chances = view(count, Fraction(1, 3), satisficing=Fraction(1, 2))
    everywhere = np.arange(count + 1)
    for start in (0, 1, count):
        there, here = chances.chances(start, everywhere)
        assert [Fraction(int(one), chances.denominator) for one in there] == [
            chances.chance(start, end) for end in everywhere
        ]
        assert [Fraction(int(one), chances.denominator) for one in here] == [
            chances.chance(end, start) for end in everywhere
        ]
        assert list(chances.satisfying(start, everywhere)) == [
            chances.strength(start, end) >= Fraction(1, 2) for end in everywhere
        ]


@pytest.mark.parametrize("count", [2, 40])
def test_chance_equal_to_a_bound_is_not_above_it(count: int) -> None:
    chance = 1 - Fraction(9, 10) ** count
    chances = view(count, Fraction(1, 10), satisficing=chance)
    assert not chances.likelier(0, count, chance)
    assert chances.likelier(0, count, chance - Fraction(1, 10**count))
    assert chances.satisfying(0, count)
    assert not view(count, Fraction(1, 10), satisficing=chance + Fraction(1, 10**count * 10)).satisfying(0, count)


def test_too_many_states_to_compare_in_pairs_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(definition, "MAX_COMPARED", 4)
    assert dt.example("elmira").analyze(["nash_a", "gmr_a", "strong_seq"]).count == 9
    conflict = dt.example("lake-gisborne")
    assert conflict.analyze(["nash_a", "strong_seq"]).count == 8
    # What a coalition prefers is compared in pairs; for single parties there are sweeps.
    assert conflict.analyze(["gmr_a"]).count == 8
    first, second, *others = [maker.id for maker in conflict.decision_makers]
    with pytest.raises(dt.TooLargeError, match="the limit is 4 states, and the conflict has 8"):
        conflict.replaced(coalitions=[[first, second], others]).analyze(["gmr_a"])


def test_standing_coalition_is_explained_member_by_member() -> None:
    conflict = dt.example("prisoners-dilemma").replaced(coalitions=[["row", "column"]])
    fuzzy, likely = (str(conflict.explain(1, "row+column", f"{kind}_nash")) for kind in ("fuzzy", "probabilistic"))
    assert "(Row) to a degree of 1 (0.5 is enough); (Column) to a degree of 1 (0.5 is enough)" in fuzzy
    assert "(Row) with a chance of 1 (more than 0.5 is enough); (Column)" in likely


@settings(max_examples=examples(100), suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(conflict=conflicts(max_options=5, min_makers=2))
def test_solver_with_other_preferences_equals_one_made_anew(conflict: dt.Conflict) -> None:
    """Every decision maker gets the preferences of another; rules, merges and coalitions stay."""
    makers = conflict.decision_makers
    turned = [replace(one, preferences=makers[place - 1].preferences) for place, one in enumerate(makers)]
    other = conflict.replaced(decision_makers=turned)
    shared, anew = ExplicitSolver(conflict).with_preferences(other), ExplicitSolver(other)
    assert shared.conflict == other
    for player in range(len(anew.players)):
        assert [one.tolist() for one in shared.moves(player)] == [one.tolist() for one in anew.moves(player)]
        for concept in ("nash", "smr", "seq", "sim"):
            assert shared.mask(CONCEPTS[concept], player).tolist() == anew.mask(CONCEPTS[concept], player).tolist()
