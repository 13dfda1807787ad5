"""Resolutions, agreements, speeches and records of meetings."""

from __future__ import annotations

import pytest

from detente.model.statements import Statement
from detente.reading.attributions import Attribution
from detente.reading.documents import Document
from detente.reading.gazetteer import Gazetteer
from detente.reading.reader import read
from detente.reading.rule_tagger import RuleTagger

RESOLUTION = """\
Resolution 9999 (2023)

The River Council,

Recalling its previous resolutions,

Noting that the Secretary said that the river is low,

1. Demands that Norland open the gates without delay;

2. Also calls upon both parties to resume negotiations;

(a) Strongly condemns the closing of the bridge;

3. Decides to remain seized of the matter.
"""
AGREEMENT = """\
Agreement between Norland and Sudland

Article 1

Norland shall open two gates of the dam by 1 June 2023. This Agreement shall enter into force on signature.

Article 2

The Parties shall exchange data every month; Sudland shall not bring the matter before the Court.

(1) The Commission shall meet if either side asks for it.

Any dispute shall be settled by talks.
"""
SPEECH = """\
Statement of the Foreign Minister

We have come to speak plainly. We demand that Sudland open its border before winter. No talks will be held until the
prisoners are released. If the attacks continue, we will close the bridge. Norland will send two hundred engineers to
repair it. The report says that the bridge is unsafe. Our people are tired.
"""
RECORD = """\
The President: I now give the floor to the representative of Sudland.

Mr. Okoro (Nigeria): My country will not sign any agreement. We demand that Niger open the gates.

Ms. Lind (Niger) (spoke in French): We are ready to open two gates. We reject the claim that we promised all of them.

Q. Did the minister say that the dam is unsafe?

A. I never said that. We will repair it.
"""


def statements(text: str, **more: str) -> list[Statement]:
    known = Gazetteer.of({"Norland": ["Norlanders"], "Sudland": [], "Nigeria": [], "Niger": []})
    return list(read([Document("x.txt", text, "")], tagger=RuleTagger(), actors=known, **more).statements)  # type: ignore[arg-type]


def told(found: list[Statement]) -> list[tuple[str | None, str | None, str]]:
    return [(one.speaker, one.kind, one.quote) for one in found]


def test_body_of_a_resolution_says_every_operative_paragraph() -> None:
    found = [one for one in statements(RESOLUTION) if one.nested_in is None and one.speaker == "river-council"]
    assert told(found) == [
        ("river-council", "demand", "Norland open the gates without delay"),
        ("river-council", "demand", "both parties to resume negotiations"),
        ("river-council", "claim", "the closing of the bridge"),
        ("river-council", "commitment", "to remain seized of the matter"),
    ]
    assert [one.cue for one in found][1:3] == ["Also calls upon", "Strongly condemns"]


def test_parties_to_an_agreement_commit_to_what_they_shall_do() -> None:
    found = [one for one in statements(AGREEMENT) if one.cue == "shall"]
    assert told(found) == [
        ("norland", "commitment", "open two gates of the dam by 1 June 2023"),
        ("parties", "commitment", "exchange data every month"),
        ("sudland", "commitment", "not bring the matter before the Court"),
        ("commission", "commitment", "meet if either side asks for it"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "The minister said that no car shall pass.",
        "The Daily,\n\nDemands are growing that the gates open.",
        "“You shall not pass,” the guard said. They shall see.",
    ],
)
def test_report_is_no_resolution_and_no_agreement(text: str) -> None:
    assert not [one for one in statements(text) if one.cue in ("shall", "Demands")]


def test_speech_is_its_speakers() -> None:
    found = statements(SPEECH, speaker="Norland")
    said = {(one.speaker, one.kind, one.quote) for one in found if one.speaker == "norland"}
    assert ("norland", "demand", "Sudland open its border before winter") in said
    assert ("norland", "condition", "No talks will be held until the\nprisoners are released") in said
    assert ("norland", "threat", "If the attacks continue, we will close the bridge") in said
    assert ("norland", "commitment", "Norland will send two hundred engineers to\nrepair it") in said
    # What another says, and what asks for nothing, is not the speaker's act.
    assert [one.speaker for one in found if one.quote == "the bridge is unsafe"] == ["report"]
    assert not any("tired" in one.quote for one in found)
    assert all(one.speaker_confidence == 1.0 for one in found if one.cue is None)
    # Without the option the text has no speaker, so the sentences without one are not taken for anybody's.
    assert not any("prisoners" in one.quote for one in statements(SPEECH))


