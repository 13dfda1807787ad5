"""Views of an intervention: the options that a third party would have to control."""

from __future__ import annotations

import detente as dt
from detente.analysis.third_party import OptionSet
from detente.present.blocks import Bullets, Paragraph
from detente.present.third_party import holding_in_words, view


def test_view_names_the_fewest_options_and_lists_every_set() -> None:
    found = dt.example("river-sharing").third_party("status quo")
    first, _, _, _, bound, sets = view(found)
    assert isinstance(first, Paragraph)
    assert "if a third party controlled 1 option, so that " in first.text
    assert isinstance(bound, Paragraph)
    assert isinstance(sets, Bullets)
    assert len(sets.items) + len(sets.rest) == len(found.holdings)


def test_held_options_are_named_with_their_owner() -> None:
    found = dt.example("river-sharing").third_party("deal", "nash")
    assert holding_in_words(found, found.holdings[0]) == "Upstream country pays compensation"


def test_an_equilibrium_needs_no_third_party() -> None:
    (only,) = view(dt.example("ukraine-2023").third_party("status quo"))
    assert isinstance(only, Paragraph)
    assert only.text == (
        "The status quo, ‘as reported’ (state 323), is already an equilibrium under Nash. It needs no third party. "
        "Choose the outcome that you want to make stable."
    )


def test_what_several_parties_do_is_said_behind_that() -> None:
    found = dt.example("river-sharing").third_party("status quo")
    both = OptionSet((("divert", False), ("sanction", False)))
    said = "Upstream country does not divert the river and that Downstream country does not impose sanctions"
    assert holding_in_words(found, both) == said
