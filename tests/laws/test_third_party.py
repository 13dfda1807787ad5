"""Which options a third party would have to control: against filtering the moves, and laws of the answer."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, product

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import detente as dt
from detente.analysis.fixed_options import with_fixed_options
from detente.analysis.inverse import INVERSE_CONCEPTS
from detente.engine.explicit.solver import ExplicitSolver
from detente.present import third_party as words
from tests.examples import examples
from tests.reference.brute_force import BruteForce
from tests.reference.unsure import Unsure
from tests.strategies import conflicts, views

relaxed = settings(
    deadline=None, max_examples=examples(60), suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)


class Held(BruteForce):
    """The dispute in which options are held: members with one of them different are struck out, and nothing else is.

    A merged state is what is left of its members; everybody values it as before.
    """

    def __init__(self, conflict: dt.Conflict, member: frozenset[str], options: frozenset[str]) -> None:
        super().__init__(conflict)
        left = {one for one in self.members if not (one ^ member) & options}
        for moves in self.member_moves_of.values():
            for start in list(moves):
                moves[start] = {end for end in moves[start] if end in left} if start in left else set()
        self.moves_of = {
            maker: {
                state: {self.state_of[end] for one in state for end in moves[one]} - {state} for state in self.states
            }
            for maker, moves in self.member_moves_of.items()
        }
        self.player_moves = [self._player_moves(group, self.moves_of, self.states) for group in self.players]
        self.player_member_moves = [
            self._player_moves(group, self.member_moves_of, self.members) for group in self.players
        ]
        self.members_left = left
        # A state is numbered by the largest of the members that it has.
        self.left = sorted(
            (state for state in self.states if state & left),
            key=lambda state: max(map(self._binary, state & left)),
        )


def holds(conflict: dt.Conflict, number: int, concept: str, options: frozenset[str]) -> bool:
    here = BruteForce(conflict).states[number - 1]
    game = Held(conflict, next(iter(here)), options)
    return all(game.is_stable(concept, player, here) for player in range(len(game.players)))


def smallest(conflict: dt.Conflict, number: int, concept: str) -> set[frozenset[str]]:
    found: set[frozenset[str]] = set()
    plain = BruteForce(conflict)
    here = plain.states[number - 1]
    # At a merged state an option can be taken at some members only, so it cannot be held as it is there.
    settled = [name for name in plain.names if len({name in member for member in here}) == 1]
    open_options = [name for name in settled if len({name in member for member in plain.members}) == 2]
    for size in range(len(open_options) + 1):
        for chosen in map(frozenset, combinations(open_options, size)):
            if not any(one <= chosen for one in found) and holds(conflict, number, concept, chosen):
                found.add(chosen)
    return found


@relaxed
@given(conflict=conflicts(max_options=4), data=st.data())
def test_held_options_equal_removing_the_moves_by_hand(conflict: dt.Conflict, data: st.DataObject) -> None:
    state = data.draw(st.integers(1, conflict.analyze(["nash"]).count))
    concept = data.draw(st.sampled_from(INVERSE_CONCEPTS))
    found = conflict.third_party(state, concept, size=9)
    assert found.complete
    expected = smallest(conflict, state, concept)
    assert {frozenset(name for name, _ in holding.options) for holding in found.holdings} == expected


@relaxed
@given(conflict=conflicts(max_options=4), data=st.data())
def test_state_is_an_equilibrium_if_the_options_found_are_held(conflict: dt.Conflict, data: st.DataObject) -> None:
    state = data.draw(st.integers(1, conflict.analyze(["nash"]).count))
    concept = data.draw(st.sampled_from(INVERSE_CONCEPTS))
    found = conflict.third_party(state, concept, size=2)
    # A merged state can have an open option, which cannot be held as it is there.
    assert found.holdings or "-" in found.state.pattern
    assert found.holds_already == (state in conflict.analyze([concept]).equilibria(concept))
    for holding in found.holdings:
        changed = found.applied(holding)
        member = next(iter(BruteForce(conflict).states[state - 1]))
        number = ExplicitSolver(changed).number_of(conflict.pattern(member))
        assert number in changed.analyze([concept]).equilibria(concept)
        assert words.why(found, holding).startswith(("If a third party ensures that ", "A third party ensures that "))


@st.composite
def some_held(draw: st.DrawFn, **settings: object) -> tuple[dt.Conflict, dict[str, bool]]:
    """A conflict and some options that are held as they are at one of its members."""
    conflict = draw(conflicts(**settings))
    member = draw(st.sampled_from(BruteForce(conflict).members))
    names = [option.id for option in conflict.options]
    chosen = draw(st.lists(st.sampled_from(names), unique=True)) if names else []
    return conflict, {name: name in member for name in chosen}


def taken_in(options: dict[str, bool]) -> frozenset[str]:
    return frozenset(name for name, value in options.items() if value)


@settings(relaxed, max_examples=examples(200))
@given(given_=st.one_of(some_held(max_options=5), some_held(max_options=4, unsure=True)))
def test_holding_an_option_removes_moves_only(given_: tuple[dt.Conflict, dict[str, bool]]) -> None:
    """The states that are left, the moves between them, and how sure and how strong each preference is."""
    conflict, options = given_
    before = Held(conflict, taken_in(options), frozenset(options))
    changed = with_fixed_options(conflict, options)
    after = Unsure(changed)
    assert [state & before.members_left for state in before.left] == after.states
    whole = dict(zip(after.states, before.left, strict=True))
    for player in range(len(before.players)):
        for state, old in whole.items():
            assert {whole[end] for end in after.player_moves[player][state]} == before.player_moves[player][old]
    relations = Unsure(conflict)
    for maker in conflict.decision_makers:
        for one, other in product(after.states, repeat=2):
            # How great a preference is means nothing between two chains, because it is unknown which is better.
            known = () if after.is_unknown(maker.id, one, other) else (Unsure.greatly,)
            for told in (Unsure.prefers, Unsure.is_unknown, Unsure.chance, *known):
                assert told(after, maker.id, one, other) == told(relations, maker.id, whole[one], whole[other])


@settings(relaxed, max_examples=examples(150))
@given(given_=some_held(max_options=4), concept=st.sampled_from(["nash", "gmr", "smr", "seq", "sseq", "sim"]))
def test_held_dispute_equals_the_definitions(given_: tuple[dt.Conflict, dict[str, bool]], concept: str) -> None:
    conflict, options = given_
    game = Held(conflict, taken_in(options), frozenset(options))
    expected = [
        number
        for number, state in enumerate(game.left, start=1)
        if all(game.is_stable(concept, player, state) for player in range(len(game.players)))
    ]
    if concept == "sim":
        game.state_of = {member: state for member, state in game.state_of.items() if member in game.members_left}
    assert list(with_fixed_options(conflict, options).analyze([concept]).equilibria(concept)) == expected


@relaxed
@given(given_=some_held(max_options=4), data=st.data())
def test_holding_keeps_names_views_and_status_quo(
    given_: tuple[dt.Conflict, dict[str, bool]], data: st.DataObject
) -> None:
    conflict, options = given_
    before = Held(conflict, taken_in(options), frozenset(options))
    conflict = conflict.replaced(
        views=data.draw(views(conflict)), status_quo=data.draw(st.sampled_from(before.members))
    )
    changed = with_fixed_options(conflict, options)
    after = BruteForce(changed)
    named = {state.name: before.state_of[state.taken] for state in conflict.states}
    kept = {state.name: after.state_of[state.taken] for state in changed.states}
    assert kept == {name: state & before.members_left for name, state in named.items() if state & before.members_left}
    quo = before.state_of[conflict.status_quo.taken]
    if quo in before.left:
        assert after.state_of[changed.status_quo.taken] == quo & before.members_left
    else:
        there = (conflict.status_quo.taken - set(options)) | taken_in(options)
        assert (changed.status_quo and changed.status_quo.taken) == (there if there in after.members else None)
    for old, new in zip(conflict.views, changed.views, strict=True):
        for (maker, first), (_, second) in zip(old.believes, new.believes, strict=True):
            believed = [
                BruteForce(
                    of.replaced(decision_makers=[replace(one, preferences=wanted) for one in of.decision_makers])
                )
                for of, wanted in ((conflict, first), (changed, second))
            ]
            values = [believed[0].value[maker][state] for state in before.left]
            after_values = [believed[1].value[maker][state & before.members_left] for state in before.left]
            for one, other in product(range(len(values)), repeat=2):
                assert (values[one] < values[other]) == (after_values[one] < after_values[other])
