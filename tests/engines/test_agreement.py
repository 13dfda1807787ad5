"""Every engine says what the definitions say."""

from __future__ import annotations

import random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import detente as dt
from detente.concepts import CONCEPTS, Respond
from detente.engine import solver
from detente.model.states import StateList
from tests.examples import examples, largest
from tests.reference.brute_force import PLAIN, BruteForce
from tests.reference.matrices import stable_by_matrices
from tests.strategies import conflicts

relaxed = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])


@settings(relaxed, max_examples=examples(250))
@given(conflict=conflicts(max_options=largest(6, usual=5)))
def test_stability_equals_brute_force_on_random_models(engine: str, conflict: dt.Conflict) -> None:
    reference = BruteForce(conflict)
    data = conflict.analyze(PLAIN, engine).to_dict()
    assert [state["state"] for state in data["states"]] == [reference.pattern(state) for state in reference.states]
    assert data["stability"] == reference.stability(PLAIN)


@settings(relaxed, max_examples=examples(200))
@given(conflict=conflicts(max_options=largest(6, usual=4), merges=False, coalitions=False))
def test_stability_equals_the_matrix_method(engine: str, conflict: dt.Conflict) -> None:
    expected = stable_by_matrices(BruteForce(conflict))
    found = conflict.analyze(list(expected), engine).to_dict()["stability"]
    assert {concept: list(by_player.values()) for concept, by_player in found.items()} == expected


@settings(relaxed, max_examples=examples(100))
@given(conflict=conflicts(max_options=5), draw=st.data())
def test_explanation_matches_brute_force_and_its_sanction_deters(
    engine: str, conflict: dt.Conflict, draw: st.DataObject
) -> None:
    reference = BruteForce(conflict)
    analysis = conflict.analyze(PLAIN, engine)
    concept = PLAIN[draw.draw(st.sampled_from(list(PLAIN)))]
    player = draw.draw(st.integers(0, len(conflict.players) - 1))
    for number, state in enumerate(reference.states, start=1):
        why = analysis.why(number, analysis.players[player], concept.id)
        assert why.stable == (number in analysis.stable(concept.id, analysis.players[player]))
        assert {int(one.to) for one in why.verdict.improvements} == {
            reference.states.index(end) + 1 for end in reference.improvements(player, state)
        }
        for one in why.verdict.improvements:
            check_sanction(reference, concept, player, number, one)
        assert str(why) and why.to_dict()["text"]


def check_sanction(reference: BruteForce, concept, player: int, number: int, one) -> None:
    """A sanction that is shown is a legal sequence that deters; one that is not shown is not there."""
    start, improvement = reference.states[number - 1], reference.states[one.to - 1]
    if one.sanction is None:
        if concept.id != "seq_then_sim":
            assert not reference.sanctioned(concept.id, player, start, improvement)
        return
    end = reference.states[one.sanction.end - 1]
    assert not reference.better(player, end, start)
    if one.sanction.simultaneous:
        assert concept.respond in (Respond.COMBINATIONS, Respond.IMPROVEMENTS_THEN_COMBINATIONS)
        for step in one.sanction.steps:
            assert reference.states[step.to - 1] in reference.improvements(step.player, start)
        return
    here, last = improvement, player
    for step in one.sanction.steps:
        assert step.player not in (last, player)
        to = reference.states[step.to - 1]
        assert to in reference.player_moves[step.player][here]
        if concept.respond is not Respond.MOVES:
            assert reference.better(step.player, to, here)
        here, last = to, step.player
    assert here == end
    assert reference.deters(player, start, end, concept.counter_move)


