"""``detente analyze`` of several files or a folder."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path

import pytest

import detente as dt
from detente import examples
from tests.unit.cli.running import run

FAULTY = Path(__file__).parents[2] / "faults/files/key-twice.conflict.yaml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for id in ("chicken", "elmira"):
        shutil.copy(examples.path(id), tmp_path / f"{id}.conflict.yaml")
    return tmp_path


def test_analyze_of_a_folder_prints_a_line_for_each_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    done = run(capsys, "analyze", str(folder), "-c", "nash", "-c", "gmr")
    assert done.code == 0
    lines = {name: line for line in done.out.splitlines() for name in ("Chicken", "Elmira") if name in line}
    assert [cell.strip() for cell in lines["Elmira"].split("│")[3:7]] == ["9", "1", "3", "5 ✓"]
    assert [cell.strip() for cell in lines["Chicken"].split("│")[3:7]] == ["4", "", "2", "3"]


def test_analyze_of_one_file_keeps_the_contract(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = str(folder / "elmira.conflict.yaml")
    alone = json.loads(run(capsys, "analyze", file, "--format", "json").out)
    assert alone == dt.load(file).analyze().to_dict()
    many = json.loads(run(capsys, "analyze", file, "example:chicken", "--format", "json").out)
    assert many["format"] == "detente-analyses/1"
    assert many["conflicts"][0]["analysis"] == alone


def test_analyze_continues_after_a_faulty_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copy(FAULTY, folder)
    for format in ("table", "json", "csv"):
        done = run(capsys, "analyze", str(folder), "--format", format)
        assert done.code == 1
        assert "key-twice.conflict.yaml:11:1: the key 'rules' appears twice" in done.err
        assert "1 of 3 conflicts could not be answered." in done.err
        assert "Chicken" in done.out
        assert "Elmira" in done.out
        if format == "json":
            (faulty,) = [one for one in json.loads(done.out)["conflicts"] if one["faults"]]
            assert faulty["analysis"] is None
            assert (faulty["faults"][0]["line"], faulty["faults"][0]["column"]) == (11, 1)
        if format == "csv":
            rows = list(csv.DictReader(io.StringIO(done.out)))
            assert [row["nash"] for row in rows] == ["2", "3", ""]
            assert "appears twice" in rows[2]["fault"]


def test_analyze_of_several_files_verifies_on_demand(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    done = run(capsys, "analyze", str(folder), "--verify")
    assert done.code == 0
    assert done.err.count("Verified") == 2
    assert "elmira.conflict.yaml: Verified" in done.err


def test_analyze_of_several_files_names_what_was_left_out(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch
) -> None:
    from detente.engine.explicit import solver

    monkeypatch.setattr(solver, "MAX_SIMULTANEOUS", 5)
    done = run(capsys, "analyze", str(folder))
    assert done.code == 0
    assert "elmira.conflict.yaml: left out: simultaneous moves" in done.err
    assert "left out" in done.out


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["example:elmira", "example:chicken", "--all"], 2, "--all"),
        (["example:elmira", "example:chicken", "--workers", "0"], 2, "--workers"),
        (["example:elmira", "--workers", "2"], 2, "--workers"),
        (["example:elmira", "--scheduler", "tcp://127.0.0.1:9"], 2, "--workers"),
        (["example:elmira", "example:chicken", "--scheduler", "nowhere"], 1, "'nowhere' is not a scheduler's address"),
        (["."], 1, ".: there is no conflict file ("),
    ],
)
def test_analyze_of_several_files_refuses_invalid_requests(
    arguments: list[str],
    code: int,
    words: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    done = run(capsys, "analyze", *arguments)
    assert done.code == code
    assert words in done.err
    assert not done.out
