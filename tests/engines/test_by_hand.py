"""Small cases worked out by hand, each for one thing that programs get wrong."""

from __future__ import annotations

import time
from itertools import combinations

import pytest

import detente as dt
from detente.engine import ENGINES, solver
from detente.engine.coalition_moves import CoalitionMoves
from detente.model.conditions import And, Not, Taken
from tests.reference.brute_force import PLAIN, BruteForce

every_engine = pytest.mark.parametrize("engine", ENGINES)


def maker(id: str, options: list[str], *preferences: str) -> dt.DecisionMaker:
    return dt.DecisionMaker(id, options=options, preferences=list(preferences))


@every_engine
def test_sequence_may_return_to_an_earlier_mover(engine: str) -> None:
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


@every_engine
def test_decision_maker_moves_across_infeasible_states(engine: str) -> None:
    conflict = dt.Conflict("jump", [maker("i", ["a", "b"], "a and b")], rules=["a iff b"])
    analysis = conflict.analyze(["nash"], engine)
    assert [state.pattern for state in analysis.states()] == ["NN", "YY"]
    assert [state.pattern for state in analysis.equilibria("nash")] == ["YY"]


@every_engine
def test_coalition_does_not_move_across_infeasible_states(engine: str) -> None:
    makers = [maker("i", ["a"], "a and b"), maker("j", ["b"], "a and b")]
    apart = dt.Conflict("no way round", makers, rules=["a iff b"], coalitions=[["i", "j"]])
    assert len(apart.analyze(["nash"], engine).equilibria("nash")) == 2
    way = dt.Conflict("a way round", makers, rules=["if b then a"], coalitions=[["i", "j"]])
    assert [state.pattern for state in way.analyze(["nash"], engine).equilibria("nash")] == ["YY"]


@every_engine
def test_coalition_improves_only_to_what_every_member_prefers(engine: str) -> None:
    makers = [maker("i", ["a"], "a"), maker("j", ["b"], "not a")]
    analysis = dt.Conflict("split", makers, coalitions=[["i", "j"]]).analyze(["nash"], engine)
    assert analysis.players == ("i+j",)
    assert len(analysis.equilibria("nash")) == 4


@every_engine
def test_one_way_option_is_not_reversed(engine: str) -> None:
    conflict = dt.Conflict("one way", [maker("i", ["a"], "not a")], one_way={"a": True})
    assert [state.pattern for state in conflict.analyze(["nash"], engine).equilibria("nash")] == ["N", "Y"]
    back = dt.Conflict("one way", [maker("i", ["a"], "not a")], one_way={"a": False})
    assert [state.pattern for state in back.analyze(["nash"], engine).equilibria("nash")] == ["N"]


@every_engine
def test_two_moves_through_a_merged_state_are_not_one_move(engine: str) -> None:
    """i gets from YNN to the merged state and from there to NNY, but the two together are no move of i."""
    conflict = dt.Conflict("merged", [maker("i", ["a", "b"], "c and not a", "b"), maker("j", ["c"])], merge=["b"])
    reference = BruteForce(conflict)
    data = conflict.analyze(PLAIN, engine).to_dict()
    assert data["stability"] == reference.stability(PLAIN)
    merged = next(state for state in conflict.analyze(["nash"], engine).states() if state.pattern == "-Y-")
    assert merged.taken == ("b",)
    graph = conflict.graph()
    ends = {(arc.start, arc.end) for arc in graph.arcs if arc.player == 0}
    number = {state.pattern: state.number for state in graph.states}
    assert (number["YNN"], merged.number) in ends
    assert (merged.number, number["NNY"]) in ends
    assert (number["YNN"], number["NNY"]) not in ends


@every_engine
def test_merged_state_is_ordered_by_its_largest_member(engine: str) -> None:
    conflict = dt.Conflict("merged", [maker("i", ["a", "b"]), maker("j", ["c"])], merge=["a and b"])
    patterns = [state.pattern for state in conflict.analyze(["nash"], engine).states()]
    assert patterns == ["NNN", "YNN", "NYN", "NNY", "YNY", "NYY", "YY-"]


@every_engine
def test_more_than_64_options_and_preferences_are_decided(engine: str) -> None:
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


