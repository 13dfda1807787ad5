"""The sanction of each improvement from one state: a shortest response of the others that deters it.

Theory of operation. How a response continues depends on the current state and on the last mover, because no player
moves twice in a row. The number of moves to a deterring state is computed for all such pairs together, by backward
search from the states that deter: pairs from which one move leads to distance d have distance d + 1. The search ends
when every improvement has a distance. Each response is then followed forwards, always by the first player and to the
first state that is one step nearer. This yields the first of all shortest responses, in the order of a search from the
improvement.

A step back is one sweep over the moves (`detente.engine.explicit.moves`) if the others respond by any move, or by plain
improvements. Other kinds of improvement are evaluated state by state: then the search runs forwards from one
improvement after the other, and skips pairs that an earlier search has found not to lead to a sanction.

Cost: one sweep for each player and step of the longest sanction; forwards, O(states × players) pairs.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Container, Iterator
from typing import cast

import numpy as np

from detente.concepts import Concept, Improvement, Respond
from detente.engine.explicit.definition import Responses, sanctioning
from detente.engine.explicit.moves import SingleMoves
from detente.engine.space import Bools, Ints
from detente.lazy import dataclass

#: The moves of a response, as pairs of mover and state.
Steps = list[tuple[int, int]]
#: Pairs of a state and its last mover.
Arrivals = set[tuple[int, int]]
#: Distance of a state from which no sanction is reachable.
UNREACHED = np.iinfo(np.int64).max


@dataclass(frozen=True)
class Visit:
    """A state reached by a legal sequence, its last mover, and the visit before; None at the start."""

    state: int
    mover: int | None
    before: Visit | None

    def steps(self) -> Steps:
        """Return the sequence."""
        steps: Steps = []
        visit: Visit | None = self
        while visit is not None and visit.mover is not None:
            steps.append((visit.mover, visit.state))
            visit = visit.before
        return steps[::-1]


def legal_sequences(
    concept: Concept, start: int, player: int, responses: Responses, known: Container[tuple[int, int]] = ()
) -> Iterator[Visit]:
    """Yield a visit for each state and last mover that the others' legal sequences reach, the shortest first.

    Pairs of state and last mover in ``known`` are skipped.
    """
    queue = deque([Visit(start, None, None)])
    seen: Arrivals = set()
    while queue:
        visit = queue.popleft()
        for mover in range(len(responses.players)):
            if mover in (player, visit.mover):
                continue
            for end in responses.steps(concept, mover, visit.state).tolist():
                if (end, mover) not in seen and (end, mover) not in known:
                    seen.add((end, mover))
                    reached = Visit(end, mover, visit)
                    yield reached
                    queue.append(reached)


class ShortestSanctions:
    """The sanctions of a player's improvements on one state, under a concept whose responses are sequences."""

    def __init__(self, concept: Concept, state: int, player: int, responses: Responses, improvements: Ints) -> None:
        self._concept, self._player, self._responses = concept, player, responses
        self._others = [place for place in range(len(responses.players)) if place != player]
        self._dead_ends: Arrivals = set()
        self._distances: Ints | None = None
        self._deters = np.zeros(0, dtype=bool)
        if concept.respond is Respond.NOBODY or not improvements.size:
            self._others = []
            return
        self._deters = sanctioning(concept, state, player, responses.players)
        if concept.respond is Respond.MOVES or concept.credible is Improvement.BETTER:
            self._distances = self._measure_distances(improvements)

    def path(self, improvement: int) -> Steps | None:
        """Return a shortest response that deters an improvement, or None."""
        if self._distances is not None:
            return self._shortest_path(self._distances, improvement)
        met: Arrivals = set()
        found = legal_sequences(self._concept, improvement, self._player, self._responses, self._dead_ends)
        for visit in found if self._others else ():
            if self._deters[visit.state]:
                return visit.steps()
            assert visit.mover is not None
            met.add((visit.state, visit.mover))
        self._dead_ends |= met
        return None

    def _measure_distances(self, improvements: Ints) -> Ints:
        """Return the distance to a deterring state for each last mover and state; the last row is for no last mover.

        States farther away than every improvement have `UNREACHED` too.
        """
        count, no_mover = self._deters.size, len(self._responses.players)
        away = np.full((no_mover + 1, count), UNREACHED, dtype=np.int64)
        away[self._others] = np.where(self._deters, 0, UNREACHED)
        distance = 0
        while np.any(away[no_mover, improvements] == UNREACHED):
            distance += 1
            near = [away[mover] == distance - 1 for mover in self._others]
            if not any(states.any() for states in near):
                break
            for mover, states in zip(self._others, near, strict=True):
                before = self._leading_to(mover, states)
                for last in (*self._others, no_mover):
                    if last != mover:
                        away[last][before & (away[last] == UNREACHED)] = distance
        return away

    def _leading_to(self, mover: int, states: Bools) -> Bools:
        """Return for each state whether a player may respond by a move from it to one of these states."""
        moves = cast(SingleMoves, self._responses.players[mover].moves)
        if not states.any():
            return states
        if self._concept.respond is Respond.MOVES:
            end = moves.best_move(states.astype(np.int64))
            return np.asarray((end >= 0) & states[end])
        return np.asarray(moves.worst_improving(np.where(states, 0, 1)) == 0)

    def _shortest_path(self, away: Ints, improvement: int) -> Steps | None:
        here, last = improvement, len(self._responses.players)
        if away[last, here] == UNREACHED:
            return None
        steps: Steps = []
        for left in reversed(range(away[last, here])):
            for mover in (one for one in self._others if one != last):
                ends = self._responses.steps(self._concept, mover, here)
                nearer = ends[away[mover, ends] == left]
                if nearer.size:
                    last, here = mover, int(nearer[0])
                    break
            steps.append((last, here))
        return steps
