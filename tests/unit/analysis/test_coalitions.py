"""Coalitions: stability by the definitions, gone through one by one; laws; and a published case."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import detente as dt
from benchmarks.disputes import dispute
from detente.analysis import coalitions
from detente.analysis.coalitions import COALITION_CONCEPTS, CoalitionImprovement
from detente.engine import solver
from detente.engine.coalition_moves import ArrayCoalitionMoves, CoalitionMoves, coalition_moves
from detente.present import coalitions as words
from tests.examples import examples
from tests.reference.brute_force import BruteForce, State
from tests.strategies import conflicts

relaxed = settings(deadline=None, max_examples=examples(80), suppress_health_check=[HealthCheck.too_slow])


class Reference(BruteForce):
    """Coalition stability from the definitions (Inohara & Hipel 2008), with sets and loops."""

    def reached(self, group: tuple[int, ...], state: State) -> set[State]:
        return self.legal(state, {place: self.player_moves[place] for place in group}) - {state}

    def joint(self, group: tuple[int, ...], state: State) -> set[State]:
        return {end for end in self.reached(group, state) if self.all_better(group, end, state)}

    def all_better(self, group: tuple[int, ...], end: State, start: State) -> bool:
        return all(self.better(place, end, start) for place in group)

    def credible(self, others: tuple[int, ...], state: State) -> set[State]:
        parts = [part for size in range(1, len(others) + 1) for part in combinations(others, size)]
        return self.legal(state, {part: {one: self.joint(part, one) for one in self.states} for part in parts})

    def stable(self, group: tuple[int, ...], state: State, concept: str) -> bool:
        others = tuple(place for place in range(len(self.players)) if place not in group)
        for improvement in self.joint(group, state):
            if concept == "nash":
                return False
            answers = self.credible(others, improvement) if concept == "seq" else self.reached(others, improvement)
            if not any(
                not self.all_better(group, answer, state)
                and (
                    concept != "smr"
                    or not any(self.all_better(group, end, state) for end in self.reached(group, answer))
                )
                for answer in answers
            ):
                return False
        return True


def numbers(states: tuple[dt.State, ...]) -> list[int]:
    return [int(state) for state in states]


@relaxed
@given(conflict=conflicts(max_options=4))
def test_coalition_stability_equals_the_definitions(conflict: dt.Conflict) -> None:
    reference = Reference(conflict)
    analysis = conflict.coalition_analysis()
    ids = ["+".join(group) for group in conflict.players]
    for size in range(1, len(ids) + 1):
        for group in combinations(range(len(ids)), size):
            name = "+".join(ids[place] for place in group)
            for concept in COALITION_CONCEPTS:
                expected = [
                    number
                    for number, state in enumerate(reference.states, start=1)
                    if reference.stable(group, state, concept)
                ]
                assert numbers(analysis.stable(concept, name)) == expected, (name, concept)


@relaxed
@given(conflict=conflicts(max_options=6, merges=False), data=st.data())
def test_arrays_equal_sets_of_states(conflict: dt.Conflict, data: st.DataObject) -> None:
    compiled = solver(conflict, "explicit")
    sets, arrays = CoalitionMoves(compiled), coalition_moves(compiled)
    assert isinstance(arrays, ArrayCoalitionMoves)
    places = range(len(conflict.players))
    groups = [frozenset(group) for size in range(1, len(places) + 1) for group in combinations(places, size)]
    for group in groups:
        for concept in COALITION_CONCEPTS:
            assert arrays.stable(group, concept) == sets.stable(group, concept)
        for state in range(1, compiled.count + 1):
            assert arrays.improvements(group, state) == sets.improvements(group, state)
    some = sorted(data.draw(st.sets(st.integers(1, compiled.count))))
    told, expected = (
        {
            start: [(one.group, one.number, one.ends()) for one in found]
            for start, found in moves.jumps(groups, some).items()
        }
        for moves in (arrays, sets)
    )
    assert told == expected
    for start, found in told.items():
        for group, _, ends in found:
            assert arrays.path(group, start, ends[-1]) == sets.path(group, start, ends[-1])


def test_long_list_of_jumps_is_cut_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    conflict = dispute(6, 3)
    whole = conflict.coalition_analysis()
    monkeypatch.setattr(coalitions, "MAX_JUMPS", 40)
    cut = conflict.coalition_analysis()
    assert whole.complete
    assert whole.jump_count == cut.jump_count == len(whole.jumps) > 40
    assert not cut.complete
    assert 0 < len(cut.jumps) <= 40
    assert set(cut.jumps) < set(whole.jumps)
    assert cut.jump_counts == whole.jump_counts
    for state in {state for _, state in whole.jump_counts}:
        assert cut.leaving(state) == whole.leaving(state)
    assert words.answer(cut) == words.answer(whole)
    assert f"{len(cut.jumps)} of the {cut.jump_count} joint moves are described." in str(cut)
    assert "joint moves are described" not in str(whole)


@relaxed
@given(conflict=conflicts(max_options=5, merges=False))
def test_coalition_stability_is_consistent_with_single_parties(conflict: dt.Conflict) -> None:
    analysis = conflict.coalition_analysis()
    alone = conflict.analyze(COALITION_CONCEPTS)
    for player in alone.players:
        for concept in ("nash", "gmr", "smr"):
            assert analysis.stable(concept, player) == alone.stable(concept, player)
        # Groups among the others can only add to what deters.
        assert set(alone.stable("seq", player)) <= set(analysis.stable("seq", player))
    for coalition in analysis.stability["nash"]:
        nash, gmr, smr, seq = (set(analysis.stable(concept, coalition)) for concept in COALITION_CONCEPTS)
        assert nash <= smr <= gmr
        assert nash <= seq <= gmr
    for concept in ("nash", "gmr", "smr"):
        assert set(analysis.universal[concept]) <= set(alone.equilibria(concept))


@relaxed
@given(conflict=conflicts(max_options=4))
def test_leaving_coalitions_equal_the_definitions(conflict: dt.Conflict) -> None:
    analysis, reference = conflict.coalition_analysis(), Reference(conflict)
    ids = ["+".join(group) for group in conflict.players]

    def unstable(group: tuple[str, ...], state: dt.State, concept: str) -> bool:
        places = tuple(ids.index(one) for one in group)
        return not reference.stable(places, reference.states[int(state) - 1], concept)

    for state in {state for states in analysis.equilibria.values() for state in states}:
        under = [concept for concept, states in analysis.equilibria.items() if state in states]
        leaving = analysis.leaving(state)
        for group in leaving:
            assert any(unstable(group, state, concept) for concept in under)
        for size in range(2, len(ids) + 1):
            for group in combinations(ids, size):
                if any(unstable(group, state, concept) for concept in under):
                    assert any(set(one) <= set(group) for one in leaving)
        assert bool(leaving) == any(state not in analysis.universal[concept] for concept in under)
    for jump in analysis.jumps:
        assert analysis.deterred(jump) != unstable(jump.coalition, jump.start, jump.concept)
        assert analysis.deterred(jump) or jump.coalition in analysis.leaving(jump.start)


@relaxed
@given(conflict=conflicts(max_options=5))
def test_jumps_are_legal_and_preferred_by_every_member(conflict: dt.Conflict) -> None:
    analysis = conflict.coalition_analysis(concepts=["nash", "seq"])
    graph = conflict.graph()
    arcs = {(graph.players[arc.player], arc.start, arc.end) for arc in graph.arcs}
    for jump in analysis.jumps:
        assert {jump.start, jump.end} <= set(analysis.equilibria[jump.concept])
        assert len(jump.coalition) > 1
        here, last = jump.start, ""
        for player, state in jump.path:
            assert player in jump.coalition
            assert player != last
            assert (player, here, state) in arcs
            here, last = state, player
        assert here == jump.end
        assert len(jump.path) == fewest_steps(arcs, jump)
        for member in jump.coalition:
            for id in member.split("+"):
                assert graph.ranks[id][jump.end - 1] < graph.ranks[id][jump.start - 1]
        assert not any(
            set(other.coalition) < set(jump.coalition)
            for other in analysis.jumps
            if (other.concept, other.start, other.end) == (jump.concept, jump.start, jump.end)
        )


def fewest_steps(arcs: set[tuple[str, int, int]], jump: CoalitionImprovement) -> int:
    """Search over pairs of last mover and state, a step of everybody's at a time."""
    nodes, steps = {("", int(jump.start))}, 0
    while all(state != jump.end for _, state in nodes):
        nodes = {
            (player, end)
            for last, state in nodes
            for player, start, end in arcs
            if start == state and player != last and player in jump.coalition
        }
        steps += 1
    return steps