@every_engine
def test_single_party_and_party_without_options_are_decided(engine: str) -> None:
    alone = dt.Conflict("alone", [maker("i", ["a", "b"], "a", "not b")]).analyze(PLAIN, engine)
    assert all([state.pattern for state in alone.equilibria(concept)] == ["YN"] for concept in PLAIN)
    empty = dt.Conflict("empty", [maker("i", [])]).analyze(PLAIN, engine)
    assert [state.pattern for state in empty.states()] == [""]
    assert all(len(empty.equilibria(concept)) == 1 for concept in PLAIN)
    watcher = dt.Conflict("watcher", [maker("i", ["a"], "a"), maker("j", [], "not a")]).analyze(PLAIN, engine)
    assert all([state.pattern for state in watcher.equilibria(concept)] == ["Y"] for concept in PLAIN)


@every_engine
def test_decimal_weights_are_added_exactly(engine: str) -> None:
    weights = dt.Weights.of({"a": 0.1, "b": 0.2, "c": 0.3})
    makers = [dt.DecisionMaker("i", options=["a", "b", "c"], preferences=weights)]
    conflict = dt.Conflict("exact", makers, rules=["c iff not (a and b)", "a iff b"])
    analysis = conflict.analyze(["nash"], engine)
    assert [state.pattern for state in analysis.equilibria("nash")] == ["YYN", "NNY"]


@every_engine
def test_no_feasible_state_is_an_error(engine: str) -> None:
    with pytest.raises(dt.InputError, match="no feasible state"):
        dt.Conflict("none", [maker("i", ["a"])], rules=["a", "not a"]).analyze(engine=engine)


@pytest.mark.parametrize("engine", ["explicit"])
def test_too_many_states_are_refused_before_listing(engine: str) -> None:
    many = dt.Conflict("huge", [maker("i", [f"o{n}" for n in range(200)])], rules=[dt.never("o0 and o1")])
    began = time.process_time()
    with pytest.raises(dt.TooLargeError, match="GiB"):
        many.analyze(engine=engine)
    # No rule excludes any beyond the first two options, so they are counted without being listed.
    assert time.process_time() - began < 2


@every_engine
def test_coalition_moves_through_a_merged_state(engine: str) -> None:
    """i drops a, which leads into the merged state; i or j leaves it from a member with b: so they get to YNY.

    They prefer that, and as b is not theirs no change of options at one moment does it: nothing sanctions the move.
    """
    makers = [maker("i", ["a"], "b"), maker("j", ["c"], "b"), maker("k", ["b"])]
    conflict = dt.Conflict("through", makers, merge=["if a then c"], coalitions=[["i", "j"], ["k"]])
    analysis = conflict.analyze(PLAIN, engine)
    number = {state.pattern: state.number for state in analysis.states()}
    assert list(number) == ["YNN", "YNY", "---"]
    start = number["YNN"]
    for concept in PLAIN:
        assert analysis.why(start, "i+j", concept).stable == (start in analysis.stable(concept, "i+j"))
    assert start not in analysis.stable("nash", "i+j")
    assert start not in analysis.stable("sim", "i+j")


@every_engine
def test_step_within_a_merged_state_does_not_allow_a_second_move_in_a_row(engine: str) -> None:
    """i takes a, j takes b within the merged state, i swaps a for c: no move of both, for i would move twice in a row.

    The rules leave no other way from NNN to the state with b and c, which both want.
    """
    makers = [maker("i", ["a", "c"], "not a and b and c"), maker("j", ["b"], "not a and b and c"), maker("k", ["d"])]
    conflict = dt.Conflict("within", makers, rules=["a or (b iff c)"], merge=["a"], coalitions=[["i", "j"], ["k"]])
    analysis = conflict.analyze(PLAIN, engine)
    for concept in PLAIN:
        assert 1 in analysis.stable(concept, "i+j")
        assert analysis.why(1, "i+j", concept).stable


def rare_together(size: int) -> dt.Conflict:
    """No party acts, one acts, or all do; the first decision maker prefers anything to all acting."""
    everybody = And(tuple(Taken(f"o{place}") for place in range(size)))
    makers = [
        dt.DecisionMaker(f"d{place}", options=[f"o{place}"], preferences=[*first, Taken(f"o{place}")])
        for place, first in enumerate([[Not(everybody)]] + [[]] * (size - 1))
    ]
    rules = [
        f"if o{one} and o{other} then o{third}"
        for one, other in combinations(range(size), 2)
        for third in (one - 1, one + 1, other + 1)
        if 0 <= third < size and third != other
    ]
    return dt.Conflict("rare together", makers, rules=rules)


