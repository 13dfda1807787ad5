"""Finding a statement's quote in the text that it was taken from, even if the text has changed since.

A quote is first looked for where its ``spans`` say, then anywhere; of several places the one wins whose surroundings
look most like ``prefix`` and ``suffix`` (the position and the quote selector of the W3C Web Annotation model, 2017).
Line breaks and runs of spaces do not count. A quote that is not there character for character may be there written
differently, with other quotation marks or without a soft hyphen: it is found, and the differences are named.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from difflib import SequenceMatcher
from enum import StrEnum
from typing import TYPE_CHECKING

from detente.lazy import dataclass, lazy
from detente.model.statements import Statement
from detente.text import Span, differences, occurrences, same_text

if TYPE_CHECKING:
    from rapidfuzz import fuzz
else:
    fuzz = lazy("rapidfuzz.fuzz")

#: The mark in a quote for an interruption by the source.
QUOTE_GAP = " … "
#: Number of characters of context kept before and after a quote.
CONTEXT_LENGTH = 32


class QuoteMatch(StrEnum):
    """How a quote was found."""

    IN_PLACE = "in place"
    MOVED = "moved"
    LOST = "lost"


@dataclass(frozen=True)
class QuotePlace:
    """Where a quote stands in a text.

    ``nearest`` is the passage most like a quote that is lost; ``differences`` says in which ways a quote that was found
    is written differently there.
    """

    found: QuoteMatch
    spans: tuple[Span, ...] = ()
    nearest: str | None = None
    differences: tuple[str, ...] = ()


def find_quote(text: str, statement: Statement) -> QuotePlace:
    """Find a statement's quote in a text.

    >>> find_quote("She said no. He said no.", Statement("s", quote="no", prefix="He said ")).spans
    ((21, 23),)
    """
    quote = statement.quote or ""
    there = QUOTE_GAP.join(text[start:end] for start, end in statement.spans)
    if statement.spans and (same_text(there, quote) or same_text(there, quote, unseen=" ")):
        return QuotePlace(QuoteMatch.IN_PLACE, statement.spans, differences=differences(quote, there))
    for find in (_occurrences, occurrences, _with_blanks):
        if spans := _found(text, quote, statement, find):
            there = QUOTE_GAP.join(text[start:end] for start, end in spans)
            found = QuoteMatch.IN_PLACE if spans == statement.spans else QuoteMatch.MOVED
            return QuotePlace(found, spans, differences=differences(quote, there))
    return QuotePlace(QuoteMatch.LOST, nearest=_nearest(text, quote))


def _found(
    text: str, quote: str, statement: Statement, find: Callable[[str, str], list[Span]]
) -> tuple[Span, ...] | None:
    """Return where the parts of a quote stand, in their order; None if one of them does not."""
    spans: list[Span] = []
    for part in quote.split(QUOTE_GAP):
        places = [place for place in find(text, part) if not spans or place[0] >= spans[-1][1]]
        if not places:
            return None
        first = len(spans) == 0
        spans.append(max(places, key=lambda place: _likeness(text, place, statement)) if first else places[0])
    return tuple(spans)


def quote_context(text: str, spans: Iterable[Span]) -> tuple[str, str]:
    """Return the characters before and after a quote, by which it can be found again."""
    spans = sorted(spans)
    start, end = spans[0][0], spans[-1][1]
    return text[max(0, start - CONTEXT_LENGTH) : start], text[end : end + CONTEXT_LENGTH]


def _plain(text: str) -> str:
    return " ".join(text.split())


def _occurrences(text: str, part: str) -> list[Span]:
    words = part.split()
    if not words:
        return []
    pattern = r"\s+".join(map(re.escape, words))
    return [found.span() for found in re.finditer(pattern, text)]


def _with_blanks(text: str, part: str) -> list[Span]:
    """Find words in which a blank stands for each character that is not shown, as older versions wrote them."""
    return occurrences(text, part, unseen=" ")


def _likeness(text: str, place: Span, statement: Statement) -> float:
    likeness = 0.0
    for wanted, there in (
        (statement.prefix, text[max(0, place[0] - len(statement.prefix or "")) : place[0]]),
        (statement.suffix, text[place[1] : place[1] + len(statement.suffix or "")]),
    ):
        if wanted:
            likeness += SequenceMatcher(None, _plain(wanted), _plain(there), autojunk=False).ratio()
    # Without context, the place nearest to the original one.
    if statement.spans:
        likeness -= abs(place[0] - statement.spans[0][0]) / (len(text) + 1)
    return likeness


def _nearest(text: str, quote: str) -> str | None:
    """Return the passage most similar to a quote, by edit distance; None if none is similar enough."""
    try:
        found = fuzz.partial_ratio_alignment(quote, text, score_cutoff=60)
    except ImportError:
        # RapidFuzz comes with the 'reading' extra; without it a lost quote is reported without a suggestion.
        return None
    return _plain(text[found.dest_start : found.dest_end]) if found else None


__all__ = ["CONTEXT_LENGTH", "QUOTE_GAP", "QuoteMatch", "QuotePlace", "Span", "find_quote", "quote_context"]
