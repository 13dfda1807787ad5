"""A player's moves, forwards and backwards over whole sets of states.

Theory of operation. Moves as such need no relation: a decision maker can change its options freely, so the states it
can have come from result from quantifying over its options, one after the other; a one-way option is quantified in one
direction only. Improvements are a relation over *here* and *there* of the decision maker's own options. The part of its
preferences that concerns other options is the same before and after the move, and is left out.

If members are merged, a move between two states is a move between any of their members, so each resulting set is
completed to whole states. Two moves in a row then do not always equal one, so it matters whether a move leads to
another state at all: `moving_to` covers only such moves.

A standing coalition moves by its members' moves in turn, through feasible states. If no states are merged, everything
that its members' moves reach in any order is one move of the coalition and changes only its own options: sets grow by
one member's moves after the other until nothing is new. If states are merged, no player may move twice in a row, and
the options of others may change on the way through a merged state. Then the coalition's moves are a relation between
states.

Cost: a quantification for each own option; improvements need one relational product over the own options.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import or_
from typing import TypeVar

from detente.engine.progress import checkpoint
from detente.engine.symbolic.attractor import MoveSequences, SequenceSearch
from detente.engine.symbolic.diagrams import Diagram, Diagrams, Substitution
from detente.engine.symbolic.space import Space, at_most
from detente.model.conflict import Conflict

_T = TypeVar("_T")


def others(movers: Sequence[Mover], player: int) -> list[int]:
    """Return the indices of the other players that can move."""
    return [place for place, mover in enumerate(movers) if place != player and mover.options]


@dataclass(frozen=True, eq=False)
class Mover:
    """A player that is a single decision maker: its options, the directions in which they move, and the digits of its
    rank.

    ``ranks`` has the digits for each decision maker of the player: here one.
    """

    space: Space
    id: str
    options: tuple[str, ...]
    direction: dict[str, bool]
    ranks: tuple[Sequence[Diagram], ...]

    @classmethod
    def of(cls, space: Space, conflict: Conflict, id: str, digits: Sequence[Diagram]) -> Mover:
        """Compile a decision maker of a conflict."""
        own = tuple(option.id for option in conflict.decision_maker(id).options)
        direction = {name: conflict.direction[name] for name in own if name in conflict.direction}
        return cls(space, id, own, direction, (digits,))

    @property
    def diagrams(self) -> Diagrams:
        """The diagrams of the conflict."""
        return self.space.diagrams

    @property
    def feasible(self) -> Diagram:
        """The feasible members."""
        return self.space.feasible

    # Preferences.

    @cached_property
    def digits(self) -> Sequence[Diagram]:
        """The digits that distinguish states for the player: those of its rank, or of all members' ranks."""
        return [digit for rank in self.ranks for digit in rank]

    @property
    def alone(self) -> bool:
        """Whether the player is a single decision maker, so that one rank decides what is better."""
        return len(self.ranks) == 1

    def _split(self, digits: Sequence[_T]) -> Iterator[Sequence[_T]]:
        """Yield for each member its part of some digits."""
        place = 0
        for rank in self.ranks:
            yield digits[place : place + len(rank)]
            place += len(rank)

    def as_good(self, rank: Sequence[bool], other: Sequence[bool]) -> bool:
        """Tell whether the first of two ranks, given as digits, is at least as good as the second for every member."""
        pairs = zip(self._split(rank), self._split(other), strict=True)
        return all(tuple(one) >= tuple(another) for one, another in pairs)

    def no_better(self, digits: Sequence[Diagram], bound: Sequence[Diagram], within: Diagram) -> Diagram:
        """Return the part of a set that is not better for the player than a bound, given as digits.

        ``digits`` are the player's, or the same with *there* for *here*.
        """
        parts = zip(self._split(digits), self._split(bound), strict=True)
        return reduce(or_, (at_most(own, limit, within) for own, limit in parts))

    def better(self, there: Callable[[Diagram], Diagram]) -> Diagram:
        """Return the relation that *there* is better than *here* for every member of the player."""
        found = self.diagrams.everything
        for rank in self.ranks:
            better = self.diagrams.nothing
            for digit in reversed(rank):
                after = there(digit)
                if after != digit:
                    better = (~digit & after) | (digit.equiv(after) & better)
            found = found & better
        return found

    # Moves.

    def leading_to(self, states: Diagram) -> Diagram:
        """Return the states, feasible or not, from which the mover can move into a set of feasible states or stay in
        it.
        """
        return self._whole(self.spread(states, backwards=True))

    def reached_from(self, states: Diagram) -> Diagram:
        """Return the states, feasible or not, that the mover can reach from a set of feasible states by moving or
        staying.
        """
        return self._whole(self.spread(states, backwards=False))

    def moving_to(self, states: Diagram) -> Diagram:
        """Return the states from which the mover can move to a different state in a set of feasible states."""
        return self.elsewhere(states, backwards=True)

    def _whole(self, members: Diagram) -> Diagram:
        return self.space.whole(members & self.feasible) if self.space.groups else members

    def spread(self, states: Diagram, backwards: bool) -> Diagram:
        """Return the combinations of options from which (backwards) or to which a move, or staying, leads."""
        diagrams = self.diagrams
        for name in self.options:
            with_it = diagrams.with_option(states, name, True)
            without = diagrams.with_option(states, name, False)
            either = with_it | without
            if name not in self.direction:
                states = either
            elif self.direction[name] == backwards:
                # Backwards over an option that can only become taken: if it was taken before, it still is.
                states = diagrams.here[name].ite(with_it, either)
            else:
                states = diagrams.here[name].ite(either, without)
        return states

    def elsewhere(self, states: Diagram, backwards: bool) -> Diagram:
        """Return the states from which (backwards) or to which a move between two different states leads.

        ``states`` may depend on further variables besides *here*.
        """
        space = self.space
        found = self._changed(states, backwards) & space.unmerged
        for group in space.groups:
            found = found | space.group_if_met(group, self.spread(states & ~group, backwards))
        return found

    def _changed(self, states: Diagram, backwards: bool) -> Diagram:
        """As `spread`, for moves that change at least one option."""
        diagrams, found = self.diagrams, self.diagrams.nothing
        for name in self.options:
            with_it, without = (diagrams.with_option(found, name, taken) for taken in (True, False))
            # This option may be the first one that the move changes.
            to_with = with_it | diagrams.with_option(states, name, True)
            to_without = without | diagrams.with_option(states, name, False)
            direction = self.direction.get(name)
            taken = with_it | to_without if direction in (None, not backwards) else with_it
            left = without | to_with if direction in (None, backwards) else without
            found = diagrams.here[name].ite(taken, left)
        return found

    # Improvements.

    @cached_property
    def to_there(self) -> Substitution:
        """The substitution of *there* for *here* in the mover's own options."""
        return self.diagrams.moving(self.options)

    @cached_property
    def own_there(self) -> Diagram:
        """The *there* variables of the mover's own options, for quantifiers."""
        return self.diagrams.cube(self.diagrams.there[name] for name in self.options)

    @cached_property
    def own_here(self) -> Diagram:
        """The *here* variables of the mover's own options, for quantifiers."""
        return self.diagrams.cube(self.diagrams.here[name] for name in self.options)

    @cached_property
    def to_here(self) -> Substitution:
        """The substitution of *here* for *there* in the mover's own options."""
        return self.diagrams.returning(self.options)

    def there(self, states: Diagram) -> Diagram:
        """Return a set, or relation, with *there* for *here* in the mover's own options."""
        return states.substitute(self.to_there)

    @cached_property
    def improvement(self) -> Diagram:
        """The mover's improvements between members, from *here* to *there* of its own options."""
        return self.better(self.there) & self._allowed & self.feasible & self.there(self.feasible)

    @cached_property
    def _allowed(self) -> Diagram:
        """The changes of its options that the mover can make, apart from feasibility."""
        allowed = self.diagrams.everything
        for name, to_taken in self.direction.items():
            here, there = self.diagrams.here[name], self.diagrams.there[name]
            allowed = allowed & (here.imp(there) if to_taken else there.imp(here))
        return allowed

    @cached_property
    def without_improvement(self) -> Diagram:
        """The feasible states from which the mover has no improvement."""
        return self.feasible & ~self.space.whole(self.improvement.exists(self.own_there))

    def improving_to(self, states: Diagram) -> Diagram:
        """Return the states from which the mover has an improvement into a set."""
        found = self.diagrams.exists_both(self._backwards, states, self.own_here)
        return self.space.whole(found.substitute(self.to_here))

    def improving_from(self, states: Diagram) -> Diagram:
        """Return the states that the mover's improvements from a set lead to."""
        found = self.diagrams.exists_both(self.improvement, states, self.own_here)
        return self.space.whole(found.substitute(self.to_here))

    # The backward relation is stored in the opposite direction, so that the substitution applies to the start states,
    # which are fewer than the end states.

    @cached_property
    def _backwards(self) -> Diagram:
        """The mover's improvements, from *there* to *here* of its own options."""
        return self.improvement.substitute(self.diagrams.exchanging(self.options))


