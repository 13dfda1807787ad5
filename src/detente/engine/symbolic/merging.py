"""Combinations of options that are one state.

Diagrams are over *members*: feasible combinations of options. Where members are merged a state is a group of them, and
a set of states is held as all members of its states: such a set is called *whole*. One member of each state, the
largest, stands for it where states are counted, numbered or listed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import or_

from detente.conflict.model import ConflictModel
from detente.engine.symbolic.diagrams import Diagram, Diagrams


@dataclass(frozen=True, eq=False)
class Merging:
    """The groups of members that are one state each: of two members or more, and no two share any."""

    diagrams: Diagrams
    names: tuple[str, ...]
    feasible: Diagram
    groups: tuple[Diagram, ...]

    @classmethod
    def of(cls, conflict: ConflictModel, diagrams: Diagrams, feasible: Diagram) -> Merging:
        """Merge what a conflict merges: what meets one condition is one state, and conditions that overlap join."""
        groups: list[Diagram] = []
        for merge in conflict.merge:
            group = feasible & diagrams.of(merge.condition)
            apart = [other for other in groups if other & group == diagrams.nothing]
            joined = [other for other in groups if other & group != diagrams.nothing]
            groups = [*apart, reduce(or_, joined, group)]
        names = tuple(option.id for option in conflict.options)
        return cls(diagrams, names, feasible, tuple(group for group in groups if diagrams.count(group) > 1))

    @cached_property
    def merged(self) -> Diagram:
        """The members of all groups."""
        return reduce(or_, self.groups, self.diagrams.nothing)

    @cached_property
    def alone(self) -> Diagram:
        """The members that are a state by themselves."""
        return self.feasible & ~self.merged

    @cached_property
    def largest(self) -> Sequence[frozenset[str]]:
        """The largest member of each group, as the options taken."""
        return [self._largest(group) for group in self.groups]

    @cached_property
    def standing(self) -> Diagram:
        """One member of every state: the largest."""
        return reduce(or_, map(self.diagrams.at, self.largest), self.alone)

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

    def touched(self, group: Diagram, states: Diagram) -> Diagram:
        """Return a group where a set has any of its members: the whole of it, under what the set hangs on besides."""
        return group & (group & states).exists(self.diagrams.every_here)

    def whole(self, states: Diagram) -> Diagram:
        """Return the states of which a set of members has any."""
        return reduce(or_, (self.touched(group, states) for group in self.groups), states)

    def throughout(self, members: Diagram) -> Diagram:
        """Return the states of which a set has all members; what is not feasible is left as it is."""
        return members & ~self.whole(self.feasible & ~members) if self.groups else members

    def state_with(self, taken: frozenset[str]) -> Diagram:
        """Return all members of the state that one belongs to."""
        for group in self.groups:
            if self.diagrams.contains(group, taken):
                return group
        return self.diagrams.at(taken)

    def standing_for(self, taken: frozenset[str]) -> frozenset[str]:
        """Return the largest member of the state that one belongs to."""
        for group, largest in zip(self.groups, self.largest, strict=True):
            if self.diagrams.contains(group, taken):
                return largest
        return taken
