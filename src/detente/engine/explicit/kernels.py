"""The loops of `detente.engine.explicit.dense`, compiled.

Theory of operation. A state's index has one bit for each option, and a decision maker's own options are neighbouring
bits: ``first`` to ``first + width``. With ``step = 2**first`` and ``size = 2**width`` its *fibre* through a state, the
states that it can choose between, is ``size`` cells that stand ``step`` apart. Fibres are worked on in *tiles* of up to
`LANES` neighbours, copied into a small block so that everything stays in the cache and loops run over lanes.

Moves in one direction only make a fibre an ordered product: a state reaches the states whose moved bits contain its
own. So the best (or worst) over all moves is found by one pass for each own option, in which a cell takes over what its
partner holds: both from each other, or only one from the other.

Values are 32-bit integers. A state that the rules exclude ranks below everything, at -1, so that nobody improves to it;
where a smallest value is sought it holds `LARGEST`, so that it is never the smallest.

A *page* is `PAGE` neighbouring cells. For each the number of the last sweep that lowered something in it is kept, and a
sweep passes over the tiles whose pages have not changed since it was last there.
"""

from __future__ import annotations

import numpy as np
from numba import njit

LARGEST = np.int32(2**31 - 1)
LANES = 64
PAGE_BITS = 12
#: What an option's bit may take over: from both, or only the cell where it has not been moved from the other.
BOTH, FROM_TAKEN, FROM_LEFT = 0, 1, 2
#: In an order, the bit that marks the first of the states that rank alike.
NEW_GROUP = 2**15

compiled = njit(nogil=True, cache=True, boundscheck=False)


@compiled
def _base(fibre, first, width):
    """Return a fibre's lowest cell."""
    return ((fibre >> first) << (first + width)) | (fibre & ((1 << first) - 1))


@compiled
def _lanes(fibre, end, first):
    """Return how many fibres from this one on make a tile; those of a wide step stay next to each other."""
    lanes = min(LANES, end - fibre)
    step = 1 << first
    if step >= LANES:
        return min(lanes, step - (fibre & (step - 1)))
    return lanes


@compiled
def _load(values, tile, fibre, lanes, first, width):
    step, size = 1 << first, 1 << width
    if step >= LANES:
        start = _base(fibre, first, width)
        for place in range(size):
            for lane in range(lanes):
                tile[place, lane] = values[start + lane]
            start += step
    else:
        for lane in range(lanes):
            cell = _base(fibre + lane, first, width)
            for place in range(size):
                tile[place, lane] = values[cell]
                cell += step


@compiled
def _keep_lower(worth, tile, fibre, lanes, first, width, changed, now):
    """Write a tile back where it is lower than what is there; return whether it is anywhere."""
    step, size = 1 << first, 1 << width
    lowered = False
    if step >= LANES:
        start = _base(fibre, first, width)
        for place in range(size):
            lower = False
            for lane in range(lanes):
                lower |= tile[place, lane] < worth[start + lane]
            if lower:
                for lane in range(lanes):
                    worth[start + lane] = min(tile[place, lane], worth[start + lane])
                changed[start >> PAGE_BITS] = now
                changed[(start + lanes - 1) >> PAGE_BITS] = now
                lowered = True
            start += step
    else:
        for lane in range(lanes):
            cell = _base(fibre + lane, first, width)
            for place in range(size):
                if tile[place, lane] < worth[cell]:
                    worth[cell] = tile[place, lane]
                    changed[cell >> PAGE_BITS] = now
                    lowered = True
                cell += step
    return lowered


@compiled
def _spread_largest(tile, kinds, size, lanes):
    """Let every cell take over the largest value that its state can move to."""
    for option in range(kinds.size):
        bit = 1 << option
        kind = kinds[option]
        for place in range(size):
            if place & bit:
                continue
            other = place | bit
            if kind == BOTH:
                for lane in range(lanes):
                    largest = max(tile[place, lane], tile[other, lane])
                    tile[place, lane] = largest
                    tile[other, lane] = largest
            elif kind == FROM_TAKEN:
                for lane in range(lanes):
                    tile[place, lane] = max(tile[place, lane], tile[other, lane])
            else:
                for lane in range(lanes):
                    tile[other, lane] = max(tile[place, lane], tile[other, lane])


