"""``detente link`` from documents to a changed dossier, and ``detente read`` with folders."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from detente.io.dossier_file import read_dossier
from tests.unit.cli.running import run

FIRST = "Max Orr said that the dam is safe. The Supreme Court ruled that the licence was void.\n"
SECOND = "Orr said that the gates were shut. The Supreme Court said that it would hear the appeal.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    reports = tmp_path / "reports"
    reports.mkdir()
    (reports / "2024-01-05 First.txt").write_text(FIRST)
    (reports / "second.txt").write_text(SECOND)
    (reports / "again.txt").write_text(FIRST)
    (reports / "sources.csv").write_text("file,date,title\nsecond.txt,2024-02,The second report\n")
    (reports / "picture.png").write_bytes(b"no document")
    return reports


@pytest.fixture
def dossier(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    path = tmp_path / "reports.dossier.yaml"
    done = run(capsys, "read", str(folder), "-o", str(path), "--tagger", "rules")
    assert done.code == 0, done.err
    assert "has the same text as" in done.err
    assert "detente link" in done.err
    return path


def test_a_folder_is_read_with_dates_and_each_text_once(dossier: Path) -> None:
    found = read_dossier(dossier)
    told = [(one.title, one.date) for one in found.sources]
    assert told == [(None, "2024-01-05"), ("The second report", "2024-02")]


def test_a_proposal_is_accepted_in_the_file(dossier: Path, capsys: pytest.CaptureFixture[str]) -> None:
    listed = json.loads(run(capsys, "link", str(dossier), "--format", "json").out)
    assert [(one["kind"], one["accepted"]) for one in listed["links"]] == [("same_as", None)]
    before = dossier.read_bytes()
    assert run(capsys, "link", str(dossier)).code == 0
    assert dossier.read_bytes() == before
    done = run(capsys, "link", str(dossier), "--accept", "1")
    assert (done.code, "Accepted." in done.out) == (0, True)
    assert {one.speaker for one in read_dossier(dossier).statements} == {"max-orr", "supreme-court"}


def test_comments_are_never_lost(dossier: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    dossier.write_text(dossier.read_text() + "# checked by me\n")
    before = dossier.read_bytes()
    done = run(capsys, "link", str(dossier), "--refuse", "1")
    assert (done.code, "comments" in done.err, dossier.read_bytes()) == (1, True, before)
    other = tmp_path / "other.dossier.yaml"
    assert run(capsys, "link", str(dossier), "--refuse", "1", "-o", str(other)).code == 0
    assert read_dossier(other).links[0].accepted is False


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--accept", "7"], 1, "there is no proposal 7"),
        (["--merge", "orr"], 2, "two names with '='"),
        (["--merge", "max-or=supreme-court"], 1, "did you mean 'max-orr'?"),
        (["--split", "max-orr=Robert"], 2, "--split"),
        (["--accept-above", "2"], 2, "less than or equal to 1"),
    ],
)
def test_a_wrong_decision_changes_nothing(
    arguments: list[str], code: int, message: str, dossier: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = dossier.read_bytes()
    done = run(capsys, "link", str(dossier), *arguments)
    assert done.code == code
    assert message in " ".join(done.err.split())
    assert dossier.read_bytes() == before


def test_decisions_about_actors(dossier: Path, capsys: pytest.CaptureFixture[str]) -> None:
    statement = next(one.id for one in read_dossier(dossier).statements if one.speaker == "max-orr")
    done = run(
        capsys,
        "link",
        str(dossier),
        "--split",
        f"max-orr:{statement}=Jane Orr",
        "--speaks-for",
        "jane-orr=supreme-court",
    )
    assert done.code == 0, done.err
    found = read_dossier(dossier)
    assert next(one for one in found.actors if one.id == "jane-orr").speaks_for == "supreme-court"
    assert run(capsys, "link", str(dossier), "--speaks-for", "jane-orr=").code == 0
    assert next(one for one in read_dossier(dossier).actors if one.id == "jane-orr").speaks_for is None


def test_a_folder_without_documents_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    done = run(capsys, "read", str(tmp_path))
    assert (done.code, "there are no documents in this folder" in done.err) == (1, True)


def test_a_wrong_date_in_the_table_is_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "sources.csv").write_text("file,date\nsecond.txt,last week\n")
    done = run(capsys, "read", str(folder))
    assert (done.code, "'last week' is not a date" in done.err) == (1, True)
