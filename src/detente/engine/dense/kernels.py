"""The compiled loops of `detente.engine.dense.solver`.

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

from detente.engine.dense.moves import BOTH, FROM_TAKEN

STAMP_BITS = 6
#: Number of adjacent lanes from which rows are copied as blocks; with fewer they are copied cell by cell.
SHORTEST_RUN = 16
#: Number of places copied for each lane in turn when copying cell by cell, so that source and target stay in the cache.
PLACES = 64


def compiled(loop: Callable[..., Any]) -> Any:
    """Have a loop compiled at its first use, and kept on disk if a folder for it can be written."""
    try:
        return njit(nogil=True, cache=True, boundscheck=False)(loop)
    except RuntimeError:
        return njit(nogil=True, boundscheck=False)(loop)


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
def _spread(tile, kinds):
    """Give every cell the largest value among the states that its state can move to, itself included."""
    size, lanes = tile.shape
    cells = tile.reshape(size * lanes)
    for option in range(kinds.size):
        run = lanes << option
        kind = kinds[option]
        for start in range(0, size * lanes, 2 * run):
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
def mark_stable(mask, worth, rank, first, width, kinds, lanes, start, end):
    """Mark the states from which every move leads to a worth of at most their own rank."""
    size = 1 << width
    tile = np.empty((size, lanes), worth.dtype)
    ranks = np.empty((size, lanes), worth.dtype)
    marks = np.empty((size, lanes), np.bool_)
    for fibre in range(start, end, lanes):
        _load(worth, tile, fibre, first, width)
        _load(rank, ranks, fibre, first, width)
        _spread(tile, kinds)
        for place in range(size):
            for lane in range(lanes):
                marks[place, lane] = tile[place, lane] <= ranks[place, lane]
        _store(mask, marks, fibre, first, width)


@compiled
def best(result, rank, first, width, kinds, lanes, start, end):
    """Write for each state the largest rank among itself and the states that it can move to."""
    tile = np.empty((1 << width, lanes), rank.dtype)
    for fibre in range(start, end, lanes):
        _load(rank, tile, fibre, first, width)
        _spread(tile, kinds)
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
        fresh[:] = changed[low >> STAMP_BITS : (high >> STAMP_BITS) + 1].max() > since
    else:
        fresh[:] = False
        for lane in range(0, lanes, run):
            start = _base(fibre + lane, first, width)
            for place in range(size):
                row = changed[start >> STAMP_BITS : ((start + run - 1) >> STAMP_BITS) + 1]
                for page in range(row.size):
                    fresh[place] |= row[page] > since
                start += step
    return fresh.sum()


@compiled
def lower(worth, feasible, largest, first, width, kinds, changed, since, now, lanes, start, end):
    """Lower the worth of each state to the smallest that it can move to; return whether any was lowered."""
    size = 1 << width
    tile = np.empty((size, lanes), worth.dtype)
    allowed = np.empty((size, lanes), np.bool_)
    fresh = np.empty(size, np.bool_)
    lowered = False
    for fibre in range(start, end, lanes):
        if not _find_fresh(fresh, changed, since, fibre, lanes, first, width):
            continue
        _load(worth, tile, fibre, first, width)
        for place in range(size):
            for lane in range(lanes):
                tile[place, lane] = largest - tile[place, lane]
        _spread(tile, kinds)
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
def lower_in_pairs(worth, rank, largest, first, width, moves, starts, changed, since, now, lanes, start, end):
    """Lower the worth of each state to the smallest that its mover can improve to, comparing all pairs of a fibre.

    ``moves`` lists for each place of a fibre the places that it can move to, from ``starts[place]`` on.
    """
    size = 1 << width
    tile = np.empty((size, lanes), worth.dtype)
    ranks = np.empty((size, lanes), worth.dtype)
    own = np.empty(lanes, worth.dtype)
    lower = np.empty(lanes, worth.dtype)
    lowest = np.empty(lanes, worth.dtype)
    fresh = np.empty(size, np.bool_)
    some = np.empty(size + 4, np.uint16)
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
                # Four at a time, so that the comparisons with the lowest value so far overlap. The place itself, which
                # is not an improvement, pads the list.
                some[count : count + 3] = place
                for lane in range(lanes):
                    own[lane] = ranks[place, lane]
                    lower[lane] = tile[place, lane]
                for at in range(0, count, 4):
                    a, b, c, d = some[at], some[at + 1], some[at + 2], some[at + 3]
                    for lane in range(lanes):
                        mine = own[lane]
                        by_a = tile[a, lane] if ranks[a, lane] > mine else largest
                        by_b = tile[b, lane] if ranks[b, lane] > mine else largest
                        by_c = tile[c, lane] if ranks[c, lane] > mine else largest
                        by_d = tile[d, lane] if ranks[d, lane] > mine else largest
                        lower[lane] = min(lower[lane], min(min(by_a, by_b), min(by_c, by_d)))
                for lane in range(lanes):
                    tile[place, lane] = lower[lane]
        lowered |= _keep_lower(worth, tile, fibre, first, width, changed, now)
    return lowered


@compiled
def levels(result, rank, first, width, start, end):
    """Write for each state its level: the ranks within its fibre, renumbered from 0 without gaps."""
    size, step = 1 << width, 1 << first
    keys = np.empty(size, np.int64)
    for fibre in range(start, end):
        base = _base(fibre, first, width)
        for place in range(size):
            keys[place] = (np.int64(rank[base + place * step]) << 16) | place
        keys.sort()
        level = 0
        for at in range(size):
            if at and keys[at] >> 16 != keys[at - 1] >> 16:
                level += 1
            result[base + (keys[at] & 0xFFFF) * step] = level


@compiled
def lower_by_level(worth, level, largest, first, width, patterns, marked, top, changed, since, now, lanes, start, end):
    """As `lower_in_pairs`, for large fibres: take the smallest worth on each level, and then over all higher levels.

    ``patterns`` gives for each place which of the ``marked`` one-way options have been moved there, as bits; a state
    reaches the states whose pattern contains its own. ``level`` orders a fibre as the ranks do, up to ``top``.
    """
    size = 1 << width
    tile = np.empty((size, lanes), worth.dtype)
    own = np.empty((size, lanes), level.dtype)
    # For each pattern one row for each level, and an empty row above them.
    rows = top + 2
    table = np.empty((rows << marked, lanes), worth.dtype)
    fresh = np.empty(size, np.bool_)
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
