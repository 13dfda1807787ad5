"""Relations as rows of bits, and what is carried along moves, against plain sets."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.engine.relations import BITS_OF_BYTE, Steps, carried, pairs_of, transposed


@st.composite
def relations(draw: st.DrawFn) -> np.ndarray[Any, Any]:
    """Which states are related to which."""
    count = draw(st.integers(1, 21))
    some = draw(st.lists(st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)), max_size=40))
    related = np.zeros((count, count), dtype=bool)
    for one, other in some:
        related[one, other] = True
    return related


def packed(related: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    return np.packbits(related, axis=1, bitorder="little")


@given(relations())
def test_pairs_of_a_relation_are_the_places_of_its_bits(related: np.ndarray[Any, Any]) -> None:
    assert [one.tolist() for one in pairs_of(packed(related))] == [one.tolist() for one in np.nonzero(related)]
    assert BITS_OF_BYTE[packed(related)].sum() == related.sum()
    assert transposed(packed(related)).tolist() == packed(related.T).tolist()


@given(relations(), st.lists(relations(), min_size=1, max_size=2), st.sampled_from(["or", "and", "min"]))
def test_carried_values_are_those_at_every_state_reached(
    values: np.ndarray[Any, Any], steps: list[np.ndarray[Any, Any]], how: str
) -> None:
    count = len(values)
    steps = [np.resize(one, (count, count)) for one in steps]
    reached = np.eye(count, dtype=bool)
    for _ in range(count):
        for one in steps:
            reached = reached | (reached.astype(int) @ one.astype(int) > 0)
    places = [np.nonzero(one) for one in steps]
    made = [Steps(starts, ends, count) for starts, ends in places]
    if how == "min":
        ranks = values.sum(axis=1)
        assert carried(np.minimum, ranks, made).tolist() == [int(ranks[ends].min()) for ends in reached]
    else:
        operation, over = (np.bitwise_or, np.any) if how == "or" else (np.bitwise_and, np.all)
        found = np.unpackbits(carried(operation, packed(values), made), axis=1, count=count, bitorder="little")
        assert found.tolist() == [over(values[ends], axis=0).tolist() for ends in reached]


@pytest.mark.parametrize("count", [1, 8, 9, 64, 65])
def test_rows_of_any_width_are_combined(count: int) -> None:
    rows = packed(np.eye(count, dtype=bool))
    assert carried(np.bitwise_or, rows, [Steps(np.arange(0), np.arange(0), count)]).tolist() == rows.tolist()
