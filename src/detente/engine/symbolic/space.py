"""The feasible states of a conflict as a diagram, their numbers, and their ranks.

Theory of operation. Diagrams are over *members*: feasible combinations of options. If members are merged, a state is a
group of members, and a set of states contains all members of its states: such a set is called *whole*. The largest
member of a state represents it when states are counted, numbered or listed.

States are numbered by counting: the number of a state is one more than the number of feasible states with a smaller
binary value, which a diagram counts for each option from the last to the first. No state is listed. A merged state
takes the place of its largest member, and its members are not listed either: its diagram shows whether they agree on an
option.

Ranks are binary numbers, one diagram for each digit: the first digit on which two states differ shows which is
preferred. Preferences in order of priority are such digits as they are. A sum of weights is computed in binary by
adding diagrams as a circuit adds numbers. States that are listed one by one are sorted by `detente.engine.space`, and
their positions are written in binary.

Cost: counting and numbering visit each node of the diagram once for each option.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property, reduce
from itertools import islice
from operator import or_

import numpy as np
from numpy.typing import NDArray
from oxidd.util import DDMemoryError

from detente.engine.space import StateSpace, whole_weights
from detente.engine.symbolic.diagrams import Diagram, Diagrams, nodes_that_fit, ordered_options
from detente.errors import InputError
from detente.model.conditions import Condition
from detente.model.conflict import Conflict
from detente.model.preferences import Preferences, Prioritising, StateReference, Weights
from detente.model.states import State, resolved

#: Maximum number of nodes for counting what the rules allow.
COUNTING_NODES = 2**20


def count_members(conflict: Conflict) -> int | None:
    """Return the number of combinations of options that the rules allow; None if they take too many nodes.

    Preferences are left aside, so this is far cheaper than compiling the conflict.
    """
    try:
        diagrams = Diagrams(ordered_options(conflict), 0, min(COUNTING_NODES, nodes_that_fit()))
        return diagrams.count(Space(conflict, diagrams).feasible)
    except DDMemoryError:
        return None


class Space:
    """The feasible states.

    ``feasible`` contains all members; each of the ``groups`` contains the two or more members of one merged state, and
    the groups are disjoint.
    """

    def __init__(self, conflict: Conflict, diagrams: Diagrams) -> None:
        self.conflict = conflict
        self.diagrams = diagrams
        self.names = [option.id for option in conflict.options]
        feasible = diagrams.everything
        for condition in conflict.constraints:
            feasible = feasible & diagrams.of(condition)
        if feasible == diagrams.nothing:
            raise InputError("the rules leave no feasible state. Check 'rules' for conditions that exclude each other")
        self.feasible = feasible
        # Members that meet one condition are one state, and overlapping conditions join.
        groups: list[Diagram] = []
        for merge in conflict.merge:
            group = feasible & diagrams.of(merge.condition)
            apart = [other for other in groups if other & group == diagrams.nothing]
            joined = [other for other in groups if other & group != diagrams.nothing]
            groups = [*apart, reduce(or_, joined, group)]
        self.groups = tuple(group for group in groups if diagrams.count(group) > 1)
        self.count = self.counted(feasible)

    # Members and states.

    @cached_property
    def merged(self) -> Diagram:
        """The members of all merged states."""
        return reduce(or_, self.groups, self.diagrams.nothing)

    @cached_property
    def unmerged(self) -> Diagram:
        """The members that are not merged."""
        return self.feasible & ~self.merged

    @cached_property
    def largest(self) -> Sequence[frozenset[str]]:
        """The largest member of each merged state, as the options taken."""
        return [self._largest(group) for group in self.groups]

    @cached_property
    def representatives(self) -> Diagram:
        """The representative of every state: its largest member."""
        return reduce(or_, map(self.diagrams.at, self.largest), self.unmerged)

    def _largest(self, group: Diagram) -> frozenset[str]:
        taken = set()
        for option in reversed(self.names):
            with_it = self.diagrams.with_option(group, option, True)
            if with_it != self.diagrams.nothing:
                taken.add(option)
                group = with_it
            else:
                group = self.diagrams.with_option(group, option, False)
        return frozenset(taken)

    def group_if_met(self, group: Diagram, states: Diagram) -> Diagram:
        """Return a group if a set contains any of its members, under the set's other variables; empty if not."""
        return group & (group & states).exists(self.diagrams.every_here)

    def whole(self, states: Diagram) -> Diagram:
        """Return the states of which a set contains at least one member."""
        return reduce(or_, (self.group_if_met(group, states) for group in self.groups), states)

    def entirely_in(self, members: Diagram) -> Diagram:
        """Return the states of which a set contains all members; combinations that are not feasible stay."""
        return members & ~self.whole(self.feasible & ~members) if self.groups else members

    def state_with(self, taken: frozenset[str]) -> Diagram:
        """Return all members of the state of a member."""
        for group in self.groups:
            if self.diagrams.contains(group, taken):
                return group
        return self.diagrams.at(taken)

    def largest_with(self, taken: frozenset[str]) -> frozenset[str]:
        """Return the largest member of the state of a member."""
        for group, largest in zip(self.groups, self.largest, strict=True):
            if self.diagrams.contains(group, taken):
                return largest
        return taken

    # Numbers.

    def counted(self, states: Diagram) -> int:
        """Return the number of states in a whole set."""
        return self.diagrams.count(states & self.representatives)

    def member(self, number: int) -> frozenset[str]:
        """Return the largest member of the state with this number, as the options taken; IndexError if there is
        none.
        """
        if not 1 <= number <= self.count:
            raise IndexError(f"states are numbered from 1 to {self.count}")
        left, states, taken, free = number - 1, self.representatives, set(), len(self.names)
        for name in reversed(self.names):
            without = self.diagrams.with_option(states, name, False)
            free -= 1
            smaller = self.count_below(without, free)
            if left < smaller:
                states = without
            else:
                left -= smaller
                states = self.diagrams.with_option(states, name, True)
                taken.add(name)
        return frozenset(taken)

    def number(self, taken: Iterable[str]) -> int:
        """Return the number of the state whose largest member takes exactly these options."""
        chosen, number, states, free = set(taken), 1, self.representatives, len(self.names)
        for name in reversed(self.names):
            free -= 1
            if name in chosen:
                number += self.count_below(self.diagrams.with_option(states, name, False), free)
            states = self.diagrams.with_option(states, name, name in chosen)
        return number

    def count_below(self, states: Diagram, free: int) -> int:
        """Return the number of combinations of the first ``free`` options in a set that does not depend on the
        others.
        """
        return self.diagrams.count(states) >> (len(self.names) - free)

    def state(self, number: int) -> State:
        """Return the state with this number; IndexError if it does not exist."""
        return self._state_of(number, self.member(number))

    def at(self, taken: Iterable[str]) -> State:
        """Return the state of the feasible member that takes exactly these options."""
        chosen = self.largest_with(frozenset(taken))
        return self._state_of(self.number(chosen), chosen)

    def singleton(self, state: State) -> Diagram:
        """Return the set that contains only this state."""
        # The options taken in all members of a merged state do not identify it.
        taken = self.member(state.number) if "-" in state.pattern else frozenset(state.taken)
        return self.state_with(taken)

    def _state_of(self, number: int, chosen: frozenset[str]) -> State:
        pattern = self._patterns.get(chosen) or self._pattern_of(chosen)
        taken = tuple(name for name, letter in zip(self.names, pattern, strict=True) if letter == "Y")
        return State(number, pattern, taken, self._name_of.get(chosen))

    def _pattern_of(self, taken: frozenset[str]) -> str:
        return "".join("Y" if name in taken else "N" for name in self.names)

    @cached_property
    def _patterns(self) -> dict[frozenset[str], str]:
        """The patterns of the merged states by their largest member, with a dash where members differ."""
        return {
            largest: "".join(self._letter(group, name) for name in self.names)
            for largest, group in zip(self.largest, self.groups, strict=True)
        }

    def _letter(self, group: Diagram, name: str) -> str:
        option = self.diagrams.here[name]
        if group & ~option == self.diagrams.nothing:
            return "Y"
        return "N" if group & option == self.diagrams.nothing else "-"

    @cached_property
    def _name_of(self) -> dict[frozenset[str], str]:
        names: dict[frozenset[str], str] = {}
        for state in self.conflict.states:
            names.setdefault(self.largest_with(frozenset(state.taken)), state.name)
        return names

    def matching(self, pattern: str) -> Diagram:
        """Return the feasible members that match a pattern; a dash matches both values."""
        states = self.feasible
        for name, letter in zip(self.names, pattern, strict=True):
            if letter != "-":
                option = self.diagrams.here[name]
                states = states & (option if letter == "Y" else ~option)
        return states

    def number_of(self, reference: StateReference) -> int:
        """Return the number of the state that a number, a Y/N pattern or a name refers to.

        Raises
        ------
        UnknownNameError
            If the reference does not denote a feasible state; the message says why.
        """
        return resolved(self.conflict, reference, self.count, int, self._number_at)

    def _number_at(self, pattern: str) -> int | None:
        """Return the number of the only state that a pattern matches; None if there is not exactly one."""
        if len(pattern) != len(self.names) or not set(pattern) <= set("YN-"):
            return None
        representatives = self.whole(self.matching(pattern)) & self.representatives
        found = list(islice(self.diagrams.combinations(representatives), 2))
        if len(found) > 1:
            # A merged state's own pattern may match members of other states as well.
            found = [largest for largest, written in self._patterns.items() if written == pattern]
        return self.number(found[0]) if len(found) == 1 else None


