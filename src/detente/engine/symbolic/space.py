"""The feasible states of a conflict as a diagram, and their numbers.

States are numbered by counting: the number of a state is one more than the number of feasible states whose binary value
is smaller, and for every option from the last to the first a diagram counts them. No state is ever listed for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from detente.conflict.model import ConflictModel
from detente.conflict.preferences import StateReference
from detente.conflict.states import State, resolved
from detente.engine.symbolic.diagrams import Diagram, Diagrams
from detente.errors import InputError


class Space:
    """The feasible states."""

    def __init__(self, conflict: ConflictModel, diagrams: Diagrams) -> None:
        self.conflict = conflict
        self.diagrams = diagrams
        self.names = [option.id for option in conflict.options]
        feasible = diagrams.everything
        for condition in conflict.constraints:
            feasible = feasible & diagrams.of(condition)
        if feasible == diagrams.nothing:
            raise InputError("the rules leave no feasible state")
        self.feasible = feasible
        self.count = diagrams.count(feasible)

    def state(self, number: int) -> State:
        """Return the state with this number; IndexError when there is none."""
        if not 1 <= number <= self.count:
            raise IndexError(f"states are numbered from 1 to {self.count}")
        left, states, taken, free = number - 1, self.feasible, set(), len(self.names)
        for name in reversed(self.names):
            without = self.diagrams.with_option(states, name, False)
            free -= 1
            smaller = self._count(without, free)
            if left < smaller:
                states = without
            else:
                left -= smaller
                states = self.diagrams.with_option(states, name, True)
                taken.add(name)
        return self._made(number, taken)

    def number(self, taken: Iterable[str]) -> int:
        """Return the number of the feasible state at which just these options are taken."""
        chosen, number, states, free = set(taken), 1, self.feasible, len(self.names)
        for name in reversed(self.names):
            free -= 1
            if name in chosen:
                number += self._count(self.diagrams.with_option(states, name, False), free)
            states = self.diagrams.with_option(states, name, name in chosen)
        return number

    def _count(self, states: Diagram, free: int) -> int:
        """Count the combinations of the first options, where the others no longer count."""
        return self.diagrams.count(states) >> (len(self.names) - free)

    def at(self, taken: Iterable[str]) -> State:
        """Return the feasible state at which just these options are taken."""
        chosen = set(taken)
        return self._made(self.number(chosen), chosen)

    def _made(self, number: int, chosen: set[str]) -> State:
        pattern = "".join("Y" if name in chosen else "N" for name in self.names)
        taken = tuple(name for name in self.names if name in chosen)
        return State(number, pattern, taken, self._name_of.get(pattern))

    @cached_property
    def _name_of(self) -> dict[str, str]:
        names: dict[str, str] = {}
        for state in self.conflict.states:
            names.setdefault(self.conflict.pattern(state.taken), state.name)
        return names

    def number_of(self, reference: StateReference) -> int:
        """Return the number of the state that a number, a Y/N pattern or a name refers to.

        Raises
        ------
        UnknownNameError
            When no feasible state is meant, saying why.
        """
        return resolved(self.conflict, reference, self.count, int, self._number_at)

    def _number_at(self, pattern: str) -> int | None:
        """Return the number of the feasible state with a pattern; None when there is none."""
        if len(pattern) != len(self.names) or not set(pattern) <= set("YN"):
            return None
        taken = [name for name, letter in zip(self.names, pattern, strict=True) if letter == "Y"]
        return self.number(taken) if self.diagrams.contains(self.feasible, taken) else None
