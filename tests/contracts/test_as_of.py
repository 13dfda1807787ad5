"""Every command that solves a conflict answers for the model of the day, and says what is not in it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import typer

import detente as dt
from detente.cli.commands import app
from tests.unit.cli.running import run

PACT = """\
format: detente/1
title: The pact
dossier: pact.dossier.yaml
decision_makers:
  lakeland:
    options: {neutral: {name: Stay neutral, evidence: [s1]}}
    preferences: [{when: neutral, evidence: [s1]}, not attack]
  highland:
    options: {attack: Attack}
    preferences: [{when: neutral, evidence: [s3]}, if neutral then not attack]
status_quo: []
"""
DOSSIER = """\
format: detente-dossier/1
title: The pact, 2022-2023
sources:
  - {id: d22, title: Report of March 2022, date: 2022-03-30}
  - {id: d23, title: Report of May 2023, date: 2023-05-01}
statements:
  - id: s1
    source: d22
    speaker: lakeland
    kind: commitment
    quote: "we will stay neutral"
    date_said: 2022-03-29
    withdrawn_by: [s2]
  - {id: s2, source: d23, speaker: lakeland, kind: withdrawal, quote: "it is off the table", date_said: 2023-05-01}
  - {id: s3, source: d22, speaker: highland, kind: demand, quote: "Lakeland must be neutral", date_said: 2022-03-29}
"""
#: The model of 2023 written by hand: without the promise, the option that it is evidence for cannot be taken.
REDUCED = """\
format: detente/1
title: The pact
decision_makers:
  lakeland:
    options: {neutral: Stay neutral}
    preferences: [not attack]
  highland:
    options: {attack: Attack}
    preferences: [neutral, if neutral then not attack]
rules: [never: neutral]
status_quo: []
"""
LATE = """\
format: detente/1
title: Late words
as_of: 2022-01-01
decision_makers:
  a:
    options: {go: {name: Go, evidence: [s1]}}
    preferences: [{when: go, evidence: [s1]}]
  b:
    options: {stop: Stop}
    preferences: [not go]
status_quo: []
sources: [{id: d, date: 2023-05-02}]
statements:
  - {id: s1, source: d, speaker: a, kind: commitment, quote: "we go", date_said: 2023-05-01}
"""
COPIES = """\
format: detente/1
title: Copies
decision_makers:
  a:
    options: {talk: {name: Talk, evidence: [s1, s1b]}}
    preferences: [{when: talk, evidence: [s1, s1b]}]
  b:
    options: {stop: Stop}
    preferences: [stop]
sources: [{id: d1, date: 2023-08-02}, {id: d1b, date: 2023-08-02}, {id: d2, date: 2023-08-03}]
status_quo: [stop]
statements:
  - {id: s1, source: d1, speaker: a, kind: commitment, quote: "we would talk", date_said: 2023-08-01}
  - {id: s1b, source: d1b, speaker: a, kind: commitment, quote: "we would talk", date_said: 2023-08-01, copy_of: s1}
  - {id: s3, source: d2, speaker: b, kind: claim, quote: "they never said so", contested_by: [s1]}
