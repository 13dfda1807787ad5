"""A conflict begun from names, and what a reader found added to it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from detente.errors import InputError
from detente.io.conflict_file import dump_conflict, parse_conflict
from detente.io.dossier_file import dossier_data, dossier_of
from detente.model.conflict import Conflict
from detente.model.statements import Dossier, Source, Statement
from detente.reading.documents import Document
from detente.reading.dossier_import import actors_of, add_statements, new_conflict
from detente.reading.reader import read
from detente.reading.rule_tagger import RuleTagger
from tests.unit.cli.running import run

TEXT = (
    "“The port is closed,” said Ann Lee, secretary of the Dockers' Union. Lee refused to load coal. "
    "Harbour Ltd. rejected the demand. The mayor warned that Harbour Ltd. said the quay was unsafe."
)


def port() -> Conflict:
    return new_conflict("  The port \n", ["Dockers' Union", "", " Harbour Ltd. "])


def found(conflict: Conflict, text: str = TEXT) -> Dossier:
    return read([Document("port.txt", text, "0" * 64)], tagger=RuleTagger(), actors=actors_of(conflict))


def test_conflict_is_created_from_a_title_and_names() -> None:
    conflict = port()
    assert conflict.title == "The port"
    assert [(maker.id, maker.label) for maker in conflict.decision_makers] == [
        ("dockers-union", "Dockers' Union"),
        ("harbour-ltd", "Harbour Ltd."),
    ]
    assert parse_conflict(dump_conflict(conflict)) == conflict


@pytest.mark.parametrize(
    ("title", "names", "words"),
    [
        (" ", ["A"], "the title is empty"),
        ("T", ["", "  "], "at least one decision maker"),
        ("T", ["The bank", "the  BANK"], "'the BANK' appears twice"),
        ("T", [f"p{number}" for number in range(61)], "61 decision makers"),
    ],
)
def test_missing_input_is_reported(title: str, names: list[str], words: str) -> None:
    with pytest.raises(InputError, match=words):
        new_conflict(title, names)


def test_spokesperson_is_matched_to_the_party() -> None:
    conflict = add_statements(port(), found(port()))
    assert [(one.id, one.speaker) for one in conflict.statements] == [
        ("s1", "dockers-union"),
        ("s2", "dockers-union"),
        ("s3", "harbour-ltd"),
        ("s4", "mayor"),
        ("s5", "harbour-ltd"),
    ]
    assert conflict.speakers == {"mayor": "mayor"}
    assert [(one.id, one.file) for one in conflict.sources] == [("port", "port.txt")]
    assert conflict.statements[4].nested_in == "s4"
    assert parse_conflict(dump_conflict(conflict)) == conflict


def test_existing_statements_are_not_added_again() -> None:
    once = add_statements(port(), found(port()))
    assert add_statements(once, found(once)) == once
    # One that was taken out is found again, and gets a number that none has.
    less = once.replaced(statements=once.statements[1:])
    again = add_statements(less, found(less))
    assert [one.id for one in again.statements] == ["s2", "s3", "s4", "s5", "s6"]
    assert again.statements[-1].quote == once.statements[0].quote


def test_source_keeps_its_name_and_gets_the_documents_data() -> None:
    conflict = port().replaced(sources=[Source("daily", title="Strike goes on", file="port.txt")])
    dossier = found(conflict)
    dossier = replace(dossier, sources=(replace(dossier.sources[0], date="2026-05-03", title="Other"),))
    made = add_statements(conflict, dossier)
    assert made.sources == (
        Source("daily", title="Strike goes on", date="2026-05-03", file="port.txt", sha256="0" * 64),
    )
    assert {one.source for one in made.statements} == {"daily"}


def test_colliding_names_get_different_identifiers() -> None:
    # A speaker of another name whose identifier is taken, and references among the statements.
    dossier = Dossier(
        "",
        speakers={"harbour-ltd": "Harbour Limited of Tarrin"},
        sources=(Source("port", file="other.txt"),),
        statements=(
            Statement("a", source="port", speaker="harbour-ltd", quote="we pay", contested_by=("b",)),
            Statement("b", source="port", speaker="stranger", quote="they do not", reported_by="harbour-ltd"),
        ),
    )
    conflict = port().replaced(sources=[Source("port", file="port.txt")])
    made = add_statements(conflict, dossier)
    assert made.speakers == {"harbour-ltd-2": "Harbour Limited of Tarrin", "stranger": "stranger"}
    assert [one.id for one in made.sources] == ["port", "port-2"]
    first, second = made.statements
    assert (first.id, first.source, first.speaker, first.contested_by) == ("s1", "port-2", "harbour-ltd-2", ("s2",))
    assert (second.speaker, second.reported_by) == ("stranger", "harbour-ltd-2")


def test_dossier_data_round_trip_is_equal() -> None:
    dossier = found(port())
    assert dossier_of(dossier_data(dossier)) == dossier
    with pytest.raises(InputError, match="format"):
        dossier_of({"statements": []})


def test_draft_without_a_language_model_is_a_conflict_file(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("DETENTE_BASE_URL", "OPENAI_BASE_URL", "DETENTE_MODEL"):
        monkeypatch.delenv(variable, raising=False)
    report, out = tmp_path / "report.txt", tmp_path / "made" / "port.conflict.yaml"
    report.write_text(TEXT, encoding="utf-8")
    out.parent.mkdir()
    # Without parties, they are proposed from who speaks.
    proposed = run(capsys, "draft", str(report), "--title", "T")
    assert proposed.code == 0, proposed.err
    assert parse_conflict(proposed.out).title == "T"
    done = run(capsys, "draft", str(report), "--party", "Dockers' Union", "--party", "Harbour Ltd.", "-o", str(out))
    assert done.code == 0, done.err
    assert "serve" in done.err and f"wrote {out}" in done.err.replace("\n", "")
    conflict = parse_conflict(out.read_text(encoding="utf-8"), str(out))
    assert conflict.title == "report"
    assert [maker.id for maker in conflict.decision_makers] == ["dockers-union", "harbour-ltd"]
    assert {one.speaker for one in conflict.statements} >= {"dockers-union", "harbour-ltd"}
    assert [one.file for one in conflict.sources] == ["../report.txt"]
    assert run(capsys, "check", str(out)).code == 0
    # What a person has corrected is taken as it is, and nothing else is looked for.
    dossier = tmp_path / "one.dossier.yaml"
    dossier.write_text(
        "format: detente-dossier/1\nstatements:\n"
        "  - {id: x, speaker: harbour-ltd, kind: refusal, cue: refused, quote: to pay the dockers}\n",
        encoding="utf-8",
    )
    named = ("--party", "Harbour Ltd.", "--title", "The port", "--dossier", str(dossier), "--format", "json")
    data = json.loads(run(capsys, "draft", str(report), *named).out)
    assert data["statements"] == 1
    again = parse_conflict(data["text"])
    assert (again.title, again.statements[0].speaker) == ("The port", "harbour-ltd")
