"""Which attribution is reported in which."""

from __future__ import annotations

import pytest

from detente.reading.attributions import Attribution, within
from detente.reading.documents import Document
from detente.reading.reader import read


class Marked:
    """A tagger that marks what a test says."""

    def __init__(self, *attributions: Attribution) -> None:
        self._attributions = list(attributions)

    def tag(self, text: str) -> list[Attribution]:
        return self._attributions


@pytest.mark.parametrize(
    ("text", "nested"),
    [
        ("Velmora says it had to act against Ostrany, a neighbour that has long planned to join the pact.", True),
        ("Velmora says it had to act against Ostrany. A neighbour that has long planned to join the pact.", False),
        ("Velmora says it had to act against Ostrany, and a power that has long planned to join the pact.", False),
    ],
)
def test_relative_clause_belongs_to_the_reported_content(text: str, nested: bool) -> None:
    who = "neighbour that" if "neighbour that" in text else "power that"
    tagger = Marked(
        Attribution(spans(text, "Velmora"), spans(text, "says"), spans(text, "it had to act against Ostrany")),
        Attribution(spans(text, who), spans(text, "has long planned"), spans(text, "to join the pact")),
    )
    first, second = read([Document("x.txt", text, "")], tagger=tagger).statements
    assert first.nested_in is None
    assert second.nested_in == (first.id if nested else None)


def spans(text: str, *parts: str) -> tuple[tuple[int, int], ...]:
    return tuple((text.index(part), text.index(part) + len(part)) for part in parts)


def test_statements_nest_by_their_spans() -> None:
    outer = Attribution((), ((0, 2),), ((3, 30),))
    inner = Attribution((), ((10, 12),), ((13, 20),))
    assert within(inner, outer)
    assert not within(outer, inner)
