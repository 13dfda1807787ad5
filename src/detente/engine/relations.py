"""Relations between states as rows of bits, and what is carried along moves, for `detente.engine.coalition_moves`.

A relation has a row for each state, with one bit for each state that it is related to.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.engine.space import Ints

#: Bits in rows, eight in a byte, the first one lowest.
Rows = NDArray[np.uint8]
#: The number of bits in each byte.
BITS_OF_BYTE = np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1).sum(axis=1, dtype=np.uint8)


class Steps:
    """One player's single moves along which values are carried: for each state those at it and where it leads to."""

    def __init__(self, starts: Ints, ends: Ints, count: int) -> None:
        # A pair of a start and an end is one number, so that sorting is by the start, then by the end.
        here = np.arange(count)
        pairs = np.sort(np.concatenate([starts * count + ends, here * count + here]))
        starts, ends = np.divmod(pairs, count)
        bounds = np.searchsorted(starts, np.arange(count + 1)) * ends.itemsize
        # States that lead to the same states, themselves included, are a class, which is processed once.
        alike: dict[bytes, int] = {}
        data = ends.tobytes()
        rows = (data[begin:end] for begin, end in pairwise(bounds.tolist()))
        self._class_of = np.array([alike.setdefault(row, len(alike)) for row in rows])
        self._ends = np.frombuffer(b"".join(alike), dtype=ends.dtype)
        self._indptr = np.cumsum([0, *(len(row) // ends.itemsize for row in alike)])[:-1]

    def combined(self, operation: np.ufunc, values: NDArray[Any]) -> NDArray[Any]:
        """Combine for each state the values, along the first axis, at it and where it leads to."""
        return np.asarray(operation.reduceat(values[self._ends], self._indptr, axis=0)[self._class_of])


def carried(operation: np.ufunc, values: NDArray[Any], steps: Sequence[Steps]) -> NDArray[Any]:
    """Combine for each state the values at it and at the end of any sequence of steps."""
    if values.dtype == np.uint8:
        # Rows of bits are combined eight bytes at once.
        width = values.shape[1]
        words = np.zeros((len(values), -(-width // 8)), dtype=np.uint64)
        words.view(np.uint8)[:, :width] = values
        return carried(operation, words, steps).view(np.uint8)[:, :width]
    unchanged = 0
    while unchanged < len(steps):
        for one in steps:
            before, values = values, one.combined(operation, values)
            unchanged = unchanged + 1 if np.array_equal(before, values) else 0
    return values


def pairs_of(rows: Rows) -> tuple[Ints, Ints]:
    """Return the places of the rows and of the bits that are set, in order; most bytes of a relation are empty."""
    row, byte = np.nonzero(rows != 0)
    place, bit = np.nonzero(np.unpackbits(rows[row, byte][:, None], axis=1, bitorder="little").view(bool))
    return row[place], byte[place] * 8 + bit


#: For each step of transposing 8 × 8 bits that are held in a word: which bits move, and by how many places.
EXCHANGES = ((0x00AA00AA00AA00AA, 7), (0x0000CCCC0000CCCC, 14), (0x00000000F0F0F0F0, 28))


def transposed(rows: Rows) -> Rows:
    """Return a square relation the other way round, in blocks of 8 × 8 bits."""
    count, width = rows.shape
    padded = np.zeros((width * 8, width), dtype=np.uint8)
    padded[:count] = rows
    # Little-endian words on every machine, so that the first row is the lowest byte.
    words = np.ascontiguousarray(padded.reshape(width, 8, width).transpose(2, 0, 1)).view("<u8")[..., 0]
    for mask, shift in EXCHANGES:
        moved = (words ^ (words >> np.uint64(shift))) & np.uint64(mask)
        words = words ^ moved ^ (moved << np.uint64(shift))
    blocks = words.astype("<u8")[..., None].view(np.uint8)
    return np.ascontiguousarray(blocks.transpose(0, 2, 1)).reshape(width * 8, width)[:count]
