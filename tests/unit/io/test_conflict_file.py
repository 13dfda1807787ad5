"""Saving a conflict file: comments and the look of what has not changed stay; a file is written whole or not at all."""

from __future__ import annotations

import os
from fractions import Fraction
from pathlib import Path

import pytest

import detente as dt
from detente.examples import catalogue, path
from detente.io import files
from detente.io.conflict_file import ConflictFile, dump_conflict, parse_conflict
from detente.model.conditions import parse
from detente.model.parts import NamedState, Option
from detente.model.preferences import PreferenceStatement, Prioritising, decimal
from detente.render.export import export_text

RIVER = """\
# Who wrote this, and when.
format: detente/1
title: A river   # short
decision_makers:
  upstream:
    name: Upstream country
    options:
      divert: Divert the river   # the dam
      compensate: 'Pay "something"'
    preferences:                 # most important first
      - divert                   # the first
      - not sanction
      # before the last
      - if divert then compensate
  downstream:
    options: {sanction: Impose sanctions}
    preferences: [not divert, not sanction]

# What cannot be.
rules:
  - never: compensate and not divert   # no payment for nothing
one_way:
  divert: [no, yes]
status_quo: []
"""


def opened(folder: Path, text: str = RIVER) -> ConflictFile:
    file = folder / "river.conflict.yaml"
    file.write_text(text, encoding="utf-8")
    return ConflictFile.open(file)


def lines(text: str) -> set[str]:
    return {line.strip() for line in text.splitlines() if line.strip()}


def with_preferences(conflict: dt.Conflict, *texts: str) -> dt.Conflict:
    first, *others = conflict.decision_makers
    wanted = Prioritising(tuple(PreferenceStatement(parse(text)) for text in texts))
    return conflict.replaced(decision_makers=[dt.DecisionMaker(first.id, first.name, first.options, wanted), *others])


def with_option(conflict: dt.Conflict) -> dt.Conflict:
    first, second = conflict.decision_makers
    options = [*second.options, Option("sue", "Go to court")]
    return conflict.replaced(
        decision_makers=[first, dt.DecisionMaker(second.id, second.name, options, second.preferences)]
    )


CHANGES = {
    "nothing": (lambda conflict: conflict, 0),
    "title": (lambda conflict: conflict.replaced(title="Another: river"), 1),
    "a preference added": (
        lambda conflict: with_preferences(
            conflict, "divert", "not sanction", "if divert then compensate", "not compensate"
        ),
        0,
    ),
    "a preference removed": (lambda conflict: with_preferences(conflict, "divert", "if divert then compensate"), 2),
    "an option added": (with_option, 1),
    "a rule added": (lambda conflict: conflict.replaced(rules=[*conflict.rules, dt.never("divert and sanction")]), 0),
    "rules removed": (lambda conflict: conflict.replaced(rules=[]), 3),
    "the status quo": (lambda conflict: conflict.replaced(status_quo=["divert"]), 1),
    "a name for a state": (
        lambda conflict: conflict.replaced(states=[NamedState("dam", frozenset({"divert"}))]),
        0,
    ),
    "one-way removed": (lambda conflict: conflict.replaced(one_way=[]), 2),
}


@pytest.mark.parametrize("name", CHANGES)
def test_unchanged_parts_keep_their_text(name: str, tmp_path: Path) -> None:
    change, most_lost = CHANGES[name]
    file = opened(tmp_path)
    wanted = change(file.conflict)
    saved = file.save(wanted)
    assert saved.conflict == wanted
    assert saved.text == (tmp_path / "river.conflict.yaml").read_text(encoding="utf-8")
    lost = lines(RIVER) - lines(saved.text)
    assert len(lost) <= most_lost, f"{lost}\n{saved.text}"
    if name == "nothing":
        assert saved.text == RIVER


def test_reordered_entries_keep_their_comments(tmp_path: Path) -> None:
    file = opened(tmp_path)
    wanted = with_preferences(file.conflict, "not sanction", "divert", "if divert then compensate")
    saved = file.save(wanted)
    assert saved.conflict == wanted
    assert "# What cannot be." in saved.text