# Ranks.


def digits(space: Space, conflict: Conflict, preferences: Preferences) -> list[Diagram]:
    """Return the digits of the rank, the most significant first, without digits that are the same everywhere."""
    diagrams, feasible = space.diagrams, space.feasible
    if isinstance(preferences, Prioritising):
        found = [_where_true(space, statement.condition) for statement in preferences.statements]
    elif isinstance(preferences, Weights):
        found = _digits_of_weights(space, preferences)
    else:
        found = _digits_of_list(diagrams, conflict, preferences)
    return [digit for digit in found if diagrams.nothing != feasible & digit != feasible]


def max_digits(conflict: Conflict) -> int:
    """Return the maximum number of digits of a player's rank; a coalition has those of all its members."""
    makers = {maker.id: _digits_needed(conflict, maker.preferences) for maker in conflict.decision_makers}
    return max((sum(makers[id] for id in members) for members in conflict.players), default=0)


def _digits_needed(conflict: Conflict, preferences: Preferences) -> int:
    if isinstance(preferences, Prioritising):
        return len(preferences.statements)
    if isinstance(preferences, Weights):
        return sum(map(abs, whole_weights(preferences))).bit_length()
    return len(conflict.options)


def _where_true(space: Space, condition: Condition) -> Diagram:
    """Return where a condition is true: at a merged state if it is true at every member."""
    return space.entirely_in(space.diagrams.of(condition))


