"""The explicit engine behind the interface of `detente.engine.interface`.

Work is put where it is cheapest: a decision maker's table comes from sweeps over whole arrays, a coalition's from the
sentence read state by state, simultaneity, anticipation and maximin from their own, and explanations of the sentence
always from the sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from operator import ne
from typing import TypeVar

import numpy as np

from detente.concepts import CONCEPTS
from detente.concepts.concept import Concept, Respond
from detente.engine.explicit import definition, fixpoints, maximin
from detente.engine.explicit.anticipation import Anticipation
from detente.engine.explicit.definition import Responses
from detente.engine.explicit.players import Player, players
from detente.engine.explicit.sanctions import ShortestSanctions
from detente.engine.explicit.simultaneous import Simultaneity
from detente.engine.interface import (
    Arc,
    Best,
    Choice,
    Degree,
    Expectation,
    ImprovementMove,
    Nearest,
    Outlook,
    SanctionPath,
    StateSet,
    Step,
    Verdict,
    must_be_defined,
)
from detente.engine.progress import checkpoint, run_interruptibly
from detente.engine.space import Bools, Ints, StateSpace, covering_patterns, ranks
from detente.errors import TooLargeError
from detente.model.conflict import Conflict
from detente.model.preferences import StateReference
from detente.model.questions import Progress, no_progress
from detente.model.states import State

T = TypeVar("T")

#: From so many combinations of options on, one operation on arrays may take longer than anybody waits for an interrupt.
LONG_FROM = 2**14
#: The families of concepts that know how sure a preference is.
_GRADED = ("unknown", "fuzzy", "probabilistic")
_SIMULTANEOUS = (Respond.COMBINATIONS, Respond.IMPROVEMENTS_THEN_COMBINATIONS)
#: Beyond so many states simultaneity, which compares states with states, would take many minutes.
MAX_SIMULTANEOUS = 2**18


def too_many_for_simultaneity(states: int) -> str:
    """Say why simultaneity is not decided for so many states."""
    return (
        f"simultaneous moves are decided by comparing all states with all others, and {states:,} are more than the "
        f"{MAX_SIMULTANEOUS:,} for which that is done"
    )


def listed(states: int) -> Choice:
    """Say why this engine decides a concept for so many states."""
    return Choice("explicit", f"{states:,} states are few enough to list")


#: Decides SIM in another way: by which engine, and for every player where SIM stable; None where it cannot.
SimElsewhere = Callable[[StateSpace], tuple[Choice, Sequence[Bools]] | None]

#: No more moves than this of what is anticipated are told.
MAX_STEPS = 40


@dataclass(frozen=True, eq=False)
class ExplicitStateSet:
    """A set of states as a truth value for each; ``ranks`` says how good each state is for a decision maker."""

    space: StateSpace
    mask: Bools
    ranks: Callable[[int], list[int]]

    @cached_property
    def count(self) -> int:
        """How many states there are in the set."""
        return int(np.count_nonzero(self.mask))

    def __contains__(self, number: object) -> bool:
        return isinstance(number, int) and 1 <= number <= self.mask.size and bool(self.mask[number - 1])

    def numbers(self) -> Iterator[int]:
        """Yield the numbers of the states, ascending."""
        return iter((np.flatnonzero(self.mask) + 1).tolist())

    def patterns(self, most: int) -> tuple[str, ...] | None:
        """Return patterns, no two of which share a state, that cover just the set; None when more than ``most``."""
        chosen = self.mask if self.space.state_of is None else self.mask[self.space.state_of]
        rows = np.array([column[chosen] for column in self.space.columns.values()], dtype=bool)
        return covering_patterns(rows.T.reshape(int(np.count_nonzero(chosen)), len(self.space.columns)), most)

    def nearest(self, state: State, most: int) -> Nearest | None:
        """Return the states of the set that the fewest options tell from one; None when the set is empty."""
        positions = np.flatnonzero(self.mask)
        if not positions.size:
            return None
        distances = self._distances(state, positions)
        least = int(distances.min())
        return Nearest(least, *self._some(positions[distances == least], most))

    def best(self, decision_maker: int, most: int) -> Best:
        """Return the states of the set that a decision maker likes best."""
        positions = np.flatnonzero(self.mask)
        if not positions.size:
            return Best(0, ())
        ranks = np.array(self.ranks(decision_maker))[positions]
        return Best(*self._some(positions[ranks == ranks.min()], most))

    def same_as(self, other: StateSet) -> bool:
        """Tell whether another set of the same solver has the same states."""
        return isinstance(other, ExplicitStateSet) and np.array_equal(self.mask, other.mask)

    def _some(self, positions: Ints, most: int) -> tuple[int, tuple[State, ...]]:
        return int(positions.size), tuple(self.space.state(int(place)) for place in positions[:most])

    def _distances(self, state: State, positions: Ints) -> Ints:
        if self.space.state_of is None:
            far = np.zeros(positions.size, dtype=np.int64)
            for column, letter in zip(self.space.columns.values(), state.pattern, strict=True):
                far += column[positions] != (letter == "Y")
            return far
        # A merged state has letters of its own, so each is written out.
        patterns = (self.space.state(int(place)).pattern for place in positions)
        return np.array([sum(map(ne, pattern, state.pattern)) for pattern in patterns], dtype=np.int64)


class ExplicitSolver:
    """A conflict compiled to arrays."""

    name = "explicit"

    def __init__(self, conflict: Conflict, progress: Progress = no_progress, sim: SimElsewhere | None = None) -> None:
        self.conflict = conflict
        self._progress = progress
        self._sim = sim
        self._stable: dict[tuple[str, int], Bools] = {}
        self._cycling: dict[int, dict[int, int]] = {}
        progress(0.0, "listing the feasible states")
        self._worked(self._compile)

    def _compile(self) -> None:
        self.space, self._ranks = self._arrays()
        makers = len(self.conflict.decision_makers)
        checkpoint((makers + 1) / (makers + 2), "compiling the moves")
        self.players = players(self.space, self._ranks)

    def _arrays(self) -> tuple[StateSpace, dict[str, Ints]]:
        """Return the states, and for every decision maker how good each of them is."""
        space = StateSpace.of(self.conflict)
        found: dict[str, Ints] = {}
        makers = self.conflict.decision_makers
        for number, maker in enumerate(makers, start=1):
            checkpoint(number / (len(makers) + 2), f"ranking the states for {maker.label} ({number})")
            found[maker.id] = ranks(space, maker.preferences)
        return space, found

    def _worked(self, work: Callable[[], T]) -> T:
        """Do work that may take long in a thread, so that an interrupt is heard at once; little work right here."""
        if 1 << len(self.conflict.options) < LONG_FROM:
            return work()
        return run_interruptibly(work, self._progress)

    @property
    def count(self) -> int:
        """How many feasible states there are."""
        return self.space.count

    def refuses(self, concept: Concept) -> str | None:
        """Return why a concept cannot be decided for a conflict of this size; None when it can."""
        if concept.respond in _SIMULTANEOUS and self.space.members > MAX_SIMULTANEOUS:
            return too_many_for_simultaneity(self.space.members)
        return None

    def choice(self, concept: Concept) -> Choice:
        """Return which engine decides a concept, and why."""
        found = self._sim_found if concept.respond is Respond.COMBINATIONS else None
        return found[0] if found else listed(self.count)

    def mask(self, concept: Concept, player: int) -> Bools:
        """Return a truth value for every state: whether it is stable for a player under a concept."""
        return self._mask(concept, player)

    def stable(self, concept: Concept, player: int) -> ExplicitStateSet:
        """Return the states that are stable for a player under a concept."""
        return ExplicitStateSet(self.space, self._mask(concept, player), self.ranks)

    def equilibria(self, concept: Concept) -> ExplicitStateSet:
        """Return the states that are stable for every player under a concept."""
        masks = [self._mask(concept, player) for player in range(len(self.players))]
        return ExplicitStateSet(self.space, np.logical_and.reduce(masks), self.ranks)

    def count_within(self, pattern: str) -> int:
        """Return how many feasible states a pattern describes."""
        return int(np.count_nonzero(self.space.like(pattern)))

    def equilibria_within(self, concept: Concept, pattern: str) -> ExplicitStateSet:
        """Return the equilibria among the states that a pattern describes; all states are decided for it."""
        found = self.equilibria(concept).mask & self.space.like(pattern)
        return ExplicitStateSet(self.space, found, self.ranks)

    def state(self, number: int) -> State:
        """Return the state with this number."""
        return self.space.state(number - 1)

    def number_of(self, reference: StateReference) -> int:
        """Return the number of the state that a number, a Y/N pattern or a name refers to."""
        return self.space.position_of(reference) + 1

    def ranks(self, decision_maker: int) -> list[int]:
        """Return for every state its rank for a decision maker: 1 is best, and ties share a rank."""
        rank = self._ranks[self.conflict.decision_makers[decision_maker].id]
        return [int(value) for value in rank.max() + 1 - rank]

    def arcs(self) -> Iterator[Arc]:
        """Yield every unilateral move, player by player."""
        for place in range(len(self.players)):
            for number in range(1, self.count + 1):
                yield from self.arcs_from(number, place)

    def arcs_from(self, state: int, player: int) -> Iterator[Arc]:
        """Yield the moves of a player from one state, however many states there are."""
        mover = self.players[player]
        targets = mover.moves.targets(state - 1)
        for target, better in zip(targets, mover.better(state - 1, targets), strict=True):
            yield Arc(player, state, int(target) + 1, bool(better))

    def why(self, state: int, player: int, concept: Concept) -> Verdict:
        """Return whether the numbered state is stable for a player under a concept, and why."""
        must_be_defined(concept, self.conflict)
        position = state - 1
        if concept.respond is Respond.ANTICIPATED:
            return self._anticipated(position, player, concept)
        tempting = definition.tempting(concept, position, player, self.players)
        deterred = self._sanctions(concept, position, player, tempting)
        improvements = tuple(
            ImprovementMove(self.space.state(end), deterred(end), self._degrees(concept, player, position, end))
            for end in map(int, tempting)
        )
        stable = all(improvement.sanction for improvement in improvements)
        return Verdict(self.space.state(position), player, concept, stable, improvements)

    def cycling(self, concept: Concept, player: int) -> dict[int, int]:
        """Return the states for which a concept has no verdict for a player, with the length of the cycle."""
        if not concept.may_cycle:
            return {}
        must_be_defined(concept, self.conflict)
        if player not in self._cycling:
            found = np.flatnonzero(self._anticipation.settled[player][1]).tolist()
            self._cycling[player] = {state + 1: len(self._anticipation.repeated(player, state)) for state in found}
        return self._cycling[player]

    def _anticipated(self, position: int, player: int, concept: Concept) -> Verdict:
        """Return a verdict by what is anticipated: with one horizon, or with all those that repeat for ever."""
        state = self.space.state(position)
        if concept.horizon is not None:
            expected = self._expectation(position, player, concept.horizon)
            return Verdict(state, player, concept, not expected.leaves, (), expected)
        horizons = self._anticipation.repeated(player, position)
        outlook = Outlook(horizons.start, tuple(self._expectation(position, player, horizon) for horizon in horizons))
        stable = None if outlook.cycles else not outlook.repeated[0].leaves
        return Verdict(state, player, concept, stable, (), outlook)

    def _expectation(self, position: int, player: int, horizon: int) -> Expectation:
        steps, end = self._anticipation.path(player, position, horizon, MAX_STEPS)
        leaves = not self._anticipation.stable(player, horizon)[position]
        return Expectation(horizon, self._steps(steps), self.space.state(end), leaves)

    def _mask(self, concept: Concept, player: int) -> Bools:
        key = (concept.id, player)
        if key not in self._stable:
            self._stable[key] = self._worked(lambda: self._decided(concept, player))
        return self._stable[key]

    def _decided(self, concept: Concept, player: int) -> Bools:
        must_be_defined(concept, self.conflict)
        reason = self.refuses(concept)
        if reason:
            raise TooLargeError(reason)
        if concept.respond is Respond.ANTICIPATED:
            if concept.horizon is None:
                return self._anticipation.settled[player][0]
            return self._anticipation.stable(player, concept.horizon)
        if concept.respond is Respond.ALTERNATING:
            return maximin.stable(concept.horizon or 1, player, self.players)
        if len(self.players) == 1:
            # Nobody can answer, at the same time or later.
            concept = replace(concept, respond=Respond.NOBODY)
        if concept.respond is Respond.COMBINATIONS:
            if self._sim_found:
                return self._sim_found[1][player]
            starts, _, deterred = self._simultaneity.sanctioned(player)
            return self._without(starts[~deterred])
        if concept.respond is Respond.IMPROVEMENTS_THEN_COMBINATIONS:
            return self._sequential_then_simultaneous(player)
        if fixpoints.serves(concept, player, self.players):
            return fixpoints.stable(concept, player, self.players)
        return definition.stable(concept, player, self.players, self._answers)

    def _without(self, unstable: Ints) -> Bools:
        mask = np.ones(self.count, dtype=bool)
        mask[unstable] = False
        return mask

    @cached_property
    def _answers(self) -> Responses:
        return Responses(self.players)

    @cached_property
    def _anticipation(self) -> Anticipation:
        return Anticipation(self.players)

    @cached_property
    def _simultaneity(self) -> Simultaneity:
        return Simultaneity(self.space, self.players)

    @cached_property
    def _sim_found(self) -> tuple[Choice, Sequence[Bools]] | None:
        return self._sim(self.space) if self._sim and len(self.players) > 1 else None

    @cached_property
    def _contested(self) -> list[Bools]:
        """For every player the states at which it and somebody else are unstable by SEQ."""
        unstable = [~self._mask(CONCEPTS["seq"], place) for place in range(len(self.players))]
        two_or_more = np.sum(unstable, axis=0) >= 2
        return [mask & two_or_more for mask in unstable]

    def _sequential_then_simultaneous(self, player: int) -> Bools:
        stable = self._mask(CONCEPTS["seq"], player).copy()
        contested = self._contested[player]
        starts, ends, deterred = self._simultaneity.sanctioned(player, self._contested)
        asked = contested[starts] & ~deterred
        starts, ends = starts[asked], ends[asked]
        seq = CONCEPTS["seq"]
        if fixpoints.serves(seq, player, self.players):
            deterrent = fixpoints.worst_outcomes(seq, player, self.players)
            tempting = starts[deterrent[ends] > self.players[player].rank[starts]]
        else:
            tempting = starts[~self._sanctioned_in_turn(player, starts, ends)]
        stable[contested] = True
        stable[tempting] = False
        return stable

    def _sanctioned_in_turn(self, player: int, starts: Ints, ends: Ints) -> Bools:
        """Tell of improvements, one by one, whether a sequence of the others' improvements sanctions them."""
        seq, answers = CONCEPTS["seq"], self._answers
        pairs = zip(starts.tolist(), ends.tolist(), strict=True)
        found = [definition.sanction(seq, *pair, player, self.players, answers) for pair in pairs]
        return np.array(found, dtype=bool)

    def _sequences(
        self, concept: Concept, state: int, player: int, improvements: Ints
    ) -> Callable[[int], SanctionPath | None]:
        """Return what finds the answers in turn that deter from improvements on a state."""
        deterrence = ShortestSanctions(concept, state, player, self.players, self._answers, improvements)

        def found(improvement: int) -> SanctionPath | None:
            steps = deterrence.answer(improvement)
            if steps is None:
                return None
            end = steps[-1][1]
            answers = int(self.players[player].moves.targets(end).size) if concept.answers else None
            degrees = self._degrees(concept, player, state, end)
            return SanctionPath(self._steps(steps), self.space.state(end), answers=answers, degrees=degrees)

        return found

    def _degrees(self, concept: Concept, player: int, start: int, end: int) -> tuple[Degree, ...]:
        if concept.family not in _GRADED:
            return ()
        return tuple(
            Degree(view.maker.id, bool(view.unknown(start, end)), view.chance(start, end), view.strength(start, end))
            for view in self.players[player].views
        )

    def _held_down(self, horizon: int, state: int, player: int) -> Callable[[int], SanctionPath | None]:
        """Return what finds the line of play that holds a player down after an improvement, within a horizon."""
        security = maximin.security_level(state, player, self.players)

        def found(improvement: int) -> SanctionPath | None:
            steps, end = security.line(improvement, horizon)
            if self.players[player].better(state, end):
                return None
            return SanctionPath(self._steps(steps), self.space.state(end))

        return found

    def _sanctions(
        self, concept: Concept, state: int, player: int, improvements: Ints
    ) -> Callable[[int], SanctionPath | None]:
        """Return what finds the sanction of each of the improvements on a state."""
        if concept.respond is Respond.ALTERNATING:
            return self._held_down(concept.horizon or 1, state, player)
        if concept.respond is Respond.COMBINATIONS:
            return self._combined(state, player, None)
        if concept.respond is not Respond.IMPROVEMENTS_THEN_COMBINATIONS:
            return self._sequences(concept, state, player, improvements)
        by_sequence = self._sequences(CONCEPTS["seq"], state, player, improvements)
        if not self._contested[player][state]:
            return by_sequence
        combined = self._combined(state, player, self._contested)
        return lambda improvement: by_sequence(improvement) or combined(improvement)

    def _combined(self, state: int, player: int, among: Sequence[Bools] | None) -> Callable[[int], SanctionPath | None]:
        """Return what finds the moves at the same time that deter from an improvement on a state."""
        witness = self._simultaneity.witnesses(player, state, among)

        def found(improvement: int) -> SanctionPath | None:
            moved = witness(improvement)
            return moved and SanctionPath(self._steps(moved[0]), self.space.state(moved[1]), simultaneous=True)

        return found

    def _steps(self, steps: list[tuple[int, int]]) -> tuple[Step, ...]:
        return tuple(Step(player, self.space.state(state)) for player, state in steps)


__all__ = ["ExplicitSolver", "ExplicitStateSet", "Player"]
