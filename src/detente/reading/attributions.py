"""What a tagger finds: a speaker, a cue and a content, as spans of a text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

Span = tuple[int, int]


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
