"""What a word processor puts in place of what was typed is named where it is in the way, and only there."""

from __future__ import annotations

import pytest

import detente as dt
from detente.io.conflict_file import ConflictFile
from detente.io.dossier_file import parse_dossier

HEAD = "format: detente/1\ntitle: T\ndecision_makers:\n  i: {options: [a, b], preferences: [a]}\n"


def faults(text: str) -> list[tuple[int | None, int | None, str]]:
    with pytest.raises(dt.InputError) as caught:
        ConflictFile.of(HEAD + text, "x.conflict.yaml")
    return [(fault.line, fault.column, fault.message) for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ("rules:\n  – never: a and b\n", 6, 3, "'–' (en dash) only looks like '-': type '-' and a space"),
        ("rules:\n  - never: b\n  — never: a\n", 7, 3, "'—' (em dash) only looks like '-': type '-' and a space"),
        ("rules:\n  • never: a and b\n", 6, 3, "'•' (bullet) only looks like '-': type '-' and a space"),
        ("rules:\n  - never： a\n", 6, 10, "'：' (fullwidth colon) only looks like ':': type ':' and a space"),
        ("rules∶\n  - never: a\n", 5, 6, "'∶' (ratio) only looks like ':': type ':' and a space"),
        ("status_quo: [a，b]\n", 5, 15, "'，' (fullwidth comma) only looks like ',': type ','"),
        ("status_quo: ［a］\n", 5, 13, "'［' (fullwidth left square bracket) only looks like '[': type '['"),
        ("rules:\n  - “never: a”\n", 6, 5, "'“' (left double quotation mark) only looks like '\"': type '\"'"),
        ("rules:\n  - never: ‘a’\n", 6, 12, "'‘' (left single quotation mark) only looks like ''': type '''"),
        ("summary: “one: two”\n", 5, 10, "'“' (left double quotation mark) only looks like '\"': type '\"'"),
        ("rules:\n  - never:\u00a0a\n", 6, 11, "a space that is none (no-break space) stands here: type a space"),
    ],
)  # fmt: skip
def test_look_alike_character_is_named_with_its_replacement(text: str, line: int, column: int, words: str) -> None:
    (fault,) = faults(text)
    assert fault[:2] == (line, column)
    assert fault[2].endswith(f"; {words}")


@pytest.mark.parametrize(
    "text",
    [
        "summary: He said “no” – and left：then\nrules: [a and]\n",
        "statements: [{id: s1, quote: “we – will”, knd: claim}]\n",
        "rules:\n  -never: a\n",
    ],
)
def test_harmless_look_alike_characters_are_not_named(text: str) -> None:
    assert not any("looks like" in message or "is none" in message for _, _, message in faults(text))


def test_fault_with_its_own_message_is_reported_once() -> None:
    ((*_, message),) = faults("states:\n  a: []\n\u00a0\u00a0b: []\n c: 3\n")
    assert message == "a no-break space, which looks like a space, cannot be used for indentation: type spaces"


def test_typographic_characters_in_text_are_accepted() -> None:
    made = ConflictFile.of(HEAD + "summary: He said “no” – and left\nstates: {‘calm’: []}\n", "x").conflict
    assert made.summary == "He said “no” – and left"
    assert made.states[0].name == "‘calm’"


def test_look_alike_characters_in_a_dossier_are_named() -> None:
    with pytest.raises(dt.InputError, match="en dash"):
        parse_dossier("format: detente-dossier/1\nstatements:\n  – {id: s1}\n", "x.dossier.yaml")
