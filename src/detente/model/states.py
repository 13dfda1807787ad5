"""The states of a conflict, one by one: feasibility, numbers and names.

A state is written as Y and N in option order, with ``-`` where the members of a merged state differ. Feasible states
are sorted by their binary value with the first option as the least significant bit and numbered from 1: the convention
of GMCR II and GMCR+. A merged state takes the place of its largest member, as in published tables (Elmira's abandoned
plant is the last state).

This module enumerates states lazily in plain Python, for numbers that a person can list; engines have faster methods.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cached_property
from itertools import islice

from detente.errors import MAX_QUOTED_TEXT, TooLargeError, UnknownNameError
from detente.limits import MAX_LISTED
from detente.model.conditions import Condition
from detente.model.conflict import Conflict
from detente.model.preferences import StateReference


def feasible_members(conflict: Conflict) -> Iterator[tuple[bool, ...]]:
    """Yield the feasible states before merging, in the order of their binary values.

    Each is a tuple of truth values, one for each option: whether it is taken. States are generated lazily, by
    backtracking from the last option, so the first few are cheap for any number of options.
    """
    names = [option.id for option in conflict.options]
    place = {name: index for index, name in enumerate(names)}
    checks: list[list[Condition]] = [[] for _ in range(len(names) + 1)]
    # The parts of an 'and' are checked one by one, as early as possible, so that they prune more.
    for condition in (part for whole in conflict.constraints for part in whole.conjuncts()):
        checks[min((place[name] for name in condition.options()), default=len(names))].append(condition)
    taken: set[str] = set()
    if not all(condition.holds(taken) for condition in checks[len(names)]):
        return
    # A stack of (index of the option to decide next, its value); the last option is decided first.
    stack: list[tuple[int, bool | None]] = [(len(names) - 1, True), (len(names) - 1, False)] if names else []
    if not names:
        yield ()
    while stack:
        index, value = stack.pop()
        if value is None:
            taken.discard(names[index])
            continue
        if value:
            taken.add(names[index])
            stack.append((index, None))
        if all(condition.holds(taken) for condition in checks[index]):
            if index == 0:
                yield tuple(name in taken for name in names)
            else:
                stack.extend([(index - 1, True), (index - 1, False)])


class State(int):
    """A feasible state: an integer, its number, with its pattern, the options taken in it, and its name if it has one.

    ``taken`` lists the options that are taken in every member of a merged state.
    """

    pattern: str
    taken: tuple[str, ...]
    name: str | None

    def __new__(cls, number: int, pattern: str, taken: tuple[str, ...], name: str | None = None) -> State:
        """Create a state from its number and attributes."""
        state = super().__new__(cls, number)
        state.pattern, state.taken, state.name = pattern, taken, name
        return state

    @property
    def number(self) -> int:
        """The conventional number, from 1."""
        return int(self)

    def __str__(self) -> str:
        return f"{self.number} {self.pattern}" + (f" ({self.name})" if self.name else "")

    def __repr__(self) -> str:
        return f"State({self.number}, {self.pattern!r}" + (f", {self.name!r})" if self.name else ")")


class StateList(Sequence[State]):
    """All feasible states of a conflict that is small enough to list, in the conventional order.

    Raises
    ------
    TooLargeError
        If there are more than ``limit`` states.
    """

    def __init__(self, conflict: Conflict, limit: int = MAX_LISTED) -> None:
        self.conflict = conflict
        members = list(islice(feasible_members(conflict), limit + 1))
        if len(members) > limit:
            raise TooLargeError(f"there are more than {limit:,} states, the limit for a list")
        groups = _merged(conflict, members)
        self._patterns = [_pattern([members[index] for index in group]) for group in groups]
        self._number_of = {
            "".join("Y" if taken else "N" for taken in members[index]): number
            for number, group in enumerate(groups, start=1)
            for index in group
        }
        written = Counter(self._patterns)
        self._number_of.update(
            {pattern: number for number, pattern in enumerate(self._patterns, start=1) if written[pattern] == 1}
        )

    def __len__(self) -> int:
        return len(self._patterns)

    def __getitem__(self, index):  # type: ignore[no-untyped-def]
        if isinstance(index, slice):
            return [self[place] for place in range(*index.indices(len(self)))]
        number = range(1, len(self) + 1)[index]
        return self.numbered(number)

    def numbered(self, number: int) -> State:
        """Return the state with this number; IndexError if it does not exist."""
        if not 1 <= number <= len(self):
            raise IndexError(f"states are numbered from 1 to {len(self)}")
        pattern = self._patterns[number - 1]
        taken = tuple(option.id for option, value in zip(self.conflict.options, pattern, strict=True) if value == "Y")
        return State(number, pattern, taken, self.names.get(number))

    def pattern_of(self, reference: StateReference) -> str:
        """Return the pattern of the state that a number, a Y/N pattern or a name refers to."""
        return self._patterns[self.number_of(reference) - 1]

    @cached_property
    def names(self) -> dict[int, str]:
        """The name of each feasible named state by number; if a state has several names, the first one."""
        names: dict[int, str] = {}
        for state in self.conflict.states:
            number = self._number_of.get(self.conflict.pattern(state.taken))
            if number is not None:
                names.setdefault(number, state.name)
        return names

    def number_of(self, reference: StateReference) -> int:
        """Return the number of the state that a number, a Y/N pattern or a name refers to.

        Raises
        ------
        UnknownNameError
            When no feasible state is meant, saying why.
        """
        return resolved(self.conflict, reference, len(self), int, self._number_of.get)


def names_in_part(written: Conflict, untaken: Collection[str]) -> dict[str, tuple[str, str]]:
    """Return the name and the pattern of each named state that needs an option which a model of a conflict has not.

    They are found by the pattern of what the model has of the state; of several names of one pattern, the first.
    """
    found: dict[str, tuple[str, str]] = {}
    for state in written.states:
        if state.taken.intersection(untaken):
            rest = written.pattern(state.taken.difference(untaken))
            found.setdefault(rest, (state.name, written.pattern(state.taken)))
    return found


def resolved(
    conflict: Conflict,
    reference: StateReference,
    count: int,
    by_number: Callable[[int], int],
    by_pattern: Callable[[str], int | None],
) -> int:
    """Return the position, as the caller counts it, of the state that a number, a Y/N pattern or a name refers to.

    Raises
    ------
    UnknownNameError
        When no feasible state is meant, saying why.
    """
    if isinstance(reference, int):
        if 1 <= reference <= count:
            return by_number(reference)
        raise UnknownNameError("state", reference, hint=f"states are numbered from 1 to {count}")
    place = by_pattern(named_pattern(conflict, reference))
    if place is not None:
        return place
    if reference.isdecimal() and len(reference) <= MAX_QUOTED_TEXT:
        return resolved(conflict, int(reference), count, by_number, by_pattern)
    raise unknown_state(conflict, reference)


#: How a state reference names the status quo.
_QUO = ("status quo", "status_quo")


def named_pattern(conflict: Conflict, reference: str) -> str:
    """Return the pattern of a named state (``status quo`` is a name), or the reference itself."""
    for state in conflict.states:
        if state.name == reference:
            return conflict.pattern(state.taken)
    if conflict.status_quo and reference in _QUO:
        return conflict.pattern(conflict.status_quo.taken)
    return reference


def unknown_state(conflict: Conflict, reference: str) -> UnknownNameError:
    """Return the error for a reference that does not denote a feasible state; the message says why."""
    pattern = named_pattern(conflict, reference)
    size = len(conflict.options)
    if set(pattern) <= set("YN") and len(pattern) == size:
        taken = [option.id for option, value in zip(conflict.options, pattern, strict=True) if value == "Y"]
        return UnknownNameError("state", reference, hint=f"it is infeasible: it breaks '{conflict.breaks(taken)}'")
    if set(pattern) <= set("YN-") and pattern:
        return UnknownNameError("state", reference, hint=f"a state has {size} letters, one for each option")
    known = [state.name for state in conflict.states] + (["status quo"] if conflict.status_quo else [])
    if reference in _QUO and not conflict.status_quo:
        hint = "no status quo is given; name a state by its number, its Y/N pattern or its name"
        return UnknownNameError("state", reference, hint=hint)
    return UnknownNameError("state", reference, known, hint="use a number, a Y/N pattern or a state's name")


def _merged(conflict: Conflict, members: list[tuple[bool, ...]]) -> list[list[int]]:
    """Return the groups of members that are one state each, sorted by the largest member."""
    leader = list(range(len(members)))
    names = [option.id for option in conflict.options]
    for merge in conflict.merge:
        first: int | None = None
        for index, member in enumerate(members):
            if merge.condition.holds({name for name, value in zip(names, member, strict=True) if value}):
                first = _root(leader, index) if first is None else first
                leader[_root(leader, index)] = first
    groups: dict[int, list[int]] = {}
    for index in range(len(members)):
        groups.setdefault(_root(leader, index), []).append(index)
    return sorted(groups.values(), key=lambda group: group[-1])


def _root(leader: list[int], index: int) -> int:
    while leader[index] != index:
        leader[index] = leader[leader[index]]
        index = leader[index]
    return index


def _pattern(members: list[tuple[bool, ...]]) -> str:
    columns = zip(*members, strict=True)
    return "".join(("Y" if column[0] else "N") if len(set(column)) == 1 else "-" for column in columns)
