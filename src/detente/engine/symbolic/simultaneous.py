"""Simultaneous sanctions on diagrams: improvements from the same state, made at the same time (Fraser & Hipel 1979,
1984).

Theory of operation. From *here*, every other player stays or takes one of its improvements, which determines *there*
for its own options; the player's own *there* is the improvement in question. The relation of the combinations that are
feasible and no better for the player is then reduced to the player's move by quantifying one other player after the
other.

All of this concerns members. If members are merged, a move between two states is deterred if it is deterred between any
of their members.
"""

from __future__ import annotations

from collections.abc import Sequence

from detente.engine.progress import checkpoint
from detente.engine.symbolic.diagrams import Diagram, Diagrams
from detente.engine.symbolic.movers import MergingCoalition, Mover, others
from detente.engine.symbolic.space import Space


class JointImprovements:
    """The simultaneous improvements of all players."""

    def __init__(self, space: Space, movers: Sequence[Mover]) -> None:
        self.diagrams = space.diagrams
        self.space = space
        self.feasible = space.feasible
        self.movers = movers

    def _there(self, states: Diagram) -> Diagram:
        return states.substitute(self.diagrams.all_to_there)

    def part(self, place: int, among: Sequence[Diagram] | None) -> Diagram:
        """Return what a player can do in a combination: stay, or improve if ``among`` allows it."""
        improving = self.movers[place].improvement
        if among is not None:
            improving = improving & among[place]
        return improving | self.diagrams.unchanged(self.movers[place].options)

    def deterred(self, player: int, asked: Diagram, among: Sequence[Diagram] | None = None) -> Diagram:
        """Return the pairs of a state asked about and a move of the player that some combination deters."""
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
        """Return those of some states at which an improvement of a player is not deterred by any combination."""
        asked = among & ~self.movers[player].without_improvement
        return self.tempted(player, asked, self.deterred(player, asked), self.feasible)

    def tempted(self, player: int, asked: Diagram, deterred: Diagram, ends: Diagram) -> Diagram:
        """Return the states asked about at which an improvement of a player into a set of ends is not deterred.

        ``deterred`` contains the deterred moves between members. ``ends``, and so the result, may also depend on a
        rank.
        """
        mine = self.movers[player]
        open_ = self._tempted_unmerged(mine, asked & self.space.unmerged, deterred, ends)
        for group in self.space.groups:
            open_ = open_ | self._tempted_into(group, mine, asked & self.space.unmerged, deterred, ends)
            if group & asked != self.diagrams.nothing:
                open_ = open_ | self._tempted_out_of(group, mine, deterred, ends)
        return open_

    def _tempted_unmerged(self, mine: Mover, asked: Diagram, deterred: Diagram, ends: Diagram) -> Diagram:
        """As `tempted`, for improvements between unmerged states."""
        ends = ends & self.space.unmerged
        if isinstance(mine, MergingCoalition):
            # The coalition may pass through a merged state and so change options of others, which no combination does.
            theirs = self.diagrams.unchanged(name for name in self.diagrams.options if name not in mine.options)
            improving = mine.improving & ~(deterred & mine.improvement & theirs)
            return self.diagrams.exists_both(improving & asked, self._there(ends), self.diagrams.every_there)
        return self.diagrams.exists_both(mine.improvement & ~deterred & asked, mine.there(ends), mine.own_there)

    def _tempted_into(self, group: Diagram, mine: Mover, asked: Diagram, deterred: Diagram, ends: Diagram) -> Diagram:
        """As `tempted`, for improvements from unmerged states to a merged state."""
        there = mine.improvement & mine.there(group) & asked
        open_ = mine.improving_to(group) & asked & ~(there & deterred).exists(mine.own_there)
        return open_ & (group & ends).exists(self.diagrams.every_here)

    def _tempted_out_of(self, group: Diagram, mine: Mover, deterred: Diagram, ends: Diagram) -> Diagram:
        """As `tempted`, for improvements from a merged state."""
        led = (mine.improvement & deterred & group).exists(mine.own_here).substitute(mine.to_here)
        open_ = mine.improving_from(group) & ~self.space.whole(led)
        return group & (open_ & ends).exists(self.diagrams.every_here)

    def witness(
        self, player: int, start: Diagram, end: Diagram, among: Sequence[Diagram] | None = None
    ) -> tuple[list[tuple[int, frozenset[str]]], frozenset[str]] | None:
        """Return improvements of as few others as possible that deter from a move, and the member they all lead to.

        The states are given as sets of one, and returned as members. None if no combination deters.
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
            few = combined & _exactly_moving(diagrams, staying, moving)
            if few != diagrams.nothing:
                break
        began, reached = diagrams.pick_pair(few)
        steps = []
        for place in answering:
            own = frozenset(self.movers[place].options)
            if reached & own != began & own:
                steps.append((place, (began - own) | (reached & own)))
        return steps, reached


def _exactly_moving(diagrams: Diagrams, staying: Sequence[Diagram], moving: int) -> Diagram:
    """Return the relation that exactly ``moving`` of the players move."""
    exactly = [diagrams.everything] + [diagrams.nothing] * moving
    for stays in staying:
        exactly = [
            stays.ite(same, fewer) for same, fewer in zip(exactly, [diagrams.nothing, *exactly[:-1]], strict=True)
        ]
    return exactly[moving]
