"""What a third party would have to hold: cases by hand, words and data."""

from __future__ import annotations

import json

import pytest

import detente as dt
from detente.analysis.third_party import Holding
from tests.unit.cli.running import run


def test_the_river() -> None:
    """Upstream would stop paying, so somebody has to see to it that it pays."""
    found = dt.example("river-sharing").third_party("deal", "nash")
    assert [holding.options for holding in found.holdings] == [(("compensate", True),)]
    assert found.why(found.holdings[0]) == (
        "To hold: take ‘Pay compensation’ (Upstream country). That takes away the moves to YNN (state 2) "
        "(Upstream country would drop ‘Pay compensation’)."
    )
    data = found.to_dict()
    assert data["format"] == "detente-invert/1"
    assert data["holdings"][0]["options"] == [{"option": "compensate", "owner": "upstream", "hold": "take"}]
    assert "Pay compensation" in found._repr_html_()


def test_to_hold_a_sanction_is_to_lose_it() -> None:
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
    blocked = conflict.third_party("NN", "gmr").applied(Holding((("jail", False),)))
    assert 1 not in blocked.analyze(["gmr"]).equilibria("gmr")


def test_rankings_and_merged_states_are_carried_over() -> None:
    found = dt.example("elmira").third_party("order upheld", "smr")
    assert [holding.options for holding in found.holdings] == [(("accept", True),), (("abandon", False),)]


def test_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ("invert", "example:river-sharing", "--state", "deal", "--third-party")
    assert "take ‘Pay compensation’ (Upstream country)" in run(capsys, *asked).out
    assert json.loads(run(capsys, *asked, "-f", "json").out)["question"] == "third party"
    assert run(capsys, *asked, "-f", "csv").out.splitlines()[1] == "1,compensate,upstream,take"
    assert "nothing has to be held" in run(capsys, *asked, "-c", "seq").out
    assert run(capsys, *asked, "--fixed", "upstream").code == 2
