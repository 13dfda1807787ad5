"""Worked examples of relational stability: the textbook page's table, worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

import detente as dt

ONE_SWERVES = {"only Row swerves", "only Column swerves"}


def with_attitude(id: str, attitude: str) -> dt.Conflict:
    conflict = dt.example(id)
    row, column = conflict.decision_makers
    makers = [replace(row, attitudes={"column": attitude}), replace(column, attitudes={"row": attitude})]
    return conflict.replaced(decision_makers=makers)


def equilibria(conflict: dt.Conflict, concept: str) -> set[str | None]:
    return {state.name for state in conflict.analyze([concept]).equilibria(concept)}


@pytest.mark.parametrize(
    ("attitude", "expected"),
    [
        ("neutral", ONE_SWERVES),
        ("positive", ONE_SWERVES | {"both swerve"}),
        ("negative", ONE_SWERVES | {"crash"}),
    ],
)
def test_friendly_attitudes_in_chicken_give_the_published_states(attitude: str, expected: set[str]) -> None:
    assert equilibria(with_attitude("chicken", attitude), "relational_nash") == expected


def test_spiteful_attitudes_make_cooperation_unstable_in_the_dilemma() -> None:
    """Both cooperate: what deters from leaving is that the other would answer; in spite that deters no more.

    Neither would then go back to where both cooperate, for that is better for the other as well.
    """
    assert equilibria(with_attitude("prisoners-dilemma", "neutral"), "relational_seq") == {
        "neither cooperates", "both cooperate",
    }  # fmt: skip
    assert equilibria(with_attitude("prisoners-dilemma", "negative"), "relational_seq") == {"neither cooperates"}