def test_failed_save_leaves_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = opened(tmp_path)

    def refuse(*_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(OSError, match="full"):
        file.save(file.conflict.replaced(title="other"))
    assert [path.name for path in tmp_path.iterdir()] == ["river.conflict.yaml"]
    assert (tmp_path / "river.conflict.yaml").read_text(encoding="utf-8") == RIVER


def test_writing_keeps_the_permissions(tmp_path: Path) -> None:
    file = tmp_path / "x"
    file.write_text("old")
    file.chmod(0o640)
    files.write_text(file, "new")
    assert file.read_text() == "new"
    assert file.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("id", catalogue())
def test_dumped_catalogue_dispute_is_lossless(id: str) -> None:
    conflict = dt.example(id)
    assert parse_conflict(dump_conflict(conflict)) == conflict
    file = ConflictFile.open(path(id))
    assert file.conflict == conflict


UNSURE = """\
format: detente/1
title: A river
decision_makers:
  upstream:
    options:
      divert: Divert the river
    preferences:
      - when: divert
        confidence: 0.7
        strength: strong
      - when: not sanction
        unknown: true
        note: Not said.
    facing_unknown: d
    thresholds: {satisficing: 0.3, gamma: 1/3}
  downstream:
    options:
      sanction: Sanction
    ranking:
      known:
        - [1, much better than, [2, 4]]
        - [3]
"""


ATTITUDES = """\
format: detente/1
title: A river
decision_makers:
  upstream:
    options:
      divert: Divert the river
    preferences:
      - divert
    attitudes: {downstream: negative, upstream: neutral}
  downstream:
    options:
      sanction: Sanction
"""


def test_attitudes_are_written_in_short_form(tmp_path: Path) -> None:
    conflict = parse_conflict(ATTITUDES)
    assert dump_conflict(conflict) == ATTITUDES
    first, second = conflict.decision_makers
    assert [first.attitude(id) for id in ("upstream", "downstream")] == ["neutral", "negative"]
    assert [second.attitude(id) for id in ("upstream", "downstream")] == ["neutral", "positive"]
    file = opened(tmp_path, ATTITUDES)
    kinder = dt.DecisionMaker("upstream", "", first.options, first.preferences, attitudes={"downstream": "positive"})
    saved = file.save(file.conflict.replaced(decision_makers=[kinder, second]))
    assert "attitudes: {downstream: positive}" in saved.text


BOTH_SIDES = """\
format: detente/1
title: A river
decision_makers:
  upstream:
    name: Upstream country
    options:
      divert:
        name: Divert the river
        not_named: leaves the river as it is
        note: The course of 1950.
      compensate: Pay
      wait:
        name: Wait
        not_named: acts at once
"""


def test_not_named_survives_reading_writing_and_saving(tmp_path: Path) -> None:
    conflict = parse_conflict(BOTH_SIDES)
    assert [option.not_named for option in conflict.options] == ["leaves the river as it is", "", "acts at once"]
    assert dump_conflict(conflict) == BOTH_SIDES
    assert parse_conflict(BOTH_SIDES.replace("acts at once", "waits not")) != conflict
    file = opened(tmp_path, BOTH_SIDES)
    first, *others = conflict.options
    maker = conflict.decision_makers[0]
    shorter = dt.DecisionMaker(maker.id, maker.name, [dt.Option("divert", first.name, first.support), *others])
    saved = file.save(conflict.replaced(decision_makers=[shorter]))
    assert "leaves the river" not in saved.text
    assert "acts at once" in saved.text
    assert any("words for options" in warning for warning in export_text(conflict, "gmcr").warnings)


@pytest.mark.parametrize("words", ['"<b>stays</b>"', '"x\\u202ey"', '"a: b # c"', "5", "~", '""', "' '"])
def test_not_named_accepts_any_text(words: str) -> None:
    conflict = parse_conflict(BOTH_SIDES.replace("leaves the river as it is", words))
    assert parse_conflict(dump_conflict(conflict)) == conflict


@pytest.mark.parametrize("words", ["[stays]", "{stays: 1}"])
def test_not_named_rejects_lists_and_mappings(words: str) -> None:
    with pytest.raises(dt.InputError, match="'not_named' must be text"):
        parse_conflict(BOTH_SIDES.replace("leaves the river as it is", words))


def test_not_named_leaves_the_digest_unchanged() -> None:
    plain = parse_conflict(BOTH_SIDES.replace("        not_named: leaves the river as it is\n", ""))
    assert plain.digest == parse_conflict(BOTH_SIDES).digest


def test_gmcr_export_warns_about_attitudes() -> None:
    conflict = parse_conflict(ATTITUDES)
    assert any("attitudes" in warning for warning in export_text(conflict, "gmcr").warnings)


def test_uncertain_preferences_are_written_in_short_form(tmp_path: Path) -> None:
    conflict = parse_conflict(UNSURE)
    assert dump_conflict(conflict).replace("'1/3'", "1/3") == UNSURE
    file = opened(tmp_path, UNSURE)
    second = dt.DecisionMaker("downstream", "", ["sanction"], dt.Ranking.of(1, ">>", 2, 3, 4))
    saved = file.save(file.conflict.replaced(decision_makers=[file.conflict.decision_makers[0], second]))
    assert "- much better than" in saved.text or "much better than," in saved.text


def test_check_warns_of_strong_preferences_after_mild_ones(tmp_path: Path) -> None:
    file = opened(tmp_path, UNSURE)
    told = {fault.line: fault.message for fault in file.warnings}
    assert "confidence 0.7" in told[8]
    assert "is unknown" in told[11]
    assert "chains" in told[20]
    text = UNSURE.replace("        confidence: 0.7\n        strength: strong\n", "", 1)
    file = opened(tmp_path, text.replace("unknown: true", "strength: strong"))
    assert any("which is more important, is mild" in fault.message for fault in file.warnings)


def test_all_yaml_styles_give_the_same_conflict(tmp_path: Path) -> None:
    """Anchors, aliases, merge keys, blocks, quotes, flow and block styles: the same conflict."""
    text = """\
%YAML 1.2
---
format: "detente/1"
title: |-
  Zwei
  Zeilen: “so”
summary: >-
  folded
  text
decision_makers:
  i: &i
    options:
      ? a
      : Ä
    preferences: &wanted
      - "a"
      - {when: 'not a', note: "x: y"}
  j:
    preferences: *wanted
"""
    conflict = parse_conflict(text)
    assert conflict.title == "Zwei\nZeilen: “so”"
    assert conflict.summary == "folded text"
    assert conflict.decision_makers[0].preferences == conflict.decision_makers[1].preferences
    assert parse_conflict(dump_conflict(conflict)) == conflict


def test_edit_of_an_aliased_value_does_not_change_the_other(tmp_path: Path) -> None:
    """Two decision makers whose wishes are written once: a change of the one must not reach the other."""
    text = """\
format: detente/1
title: Two neighbours   # as told
decision_makers:
  i:
    options: {a: One}
    preferences: &wanted
      - a
      - not b
  j:
    options: {b: Two}
    preferences: *wanted
"""
    file = opened(tmp_path, text)
    first, second = file.conflict.decision_makers
    wanted = Prioritising((PreferenceStatement(parse("a")), PreferenceStatement(parse("b"))))
    changed = file.conflict.replaced(
        decision_makers=[dt.DecisionMaker(first.id, first.name, first.options, wanted), second]
    )
    saved = file.save(changed)
    assert saved.conflict == changed
    assert saved.conflict.decision_maker("j").preferences == second.preferences


def test_numbers_beyond_floats_are_written_exactly() -> None:
    text = "format: detente/1\ntitle: T\ndecision_makers:\n  i: {options: [a], payoffs: {1: 1e400, 2: -1e-400}}\n"
    conflict = parse_conflict(text)
    assert parse_conflict(dump_conflict(conflict)) == conflict
    assert decimal(Fraction(10) ** 400 / 3).startswith("1000")
    assert decimal(Fraction(1, 4)) == "0.25"
