"""The words for an analysis: whether the dispute is stuck, for whom, and which states are equilibria."""

from __future__ import annotations

import re
from dataclasses import replace
from textwrap import wrap

import detente as dt
from detente.engine.interface import Choice
from detente.examples import catalogue
from detente.io.conflict_file import parse_conflict
from detente.present.blocks import Paragraph, Table
from detente.present.equilibria import (
    answer,
    equilibrium_sets,
    first_lines,
    grounds,
    players,
    stable_outcomes,
    states_table,
    view,
)
from detente.present.listings import sets_table

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
        "No. The status quo (state 4) is not an equilibrium under Nash: row and column would move away from it."
    )
    assert answer(DILEMMA.analyze(["gmr"])) == (
        "Yes. The status quo (state 4) is an equilibrium under GMR: the other party can deter every gain."
    )
    assert answer(DILEMMA.analyze(["nash", "gmr"])) == (
        "It depends. The status quo (state 4) is an equilibrium under GMR only: the other party can deter every gain."
    )
    assert answer(UKRAINE.analyze(["seq"])).endswith(": no party can do better by moving on its own.")
    assert answer(dt.example("chicken").analyze()) == "Not known: no status quo is given."


def test_a_day_on_which_no_party_can_move_has_no_verdict() -> None:
    early = dt.example("ukraine-2023").at("2022-03-30").analyze(["nash"])
    assert answer(early) == "Not known: the model has only one state, so no party can move."


def test_answer_says_either_concept_for_two_and_any_of_them_for_more() -> None:
    river = dt.example("river-sharing")
    assert "is not an equilibrium under either concept:" in answer(river.analyze(["nash", "seq"]))
    assert "is not an equilibrium under any of the three concepts:" in answer(river.analyze(["nash", "gmr", "seq"]))


def test_unknown_preferences_leave_it_unsaid() -> None:
    unsure = DILEMMA.replaced(decision_makers=[DILEMMA.decision_makers[0], dt.DecisionMaker("column", options=["c"])])
    said = answer(unsure.analyze(["gmr"]))
    assert said.startswith("That cannot be said while preferences are unknown. The status quo (state 4) is")


def test_view_names_each_partys_moves_and_what_deters_them() -> None:
    analysis = DILEMMA.analyze(["nash", "gmr"])
    assert [item.text for item in players(analysis, analysis.states()[3]).items] == [
        f"For {who}, a move from the status quo leads to a preferred state, but it is deterred under GMR; not under "
        "Nash."
        for who in ("row", "column")
    ]


def test_outcomes_say_what_many_equilibria_share() -> None:
    assert stable_outcomes(UKRAINE.analyze(["seq"])).startswith(
        "14 other outcomes are equilibria under SEQ. In all 14, unlike in the status quo, Russia "
        "ends the “military operation”; Ukraine gives up its pursuit of membership in NATO. "
    )


def test_outcomes_name_those_that_are_stable_under_every_concept() -> None:
    said = stable_outcomes(dt.example("river-sharing").analyze())
    # Where that is told of the concepts one by one, it is not said again.
    assert "; ‘stand-off’ (state 5) also under Nash and SIM. The 2 outcomes are" in said
    assert "stable under all" not in said


def test_first_lines_spell_out_every_concept_and_fit_six_lines() -> None:
    for id in catalogue():
        *said, concepts = first_lines(dt.example(id).analyze())
        lines = [line for block in said for line in wrap(f"{block.lead} {block.text}", 80)]  # type: ignore[union-attr]
        assert 2 <= len(lines) <= 6, id
        assert not re.search("[YN-]{3,}", " ".join(lines))
        assert concepts.text == (  # type: ignore[union-attr]
            "Nash stability (rationality); GMR, general metarationality; SMR, symmetric metarationality; SEQ, "
            "sequential stability; SIM, simultaneous stability; SSEQ, symmetric sequential stability."
        )


def test_equilibrium_sets_tell_each_outcome_once() -> None:
    first, second = equilibrium_sets(dt.example("chicken").analyze(["nash", "gmr", "seq"]))
    assert first.text == "Under Nash and SEQ, 2 outcomes are equilibria:"
    assert first.points[0] == "‘only Row swerves’ (state 2): Row swerves; Column does not swerve"
    assert second.points[0] == "‘only Row swerves’ (state 2)"
    assert second.points[-1] == "‘both swerve’ (state 4): Row swerves; Column swerves"


def test_equilibrium_sets_say_in_what_many_outcomes_differ() -> None:
    (found,) = equilibrium_sets(UKRAINE.analyze(["seq"]))
    assert found.points == ()
    assert found.text.startswith(
        "Under SEQ, 15 outcomes are equilibria, the status quo among them. In the other 14, unlike"
    )
    assert "They differ in whether Russia withdraws its troops" in found.text


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


def test_view_says_which_engine_decided_what_and_why_if_they_differ() -> None:
    analysis = DILEMMA.analyze(["nash", "gmr", "seq"])
    assert "engine" not in str(view(analysis))
    by_list, by_diagrams = Choice("explicit", "4 states are few"), Choice("symbolic", "diagrams are small")
    mixed = replace(analysis, engine="mixed", engines={"nash": by_diagrams, "gmr": by_list, "seq": by_list})
    said = "Nash by the symbolic engine (diagrams are small); GMR and SEQ by the explicit engine (4 states are few)"
    assert Paragraph(f"Two engines decided the concepts: {said}.", small=True) in view(mixed)


ALONE = """
format: detente/1
title: One party alone
decision_makers: {city: {name: City, options: {close: Close the bridge}, preferences: [close]}}
status_quo: []
"""


def test_the_party_that_would_move_is_named_and_so_is_the_only_one_that_could_deter_it() -> None:
    alone = parse_conflict(ALONE)
    assert answer(alone.analyze(["nash"])).endswith("is not an equilibrium under Nash: City would move away from it.")
    assert str(alone.explain("status quo", "city", "seq")).count("Nothing deters that: there is no other party.") == 1
    crash = str(dt.example("chicken").explain(1, "column", "seq"))
    assert "Nothing deters that: Row has no improvements that would cancel the gain of Column." in crash


def test_a_party_without_known_preferences_is_not_told_as_content() -> None:
    silent = parse_conflict(ALONE.replace("preferences: [close]", "preferences: []"))
    said = str(silent.explain("status quo", "city", "seq"))
    assert "No preferences are known for City, so no move counts as a gain." in said


def test_preferences_out_of_force_are_counted() -> None:
    demand = dt.PreferenceStatement(dt.parse("x"), dt.Support(("s1",)))
    later = dt.PreferenceStatement(dt.parse("not x"), dt.Support(("s2",)))
    makers = [dt.DecisionMaker("a", options=["x"], preferences=dt.Prioritising((demand, later)))]
    said = [
        dt.Statement("s1", speaker="a", date_said="2024-01-01"),
        dt.Statement("s2", speaker="a", date_said="2024-03-01"),
    ]
    conflict = dt.Conflict("t", makers, statements=said, as_of="2024-04-01")
    early = grounds(conflict.at("2024-02-01").analyze().conflict)
    assert early.startswith("Of 1 preference, 1 depends on statements")
    assert "1 further preference is not in this model." in early
    assert "further" not in grounds(conflict.at("2024-04-01").analyze().conflict)
