"""Where the others can lead to what deters a player, worked out backwards and no further than is asked for.

Theory of operation. The *attractor* is the least set that holds the states that deter, and every state from which a
move of one of the others leads into it (as in games on graphs: Grädel, Thomas & Wilke 2002). It grows by one other
player's moves at a time: those are never joined into one relation. Two things keep it small.

- Each player is asked only about its *frontier*: states that have come into the attractor since its last turn. A player
  that moves twice in a row gains nothing, so what it has led to itself is not on its own frontier.
- The others leave the player's own options alone. So what lies at settings of these at which no improvement is open any
  more is put off, and taken up when a later question needs it: the attractor of one rank is part of that of all above.

Where states are merged, two moves of a decision maker in a row need not be one: it may arrive at a merged state at one
of its members and leave it from another. There a `SequenceSearch` keeps for every player where a sequence that begins
with a move of its own leads to what is sought from. What another has found comes on its frontier, what it has found
itself does not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

from detente.engine.symbolic.diagrams import Diagram
from detente.engine.symbolic.space import Space

#: Returns the states from which a player's moves lead into a set.
StepBack = Callable[[int, Diagram], Diagram]
#: Returns what agrees with a set on the options of the player who is to be deterred.
Around = Callable[[Diagram], Diagram]
#: Called before each step.
Tick = Callable[[], None]


@dataclass(frozen=True, eq=False)
class Attractor:
    """States from which the others can lead to what deters, as far as they have been worked out.

    ``frontier`` has for every other player the states that it has not been asked about.
    """

    states: Diagram
    frontier: Mapping[int, Diagram]


def extended(
    known: Attractor, deterring: Diagram, improvements: Diagram, step: StepBack, around: Around, tick: Tick
) -> Attractor:
    """Extend the attractor until no improvement is outside, or nothing on the frontier can reach one that is."""
    states, nothing = known.states, known.states & ~known.states
    frontier = {place: [part] for place, part in known.frontier.items()}
    later: dict[int, list[Diagram]] = {place: [] for place in frontier}
    fresh = deterring & ~states
    if fresh != nothing:
        states = states | fresh
        for parts in frontier.values():
            parts.append(fresh)
    open_ = improvements & ~states
    near, seen = around(open_), dict.fromkeys(frontier, nothing)
    places = list(frontier)
    turn = quiet = 0
    while quiet < len(places) and open_ != nothing:
        tick()
        place = places[turn % len(places)]
        turn += 1
        due = reduce(or_, frontier[place], nothing)
        if seen[place] != near:
            later[place].append(due & ~near)
            due, seen[place] = due & near, near
        frontier[place] = []
        if due == nothing:
            quiet += 1
            continue
        quiet = 1
        new = step(place, due) & ~states
        if new == nothing:
            continue
        states = states | new
        for other in places:
            if other != place:
                frontier[other].append(new)
        if open_ & new != nothing:
            open_ = open_ & ~new
            near = around(open_)
    return Attractor(states, {place: reduce(or_, [*frontier[place], *later[place]], nothing) for place in places})


# Where states are merged.


@dataclass(frozen=True, eq=False)
class MoveSequences:
    """What sequences have been found to lead to what is sought, as far as they have been followed.

    ``states`` is all that has been found. For every player, ``starts`` is where sequences begin with a move of its own,
    ``arrivals`` where it may arrive for others to go on or for the end, and ``frontier`` what of these it has not been
    asked about.
    """

    states: Diagram
    starts: Mapping[int, Diagram]
    arrivals: Mapping[int, Diagram]
    frontier: Mapping[int, Diagram]

    @classmethod
    def none(cls, nothing: Diagram, places: Iterable[int]) -> MoveSequences:
        """Return that nothing is found and nothing sought."""
        empty = dict.fromkeys(places, nothing)
        return cls(nothing, empty, empty, empty)


class SequenceSearch:
    """Following sequences backwards, a player's moves at a time.

    Parameters
    ----------
    known
        What is found already.
    step
        Returns the states from which a player's moves lead to others, of a set; never for staying in it.
    """

    def __init__(self, known: MoveSequences, step: StepBack) -> None:
        self.states = known.states
        self.starts, self.arrivals, self.frontier = dict(known.starts), dict(known.arrivals), dict(known.frontier)
        self.nothing = known.states & ~known.states
        self._step = step

    def found(self) -> MoveSequences:
        """Return what is found."""
        return MoveSequences(self.states, dict(self.starts), dict(self.arrivals), dict(self.frontier))

    def seek(self, states: Diagram) -> None:
        """Seek what sequences lead to these states from: everybody's last move may."""
        self.states = self.states | states
        for place in self.arrivals:
            self._add(place, states)

    def ask(self, place: int, within: Diagram) -> Diagram:
        """Ask a player about its frontier within a set; return what it finds that had not been found."""
        due = self.frontier[place] & within
        if due == self.nothing:
            return self.nothing
        self.frontier[place] = self.frontier[place] & ~within
        found = self._step(place, due) & ~self.starts[place]
        if found == self.nothing:
            return self.nothing
        self.starts[place] = self.starts[place] | found
        for other in self.arrivals:
            if other != place:
                self._add(other, found)
        new = found & ~self.states
        self.states = self.states | new
        return new

    def _add(self, place: int, states: Diagram) -> None:
        fresh = states & ~self.arrivals[place]
        self.arrivals[place] = self.arrivals[place] | fresh
        self.frontier[place] = self.frontier[place] | fresh

    def waiting(self, within: Diagram) -> list[int]:
        """Return the players with something on their frontier within a set."""
        return [place for place, part in self.frontier.items() if part & within != self.nothing]


