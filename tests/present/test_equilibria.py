"""The words for an analysis: whether the dispute is stuck, for whom, and which states are equilibria."""

from __future__ import annotations

import detente as dt
from detente.present.blocks import Bullets, Table
from detente.present.equilibria import answer, equilibrium_sets, outcomes, players, sets_table, states_table, view
from detente.present.phrases import STUCK_UNSAID

UKRAINE = dt.example("ukraine-2023")
DILEMMA = dt.Conflict(
    "Dilemma",
    [
        dt.DecisionMaker("row", options=["r"], preferences=["c", "not r"]),
        dt.DecisionMaker("column", options=["c"], preferences=["r", "not c"]),
    ],
    status_quo=["r", "c"],
)


def test_answer_is_yes_no_partly_or_open() -> None:
    assert answer(DILEMMA.analyze(["nash"])) == (
        "No. The status quo, YY (state 4), is not an equilibrium under Nash: at least one party would move away from "
        "it."
    )
    assert answer(DILEMMA.analyze(["gmr"])) == (
        "Yes. The status quo, YY (state 4), is an equilibrium under GMR: a party that would gain by moving is deterred "
        "by how the other parties could respond."
    )
    assert answer(DILEMMA.analyze(["nash", "gmr"])).startswith("In part. The status quo, YY (state 4), is an")
    assert answer(DILEMMA.analyze(["nash", "gmr"])).endswith("It is not an equilibrium under Nash.")
    assert answer(UKRAINE.analyze(["seq"])).endswith(": no party can do better by moving on its own.")
    assert answer(dt.example("chicken").analyze()) == f"{STUCK_UNSAID}."


def test_unknown_preferences_leave_the_answer_open() -> None:
    unsure = DILEMMA.replaced(decision_makers=[DILEMMA.decision_makers[0], dt.DecisionMaker("column", options=["c"])])
    said = answer(unsure.analyze(["gmr"]))
    assert said.startswith("That cannot be said while preferences are unknown. The status quo, YY (state 4), is")


def test_view_names_each_partys_moves_and_what_deters_them() -> None:
    analysis = DILEMMA.analyze(["nash", "gmr"])
    assert [item.text for item in players(analysis, analysis.states()[3]).items] == [
        f"For {who}, a move from there leads to a preferred state, but it is deterred under GMR; not under Nash."
        for who in ("row", "column")
    ]


def test_common_part_of_outcomes_is_what_all_share() -> None:
    said, named = outcomes(UKRAINE.analyze(["seq"]))
    assert "In all of them Russia would not take" in said.text  # type: ignore[union-attr]
    assert isinstance(named, Bullets)


def test_equal_sets_of_equilibria_are_reported_once() -> None:
    first, second = equilibrium_sets(dt.example("chicken").analyze(["nash", "gmr", "seq"]))
    assert first.text == "Under Nash and SEQ 2 states are equilibria:"
    assert second.points[-1] == "‘both swerve’ (state 4, YY)"


def test_states_table_lists_equilibria_and_marks_the_status_quo() -> None:
    analysis = UKRAINE.analyze(["nash", "seq"])
    shown = states_table(analysis)
    numbers = {row[0].number for row in shown.rows}  # type: ignore[union-attr]
    assert numbers >= {state.number for id in ("nash", "seq") for state in analysis.equilibria(id)}
    assert [row[0].number for row in shown.rows if row[0].here] == [323]  # type: ignore[union-attr]
    every = states_table(analysis, everything=True)
    assert len(every.rows) == 396
    assert "All 396 feasible states" in every.caption
    counts = sets_table(analysis)
    assert [row[1] for row in counts.rows] == [str(len(analysis.equilibria(id))) for id in ("nash", "seq")]
    assert sum(isinstance(block, Table) for block in view(analysis, summary=True)) == 1
