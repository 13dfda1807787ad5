"""A standing coalition's moves: what its members can do by turns, through feasible states.

Where nothing is merged, everything that its members' moves lead to in any order is one move of the coalition, and
changes nothing but its own options: sets grow by one member's moves after the other until nothing is new. Where states
are merged nobody may move twice in a row, and others' options may change on the way through a merged state. Then its
moves are held as a relation between states.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import or_

from detente.engine.symbolic.diagrams import Diagram, Substitution
from detente.engine.symbolic.merging import Merging
from detente.engine.symbolic.movers import Mover
from detente.engine.symbolic.remembering import Following, Trails
from detente.engine.work import pulse


def together(merging: Merging, members: Sequence[Mover]) -> Mover:
    """Return the player that some decision makers are."""
    if len(members) == 1:
        return members[0]
    kind = MergingCoalition if merging.groups else Coalition
    return kind(
        merging.diagrams,
        merging,
        "+".join(member.id for member in members),
        tuple(name for member in members for name in member.options),
        {name: to_taken for member in members for name, to_taken in member.direction.items()},
        tuple(rank for member in members for rank in member.ranks),
        tuple(members),
    )


@dataclass(frozen=True, eq=False)
class Coalition(Mover):
    """A standing coalition of two decision makers or more."""

    members: tuple[Mover, ...]

    def spread(self, states: Diagram, backwards: bool) -> Diagram:
        """Return the feasible members that the coalition's moves, or none, lead from (backwards) or to."""
        quiet = turn = 0
        while quiet < len(self.members):
            pulse(0.0, f"what {self.id} can do together")
            wider = states | (self.members[turn % len(self.members)].spread(states, backwards) & self.feasible)
            quiet, states, turn = (quiet + 1 if wider == states else 1), wider, turn + 1
        return states

    @cached_property
    def _allowed(self) -> Diagram:
        """What the coalition can do with its options, each step through feasible members."""
        staying = self.diagrams.unchanged(self.options) & self.feasible
        # What is *there* stays as it began.
        return self.spread(staying, backwards=False).substitute(self.diagrams.exchanging(self.options))


class MergingCoalition(Coalition):
    """A coalition where states are merged; its improvements between members are those that others combine with."""

    @cached_property
    def staying(self) -> Diagram:
        """That *here* and *there* are the same state."""
        diagrams = self.diagrams
        apart = diagrams.unchanged(diagrams.options) & self.merging.alone
        return reduce(or_, (group & group.substitute(diagrams.all_to_there) for group in self.merging.groups), apart)

    @cached_property
    def _all_to_here(self) -> Substitution:
        return self.diagrams.returning(self.diagrams.options)

    @cached_property
    def _exchanging(self) -> Substitution:
        return self.diagrams.exchanging(self.diagrams.options)

    @cached_property
    def _came(self) -> Diagram:
        """The coalition's moves between states, from *there* to *here*."""
        nothing, everything = self.diagrams.nothing, self.diagrams.everything
        following = Following(
            Trails.none(nothing, range(len(self.members))),
            lambda place, states: self.members[place].elsewhere(states, backwards=False),
        )
        following.seek(self.staying)
        trails = following.to_the_end(everything, lambda: pulse(0.0, f"what {self.id} can do together"))
        return reduce(or_, trails.first.values(), nothing) & ~self.staying

    @cached_property
    def _goes(self) -> Diagram:
        """The coalition's moves between states, from *here* to *there*."""
        return self._came.substitute(self._exchanging)

    @cached_property
    def improving(self) -> Diagram:
        """The coalition's improvements between states, from *here* to *there*."""
        return self._goes & self.better(lambda digit: digit.substitute(self.diagrams.all_to_there))

    @cached_property
    def _improved(self) -> Diagram:
        """The coalition's improvements between states, from *there* to *here*."""
        return self.improving.substitute(self._exchanging)

    def _other_end(self, relation: Diagram, states: Diagram) -> Diagram:
        """Return what is *there* for some of a set *here*."""
        return self.diagrams.exists_both(relation, states, self.diagrams.every_here).substitute(self._all_to_here)

    def leading_to(self, states: Diagram) -> Diagram:
        """Return where the coalition can move to a set of feasible states from, or stand in it."""
        return states | self.moving_to(states)

    def reached_from(self, states: Diagram) -> Diagram:
        """Return where the coalition can move to from a set of feasible states, or stay in it."""
        return states | self._other_end(self._goes, states)

    def moving_to(self, states: Diagram) -> Diagram:
        """Return the states from which the coalition can move to another state, of a set of feasible ones."""
        return self._other_end(self._came, states)

    @cached_property
    def content(self) -> Diagram:
        """The feasible states that the coalition cannot improve on."""
        return self.feasible & ~self.improving.exists(self.diagrams.every_there)

    def improving_to(self, states: Diagram) -> Diagram:
        """Return where the coalition can improve to a set from."""
        return self._other_end(self._improved, states)

    def improving_from(self, states: Diagram) -> Diagram:
        """Return where the coalition can improve to from a set."""
        return self._other_end(self.improving, states)
