"""States are ordered as GMCR II and GMCR+ order them: the first option counts least, and numbers begin at 1."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

import detente as dt
from tests.contracts.outside import STATES, river
from tests.unit.cli.running import run

#: Options are written by decision maker, not in the order in which the last of them would be sorted.
THREE = """\
format: detente/1
title: Three parties
decision_makers:
  second: {options: [z, a]}
  first: {options: [m]}
  none: {}
  last: {options: [b]}
rules: [{never: z and m}]
merge: [b and not z]
"""


def test_states_are_ordered_with_the_first_option_lowest(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "three.conflict.yaml"
    file.write_text(THREE, encoding="utf-8")
    data = json.loads(run(capsys, "states", str(file), "--format", "json").out)
    assert data["conflict"]["options"] == ["z", "a", "m", "b"]
    # Counted in binary, z the ones and b the eights: without z and m together; what b merges stands where its largest
    # member, NYYY, would.
    assert [state["state"] for state in data["states"]] == [
        "NNNN", "YNNN", "NYNN", "YYNN", "NNYN", "NYYN", "YNNY", "YYNY", "N--Y",
    ]  # fmt: skip
    assert [state["number"] for state in data["states"]] == list(range(1, 10))
    assert [state["taken"] for state in data["states"]][3] == ["z", "a"]


def test_state_numbers_are_the_same_in_every_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = river(tmp_path)
    rows = list(csv.DictReader(run(capsys, "states", file, "--format", "csv").out.splitlines()))
    assert {int(row["number"]): row["state"] for row in rows} == STATES
    data = json.loads(run(capsys, "analyze", file, "--format", "json").out)
    assert {state["number"]: state["state"] for state in data["states"]} == STATES
    assert {int(state): state.pattern for state in dt.load(file).analyze(engine="symbolic").states()} == STATES
    exported = run(capsys, "export", file, "--to", "states-csv").out.splitlines()
    assert [row["number"] for row in csv.DictReader(exported)] == ["1", "2", "3", "4"]


@pytest.mark.parametrize("reference", ["4", "NNY", "stand-off"])
def test_state_argument_is_a_number_a_pattern_or_a_name(
    reference: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = river(tmp_path)
    whole = {"number": 4, "state": "NNY", "name": "stand-off"}
    explained = json.loads(
        run(capsys, "explain", file, "--state", reference, "--dm", "upstream", "--format", "json").out
    )
    assert explained["state"] == whole
    assert json.loads(run(capsys, "invert", file, "--state", reference, "--format", "json").out)["state"] == whole
    evolved = json.loads(run(capsys, "evolve", file, "--from", reference, "--to", "1", "--format", "json").out)
    assert evolved["from"] == whole
    evolved = json.loads(run(capsys, "evolve", file, "--from", "1", "--to", reference, "--format", "json").out)
    assert [{key: target[key] for key in whole} for target in evolved["targets"]] == [whole]
    robust = run(capsys, "robust", file, "--state", reference, "--samples", "100", "-c", "nash")
    assert "‘stand-off’ (state 4)" in robust.out
