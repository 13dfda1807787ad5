"""Every engine agrees with the definitions for uncertain preferences."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import detente as dt
from detente.concepts import CONCEPTS
from tests.examples import examples
from tests.reference.unsure import Unsure
from tests.strategies import conflicts

#: Only the explicit engine decides these.
pytestmark = pytest.mark.parametrize("engine", ["explicit"])
relaxed = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
FAMILIES = ("unknown", "strength", "fuzzy", "probabilistic")
UNSURE = [concept.id for concept in CONCEPTS.values() if concept.family in FAMILIES]


@pytest.mark.slow
@settings(relaxed, max_examples=examples(150))
@given(conflict=conflicts(max_options=5, unsure=True))
def test_uncertain_stability_equals_the_definition(engine: str, conflict: dt.Conflict) -> None:
    assert conflict.analyze(UNSURE, engine).to_dict()["stability"] == Unsure(conflict).stability(UNSURE)


@settings(relaxed, max_examples=examples(100))
@given(conflict=conflicts(max_options=5, unsure=True), draw=st.data())
def test_uncertain_explanation_matches_the_definition(engine: str, conflict: dt.Conflict, draw: st.DataObject) -> None:
    reference = Unsure(conflict)
    concept = CONCEPTS[draw.draw(st.sampled_from(UNSURE))]
    player = draw.draw(st.integers(0, len(conflict.players) - 1))
    analysis = conflict.analyze([concept.id], engine)
    for number, state in enumerate(reference.states, start=1):
        why = analysis.why(number, analysis.players[player], concept.id)
        assert why.stable == (number in analysis.stable(concept.id, analysis.players[player]))
        tempting = reference.tempting(concept.id, player, state)
        assert {reference.states[one.to - 1] for one in why.verdict.improvements} == tempting
        for one in why.verdict.improvements:
            check_sanction(reference, concept.id, player, state, one)
        assert str(why) and why.to_dict()["text"]


def check_sanction(reference: Unsure, concept: str, player: int, state: object, one: object) -> None:
    """A sanction that is shown is a legal sequence that deters; one that is not shown is not there."""
    here, last = reference.states[one.to - 1], player
    if one.sanction is None:
        responses = reference.answers_to(concept, player, here)
        assert not any(reference.is_deterred(concept, player, state, response) for response in responses)
        return
    for step in one.sanction.steps:
        assert step.player not in (last, player)
        to = reference.states[step.to - 1]
        assert to in reference.player_moves[step.player][here]
        if "seq" in concept:
            assert all(reference.credible(concept, id, here, to) for id in reference.players[step.player])
        here, last = to, step.player
    assert here == reference.states[one.sanction.end - 1]
    assert reference.is_deterred(concept, player, state, here)
