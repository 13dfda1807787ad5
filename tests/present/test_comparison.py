"""The words of a comparison."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

import detente as dt
from detente.analysis.comparison import Comparison, outcomes_of
from detente.analysis.differences import NameMatch
from detente.errors import UnknownNameError
from detente.model.preferences import NO_PREFERENCES
from detente.present.blocks import Heading, Table, plain_text
from detente.present.comparison import answer, change_in_words, identified, unattributed, view

ECONOMY = dt.example("lake-gisborne-economy")
CHANGED = ECONOMY.compare(dt.example("lake-gisborne-environment"))


def tables(found: Comparison) -> dict[str, Table]:
    """The tables of a view by the heading above each."""
    blocks = view(found)
    return {
        above.text: block
        for above, block in pairwise(blocks)
        if isinstance(above, Heading) and isinstance(block, Table)
    }


def test_comparison_answer_counts_the_changes() -> None:
    assert answer(CHANGED) == (
        "1 change from ‘Lake Gisborne water export, with an economy-minded province’ (2001) to ‘Lake Gisborne water "
        "export, with an environment-minded province’ (2001), with 1 new equilibrium and 2 lost."
    )
    assert answer(ECONOMY.compare(ECONOMY)) == "Nothing changed from the first version to the second version."


def test_comparison_tables_list_every_change_and_changed_equilibrium() -> None:
    found = tables(CHANGED)
    assert [row[1] for row in found["What changed"].rows] == [
        change_in_words(one, CHANGED.both) for one in CHANGED.changes
    ]
    states = {row[0].pattern: [str(cell) for cell in row[1:]] for row in found["New and lost equilibria"].rows}
    assert states["YNY"] == ["+"] * 6
    assert states["YYY"] == ["", "−", "−", "", "", ""]


def test_the_answer_counts_the_changes_that_act_alone() -> None:
    (change,) = CHANGED.changes
    idle = replace(change, alone=())
    both = replace(CHANGED, changes=(change, idle))
    assert answer(both).endswith(" lost. 1 of the changes would be enough to alter the equilibria.")
    none, two = (answer(replace(both, changes=some)) for some in ((idle, idle), (change, change)))
    assert none.endswith(" No change would alter the equilibria without the others.")
    assert two.endswith(" 2 of the changes would each be enough to alter the equilibria.")


def test_two_days_of_one_dispute_are_named_by_their_days() -> None:
    (days,) = dt.example("ukraine-2023").compare_days("2022-05-01", "2023-07-28", concepts=["nash"])
    assert " from 1 May 2022 to 28 July 2023, with " in answer(days)
    rows = tables(days)["New and lost equilibria"].rows
    names = [row[0].text for row in rows if "as reported" in row[0].text]  # type: ignore[union-attr]
    assert sorted(names) == [
        "as reported",
        "‘as reported’ (without ‘Stand ready for negotiations’ and ‘Rule out talks with Russia’)",
    ]


def test_a_name_whose_options_neither_day_has_is_told_without_them() -> None:
    (days,) = dt.example("ukraine-2023").compare_days("2022-05-01", "2023-02-01", concepts=["nash"])
    names = [row[0].text for row in tables(days)["New and lost equilibria"].rows]  # type: ignore[union-attr]
    assert not {"as reported", "neutrality agreement"}.intersection(names)
    assert "‘neutrality agreement’ (without ‘Stand ready for negotiations’)" in names
    (days,) = dt.example("ukraine-2023").compare_days("2022-02-01", "2022-05-01", concepts=["nash"])
    assert "no option taken" in [row[0].text for row in tables(days)["New and lost equilibria"].rows]  # type: ignore[union-attr]


def test_an_outcome_that_includes_a_new_option_is_new_and_was_lost_without_it() -> None:
    (days,) = dt.example("nile-dam").replaced(history=()).compare_days("2021-07-08", "2021-07-09", concepts=["nash"])
    before = "‘in the Security Council’ (without ‘Support Egypt in the Security Council’)"
    # The answer counts what the table shows.
    assert "with 1 new equilibrium and 1 lost." in answer(days)
    assert len(tables(days)["New and lost equilibria"].rows) == 2
    effects = [str(row[3]) for row in tables(days)["What changed"].rows]
    assert effects[0] == f"adds ‘in the Security Council’; removes {before}"
    assert effects[1].startswith(f"removes {before}")
    assert tables(days)["What changed"].caption.startswith("By itself: ")


def test_matches_by_name_are_reported() -> None:
    pairs = tuple(
        NameMatch(what, one, other, one)
        for what, one, other in (
            ("decision maker", "up", "upper_country"),
            ("decision maker", "down", "lower_country"),
            ("option", "pay", "pay_now"),
            ("option", "sanction", "impose"),
        )
    )
    assert identified(replace(CHANGED, pairs=pairs)) == (
        "Matched by name, with different identifiers: 2 decision makers and 2 options: ‘up’ (up, now upper_country), "
        "‘down’ (down, now lower_country), ‘pay’ (pay, now pay_now) and 1 more."
    )
    assert identified(CHANGED) == ""


def test_inseparable_changes_are_explained() -> None:
    elmira = dt.example("elmira")
    comparison = elmira.compare(
        elmira.replaced(merge=(), decision_makers=[replace(one, preferences=()) for one in elmira.decision_makers]),
        ["nash"],
    )
    assert unattributed(comparison).startswith(
        "The effect of each single change is unknown: the preferences of Ontario Ministry of the Environment, "
        "Uniroyal Chemical Ltd. and Local government rank the states one by one"
    )
    assert unattributed(comparison) in answer(comparison)
    assert unattributed(elmira.compare(elmira, ["nash"])) == ""


def test_two_outcomes_say_who_takes_what_who_prefers_which_and_for_whom_each_is_stable() -> None:
    nile = dt.example("nile-dam")
    analysis = nile.analyze()
    told = plain_text(view(outcomes_of(analysis, 24, 34)))
    assert "Option: Go to the Security Council; State 24: a binding agreement: not taken; State 34:" in told
    assert "1 other option is the same in both." in told
    assert "Egypt: prefers state 24 (rank 2 of 24) to state 34 (rank 7)." in told
    assert "From state 34 to state 24: not by improvements alone. It takes 1 concession by Ethiopia: " in told
    ukraine = dt.example("ukraine-2023").analyze(["nash"])
    several = plain_text(view(outcomes_of(ukraine, 114, 323)))
    assert "The United States and NATO allies: prefer state" in several
    assert "They could move in 11 ways" in several
    assert "Party: Sudan; State 24: a binding agreement: Stable under all six concepts. It could move" in told


def test_two_outcomes_without_a_difference_or_a_preference_say_so() -> None:
    river = dt.example("river-sharing")
    silent = river.replaced(decision_makers=[replace(one, preferences=NO_PREFERENCES) for one in river.decision_makers])
    analysis = silent.analyze(["nash"])
    same = plain_text(view(outcomes_of(analysis, 1, 1)))
    assert "The parties do the same in both outcomes." in same
    assert same.count("no preference between any outcomes is known.") == 2
    ranked = river.analyze(["nash"])
    told = plain_text(view(outcomes_of(ranked, 1, 4)))
    assert "Not stable. It " in told


def test_two_outcomes_as_data_say_what_the_words_say() -> None:
    nile = dt.example("nile-dam")
    found = nile.compare_outcomes("a binding agreement", 34)
    given = found.to_dict()
    assert (given["format"], given["first"]["number"], given["second"]["number"]) == ("detente-outcomes/1", 24, 34)
    assert given["preferences"]["egypt"] == {"ranks": [2, 7], "of": 24, "prefers": 24}
    assert sum(one["taken"][0] == one["taken"][1] for one in given["options"]) == 1
    back = given["ways"][1]
    assert (back["from"]["number"], back["number"], back["reachable"]) == (34, 24, False)
    assert {step["player"] for step in back["detour"] if not step["improvement"]} == {"ethiopia"}
    analysis = nile.analyze()
    for concept, players in given["stability"].items():
        for player, pair in players.items():
            assert pair == [state in {one.number for one in analysis.stable(concept, player)} for state in (24, 34)]
    assert len(found.rows()) == len(analysis.concepts) * 3
    assert "Egypt: prefers state 24 (rank 2 of 24) to state 34 (rank 7)." in str(found)
    with pytest.raises(UnknownNameError):
        nile.compare_outcomes(24, "no such outcome")


def test_an_outcome_compared_with_itself_or_without_preferences_is_not_preferred() -> None:
    river = dt.example("river-sharing")
    silent = river.replaced(decision_makers=[replace(one, preferences=NO_PREFERENCES) for one in river.decision_makers])
    assert {one["prefers"] for one in silent.compare_outcomes(1, 2).to_dict()["preferences"].values()} == {None}
    assert {one["of"] for one in silent.compare_outcomes(1, 2).to_dict()["preferences"].values()} == {1}
    assert {one["prefers"] for one in river.compare_outcomes(2, 2).to_dict()["preferences"].values()} == {None}
