"""The object that ``analyze --format json`` prints, key by key and type by type."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import detente as dt
from tests.contracts.outside import detente, river
from tests.unit.cli.running import run

#: What the example says, worked out by hand from the moves and rankings of its four states.
ANSWER = {
    "nash": ({"upstream": [3, 4], "downstream": [1, 2, 3]}, [3]),
    "seq": ({"upstream": [3, 4], "downstream": [1, 2, 3, 4]}, [3, 4]),
}


def test_analyze_json_of_the_example_equals_the_contract(tmp_path: Path) -> None:
    file = river(tmp_path)
    done = detente("analyze", file, "--concept", "nash", "--concept", "seq", "--engine", "explicit", "--format", "json")
    assert (done.returncode, done.stderr) == (0, "")
    data = json.loads(done.stdout)
    assert list(data) == [
        "format", "engine", "as_of", "dropped", "conflict", "count", "states", "status_quo", "stability", "equilibria",
    ]  # fmt: skip
    assert data == {
        "format": "detente-analysis/1",
        "engine": "explicit",
        "as_of": "2024-05-01",
        "dropped": [],
        "conflict": {
            "title": "A river shared by two countries",
            "decision_makers": ["upstream", "downstream"],
            "options": [
                {"id": "divert", "owner": "upstream"},
                {"id": "compensate", "owner": "upstream"},
                {"id": "sanction", "owner": "downstream"},
            ],
        },
        "count": 4,
        "states": [
            {"number": 1, "state": "NNN", "taken": [], "name": None},
            {"number": 2, "state": "YNN", "taken": ["divert"], "name": None},
            {"number": 3, "state": "YYN", "taken": ["divert", "compensate"], "name": None},
            {"number": 4, "state": "NNY", "taken": ["sanction"], "name": "stand-off"},
        ],
        "status_quo": 1,
        "stability": {concept: stable for concept, (stable, _) in ANSWER.items()},
        "equilibria": {concept: found for concept, (_, found) in ANSWER.items()},
    }
    result = dt.load(file).analyze(concepts=["nash", "seq"], engine="explicit")
    assert result.to_dict() == data


def test_analyze_json_has_the_default_concepts_of_the_contract(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = river(tmp_path)
    data = json.loads(run(capsys, "analyze", file, "--format", "json").out)
    for key in ("stability", "equilibria"):
        assert list(data[key])[:5] == ["nash", "gmr", "smr", "seq", "sim"]
    assert all(list(by) == ["upstream", "downstream"] for by in data["stability"].values())
    assert all(isinstance(number, int) for by in data["stability"].values() for one in by.values() for number in one)
    assert dt.load(file).analyze().to_dict() == data


def test_analyze_json_is_the_same_for_every_engine(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = river(tmp_path)
    told = [
        json.loads(run(capsys, "analyze", file, "--engine", engine, "--verify", "--format", "json").out)
        for engine in ("auto", "explicit", "symbolic")
    ]
    assert [one.pop("engine") for one in told] == ["explicit", "explicit", "symbolic"]
    assert told[0] == told[1] == told[2]


def test_missing_status_quo_is_null(tmp_path: Path) -> None:
    file = tmp_path / "x.conflict.yaml"
    file.write_text("format: detente/1\ntitle: T\ndecision_makers: {i: {options: [a]}}\n", encoding="utf-8")
    assert dt.load(file).analyze().to_dict()["status_quo"] is None


def assert_counted(data: dict[str, Any], players: list[str]) -> None:
    assert data["states"] is None
    for stable in data["stability"].values():
        assert stable == dict.fromkeys(players)
    for found in data["equilibria"].values():
        assert list(found) == ["count", "patterns"]
        assert isinstance(found["count"], int)
        assert all(set(pattern) <= set("YN-") for pattern in found["patterns"])


def test_summary_lists_no_states(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = json.loads(run(capsys, "analyze", river(tmp_path), "-c", "nash", "--summary", "--format", "json").out)
    assert_counted(data, ["upstream", "downstream"])
    assert data["equilibria"]["nash"] == {"count": 1, "patterns": ["YYN"]}
    assert (data["count"], data["status_quo"]) == (4, 1)


@pytest.mark.parametrize(("options", "listed"), [(16, True), (17, False)])
def test_more_than_65536_states_are_not_listed(options: int, listed: bool, tmp_path: Path) -> None:
    file = tmp_path / "wide.conflict.yaml"
    names = ", ".join(f"o{place}" for place in range(options))
    file.write_text(
        f"format: detente/1\ntitle: Wide\ndecision_makers: {{i: {{options: [{names}], preferences: [o1, not o0]}}}}\n"
        "status_quo: [o0]\n",
        encoding="utf-8",
    )
    data = dt.load(file).analyze(["nash"]).to_dict()
    assert (data["count"], data["status_quo"]) == (2**options, 2)
    if listed:
        assert len(data["states"]) == 65_536
        # Taken o1 and untaken o0, whatever else.
        assert data["equilibria"]["nash"] == data["stability"]["nash"]["i"] == list(range(3, 65_537, 4))
    else:
        assert_counted(data, ["i"])
        assert data["equilibria"]["nash"] == {"count": 2**15, "patterns": ["NY" + "-" * 15]}
