"""A player's moves, forwards and backwards over whole sets of states.

Theory of operation. Moves as such need no relation: a decision maker can change its options to whatever it likes, so
*where can it have come from* is a quantification over its options, one after the other, and an option that can be
changed in one direction only is quantified in one direction only. Improvements are a relation over *here* and *there*
of the decision maker's own options; what its preference says of options that are not its own is the same before and
after, and is left out.

Where members are merged, a move between two states is one between any members of theirs: sets are made whole after it.
Two moves in a row are then not always one, so it counts whether a move leads anywhere else: `moving_to` says so.

A standing coalition moves as its members can by turns, through feasible states. Where nothing is merged, everything
that its members' moves lead to in any order is one move of the coalition, and changes nothing but its own options: sets
grow by one member's moves after the other until nothing is new. Where states are merged nobody may move twice in a row,
and others' options may change on the way through a merged state. Then its moves are held as a relation between states.
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
    """Return the places of a player's others that can move."""
    return [place for place, mover in enumerate(movers) if place != player and mover.options]


@dataclass(frozen=True, eq=False)
class Mover:
    """A player that is one decision maker: its options, in which directions they move, and the digits of its rank.

    ``ranks`` has digits for every decision maker of the player: here for one.
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
        """The variables, and what is made of them."""
        return self.space.diagrams

    @property
    def feasible(self) -> Diagram:
        """The feasible members."""
        return self.space.feasible

    # Preferences.

    @cached_property
    def digits(self) -> Sequence[Diagram]:
        """The digits by which states are told apart: those of the rank, of everybody's where several are together."""
        return [digit for rank in self.ranks for digit in rank]

    @property
    def alone(self) -> bool:
        """Whether the player is one decision maker: what is better for it is then a matter of one rank."""
        return len(self.ranks) == 1

    def _split(self, digits: Sequence[_T]) -> Iterator[Sequence[_T]]:
        """Yield the part of some digits that is each decision maker's."""
        place = 0
        for rank in self.ranks:
            yield digits[place : place + len(rank)]
            place += len(rank)

    def as_good(self, rank: Sequence[bool], other: Sequence[bool]) -> bool:
        """Tell of two ranks, digit by digit, whether the first is as good as the second for everybody."""
        pairs = zip(self._split(rank), self._split(other), strict=True)
        return all(tuple(one) >= tuple(another) for one, another in pairs)

    def no_better(self, digits: Sequence[Diagram], bound: Sequence[Diagram], within: Diagram) -> Diagram:
        """Return what of a set is not better for the player than what has a bound for digits.

        ``digits`` are the player's, or the same with *there* for *here*.
        """
        parts = zip(self._split(digits), self._split(bound), strict=True)
        return reduce(or_, (at_most(own, limit, within) for own, limit in parts))

    def better(self, there: Callable[[Diagram], Diagram]) -> Diagram:
        """Return that what is *there* is better for the player than what is *here*: for everybody in it."""
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
        """Return where the mover can move to a set of feasible states from, or stand in it, feasible or not."""
        return self._whole(self.spread(states, backwards=True))

    def reached_from(self, states: Diagram) -> Diagram:
        """Return where the mover can move to from a set of feasible states, or stay in it, feasible or not."""
        return self._whole(self.spread(states, backwards=False))

    def moving_to(self, states: Diagram) -> Diagram:
        """Return the states from which the mover can move to another state, of a set of feasible ones."""
        return self.elsewhere(states, backwards=True)

    def _whole(self, members: Diagram) -> Diagram:
        return self.space.whole(members & self.feasible) if self.space.groups else members

    def spread(self, states: Diagram, backwards: bool) -> Diagram:
        """Return the combinations of options that a move, or none, leads from (backwards) or to."""
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

    def elsewhere(self, states: Diagram, backwards: bool) -> Diagram:
        """Return the states from which (backwards), or to which, a move between two states leads.

        ``states`` may be under anything besides *here*, as all sets of states.
        """
        space = self.space
        found = self._changed(states, backwards) & space.alone
        for group in space.groups:
            found = found | space.touched(group, self.spread(states & ~group, backwards))
        return found

    def _changed(self, states: Diagram, backwards: bool) -> Diagram:
        """As `spread`, for moves that change at least one option."""
        diagrams, found = self.diagrams, self.diagrams.nothing
        for name in self.options:
            with_it, without = (diagrams.with_option(found, name, taken) for taken in (True, False))
            # Where it is the option at hand that is changed, it may be the first.
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
        """What puts *there* for *here* in the mover's own options."""
        return self.diagrams.moving(self.options)

    @cached_property
    def own_there(self) -> Diagram:
        """The *there* of the mover's own options, for quantifiers."""
        return self.diagrams.cube(self.diagrams.there[name] for name in self.options)

    @cached_property
    def own_here(self) -> Diagram:
        """The *here* of the mover's own options, for quantifiers."""
        return self.diagrams.cube(self.diagrams.here[name] for name in self.options)

    @cached_property
    def to_here(self) -> Substitution:
        """What puts *here* for *there* in the mover's own options."""
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
        """What the mover may do with its options where it ends in a feasible member."""
        allowed = self.diagrams.everything
        for name, to_taken in self.direction.items():
            here, there = self.diagrams.here[name], self.diagrams.there[name]
            allowed = allowed & (here.imp(there) if to_taken else there.imp(here))
        return allowed

    @cached_property
    def content(self) -> Diagram:
        """The feasible states that the mover cannot improve on."""
        return self.feasible & ~self.space.whole(self.improvement.exists(self.own_there))

    def improving_to(self, states: Diagram) -> Diagram:
        """Return where the mover can improve to a set from."""
        found = self.diagrams.exists_both(self._backwards, states, self.own_here)
        return self.space.whole(found.substitute(self.to_here))

    def improving_from(self, states: Diagram) -> Diagram:
        """Return where the mover can improve to from a set."""
        found = self.diagrams.exists_both(self.improvement, states, self.own_here)
        return self.space.whole(found.substitute(self.to_here))

    # Backwards the relation is held turned round, so that not the states that are led to but the fewer ones that lead
    # to them have variables put for others.

    @cached_property
    def _backwards(self) -> Diagram:
        """The mover's improvements, from *there* to *here* of its own options."""
        return self.improvement.substitute(self.diagrams.exchanging(self.options))


