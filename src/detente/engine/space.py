"""The feasible states as arrays, their ranks for a decision maker, and patterns that cover sets of states.

Theory of operation. *Members* are the feasible combinations of options before merging. Each option has one column of
truth values over the members, which are sorted by their binary value with the first option as the least significant
bit. *States* result from merging; a merged state takes the place of its largest member. Without merges the two
coincide. Positions count from 0; the numbers that people see count from 1.

States are enumerated option by option. A partial state is dropped as soon as a rule excludes all its completions, so
the cost depends on the partial states that survive, not on 2 to the number of options.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import field, replace
from functools import cached_property
from itertools import compress
from math import lcm
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.engine.memory import memory_available
from detente.errors import InputError, TooLargeError
from detente.lazy import dataclass
from detente.limits import MAX_LISTED, MAX_MEMBERS
from detente.model.conditions import Algebra, Condition
from detente.model.conflict import Conflict
from detente.model.preferences import Payoffs, Preferences, Prioritising, Ranking, StateReference, Weights
from detente.model.states import State, resolved

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
#: Ranks of states, higher is better: unsigned integers of the smallest type that fits.
Ranks = NDArray[Any]

#: Approximate bytes for each member; more members than fit into memory are refused before they are created.
MEMBER_BYTES = 100
#: Values are numbered by a table if it has at most this many entries for each value.
TABLED = 8
#: Number of members that fits on any machine, so the free memory is not checked.
SURELY = 2**20


@dataclass(frozen=True, eq=False)
class StateSpace:
    """The feasible states of a conflict.

    ``columns`` maps each option to a truth value for each member; ``members`` is the number of members. ``state_of``
    maps each member to its state and is None if no states are merged; ``count`` is the number of states. ``listed``
    keeps the moves that have been listed, by the options of the movers, also for `with_preferences`.
    """

    conflict: Conflict
    columns: dict[str, Bools]
    members: int
    state_of: Ints | None
    count: int
    listed: dict[tuple[tuple[str, ...], ...], tuple[Ints, Ints]] = field(default_factory=dict, kw_only=True, repr=False)

    @classmethod
    def of(cls, conflict: Conflict) -> StateSpace:
        """Enumerate the feasible states of a conflict.

        Raises
        ------
        InputError
            If no state is feasible.
        TooLargeError
            If there are too many to hold.
        """
        columns, members = _enumerated(conflict)
        if members == 0:
            raise InputError("the rules leave no feasible state. Check 'rules' for conditions that exclude each other")
        if not conflict.merge:
            return cls(conflict, columns, members, None, members)
        state_of = _merged(conflict, columns, members)
        return cls(conflict, columns, members, state_of, int(state_of.max()) + 1)

    def with_preferences(self, conflict: Conflict) -> StateSpace:
        """Return the states of the same conflict with other preferences."""
        return replace(self, conflict=conflict)

    # Truth values over states.

    def true_of_members(self, condition: Condition) -> Bools:
        """Evaluate a condition at every member."""
        return condition.fold(_arrays(self.columns))

    def true_of_states(self, condition: Condition) -> Bools:
        """Evaluate a condition at every state; it is true at a merged state if it is true at every member."""
        holds = self.true_of_members(condition)
        return holds if self.state_of is None else ~self.over_states(~holds)

    def over_states(self, of_members: Bools) -> Bools:
        """Return for each state whether something is true of at least one of its members."""
        if self.state_of is None:
            return of_members
        return np.bincount(self.state_of[of_members], minlength=self.count) > 0

    def ranks(self, preferences: Preferences) -> Ints:
        """Return the rank of each state for some preferences: 0 is the worst, and tied states share a rank.

        Raises
        ------
        InputError
            If a ranking or payoffs omit a state or name one twice.
        """
        if isinstance(preferences, Prioritising | Weights):
            return dense_ranks(preferences, map(self.true_of_states, preferences.conditions()), self.count)
        if isinstance(preferences, Ranking):
            pairs = [(reference, -place) for place, group in enumerate(preferences.groups) for reference in group]
        elif isinstance(preferences, Payoffs):
            places = {value: place for place, value in enumerate(sorted({value for _, value in preferences.payoffs}))}
            pairs = [(reference, places[value]) for reference, value in preferences.payoffs]
        else:
            raise TypeError(f"unknown kind of preferences: {preferences!r}")
        values = np.zeros(self.count, dtype=np.int64)
        seen = np.zeros(self.count, dtype=bool)
        for reference, value in pairs:
            position = self.position_of(reference)
            if seen[position]:
                raise InputError(f"state {self.state(position)} is ranked twice")
            seen[position], values[position] = True, value
        missing = np.flatnonzero(~seen)
        if missing.size:
            some = ", ".join(str(self.state(position)) for position in missing[:5].tolist())
            raise InputError(f"{missing.size} of {self.count} states are not ranked: {some}")
        return _dense(values)

    # Moves.

    def labels(self, options: Iterable[str]) -> Ints:
        """Return a label for each member, from 0 without gaps; members that agree on these options share it."""
        return dense_labels((self.columns[name] for name in options), self.members)

    def fibres(self, own: Sequence[str]) -> Ints:
        """Return the label of each member's fibre: members that agree on all options but a player's own share a
        fibre.
        """
        return self.labels(name for name in self.columns if name not in own)

    def moved(self, options: Iterable[str]) -> list[Bools]:
        """Return for each one-way option among these a mask of the members where it has already been moved."""
        direction = self.conflict.direction
        return [self.columns[one] if direction[one] else ~self.columns[one] for one in options if one in direction]

    # Members and states.

    @cached_property
    def first_member(self) -> Ints:
        """For each state the position of one of its members."""
        if self.state_of is None:
            return np.arange(self.count)
        first = np.empty(self.count, dtype=np.int64)
        first[self.state_of[::-1]] = np.arange(self.members)[::-1]
        return first

    @cached_property
    def members_of(self) -> list[Ints]:
        """For each state the positions of its members; only for conflicts that merge states."""
        assert self.state_of is not None
        order = np.argsort(self.state_of, kind="stable")
        return np.split(order, np.cumsum(np.bincount(self.state_of, minlength=self.count))[:-1])

    def _matching(self, pattern: str) -> Bools:
        """Return for each member whether it matches a pattern."""
        matching = np.ones(self.members, dtype=bool)
        for letter, column in zip(pattern, self.columns.values(), strict=True):
            if letter != "-":
                matching &= column if letter == "Y" else ~column
        return matching

    def member_pattern(self, member: int) -> str:
        """Write a member as Y and N in option order."""
        if self.members > MAX_LISTED:
            return "".join("Y" if column[member] else "N" for column in self.columns.values())
        length = len(self.columns)
        return self._letters[member * length : (member + 1) * length]

    @cached_property
    def _letters(self) -> str:
        """All members, one after the other, as Y and N: lists of states are made of it."""
        return self.letters_of(slice(None))

    def letters_of(self, members: Ints | slice) -> str:
        """Write some members as Y and N, one after the other."""
        rows = [np.where(column[members], np.uint8(ord("Y")), np.uint8(ord("N"))) for column in self.columns.values()]
        return np.array(rows).T.tobytes().decode("ascii")

    def state(self, position: int) -> State:
        """Return the state at a position, counted from 0."""
        pattern = self.member_pattern(position if self.state_of is None else int(self.members_of[position][0]))
        if self.state_of is not None and self.members_of[position].size > 1:
            shares = [column[self.members_of[position]].mean() for column in self.columns.values()]
            pattern = "".join("-" if 0 < share < 1 else "Y" if share else "N" for share in shares)
        taken = tuple(compress(self.columns, map("Y".__eq__, pattern)))
        return State(position + 1, pattern, taken, self.names.get(position))

    @cached_property
    def names(self) -> dict[int, str]:
        """The name of each named state by position; if a state has several names, the first one."""
        names: dict[int, str] = {}
        for named in self.conflict.states:
            position = self.position_of_pattern(self.conflict.pattern(named.taken))
            if position is not None:
                names.setdefault(position, named.name)
        return names

    def position_of_pattern(self, pattern: str) -> int | None:
        """Return the position of the only state that a pattern matches, or None."""
        if len(pattern) != len(self.columns) or not set(pattern) <= set("YN-"):
            return None
        found = np.flatnonzero(self._matching(pattern))
        if self.state_of is not None:
            found = np.unique(self.state_of[found])
            if found.size > 1:
                # A merged state's own pattern may match members of other states as well.
                found = np.array([state for state in found.tolist() if self.state(state).pattern == pattern])
        return int(found[0]) if found.size == 1 else None

    def position_of(self, reference: StateReference) -> int:
        """Return the position of the state that a number, a Y/N pattern or a name refers to.

        Raises
        ------
        UnknownNameError
            If the reference does not denote a feasible state; the message says why.
        """
        return resolved(self.conflict, reference, self.count, lambda number: number - 1, self.position_of_pattern)


def dense_labels(columns: Iterable[Bools], length: int) -> Ints:
    """Number the distinct rows of truth values from 0, in the order of their binary value, last column lowest."""
    labels: NDArray[Any] = np.zeros(length, dtype=np.int16)
    for place, column in enumerate(columns, start=1):
        if place == 15:
            labels = labels.astype(np.int64)
        labels <<= 1
        labels |= column
        if place % 30 == 0:
            # Renumbered before it can overflow, so any number of options fits.
            labels = _dense(labels)
    return _dense(labels)


def dense_ranks(preferences: Prioritising | Weights, truths: Iterable[Bools], count: int) -> Ints:
    """Return the ranks of ``count`` states, from 0; ``truths`` gives for each condition the states at which it
    counts.
    """
    if isinstance(preferences, Prioritising):
        return dense_labels(truths, count)
    # Integers, so that equal sums tie exactly.
    whole = whole_weights(preferences)
    fits = sum(map(abs, whole)) < 2**62
    scores = np.zeros(count, dtype=np.int64 if fits else object)
    for number, truth in zip(whole, truths, strict=True):
        scores = scores + truth.astype(scores.dtype) * number
    return _dense(scores)


def whole_weights(preferences: Weights) -> list[int]:
    """Return integers in proportion to the weights."""
    scale = lcm(*(weight.weight.denominator for weight in preferences.weights))
    return [int(weight.weight * scale) for weight in preferences.weights]


def _dense(values: NDArray[Any]) -> Ints:
    """Number the distinct values from 0, in ascending order."""
    if values.dtype.kind == "i" and values.size:
        lowest = values.min()
        size = int(values.max()) - int(lowest) + 1
        if size <= TABLED * values.size:
            # A table of the values that occur takes less time than sorting.
            there = np.zeros(size, dtype=bool)
            places = values - lowest
            there[places] = True
            return np.asarray((np.cumsum(there) - 1)[places])
    return np.unique(values, return_inverse=True)[1].reshape(-1)


def _arrays(columns: dict[str, Bools]) -> Algebra[Bools]:
    return Algebra(columns.__getitem__, np.logical_not, np.logical_and, np.logical_or)


def _enumerated(conflict: Conflict) -> tuple[dict[str, Bools], int]:
    """Return the feasible members, as a column for each option, and their number."""
    names = [option.id for option in conflict.options]
    place = {name: index for index, name in enumerate(names)}
    checks: list[list[Condition]] = [[] for _ in names]
    for condition in conflict.constraints:
        checks[max(place[name] for name in condition.options())].append(condition)
    # Options without a condition of their own, or of a later option, only double the members.
    constrained = max((index + 1 for index, conditions in enumerate(checks) if conditions), default=0)
    columns: dict[str, Bools] = {}
    rows = 1
    for index, (name, conditions) in enumerate(zip(names, checks, strict=True)):
        coming = 2 * rows if index < constrained else rows << (len(names) - index)
        if coming > SURELY:
            _must_fit(coming)
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
    """Refuse more members than the memory holds."""
    there = memory_available()
    most = min(MAX_MEMBERS, there // MEMBER_BYTES)
    if members > most:
        raise TooLargeError(
            f"more than {most:,} states to consider: they need over {most * MEMBER_BYTES / 2**30:,.1f} GiB, and "
            f"{there / 2**30:,.1f} GiB are available. Add rules that exclude what cannot happen"
        )


def _merged(conflict: Conflict, columns: dict[str, Bools], members: int) -> Ints:
    """Map members to states: members that meet the same merge condition are one state, and overlapping conditions
    join.
    """
    groups: list[Bools] = []
    for merge in conflict.merge:
        mask = merge.condition.fold(_arrays(columns))
        joined = [group for group in groups if np.any(group & mask)]
        groups = [group for group in groups if not np.any(group & mask)]
        groups.append(np.logical_or.reduce([mask, *joined]))
    keys = np.arange(members)
    for group in groups:
        if group.any():
            keys[group] = np.flatnonzero(group)[-1]
    return _dense(keys)


# Patterns.


def covering_patterns(rows: Bools, most: int) -> tuple[str, ...] | None:
    """Cover rows of truth values by disjoint patterns over Y, N and ``-``.

    Every pattern covers only rows of the set, so the sum of 2 to the number of dashes equals the number of rows.
    Returns None if more than ``most`` patterns are needed.
    """
    # Each row as a number, the first option lowest; Python integers if 64 bits do not suffice.
    codes = np.zeros(rows.shape[0], dtype=np.int64 if rows.shape[1] < 62 else object)
    for column in reversed(range(rows.shape[1])):
        codes = codes * 2 + rows[:, column].astype(codes.dtype)
    found: list[str] = []
    return tuple(sorted(found)) if _split(np.unique(codes), rows.shape[1] - 1, "", found, most) else None


def _split(codes: NDArray[Any], option: int, ending: str, found: list[str], most: int) -> bool:
    """Split on the highest option left; rows that both halves share get a dash."""
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


def covering_patterns_of_mask(mask: Bools, most: int) -> tuple[str, ...] | None:
    """As `covering_patterns`, for a mask over all combinations of options, the first option as the lowest bit."""
    options = mask.size.bit_length() - 1
    # As the bits of one integer, because most parts are small, and arrays would spend their time on calls.
    parts = [(int.from_bytes(np.packbits(mask, bitorder="little").tobytes(), "little"), "")]
    found: list[str] = []
    # One option after the other. Each part that is left needs a pattern, so too many are seen soon.
    for size in range(options, -1, -1):
        full, half, rest = (1 << (1 << size)) - 1, 1 << size >> 1, parts
        parts = []
        for part, ending in rest:
            if part == full:
                found.append("-" * size + ending)
            elif part:
                without, having = part & ((1 << half) - 1), part >> half
                both = without & having
                parts += [(both, f"-{ending}"), (without ^ both, f"N{ending}"), (having ^ both, f"Y{ending}")]
        parts = [one for one in parts if one[0]]
        if len(found) + len(parts) > most:
            return None
    return tuple(sorted(found))
