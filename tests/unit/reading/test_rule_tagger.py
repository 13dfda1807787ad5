"""The rules: one sentence at a time."""

from __future__ import annotations

import pytest

from detente.reading.documents import Document
from detente.reading.reader import read
from detente.reading.rule_tagger import RuleTagger


def shown(text: str) -> list[tuple[str | None, str | None, str | None]]:
    found = read([Document("x.txt", text, "0" * 64)], tagger=RuleTagger()).statements
    return [(one.speaker_text, one.cue, one.quote) for one in found if one.nested_in is None]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The mayor said the bridge is safe.", ("The mayor", "said", "the bridge is safe")),
        ("The mayor has repeatedly said that it is safe.", ("The mayor", "has repeatedly said", "it is safe")),
        ("“It is safe to cross,” the mayor said.", ("the mayor", "said", "It is safe to cross")),
        ("“It is safe,” said Ann Lee, the mayor of Tarrin.", ("Ann Lee, the mayor of Tarrin", "said", "It is safe")),
        ("Ann Lee, the mayor of Tarrin, said it is safe.", ("Ann Lee, the mayor of Tarrin", "said", "it is safe")),
        ("The bridge is safe, the mayor said on Friday.", ("the mayor", "said", "The bridge is safe")),
        ("“It is safe,” she said, “but none knows.”", ("she", "said", "It is safe … but none knows.")),
        ("According to the report, the bridge is safe.", ("the report", "According to", "the bridge is safe")),
        ("The bridge is safe, according to the report.", ("the report", "according to", "The bridge is safe")),
        ("The union refused to load the ship.", ("The union", "refused", "to load the ship")),
        ("The court rejected the appeal.", ("The court", "rejected", "the appeal")),
        ("The union called for an inquiry.", ("The union", "called for", "an inquiry")),
        ("The minister told reporters that talks had failed.", ("The minister", "told", "talks had failed")),
        ("Lee asked: “Who pays for all of this?”", ("Lee", "asked:", "Who pays for all of this?")),
        ("On Monday the mayor said the bridge is safe.", ("the mayor", "said", "the bridge is safe")),
    ],
)  # fmt: skip
def test_sentence_has_the_expected_attribution(text: str, expected: tuple[str, str, str]) -> None:
    ((speaker, cue, quote),) = shown(text)
    assert (speaker, (cue or "").replace(" :", ":"), quote) == (
        expected[0],
        expected[1].replace(" :", ":"),
        expected[2],
    )


@pytest.mark.parametrize(
    "text",
    [
        "The mayor crossed the bridge on Friday.",
        "The so-called “truce” ended.",
        "He read “The Bridge” twice.",
        "The state of the roads is bad.",
        "Their plans were late, and the demands on the bridge grew.",
    ],
)
def test_sentence_without_speech_has_no_attribution(text: str) -> None:
    assert shown(text) == []


def test_one_speaker_has_two_attributions() -> None:
    assert shown("Moscow considers the demands void and says Kyiv must wait.") == [
        ("Moscow", "considers", "the demands void"),
        ("Moscow", "says", "Kyiv must wait"),
    ]
    assert shown("The allies rejected the plan, agreeing to discuss missiles.") == [
        ("The allies", "rejected", "the plan"),
        ("The allies", "agreeing", "to discuss missiles"),
    ]
