"""Which parties have no known preferences, and can move."""

from __future__ import annotations

import pytest
from hypothesis import given

import detente as dt
from detente.conflict.unknown import no_preferences_known, without_preferences
from tests.strategies import conflicts

UP = dt.DecisionMaker("up", "Upstream", options=["divert"])
DOWN = dt.DecisionMaker("down", "Downstream", options=["sanction"], preferences=["not sanction"])
AID = dt.DecisionMaker("aid", "Donors")


@pytest.mark.parametrize(
    ("parts", "named"),
    [
        ({"decision_makers": [UP, DOWN]}, "Upstream: every state counts as equally good for it"),
        ({"decision_makers": [UP, AID]}, "Upstream: every state counts as equally good for it"),
        ({"decision_makers": [UP, DOWN], "rules": [dt.Rule("never", "divert")]}, ""),
        ({"decision_makers": [UP, DOWN], "rules": ["not divert and sanction"]}, ""),
        ({"decision_makers": [DOWN, AID]}, ""),
        # In a standing coalition whoever has no preferences decides whether the others may gain.
        (
            {"decision_makers": [DOWN, AID], "coalitions": [["down", "aid"]]},
            "Donors: every state counts as equally good for it",
        ),
        (
            {"decision_makers": [UP, DOWN, AID], "coalitions": [["up", "aid"], ["down"]]},
            "Upstream, Donors: every state counts as equally good for them",
        ),
    ],
)
def test_parties_that_can_move_are_named(parts: dict[str, object], named: str) -> None:
    conflict = dt.Conflict("River", **parts)  # type: ignore[arg-type]
    assert no_preferences_known(conflict) == (f"no preferences known for {named}" if named else "")


@given(conflicts(max_options=4))
def test_only_parties_with_equal_ranks_are_without_preferences(conflict: dt.Conflict) -> None:
    solver = conflict.analyze(["nash"]).solver
    ranks = {maker.id: set(solver.ranks(place)) for place, maker in enumerate(conflict.decision_makers)}
    assert all(len(ranks[maker.id]) == 1 for maker in without_preferences(conflict))
