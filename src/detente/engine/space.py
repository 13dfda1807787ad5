"""The feasible states as arrays.

*Members* are the feasible states before merging, one column of truth values for each option, sorted by their binary
value with the first option as the least significant bit. *States* are what is left after merging. Without merges the
two are the same. Positions count from 0; numbers, which people see, from 1.

Preferences as dense integers: for every state how good it is for a decision maker, more being better.

Patterns that cover a set of states.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import lcm
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.engine.memory import memory_available
from detente.errors import InputError, TooLargeError
from detente.model.conditions import Algebra, Condition
from detente.model.conflict import Conflict
from detente.model.preferences import Payoffs, Preferences, Prioritising, Ranking, StateReference, Weights
from detente.model.states import State, resolved

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


#: More members than this are refused before they are made, and so are more than fit: each needs about so many bytes.
MAX_MEMBERS, MEMBER_BYTES = 2**26, 100


#: So many fit anywhere: nobody asks how much memory there is.
SURELY = 2**20


@dataclass(frozen=True, eq=False)
class StateSpace:
    """The feasible states of a conflict.

    ``columns`` maps each option to a truth value for every member; ``state_of`` maps every member to its state, and is
    None when nothing is merged; ``count`` is the number of states.
    """

    conflict: Conflict
    columns: dict[str, Bools]
    members: int
    state_of: Ints | None
    count: int

    @classmethod
    def of(cls, conflict: Conflict) -> StateSpace:
        """Enumerate the feasible states of a conflict.

        Raises
        ------
        InputError
            When there is none.
        TooLargeError
            When there are too many to hold.
        """
        columns, members = _enumerated(conflict)
        if members == 0:
            raise InputError("the rules leave no feasible state")
        state_of, count = _merged(conflict, columns, members)
        return cls(conflict, columns, members, state_of, count)

    def true_of_members(self, condition: Condition) -> Bools:
        """Evaluate a condition at every member."""
        return condition.fold(_arrays(self.columns))

    def true_of_states(self, condition: Condition) -> Bools:
        """Evaluate a condition at every state; it holds at a merged state when it holds at every member."""
        holds = self.true_of_members(condition)
        if self.state_of is None:
            return holds
        return np.asarray(np.bincount(self.state_of[~holds], minlength=self.count) == 0)

    def over_states(self, of_members: Bools) -> Bools:
        """Return for every state whether something is true of any of its members."""
        if self.state_of is None:
            return of_members
        return np.bincount(self.state_of[of_members], minlength=self.count) > 0

    def labels(self, options: Iterable[str]) -> Ints:
        """Return for every member a label that two share when they agree on these options (dense, from 0)."""
        return dense_labels([self.columns[name] for name in options], self.members)

    def moved(self, option: str) -> Bools | None:
        """Tell of every member whether a one-way option has already been moved; None for one that goes both ways."""
        to_taken = self.conflict.direction.get(option)
        if to_taken is None:
            return None
        return self.columns[option] if to_taken else ~self.columns[option]

    @cached_property
    def first_member(self) -> Ints:
        """For every state the position of one of its members."""
        if self.state_of is None:
            return np.arange(self.count)
        first = np.empty(self.count, dtype=np.int64)
        first[self.state_of[::-1]] = np.arange(self.members)[::-1]
        return first

    @cached_property
    def last_member(self) -> Ints:
        """For every state the position of the largest of its members, by whose place it is numbered."""
        if self.state_of is None:
            return np.arange(self.count)
        last = np.empty(self.count, dtype=np.int64)
        last[self.state_of] = np.arange(self.members)
        return last

    def like(self, pattern: str) -> Bools:
        """Tell of every state whether the largest of its members is like a pattern."""
        fixed = [
            column if letter == "Y" else ~column
            for letter, column in zip(pattern, self.columns.values(), strict=True)
            if letter != "-"
        ]
        if not fixed:
            return np.ones(self.count, dtype=bool)
        return np.asarray(np.logical_and.reduce(fixed)[self.last_member])

    @cached_property
    def members_of(self) -> list[Ints]:
        """For every state the positions of its members; only for conflicts that merge states."""
        assert self.state_of is not None
        order = np.argsort(self.state_of, kind="stable")
        return np.split(order, np.cumsum(np.bincount(self.state_of, minlength=self.count))[:-1])

    def member_pattern(self, member: int) -> str:
        """Write a member as Y and N in option order."""
        return "".join("Y" if column[member] else "N" for column in self.columns.values())

    def state(self, position: int) -> State:
        """Return the state at a position, counted from 0."""
        own = None if self.state_of is None else self.members_of[position]
        if own is None or own.size == 1:
            pattern = self.member_pattern(position if own is None else int(own[0]))
        else:
            pattern = "".join(_letter(column[own]) for column in self.columns.values())
        taken = tuple(name for name, letter in zip(self.columns, pattern, strict=True) if letter == "Y")
        return State(position + 1, pattern, taken, self.names.get(position))

    @cached_property
    def names(self) -> dict[int, str]:
        """The name of each named state by position; the first name given wins."""
        names: dict[int, str] = {}
        for named in self.conflict.states:
            position = self.position_of_pattern(self.conflict.pattern(named.taken))
            if position is not None:
                names.setdefault(position, named.name)
        return names

    @cached_property
    def status_quo(self) -> int | None:
        """The position of the status quo, or None when none is given."""
        if self.conflict.status_quo is None:
            return None
        return self.position_of_pattern(self.conflict.pattern(self.conflict.status_quo.taken))

    def position_of_pattern(self, pattern: str) -> int | None:
        """Return the position of the state that a pattern describes, or None when it describes no single state."""
        if len(pattern) != len(self.columns) or not set(pattern) <= set("YN-"):
            return None
        matching = np.ones(self.members, dtype=bool)
        for letter, column in zip(pattern, self.columns.values(), strict=True):
            if letter != "-":
                matching &= column if letter == "Y" else ~column
        found = np.flatnonzero(matching)
        if found.size == 0:
            return None
        if self.state_of is None:
            return int(found[0]) if found.size == 1 else None
        states = np.unique(self.state_of[found])
        if states.size > 1:
            # A merged state's own pattern may match members of other states as well.
            states = np.array([state for state in states if self.state(int(state)).pattern == pattern])
        return int(states[0]) if states.size == 1 else None

    def position_of(self, reference: StateReference) -> int:
        """Return the position of the state that a number, a Y/N pattern or a name refers to.

        Raises
        ------
        UnknownNameError
            When no feasible state is meant, saying why.
        """
        return resolved(self.conflict, reference, self.count, lambda number: number - 1, self.position_of_pattern)


def dense_labels(columns: Iterable[Bools], length: int) -> Ints:
    """Number the distinct rows of truth values from 0, in the order of their binary value, last column lowest."""
    labels = np.zeros(length, dtype=np.int64)
    bits = 0
    for column in columns:
        labels <<= 1
        labels |= column
        bits += 1
        if bits == 30:
            # Squeezed before it can overflow: any number of options fits.
            labels = np.unique(labels, return_inverse=True)[1].reshape(-1)
            bits = 0
    return np.unique(labels, return_inverse=True)[1].reshape(-1)


def _arrays(columns: dict[str, Bools]) -> Algebra[Bools]:
    return Algebra(columns.__getitem__, np.logical_not, np.logical_and, np.logical_or)


def _enumerated(conflict: Conflict) -> tuple[dict[str, Bools], int]:
    """Add one option after the other, dropping partial states as soon as a rule decides against them."""
    names = [option.id for option in conflict.options]
    place = {name: index for index, name in enumerate(names)}
    checks: list[list[Condition]] = [[] for _ in names]
    for condition in conflict.constraints:
        checks[max(place[name] for name in condition.options())].append(condition)
    columns: dict[str, Bools] = {}
    rows = 1
    for name, conditions in zip(names, checks, strict=True):
        if 2 * rows > SURELY:
            _must_fit(2 * rows)
        columns = {other: np.concatenate([column, column]) for other, column in columns.items()}
        columns[name] = np.repeat(np.array([False, True]), rows)
        rows *= 2
        if conditions:
            keep = np.ones(rows, dtype=bool)
            for condition in conditions:
                keep &= condition.fold(_arrays(columns))
            columns = {other: column[keep] for other, column in columns.items()}
            rows = int(np.count_nonzero(keep))
    return columns, rows


def _must_fit(members: int) -> None:
    """Refuse more members than memory holds, with the figure."""
    there = memory_available()
    most = min(MAX_MEMBERS, there // MEMBER_BYTES)
    if members > most:
        raise TooLargeError(
            f"more than {most:,} states to consider: they would need over {most * MEMBER_BYTES / 2**30:,.1f} GiB, and "
            f"there are {there / 2**30:,.1f} GiB. Add rules that exclude what cannot happen"
        )


def _merged(conflict: Conflict, columns: dict[str, Bools], members: int) -> tuple[Ints | None, int]:
    """Map members to states; a merged state stands where its largest member would."""
    if not conflict.merge:
        return None, members
    groups: list[Bools] = []
    for merge in conflict.merge:
        mask = merge.condition.fold(_arrays(columns))
        apart = [group for group in groups if not np.any(group & mask)]
        for group in groups:
            if np.any(group & mask):
                mask = mask | group
        groups = [*apart, mask]
    keys = np.arange(members)
    for group in groups:
        if group.any():
            keys[group] = np.flatnonzero(group)[-1]
    labels = np.unique(keys, return_inverse=True)[1].reshape(-1)
    return labels, int(labels.max()) + 1


def _letter(values: Bools) -> str:
    if values.all():
        return "Y"
    return "-" if values.any() else "N"


def ranks(space: StateSpace, preferences: Preferences) -> Ints:
    """Return for every state its rank from 0, the worst, with ties sharing a rank.

    Raises
    ------
    InputError
        When a ranking or payoffs leave a state out or name one twice.
    """
    if isinstance(preferences, Prioritising):
        truths = [space.true_of_states(statement.condition) for statement in preferences.statements]
        return dense_labels(truths, space.count)
    if isinstance(preferences, Weights):
        counted = [space.true_of_states(weight.condition) for weight in preferences.weights]
        return from_weights(preferences, counted, space.count)
    if isinstance(preferences, Ranking):
        pairs = [(reference, -place) for place, group in enumerate(preferences.groups) for reference in group]
        return _from_states(space, pairs)
    if isinstance(preferences, Payoffs):
        values = sorted({value for _, value in preferences.payoffs})
        place_of = {value: place for place, value in enumerate(values)}
        return _from_states(space, [(reference, place_of[value]) for reference, value in preferences.payoffs])
    raise TypeError(f"no preferences: {preferences!r}")


def from_weights(preferences: Weights, truths: Sequence[Bools], count: int) -> Ints:
    """Add whole numbers in proportion to the weights, so that equal sums tie exactly.

    ``truths`` says for every weight at which of ``count`` states it counts.
    """
    whole = whole_weights(preferences)
    fits = sum(map(abs, whole)) < 2**62
    scores = np.zeros(count, dtype=np.int64 if fits else object)
    for number, truth in zip(whole, truths, strict=True):
        scores = scores + truth.astype(scores.dtype) * number
    return np.unique(scores, return_inverse=True)[1].reshape(-1)


def whole_weights(preferences: Weights) -> list[int]:
    """Return whole numbers in proportion to the weights."""
    scale = lcm(*(weight.weight.denominator for weight in preferences.weights))
    return [int(weight.weight * scale) for weight in preferences.weights]


def _from_states(space: StateSpace, scores: list[tuple[int | str, int]]) -> Ints:
    values = np.zeros(space.count, dtype=np.int64)
    seen = np.zeros(space.count, dtype=bool)
    for reference, score in scores:
        position = space.position_of(reference)
        if seen[position]:
            raise InputError(f"state {space.state(position)} is ranked twice")
        seen[position] = True
        values[position] = score
    missing = np.flatnonzero(~seen)
    if missing.size:
        some = ", ".join(str(space.state(int(position))) for position in missing[:5])
        raise InputError(f"{missing.size} of {space.count} states are not ranked: {some}")
    return np.unique(values, return_inverse=True)[1].reshape(-1)


Codes = NDArray[Any]


def covering_patterns(rows: NDArray[np.bool_], most: int) -> tuple[str, ...] | None:
    """Cover rows of truth values by patterns over Y, N and ``-``, no two of which share a row.

    Every pattern covers only rows of the set, so the sum of 2 to the number of dashes is the number of rows. Returns
    None when more than ``most`` patterns are needed.
    """
    found: list[str] = []
    codes = _codes(rows)
    if not _split(codes, rows.shape[1] - 1, "", found, most):
        return None
    return tuple(sorted(found))


def covering_patterns_of_mask(mask: NDArray[np.bool_], most: int) -> tuple[str, ...] | None:
    """As `patterns`, for a truth value for every combination of options, the first option as the lowest bit."""
    found: list[str] = []
    return tuple(sorted(found)) if _halved(mask, "", found, most) else None


def _halved(mask: NDArray[np.bool_], ending: str, found: list[str], most: int) -> bool:
    if not mask.any():
        return True
    if mask.size == 1 or mask.all():
        found.append("-" * (mask.size.bit_length() - 1) + ending)
        return len(found) <= most
    without, having = mask[: mask.size // 2], mask[mask.size // 2 :]
    return (
        _halved(without & having, f"-{ending}", found, most)
        and _halved(without & ~having, f"N{ending}", found, most)
        and _halved(having & ~without, f"Y{ending}", found, most)
    )


def _codes(rows: NDArray[np.bool_]) -> Codes:
    """Write every row as a number, the first option lowest; Python's own integers where 64 bits would not do."""
    kind = np.int64 if rows.shape[1] < 62 else object
    codes = np.zeros(rows.shape[0], dtype=kind)
    for column in reversed(range(rows.shape[1])):
        codes = codes * 2 + rows[:, column].astype(kind)
    return np.unique(codes)


def _split(codes: Codes, option: int, ending: str, found: list[str], most: int) -> bool:
    """Split on the highest option left; what both halves share gets a dash."""
    if codes.size == 0:
        return True
    if option < 0:
        found.append(ending)
        return len(found) <= most
    bit = 1 << option
    taken = codes >= bit
    without, having = codes[~taken], codes[taken] - bit
    both = np.intersect1d(without, having, assume_unique=True)
    return (
        _split(both, option - 1, f"-{ending}", found, most)
        and _split(np.setdiff1d(without, both, assume_unique=True), option - 1, f"N{ending}", found, most)
        and _split(np.setdiff1d(having, both, assume_unique=True), option - 1, f"Y{ending}", found, most)
    )
