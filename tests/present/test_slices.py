"""Views of slices: the equilibria among all states or some, and in each slice."""

from __future__ import annotations

import detente as dt
from detente.present.blocks import Paragraph, Table
from detente.present.slices import view


def test_equilibria_are_counted_in_total_and_per_slice() -> None:
    found = dt.analyze_slices(dt.example("elmira"), ["nash", "gmr"], slices=2)
    quo, _, _, every, _, slices = view(found)
    assert quo == Paragraph("The status quo, state 1, is an equilibrium under GMR.")
    assert isinstance(every, Table)
    assert [row[1] for row in every.rows] == [str(found.total("nash")), str(found.total("gmr"))]
    assert isinstance(slices, Table)
    assert sum(int(str(row[2])) for row in slices.rows) == found.total("nash")


def test_single_slice_is_reported_once() -> None:
    found = dt.analyze_slices(dt.example("elmira"), ["nash"], within="Y----")
    _, _, every = view(found)
    assert isinstance(every, Table)
    assert " with the pattern Y----. " in every.caption
