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

from detente.engine.dense.kernels import compiled
from detente.engine.explicit.cube import StrategyCube
from detente.engine.progress import checkpoint, in_parts
from detente.engine.space import Bools, Ranks

#: Approximate number of cells that a thread processes at a time.
PART = 2**14


@compiled
def _fibre(cell, first, width):
    """Return the number of the fibre that contains a cell."""
    return ((cell >> (first + width)) << first) | (cell & ((1 << first) - 1))


@compiled
def sort_fibres(order, above, rank, gaps, excluded, first, width, start, end):
    """Sort the strategies of each fibre by rank, the excluded ones first.

    ``above`` gives for each strategy of a fibre the position of the first one that is better.
    """
    size, step = 1 << width, 1 << first
    keys = np.empty(size, np.int64)
    for fibre in range(start, end):
        base = ((fibre >> first) << (first + width)) | (fibre & (step - 1))
        for place in range(size):
            value = rank[base + place * step]
            worth = np.int64(0) if gaps and value == excluded else np.int64(value) + 1
            keys[place] = (worth << 16) | place
        keys.sort()
        better = size
        for at in range(size - 1, -1, -1):
            if at + 1 < size and keys[at] >> 16 != keys[at + 1] >> 16:
                better = at + 1
            place = keys[at] & 0xFFFF
            order[fibre * size + at] = place
            above[fibre * size + place] = better


@compiled
def _may_take(own, place, kept, barred):
    """Tell whether one-way options allow a move from a strategy to another."""
    return not (own & ~place & kept) and not (place & ~own & barred)


@compiled
def mark_sim_stable(
    stable, tables, offsets, orders, aboves, layout, firsts, widths, kept, barred, gaps, excluded, start, end
):
    """Mark the states from which every improvement of the first player of a layout is sanctioned.

    ``tables`` holds, from ``offsets[d]`` on, the lowest rank that remains possible once the first ``d`` players of the
    layout are placed; ``stable`` and the last table are indexed by the layout, everything else by cell.
    """
    last = layout.size
    me = layout[0]
    own = np.empty(last, np.int64)
    count = np.empty(last, np.int64)
    beyond = np.empty(last, np.int64)
    following = np.empty(last + 1, np.int64)
    index = np.empty(last + 1, np.int64)
    others = 0
    for place in range(1, last):
        others += widths[layout[place]]
    for state in range(start, end):
        rank = tables[offsets[last] + state]
        if gaps and rank == excluded:
            continue
        cell, rest = 0, state
        for place in range(last - 1, -1, -1):
            player = layout[place]
            own[place] = rest & ((1 << widths[player]) - 1)
            rest >>= widths[player]
            cell |= own[place] << firsts[player]
        size = 1 << widths[me]
        fibre = _fibre(cell, firsts[me], widths[me]) * size
        sanctioned, ready = True, False
        # What the others did together last: at first they stay, as they may from any state.
        together = state & ((1 << others) - 1)
        for at in range(size - 1, aboves[me, fibre + own[0]] - 1, -1):
            improvement = np.int64(orders[me, fibre + at])
            if tables[offsets[1] + improvement] > rank and _may_take(own[0], improvement, kept[me], barred[me]):
                sanctioned = False
                break
        if not sanctioned:
            stable[state] = False
            continue
        for at in range(size - 1, aboves[me, fibre + own[0]] - 1, -1):
            improvement = np.int64(orders[me, fibre + at])
            if not _may_take(own[0], improvement, kept[me], barred[me]):
                continue
            if tables[offsets[last] + (improvement << others | together)] <= rank:
                continue
            if not ready:
                ready = True
                for place in range(1, last):
                    player = layout[place]
                    long = 1 << widths[player]
                    row = _fibre(cell, firsts[player], widths[player]) * long
                    beyond[place] = row + long
                    count[place] = long - aboves[player, row + own[place]] + 1
            sanctioned = False
            depth = 1
            index[1], following[1] = improvement, 0
            while depth > 0:
                if following[depth] == count[depth]:
                    depth -= 1
                    continue
                player, choice = layout[depth], own[depth]
                if following[depth]:
                    choice = np.int64(orders[player, beyond[depth] - following[depth]])
                following[depth] += 1
                if not _may_take(own[depth], choice, kept[player], barred[player]):
                    continue
                reached = (index[depth] << widths[player]) | choice
                if tables[offsets[depth + 1] + reached] > rank:
                    continue
                if depth + 1 == last:
                    sanctioned = True
                    together = reached & ((1 << others) - 1)
                    break
                depth += 1
                index[depth], following[depth] = reached, 0
            if not sanctioned:
                break
        stable[state] = sanctioned


@compiled
def mark_stable_of_two(stable, mine, order, above, size, others, gaps, excluded, start, end):
    """Mark the states that are stable for one of two players without one-way options, by running minima.

    ``mine`` and ``stable`` are laid out with the other player's axis first; ``order`` and ``above`` are the other's.
    """
    lowest = np.empty(size, mine.dtype)
    for own in range(start, end):
        lowest[:] = excluded
        better = others
        while better > 0:
            # All strategies of a tie are judged before any of them joins the minima.
            level = better
            while level > 0 and above[own * others + order[own * others + level - 1]] == better:
                level -= 1
            for at in range(level, better):
                first = np.int64(order[own * others + at]) * size
                row = mine[first : first + size]
                worst = row[0] & 0
                if gaps:
                    for place in range(size):
                        there = row[place] if row[place] != excluded else row[0] & 0
                        worst = max(worst, min(lowest[place], there))
                else:
                    for place in range(size):
                        worst = max(worst, min(lowest[place], row[place]))
                stable[first + own] = worst <= row[own]
            for at in range(level, better):
                first = np.int64(order[own * others + at]) * size
                for place in range(size):
                    lowest[place] = min(lowest[place], mine[first + place])
            better = level


class Combinations:
    """The sorted fibres of a cube, from which SIM is decided for any of its players."""

    def __init__(self, cube: StrategyCube) -> None:
        self._cube = cube
        players, cells = len(cube.widths), cube.ranks[0].size
        self._orders: NDArray[np.uint16] = np.empty((players, cells), dtype=np.uint16)
        self._aboves: NDArray[np.uint16] = np.empty((players, cells), dtype=np.uint16)
        for player, (rank, first, width) in enumerate(zip(cube.ranks, cube.firsts, cube.widths, strict=True)):
            given = (self._orders[player], self._aboves[player], rank, cube.gaps, cube.excluded, first, width)
            in_parts(partial(sort_fibres, *given), cells >> width, max(1, PART >> width), _checkpoint)

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
            *(cube.gaps, cube.excluded),
        )
        in_parts(partial(mark_sim_stable, *given), stable.size, PART, _checkpoint)
        return cube.from_layout(stable, layout)

    def _stable_of_two(self, player: int) -> Bools:
        cube, other = self._cube, 1 - player
        size, others = (1 << cube.widths[one] for one in (player, other))
        mine = cube.in_layout(cube.ranks[player], [other, player])
        stable = np.ones(mine.size, dtype=bool)
        fibres = self._orders[other], self._aboves[other]
        work = partial(mark_stable_of_two, stable, mine, *fibres, size, others, cube.gaps, cube.excluded)
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
