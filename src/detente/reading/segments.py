"""Paragraphs, quotations, sentences and words of a text, as spans."""

from __future__ import annotations

import re
from dataclasses import dataclass

from detente.reading.attributions import Span

_WORD = re.compile(r"(?:[A-Za-z]\.){2,}|\w+(?:[-'’]\w+)*(?:['’](?=\s))?|[^\w\s]")
ABBREVIATED = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|Gen|Lt|Col|Capt|Sgt|Gov|Sen|Rep|Rev|Hon|St|Jr|Sr|vs|No|Inc|Corp|Ltd|Co|Jan|Feb|Mar|Apr"
    r"|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|Mt|Ft|approx|etc|e\.g|i\.e|Messrs|Mlle|Mme)|\b[A-Z]|\b(?:[A-Za-z]\.)+[A-Za-z])\.$"
)
_END = re.compile(r"[.!?…]+[\"”»’')\]]*(?=\s)")


@dataclass(frozen=True)
class Token:
    """A word or a punctuation mark."""

    text: str
    start: int
    end: int

    @property
    def low(self) -> str:
        """The text in small letters, with a straight apostrophe."""
        return self.text.lower().replace("’", "'")

    @property
    def is_word(self) -> bool:
        """Whether this is no punctuation mark."""
        return self.text[0].isalnum()


def tokens(text: str, span: Span | None = None) -> list[Token]:
    """Return the words and punctuation marks of a text, or of a span of it."""
    start, end = span or (0, len(text))
    return [Token(found[0], found.start(), found.end()) for found in _WORD.finditer(text, start, end)]


def paragraphs(text: str) -> list[Span]:
    """Return the paragraphs: parted by empty lines, or by line ends where every line is a paragraph of its own."""
    lines = [found.span() for found in re.finditer(r"[^\n]+", text)]
    by_line = bool(lines) and sum(end - start > 80 for start, end in lines) > len(lines) / 2
    pattern = r"\S[^\n]*" if by_line and "\n\n" not in text.strip() else r"\S(?:[^\n]|\n(?!\s*\n))*"
    return [found.span() for found in re.finditer(pattern, text)]


def quotations(text: str, paragraph: Span) -> list[Span]:
    """Return the quotations of a paragraph, marks included; one that is not closed goes on to the paragraph's end."""
    found: list[Span] = []
    opened: tuple[str, int] | None = None
    start, end = paragraph
    for place in range(start, end):
        mark = text[place]
        before = text[place - 1] if place > start else " "
        after = text[place + 1] if place + 1 < end else " "
        if opened is None:
            if mark in "“«" or (mark == '"' and not before.isalnum()) or (mark in "‘'" and _opens(before, after)):
                opened = ({"“": "”", "«": "»", '"': '"', "‘": "’", "'": "'"}[mark], place)
        elif mark == opened[0] and (mark not in "’'" or (not after.isalnum() and before != " ")):
            if mark in "’'" and place - opened[1] < 3:
                continue
            found.append((opened[1], place + 1))
            opened = None
    if opened is not None and opened[0] not in "’'":
        found.append((opened[1], end))
    return found


def _opens(before: str, after: str) -> bool:
    return (before.isspace() or before in "([—–") and after.isalnum()


def sentences(text: str, paragraph: Span, quotes: list[Span]) -> list[Span]:
    """Return the sentences of a paragraph; a quotation is never parted."""
    start, end = paragraph
    found: list[Span] = []
    at = start
    for stop in _END.finditer(text, start, end):
        place = stop.end()
        if any(first < place < last for first, last in quotes):
            continue
        if ABBREVIATED.search(text[max(at, place - 12) : place]) and text[place - 1] not in "\"”»’'":
            continue
        rest = text[place:end].lstrip()
        if rest[:1].islower():
            continue
        # A quotation that ends a sentence may be followed by who said it: "Never!" she said.
        if text[place - 1] in "\"”»’'" and rest[:1].islower():
            continue
        found.append((at, place))
        at = place + (len(text[place:end]) - len(rest))
    if text[at:end].strip():
        found.append((at, end))
    return [(first, last) for first, last in found if text[first:last].strip()]
