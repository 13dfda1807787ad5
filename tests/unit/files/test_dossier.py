"""Dossiers that conflict files share, what ``check`` says of statements, and whether quotes are verbatim."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

import detente as dt
from detente.analysis.loading import checked
from detente.dossier import Dossier, Source, Statement
from detente.files.conflict_file import ConflictFile, dump_conflict, parse_conflict
from detente.files.dossier_file import dump_dossier, parse_dossier, read_dossier, write_dossier
from detente.reading.verifying import unverified

DOSSIER = """\
format: detente-dossier/1
title: Two reports
speakers: {agency: The water agency}
sources:
  - {id: daily, title: Ministers trade warnings, date: 2024-04-30, file: daily.txt}
statements:
  - {id: d1, source: daily, speaker: i, kind: threat, quote: "we will answer", spans: [[10, 24]], about: [elsewhere]}
  - {id: d2, source: daily, speaker: agency, quote: "it is full", in_doubt: yes, confidence: 0.75}
"""
CONFLICT = """\
format: detente/1
title: T
as_of: 2024-05-01
dossier: river.dossier.yaml
decision_makers:
  i:
    options: {a: {name: A, evidence: d1}}
    preferences: [{when: a, evidence: [d2, own]}, not a]
statements:
  - {id: own, source: daily, speaker: i, contested_by: [d2]}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "river.dossier.yaml").write_text(DOSSIER)
    (tmp_path / "x.conflict.yaml").write_text(CONFLICT)
    (tmp_path / "daily.txt").write_text("The man: “we will answer” – it is full.")
    return tmp_path


def test_a_shared_dossier(folder: Path) -> None:
    conflict = dt.load(folder / "x.conflict.yaml")
    assert [one.id for one in conflict.all_statements] == ["d1", "d2", "own"]
    assert [one.id for one in conflict.statements] == ["own"]
    assert conflict.all_speakers == {"agency": "The water agency", "i": "i"}
    assert conflict.all_statements[1].confidence == 0.75
    assert "river.dossier.yaml" in dump_conflict(conflict)
    assert "d1," not in dump_conflict(conflict)
    file = ConflictFile.open(folder / "x.conflict.yaml", dt.Conflict)
    assert file.save(file.conflict.replaced(title="U")).conflict.all_statements == conflict.all_statements


def test_round_trip(folder: Path) -> None:
    dossier = read_dossier(folder / "river.dossier.yaml")
    assert parse_dossier(dump_dossier(dossier), dossier.path) == dossier
    write_dossier(dossier, folder / "copy.dossier.yaml")
    assert read_dossier(folder / "copy.dossier.yaml").statements == dossier.statements
    full = Statement(
        "s", "daily", "i", "he", "said", "offer", "mixed", "a … b", ((1, 2), (4, 5)), "before", "after", "j",
        "2024-04", "Geneva", "the press", "d1", ("a",), ("j",), ("d2",), ("d3",), True, 0.5, "Note: 'x'\nand more", "d4", 0.25, 0.75, True,
    )  # fmt: skip
    whole = Dossier("x", "T", {"i": "I"}, (Source("daily", "T", "P", "2024", "en", "u", "f", "0" * 64, "n"),), (full,))
    assert parse_dossier(dump_dossier(whole), "x") == whole


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("river.dossier.yaml\n", "rivr.dossier.yaml\n"), ": there is no such file"),
        (("evidence: d1", "evidence: d9"), ":7:38: unknown statement 'd9'"),
        (("{id: own,", "{id: d1,"), "statement 'd1' is there twice"),
    ],
)
def test_faults_of_the_conflict(folder: Path, change: tuple[str, str], words: str) -> None:
    path = folder / "x.conflict.yaml"
    path.write_text(CONFLICT.replace(*change))
    with pytest.raises(dt.InputError) as caught:
        dt.load(path)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("detente-dossier/1", "detente/1"), ":1:9: the format is 'detente/1', and a dossier is detente-dossier/1"),
        (("[[10, 24]]", "[[10]]"), ": spans are pairs of character positions"),
        (("[[10, 24]]", "[[24, 10]]"), "a span must end after it begins"),
        (("in_doubt: yes", "in_doubt: perhaps"), "'perhaps' is neither yes nor no"),
        (("kind: threat", "kind: threta"), "did you mean 'threat'?"),
        (("speaker: agency", "speakr: agency"), "unknown key 'speakr' — did you mean 'speaker'?"),
    ],
)
def test_faults_of_the_dossier_name_its_own_lines(folder: Path, change: tuple[str, str], words: str) -> None:
    (folder / "river.dossier.yaml").write_text(DOSSIER.replace(*change))
    with pytest.raises(dt.InputError) as caught:
        dt.load(folder / "x.conflict.yaml")
    assert words in str(caught.value)
    assert "river.dossier.yaml:" in str(caught.value)


