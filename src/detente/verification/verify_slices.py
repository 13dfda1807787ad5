"""What is told of a slice, checked as what is told of the whole is.

All states of a slice are checked where it has few; otherwise the status quo, some named and merged states, some
equilibria and some others drawn at random, as far as they are in it. Besides what is checked of every state
(`detente.verification.verify`), it has to be in the slice, and the patterns that are told to cover just the
equilibria have to cover it if it is one.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import compress, islice
from typing import TYPE_CHECKING

from detente.analysis.equilibria import MAX_LISTED
from detente.analysis.slices import fits, nth_within
from detente.concepts import Concept, chosen
from detente.engine import Solver
from detente.engine.interface import StateSet
from detente.model.states import feasible_members
from detente.verification.checker import Checker, FalseAnswerError
from detente.verification.definitions import Taken
from detente.verification.verify import CHECK_ALL_UP_TO, SAMPLED, ClaimCheck, Verification, Verifier, state_meant

if TYPE_CHECKING:
    from detente.analysis.slices import Slice

#: So many states are drawn at random to find some that are no equilibria.
MAX_DRAWN_AT_RANDOM = 8


@dataclass(frozen=True)
class SliceClaims:
    """What an engine has told of a slice: ``found`` has for every concept the equilibria in it."""

    solver: Solver
    slice: Slice
    found: Mapping[str, StateSet]

    @property
    def pattern(self) -> str:
        """What describes the slice."""
        return self.slice.pattern

    @property
    def count(self) -> int:
        """How many states it is told to have."""
        return self.slice.count

    @property
    def concepts(self) -> tuple[Concept, ...]:
        """The concepts that it was decided under."""
        return chosen(self.found)

    @property
    def stability(self) -> Mapping[str, Mapping[str, StateSet]]:
        """Nothing: of a slice the equilibria are told, and not for whom other states are stable."""
        return {}

    def equilibrium_set(self, concept: str) -> StateSet:
        """Return the equilibria in the slice."""
        return self.found[concept]


def verify_slice(told: SliceClaims, standard: Verifier) -> Verification:
    """Check what is told of some states of a slice, or of all where there are few.

    Raises
    ------
    CertificateError
        When something that the engine says is not so.
    """
    return _CheckedSlice(told, standard).verification()


class _CheckedSlice(ClaimCheck):
    """What has been checked of a slice so far."""

    def __init__(self, told: SliceClaims, standard: Verifier) -> None:
        super().__init__(told, standard)
        self.told = told

    @property
    def feasible(self) -> int:
        """How many feasible states the engine says that there are, in all slices."""
        return self.told.solver.count

    def chosen(self) -> list[int]:
        """Return the numbers of the states to look at."""
        told = self.told
        self._must_be_counted()
        if told.count <= CHECK_ALL_UP_TO:
            return sorted(self._nth(place) for place in range(1, told.count + 1))
        chosen = set(self._of_interest())
        for states in told.found.values():
            chosen.update(islice(states.numbers(), SAMPLED))
        chosen.update(islice(self._others(), SAMPLED))
        return sorted(chosen)

    def look_at(self, number: int) -> None:
        """Check everything that is said of one state."""
        super().look_at(number)
        if not isinstance(self.standard.checker, Checker):
            return
        told, state = self.told, self.told.solver.state(number)
        try:
            largest = self.conflict.pattern(state_meant(told, self.checker, state))
        except FalseAnswerError as fault:
            raise self.false(state, "", str(fault)) from None
        if not fits(largest, told.pattern):
            raise self.false(state, "", f"it is not in the slice {told.pattern}")
        for concept, (_, patterns) in told.slice.equilibria.items():
            covered = patterns is not None and any(fits(largest, one) for one in patterns)
            if patterns is not None and covered != (number in told.found[concept]):
                raise self.false(state, f" under {concept}", "the patterns say otherwise than the set of equilibria")

    def _must_be_counted(self) -> None:
        """Count the states of the slice where they can be listed."""
        told, checker = self.told, self.standard.checker
        if not isinstance(checker, Checker) or self.feasible > MAX_LISTED or self.standard.listed is None:
            return
        names = [option.id for option in self.conflict.options]
        meeting = map(frozenset, (compress(names, member) for member in feasible_members(self.conflict)))
        count = sum(
            checker.state_of(member) == member and fits(self.conflict.pattern(member), told.pattern)
            for member in meeting
        )
        if count != told.count:
            raise self.false(f"the slice {told.pattern}", "", f"it has {count:,} states, not {told.count:,}")

    def _nth(self, place: int) -> int:
        solver = self.told.solver
        return int(solver.number_of(nth_within(solver, self.told.pattern, place)))

    def _of_interest(self) -> Iterator[int]:
        """Yield the status quo, some named and some merged states, as far as they are in the slice."""
        conflict = self.conflict
        if not isinstance(self.standard.checker, Checker):
            return
        quo = [conflict.status_quo.taken] if conflict.status_quo else []
        named = [state.taken for state in conflict.states if conflict.breaks(state.taken) is None]
        yield from self._inside(map(self.checker.state_of, map(frozenset, quo)))
        yield from islice(self._inside(map(self.checker.state_of, map(frozenset, named))), SAMPLED)
        yield from islice(self._inside(self.checker.merged_states()), SAMPLED)

    def _inside(self, largest: Iterable[Taken]) -> Iterator[int]:
        told = self.told
        for pattern in map(self.conflict.pattern, largest):
            if fits(pattern, told.pattern):
                yield int(told.solver.number_of(pattern))

    def _others(self) -> Iterator[int]:
        """Yield states drawn at random that are no equilibrium under some concept, the same for the same slice."""
        told, chance = self.told, random.Random(self.conflict.digest + self.told.pattern)
        for _ in range(MAX_DRAWN_AT_RANDOM):
            number = self._nth(chance.randint(1, told.count))
            if not all(number in states for states in told.found.values()):
                yield number


__all__ = ["SliceClaims", "verify_slice"]
