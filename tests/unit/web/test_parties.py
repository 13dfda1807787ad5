"""The letters by which pages tell the players apart."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import detente as dt
from detente.web.parties import letters_of, parties
from tests.examples import examples


@pytest.mark.parametrize(
    ("labels", "letters"),
    [
        (["Upstream country", "Downstream country"], ["U", "D"]),
        (["Driver A", "Driver B"], ["DA", "DB"]),
        (["Driver B", "Police", "Driver A"], ["DB", "P", "DA"]),
        (["Denmark", "Driver A", "Driver B"], ["De", "DA", "DB"]),
        (["Driver of A", "Driver of B"], ["DA", "DB"]),
        (["Driver Anna", "Driver Alex"], ["DAn", "DAl"]),
        (["USA", "UK", "ukraine"], ["US", "UK", "Ukr"]),
        (["Iran", "Iraq"], ["In", "Iq"]),
        (["Player 1", "Player 2", "Player 10", "Player 12"], ["P1", "P2", "P10", "P12"]),
        (["d0", "d1"], ["D0", "D1"]),
        (["same", "same", "Same"], ["S1", "S2", "S3"]),
        (["...", "—", "1"], ["2", "3", "1"]),
        (["ßa", "ßb"], ["ßa", "ßb"]),
        ([], []),
    ],
)
def test_party_letters_are_short_and_distinct(labels: list[str], letters: list[str]) -> None:
    assert letters_of(labels) == letters


NAMES = st.one_of(
    st.text(min_size=1, max_size=12),
    st.lists(st.sampled_from(("driver", "Driver", "of", "A", "b", "1", "ß", "ﬃ")), min_size=1, max_size=4).map(
        " ".join
    ),
)


@settings(max_examples=examples(200))
@given(st.lists(NAMES, max_size=120))
def test_party_letters_are_unique_and_at_most_three(labels: list[str]) -> None:
    letters = letters_of(labels)
    assert len({one.casefold() for one in letters}) == len(labels) == len(letters)
    assert all(1 <= len(one) <= 3 for one in letters)


@given(st.lists(NAMES, max_size=8, unique_by=str.casefold), st.randoms())
def test_order_of_parties_changes_numbered_letters_only(labels: list[str], chance: object) -> None:
    """Another order leaves all letters as they are that are not numbers."""
    order = list(range(len(labels)))
    chance.shuffle(order)  # type: ignore[attr-defined]
    letters, otherwise = letters_of(labels), letters_of([labels[place] for place in order])
    for place, letter in zip(order, otherwise, strict=True):
        assert letters[place] == letter or letter[-1].isdigit()


def test_coalition_has_one_label() -> None:
    conflict = dt.example("river-sharing")
    both = conflict.replaced(coalitions=[[maker.id for maker in conflict.decision_makers]])
    assert [one["letter"] for one in parties(both)] == [parties(conflict)[0]["letter"]]