def findings(folder: Path, statements: str, more: str = "") -> list[str]:
    path = folder / "y.conflict.yaml"
    path.write_text(
        "format: detente/1\ntitle: T\nas_of: 2024-05\n"
        "decision_makers:\n  i: {options: {a: A}, preferences: [{when: a, evidence: s1}, not a]}\n"
        f"{more}sources: [{{id: r, date: 2024-06-01}}]\nstatements:\n{statements}"
    )
    return [fault.message for fault in checked(path).warnings]


def test_what_check_says_of_statements(folder: Path) -> None:
    assert findings(folder, "  - {id: s1, speaker: i, date_said: 2024-05-31}\n") == []
    assert findings(folder, "  - {id: s1, speaker: i, date_said: 2024}\n") == []
    (later,) = findings(folder, "  - {id: s1, speaker: i, date_said: 2024-06-01}\n")
    assert later == "the statement 's1' of 2024-06-01 is later than the model, which is as of 2024-05"
    (later,) = findings(folder, "  - {id: s1, speaker: i, source: r}\n")
    assert "later than the model" in later
    (unknown,) = findings(folder, "  - {id: s1, speaker: the agency}\n")
    assert unknown == "nobody knows the speaker 'the agency': name it under 'speakers', or use a decision maker"
    assert findings(folder, "  - {id: s1, speaker: the agency}\n", "speakers: {the agency: Agency}\n") == []
    assert findings(folder, "  - {id: s1, speaker: i, withdrawn_by: s2}\n  - {id: s2, speaker: i}\n") == [
        "preference 1 of 'i' relies only on what has been withdrawn: s1"
    ]
    assert "nothing rests on the statement 's2'" in findings(
        folder, "  - {id: s1, speaker: i}\n  - {id: s2, speaker: i}\n"
    )


def test_judgements_are_marked(folder: Path) -> None:
    opened = checked(folder / "x.conflict.yaml")
    assert [(one.line, one.message) for one in opened.judgements] == [
        (8, "preference 2 of 'i' rests on no statement: analyst's judgement")
    ]


def test_quotes_are_looked_up(folder: Path) -> None:
    conflict = dt.load(folder / "x.conflict.yaml")
    assert list(unverified(conflict, folder)) == []
    text = (folder / "daily.txt").read_text()
    (folder / "daily.txt").write_text("Corrected. " + text.replace("it is full", "it is very full"))
    moved, lost = list(unverified(conflict, folder))
    assert moved.message == "the quote of 'd1' has moved: it is now at [21, 35]"
    assert "the quote of 'd2' is not in the document of 'daily'; the nearest passage is “" in lost.message
    (folder / "daily.txt").unlink()
    (gone,) = unverified(conflict, folder)
    assert gone.message == "the document of the source 'daily' is not there: daily.txt"


def test_documents_are_found_by_their_digest(folder: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    text = "They said it is full."
    (elsewhere / "anything").write_text(text)
    (elsewhere / "another").write_text("no")
    digest = hashlib.sha256(text.encode()).hexdigest()
    conflict = parse_conflict(
        "format: detente/1\ntitle: T\ndecision_makers: {i: {options: {a: {evidence: [s, t]}}, preferences: [a]}}\n"
        f"sources: [{{id: r, sha256: {digest}}}]\nstatements:\n"
        "  - {id: s, source: r, speaker: i, quote: it is full}\n  - {id: t, source: r, speaker: i, quote: empty}\n"
    )
    assert list(unverified(conflict, folder)) == []
    (lost,) = unverified(conflict, folder, [elsewhere])
    assert "'t'" in lost.message


def test_a_document_that_has_changed_is_noticed(folder: Path) -> None:
    conflict = parse_conflict(
        "format: detente/1\ntitle: T\ndecision_makers: {i: {options: [a], preferences: [a]}}\n"
        f"sources: [{{id: r, file: daily.txt, sha256: {'0' * 64}}}]\n"
    )
    (changed,) = unverified(conflict, folder)
    assert "has changed" in changed.message
