"""The claims of an engine, as the checker reads them.

The checker knows an engine by these protocols only, so it shares no code with any. `Claim` is one verdict in the
checker's own terms: states are the sets of options taken in them, and players have the names that results use.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from detente.concepts import Concept
from detente.model.conflict import Conflict
from detente.model.states import State

#: A member, as the set of options taken in it. A state is represented by its largest member.
TakenOptions = frozenset[str]


class FalseAnswerError(Exception):
    """A claim of the engine is false."""


class UncheckedError(Exception):
    """A claim is too large to check; the message gives the reason."""


@dataclass(frozen=True)
class ClaimedSanction:
    """A claimed sanction: the others' moves, each with its end, and the final state."""

    steps: tuple[tuple[str, TakenOptions], ...]
    end: TakenOptions
    simultaneous: bool


@dataclass(frozen=True)
class Claim:
    """A claimed verdict on a state for a player under a concept; each improvement with its claimed sanction, or
    None.
    """

    state: TakenOptions
    player: str
    concept: Concept
    stable: bool
    improvements: Mapping[TakenOptions, ClaimedSanction | None]


class ClaimedStateSet(Protocol):
    """A set of states by their numbers."""

    def __contains__(self, number: object) -> bool: ...

    def numbers(self) -> Iterator[int]:
        """Yield the numbers, ascending."""
        ...


class _Step(Protocol):
    @property
    def player(self) -> int:
        """The index of the player."""
        ...

    @property
    def to(self) -> State: ...


class _Sanction(Protocol):
    @property
    def steps(self) -> Sequence[_Step]: ...

    @property
    def end(self) -> State: ...

    @property
    def simultaneous(self) -> bool: ...


class _Improvement(Protocol):
    @property
    def to(self) -> State: ...

    @property
    def sanction(self) -> _Sanction | None: ...


class ClaimedVerdict(Protocol):
    """A claim whether a state is stable for a player under a concept, and why."""

    @property
    def state(self) -> State:
        """The state."""
        ...

    @property
    def player(self) -> int:
        """The index of the player."""
        ...

    @property
    def concept(self) -> Concept:
        """The concept."""
        ...

    @property
    def stable(self) -> bool | None:
        """Whether the state is stable; None without a verdict."""
        ...

    @property
    def improvements(self) -> Sequence[_Improvement]:
        """Every improvement, with its sanction."""
        ...


class ClaimedClosedSet(Protocol):
    """A set of states that the others cannot leave, as a decision diagram in plain data.

    ``decisions`` are triples of an option, the successor if it is taken and the successor if it is not: 0 means *not in
    the set*, 1 *in the set*, and k ≥ 2 the decision with index k - 2. ``start`` is the first decision; ``after`` gives
    for other players, by index, the first decision for the states that they have just moved to.
    """

    @property
    def decisions(self) -> Sequence[tuple[str, int, int]]:
        """The decisions."""
        ...

    @property
    def start(self) -> int:
        """The first decision."""
        ...

    @property
    def after(self) -> Sequence[tuple[int, int]]:
        """The first decision after a move of some players."""
        ...


class Engine(Protocol):
    """The engine that makes the claims."""

    @property
    def name(self) -> str:
        """The name of the engine."""
        ...

    @property
    def conflict(self) -> Conflict:
        """The conflict that the engine compiled."""
        ...

    @property
    def count(self) -> int:
        """The claimed number of feasible states."""
        ...

    def why(self, state: int, player: int, concept: Concept) -> ClaimedVerdict:
        """Return a verdict with its witnesses."""
        ...

    def state(self, number: int) -> State:
        """Return the state with this number."""
        ...

    def number_of(self, reference: int | str) -> int:
        """Return the number of the state with this pattern."""
        ...


@runtime_checkable
class Prover(Protocol):
    """An engine that can give a closed set as proof."""

    def closed_set(self, state: int, player: int, concept: Concept) -> ClaimedClosedSet | None:
        """Return a set that contains the unsanctioned improvements; None if there is no proof."""
        ...


class EngineClaims(Protocol):
    """The claims of an engine about a conflict."""

    @property
    def solver(self) -> Engine:
        """The engine that makes the claims."""
        ...

    @property
    def concepts(self) -> Sequence[Concept]:
        """The concepts that the claims are about."""
        ...

    @property
    def count(self) -> int:
        """The number of states that the claims are about."""
        ...

    @property
    def stability(self) -> Mapping[str, Mapping[str, ClaimedStateSet]]:
        """The stable states by concept and player; empty if not claimed."""
        ...

    def equilibrium_set(self, concept: str) -> ClaimedStateSet:
        """Return the equilibria among the states that the claims are about."""
        ...
