"""What every answer says of its model: what was dropped and why, what is disputed, and what is not known."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import detente as dt
from tests.contracts.test_as_of import answered, written
from tests.unit.cli.running import run

#: On the day nothing of c's preferences is said yet; s1 is disputed; s5 was withdrawn; c1 is a copy of s5.
TALKS = """\
format: detente/1
title: Talks
as_of: 2022-06-01
decision_makers:
  a: {options: {x: {name: Go, evidence: [s1]}, z: {name: Stay, evidence: [c1, s5]}}, preferences: [{when: x, evidence: [s1]}, z]}
  b: {options: {y: Sign}, preferences: [y]}
  c: {options: {w: Wait}, preferences: [{when: w, evidence: [s2]}]}
status_quo: []
statements:
  - {id: s1, speaker: a, kind: commitment, quote: we go, about: [x], date_said: 2022-01-01, contested_by: [s3]}
  - {id: s2, speaker: c, kind: commitment, quote: we wait, about: [w], date_said: 2023-01-01}
  - {id: s3, speaker: b, kind: claim, quote: they stay, date_said: 2022-02-01}
  - {id: s5, speaker: a, kind: claim, quote: we stay, date_said: 2021-01-01, withdrawn_by: [s6]}
  - {id: s6, speaker: a, kind: withdrawal, quote: no longer, date_said: 2021-02-01}
  - {id: c1, speaker: a, kind: claim, quote: we stay, copy_of: s5}
"""  # noqa: E501
#: What each command that solves a conflict is asked, behind the file.
QUESTIONS = {
    "states": ["states"],
    "analyze": ["analyze"],
    "explain": ["explain"],
    "evolve": ["evolve"],
    "coalitions": ["coalitions"],
    "robust": ["robust", "--samples", "100"],
    "invert": ["invert", "--state", "NNYN"],
    "third party": ["invert", "--state", "NNYN", "--third-party"],
    "perceive": ["perceive"],
    "whose-word": ["whose-word"],
    "compare": ["compare", "--at", "2022-05-01", "--at", "2022-06-01"],
    "report": ["report"],
}
FORMATS = ["table", "json", "csv"]


@pytest.fixture
def talks(tmp_path: Path) -> str:
    return written(tmp_path, "talks", TALKS)


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("question", QUESTIONS)
def test_answer_names_a_party_whose_preferences_are_unknown(
    question: str, format: str, talks: str, capsys: pytest.CaptureFixture[str]
) -> None:
    command, *others = QUESTIONS[question]
    found = run(capsys, command, talks, *others, "--format", format)
    assert found.code == 0, found.err
    assert "no preferences known for c" in " ".join(f"{found.out} {found.err}".split())


@pytest.mark.parametrize("question", QUESTIONS)
def test_answer_says_what_was_dropped_and_what_is_disputed(
    question: str, talks: str, capsys: pytest.CaptureFixture[str]
) -> None:
    command, *others = QUESTIONS[question]
    # s6 withdrew s5, and s2 is of another year; s1 is disputed by s3.
    found = run(capsys, command, talks, *others)
    assert all(id in found.out for id in ("s6", "s2", "s1", "s3"))
    found = run(capsys, command, talks, *others, "--format", "csv")
    assert all(id in f"{found.out} {found.err}" for id in ("s6", "s2"))


def test_reason_of_a_period_without_a_model_names_no_day(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = TALKS.replace("status_quo: []", "rules: [{never: not z}]\nstatus_quo: [z]")
    first, *_, last = answered(capsys, "timeline", written(tmp_path, "talks", text), "--concept", "nash")["periods"]
    for period in (first, last):
        assert (period["stuck"], period["status_quo"]) == ({"nash": None}, None)
        assert period["reason"].startswith("no state is feasible")
        assert "never: not z" in period["reason"]


def test_versions_of_a_comparison_say_what_other_answers_say_of_their_models(
    talks: str, capsys: pytest.CaptureFixture[str]
) -> None:
    data = answered(capsys, "compare", talks, "--at", "2022-05", "--at", "2022-06-01")
    for version, day in ((data["first"], "2022-05-31"), (data["second"], "2022-06-01")):
        alone = answered(capsys, "states", talks, "--as-of", day)
        for key in ("as_of", "dropped", "disputed", "infeasible", "without_date", "skipped_acts", "undated"):
            assert version[key] == alone[key], key
    assert data["first"]["as_of"] == "2022-05-31"


@pytest.mark.parametrize("evidence", ["[s5]", "[c1]", "[s5, c1]", "[c1, s5]"])
def test_copies_in_the_evidence_of_a_dropped_element_are_named_by_their_original(
    evidence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = written(tmp_path, "talks", TALKS.replace("[c1, s5]", evidence))
    dropped = {one["element"]: one for one in answered(capsys, "analyze", file)["dropped"]}
    assert dropped["decision_makers.a.options.z"]["statements"] == ["s5"]
    assert dropped["decision_makers.a.options.z"]["reason"] == "withdrawn"


@pytest.mark.parametrize("example", ["chicken", "prisoners-dilemma", "elmira"])
def test_whose_word_of_a_dispute_without_statements_gives_the_equilibria_of_analyze(
    example: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = f"example:{example}"
    analysis = answered(capsys, "analyze", file)
    states = {one["number"]: one["state"] for one in analysis["states"]}
    told = answered(capsys, "whose-word", file)["equilibria"]
    assert {concept: {one["state"] for one in found} for concept, found in told.items()} == {
        concept: {states[number] for number in found} for concept, found in analysis["equilibria"].items()
    }
    assert "The file has no statements" in run(capsys, "whose-word", file).out


def test_one_concept_is_asked_for_by_its_name_alone() -> None:
    conflict = dt.example("chicken")
    assert conflict.analyze("nash").to_dict() == conflict.analyze(["nash"]).to_dict()


@pytest.mark.parametrize("condition", ["NOT go", "go AND NOT stay", "IF go then stay", "Not (go or stay)"])
def test_connective_in_capitals_is_answered_with_the_right_one(condition: str) -> None:
    with pytest.raises(dt.DetenteError, match=r"did you mean '(not|and|if)'"):
        dt.parse(condition)


@pytest.mark.parametrize(
    ("by", "fault"), [("d", "unknown decision maker 'd'"), ("b", "'w' is an option of 'c', not of 'b'")]
)
def test_act_of_the_wrong_party_is_one_fault(
    by: str, fault: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = TALKS.replace("status_quo: []", f"status_quo: []\nhistory: [{{date: 2023-01-01, by: {by}, takes: [w]}}]")
    found = json.loads(run(capsys, "check", written(tmp_path, "talks", text), "--format", "json").out)["findings"]
    assert [one["message"] for one in found if one["severity"] == "error"] == [fault]
