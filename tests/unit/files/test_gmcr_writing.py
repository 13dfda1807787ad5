"""The files of GMCR+, written: reading one back gives the same answers."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings

import detente as dt
from detente.analysis.exporting import export_text
from detente.examples import catalogue
from detente.files.gmcr import parse_gmcr
from tests.reference.brute_force import PLAIN
from tests.strategies import conflicts


def answers(conflict: dt.Conflict) -> list[dict[frozenset[str], list[int]]]:
    """For every concept the stable states by player; groups of one are lost on the way, and with them their order."""
    data = conflict.analyze(PLAIN).to_dict()
    return [
        {frozenset(player.split("+")): states for player, states in by_player.items()}
        for by_player in data["stability"].values()
    ]


def back(text: str) -> dt.Conflict:
    return parse_gmcr(text, "x.gmcr", dt.Conflict).conflict


@settings(deadline=None, max_examples=60)
@given(conflict=conflicts(merges=False, max_options=5))
def test_a_round_trip_changes_no_answer(conflict: dt.Conflict) -> None:
    if not conflict.options:
        return
    assert answers(back(export_text(conflict, "gmcr").text)) == answers(conflict)


@pytest.mark.parametrize("id", catalogue())
def test_every_dispute_of_the_catalogue_can_be_carried_over(id: str) -> None:
    conflict = dt.example(id)
    done = export_text(conflict, "gmcr")
    assert done.text.isascii()
    assert json.loads(done.text)["decisionMakers"]
    read = back(done.text)
    if conflict.merge:
        assert any("merged" in warning for warning in done.warnings)
    else:
        # Identifiers are made anew from the names, so only the order of the decision makers is left to go by.
        assert [list(one.values()) for one in answers(read)] == [list(one.values()) for one in answers(conflict)]
    if conflict.all_statements:
        assert any("statements" in warning for warning in done.warnings)


def test_more_than_63_statements_become_a_ranking() -> None:
    maker = dt.DecisionMaker("i", options=["a", "b"], preferences=["a", "b"] * 40)
    done = export_text(dt.Conflict("long", [maker]), "gmcr")
    assert json.loads(done.text)["useManualPreferenceRanking"] is True
    assert list(back(done.text).graph().ranks["i"]) == [4, 2, 3, 1]


def test_how_sure_and_how_strong_preferences_are_cannot_be_carried() -> None:
    sure = dt.example("prisoners-dilemma")
    unsure = sure.marked("row", "cooperate-column", strength="strong")
    told = [warning for warning in export_text(unsure, "gmcr").warnings if "how sure" in warning]
    assert len(told) == 1
    assert not any("how sure" in warning for warning in export_text(sure, "gmcr").warnings)
    assert any("how sure" in one for one in export_text(dt.example("lake-gisborne"), "gmcr").warnings)
