"""The definition of `detente.concepts.concept`, decided for whole sets of states by fixed points over diagrams.

Theory of operation, for a player i. All states of one rank t, as i ranks them, pose the same question: can the others
bring i down to t or lower?

    deterring = the states of rank t or lower, from which (with a counter-move) no move of i leads above t
    attractor = the least set that contains these, and every state from which a move of the others leads into it
    s, of rank t, is unstable  <=>  i can move from s to a state above t that is not in the attractor

`detente.engine.symbolic.attractor` describes how the attractor grows. The question is posed only for undecided states:
not for states that i cannot improve on (stable under every concept), and not for states that a weaker concept finds
unstable. If there are very many ranks, all form one question, with the rank to be brought down to as extra variables.

*Several ranks* of one decision maker are decided together, digit by digit. From every state there is a worst rank that
the others' responses can lead the player to. It is a binary number, like all ranks, and is found from the most
significant digit. Consider states whose ranks begin alike, and among the improvements from them keep those whose worst
rank begins in the same way. One attractor gives the states from which the others can bring the next digit down to 0.

- A state whose own next digit is 0 is unstable if it can be improved to a state outside the attractor: whatever the
  others do, the player is better off.
- A state whose own next digit is 1 is deterred from every improvement in the attractor: the others can respond with
  something worse.
- Everything else depends on the following digits, and is asked again among the states that begin alike in one more
  digit.

So one fixed point serves all ranks that begin alike, and many states are decided before their last digit. If the worst
rank has a 1, the others cannot remove it, so everything that follows happens within the states from which they cannot:
smaller sets, and so smaller diagrams.

Two details of the definition are ignored without effect, as in `detente.engine.explicit.fixpoints`. A player that moves
twice in a row gains nothing if two moves in a row equal one. An empty sequence is not a sanction, because the
improvement itself is above t.

Cost: at most one attractor for each distinct rank (or leading digits of ranks); the size of the diagrams, not the
number of states, determines the time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from detente.concepts import Concept, Respond
from detente.engine.progress import OverBudgetError, checkpoint
from detente.engine.symbolic.attractor import Attractor, MoveSequences, confined_to, extend_attractor, follow_sequences
from detente.engine.symbolic.diagrams import Diagram
from detente.engine.symbolic.movers import Mover, others
from detente.engine.symbolic.space import Space, at_most

#: The digits of a rank; for a coalition, those of all its members.
Rank = tuple[bool, ...]
#: The part of an attractor computed so far.
Known = Attractor | MoveSequences
#: Number of ranks from which the rank becomes extra variables. A coalition's ranks are decided one by one, so its limit
#: is lower; it applies if the responses are any moves, because then the sets stay small for every rank.
MAX_RANKS, MAX_COALITION_RANKS = 1024, 64


@dataclass(frozen=True, eq=False)
class RankQuestion:
    """States that pose the same question: states of one ``rank``, or of any rank with the rank as variables.

    ``limit`` contains the feasible states up to the rank; ``improvements`` are those above it that the player can move
    to. ``answered`` substitutes the rank of each state for the variables, if the question is for any rank.
    """

    states: Diagram
    limit: Diagram
    improvements: Diagram
    rank: Rank
    answered: Callable[[Diagram], Diagram] = lambda found: found


class FixedPoints:
    """Decides the concepts whose responses are sequences of moves.

    Without ``any_rank`` it gives up if there are so many ranks that the rank would become extra variables.
    """

    def __init__(self, space: Space, movers: Sequence[Mover], any_rank: bool = True) -> None:
        self._any_rank = any_rank
        self.diagrams = space.diagrams
        self.space = space
        self.feasible = space.feasible
        self.movers = movers

    def unstable(self, concept: Concept, player: int, among: Diagram) -> Diagram:
        """Return those of some states that are not stable for a player under a concept."""
        asked = among & ~self.movers[player].without_improvement
        if concept.respond is Respond.NOBODY:
            return asked
        ranks = self.ranks(player, asked, MAX_RANKS) if self.movers[player].alone else None
        if ranks and len(ranks) > 1:
            everything = self.diagrams.everything
            return self._unstable_by_digits(concept, player, asked, (), everything, everything, (0.0, 1.0))
        found = self.diagrams.nothing
        for question, open_ in self.unsanctioned(concept, player, asked):
            found = found | (question.answered(self.movers[player].leading_to(open_)) & question.states)
        return found

    def _unstable_by_digits(
        self,
        concept: Concept,
        player: int,
        asked: Diagram,
        begin: Rank,
        alike: Diagram,
        within: Diagram,
        share: tuple[float, float],
    ) -> Diagram:
        """Return the unstable states among those asked about, whose ranks all ``begin`` with the same digits.

        ``alike`` are the improvements whose worst rank begins with these digits; from there the others stay ``within``
        a set. ``share`` is the interval of the progress that this call covers.
        """
        mine, nothing = self.movers[player], self.diagrams.nothing
        open_ = mine.improving_from(asked) & alike
        if open_ == nothing or len(begin) == len(mine.digits):
            return nothing
        zero, one = (*begin, False), (*begin, True)
        limit = at_most(mine.digits[: len(zero)], self.diagrams.constants(zero), self.feasible)
        deterring = self.deterring(concept, player, limit) & within
        attractor = self.attractor(
            concept, player, self.empty_attractor(player), deterring, open_, share[0], within
        ).states
        digit, kept = mine.digits[len(begin)], open_ & ~attractor
        lower, middle = asked & ~digit, sum(share) / 2
        found = lower & mine.improving_to(kept)
        lower = self._unstable_by_digits(
            concept, player, lower & ~found, zero, open_ & attractor, within, (share[0], middle)
        )
        # With merged states the next mover matters, so sequences may still pass through the attractor.
        narrower = within if self.space.groups else within & ~attractor
        higher = self._unstable_by_digits(concept, player, asked & digit, one, kept, narrower, (middle, share[1]))
        return found | lower | higher

    def unsanctioned(self, concept: Concept, player: int, asked: Diagram) -> Iterator[tuple[RankQuestion, Diagram]]:
        """Yield each question together with all its improvements that have no sanction."""
        # The attractor of a lower rank is part of that of a higher one. Two ranks of a coalition may differ in opposite
        # directions for two members: then neither attractor contains the other.
        mine = self.movers[player]
        done: list[tuple[Rank, Known]] = []
        one_by_one = mine.alone or concept.respond is Respond.IMPROVEMENTS
        ranks = self.ranks(player, asked, MAX_RANKS if one_by_one else MAX_COALITION_RANKS)
        if ranks is None:
            if not self._any_rank:
                raise OverBudgetError(f"decision diagrams would have to tell more than {MAX_RANKS:,} ranks apart")
            questions = [self._of_any_rank(player, asked)]
        else:
            questions = [self.question(player, rank, states) for rank, states in ranks]
        for number, question in enumerate(questions):
            lower = (known for rank, known in reversed(done) if mine.as_good(question.rank, rank))
            known = next(lower, self.empty_attractor(player))
            deterring = self.deterring(concept, player, question.limit)
            found = self.attractor(concept, player, known, deterring, question.improvements, number / len(questions))
            # For a single decision maker the last rank is the highest so far, so the others need not be kept.
            done = [*([] if mine.alone else done), (question.rank, found)]
            yield question, question.improvements & ~found.states

    def deterring(self, concept: Concept, player: int, limit: Diagram) -> Diagram:
        """Return the states within a limit that deter a player, also after its counter-move."""
        if concept.counter_move:
            return limit & ~self.movers[player].leading_to(self.feasible & ~limit)
        return limit

    def step(self, concept: Concept, mover: Mover, states: Diagram) -> Diagram:
        """Return the states from which a mover's response leads into a set, under a concept."""
        if concept.respond is Respond.IMPROVEMENTS:
            return mover.improving_to(states)
        # If two moves in a row equal one, including staying has no effect.
        return mover.moving_to(states) if self.space.groups else self.feasible & mover.leading_to(states)

    def empty_attractor(self, player: int) -> Known:
        """Return an empty attractor."""
        answering, nothing = others(self.movers, player), self.diagrams.nothing
        if self.space.groups:
            return MoveSequences.empty(nothing, answering)
        return Attractor(nothing, dict.fromkeys(answering, nothing))

    def attractor(
        self,
        concept: Concept,
        player: int,
        known: Known,
        deterring: Diagram,
        improvements: Diagram,
        share: float = 0.0,
        within: Diagram | None = None,
    ) -> Known:
        """Return the states from which the others can reach a deterring state, as far as the improvements require it.

        The result may be incomplete once all improvements are covered. States outside ``within`` are left out, because
        no response to the improvements reaches them.
        """
        inside = self.feasible if within is None else within

        def step(place: int, states: Diagram) -> Diagram:
            return self.step(concept, self.movers[place], states) & inside

        def around(open_: Diagram) -> Diagram:
            return self.as_open(player, open_)

        def tick() -> None:
            checkpoint(share, f"{concept.title} for {self.movers[player].id}")

        if isinstance(known, MoveSequences):
            passing = self._passing(player)
            return follow_sequences(known, deterring, improvements, step, around, self.space, passing, tick)
        return extend_attractor(known, deterring, improvements, step, around, tick)

    def _passing(self, player: int) -> bool:
        """Tell whether one of the other players, a coalition, passes through merged states in a single move."""
        return any(not self.movers[place].alone for place in others(self.movers, player))

    def confined_to(self, player: int, known: Known, open_: Diagram) -> Diagram:
        """Return the states in which the others' sequences from open improvements stay; the attractor is complete
        there.
        """
        if isinstance(known, MoveSequences):
            return confined_to(known, open_, lambda some: self.as_open(player, some), self.space, self._passing(player))
        return self.as_open(player, open_)

    def as_open(self, player: int, open_: Diagram) -> Diagram:
        """Return what agrees with open improvements on the player's own options, which the others do not change."""
        return open_.exists(self._elsewhere[player])

    @cached_property
    def _elsewhere(self) -> list[Diagram]:
        """For each player the variables of all other players' options, for quantifiers."""
        here = self.diagrams.here
        return [
            self.diagrams.cube(here[name] for name in self.diagrams.options if name not in mover.options)
            for mover in self.movers
        ]

    def ranks(self, player: int, states: Diagram, most: int) -> list[tuple[Rank, Diagram]] | None:
        """Split states by their rank, lowest first; None if there are more than ``most`` ranks."""
        digits = self.movers[player].digits
        found: list[tuple[Rank, Diagram]] = []

        def split(part: Diagram, rank: Rank) -> bool:
            if part == self.diagrams.nothing:
                return True
            if len(rank) == len(digits):
                found.append((rank, part))
                return len(found) <= most
            digit = digits[len(rank)]
            return split(part & ~digit, (*rank, False)) and split(part & digit, (*rank, True))

        return found if split(states, ()) else None

    def question(self, player: int, rank: Sequence[bool], states: Diagram) -> RankQuestion:
        """Return the question of the states of one rank."""
        mine = self.movers[player]
        limit = mine.no_better(mine.digits, self.diagrams.constants(rank), self.feasible)
        improvements = mine.reached_from(states) & self.feasible & ~limit
        return RankQuestion(states, limit, improvements, tuple(rank))

    def question_at(self, player: int, here: Diagram) -> RankQuestion:
        """Return the question of one state, given as a set of one."""
        rank = [here & digit != self.diagrams.nothing for digit in self.movers[player].digits]
        return self.question(player, rank, here)

    def _of_any_rank(self, player: int, asked: Diagram) -> RankQuestion:
        """Return the question of states of any rank, with the rank as variables."""
        mine, diagrams = self.movers[player], self.diagrams
        variables = diagrams.threshold[: len(mine.digits)]
        by_rank = asked
        for digit, variable in zip(mine.digits, variables, strict=True):
            by_rank = by_rank & digit.equiv(variable)
        occurring = by_rank.exists(diagrams.cube(diagrams.here.values()))
        limit = mine.no_better(mine.digits, variables, self.feasible & occurring)
        improvements = mine.reached_from(by_rank) & self.feasible & ~limit
        ranks = diagrams.setting_thresholds(mine.digits)
        return RankQuestion(asked, limit, improvements, (), lambda found: found.substitute(ranks))