class NoTagger:
    """A tagger that finds nothing, so that the rules of the genre are seen alone."""

    fingerprint = "nothing"

    def tag(self, _: str) -> list[Attribution]:
        return []


def spoken(text: str) -> list[Statement]:
    """What the rules for speeches find in the words of Ida Holm."""
    return list(read([Document("x.txt", text, "")], tagger=NoTagger(), speaker="Ida Holm").statements)


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("We must rebuild the bridge before winter.", "demand"),
        ("So, let us all now open the gates.", "demand"),
        ("Norland and Sudland share a river, and both sides should return to the table.", "demand"),
        ("Our government will send two hundred engineers.", "commitment"),
        ("We cannot accept this dam.", "refusal"),
    ],
)
def test_act_in_a_speech_is_the_speakers_own_or_a_call(sentence: str, kind: str) -> None:
    found = statements(f"The winter was long. {sentence}", speaker="Ida Holm")
    assert [(one.speaker, one.kind) for one in found] == [("ida-holm", kind)]


@pytest.mark.parametrize(
    "sentence",
    [
        # What others or things will do is no promise of the speaker.
        "History will judge those who stay at home.",
        "The vice chair will be sworn in at noon.",
        "The new law will not bring the mill back.",
        "The challenges ahead will require patience.",
        # What must be so in a clause that only describes is no call.
        "It was a year in which every harbour should have been open.",
        # Duties of oneself ask nothing of others; a reason is no act.
        "As chair, I must put the town first.",
        "The bridge fell because the river rose.",
    ],
)
def test_plain_sentence_of_a_speech_is_no_act(sentence: str) -> None:
    assert statements(f"The winter was long. {sentence}", speaker="Ida Holm") == []


@pytest.mark.parametrize(
    ("sentence", "speaker", "cue", "quote", "kind"),
    [
        ("I would also like to thank the crews of the ferries for their work.", "I", "would also like to thank",
         "the crews of the ferries for their work", "claim"),
        ("We are committed to the reopening of the mill.", "We", "are committed to", "the reopening of the mill",
         "commitment"),
        ("Norland warmly congratulates the new crew.", "Norland", "warmly congratulates", "the new crew", "claim"),
        ("My Government greatly appreciates the help of the river towns.", "My Government", "greatly appreciates",
         "the help of the river towns", "claim"),
        ("We remain truly convinced that the mill can be saved.", "We", "remain truly convinced",
         "the mill can be saved", "claim"),
        ("Our government is pleased to note that the water is back.", "Our government", "is pleased to note",
         "the water is back", "claim"),
        ("Norland, as one of the founders, remains fully committed to free passage.", "Norland",
         "remains fully committed to", "free passage", "commitment"),
        ("I am also proud of the people who stayed.", "I", "am also proud of", "the people who stayed", "claim"),
        ("I am proud of the people who stayed.", "I", "am proud of", "the people who stayed", "claim"),
        ("Let me congratulate the new chair on her election.", "me", "congratulate",
         "the new chair on her election", "claim"),
    ],
)  # fmt: skip
def test_thanks_and_pledges_in_a_speech_are_statements(
    sentence: str, speaker: str, cue: str, quote: str, kind: str
) -> None:
    found = spoken(f"The winter was long. {sentence}")
    assert [(one.speaker_text, one.cue, one.quote, one.kind) for one in found] == [(speaker, cue, quote, kind)]


def test_thanks_beside_a_reported_statement_are_a_statement_too() -> None:
    text = "I congratulate the new chair, and the envoy said that the road is open."
    found = {(one.cue, one.quote) for one in statements(text, speaker="Ida Holm")}
    assert found == {("congratulate", "the new chair"), ("said", "the road is open")}


def test_delegate_speaks_for_the_country_in_brackets() -> None:
    found = statements(RECORD)
    turns = [(one.speaker, one.quote.split(".")[0]) for one in found if one.cue in (":", ".")]
    assert turns == [
        ("president", "I now give the floor to the representative of Sudland"),
        ("nigeria", "My country will not sign any agreement"),
        ("niger", "We are ready to open two gates"),
        ("q", "Did the minister say that the dam is unsafe?"),
        ("a", "I never said that"),
    ]
    inner = {(one.speaker, one.kind) for one in found if one.nested_in is not None}
    assert {("nigeria", "demand"), ("niger", "denial")} <= inner