def coalition_of(space: Space, members: Sequence[Mover]) -> Mover:
    """Return the player that some decision makers are."""
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
    """A standing coalition of two decision makers or more."""

    members: tuple[Mover, ...]

    def spread(self, states: Diagram, backwards: bool) -> Diagram:
        """Return the feasible members that the coalition's moves, or none, lead from (backwards) or to."""
        quiet = turn = 0
        while quiet < len(self.members):
            checkpoint(0.0, f"what {self.id} can do together")
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
        apart = diagrams.unchanged(diagrams.options) & self.space.alone
        return reduce(or_, (group & group.substitute(diagrams.all_to_there) for group in self.space.groups), apart)

    @cached_property
    def _all_to_here(self) -> Substitution:
        return self.diagrams.returning(self.diagrams.options)

    @cached_property
    def _exchanging(self) -> Substitution:
        return self.diagrams.exchanging(self.diagrams.options)

    @cached_property
    def _came(self) -> Diagram:
        """The coalition's moves between states, from *there* to *here*."""
        search = SequenceSearch(
            MoveSequences.none(self.diagrams.nothing, range(len(self.members))),
            lambda place, states: self.members[place].elsewhere(states, backwards=False),
        )
        search.seek(self.staying)
        while places := search.waiting(self.diagrams.everything):
            for place in places:
                checkpoint(0.0, f"what {self.id} can do together")
                search.ask(place, self.diagrams.everything)
        return reduce(or_, search.starts.values(), self.diagrams.nothing) & ~self.staying

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
