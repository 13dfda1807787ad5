"""Views of a perception: the views, surprises, mistaken expectations, and the states."""

from __future__ import annotations

import detente as dt
from detente.present.blocks import Heading, PageLink, Paragraph, Table
from detente.present.perception import view


def test_without_views_misperception_is_not_analysed_and_the_page_says_where_to_add_one() -> None:
    first, second = view(dt.example("ukraine-2023").perceive(["nash"]))
    assert isinstance(first, Paragraph)
    assert first.text.startswith("Misperception was not analysed")
    assert isinstance(second, Paragraph)
    assert second.link == PageLink("Add a view on the page Model", "dispute", "views")
    assert "file" not in second.text


def test_surprises_mistakes_and_states_are_reported() -> None:
    blocks = view(dt.example("unforeseen-relocation").perceive())
    first = blocks[0]
    assert isinstance(first, Paragraph)
    assert "would be surprised" in first.text
    assert [block.text for block in blocks if isinstance(block, Heading)] == [
        "Views", "Surprises", "Mistaken expectations", "States",
    ]  # fmt: skip
    states = blocks[-1]
    assert isinstance(states, Table)
    assert states.rows
