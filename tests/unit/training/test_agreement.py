"""How far two annotators agree, on passages for which it can be counted by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from detente.errors import InputError
from detente.model.statements import STATEMENT_KINDS
from detente.reading.attributions import Attribution
from training.agreement import Agreement, agreement, kappa, main, same_name, twice
from training.corpus import read_corpus
from training.scoring import matched

FIRST = """
- id: bridge
  text: |
    {1s|The mayor} {1c|said} {1q|{2s|the union} {2c|wanted} {2q|a new bridge}}. {3s|He} {3c|refused} {3q|to pay}.
    {4q|None} {4c|is thought} {4q|to have crossed}.
  statements:
    1: {speaker: Mayor of Tarrin, kind: claim}
    2: {speaker: union, kind: demand}
    3: {speaker: Mayor of Tarrin, kind: refusal}
    4: {speaker: null, kind: claim}
- {id: only-here, text: Nothing., statements: {}}
"""
SECOND = """
- id: bridge
  text: |
    {1s|The mayor} {1c|said} {1q|the union wanted a new bridge}. He {3c|refused} {3q|to pay}.
    {4q|None} {4c|is thought} {4q|to have crossed}.
  statements:
    1: {speaker: Tarrin's mayor, kind: claim}
    3: {speaker: null, kind: claim}
    4: {speaker: null, kind: claim}
"""


def of(folder: Path, first: str, second: str) -> tuple[Path, Path]:
    """Return two folders with one file each."""
    for name, text in (("first", first), ("second", second)):
        (folder / name).mkdir()
        (folder / name / "a.yaml").write_text(text, encoding="utf-8")
    return folder / "first", folder / "second"


def compared(folder: Path, first: str, second: str) -> Agreement:
    one, other = of(folder, first, second)
    return agreement(twice(read_corpus(one), read_corpus(other)))


def test_agreement_counts_equal_those_by_hand(tmp_path: Path) -> None:
    found = compared(tmp_path, FIRST, SECOND)
    assert found.passages == 1
    assert (found.every.first, found.every.second, found.every.both) == (4, 3, 3)
    assert found.every.found.value == pytest.approx(6 / 7)
    assert found.every.with_speaker.value == pytest.approx(4 / 7)
    assert (found.top_level.found.value, found.nested.found.value) == (1, 0)
    assert (found.nested.first, found.nested.second) == (1, 0)
    assert found.kind.value == pytest.approx(2 / 3)
    # Claim twice and refusal once by the one, claim thrice by the other: what chance would give, too.
    assert found.kappa.value == pytest.approx(0)
    assert found.named.value == pytest.approx(2 / 3)
    assert found.worded.value == pytest.approx(1 / 3)


def test_agreement_with_oneself_is_perfect(tmp_path: Path) -> None:
    found = compared(tmp_path, SECOND, SECOND)
    assert found.every.found.interval == found.every.with_speaker.interval == found.kind.interval == (1, 1)
    (tmp_path / "more").mkdir()
    found = compared(tmp_path / "more", FIRST, FIRST)
    for sort in (found.top_level, found.nested, found.every):
        assert sort.first == sort.second == sort.both
        assert sort.found.value == sort.with_speaker.value == 1
    assert {found.kind.value, found.kappa.value, found.named.value, found.worded.value} == {1.0}


def test_kappa_equals_the_formula() -> None:
    assert kappa(np.diag([3.0, 4.0])) == 1
    assert kappa(np.array([[20.0, 5.0], [10.0, 15.0]])) == pytest.approx(0.4)
    assert kappa(np.array([[0.0, 5.0], [5.0, 0.0]])) == pytest.approx(-1)
    assert kappa(np.ones((3, 3))) == pytest.approx(0)
    assert kappa(np.diag([7.0, 0.0])) == 1
    assert kappa(np.zeros((2, 2))) == 0


def test_names_are_paired_one_to_one() -> None:
    def pairs(*names: tuple[str | None, str | None]) -> list[tuple[Attribution, Attribution]]:
        return [tuple(Attribution((), (), (), name) for name in both) for both in names]  # type: ignore[misc]

    assert same_name(pairs(("a", "x"), ("a", "x"), ("b", "y"))) == 3
    # 'a' is two people to the second annotator, 'z' two to the first: each name goes with one only.
    assert same_name(pairs(("a", "x"), ("a", "x"), ("a", "y"))) == 2
    assert same_name(pairs(("a", "z"), ("b", "z"))) == 1
    assert same_name(pairs((None, None), (None, "x"), ("a", None))) == 1
    # Three with one and four with each of two others: the four and four are worth more than the three.
    assert same_name(pairs(*[("a", "x")] * 3, *[("a", "y")] * 4, *[("b", "x")] * 4)) == 8
    assert same_name([]) == 0


def test_order_of_annotators_changes_no_figure(tmp_path: Path) -> None:
    one, other = of(tmp_path, FIRST, SECOND)
    there = agreement(twice(read_corpus(one), read_corpus(other)))
    back = agreement(twice(read_corpus(other), read_corpus(one)))
    assert there.every.found == back.every.found
    assert (there.kind, there.kappa, there.named, there.worded) == (back.kind, back.kappa, back.named, back.worded)


def test_matched_pairs_have_their_kinds_by_hand(tmp_path: Path) -> None:
    one, other = (read_corpus(folder)[0] for folder in of(tmp_path, FIRST, SECOND))
    pairs = matched(one.text, one.attributions, other.attributions)
    assert [[STATEMENT_KINDS.index(each.kind or "") for each in pair] for pair in pairs] == [
        [STATEMENT_KINDS.index(first), STATEMENT_KINDS.index(second)]
        for first, second in (("claim", "claim"), ("refusal", "claim"), ("claim", "claim"))
    ]


def test_agreement_command_prints_its_figures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one, other = of(tmp_path, FIRST, SECOND)
    assert main([str(one), str(other), "--differences"]) == 0
    shown = capsys.readouterr().out
    assert "all: 4 and 3 marked, 3 by both: found F1 0.857" in shown
    assert "only the first: [the union] wanted: a new bridge (demand, union)" in shown
    assert "refusal or claim: [He] refused: to pay" in shown
    (other / "a.yaml").write_text("- {id: bridge, text: Another., statements: {}}", encoding="utf-8")
    assert main([str(one), str(other)]) == 1
    assert "passage 'bridge' is not the same text" in capsys.readouterr().err
    (other / "a.yaml").write_text("- {id: elsewhere, text: Another., statements: {}}", encoding="utf-8")
    with pytest.raises(InputError, match="no passage is in both"):
        twice(read_corpus(one), read_corpus(other))
