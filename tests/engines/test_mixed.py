"""SIM on decision diagrams for the explicit engine, SEQ, then SIM by sweeps, and both engines within a budget: the
answers of the slow ways.

The suite compares a few disputes. As a program it compares as many as are asked for, the same for a seed:

    python -m tests.engines.test_mixed --many 3000 --seed 1
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st

import detente as dt
from benchmarks.disputes import dispute, ruled
from detente.concepts import CONCEPTS
from detente.engine import choice, mixed, solver
from detente.engine.explicit import solver as explicit_solver
from detente.engine.explicit.sanctions import ShortestSanctions
from detente.engine.explicit.solver import ExplicitSolver
from detente.engine.space import Bools
from detente.io.conflict_file import write_conflict
from detente.model.questions import no_progress
from tests.engines.comparing import Tally
from tests.examples import examples
from tests.strategies import conflicts, disputes
from tests.unit.cli.running import run

relaxed = settings(suppress_health_check=list(HealthCheck), deadline=None)
SIM, SEQ, IN_TURN = CONCEPTS["sim"], CONCEPTS["seq"], CONCEPTS["seq_then_sim"]


@pytest.fixture
def however_few() -> Iterator[None]:
    """Let SIM be decided on diagrams however few states there are."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(choice, "SMALL_OPTIONS", 0)
        patch.setattr(choice, "SIM_DIAGRAMS_FROM", 0)
        patch.setattr(choice, "NODES_EACH", 2**20)
        patch.setattr(choice, "RANK_NODES_EACH", 2**20)
        yield


def pair_by_pair(compiled: ExplicitSolver, player: int) -> Bools:
    """Decide SEQ, then SIM by a search for each improvement: the slow way."""
    stable = compiled.mask(SEQ, player).copy()
    unstable = [~compiled.mask(SEQ, place) for place in range(len(compiled.players))]
    contested = [mask & (np.sum(unstable, axis=0) >= 2) for mask in unstable]
    starts, ends, deterred = compiled._simultaneity.sanctioned(player, contested)
    asked = contested[player][starts] & ~deterred
    stable[contested[player]] = True
    for start, end in zip(starts[asked].tolist(), ends[asked].tolist(), strict=True):
        if not ShortestSanctions(SEQ, start, player, compiled._responses, np.array([end])).path(end):
            stable[start] = False
    return stable


def compare(conflict: dt.Conflict, tally: Tally) -> None:
    """Compare both fast ways with the slow ones."""
    slow, fast = ExplicitSolver(conflict), ExplicitSolver(conflict, sim=choice.sim_by_diagrams)
    tally.add(conflict)
    tally.of["disputes with SIM on diagrams"] += fast.choice(SIM).engine == "symbolic"
    for player in range(len(conflict.players)):
        assert np.array_equal(fast.mask(SIM, player), slow.mask(SIM, player))
        tally.of["verdicts on SIM"] += slow.count
        if len(conflict.players) > 1:
            assert np.array_equal(fast.mask(IN_TURN, player), pair_by_pair(slow, player))
            tally.of["verdicts on SEQ, then SIM"] += slow.count


@st.composite
def any_dispute(draw: st.DrawFn, most: int) -> dt.Conflict:
    """Disputes with everything that there may be, each form of preferences among them."""
    if draw(st.booleans()):
        return draw(disputes(most=most))
    return draw(conflicts(min_options=3, max_options=7, min_makers=2, unsure=draw(st.booleans())))


@pytest.mark.usefixtures("however_few")
@settings(relaxed, max_examples=examples(60))
@given(conflict=any_dispute(most=9))
def test_sim_on_diagrams_and_seq_then_sim_by_sweeps_equal_the_reference(conflict: dt.Conflict) -> None:
    compare(conflict, Tally())


@pytest.mark.parametrize(
    "conflict",
    [
        dispute(12, 2),
        ruled(13, 3),
        dispute(12, 4).replaced(merge=["o0 and o1", "o2 and not o3"]),
        # More options than combinations that the rules leave, so that the diagrams cannot be expanded as a whole.
        dispute(40, 3).replaced(rules=[dt.never(f"o{place}") for place in range(28)]),
    ],
    ids=["all-feasible", "rules-and-one-way", "merged", "few-of-many"],
)
def test_sim_is_decided_on_diagrams_from_4096_states(conflict: dt.Conflict) -> None:
    analysis = conflict.analyze(["nash", "sim"])
    assert analysis.engine == "mixed"
    assert {id: choice.engine for id, choice in analysis.engines.items()} == {"nash": "explicit", "sim": "symbolic"}
    listed = conflict.analyze(["nash", "sim"], engine="explicit")
    assert (listed.engine, dict(listed.engines)) == ("explicit", {})
    assert analysis.numbers == listed.numbers
    told, plain = analysis.to_dict(), listed.to_dict()
    assert told.pop("engines") == {id: choice._asdict() for id, choice in analysis.engines.items()}
    assert all(choice.why for choice in analysis.engines.values())
    assert told | {"engine": "explicit"} == plain