def test_explanation_handles_a_standing_coalition_as_a_member() -> None:
    conflict = dt.example("elmira").replaced(coalitions=[["moe", "local"], ["uniroyal"]])
    analysis = conflict.coalition_analysis(concepts=["nash"])
    assert ("moe+local", "uniroyal") in analysis.coalitions
    assert " under coalition Nash." in analysis.why(5, "moe+local+uniroyal", "nash")


def test_elmira_has_the_published_equilibrium_jump() -> None:
    """The published jump: the ministry and the company together from state 5 to state 8 (Kilgour et al. 2001)."""
    analysis = dt.example("elmira").coalition_analysis()
    jumps = {(jump.concept, jump.coalition, int(jump.start), int(jump.end)) for jump in analysis.jumps}
    assert jumps == {(concept, ("moe", "uniroyal"), 5, 8) for concept in COALITION_CONCEPTS}
    assert numbers(analysis.universal["nash"]) == [8, 9]
    why = analysis.why(5, "moe+uniroyal", "seq")
    assert "is not stable for " in why and "under coalition SEQ." in why
    assert "no response of the other parties deters it" in why
    assert "Uniroyal Chemical Ltd. accepts the current Control Order" in why
    assert " under coalition Nash." in analysis.why("plant abandoned", "moe+uniroyal", "nash")


