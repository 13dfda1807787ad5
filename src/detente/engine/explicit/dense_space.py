"""Every combination of options as a cell: the layout of `detente.engine.explicit.dense`.

A cell's index has one bit for each option, the first option lowest, so cells stand in the conventional order of states.
Some are excluded by the rules; a state's number is its place among those that are not.

Whatever is true or false of states — a rule, a preference statement — is worked out page by page: 2**12 cells agree on
all options but the first twelve, so a condition takes one of a few forms on a page, by what the page says of the later
options that it mentions, and each form is evaluated once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.conflict.conditions import Algebra, Condition
from detente.conflict.model import ConflictModel
from detente.conflict.preferences import Preferences, Prioritising, StateReference, Weights
from detente.conflict.states import State, resolved
from detente.engine.explicit.ranks import whole_weights
from detente.errors import InputError

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Ranks = NDArray[np.int32]

PAGE_BITS = 12
#: Codes of preferences that fit into this many bits are ranks as they are.
RANK_BITS = 31


class DenseSpace:
    """The cells of a conflict whose states are not merged, and which of them are feasible.

    Raises
    ------
    InputError
        When none is.
    """

    def __init__(self, conflict: ConflictModel) -> None:
        self.conflict = conflict
        self.place = {option.id: place for place, option in enumerate(conflict.options)}
        self.options = len(self.place)
        self.cells = 1 << self.options
        self._page_bits = min(PAGE_BITS, self.options)
        self.feasible = self._feasible()
        self._before = np.concatenate([[0], np.cumsum(self._per_page(self.feasible))])
        self.count = int(self._before[-1])
        if self.count == 0:
            raise InputError("the rules leave no feasible state")

    def _feasible(self) -> Bools | None:
        """Tell of every cell whether the rules allow it; None where they allow all."""
        if not self.conflict.constraints:
            return None
        feasible = np.ones(self.cells, dtype=bool)
        for page, rows in self._pages([(condition, None) for condition in self.conflict.constraints]):
            for row in rows:
                feasible[page] &= row
        return feasible

    def ranks(self, preferences: Preferences) -> Ranks:
        """Return for every cell how good it is, more being better, with ties alike; -1 where the rules exclude it."""
        if isinstance(preferences, Prioritising):
            conditions = [statement.condition for statement in preferences.statements]
            worths = [1 << place for place in reversed(range(len(conditions)))]
        elif isinstance(preferences, Weights):
            conditions = [weight.condition for weight in preferences.weights]
            worths = whole_weights(preferences)
        else:
            raise TypeError(f"preferences that list states have no place here: {preferences!r}")
        ranks = self._coded(conditions, worths)
        if self.feasible is not None:
            ranks[~self.feasible] = -1
        return ranks

    def _coded(self, conditions: Sequence[Condition], worths: Sequence[int]) -> Ranks:
        """Add up the worths of the conditions that hold, or number what they add up to where that is too large."""
        least = sum(worth for worth in worths if worth < 0)
        if sum(map(abs, worths)) < 2**RANK_BITS:
            codes = np.full(self.cells, -least, dtype=np.int32)
            self._add(codes, conditions, worths)
            return codes
        if len(conditions) == 1:
            return self._coded(conditions, [1 if worths[0] > 0 else -1])
        if sum(map(abs, worths)) < 2**62:
            wide = np.full(self.cells, -least, dtype=np.int64)
            self._add(wide, conditions, worths)
            return _numbered(wide)
        # Too many statements for one number: the less important half is numbered first, and counts below the other.
        half = len(conditions) // 2
        worths = [1 << place for place in reversed(range(half))]
        upper = self._coded(conditions[:half], worths).astype(np.int64)
        rest = len(conditions) - half
        lower = self._coded(conditions[half:], [1 << place for place in reversed(range(rest))])
        return _numbered(upper * (int(lower.max()) + 1) + lower)

    def _add(self, codes: NDArray[Any], conditions: Sequence[Condition], worths: Sequence[int]) -> None:
        scale = [codes.dtype.type(worth) for worth in worths]
        for page, rows in self._pages(list(zip(conditions, scale, strict=True))):
            own = codes[page]
            for row in rows:
                own += row

    def _pages(self, conditions: Sequence[tuple[Condition, Any]]) -> Iterator[tuple[slice, list[NDArray[Any]]]]:
        """Yield every page with a row for each condition: where on it the condition holds, times a scale."""
        forms = [_Forms(self, condition, scale) for condition, scale in conditions]
        size = 1 << self._page_bits
        for page in range(self.cells >> self._page_bits):
            yield slice(page * size, (page + 1) * size), [form.on(page) for form in forms]

    def _per_page(self, mask: Bools | None) -> Ints:
        size = 1 << self._page_bits
        pages = self.cells >> self._page_bits
        if mask is None:
            return np.full(pages, size)
        return np.asarray(np.count_nonzero(mask.reshape(pages, size), axis=1))

    def numbers(self, mask: Bools) -> Iterator[int]:
        """Yield the numbers of the states in a mask, ascending."""
        size = 1 << self._page_bits
        for page in np.flatnonzero(self._per_page(mask)).tolist():
            own = slice(page * size, (page + 1) * size)
            found = np.flatnonzero(mask[own])
            if self.feasible is not None:
                found = np.cumsum(self.feasible[own])[found] - 1
            yield from (found + int(self._before[page]) + 1).tolist()

    def cell_of_number(self, number: int) -> int:
        """Return the cell of a state by its number, which must be one."""
        page = int(np.searchsorted(self._before, number - 1, side="right")) - 1
        within = number - 1 - int(self._before[page])
        start = page << self._page_bits
        if self.feasible is None:
            return start + within
        return start + int(np.flatnonzero(self.feasible[start : start + (1 << self._page_bits)])[within])

    def number_of_cell(self, cell: int) -> int:
        """Return the number of the state in a feasible cell."""
        page = cell >> self._page_bits
        if self.feasible is None:
            return cell + 1
        start = page << self._page_bits
        return int(self._before[page]) + int(np.count_nonzero(self.feasible[start : cell + 1]))

    def state(self, cell: int) -> State:
        """Return the state in a feasible cell."""
        pattern = "".join("Y" if cell >> place & 1 else "N" for place in range(self.options))
        taken = tuple(name for name, place in self.place.items() if cell >> place & 1)
        return State(self.number_of_cell(cell), pattern, taken, self.names.get(cell))

    @cached_property
    def names(self) -> dict[int, str]:
        """The name of each named state by its cell; the first name given wins."""
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
            When no feasible state is meant, saying why.
        """
        return resolved(self.conflict, reference, self.count, self.cell_of_number, self._cell_of_pattern)

    def _cell_of_pattern(self, pattern: str) -> int | None:
        if len(pattern) != self.options or not set(pattern) <= set("YN"):
            return None
        cell = sum(1 << place for place, letter in enumerate(pattern) if letter == "Y")
        return cell if self.feasible is None or self.feasible[cell] else None


class _Forms:
    """The forms that a condition takes on pages, each evaluated when it is first met."""

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
        """Return where on a page the condition holds, times the scale."""
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


def _numbered(codes: Ints) -> Ranks:
    """Return ranks from 0 in the order of codes."""
    return np.unique(codes, return_inverse=True)[1].reshape(-1).astype(np.int32)