@pytest.mark.parametrize(
    ("engine", "size"), [(engine, size) for engine in ENGINES for size in (5, 12, 70 if engine == "explicit" else 30)]
)
def test_simultaneous_sanction_by_all_other_parties_deters(engine: str, size: int) -> None:
    """At the state where no party acts, each would. All can act only together, which deters the first."""
    analysis = rare_together(size).analyze(["nash", "sim"], engine)
    assert analysis.count == size + 2
    assert 1 not in analysis.stable("nash", "d0")
    assert 1 in analysis.stable("sim", "d0")
    assert 1 not in analysis.stable("sim", "d1")


@every_engine
def test_mover_does_not_move_twice_in_a_row(engine: str) -> None:
    """i takes a; j could undo that through the merged state, by taking and dropping b, but only by two moves in a row.

    i prefers the merged state to its own, so one move of j does not sanction.
    """
    makers = [maker("i", ["a"], "b", "a"), maker("j", ["b"])]
    analysis = dt.Conflict("twice", makers, merge=["b"]).analyze(PLAIN, engine)
    assert [state.pattern for state in analysis.states()] == ["NN", "YN", "-Y"]
    assert all(1 not in analysis.stable(concept, "i") for concept in PLAIN)
    # Somebody else who can move in between, from -YN to NYY, makes j's second move legal; NNY is no better than NNN.
    other = dt.DecisionMaker("k", options=["c"])
    analysis = dt.Conflict("between", [*makers, other], merge=["b and not c"]).analyze(PLAIN, engine)
    assert [concept for concept in PLAIN if 1 in analysis.stable(concept, "i")] == ["gmr"]
    (improvement,) = analysis.why(1, "i", "gmr").verdict.improvements
    assert improvement.sanction is not None
    assert [step.player for step in improvement.sanction.steps] == [1, 2, 1]


@every_engine
def test_credibility_is_judged_step_by_step(engine: str) -> None:
    """j answers by a step that is an improvement where it is taken, though it ends worse for j than the start."""
    conflict = dt.Conflict(
        "steps", [maker("i", ["a"], "not b", "a"), maker("j", ["b"], "not a", "b")],
    )  # fmt: skip
    analysis = conflict.analyze(["gmr", "seq"], engine)
    # At NN i wants a; at YN j prefers YY, and i dislikes b: a credible sanction, though j prefers NN to YY.
    assert 1 in analysis.stable("seq", "i")
    timid = dt.Conflict("timid", [maker("i", ["a"], "not b", "a"), maker("j", ["b"], "a", "not b")])
    # Here YY is better for j than NN, but j would not take the step from YN to YY.
    assert 1 not in timid.analyze(["seq"], engine).stable("seq", "i")
    assert 1 in timid.analyze(["gmr"], engine).stable("gmr", "i")


@every_engine
def test_equally_good_state_sanctions(engine: str) -> None:
    conflict = dt.Conflict("tie", [maker("i", ["a"], "a and not b"), maker("j", ["b"], "a and b")])
    analysis = conflict.analyze(PLAIN, engine)
    assert 1 not in analysis.stable("nash", "i")
    # NN, YN, YY: the end is as good for i as the start, and that is enough.
    assert all(1 in analysis.stable(concept, "i") for concept in ("gmr", "seq"))
    assert all(1 in analysis.stable(concept, "i") for concept in ("smr", "sseq"))


@every_engine
def test_counter_move_cancels_a_sanction_under_smr_and_sseq(engine: str) -> None:
    """i would take a; j answers with b, but i answers that with c: GMR and SEQ stable, neither SMR nor SSEQ."""
    conflict = dt.Conflict(
        "answer", [maker("i", ["a", "c"], "a and (not b or c)", "not c"), maker("j", ["b"], "b iff a")],
        rules=["if c then a and b"],
    )  # fmt: skip
    analysis = conflict.analyze(PLAIN, engine)
    assert [concept for concept in PLAIN if 1 in analysis.stable(concept, "i")] == ["gmr", "seq", "seq_then_sim"]


