"""Two engines, one truth: on random disputes with everything that a dispute may have, as far as both know of it."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import detente as dt
from detente.engine import ENGINES
from tests.engines.comparing import Tally, compare, middle, run, small
from tests.examples import examples, largest
from tests.strategies import disputes

relaxed = settings(suppress_health_check=list(HealthCheck), deadline=None)


@settings(relaxed, max_examples=examples(15))
@given(conflict=small())
def test_engines_equal_the_definitions_on_small_disputes(conflict: dt.Conflict) -> None:
    compare(conflict, Tally(), by_reference=True)


@settings(relaxed, max_examples=examples(20))
@given(conflict=middle(most=largest(9, usual=8)))
def test_engines_agree_on_middle_disputes(conflict: dt.Conflict) -> None:
    compare(conflict, Tally(), by_reference=False)


@settings(relaxed, max_examples=examples(40))
@given(conflict=disputes(most=largest(14, usual=10)))
def test_engines_find_the_same_equilibria(conflict: dt.Conflict) -> None:
    one = conflict.analyze(engine="explicit")
    other = conflict.analyze(engine="symbolic")
    assert other.numbers == one.numbers
    for concept in one.concepts:
        assert other.equilibria(concept.id) == one.equilibria(concept.id)


def test_comparison_draws_the_number_asked_for_and_repeats_for_a_seed() -> None:
    first, again = (run(disputes(most=5), 3, 5, by_reference=False).of for _ in range(2))
    assert first["disputes"] == 3
    assert first["states"] > 0
    assert first == again


def test_repeated_first_draws_do_not_prevent_the_last() -> None:
    often, seldom = dt.example("chicken"), dt.example("deadlock")
    drawn = st.sampled_from([often] * 9 + [seldom])
    assert run(drawn, 2, 5, by_reference=False).of["disputes"] == 2


@pytest.mark.parametrize("engine", ENGINES)
@settings(relaxed, max_examples=examples(12))
@given(conflict=disputes(most=8))
def test_wrong_answer_of_an_engine_is_detected(engine: str, conflict: dt.Conflict) -> None:
    assert dt.verify(conflict.analyze(engine=engine)).complete
