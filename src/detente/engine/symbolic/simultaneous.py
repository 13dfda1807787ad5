"""Simultaneous sanctions: improvements from the same state, made at the same time.

From *here* every other player stays or takes one of its improvements, which settles *there* of its own options; the
player's own *there* is the improvement it is tempted by. The combinations that are feasible and no better for it are
narrowed down to the tempting move by quantifying one other player after the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from detente.engine.symbolic.diagrams import Diagram, Diagrams, Substitution
from detente.engine.symbolic.movers import Mover
from detente.engine.symbolic.ranks import at_most
from detente.engine.work import pulse


class Simultaneity:
    """The improvements of every player, to be made together."""

    def __init__(self, diagrams: Diagrams, feasible: Diagram, movers: Sequence[Mover]) -> None:
        self.diagrams = diagrams
        self.feasible = feasible
        self.movers = movers

    @cached_property
    def _to_there(self) -> Substitution:
        return self.diagrams.moving(self.diagrams.options)

    def _there(self, states: Diagram) -> Diagram:
        return states.substitute(self._to_there)

    def staying(self, mover: Mover) -> Diagram:
        """Return that a mover leaves its options as they are."""
        diagrams = self.diagrams
        return diagrams.cube(diagrams.here[name].equiv(diagrams.there[name]) for name in reversed(mover.options))

    def part(self, place: int, among: Sequence[Diagram] | None) -> Diagram:
        """Return what a player can do in a combination: stay, or improve where ``among`` lets it."""
        improving = self.movers[place].improvement
        if among is not None:
            improving = improving & among[place]
        return improving | self.staying(self.movers[place])

    def deterred(self, player: int, asked: Diagram, among: Sequence[Diagram] | None = None) -> Diagram:
        """Return from which states asked about, by which move of its own, a player can be brought to no better."""
        combined = self._no_better(player, asked)
        for place, other in enumerate(self.movers):
            if place != player and other.options:
                pulse(place / len(self.movers), f"SIM for {self.movers[player].id}")
                combined = self.diagrams.exists_both(combined, self.part(place, among), other.own_there)
        return combined

    def _no_better(self, player: int, asked: Diagram) -> Diagram:
        digits = self.movers[player].digits
        return at_most([self._there(digit) for digit in digits], digits, asked & self._there(self.feasible))

    def unstable(self, player: int, among: Diagram) -> Diagram:
        """Return those of some states at which an improvement of a player is deterred by no combination."""
        mine = self.movers[player]
        asked = among & ~mine.content
        open_ = mine.improvement & ~self.deterred(player, asked)
        return asked & open_.exists(mine.own_there)

    def witness(
        self, player: int, start: frozenset[str], end: frozenset[str], among: Sequence[Diagram] | None = None
    ) -> tuple[list[tuple[int, frozenset[str]]], frozenset[str]] | None:
        """Return the improvements of as few others as can be that deter from a move, and where all end together.

        States are given as the options taken. None when no combination deters.
        """
        diagrams, mine = self.diagrams, self.movers[player]
        combined = self._no_better(player, diagrams.at(start))
        for name in mine.options:
            combined = combined & (diagrams.there[name] if name in end else ~diagrams.there[name])
        others = [place for place, other in enumerate(self.movers) if place != player and other.options]
        for place in others:
            combined = combined & self.part(place, among)
        if combined == diagrams.nothing:
            return None
        staying = [self.staying(self.movers[place]) for place in others]
        for moving in range(1, len(others) + 1):
            few = combined & _just(diagrams, staying, moving)
            if few != diagrams.nothing:
                break
        reached = diagrams.pick_there(few)
        steps = []
        for place in others:
            own = frozenset(self.movers[place].options)
            if reached & own != start & own:
                steps.append((place, (start - own) | (reached & own)))
        return steps, reached


def _just(diagrams: Diagrams, staying: Sequence[Diagram], moving: int) -> Diagram:
    """Return that just so many move."""
    exactly = [diagrams.everything] + [diagrams.nothing] * moving
    for stays in staying:
        exactly = [
            stays.ite(same, fewer) for same, fewer in zip(exactly, [diagrams.nothing, *exactly[:-1]], strict=True)
        ]
    return exactly[moving]
