"""Passages by a writer who had not seen the rules: who said what, and what was not said."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from training.passages import faults

PASSAGES = Path(__file__).parents[3] / "corpora" / "passages"
BLIND = json.loads((PASSAGES / "blind.json").read_text(encoding="utf-8"))
#: The worst that the reader can do: words in the wrong mouth, a denial or an unsaid thing as an assertion.
NEVER_WRONG = ("side", "deny", "neg")


@pytest.fixture(scope="module")
def wrong() -> dict[str, list[str]]:
    return {one["id"]: found for one in BLIND if (found := faults(one))}


def test_no_passage_has_a_wrong_side_denial_or_invented_statement(wrong: dict[str, list[str]]) -> None:
    assert {id: found for id, found in wrong.items() if id.partition("-")[0] in NEVER_WRONG} == {}


def test_at_most_one_passage_in_ten_is_wrong(wrong: dict[str, list[str]]) -> None:
    assert len(BLIND) >= 80
    assert len(wrong) <= len(BLIND) // 10, wrong
