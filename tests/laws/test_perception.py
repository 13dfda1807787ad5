"""Different eyes: against striking out what is not seen, by the definitions; and what must be true of the answer."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import detente as dt
from detente.concepts import CONCEPTS
from detente.io.conflict_file import dump_conflict, parse_conflict
from detente.model.states import feasible_members
from detente.present import perception as words
from tests.examples import examples
from tests.laws.test_third_party import Held
from tests.strategies import conflicts, views

relaxed = settings(
    deadline=None, max_examples=examples(60), suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)
DECIDED = ("nash", "gmr", "smr", "seq", "sseq")


class Seen(Held):
    """The game that one decision maker sees: no move to or from a state with an option that it does not see."""

    def __init__(self, conflict: dt.Conflict, view: dt.View) -> None:
        believing = [
            replace(
                maker, preferences=maker.preferences if view.believed(maker.id) is None else view.believed(maker.id)
            )
            for maker in conflict.decision_makers
        ]
        self.unseen = frozenset(view.does_not_see)
        super().__init__(conflict.replaced(decision_makers=believing, views=[]), frozenset(), self.unseen)

    def looks_like(self, state: frozenset) -> frozenset | None:
        """A state with a member that can be seen looks like itself, another like its first member as far as seen."""
        if state in self.left:
            return state
        seen = [member - self.unseen for member in sorted(state, key=self._binary)]
        return next((self.state_of[member] for member in seen if member in self.members_left), None)


def with_views(conflict: dt.Conflict, data: st.DataObject) -> dt.Conflict:
    return conflict.replaced(views=data.draw(views(conflict)))


@relaxed
@given(conflict=conflicts(max_options=4, coalitions=False, min_makers=2), data=st.data())
def test_hypergame_equilibria_equal_the_definitions(conflict: dt.Conflict, data: st.DataObject) -> None:
    conflict = with_views(conflict, data)
    given_views = {view.decision_maker: view for view in conflict.views}
    games = [Seen(conflict, given_views.get(maker.id, dt.View(maker.id))) for maker in conflict.decision_makers]
    assume(all(game.left for game in games))
    found = conflict.perceive(DECIDED)
    for concept in DECIDED:
        stays = []
        for place, game in enumerate(games):
            looks = [game.looks_like(state) for state in game.states]
            stays.append([seen is None or game.is_stable(concept, place, seen) for seen in looks])
            expected = [
                number
                for number, state in enumerate(game.states, start=1)
                if state in game.left and all(game.is_stable(concept, who, state) for who in range(len(games)))
            ]
            assert list(found.expected[concept][conflict.decision_makers[place].id]) == expected
        holding = [number for number, row in enumerate(zip(*stays, strict=True), start=1) if all(row)]
        assert list(found.equilibria[concept]) == holding
        surprised = {
            (number, conflict.decision_makers[place].id)
            for number in holding
            for place, game in enumerate(games)
            if game.looks_like(game.states[number - 1]) != game.states[number - 1]
            or number not in found.expected[concept][conflict.decision_makers[place].id]
        }
        assert {
            (one.state.number, one.decision_maker) for one in found.surprises if one.concept == concept
        } == surprised
        mistaken = {
            (number, maker.id)
            for maker in conflict.decision_makers
            for number in found.expected[concept][maker.id]
            if number not in holding
        }
        assert {(one.state.number, one.decision_maker) for one in found.mistakes if one.concept == concept} == mistaken


@relaxed
@given(conflict=conflicts(coalitions=False))
def test_correct_perception_gives_the_plain_analysis(conflict: dt.Conflict) -> None:
    found = conflict.perceive(CONCEPTS)
    plain = conflict.analyze(CONCEPTS)
    for concept in CONCEPTS:
        assert found.equilibria[concept] == found.true_equilibria[concept] == plain.equilibria(concept)
        assert all(states == found.equilibria[concept] for states in found.expected[concept].values())
    assert found.surprises == found.mistakes == ()
    assert all(not eyes.hidden for eyes in found.eyes)


@relaxed
@given(conflict=conflicts(coalitions=False), data=st.data())
def test_shared_wrong_belief_about_a_party_surprises_that_party(conflict: dt.Conflict, data: st.DataObject) -> None:
    """Nash stability does not depend on other parties' preferences: beliefs alone change no Nash equilibrium."""
    believing = [dt.View(view.decision_maker, (), view.believes) for view in data.draw(views(conflict))]
    found = conflict.replaced(views=believing).perceive(["nash", "gmr", "smr"])
    for concept in ("nash", "gmr", "smr"):
        assert found.equilibria[concept] == found.true_equilibria[concept]


@relaxed
@given(conflict=conflicts(coalitions=False), data=st.data())
def test_every_perception_answer_has_words(conflict: dt.Conflict, data: st.DataObject) -> None:
    conflict = with_views(conflict, data)
    for view in conflict.views:
        unseen = set(view.does_not_see)
        names = [option.id for option in conflict.options]
        assume(
            any(
                not any(value and name in unseen for name, value in zip(names, member, strict=True))
                for member in feasible_members(conflict)
            )
        )
    found = conflict.perceive(["nash", "seq"])
    found.to_json()
    found.rows()
    for one in found.surprises:
        assert "know of ;" not in words.surprise_in_words(found, one)
    for maker in conflict.decision_makers:
        for state in (1, found.games.truth.count):
            assert found.why(state, maker.id, "seq")


@relaxed
@given(conflict=conflicts(), data=st.data())
def test_saved_and_loaded_views_are_equal(conflict: dt.Conflict, data: st.DataObject) -> None:
    conflict = with_views(conflict, data)
    assert parse_conflict(dump_conflict(conflict)) == conflict
