"""A decision maker's moves, forwards and backwards over whole sets of states.

Moves as such need no relation: a decision maker can change its options to whatever it likes, so *where can it have come
from* is a quantification over its options, one after the other, and an option that can be changed in one direction
only is quantified in one direction only. Improvements are a relation over *here* and *there* of the decision maker's
own options; what its preference says of options that are not its own is the same before and after, and is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from detente.conflict.model import ConflictModel
from detente.engine.symbolic.diagrams import Diagram, Diagrams, Substitution


@dataclass(frozen=True, eq=False)
class Mover:
    """A decision maker: its options, in which directions they move, and the digits of its rank."""

    diagrams: Diagrams
    id: str
    options: tuple[str, ...]
    direction: dict[str, bool]
    feasible: Diagram
    digits: Sequence[Diagram]

    @classmethod
    def of(
        cls, diagrams: Diagrams, conflict: ConflictModel, id: str, feasible: Diagram, digits: Sequence[Diagram]
    ) -> Mover:
        """Compile a decision maker of a conflict."""
        own = tuple(option.id for option in conflict.decision_maker(id).options)
        return cls(
            diagrams,
            id,
            own,
            {name: conflict.direction[name] for name in own if name in conflict.direction},
            feasible,
            digits,
        )

    def leading_to(self, states: Diagram) -> Diagram:
        """Return where the mover can move to a set of feasible states from, or stand in it, feasible or not."""
        return self._spread(states, backwards=True)

    def reached_from(self, states: Diagram) -> Diagram:
        """Return where the mover can move to from a set, or stay in it, feasible or not."""
        return self._spread(states, backwards=False)

    def _spread(self, states: Diagram, backwards: bool) -> Diagram:
        diagrams = self.diagrams
        for name in self.options:
            with_it = diagrams.with_option(states, name, True)
            without = diagrams.with_option(states, name, False)
            either = with_it | without
            if name not in self.direction:
                states = either
            elif self.direction[name] == backwards:
                # Backwards over an option that can only become taken: it is taken now, or was not before.
                states = diagrams.here[name].ite(with_it, either)
            else:
                states = diagrams.here[name].ite(either, without)
        return states

    @cached_property
    def to_there(self) -> Substitution:
        """What puts *there* for *here* in the mover's own options."""
        return self.diagrams.moving(self.options)

    @cached_property
    def own_there(self) -> Diagram:
        """The *there* of the mover's own options, for quantifiers."""
        return self.diagrams.cube(self.diagrams.there[name] for name in self.options)

    def there(self, states: Diagram) -> Diagram:
        """Return a set, or relation, with *there* for *here* in the mover's own options."""
        return states.substitute(self.to_there)

    @cached_property
    def improvement(self) -> Diagram:
        """The mover's improvements, from *here* to *there* of its own options."""
        better = self.diagrams.nothing
        for digit in reversed(self.digits):
            after = self.there(digit)
            if after != digit:
                better = (~digit & after) | (digit.equiv(after) & better)
        return better & self._allowed & self.feasible & self.there(self.feasible)

    @cached_property
    def _allowed(self) -> Diagram:
        allowed = self.diagrams.everything
        for name, to_taken in self.direction.items():
            here, there = self.diagrams.here[name], self.diagrams.there[name]
            allowed = allowed & (here.imp(there) if to_taken else there.imp(here))
        return allowed

    @cached_property
    def content(self) -> Diagram:
        """The feasible states that the mover cannot improve on."""
        return self.feasible & ~self.improvement.exists(self.own_there)

    def improving_to(self, states: Diagram) -> Diagram:
        """Return where the mover can improve to a set from."""
        found = self.diagrams.exists_both(self._backwards, states, self._own_here)
        return found.substitute(self._to_here)

    def improving_from(self, states: Diagram) -> Diagram:
        """Return where the mover can improve to from a set."""
        return self.diagrams.exists_both(self.improvement, states, self._own_here).substitute(self._to_here)

    # Backwards the relation is held turned round, so that not the states that are led to but the fewer ones that lead
    # to them have variables put for others.

    @cached_property
    def _backwards(self) -> Diagram:
        """The mover's improvements, from *there* to *here* of its own options."""
        return self.improvement.substitute(self.diagrams.exchanging(self.options))

    @cached_property
    def _own_here(self) -> Diagram:
        return self.diagrams.cube(self.diagrams.here[name] for name in self.options)

    @cached_property
    def _to_here(self) -> Substitution:
        return self.diagrams.returning(self.options)
