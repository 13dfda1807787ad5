"""A state space decided slice by slice: the slices together say what the whole says, in any process."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from itertools import product

import pytest
from distributed import LocalCluster

import detente as dt
from benchmarks.structured import structured
from detente.concepts import CONCEPTS
from detente.engine import ENGINES
from detente.engine.explicit.solver import ExplicitSolver
from detente.engine.symbolic.solver import SymbolicSolver
from detente.errors import InputError, TooLargeError, UnknownNameError

pytestmark = pytest.mark.xdist_group("workers")
UKRAINE = dt.example("ukraine-2023")


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    with LocalCluster(  # type: ignore[no-untyped-call]
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0", silence_logs=50
    ) as made:
        yield made


def described(patterns: tuple[str, ...]) -> list[str]:
    """Every state that some patterns describe, as often as they do."""
    return sorted("".join(letters) for one in patterns for letters in product(*("YN" if x == "-" else x for x in one)))


def test_status_quo_is_reported_in_the_slice_that_contains_it() -> None:
    quo = UKRAINE.pattern(UKRAINE.status_quo.taken)
    answer = dt.analyze_slices(UKRAINE, ["nash"], within=quo)
    assert (answer.count, answer.total("nash"), answer.patterns("nash")) == (1, 1, (quo,))
    assert answer.status_quo_holds("nash") is True
    other = dt.analyze_slices(
        UKRAINE, ["nash"], within=("N" if quo[0] == "Y" else "Y") + quo[1:].replace("Y", "-").replace("N", "-")
    )
    assert other.status_quo is None
    assert other.status_quo_holds("nash") is None


def test_slices_result_has_rows_json_and_text() -> None:
    answer = dt.analyze_slices(dt.example("river-sharing"), ["nash", "gmr"], slices=2)
    assert [row["states"] for row in answer.rows()] == [one.count for one in answer.slices]
    assert int(answer.table()["gmr"].sum()) == 2
    data = json.loads(answer.to_json())
    assert data["format"] == "detente-slices/1"
    assert data["status_quo"] == {"number": 1, "state": "NNN"}
    assert "<table" in answer._repr_html_()


def test_invalid_slice_request_is_refused() -> None:
    river = dt.example("river-sharing")
    for wrong in ({"slices": 0}, {"workers": 0}, {"within": "Y"}, {"within": "yes"}, {"within": "NY-"}):
        with pytest.raises(InputError):
            dt.analyze_slices(river, ["nash"], **wrong)
    with pytest.raises(UnknownNameError):
        dt.analyze_slices(river, ["nsh"])
    with pytest.raises(TooLargeError, match="explicit engine"):
        dt.analyze_slices(river, ["non_myopic"], "symbolic")
    with pytest.raises(UnknownNameError):
        dt.analyze_slices(river, ["nash"], "quick")
    with pytest.raises(UnknownNameError):
        dt.analyze_slices(river, ["nash"]).total("seq")


def test_narrow_slice_of_an_unlistable_dispute_equals_single_states() -> None:
    """2^40 combinations: what lies around a state is told, and each state of it is what it is by itself."""
    conflict = structured(40, 5, 1)
    whole = SymbolicSolver(conflict)
    assert whole.count > 10**9
    around = whole.state(whole.count // 2).pattern
    region = around[:30] + "-" * 10
    answer = dt.analyze_slices(conflict, ["nash", "gmr", "seq"], within=region, slices=3)
    patterns = described(answer.patterns("seq") or ())
    assert len(patterns) == answer.total("seq")
    inside = sorted(
        pattern
        for letters in product("YN", repeat=10)
        if conflict.breaks(taken(conflict, pattern := around[:30] + "".join(letters))) is None
    )
    assert answer.count == len(inside)
    equilibria = whole.equilibria(CONCEPTS["seq"])
    for pattern in inside[:: max(1, len(inside) // 12)]:
        assert (whole.number_of(pattern) in equilibria) == (pattern in patterns)


def taken(conflict: dt.Conflict, pattern: str) -> list[str]:
    return [option.id for option, letter in zip(conflict.options, pattern, strict=True) if letter == "Y"]


@pytest.mark.parametrize("engine", ENGINES)
def test_number_of_workers_changes_no_answer(engine: str) -> None:
    alone, together = (dt.analyze_slices(UKRAINE, engine=engine, slices=6, workers=workers) for workers in (1, 2))
    assert alone == together
    assert alone.to_json() == together.to_json()
    assert alone.engine == engine


def test_merged_state_belongs_to_the_slice_of_its_largest_member() -> None:
    """Of what is merged 'b' alone comes first and 'a b c' last; the state is told whole, by all its members."""
    makers = [
        dt.DecisionMaker("i", options=["a"], preferences=["b"]),
        dt.DecisionMaker("j", options=["b", "c"], preferences=["b"]),
    ]
    conflict = dt.Conflict("joined", makers, merge=["b"], status_quo=["b"])
    without, having = (dt.analyze_slices(conflict, ["nash"], within=pattern) for pattern in ("N--", "Y--"))
    assert (without.count, without.total("nash"), without.patterns("nash")) == (2, 0, ())
    assert (without.status_quo, without.status_quo_holds("nash")) == (None, None)
    assert (having.count, having.total("nash"), having.patterns("nash")) == (3, 1, ("-Y-",))
    assert (having.status_quo, having.status_quo_holds("nash")) == (5, True)
    assert having.to_dict()["status_quo"] == {"number": 5, "state": "-Y-"}


def test_explicit_engine_decides_the_whole_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, int]] = []
    right = ExplicitSolver._decided

    def counted(self: ExplicitSolver, concept, player: int):
        asked.append((concept.id, player))
        return right(self, concept, player)

    monkeypatch.setattr(ExplicitSolver, "_decided", counted)
    said: list[tuple[float, str]] = []
    answer = dt.analyze_slices(
        UKRAINE, ["nash", "seq"], slices=20, workers=4, progress=lambda share, doing: said.append((share, doing))
    )
    assert (answer.engine, len(answer.slices)) == ("explicit", 20)
    players = range(len(UKRAINE.players))
    assert sorted(asked) == sorted((concept, player) for concept in ("nash", "seq") for player in players)
    assert said == sorted(said, key=lambda one: one[0])
    assert said[-1] == (1.0, "done")


def test_explicit_only_concept_is_answered_for_slices() -> None:
    chicken = dt.example("chicken")
    whole = chicken.analyze(["non_myopic", "maximin_2"])
    answer = dt.analyze_slices(chicken, ["non_myopic", "maximin_2"], slices=2)
    for concept in whole.concepts:
        assert answer.total(concept.id) == len(whole.equilibria(concept.id))


def test_slice_too_large_for_the_explicit_engine_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    from detente.engine.explicit import definition, solver

    monkeypatch.setattr(definition, "MAX_COMPARED", 5)
    relational = dt.analyze_slices(UKRAINE, ["relational_seq"], slices=2)
    assert relational.total("relational_seq") is None
    assert all("pair by pair" in one.undecided["relational_seq"] for one in relational.slices)
    monkeypatch.setattr(solver, "MAX_SIMULTANEOUS", 5)
    assert list(dt.analyze_slices(UKRAINE, slices=2).left_out) == ["sim"]
    assert dt.analyze_slices(UKRAINE, ["sim"], slices=2).engine == "symbolic"


def test_cluster_decides_slices_of_the_explicit_engine(cluster: LocalCluster) -> None:
    there = dt.analyze_slices(UKRAINE, ["seq"], "explicit", slices=5, scheduler=cluster.scheduler_address)
    assert there == dt.analyze_slices(UKRAINE, ["seq"], "explicit", slices=5)


def test_cluster_gives_the_same_answer_if_a_worker_is_killed(cluster: LocalCluster) -> None:
    conflict = structured(24, 4, 3)
    killed: list[int] = []

    def kill_one(share: float, doing: str) -> None:
        if 0 < share < 1 and "slices" in doing and not killed:
            killed.append(cluster.workers[0].pid)
            os.kill(killed[0], signal.SIGKILL)

    spread_out = dt.analyze_slices(
        conflict, ["nash", "seq"], "symbolic", slices=24, scheduler=cluster.scheduler_address, progress=kill_one
    )
    assert killed
    here = dt.analyze_slices(conflict, ["nash", "seq"], "symbolic", slices=24)
    assert spread_out == here
    assert spread_out.to_json() == here.to_json()
    assert here.total("seq") == conflict.analyze(["seq"], "symbolic").equilibrium_set("seq").count
