"""Standing coalitions: the listed groups are the players of ``analyze``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import detente as dt
from tests.unit.cli.running import run

#: No party leaves NNN alone: u and v each lose by acting alone, and gain by acting together, but never by way of NY.
TEXT = """\
format: detente/1
title: Two allies and a third
decision_makers:
  u: {options: [a], preferences: [a and b, not a]}
  w: {options: [c], preferences: [not c]}
  v: {options: [b], preferences: [a and b, not b]}
status_quo: []
"""
GROUPS = "coalitions: [[w], [v, u]]\n"


def analysed(folder: Path, text: str) -> dict[str, object]:
    path = folder / "x.conflict.yaml"
    path.write_text(text, encoding="utf-8")
    return dt.load(path).analyze(["nash", "gmr"]).to_dict()


def stable(data: dict[str, object], concept: str = "nash") -> dict[str, list[int]]:
    return data["stability"][concept]  # type: ignore[index,no-any-return]


def test_coalition_players_are_listed_in_the_order_of_the_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "x.conflict.yaml"
    path.write_text(TEXT + GROUPS, encoding="utf-8")
    data = json.loads(run(capsys, "analyze", str(path), "--format", "json").out)
    assert all(list(by) == ["w", "v+u"] for by in data["stability"].values())
    # Who decides stays as it was: only who plays is another.
    assert data["conflict"]["decision_makers"] == ["u", "w", "v"]
    alone = analysed(tmp_path, TEXT)
    assert list(stable(alone)) == ["u", "w", "v"]


def test_coalition_moves_by_legal_sequences_of_its_members(tmp_path: Path) -> None:
    """Options in order: a of u, c of w, b of v. Together u and v go from NNN by way of YNN or NNY to YNY."""
    alone, together = (stable(analysed(tmp_path, TEXT + more)) for more in ("", GROUPS))
    assert 1 in alone["u"]
    assert 1 in alone["v"]
    assert 1 not in together["v+u"]
    shut = TEXT + GROUPS + "rules: [{never: a and not b}, {never: b and not a}]\n"
    # No way leads through feasible states any more: three options at most, and a goes only with b.
    assert stable(analysed(tmp_path, shut))["v+u"] == [1, 2, 3, 4]
    other = TEXT + GROUPS + "rules: [{never: a and not b}]\n"
    assert 1 not in stable(analysed(tmp_path, other))["v+u"]


def test_coalition_prefers_only_what_every_member_strictly_prefers(tmp_path: Path) -> None:
    indifferent = TEXT.replace("v: {options: [b], preferences: [a and b, not b]}", "v: {options: [b]}") + GROUPS
    assert stable(analysed(tmp_path, indifferent))["v+u"] == list(range(1, 9))
    opposed = TEXT.replace(
        "v: {options: [b], preferences: [a and b, not b]}", "v: {options: [b], preferences: [not a]}"
    )
    assert 1 in stable(analysed(tmp_path, opposed + GROUPS))["v+u"]


def test_coalition_of_an_imported_file_is_a_player(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    native = analysed(tmp_path, TEXT + GROUPS)
    target = tmp_path / "x.gmcr"
    assert run(capsys, "export", str(tmp_path / "x.conflict.yaml"), "-o", str(target)).code == 0
    data = dt.load(target).analyze(["nash", "gmr"]).to_dict()
    assert [len(name.split("+")) for name in stable(data)] == [1, 2]
    for concept in ("nash", "gmr"):
        assert list(stable(data, concept).values()) == list(stable(native, concept).values())
    assert data["equilibria"] == native["equilibria"]


@pytest.mark.parametrize(("groups", "words"), [("[[u, v]]", "missing: w"), ("[[u, w], [w, v]]", "'w' appears twice")])
def test_decision_maker_must_be_in_one_coalition(groups: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(dt.InputError, match=words):
        analysed(tmp_path, TEXT + f"coalitions: {groups}\n")
