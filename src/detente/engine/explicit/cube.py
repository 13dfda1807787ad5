"""The states as a cube with one axis for each decision maker, and SIM of two decision makers on it.

Theory of operation. A decision maker's strategy is the setting of its options, read as a binary number. A *cell* of the
cube is a combination of strategies; the rules exclude some cells. The cube serves conflicts that merge no states and
have no standing coalition.

With two decision makers, *i* and *j*, SIM needs no search. At i's strategy x, sort j's strategies by j's rank. From
the state (x, y), j may stay or take any strategy that ranks higher than y. So what i is left with after an improvement
to x' is the lower of its rank at (x', y) and the running minimum, from the top of j's order, of its ranks at x'. The
state is stable if none of these exceeds i's rank at (x, y): strategies x' that are not improvements never do. Excluded
cells rank above everything in the minima, and below everything where they are what the improvement leads to. With
one-way options, the improvements are no longer the end of an order, so there must be none.

Cost: cells times the number of i's strategies, in whole-array operations.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from detente.engine.explicit.players import Player
from detente.engine.progress import checkpoint
from detente.engine.space import Bools, Ints, Ranks, StateSpace
from detente.lazy import dataclass

_Kind = TypeVar("_Kind", bound=np.generic)

#: Maximum number of options of a decision maker, so that its strategies fit into 16 bits.
MAX_WIDTH = 15
#: Maximum number of axes of an array.
MAX_AXES = 32
#: Maximum number of cells for each state.
CELLS_EACH = 8
#: Bytes for each player and cell (a sorted fibre and a rank), and for each cell beside (the tables).
BYTES_OF_PLAYER, BYTES_OF_CELL = 8, 16


@dataclass(frozen=True, eq=False)
class StrategyCube:
    """The cells of a conflict, and each player's rank of each cell.

    ``widths`` gives the number of options of each player; in the number of a cell, its strategy begins at bit
    ``firsts``. One-way options are bits: those ``kept`` once taken, and those ``barred`` once given up. With ``gaps``,
    excluded cells have the rank ``excluded``, which is above all others.
    """

    widths: Sequence[int]
    firsts: Sequence[int]
    kept: Sequence[int]
    barred: Sequence[int]
    ranks: Sequence[Ranks]
    gaps: bool

    @property
    def excluded(self) -> Any:
        """The largest number of the ranks' type."""
        kind = self.ranks[0].dtype
        return kind.type(np.iinfo(kind).max)

    @property
    def _axes(self) -> list[int]:
        """The players in the order of their axes: those at the highest bits first."""
        return sorted(range(len(self.widths)), key=lambda player: -self.firsts[player])

    def in_layout(self, values: NDArray[_Kind], layout: Sequence[int]) -> NDArray[_Kind]:
        """Return the values of all cells with the axes in the order of a layout of the players."""
        axes = self._axes
        shaped = values.reshape([1 << self.widths[player] for player in axes])
        return np.ascontiguousarray(shaped.transpose([axes.index(player) for player in layout])).reshape(-1)

    def from_layout(self, values: NDArray[_Kind], layout: Sequence[int]) -> NDArray[_Kind]:
        """Return values in the order of a layout in the order of the cells."""
        shaped = values.reshape([1 << self.widths[player] for player in layout])
        return np.ascontiguousarray(shaped.transpose([layout.index(player) for player in self._axes])).reshape(-1)


def one_way_bits(options: Sequence[str], direction: Mapping[str, bool]) -> tuple[int, int]:
    """Return the options that stay taken once taken, and those that stay given up, as bits."""
    marked = [(1 << place, direction[name]) for place, name in enumerate(options) if name in direction]
    return sum(bit for bit, to_taken in marked if to_taken), sum(bit for bit, to_taken in marked if not to_taken)


def has_cube(space: StateSpace, players: Sequence[Player]) -> bool:
    """Tell whether a cube can hold the states: not merged, no coalitions, and not too many excluded cells."""
    return (
        space.state_of is None
        and all(player.alone and len(player.options) <= MAX_WIDTH for player in players)
        and len(players) <= MAX_AXES
        and 1 << len(space.columns) <= CELLS_EACH * space.members
    )


def cube_of(space: StateSpace, players: Sequence[Player]) -> tuple[StrategyCube, Ints]:
    """Return the cube of some states, and the cell of each state."""
    cells = np.zeros(space.members, dtype=np.int64)
    firsts, first = [], 0
    for player in players:
        firsts.append(first)
        for name in player.options:
            cells |= space.columns[name].astype(np.int64) << first
            first += 1
    gaps = space.members < 1 << first
    top = max(int(player.rank.max()) for player in players)
    kind = np.min_scalar_type(top + gaps)
    ranks = []
    for player in players:
        rank = np.full(1 << first, np.iinfo(kind).max, dtype=kind)
        rank[cells] = player.rank
        ranks.append(rank)
    marks = [one_way_bits(player.options, space.conflict.direction) for player in players]
    widths = [len(player.options) for player in players]
    kept, barred = [taken for taken, _ in marks], [left for _, left in marks]
    return StrategyCube(widths, firsts, kept, barred, ranks, gaps), cells


def bytes_needed(players: int, cells: int) -> int:
    """Return the approximate bytes that deciding SIM takes beside the states."""
    return (players * BYTES_OF_PLAYER + BYTES_OF_CELL) * cells


def has_running_minima(space: StateSpace, players: Sequence[Player]) -> bool:
    """Tell whether `stable_by_minima` decides SIM: for two players without one-way options."""
    return len(players) == 2 and not space.conflict.direction


def stable_by_minima(cube: StrategyCube, player: int) -> Bools:
    """Return for each cell whether it is SIM stable for one of two players."""
    layout = [player, 1 - player]
    shape = [1 << cube.widths[one] for one in layout]
    mine = cube.in_layout(cube.ranks[player], layout).reshape(shape)
    theirs = cube.in_layout(cube.ranks[1 - player], layout).reshape(shape).astype(np.int64)
    # A move to an excluded cell is none, and an excluded strategy is no improvement of the other's.
    there = mine
    if cube.gaps:
        there = np.where(mine == cube.excluded, 0, mine).astype(mine.dtype)
        theirs[mine == cube.excluded] = -1
    stable = np.empty(shape, dtype=bool)
    lowest = np.full((shape[1] + 1, shape[0]), cube.excluded, dtype=mine.dtype)
    for strategy in range(shape[0]):
        checkpoint(strategy / shape[0], "combining simultaneous improvements")
        order = np.argsort(theirs[strategy], kind="stable")
        levels = theirs[strategy, order]
        np.minimum.accumulate(mine.T[order[::-1]], axis=0, out=lowest[-2::-1])
        left = np.minimum(lowest[np.searchsorted(levels, levels, side="right")], there.T[order])
        stable[strategy, order] = left.max(axis=1) <= mine[strategy, order]
    return cube.from_layout(stable.reshape(-1), layout)
