"""The loops that `detente.engine.dense.loops` has compiled: the sweeps of the dense solver, and SIM.

Theory of operation. A state's index has one bit for each option, and a decision maker's own options are adjacent bits:
``first`` to ``first + width``. With ``step = 2**first`` and ``size = 2**width``, its *fibre* through a state (the
states that it can choose between) is ``size`` cells that are ``step`` apart. The loops process fibres in *tiles*: a
tile copies as many adjacent fibres as it has *lanes*, a power of two, into a block with a row for each place in a
fibre. So the data stay in the cache and the loops run over lanes.

One-way options make a fibre a product order: a state reaches the states whose moved bits contain its own. So one pass
for each own option finds the largest value over all moves: a cell takes the larger value of its partner, in both
directions or in one. The smallest value is the largest of the complements, so the same pass serves both.

Values are unsigned integers of the smallest type that holds a conflict's ranks, the same for all arrays of one call:
smaller values mean more comparisons per instruction. A state that the rules exclude has rank 0, so that no move
improves to it; in a search for a smallest value it holds the largest number of its type, so that it is never the
smallest.

The arrays that a loop works in, its tiles above all, are given to it as ``work``: `detente.engine.dense.loops` makes
them, because code that allocates nothing can be loaded without Numba.

A *page* is ``2**STAMP_BITS`` adjacent cells. Each page keeps the number of the last sweep that lowered a value in it,
and a sweep skips tiles whose pages have not changed since the last sweep over the same moves. In the other tiles only
the lowered values can lower others; all the rest was settled before.

Cost: a pass takes time in proportion to cells times own options; comparing pairs takes cells times moves.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numba import njit

from detente.engine.dense.moves import BOTH, FROM_TAKEN, STAMP_BITS

#: Number of adjacent lanes from which rows are copied as blocks; with fewer they are copied cell by cell.
SHORTEST_RUN = 16
#: Number of places copied for each lane in turn when copying cell by cell, so that source and target stay in the cache.
PLACES = 64
#: Number of keys that are sorted by insertion.
SORTED_RUN = 16
#: How Numba compiles a loop: without checks, beside other threads, and without counting who uses an array.
OPTIONS: dict[str, Any] = {"nogil": True, "boundscheck": False, "_nrt": False}


def compiled(loop: Callable[..., Any]) -> Any:
    """Have a loop compiled at its first use, and kept on disk if a folder for it can be written."""
    try:
        return njit(**OPTIONS, cache=True)(loop)
    except RuntimeError:
        return njit(**OPTIONS)(loop)


@compiled
def _base(fibre, first, width):
    """Return a fibre's lowest cell."""
    return ((fibre >> first) << (first + width)) | (fibre & ((1 << first) - 1))


@compiled
def _load(values, tile, fibre, first, width):
    """Copy the fibres from ``fibre`` on into a tile."""
    size, lanes = tile.shape
    step = 1 << first
    run = min(step, lanes)
    if run >= SHORTEST_RUN:
        for lane in range(0, lanes, run):
            start = _base(fibre + lane, first, width)
            for place in range(size):
                here, there = tile[place, lane : lane + run], values[start : start + run]
                for near in range(run):
                    here[near] = there[near]
                start += step
    else:
        for block in range(0, size, PLACES):
            for lane in range(lanes):
                cell = _base(fibre + lane, first, width) + block * step
                here, there = (
                    tile[block : block + PLACES, lane],
                    values[cell : cell + PLACES * step : step],
                )
                for place in range(here.size):
                    here[place] = there[place]


@compiled
def _store(values, tile, fibre, first, width):
    """Copy a tile back to the cells of its fibres."""
    size, lanes = tile.shape
    step = 1 << first
    run = min(step, lanes)
    if run >= SHORTEST_RUN:
        for lane in range(0, lanes, run):
            start = _base(fibre + lane, first, width)
            for place in range(size):
                here, there = tile[place, lane : lane + run], values[start : start + run]
                for near in range(run):
                    there[near] = here[near]
                start += step
    else:
        for block in range(0, size, PLACES):
            for lane in range(lanes):
                cell = _base(fibre + lane, first, width) + block * step
                here, there = (
                    tile[block : block + PLACES, lane],
                    values[cell : cell + PLACES * step : step],
                )
                for place in range(here.size):
                    there[place] = here[place]


