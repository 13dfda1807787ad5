"""A dispute in which some options are fixed: as they are at some state, whoever they belong to.

Nobody can change an option that is fixed, and no state in which it is different can be reached. Nothing else changes:
what is left of a merged state is one state still, everybody prefers the states that are left as before, and everything
that refers to states by number, which are then numbered anew, is carried over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from detente.engine.space import Bools, StateSpace
from detente.errors import InputError
from detente.model.conditions import And, Condition, Not, Or, Taken
from detente.model.conflict import Conflict
from detente.model.parts import Merge, NamedState, Rule, StatusQuo, View
from detente.model.preferences import Payoffs, Preferences, Prioritising, Ranking, Weights


def with_fixed_options(conflict: Conflict, options: Mapping[str, bool]) -> Conflict:
    """Return the conflict with some options taken (True) or not (False) for good.

    A preference that is true at some members of a merged state only, and at all that are left of it, is written so that
    it still does not hold there. Names of states that are gone are left out. A status quo that is gone becomes the
    state that differs from it in what is fixed, if that is feasible.

    Raises
    ------
    InputError
        When no state is left.
    """
    return _FixedOptions(StateSpace.of(conflict), options).conflict


def member_left(space: StateSpace, position: int, options: Mapping[str, bool]) -> str | None:
    """Return the pattern of the first member of a state that has options as they are fixed; None if there is none."""
    members = [position] if space.state_of is None else map(int, space.members_of[position])
    for member in members:
        if all(space.columns[name][member] == value for name, value in options.items()):
            return space.member_pattern(member)
    return None


@dataclass(frozen=True, eq=False)
class _FixedOptions:
    """The whole of a dispute, and what of it is left when some options are fixed."""

    whole: StateSpace
    options: Mapping[str, bool]

    @property
    def conflict(self) -> Conflict:
        if not self.left.any():
            raise InputError("the rules leave no feasible state")
        conflict = self.whole.conflict
        rules = [Rule("always", Taken(name) if value else Not(Taken(name))) for name, value in self.options.items()]
        written = {merge.condition for merge in conflict.merge}
        named = [(state, self.carried(state.taken)) for state in conflict.states]
        quo = conflict.status_quo
        if quo is not None:
            taken = self.carried(quo.taken)
            quo = StatusQuo(self.as_fixed(quo.taken) if taken is None else taken, quo.support)
            quo = quo if conflict.breaks(quo.taken) is None else None
        return conflict.replaced(
            rules=[*conflict.rules, *rules],
            # Merges that share a member make one state, and it stays one when that member is gone.
            merge=[*conflict.merge, *(Merge(one) for one in self.merged.values() if one not in written)],
            decision_makers=[
                replace(maker, preferences=self.preferences(maker.preferences)) for maker in conflict.decision_makers
            ],
            states=[NamedState(state.name, taken, state.support) for state, taken in named if taken is not None],
            status_quo=quo,
            views=[
                View(
                    view.decision_maker,
                    view.does_not_see,
                    [(other, self.preferences(wanted)) for other, wanted in view.believes],
                    view.support,
                    view.grounds,
                )
                for view in conflict.views
            ],
        )

    @cached_property
    def left(self) -> Bools:
        """For every member of the whole whether the options are at it as they are fixed."""
        kept = np.ones(self.whole.members, dtype=bool)
        for name, value in self.options.items():
            kept &= self.whole.columns[name] == value
        return kept

    @cached_property
    def numbers(self) -> dict[int, int]:
        """The number of every state that is left, by its position in the whole."""
        members = np.flatnonzero(self.left)
        old = members if self.whole.state_of is None else self.whole.state_of[members]
        # Each state is numbered by the place of the largest of its members.
        last = {int(position): member for member, position in enumerate(old)}
        return {position: number for number, position in enumerate(sorted(last, key=last.__getitem__), start=1)}

    @cached_property
    def merged(self) -> dict[int, Condition]:
        """For every merged state, by its position in the whole, what is true at its members and nowhere else."""
        conditions: dict[int, list[Condition]] = {}
        for merge in self.whole.conflict.merge:
            members = np.flatnonzero(self.whole.true_of_members(merge.condition))
            if members.size and self.whole.state_of is not None:
                conditions.setdefault(int(self.whole.state_of[members[0]]), []).append(merge.condition)
        return {place: some[0] if len(some) == 1 else Or(tuple(some)) for place, some in conditions.items()}

    def preferences(self, preferences: Preferences) -> Preferences:
        """Return preferences over the states that are left."""
        if isinstance(preferences, Ranking):
            return preferences.referring(lambda state: self.numbers.get(self.whole.position_of(state)))
        if isinstance(preferences, Payoffs):
            places = [(self.whole.position_of(state), value) for state, value in preferences.payoffs]
            kept = tuple((self.numbers[place], value) for place, value in places if place in self.numbers)
            return replace(preferences, payoffs=kept)
        if isinstance(preferences, Weights):
            weights = (replace(one, condition=self.as_before(one.condition)) for one in preferences.weights)
            return replace(preferences, weights=tuple(weights))
        assert isinstance(preferences, Prioritising)
        statements = (replace(one, condition=self.as_before(one.condition)) for one in preferences.statements)
        return replace(preferences, statements=tuple(statements))

    def as_before(self, condition: Condition) -> Condition:
        """Return a condition that is true at just those of the states left at which this one is true in the whole."""
        false = ~self.whole.true_of_members(condition)
        turned = self.whole.over_states(false) & ~self.whole.over_states(false & self.left)
        turned &= self.whole.over_states(self.left)
        but = [Not(self.merged[place]) for place in map(int, np.flatnonzero(turned))]
        return And((condition, *but)) if but else condition

    def carried(self, taken: frozenset[str]) -> frozenset[str] | None:
        """Return the options taken at a member that is left of a state; None if the state is gone."""
        pattern = self.whole.conflict.pattern(taken)
        position = self.whole.position_of_pattern(pattern)
        if position is None or self.as_fixed(taken) == taken:
            return None if position is None else taken
        member = member_left(self.whole, position, self.options)
        if member is None:
            return None
        return frozenset(name for name, letter in zip(self.whole.columns, member, strict=True) if letter == "Y")

    def as_fixed(self, taken: frozenset[str]) -> frozenset[str]:
        """Return what is taken with the options as they are fixed."""
        return (taken - set(self.options)) | {name for name, value in self.options.items() if value}
