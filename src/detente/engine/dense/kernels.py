"""The loops of `detente.engine.dense.solver`, compiled.

Theory of operation. A state's index has one bit for each option, and a decision maker's own options are neighbouring
bits: ``first`` to ``first + width``. With ``step = 2**first`` and ``size = 2**width`` its *fibre* through a state, the
states that it can choose between, is ``size`` cells that stand ``step`` apart. Fibres are worked on in *tiles*: as many
neighbouring fibres as a tile has *lanes*, a power of two, are copied into a block with a row for every place in a
fibre, so that everything stays in the cache and loops run over lanes.

Moves in one direction only make a fibre an ordered product: a state reaches the states whose moved bits contain its
own. So the largest value over all moves is found by one pass for each own option, in which a cell takes over what its
partner holds: both from each other, or only one from the other. The smallest is the largest of what is left to the
largest number, so one pass serves both.

Values are unsigned integers of the smallest kind that holds a conflict's ranks, the same for all arrays of one call:
the smaller they are, the more of them are compared at once. A state that the rules exclude ranks 0, so that nobody
improves to it; where a smallest value is sought it holds the largest number of its kind, so that it is never smaller
than another.

A *page* is ``2**STAMP_BITS`` neighbouring cells. For each the number of the last sweep that lowered something in it is
kept, and a sweep passes over the tiles whose pages have not changed since the last sweep over the same moves. Where
some have, only what has been lowered can lower anything else: all the rest was settled then.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from detente.engine.dense.moves import BOTH, FROM_TAKEN

STAMP_BITS = 6
#: Rows are copied as they are where at least so many lanes stand next to each other, and cell by cell otherwise.
SHORTEST_RUN = 16
#: Cell by cell, so many places are copied for one lane after the other, so that both ends stay in the cache.
PLACES = 64

compiled = njit(nogil=True, cache=True, boundscheck=False)


@compiled
def _base(fibre, first, width):
    """Return a fibre's lowest cell."""
    return ((fibre >> first) << (first + width)) | (fibre & ((1 << first) - 1))


@compiled
def _load(values, tile, fibre, first, width):
    """Copy the fibres from one on into a tile."""
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
    """Copy a tile back to where its fibres are."""
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
    """Write a tile back where it is lower than what is there; return whether it is anywhere."""
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
    """Let every cell take over the largest value that its state can move to."""
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
    """Mark the states from which no move is worth more than they rank."""
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
    """Write for every state the largest rank over its own and those that it can move to."""
    tile = np.empty((1 << width, lanes), rank.dtype)
    for fibre in range(start, end, lanes):
        _load(rank, tile, fibre, first, width)
        _spread(tile, kinds)
        _store(result, tile, fibre, first, width)


@compiled
def _find_fresh(fresh, changed, since, fibre, lanes, first, width):
    """Mark the places of a tile where something was lowered after a sweep; return how many there are."""
    size, step = 1 << width, 1 << first
    run = min(step, lanes)
    if step < 1 << STAMP_BITS:
        # A page has several places: they are told apart no further than that.
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
    """Lower the worth of every state to the smallest that it can move to; return whether any was lowered."""
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
    """Lower the worth of every state to the smallest that its mover can improve to, every pair of a fibre compared.

    ``moves`` lists for every place of a fibre the places that can be moved to, from ``starts[place]`` on.
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
                # Four at a time, so that there is enough to do between two looks at what is lowest. The place itself,
                # which is no improvement, fills them up.
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
    """Write for every state a level, the same order as the ranks within its fibre, from 0 on without gaps."""
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
    """As `lower_in_pairs`, for large fibres: by the smallest worth on every level, and from there above every level.

    ``patterns`` says for every place which of ``marked`` one-way options have been moved there, as bits; a state
    reaches those whose pattern contains its own. ``level`` has the order of the ranks within a fibre, up to ``top``.
    """
    size = 1 << width
    tile = np.empty((size, lanes), worth.dtype)
    own = np.empty((size, lanes), level.dtype)
    # For every pattern a row for each level, and one above them all that stays empty.
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
    """Let every row take over what is smaller on a higher level, and in a pattern that contains its own."""
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