@compiled
def _keep_lower(worth, tile, fibre, first, width, changed, now):
    """Write a tile back to the cells where it is lower; return whether it was lower anywhere."""
    size, lanes = tile.shape
    step = 1 << first
    run = min(step, lanes)
    lowered = False
    if run >= SHORTEST_RUN:
        for lane in range(0, lanes, run):
            start = _base(fibre + lane, first, width)
            for place in range(size):
                here, there = tile[place, lane : lane + run], worth[start : start + run]
                lower = False
                for near in range(run):
                    lower |= here[near] < there[near]
                if lower:
                    for near in range(run):
                        there[near] = min(here[near], there[near])
                    changed[start >> STAMP_BITS : ((start + run - 1) >> STAMP_BITS) + 1] = now
                    lowered = True
                start += step
    else:
        for block in range(0, size, PLACES):
            for lane in range(lanes):
                cell = _base(fibre + lane, first, width) + block * step
                here, there = (
                    tile[block : block + PLACES, lane],
                    worth[cell : cell + PLACES * step : step],
                )
                lower = False
                for place in range(here.size):
                    lower |= here[place] < there[place]
                if lower:
                    for place in range(here.size):
                        there[place] = min(here[place], there[place])
                    end = cell + (here.size - 1) * step
                    changed[cell >> STAMP_BITS : (end >> STAMP_BITS) + 1] = now
                    lowered = True
    return lowered


@compiled
def _spread(cells, lanes, kinds):
    """Give every cell of a tile the largest value among the states that its state can move to, itself included."""
    for option in range(kinds.size):
        run = lanes << option
        kind = kinds[option]
        for start in range(0, cells.size, 2 * run):
            left, taken = cells[start : start + run], cells[start + run : start + 2 * run]
            if kind == BOTH:
                for lane in range(run):
                    largest = max(left[lane], taken[lane])
                    left[lane] = largest
                    taken[lane] = largest
            elif kind == FROM_TAKEN:
                for lane in range(run):
                    left[lane] = max(left[lane], taken[lane])
            else:
                for lane in range(run):
                    taken[lane] = max(left[lane], taken[lane])


@compiled
def mark_stable(work, mask, worth, rank, first, width, kinds, lanes, start, end):
    """Mark the states from which every move leads to a worth of at most their own rank."""
    tile, cells, ranks, marks = work
    size = 1 << width
    for fibre in range(start, end, lanes):
        _load(worth, tile, fibre, first, width)
        _load(rank, ranks, fibre, first, width)
        _spread(cells, lanes, kinds)
        for place in range(size):
            for lane in range(lanes):
                marks[place, lane] = tile[place, lane] <= ranks[place, lane]
        _store(mask, marks, fibre, first, width)


@compiled
def best(work, result, rank, first, width, kinds, lanes, start, end):
    """Write for each state the largest rank among itself and the states that it can move to."""
    tile, cells = work
    for fibre in range(start, end, lanes):
        _load(rank, tile, fibre, first, width)
        _spread(cells, lanes, kinds)
        _store(result, tile, fibre, first, width)


@compiled
def _find_fresh(fresh, changed, since, fibre, lanes, first, width):
    """Mark the places of a tile where a value was lowered after a given sweep; return their number."""
    size, step = 1 << width, 1 << first
    run = min(step, lanes)
    if step < 1 << STAMP_BITS:
        # A page has several places; all of them count as lowered.
        low = _base(fibre, first, width)
        high = _base(fibre + lanes - 1, first, width) + (size - 1) * step
        some = False
        for page in range(low >> STAMP_BITS, (high >> STAMP_BITS) + 1):
            some |= changed[page] > since
        fresh[:] = some
    else:
        fresh[:] = False
        for lane in range(0, lanes, run):
            start = _base(fibre + lane, first, width)
            for place in range(size):
                row = changed[start >> STAMP_BITS : ((start + run - 1) >> STAMP_BITS) + 1]
                for page in range(row.size):
                    fresh[place] |= row[page] > since
                start += step
    count = 0
    for place in range(size):
        count += fresh[place]
    return count


