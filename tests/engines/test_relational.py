"""Relational stability: every engine says what the definition says, and what is published of it holds."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import detente as dt
from benchmarks.commands import graded
from detente.concepts.relational import ROWS as RELATIONAL
from detente.engine import solver
from detente.engine.explicit import definition
from detente.engine.explicit.definition import Responses, stable_by_definition
from detente.engine.explicit.graded import Graded
from detente.engine.explicit.players import attitude_keys
from detente.engine.explicit.solver import ExplicitSolver
from tests.examples import examples
from tests.reference.brute_force import BruteForce
from tests.strategies import conflicts

#: Only the explicit engine decides these.
pytestmark = pytest.mark.parametrize("engine", ["explicit"])
relaxed = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much], max_examples=examples(80))
IDS = [concept.id for concept in RELATIONAL]
PLAIN = ["nash", "gmr", "smr", "seq"]


@settings(relaxed, max_examples=examples(150))
@given(conflict=conflicts(max_options=5, coalitions=False, attitudes=True))
def test_relational_stability_equals_the_definition(engine: str, conflict: dt.Conflict) -> None:
    reference = BruteForce(conflict)
    analysis = conflict.analyze(IDS, engine)
    for id in IDS:
        for player, name in enumerate(analysis.players):
            assert [int(state) for state in analysis.stable(id, name)] == [
                number
                for number, state in enumerate(reference.states, 1)
                if reference.relationally_stable(id, player, state)
            ]


@settings(relaxed, max_examples=examples(150))
@given(conflict=conflicts(max_options=7, min_options=3, min_makers=2, merges=False, coalitions=False, attitudes=True))
def test_sweeps_by_attitudes_equal_the_comparison_of_all_states(engine: str, conflict: dt.Conflict) -> None:
    compiled = solver(conflict, engine)
    assert isinstance(compiled, ExplicitSolver)
    responses = Responses(compiled.players)
    sweeps = Graded(responses)
    for concept, player in product(RELATIONAL, range(len(compiled.players))):
        assert sweeps.serves(concept, player) == (len(attitude_keys(compiled.players, player)) <= 1)
        if sweeps.serves(concept, player):
            expected = stable_by_definition(concept, player, responses)
            assert sweeps.stable(concept, player).tolist() == expected.tolist(), (concept.id, player)


@settings(relaxed, max_examples=examples(150))
@given(
    conflict=conflicts(max_options=6, min_makers=2, merges=False, coalitions=False, attitudes=True),
    few=st.integers(0, 3),
)
def test_trials_of_several_attitudes_equal_the_comparison_of_all_states(
    engine: str, conflict: dt.Conflict, few: int
) -> None:
    compiled = solver(conflict, engine)
    assert isinstance(compiled, ExplicitSolver)
    for concept, player in product(RELATIONAL[1:], range(len(compiled.players))):
        found = []
        for limit in (few, 2**20):
            with pytest.MonkeyPatch.context() as patched:
                patched.setattr(definition, "FEW", limit)
                found.append(stable_by_definition(concept, player, Responses(compiled.players)).tolist())
        assert found[0] == found[1], (concept.id, player)


def test_attitudes_towards_several_parties_of_a_large_dispute(engine: str) -> None:
    """Trials decide most states; the last ones are compared state by state."""
    conflict = graded("relational", 11, 4)
    players = solver(conflict, engine).players
    for concept in RELATIONAL[1:]:
        by_trials = stable_by_definition(concept, 0, Responses(players))
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(definition, "FEW", 2**20)
            assert stable_by_definition(concept, 0, Responses(players)).tolist() == by_trials.tolist()


@relaxed
@given(conflict=conflicts(max_options=4, coalitions=False, attitudes=True), data=st.data())
def test_relational_explanations_have_witnesses(engine: str, conflict: dt.Conflict, data: st.DataObject) -> None:
    reference = BruteForce(conflict)
    id = data.draw(st.sampled_from(IDS))
    analysis = conflict.analyze([id], engine)
    for player, name in enumerate(analysis.players):
        for number, state in enumerate(reference.states, 1):
            why = analysis.why(number, name, id)
            assert why.stable == (number in analysis.stable(id, name))
            assert {int(one.to) for one in why.verdict.improvements} == {
                reference.states.index(end) + 1 for end in reference.relational_replies(player, state)
            }
            assert "prefers" not in str(why)
            for one in why.verdict.improvements:
                if one.sanction:
                    assert reference.favours(player, state, reference.states[one.sanction.end - 1])


@relaxed
@given(conflict=conflicts(max_options=5, coalitions=False, strict=True))
def test_discrete_attitudes_without_ties_give_the_plain_concepts(engine: str, conflict: dt.Conflict) -> None:
    """Inohara & Hipel (2009)."""
    found = conflict.analyze([*IDS, *PLAIN], engine).to_dict()["stability"]
    for relational, plain in zip(IDS, PLAIN, strict=True):
        assert found[relational] == found[plain]


def neutral(conflict: dt.Conflict) -> dt.Conflict:
    ids = [maker.id for maker in conflict.decision_makers]
    makers = [
        dt.DecisionMaker(
            maker.id, options=maker.options, preferences=maker.preferences, attitudes=dict.fromkeys(ids, "neutral")
        )
        for maker in conflict.decision_makers
    ]
    return conflict.replaced(decision_makers=makers)


@relaxed
@given(conflict=conflicts(max_options=5, coalitions=False))
def test_totally_neutral_attitudes_make_rnash_rsmr_and_rgmr_rseq(engine: str, conflict: dt.Conflict) -> None:
    """RNash is RSMR, and RGMR is RSEQ (Inohara & Hipel 2009)."""
    found = neutral(conflict).analyze(IDS, engine).to_dict()["stability"]
    assert found["relational_nash"] == found["relational_smr"]
    assert found["relational_gmr"] == found["relational_seq"]


@relaxed
@given(conflict=conflicts(max_options=5, coalitions=False, attitudes=True))
def test_relational_concepts_imply_each_other_as_stated(engine: str, conflict: dt.Conflict) -> None:
    analysis = conflict.analyze(IDS, engine)
    for player in analysis.players:
        nash, gmr, smr, seq = (set(analysis.stable(id, player)) for id in IDS)
        assert nash <= smr <= gmr
        assert nash <= seq <= gmr


@settings(relaxed, max_examples=examples(15))
@given(conflict=conflicts(min_makers=2))
def test_relational_concepts_refuse_coalitions(engine: str, conflict: dt.Conflict) -> None:
    assume(any(len(members) > 1 for members in conflict.players))
    for id, plain in zip(IDS, PLAIN, strict=True):
        with pytest.raises(dt.NotDefinedError, match=f"Use {plain},"):
            conflict.analyze([id], engine)
