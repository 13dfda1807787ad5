"""Evolution: paths by the definition, gone through one by one; laws; and a published case."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import detente as dt
from benchmarks.disputes import dispute
from detente.analysis import evolution
from detente.analysis.evolution import Evolution, MovePath, Target, cost
from detente.engine.interface import Arc
from detente.errors import TooLargeError
from detente.model.wording import capital
from detente.present import evolution as words
from detente.present.evolution import path_in_words
from tests.examples import examples
from tests.strategies import conflicts

relaxed = settings(deadline=None, max_examples=examples(80), suppress_health_check=[HealthCheck.too_slow])


def simple_paths(arcs: list[Arc], start: int, twice: bool, most: int | None) -> Iterator[tuple[Arc, ...]]:
    """Every legal path that passes no state twice, with at most so many moves that are no improvements."""

    def walk(state: int, last: int, path: tuple[Arc, ...], passed: set[int]) -> Iterator[tuple[Arc, ...]]:
        yield path
        for arc in arcs:
            if arc.start != state or arc.end in passed or (arc.player == last and not twice):
                continue
            if most is not None and sum(not one.improvement for one in (*path, arc)) > most:
                continue
            yield from walk(arc.end, arc.player, (*path, arc), passed | {arc.end})

    yield from walk(start, -1, (), {start})


def key(path: MovePath) -> tuple[tuple[str, int], ...]:
    return tuple((move.player, move.end.number) for move in path)


@relaxed
@given(
    conflict=conflicts(max_options=4, merges=False),
    by=st.sampled_from(["moves", "improvements"]),
    sacrifices=st.integers(0, 2),
    twice=st.booleans(),
    data=st.data(),
)
def test_paths_equal_an_exhaustive_search(
    conflict: dt.Conflict, by: str, sacrifices: int, twice: bool, data: st.DataObject
) -> None:
    graph = conflict.graph()
    if len(graph.states) > 8:
        return
    start = data.draw(st.sampled_from([state.number for state in graph.states]))
    end = data.draw(st.sampled_from([state.number for state in graph.states]))
    most = sacrifices if by == "improvements" else None
    every = list(simple_paths(list(graph.arcs), start, twice, most))
    wanted = {
        tuple((graph.players[arc.player], arc.end) for arc in path)
        for path in every
        if (path[-1].end if path else start) == end
    }
    evolution = conflict.evolve(start, end, by=by, sacrifices=sacrifices, twice=twice, simple=True, concepts=["nash"])
    (found,) = evolution.targets
    assert found.complete or len(wanted) > 100
    if found.complete:
        assert {key(path) for path in found.paths} == wanted
    shortest = conflict.evolve(start, end, by=by, sacrifices=sacrifices, twice=twice, concepts=["nash"]).targets[0]
    if wanted and shortest.steps == min(map(len, wanted)):
        # A shortest legal path may pass a state twice, with another last mover; here it does not.
        lengths = {path for path in wanted if len(path) == shortest.steps}
        assert lengths <= {key(path) for path in shortest.paths}
    assert bool(wanted) <= found.reachable
    free = [
        path for path in simple_paths(list(graph.arcs), start, twice, None) if (path[-1].end if path else start) == end
    ]
    if free:
        assert found.fewest_sacrifices is not None
        assert found.fewest_sacrifices <= min(sum(not arc.improvement for arc in path) for path in free)


@relaxed
@given(conflict=conflicts(max_options=5))
def test_paths_are_legal_and_end_at_their_target(conflict: dt.Conflict) -> None:
    for by, sacrifices in (("moves", 0), ("improvements", 0), ("improvements", 1)):
        evolution = conflict.evolve(1, by=by, sacrifices=sacrifices, concepts=["nash", "gmr"])
        graph = conflict.graph()
        arcs = {(graph.players[arc.player], arc.start, arc.end): arc.improvement for arc in graph.arcs}
        for target in evolution.targets:
            assert target.reachable == bool(target.paths)
            assert target.state in {state for state, _, _ in evolution.reached} or not target.reachable
            for path in target.paths:
                assert len(path) == target.steps
                legal(path, 1, target.state, arcs)
                if by == "improvements":
                    assert sum(not move.improvement for move in path) <= sacrifices
            if target.detour is not None:
                legal(target.detour, 1, target.state, arcs)
                assert sum(not move.improvement for move in target.detour) == target.fewest_sacrifices
            assert words.why(evolution, target).endswith(".")
            the_cheapest_way_is_told(evolution, target)
        assert Evolution.to_dict(evolution)["format"] == "detente-evolve/1"


@relaxed
@given(
    conflict=conflicts(max_options=5),
    simple=st.booleans(),
    twice=st.booleans(),
    by=st.sampled_from(["moves", "improvements"]),
)
def test_row_figures_come_from_one_path(conflict: dt.Conflict, simple: bool, twice: bool, by: str) -> None:
    evolution = conflict.evolve(1, by=by, simple=simple, twice=twice, concepts=["nash", "gmr"])
    for row, target, data in zip(evolution.rows(), evolution.targets, evolution.to_dict()["targets"], strict=True):
        assert row["number"] == data["number"] == target.state.number
        if data["paths"]:
            first = data["paths"][0]
            assert data["steps"] == len(first)
            assert data["sacrifices"] == sum(not move["improvement"] for move in first)
        if data["detour"] is None:
            assert (row["steps"], row["fewest_sacrifices"], row["path"]) == (None, None, "")
            continue
        assert data["fewest_sacrifices"] == sum(not move["improvement"] for move in data["detour"])
        shown = target.route
        assert shown in (*target.paths[:1], target.detour)
        assert row["path"] == " ".join(str(move.end.number) for move in shown)
        assert row["steps"] == len(shown)
        assert row["fewest_sacrifices"] == sum(not move.improvement for move in shown) == target.fewest_sacrifices


def the_cheapest_way_is_told(evolution: Evolution, target: Target) -> None:
    """The number of sacrifices that is given is that of a way which is told."""
    costs = [cost(path) for path in target.paths]
    assert costs == sorted(costs)
    if target.paths and target.detour is not None and target.state != evolution.start:

        def in_words(path: MovePath) -> str:
            losses = [place for place, move in enumerate(path) if not move.improvement]
            return path_in_words(evolution.conflict, path[0].start, [(one.player, one.end) for one in path], losses)

        shortest, *other = words.paths(evolution, target)
        if costs[0] > cost(target.detour):
            assert re.fullmatch(r"Fewest steps \(.*?\): (.*)", shortest)[1] == f"{in_words(target.paths[0])}."  # type: ignore[index]
            assert other[0].endswith(f"{in_words(target.detour)}.")
        else:
            assert shortest == f"{capital(in_words(target.paths[0]))}."
            assert other == []
            assert costs[0] == target.fewest_sacrifices


def legal(path: MovePath, start: int, end: int, arcs: dict[tuple[str, int, int], bool]) -> None:
    here, last = start, ""
    for move in path:
        assert move.start == here
        assert move.player != last
        assert arcs[(move.player, here, move.end.number)] == move.improvement
        here, last = move.end.number, move.player
    assert here == end


@relaxed
@given(conflict=conflicts(max_options=5))
def test_more_freedom_never_reaches_fewer_states(conflict: dt.Conflict) -> None:
    def reached(**choices: object) -> set[int]:
        return {state.number for state, _, _ in conflict.evolve(1, 1, concepts=["nash"], **choices).reached}

    improving = reached(by="improvements")
    assert improving <= reached(by="improvements", sacrifices=1) <= reached()
    assert improving <= reached(by="improvements", twice=True)
    assert reached() <= reached(twice=True)


def test_elmira_needs_the_published_joint_move() -> None:
    """From the status quo improvements lead to state 5 only; state 8 takes the ministry and the company together.

    As published (Kilgour, Hipel, Fang & Peng 2001): an equilibrium jump from 5 to 8.
    """
    evolution = dt.example("elmira").evolve(by="improvements", concepts=["nash"])
    assert evolution.start == 1
    assert [(one.state.number, one.reachable) for one in evolution.targets] == [(5, True), (8, False), (9, False)]
    (path,) = evolution.target(5).paths
    assert key(path) == (("local", 5),)
    assert evolution.target(8).fewest_sacrifices == 1
    detour = evolution.target(8).detour
    assert detour is not None
    assert [move.player for move in detour if not move.improvement] == ["moe"]
    by_moves = dt.example("elmira").evolve(to=8, concepts=["nash"])
    assert by_moves.targets[0].steps == 3
    assert "Ontario Ministry of the Environment" in words.why(evolution, evolution.target(8))


def test_one_way_options_block_paths() -> None:
    conflict = dt.Conflict(
        "dam",
        [
            dt.DecisionMaker("i", options={"dam": "Build the dam"}, preferences=["dam"]),
            dt.DecisionMaker("j", options=["sue"]),
        ],
        one_way={"dam": True},
        status_quo=["dam"],
    )
    (target,) = conflict.evolve(to="NN", concepts=["nash"]).targets
    evolution = conflict.evolve(to="NN", concepts=["nash"])
    assert not target.reachable
    assert target.detour is None
    assert "‘Build the dam’ can be changed in the other direction only" in words.why(evolution, target)


def test_path_has_no_two_moves_of_one_party_in_a_row() -> None:
    """Through a merged state i could undo and redo; that takes two moves in a row, or another move between."""
    makers = [dt.DecisionMaker("i", options=["a", "b"]), dt.DecisionMaker("j", options=["c"])]
    conflict = dt.Conflict("through", makers, rules=[dt.never("a and c")], merge=["b"], one_way={"a": False})
    once, more = (conflict.evolve("NNN", "YNN", twice=twice, concepts=["nash"]).targets[0] for twice in (False, True))
    assert not once.reachable
    assert more.steps == 2


def test_evolve_keeps_to_the_longest_path_and_refuses_unknown_names() -> None:
    conflict = dt.example("elmira")
    assert not conflict.evolve(to=8, longest=2, concepts=["nash"]).targets[0].reachable
    with pytest.raises(dt.UnknownNameError, match="did you mean 'improvements'"):
        conflict.evolve(by="improvement")
    with pytest.raises(dt.InputError, match="no status quo"):
        dt.example("chicken").replaced(status_quo=None).evolve()
    with pytest.raises(dt.UnknownNameError):
        conflict.evolve(to="nowhere")


def test_evolve_answer_begins_with_reachability_and_its_cost() -> None:
    evolution = dt.example("elmira").evolve(concepts=["nash"])
    assert words.answer(evolution) == (
        "1 of the 3 equilibria can be reached from the status quo without a concession: ‘appeal under local pressure’ "
        "(state 5). The others take 1 concession each: ‘modified order accepted’ (state 8) and ‘plant "
        "abandoned’ (state 9). A concession is a move to a state that the mover does not prefer: it is worse for the "
        "mover, or equally good."
    )
    assert evolution.to_dict()["answer"] == words.answer(evolution)
    assert [one.fewest_sacrifices for one in evolution.by_cost()] == [0, 1, 1]


def test_evolve_answer_for_one_state_lists_the_moves() -> None:
    evolution = dt.example("elmira").evolve(to=8)
    assert "cannot be reached" in words.answer(evolution)
    assert words.answer(evolution).endswith(
        "It takes 1 concession. A concession is a move to a state that the mover does not prefer: it is worse for the "
        "mover, or equally good."
    )


def test_evolve_answer_names_unreachable_states() -> None:
    """Once the plant is abandoned, no party can bring it back."""
    elmira = dt.example("elmira")
    abandoned = elmira.evolve(start="plant abandoned", to="appeal")
    assert words.answer(abandoned) == "No moves lead from ‘plant abandoned’ (state 9) to ‘appeal’ (state 1)."


def test_too_many_simple_paths_are_cut_and_marked_incomplete(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is left out is said, and the shortest paths are there all the same."""
    conflict = dispute(6, 3)
    (whole,) = conflict.evolve(1, 64, simple=True, longest=3).targets
    assert len(whole.paths) > 3
    monkeypatch.setattr(evolution, "MAX_PATH_STEPS", 200)
    (some,) = conflict.evolve(1, 64, simple=True, longest=3).targets
    assert not some.complete
    assert {len(path) for path in some.paths} == {some.steps} == {whole.steps}
    assert set(some.paths) <= set(whole.paths)


def test_too_many_moves_are_refused_during_listing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evolution, "MAX_PATH_MOVES", 50)
    with pytest.raises(TooLargeError, match=r"more than 50 moves, .* 'rules'"):
        dispute(6, 3).evolve(1, 64)


def test_evolve_reports_progress() -> None:
    told: list[tuple[float, str]] = []
    dispute(5, 2).evolve(1, progress=lambda share, doing: told.append((share, doing)))
    shares = [share for share, _ in told]
    assert shares == sorted(shares)
    assert {"looking for the shortest paths", "looking for the paths with the fewest concessions"} <= {
        doing for _, doing in told
    }
    assert any("target states" in doing for _, doing in told)
