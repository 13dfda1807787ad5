"""Views of coalitions: which equilibria are stable against them, and the joint moves from the others."""

from __future__ import annotations

import detente as dt
from detente.present.blocks import Bullets, Paragraph, Table
from detente.present.coalitions import answer, view


def test_coalitions_are_named_once_for_all_concepts() -> None:
    found = dt.example("ukraine-2023").coalition_analysis()
    first, stable, spelled, _, equilibria, _, leaving, _, others = view(found)
    assert first == Paragraph(answer(found))
    assert isinstance(stable, Paragraph)
    assert "They differ in whether " in stable.text
    assert isinstance(spelled, Paragraph)
    assert spelled.lead == "Concepts:"
    assert isinstance(equilibria, Table)
    assert str(equilibria.rows[0][0]).startswith("323")
    assert isinstance(leaving, Bullets)
    items = (*leaving.items, *leaving.rest)
    # 'Withdrawal for neutrality' has a name, too, and no coalition leaves it.
    assert len(items) == 1
    assert items[0].lead == "From ‘as reported’ (state 323):"
    assert (
        items[0]
        .points[0]
        .startswith("Russia and Ukraine would gain by a joint move under every concept except Nash: Russia ")
    )
    assert items[0].points[1].startswith("Or: Russia ")
    assert items[0].points[-1] == (
        "Under Nash, a coalition would gain only by moves to outcomes that are not equilibria."
    )
    # Equilibria without a name are told by their numbers.
    assert isinstance(others, Table)
    rows = [[str(cell) for cell in row] for row in (*others.rows, *others.rest)]
    told = {int(row[0].split()[0]) for row in rows}
    assert told == {jump.start.number for jump in found.jumps if not found.deterred(jump)} - {323}
    assert rows[0][1:] == ["Russia and Ukraine", "105", "SEQ"]


def test_what_deters_a_joint_move_stands_behind_it() -> None:
    """Before the colon, the move would look like the response."""
    conflict = dt.example("ukraine-2023")
    # The status quo has no name here, and three equilibria have one.
    patterns = {"mixed": "NYNNNYNYNYN", "several": "NYYNYNNYNYY"}
    taken = {
        name: [option.id for option, one in zip(conflict.options, pattern, strict=True) if one == "Y"]
        for name, pattern in patterns.items()
    }
    named = conflict.replaced(states=[dt.NamedState(name, frozenset(one)) for name, one in taken.items()])
    found = named.coalition_analysis()
    [leaving] = [one for one in view(found) if isinstance(one, Bullets)]
    items = {item.lead: item.points for item in (*leaving.items, *leaving.rest)}
    mixed = items["From ‘mixed’ (state 117):"][0]
    assert mixed.startswith("Russia and Ukraine would gain by a joint move under SEQ: Russia ")
    assert mixed.endswith(". The responses of the United States and NATO allies deter that under GMR and SMR.")
    several = items["From ‘several’ (state 312):"]
    assert several[1].startswith("Or: ")
    assert several[2] == "But responses of Russia deter both ways under every concept except Nash."
    assert not any("Under Nash, a" in point for lead, points in items.items() if "323" not in lead for point in points)


def test_the_answer_counts_equilibria_that_are_left_and_that_are_not() -> None:
    assert answer(dt.example("ukraine-2023").coalition_analysis()).endswith(
        "In the model, Russia and Ukraine would both gain by moving together; so would all parties together. "
        "Of 15 equilibria, 10 are stable against every coalition."
    )


def test_equilibria_are_marked_by_whether_a_coalition_leaves_them() -> None:
    found = dt.example("elmira").coalition_analysis(concepts=["nash"])
    *_, equilibria, _, leaving = view(found)
    assert isinstance(equilibria, Table)
    assert {str(row[0])[0]: str(row[1]) for row in equilibria.rows} == {"5": "alone", "8": "all", "9": "all"}
    assert isinstance(leaving, Bullets)
    assert ": Ontario Ministry of the Environment modifies" in leaving.items[0].points[0]


def test_without_equilibria_only_that_is_said() -> None:
    (only,) = view(dt.example("matching-pennies").coalition_analysis(concepts=["nash"]))
    assert only == Paragraph("No state is an equilibrium, so there is none that a coalition could leave.")