@every_engine
def test_infeasible_combination_does_not_sanction(engine: str) -> None:
    makers = [maker("i", ["a"], "not b or not a", "a"), maker("j", ["b"], "b")]
    together = dt.Conflict("chicken", makers).analyze(["sim"], engine)
    assert 1 in together.stable("sim", "i")
    apart = dt.Conflict("chicken", makers, rules=[dt.at_most_one("a", "b")]).analyze(["sim"], engine)
    assert 1 not in apart.stable("sim", "i")


@every_engine
def test_seq_then_sim_combines_only_parties_that_seq_leaves_unstable(engine: str) -> None:
    """Simultaneity between two players that SEQ leaves unstable; the third, which SEQ holds, takes no part in it."""
    makers = [
        maker("i", ["a"], "not (a and b)", "a"),
        maker("j", ["b"], "not (a and b)", "b"),
    ]
    both = dt.Conflict("both", makers).analyze(["seq", "sim", "seq_then_sim"], engine)
    assert [1 in both.stable(concept, "i") for concept in ("seq", "sim", "seq_then_sim")] == [False, True, True]
    one = dt.Conflict("one", [makers[0], maker("j", ["b"], "b iff a", "b")]).analyze(["seq", "seq_then_sim"], engine)
    assert [1 in one.stable(concept, "i") for concept in ("seq", "seq_then_sim")] == [True, True]


@every_engine
def test_more_than_64_preferences_rank_states_exactly(engine: str) -> None:
    """Of 70 statements only the last tells the two states apart, or only the first."""
    for place in (0, 69):
        statements = ["b"] * place + ["a"] + ["b"] * (69 - place) if place else ["a"] + ["not a"] * 69
        conflict = dt.Conflict("70", [maker("i", ["a"], *statements), maker("j", ["b"])])
        assert [state.pattern for state in conflict.analyze(["nash"], engine).stable("nash", "i")] == ["YN", "YY"]


@every_engine
def test_one_way_options_limit_reachable_states(engine: str) -> None:
    """From each of the two free settings of b, with a only to be taken and c only to be dropped."""
    conflict = dt.Conflict("layers", [maker("i", ["a", "b", "c"])], one_way={"a": True, "c": False})
    number = {state.pattern: state.number for state in conflict.analyze(["nash"], engine).states()}
    ends: dict[str, set[str]] = {pattern: set() for pattern in number}
    patterns = {value: key for key, value in number.items()}
    for arc in conflict.graph(engine).arcs:
        ends[patterns[arc.start]].add(patterns[arc.end])
    assert ends["NNY"] == set(number) - {"NNY"}
    assert ends["YNN"] == {"YYN"}
    assert ends["NNN"] == {"NYN", "YNN", "YYN"}
    assert ends["YYY"] == {"YNY", "YNN", "YYN"}


@every_engine
def test_coalition_is_deterred_if_one_member_is_hurt(engine: str) -> None:
    """i and j gain by a; k answers with c, which takes i's gain away and leaves j better off than at the start."""
    makers = [maker("i", ["a"], "a and not c"), maker("j", ["b"], "a"), maker("k", ["c"], "c")]
    conflict = dt.Conflict("one hurt", makers, coalitions=[["i", "j"], ["k"]])
    analysis = conflict.analyze(PLAIN, engine)
    assert [concept for concept in PLAIN if 1 in analysis.stable(concept, "i+j")] == [
        concept for concept in PLAIN if concept != "nash"
    ]
    moves = CoalitionMoves(solver(conflict.replaced(coalitions=()), engine))
    group = moves.group(["i", "j"])
    assert [concept for concept in ("nash", "gmr", "smr", "seq") if 1 in moves.stable(group, concept)] == [
        "gmr", "smr", "seq",
    ]  # fmt: skip


