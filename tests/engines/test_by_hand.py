"""Small cases worked out by hand, each for one thing that programs get wrong."""

from __future__ import annotations

import pytest
from tests.reference.brute_force import BruteForce

import detente as dt
from detente.engine import ENGINES
from detente.stability import CONCEPTS

pytestmark = pytest.mark.parametrize("engine", ENGINES)


def maker(id: str, options: list[str], *preferences: str) -> dt.DecisionMaker:
    return dt.DecisionMaker(id, options=options, preferences=list(preferences))


def test_a_sequence_may_come_back_to_a_mover(engine: str) -> None:
    """B takes b1, C takes c, B takes b2: the rules allow the sanction in this order only, B, C, B."""
    conflict = dt.Conflict(
        "A, B, A",
        [
            maker("i", ["a"], "not (b2 and c)", "a"),
            maker("b", ["b1", "b2"]),
            maker("c", ["c"]),
        ],
        rules=["if c then b1", "if b2 then c and b1"],
    )
    analysis = conflict.analyze(["gmr"], engine)
    assert 1 in analysis.stable("gmr", "i")
    why = analysis.why(1, "i", "gmr")
    (improvement,) = why.verdict.improvements
    assert [step.player for step in improvement.sanction.steps] == [1, 2, 1]


def test_a_decision_maker_jumps_over_infeasible_states(engine: str) -> None:
    conflict = dt.Conflict("jump", [maker("i", ["a", "b"], "a and b")], rules=["a iff b"])
    analysis = conflict.analyze(["nash"], engine)
    assert [state.pattern for state in analysis.states()] == ["NN", "YY"]
    assert [state.pattern for state in analysis.equilibria("nash")] == ["YY"]


def test_a_coalition_does_not_jump_over_infeasible_states(engine: str) -> None:
    makers = [maker("i", ["a"], "a and b"), maker("j", ["b"], "a and b")]
    apart = dt.Conflict("no way round", makers, rules=["a iff b"], coalitions=[["i", "j"]])
    assert len(apart.analyze(["nash"], engine).equilibria("nash")) == 2
    way = dt.Conflict("a way round", makers, rules=["if b then a"], coalitions=[["i", "j"]])
    assert [state.pattern for state in way.analyze(["nash"], engine).equilibria("nash")] == ["YY"]


def test_a_coalition_leaves_only_for_what_all_prefer(engine: str) -> None:
    makers = [maker("i", ["a"], "a"), maker("j", ["b"], "not a")]
    analysis = dt.Conflict("split", makers, coalitions=[["i", "j"]]).analyze(["nash"], engine)
    assert analysis.players == ("i+j",)
    assert len(analysis.equilibria("nash")) == 4


def test_one_way_options_hold(engine: str) -> None:
    conflict = dt.Conflict("one way", [maker("i", ["a"], "not a")], one_way={"a": True})
    assert [state.pattern for state in conflict.analyze(["nash"], engine).equilibria("nash")] == ["N", "Y"]
    back = dt.Conflict("one way", [maker("i", ["a"], "not a")], one_way={"a": False})
    assert [state.pattern for state in back.analyze(["nash"], engine).equilibria("nash")] == ["N"]


def test_moves_through_a_merged_state_are_not_one_move(engine: str) -> None:
    """i gets from YNN to the merged state and from there to NNY, but the two together are no move of i."""
    conflict = dt.Conflict("merged", [maker("i", ["a", "b"], "c and not a", "b"), maker("j", ["c"])], merge=["b"])
    reference = BruteForce(conflict)
    data = conflict.analyze(CONCEPTS, engine).to_dict()
    assert data["stability"] == reference.stability(CONCEPTS)
    merged = next(state for state in conflict.analyze(["nash"], engine).states() if state.pattern == "-Y-")
    assert merged.taken == ("b",)
    graph = conflict.graph()
    ends = {(arc.start, arc.end) for arc in graph.arcs if arc.player == 0}
    number = {state.pattern: state.number for state in graph.states}
    assert (number["YNN"], merged.number) in ends
    assert (merged.number, number["NNY"]) in ends
    assert (number["YNN"], number["NNY"]) not in ends


def test_a_merged_state_stands_where_its_largest_member_would(engine: str) -> None:
    conflict = dt.Conflict("merged", [maker("i", ["a", "b"]), maker("j", ["c"])], merge=["a and b"])
    patterns = [state.pattern for state in conflict.analyze(["nash"], engine).states()]
    assert patterns == ["NNN", "YNN", "NYN", "NNY", "YNY", "NYY", "YY-"]


def test_more_than_64_options_and_statements(engine: str) -> None:
    owned = [[f"o{i}_{j}" for j in range(10)] for i in range(7)]
    options = [name for own in owned for name in own]
    makers = [maker(f"d{i}", own, *[f"not {name}" for name in options]) for i, own in enumerate(owned)]
    rules = [dt.exactly_one(*own[:2]) for own in owned] + [dt.never(name) for own in owned for name in own[2:]]
    conflict = dt.Conflict("many", makers, rules=rules)
    analysis = conflict.analyze(engine=engine)
    assert analysis.count == 2**7
    # Each statement asks for an option to be left; the earlier one weighs more, so each takes its second.
    best = analysis.equilibria("nash")
    assert [state.taken for state in best] == [tuple(own[1] for own in owned)]
    assert analysis.to_dict(summary=True)["equilibria"]["nash"] == {"count": 1, "patterns": [best[0].pattern]}


def test_nobody_else_and_nothing_to_do(engine: str) -> None:
    alone = dt.Conflict("alone", [maker("i", ["a", "b"], "a", "not b")]).analyze(CONCEPTS, engine)
    assert all([state.pattern for state in alone.equilibria(concept)] == ["YN"] for concept in CONCEPTS)
    empty = dt.Conflict("empty", [maker("i", [])]).analyze(CONCEPTS, engine)
    assert [state.pattern for state in empty.states()] == [""]
    assert all(len(empty.equilibria(concept)) == 1 for concept in CONCEPTS)
    watcher = dt.Conflict("watcher", [maker("i", ["a"], "a"), maker("j", [], "not a")]).analyze(CONCEPTS, engine)
    assert all([state.pattern for state in watcher.equilibria(concept)] == ["Y"] for concept in CONCEPTS)


def test_weights_are_added_exactly(engine: str) -> None:
    weights = dt.Weights.of({"a": 0.1, "b": 0.2, "c": 0.3})
    makers = [dt.DecisionMaker("i", options=["a", "b", "c"], preferences=weights)]
    conflict = dt.Conflict("exact", makers, rules=["c iff not (a and b)", "a iff b"])
    analysis = conflict.analyze(["nash"], engine)
    assert [state.pattern for state in analysis.equilibria("nash")] == ["YYN", "NNY"]


def test_no_feasible_state_is_said(engine: str) -> None:
    with pytest.raises(dt.InputError, match="no feasible state"):
        dt.Conflict("none", [maker("i", ["a"])], rules=["a", "not a"]).analyze(engine=engine)


def test_too_many_states_are_refused_before_they_are_made(engine: str) -> None:
    many = dt.Conflict("huge", [maker("i", [f"o{n}" for n in range(200)])])
    with pytest.raises(dt.TooLargeError, match="GiB"):
        many.analyze(engine=engine)
