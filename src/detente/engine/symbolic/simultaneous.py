"""Simultaneous sanctions: improvements from the same state, made at the same time, on diagrams.

Theory of operation. From *here* every other player stays or takes one of its improvements, which settles *there* of its
own options; the player's own *there* is the improvement it is tempted by. The combinations that are feasible and no
better for it are narrowed down to the tempting move by quantifying one other player after the other.

All of this is between members. Where members are merged, a move between two states is deterred when it is so between
any members of theirs.
"""

from __future__ import annotations

from collections.abc import Sequence

from detente.engine.progress import checkpoint
from detente.engine.symbolic.diagrams import Diagram, Diagrams
from detente.engine.symbolic.movers import MergingCoalition, Mover, others
from detente.engine.symbolic.space import Space


class Combinations:
    """The improvements of every player, to be made together."""

    def __init__(self, space: Space, movers: Sequence[Mover]) -> None:
        self.diagrams = space.diagrams
        self.space = space
        self.feasible = space.feasible
        self.movers = movers

    def _there(self, states: Diagram) -> Diagram:
        return states.substitute(self.diagrams.all_to_there)

    def part(self, place: int, among: Sequence[Diagram] | None) -> Diagram:
        """Return what a player can do in a combination: stay, or improve where ``among`` lets it."""
        improving = self.movers[place].improvement
        if among is not None:
            improving = improving & among[place]
        return improving | self.diagrams.unchanged(self.movers[place].options)

    def deterred(self, player: int, asked: Diagram, among: Sequence[Diagram] | None = None) -> Diagram:
        """Return from which states asked about, by which move of its own, a player can be brought to no better."""
        combined = self._no_better(player, asked)
        for place in others(self.movers, player):
            checkpoint(place / len(self.movers), f"SIM for {self.movers[player].id}")
            combined = self.diagrams.exists_both(combined, self.part(place, among), self.movers[place].own_there)
        return combined

    def _no_better(self, player: int, asked: Diagram) -> Diagram:
        mine = self.movers[player]
        return mine.no_better([self._there(digit) for digit in mine.digits], mine.digits, asked) & self._there(
            self.feasible
        )

    def unstable(self, player: int, among: Diagram) -> Diagram:
        """Return those of some states at which an improvement of a player is deterred by no combination."""
        asked = among & ~self.movers[player].content
        return self.tempted(player, asked, self.deterred(player, asked), self.feasible)

    def tempted(self, player: int, asked: Diagram, deterred: Diagram, ends: Diagram) -> Diagram:
        """Return at which states asked about an improvement of a player, to one of some states, is not deterred.

        ``deterred`` has the moves between members that are. ``ends``, and then what is returned, may
        depend on a rank besides.
        """
        mine = self.movers[player]
        open_ = self._between_alone(mine, asked & self.space.alone, deterred, ends)
        for group in self.space.groups:
            open_ = open_ | self._into(group, mine, asked & self.space.alone, deterred, ends)
            if group & asked != self.diagrams.nothing:
                open_ = open_ | self._out_of(group, mine, deterred, ends)
        return open_

    def _between_alone(self, mine: Mover, asked: Diagram, deterred: Diagram, ends: Diagram) -> Diagram:
        """As `tempted`, by improvements between states of one member."""
        ends = ends & self.space.alone
        if isinstance(mine, MergingCoalition):
            # It may pass through a merged state and come back with others' options changed: no combination does that.
            theirs = self.diagrams.unchanged(name for name in self.diagrams.options if name not in mine.options)
            improving = mine.improving & ~(deterred & mine.improvement & theirs)
            return self.diagrams.exists_both(improving & asked, self._there(ends), self.diagrams.every_there)
        return self.diagrams.exists_both(mine.improvement & ~deterred & asked, mine.there(ends), mine.own_there)

    def _into(self, group: Diagram, mine: Mover, asked: Diagram, deterred: Diagram, ends: Diagram) -> Diagram:
        """As `tempted`, by improvements from states of one member to a merged state."""
        there = mine.improvement & mine.there(group) & asked
        open_ = mine.improving_to(group) & asked & ~(there & deterred).exists(mine.own_there)
        return open_ & (group & ends).exists(self.diagrams.every_here)

    def _out_of(self, group: Diagram, mine: Mover, deterred: Diagram, ends: Diagram) -> Diagram:
        """As `tempted`, at a merged state."""
        led = (mine.improvement & deterred & group).exists(mine.own_here).substitute(mine.to_here)
        open_ = mine.improving_from(group) & ~self.space.whole(led)
        return group & (open_ & ends).exists(self.diagrams.every_here)

    def witness(
        self, player: int, start: Diagram, end: Diagram, among: Sequence[Diagram] | None = None
    ) -> tuple[list[tuple[int, frozenset[str]]], frozenset[str]] | None:
        """Return the improvements of as few others as can be that deter from a move, and where all end together.

        States are given as sets that have them alone, and returned as members. None when no combination deters.
        """
        diagrams, mine = self.diagrams, self.movers[player]
        combined = self._no_better(player, start) & mine.improvement & mine.there(end)
        answering = others(self.movers, player)
        for place in answering:
            combined = combined & self.part(place, among)
        if combined == diagrams.nothing:
            return None
        staying = [diagrams.unchanged(self.movers[place].options) for place in answering]
        for moving in range(1, len(answering) + 1):
            few = combined & _just(diagrams, staying, moving)
            if few != diagrams.nothing:
                break
        began, reached = diagrams.pick_pair(few)
        steps = []
        for place in answering:
            own = frozenset(self.movers[place].options)
            if reached & own != began & own:
                steps.append((place, (began - own) | (reached & own)))
        return steps, reached


def _just(diagrams: Diagrams, staying: Sequence[Diagram], moving: int) -> Diagram:
    """Return that just so many move."""
    exactly = [diagrams.everything] + [diagrams.nothing] * moving
    for stays in staying:
        exactly = [
            stays.ite(same, fewer) for same, fewer in zip(exactly, [diagrams.nothing, *exactly[:-1]], strict=True)
        ]
    return exactly[moving]
