"""SIM on the cube of strategies, in compiled loops and by running minima: each verdict of the comparison of all states.

The suite compares a few disputes. As a program it compares as many as are asked for, the same for a seed:

    python -m tests.engines.test_simultaneous --many 3000 --seed 1
"""

from __future__ import annotations

import argparse
import random
from importlib.util import find_spec

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st

import detente as dt
from benchmarks.disputes import dispute, ruled
from detente.concepts import CONCEPTS
from detente.engine import choice
from detente.engine.explicit import cube
from detente.engine.explicit.solver import ExplicitSolver
from tests.engines.comparing import Tally
from tests.examples import examples
from tests.strategies import conflicts, disputes

if find_spec("numba") is None:
    pytest.skip("the extra 'fast' is not installed", allow_module_level=True)

from detente.engine.dense.combinations import Combinations

SIM = CONCEPTS["sim"]
relaxed = settings(suppress_health_check=list(HealthCheck), deadline=None)


def compare(conflict: dt.Conflict, tally: Tally) -> None:
    """Compare the decisions on the cube with the comparison of all states, for each player and state."""
    slow = ExplicitSolver(conflict)
    assert cube.has_cube(slow.space, slow.players)
    made, cells = cube.cube_of(slow.space, slow.players)
    by_loops = Combinations(made)
    tally.add(conflict)
    for player in range(len(slow.players)):
        wanted = slow.mask(SIM, player)
        assert np.array_equal(by_loops.stable(player)[cells], wanted)
        tally.of["verdicts"] += wanted.size
        tally.of["verdicts of instability"] += int(np.count_nonzero(~wanted))
        if cube.has_running_minima(slow.space, slow.players):
            assert np.array_equal(cube.stable_by_minima(made, player)[cells], wanted)
            tally.of["verdicts by running minima"] += wanted.size


def with_payoffs(conflict: dt.Conflict, chance: random.Random) -> dt.Conflict:
    """Give every decision maker payoffs without structure, many of them tied."""
    count, top = ExplicitSolver(conflict).count, chance.choice([2, 5, 20, 300])

    def drawn(maker: dt.DecisionMaker) -> dt.DecisionMaker:
        payoffs = dt.Payoffs.of({number: chance.randint(0, top) for number in range(1, count + 1)})
        return dt.DecisionMaker(maker.id, options=[option.id for option in maker.options], preferences=payoffs)

    return conflict.replaced(decision_makers=[drawn(maker) for maker in conflict.decision_makers])


@st.composite
def on_a_cube(draw: st.DrawFn, most: int) -> dt.Conflict:
    """Disputes without merged states and coalitions, some with rules, one-way options and payoffs."""
    kind = draw(st.sampled_from(["any", "random", "ruled", "payoffs"]))
    if kind == "any":
        few = conflicts(min_options=3, max_options=7, min_makers=2, unsure=False)
        conflict = draw(st.one_of(few, disputes(most=most)))
        # What merged states are called and ranked by depends on the merges.
        assume(not conflict.merge)
        conflict = conflict.replaced(coalitions=[])
    else:
        makers = draw(st.integers(2, 5))
        made = dispute if kind == "random" else ruled
        conflict = made(draw(st.integers(max(makers, 3), most)), makers, draw(st.integers(0, 10**6)))
        if draw(st.booleans()):
            conflict = conflict.replaced(one_way={})
        if kind == "payoffs":
            conflict = with_payoffs(conflict, random.Random(draw(st.integers(0, 10**6))))
    solved = ExplicitSolver(conflict)
    assume(len(solved.players) > 1 and cube.has_cube(solved.space, solved.players))
    return conflict


@settings(relaxed, max_examples=examples(400))
@given(conflict=on_a_cube(most=8))
def test_sim_on_the_cube_equals_the_comparison_of_all_states(conflict: dt.Conflict) -> None:
    compare(conflict, Tally())


