"""Two engines, one truth: on random disputes of up to 2^14 states with everything that a dispute may have."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import detente as dt
from benchmarks.disputes import dispute
from detente.engine import ENGINES
from tests.strategies import partitions

relaxed = settings(suppress_health_check=list(HealthCheck), deadline=None)

#: What a coalition can do is worked out state by state: that takes long where there are many.
MOST_OPTIONS_TOGETHER = 8


@st.composite
def disputes(draw: st.DrawFn, most: int = 14) -> dt.Conflict:
    """Disputes with rules, one-way options, merges, ties and, where they are small, standing coalitions."""
    makers = draw(st.integers(2, 4))
    conflict = dispute(draw(st.integers(max(makers, 5), most)), makers, draw(st.integers(0, 1000)))
    names = [option.id for option in conflict.options]
    three = st.permutations(names).map(lambda some: some[:3])
    rules = [dt.never(f"{a} and {b} and not {c}") for a, b, c in draw(st.lists(three, max_size=3))]
    merges = [f"{a} and ({b} or {c})" for a, b, c in draw(st.lists(three, max_size=2))]
    marks = draw(st.dictionaries(st.sampled_from(names), st.booleans(), max_size=4))
    first, *others = conflict.decision_makers
    if draw(st.booleans()):
        weights = {str(statement): draw(st.integers(-1, 2)) for statement in first.preferences.statements}
        first = dt.DecisionMaker(first.id, options=first.options, preferences=dt.Weights.of(weights))
    groups: list[list[str]] = []
    if len(names) <= MOST_OPTIONS_TOGETHER and draw(st.booleans()):
        groups = draw(partitions([maker.id for maker in conflict.decision_makers]))
    return conflict.replaced(
        decision_makers=[first, *others], rules=rules, merge=merges, one_way=marks, coalitions=groups
    )


@settings(relaxed, max_examples=25)
@given(conflict=disputes())
def test_all_engines_say_the_same(conflict: dt.Conflict) -> None:
    one = conflict.analyze(engine="explicit")
    for engine in ENGINES:
        other = conflict.analyze(engine=engine)
        assert other.numbers == one.numbers
        assert [(int(state), state.pattern, state.taken) for state in other.states()] == [
            (int(state), state.pattern, state.taken) for state in one.states()
        ]
        for concept in one.concepts:
            assert other.equilibria(concept.id) == one.equilibria(concept.id)


@pytest.mark.parametrize("engine", ENGINES)
@settings(relaxed, max_examples=12)
@given(conflict=disputes(most=8))
def test_what_an_engine_says_is_checked(engine: str, conflict: dt.Conflict) -> None:
    assert dt.verify(conflict.analyze(engine=engine)).complete
