"""The smallest change of preferences: against going through all changes, and what must be true of it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import detente as dt
from detente.analysis.inverse import INVERSE_CONCEPTS, Inversion, PreferenceChange
from detente.model.preferences import Prioritising
from detente.present.inverse import obstacle_in_words
from tests.examples import examples
from tests.reference.inverse import InverseReference, TooManyError
from tests.strategies import conflicts

pytest.importorskip("pysat")

relaxed = settings(
    deadline=None, max_examples=examples(60), suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)
PRICES = [Fraction(1), Fraction(1), Fraction(2), Fraction(1, 2), None]


def first_two(conflict: dt.Conflict) -> dt.Conflict:
    """The conflict with at most two statements for everybody, so that all lists can be gone through."""
    makers = []
    for maker in conflict.decision_makers:
        said = maker.preferences
        if isinstance(said, Prioritising):
            said = Prioritising(said.statements[:2])
        makers.append(dt.DecisionMaker(maker.id, maker.name, maker.options, said))
    return conflict.replaced(decision_makers=makers)


def as_reference(conflict: dt.Conflict, inversion: Inversion, change: PreferenceChange) -> tuple:
    """What everybody's preferences become, in the form in which the reference has it."""
    solver = conflict.analyze(["nash"]).solver
    became: list[Any] = []
    for place, maker in enumerate(inversion.applied(change).decision_makers):
        if isinstance(maker.preferences, Prioritising):
            became.append(tuple(str(statement.condition) for statement in maker.preferences.statements))
        else:
            ranks = inversion.applied(change).analyze(["nash"]).solver.ranks(place)
            ladder = sorted(set(ranks), reverse=True)
            became.append(tuple(ladder.index(rank) for rank in ranks))
    assert solver.count == inversion.compiled.count
    return tuple(became)


def compared(conflict: dt.Conflict, data: st.DataObject) -> None:
    state = data.draw(st.integers(1, conflict.analyze(["nash"]).count))
    concept = data.draw(st.sampled_from(INVERSE_CONCEPTS))
    prices = {maker.id: data.draw(st.sampled_from(PRICES)) for maker in conflict.decision_makers}
    try:
        expected = InverseReference(conflict).smallest(
            state, concept, {id: price for id, price in prices.items() if price}
        )
    except TooManyError:
        assume(False)
    costs = {id: float("inf") if price is None else price for id, price in prices.items()}
    inversion = conflict.invert(state, concept, costs=costs, limit=5_000)
    assert inversion.complete
    if expected is None:
        assert not inversion.possible
        assert inversion.changes == ()
        assert inversion.obstacle is not None
        assert list(obstacle_in_words(inversion))
        for way in inversion.obstacle.ways_out:
            freed = {id: 1 if id in way else cost for id, cost in costs.items()}
            assert conflict.invert(state, concept, costs=freed, limit=1).possible
        return
    assert (inversion.cost, inversion.importance) == expected[:2]
    assert {as_reference(conflict, inversion, change) for change in inversion.changes} == expected[2]


@relaxed
@given(conflict=conflicts(max_options=3, statements_only=True), data=st.data())
def test_smallest_change_of_preferences_equals_exhaustive_search(conflict: dt.Conflict, data: st.DataObject) -> None:
    compared(first_two(conflict), data)


@relaxed
@given(conflict=conflicts(max_options=2), data=st.data())
def test_smallest_change_of_rankings_equals_exhaustive_search(conflict: dt.Conflict, data: st.DataObject) -> None:
    compared(first_two(conflict), data)


@relaxed
@given(conflict=conflicts(max_options=4), data=st.data())
def test_every_change_makes_the_state_an_equilibrium(conflict: dt.Conflict, data: st.DataObject) -> None:
    state = data.draw(st.integers(1, conflict.analyze(["nash"]).count))
    for concept in INVERSE_CONCEPTS:
        inversion = conflict.invert(state, concept, limit=3)
        # If no party is fixed, there is always a way.
        assert inversion.possible
        assert inversion.changes
        assert inversion.holds_already == (state in conflict.analyze([concept]).equilibria(concept))
        assert inversion.holds_already == (not inversion.changes[0].edits)
        for change in inversion.changes:
            assert state in inversion.applied(change).analyze([concept]).equilibria(concept)
            assert sum(1 for _ in change.edits) == inversion.cost


@relaxed
@given(conflict=conflicts(max_options=4), data=st.data())
def test_implied_concept_needs_no_larger_change(conflict: dt.Conflict, data: st.DataObject) -> None:
    state = data.draw(st.integers(1, conflict.analyze(["nash"]).count))
    cost = {concept: conflict.invert(state, concept, limit=1).cost for concept in INVERSE_CONCEPTS}
    for stronger, weaker in (("nash", "sseq"), ("sseq", "seq"), ("sseq", "smr"), ("seq", "gmr"), ("smr", "gmr")):
        assert cost[stronger] >= cost[weaker]


@relaxed
@given(conflict=conflicts(max_options=4), data=st.data())
def test_higher_costs_never_cheapen_a_change_and_fixed_parties_keep_theirs(
    conflict: dt.Conflict, data: st.DataObject
) -> None:
    state = data.draw(st.integers(1, conflict.analyze(["nash"]).count))
    concept = data.draw(st.sampled_from(INVERSE_CONCEPTS))
    who = data.draw(st.sampled_from([maker.id for maker in conflict.decision_makers]))
    plain = conflict.invert(state, concept, limit=1)
    dearer = conflict.invert(state, concept, costs={who: 3}, limit=1)
    fixed = conflict.invert(state, concept, fixed=[who], limit=5)
    assert plain.cost <= dearer.cost <= 3 * plain.cost
    assert all(who not in change.preferences for change in fixed.changes)
    if fixed.possible:
        assert plain.cost <= fixed.cost
    else:
        assert fixed.obstacle.ways_out == ((who,),)