@pytest.mark.parametrize("family", ["fuzzy", "probabilistic"])
def test_coalition_is_deterred_if_one_member_is_probably_hurt(family: str) -> None:
    """As above, and a preference of i is held with a confidence: states are compared, not ranked."""
    makers = [maker("i", ["a"], "a and not c"), maker("j", ["b"], "a"), maker("k", ["c"], "c")]
    conflict = dt.Conflict("one hurt", makers, coalitions=[["i", "j"], ["k"]])
    analysis = conflict.marked("i", "a and not c", confidence=0.9).analyze(
        [f"{family}_{name}" for name in ("nash", "gmr", "smr", "seq")]
    )
    assert [concept.id for concept in analysis.concepts if 1 not in analysis.stable(concept.id, "i+j")] == [
        f"{family}_nash"
    ]


@every_engine
def test_equally_good_combination_sanctions_in_sim(engine: str) -> None:
    """i would take a; if j takes b at the same time, the end is as good for i as the start."""
    conflict = dt.Conflict("tie", [maker("i", ["a"], "a and not b"), maker("j", ["b"], "b")])
    assert 1 in conflict.analyze(["sim"], engine).stable("sim", "i")


@pytest.mark.parametrize("changes", [{}, {"merge": ["a and d"]}, {"coalitions": [["i", "k"], ["j"]]}])
@every_engine
def test_smr_sanction_must_itself_hurt(engine: str, changes: dict[str, list]) -> None:
    """Whatever j does, a stays taken, which i prefers; from there i could only move back to a state no better."""
    makers = [maker("i", ["a"], "a"), maker("j", ["b", "d"]), maker("k", [], "a")]
    analysis = dt.Conflict("no sanction", makers, **changes).analyze(["smr"], engine)
    assert 1 not in analysis.stable("smr", analysis.players[0])


@pytest.mark.parametrize("changes", [{}, {"merge": ["a and d"]}, {"coalitions": [["i", "k"], ["j"]]}])
@pytest.mark.usefixtures("either_way")
def test_smr_sanction_must_itself_hurt_if_i_is_not_sure(changes: dict[str, list]) -> None:
    """As above, and it is not certain that i prefers a."""
    makers = [maker("i", ["a"], "a"), maker("j", ["b", "d"]), maker("k", [], "a")]
    conflict = dt.Conflict("no sanction", makers, **changes).marked("i", "a", confidence=0.9)
    for concept in ("fuzzy_smr", "probabilistic_smr"):
        analysis = conflict.analyze([concept])
        assert 1 not in analysis.stable(concept, analysis.players[0])


def test_limited_move_tie_is_decided_against_the_other() -> None:
    """After b, i takes a1 or a2, equally good for i: j must expect a1, which is worse for j than the start."""
    makers = [maker("i", ["a1", "a2"], "b and (a1 or a2)"), maker("j", ["b"], "a2 and b", "not b")]
    conflict = dt.Conflict("tie of ends", makers, rules=[dt.at_most_one("a1", "a2")])
    analysis = conflict.analyze(["limited_move_1", "limited_move_2"])
    assert 1 in analysis.stable("limited_move_2", "j")


@pytest.mark.parametrize("horizon", [1, 2, 3, 4, 9, 10, 101, 102])
def test_maximin_with_matching_pennies_alternates_with_the_horizon(horizon: int) -> None:
    """i wants a to match b and can match it once more than j can undo it just if it has the last move."""
    makers = [maker("i", ["a"], "a iff b"), maker("j", ["b"])]
    analysis = dt.Conflict("pennies", makers).analyze([f"maximin_{horizon}"])
    mismatch = next(int(state) for state in analysis.states() if state.pattern == "YN")
    assert (mismatch in analysis.stable(f"maximin_{horizon}", "i")) == (horizon % 2 == 0)


@pytest.mark.usefixtures("either_way")
@pytest.mark.parametrize(("facing", "stable"), [("a", False), ("b", False), ("c", True), ("d", True)])
def test_unknown_sanction_deters_extensions_c_and_d_only(facing: str, stable: bool) -> None:
    """i prefers YN to NN; j answers with b, and it is unknown which of NN and YY i prefers."""
    first = dt.DecisionMaker("i", options=["a"], preferences=["not b", "a"], facing_unknown=facing)
    conflict = dt.Conflict("unknown", [first, maker("j", ["b"])]).marked("i", "not b", unknown=True)
    assert (1 in conflict.analyze(["gmr_u"]).stable("gmr_u", "i")) == stable
    assert (1 in conflict.analyze([f"gmr_{facing}"]).stable(f"gmr_{facing}", "i")) == stable
