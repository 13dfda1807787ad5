"""Maximin stability: what a player can secure when the others only want to harm it (Rêgo & Vieira 2020).

Theory of operation. V and W of `detente.concepts.maximin` come by turns, one fixed point over the others' moves or one
sweep over the player's own for each horizon. V with an even horizon grows and with an odd one shrinks, and so does W
the other way round, so both settle into a period of one or two, which decides every longer horizon.

The player's rank is needed in one place only: to tell which states are better for it than the one it would leave. A
coalition has no rank, but for the states that all its members but one rank the same, what is better for those is the
same too. For these states together the sweeps run on the rank of the one, with less than any rank where the others are
no better off. One state is explained by 'better, or not'.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from detente.concepts import CONCEPTS, Respond
from detente.engine.explicit.definition import Responses
from detente.engine.explicit.fixpoints import lowest_reachable
from detente.engine.explicit.players import Player
from detente.engine.explicit.sanctions import legal_sequences
from detente.engine.space import Bools, Ints

#: Less than any rank.
BELOW = -1


class SecurityLevel:
    """What each state is worth to a player who is to move (V), or whose opponents are (W), by horizon."""

    def __init__(self, worth: Ints, player: int, players: Sequence[Player]) -> None:
        self.worth = worth
        self._player, self._players = player, players
        self._others = [other for place, other in enumerate(players) if place != player]
        self._moving, self._waiting = [worth], [worth]

    def moving(self, horizon: int) -> Ints:
        """Return Vₕ: the player is to move."""
        return self._moving[self._kept(horizon)]

    def waiting(self, horizon: int) -> Ints:
        """Return Wₕ: the others are to move."""
        return self._waiting[self._kept(horizon)]

    def line(self, improvement: int, horizon: int) -> tuple[list[tuple[int, int]], int]:
        """Return the play after an improvement, both sides doing what is best for them, and where it ends.

        Where a shorter horizon says the same the play is one of that horizon.
        """
        steps: list[tuple[int, int]] = []
        here, others = improvement, True
        for left in range(self._kept(horizon - 1), 0, -1):
            value = (self.waiting(left) if others else self.moving(left))[here]
            if value == self.worth[here]:
                break
            if others:
                # A shortest sequence of the others' moves that holds the player down to the value.
                after = self.moving(left - 1)
                visits = legal_sequences(CONCEPTS["gmr"], here, self._player, Responses(self._players))
                turn = next(visit.steps() for visit in visits if after[visit.state] == value)
            else:
                targets = self._players[self._player].moves.targets(here)
                turn = [(self._player, int(targets[self.waiting(left - 1)[targets] == value][0]))]
            steps += turn
            here, others = turn[-1][1], not others
        return steps, here

    def _kept(self, horizon: int) -> int:
        """Return the horizon that is kept and says the same; find as many as are needed."""
        while horizon >= len(self._moving):
            last = len(self._moving) - 1
            kinds = (self._moving, self._waiting)
            if last >= 2 and all(np.array_equal(one[last], one[last - 2]) for one in kinds):
                return last - (last - horizon) % 2
            moving, waiting = self._moving[last], self._waiting[last]
            best = self._players[self._player].moves.best(waiting)
            self._moving.append(np.maximum(self.worth, best))
            self._waiting.append(np.minimum(self.worth, lowest_reachable(moving, Respond.MOVES, self._others)))
        return horizon


def maximin_stable(horizon: int, player: int, players: Sequence[Player]) -> Bools:
    """Decide maximin stability with a horizon for a player, at every state."""
    mine = players[player]
    # The rank with the most values is kept as it is: the others are gone through value by value.
    *bounds, rank = sorted(mine.ranks, key=lambda one: int(one.max()))
    found = np.ones(rank.size, dtype=bool)
    improving = np.flatnonzero(mine.moves.worst_improving(np.zeros_like(rank)) == 0)
    for states in _alike(bounds, improving):
        worth = np.where(_above(bounds, states[0]), rank, BELOW)
        secured = mine.moves.best(SecurityLevel(worth, player, players).waiting(horizon - 1))
        found[states] = secured[states] <= rank[states]
    return found


def _alike(ranks: Sequence[Ints], states: Ints) -> list[Ints]:
    """Put those of some states together that share all of some ranks: all of them where there are no ranks."""
    labels = np.zeros(states.size, dtype=np.int64)
    for rank in ranks:
        labels = np.unique(labels * (int(rank.max()) + 1) + rank[states], return_inverse=True)[1].reshape(-1)
    order = np.argsort(labels, kind="stable")
    groups = np.split(states[order], np.flatnonzero(np.diff(labels[order])) + 1)
    return groups if states.size else []


def _above(ranks: Sequence[Ints], state: int) -> Bools:
    """Tell of every state whether it is better than one by all of some ranks."""
    return np.asarray(np.logical_and.reduce([rank > rank[state] for rank in ranks], initial=True, axis=0))


def security_level(state: int, player: int, players: Sequence[Player]) -> SecurityLevel:
    """Return what a player can secure, as it matters at one state that it may leave."""
    mine = players[player]
    worth = mine.rank if mine.alone else mine.better(state, np.arange(mine.ranks[0].size)).astype(np.int64)
    return SecurityLevel(worth, player, players)