@settings(relaxed, max_examples=examples(100))
@given(conflict=conflicts())
def test_states_equal_the_listed_states(engine: str, conflict: dt.Conflict) -> None:
    listed = StateList(conflict)
    analysis = conflict.analyze(["nash"], engine)
    assert [state.pattern for state in listed] == [state.pattern for state in analysis.states()]
    assert [state.taken for state in listed] == [state.taken for state in analysis.states()]
    patterns = [state.pattern for state in listed]
    for state in listed:
        if patterns.count(state.pattern) == 1:
            assert analysis.solver.number_of(state.pattern) == listed.number_of(state.pattern) == state


@settings(relaxed, max_examples=examples(100))
@given(conflict=conflicts(merges=False))
def test_patterns_cover_exactly_the_equilibria(engine: str, conflict: dt.Conflict) -> None:
    analysis = conflict.analyze(["gmr"], engine)
    summary = analysis.to_dict(summary=True)
    assert summary["states"] is None
    found = summary["equilibria"]["gmr"]
    covered = [state for pattern in found["patterns"] for state in expanded(pattern)]
    assert len(covered) == len(set(covered)) == found["count"]
    assert set(covered) == {state.pattern for state in analysis.equilibria("gmr")}


def expanded(pattern: str) -> list[str]:
    if "-" not in pattern:
        return [pattern]
    return [full for letter in "NY" for full in expanded(pattern.replace("-", letter, 1))]


@settings(relaxed, max_examples=examples(60))
@given(conflict=conflicts(), draw=st.data())
def test_nearest_and_best_equilibria_equal_those_of_the_full_list(
    engine: str, conflict: dt.Conflict, draw: st.DataObject
) -> None:
    analysis = conflict.analyze(["gmr"], engine)
    start = analysis.solver.state(draw.draw(st.integers(1, analysis.count)))
    found = analysis.equilibria("gmr")
    far = {state: sum(x != y for x, y in zip(state.pattern, start.pattern, strict=True)) for state in found}
    said = analysis.nearest("gmr", start.number, 1_000)
    if not found:
        assert said is None
    else:
        nearest = [state for state in found if far[state] == min(far.values())]
        assert said == (min(far.values()), len(nearest), tuple(nearest))
    place = draw.draw(st.integers(0, len(conflict.decision_makers) - 1))
    ranks = analysis.solver.ranks(place)
    best = [state for state in found if ranks[state.number - 1] == min(ranks[one.number - 1] for one in found)]
    assert analysis.best("gmr", conflict.decision_makers[place].id, 1_000) == (len(best), tuple(best))
    other = analysis.solver.equilibria(CONCEPTS["nash"])
    assert analysis.equilibrium_set("gmr").same_as(other) == ([one.number for one in found] == list(other.numbers()))


@settings(relaxed, max_examples=examples(60))
@given(conflict=conflicts(), draw=st.data())
def test_moves_from_one_state_equal_the_definition(engine: str, conflict: dt.Conflict, draw: st.DataObject) -> None:
    reference = BruteForce(conflict)
    compiled = solver(conflict, engine)
    player = draw.draw(st.integers(0, len(conflict.players) - 1))
    place = draw.draw(st.integers(0, compiled.count - 1))
    state = reference.states[place]
    arcs = list(compiled.arcs_from(place + 1, player))
    assert all(arc.player == player and arc.start == place + 1 for arc in arcs)
    number = {other: at for at, other in enumerate(reference.states, start=1)}
    assert {arc.end for arc in arcs} == {number[end] for end in reference.player_moves[player][state]}
    improving = {arc.end for arc in arcs if arc.improvement}
    assert improving == {number[end] for end in reference.improvements(player, state)}


@settings(relaxed, max_examples=examples(30))
@given(conflict=conflicts(merges=True), chance=st.randoms(use_true_random=False))
def test_letters_of_states_are_their_patterns(engine: str, conflict: dt.Conflict, chance: random.Random) -> None:
    compiled = solver(conflict, engine)
    numbers = sorted(chance.sample(range(1, compiled.count + 1), chance.randint(0, min(6, compiled.count))))
    assert compiled.letters(numbers) == "".join(compiled.state(number).pattern for number in numbers)
