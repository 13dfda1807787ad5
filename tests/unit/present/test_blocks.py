"""Blocks: what is not shown at once is at hand, nothing is endless, and a stronger shade is a greater share."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from detente.present.blocks import MAX_REST, Cell, bullets, table


@given(st.integers(0, 200), st.integers(1, 30))
def test_rows_beyond_the_first_are_kept_as_the_rest(count: int, most: int) -> None:
    made = table(["n"], ([str(number)] for number in range(count)), max_rows=most, more="{count} more")
    assert [*made.rows, *made.rest] == [(str(number),) for number in range(count)]
    assert len(made.rows) <= most + 2
    assert bool(made.rest) == bool(made.more)
    assert len(made.rest) != 1
    points = bullets(map(str, range(count)), max_items=most)
    assert [item.text for item in (*points.items, *points.rest)] == [str(number) for number in range(count)]


def test_very_long_rest_is_cut_and_marked() -> None:
    made = table(["n"], ([str(number)] for number in range(MAX_REST + 100)), max_rows=10)
    assert len(made.rest) == MAX_REST
    assert made.more == f"{MAX_REST + 90:,} more (the first {MAX_REST:,}; the data has all)"


@given(st.floats(0, 1), st.floats(0, 1))
def test_heat_grows_with_the_share(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert Cell(share=low).heat <= Cell(share=high).heat
    assert (Cell(share=one).heat == 0) == (one == 0)
    assert (Cell(share=one).heat == 10) == (one == 1)
