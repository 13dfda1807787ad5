"""Resolutions, agreements, speeches and records of meetings."""

from __future__ import annotations

import pytest

from detente.model.statements import Statement
from detente.reading.attributions import Attribution
from detente.reading.documents import Document
from detente.reading.factuality import ASKED, PROCEDURE
from detente.reading.gazetteer import Gazetteer
from detente.reading.genres import with_acts
from detente.reading.reader import read
from detente.reading.rule_tagger import RuleTagger
from detente.reading.segments import Layout

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


def test_body_of_a_resolution_says_every_paragraph() -> None:
    found = [one for one in statements(RESOLUTION) if one.nested_in is None and one.speaker == "river-council"]
    assert told(found) == [
        ("river-council", "claim", "its previous resolutions"),
        ("river-council", "claim", "the Secretary said that the river is low"),
        ("river-council", "demand", "Norland open the gates without delay"),
        ("river-council", "demand", "both parties to resume negotiations"),
        ("river-council", "claim", "the closing of the bridge"),
        ("river-council", "commitment", "to remain seized of the matter"),
    ]
    assert [one.cue for one in found][3:5] == ["Also calls upon", "Strongly condemns"]


def test_body_in_capitals_decides_that_others_shall_and_asks_again() -> None:
    text = (
        "THE COUNCIL\n\nRESOLVES that the ferry shall stop at night;\n\n"
        "URGES the crew to stay, and requests both sides to report;\n\nDecides not to pay.\n"
    )
    assert told(statements(text)) == [
        ("council", "demand", "the ferry shall stop at night"),
        ("council", "demand", "the crew to stay"),
        ("council", "demand", "both sides to report"),
        ("council", "commitment", "not to pay"),
    ]


def test_parties_to_an_agreement_commit_to_what_they_shall_do() -> None:
    found = [one for one in statements(AGREEMENT) if one.cue == "shall"]
    assert told(found) == [
        ("norland", "commitment", "open two gates of the dam by 1 June 2023"),
        ("parties", "commitment", "exchange data every month"),
        ("sudland", "commitment", "not bring the matter before the Court"),
        ("commission", "commitment", "meet if either side asks for it"),
    ]


def test_duties_of_an_agreement_name_who_has_them_and_keep_their_negation() -> None:
    text = (
        "Ceasefire Agreement\n\n1. Lists of prisoners shall be exchanged by the Red Office within ten days.\n\n"
        "2. All gates shall be opened by 1 June.\n\n3. Neither Party shall move troops; the Front will leave the "
        "harbour, provided that the road is open.\n\n4. No Party may close the road. A Party may denounce this "
        "Agreement.\n"
    )
    found = [one for one in statements(text) if one.cue in ("shall", "will", "may")]
    assert [(one.speaker_text, one.kind, one.quote) for one in found] == [
        ("the Red Office", "commitment", "Lists of prisoners … be exchanged"),
        (None, "commitment", "All gates … be opened by 1 June"),
        ("Neither Party", "commitment", "Neither Party … move troops"),
        ("the Front", "condition", "leave the harbour, provided that the road is open"),
        ("No Party", "commitment", "No Party … close the road"),
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
    # Without the option its title says who speaks; without a title, too, the sentences without a speaker are not taken
    # for anybody's.
    assert {one.speaker for one in statements(SPEECH) if "prisoners" in one.quote} == {"foreign-minister"}
    untitled = SPEECH.partition("\n\n")[2]
    assert not any("prisoners" in one.quote for one in statements(untitled))


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
        ("Tomorrow I shall therefore resign.", "commitment"),
        ("No talks may begin before any prisoner is free, and we will not attend.", "condition"),
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
        # What conscience forbids refuses nothing, and what one never was denies nothing.
        "We cannot stay silent when mills burn.",
        "I have never been a coward.",
        "It is made up of millers and smiths.",
        "Let there be no mistake about the mill.",
        "They will leave because we are able to do whatever needs to be done.",
        "Open schools of the valley are free to all.",
        "In leaving, I also do so with a sense of the weight that will fall on him.",
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
        ("nigeria", "My country will not sign any agreement"),
        ("niger", "We are ready to open two gates"),
        ("a", "I never said that"),
    ]
    inner = {(one.speaker, one.kind) for one in found if one.nested_in is not None}
    assert {("nigeria", "demand"), ("niger", "denial")} <= inner


def test_turns_that_only_ask_or_conduct_the_meeting_are_skipped() -> None:
    dossier = read([Document("x.txt", RECORD, "")], tagger=NoTagger())
    skipped = [(one.speaker_text, one.reason) for one in dossier.skipped]
    assert skipped == [("The President", PROCEDURE), ("Q", ASKED)]


def acts(text: str) -> list[tuple[str | None, str | None, str]]:
    """What is done without a cue, as the rules alone find it."""
    found = read([Document("x.txt", text, "")], tagger=NoTagger()).statements
    return [(one.speaker, one.kind, one.quote) for one in found if one.cue is None and one.speaker_text is None]


