"""Which options a third party would have to control: cases by hand, words and data."""

from __future__ import annotations

import json

import pytest

import detente as dt
from detente.analysis.third_party import OptionSet
from detente.present import third_party as words
from tests.unit.cli.running import run


def test_river_needs_payment_to_be_ensured() -> None:
    """Upstream would stop paying, so a third party has to ensure that it pays."""
    found = dt.example("river-sharing").third_party("deal", "nash")
    assert [holding.options for holding in found.holdings] == [(("compensate", True),)]
    assert words.why(found, found.holdings[0]) == (
        "If a third party ensures that Upstream country pays compensation, 1 move from the outcome is ruled out: "
        "Upstream country no longer pays compensation (state 2)."
    )
    data = found.to_dict()
    assert data["format"] == "detente-invert/1"
    assert data["holdings"][0]["options"] == [{"option": "compensate", "owner": "upstream", "hold": "take"}]
    assert "Upstream country pays compensation" in found._repr_html_()


def test_blocking_a_sanction_makes_it_ineffective() -> None:
    """The threat of jail holds the thief under GMR; with jail blocked nothing does, and the theft must be blocked."""
    conflict = dt.Conflict(
        "T",
        [
            dt.DecisionMaker("thief", options=["steal"], preferences=["not jail", "steal"]),
            dt.DecisionMaker("judge", options=["jail"], preferences=["not jail"]),
        ],
    )
    assert conflict.third_party("NN", "gmr").holds_already
    assert conflict.third_party("NN", "seq").holdings[0].options == (("steal", False),)
    blocked = conflict.third_party("NN", "gmr").applied(OptionSet((("jail", False),)))
    assert 1 not in blocked.analyze(["gmr"]).equilibria("gmr")


def test_held_options_keep_rankings_and_merged_states() -> None:
    found = dt.example("elmira").third_party("order upheld", "smr")
    assert [holding.options for holding in found.holdings] == [(("accept", True),), (("abandon", False),)]


@pytest.mark.parametrize(
    "preferences", [["p and q"], dt.Weights.of({"p and q": 1}), dt.Payoffs.of({"NN": 0, "NY": 0, "Y-": 0})]
)
def test_equivalent_forms_of_preferences_give_the_same_answer(preferences: object) -> None:
    """Of the merged state Y- only YY is left when Q is taken, and 'p and q' still does not hold there."""
    makers = [
        dt.DecisionMaker("a", options={"p": "P"}, preferences=preferences),
        dt.DecisionMaker("b", options={"q": "Q"}, preferences=["not q"]),
    ]
    found = dt.Conflict("merged", makers, merge=["p"]).third_party("NY", "nash")
    assert [words.holding_in_words(found, holding) for holding in found.holdings] == ["b: ‘Q’"]


def test_move_into_a_merged_state_is_not_reported_as_ruled_out() -> None:
    """The option held is open in the merged state, so the move to it is still there."""
    makers = [
        dt.DecisionMaker("a", options={"p": "P"}, preferences=["p"]),
        dt.DecisionMaker("b", options={"q": "Q"}, preferences=["not p", "q"]),
    ]
    found = dt.Conflict("merged", makers, merge=["p"]).third_party("NY", "nash")
    assert "ruled out" not in words.why(found, OptionSet((("q", True),)))
    assert "1 move from the outcome is ruled out: a: ‘P’ (state 3)." in words.why(found, OptionSet((("p", False),)))


def test_third_party_command_prints_the_answer(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ("invert", "example:river-sharing", "--state", "deal", "--third-party")
    assert "so that Upstream country pays compensation" in run(capsys, *asked).out
    assert json.loads(run(capsys, *asked, "-f", "json").out)["question"] == "third party"
    assert run(capsys, *asked, "-f", "csv").out.splitlines()[1] == "1,compensate,upstream,take"
    assert "It needs no third party" in run(capsys, *asked, "-c", "seq").out
    assert run(capsys, *asked, "--fixed", "upstream").code == 2
