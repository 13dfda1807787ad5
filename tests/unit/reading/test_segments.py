"""Lists, tables and headlines; and the sentence of a statement in its document, with what is marked in it."""

from __future__ import annotations

import pytest

from detente.model.statements import Statement
from detente.reading.documents import Document
from detente.reading.reader import read
from detente.reading.segments import (
    BYLINE,
    CAPTION,
    HEADLINE,
    MAX_SENTENCE,
    TABLE_ROW,
    Layout,
    apart,
    listings,
    sentence_of,
)

TEXT = "It rained. The mayor of Ash denied on Monday that Ash had “fired first” or last, the mayor said. It rained on."


def marked(one: Statement, text: str = TEXT) -> list[tuple[str, str]]:
    return [(piece["mark"], piece["text"]) for piece in sentence_of(one, text) if piece["mark"]]


def test_speaker_cue_and_quote_are_marked_in_the_whole_sentence() -> None:
    said = Statement("s1", quote="fired first", speaker_text="The mayor of Ash", cue="denied")
    assert marked(said) == [("who", "The mayor of Ash"), ("cue", "denied"), ("said", "fired first")]
    whole = "".join(piece["text"] for piece in sentence_of(said, TEXT))
    assert whole == "The mayor of Ash denied on Monday that Ash had “fired first” or last, the mayor said."


def test_of_two_places_the_one_nearest_to_the_quote_is_marked_and_none_inside_it() -> None:
    text = "Ash said Birch left. Ash, Birch said, said Ash left."
    assert marked(Statement("s1", quote="Ash left", speaker_text="Ash", cue="said"), text) == [
        ("who", "Ash"), ("cue", "said"), ("said", "Ash left"),
    ]  # fmt: skip
    pieces = sentence_of(Statement("s1", quote="Ash left", speaker_text="Ash", cue="said"), text)
    assert [piece["text"] for piece in pieces] == ["Ash", ", Birch said, ", "said", " ", "Ash left", "."]


@pytest.mark.parametrize("text", ["", "The quote is elsewhere."])
def test_without_the_quote_in_a_document_there_is_no_sentence(text: str) -> None:
    assert sentence_of(Statement("s1", quote="fired first"), text) == []


def test_an_endless_sentence_is_cut_around_the_quote() -> None:
    text = f"{'word ' * 5_000}the quote {'word ' * 5_000}"
    pieces = sentence_of(Statement("s1", quote="the quote"), text)
    assert sum(len(piece["text"]) for piece in pieces) <= 2 * MAX_SENTENCE + len("the quote")
    assert ("said", "the quote") in [(piece["mark"], piece["text"]) for piece in pieces]


REPORT = """\
Talks collapse as union rejects offer

By Jane Roe

Union leaders met on Monday. The Dockers' Union said it would strike from Friday.

Harbour demands a vote

The union demanded:
- higher wages for Sunday work
- a new crane on the
  north pier
• that the harbour dismiss its director

Harbour Ltd. said that it would:

1. close the pier on Friday;
2. hire twenty more people.

Party | Demand | Date
Dockers' Union | rejects the offer | 3 March
Harbour Ltd. | demands a vote | 4 March

Photo: Director Karl Dahl said goodbye to dockers on Sunday.

The mayor urged both sides to talk.
"""


def test_lines_apart_from_running_text_are_told_apart() -> None:
    found = [(REPORT[start:end], kind) for (start, end), kind in apart(REPORT)]
    assert found == [
        ("By Jane Roe", BYLINE),
        ("Harbour demands a vote", HEADLINE),
        ("Party | Demand | Date", TABLE_ROW),
        ("Dockers' Union | rejects the offer | 3 March", TABLE_ROW),
        ("Harbour Ltd. | demands a vote | 4 March", TABLE_ROW),
        ("Photo: Director Karl Dahl said goodbye to dockers on Sunday.", CAPTION),
    ]
    layout = Layout(REPORT)
    assert layout.kind_apart(REPORT.index("Harbour demands")) == HEADLINE
    # A title of one line may tell what the text does not repeat: "…, ministry says".
    assert layout.kind_apart(0) is None
    assert layout.kind_apart(REPORT.index("met on Monday")) is None


@pytest.mark.parametrize(
    "text",
    [
        "The minister said no.\n\nThe Security Council,\n\nIt demanded a truce.\n",
        "MR. OKORO:\n\nWe reject the plan.\n",
        "The union said\nit would strike on Friday.\n",
        "We will strike on Friday\n",
        "a | b or c. The union said no.\n",
        "- the union demanded more\n\nIt did so twice.\n",
        "Photographs of the pier were shown. The union said no.\n",
    ],
)
def test_running_text_is_not_told_apart(text: str) -> None:
    assert apart(text) == []


def test_title_and_glued_headline_are_apart_and_a_dateline_is_no_speaker() -> None:
    text = (
        "Dockers to block port\nOperator says blockade illegal\n\nMARROW, March 9 (NWS) - Dockers said on Thursday "
        "that they would block it.\n\n"
        "Operator walks out\nThe operator of the port said on Friday that the talks were over.\n"
    )
    assert [text[start:end] for (start, end), _ in apart(text)] == [
        "Dockers to block port",
        "Operator says blockade illegal",
        "Operator walks out",
    ]
    sentences = [text[start:end].strip() for start, end in Layout(text).sentences]
    assert "Dockers said on Thursday that they would block it." in sentences
    assert "The operator of the port said on Friday that the talks were over." in sentences


def test_long_lines_without_a_blank_line_are_laid_out_in_no_time() -> None:
    assert apart("\n".join(["Word after word " * 400] * 8) + ".") == []


def test_items_of_a_list_are_found_without_their_marks() -> None:
    first, second = listings(REPORT)
    assert REPORT[slice(*first.intro)] == "The union demanded:"
    items = [
        "higher wages for Sunday work",
        "a new crane on the\n  north pier",
        "that the harbour dismiss its director",
    ]
    assert [REPORT[start:end] for start, end in first.items] == items
    assert [REPORT[start:end] for start, end in second.items] == [
        "close the pier on Friday;",
        "hire twenty more people.",
    ]
    assert listings("The union demanded more.\n- wages\n- cranes\n") == []


def test_statements_are_read_from_text_and_lists_but_not_from_headlines_tables_and_captions() -> None:
    found = read([Document("report.txt", REPORT, "0" * 64)])
    by = {(one.speaker, one.kind, " ".join((one.quote or "").split())) for one in found.statements}
    assert {
        ("dockers-union", "demand", "higher wages for Sunday work"),
        ("dockers-union", "demand", "a new crane on the north pier"),
        ("dockers-union", "demand", "the harbour dismiss its director"),
        ("harbour-ltd", "commitment", "it would … close the pier on Friday"),
        ("harbour-ltd", "commitment", "it would … hire twenty more people"),
    } <= by
    assert {one.reason for one in found.skipped} == {f"it is {kind}" for kind in (HEADLINE, TABLE_ROW, CAPTION)}
    assert not any("vote" in quote or "goodbye" in quote or "|" in quote for _, _, quote in by)
