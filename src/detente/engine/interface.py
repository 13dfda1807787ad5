"""What every engine offers, and what its answers look like.

An engine is a class whose instances are compiled conflicts: a `Solver`. A player is a decision maker, or one of the
conflict's standing coalitions, and is named by its place in ``conflict.players``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple, Protocol, runtime_checkable

from detente.concepts.concept import Concept, Respond
from detente.errors import NotDefinedError
from detente.model.conflict import Conflict
from detente.model.preferences import StateReference
from detente.model.states import State


def must_be_defined(concept: Concept, conflict: Conflict) -> None:
    """Refuse a concept that is not defined for a conflict, saying why and what to ask instead.

    Raises
    ------
    NotDefinedError
        For limited-move and non-myopic stability among three or more players; for these and the relational concepts
        with a standing coalition.
    """
    together = next((members for members in conflict.players if len(members) > 1), None)
    if concept.family == "relational" and together:
        raise NotDefinedError(
            f"{concept.id} is not defined for the standing coalition {'+'.join(together)}: an attitude is one decision "
            f"maker's. Use {concept.id.removeprefix('relational_')}, or leave 'coalitions' out"
        )
    if concept.respond is not Respond.ANTICIPATED:
        return
    instead = f"maximin_{concept.horizon or 4}"
    if len(conflict.players) > 2:
        raise NotDefinedError(
            f"{concept.id} is defined for two decision makers who move in turn, and this conflict has "
            f"{len(conflict.players)}: who would move next is then open. Use {instead}, under which all the others "
            "answer together"
        )
    if together:
        raise NotDefinedError(
            f"{concept.id} is not defined for the standing coalition {'+'.join(together)}: it prefers only what every "
            f"member prefers, so there need be no end that it likes best. Use {instead}, or leave 'coalitions' out"
        )


class Nearest(NamedTuple):
    """States of a set that are nearest to one: how many options are otherwise, how many such there are, and some."""

    distance: int
    total: int
    states: tuple[State, ...]


class Best(NamedTuple):
    """States of a set that a decision maker likes best: how many there are, and some of them."""

    total: int
    states: tuple[State, ...]


class Choice(NamedTuple):
    """The engine that decides a concept, and why it is the one."""

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
class Step:
    """A player's move to a state."""

    player: int
    to: State


@dataclass(frozen=True)
class Degree:
    """How sure it is that one state is better than another for one decision maker.

    ``unknown`` says that nobody knows which is; ``chance`` is the chance that the one is better, and ``strength`` that
    chance less the chance of the opposite.
    """

    decision_maker: str
    unknown: bool
    chance: Fraction
    strength: Fraction


@dataclass(frozen=True)
class SanctionPath:
    """An answer that deters an improvement.

    ``steps`` is a legal sequence of the others' moves from the improvement, or — for a simultaneous sanction — the
    improvements that they would take at the same time. Where both sides move by turns the player's own moves are among
    the steps. ``end`` is where it ends; ``answers`` counts the player's own moves from there, none of which helps.
    ``degrees`` says for every member how sure it is that ``end`` is better than the state asked about, where the
    concept knows of that.
    """

    steps: tuple[Step, ...]
    end: State
    simultaneous: bool = False
    answers: int | None = None
    degrees: tuple[Degree, ...] = ()


@dataclass(frozen=True)
class ImprovementMove:
    """A move to a preferred state, and what deters the player from it; None when nothing does.

    ``degrees`` says for every member how sure the preference is, where the concept knows of that.
    """

    to: State
    sanction: SanctionPath | None
    degrees: tuple[Degree, ...] = ()


@dataclass(frozen=True)
class Expectation:
    """What a player whose turn it is expects, looking so many moves ahead.

    ``steps`` are the moves that would follow if it moved in the best way, its own first and those after it by turns;
    there are none when it has no move. ``end`` is where they end. ``leaves`` tells whether it prefers that end.
    """

    horizon: int
    steps: tuple[Step, ...]
    end: State
    leaves: bool


@dataclass(frozen=True)
class Outlook:
    """What becomes of a state for a player as the horizon grows without end.

    From the horizon ``since`` on what is expected repeats after as many horizons as there are ``repeated``
    expectations; one where it settles.
    """

    since: int
    repeated: tuple[Expectation, ...]

    @property
    def cycles(self) -> bool:
        """Whether the player stays at some of the horizons that repeat and leaves at others."""
        return len({one.leaves for one in self.repeated}) > 1


@dataclass(frozen=True)
class Verdict:
    """Whether a state is stable for a player under a concept, and why: every improvement with its sanction.

    ``stable`` is None where the concept gives no verdict because staying and leaving alternate for ever. Concepts that
    anticipate have no improvements and sanctions but an `Expectation`, or an `Outlook` over all horizons.
    """

    state: State
    player: int
    concept: Concept
    stable: bool | None
    improvements: tuple[ImprovementMove, ...]
    expects: Expectation | Outlook | None = None


@dataclass(frozen=True)
class Arc:
    """A unilateral move, and whether it is an improvement for the player who makes it."""

    player: int
    start: int
    end: int
    improvement: bool


@dataclass(frozen=True)
class ClosedSet:
    """A set of states as plain data, that the others cannot leave: proof that no answer of theirs deters.

    ``decisions`` are triples of an option, what follows where it is taken and what follows where it is not: 0 for *not
    in the set*, 1 for *in the set*, or 2 and more for the decision with this number less 2, which stands earlier.
    ``start`` is what to begin with. Options that a decision skips make no difference.

    Where it makes a difference who moved last, who may not move next, ``after`` has for every other player, by its
    place, what to begin with for the states that it may have moved to: a set of its own each. From the set itself, to
    which nobody has moved yet, and from the sets of all the others its moves lead into its own.
    """

    decisions: tuple[tuple[str, int, int], ...]
    start: int
    after: tuple[tuple[int, int], ...] = ()


@runtime_checkable
class Certifying(Protocol):
    """A solver that can prove what is too large to walk through."""

    def closed_set(self, state: int, player: int, concept: Concept) -> ClosedSet | None:
        """Return a set that holds the improvements nothing deters from, and that no answer of the others leaves.

        None where a concept's answers are no sequences.
        """
        ...


@runtime_checkable
class Sliceable(Protocol):
    """A solver that answers for a part of the states: those that a pattern (``YN--``) describes.

    A merged state is among those that the pattern of the largest of its members is like: the member by whose place it
    is numbered. So every state is in just one of some patterns that together describe all combinations of options.
    """

    def count_within(self, pattern: str) -> int:
        """Return how many feasible states a pattern describes."""
        ...

    def equilibria_within(self, concept: Concept, pattern: str) -> StateSet:
        """Return the equilibria among the states that a pattern describes."""
        ...


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

    def cycling(self, concept: Concept, player: int) -> dict[int, int]:
        """Return the states for which a concept has no verdict for a player, with the length of the cycle."""
        ...

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
        ...

    def arcs_from(self, state: int, player: int) -> Iterator[Arc]:
        """Yield the moves of a player from one state, however many states there are."""
        ...


def choices(compiled: Solver, concepts: Iterable[Concept]) -> tuple[str, dict[str, Choice]]:
    """Return the engine that decides some concepts; where they differ, ``mixed`` and the choice for each concept."""
    found = {concept.id: compiled.choice(concept) for concept in concepts}
    names = {choice.engine for choice in found.values()}
    return ("mixed", found) if len(names) > 1 else (names.pop() if names else compiled.name, {})