def test_asking_for_some_coalitions_answers_those_only() -> None:
    conflict = dt.example("elmira")
    analysis = conflict.coalition_analysis([["uniroyal", "moe"]], ["nash"])
    assert analysis.coalitions == (("moe", "uniroyal"),)
    assert not analysis.every
    assert [len(group) for group in conflict.coalition_analysis(size=2).coalitions] == [1, 1, 1, 2, 2, 2]
    with pytest.raises(dt.UnknownNameError, match="did you mean 'moe'"):
        conflict.coalition_analysis([["mo"]])
    with pytest.raises(dt.UnknownNameError, match="concept for coalitions"):
        conflict.coalition_analysis(concepts=["sim"])
    with pytest.raises(dt.InputError, match="needs at least one member"):
        conflict.coalition_analysis([[]])


def test_coalition_result_has_the_documented_data() -> None:
    data = dt.example("elmira").coalition_analysis(concepts=["nash"]).to_dict()
    assert data["format"] == "detente-coalitions/1"
    five = next(one for one in data["equilibria"]["nash"] if one["number"] == 5)
    assert five["jumps"][0]["coalition"] == ["moe", "uniroyal"]
    assert five["jumps"][0]["to"] == {"number": 8, "state": "YNYNY", "name": "modified order accepted"}


def test_coalition_answer_begins_with_the_status_quo() -> None:
    analysis = dt.example("ukraine-2023").coalition_analysis(concepts=["seq"])
    assert words.answer(analysis).startswith(
        "The status quo, ‘as reported’ (state 323), is not stable against coalitions. In the model, Russia and Ukraine "
        "would both gain by moving together; so would all parties together. "
    )
    assert "Of 15 equilibria, 10 are stable against every coalition." in words.answer(analysis)
    assert analysis.to_dict()["answer"] == words.answer(analysis)


def test_coalition_answer_says_that_no_coalition_would_leave() -> None:
    analysis = dt.example("elmira").coalition_analysis(groups=[["local"]], concepts=["nash"])
    assert words.answer(analysis) == ("All 3 equilibria are stable against each coalition asked about.")


def test_too_many_coalitions_are_refused_before_listing() -> None:
    makers = [dt.DecisionMaker(f"d{place}", options=[f"o{place}"], preferences=[f"o{place}"]) for place in range(40)]
    rules = [dt.never(f"o{place}") for place in range(1, 40)]
    conflict = dt.Conflict(title="Many", decision_makers=makers, rules=rules)
    with pytest.raises(dt.DetenteError, match=r"1,099,511,627,775 coalitions; the limit is 255. .*--size 2"):
        conflict.coalition_analysis()
