"""Every engine agrees with the definitions for uncertain preferences."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import detente as dt
from detente.concepts import CONCEPTS
from detente.engine import solver
from detente.engine.explicit.definition import Responses, stable_by_definition
from detente.engine.explicit.graded import Graded
from detente.engine.explicit.solver import ExplicitSolver
from detente.model.conditions import Taken
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
@given(conflict=conflicts(max_options=7, min_options=3, min_makers=2, merges=False, coalitions=False, unsure=True))
def test_sweeps_for_each_reading_equal_the_comparison_of_all_states(engine: str, conflict: dt.Conflict) -> None:
    compiled = solver(conflict, engine)
    assert isinstance(compiled, ExplicitSolver)
    responses = Responses(compiled.players)
    sweeps = Graded(responses)
    for id, player in product(UNSURE, range(len(compiled.players))):
        if sweeps.serves(CONCEPTS[id], player):
            expected = stable_by_definition(CONCEPTS[id], player, responses)
            assert sweeps.stable(CONCEPTS[id], player).tolist() == expected.tolist(), (id, player)


def test_sweeps_serve_marked_preferences_and_leave_coalitions_and_great_ones_to_the_definition(engine: str) -> None:
    marked = [dt.PreferenceStatement(Taken(one), unknown=one == "a", confidence="0.7") for one in "ba"]
    parties = [dt.DecisionMaker("d0", options=["a"], preferences=dt.Prioritising(tuple(marked)))]
    parties.append(dt.DecisionMaker("d1", options=["b"], preferences=["a", "not b"]))
    conflict = dt.Conflict("two parties", parties)
    alone, together = (ExplicitSolver(one) for one in (conflict, conflict.replaced(coalitions=[["d0", "d1"]])))
    one_by_one, at_once = (Graded(Responses(each.players)) for each in (alone, together))
    served = {id for id in UNSURE if all(one_by_one.serves(CONCEPTS[id], player) for player in (0, 1))}
    assert served == {id for id in UNSURE if CONCEPTS[id].family != "strength" or id == "strong_nash"}
    assert not any(at_once.serves(CONCEPTS[id], 0) for id in UNSURE)


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
