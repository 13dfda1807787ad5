"""The moves of a decision maker for `detente.engine.dense.solver`: its fibres, directions and ranks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from detente.engine.space import Bools, Ints, Ranks
from detente.model.parts import DecisionMaker

#: Directions in which an option can be moved: both, or only to taken or only to not taken.
BOTH, FROM_TAKEN, FROM_LEFT = 0, 1, 2
#: Average bytes of a state's moves up to which a fibre is compared pair by pair; larger fibres level by level.
MAX_PAIRED_BYTES = 128
#: Maximum number of pairs to list.
MAX_PAIRS = 2**21
#: Maximum number of rows in the table of smallest values by pattern of moved one-way options and level.
MAX_TABLE_ROWS = 2**22
#: Maximum lanes of a tile, maximum bytes of a tile (beyond which it has fewer lanes), and minimum lanes.
MAX_LANES, MAX_TILE, MIN_LANES = 256, 2**18, 16
#: A page of cells that remembers its last change has two to this power of them.
STAMP_BITS = 6
#: Size of the largest fibre whose places fit into 16 bits.
LARGEST_FIBRE = 2**15


@dataclass(frozen=True, eq=False)
class CellMover:
    """A decision maker: its fibres, the directions in which its options can be moved, and its rank of each cell."""

    id: str
    first: int
    kinds: Ints
    rank: Ranks
    feasible: Bools | None

    @property
    def size(self) -> int:
        """The number of cells of a fibre."""
        return 1 << self.kinds.size

    @property
    def lanes(self) -> int:
        """The number of fibres in a tile."""
        fibres = self.rank.size // self.size
        fitting = MAX_TILE // (self.size * self.rank.itemsize)
        return min(fibres, max(MIN_LANES, min(MAX_LANES, fitting)))

    @property
    def marked(self) -> int:
        """The number of one-way options."""
        return int(np.count_nonzero(self.kinds != BOTH))

    @property
    def in_pairs(self) -> bool:
        """Whether improvements are found by comparing all pairs of places in a fibre."""
        pairs = count_of_pairs(self.kinds.size, self.marked)
        few = pairs * self.rank.itemsize <= MAX_PAIRED_BYTES * self.size
        return pairs <= MAX_PAIRS and (few or self.size << self.marked > MAX_TABLE_ROWS)

    @cached_property
    def top(self) -> int:
        """The highest rank."""
        return int(self.rank.max())

    @property
    def levelled(self) -> bool:
        """Whether the ranks, being many, are first renumbered as levels within each fibre."""
        return not self.in_pairs and (self.top > 4 * self.size or self.top + 2 << self.marked > MAX_TABLE_ROWS)

    @cached_property
    def patterns(self) -> Ints:
        """For each place of a fibre the one-way options that have been moved there, as bits."""
        marked = [(bit, kind) for bit, kind in enumerate(self.kinds.tolist()) if kind != BOTH]
        places = np.arange(self.size)
        patterns = np.zeros(self.size, dtype=np.int64)
        for place, (bit, kind) in enumerate(marked):
            taken = places >> bit & 1
            patterns |= (taken if kind == FROM_TAKEN else 1 - taken) << place
        return patterns

    @property
    def one_way_bits(self) -> tuple[int, int]:
        """The options that stay taken once taken, and those that stay given up, as bits of a strategy."""
        marked = [(1 << bit, kind) for bit, kind in enumerate(self.kinds.tolist())]
        taken = sum(bit for bit, kind in marked if kind == FROM_TAKEN)
        return taken, sum(bit for bit, kind in marked if kind == FROM_LEFT)

    @cached_property
    def moves(self) -> tuple[NDArray[np.uint16], Ints]:
        """For each place of a fibre the places that it can move to, and where each list starts.

        The place itself, which is not an improvement, pads each list to a multiple of four.
        """
        lists = []
        for place in range(self.size):
            own = np.flatnonzero((self.patterns[place] & ~self.patterns) == 0)
            lists.append(np.concatenate([own, np.full(-own.size % 4, place)]))
        return np.concatenate(lists).astype(np.uint16), np.cumsum([0, *map(len, lists)])

    def targets(self, cell: int) -> Ints:
        """Return the feasible cells that a cell can move to."""
        place = cell >> self.first & (self.size - 1)
        others, start = np.arange(self.size), cell - (place << self.first)
        allowed = (self.patterns[place] & ~self.patterns) == 0
        allowed[place] = False
        cells = start + (others[allowed] << self.first)
        return np.asarray(cells if self.feasible is None else cells[self.feasible[cells]])


def count_of_pairs(options: int, marked: int) -> int:
    """Return the number of pairs of places of a fibre such that the first can move to the second or equals it."""
    return int(4 ** (options - marked) * 3**marked)


def directions(maker: DecisionMaker, direction: dict[str, bool]) -> Ints:
    """Return for each option of a decision maker the directions in which it can be moved."""
    kinds = {None: BOTH, True: FROM_TAKEN, False: FROM_LEFT}
    return np.array([kinds[direction.get(option.id)] for option in maker.options], dtype=np.int64)


def manageable(makers: Sequence[DecisionMaker], direction: dict[str, bool]) -> bool:
    """Tell whether every decision maker's improvements can be found pair by pair or level by level."""
    for maker in makers:
        options = len(maker.options)
        marked = sum(option.id in direction for option in maker.options)
        if 1 << options > LARGEST_FIBRE:
            return False
        if count_of_pairs(options, marked) > MAX_PAIRS and 1 << options + marked > MAX_TABLE_ROWS:
            return False
    return True
