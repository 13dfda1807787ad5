"""Every change that a form can make: what it does to the dispute, and what it leaves alone in the text."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from detente.editing import edited_file
from detente.editing.edit import moved
from detente.errors import InputError, UnknownNameError
from detente.io.conflict_file import ConflictFile
from detente.model.conflict import Conflict
from detente.model.names import identifier
from tests.unit.web.serving import RIVER

COMMENTS = ("# Who takes part.", "# the works have not begun", "# most important first", "# nothing to pay for")

#: One of each change, and what is then to be found in the text.
EDITS: list[tuple[dict[str, Any], str]] = [
    ({"do": "set", "at": ["summary"], "value": "Short."}, "summary: Short."),
    ({"do": "add", "at": ["decision_makers"], "name": "A third"}, "name: A third"),
    ({"do": "set", "at": ["decision_makers", "upstream", "name"], "value": "Up"}, "name: Up"),
    (
        {"do": "add", "at": ["decision_makers", "downstream", "options"], "name": "Go to court"},
        "go-to-court: Go to court",
    ),
    (
        {"do": "set", "at": ["decision_makers", "upstream", "options", "compensate", "name"], "value": "Pay"},
        "compensate: Pay",
    ),
    (
        {"do": "set", "at": ["decision_makers", "upstream", "options", "divert", "not_named"], "value": "waits"},
        "not_named: waits",
    ),
    ({"do": "set", "at": ["one_way", "divert"], "value": ["no", "yes"]}, "divert: [no, yes]"),
    (
        {"do": "add", "at": ["decision_makers", "upstream", "preferences"], "when": "sanction iff divert"},
        "sanction iff divert",
    ),
    ({"do": "set", "at": ["decision_makers", "upstream", "preferences", 1, "when"], "value": "sanction"}, "- sanction"),
    ({"do": "move", "at": ["decision_makers", "upstream", "preferences", 0], "to": 2}, "- divert"),
    ({"do": "remove", "at": ["decision_makers", "upstream", "preferences", 1]}, "- divert"),
    (
        {"do": "rule", "at": ["rules"], "kind": "never", "when": "sanction and compensate"},
        "never: sanction and compensate",
    ),
    ({"do": "rule", "at": ["rules", 0], "kind": "never", "when": "compensate"}, "never: compensate"),
    ({"do": "act", "at": ["history"], "date": "2024-05", "option": "divert", "way": "takes"}, "takes: [divert]"),
    ({"do": "set", "at": ["status_quo"], "value": ["divert"]}, "status_quo:"),
    ({"do": "add", "at": ["states"], "name": "deal", "taken": ["divert", "compensate"]}, "deal: [divert, compensate]"),
    ({"do": "set", "at": ["states", "stand-off"], "value": ["divert"]}, "stand-off: [divert]"),
    ({"do": "remove", "at": ["states", "stand-off"]}, "status_quo: []"),
    ({"do": "add", "at": ["sources"], "file": "weekly.txt", "title": "The week"}, "file: weekly.txt"),
    ({"do": "add", "at": ["statements"], "source": "daily", "quote": "Talks", "spans": [[1, 6]]}, "- id: s4"),
    (
        {"do": "import", "dossier": {"format": "detente-dossier/1", "statements": [{"id": "s1", "quote": "New"}]}},
        "- id: s4",
    ),
    ({"do": "reject", "ids": ["s1"]}, "quote: we will answer with sanctions"),
    (
        {"do": "decide", "kind": "withdraws", "first": "s3", "second": "s1", "accepted": True},
        "withdrawn_by: [s3]",
    ),
    (
        {
            "do": "propose",
            "statement": "s1",
            "holder": "downstream",
            "owner": "downstream",
            "option": "sanction",
            "wanted": True,
            "reason": "what it says it will do",
        },
        "{when: sanction, evidence: [s1], note: 'Proposed: what it says it will do.'}",
    ),
    ({"do": "set", "at": ["statements", "s1", "kind"], "value": "refusal"}, 'kind: refusal, quote: "we will answer'),
    ({"do": "set", "at": ["sources", "daily", "date"], "value": "2024-04-30"}, "date: 2024-04-30"),
    ({"do": "set", "at": ["statements", "s1", "in_doubt"], "value": True}, "in_doubt: true"),
    ({"do": "link", "at": ["rules", 0], "statement": "s1"}, "evidence: [s1]"),
    ({"do": "unlink", "at": ["decision_makers", "upstream", "preferences", 3], "statement": "s2"}, "- not compensate"),
    ({"do": "set", "at": ["citation"], "value": "One, 1999.\n\n Two, 2001. "}, "  - Two, 2001."),
    (
        {"do": "rule", "at": ["rules"], "kind": "if_then", "when": "sanction", "then": "divert"},
        "- if sanction then divert",
    ),
    ({"do": "add", "at": ["merge"], "when": "sanction and divert"}, "merge:\n  - sanction and divert"),
    ({"do": "set", "at": ["rules", 0, "note"], "value": "Who would pay?"}, "note: Who would pay?"),
]


#: A new element can have evidence from the beginning.
RESTING: list[tuple[dict[str, Any], Callable[[Conflict], Any]]] = [
    (
        {"do": "add", "at": ["decision_makers", "downstream", "options"], "name": "Go to court"},
        lambda now: now.option("go-to-court"),
    ),
    (
        {"do": "add", "at": ["decision_makers", "downstream", "preferences"], "when": "sanction iff divert"},
        lambda now: now.decision_maker("downstream").preferences.statements[-1],
    ),
    (
        {"do": "rule", "at": ["rules"], "kind": "if_then", "when": "sanction", "then": "divert"},
        lambda now: now.rules[-1],
    ),
]


@pytest.fixture
def file(tmp_path: Path) -> ConflictFile:
    return ConflictFile.of(RIVER, tmp_path / "river.conflict.yaml")


def edited(file: ConflictFile, edit: dict[str, Any]) -> str:
    return edited_file(file, edit).text


@pytest.mark.parametrize(("edit", "found"), EDITS, ids=lambda value: value["do"] if isinstance(value, dict) else "")
def test_edit_changes_the_file_and_keeps_comments(file: ConflictFile, edit: dict[str, Any], found: str) -> None:
    text = edited(file, edit)
    assert found in text
    for comment in COMMENTS:
        assert comment in text or edit["do"] in ("rule", "remove")
    assert ConflictFile.of(text, file.path).conflict != file.conflict


def test_removed_element_is_gone_from_the_text(file: ConflictFile) -> None:
    without_rule = ConflictFile.of(edited(file, {"do": "remove", "at": ["rules", 0]}), file.path)
    assert without_rule.conflict.rules == ()
    without_statement = edited(file, {"do": "remove", "at": ["statements", "s1"]})
    assert "we will answer" not in without_statement
    added = ConflictFile.of(
        edited(file, {"do": "add", "at": ["decision_makers", "upstream", "options"], "name": "Wait"}), file.path
    )
    assert "wait" not in edited(added, {"do": "remove", "at": ["decision_makers", "upstream", "options", "wait"]})
    third = ConflictFile.of(edited(file, {"do": "add", "at": ["decision_makers"], "name": "Third"}), file.path)
    assert "third" not in edited(third, {"do": "remove", "at": ["decision_makers", "third"]})


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (
            {"do": "remove", "at": ["decision_makers", "downstream", "options", "sanction"]},
            "‘Impose sanctions’ is used in 3 places: preference 2 of Upstream",
        ),
        ({"do": "set", "at": ["status_quo"], "value": ["compensate"]}, "the status quo is infeasible"),
        (
            {"do": "add", "at": ["decision_makers", "upstream", "preferences"], "when": "sanctoin"},
            "unknown option 'sanctoin'",
        ),
        (
            {"do": "add", "at": ["decision_makers", "upstream", "preferences"], "when": "divert divert"},
            "is missing between",
        ),
        ({"do": "move", "at": ["decision_makers", "upstream", "preferences", 0], "to": 9}, "no entry 10"),
        ({"do": "add", "at": ["decision_makers", "upstream", "options"], "name": "  "}, "enter a name"),
        ({"do": "add", "at": ["decision_makers", "upstream", "options"]}, "cannot be applied"),
        ({"do": "set", "at": ["as_of"], "value": "yesterday"}, "2024-05-01"),
        ({"do": "set", "at": ["decision_makers"], "value": "x"}, "must be a mapping of keys"),
        ({"do": "remove", "at": ["statements", "s2"]}, "s2 is used in 1 place: preference 4 of Upstream country"),
        ({"do": "link", "at": ["rules", 0], "statement": "s9"}, "unknown statement 's9'"),
        ({"do": "rule", "at": ["rules"], "kind": "at_most_one", "when": "divert"}, "needs two"),
    ],
)
def test_impossible_edit_is_refused(file: ConflictFile, edit: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        edited(file, edit)


@pytest.mark.parametrize(
    "edit",
    [
        {"do": "explode"},
        {"do": "set", "at": ["decision_makers", "upstream", "options", "devert", "name"], "value": "x"},
        {"do": "link", "at": ["rules"], "statement": "s1"},
        {"do": "set", "at": ["decision_makers", "stranger", "name"], "value": "x"},
    ],
)
def test_edit_of_an_unknown_element_suggests_the_nearest(file: ConflictFile, edit: dict[str, Any]) -> None:
    with pytest.raises(UnknownNameError):
        edited(file, edit)


def test_new_identifier_is_unique_and_valid_in_conditions() -> None:
    assert identifier("Go to court!", []) == "go-to-court"
    assert identifier("Go to court!", ["go-to-court"]) == "go-to-court-2"
    assert identifier("and", []) == "and-it"
    assert identifier("12", []) == "12-it"
    assert identifier("…", []) == "new"


def test_moving_there_and_back_changes_no_text() -> None:
    items = tuple("abcd")
    for place in range(4):
        for to in range(4):
            assert moved(items, place, to)[to] == items[place]
            assert moved(moved(items, place, to), to, place) == items


def test_statement_is_corrected(file: ConflictFile) -> None:
    for id, key, value in (
        ("s1", "speaker", " upstream  COUNTRY "),
        ("s2", "speaker", "The mayor"),
        ("s3", "speaker", ""),
        ("s3", "kind", ""),
    ):
        edit = {"do": "set", "at": ["statements", id, key], "value": value}
        file = ConflictFile.of(edited(file, edit), file.path)
    assert [(one.speaker, one.kind) for one in file.conflict.statements] == [
        ("upstream", "threat"),
        ("the-mayor", "refusal"),
        (None, None),
    ]
    assert file.conflict.speakers == {"the-mayor": "The mayor"}


def test_speaker_who_becomes_a_party_stays_the_same(file: ConflictFile) -> None:
    file = ConflictFile.of(
        edited(file, {"do": "set", "at": ["statements", "s1", "speaker"], "value": "A mayor"}), file.path
    )
    file = ConflictFile.of(edited(file, {"do": "add", "at": ["decision_makers"], "name": "a MAYOR"}), file.path)
    assert file.conflict.decision_makers[-1].id == file.conflict.statements[0].speaker == "a-mayor"
    assert file.conflict.speakers == {}
    assert not [fault for fault in file.warnings if "speaker" in fault.message]


@pytest.mark.parametrize(("edit", "made"), RESTING, ids=lambda value: value["do"] if isinstance(value, dict) else "")
def test_new_element_gets_its_evidence_at_once(
    file: ConflictFile, edit: dict[str, Any], made: Callable[[Conflict], Any]
) -> None:
    now = edited_file(file, {**edit, "evidence": ["s1", "s3", "s1"]})
    read = ConflictFile.of(now.text, file.path).conflict
    assert made(read).support.evidence == ("s1", "s3")
    assert made(edited_file(file, edit).conflict).support.is_judgement
    with pytest.raises(InputError, match="s9"):
        edited(file, {**edit, "evidence": ["s9"]})


def test_new_weight_gets_its_evidence_at_once(file: ConflictFile) -> None:
    weighed = edited_file(file, {"do": "convert", "at": ["decision_makers", "downstream"], "form": "weights"})
    edit = {
        "do": "add",
        "at": ["decision_makers", "downstream", "weights"],
        "when": "divert and sanction",
        "weight": "1/3",
    }
    now = edited_file(weighed, {**edit, "evidence": ["s1"]}).conflict
    assert now.decision_maker("downstream").preferences.weights[-1].support.evidence == ("s1",)


def test_acts_stay_in_order_of_date(tmp_path: Path) -> None:
    file = ConflictFile.of(
        RIVER.replace("status_quo: []", "status_quo: [divert, sanction]"), tmp_path / "river.conflict.yaml"
    )
    for date, option in (("2024-05", "divert"), ("2023", "sanction")):
        file = edited_file(file, {"do": "act", "at": ["history"], "date": date, "option": option, "way": "takes"})
    assert isinstance(file.conflict, Conflict)
    assert [(act.date, act.by) for act in file.conflict.history] == [("2023", "downstream"), ("2024-05", "upstream")]
    file = edited_file(file, {"do": "act", "at": ["history", 0], "date": "2024-06-01"})
    assert [act.takes for act in file.conflict.history] == [("divert",), ("sanction",)]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"date": "soon", "option": "divert", "way": "takes"}, "is not a date"),
        ({"date": "2024", "option": "dig", "way": "takes"}, "dig"),
        ({"date": "2024-05", "option": "divert", "way": "drops"}, "drops 'divert'"),
        ({"date": "2024", "option": "divert", "way": "does"}, "does"),
    ],
)
def test_impossible_act_is_refused(tmp_path: Path, given: dict[str, Any], told: str) -> None:
    text = RIVER.replace("title: A river", "as_of: 2024-01-01\ntitle: A river")
    with pytest.raises((InputError, UnknownNameError), match=told):
        edited_file(ConflictFile.of(text, tmp_path / "river.conflict.yaml"), {"do": "act", "at": ["history"], **given})
