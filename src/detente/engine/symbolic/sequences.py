"""Sequences of moves in which nobody moves twice in a row, where that makes a difference: where states are merged.

Two moves of a decision maker in a row are one, unless it arrives at a merged state at one of its members and leaves it
from another. So where states are merged it is kept, for every player, where a sequence that begins with a move of its
own leads to what is sought from; what another has found is put to it, what it has found itself is not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

from detente.engine.symbolic.diagrams import Diagram
from detente.engine.symbolic.space import Merging


@dataclass(frozen=True, eq=False)
class MoveSequences:
    """What sequences have been found to lead to, as far as they have been followed.

    ``states`` is all that has been found. For every player, ``first`` is where sequences begin with a move of its own,
    ``told`` what it has been told of, and ``owed`` what of that it has not been asked about.
    """

    states: Diagram
    first: Mapping[int, Diagram]
    told: Mapping[int, Diagram]
    owed: Mapping[int, Diagram]

    @classmethod
    def none(cls, nothing: Diagram, places: Iterable[int]) -> MoveSequences:
        """Return that nothing is found and nothing sought."""
        empty = dict.fromkeys(places, nothing)
        return cls(nothing, empty, empty, empty)


class SequenceSearch:
    """Following sequences, a player's moves at a time.

    Parameters
    ----------
    trails
        What is found already.
    step
        Returns the states from which a player's moves lead to others, of a set; never for staying in it.
    """

    def __init__(self, trails: MoveSequences, step: Callable[[int, Diagram], Diagram]) -> None:
        self.states = trails.states
        self.first, self.told, self.owed = dict(trails.first), dict(trails.told), dict(trails.owed)
        self.nothing = trails.states & ~trails.states
        self._step = step

    def trails(self) -> MoveSequences:
        """Return what is found."""
        return MoveSequences(self.states, dict(self.first), dict(self.told), dict(self.owed))

    def seek(self, states: Diagram) -> None:
        """Seek what sequences lead to these states from: everybody's last move may."""
        self.states = self.states | states
        for place in self.told:
            self._tell(place, states)

    def ask(self, place: int, within: Diagram) -> Diagram:
        """Ask a player about what it is owed within a set; return what it finds that had not been found."""
        due = self.owed[place] & within
        if due == self.nothing:
            return self.nothing
        self.owed[place] = self.owed[place] & ~within
        found = self._step(place, due) & ~self.first[place]
        if found == self.nothing:
            return self.nothing
        self.first[place] = self.first[place] | found
        for other in self.told:
            if other != place:
                self._tell(other, found)
        new = found & ~self.states
        self.states = self.states | new
        return new

    def _tell(self, place: int, states: Diagram) -> None:
        fresh = states & ~self.told[place]
        self.told[place] = self.told[place] | fresh
        self.owed[place] = self.owed[place] | fresh

    def owing(self, within: Diagram) -> list[int]:
        """Return the players that are owed something within a set."""
        return [place for place, owed in self.owed.items() if owed & within != self.nothing]

    def to_the_end(self, within: Diagram, pulse: Callable[[], None]) -> MoveSequences:
        """Follow everything."""
        while places := self.owing(within):
            for place in places:
                pulse()
                self.ask(place, within)
        return self.trails()


def followed(
    following: SequenceSearch,
    improvements: Diagram,
    around: Callable[[Diagram], Diagram],
    merging: Merging,
    passing: bool,
    pulse: Callable[[], None],
) -> MoveSequences:
    """Follow what the improvements ask for: all of it where one stays open, enough of it elsewhere.

    What lies at settings of the player's own options at which no improvement is open is put by, as
    `detente.engine.symbolic.attractor` does it: the others leave these alone, but where they pass through a merged
    state. One of which all is known that matters is passed through no more, unless somebody is ``passing`` through
    merged states in a single move.
    """
    open_ = improvements & ~following.states
    groups: Sequence[Diagram] = merging.groups
    while open_ != following.nothing:
        groups = [group for group in groups if passing or not _settled(following, group)]
        near = _near(open_, around, merging, groups)
        places = following.owing(near)
        if not places:
            break
        for place in places:
            pulse()
            open_ = open_ & ~following.ask(place, near)
    return following.trails()


def confined_to(
    trails: MoveSequences, open_: Diagram, around: Callable[[Diagram], Diagram], merging: Merging, passing: bool
) -> Diagram:
    """Return the states that sequences from something open keep to, where `chased` has followed everything.

    Of a merged state that is got to all members are in it, also of one that is not passed through.
    """
    groups = [group for group in merging.groups if passing or not _settled(trails, group)]
    return merging.whole(_near(open_, around, merging, groups) & merging.feasible)


def _settled(following: SequenceSearch | MoveSequences, group: Diagram) -> bool:
    """Tell whether a merged state has been found in all the ways that make a difference to how it is arrived at."""
    told = following.told
    nobody = group & ~group
    if len(told) == 1:
        # The only other player can move once, so its having arrived there leads nowhere else.
        return group & ~following.states == nobody
    return all(group & ~states == nobody for states in told.values())


def _near(open_: Diagram, around: Callable[[Diagram], Diagram], merging: Merging, groups: Sequence[Diagram]) -> Diagram:
    """Return what agrees on the player's own options with what is open, or with merged states that are got to so."""
    near = around(open_)
    while True:
        wider = reduce(or_, (around(merging.touched(group, near)) for group in groups), near)
        if wider == near:
            return near
        near = wider
