"""Dossiers that conflict files share, what ``check`` says of statements, and whether quotes are verbatim."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

import detente as dt
from detente.io.conflict_file import ConflictFile, dump_conflict, open_conflict, parse_conflict
from detente.io.dossier_file import dossier_data, dump_dossier, parse_dossier, read_dossier, write_dossier
from detente.model.statements import Dossier, Source, Statement
from detente.reading.drafting.verify_quotes import unverified_quotes

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


def test_shared_dossier_is_read_by_its_conflict(folder: Path) -> None:
    conflict = dt.load(folder / "x.conflict.yaml")
    assert [one.id for one in conflict.all_statements] == ["d1", "d2", "own"]
    assert [one.id for one in conflict.statements] == ["own"]
    assert conflict.all_speakers == {"agency": "The water agency", "i": "i"}
    assert conflict.all_statements[1].confidence == 0.75
    assert "river.dossier.yaml" in dump_conflict(conflict)
    assert "d1," not in dump_conflict(conflict)
    file = ConflictFile.open(folder / "x.conflict.yaml")
    assert file.save(file.conflict.replaced(title="U")).conflict.all_statements == conflict.all_statements


def test_dossier_round_trip_is_lossless(folder: Path) -> None:
    dossier = read_dossier(folder / "river.dossier.yaml")
    assert parse_dossier(dump_dossier(dossier), dossier.path) == dossier
    write_dossier(dossier, folder / "copy.dossier.yaml")
    assert read_dossier(folder / "copy.dossier.yaml").statements == dossier.statements
    full = Statement(
        "s", "daily", "i", "he", "said", "offer", "mixed", "a … b", ((1, 2), (4, 5)), "before", "after", "j",
        "2024-04", "Geneva", "the press", "d1", ("a",), ("j",), ("d2",), ("d3",),
        True, 0.5, "Note: 'x'\nand more", "d4", 0.25, 0.75, True,
    )  # fmt: skip
    whole = Dossier("x", "T", {"i": "I"}, (Source("daily", "T", "P", "2024", "en", "u", "f", "0" * 64, "n"),), (full,))
    assert parse_dossier(dump_dossier(whole), "x") == whole


def test_dossier_data_gives_the_stances_with_the_options() -> None:
    said = Statement("s1", source="daily", about=("a", "b"), stances={"a": "against"})
    data = dossier_data(Dossier("x.dossier.yaml", "A dossier", statements=(said,)))
    assert data["statements"][0]["about"] == {"a": "against", "b": None}
    assert "stances" not in data["statements"][0]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("river.dossier.yaml\n", "rivr.dossier.yaml\n"), ": there is no such file"),
        (("evidence: d1", "evidence: d9"), ":7:38: unknown statement 'd9'"),
        (("{id: own,", "{id: d1,"), "statement 'd1' appears twice"),
    ],
)
def test_faults_of_a_conflict_with_a_dossier_are_located(folder: Path, change: tuple[str, str], words: str) -> None:
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


def findings(folder: Path, statements: str, more: str = "", source: str = "2024-05-30") -> list[str]:
    path = folder / "y.conflict.yaml"
    path.write_text(
        "format: detente/1\ntitle: T\nas_of: 2024-05\n"
        "decision_makers:\n  i: {options: {a: A}, preferences: [{when: a, evidence: s1}, not a]}\n"
        f"{more}sources: [{{id: r, date: {source}}}]\nstatements:\n{statements}"
    )
    return [fault.message for fault in open_conflict(path).warnings]


def test_check_finds_dates_later_than_the_model(folder: Path) -> None:
    assert findings(folder, "  - {id: s1, speaker: i, date_said: 2024-05-31}\n") == []
    # It may have been said in December, so it does not count yet, and is not later than the model for certain.
    assert findings(folder, "  - {id: s1, speaker: i, date_said: 2024}\n") == [
        "preference 1 of 'i' has only evidence that is not in force: s1"
    ]
    assert findings(folder, "  - {id: s1, speaker: i, date_said: 2024-06-01}\n") == [
        "preference 1 of 'i' has only evidence that is not in force: s1",
        "the statement 's1' is dated 2024-06-01, after the day of the model, 2024-05",
    ]
    assert "the source 'r' is dated 2024-06-01, after the day of the model, 2024-05" in findings(
        folder, "  - {id: s1, speaker: i, date_said: 2024-05-31}\n", source="2024-06-01"
    )


def test_check_finds_dates_that_contradict_each_other(folder: Path) -> None:
    assert "'s1' was said on 2024-05-31, after its source 'r' of 2024-05-30" in findings(
        folder, "  - {id: s1, speaker: i, source: r, date_said: 2024-05-31}\n"
    )
    assert "'s1' is dated 2024-05-02, after 's2', which reports it" in findings(
        folder,
        "  - {id: s1, speaker: i, date_said: 2024-05-02, nested_in: s2}\n"
        "  - {id: s2, speaker: i, date_said: 2024-05-01}\n",
    )


def test_check_finds_withdrawals_without_effect(folder: Path) -> None:
    said = "  - {id: s1, speaker: i, date_said: 2024-05-02, withdrawn_by: s2}\n"
    assert findings(folder, f"{said}  - {{id: s2, speaker: i, date_said: 2024-05-01}}\n") == [
        "'s2' was said before 's1', which it withdraws: the withdrawal has no effect",
        "the model does not use the statement 's2'",
    ]
    assert "'s2' cannot withdraw 's1', which has another speaker: the withdrawal has no effect" in findings(
        folder, f"{said}  - {{id: s2, speaker: j, date_said: 2024-05-03}}\n", "speakers: {j: J}\n"
    )


def test_check_asks_whether_one_speaker_changed_position(folder: Path) -> None:
    assert (
        "'s1' and 's2' contest each other and have the same speaker; if the speaker changed its position, use "
        "'withdrawn_by'" in findings(folder, "  - {id: s1, speaker: i, contested_by: s2}\n  - {id: s2, speaker: i}\n")
    )


def test_check_finds_elements_with_proposed_evidence_only(folder: Path) -> None:
    proposed = findings(folder, "  - {id: s1, speaker: i, proposed: yes}\n")
    assert proposed == ["preference 1 of 'i' has only proposed evidence, which no person has accepted: s1"]
    assert findings(folder, "  - {id: s1, speaker: i}\n") == []


@pytest.mark.parametrize(
    ("statements", "fault"),
    [
        ("{id: s1, withdrawn_by: s2}, {id: s2, nested_in: s1}", "in a circle"),
        ("{id: s1, nested_in: s1}", "'s1' reports, withdraws or copies itself"),
        ("{id: s1, speaker: i}, {id: s2, speaker: j, copy_of: s1}", "'s2' is a copy of 's1', but they have different"),
        ("{id: s1, copy_of: s9}", "unknown statement 's9'"),
    ],
)
def test_contradictory_links_are_faults(folder: Path, statements: str, fault: str) -> None:
    with pytest.raises(dt.InputError) as caught:
        findings(folder, "".join(f"  - {one}}}\n" for one in statements.rstrip("}").split("}, ")))
    assert fault in str(caught.value)
    assert "y.conflict.yaml:" in str(caught.value)


def test_long_chains_of_reports_are_refused(folder: Path) -> None:
    chain = "".join(f"  - {{id: s{number}, speaker: i, nested_in: s{number - 1}}}\n" for number in range(2, 3000))
    with pytest.raises(dt.InputError, match="'s51' ends a chain of more than 50 statements"):
        findings(folder, f"  - {{id: s1, speaker: i}}\n{chain}")
    short = "".join(f"  - {{id: s{number}, speaker: i, nested_in: s{number - 1}}}\n" for number in range(2, 51))
    assert findings(folder, f"  - {{id: s1, speaker: i}}\n{short}")


def test_check_reports_on_statements(folder: Path) -> None:
    (unknown,) = findings(folder, "  - {id: s1, speaker: the agency}\n")
    assert unknown == "the speaker 'the agency' is not defined: add it to 'speakers', or name a decision maker"
    assert findings(folder, "  - {id: s1, speaker: the agency}\n", "speakers: {the agency: Agency}\n") == []
    assert findings(folder, "  - {id: s1, speaker: i, withdrawn_by: s2}\n  - {id: s2, speaker: i}\n") == [
        "preference 1 of 'i' has only evidence that is not in force: s1"
    ]
    assert "the model does not use the statement 's2'" in findings(
        folder, "  - {id: s1, speaker: i}\n  - {id: s2, speaker: i}\n"
    )


def test_assumptions_are_listed_as_judgements(folder: Path) -> None:
    opened = open_conflict(folder / "x.conflict.yaml")
    assert [(one.line, one.message) for one in opened.judgements] == [
        (8, "preference 2 of 'i' is an assumption: it has no evidence")
    ]


def test_quotes_are_looked_up_in_documents(folder: Path) -> None:
    conflict = dt.load(folder / "x.conflict.yaml")
    assert list(unverified_quotes(conflict, folder)) == []
    text = (folder / "daily.txt").read_text()
    (folder / "daily.txt").write_text("Corrected. " + text.replace("it is full", "it is very full"))
    moved, lost = list(unverified_quotes(conflict, folder))
    assert moved.message == "the quote of 'd1' has moved: it is now at [21, 35]"
    assert "the quote of 'd2' is not in the document of 'daily'; the nearest passage is “" in lost.message
    (folder / "daily.txt").unlink()
    (gone,) = unverified_quotes(conflict, folder)
    assert gone.message == "the document of the source 'daily' is not there: daily.txt"


def test_documents_are_found_by_digest(folder: Path, tmp_path: Path) -> None:
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
    assert list(unverified_quotes(conflict, folder)) == []
    (lost,) = unverified_quotes(conflict, folder, [elsewhere])
    assert "'t'" in lost.message


def test_changed_document_is_reported(folder: Path) -> None:
    conflict = parse_conflict(
        "format: detente/1\ntitle: T\ndecision_makers: {i: {options: [a], preferences: [a]}}\n"
        f"sources: [{{id: r, file: daily.txt, sha256: {'0' * 64}}}]\n"
    )
    (changed,) = unverified_quotes(conflict, folder)
    assert "has changed" in changed.message
