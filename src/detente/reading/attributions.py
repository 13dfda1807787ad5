"""What a tagger finds: a speaker, a cue and a content, as spans of a text; and which is reported in which."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from detente.model.quotes import Span

#: What stands between the last word of what is said and a relative clause that belongs to it.
_APPOSITION = re.compile(r",?\s*(?:(?:an?|the)\s+)?")
_RELATIVE = re.compile(r"\b(?:that|which|who)$")


@dataclass(frozen=True)
class Attribution:
    """Spans in a text: whose it is, what signals it, what is attributed; and who that is, and of what kind.

    Spans are character offsets, end exclusive. ``speaker`` is the one meant, None where nobody is named or nobody has
    looked; ``kind`` is one of `detente.model.statements.STATEMENT_KINDS`, or None; ``confidence`` goes from 0 to 1.
    """

    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    content: tuple[Span, ...]
    speaker: str | None = None
    kind: str | None = None
    confidence: float = 1.0

    @property
    def start(self) -> int:
        """Where the first of its words begins."""
        return min(start for start, _ in (*self.source, *self.cue, *self.content))

    @property
    def end(self) -> int:
        """Where the last of its words ends."""
        return max(end for _, end in (*self.source, *self.cue, *self.content))


class Tagger(Protocol):
    """Whatever finds attributions in a text."""

    def tag(self, text: str) -> Sequence[Attribution]:
        """Return the attributions of a text, in the order in which they begin; nested ones too."""
        ...


def within(inner: Attribution, outer: Attribution) -> bool:
    """Tell whether an attribution is reported in the content of another."""
    if inner is outer or not inner.content or not outer.content:
        return False
    spans = (*inner.cue, *inner.content)
    return all(any(start <= first and last <= end for start, end in outer.content) for first, last in spans)


def beginning(one: Attribution) -> tuple[int, int, int]:
    """Return by what attributions are put in order: of two that begin together, the first may report the other."""
    return one.start, one.content[0][0], -one.content[-1][1]


def nesting(text: str, tagged: Sequence[Attribution]) -> list[int | None]:
    """Return for every attribution the innermost one that it is reported in; they are in the order of `beginning`."""
    around: list[int | None] = []
    for place, one in enumerate(tagged):
        last = place
        while last + 1 < len(tagged) and tagged[last + 1].start == one.start:
            last += 1
        # Nothing that is said in one sentence or quotation is this many attributions away.
        near = range(max(0, place - 60), last + 1)
        outer = [number for number in near if within(one, tagged[number]) or _is_relative(one, tagged[number], text)]
        # The innermost of those around it is the one that begins last.
        around.append(max(outer, key=lambda number: tagged[number].content[0][0]) if outer else None)
    return around


def _is_relative(inner: Attribution, outer: Attribution, text: str) -> bool:
    """Tell whether an attribution is a relative clause to the last words of what is said: 'the pact, which plans …'."""
    if not inner.source or inner is outer:
        return False
    start, end = inner.source[0]
    said = outer.content[-1][1]
    return bool(said <= start and _APPOSITION.fullmatch(text, said, start) and _RELATIVE.search(text[start:end]))
