"""The side file of scenarios: what is written is read again, and each fault is told with its place."""

from __future__ import annotations

from pathlib import Path
from shutil import copy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import detente as dt
from detente.errors import InputError
from detente.examples import path as example_path
from detente.io.scenarios import Scenario, parse_scenarios, scenarios_path, scenarios_text
from detente.model.parts import Rule
from detente.present.blocks import plain_text
from detente.present.what_if import OUT_OF_DATE, changes_in_words, scenarios_view
from tests.examples import examples

NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40).filter(str.strip)
PLACES = st.lists(st.tuples(st.just("rules"), st.integers(0, 9)) | st.tuples(st.just("one_way"), NAMES), max_size=3)
ORDERS = st.dictionaries(NAMES, st.permutations(range(4)).map(tuple), max_size=2)
SCENARIOS = st.builds(
    Scenario, NAMES, PLACES.map(tuple), ORDERS, st.lists(NAMES, max_size=3).map(tuple), st.sampled_from(["", "3f0c"])
)


@settings(max_examples=examples(60))
@given(st.lists(SCENARIOS, max_size=4, unique_by=lambda one: one.name))
def test_written_scenarios_are_read_again(scenarios: list[Scenario]) -> None:
    assert parse_scenarios(scenarios_text(scenarios), "x.scenarios.yaml") == tuple(scenarios)


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ("format: detente/1\n", 1, 9, "begins with 'format: detente-scenarios/1'"),
        ("format: detente-scenarios/1\nscenario: []\n", 2, 1, "unknown key 'scenario'"),
        ("format: detente-scenarios/1\nscenarios: {}\n", None, None, ""),
        ("format: detente-scenarios/1\nscenarios: {a: 1}\n", 2, 12, "must be a list"),
        ("format: detente-scenarios/1\nscenarios:\n  - [1]\n", 3, 5, "must be a mapping"),
        ("format: detente-scenarios/1\nscenarios:\n  - name: ''\n", 3, 11, "needs a name"),
        ("format: detente-scenarios/1\nscenarios:\n  - {name: a, of: []}\n", 3, 15, "unknown key 'of'"),
        ("format: detente-scenarios/1\nscenarios:\n  - name: a\n    off: [rules]\n", 4, 10, "list of places"),
        ("format: detente-scenarios/1\nscenarios:\n  - name: a\n    order: {b: [x]}\n", 4, 12, "list of numbers"),
        ("format: detente-scenarios/1\nscenarios:\n  - name: a\n    doubted: [[]]\n", 4, 14, "list of statements"),
        ("format: detente-scenarios/1\nscenarios:\n  - name: a\n  - name: a\n", 4, 11, "two scenarios are called 'a'"),
        ("format: [", 1, None, ""),
    ],
)
def test_fault_is_told_with_its_place(text: str, line: int | None, column: int | None, message: str) -> None:
    if line is None:
        assert parse_scenarios(text, "x.scenarios.yaml") == ()
        return
    with pytest.raises(InputError) as caught:
        parse_scenarios(text, "x.scenarios.yaml")
    fault = caught.value.faults[-1]
    assert message in fault.message
    assert (fault.file, fault.line) == ("x.scenarios.yaml", line)
    assert column is None or fault.column == column
    if "unknown key" in message:
        assert fault.suggestion in ("scenarios", "off")


def test_scenarios_are_loaded_from_beside_the_file(tmp_path: Path) -> None:
    file = tmp_path / "river-sharing.conflict.yaml"
    copy(example_path("river-sharing"), file)
    assert dt.load_scenarios(file) == ()
    with pytest.raises(InputError, match=r"river-sharing\.scenarios\.yaml: there is no such file"):
        dt.load_scenarios(file, ["No rule"])
    made = Scenario("No rule", off=(("rules", 0),), model=dt.load(file).digest)
    scenarios_path(file).write_text(scenarios_text([made]), encoding="utf-8")
    assert dt.load_scenarios(file) == (made,)
    assert made.is_current(dt.load(file))
    changed = dt.load(file).replaced(rules=[Rule("never", "sanction")])
    assert not made.is_current(changed)


def test_changes_are_told_in_words_and_missing_elements_named() -> None:
    river = dt.example("river-sharing")
    scenario = Scenario(
        "All of it",
        off=(("rules", 0), ("decision_makers", "upstream", "preferences", 1), ("rules", 9), ("one_way", "divert")),
        order={"downstream": (1, 0, 2), "stranger": (0,)},
        doubted=("s2", "s99"),
    )
    first, second, third, fourth, *rest = changes_in_words(river, scenario)
    assert first.startswith("Without the rule: Never both: Upstream country pays compensation")
    assert second == "Without preference 2 of Upstream country: Downstream country does not impose sanctions"
    assert third == "Without an element that the file no longer has (rules/9)"
    assert fourth == "No longer irreversible: Divert the river"
    assert rest[0].startswith("Changed order of the preferences of Downstream country; the most important now: ")
    assert rest[1] == "Changed order of the preferences of ‘stranger’, which the file no longer has"
    assert rest[2].startswith("Not believed: ") and rest[3] == "Not believed: s99, no longer in the file"


def test_outdated_scenario_is_marked_and_one_that_cannot_be_made_says_why() -> None:
    river = dt.example("river-sharing")
    current = Scenario("Now", off=(("rules", 0),), model=river.digest)
    old = Scenario("Then", off=(("rules", 99),), model="3f0c")
    told = plain_text(list(scenarios_view(river, river.analyze(), [current, old])))
    now, then = told.split("Then")
    assert OUT_OF_DATE not in now and "The model has 8 states; that of the file has 6." in now
    assert OUT_OF_DATE in then and "Not examined: unknown element that can be switched off 'rules/99'" in then


def test_report_has_a_chapter_of_the_chosen_scenarios() -> None:
    from detente.report.briefing import report

    river = dt.example("river-sharing")
    scenario = Scenario("<b>No rule</b>", off=(("rules", 0),), model=river.digest)
    html = report(river, ["nash"], samples=20, scenarios=[scenario]).html()
    assert "&lt;b&gt;No rule&lt;/b&gt;" in html and "<b>No rule" not in html
    assert "The model has 8 states; that of the file has 6." in html
    assert "Scenarios</h2>" not in report(river, ["nash"], samples=20).html()
