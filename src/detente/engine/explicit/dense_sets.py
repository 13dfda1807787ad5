"""Sets of states of `detente.engine.explicit.dense`: a bit for each cell."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from detente.conflict.states import State
from detente.engine.explicit.cover import patterns_of_mask
from detente.engine.explicit.dense_space import Bits, DenseSpace, Ints, Ranks, counted, unpacked
from detente.engine.interface import Best, Nearest, StateSet


@dataclass(frozen=True, eq=False)
class DenseStateSet:
    """A set of states as a bit for each cell; ``ranks`` says how good each cell is for a decision maker."""

    space: DenseSpace
    bits: Bits
    ranks: Callable[[int], Ranks]

    @cached_property
    def count(self) -> int:
        """How many states there are in the set."""
        return counted(self.bits)

    def __contains__(self, number: object) -> bool:
        if not isinstance(number, int) or not 1 <= number <= self.space.count:
            return False
        cell = self.space.cell_of_number(number)
        return bool(self.bits[cell >> 3] >> (cell & 7) & 1)

    def numbers(self) -> Iterator[int]:
        """Yield the numbers of the states, ascending."""
        return self.space.numbers(self.bits)

    def patterns(self, most: int) -> tuple[str, ...] | None:
        """Return patterns, no two of which share a state, that cover just the set; None when more than ``most``."""
        return patterns_of_mask(unpacked(self.bits, self.space.cells), most)

    def same_as(self, other: StateSet) -> bool:
        """Tell whether another set of the same solver has the same states."""
        return isinstance(other, DenseStateSet) and np.array_equal(self.bits, other.bits)

    def nearest(self, state: State, most: int) -> Nearest | None:
        """Return the states that the fewest options tell from one; None when the set is empty."""
        start = self.space.cell_of_number(state.number)
        found = self._least(lambda cells: differences(cells ^ start), most)
        return None if found is None else Nearest(*found)

    def best(self, decision_maker: int, most: int) -> Best:
        """Return the states of the set that a decision maker likes best."""
        rank = self.ranks(decision_maker)
        found = self._least(lambda cells: -rank[cells].astype(np.int64), most)
        return Best(0, ()) if found is None else Best(*found[1:])

    def _least(self, measure: Callable[[Ints], Ints], most: int) -> tuple[int, int, tuple[State, ...]] | None:
        """Return the smallest measure of a state in the set, how many states have it, and the first of them."""
        least, total = 0, 0
        some: list[int] = []
        for cells in self.space.cells_of(self.bits):
            measured = measure(cells)
            here = int(measured.min())
            if total and here > least:
                continue
            if not total or here < least:
                least, total, some = here, 0, []
            equal = cells[measured == here]
            total += equal.size
            some += equal[: most - len(some)].tolist()
        return (least, total, tuple(map(self.space.state, some))) if total else None


def differences(codes: Ints) -> NDArray[np.int64]:
    """Count the bits of codes."""
    found = np.zeros_like(codes)
    while codes.any():
        found += codes & 1
        codes = codes >> 1
    return found
