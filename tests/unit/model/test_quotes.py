"""Quotes are found again in a text that has shifted, or are reported lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from detente.model.quotes import QuoteMatch, find_quote, quote_context
from detente.model.statements import Statement

TEXT = "On Monday the mayor said the bridge is safe.\nOn Friday he said the bridge\nis closed, “for ever”."


def at(quote: str, **more: object) -> Statement:
    return Statement("s", quote=quote, **more)  # type: ignore[arg-type]


def test_quote_at_its_span_is_found_in_place() -> None:
    start = TEXT.index("the bridge is safe")
    found = find_quote(TEXT, at("the bridge is safe", spans=((start, start + 18),)))
    assert found.found is QuoteMatch.IN_PLACE
    assert found.spans == ((start, start + 18),)


def test_moved_quote_is_found_across_line_breaks() -> None:
    found = find_quote("Correction. " + TEXT, at("the bridge is closed", spans=((0, 20),)))
    assert found.found is QuoteMatch.MOVED
    ((start, end),) = found.spans
    assert " ".join(("Correction. " + TEXT)[start:end].split()) == "the bridge is closed"


def test_context_selects_among_several_places() -> None:
    second = TEXT.rindex("the bridge")
    found = find_quote(TEXT, at("the bridge", prefix="On Friday he said "))
    assert found.spans == ((second, second + 10),)
    assert quote_context(TEXT, found.spans)[1].startswith("\nis closed")


def test_context_is_the_text_next_to_the_quote() -> None:
    text = "She said no. He said no. She said: no!"
    assert find_quote(text, at("no", prefix="He said ")).spans == ((21, 23),)
    assert find_quote(text, at("no", suffix="!")).spans == ((35, 37),)
    assert find_quote(text, at("no", spans=((20, 22),))).spans == ((21, 23),)


def test_interrupted_quote_is_found_part_by_part() -> None:
    found = find_quote(TEXT, at("the mayor … the bridge is safe"))
    assert [TEXT[start:end] for start, end in found.spans] == ["the mayor", "the bridge is safe"]


def test_lost_quote_has_the_nearest_passage() -> None:
    found = find_quote(TEXT, at("the bridge was closed, “for ever”"))
    assert found.found is QuoteMatch.LOST
    assert found.nearest
    assert "closed" in found.nearest
    assert find_quote(TEXT, at("zzz qqq xxx www")).nearest is None


def test_a_quote_that_is_written_differently_is_found_with_a_note() -> None:
    text = "He said “we don’t cede”. She said 'we don't cede' twice."
    found = find_quote(text, at("we don't cede", prefix="He said “"))
    assert found.spans == ((35, 48),)
    assert found.differences == ()
    found = find_quote(text[:24], at("we don't cede"))
    assert (found.found, found.spans) == (QuoteMatch.MOVED, ((9, 22),))
    assert found.differences == ("quotation marks or apostrophes",)


def test_a_quote_in_its_place_stays_there_whatever_its_writing() -> None:
    text = "He said: don’t. She said: don't."
    found = find_quote(text, at("don't", spans=((9, 14),)))
    assert (found.found, found.spans) == (QuoteMatch.IN_PLACE, ((9, 14),))
    assert found.differences == ("quotation marks or apostrophes",)


def test_a_quote_with_blanks_for_what_is_not_shown_is_found() -> None:
    found = find_quote("Die Ver\u00adhand\u00adlungen enden", at("Ver hand lungen", spans=((4, 19),)))
    assert (found.found, found.spans) == (QuoteMatch.IN_PLACE, ((4, 19),))
    assert found.differences == ("invisible characters",)
    assert find_quote("Die Verhandlungen enden", at("Ver hand lungen")).found is QuoteMatch.LOST


@given(
    before=st.text(max_size=30), quote=st.text(alphabet="abc \n", min_size=1, max_size=10), after=st.text(max_size=30)
)
def test_quote_in_the_text_is_always_found(before: str, quote: str, after: str) -> None:
    text = before + quote + after
    if quote.split():
        found = find_quote(text, at(quote))
        assert found.found is not QuoteMatch.LOST
        ((start, end),) = found.spans
        assert text[start:end].split() == quote.split()
