"""What a third party would have to hold: against filtering the moves, and what must be true of the answer."""

from __future__ import annotations

from itertools import combinations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import detente as dt
from detente.analysis.holding import counterpart, held
from detente.analysis.inverse import INVERSE_CONCEPTS
from detente.engine.explicit import ExplicitSolver
from tests.reference.brute_force import BruteForce
from tests.strategies import conflicts

relaxed = settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)


class Reference(BruteForce):
    """Stability where some options are held: the moves that change one of them are struck out."""

    def holds(self, state: int, concept: str, options: frozenset[str]) -> bool:
        here = self.states[state - 1]
        (member,) = here
        left = {one for one in self.members if not (one ^ member) & options}
        pruned = BruteForce(self.conflict)
        keep = {frozenset({one}) for one in left}
        for moves in (pruned.moves_of, pruned.member_moves_of):
            for by_point in moves.values():
                for point, ends in by_point.items():
                    alive = keep if moves is pruned.moves_of else left
                    by_point[point] = {end for end in ends if end in alive} if point in alive else set()
        pruned.player_moves = [pruned._player_moves(group, pruned.moves_of, pruned.states) for group in pruned.players]
        return all(pruned.is_stable(concept, player, here) for player in range(len(pruned.players)))

    def smallest(self, state: int, concept: str) -> set[frozenset[str]]:
        found: set[frozenset[str]] = set()
        (member,) = self.states[state - 1]
        open_options = [name for name in self.names if {name in one for one in self.members} != {name in member}]
        for size in range(len(open_options) + 1):
            for chosen in map(frozenset, combinations(open_options, size)):
                if not any(one <= chosen for one in found) and self.holds(state, concept, chosen):
                    found.add(chosen)
        return found


@relaxed
@given(conflict=conflicts(max_options=4, merges=False), data=st.data())
def test_against_striking_out_moves(conflict: dt.Conflict, data: st.DataObject) -> None:
    state = data.draw(st.integers(1, conflict.analyze(["nash"]).count))
    concept = data.draw(st.sampled_from(INVERSE_CONCEPTS))
    found = conflict.third_party(state, concept, size=9)
    assert found.complete
    expected = Reference(conflict).smallest(state, concept)
    assert {frozenset(name for name, _ in holding.options) for holding in found.holdings} == expected


@relaxed
@given(conflict=conflicts(max_options=4), data=st.data())
def test_what_is_held_does(conflict: dt.Conflict, data: st.DataObject) -> None:
    state = data.draw(st.integers(1, conflict.analyze(["nash"]).count))
    concept = data.draw(st.sampled_from(INVERSE_CONCEPTS))
    found = conflict.third_party(state, concept, size=2)
    # A merged state can have an option open that nobody can hold as it is there.
    assert found.holdings or "-" in found.state.pattern
    assert found.holds_already == (state in conflict.analyze([concept]).equilibria(concept))
    for holding in found.holdings:
        changed = found.applied(holding)
        number = counterpart(ExplicitSolver(changed).space, found.state, dict(holding.options))
        assert number in changed.analyze([concept]).equilibria(concept)
        assert "To hold:" in found.why(holding)


@relaxed
@given(conflict=conflicts(max_options=5), data=st.data())
def test_holding_leaves_the_order_of_preference_as_it_is(conflict: dt.Conflict, data: st.DataObject) -> None:
    solver = ExplicitSolver(conflict)
    state = solver.state(data.draw(st.integers(1, solver.count)))
    names = [name for name, letter in zip(solver.space.columns, state.pattern, strict=True) if letter != "-"]
    chosen = data.draw(st.lists(st.sampled_from(names), unique=True)) if names else []
    options = {name: state.pattern[list(solver.space.columns).index(name)] == "Y" for name in chosen}
    left = ExplicitSolver(held(conflict, options))
    if conflict.merge:
        return
    old = [solver.number_of(left.state(number).pattern) - 1 for number in range(1, left.count + 1)]
    for place in range(len(conflict.decision_makers)):
        before, after = solver.ranks(place), left.ranks(place)
        kept = [before[one] for one in old]
        assert [sorted(set(kept)).index(rank) for rank in kept] == [sorted(set(after)).index(rank) for rank in after]
