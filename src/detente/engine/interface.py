"""What a compiled conflict can be asked, whatever the engine: a `Solver`, and the sets of states that it returns.

A player is a decision maker, or one of the conflict's standing coalitions, and is named by its place in
``conflict.players``. States are named by their numbers, from 1. What only the explicit engine can be asked is a
`ListingSolver`'s.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

from detente.model.states import State

if TYPE_CHECKING:
    from detente.concepts import Concept
    from detente.engine.space import Bools, StateSpace
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
    """A set of states, held as the engine holds it."""

    @property
    def count(self) -> int:
        """How many states there are in the set."""
        ...

    def __contains__(self, number: object) -> bool:
        """Whether the state with this number is in the set."""
        ...

    def numbers(self) -> Iterator[int]:
        """Yield the numbers of the states, ascending."""
        ...

    def patterns(self, most: int) -> tuple[str, ...] | None:
        """Return patterns that no two share a state and that cover just the set; None when more than ``most``."""
        ...

    def same_as(self, other: StateSet) -> bool:
        """Tell whether another set of the same solver has the same states."""
        ...

    def nearest(self, state: State, most: int) -> Nearest | None:
        """Return the states that the fewest options tell from one, at most so many; None when the set is empty."""
        ...

    def best(self, decision_maker: int, most: int) -> Best:
        """Return the states that a decision maker likes best, at most so many of them."""
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
        """How many feasible states there are."""
        ...

    def refuses(self, concept: Concept) -> str | None:
        """Return why a concept cannot be decided for a conflict of this size; None when it can."""
        ...

    def choice(self, concept: Concept) -> Choice:
        """Return which engine decides a concept, and why."""
        ...

    def stable(self, concept: Concept, player: int) -> StateSet:
        """Return the states that are stable for a player under a concept.

        Raises
        ------
        TooLargeError
            When the concept cannot be decided for a conflict of this size.
        """
        ...

    def equilibria(self, concept: Concept) -> StateSet:
        """Return the states that are stable for every player under a concept."""
        ...

    def count_within(self, pattern: str) -> int:
        """Return how many feasible states a pattern (``YN--``) describes.

        A merged state is among those that the pattern of the largest of its members is like: the member by whose place
        it is numbered. So every state is in just one of some patterns that together describe all combinations.
        """
        ...

    def equilibria_within(self, concept: Concept, pattern: str) -> StateSet:
        """Return the equilibria among the states that a pattern describes."""
        ...

    def cycling(self, concept: Concept, player: int) -> dict[int, int]:
        """Return the states for which a concept has no verdict for a player, with the length of the cycle."""
        return {}

    def why(self, state: int, player: int, concept: Concept) -> Verdict:
        """Return whether the numbered state is stable for a player under a concept, and why."""
        ...

    def state(self, number: int) -> State:
        """Return the state with this number."""
        ...

    def number_of(self, reference: StateReference) -> int:
        """Return the number of the state that a number, a Y/N pattern or a name refers to."""
        ...

    def ranks(self, decision_maker: int) -> list[int]:
        """Return for every state its rank for a decision maker: 1 is best, and ties share a rank."""
        ...

    def arcs(self) -> Iterator[Arc]:
        """Yield every unilateral move, player by player."""
        for player in range(len(self.conflict.players)):
            for number in range(1, self.count + 1):
                yield from self.arcs_from(number, player)

    def arcs_from(self, state: int, player: int) -> Iterator[Arc]:
        """Yield the moves of a player from one state, however many states there are."""
        ...


class ListingSolver(Solver, Protocol):
    """A compiled conflict whose states are all listed, for questions that walk through them (see `listing`)."""

    space: StateSpace

    def mask(self, concept: Concept, player: int) -> Bools:
        """Return a truth value for every state: whether it is stable for a player under a concept."""
        ...


def choices(compiled: Solver, concepts: Iterable[Concept]) -> tuple[str, dict[str, Choice]]:
    """Return the engine that decides some concepts; where they differ, ``mixed`` and the choice for each concept."""
    found = {concept.id: compiled.choice(concept) for concept in concepts}
    names = {choice.engine for choice in found.values()}
    return ("mixed", found) if len(names) > 1 else (names.pop() if names else compiled.name, {})
