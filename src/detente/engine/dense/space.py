"""Every combination of options as a cell: the memory layout of `detente.engine.dense.solver`.

Theory of operation. A cell's index has one bit for each option, the first option lowest, so cells are in the
conventional order of states. The rules exclude some cells; a state's number is its position among the others.

Truth values and preferences are computed page by page. The 2**15 cells of a page agree on all options but the first
fifteen. So a condition takes one of a few forms on a page, depending on the page's values of the later options that the
condition mentions. Each form is evaluated once.

Ranks are unsigned integers of the smallest type that fits: a byte for up to eight preferences. Stored sets of states
have one bit for each cell.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.engine.space import Bools, Ints, Ranks, whole_weights
from detente.errors import InputError
from detente.model.conditions import Algebra, Condition, Not
from detente.model.conflict import Conflict
from detente.model.preferences import Preferences, Prioritising, StateReference, Weights
from detente.model.states import State, resolved

Bits = NDArray[np.uint8]

PAGE_BITS = 15
#: Sums of worths below two to this power are used as ranks directly.
RANK_BITS = 32
#: Larger sums are added up this many bits at a time.
DIGIT_BITS = 30


class DenseSpace:
    """The cells of a conflict whose states are not merged, and which of them are feasible.

    Raises
    ------
    InputError
        If no state is feasible.
    """

    def __init__(self, conflict: Conflict) -> None:
        self.conflict = conflict
        self.place = {option.id: place for place, option in enumerate(conflict.options)}
        self.options = len(self.place)
        self.cells = 1 << self.options
        self._page_bits = min(PAGE_BITS, self.options)
        self.feasible = self._feasible()
        self._before = np.concatenate([[0], np.cumsum(self._per_page(self.feasible))])
        self.count = int(self._before[-1])
        if self.count == 0:
            raise InputError("the rules leave no feasible state. Check 'rules' for conditions that exclude each other")

    def _feasible(self) -> Bools | None:
        """Return for each cell whether the rules allow it; None if they allow all."""
        if not self.conflict.constraints:
            return None
        feasible = np.ones(self.cells, dtype=bool)
        for page, rows in self._pages([(condition, None) for condition in self.conflict.constraints]):
            for row in rows:
                feasible[page] &= row
        return feasible

    @cached_property
    def feasible_bits(self) -> Bits | None:
        """``feasible`` as bits, one for each cell."""
        return None if self.feasible is None else to_bits(self.feasible)

    def ranks(self, preferences: Preferences) -> Ranks:
        """Return the rank of each cell: higher is better, ties are equal, and excluded cells have 0."""
        conditions, worths = _worths(preferences)
        if is_long(preferences):
            return self._narrowed(self._long_sums(conditions, worths))
        sums = np.zeros(self.cells, dtype=np.min_scalar_type(sum(worths)))
        self._add(sums, conditions, worths)
        if self.feasible is not None:
            sums *= self.feasible
        return self._narrowed(sums)

    def _long_sums(self, conditions: Sequence[Condition], worths: Sequence[int]) -> Ranks:
        """Return ranks without gaps for sums of worths too large for one integer, digit by digit from the least
        important.
        """
        ranks: Ints = np.zeros(self.cells, dtype=np.int64)
        rest = np.zeros(self.cells, dtype=np.int64)
        while any(worths):
            self._add(rest, conditions, [worth % 2**DIGIT_BITS for worth in worths])
            worths = [worth >> DIGIT_BITS for worth in worths]
            below = int(ranks.max()) + 1
            ranks += (rest if not any(worths) else rest % 2**DIGIT_BITS) * below
            rest >>= DIGIT_BITS
            if self.feasible is not None:
                ranks *= self.feasible
            ranks = _numbered(ranks)
        return ranks

    def _narrowed(self, ranks: Ranks) -> Ranks:
        """Return ranks in the smallest integer type; renumbered without gaps if that saves bytes."""
        kind = np.min_scalar_type(int(ranks.max()))
        if kind.itemsize > 1 and int(ranks.max()) < self.cells:
            there = np.zeros(int(ranks.max()) + 1, dtype=bool)
            for page in self._slices():
                there[ranks[page]] = True
            narrower = np.min_scalar_type(int(np.count_nonzero(there)) - 1)
            if narrower.itemsize < kind.itemsize:
                place = (np.cumsum(there) - 1).astype(narrower)
                narrow = np.empty(self.cells, dtype=narrower)
                for page in self._slices():
                    np.take(place, ranks[page], out=narrow[page])
                return narrow
        return ranks.astype(kind, copy=False)

    def _add(self, sums: NDArray[Any], conditions: Sequence[Condition], worths: Sequence[int]) -> None:
        scale = [sums.dtype.type(worth) for worth in worths]
        for page, rows in self._pages(list(zip(conditions, scale, strict=True))):
            own = sums[page]
            for row in rows:
                own += row

    def _slices(self) -> Iterator[slice]:
        """Yield the cells of every page."""
        size = 1 << self._page_bits
        return (slice(start, start + size) for start in range(0, self.cells, size))

    def _pages(self, conditions: Sequence[tuple[Condition, Any]]) -> Iterator[tuple[slice, list[NDArray[Any]]]]:
        """Yield every page with a row for each condition: its truth values on the page, times a scale."""
        forms = [_Forms(self, condition, scale) for condition, scale in conditions]
        for page, cells in enumerate(self._slices()):
            yield cells, [form.on(page) for form in forms]

    def _per_page(self, mask: Bools | None) -> Ints:
        size = 1 << self._page_bits
        pages = self.cells >> self._page_bits
        if mask is None:
            return np.full(pages, size)
        return np.asarray(np.count_nonzero(mask.reshape(pages, size), axis=1))

    def cells_of(self, bits: Bits) -> Iterator[Ints]:
        """Yield the cells of a set, ascending, page by page."""
        for cells in self._slices():
            own = bits[cells.start // 8 : -(-cells.stop // 8)]
            if own.any():
                yield np.flatnonzero(from_bits(own, cells.stop - cells.start)) + cells.start

    def numbers(self, bits: Bits) -> Iterator[int]:
        """Yield the numbers of the states in a set, ascending."""
        for cells in self.cells_of(bits):
            page = int(cells[0]) >> self._page_bits
            start = page << self._page_bits
            place = cells - start
            if self.feasible is not None:
                place = (np.cumsum(self.feasible[start : start + (1 << self._page_bits)]) - 1)[place]
            yield from (place + int(self._before[page]) + 1).tolist()

    def cell_of_number(self, number: int) -> int:
        """Return the cell of the state with this number, which must exist."""
        page = int(np.searchsorted(self._before, number - 1, side="right")) - 1
        within = number - 1 - int(self._before[page])
        start = page << self._page_bits
        if self.feasible is None:
            return start + within
        return start + int(np.flatnonzero(self.feasible[start : start + (1 << self._page_bits)])[within])

    def number_of_cell(self, cell: int) -> int:
        """Return the number of the state at a feasible cell."""
        page = cell >> self._page_bits
        if self.feasible is None:
            return cell + 1
        start = page << self._page_bits
        return int(self._before[page]) + int(np.count_nonzero(self.feasible[start : cell + 1]))

    def state(self, cell: int) -> State:
        """Return the state at a feasible cell."""
        pattern = "".join("Y" if cell >> place & 1 else "N" for place in range(self.options))
        taken = tuple(name for name, place in self.place.items() if cell >> place & 1)
        return State(self.number_of_cell(cell), pattern, taken, self.names.get(cell))

    @cached_property
    def names(self) -> dict[int, str]:
        """The name of each named state by its cell; if a state has several names, the first one."""
        names: dict[int, str] = {}
        for named in self.conflict.states:
            cell = self._cell_of_pattern(self.conflict.pattern(named.taken))
            if cell is not None:
                names.setdefault(cell, named.name)
        return names

    def cell_of(self, reference: StateReference) -> int:
        """Return the cell of the state that a number, a Y/N pattern or a name refers to.

        Raises
        ------
        UnknownNameError
            If the reference does not denote a feasible state; the message says why.
        """
        return resolved(self.conflict, reference, self.count, self.cell_of_number, self._cell_of_pattern)

    def _cell_of_pattern(self, pattern: str) -> int | None:
        if len(pattern) != self.options or not set(pattern) <= set("YN"):
            return None
        cell = sum(1 << place for place, letter in enumerate(pattern) if letter == "Y")
        return cell if self.feasible is None or self.feasible[cell] else None


class _Forms:
    """The forms that a condition takes on pages, each evaluated on first use."""

    def __init__(self, space: DenseSpace, condition: Condition, scale: Any) -> None:
        bits = space._page_bits
        self._condition, self._scale = condition, scale
        self._place = space.place
        self._bits = bits
        self._later = sum(
            1 << space.place[name] - bits for name in set(condition.options()) if space.place[name] >= bits
        )
        self._known: dict[int, NDArray[Any]] = {}

    def on(self, page: int) -> NDArray[Any]:
        """Return the condition's truth values on a page, times the scale."""
        seen = page & self._later
        if seen not in self._known:
            self._known[seen] = self._evaluated(seen)
        return self._known[seen]

    def _evaluated(self, page: int) -> NDArray[Any]:
        cells = np.arange(1 << self._bits)

        def option(name: str) -> Bools:
            place = self._place[name]
            if place < self._bits:
                return (cells >> place & 1).astype(bool)
            return np.full(cells.size, bool(page >> place - self._bits & 1))

        algebra: Algebra[Bools] = Algebra(option, np.logical_not, np.logical_and, np.logical_or)
        holds = self._condition.fold(algebra)
        return holds if self._scale is None else holds * self._scale


