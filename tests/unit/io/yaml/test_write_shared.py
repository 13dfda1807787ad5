"""What is written of a statement is shared by equal ones, and changing a large file does little twice."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import detente as dt
from detente.editing import edited_file
from detente.io import conflict_file
from detente.io.conflict_file import ConflictFile, dump_conflict, parse_conflict
from detente.io.yaml.fields import Element
from detente.io.yaml.schema import CONFLICT, STATEMENT
from detente.io.yaml.write import tree_text
from tests.examples import examples

KINDS = st.sampled_from(["claim", "refusal", "demand", "denial"])


def large(kinds: list[str]) -> str:
    said = "".join(
        f"  - {{id: s{place}, speaker: up, kind: {kind}, quote: 'words {place}', spans: [[{place}, {place + 7}]]}}\n"
        for place, kind in enumerate(kinds, 1)
    )
    return f"format: detente/1\ntitle: T\ndecision_makers:\n  up: {{options: [divert]}}\nstatements:\n{said}"


@given(st.lists(KINDS, min_size=2, max_size=12), st.data())
@settings(max_examples=examples(60))
def test_a_change_writes_only_what_it_changes(kinds: list[str], data: st.DataObject) -> None:
    file = ConflictFile.of(large(kinds), Path("t.conflict.yaml"))
    place, kind = data.draw(st.integers(0, len(kinds) - 1)), data.draw(KINDS)
    made = edited_file(file, {"do": "set", "at": ["statements", f"s{place + 1}", "kind"], "value": kind})
    assert made.text == large([*kinds[:place], kind, *kinds[place + 1 :]])
    before, after = (CONFLICT.write(one.conflict)["statements"] for one in (file, made))
    assert [one is other for one, other in zip(before, after, strict=True)] == [
        index != place or kind == kinds[place] for index in range(len(kinds))
    ]
    for one in made.conflict.statements:
        assert tree_text(STATEMENT.write(one)) == tree_text(Element.write(STATEMENT, one))


@given(st.sampled_from(["nile-dam", "ukraine-2023", "northern-ireland-1998"]), st.data())
@settings(max_examples=examples(30))
def test_a_file_is_written_the_same_again(name: str, data: st.DataObject) -> None:
    conflict = dt.example(name)
    text = dump_conflict(conflict)
    place = data.draw(st.integers(0, len(conflict.statements) - 1))
    marked = [
        replace(one, in_doubt=not one.in_doubt) if index == place else one
        for index, one in enumerate(conflict.statements)
    ]
    assert parse_conflict(dump_conflict(conflict.replaced(statements=marked))).statements == tuple(marked)
    assert dump_conflict(conflict) == text


def test_warnings_and_assumptions_are_placed_in_one_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    file = ConflictFile.of(large(["claim"] * 3), Path("t.conflict.yaml"))
    passes = []
    parse = conflict_file.parse_yaml
    monkeypatch.setattr(conflict_file, "parse_yaml", lambda *given: passes.append(given) or parse(*given))
    assert [one.line for one in file.warnings if "does not use" in one.message] == [6, 7, 8]
    assert len(file.judgements) == 1
    assert len(passes) == 1
