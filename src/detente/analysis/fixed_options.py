"""A dispute with some options fixed at their values in some state, whichever parties they belong to.

No party can change a fixed option, and states with other values cannot be reached. Nothing else changes: what remains
of a merged state is one state, all parties rank the remaining states as before, and references to states by number are
renumbered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property

import numpy as np

from detente.engine.space import Bools, StateSpace
from detente.errors import InputError
from detente.lazy import dataclass
from detente.model.conditions import And, Condition, Not, Or, Taken
from detente.model.conflict import Conflict
from detente.model.parts import Merge, NamedState, Rule, StatusQuo, View
from detente.model.preferences import Payoffs, Preferences, Prioritising, Ranking, Weights


def with_fixed_options(conflict: Conflict, options: Mapping[str, bool]) -> Conflict:
    """Return the conflict with some options fixed as taken (True) or not taken (False).

    A preference that is true at only some members of a merged state, but at all that remain of it, is rewritten so that
    it is still not met there. Names of removed states are dropped. A removed status quo becomes the state that differs
    from it in the fixed options only, if that is feasible.

    Raises
    ------
    InputError
        If no state remains.
    """
    return _FixedOptions(StateSpace.of(conflict), options).conflict


def member_left(space: StateSpace, position: int, options: Mapping[str, bool]) -> str | None:
    """Return the pattern of the first member of a state that agrees with the fixed options, or None."""
    members = [position] if space.state_of is None else map(int, space.members_of[position])
    for member in members:
        if all(space.columns[name][member] == value for name, value in options.items()):
            return space.member_pattern(member)
    return None


@dataclass(frozen=True, eq=False)
class _FixedOptions:
    """A dispute before some options are fixed, and what remains of it."""

    whole: StateSpace
    options: Mapping[str, bool]

    @property
    def conflict(self) -> Conflict:
        if not self.left.any():
            raise InputError("the rules leave no feasible state with these options fixed")
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
            # Merges that share a member form one state, which remains one state if that member is removed.
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
        """For each member before fixing, whether it agrees with the fixed options."""
        kept = np.ones(self.whole.members, dtype=bool)
        for name, value in self.options.items():
            kept &= self.whole.columns[name] == value
        return kept

    @cached_property
    def numbers(self) -> dict[int, int]:
        """The new number of each remaining state, by its position before fixing."""
        members = np.flatnonzero(self.left)
        old = members if self.whole.state_of is None else self.whole.state_of[members]
        # A state's number follows from its largest member.
        last = {int(position): member for member, position in enumerate(old)}
        return {position: number for number, position in enumerate(sorted(last, key=last.__getitem__), start=1)}

    @cached_property
    def merged(self) -> dict[int, Condition]:
        """For each merged state, by its position before fixing, a condition that is true exactly at its members."""
        conditions: dict[int, list[Condition]] = {}
        for merge in self.whole.conflict.merge:
            members = np.flatnonzero(self.whole.true_of_members(merge.condition))
            if members.size and self.whole.state_of is not None:
                conditions.setdefault(int(self.whole.state_of[members[0]]), []).append(merge.condition)
        return {place: some[0] if len(some) == 1 else Or(tuple(some)) for place, some in conditions.items()}

    def preferences(self, preferences: Preferences) -> Preferences:
        """Return preferences over the remaining states."""
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
        """Return a condition that is true at exactly those remaining states where this one was true before fixing."""
        false = ~self.whole.true_of_members(condition)
        turned = self.whole.over_states(false) & ~self.whole.over_states(false & self.left)
        turned &= self.whole.over_states(self.left)
        but = [Not(self.merged[place]) for place in map(int, np.flatnonzero(turned))]
        return And((condition, *but)) if but else condition

    def carried(self, taken: frozenset[str]) -> frozenset[str] | None:
        """Return the options taken at a remaining member of a state; None if the state is removed."""
        pattern = self.whole.conflict.pattern(taken)
        position = self.whole.position_of_pattern(pattern)
        if position is None or self.as_fixed(taken) == taken:
            return None if position is None else taken
        member = member_left(self.whole, position, self.options)
        if member is None:
            return None
        return frozenset(name for name, letter in zip(self.whole.columns, member, strict=True) if letter == "Y")

    def as_fixed(self, taken: frozenset[str]) -> frozenset[str]:
        """Return the options taken, with the fixed options at their values."""
        return (taken - set(self.options)) | {name for name, value in self.options.items() if value}
