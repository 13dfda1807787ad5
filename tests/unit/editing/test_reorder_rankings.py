"""Rankings and payoffs stay about the same states when a change gives those other numbers, letters or names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import detente as dt
from detente.editing import edited_file
from detente.editing.reorder import carry_rankings
from detente.engine import solver
from detente.errors import InputError
from detente.io.conflict_file import ConflictFile
from detente.model.parts import Option
from detente.model.preferences import Payoffs, Ranking
from detente.model.states import StateList, feasible_members
from tests import strategies
from tests.unit.web.serving import PLANT


def by_taken(conflict: dt.Conflict, place: int) -> dict[frozenset[str], int]:
    """Return for every state, by what is taken in it, its rank for a decision maker."""
    ranks = solver(conflict).ranks(place)
    return {frozenset(state.taken): rank for state, rank in zip(StateList(conflict), ranks, strict=True)}


def in_order(ranks: dict[frozenset[str], int], states: list[frozenset[str]]) -> list[int]:
    """Return the ranks of some states, counted among them alone."""
    worths = sorted({ranks[one] for one in states})
    return [worths.index(ranks[one]) for one in states]


CONFLICTS = strategies.conflicts(max_options=5, merges=False, coalitions=False)


@given(CONFLICTS, st.integers(0, 3))
def test_new_option_is_ranked_indifferently(conflict: dt.Conflict, place: int) -> None:
    makers = list(conflict.decision_makers)
    owner = makers[place % len(makers)]
    made = dt.DecisionMaker(owner.id, owner.name, [*owner.options, Option("new")], owner.preferences)
    makers[place % len(makers)] = made
    after = carry_rankings(conflict, conflict.replaced(decision_makers=makers))
    for number in range(len(makers)):
        before, now = by_taken(conflict, number), by_taken(after, number)  # type: ignore[arg-type]
        states = list(now)
        assert in_order(now, states) == in_order({one: before[one - {"new"}] for one in states}, states)


@given(CONFLICTS, st.data())
def test_remaining_states_keep_their_order(conflict: dt.Conflict, data: st.DataObject) -> None:
    options = [option.id for option in conflict.options]
    assume(options)
    rules = data.draw(st.lists(strategies.rules(options), max_size=2))
    changed = conflict.replaced(rules=rules, states=data.draw(st.sampled_from([conflict.states, ()])))
    assume(next(feasible_members(changed), None) is not None)
    after = carry_rankings(conflict, changed)
    old, new = ({frozenset(state.taken) for state in StateList(one)} for one in (conflict, after))
    strange = len(new - old)
    # Payoffs have no place for a new state.
    assume(not strange or not any(isinstance(one.preferences, Payoffs) for one in conflict.decision_makers))
    for number, maker in enumerate(after.decision_makers):
        before, now = by_taken(conflict, number), by_taken(after, number)  # type: ignore[arg-type]
        both = [one for one in now if one in before]
        assert in_order(now, both) == in_order(before, both)
        if strange and isinstance(maker.preferences, Ranking) and both:
            assert len(maker.preferences.groups[-1]) == strange
            assert len(maker.preferences.groups) - 1 in maker.preferences.unknown


def edited(file: ConflictFile, edit: dict[str, Any]) -> str:
    return edited_file(file, edit).text


@pytest.fixture
def file(tmp_path: Path) -> ConflictFile:
    return ConflictFile.of(PLANT, tmp_path / "plant.conflict.yaml")


def preferences(text: str, file: ConflictFile, place: int) -> object:
    return ConflictFile.of(text, file.path).conflict.decision_makers[place].preferences


def test_option_is_added_to_a_dispute_with_rankings(file: ConflictFile) -> None:
    text = edited(file, {"do": "add", "at": ["decision_makers", "bank", "options"], "name": "Lend"})
    ranking, payoffs = preferences(text, file, 1), preferences(text, file, 3)
    assert isinstance(ranking, Ranking)
    assert [len(group) for group in ranking.groups] == [2, 2, 4, 2, 2]
    assert ranking.groups[0] == ("deal", "YYNY")
    assert ranking.great == (2,)
    assert isinstance(payoffs, Payoffs)
    assert len(payoffs.payoffs) == 12
    back = edited(
        ConflictFile.of(text, file.path),
        {"do": "remove", "at": ["decision_makers", "bank", "options", "lend"]},
    )
    assert [len(group) for group in preferences(back, file, 1).groups] == [1, 1, 2, 1, 1]  # type: ignore[attr-defined]


def test_renamed_state_is_renamed_in_rankings(file: ConflictFile) -> None:
    text = edited(file, {"do": "rename", "at": ["states", "deal"], "to": "agreement"})
    assert preferences(text, file, 1).groups[0] == ("agreement",)  # type: ignore[attr-defined]
    text = edited(file, {"do": "set", "at": ["states", "deal"], "value": ["build"]})
    assert preferences(text, file, 1).groups[0] == ("YYN",)  # type: ignore[attr-defined]


def test_states_added_by_an_edit_need_payoffs_but_may_be_unranked(file: ConflictFile) -> None:
    with pytest.raises(InputError, match="the payoffs of The bank: 2 of 8 states are not ranked"):
        edited(file, {"do": "remove", "at": ["rules", 0]})
    ranked = ConflictFile.of(
        edited(file, {"do": "convert", "at": ["decision_makers", "bank"], "form": "ranking"}), file.path
    )
    held = preferences(edited(ranked, {"do": "remove", "at": ["rules", 0]}), file, 3)
    assert isinstance(held, Ranking)
    assert held.groups[-1] == ("NYN", "NYY")
    assert held.unknown == (len(held.groups) - 1,)
