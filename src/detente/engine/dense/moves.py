"""Who moves where, for `detente.engine.dense.solver`: a decision maker's fibres and its ranks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from detente.engine.space import Bools, Ints, Ranks
from detente.model.parts import DecisionMaker

#: What an option's bit may take over: from both, or only the cell where it has not been moved from the other.
BOTH, FROM_TAKEN, FROM_LEFT = 0, 1, 2
#: Fibres where a state has moves of so many bytes on average are compared pair by pair, larger ones level by level.
MAX_PAIRED_BYTES = 128
#: More pairs than this are never listed.
MAX_PAIRS = 2**21
#: What is smallest on every level in every pattern of one-way options moved may take so many rows.
MAX_TABLE_ROWS = 2**22
#: A tile has so many lanes where that takes no more than so many bytes; fewer beyond, and never fewer than that.
MAX_LANES, MAX_TILE, MIN_LANES = 256, 2**18, 16
#: The largest fibre whose places fit into 16 bits.
LARGEST_FIBRE = 2**15


@dataclass(frozen=True, eq=False)
class CellMover:
    """A decision maker: its fibres, in which directions its options can be moved, and its rank of every cell."""

    id: str
    first: int
    kinds: Ints
    rank: Ranks
    feasible: Bools | None

    @property
    def size(self) -> int:
        """How many cells a fibre has."""
        return 1 << self.kinds.size

    @property
    def lanes(self) -> int:
        """How many fibres are worked on at a time."""
        fibres = self.rank.size // self.size
        fitting = MAX_TILE // (self.size * self.rank.itemsize)
        return min(fibres, max(MIN_LANES, min(MAX_LANES, fitting)))

    @property
    def marked(self) -> int:
        """How many of the options can be moved in one direction only."""
        return int(np.count_nonzero(self.kinds != BOTH))

    @property
    def in_pairs(self) -> bool:
        """Whether improvements are found by comparing every two places of a fibre."""
        pairs = count_of_pairs(self.kinds.size, self.marked)
        few = pairs * self.rank.itemsize <= MAX_PAIRED_BYTES * self.size
        return pairs <= MAX_PAIRS and (few or self.size << self.marked > MAX_TABLE_ROWS)

    @cached_property
    def top(self) -> int:
        """The highest rank that there is."""
        return int(self.rank.max())

    @property
    def levelled(self) -> bool:
        """Whether improvements are found by ranks that have first been made levels of each fibre: there are many."""
        return not self.in_pairs and (self.top > 4 * self.size or self.top + 2 << self.marked > MAX_TABLE_ROWS)

    @cached_property
    def patterns(self) -> Ints:
        """For every place of a fibre which of the one-way options have been moved, as bits."""
        marked = [(bit, kind) for bit, kind in enumerate(self.kinds.tolist()) if kind != BOTH]
        places = np.arange(self.size)
        patterns = np.zeros(self.size, dtype=np.int64)
        for place, (bit, kind) in enumerate(marked):
            taken = places >> bit & 1
            patterns |= (taken if kind == FROM_TAKEN else 1 - taken) << place
        return patterns

    @cached_property
    def moves(self) -> tuple[NDArray[np.uint16], Ints]:
        """For every place of a fibre the places that can be moved to, and where each list starts.

        A list is filled up to whole fours with the place itself, which is no improvement.
        """
        lists = []
        for place in range(self.size):
            own = np.flatnonzero((self.patterns[place] & ~self.patterns) == 0)
            lists.append(np.concatenate([own, np.full(-own.size % 4, place)]))
        return np.concatenate(lists).astype(np.uint16), np.cumsum([0, *map(len, lists)])

    def targets(self, cell: int) -> Ints:
        """Return the feasible cells that can be moved to from one."""
        place = cell >> self.first & (self.size - 1)
        others, start = np.arange(self.size), cell - (place << self.first)
        allowed = (self.patterns[place] & ~self.patterns) == 0
        allowed[place] = False
        cells = start + (others[allowed] << self.first)
        return np.asarray(cells if self.feasible is None else cells[self.feasible[cells]])


def count_of_pairs(options: int, marked: int) -> int:
    """Return how many pairs of places of a fibre there are such that one can be moved to from the other, or itself."""
    return int(4 ** (options - marked) * 3**marked)


def directions(maker: DecisionMaker, direction: dict[str, bool]) -> Ints:
    """Return for every option of a decision maker in which directions it can be moved."""
    kinds = {None: BOTH, True: FROM_TAKEN, False: FROM_LEFT}
    return np.array([kinds[direction.get(option.id)] for option in maker.options], dtype=np.int64)


def manageable(makers: Sequence[DecisionMaker], direction: dict[str, bool]) -> bool:
    """Tell whether every decision maker's improvements can be found in one of the two ways."""
    for maker in makers:
        options = len(maker.options)
        marked = sum(option.id in direction for option in maker.options)
        if 1 << options > LARGEST_FIBRE:
            return False
        if count_of_pairs(options, marked) > MAX_PAIRS and 1 << options + marked > MAX_TABLE_ROWS:
            return False
    return True
