"""Views of an inversion: whether a state is an equilibrium, and what would have to change."""

from __future__ import annotations

import pytest

import detente as dt
from detente.present.blocks import Bullets, Paragraph, texts
from detente.present.inverse import preference_change_in_words, view


def test_an_equilibrium_needs_no_change() -> None:
    said, spelled = view(dt.example("ukraine-2023").invert("as reported"))
    assert isinstance(said, Paragraph) and isinstance(spelled, Paragraph)
    assert said.text == (
        "The status quo, ‘as reported’ (state 323), is already an equilibrium under Nash. No preference needs to "
        "change for it. Choose the outcome that you want to make stable."
    )
    assert spelled.text == "Nash stability (rationality)."


def test_changes_cite_the_evidence_of_changed_preferences() -> None:
    pytest.importorskip("pysat")
    found = dt.example("ukraine-2023").invert("talks under way")
    first, outcome, spelled, _, leaving, _, _, changes, _, _, sources = view(found)
    assert isinstance(first, Paragraph)
    assert "is not an equilibrium under Nash. It would be one after " in first.text
    assert isinstance(outcome, Paragraph)
    assert outcome.text.startswith("Russia ")
    assert isinstance(spelled, Paragraph)
    assert spelled.lead == "Concepts:"
    assert isinstance(leaving, Bullets)
    assert [item.lead for item in leaving.items]
    assert isinstance(changes, Bullets)
    assert changes.items[0].text.startswith("Ukraine would ")
    # The sources stand behind all the changes, each preference's once.
    assert isinstance(sources, Bullets)
    (source,) = sources.items
    assert source.text.startswith("Preference 1 of Ukraine: the analyst's reading of Ukraine (s21")
    assert not any(" [" in item.text for item in changes.items)
    # What the opposite of a condition is, need not be worked out.
    assert "by its opposite: that Russia keeps its troops in Crimea and the territories it controls in Ukraine, and "
    assert "Ukraine does not rule out talks with Russia." in changes.items[1].text


def test_change_is_described_edit_by_edit() -> None:
    pytest.importorskip("pysat")
    found = dt.example("syria-iraq-1975").invert("water released", "nash", fixed=["iraq"])
    assert preference_change_in_words(found, found.changes[0]) == (
        "Syria would replace preference 4 (Syria does not release water and stop filling the reservoir) by its "
        "opposite, and move it up to place 1"
    )


def test_obstacle_names_what_would_remove_it() -> None:
    pytest.importorskip("pysat")
    found = dt.example("syria-iraq-1975").invert("water released", "nash", fixed=["iraq", "syria"])
    said = [text for _, text in texts(view(found))]
    assert said[0].endswith("is not an equilibrium under Nash. No change to preferences would make it one.")
    assert "‘water released’ (state 2) could become an equilibrium if the preferences of Syria could change." in said
