"""SIM for every state at once, in compiled loops: whether combinations of the others sanction every improvement.

Theory of operation. The states are the cells of a cube with one axis for each player, numbered by its strategies; some
cells may be excluded. A player's *fibre* through a state are the cells along its axis. Each fibre is sorted once by its
player's preference, so that the improvements from a state are the end of a sorted fibre; one-way options filter them.

For a player, the cube of its ranks is laid out with its own axis first and the others' axes after it, the longest last.
For each number of others *placed*, a table holds the lowest rank that remains possible whatever the rest do. A state is
unstable if an improvement keeps the player above the rank of the state even so. If not, each improvement is tried, from
the best one on. What the others did together against the one before is tried first. If that does not sanction it, a
depth-first search places the others, each at its current strategy or at one that it can improve to from the state. It
leaves out every choice after which the table exceeds the rank of the state, and ends at the first complete combination
that does not: a sanction. The search of a state ends at the first improvement without a sanction. The last table is the
cube itself, so the bounds are exact where all others are placed.

An excluded cell has the largest number of its type, which no rank reaches, so it is never a sanction; in a sorted fibre
it comes first, so that no improvement leads to it.

Two players without one-way options need no search: see `detente.engine.explicit.cube`.

Cost: the search may take states times combinations in the worst case, because nothing is shared between states; the
bounds and the early ends leave a few steps for each state in practice. Memory: 4 bytes for each player and cell, and
about 3 ranks for each cell.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from detente.engine.dense import loops
from detente.engine.explicit.cube import StrategyCube
from detente.engine.progress import checkpoint, in_parts
from detente.engine.space import Bools, Ranks

#: Approximate number of cells that a thread processes at a time.
PART = 2**14


class Combinations:
    """The sorted fibres of a cube, from which SIM is decided for any of its players."""

    def __init__(self, cube: StrategyCube) -> None:
        self._cube = cube
        players, cells = len(cube.widths), cube.ranks[0].size
        self._orders: NDArray[np.uint16] = np.empty((players, cells), dtype=np.uint16)
        self._aboves: NDArray[np.uint16] = np.empty((players, cells), dtype=np.uint16)
        for player, (rank, first, width) in enumerate(zip(cube.ranks, cube.firsts, cube.widths, strict=True)):
            given = (self._orders[player], self._aboves[player], rank, int(cube.gaps), cube.excluded, first, width)
            in_parts(partial(loops.sort_fibres, *given), cells >> width, max(1, PART >> width), _checkpoint)

    def stable(self, player: int) -> Bools:
        """Return for each cell whether it is SIM stable for a player; what it says of excluded cells means nothing."""
        cube = self._cube
        if len(cube.widths) == 2 and not any(cube.kept) and not any(cube.barred):
            return self._stable_of_two(player)
        layout = [player, *sorted(set(range(len(cube.widths))) - {player}, key=lambda other: cube.widths[other])]
        tables, offsets = self._tables(player, layout)
        stable = np.ones(cube.ranks[player].size, dtype=bool)
        given = (
            *(stable, tables, offsets, self._orders, self._aboves, np.array(layout)),
            *(np.array(each, dtype=np.int64) for each in (cube.firsts, cube.widths, cube.kept, cube.barred)),
            *(int(cube.gaps), cube.excluded),
        )
        in_parts(partial(loops.mark_sim_stable, *given), stable.size, PART, _checkpoint)
        return cube.from_layout(stable, layout)

    def _stable_of_two(self, player: int) -> Bools:
        cube, other = self._cube, 1 - player
        size, others = (1 << cube.widths[one] for one in (player, other))
        mine = cube.in_layout(cube.ranks[player], [other, player])
        stable = np.ones(mine.size, dtype=bool)
        fibres = self._orders[other], self._aboves[other]
        work = partial(loops.mark_stable_of_two, stable, mine, *fibres, size, others, int(cube.gaps), cube.excluded)
        in_parts(work, size, max(1, PART // others), _checkpoint)
        return cube.from_layout(stable, [other, player])

    def _tables(self, player: int, layout: Sequence[int]) -> tuple[Ranks, NDArray[np.int64]]:
        """Return the tables of lowest ranks, one after the other, and where each begins by number of players placed."""
        table = self._cube.in_layout(self._cube.ranks[player], layout)
        tables = [table]
        for other in layout[:0:-1]:
            table = table.reshape(-1, 1 << self._cube.widths[other]).min(axis=1)
            tables.append(table)
        sizes = [0, *(one.size for one in reversed(tables))]
        # Nothing is placed before the player itself, so there is no table for none.
        return np.concatenate(tables[::-1]), np.cumsum([0, *sizes])[: len(layout) + 1]


def _checkpoint() -> None:
    checkpoint(0.0, "combining simultaneous improvements")