def coalition_of(space: Space, members: Sequence[Mover]) -> Mover:
    """Return the player formed by some decision makers."""
    if len(members) == 1:
        return members[0]
    kind = MergingCoalition if space.groups else Coalition
    return kind(
        space,
        "+".join(member.id for member in members),
        tuple(name for member in members for name in member.options),
        {name: to_taken for member in members for name, to_taken in member.direction.items()},
        tuple(rank for member in members for rank in member.ranks),
        tuple(members),
    )


@dataclass(frozen=True, eq=False)
class Coalition(Mover):
    """A standing coalition of two or more decision makers."""

    members: tuple[Mover, ...]

    def spread(self, states: Diagram, backwards: bool) -> Diagram:
        """Return the feasible members from which (backwards) or to which the coalition's moves, or staying, lead."""
        quiet = turn = 0
        while quiet < len(self.members):
            checkpoint(0.0, f"joint moves of {self.id}")
            wider = states | (self.members[turn % len(self.members)].spread(states, backwards) & self.feasible)
            quiet, states, turn = (quiet + 1 if wider == states else 1), wider, turn + 1
        return states

    @cached_property
    def _allowed(self) -> Diagram:
        """The changes of its options that the coalition can make, each step through feasible members."""
        staying = self.diagrams.unchanged(self.options) & self.feasible
        # The *there* side of the relation keeps the initial values.
        return self.spread(staying, backwards=False).substitute(self.diagrams.exchanging(self.options))


