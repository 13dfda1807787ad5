"""``detente concepts``."""

from __future__ import annotations

import csv
import io
import json

import pytest

from detente.concepts import CONCEPTS, DEFAULT_CONCEPTS, NAMES, SERIES, VARIANTS
from tests.unit.cli.running import run


def test_the_table_has_every_concept_under_a_heading(capsys: pytest.CaptureFixture[str]) -> None:
    done = run(capsys, "concepts")
    assert done.code == 0
    assert all(name in done.out for name in NAMES)
    assert done.out.index("Default concepts") < done.out.index("nash") < done.out.index("Other concepts for any")


def test_json_and_csv_have_every_concept_once(capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(run(capsys, "concepts", "--format", "json").out)
    assert found["format"] == "detente-concepts/1"
    ids = [row["id"] for row in found["concepts"]]
    assert ids == list(NAMES)
    assert len(ids) == len(CONCEPTS) + len(VARIANTS) + len(SERIES)
    assert [row["id"] for row in found["concepts"] if row["default"]] == list(DEFAULT_CONCEPTS)
    rows = list(csv.DictReader(io.StringIO(run(capsys, "concepts", "--format", "csv").out)))
    assert [row["id"] for row in rows] == ids


@pytest.mark.parametrize("name", ["seq", "SEQ", "smr_b", "maximin_4"])
def test_one_concept_is_shown_in_full(capsys: pytest.CaptureFixture[str], name: str) -> None:
    (row,) = json.loads(run(capsys, "concepts", name, "--format", "json").out)["concepts"]
    assert row["id"] == name.lower()
    shown = " ".join(run(capsys, "concepts", name).out.split())
    for key in ("name", "plain", "definition", "source"):
        assert " ".join(row[key].split()) in shown


def test_unknown_concept_exits_with_2_and_a_suggestion(capsys: pytest.CaptureFixture[str]) -> None:
    done = run(capsys, "concepts", "seqq")
    assert done.code == 2
    assert "did you mean" in done.err and "'seq'" in done.err