def _digits_of_weights(space: Space, preferences: Weights) -> list[Diagram]:
    """Return the digits of the sum of weights; a negative weight counts positively where its condition is false."""
    diagrams = space.diagrams
    total: list[Diagram] = []
    for number, weight in zip(whole_weights(preferences), preferences.weights, strict=True):
        holds = _where_true(space, weight.condition)
        total = _sum(diagrams, total, abs(number), holds if number > 0 else ~holds)
    return total[::-1]


def _sum(diagrams: Diagrams, total: list[Diagram], number: int, where: Diagram) -> list[Diagram]:
    """Return a sum, given lowest digit first, increased by a number in part of the states."""
    result, carry = [], diagrams.nothing
    for place in range(max(len(total), number.bit_length()) + 1):
        one = total[place] if place < len(total) else diagrams.nothing
        other = where if number >> place & 1 else diagrams.nothing
        result.append(one ^ other ^ carry)
        carry = (one & other) | (carry & (one | other))
    while result and result[-1] == diagrams.nothing:
        result.pop()
    return result


def _digits_of_list(diagrams: Diagrams, conflict: Conflict, preferences: Preferences) -> list[Diagram]:
    listed = StateSpace.of(conflict)
    rank = listed.ranks(preferences)
    if listed.state_of is not None:
        rank = rank[listed.state_of]
    rows = np.column_stack([listed.columns[name] for name in diagrams.options]) if diagrams.options else None
    if rows is None:
        return []
    return [
        _diagram_of_rows(diagrams, rows[rank >> place & 1 == 1], 0)
        for place in reversed(range(int(rank.max()).bit_length()))
    ]


def _diagram_of_rows(diagrams: Diagrams, rows: NDArray[np.bool_], place: int) -> Diagram:
    if rows.shape[0] == 0:
        return diagrams.nothing
    if place == rows.shape[1]:
        return diagrams.everything
    taken = rows[:, place]
    with_it, without = (_diagram_of_rows(diagrams, rows[part], place + 1) for part in (taken, ~taken))
    return diagrams.here[diagrams.options[place]].ite(with_it, without)


def at_most(digits: Sequence[Diagram], bound: Sequence[Diagram], within: Diagram) -> Diagram:
    """Return the part of a set with a rank no higher than a bound of the same number of digits."""
    found = within
    for digit, limit in zip(reversed(digits), reversed(bound), strict=True):
        found = (within & ~digit & limit) | (digit.equiv(limit) & found)
    return found
