"""What is done by saying something."""

from __future__ import annotations

import pytest

from detente.reading.speech_acts import speech_act, speech_act_by_words


@pytest.mark.parametrize(
    ("learned", "content", "kind"),
    [
        ("commitment", "the bridge must close", "demand"),
        ("claim", "they must have known", "claim"),
        ("condition", "If they raise tariffs, we will retaliate", "threat"),
        ("refusal", "it would shut the docks unless the ban was lifted", "threat"),
        ("threat", "no ship would sail until the crew was paid", "condition"),
        ("offer", "it would sign if the maps were corrected", "condition"),
        ("justification", "the dam is full", "claim"),
        ("condition", "we will build the dam", "commitment"),
        ("offer", "the road is open to all", "offer"),
    ],
)
def test_sentence_form_overrides_the_learned_kind(learned: str, content: str, kind: str) -> None:
    assert speech_act(learned, "said", content) == kind


@pytest.mark.parametrize(
    ("cue", "content", "kind"),
    [
        ("said", "the bridge is safe", "claim"),
        ("demanded", "that the troops leave", "demand"),
        ("said", "Kyiv must accept the line", "demand"),
        ("offered", "to pay", "offer"),
        ("refused", "to pay", "refusal"),
        ("will never accept", "the line", "refusal"),
        ("vowed", "to fight on", "commitment"),
        ("threatened", "to cut the water", "threat"),
        ("warned", "that the ice is thin", "claim"),
        ("warned", "they will retaliate if the dam is built", "threat"),
        ("said", "it would sign only if the troops leave", "condition"),
        ("said", "it acted because the dam was near", "justification"),
        ("retracted", "the offer", "withdrawal"),
    ],
)
def test_statement_kind_is_recognised(cue: str, content: str, kind: str) -> None:
    assert speech_act_by_words(cue, content) == kind
