"""The files of GMCR+, read: section by section, and what a faulty one is answered with.

The files of GMCR+, written: reading one back gives the same answers.
"""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

import detente as dt
from detente.examples import catalogue
from detente.io.gmcr import parse_gmcr
from detente.render.export import export_text
from tests.examples import examples
from tests.reference.brute_force import PLAIN
from tests.strategies import conflicts

MINIMAL: dict[str, Any] = {
    "options": [{"name": "a", "permittedDirection": "both"}, {"name": "b", "permittedDirection": "fwd"}],
    "decisionMakers": [
        {"name": "A", "options": [0], "preferences": [[[1, "Y"]], [[0, "N"]]]},
        {
            "name": "B",
            "options": [1],
            "preferences": [{"compound": True, "members": [[[0, "Y"], [1, "Y"]], [[0, "N"], [1, "N"]]]}],
        },
    ],
    "infeasibles": [],
    "useManualPreferenceRanking": False,
}


def changed(**changes: Any) -> dict[str, Any]:
    """The minimal file with keys changed; ``options__0__name="x"`` changes one inside."""
    data = deepcopy(MINIMAL)
    for path, value in changes.items():
        *way, last = [int(step) if step.isdecimal() else step for step in path.split("__")]
        here: Any = data
        for step in way:
            here = here[step]
        if value is None:
            del here[last]
        else:
            here[last] = value
    return data


def read(data: Any) -> tuple[dt.Conflict, tuple[str, ...]]:
    found = parse_gmcr(json.dumps(data), "x.gmcr")
    return found.conflict, found.warnings


def test_minimal_gmcr_file_is_read() -> None:
    conflict, warnings = read(MINIMAL)
    assert not warnings
    graph = conflict.graph()
    assert [state.pattern for state in graph.states] == ["NN", "YN", "NY", "YY"]
    # Payoffs A = 2, 1, 4, 3 and B = 2, 1, 1, 2: ranks count from the best.
    assert list(graph.ranks["a"]) == [3, 4, 1, 2]
    assert list(graph.ranks["b"]) == [1, 2, 2, 1]
    assert conflict.direction == {"b": True}
    assert str(conflict.decision_makers[1].preferences.statements[0]) == "a iff b"


def test_gmcr_options_are_sorted_by_owner() -> None:
    data = changed(decisionMakers__0__options=[1], decisionMakers__1__options=[0])
    assert [option.name for option in read(data)[0].options] == ["b", "a"]


@pytest.mark.parametrize(("way", "direction"), [("both", {}), ("fwd", {"a": True}), ("back", {"a": False})])
def test_gmcr_directions_become_one_way_options(way: str, direction: dict[str, bool]) -> None:
    conflict, _ = read(changed(options__0__permittedDirection=way, options__1__permittedDirection="both"))
    assert conflict.direction == direction


def test_unknown_direction_gives_a_warning() -> None:
    _, warnings = read(changed(options__0__permittedDirection="sideways"))
    assert warnings == ("options[0]: the direction \"sideways\" is unknown and read as 'both'",)


def test_infeasible_states_become_one_rule_each() -> None:
    conflict, _ = read(changed(infeasibles=[[[0, "Y"], [1, "Y"]], [[0, "Y"], [1, "Y"]]]))
    assert [str(rule) for rule in conflict.rules] == ["never: a and b"]
    assert conflict.analyze(["nash"]).count == 3


@pytest.mark.parametrize(
    ("members", "text"),
    [
        ([[[0, "Y"], [1, "Y"]], [[0, "N"], [1, "Y"]], [[0, "N"], [1, "N"]]], "if a then b"),
        ([[[0, "Y"], [1, "Y"]], [[0, "N"], [1, "N"]]], "a iff b"),
        ([[[0, "Y"]], [[1, "N"]]], "a or not b"),
        ([[[0, "Y"], [1, "N"]]], "a and not b"),
    ],
)
def test_gmcr_conditions_are_written_in_plain_syntax(members: list[Any], text: str) -> None:
    data = changed(decisionMakers__0__preferences=[{"compound": True, "members": members}])
    assert str(read(data)[0].decision_makers[0].preferences.statements[0]) == text


def test_gmcr_statements_without_effect_are_left_out() -> None:
    conflict, warnings = read(changed(decisionMakers__0__preferences=[[], {"members": []}, [[0, "Y"]]]))
    assert len(conflict.decision_makers[0].preferences.statements) == 1
    assert len(warnings) == 2


@pytest.mark.parametrize(
    ("flag", "key"),
    [
        ("useManualPreferenceRanking", "preferenceRanking"),
        ("useManualPreferenceVectors", "preferenceVector"),
    ],
)
def test_rankings_are_read_under_both_names(flag: str, key: str) -> None:
    data = changed(useManualPreferenceRanking=None)
    data[flag] = True
    data["decisionMakers"][0][key] = [4, [1, 2], 3]
    data["decisionMakers"][1][key] = [1, 2, 3, 4]
    ranks = read(data)[0].graph().ranks
    assert list(ranks["a"]) == [2, 2, 3, 1]
    assert list(ranks["b"]) == [1, 2, 3, 4]


def test_ranking_without_its_flag_is_ignored() -> None:
    conflict, _ = read(changed(decisionMakers__0__preferenceRanking=[1, 2, 3, 4]))
    assert list(conflict.graph().ranks["a"]) == [3, 4, 1, 2]


