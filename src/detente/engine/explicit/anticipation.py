"""Limited-move and non-myopic stability: two players who move in turn and look ahead (Kilgour 1985; Fang et al. 1993).

Theory of operation. ``ends[h][i][s]`` is where i, whose turn it is at s with h moves left, expects the dispute to end
(Gₕ(i, s) of `detente.concepts.limited_move`). Each horizon follows from the one before by one sweep over each player's
moves: the best move is the one after which the other expects the end that the mover prefers most. Ends are compared by
the mover's own rank and, among equals, by the one that is worse for the other.

The ends of a horizon depend only on those of the horizon before. So once a horizon has the same ends as an earlier one,
everything repeats: the horizons between them form a *cycle*, often of length one. The cycle decides stability for every
larger horizon, and non-myopic stability exactly.

Cost: one sweep over both players' moves for each horizon up to the first repetition.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from hashlib import blake2b
from typing import cast

import numpy as np
from numpy.typing import NDArray

from detente.engine.explicit.moves import SingleMoves
from detente.engine.explicit.players import Player
from detente.engine.space import Bools, Ints
from detente.errors import TooLargeError
from detente.limits import MAX_ENDS


class Anticipation:
    """The ends that up to two players, each a single decision maker, expect at every state and horizon."""

    def __init__(self, players: Sequence[Player]) -> None:
        assert len(players) <= 2
        self._players = players
        self._count = players[0].rank.size
        self._order = [_order(player, players) for player in players]
        self._here = np.arange(self._count)
        self._ends: list[NDArray[np.int32]] = [np.array([self._here] * len(players), dtype=np.int32)]
        self._first_with = {self._digest(self._ends[0]): 0}
        self._repeats: tuple[int, int] | None = None

    def stable(self, player: int, horizon: int) -> Bools:
        """Return for each state whether a player stays there."""
        return np.asarray(self.ends(player, horizon) == self._here)

    def ends(self, player: int, horizon: int) -> Ints:
        """Return for each state the end that a player expects when it is its turn."""
        found: Ints = self._ends[self._stored_horizon(horizon)][player]
        return found

    def path(self, player: int, state: int, horizon: int, most: int) -> tuple[list[tuple[int, int]], int]:
        """Return the moves that follow the best move at a state, as pairs of mover and state, and where they end.

        The first move is listed even if the mover would rather stay; at most ``most`` moves are returned. The list is
        empty if there is no move.
        """
        steps: list[tuple[int, int]] = []
        mover, here, end = player, state, state
        horizon = self._shortest(horizon)
        while horizon > 0 and len(steps) < most and mover < len(self._players):
            to = self._best(mover, here, horizon)
            after = self._after(mover, to, horizon) if to >= 0 else here
            rank = self._players[mover].rank
            if to < 0 or (steps and rank[after] <= rank[here]):
                break
            if not steps:
                end = after
            steps.append((mover, to))
            mover, here, horizon = 1 - mover, to, horizon - 1
        return steps, end

    @property
    def cycle(self) -> range:
        """The horizons that repeat for ever."""
        while self._repeats is None:
            self._look_further()
        return range(*self._repeats)

    @cached_property
    def settled(self) -> list[tuple[Bools, Bools]]:
        """For each player the states at which it stays at all horizons of the cycle, and at some but not all."""
        found = []
        for player in range(len(self._players)):
            always, ever = np.ones(self._count, dtype=bool), np.zeros(self._count, dtype=bool)
            for horizon in self.cycle:
                stays = self.stable(player, horizon)
                always &= stays
                ever |= stays
            found.append((always, ever & ~always))
        return found

    def repeated(self, player: int, state: int) -> range:
        """Return the earliest horizons whose ends for a state repeat from there on for ever: the shortest cycle."""
        cycle = self.cycle
        ends = [int(ends[player][state]) for ends in self._ends]
        around = [ends[horizon] for horizon in cycle]
        length = next(n for n in range(1, len(around) + 1) if len(around) % n == 0 and around[n:] == around[:-n])
        since = cycle.start
        while since > 1 and ends[since - 1] == ends[since - 1 + length]:
            since -= 1
        since = max(since, 1)
        return range(since, since + length)

    def _best(self, mover: int, state: int, horizon: int) -> int:
        targets = self._players[mover].moves.targets(state)
        if targets.size == 0:
            return -1
        order = self._order[mover][[self._after(mover, int(to), horizon) for to in targets]]
        return int(targets[np.argmax(order)])

    def _after(self, mover: int, to: int, horizon: int) -> int:
        """Return where the dispute ends if a player with ``horizon`` moves left moves to a state."""
        return int(self.ends(1 - mover, horizon - 1)[to]) if len(self._players) == 2 else to

    def _stored_horizon(self, horizon: int) -> int:
        """Return the stored horizon with the same ends."""
        while self._repeats is None and horizon >= len(self._ends):
            self._look_further()
        if horizon < len(self._ends):
            return horizon
        return self.cycle.start + (horizon - self.cycle.start) % len(self.cycle)

    def _shortest(self, horizon: int) -> int:
        """Return the smallest horizon with the same play: one move, then the stored horizon that equals the rest."""
        return horizon if horizon < len(self._ends) else self._stored_horizon(horizon - 1) + 1

    def _look_further(self) -> None:
        """Compute the ends of the next horizon, and whether they occurred before."""
        last, horizon = self._ends[-1], len(self._ends)
        if horizon * last.size > MAX_ENDS:
            raise TooLargeError(
                f"the anticipated ends have not settled within {horizon - 1:,} moves, and {self._count:,} states are "
                "too many to look further ahead. Choose a horizon, such as limited_move_4"
            )
        found = []
        for mover, player in enumerate(self._players):
            after = last[1 - mover] if len(self._players) == 2 else self._here
            to = cast(SingleMoves, player.moves).best_move(self._order[mover][after])
            end = after[to]
            found.append(np.where((to >= 0) & (player.rank[end] > player.rank), end, self._here))
        ends = np.array(found, dtype=np.int32)
        digest = self._digest(ends)
        seen = self._first_with.setdefault(digest, horizon)
        if seen < horizon and np.array_equal(self._ends[seen], ends):
            self._repeats = seen, horizon
        else:
            self._ends.append(ends)

    @staticmethod
    def _digest(ends: NDArray[np.int32]) -> bytes:
        return blake2b(ends.tobytes()).digest()


def _order(player: Player, players: Sequence[Player]) -> Ints:
    """Return for each state its rank as an end for a player: by its own rank, and among equals the worse for the
    other.
    """
    ranks = player.rank * player.rank.size
    for other in players:
        if other is not player:
            ranks = ranks + (other.rank.max() - other.rank)
    return np.unique(ranks, return_inverse=True)[1].reshape(-1)
