"""Models made at random with answers from an independent program written from the textbook."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import detente as dt
from tests.reference.brute_force import BruteForce
from tests.reference.gmcr import conflict_of

MODELS = [
    json.loads(line)
    for line in (Path(__file__).parent / "random.jsonl").read_text(encoding="utf-8").splitlines()
    if line
]


def ids(model: dict[str, Any]) -> str:
    return model["id"]


def test_validation_set_is_complete() -> None:
    assert len(MODELS) == 150
    assert any("+" in player for model in MODELS for player in model["players"])


@pytest.mark.parametrize("model", MODELS, ids=ids)
def test_engine_agrees_with_the_other_program(model: dict[str, Any]) -> None:
    data = conflict_of(model["gmcr"]).analyze(list(model["stability"])).to_dict()
    assert [state["state"] for state in data["states"]] == model["states"]
    assert data["stability"] == model["stability"]
    assert data["equilibria"] == model["equilibria"]


@pytest.mark.parametrize("model", MODELS, ids=ids)
def test_imported_model_agrees_with_the_other_program(model: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "model.gmcr"
    path.write_text(json.dumps(model["gmcr"]), encoding="ascii")
    data = dt.load(path).analyze(list(model["stability"])).to_dict()
    assert [state["state"] for state in data["states"]] == model["states"]
    for concept, expected in model["stability"].items():
        assert list(data["stability"][concept].values()) == list(expected.values())
    assert data["equilibria"] == model["equilibria"]


@pytest.mark.parametrize("model", MODELS, ids=ids)
def test_reference_agrees_with_the_other_program(model: dict[str, Any]) -> None:
    reference = BruteForce(conflict_of(model["gmcr"]))
    assert [reference.pattern(state) for state in reference.states] == model["states"]
    stability = reference.stability(model["stability"])
    assert stability == model["stability"]
    assert {
        concept: sorted(set.intersection(*map(set, by_player.values()))) for concept, by_player in stability.items()
    } == model["equilibria"]