@compiled
def _spread_smallest(tile, kinds, size, lanes):
    for option in range(kinds.size):
        bit = 1 << option
        kind = kinds[option]
        for place in range(size):
            if place & bit:
                continue
            other = place | bit
            if kind == BOTH:
                for lane in range(lanes):
                    smallest = min(tile[place, lane], tile[other, lane])
                    tile[place, lane] = smallest
                    tile[other, lane] = smallest
            elif kind == FROM_TAKEN:
                for lane in range(lanes):
                    tile[place, lane] = min(tile[place, lane], tile[other, lane])
            else:
                for lane in range(lanes):
                    tile[other, lane] = min(tile[place, lane], tile[other, lane])


@compiled
def stable(mask, worth, rank, first, width, kinds, start, end):
    """Mark the states from which no move is worth more than they rank."""
    step, size = 1 << first, 1 << width
    tile = np.empty((size, LANES), np.int32)
    fibre = start
    while fibre < end:
        lanes = _lanes(fibre, end, first)
        _load(worth, tile, fibre, lanes, first, width)
        _spread_largest(tile, kinds, size, lanes)
        if step >= LANES:
            row = _base(fibre, first, width)
            for place in range(size):
                for lane in range(lanes):
                    own = rank[row + lane]
                    mask[row + lane] = (tile[place, lane] <= own) & (own >= 0)
                row += step
        else:
            for lane in range(lanes):
                cell = _base(fibre + lane, first, width)
                for place in range(size):
                    mask[cell] = (tile[place, lane] <= rank[cell]) & (rank[cell] >= 0)
                    cell += step
        fibre += lanes


@compiled
def best(result, values, rank, first, width, kinds, start, end):
    """Write for every state the largest value over its own and those that it can move to; `LARGEST` if excluded."""
    step, size = 1 << first, 1 << width
    tile = np.empty((size, LANES), np.int32)
    fibre = start
    while fibre < end:
        lanes = _lanes(fibre, end, first)
        _load(values, tile, fibre, lanes, first, width)
        _spread_largest(tile, kinds, size, lanes)
        if step >= LANES:
            row = _base(fibre, first, width)
            for place in range(size):
                for lane in range(lanes):
                    result[row + lane] = tile[place, lane] if rank[row + lane] >= 0 else LARGEST
                row += step
        else:
            for lane in range(lanes):
                cell = _base(fibre + lane, first, width)
                for place in range(size):
                    result[cell] = tile[place, lane] if rank[cell] >= 0 else LARGEST
                    cell += step
        fibre += lanes


@compiled
def _unchanged(changed, since, fibre, lanes, first, width):
    """Tell whether no page of a tile was lowered after a sweep."""
    step, size = 1 << first, 1 << width
    low = _base(fibre, first, width)
    if step < LANES or first + width <= PAGE_BITS:
        high = _base(fibre + lanes - 1, first, width) + (size - 1) * step
        return changed[low >> PAGE_BITS : (high >> PAGE_BITS) + 1].max() <= since
    for place in range(size):
        row = low + place * step
        if changed[row >> PAGE_BITS] > since or changed[(row + lanes - 1) >> PAGE_BITS] > since:
            return False
    return True


@compiled
def lower(worth, rank, first, width, kinds, changed, since, now, start, end):
    """Lower the worth of every state to the smallest that it can move to; return whether any was lowered."""
    size = 1 << width
    tile = np.empty((size, LANES), np.int32)
    ranks = np.empty((size, LANES), np.int32)
    lowered = False
    fibre = start
    while fibre < end:
        lanes = _lanes(fibre, end, first)
        if not _unchanged(changed, since, fibre, lanes, first, width):
            _load(worth, tile, fibre, lanes, first, width)
            _spread_smallest(tile, kinds, size, lanes)
            if rank.size:
                _load(rank, ranks, fibre, lanes, first, width)
                for place in range(size):
                    for lane in range(lanes):
                        tile[place, lane] = tile[place, lane] if ranks[place, lane] >= 0 else LARGEST
            lowered |= _keep_lower(worth, tile, fibre, lanes, first, width, changed, now)
        fibre += lanes
    return lowered


