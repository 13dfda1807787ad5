"""What is done by saying something."""

from __future__ import annotations

import pytest

from detente.reading.attributions import Attribution
from detente.reading.segments import Layout
from detente.reading.speech_acts import speech_act, speech_act_by_words, with_attitudes


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
        ("commitment", "Should the army cross the river, we shall shell the port", "threat"),
        ("commitment", "But were they to open the dam, the union would strike", "threat"),
        ("offer", "Should the council agree, we will sign", "condition"),
        ("claim", "they should have left, and we will wait", "claim"),
        ("condition", "Should the army cross the river, we shall resume the shelling of the port", "threat"),
        ("condition", "if they march, we will begin a new boycott", "threat"),
        ("threat", "if they march home, we will resume the talks", "condition"),
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


@pytest.mark.parametrize(
    ("text", "speaker", "cue", "content", "kind"),
    [
        ("The miller is also accused of hiding the flour.", "", "is also accused of", "hiding the flour", None),
        ("The police hold Orr, charged with two thefts.", "", "charged with", "two thefts", None),
        ("It was described by the court as a fraud.", "the court", "was described by the court as", "a fraud", None),
        ("I’m deeply disappointed with the ruling.", "I", "’m deeply disappointed with", "the ruling", "claim"),
        ("Orr is unwilling to pay for the dam.", "Orr", "is unwilling", "to pay for the dam", "refusal"),
        ("Today we are committed to opening the gates.", "we", "are committed to", "opening the gates", "commitment"),
        ("It is our firm belief that the dam will hold.", "our", "firm belief", "that the dam will hold", "claim"),
        ("He spoke of Upstream's refusal to pay.", "Upstream", "refusal", "to pay", "refusal"),
        ("They stress their commitment to a new dam.", "their", "commitment to", "a new dam", "commitment"),
        ("I am proud of the crew, as all of us are proud.", "I", "am proud of", "the crew", "claim"),
        ("It fed the belief that the dam would last.", "", "the belief", "that the dam would last", None),
        ("Norland’s firm commitment to trade soon led to war.", "Norland", "firm commitment", "to trade", "commitment"),
        ("Her reason is that the dam is full.", "Her", "reason is", "that the dam is full", "claim"),
    ],
)
def test_attitudes_without_a_verb_of_saying_are_found(
    text: str, speaker: str, cue: str, content: str, kind: str | None
) -> None:
    (found,) = with_attitudes(Layout(text), [])
    words = [" ".join(text[a:b] for a, b in spans) for spans in (found.source, found.cue, found.content)]
    assert (words, found.kind) == ([speaker, cue, content], kind)


@pytest.mark.parametrize(
    "text",
    [
        "The village’s commitment to peace ended in May.",
        "Orr is not grateful for the dam.",
        "The dam was described in a book.",
        "They changed their demands at noon.",
        "The crew is happy.",
    ],
)
def test_no_attitude_is_found_where_nothing_is_said_or_its_end_is_unknown(text: str) -> None:
    assert with_attitudes(Layout(text), []) == []


def test_attitude_is_left_to_a_tagger_that_has_its_cue() -> None:
    text = "It is our belief that the dam will hold."
    tagged = [Attribution(((6, 9),), ((10, 16),), ((22, 39),))]
    assert with_attitudes(Layout(text), tagged) == tagged