def test_gmcr_coalitions_are_read() -> None:
    three = deepcopy(MINIMAL)
    three["options"].append({"name": "c", "permittedDirection": "both"})
    three["decisionMakers"].append({"name": "C", "options": [2], "preferences": []})
    three["coalitions"] = [0, [1, 2]]
    assert read(three)[0].players == (("a",), ("b", "c"))
    three["coalitions"] = [[0], 1, 2]
    assert read(three)[0].coalitions == ()
    three["coalitions"] = [[0, 1]]
    conflict, warnings = read(three)
    assert not conflict.coalitions
    assert "do not name every decision maker" in warnings[0]
    three["coalitions"] = [[0, 1], [1, 2]]
    with pytest.raises(dt.InputError, match="named twice"):
        read(three)


def test_gmcr_misperceptions_give_a_warning() -> None:
    _, warnings = read(changed(decisionMakers__0__misperceptions=[[[0, "Y"]]]))
    assert any("misperception" in warning for warning in warnings)


def test_names_become_identifiers_and_stay_as_names() -> None:
    data = changed(options__0__name="Not!", options__1__name="Ölpreis 5 %")
    conflict, _ = read(data)
    assert [(option.id, option.name) for option in conflict.options] == [
        ("not-it", "Not!"),
        ("ölpreis-5", "Ölpreis 5 %"),
    ]
    same = changed(options__0__name="x", options__1__name="x")
    assert [option.id for option in read(same)[0].options] == ["x", "x-2"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ([], "the file: must be an object"),
        (changed(options=None), "'options' is missing"),
        (changed(decisionMakers=None), "'decisionMakers' is missing"),
        (changed(infeasibles=None), "'infeasibles' is missing"),
        (changed(useManualPreferenceRanking=None), "'useManualPreferenceRanking' is missing"),
        (changed(options=5), "options: must be a list"),
        (changed(options__0__name=None), "'name' is missing"),
        (changed(options__0__permittedDirection=None), "'permittedDirection' is missing"),
        (changed(decisionMakers__0__options=[7]), "there is no number 7"),
        (changed(decisionMakers__0__options=[True]), "must be a whole number"),
        (changed(decisionMakers__0__options=[0, 1]), "already belongs to"),
        (changed(decisionMakers__0__options=[]), "no decision maker has option 0"),
        (changed(decisionMakers__0__preferences=[[[0, "Q"]]]), '"Y" or "N"'),
        (changed(decisionMakers__0__preferences=[[[0, "Y"], [0, "N"]]]), "named twice"),
        (changed(infeasibles=[[]]), "excludes every state"),
        (changed(infeasibles=[{"members": []}]), "must be a list"),
        (changed(infeasibles=[[[0, "Y"]], [[0, "N"]]]), "x.gmcr: infeasibles: together these exclude every state"),
        (
            changed(infeasibles=[[[0, way], [1, other]] for way in "YN" for other in "YN"]),
            "together these exclude every state",
        ),
        (changed(useManualPreferenceRanking=True), "'preferenceRanking' is missing"),
    ],
)
def test_faulty_gmcr_file_is_refused(data: Any, words: str) -> None:
    with pytest.raises(dt.InputError) as caught:
        read(data)
    assert words in str(caught.value)
    assert str(caught.value).startswith("x.gmcr")


def test_incomplete_ranking_is_refused() -> None:
    data = changed(useManualPreferenceRanking=True)
    data["decisionMakers"][0]["preferenceRanking"] = [1, 2, 3, 3]
    data["decisionMakers"][1]["preferenceRanking"] = [1, 2, 3, 4]
    with pytest.raises(dt.InputError, match="each of the 4 feasible states once"):
        read(data)


@pytest.mark.parametrize("text", ["", "{", '{"options": [', "[[[[", "NaN", "null", "[" * 100_000])
def test_text_that_is_not_gmcr_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "x.gmcr"
    path.write_text(text)
    with pytest.raises(dt.InputError):
        dt.load(path)


def answers(conflict: dt.Conflict) -> list[dict[frozenset[str], list[int]]]:
    """For every concept the stable states by player; groups of one are lost on the way, and with them their order."""
    data = conflict.analyze(PLAIN).to_dict()
    return [
        {frozenset(player.split("+")): states for player, states in by_player.items()}
        for by_player in data["stability"].values()
    ]


def back(text: str) -> dt.Conflict:
    return parse_gmcr(text, "x.gmcr").conflict


@settings(deadline=None, max_examples=examples(60))
@given(conflict=conflicts(merges=False, max_options=5))
def test_gmcr_round_trip_changes_no_answer(conflict: dt.Conflict) -> None:
    if not conflict.options:
        return
    assert answers(back(export_text(conflict, "gmcr").text)) == answers(conflict)


@pytest.mark.parametrize("id", catalogue())
def test_every_catalogue_dispute_exports_to_gmcr(id: str) -> None:
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


def test_gmcr_export_warns_about_confidence_and_strength() -> None:
    sure = dt.example("prisoners-dilemma")
    unsure = sure.marked("row", "cooperate-column", strength="strong")
    told = [warning for warning in export_text(unsure, "gmcr").warnings if "the confidence" in warning]
    assert len(told) == 1
    assert not any("the confidence" in warning for warning in export_text(sure, "gmcr").warnings)
    assert any("the confidence" in one for one in export_text(dt.example("lake-gisborne"), "gmcr").warnings)
