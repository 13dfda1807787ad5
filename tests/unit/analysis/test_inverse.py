"""The smallest change of preferences: published counts, cases by hand, words and data."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from fractions import Fraction
from itertools import combinations, product
from typing import Any

import pytest

import detente as dt
from detente.analysis.inverse import INVERSE_CONCEPTS, constraint_program, editable
from detente.analysis.inverse.editable import Program
from detente.concepts import CONCEPTS
from detente.errors import MissingSolverError
from detente.lazy import lazy
from detente.present.inverse import condition
from tests.examples import examples

SYRIA = "syria-iraq-1975"


def parties(*makers: tuple[str, list[str], list[str]], **more: Any) -> dt.Conflict:
    return dt.Conflict("T", [dt.DecisionMaker(id, options=own, preferences=wants) for id, own, wants in makers], **more)


def test_euphrates_nash_change_is_the_published_one() -> None:
    """Kinsara (2014): Syria must rank the water released above both states that it could move to."""
    inversion = dt.example(SYRIA).invert("water released", "nash", fixed=["iraq"])
    assert condition(inversion, "syria") == (
        "Syria must not prefer ‘reservoir filling’ (state 1) or state 3 to ‘water released’ (state 2)."
    )
    assert (inversion.cost, inversion.importance) == (2, 5)
    (change,) = inversion.changes
    assert [str(one) for one in change.preferences["syria"].statements] == [  # type: ignore[attr-defined]
        "release",
        "not release and not escalate and not attack",
        "escalate",
        "not attack",
    ]
    assert list(change.preferences) == ["syria"]
    assert inversion.applied(change).analyze(["nash"]).equilibria("nash")[0] == 2


@pytest.mark.parametrize(("concept", "swaps"), [("nash", 3), ("gmr", 1), ("smr", 1), ("seq", 1), ("sseq", 1)])
def test_euphrates_ranking_change_equals_exhaustive_search(concept: str, swaps: int) -> None:
    """The smallest distance to a ranking among those that the published counts count, found by trying all 720."""
    from itertools import combinations, permutations

    conflict = dt.example(SYRIA)
    now = [1, 3, 6, 2, 4, 5]
    syria, iraq = conflict.decision_makers

    def with_ranking(order: Any) -> dt.Conflict:
        changed = dt.DecisionMaker("syria", options=syria.options, preferences=dt.Ranking.of(*order))
        return conflict.replaced(decision_makers=[changed, iraq])  # type: ignore[return-value]

    least, found = 99, set()
    for order in permutations(range(1, 7)):
        distance = sum(order.index(one) > order.index(other) for one, other in combinations(now, 2))
        if distance <= least and 2 in with_ranking(order).analyze([concept]).equilibria(concept):
            found = found if distance == least else set()
            least = distance
            found.add(order)
    inversion = with_ranking(now).invert(2, concept, fixed=["iraq"])
    assert inversion.cost == least == swaps
    assert {
        tuple(state for (state,) in change.preferences["syria"].groups)  # type: ignore[attr-defined]
        for change in inversion.changes
    } == found


def test_cycle_of_improvements_does_not_sanction() -> None:
    """After the first moves the others chase each other for ever, and never to anything bad for it."""
    conflict = parties(
        ("first", ["go"], ["go"]),
        ("odd", ["x"], ["x iff y"]),
        ("even", ["y"], ["not (x iff y)"]),
    )
    stuck = conflict.invert("NNN", "seq", fixed=["first", "odd", "even"])
    assert not stuck.possible
    assert stuck.obstacle is not None
    assert stuck.obstacle.ways_out == (("first",),)
    assert "no response of the other parties deters that" in str(stuck)
    for concept in ("seq", "sseq"):
        assert conflict.invert("NNN", concept, fixed=["odd"]).changes[0].edits


def test_party_that_cannot_be_influenced_is_named() -> None:
    blocked = dt.example(SYRIA).invert(2, "seq", fixed=["syria"])
    assert not blocked.possible
    assert blocked.changes == ()
    assert blocked.obstacle is not None
    assert blocked.obstacle.ways_out == (("syria",),)
    said = str(blocked)
    assert "The preferences of Syria are fixed, and Syria would gain by moving to the outcome in which " in said
    assert "‘water released’ (state 2) could become an equilibrium if the preferences of Syria could change." in said


def test_seq_change_is_blocked_without_a_credible_sanction() -> None:
    """Somebody could punish, cannot be made to want it, and the one who would leave cannot be made to stay."""
    conflict = parties(("thief", ["steal"], ["not jail", "steal"]), ("judge", ["jail"], ["not jail"]))
    assert conflict.invert("NN", "gmr", fixed=["thief", "judge"]).holds_already
    blocked = conflict.invert("NN", "seq", fixed=["thief", "judge"])
    assert "but not by moves that they prefer" in str(blocked)
    assert blocked.obstacle is not None
    assert blocked.obstacle.ways_out == (("thief",), ("judge",))
    changes = conflict.invert("NN", "seq", fixed=["thief"]).changes
    assert {(edit.decision_maker, edit.kind) for change in changes for edit in change.edits} <= {
        ("judge", kind) for kind in ("drop", "reverse", "add", "move")
    }
    assert all("judge" in change.preferences for change in changes)


def test_costs_decide_which_change_is_smallest() -> None:
    two = parties(("a", ["x"], ["x", "not y"]), ("b", ["y"], ["y"]))
    assert two.invert("NN", "nash", costs={"a": 2}).cost == 3
    assert two.invert("NN", "nash", costs={"a": "1/2", "b": 0.25}).cost == Fraction(3, 4)
    with pytest.raises(dt.InputError, match="more than 0"):
        two.invert("NN", costs={"a": 0})
    with pytest.raises(dt.InputError, match="must be a number"):
        two.invert("NN", costs={"a": "much"})
    with pytest.raises(dt.UnknownNameError, match="unknown decision maker"):
        two.invert("NN", costs={"aa": 1})


def test_long_list_of_changes_is_cut_and_marked() -> None:
    conflict = dt.example("ukraine-2023")
    cut = conflict.invert("talks under way", "nash", limit=1)
    assert len(cut.changes) == 1
    assert not cut.complete
    whole = conflict.invert("talks under way", "nash")
    assert len(whole.changes) == 2
    assert whole.complete
    assert cut.changes[0] in whole.changes


def test_inverse_handles_merged_states_and_rankings() -> None:
    inversion = dt.example("elmira").invert("order upheld", "nash")
    assert inversion.cost == 2
    assert "would rank ‘order upheld’ (state 3) above ‘plant abandoned’ (state 9)" in str(inversion)
    data = inversion.to_dict()
    assert data["format"] == "detente-invert/1"
    assert data["state"] == {"number": 3, "state": "NNYNN", "name": "order upheld"}
    assert data["changes"][0]["edits"][0]["states"][1] == {"number": 9, "state": "-NNY-", "name": "plant abandoned"}
    assert set(data["conditions"]) == {"moe", "uniroyal", "local"}
    assert "Elmira" in inversion._repr_html_()


def test_equilibrium_needs_no_change() -> None:
    inversion = dt.example("chicken").invert(2, "nash")
    assert inversion.holds_already
    assert "No preference needs to change" in str(inversion)
    assert inversion.rows() == []


def test_unsupported_concept_is_refused() -> None:
    assert INVERSE_CONCEPTS == ("nash", "gmr", "smr", "seq", "sseq")
    with pytest.raises(dt.UnknownNameError, match="unknown concept for inverse questions 'sim'"):
        dt.example("chicken").invert(1, "sim")


def test_missing_solver_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pysat.solvers", None)
    monkeypatch.setattr(editable, "pysat", lazy("pysat.solvers"))
    with pytest.raises(MissingSolverError, match=r"install detente\[inverse\]"):
        dt.example("chicken").invert(1)


def test_interrupted_search_gives_no_answer() -> None:
    """Ctrl-C ends the solver, which neither has a solution then nor has proved that there is none."""
    program = Program()
    # Eleven pigeons in ten holes: there is no solution, and that takes this solver for ever.
    inside = [[program.variable() for _ in range(10)] for _ in range(11)]
    for pigeon in inside:
        program.require(*pigeon)
    for one, other in combinations(inside, 2):
        for first, second in zip(one, other, strict=True):
            program.require(-first, -second)
    # In a process of its own, because the solver does not let other threads run.
    with subprocess.Popen(["sh", "-c", f"sleep 0.3; kill -INT {os.getpid()}"]), pytest.raises(KeyboardInterrupt):
        program.solution()


@pytest.mark.parametrize("seed", range(examples(60)))
def test_smallest_weight_equals_exhaustive_search_and_is_kept(seed: int) -> None:
    """Of random clauses, twice: the second weight among the solutions with the smallest first one."""
    chance = random.Random(seed)
    program = object.__new__(constraint_program.InverseProgram)
    program.program = Program()
    program.concept = CONCEPTS["nash"]
    variables = [program.program.variable() for _ in range(chance.randint(3, 9))]
    clauses = [
        [one if chance.random() < 0.7 else -one for one in chance.sample(variables, 3)]
        for _ in range(chance.randint(3, 4 * len(variables)))
    ]
    for clause in clauses:
        program.program.require(*clause)
    solutions = [
        true
        for values in product([False, True], repeat=len(variables))
        for true in [{one if value else -one for one, value in zip(variables, values, strict=True)}]
        if all(true.intersection(clause) for clause in clauses)
    ]
    for _ in range(2):
        weighted = [(chance.randint(1, 4), chance.choice([-1, 1, 1]) * one) for one in chance.choices(variables, k=6)]
        found = [sum(weight for weight, one in weighted if one in true) for true in solutions]
        assert program.least(weighted) == (min(found) if found else None)
        solutions = [true for true, weight in zip(solutions, found, strict=True) if weight == min(found)]
    value = program.solved()
    assert bool(value) == bool(solutions)
    assert value is None or {one if value(one) else -one for one in variables} in solutions