@compiled
def lower(work, worth, feasible, largest, first, width, kinds, changed, since, now, lanes, start, end):
    """Lower the worth of each state to the smallest that it can move to; return whether any was lowered."""
    tile, cells, allowed, fresh = work
    size = 1 << width
    lowered = False
    for fibre in range(start, end, lanes):
        if not _find_fresh(fresh, changed, since, fibre, lanes, first, width):
            continue
        _load(worth, tile, fibre, first, width)
        for place in range(size):
            for lane in range(lanes):
                tile[place, lane] = largest - tile[place, lane]
        _spread(cells, lanes, kinds)
        for place in range(size):
            for lane in range(lanes):
                tile[place, lane] = largest - tile[place, lane]
        if feasible.size:
            _load(feasible, allowed, fibre, first, width)
            for place in range(size):
                for lane in range(lanes):
                    tile[place, lane] = tile[place, lane] if allowed[place, lane] else largest
        lowered |= _keep_lower(worth, tile, fibre, first, width, changed, now)
    return lowered


@compiled
def lower_in_pairs(work, worth, rank, largest, first, width, moves, starts, changed, since, now, lanes, start, end):
    """Lower the worth of each state to the smallest that its mover can improve to, comparing all pairs of a fibre.

    ``moves`` lists for each place of a fibre the places that it can move to, from ``starts[place]`` on.
    """
    tile, ranks, own, lower, lowest, fresh, some = work
    size = 1 << width
    lowered = False
    for fibre in range(start, end, lanes):
        if not _find_fresh(fresh, changed, since, fibre, lanes, first, width):
            continue
        _load(worth, tile, fibre, first, width)
        _load(rank, ranks, fibre, first, width)
        lowest[:] = largest
        for place in range(size):
            if fresh[place]:
                for lane in range(lanes):
                    lowest[lane] = min(lowest[lane], tile[place, lane])
        for place in range(size):
            can_be_lowered = False
            for lane in range(lanes):
                can_be_lowered |= tile[place, lane] > lowest[lane]
            if can_be_lowered:
                count = 0
                for at in range(starts[place], starts[place + 1]):
                    some[count] = moves[at]
                    count += fresh[moves[at]]
                # Two at a time, each from rows of its own, whose values are read before one is chosen: otherwise the
                # compiler uses no vectors. The place itself, which is not an improvement, pads the list.
                some[count] = place
                for lane in range(lanes):
                    own[lane] = ranks[place, lane]
                    lower[lane] = tile[place, lane]
                for at in range(0, count, 2):
                    tile_a, rank_a = tile[some[at]], ranks[some[at]]
                    tile_b, rank_b = tile[some[at + 1]], ranks[some[at + 1]]
                    for lane in range(own.size):
                        mine, by_a, by_b = own[lane], tile_a[lane], tile_b[lane]
                        by_a = by_a if rank_a[lane] > mine else largest
                        by_b = by_b if rank_b[lane] > mine else largest
                        lower[lane] = min(lower[lane], min(by_a, by_b))
                for lane in range(lanes):
                    tile[place, lane] = lower[lane]
        lowered |= _keep_lower(worth, tile, fibre, first, width, changed, now)
    return lowered


@compiled
def _sort(keys, spare):
    """Sort different keys: short runs by insertion, which are then merged, with a spare array of the same size."""
    size = keys.size
    for start in range(0, size, SORTED_RUN):
        for at in range(start + 1, min(start + SORTED_RUN, size)):
            key, free = keys[at], at
            while free > start and keys[free - 1] > key:
                keys[free] = keys[free - 1]
                free -= 1
            keys[free] = key
    run = SORTED_RUN
    while run < size:
        for at in range(size):
            spare[at] = keys[at]
        for start in range(0, size, 2 * run):
            one, other = start, min(start + run, size)
            middle, end = other, min(start + 2 * run, size)
            for at in range(start, end):
                if other == end or (one < middle and spare[one] < spare[other]):
                    keys[at] = spare[one]
                    one += 1
                else:
                    keys[at] = spare[other]
                    other += 1
        run *= 2


