"""How text for people is put: one way for each thing, whatever the names are."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

import detente as dt
from detente.model.wording import listed, state_label
from detente.present.equilibria import answer
from detente.present.phrases import changes_in_words, coalition_in_words, difference
from detente.report.briefing import report

#: What would follow a singular name only.
THIRD_PERSON = r"(takes|drops|has|does|gains|moves|prefers|expects|sees|ranks|leaves|is|was)\b"


@pytest.fixture(scope="module")
def conflict() -> dt.Conflict:
    return dt.example("ukraine-2023")


def told(conflict: dt.Conflict) -> Iterator[str]:
    yield report(conflict, samples=20).markdown()
    for place in ("status quo", "neutrality as in the 2022 draft", "halt in place"):
        for maker in conflict.decision_makers:
            for concept in ("nash", "smr", "seq", "maximin_4"):
                yield str(conflict.explain(place, maker.id, concept))
    evolution = conflict.evolve(by="improvements")
    yield str(evolution)


def test_a_name_that_is_plural_is_followed_by_no_singular_verb(conflict: dt.Conflict) -> None:
    for text in told(conflict):
        assert re.findall(rf"NATO allies {THIRD_PERSON}", text) == []


def test_the_one_state_without_options_is_told_in_words() -> None:
    """It has no letters, and where they would stand there was nothing."""
    nobody = dt.Conflict("none", [dt.DecisionMaker("a")], status_quo=[], states={"calm": []})
    (state,) = nobody.analyze().states()
    assert state_label(state) == "‘calm’, the one state of a dispute without options"
    first = answer(nobody.replaced(states=()).analyze())
    assert "The status quo, the one state of a dispute without options, is an equilibrium" in first


def test_names_are_set_off_one_way(conflict: dt.Conflict) -> None:
    for text in told(conflict):
        assert re.findall(r"(?<!\w)'[A-Z][^']*'", text) == []


def test_a_deed_is_told_as_one(conflict: dt.Conflict) -> None:
    here, there = (conflict.explain(state, "russia").state for state in ("status quo", "withdrawal for neutrality"))
    assert changes_in_words(conflict, here, there, ["us-nato"]) == "drop ‘Provide military aid to Ukraine’"
    assert difference(conflict, here, here) == ""
    assert difference(conflict, here, there, ["russia"]) == (
        "Russia would take ‘Withdraw its troops from Crimea and the territories it controls’ and drop "
        "‘Continue the military operation’"
    )


def test_everybody_is_named_in_two_words(conflict: dt.Conflict) -> None:
    assert coalition_in_words(conflict, ["russia", "ukraine", "us-nato"]) == "all of them"
    assert coalition_in_words(conflict, ["russia", "us-nato"]) == "Russia, and United States and NATO allies"
    assert coalition_in_words(dt.example("river-sharing"), ["upstream", "downstream"]) == (
        "Upstream country and Downstream country"
    )


def test_a_list_of_lists_can_be_read() -> None:
    assert listed(["‘a and b’", "‘c’"]) == "‘a and b’ and ‘c’"
    assert listed([]) == ""
