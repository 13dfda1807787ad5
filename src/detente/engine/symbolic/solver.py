"""The symbolic engine behind the interface of `detente.engine.interface`: a conflict compiled to decision diagrams.

A set of stable states is computed when it is used. Whether one state is in it is decided for that state alone, by one
fixed point for each player; the whole set can take one for each rank.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import islice
from operator import and_
from typing import TypeVar

from oxidd.util import DDMemoryError

from detente.concepts import CONCEPTS, Concept, Respond
from detente.engine.interface import Arc, Choice, Solver
from detente.engine.progress import OverBudgetError, TimeLimitError, checkpoint, run_interruptibly
from detente.engine.symbolic.diagrams import NODE_BYTES, Diagram, Diagrams, nodes_that_fit, ordered_options
from detente.engine.symbolic.explanation import MAX_IMPROVEMENTS, Explainer
from detente.engine.symbolic.fixpoints import FixedPoints
from detente.engine.symbolic.movers import Mover, coalition_of
from detente.engine.symbolic.sets import WHOLE_UP_TO, SymbolicStateSet
from detente.engine.symbolic.simultaneous import JointImprovements
from detente.engine.symbolic.space import Space, digits, max_digits
from detente.engine.verdicts import ClosedSet, Verdict
from detente.errors import TooLargeError
from detente.model.conflict import Conflict
from detente.model.preferences import StateReference
from detente.model.questions import Progress, no_progress
from detente.model.states import State

_T = TypeVar("_T")

#: Time limit for computing a set of states, in seconds; for more options than `MANY_OPTIONS` and concepts that the user
#: did not name; and for each thing that is said of a set after that limit.
PATIENCE, SHORT_PATIENCE, AFTERWARDS = 600.0, 60.0, 60.0
#: Number of options from which a set that takes a minute is not expected within ten.
MANY_OPTIONS = 80
#: Maximum number of states that are decided by themselves after the limit: the status quo and named states.
MAX_DECIDED = 4
#: Nodes beyond a budget, for naming states and describing sets that are decided already.
HEADROOM = 2**18
#: Weaker concepts that a concept implies: they are decided first, because they narrow the states left to decide.
IMPLIED = {"smr": ("gmr",), "seq": ("gmr",), "sseq": ("smr", "seq")}
#: Players are ordered by the number of ranks left to decide, counted up to this number.
MAX_COUNTED_RANKS = 256


@dataclass
class Budget:
    """What diagrams may cost before the caller decides in another way.

    Attributes
    ----------
    capacity
        The number of nodes that are allocated at most.
    nodes
        The number of nodes that may have been made; the caller may raise it up to the capacity.
    until
        The processor time at which work ends, in seconds; a safeguard, because times differ from run to run.
    any_rank
        Whether so many ranks that the rank becomes extra variables may be tried: it takes long for all but the most
        regular preferences.
    """

    capacity: int
    nodes: int
    until: float = math.inf
    any_rank: bool = True


class SymbolicSolver(Solver):
    """A conflict compiled to decision diagrams.

    With a ``budget``, work that exceeds it ends with `OverBudgetError`.
    """

    name = "symbolic"

    def __init__(
        self,
        conflict: Conflict,
        progress: Progress = no_progress,
        most_nodes: int | None = None,
        patience: float = PATIENCE,
        budget: Budget | None = None,
    ) -> None:
        self.conflict = conflict
        self._budget = budget
        self._progress = progress
        self._patience = patience
        progress(0.0, "drawing the decision diagrams")
        if budget is not None:
            most_nodes = min(budget.capacity + HEADROOM, nodes_that_fit())
        self.diagrams = Diagrams(ordered_options(conflict), max_digits(conflict), most_nodes)
        self._sets: dict[tuple[str, int | None], SymbolicStateSet] = {}
        self._stable: dict[tuple[str, int], Diagram] = {}
        self._equilibria: dict[str, Diagram] = {}
        #: By concept, the states that can still be equilibria: each player is asked about those that the others left.
        self._left: dict[str, Diagram] = {}
        self._run(self._compile)

    def _compile(self) -> None:
        self.space = Space(self.conflict, self.diagrams)
        space = self.space
        self._makers = {
            maker.id: Mover.of(space, self.conflict, maker.id, digits(space, self.conflict, maker.preferences))
            for maker in self.conflict.decision_makers
        }
        self.movers = [coalition_of(space, [self._makers[id] for id in members]) for members in self.conflict.players]
        self._deciding = FixedPoints(space, self.movers, self._budget is None or self._budget.any_rank)
        self._simultaneity = JointImprovements(space, self.movers)
        self._explaining = Explainer(self.space, self._deciding, self._simultaneity, self._unstable_together)

    def _run(self, work: Callable[[], _T], seconds: float = math.inf) -> _T:
        """Run work on diagrams; raise `TooLargeError` if it exceeds the memory or the time limit."""
        try:
            return run_interruptibly(work, self._progress, seconds, self._watch)
        except DDMemoryError:
            if self._budget is not None:
                raise OverBudgetError(f"decision diagrams would need over {self.diagrams.nodes:,} nodes") from None
            reason = (
                f"the decision diagrams outgrew {self.diagrams.nodes:,} nodes, about "
                f"{self.diagrams.nodes * NODE_BYTES / 2**30:.1f} GiB"
            )
        except TimeLimitError:
            reason = f"the answer was not found within {seconds:,.0f} seconds"
        raise TooLargeError(f"{reason}. Ask for fewer concepts, or for one state with 'detente explain'")

    def _watch(self) -> None:
        """End work that exceeds the budget."""
        budget = self._budget
        if budget is None:
            return
        if self.diagrams.made > budget.nodes or not self.diagrams.has_room:
            raise OverBudgetError(f"decision diagrams would need over {budget.nodes:,} nodes")
        if time.process_time() > budget.until:
            raise OverBudgetError("decision diagrams take too long")

    def _decide_set(self, decide: Callable[[], Diagram], concept: Concept, player: int | None) -> Diagram:
        """Compute a set; if that fails, add to the error what is known about the set."""
        try:
            return self._run(decide, self._patience)
        except TooLargeError as error:
            if player is not None:
                raise
            known = [self._bounds_sentence(concept), *self._states_sentences(concept)]
            told = " ".join(filter(None, known))
            raise TooLargeError(
                f"{concept.title}: {told or 'nothing is known.'} Undecided beyond that: {error}"
            ) from None

    def _bounds_sentence(self, concept: Concept) -> str:
        """Return a sentence with bounds on the number of equilibria, from the concepts decided so far."""

        def decide() -> tuple[int, int]:
            least, most = self._equilibria_of(CONCEPTS["nash"]), self.space.feasible
            players = range(len(self.movers))
            for id in (*IMPLIED.get(concept.id, ()), concept.id):
                most = most & self._left.get(id, most)
                for stable in (self._stable[id, place] for place in players if (id, place) in self._stable):
                    most = most & stable
            return self.space.counted(least), self.space.counted(most)

        try:
            least, most = self._run(decide, AFTERWARDS)
        except TooLargeError:
            return ""
        if least:
            there = f"There are at least {least:,} equilibria (those of Nash)"
        elif most:
            there = "Whether there is an equilibrium is not known"
        else:
            return "There are no equilibria."
        return f"{there}, and at most {most:,}."

    def _states_sentences(self, concept: Concept) -> Iterator[str]:
        """Say of the status quo and of some named states whether they are equilibria, if that can be decided soon."""
        conflict, asked = self.conflict, dict[frozenset[str], str]()
        if conflict.status_quo:
            asked[frozenset(conflict.status_quo.taken)] = "The status quo"
        for named in conflict.states:
            asked.setdefault(frozenset(named.taken), f"\u2018{named.name}\u2019")
        feasible = [one for one in asked if self.diagrams.contains(self.space.feasible, one)]
        for taken in feasible[:MAX_DECIDED]:
            yield self._state_sentence(concept, taken, asked[taken])

    def _state_sentence(self, concept: Concept, taken: frozenset[str], name: str) -> str:
        def decide() -> bool:
            return self._is_in(concept, range(len(self.movers)), self.space.state_with(taken))

        try:
            holds = self._run(decide, AFTERWARDS)
        except TooLargeError:
            return f"Whether {name[0].lower()}{name[1:]} is an equilibrium is not known."
        return f"{name} is {'' if holds else 'not '}an equilibrium."

    @property
    def count(self) -> int:
        """The number of feasible states."""
        return self.space.count

    @property
    def members(self) -> int:
        """The number of combinations of options that the rules allow: more than the states, if some are merged."""
        return self.diagrams.count(self.space.feasible)

    def refuses(self, concept: Concept) -> str | None:
        """Return why this engine does not decide a concept; None if it can try."""
        if concept.family == "plain":
            return None
        return (
            f"only the explicit engine decides {concept.title}: the symbolic one does not know how sure a preference is"
        )

    def choice(self, concept: Concept) -> Choice:
        """Return the engine that decides a concept, and the reason."""
        return Choice(self.name, f"decision diagrams hold {self.count:,} states without listing them")

    def _must_decide(self, concept: Concept) -> None:
        if reason := self.refuses(concept):
            raise TooLargeError(reason)

    def stable(self, concept: Concept, player: int) -> SymbolicStateSet:
        """Return the states that are stable for a player under a concept."""
        self._must_decide(concept)
        return self._set(lambda: self._stable_for(concept, player), concept, player)

    def equilibria(self, concept: Concept) -> SymbolicStateSet:
        """Return the states that are stable for every player under a concept."""
        self._must_decide(concept)
        return self._set(lambda: self._equilibria_of(concept), concept, None)

    def _set(self, decide: Callable[[], Diagram], concept: Concept, player: int | None) -> SymbolicStateSet:
        """Return a set that is computed on first use: for one player, or for all."""
        players = range(len(self.movers)) if player is None else (player,)
        key = (concept.id, player)
        if key not in self._sets:
            self._sets[key] = SymbolicStateSet(
                self.space,
                lambda: self._decide_set(decide, concept, player),
                lambda here: self._run(lambda: self._is_in(concept, players, here)),
                self._digits,
                self._progress,
            )
        return self._sets[key]

    def _is_in(self, concept: Concept, players: Iterable[int], here: Diagram) -> bool:
        """Tell whether one state, given as a set of one, is stable for all of some players."""
        nothing = self.diagrams.nothing
        return here != nothing and all(self._unstable(concept, one, here) == nothing for one in players)

    def state(self, number: int) -> State:
        """Return the state with this number."""
        return self.space.state(number)

    def number_of(self, reference: StateReference) -> int:
        """Return the number of the state that a number, a Y/N pattern or a name refers to."""
        return self.space.number_of(reference)

    def ranks(self, decision_maker: int) -> list[int]:
        """Return a decision maker's rank of each state: 1 is best, and tied states share a rank."""
        self._must_be_small("ranks")
        rank_digits = self._digits(decision_maker)
        ranks = []
        for number in range(1, self.count + 1):
            taken = self.space.member(number)
            ranks.append(tuple(self.diagrams.contains(digit, taken) for digit in rank_digits))
        place = {rank: number for number, rank in enumerate(sorted(set(ranks), reverse=True), start=1)}
        return [place[rank] for rank in ranks]

    def _digits(self, decision_maker: int) -> Sequence[Diagram]:
        """Return the digits of a decision maker's rank; its index among the players may differ."""
        return self._makers[self.conflict.decision_makers[decision_maker].id].digits

    def arcs(self) -> Iterator[Arc]:
        """Yield every unilateral move, player by player."""
        self._must_be_small("moves")
        yield from super().arcs()

    def arcs_from(self, state: int, player: int) -> Iterator[Arc]:
        """Yield the moves of a player from one state, for any number of states."""
        here = self.space.state_with(self.space.member(state))
        targets = self.movers[player].reached_from(here) & self.space.representatives & ~here
        better = targets & ~self._deciding.question_at(player, here).limit
        ends = {self.space.number(end): end for end in islice(self.diagrams.combinations(targets), MAX_IMPROVEMENTS)}
        for number, end in sorted(ends.items()):
            yield Arc(player, state, number, self.diagrams.contains(better, end))

    def _must_be_small(self, what: str) -> None:
        if self.count > WHOLE_UP_TO:
            raise TooLargeError(f"the {what} of {self.count:,} states are too many to list")

    # Deciding sets.

    def _unstable(self, concept: Concept, player: int, among: Diagram) -> Diagram:
        """Return those of some feasible states that are not stable for a player under a concept."""
        if concept.respond is Respond.COMBINATIONS:
            return self._simultaneity.unstable(player, among)
        if concept.respond is Respond.IMPROVEMENTS_THEN_COMBINATIONS:
            return self._tempted(player, among)
        return self._deciding.unstable(concept, player, among)

    def _stable_for(self, concept: Concept, player: int) -> Diagram:
        key = (concept.id, player)
        if key not in self._stable:
            among = self.space.feasible
            for weaker in IMPLIED.get(concept.id, ()):
                if weaker in ("gmr", "smr") or (weaker, player) in self._stable:
                    among = among & self._stable_for(CONCEPTS[weaker], player)
            self._stable[key] = among & ~self._unstable(concept, player, among)
        return self._stable[key]

    def _equilibria_of(self, concept: Concept) -> Diagram:
        if concept.id not in self._equilibria:
            if self.space.count > WHOLE_UP_TO:
                self._equilibria[concept.id] = self._narrowed(concept)
            else:
                # Each player's stable states are listed beside the equilibria.
                stable = (self._stable_for(concept, place) for place in range(len(self.movers)))
                self._equilibria[concept.id] = reduce(and_, stable)
        return self._equilibria[concept.id]

    def _narrowed(self, concept: Concept) -> Diagram:
        """Decide the equilibria only, starting with the player with the fewest ranks: none is asked about a state that
        is not stable for another.
        """
        left = self.space.feasible
        for weaker in IMPLIED.get(concept.id, ()):
            if weaker in ("gmr", "smr") or weaker in self._equilibria:
                left = left & self._equilibria_of(CONCEPTS[weaker])
        waiting = list(range(len(self.movers)))
        while waiting:
            checkpoint(1 - len(waiting) / len(self.movers), f"{concept.title} equilibria")
            player = min(waiting, key=lambda place: self._ranks_left(concept, place, left))
            waiting.remove(player)
            known = self._stable.get((concept.id, player))
            left = left & (~self._unstable(concept, player, left) if known is None else known)
            self._left[concept.id] = left
        return left

    def _ranks_left(self, concept: Concept, player: int, left: Diagram) -> int:
        if concept.respond is not Respond.IMPROVEMENTS or (concept.id, player) in self._stable:
            return 0
        ranks = self._deciding.ranks(player, left & ~self.movers[player].without_improvement, MAX_COUNTED_RANKS)
        return MAX_COUNTED_RANKS + 1 if ranks is None else len(ranks)

    def _unstable_together(self) -> list[Diagram]:
        """Return for each player the states at which it and another player are unstable by SEQ."""
        unstable = [
            self.space.feasible & ~self._stable_for(CONCEPTS["seq"], place) for place in range(len(self.movers))
        ]
        once = twice = self.diagrams.nothing
        for states in unstable:
            once, twice = once | states, twice | (once & states)
        return [states & twice for states in unstable]

    def _tempted(self, player: int, among: Diagram) -> Diagram:
        """Return the states at which a player and another are unstable by SEQ and SIM among such players does not deter
        it.
        """
        seq = CONCEPTS["seq"]
        unstable_together = self._unstable_together()
        unstable = among & ~self._stable_for(seq, player)
        asked = unstable & unstable_together[player]
        found = unstable & ~asked
        deterred = self._simultaneity.deterred(player, asked, unstable_together)
        for question, open_ in self._deciding.unsanctioned(seq, player, asked):
            found = found | question.answered(self._simultaneity.tempted(player, question.states, deterred, open_))
        return found

    # One state.

    def why(self, state: int, player: int, concept: Concept) -> Verdict:
        """Return whether the numbered state is stable for a player under a concept, and why."""
        self._must_decide(concept)
        return self._run(lambda: self._explaining.verdict(self.space.state(state), player, concept))

    def closed_set(self, state: int, player: int, concept: Concept) -> ClosedSet | None:
        """Return a set that contains the unsanctioned improvements and that no response of the others leaves.

        It proves a verdict that is too large to check by enumeration. None if the concept's responses are not
        sequences.
        """
        return self._run(lambda: self._explaining.closed(self.space.state(state), player, concept))
