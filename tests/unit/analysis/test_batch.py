"""The same question asked of many disputes: each answer is the one it would have by itself, in any process."""

from __future__ import annotations

import json
import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from distributed import LocalCluster

import detente as dt
from benchmarks.disputes import dispute
from detente import examples
from detente.errors import InputError, UnknownNameError
from detente.io.conflict_file import conflict_files

FAULTY = Path(__file__).parents[2] / "faults/files/key-twice.conflict.yaml"
CATALOGUE = [f"example:{id}" for id in examples.catalogue()]


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    with LocalCluster(  # type: ignore[no-untyped-call]
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0", silence_logs=50
    ) as made:
        yield made


@pytest.mark.parametrize("summary", [False, True])
def test_batch_answers_equal_single_answers(summary: bool) -> None:
    answer = dt.analyze_all(CATALOGUE, summary=summary)
    assert answer.complete
    for name, one in zip(CATALOGUE, answer.conflicts, strict=True):
        alone = dt.load(name).analyze()
        assert one.file == name
        assert one.digest == alone.digest
        assert one.analysis == alone.to_dict(summary=summary)
        here = one.analysis["status_quo"]
        for concept in alone.concepts:
            states = alone.equilibria(concept.id)
            assert one.equilibria[concept.id] == (len(states), None if here is None else here in states)


def test_batch_has_rows_and_json() -> None:
    answer = dt.analyze_all(["example:elmira", dt.example("chicken")], ["nash", "gmr"])
    first, second = answer.rows()
    assert (first["file"], first["states"], first["nash"], first["nash: status quo"]) == (
        "example:elmira", 9, 3, "does not hold",
    )  # fmt: skip
    assert first["gmr: status quo"] == "holds"
    assert (second["file"], second["title"], second["nash: status quo"]) == ("", "Chicken", "")
    assert list(answer.table()["nash"]) == [3, 2]
    data = json.loads(answer.to_json())
    assert data["format"] == "detente-analyses/1"
    assert [one["file"] for one in data["conflicts"]] == ["example:elmira", None]
    assert data["conflicts"][0]["status_quo_holds"] == {"nash": False, "gmr": True}
    assert "Chicken" in answer._repr_html_()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for id in ("chicken", "elmira"):
        shutil.copy(examples.path(id), tmp_path / f"{id}.conflict.yaml")
    (tmp_path / "deeper").mkdir()
    shutil.copy(FAULTY, tmp_path / "deeper" / FAULTY.name)
    (tmp_path / ".hidden").mkdir()
    shutil.copy(FAULTY, tmp_path / ".hidden" / FAULTY.name)
    (tmp_path / "notes.txt").write_text("no conflict")
    return tmp_path


def test_folder_is_expanded_to_its_files_once(folder: Path) -> None:
    found = [str(Path(name).relative_to(folder)) for name in conflict_files(folder)]
    assert found == ["chicken.conflict.yaml", "deeper/key-twice.conflict.yaml", "elmira.conflict.yaml"]
    answer = dt.analyze_all([folder / "elmira.conflict.yaml", folder], ["nash"])
    assert [Path(one.name).name for one in answer.conflicts] == [
        "elmira.conflict.yaml", "chicken.conflict.yaml", "key-twice.conflict.yaml",
    ]  # fmt: skip
    (folder / "empty").mkdir()
    with pytest.raises(InputError, match="there is no conflict file"):
        dt.analyze_all(folder / "empty")


def test_faulty_file_does_not_stop_the_others(folder: Path) -> None:
    nobody_moves = dt.Conflict("nothing feasible", [dt.DecisionMaker("i", options=["a"])], rules=["a", "not a"])
    answer = dt.analyze_all(
        [folder, "example:nowhere", str(folder / "gone.conflict.yaml"), nobody_moves, "example:chicken"], ["nash"]
    )
    by_name = {Path(one.name).name: one for one in answer.conflicts}
    assert not answer.complete
    assert [name for name, one in by_name.items() if not one.faults] == [
        "chicken.conflict.yaml", "elmira.conflict.yaml", "example:chicken",
    ]  # fmt: skip
    assert by_name["key-twice.conflict.yaml"].faults[0].place.endswith("key-twice.conflict.yaml:11:1")
    assert "unknown example" in by_name["example:nowhere"].faults[0].message
    assert by_name["gone.conflict.yaml"].faults[0].file == str(folder / "gone.conflict.yaml")
    assert by_name["nothing feasible"].faults[0].message.startswith("the rules leave no feasible state")
    assert all(one.analysis is None for one in answer.conflicts if one.faults)
    assert [row["fault"] != "" for row in answer.rows()] == [bool(one.faults) for one in answer.conflicts]


def test_undefined_concept_is_the_fault_of_one_conflict_only() -> None:
    answer = dt.analyze_all(["example:elmira", "example:chicken"], ["limited_move_3"])
    first, second = answer.conflicts
    assert "exactly two parties" in first.faults[0].message
    assert first.faults[0].file == "example:elmira"
    assert second.equilibria["limited_move_3"][0] == len(
        dt.example("chicken").analyze(["limited_move_3"]).equilibria("limited_move_3")
    )


def test_invalid_batch_request_is_refused_at_once() -> None:
    with pytest.raises(UnknownNameError):
        dt.analyze_all(CATALOGUE, ["nsh"])
    with pytest.raises(InputError, match="workers"):
        dt.analyze_all(CATALOGUE, workers=0)


def test_batch_verifies_every_answer_on_demand() -> None:
    answer = dt.analyze_all(["example:elmira", "example:chicken"], verify=True)
    assert all(one.verification and one.verification.every_state for one in answer.conflicts)
    assert dt.analyze_all(["example:elmira"]).conflicts[0].verification is None


def test_number_of_workers_changes_no_answer() -> None:
    given = [*CATALOGUE, "example:nowhere"]
    alone, together = (dt.analyze_all(given, workers=workers) for workers in (1, 2))
    assert alone == together
    assert alone.to_json() == together.to_json()


def test_cluster_gives_the_same_answer_if_a_worker_is_killed(cluster: LocalCluster) -> None:
    given = [*CATALOGUE, str(FAULTY), *(dispute(9, 3, seed) for seed in range(30))]
    killed: list[int] = []

    def kill_one(share: float, doing: str) -> None:
        if 0 < share < 1 and not killed:
            killed.append(cluster.workers[0].pid)
            os.kill(killed[0], signal.SIGKILL)

    spread_out = dt.analyze_all(given, scheduler=cluster.scheduler_address, progress=kill_one)
    assert killed
    here = dt.analyze_all(given)
    assert spread_out == here
    assert spread_out.to_json() == here.to_json()
