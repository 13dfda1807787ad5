"""Maximin stability: what a player can secure if the others seek only to harm it (Rêgo & Vieira 2020).

Theory of operation. V and W of `detente.concepts.maximin` are computed in turn: for each horizon one fixed point over
the others' moves or one sweep over the player's own. V grows at even horizons and shrinks at odd ones, and W the other
way round. So both settle into a period of one or two, which decides every longer horizon.

The player's rank is used only to decide which states are better than the one it would leave. A coalition has no single
rank. But among the states that all its members but one rank equally, the same states are better for those members. For
these states together the sweeps use the rank of the remaining member, with a value below every rank wherever the other
members are no better off. To explain a single state, the values 'better' and 'not better' suffice.
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

#: A value below every rank.
BELOW = -1


class SecurityLevel:
    """The worth of each state to a player who is to move (V), or whose opponents are (W), for each horizon."""

    def __init__(self, worth: Ints, player: int, players: Sequence[Player]) -> None:
        self.worth = worth
        self._player, self._players = player, players
        self._others = [other for place, other in enumerate(players) if place != player]
        self._moving, self._waiting = [worth], [worth]

    def moving(self, horizon: int) -> Ints:
        """Return Vₕ: the player is to move."""
        return self._moving[self._stored_horizon(horizon)]

    def waiting(self, horizon: int) -> Ints:
        """Return Wₕ: the others are to move."""
        return self._waiting[self._stored_horizon(horizon)]

    def line(self, improvement: int, horizon: int) -> tuple[list[tuple[int, int]], int]:
        """Return the play after an improvement if both sides play their best, and where it ends.

        If a shorter horizon gives the same values, the play of that horizon is returned.
        """
        steps: list[tuple[int, int]] = []
        here, others = improvement, True
        for left in range(self._stored_horizon(horizon - 1), 0, -1):
            value = (self.waiting(left) if others else self.moving(left))[here]
            if value == self.worth[here]:
                break
            if others:
                # A shortest sequence of the others' moves that limits the player to the value.
                after = self.moving(left - 1)
                visits = legal_sequences(CONCEPTS["gmr"], here, self._player, Responses(self._players))
                turn = next(visit.steps() for visit in visits if after[visit.state] == value)
            else:
                targets = self._players[self._player].moves.targets(here)
                turn = [(self._player, int(targets[self.waiting(left - 1)[targets] == value][0]))]
            steps += turn
            here, others = turn[-1][1], not others
        return steps, here

    def _stored_horizon(self, horizon: int) -> int:
        """Return the stored horizon with the same values, computing as many horizons as needed."""
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
    # The rank with the most values stays a rank; the loop goes through the values of the others.
    *bounds, rank = sorted(mine.ranks, key=lambda one: int(one.max()))
    found = np.ones(rank.size, dtype=bool)
    improving = np.flatnonzero(mine.moves.worst_improving(np.zeros_like(rank)) == 0)
    for states in _alike(bounds, improving):
        worth = np.where(_above(bounds, states[0]), rank, BELOW)
        secured = mine.moves.best(SecurityLevel(worth, player, players).waiting(horizon - 1))
        found[states] = secured[states] <= rank[states]
    return found


def _alike(ranks: Sequence[Ints], states: Ints) -> list[Ints]:
    """Group states by equal values of all given ranks; one group if there are none."""
    labels = np.zeros(states.size, dtype=np.int64)
    for rank in ranks:
        labels = np.unique(labels * (int(rank.max()) + 1) + rank[states], return_inverse=True)[1].reshape(-1)
    order = np.argsort(labels, kind="stable")
    groups = np.split(states[order], np.flatnonzero(np.diff(labels[order])) + 1)
    return groups if states.size else []


def _above(ranks: Sequence[Ints], state: int) -> Bools:
    """Return for each state whether it is better than a given one by all given ranks."""
    return np.asarray(np.logical_and.reduce([rank > rank[state] for rank in ranks], initial=True, axis=0))


def security_level(state: int, player: int, players: Sequence[Player]) -> SecurityLevel:
    """Return what a player can secure, relative to one state that it may leave."""
    mine = players[player]
    worth = mine.rank if mine.alone else mine.better(state, np.arange(mine.ranks[0].size)).astype(np.int64)
    return SecurityLevel(worth, player, players)