def test_sim_is_decided_by_cells_without_diagrams(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("numba")
    monkeypatch.setattr(choice, "DENSE_FROM", 0)
    conflict = ruled(13, 3)
    assert choice.is_dense(conflict)
    analysis = conflict.analyze(["nash", "sim"])
    assert analysis.engine == "explicit"
    assert analysis.to_dict()["equilibria"]["sim"] == list(ExplicitSolver(conflict).equilibria(SIM).numbers())


def test_sim_is_explicit_if_diagrams_cannot_decide_it(monkeypatch: pytest.MonkeyPatch) -> None:
    few, many = dispute(11, 3), dispute(12, 3)
    chance = random.Random(1)
    names = [option.id for option in many.options]

    def wanting(preferences: object) -> dt.Conflict:
        return many.replaced(decision_makers=[replace(one, preferences=preferences) for one in many.decision_makers])

    scattered = wanting(dt.Weights.of({name: chance.randint(-(10**6), 10**6) for name in names}))
    listing = wanting(dt.Payoffs.of({number: number % 7 for number in range(1, 2**12 + 1)}))
    assert solver(many).choice(SIM).engine == "symbolic"
    for conflict in (few, scattered, listing):
        analysis = conflict.analyze(["nash", "sim"])
        assert analysis.engine == "explicit"
        assert "engines" not in analysis.to_dict(summary=True)
    # With more nodes, the same preferences can be decided on diagrams.
    monkeypatch.setattr(choice, "NODES_EACH", 2**10)
    monkeypatch.setattr(choice, "RANK_NODES_EACH", 2**10)
    assert solver(scattered).choice(SIM).engine == "symbolic"
    monkeypatch.setattr(choice, "symbolic_installed", lambda: False)
    assert many.analyze(["nash", "sim"]).engine == "explicit"


@pytest.mark.parametrize("nodes", [1, 2, 4, 8])
def test_choice_of_engine_is_repeatable(monkeypatch: pytest.MonkeyPatch, nodes: int) -> None:
    monkeypatch.setattr(choice, "NODES_EACH", nodes)
    assert len({solver(ruled(12, 4)).choice(SIM) for _ in range(8)}) == 1


def test_explicit_only_concepts_stay_with_the_explicit_engine() -> None:
    analysis = dispute(12, 2).analyze(["strong_gmr", "sim"])
    assert {id: choice.engine for id, choice in analysis.engines.items()} == {
        "strong_gmr": "explicit",
        "sim": "symbolic",
    }


def test_mixed_analysis_is_explained_and_verified() -> None:
    conflict = dispute(12, 3).replaced(status_quo=["o1"], states={"all": [f"o{place}" for place in range(12)]})
    analysis = conflict.analyze()
    assert analysis.engine == "mixed"
    assert dt.verify(analysis).complete
    for number in (1, 100, 4096):
        for player in analysis.players:
            assert analysis.why(number, player, "sim").stable == (number in analysis.stability["sim"][player])
    assert analysis.nearest("sim") == conflict.analyze(["sim"], engine="explicit").nearest("sim")


def test_command_prints_the_engine_of_each_concept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "twelve.conflict.yaml"
    write_conflict(dispute(12, 2), file)
    done = run(capsys, "analyze", str(file), "--concept", "nash", "--concept", "sim", "--format", "json")
    data = json.loads(done.out)
    assert data["engine"] == "mixed"
    assert [data["engines"][id]["engine"] for id in ("nash", "sim")] == ["explicit", "symbolic"]
    assert all(list(one) == ["engine", "why"] for one in data["engines"].values())


# Diagrams within a budget, then arrays.

PLAIN = ("nash", "gmr", "smr", "seq", "sim", "sseq", "seq_then_sim")


def within(conflict: dt.Conflict, seconds: float, each: float) -> mixed.MixedSolver:
    """Compile a conflict for both engines as if arrays took so long, once and for each player and concept."""
    expected = mixed.ArrayTime(seconds, dict.fromkeys(mixed.HARDER, each))
    arrays = partial(ExplicitSolver, conflict)
    return mixed.MixedSolver(conflict, no_progress, [CONCEPTS[id] for id in PLAIN], arrays, expected)


def compare_budgets(conflict: dt.Conflict, chance: random.Random, tally: Tally) -> None:
    """Compare the answers within some budgets, from none to enough, with those of the explicit engine."""
    slow = ExplicitSolver(conflict)
    tally.add(conflict)
    for nodes in (1, chance.choice([100, 1_000]), 10**6):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(mixed, "SLACK", 0.0)
            patch.setattr(mixed, "NODES_A_SECOND", nodes)
            patch.setattr(mixed, "SURE_SECONDS", chance.choice([0.0, 10.0**9]))
            fast = within(conflict, 1.0, chance.choice([0.1, 1.0]))
            names = chance.sample(PLAIN, len(PLAIN))
            for concept in map(CONCEPTS.__getitem__, names):
                number = chance.randint(1, slow.count)
                assert (number in fast.equilibria(concept)) == (number in slow.equilibria(concept))
                for player in range(len(conflict.players)):
                    found = fast.stable(concept, player)
                    assert list(found.numbers()) == list(slow.stable(concept, player).numbers())
                    assert fast.why(number, player, concept).stable == (number in found)
                    tally.of["verdicts within a budget"] += slow.count
                assert fast.equilibria(concept).same_as(fast.equilibria(concept))
                tally.of[f"concepts decided by the {fast.choice(concept).engine} engine"] += 1
            for one, other in itertools.pairwise(names):
                pair = [slow.equilibria(CONCEPTS[id]) for id in (one, other)]
                fast_pair = [fast.equilibria(CONCEPTS[id]) for id in (one, other)]
                assert fast_pair[0].same_as(fast_pair[1]) == pair[0].same_as(pair[1])
                both = [number for number in pair[0].numbers() if number in pair[1]]
                assert list(fast_pair[0].common(fast_pair[1:])) == list(pair[0].common(pair[1:])) == both


@settings(relaxed, max_examples=examples(40))
@given(conflict=any_dispute(most=8), chance=st.randoms(use_true_random=False))
def test_answers_within_any_budget_equal_those_of_arrays(conflict: dt.Conflict, chance: random.Random) -> None:
    compare_budgets(conflict, chance, Tally())


def test_choice_names_both_engines_and_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mixed, "SLACK", 0.0)
    conflict = dispute(12, 3)
    monkeypatch.setattr(choice, "EXPLICIT_OPTIONS", 10)
    monkeypatch.setattr(mixed, "NODES_A_SECOND", 4_000)
    monkeypatch.setattr(mixed.ArrayTime, "of", lambda *_, **__: mixed.ArrayTime(1.0, dict.fromkeys(mixed.HARDER, 0.0)))
    analysis = conflict.analyze()
    assert analysis.engine == "mixed"
    assert analysis.engines["nash"].engine == "symbolic"
    assert analysis.engines["seq"] == analysis.engines["sseq"]
    assert analysis.engines["seq"].engine == "explicit"
    assert "4,000 nodes, and 4,096 states are few enough to list" in analysis.engines["seq"].why
    assert analysis.numbers == conflict.analyze(engine="explicit").numbers
    assert len({conflict.analyze().engines["seq"] for _ in range(4)}) == 1
    assert dt.verify(analysis).complete


