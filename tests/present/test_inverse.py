"""Views of an inversion: why a state does not hold, and what would have to change."""

from __future__ import annotations

import pytest

import detente as dt
from detente.present.blocks import Bullets, Paragraph, texts
from detente.present.inverse import preference_change_in_words, view


def test_a_state_that_holds_asks_for_no_change() -> None:
    (only,) = view(dt.example("ukraine-2023").invert("as reported"))
    assert isinstance(only, Paragraph)
    assert "nothing has to change" in only.text


def test_changes_cite_the_statements_behind_what_would_have_to_change() -> None:
    pytest.importorskip("ortools")
    first, today, _, _, changes, _ = view(dt.example("ukraine-2023").invert("talks under way"))
    assert isinstance(first, Paragraph)
    assert "is no equilibrium under Nash" in first.text
    assert isinstance(today, Bullets)
    assert isinstance(changes, Bullets)
    assert any("[" in item.text for item in changes.items)


def test_a_change_is_said_edit_by_edit() -> None:
    pytest.importorskip("ortools")
    found = dt.example("syria-iraq-1975").invert("water released", "nash", fixed=["iraq"])
    assert preference_change_in_words(found, found.changes[0]) == (
        "Syria would turn ‘not release’ into ‘release’ (preference 4); Syria would raise it from place 4 to place 1"
    )


def test_an_obstacle_comes_with_what_would_remove_it() -> None:
    pytest.importorskip("ortools")
    found = dt.example("syria-iraq-1975").invert("water released", "nash", fixed=["iraq", "syria"])
    said = [text for _, text in texts(view(found))]
    assert "No change of the preferences of those who can be influenced makes it one." in said
    assert "It would become possible if Syria could be influenced." in said
