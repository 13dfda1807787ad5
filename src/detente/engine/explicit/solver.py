"""The general explicit solver: a conflict compiled to arrays, behind the interface of `detente.engine.interface`.

Theory of operation. Each part of the work uses the cheapest method. A single decision maker's stable states come from
sweeps over whole arrays (`fixpoints`), a coalition's from the definition applied state by state (`definition`).
Simultaneity, anticipation and maximin have their own modules. Explanations use a shortest response to each improvement
(`sanctions`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from operator import ne
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from detente.concepts import CONCEPTS, Concept, Respond
from detente.engine.explicit import fixpoints
from detente.engine.explicit.players import Player, players_of
from detente.engine.explicit.simultaneous import Simultaneity
from detente.engine.interface import Arc, Best, Choice, ListingSolver, Nearest, StateSet
from detente.engine.progress import checkpoint, run_interruptibly
from detente.engine.space import Bools, Ints, StateSpace, covering_patterns
from detente.errors import TooLargeError
from detente.lazy import dataclass, lazy
from detente.limits import MAX_SIMULTANEOUS
from detente.model.conflict import Conflict
from detente.model.preferences import StateReference
from detente.model.questions import Progress, no_progress
from detente.model.states import State

if TYPE_CHECKING:
    from detente.engine import verdicts
    from detente.engine.explicit import anticipation, definition, graded, maximin, sanctions
else:
    anticipation = lazy("detente.engine.explicit.anticipation")
    definition = lazy("detente.engine.explicit.definition")
    graded = lazy("detente.engine.explicit.graded")
    maximin = lazy("detente.engine.explicit.maximin")
    sanctions = lazy("detente.engine.explicit.sanctions")
    verdicts = lazy("detente.engine.verdicts")

_T = TypeVar("_T")

#: Number of combinations of options from which an array operation may delay an interrupt noticeably.
LONG_FROM = 2**14
#: The families of concepts that use the certainty of a preference.
_GRADED = ("unknown", "fuzzy", "probabilistic")
#: Maximum number of anticipated moves that a verdict lists.
MAX_STEPS = 40

#: Decides SIM in another way: returns the choice and each player's SIM stable states, or None if it cannot.
SimElsewhere = Callable[[StateSpace, Sequence[Player]], tuple[Choice, Sequence[Bools]] | None]


def choice_of_listing(count: int) -> Choice:
    """Return the choice of the explicit engine for so many states."""
    return Choice("explicit", f"{count:,} states are few enough to list")


@dataclass(frozen=True, eq=False)
class ExplicitStateSet(StateSet):
    """A set of states as a mask; ``ranks`` returns a decision maker's rank of each state."""

    space: StateSpace
    mask: Bools
    ranks: Callable[[int], list[int]]

    @cached_property
    def count(self) -> int:
        """The number of states in the set."""
        return int(np.count_nonzero(self.mask))

    def __contains__(self, number: object) -> bool:
        return isinstance(number, int) and 1 <= number <= self.mask.size and bool(self.mask[number - 1])

    def numbers(self) -> Iterator[int]:
        """Yield the numbers of the states, ascending."""
        return iter((np.flatnonzero(self.mask) + 1).tolist())

    def common(self, others: Sequence[StateSet]) -> Iterator[int]:
        """Yield the numbers of the states that are in this set and in others of the same solver, ascending."""
        masks = [one.mask for one in others if isinstance(one, ExplicitStateSet)]
        return iter((np.flatnonzero(np.logical_and.reduce([self.mask, *masks])) + 1).tolist())

    def patterns(self, most: int) -> tuple[str, ...] | None:
        """Return disjoint patterns that cover exactly the set; None if more than ``most`` are needed."""
        chosen = self.mask if self.space.state_of is None else self.mask[self.space.state_of]
        rows = np.array([column[chosen] for column in self.space.columns.values()], dtype=bool)
        return covering_patterns(rows.T.reshape(int(np.count_nonzero(chosen)), len(self.space.columns)), most)

    def nearest(self, state: State, most: int) -> Nearest | None:
        """Return the states that differ from a state in the fewest options; None if the set is empty."""
        positions = np.flatnonzero(self.mask)
        if self.space.state_of is None:
            distances = np.zeros(positions.size, dtype=np.int64)
            for column, letter in zip(self.space.columns.values(), state.pattern, strict=True):
                distances += column[positions] != (letter == "Y")
        else:
            # A merged state's pattern has dashes, so it is compared letter by letter.
            patterns = (self.space.state(place).pattern for place in positions.tolist())
            distances = np.array([sum(map(ne, pattern, state.pattern)) for pattern in patterns], dtype=np.int64)
        return Nearest(int(distances.min()), *self._least(distances, most)) if positions.size else None

    def best(self, decision_maker: int, most: int) -> Best:
        """Return the states of the set that a decision maker prefers most."""
        return Best(*self._least(np.array(self.ranks(decision_maker))[self.mask], most)) if self.count else Best(0, ())

    def same_as(self, other: StateSet) -> bool:
        """Tell whether another set of the same solver has the same states."""
        return isinstance(other, ExplicitStateSet) and np.array_equal(self.mask, other.mask)

    def _least(self, measures: Ints, most: int) -> tuple[int, tuple[State, ...]]:
        """Return the number of states of the set with the smallest measure, and the first of them."""
        positions = np.flatnonzero(self.mask)[measures == measures.min()]
        return positions.size, tuple(self.space.state(place) for place in positions[:most].tolist())


