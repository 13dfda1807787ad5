"""What an engine claims, as the checker reads it.

The checker knows an engine by these protocols only, so it shares no code with any. `Claim` is one verdict in the
checker's own terms: states are the sets of options taken in them, players are named as results name them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from detente.concepts import Concept
from detente.model.conflict import Conflict
from detente.model.states import State

#: A member: the options taken in it. A state is written as the largest of its members.
TakenOptions = frozenset[str]


class FalseAnswerError(Exception):
    """What an engine says is not so."""


class UncheckedError(Exception):
    """Something that is too much to check, with the reason."""


@dataclass(frozen=True)
class ClaimedSanction:
    """What is said to deter: the others' moves, each with where it leads, and where they end."""

    steps: tuple[tuple[str, TakenOptions], ...]
    end: TakenOptions
    simultaneous: bool


@dataclass(frozen=True)
class Claim:
    """What an engine says of a state, a player and a concept; improvements with what is said to deter from each."""

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
        """The place of the player."""
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
    """Whether a state is stable for a player under a concept, and why."""

    @property
    def state(self) -> State:
        """The state."""
        ...

    @property
    def player(self) -> int:
        """The place of the player."""
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
        """Every improvement, and what deters from it."""
        ...


class ClaimedClosedSet(Protocol):
    """A set of states as a decision diagram in plain data, that the others cannot leave.

    ``decisions`` are triples of an option, what follows where it is taken and what follows where it is not: 0 for *not
    in the set*, 1 for *in the set*, or 2 and more for the decision with this number less 2. ``start`` is what to begin
    with; ``after`` has for other players, by place, what to begin with for the states that they have just moved to.
    """

    @property
    def decisions(self) -> Sequence[tuple[str, int, int]]:
        """The decisions."""
        ...

    @property
    def start(self) -> int:
        """What to begin with."""
        ...

    @property
    def after(self) -> Sequence[tuple[int, int]]:
        """What to begin with after a move of some players."""
        ...


class Engine(Protocol):
    """The engine that makes the claims."""

    @property
    def name(self) -> str:
        """How the engine is called."""
        ...

    @property
    def conflict(self) -> Conflict:
        """The conflict that it has compiled."""
        ...

    @property
    def count(self) -> int:
        """How many feasible states it says that there are."""
        ...

    def why(self, state: int, player: int, concept: Concept) -> ClaimedVerdict:
        """Return a verdict, with why."""
        ...

    def state(self, number: int) -> State:
        """Return the state with this number."""
        ...

    def number_of(self, reference: int | str) -> int:
        """Return the number of the state with a pattern."""
        ...


@runtime_checkable
class Prover(Protocol):
    """An engine that can name a closed set."""

    def closed_set(self, state: int, player: int, concept: Concept) -> ClaimedClosedSet | None:
        """Return a set that holds the improvements nothing deters from; None if there is no proof."""
        ...


class EngineClaims(Protocol):
    """What an engine has said: of all states, or of those of a slice."""

    @property
    def solver(self) -> Engine:
        """The engine that says it."""
        ...

    @property
    def concepts(self) -> Sequence[Concept]:
        """The concepts that it is said of."""
        ...

    @property
    def count(self) -> int:
        """How many states it is said of."""
        ...

    @property
    def stability(self) -> Mapping[str, Mapping[str, ClaimedStateSet]]:
        """The states that are stable, by concept and player; empty where that is not said."""
        ...

    def equilibrium_set(self, concept: str) -> ClaimedStateSet:
        """Return the equilibria among the states that it is said of."""
        ...


class SliceEngine(Engine, Protocol):
    """An engine that counts the states that a pattern describes."""

    def count_within(self, pattern: str) -> int:
        """Return how many feasible states a pattern describes."""
        ...
