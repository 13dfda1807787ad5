"""The result of a tagger: attributions with a speaker, a cue and a content as spans of a text, and how they are
nested.
"""

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
    """Spans in a text: the speaker, the cue and the content; and the resolved speaker and the kind.

    Spans are character offsets, end exclusive. ``speaker`` is the resolved actor, None if there is no name or it has
    not been resolved; ``kind`` is one of `detente.model.statements.STATEMENT_KINDS`, or None; ``confidence`` is from 0
    to 1. ``settled`` attributions are of a form that tells their kind, and that something is said.
    """

    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    content: tuple[Span, ...]
    speaker: str | None = None
    kind: str | None = None
    confidence: float = 1.0
    settled: bool = False

    @property
    def start(self) -> int:
        """The start of its first word."""
        return min(start for start, _ in (*self.source, *self.cue, *self.content))

    @property
    def end(self) -> int:
        """The end of its last word."""
        return max(end for _, end in (*self.source, *self.cue, *self.content))


class Tagger(Protocol):
    """The interface of everything that finds attributions in a text."""

    @property
    def fingerprint(self) -> str:
        """What tells this tagger from every other: the same for two that find the same."""
        ...

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
    """Return the sort key of attributions: of two that begin together, the first may report the other."""
    return one.start, one.content[0][0], -one.content[-1][1]


def nesting(text: str, tagged: Sequence[Attribution]) -> list[int | None]:
    """Return for each attribution, in the order of `beginning`, the innermost one that reports it."""
    around: list[int | None] = []
    for place, one in enumerate(tagged):
        last = place
        while last + 1 < len(tagged) and tagged[last + 1].start == one.start:
            last += 1
        # Attributions in one sentence or quotation are never this far apart.
        near = range(max(0, place - 60), last + 1)
        outer = [number for number in near if within(one, tagged[number]) or _is_relative(one, tagged[number], text)]
        # The innermost enclosing attribution is the one that begins last.
        around.append(max(outer, key=lambda number: tagged[number].content[0][0]) if outer else None)
    return around


def _is_relative(inner: Attribution, outer: Attribution, text: str) -> bool:
    """Tell whether an attribution is a relative clause to the last words of what is said: 'the pact, which plans …'."""
    if not inner.source or inner is outer:
        return False
    start, end = inner.source[0]
    said = outer.content[-1][1]
    return bool(said <= start and _APPOSITION.fullmatch(text, said, start) and _RELATIVE.search(text[start:end]))
