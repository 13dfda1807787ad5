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