@pytest.mark.parametrize("options", [11, 12])
@pytest.mark.parametrize("makers", [2, 3, 5])
def test_sim_of_many_states_equals_the_comparison_of_all_states(options: int, makers: int) -> None:
    compare(ruled(options, makers), Tally())
    compare(with_payoffs(dispute(options, makers), random.Random(options)), Tally())


def test_rank_of_all_bits_is_not_an_excluded_cell() -> None:
    """Eight conditions rank the states up to 255, the largest number of a byte."""
    wishes = [f"o{place}" for place in range(8)]
    makers = [
        dt.DecisionMaker("a", options=wishes[:4], preferences=wishes),
        dt.DecisionMaker("b", options=wishes[4:], preferences=[f"not {wish}" for wish in wishes]),
    ]
    for rules in ([], [dt.never("o0 and o5")]):
        conflict = dt.Conflict("all bits", makers, rules=rules)
        compare(conflict, Tally())
        compare(conflict.replaced(one_way={"o1": True, "o6": False}), Tally())


def test_merged_states_and_coalitions_have_no_cube() -> None:
    for changes in ({"merge": ["o0 and o1"]}, {"coalitions": [["d0", "d1"], ["d2"]]}):
        solved = ExplicitSolver(dispute(6, 3).replaced(**changes))
        assert not cube.has_cube(solved.space, solved.players)
        assert choice.sim_on_cube(solved.space, solved.players) is None


def test_limit_of_the_comparison_is_none_for_the_cube(monkeypatch: pytest.MonkeyPatch) -> None:
    conflict = with_payoffs(ruled(9, 3), random.Random(1))
    wanted = list(ExplicitSolver(conflict).equilibria(SIM).numbers())
    monkeypatch.setattr("detente.engine.explicit.solver.MAX_SIMULTANEOUS", 8)
    assert "the limit is 8 states" in (ExplicitSolver(conflict).refuses(SIM) or "")
    monkeypatch.setattr(choice, "SIM_COMPILED_FROM", 0)
    on_cube = ExplicitSolver(conflict, sim=choice.sim_on_cube)
    assert on_cube.refuses(SIM) is None
    assert list(on_cube.equilibria(SIM).numbers()) == wanted
    assert on_cube.refuses(CONCEPTS["seq_then_sim"])
    monkeypatch.setattr(choice, "memory_available", lambda: 2**10)
    assert ExplicitSolver(conflict, sim=choice.sim_on_cube).refuses(SIM)


@pytest.mark.parametrize(("makers", "without_loops"), [(2, True), (3, False)])
def test_auto_decides_sim_on_the_cube(monkeypatch: pytest.MonkeyPatch, makers: int, without_loops: bool) -> None:
    """Two makers need no compiled loops. The engine is the explicit one, so the answer names only one engine."""
    monkeypatch.setattr(choice, "SIM_COMPILED_FROM", 0)
    monkeypatch.setattr(choice, "sim_by_diagrams", lambda space, players: None)
    if without_loops:
        monkeypatch.setattr(choice, "find_spec", lambda name: None)
    conflict = dispute(12, makers)
    slow = ExplicitSolver(conflict)
    wanted = [set(slow.stable(SIM, player).numbers()) for player in range(makers)]
    monkeypatch.setattr("detente.engine.explicit.solver.Simultaneity", None)
    for engine in ("auto", "explicit"):
        analysis = conflict.analyze(["nash", "sim"], engine)
        assert analysis.engine == "explicit"
        assert [set(one.numbers()) for one in analysis.stability["sim"].values()] == wanted


def main() -> None:
    """Compare as many disputes as are asked for, and print what there was in them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--many", type=int, default=1000, help="how many disputes")
    parser.add_argument("--most", type=int, default=8, help="how many options they have at most")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    tally = Tally()
    drawn = settings(relaxed, database=None, max_examples=asked.many)
    seeded(asked.seed)(drawn(given(on_a_cube(asked.most))(lambda conflict: compare(conflict, tally))))()
    for what, count in sorted(tally.of.items(), key=lambda item: -item[1]):
        print(f"  {count:>12,} {what}")


if __name__ == "__main__":
    main()