def test_acts_in_a_turn_are_statements_of_its_speaker_within_it() -> None:
    text = (
        "MS HALE: It rained. We will not sign. If you open the gates, we will pay.\n\n"
        "MR DEAN: Open the gates and we will talk. We never closed them. Otherwise we will strike.\n\nMS HALE: Never.\n"
    )
    assert acts(text) == [
        ("ms-hale", "refusal", "We will not sign"),
        ("ms-hale", "condition", "If you open the gates, we will pay"),
        ("mr-dean", "condition", "Open the gates and we will talk"),
        ("mr-dean", "denial", "We never closed them"),
        ("mr-dean", "threat", "Otherwise we will strike"),
    ]
    found = read([Document("x.txt", text, "")], tagger=NoTagger()).statements
    turns = {one.id: one.kind for one in found if one.cue == ":"}
    # A turn has the kind of its first act; a turn of one sentence is that act.
    assert list(turns.values())[:2] == ["refusal", "condition"]
    assert {one.nested_in for one in found if one.cue is None} <= set(turns)


def test_names_on_their_own_lines_and_heads_of_posts_begin_turns() -> None:
    record = "CHAIR\nGood evening. Ms Lind first.\n\nANN LIND, FARMER\nI will never sell. The dam is old.\n"
    assert acts(record) == [("ann-lind", "refusal", "I will never sell")]
    posts = (
        "Ann Lind @annlind · 3 May\nWe will not sell. Rain again.\n\n"
        "Harbour @harbour · 4 May\nPlease call us. It rains.\n"
    )
    assert acts(posts) == [("ann-lind", "refusal", "We will not sell"), ("harbour", "demand", "Please call us")]


@pytest.mark.parametrize(
    "text",
    [
        "Dear Minister,\n\nWe live by the dam. We will not leave.\n\nYours sincerely,\nIda Holm\nfor the parents\n",
        "Sir,\n\nWe live by the dam. We will not leave.\n\nIda Holm\nMill Lane\n",
        "From: Ida Holm <ida@mill.example>\nTo: Bo Dahl\nSubject: Dam\n\nHello Bo,\n\nWe will not leave.\n\nIda\n\n"
        "On 3 May 2020, Bo Dahl wrote:\n> We will not pay.\n",
    ],
)
def test_letter_and_mail_are_their_authors_words(text: str) -> None:
    assert acts(text) == [("ida-holm", "refusal", "We will not leave")]
    found = read([Document("x.txt", text, "")], tagger=NoTagger()).statements
    assert [one.speaker for one in found if one.cue == "wrote"] == (["bo-dahl"] if "Bo" in text else [])


def test_options_of_one_document_do_not_reach_the_next() -> None:
    texts = [
        Document(f"{name}.txt", "Upstream did not say that it rained. We will not leave.", "") for name in ("a", "b")
    ]
    assert [one.speaker for one in read(texts, speaker="Ida Holm").statements if not one.cue] == [
        "ida-holm",
        "ida-holm",
    ]


@pytest.mark.parametrize(
    ("intro", "speaker", "kind"),
    [("The dockers demand", "dockers", "demand"), ("The council's conditions are", "council", "condition")],
)
def test_items_of_a_list_are_read_from_its_introduction(intro: str, speaker: str, kind: str) -> None:
    found = read([Document("x.txt", f"It rained.\n\n{intro}:\n- a vote\n- no work in May\n", "")], tagger=NoTagger())
    assert told(list(found.statements)) == [(speaker, kind, "a vote"), (speaker, kind, "no work in May")]


@pytest.mark.parametrize(
    ("sentence", "speaker", "cue", "content"),
    [
        (
            "Allow me at this point to congratulate the new mayor.",
            "me",
            "at this point to congratulate",
            "the new mayor",
        ),
        ("All of us here, again, salute the crew.", "All of us here", "again, salute", "the crew"),
        (
            "I would like, on behalf of Norland, to convey to the mayor our warm thanks for the bridge.",
            "I",
            "would like, on behalf of Norland, to convey to the mayor our warm thanks for",
            "the bridge",
        ),
    ],
)
def test_thanks_and_praise_may_be_interrupted(sentence: str, speaker: str, cue: str, content: str) -> None:
    (found,) = spoken(f"The winter was long. {sentence}")
    assert (found.speaker_text, found.cue, found.quote) == (speaker, cue, content)


def test_what_one_thanks_for_ends_where_one_does_something_else() -> None:
    text = "I would like to thank you for the mill and to voice my hope that it will last."
    begin = text.index("voice")
    tagged = [Attribution(((0, 1),), ((begin, begin + 13),), ((begin + 14, len(text) - 1),))]
    found = with_acts(Layout(text), tagged, "Ida Holm")
    assert [text[slice(*one.content[0])] for one in found] == ["that it will last", "you for the mill"]


def test_what_the_speaker_must_do_with_others_is_a_demand_of_the_whole_sentence() -> None:
    text = "The winter was long. We must now ensure that the mill is safe."
    tagged = [Attribution(((21, 23),), ((24, 39),), ((40, 61),), kind="commitment")]
    (found,) = with_acts(Layout(text), tagged, "Ida Holm")
    assert (found.source, found.cue, found.kind, found.content) == ((), (), "demand", ((21, 61),))


def test_name_above_ones_own_speech_says_nothing() -> None:
    text = "Mayor Holm: The winter was long. We will open the mill in May."
    found = read([Document("x.txt", text, "")], tagger=NoTagger(), speaker="Ida Holm").statements
    assert [one.quote for one in found] == ["We will open the mill in May"]
