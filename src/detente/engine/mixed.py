"""Both engines for one large conflict: decision diagrams within a budget, and arrays where diagrams would cost more.

Theory of operation. The time that arrays take grows with the number of states, so it is known beforehand
(`ArrayTime`). The time that diagrams take depends on how the conditions are connected, which shows only as they are
made. So diagrams are tried first, but for no longer than arrays would have taken for what has been asked so far. Then
arrays decide the rest; once they list the states, diagrams are tried for other responses only briefly. Both together
take at most about twice as long as the faster engine, and one that fits the conflict is never kept waiting for the
other.

The budget is counted in nodes, because a second makes about as many nodes whatever the conflict. So the same conflict
is decided by the same engines in every run. Processor time is a safeguard only.

What diagrams cannot do within the budget for one kind of response, they are not asked again for it or for a harder
kind. A concept that the explicit engine refuses goes back to diagrams, without a budget.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar

import numpy as np
from oxidd.util import DDMemoryError

from detente.concepts import DEFAULT_CONCEPTS, Concept, Respond, chosen
from detente.engine.dense.solver import DenseStateSet
from detente.engine.dense.space import to_bits
from detente.engine.explicit.solver import ExplicitStateSet
from detente.engine.interface import Arc, Best, Choice, Nearest, Solver, StateSet
from detente.engine.progress import OverBudgetError
from detente.engine.symbolic.sets import SymbolicStateSet
from detente.engine.symbolic.solver import Budget, SymbolicSolver
from detente.engine.verdicts import ClosedSet, Verdict
from detente.errors import TooLargeError
from detente.model.conflict import Conflict
from detente.model.preferences import StateReference
from detente.model.questions import Progress
from detente.model.states import State

_T = TypeVar("_T")

#: Nodes of diagrams that are made in a second, measured on disputes of 12 to 24 options of every kind.
NODES_A_SECOND = 1_200_000
#: Seconds by which the two engines together may take longer than twice the faster one: saved at the budget.
SLACK = 1.0
#: Once the states are listed, the share of the time that arrays would still take, and at least so many seconds, for
#: which diagrams are tried: disputes with structure need far fewer nodes, and others more than would save any time.
REST, REST_SECONDS = 0.1, 0.03
#: Expected seconds of the explicit engine up to which diagrams are not tried where ranks become extra variables.
SURE_SECONDS = 5.5
#: The processor time after which diagrams are given up, as a multiple of the expected one, and in addition to it.
LATE, LATE_SECONDS = 3.0, 1.0
#: The responses that are at least as hard for diagrams as one that they could not follow.
HARDER = {
    Respond.NOBODY: tuple(Respond),
    Respond.MOVES: (Respond.MOVES, Respond.IMPROVEMENTS, Respond.IMPROVEMENTS_THEN_COMBINATIONS),
    Respond.IMPROVEMENTS: (Respond.IMPROVEMENTS, Respond.IMPROVEMENTS_THEN_COMBINATIONS),
    Respond.COMBINATIONS: (Respond.COMBINATIONS, Respond.IMPROVEMENTS_THEN_COMBINATIONS),
    Respond.IMPROVEMENTS_THEN_COMBINATIONS: (Respond.IMPROVEMENTS_THEN_COMBINATIONS,),
}


@dataclass(frozen=True)
class ArrayTime:
    """The expected processor time of the explicit engine: once, and for each player under a concept.

    Attributes
    ----------
    start
        Seconds for listing and ranking the states.
    each
        Seconds for a player, by the others' responses.
    """

    start: float
    each: dict[Respond, float]

    @classmethod
    def of(cls, states: int, players: int, *, compiled_loops: bool) -> ArrayTime:
        """Return the time for so many states and players, measured with and without compiled loops."""
        millions = states / 1e6
        nobody, moves, improvements, combinations = (0.006, 0.014, 0.2, 0.2) if compiled_loops else (0.05, 0.2, 0.6, 2)
        return cls(
            start=0.5 + 0.02 * millions * players if compiled_loops else 0.5 * millions * players,
            each={
                Respond.NOBODY: nobody * millions,
                Respond.MOVES: moves * millions,
                Respond.IMPROVEMENTS: improvements * millions,
                Respond.COMBINATIONS: combinations * millions,
                Respond.IMPROVEMENTS_THEN_COMBINATIONS: (improvements + combinations) * millions,
            },
        )

    def total(self, concepts: Sequence[Concept], players: int) -> float:
        """Return the seconds for some concepts, or the default ones."""
        return self.start + players * sum(self.each[one.respond] for one in concepts or chosen(DEFAULT_CONCEPTS))


class MixedStateSet(StateSet):
    """A set of states that either engine holds; ``ask`` puts a question about it to the engine that decides it."""

    def __init__(self, ask: Callable[[Callable[[StateSet], object]], object]) -> None:
        self._ask = ask

    def _told(self, question: Callable[[StateSet], _T]) -> _T:
        found: _T = self._ask(question)  # type: ignore[assignment]
        return found

    @cached_property
    def count(self) -> int:
        """The number of states in the set."""
        return self._told(lambda states: states.count)

    def __contains__(self, number: object) -> bool:
        return self._told(lambda states: number in states)

    def numbers(self) -> Iterator[int]:
        """Yield the numbers of the states, ascending."""
        # Diagrams are decided here, while their budget is watched, and not at the first number.
        self.count  # noqa: B018
        last = 0
        try:
            for last in self._told(lambda states: states.numbers()):
                yield last
        except DDMemoryError:
            # Diagrams have no room for the rest, so that arrays continue.
            rest = self._told(_without_diagrams)
            yield from (number for number in rest if number > last)

    def common(self, others: Sequence[StateSet]) -> Iterator[int]:
        """Yield the numbers of the states that are in this set and in others of the same solver, ascending."""
        mixed = [self, *(one for one in others if isinstance(one, MixedStateSet))]
        for one in mixed:
            # It decides the set, while the budget of diagrams is watched.
            one.count  # noqa: B018
        sets = [one._told(lambda states: states) for one in mixed]
        diagrams = [one for one in sets if isinstance(one, SymbolicStateSet)]
        first, *rest = [one for one in sets if not isinstance(one, SymbolicStateSet)] or diagrams
        if first in diagrams or not diagrams:
            return first.common(rest)
        if isinstance(first, ExplicitStateSet):
            columns, of = first.space.columns, first.space.first_member
            inside = np.logical_and.reduce([one.has_members(columns)[of] for one in diagrams])
            return first.common([*rest, replace(first, mask=inside)])
        assert isinstance(first, DenseStateSet)
        cells = np.logical_and.reduce([one.cells() for one in diagrams])
        return first.common([*rest, replace(first, bits=to_bits(cells))])

    def patterns(self, most: int) -> tuple[str, ...] | None:
        """Return disjoint patterns that cover exactly the set; None if more than ``most`` are needed."""
        return self._told(lambda states: states.patterns(most))

    def same_as(self, other: StateSet) -> bool:
        """Tell whether another set of the same solver has the same states."""
        if not isinstance(other, MixedStateSet) or self.count != other.count:
            return False
        mine, theirs = (one._told(lambda states: states) for one in (self, other))
        if type(mine) is type(theirs):
            return mine.same_as(theirs)
        diagram, arrays = (mine, theirs) if isinstance(mine, SymbolicStateSet) else (theirs, mine)
        assert isinstance(diagram, SymbolicStateSet)
        if isinstance(arrays, ExplicitStateSet):
            inside = diagram.has_members(arrays.space.columns)[arrays.space.first_member]
            return bool(inside[arrays.mask].all())
        assert isinstance(arrays, DenseStateSet)
        return bool(diagram.cells()[arrays.mask()].all())

    def nearest(self, state: State, most: int) -> Nearest | None:
        """Return the states that differ from a state in the fewest options; None if the set is empty."""
        return self._told(lambda states: states.nearest(state, most))

    def best(self, decision_maker: int, most: int) -> Best:
        """Return the states of the set that a decision maker prefers most."""
        return self._told(lambda states: states.best(decision_maker, most))


def _without_diagrams(states: StateSet) -> Iterator[int]:
    """Return the numbers of a set, unless diagrams hold it: they have outgrown their budget."""
    if isinstance(states, SymbolicStateSet):
        raise DDMemoryError
    return states.numbers()


class MixedSolver(Solver):
    """A conflict compiled to decision diagrams within a budget, and to arrays once that is exceeded.

    Parameters
    ----------
    conflict
        The dispute.
    progress
        Called with the share of the work done and a description of the current step.
    concepts
        The concepts that will be asked for; empty for the default ones.
    arrays
        Compiles the conflict for the explicit engine.
    expected
        The time that the explicit engine would take.
    """

    def __init__(
        self,
        conflict: Conflict,
        progress: Progress,
        concepts: Sequence[Concept],
        arrays: Callable[[], Solver],
        expected: ArrayTime,
    ) -> None:
        self.conflict = conflict
        self._progress, self._make_arrays, self._expected = progress, arrays, expected
        total = expected.total(concepts, len(conflict.players))
        self._budget = Budget(self._nodes(total), self._nodes(expected.start), any_rank=total > SURE_SECONDS)
        self._seconds, self._asked = expected.start, set[tuple[str, int]]()
        self._reasons: dict[Respond, str] = {}
        #: Whether the states have been listed: that time is spent, and diagrams can only save what is still to come.
        self._listed = False
        self._bounded: SymbolicSolver | None = None
        try:
            self._diagrams()
        except OverBudgetError as reason:
            self._give_up(Respond.NOBODY, reason)

    @staticmethod
    def _nodes(seconds: float) -> int:
        """Return the nodes that may be made if arrays would take so many seconds."""
        return int(NODES_A_SECOND * max(seconds - SLACK, SLACK / 4))

    def _diagrams(self) -> SymbolicSolver:
        """Return the conflict compiled to diagrams within the budget."""
        if self._bounded is None:
            self._budget.until = time.process_time() + LATE * self._seconds + LATE_SECONDS
            try:
                self._bounded = SymbolicSolver(self.conflict, self._progress, budget=self._budget)
            except DDMemoryError:
                raise self._outgrown() from None
            except TooLargeError:
                raise OverBudgetError("decision diagrams have too little address space left") from None
        return self._bounded

    def _outgrown(self) -> OverBudgetError:
        return OverBudgetError(f"decision diagrams would need over {self._budget.capacity:,} nodes")

    @cached_property
    def _arrays(self) -> Solver | None:
        """The conflict compiled to arrays; None if it is too large for them."""
        with suppress(TooLargeError):
            made = self._make_arrays()
            self._seconds, self._listed = 0.0, True
            return made
        return None

    @cached_property
    def _unbounded(self) -> SymbolicSolver:
        """The conflict compiled to diagrams of any size."""
        return SymbolicSolver(self.conflict, self._progress)

    def _give_up(self, respond: Respond, reason: Exception) -> None:
        """Remember that diagrams exceeded the budget; what they leave behind would hinder further work on them."""
        for harder in HARDER[respond]:
            self._reasons.setdefault(harder, str(reason))
        self._bounded = None

    def _grant(self, concept: Concept, players: Sequence[int]) -> None:
        """Raise the budget by what arrays would take for what is newly asked."""
        new = {(concept.id, player) for player in players} - self._asked
        self._asked |= new
        self._seconds += len(new) * self._expected.each[concept.respond]
        if self._listed:
            whole = len(self.conflict.players) * self._expected.each[concept.respond]
            seconds = max(REST * self._seconds, REST * whole, REST_SECONDS)
            self._budget.capacity = max(1, int(NODES_A_SECOND * seconds))
        self._budget.nodes = min(self._budget.capacity, self._nodes(self._seconds))
        self._budget.until = time.process_time() + LATE * self._seconds + LATE_SECONDS

    def _solved(self, concept: Concept, players: Sequence[int], ask: Callable[[Solver], _T]) -> _T:
        """Put a question about a concept to diagrams, and if they exceed the budget to arrays."""
        if concept.family == "plain" and concept.respond not in self._reasons:
            self._grant(concept, players)
            try:
                return ask(self._diagrams())
            except OverBudgetError as error:
                self._give_up(concept.respond, error)
            except DDMemoryError:
                self._give_up(concept.respond, self._outgrown())
        return ask(self._last(concept))

    def _last(self, concept: Concept) -> Solver:
        """Return the engine for a concept that diagrams do not decide within the budget."""
        arrays = self._arrays
        return self._unbounded if arrays is None or arrays.refuses(concept) else arrays

    @property
    def _any(self) -> Solver:
        """An engine that has the states: one that is compiled already."""
        if self._bounded is not None:
            return self._bounded
        return self._arrays or self._unbounded

    @property
    def name(self) -> str:  # type: ignore[override]
        """The engine so far: ``mixed`` if diagrams were given up for some concepts only."""
        if not self._reasons:
            return "symbolic"
        return "explicit" if len(self._reasons) == len(Respond) else "mixed"

    @property
    def count(self) -> int:
        """The number of feasible states."""
        return self._any.count

    def refuses(self, concept: Concept) -> str | None:
        """Return why a concept cannot be decided; of those for plain preferences, diagrams can try each."""
        return None if concept.family == "plain" else self._last(concept).refuses(concept)

    def choice(self, concept: Concept) -> Choice:
        """Return the engine that decides a concept, and the reason."""
        reason = self._reasons.get(concept.respond)
        if concept.family != "plain":
            return self._last(concept).choice(concept)
        if reason is None:
            return Choice("symbolic", f"decision diagrams hold {self.count:,} states without listing them")
        if isinstance(self._last(concept), SymbolicSolver):
            return Choice("symbolic", f"the explicit engine does not decide {concept.title} for {self.count:,} states")
        return Choice("explicit", f"{reason}, and {self.count:,} states are few enough to list")

    def _set(self, concept: Concept, players: Sequence[int], of: Callable[[Solver], StateSet]) -> MixedStateSet:
        return MixedStateSet(lambda question: self._solved(concept, players, lambda engine: question(of(engine))))

    def stable(self, concept: Concept, player: int) -> MixedStateSet:
        """Return the states that are stable for a player under a concept."""
        return self._set(concept, [player], lambda engine: engine.stable(concept, player))

    def equilibria(self, concept: Concept) -> MixedStateSet:
        """Return the states that are stable for every player under a concept."""
        return self._set(concept, range(len(self.conflict.players)), lambda engine: engine.equilibria(concept))

    def why(self, state: int, player: int, concept: Concept) -> Verdict:
        """Return whether a state is stable for a player under a concept, and why."""
        return self._solved(concept, [player], lambda engine: engine.why(state, player, concept))

    def closed_set(self, state: int, player: int, concept: Concept) -> ClosedSet | None:
        """Return a set that contains the unsanctioned improvements and that no response of the others leaves; None if
        arrays decide the concept.
        """

        def proof(engine: Solver) -> ClosedSet | None:
            return engine.closed_set(state, player, concept) if isinstance(engine, SymbolicSolver) else None

        return self._solved(concept, [player], proof)

    def state(self, number: int) -> State:
        """Return the state with this number."""
        return self._any.state(number)

    def number_of(self, reference: StateReference) -> int:
        """Return the number of the state that a number, a Y/N pattern or a name refers to."""
        return self._any.number_of(reference)

    def ranks(self, decision_maker: int) -> list[int]:
        """Return a decision maker's rank of each state: 1 is best, and tied states share a rank."""
        return self._any.ranks(decision_maker)

    def arcs(self) -> Iterator[Arc]:
        """Yield every unilateral move, player by player."""
        return self._any.arcs()

    def arcs_from(self, state: int, player: int) -> Iterator[Arc]:
        """Yield the moves of a player from one state, for any number of states."""
        return self._any.arcs_from(state, player)
