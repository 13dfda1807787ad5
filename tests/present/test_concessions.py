"""A concession that leaves the mover equally well off is told so, wherever concessions are told."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings

import detente as dt
from detente.analysis.explanation import equally_good
from detente.engine import solver
from detente.io.conflict_file import parse_conflict
from detente.model.conflict import Conflict
from detente.model.states import StateList
from detente.present import evolution, overview
from detente.present.blocks import plain_text
from tests.examples import examples
from tests.strategies import conflicts

#: A can let B move only by a step that changes nothing for A; B then gains.
FREE = """
format: detente/1
title: A gate
decision_makers:
  a: {name: Alva, options: {gate: Open the gate}, preferences: [PREFERENCE]}
  b: {name: Bern, options: {truck: Send the truck}, preferences: [truck and gate, not truck]}
rules: [{never: truck and not gate}]
status_quo: []
"""


@given(conflicts())
@settings(max_examples=examples(60))
def test_equally_good_agrees_with_the_ranks_of_the_engine(conflict: Conflict) -> None:
    found = solver(conflict)
    states = [found.state(number) for number in range(1, min(found.count, 12) + 1)]
    for place, maker in enumerate(conflict.decision_makers):
        ranks = found.ranks(place)
        for first in states:
            for second in states:
                if "-" in first.pattern + second.pattern:
                    assert not equally_good(conflict.replaced(coalitions=()), maker.id, first, second)
                else:
                    same = ranks[first.number - 1] == ranks[second.number - 1]
                    assert equally_good(conflict.replaced(coalitions=()), maker.id, first, second) == same


@pytest.mark.parametrize(("preference", "free"), [("truck", True), ("not truck, not gate", False)])
def test_a_concession_is_told_with_what_it_costs(preference: str, free: bool) -> None:
    conflict = parse_conflict(FREE.replace("PREFERENCE", preference))
    told = [plain_text(overview.view(conflict.overview(), brief=brief)) for brief in (False, True)]
    told.append(plain_text(evolution.view(conflict.evolve())))
    for words in told:
        assert ("equally well off" in words) == free, words
        assert "1 concession" in words
        assert "it is worse for the mover, or equally good" in words
    if free:
        assert "1 concession, by Alva (equally well off)" in told[0]
        assert "(a concession, after which Alva is equally well off)" in told[0]
        assert "1 concession away, by Alva (equally well off)" in told[0]


@pytest.mark.parametrize("name", ["nile-dam", "ukraine-2023"])
def test_each_concession_of_a_path_is_marked_by_the_preferences(name: str) -> None:
    conflict = dt.example(name)
    for target in conflict.evolve().targets:
        for step in evolution.concessions_of(target.route or ()):
            mark = evolution.concession_mark(conflict, step)
            assert ("equally well off" in mark) == equally_good(conflict, *step)
            assert evolution.conceded_by(conflict, [step]).endswith("(equally well off)") == ("equally" in mark)


def test_the_players_are_told_with_their_concessions() -> None:
    conflict = parse_conflict(FREE.replace("PREFERENCE", "truck"))
    nothing, gate, both = StateList(conflict)
    one, two = ("a", nothing, gate), ("b", both, gate)
    assert evolution.conceded_by(conflict, [one, two]) == "Alva (equally well off) and Bern"
    assert evolution.conceded_by(conflict, [one, one, two]) == "Alva (2, equally well off) and Bern (1)"
    assert evolution.conceded_by(conflict, [two, two]) == "Bern"
    assert re.search(r"\(2 each\)$", evolution.conceded_by(conflict, [one, one, two, two]))