def _worths(preferences: Preferences) -> tuple[list[Condition], list[int]]:
    """Return the conditions of preferences and the worth of each as a positive integer; higher sums are better."""
    if isinstance(preferences, Prioritising):
        conditions = [statement.condition for statement in preferences.statements]
        return conditions, [1 << place for place in reversed(range(len(conditions)))]
    if not isinstance(preferences, Weights):
        raise TypeError(f"the dense solver does not accept preferences that list states: {preferences!r}")
    pairs = [
        (weight.condition if worth > 0 else Not(weight.condition), abs(worth))
        for weight, worth in zip(preferences.weights, whole_weights(preferences), strict=True)
        if worth
    ]
    return [condition for condition, _ in pairs], [worth for _, worth in pairs]


def is_long(preferences: Preferences) -> bool:
    """Tell whether the sum of the worths exceeds `RANK_BITS` bits, so that ranks must be renumbered."""
    return bool(sum(_worths(preferences)[1]) >= 2**RANK_BITS)


def bytes_of_rank(preferences: Preferences, options: int) -> int:
    """Return the maximum number of bytes of a rank."""
    return int(np.min_scalar_type(min(sum(_worths(preferences)[1]), (1 << min(options, 32)) - 1)).itemsize)


def _numbered(codes: Ints) -> Ints:
    """Return ranks from 0 in the order of codes, without gaps."""
    return np.unique(codes, return_inverse=True)[1].reshape(-1)


def to_bits(mask: Bools) -> Bits:
    """Pack truth values into bits, the first one lowest."""
    return np.packbits(mask, bitorder="little")


def from_bits(bits: Bits, count: int) -> Bools:
    """Unpack the first ``count`` bits into truth values."""
    return np.unpackbits(bits, count=count, bitorder="little").view(bool)


def bits_set(bits: Bits) -> int:
    """Return the number of bits that are set."""
    part = 2**16
    return sum(int(np.count_nonzero(np.unpackbits(bits[at : at + part]))) for at in range(0, bits.size, part))