def followed(
    known: MoveSequences,
    deterring: Diagram,
    improvements: Diagram,
    step: StepBack,
    around: Around,
    space: Space,
    passing: bool,
    tick: Tick,
) -> MoveSequences:
    """Follow what the improvements ask for, as `extended` does where nothing is merged.

    The others leave the player's own options alone, but where they pass through a merged state. One of which all is
    known that matters is passed through no more, unless a player is ``passing`` through merged
    states in a single move.
    """
    search = SequenceSearch(known, step)
    search.seek(deterring)
    open_ = improvements & ~search.states
    groups: Sequence[Diagram] = space.groups
    while open_ != search.nothing:
        groups = [group for group in groups if passing or not _settled(search, group)]
        near = _near(open_, around, space, groups)
        places = search.waiting(near)
        if not places:
            break
        for place in places:
            tick()
            open_ = open_ & ~search.ask(place, near)
    return search.found()


def confined_to(sequences: MoveSequences, open_: Diagram, around: Around, space: Space, passing: bool) -> Diagram:
    """Return the states that sequences from something open keep to, where `followed` has followed everything.

    Of a merged state that is got to all members are in it, also of one that is not passed through.
    """
    groups = [group for group in space.groups if passing or not _settled(sequences, group)]
    return space.whole(_near(open_, around, space, groups) & space.feasible)


def _settled(found: SequenceSearch | MoveSequences, group: Diagram) -> bool:
    """Tell whether a merged state has been found in all the ways that make a difference to how it is arrived at."""
    nothing = group & ~group
    if len(found.arrivals) == 1:
        # The only other player can move once, so its having arrived there leads nowhere else.
        return group & ~found.states == nothing
    return all(group & ~states == nothing for states in found.arrivals.values())


def _near(open_: Diagram, around: Around, space: Space, groups: Sequence[Diagram]) -> Diagram:
    """Return what agrees on the player's own options with what is open, or with merged states that are got to so."""
    near = around(open_)
    while True:
        wider = reduce(or_, (around(space.touched(group, near)) for group in groups), near)
        if wider == near:
            return near
        near = wider
