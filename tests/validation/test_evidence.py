"""Disputes over time, made at random, with answers from an independent program written from the design's text."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import detente as dt
from detente.model.day import model_of_day
from detente.model.evidence import element_name
from tests.unit.cli.running import run

DISPUTES = [
    json.loads(line)
    for line in (Path(__file__).parent / "evidence.jsonl").read_text(encoding="utf-8").splitlines()
    if line
]
CONCEPTS = ["nash", "gmr", "smr", "seq"]


def ids(dispute: dict[str, Any]) -> str:
    return dispute["id"]


def written(dispute: dict[str, Any], folder: Path) -> Path:
    path = folder / f"{dispute['id']}.conflict.yaml"
    path.write_text(dispute["file"], encoding="utf-8")
    return path


def test_set_of_disputes_is_complete() -> None:
    assert len(DISPUTES) == 150
    assert sum(len(dispute["days"]) for dispute in DISPUTES) == 750
    assert {day["undated"] for dispute in DISPUTES for day in dispute["days"]} == {"latest", "earliest"}


@pytest.mark.parametrize("dispute", DISPUTES, ids=ids)
def test_model_of_a_day_agrees(dispute: dict[str, Any], tmp_path: Path) -> None:
    conflict = dt.load(written(dispute, tmp_path))
    for day in dispute["days"]:
        dated = conflict.at(day["as_of"], day["undated"])
        assert set(dated.statements_in_force()) == set(day["in_force"])
        model = model_of_day(dated)
        assert sorted(element_name(one.at) for one in model.solved_for.dropped) == day["dropped"]
        quo = model.status_quo
        assert (None if quo is None else model.pattern(quo.taken)) == day["status_quo"]
        found = dated.analyze(CONCEPTS)
        assert {concept: sorted(state.pattern for state in found.equilibria(concept)) for concept in CONCEPTS} == day[
            "equilibria"
        ]


@pytest.mark.parametrize("dispute", DISPUTES[::7], ids=ids)
def test_command_line_agrees(dispute: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(dispute, tmp_path)
    day = dispute["days"][-1]
    choices = ["--as-of", day["as_of"], "--undated", day["undated"], "--format", "json"]
    found = run(capsys, "analyze", str(path), *choices)
    assert found.code == 0, found.err
    data = json.loads(found.out)
    assert sorted(one["element"] for one in data["dropped"]) == day["dropped"]
    states = {state["number"]: state["state"] for state in data["states"]}
    assert states.get(data["status_quo"]) == day["status_quo"]
    assert {concept: sorted(states[number] for number in data["equilibria"][concept]) for concept in CONCEPTS} == day[
        "equilibria"
    ]