class ExplicitSolver(ListingSolver):
    """A conflict compiled to arrays."""

    name = "explicit"
    players: list[Player]
    _ranks: dict[str, Ints]

    def __init__(
        self,
        conflict: Conflict,
        progress: Progress = no_progress,
        sim: SimElsewhere | None = None,
        space: StateSpace | None = None,
    ) -> None:
        self.conflict = conflict
        self._known = space
        self._progress = progress
        self._sim = sim
        self._masks: dict[tuple[str, int], Bools] = {}
        self._cycling: dict[int, dict[int, int]] = {}
        progress(0.0, "listing the feasible states")
        self._run(self._compile)

    def _compile(self) -> None:
        self.space = self._known or StateSpace.of(self.conflict)
        makers = self.conflict.decision_makers
        ranks = {}
        for number, maker in enumerate(makers, start=1):
            checkpoint(number / (len(makers) + 2), f"ranking the states for {maker.label} ({number})")
            ranks[maker.id] = self.space.ranks(maker.preferences)
        checkpoint((len(makers) + 1) / (len(makers) + 2), "compiling the moves")
        self._ranks, self.players = ranks, players_of(self.space, ranks)

    def _run(self, work: Callable[[], _T]) -> _T:
        """Run work in a thread if it may take long, so that it can be interrupted; short work runs directly."""
        if 1 << len(self.conflict.options) < LONG_FROM:
            return work()
        return run_interruptibly(work, self._progress)

    def with_preferences(self, conflict: Conflict) -> ExplicitSolver:
        """Return the solver of the same conflict with other preferences; states and listed moves are found once."""
        return ExplicitSolver(conflict, sim=self._sim, space=self.space.with_preferences(conflict))

    @property
    def count(self) -> int:
        """The number of feasible states."""
        return self.space.count

    def refuses(self, concept: Concept) -> str | None:
        """Return why a concept cannot be decided for a conflict of this size; None if it can."""
        if self.space.members <= MAX_SIMULTANEOUS:
            return None
        if concept.respond is Respond.COMBINATIONS and self._run(lambda: self._sim_found):
            return None
        if concept.respond in (Respond.COMBINATIONS, Respond.IMPROVEMENTS_THEN_COMBINATIONS):
            return (
                f"simultaneous moves are decided by comparing all states with each other; the limit is "
                f"{MAX_SIMULTANEOUS:,} states, and the conflict has {self.space.members:,}"
            )
        return None

    def choice(self, concept: Concept) -> Choice:
        """Return the engine that decides a concept, and the reason."""
        if concept.respond is Respond.COMBINATIONS and self._sim_found:
            return self._sim_found[0]
        return choice_of_listing(self.count)

    def stable(self, concept: Concept, player: int) -> ExplicitStateSet:
        """Return the states that are stable for a player under a concept."""
        return ExplicitStateSet(self.space, self.mask(concept, player), self.ranks)

    def equilibria(self, concept: Concept) -> ExplicitStateSet:
        """Return the states that are stable for every player under a concept."""
        masks = [self.mask(concept, player) for player in range(len(self.players))]
        return ExplicitStateSet(self.space, np.logical_and.reduce(masks), self.ranks)

    def state(self, number: int) -> State:
        """Return the state with this number."""
        return self.space.state(number - 1)

    def pattern(self, number: int) -> str:
        """Return the pattern of the state with this number."""
        return self.space.member_pattern(number - 1) if self.space.state_of is None else self.state(number).pattern

    def letters(self, numbers: Sequence[int]) -> str:
        """Return the patterns of the states with these numbers, one after the other."""
        if self.space.state_of is not None:
            return super().letters(numbers)
        return self.space.letters_of(np.array(numbers, dtype=np.int64) - 1)

    def number_of(self, reference: StateReference) -> int:
        """Return the number of the state that a number, a Y/N pattern or a name refers to."""
        return self.space.position_of(reference) + 1

    def ranks(self, decision_maker: int) -> list[int]:
        """Return a decision maker's rank of each state: 1 is best, and tied states share a rank."""
        rank = self._ranks[self.conflict.decision_makers[decision_maker].id]
        found: list[int] = (rank.max() + 1 - rank).tolist()
        return found

    def arcs_from(self, state: int, player: int) -> Iterator[Arc]:
        """Yield the moves of a player from one state, for any number of states."""
        mover = self.players[player]
        targets = mover.moves.targets(state - 1)
        for target, better in zip(targets.tolist(), mover.better(state - 1, targets).tolist(), strict=True):
            yield Arc(player, state, target + 1, better)

    def moves(self, player: int) -> tuple[Ints, Ints, Bools]:
        """Return every move of a player: the places of its start and of its end, and whether it is an improvement."""
        starts, ends = self._responses.arcs(player, None)
        return starts, ends, self.players[player].better(starts, ends)

    # Deciding all states.

    def mask(self, concept: Concept, player: int) -> Bools:
        """Return for each state whether it is stable for a player under a concept."""
        key = (concept.id, player)
        if key not in self._masks:
            self._masks[key] = self._run(lambda: self._decided(concept, player))
        return self._masks[key]

    def _decided(self, concept: Concept, player: int) -> Bools:
        concept.must_be_defined(self.conflict)
        if reason := self.refuses(concept):
            raise TooLargeError(reason)
        if concept.respond is Respond.ANTICIPATED:
            if concept.horizon is None:
                return self._anticipation.settled[player][0]
            return self._anticipation.stable(player, concept.horizon)
        if concept.respond is Respond.ALTERNATING:
            return maximin.maximin_stable(concept.horizon or 1, player, self.players)
        if len(self.players) == 1:
            # There is no other player, so no response at the same time or later.
            concept = replace(concept, respond=Respond.NOBODY)
        if concept.respond is Respond.COMBINATIONS:
            if self._sim_found:
                return self._sim_found[1][player]
            starts, _, deterred = self._simultaneity.sanctioned(player)
            return np.asarray(np.bincount(starts[~deterred], minlength=self.count) == 0)
        if concept.respond is Respond.IMPROVEMENTS_THEN_COMBINATIONS:
            return self._sequential_then_simultaneous(player)
        plain = fixpoints.ungraded(concept, player, self.players)
        if fixpoints.serves(plain, player, self.players):
            return fixpoints.stable_by_sweeps(plain, player, self.players)
        if self._graded.serves(concept, player):
            return self._graded.stable(concept, player)
        return definition.stable_by_definition(concept, player, self._responses)

    @cached_property
    def _responses(self) -> definition.Responses:
        return definition.Responses(self.players)

    @cached_property
    def _graded(self) -> graded.Graded:
        return graded.Graded(self._responses)

    @cached_property
    def _anticipation(self) -> anticipation.Anticipation:
        return anticipation.Anticipation(self.players)

    @cached_property
    def _simultaneity(self) -> Simultaneity:
        return Simultaneity(self.space, self.players)

    @cached_property
    def _sim_found(self) -> tuple[Choice, Sequence[Bools]] | None:
        return self._sim(self.space, self.players) if self._sim and len(self.players) > 1 else None

    @cached_property
    def _unstable_together(self) -> list[Bools]:
        """For each player the states at which it and another player are unstable by SEQ."""
        unstable = [~self.mask(CONCEPTS["seq"], place) for place in range(len(self.players))]
        two_or_more = np.sum(unstable, axis=0) >= 2
        return [mask & two_or_more for mask in unstable]

    def _sequential_then_simultaneous(self, player: int) -> Bools:
        seq, unstable_together = CONCEPTS["seq"], self._unstable_together[player]
        stable = self.mask(seq, player) | unstable_together
        starts, ends, deterred = self._simultaneity.sanctioned(player, self._unstable_together)
        asked = unstable_together[starts] & ~deterred
        starts, ends = starts[asked], ends[asked]
        if fixpoints.serves(seq, player, self.players):
            rank = self.players[player].rank
            tempting = fixpoints.lowest_worth(seq, player, self.players, rank)[ends] > rank[starts]
        else:
            shortest = [
                sanctions.ShortestSanctions(seq, start, player, self._responses, np.array([end])).path(end)
                for start, end in zip(starts.tolist(), ends.tolist(), strict=True)
            ]
            tempting = np.array([path is None for path in shortest], dtype=bool)
        stable[starts[tempting]] = False
        return stable

    # Explaining one state.

    def why(self, state: int, player: int, concept: Concept) -> verdicts.Verdict:
        """Return whether the numbered state is stable for a player under a concept, and why."""
        concept.must_be_defined(self.conflict)
        position = state - 1
        if concept.respond is Respond.ANTICIPATED:
            return self._anticipated(position, player, concept)
        ends = definition.improvements(concept, position, player, self.players)
        sanction_of = self._sanctions(concept, position, player, ends)
        improvements = tuple(
            verdicts.ImprovementMove(
                self.space.state(end), sanction_of(end), self._degrees(concept, player, position, end)
            )
            for end in ends.tolist()
        )
        stable = all(improvement.sanction for improvement in improvements)
        return verdicts.Verdict(self.space.state(position), player, concept, stable, improvements)

    def _sanctions(
        self, concept: Concept, state: int, player: int, improvements: Ints
    ) -> Callable[[int], verdicts.SanctionPath | None]:
        """Return a function that finds the sanction of an improvement from a state."""
        if concept.respond is Respond.ALTERNATING:
            return self._line_of_play(concept.horizon or 1, state, player)
        if concept.respond is Respond.COMBINATIONS:
            return self._combination(state, player, None)
        if concept.respond is not Respond.IMPROVEMENTS_THEN_COMBINATIONS:
            return self._sequence(concept, state, player, improvements)
        by_sequence = self._sequence(CONCEPTS["seq"], state, player, improvements)
        if not self._unstable_together[player][state]:
            return by_sequence
        combined = self._combination(state, player, self._unstable_together)
        return lambda improvement: by_sequence(improvement) or combined(improvement)

    def _sequence(
        self, concept: Concept, state: int, player: int, improvements: Ints
    ) -> Callable[[int], verdicts.SanctionPath | None]:
        """Return a function that finds a sequence of responses that deters an improvement from a state."""
        shortest = sanctions.ShortestSanctions(concept, state, player, self._responses, improvements)

        def found(improvement: int) -> verdicts.SanctionPath | None:
            steps = shortest.path(improvement)
            if steps is None:
                return None
            end = steps[-1][1]
            answers = int(self.players[player].moves.targets(end).size) if concept.counter_move else None
            degrees = self._degrees(concept, player, state, end)
            return verdicts.SanctionPath(self._steps(steps), self.space.state(end), answers=answers, degrees=degrees)

        return found

    def _combination(
        self, state: int, player: int, among: Sequence[Bools] | None
    ) -> Callable[[int], verdicts.SanctionPath | None]:
        """Return a function that finds simultaneous improvements that deter an improvement from a state."""
        witness = self._simultaneity.witnesses(player, state, among)

        def found(improvement: int) -> verdicts.SanctionPath | None:
            moved = witness(improvement)
            return moved and verdicts.SanctionPath(self._steps(moved[0]), self.space.state(moved[1]), simultaneous=True)

        return found

    def _line_of_play(self, horizon: int, state: int, player: int) -> Callable[[int], verdicts.SanctionPath | None]:
        """Return a function that finds the play by which the others limit a player after an improvement."""
        security = maximin.security_level(state, player, self.players)

        def found(improvement: int) -> verdicts.SanctionPath | None:
            steps, end = security.line(improvement, horizon)
            if self.players[player].better(state, end):
                return None
            return verdicts.SanctionPath(self._steps(steps), self.space.state(end))

        return found

    def _degrees(self, concept: Concept, player: int, start: int, end: int) -> tuple[verdicts.Degree, ...]:
        if concept.family not in _GRADED:
            return ()
        return tuple(
            verdicts.Degree(
                view.maker.id, bool(view.unknown(start, end)), view.chance(start, end), view.strength(start, end)
            )
            for view in self.players[player].views
        )

    def _steps(self, steps: Sequence[tuple[int, int]]) -> tuple[verdicts.Step, ...]:
        return tuple(verdicts.Step(player, self.space.state(state)) for player, state in steps)

    # Looking ahead.

    def cycling(self, concept: Concept, player: int) -> dict[int, int]:
        """Return the states for which a concept has no verdict for a player, each with the length of the cycle."""
        if not concept.may_cycle:
            return {}
        concept.must_be_defined(self.conflict)
        if player not in self._cycling:
            found = np.flatnonzero(self._anticipation.settled[player][1]).tolist()
            self._cycling[player] = {state + 1: len(self._anticipation.repeated(player, state)) for state in found}
        return self._cycling[player]

    def _anticipated(self, position: int, player: int, concept: Concept) -> verdicts.Verdict:
        """Return a verdict by anticipation: with one horizon, or with all horizons of the cycle."""
        state = self.space.state(position)
        if concept.horizon is not None:
            expected = self._expectation(position, player, concept.horizon)
            return verdicts.Verdict(state, player, concept, not expected.leaves, (), expected)
        horizons = self._anticipation.repeated(player, position)
        repeated = tuple(self._expectation(position, player, horizon) for horizon in horizons)
        outlook = verdicts.Outlook(horizons.start, repeated)
        stable = None if outlook.cycles else not repeated[0].leaves
        return verdicts.Verdict(state, player, concept, stable, (), outlook)

    def _expectation(self, position: int, player: int, horizon: int) -> verdicts.Expectation:
        steps, end = self._anticipation.path(player, position, horizon, MAX_STEPS)
        leaves = not self._anticipation.stable(player, horizon)[position]
        return verdicts.Expectation(horizon, self._steps(steps), self.space.state(end), leaves)