"""  # fmt: skip
LATER = "2023-06-01"
#: What each command that solves a conflict is asked, without the file, the day and the form.
QUESTIONS = {
    "states": [],
    "analyze": [],
    "explain": ["--state", "NY", "--dm", "highland", "--concept", "nash"],
    "evolve": [],
    "coalitions": [],
    "robust": ["--samples", "200", "--seed", "1"],
    "invert": ["--state", "NY", "--concept", "nash"],
    "perceive": [],
    "whose-word": [],
}
#: Commands that do not solve, and those whose answer has another form: they have tests of their own.
NOT_ASKED = {"check", "compare", "draft", "examples", "export", "import", "read", "report", "serve"}
#: What a model of a day says of how it came about, and what depends on how it is written.
OF_THE_BASIS = {
    "as_of", "dropped", "undated", "disputed", "infeasible", "without_date", "skipped_acts", "other_reading",
    "digest", "conflict", "title", "claims", "accounts", "models",
}  # fmt: skip


@pytest.fixture
def pact(tmp_path: Path) -> str:
    (tmp_path / "pact.dossier.yaml").write_text(DOSSIER, encoding="utf-8")
    return written(tmp_path, "pact", PACT)


def written(folder: Path, name: str, text: str) -> str:
    path = folder / f"{name}.conflict.yaml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def answered(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    found = run(capsys, *arguments, "--format", "json")
    assert found.code == 0, found.err
    return json.loads(found.out)


def without_basis(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: without_basis(value) for key, value in data.items() if key not in OF_THE_BASIS}
    return [without_basis(one) for one in data] if isinstance(data, list) else data


def elements(data: dict[str, Any]) -> list[str]:
    return [one["element"] for one in data["dropped"]]


def nash(data: dict[str, Any]) -> set[str]:
    states = {state["number"]: state["state"] for state in data["states"]}
    return {states[number] for number in data["equilibria"]["nash"]}


def test_every_command_with_as_of_has_a_test_case() -> None:
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    assert set(commands) - set(QUESTIONS) >= NOT_ASKED
    dated = {name for name, command in commands.items() if {"as_of", "undated"} <= {one.name for one in command.params}}
    assert set(QUESTIONS) | {"compare", "export", "report"} <= dated


@pytest.mark.parametrize("command", [one for one in QUESTIONS if one != "whose-word"])
def test_answer_of_a_day_equals_the_model_reduced_by_hand(
    command: str, pact: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    by_hand = answered(capsys, command, written(tmp_path, "reduced", REDUCED), *QUESTIONS[command])
    data = answered(capsys, command, pact, *QUESTIONS[command], "--as-of", LATER)
    assert data["as_of"] == LATER
    assert elements(data) == ["decision_makers.lakeland.options.neutral", "decision_makers.lakeland.preferences.1"]
    assert {one["reason"] for one in data["dropped"]} == {"withdrawn"}
    mine, theirs = without_basis(data), without_basis(by_hand)
    if command == "robust":
        # What is varied is not varied in the same order where an option is named in a rule.
        mine, theirs = ([(one["concept"], one["states"]) for one in each["results"]] for each in (mine, theirs))
    assert mine == theirs


@pytest.mark.parametrize("command", QUESTIONS)
def test_table_begins_with_the_elements_left_out(command: str, pact: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = run(capsys, command, pact, *QUESTIONS[command], "--as-of", LATER)
    assert found.code == 0, found.err
    first = " ".join(found.out.split())[:600]
    assert "Stay neutral" in first
    assert "withdr" in first


@pytest.mark.parametrize("command", QUESTIONS)
def test_reading_of_dates_is_passed_to_every_question(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    vague = LATE.replace("date_said: 2023-05-01", "date_said: 2021/2023")
    path = written(tmp_path, "vague", vague)
    asked = [path, *(one.replace("highland", "b") for one in QUESTIONS[command]), "--as-of", "2022-06-01"]
    for reading, expected in (("latest", 2), ("earliest", 0)):
        data = answered(capsys, command, *asked, "--undated", reading)
        assert data["as_of"] == "2022-06-01"
        assert len(data["dropped"]) == expected, reading


@pytest.mark.parametrize("command", QUESTIONS)
@pytest.mark.parametrize("wrong", [["--as-of", "last year"], ["--as-of", "2022/.."], ["--undated", "middle"]])
def test_invalid_day_or_reading_is_refused(
    command: str, wrong: list[str], pact: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(capsys, command, pact, *QUESTIONS[command], *wrong).code == 2


def test_pact_is_stable_before_the_withdrawal_and_not_after(pact: str, capsys: pytest.CaptureFixture[str]) -> None:
    for day, expected in (("2022-04-01", {"YN"}), (LATER, {"NN", "NY"})):
        data = answered(capsys, "analyze", pact, "--as-of", day)
        assert nash(data) == expected
        words = answered(capsys, "whose-word", pact, "--concept", "nash", "--as-of", day)
        assert {one["state"] for one in words["equilibria"]["nash"]} == expected
        assert all(one["in_every"] for one in words["equilibria"]["nash"])


def test_analyze_of_several_files_answers_for_the_day(
    pact: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    late = written(tmp_path, "late", LATE)
    found = run(capsys, "analyze", pact, late, "--as-of", LATER, "--format", "json")
    assert found.code == 0, found.err
    assert found.out.count('"withdrawn"') == 2
    assert found.out.count(LATER) >= 2


def test_compare_on_two_days_names_the_statement_that_made_the_difference(
    pact: str, capsys: pytest.CaptureFixture[str]
) -> None:
    days = ["--at", "2022-04-01", "--at", LATER]
    shown = run(capsys, "compare", pact, *days)
    assert shown.code == 0, shown.err
    assert "it is off the table" in shown.out
    assert answered(capsys, "compare", pact, *days)["because"] == ["s2"]


def test_compare_of_two_files_answers_for_the_day(
    pact: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reduced = written(tmp_path, "reduced", REDUCED)
    data = answered(capsys, "compare", pact, reduced, "--as-of", LATER, "--concept", "nash")
    assert data["first"]["as_of"] == data["second"]["as_of"] == LATER
    assert len(elements(data["first"])) == 2
    assert data["because"] == ["s2"]
    changed = data["equilibria"]["nash"]
    assert [one["state"] for one in changed["before"]] == ["NN", "NY"] == [one["state"] for one in changed["after"]]


@pytest.mark.parametrize("day", ["2022-04-01", LATER])
def test_report_answers_for_the_day(day: str, pact: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = run(capsys, "report", pact, "-o", str(tmp_path / "r.md"), "--as-of", day)
    assert found.code == 0, found.err
    text = (tmp_path / "r.md").read_text(encoding="utf-8")
    assert ("s1 was withdrawn by s2" in text) == (day == LATER)
    # The table of outcomes is that of the day.
    assert ("YN" in text) == (day != LATER)


@pytest.mark.parametrize("form", ["states-csv", "ranks-csv", "stability-csv", "graphml", "dot", "nfg"])
def test_export_writes_the_model_of_the_day(
    form: str, pact: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exported = []
    for file, extra in ((pact, ["--as-of", LATER]), (written(tmp_path, "reduced", REDUCED), [])):
        found = run(capsys, "export", file, "--to", form, *extra)
        assert found.code == 0, found.err
        exported.append(found.out)
    assert exported[0] == exported[1]


def test_statement_of_a_later_year_is_not_in_the_model(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    late = written(tmp_path, "late", LATE)
    data = answered(capsys, "analyze", late)
    assert data["as_of"] == "2022-01-01"
    assert data["dropped"] == [
        {"element": "decision_makers.a.options.go", "statements": ["s1"], "reason": "not-yet-said"},
        {"element": "decision_makers.a.preferences.1", "statements": ["s1"], "reason": "not-yet-said"},
    ]
    assert [state["state"] for state in data["states"]] == ["NN", "NY"]


def test_reprint_of_a_disputed_statement_changes_no_answer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    alone = COPIES.replace("[s1, s1b]", "[s1]").replace(COPIES.splitlines()[13] + "\n", "")
    assert alone.count("s1b") == 0
    data = [
        without_basis(answered(capsys, "whose-word", written(tmp_path, name, text)))
        for name, text in (("with", COPIES), ("alone", alone))
    ]
    assert data[0]["deadlock"] == data[1]["deadlock"]
    assert data[0]["equilibria"] == data[1]["equilibria"]
    assert any(one["hangs_on"] != [[]] for one in data[0]["deadlock"].values())
    assert dt.load(tmp_path / "with.conflict.yaml").statements_in_force() == ("s1", "s3")