def test_concept_that_neither_decides_in_its_limit_goes_to_diagrams_of_any_size(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    conflict = dispute(11, 3)
    monkeypatch.setattr(mixed, "SLACK", 0.0)
    monkeypatch.setattr(mixed, "NODES_A_SECOND", 1)
    monkeypatch.setattr(explicit_solver, "MAX_SIMULTANEOUS", 8)
    fast = within(conflict, 1.0, 0.0)
    assert [one in fast.equilibria(concept) for concept in (SEQ, SIM) for one in (0, 2**11 + 1)] == [False] * 4
    assert fast.equilibria(SEQ).count + fast.equilibria(SIM).count > 0
    assert fast.choice(SEQ).engine == "explicit"
    assert fast.choice(SIM) == ("symbolic", "the explicit engine does not decide SIM for 2,048 states")
    monkeypatch.undo()
    assert list(fast.equilibria(SIM).numbers()) == list(ExplicitSolver(conflict).equilibria(SIM).numbers())


def main() -> None:
    """Compare as many disputes as are asked for, and print what there was in them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--many", type=int, default=1000, help="how many disputes")
    parser.add_argument("--most", type=int, default=10, help="how many options they have at most")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    choice.SMALL_OPTIONS, choice.SIM_DIAGRAMS_FROM = 0, 0
    choice.NODES_EACH, choice.RANK_NODES_EACH = 2**20, 2**20
    tally = Tally()
    begun = time.process_time()
    drawn = settings(relaxed, database=None, max_examples=asked.many)
    chance = random.Random(asked.seed)

    def both(conflict: dt.Conflict) -> None:
        compare(conflict, tally)
        compare_budgets(conflict, chance, tally)

    seeded(asked.seed)(drawn(given(any_dispute(asked.most))(both)))()
    print(f"seed {asked.seed}: {time.process_time() - begun:,.0f} seconds of processor time")
    for what, count in sorted(tally.of.items(), key=lambda item: -item[1]):
        print(f"  {count:>12,} {what}")


if __name__ == "__main__":
    main()