@compiled
def levels(work, result, rank, first, width, start, end):
    """Write for each state its level: the ranks within its fibre, renumbered from 0 without gaps."""
    keys, spare = work
    size, step = 1 << width, 1 << first
    for fibre in range(start, end):
        base = _base(fibre, first, width)
        for place in range(size):
            keys[place] = (np.int64(rank[base + place * step]) << 16) | place
        _sort(keys, spare)
        level = 0
        for at in range(size):
            if at and keys[at] >> 16 != keys[at - 1] >> 16:
                level += 1
            result[base + (keys[at] & 0xFFFF) * step] = level


@compiled
def lower_by_level(
    work, worth, level, largest, first, width, patterns, marked, top, changed, since, now, lanes, start, end
):
    """As `lower_in_pairs`, for large fibres: take the smallest worth on each level, and then over all higher levels.

    ``patterns`` gives for each place which of the ``marked`` one-way options have been moved there, as bits; a state
    reaches the states whose pattern contains its own. ``level`` orders a fibre as the ranks do, up to ``top``.
    """
    tile, own, table, fresh = work
    size = 1 << width
    # For each pattern one row for each level, and an empty row above them.
    rows = top + 2
    lowered = False
    for fibre in range(start, end, lanes):
        if not _find_fresh(fresh, changed, since, fibre, lanes, first, width):
            continue
        _load(worth, tile, fibre, first, width)
        _load(level, own, fibre, first, width)
        table[:] = largest
        for place in range(size):
            if not fresh[place]:
                continue
            row = patterns[place] * rows
            for lane in range(lanes):
                at = row + np.int64(own[place, lane])
                table[at, lane] = min(table[at, lane], tile[place, lane])
        _from_above(table, rows, marked, lanes)
        for place in range(size):
            row = patterns[place] * rows + 1
            for lane in range(lanes):
                tile[place, lane] = min(tile[place, lane], table[row + np.int64(own[place, lane]), lane])
        lowered |= _keep_lower(worth, tile, fibre, first, width, changed, now)
    return lowered


@compiled
def _from_above(table, rows, marked, lanes):
    """Lower each row to the smallest value on a higher level, and in patterns that contain its own."""
    for pattern in range(1 << marked):
        for row in range((pattern + 1) * rows - 2, pattern * rows - 1, -1):
            for lane in range(lanes):
                table[row, lane] = min(table[row, lane], table[row + 1, lane])
    for option in range(marked):
        bit = 1 << option
        for pattern in range(1 << marked):
            if pattern & bit:
                continue
            for row in range(rows):
                here, there = pattern * rows + row, (pattern | bit) * rows + row
                for lane in range(lanes):
                    table[here, lane] = min(table[here, lane], table[there, lane])


@compiled
def _fibre(cell, first, width):
    """Return the number of the fibre that contains a cell."""
    return ((cell >> (first + width)) << first) | (cell & ((1 << first) - 1))


@compiled
def sort_fibres(work, order, above, rank, gaps, excluded, first, width, start, end):
    """Sort the strategies of each fibre by rank, the excluded ones first.

    ``above`` gives for each strategy of a fibre the position of the first one that is better.
    """
    keys, spare = work
    size, step = 1 << width, 1 << first
    for fibre in range(start, end):
        base = _base(fibre, first, width)
        for place in range(size):
            value = rank[base + place * step]
            worth = np.int64(0) if gaps and value == excluded else np.int64(value) + 1
            keys[place] = (worth << 16) | place
        _sort(keys, spare)
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
    work, stable, tables, offsets, orders, aboves, layout, firsts, widths, kept, barred, gaps, excluded, start, end
):
    """Mark the states from which every improvement of the first player of a layout is sanctioned.

    ``tables`` holds, from ``offsets[d]`` on, the lowest rank that remains possible once the first ``d`` players of the
    layout are placed; ``stable`` and the last table are indexed by the layout, everything else by cell.
    """
    own, count, beyond, following, index = work
    last = layout.size
    me = layout[0]
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
def mark_stable_of_two(work, stable, mine, order, above, size, others, gaps, excluded, start, end):
    """Mark the states that are stable for one of two players without one-way options, by running minima.

    ``mine`` and ``stable`` are laid out with the other player's axis first; ``order`` and ``above`` are the other's.
    """
    (lowest,) = work
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
