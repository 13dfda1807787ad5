"""Views of coalitions: which equilibria are stable against them, and the joint moves from the others."""

from __future__ import annotations

import detente as dt
from detente.present.blocks import Bullets, Paragraph, Table
from detente.present.coalitions import answer, view


def test_coalitions_are_named_once_for_all_concepts() -> None:
    found = dt.example("ukraine-2023").coalition_analysis()
    first, stable, spelled, _, equilibria, _, leaving = view(found)
    assert first == Paragraph(answer(found))
    assert isinstance(stable, Paragraph)
    assert "They differ in whether " in stable.text
    assert isinstance(spelled, Paragraph)
    assert spelled.lead == "Concepts:"
    assert isinstance(equilibria, Table)
    assert str(equilibria.rows[0][0]).startswith("323")
    assert isinstance(leaving, Bullets)
    items = (*leaving.items, *leaving.rest)
    concepts: dict[tuple[object, ...], set[str]] = {}
    for jump in found.jumps:
        concepts.setdefault((jump.start, jump.coalition, found.deterred(jump), jump.path), set()).add(jump.concept)
    assert len(items) == len({(*way[:3], frozenset(under)) for way, under in concepts.items()})
    assert "Russia and Ukraine" in {item.lead for item in items}


def test_equilibria_are_marked_by_whether_a_coalition_leaves_them() -> None:
    found = dt.example("elmira").coalition_analysis(concepts=["nash"])
    *_, equilibria, _, leaving = view(found)
    assert isinstance(equilibria, Table)
    assert {str(row[0])[0]: str(row[1]) for row in equilibria.rows} == {"5": "alone", "8": "all", "9": "all"}
    assert isinstance(leaving, Bullets)
    assert leaving.items[0].points[0].startswith("Ontario Ministry of the Environment modifies")


def test_without_equilibria_only_that_is_said() -> None:
    (only,) = view(dt.example("matching-pennies").coalition_analysis(concepts=["nash"]))
    assert only == Paragraph("No state is an equilibrium, so there is none that a coalition could leave.")
