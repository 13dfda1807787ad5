"""Where a text names people, so that a pronoun can be taken for the one named last."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from detente.reading.attributions import Span
from detente.reading.phrases import capitalised, is_human, key, leading_words, name_words, phrase
from detente.reading.segments import paragraphs, quotations, sentences

#: A pronoun stands for nobody who was named more sentences ago than this.
FURTHEST = 12


@dataclass(frozen=True)
class Mention:
    """A place at which somebody is named: ``subject`` where it begins its sentence."""

    start: int
    words: str
    subject: bool
    quoted: bool


class Outline:
    """The sentences and quotations of a text, and the people named in it."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._quotes: list[Span] = []
        self._starts: list[int] = []
        for paragraph in paragraphs(text):
            quotes = quotations(text, paragraph)
            self._quotes += quotes
            self._starts += [start for start, _ in sentences(text, paragraph, quotes)]
        self.mentions = sorted(self._mentions(), key=lambda one: one.start)

    def place(self, words: str, before: str) -> int | None:
        """Return where words stand, by the text before them."""
        found = self._text.find(before) if before else 0
        return found + len(before) if found >= 0 and self._text else None

    def label(self, place: int | None, words: str) -> bool:
        """Tell whether a letter is who speaks in an interview: 'Q: …', at the beginning of a line."""
        if place is None or len(words) != 1 or not words.isupper():
            return False
        return self._text[place + 1 : place + 2] in (":", ".") and self._text[:place].rpartition("\n")[2].strip() == ""

    def quoted(self, place: int) -> bool:
        """Tell whether a place is within quotation marks."""
        return any(start < place < end for start, end in self._quotes)

    def sentence(self, place: int) -> int:
        """Return the number of the sentence of a place."""
        return bisect_right(self._starts, place)

    def _mentions(self) -> Iterator[Mention]:
        text = self._text
        called: set[str] = set()
        for start, end in capitalised(text):
            lead = leading_words(text[max(0, start - 80) : start])
            words = lead + text[start:end]
            found = phrase(words)
            if found is None:
                continue
            if (
                not found.roles
                and not lead
                and re.search(r"\b(?:in|at|near|to|from)\s$", text[max(0, start - 8) : start])
            ):
                # A place, more likely than a person.
                continue
            single = len(found.proper) == 1 and found.proper[0] in called
            if (found.human and found.named) or single:
                called.update(found.proper)
                yield self._mention(start - len(lead), words)
        for start in self._starts:
            # 'A former engineer' begins a sentence and is nobody's name.
            begin = re.match(
                r"[\"“‘']?(?:The|A|An|His|Her|Its|My|One|[A-Z][\w-]+['’]s?)\s(?:[a-z][\w-]*\s){0,3}?([a-z][\w-]+)",
                text[start : start + 80],
            )
            if begin and re.match(r",\s[A-Z]", text[start + begin.end() : start + begin.end() + 3]):
                # 'Her deputy, Max Orr,' is named by name.
                continue
            head = key(begin[1]) if begin else ""
            if begin and is_human(head) and head in name_words().people:
                yield self._mention(start, begin[0])

    def _mention(self, start: int, words: str) -> Mention:
        begin = self._starts[max(0, self.sentence(start) - 1)] if self._starts else 0
        return Mention(start, words, start - begin < 4, self.quoted(start))
