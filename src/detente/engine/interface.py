"""The interface of the engines: the questions that a compiled conflict (`Solver`) answers, and its sets of states.

A player is a decision maker or a standing coalition of the conflict, given by its index in ``conflict.players``. States
are given by their numbers, from 1. `ListingSolver` adds what only the explicit engine supports.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

from detente.lazy import dataclass
from detente.model.states import State

if TYPE_CHECKING:
    from detente.concepts import Concept
    from detente.engine.space import Bools, Ints, StateSpace
    from detente.engine.verdicts import Verdict
    from detente.model.conflict import Conflict
    from detente.model.preferences import StateReference


class Nearest(NamedTuple):
    """The states of a set that differ from a state in the fewest options.

    Attributes
    ----------
    distance
        The number of options that differ.
    total
        The number of such states.
    states
        Some of them.
    """

    distance: int
    total: int
    states: tuple[State, ...]


class Best(NamedTuple):
    """The states of a set that a decision maker ranks highest.

    Attributes
    ----------
    total
        The number of such states.
    states
        Some of them.
    """

    total: int
    states: tuple[State, ...]


class Choice(NamedTuple):
    """The engine that decides a concept.

    Attributes
    ----------
    engine
        The name of the engine.
    why
        The reason.
    """

    engine: str
    why: str


class StateSet(Protocol):
    """A set of states in the engine's own representation."""

    @property
    def count(self) -> int:
        """The number of states in the set."""
        ...

    def __contains__(self, number: object) -> bool:
        """Whether the state with this number is in the set."""
        ...

    def numbers(self) -> Iterator[int]:
        """Yield the numbers of the states, ascending."""
        ...

    def common(self, others: Sequence[StateSet]) -> Iterator[int]:
        """Yield the numbers of the states that are in this set and in others of the same solver, ascending."""
        return (number for number in self.numbers() if all(number in one for one in others))

    def patterns(self, most: int) -> tuple[str, ...] | None:
        """Return disjoint patterns (``YN-``) that cover exactly the set; None if more than ``most`` are needed."""
        ...

    def same_as(self, other: StateSet) -> bool:
        """Tell whether another set of the same solver has the same states."""
        ...

    def nearest(self, state: State, most: int) -> Nearest | None:
        """Return the states of the set, at most ``most``, that differ from a state in the fewest options; None if the
        set is empty.
        """
        ...

    def best(self, decision_maker: int, most: int) -> Best:
        """Return the states of the set, at most ``most``, that a decision maker prefers most."""
        ...


@dataclass(frozen=True)
class Arc:
    """A unilateral move.

    Attributes
    ----------
    player
        The place of the player.
    start
        The number of the state before the move.
    end
        The number of the state after the move.
    improvement
        Whether the player strictly prefers the state after the move.
    """

    player: int
    start: int
    end: int
    improvement: bool


class Solver(Protocol):
    """A compiled conflict."""

    name: str
    conflict: Conflict

    @property
    def count(self) -> int:
        """The number of feasible states."""
        ...

    def refuses(self, concept: Concept) -> str | None:
        """Return why a concept cannot be decided for a conflict of this size; None if it can."""
        ...

    def choice(self, concept: Concept) -> Choice:
        """Return the engine that decides a concept, and the reason."""
        ...

    def stable(self, concept: Concept, player: int) -> StateSet:
        """Return the states that are stable for a player under a concept.

        Raises
        ------
        TooLargeError
            If the concept cannot be decided for a conflict of this size.
        """
        ...

    def equilibria(self, concept: Concept) -> StateSet:
        """Return the states that are stable for every player under a concept."""
        ...

    def cycling(self, concept: Concept, player: int) -> dict[int, int]:
        """Return the states for which a concept has no verdict for a player, each with the length of the cycle."""
        return {}

    def why(self, state: int, player: int, concept: Concept) -> Verdict:
        """Return whether a state is stable for a player under a concept, and why."""
        ...

    def state(self, number: int) -> State:
        """Return the state with this number."""
        ...

    def pattern(self, number: int) -> str:
        """Return the pattern of the state with this number."""
        return self.state(number).pattern

    def letters(self, numbers: Sequence[int]) -> str:
        """Return the patterns of the states with these numbers, one after the other."""
        return "".join(map(self.pattern, numbers))

    def number_of(self, reference: StateReference) -> int:
        """Return the number of the state that a number, a Y/N pattern or a name refers to."""
        ...

    def ranks(self, decision_maker: int) -> list[int]:
        """Return a decision maker's rank of each state: 1 is best, and tied states share a rank."""
        ...

    def arcs(self) -> Iterator[Arc]:
        """Yield every unilateral move, player by player."""
        for player in range(len(self.conflict.players)):
            for number in range(1, self.count + 1):
                yield from self.arcs_from(number, player)

    def arcs_from(self, state: int, player: int) -> Iterator[Arc]:
        """Yield the moves of a player from one state, for any number of states."""
        ...


class ListingSolver(Solver, Protocol):
    """A compiled conflict whose states are all listed, for questions that go through them (see `listing`)."""

    space: StateSpace

    def mask(self, concept: Concept, player: int) -> Bools:
        """Return for each state whether it is stable for a player under a concept."""
        ...

    def moves(self, player: int) -> tuple[Ints, Ints, Bools]:
        """Return every move of a player: the places of its start and of its end, and whether it is an improvement."""
        ...


def choices(compiled: Solver, concepts: Iterable[Concept]) -> tuple[str, dict[str, Choice]]:
    """Return the engine that decides some concepts; if they differ, ``mixed`` and the choice for each concept."""
    found = {concept.id: compiled.choice(concept) for concept in concepts}
    names = {choice.engine for choice in found.values()}
    return ("mixed", found) if len(names) > 1 else (names.pop() if names else compiled.name, {})
