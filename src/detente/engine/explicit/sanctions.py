"""What deters a player from each of its improvements on one state: a shortest answer of the others to each.

Theory of operation. An answer goes on from where it has come to and from who moved last, for nobody moves twice in a
row. How many moves a deterring state is away is found for all such pairs together, backwards from the states that
deter: those that one move leads from to what is d away are d + 1 away. It ends when something is known of every
improvement. From each the answer is then walked forwards, always by the first player and to the first state that is
one nearer: of all shortest answers the first, as a search from the improvement (`detente.engine.explicit.definition`)
would come upon it.

One step back is one sweep over the moves (`detente.engine.explicit.moves`) where the others answer by any move, or by
what is plainly better for them. What else they may hold for better is asked state by state: there the search goes
forwards from one improvement after the other, and does not go again where a search before found that nothing deters.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import numpy as np

from detente.concepts.concept import Concept, Improvement, Respond
from detente.engine.explicit.definition import DeadEnds, Responses, first_that, sanctioning
from detente.engine.explicit.moves import SingleMoves
from detente.engine.explicit.players import Player
from detente.engine.space import Bools, Ints

#: The moves of an answer: who moves, and where to.
Steps = list[tuple[int, int]]
#: Farther away than anything is.
NEVER = np.iinfo(np.int64).max


class ShortestSanctions:
    """What deters a player from its improvements on one state, under a concept by which the others answer in turn."""

    def __init__(
        self,
        concept: Concept,
        state: int,
        player: int,
        players: Sequence[Player],
        answers: Responses,
        improvements: Ints,
    ) -> None:
        self._concept, self._player = concept, player
        self._players, self._answers = players, answers
        self._others = [place for place in range(len(players)) if place != player]
        self._barren: DeadEnds = set()
        self._silent = concept.respond is Respond.NOBODY or not improvements.size
        if self._silent:
            return
        self._deters = sanctioning(concept, state, player, players)
        backwards = concept.respond is Respond.MOVES or concept.credible is Improvement.BETTER
        self._away = self._measured(improvements) if backwards else None

    def answer(self, improvement: int) -> Steps | None:
        """Return a shortest answer that deters from an improvement; None when there is none."""
        if self._silent:
            return None
        return self._searched(improvement) if self._away is None else self._walked(self._away, improvement)

    # Backwards from what deters, for all improvements together.

    def _measured(self, improvements: Ints) -> Ints:
        """Return how many moves what deters is away, for every last mover and state; nobody has moved in the last row.

        `NEVER` also where it is farther away than from any improvement.
        """
        count, nobody = self._deters.size, len(self._players)
        away = np.full((nobody + 1, count), NEVER, dtype=np.int64)
        away[self._others] = np.where(self._deters, 0, NEVER)
        distance = 0
        while np.any(away[nobody, improvements] == NEVER):
            distance += 1
            near = [away[mover] == distance - 1 for mover in self._others]
            if not any(states.any() for states in near):
                break
            for mover, states in zip(self._others, near, strict=True):
                before = self._leading_to(mover, states)
                for last in (*self._others, nobody):
                    if last != mover:
                        away[last][before & (away[last] == NEVER)] = distance
        return away

    def _leading_to(self, mover: int, states: Bools) -> Bools:
        """Tell of every state whether a player may answer by a move from it to some of these."""
        moves = cast(SingleMoves, self._players[mover].moves)
        if not states.any():
            return states
        if self._concept.respond is Respond.MOVES:
            end = moves.best_move(states.astype(np.int64))
            return np.asarray((end >= 0) & states[end])
        return np.asarray(moves.worst_improving(np.where(states, 0, 1)) == 0)

    def _walked(self, away: Ints, improvement: int) -> Steps | None:
        here, last = improvement, len(self._players)
        if away[last, here] == NEVER:
            return None
        steps: Steps = []
        for left in reversed(range(away[last, here])):
            last, here = self._nearer(away, here, last, left)
            steps.append((last, here))
        return steps

    def _nearer(self, away: Ints, here: int, last: int, left: int) -> tuple[int, int]:
        """Return the first move to a state from which so many moves are left."""
        for mover in self._others:
            if mover != last:
                ends = self._answers.steps(self._concept, mover, here)
                nearer = ends[away[mover, ends] == left]
                if nearer.size:
                    return mover, int(nearer[0])
        raise AssertionError("what is so many moves away has a move that leads nearer")

    # Forwards, from one improvement after the other.

    def _searched(self, improvement: int) -> Steps | None:
        visit = first_that(
            self._deters, self._concept, improvement, self._player, self._players, self._answers, self._barren
        )
        return None if visit is None else visit.steps()
