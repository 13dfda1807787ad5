"""Views of coalitions: which equilibria hold against them, and who would leave the others together."""

from __future__ import annotations

import detente as dt
from detente.present.blocks import Bullets, Paragraph, Table
from detente.present.coalitions import answer, view


def test_coalitions_are_named_and_told_once_for_all_concepts() -> None:
    found = dt.example("ukraine-2023").coalition_analysis()
    first, _, equilibria, _, leaving = view(found)
    assert first == Paragraph(answer(found))
    assert isinstance(equilibria, Table)
    assert str(equilibria.rows[0][0]).startswith("323")
    assert isinstance(leaving, Bullets)
    items = (*leaving.items, *leaving.rest)
    ways = {(jump.start, jump.coalition, found.deterred(jump)) for jump in found.jumps}
    assert len(items) == len(ways)
    assert "Russia and Ukraine" in {item.lead for item in items}


def test_an_equilibrium_that_no_coalition_leaves_holds() -> None:
    found = dt.example("elmira").coalition_analysis(concepts=["nash"])
    _, _, equilibria, _, leaving = view(found)
    assert isinstance(equilibria, Table)
    assert {str(row[0])[0]: str(row[1]) for row in equilibria.rows} == {"5": "alone only", "8": "holds", "9": "holds"}
    assert isinstance(leaving, Bullets)
    assert leaving.items[0].points[0].startswith("Nash: Ontario Ministry of the Environment would take")


def test_no_equilibrium_leaves_nothing_to_tell() -> None:
    (only,) = view(dt.example("matching-pennies").coalition_analysis(concepts=["nash"]))
    assert only == Paragraph("No state is an equilibrium, so there is none to leave.")
