"""Worked examples of limited-move, non-myopic and maximin stability."""

from __future__ import annotations

import pytest

import detente as dt


def names(id: str, concept: str) -> set[str]:
    return {state.name or state.pattern for state in dt.example(id).analyze([concept]).equilibria(concept)}


@pytest.mark.parametrize(
    ("horizon", "expected"),
    [
        (1, {"only Row swerves", "only Column swerves"}),
        (2, set()),
        (3, {"both swerve"}),
        (4, {"both swerve"}),
        (5, {"both swerve"}),
        (100, {"both swerve"}),
    ],
)
def test_limited_moves_in_chicken_settle_on_both_swerving(horizon: int, expected: set[str]) -> None:
    """Chicken: L1 is the two Nash states, L2 is empty, from L3 on both swerve (Fang, Hipel & Kilgour 1993, after)."""
    assert names("chicken", f"limited_move_{horizon}") == expected
    why = dt.example("chicken").explain("both swerve", "row", "non_myopic")
    assert why.stable
    assert why.verdict.expects.since == 3


def test_non_myopic_equilibria_of_chicken_and_dilemma_are_the_published_ones() -> None:
    """Both swerve; and in the dilemma both silent and neither (non-myopic equilibria after Brams & Wittman 1981)."""
    assert names("chicken", "non_myopic") == {"both swerve"}
    assert names("prisoners-dilemma", "non_myopic") == {"neither cooperates", "both cooperate"}


def test_matching_pennies_has_no_non_myopic_verdict() -> None:
    """Whoever has lost moves if the number of moves left is odd, for the other will not be able to answer the last."""
    analysis = dt.example("matching-pennies").analyze(["non_myopic"])
    assert analysis.equilibria("non_myopic") == ()
    cycling = {
        player: {int(s): n for s, n in analysis.cycling("non_myopic", player).items()} for player in analysis.players
    }
    assert cycling == {"row": {2: 2, 3: 2}, "column": {1: 2, 4: 2}}


@pytest.mark.parametrize("id", ["chicken", "prisoners-dilemma", "elmira", "cuban-missile-crisis", "syria-iraq-1975"])
def test_maximin_1_to_3_equal_nash_gmr_and_smr(id: str) -> None:
    """Maximin 1, 2 and 3 are Nash, GMR and SMR (after Rêgo & Vieira)."""
    for horizon, concept in enumerate(["nash", "gmr", "smr"], start=1):
        assert names(id, f"maximin_{horizon}") == names(id, concept)


def test_three_moves_ahead_leave_one_cuban_equilibrium() -> None:
    """Sequential stability leaves the withdrawal with and without the blockade; three moves ahead only the latter."""
    both = {"missiles withdrawn", "missiles withdrawn under blockade"}
    assert names("cuban-missile-crisis", "seq") == names("cuban-missile-crisis", "limited_move_2") == both
    assert names("cuban-missile-crisis", "limited_move_3") == {"missiles withdrawn"}
    assert names("cuban-missile-crisis", "non_myopic") == {"missiles withdrawn"}
