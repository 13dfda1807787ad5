"""Preferences given in another way: what is promised of the order of the states is kept, on random disputes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import detente as dt
from detente.editing.convert import conversion_loss, converted, reference, score
from detente.engine import solver
from detente.model.preferences import Preferences, Prioritising, Weights
from detente.model.states import StateList
from detente.web.forms import WAYS
from tests import strategies


def ranks(conflict: dt.Conflict, place: int, preferences: Preferences) -> list[int]:
    makers = list(conflict.decision_makers)
    one = makers[place]
    makers[place] = dt.DecisionMaker(one.id, one.name, one.options, preferences)
    return solver(conflict.replaced(decision_makers=makers)).ranks(place)


@given(strategies.conflicts(max_options=5, unsure=True), st.sampled_from(sorted(WAYS)), st.data())
def test_converted_preferences_keep_the_promised_order(conflict: dt.Conflict, form: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(conflict.decision_makers) - 1))
    held = conflict.decision_makers[place].preferences
    made = converted(conflict, conflict.decision_makers[place].id, held, form)
    assert made.key == form
    if form == held.key:
        assert made is held
    elif conversion_loss(held, form).same_order:
        assert ranks(conflict, place, made) == ranks(conflict, place, held)


@given(strategies.conflicts(max_options=4, merges=False))
def test_payoffs_converted_from_weights_equal_the_scores(conflict: dt.Conflict) -> None:
    for maker in conflict.decision_makers:
        if isinstance(maker.preferences, Weights):
            made = converted(conflict, maker.id, maker.preferences, "payoffs")
            assert isinstance(made, dt.Payoffs)
            states = StateList(conflict)
            assert dict(made.payoffs) == {reference(state): score(maker.preferences, state) for state in states}


def test_order_is_not_promised_if_light_weights_outweigh_a_heavy_one() -> None:
    assert conversion_loss(dt.Weights.of({"a": 4, "not b": 2, "c": 1}), "preferences").same_order
    assert not conversion_loss(dt.Weights.of({"a": 3, "not b": 2, "c": 1}), "preferences").same_order
    assert conversion_loss(dt.Weights.of({"a": -4, "c": 0}), "preferences").same_order


@pytest.mark.parametrize(
    ("held", "form", "lost"),
    [
        (Prioritising((dt.PreferenceStatement(dt.Weights.of({"a": 1}).weights[0].condition, strength="strong"),)),
         "weights", "the confidence and strength"),
        (dt.Ranking.of(1, ">>", 2), "payoffs", "which gaps are great"),
        (dt.Ranking.of_chains([1], [2]), "payoffs", "not compared"),
        (dt.Payoffs.of({1: 3}), "ranking", "the size of"),
        (dt.Ranking.of(1, 2), "weights", "the order of the states"),
    ],
)  # fmt: skip
def test_conversion_reports_what_is_lost(held: Preferences, form: str, lost: str) -> None:
    assert lost in "; ".join(conversion_loss(held, form).lost)
