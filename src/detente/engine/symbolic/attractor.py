"""Where the others can bring about what hurts a player from, worked out backwards and no further than is asked for.

`caught` is the least set that holds what hurts, and every state from which a move of one of the others leads into it.
It grows by one other player's moves at a time: those are never joined into one relation. Two things keep it small.

- Each player is asked only about states that were caught since its last turn. A player that moves twice in a row gains
  nothing, so it is not asked about what it has led to itself.
- The others leave the player's own options alone. So what lies at settings of these at which no improvement is open any
  more is put by, and taken up when a later question needs it: what is caught for one rank is caught for all above.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

from detente.engine.symbolic.diagrams import Diagram


@dataclass(frozen=True, eq=False)
class Attractor:
    """Caught states, as far as they have been worked out.

    ``owed`` has for every other player the caught states that it has not been asked about.
    """

    states: Diagram
    owed: Mapping[int, Diagram]


class AttractorSearch:
    """Catching more and more states, until no improvement is open or nothing is owed where one is.

    Parameters
    ----------
    caught
        What is caught already, and what is owed on it.
    step
        Returns where one of the others leads into a set from.
    around
        Returns what agrees with something on the player's own options.
    """

    def __init__(
        self, caught: Attractor, step: Callable[[int, Diagram], Diagram], around: Callable[[Diagram], Diagram]
    ) -> None:
        self.states = caught.states
        self._step = step
        self._around = around
        self._nothing = caught.states & ~caught.states
        self._due = {place: [owed] for place, owed in caught.owed.items()}
        self._later: dict[int, list[Diagram]] = {place: [] for place in caught.owed}

    def caught(self) -> Attractor:
        """Return what has been caught, and what is owed on it."""
        return Attractor(
            self.states, {place: self._joined([*due, *self._later[place]]) for place, due in self._due.items()}
        )

    def hold(self, hurt: Diagram) -> None:
        """Catch what hurts."""
        fresh = hurt & ~self.states
        if fresh != self._nothing:
            self.states = self.states | fresh
            for due in self._due.values():
                due.append(fresh)

    def run(self, improvements: Diagram, pulse: Callable[[], None]) -> None:
        """Catch what the improvements ask for: all of it where one stays open, enough of it elsewhere."""
        open_ = improvements & ~self.states
        near, seen = self._around(open_), dict.fromkeys(self._due, self._nothing)
        places = list(self._due)
        turn = quiet = 0
        while quiet < len(places) and open_ != self._nothing:
            pulse()
            place = places[turn % len(places)]
            turn += 1
            due = self._joined(self._due[place])
            if seen[place] != near:
                self._later[place].append(due & ~near)
                due, seen[place] = due & near, near
            self._due[place] = []
            if due == self._nothing:
                quiet += 1
                continue
            quiet = 1
            new = self._step(place, due) & ~self.states
            if new == self._nothing:
                continue
            self.states = self.states | new
            for other in places:
                if other != place:
                    self._due[other].append(new)
            if open_ & new != self._nothing:
                open_ = open_ & ~new
                near = self._around(open_)

    def _joined(self, parts: Sequence[Diagram]) -> Diagram:
        return reduce(or_, parts, self._nothing)
