"""The sentence of a statement in its document, with the speaker's words, the cue and the quote marked."""

from __future__ import annotations

import pytest

from detente.model.statements import Statement
from detente.reading.segments import MAX_SENTENCE, sentence_of

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
