"""Attractors: the states from which the others can reach a state that deters a player, computed backwards and on
demand.

Theory of operation. The *attractor* is the least set that contains the deterring states and every state from which a
move of one of the others leads into the set (as in games on graphs: Grädel, Thomas & Wilke 2002). It grows by the moves
of one other player at a time, so these are never joined into one relation. Two rules keep the work small.

- Each player extends the attractor only from its *frontier*: the states added since its last turn. A player that moves
  twice in a row gains nothing, so the states that its own moves added are not on its own frontier.
- The others do not change the player's own options. So states at settings of these options where no improvement is open
  any more are postponed until a later question needs them: the attractor of one rank is part of that of every higher
  rank.

If states are merged, two moves of a decision maker in a row need not equal one: it may enter a merged state at one
member and leave it from another. Then a `SequenceSearch` keeps for each player the states from which a sequence that
begins with one of its moves leads to the sought states. A player's frontier receives what the other players found, not
what it found itself.

Cost: for one question, each player's frontier covers each state at most once, so every state is stepped back from at
most once per player.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

from detente.engine.symbolic.diagrams import Diagram
from detente.engine.symbolic.space import Space

#: Called with a player's index and a set: returns the states from which its moves lead into the set.
StepBack = Callable[[int, Diagram], Diagram]
#: Returns the combinations that agree with some element of a set on the options of the player to be deterred.
Around = Callable[[Diagram], Diagram]
#: Called before each step.
Tick = Callable[[], None]


@dataclass(frozen=True, eq=False)
class Attractor:
    """States from which the others can reach a deterring state, as far as they have been computed.

    ``frontier`` maps each other player to the states that it has not yet been extended from.
    """

    states: Diagram
    frontier: Mapping[int, Diagram]


def extend_attractor(
    known: Attractor, deterring: Diagram, improvements: Diagram, step: StepBack, around: Around, tick: Tick
) -> Attractor:
    """Extend the attractor until every open improvement is covered, or no frontier can reach one."""
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


# If states are merged.


@dataclass(frozen=True, eq=False)
class MoveSequences:
    """The results of a `SequenceSearch` so far.

    ``states`` is the set of all states found. For each player, ``starts`` are the states where sequences begin with a
    move of its own, ``arrivals`` the states where it may arrive so that others continue or the sequence ends, and
    ``frontier`` the part of ``arrivals`` from which its moves have not been followed back yet.
    """

    states: Diagram
    starts: Mapping[int, Diagram]
    arrivals: Mapping[int, Diagram]
    frontier: Mapping[int, Diagram]

    @classmethod
    def empty(cls, nothing: Diagram, places: Iterable[int]) -> MoveSequences:
        """Return an empty result."""
        empty = dict.fromkeys(places, nothing)
        return cls(nothing, empty, empty, empty)


class SequenceSearch:
    """A backward search for legal sequences, one player's moves at a time.

    Parameters
    ----------
    known
        The results so far.
    step
        Returns the states from which a player's moves lead into a set, without those that already are in it by staying.
    """

    def __init__(self, known: MoveSequences, step: StepBack) -> None:
        self.states = known.states
        self.starts, self.arrivals, self.frontier = dict(known.starts), dict(known.arrivals), dict(known.frontier)
        self.nothing = known.states & ~known.states
        self._step = step

    def result(self) -> MoveSequences:
        """Return the results."""
        return MoveSequences(self.states, dict(self.starts), dict(self.arrivals), dict(self.frontier))

    def seek(self, states: Diagram) -> None:
        """Add states to reach; any player may make the last move."""
        self.states = self.states | states
        for place in self.arrivals:
            self._add(place, states)

    def ask(self, place: int, within: Diagram) -> Diagram:
        """Follow a player's moves back from its frontier within a set; return the states that are new."""
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
        """Return the players whose frontier has states within a set."""
        return [place for place, part in self.frontier.items() if part & within != self.nothing]


def follow_sequences(
    known: MoveSequences,
    deterring: Diagram,
    improvements: Diagram,
    step: StepBack,
    around: Around,
    space: Space,
    passing: bool,
    tick: Tick,
) -> MoveSequences:
    """Follow sequences back until every open improvement is covered; the counterpart of `extend_attractor` for merged
    states.

    The others do not change the player's own options, except when they pass through a merged state. A merged state that
    is settled is not passed through again, unless a player is ``passing`` through merged states in a single move.
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
    return search.result()


def confined_to(sequences: MoveSequences, open_: Diagram, around: Around, space: Space, passing: bool) -> Diagram:
    """Return the states in which all sequences from open improvements stay, after `follow_sequences` has finished.

    It contains all members of a merged state that can be reached, also of one that is not passed through.
    """
    groups = [group for group in space.groups if passing or not _settled(sequences, group)]
    return space.whole(_near(open_, around, space, groups) & space.feasible)


def _settled(found: SequenceSearch | MoveSequences, group: Diagram) -> bool:
    """Tell whether a merged state has been found for every last mover that makes a difference."""
    nothing = group & ~group
    if len(found.arrivals) == 1:
        # With a single other player, which may not move twice in a row, no sequence continues from there.
        return group & ~found.states == nothing
    return all(group & ~states == nothing for states in found.arrivals.values())


def _near(open_: Diagram, around: Around, space: Space, groups: Sequence[Diagram]) -> Diagram:
    """Return what agrees with an open improvement on the player's own options, directly or by way of merged states."""
    near = around(open_)
    while True:
        wider = reduce(or_, (around(space.group_if_met(group, near)) for group in groups), near)
        if wider == near:
            return near
        near = wider