class MergingCoalition(Coalition):
    """A coalition in a conflict with merged states; only its improvements between members combine with those of
    others.
    """

    @cached_property
    def staying(self) -> Diagram:
        """The relation that *here* and *there* are the same state."""
        diagrams = self.diagrams
        apart = diagrams.unchanged(diagrams.options) & self.space.unmerged
        return reduce(or_, (group & group.substitute(diagrams.all_to_there) for group in self.space.groups), apart)

    @cached_property
    def _all_to_here(self) -> Substitution:
        return self.diagrams.returning(self.diagrams.options)

    @cached_property
    def _exchanging(self) -> Substitution:
        return self.diagrams.exchanging(self.diagrams.options)

    @cached_property
    def _moves_backwards(self) -> Diagram:
        """The coalition's moves between states, from *there* to *here*."""
        search = SequenceSearch(
            MoveSequences.empty(self.diagrams.nothing, range(len(self.members))),
            lambda place, states: self.members[place].elsewhere(states, backwards=False),
        )
        search.seek(self.staying)
        while places := search.waiting(self.diagrams.everything):
            for place in places:
                checkpoint(0.0, f"joint moves of {self.id}")
                search.ask(place, self.diagrams.everything)
        return reduce(or_, search.starts.values(), self.diagrams.nothing) & ~self.staying

    @cached_property
    def _moves_forwards(self) -> Diagram:
        """The coalition's moves between states, from *here* to *there*."""
        return self._moves_backwards.substitute(self._exchanging)

    @cached_property
    def improving(self) -> Diagram:
        """The coalition's improvements between states, from *here* to *there*."""
        return self._moves_forwards & self.better(lambda digit: digit.substitute(self.diagrams.all_to_there))

    @cached_property
    def _improved(self) -> Diagram:
        """The coalition's improvements between states, from *there* to *here*."""
        return self.improving.substitute(self._exchanging)

    def _other_end(self, relation: Diagram, states: Diagram) -> Diagram:
        """Return the *there* side of a relation for a set of *here* states."""
        return self.diagrams.exists_both(relation, states, self.diagrams.every_here).substitute(self._all_to_here)

    def leading_to(self, states: Diagram) -> Diagram:
        """Return the states from which the coalition can move into a set of feasible states or stay in it."""
        return states | self.moving_to(states)

    def reached_from(self, states: Diagram) -> Diagram:
        """Return the states that the coalition can reach from a set of feasible states by moving or staying."""
        return states | self._other_end(self._moves_forwards, states)

    def moving_to(self, states: Diagram) -> Diagram:
        """Return the states from which the coalition can move to a different state in a set of feasible states."""
        return self._other_end(self._moves_backwards, states)

    @cached_property
    def without_improvement(self) -> Diagram:
        """The feasible states from which the coalition has no improvement."""
        return self.feasible & ~self.improving.exists(self.diagrams.every_there)

    def improving_to(self, states: Diagram) -> Diagram:
        """Return the states from which the coalition has an improvement into a set."""
        return self._other_end(self._improved, states)

    def improving_from(self, states: Diagram) -> Diagram:
        """Return the states that the coalition's improvements from a set lead to."""
        return self._other_end(self.improving, states)