@compiled
def lower_improving(worth, rank, first, width, moves, starts, changed, since, now, start, end):
    """Lower the worth of every state to the smallest that its mover can improve to, every pair of a fibre compared.

    ``moves`` lists for every place of a fibre the places that can be moved to, from ``starts[place]`` on.
    """
    size = 1 << width
    tile = np.empty((size, LANES), np.int32)
    ranks = np.empty((size, LANES), np.int32)
    own = np.empty(LANES, np.int32)
    lowest = np.empty(LANES, np.int32)
    lowered = False
    fibre = start
    while fibre < end:
        lanes = _lanes(fibre, end, first)
        if not _unchanged(changed, since, fibre, lanes, first, width):
            _load(worth, tile, fibre, lanes, first, width)
            _load(rank, ranks, fibre, lanes, first, width)
            for place in range(size):
                for lane in range(LANES):
                    own[lane] = ranks[place, lane]
                    lowest[lane] = tile[place, lane]
                for at in range(starts[place], starts[place + 1]):
                    other = moves[at]
                    for lane in range(LANES):
                        value = tile[other, lane] if ranks[other, lane] > own[lane] else LARGEST
                        lowest[lane] = min(lowest[lane], value)
                for lane in range(LANES):
                    tile[place, lane] = lowest[lane]
            lowered |= _keep_lower(worth, tile, fibre, lanes, first, width, changed, now)
        fibre += lanes
    return lowered


@compiled
def order(result, rank, first, width, start, end):
    """Write for every fibre its places from best to worst; `NEW_GROUP` marks the first of those that rank alike."""
    step, size = 1 << first, 1 << width
    keys = np.empty(size, np.int64)
    for fibre in range(start, end):
        base = _base(fibre, first, width)
        for place in range(size):
            keys[place] = ((np.int64(LARGEST) - rank[base + place * step]) << 16) | place
        keys.sort()
        before = np.int64(-1)
        for at in range(size):
            place = keys[at] & 0xFFFF
            group = keys[at] >> 16
            result[fibre * size + at] = np.uint16(place | NEW_GROUP) if group != before else np.uint16(place)
            before = group


@compiled
def lower_in_order(worth, orders, first, width, patterns, most, changed, since, now, start, end):
    """As `lower_improving`, for large fibres: from best to worst with the smallest worth so far.

    ``patterns`` says for every place which one-way options have been moved there, as bits, out of ``most`` patterns; a
    state reaches those whose pattern contains its own.
    """
    size = 1 << width
    tile = np.empty((size, LANES), np.int32)
    smallest = np.empty(most, np.int32)
    lowered = False
    fibre = start
    while fibre < end:
        lanes = _lanes(fibre, end, first)
        if not _unchanged(changed, since, fibre, lanes, first, width):
            _load(worth, tile, fibre, lanes, first, width)
            for lane in range(lanes):
                _lower_lane(tile, lane, orders, (fibre + lane) * size, size, patterns, smallest)
            lowered |= _keep_lower(worth, tile, fibre, lanes, first, width, changed, now)
        fibre += lanes
    return lowered


@compiled
def _lower_lane(tile, lane, orders, start, size, patterns, smallest):
    smallest[:] = LARGEST
    at = 0
    while at < size:
        end = at + 1
        while end < size and not orders[start + end] & NEW_GROUP:
            end += 1
        for within in range(at, end):
            place = orders[start + within] & (NEW_GROUP - 1)
            tile[place, lane] = min(tile[place, lane], smallest[patterns[place]])
        for within in range(at, end):
            place = orders[start + within] & (NEW_GROUP - 1)
            value, pattern = tile[place, lane], patterns[place]
            part = pattern
            while True:
                smallest[part] = min(smallest[part], value)
                if part == 0:
                    break
                part = (part - 1) & pattern
        at = end
