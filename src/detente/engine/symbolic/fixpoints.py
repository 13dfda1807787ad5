"""The sentence of `detente.concepts.concept`, decided for whole sets of states by fixed points over diagrams.

Theory of operation, for a player i. States of one rank t, in i's eyes, ask the same question: can the others bring i
down to t or lower?

    deterring = the states of rank t or lower, from which (with a counter-move) no move of i leads above t
    attractor = the least set that holds these, and every state from which a move of the others leads into it
    s, of rank t, is unstable  <=>  i can move from s to a state above t that is not in the attractor

`detente.engine.symbolic.attractor` says how the attractor grows. The question is asked only where the answer is open:
not at states that i cannot improve on (stable under every concept), and not at states that a weaker concept finds
unstable. Where there are very many ranks, all are one question, with the rank to be brought down to as variables of its
own.

*Several ranks* of one decision maker are decided together, digit by digit. From every state there is a worst rank that
the others' responses can lead the player to: a number in binary, as ranks are, found the most important digit first.
Ask about states whose ranks begin alike. Of what the player can improve to from them, keep that from which the worst
rank begins so too. One attractor says from where the others can bring the next digit down to 0.

- A state with a 0 there itself is unstable where it can be improved to something outside the attractor: whatever the
  others do, the player is better off.
- A state with a 1 there is deterred from all that is in the attractor: the others can respond with something worse.
- Everything else depends on the digits that follow, and is asked again among the states that begin alike one further.

So one fixed point serves all ranks that begin alike, and many are settled before their last digit. And where the worst
rank has a 1, the others cannot take it away whatever they do, so all that follows happens within the states from which
they cannot: smaller sets to draw.

Two things that the definitions rule out do no harm, as in `detente.engine.explicit.fixpoints`: a player that moves
twice in a row gains nothing where two moves in a row are one, and a sequence of no moves is no sanction, for the
improvement itself is above t.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from detente.concepts import Concept, Respond
from detente.engine.progress import checkpoint
from detente.engine.symbolic.attractor import Attractor, MoveSequences, confined_to, extended, followed
from detente.engine.symbolic.diagrams import Diagram
from detente.engine.symbolic.movers import Mover, others
from detente.engine.symbolic.space import Space, at_most

#: A rank, digit by digit; a coalition's has those of all its members.
Rank = tuple[bool, ...]
#: What is known of an attractor.
Known = Attractor | MoveSequences
#: With more ranks than this among the states asked about, the rank is made variables of its own. For a coalition, whose
#: ranks are decided one by one, with fewer where any moves are responses: there the sets stay small whatever the rank.
MAX_RANKS, MAX_COALITION_RANKS = 1024, 64


@dataclass(frozen=True, eq=False)
class RankQuestion:
    """States that ask the same: of one ``rank``, or of any with the rank as variables.

    ``limit`` has the feasible states up to the rank; ``improvements`` are those above it that the player can move to;
    ``answered`` puts the rank of each state for the variables, where the question is of any rank.
    """

    states: Diagram
    limit: Diagram
    improvements: Diagram
    rank: Rank
    answered: Callable[[Diagram], Diagram] = lambda found: found


class FixedPoints:
    """What decides the concepts that are a sentence over sequences of moves."""

    def __init__(self, space: Space, movers: Sequence[Mover]) -> None:
        self.diagrams = space.diagrams
        self.space = space
        self.feasible = space.feasible
        self.movers = movers

    def unstable(self, concept: Concept, player: int, among: Diagram) -> Diagram:
        """Return those of some states that are not stable for a player under a concept."""
        asked = among & ~self.movers[player].content
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
        """Return which states are not stable, of those asked about, whose ranks ``begin`` so.

        From what can be improved to and is ``alike``, the worst rank begins so too; from there the others lead nowhere
        but ``within``. ``share`` says from where to where in the whole work this is.
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
        # Where states are merged it counts who moves next, so that the attractor may still be passed through.
        narrower = within if self.space.groups else within & ~attractor
        higher = self._unstable_by_digits(concept, player, asked & digit, one, kept, narrower, (middle, share[1]))
        return found | lower | higher

    def unsanctioned(self, concept: Concept, player: int, asked: Diagram) -> Iterator[tuple[RankQuestion, Diagram]]:
        """Yield question after question, with all improvements among its own that nothing deters from."""
        # The attractor of a lower rank is part of that of a higher one. Of a coalition's ranks one may be higher for
        # one member and lower for another: these tell nothing of each other.
        mine = self.movers[player]
        done: list[tuple[Rank, Known]] = []
        one_by_one = mine.alone or concept.respond is Respond.IMPROVEMENTS
        ranks = self.ranks(player, asked, MAX_RANKS if one_by_one else MAX_COALITION_RANKS)
        if ranks is None:
            questions = [self._of_any_rank(player, asked)]
        else:
            questions = [self.question(player, rank, states) for rank, states in ranks]
        for number, question in enumerate(questions):
            lower = (known for rank, known in reversed(done) if mine.as_good(question.rank, rank))
            known = next(lower, self.empty_attractor(player))
            deterring = self.deterring(concept, player, question.limit)
            found = self.attractor(concept, player, known, deterring, question.improvements, number / len(questions))
            # Of a single rank the last is the highest so far, and the others need not be kept.
            done = [*([] if mine.alone else done), (question.rank, found)]
            yield question, question.improvements & ~found.states

    def deterring(self, concept: Concept, player: int, limit: Diagram) -> Diagram:
        """Return the states within a limit that deter a player, its counter-move included."""
        if concept.counter_move:
            return limit & ~self.movers[player].leading_to(self.feasible & ~limit)
        return limit

    def step(self, concept: Concept, mover: Mover, states: Diagram) -> Diagram:
        """Return where a mover's response leads into a set from, under a concept."""
        if concept.respond is Respond.IMPROVEMENTS:
            return mover.improving_to(states)
        # Where two moves in a row are one, staying does no harm.
        return mover.moving_to(states) if self.space.groups else self.feasible & mover.leading_to(states)

    def empty_attractor(self, player: int) -> Known:
        """Return an attractor of nothing."""
        answering, nothing = others(self.movers, player), self.diagrams.nothing
        if self.space.groups:
            return MoveSequences.none(nothing, answering)
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
        """Return from where the others can bring about what deters; no further than the improvements ask for.

        It is all of that as far as the improvements are outside; where they are not, it may be less. What is not
        ``within`` is left out: nothing that the improvements can come to lies there.
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
            return followed(known, deterring, improvements, step, around, self.space, passing, tick)
        return extended(known, deterring, improvements, step, around, tick)

    def _passing(self, player: int) -> bool:
        """Tell whether one of a player's others passes through merged states in a single move: a coalition does."""
        return any(not self.movers[place].alone for place in others(self.movers, player))

    def confined_to(self, player: int, known: Known, open_: Diagram) -> Diagram:
        """Return what sequences of the others from something open keep to: there the attractor is complete."""
        if isinstance(known, MoveSequences):
            return confined_to(known, open_, lambda some: self.as_open(player, some), self.space, self._passing(player))
        return self.as_open(player, open_)

    def as_open(self, player: int, open_: Diagram) -> Diagram:
        """Return what agrees with something open on the player's own options: the others leave these alone."""
        return open_.exists(self._elsewhere[player])

    @cached_property
    def _elsewhere(self) -> list[Diagram]:
        """For every player the options that are not its own, for quantifiers."""
        here = self.diagrams.here
        return [
            self.diagrams.cube(here[name] for name in self.diagrams.options if name not in mover.options)
            for mover in self.movers
        ]

    def ranks(self, player: int, states: Diagram, most: int) -> list[tuple[Rank, Diagram]] | None:
        """Split states by their rank, the lowest first; None when there are more ranks than ``most``."""
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
        """Return what states of one rank ask."""
        mine = self.movers[player]
        limit = mine.no_better(mine.digits, self.diagrams.constants(rank), self.feasible)
        improvements = mine.reached_from(states) & self.feasible & ~limit
        return RankQuestion(states, limit, improvements, tuple(rank))

    def question_at(self, player: int, here: Diagram) -> RankQuestion:
        """Return what one state asks, as the set that has it alone."""
        rank = [here & digit != self.diagrams.nothing for digit in self.movers[player].digits]
        return self.question(player, rank, here)

    def _of_any_rank(self, player: int, asked: Diagram) -> RankQuestion:
        """Return the question of states of any rank."""
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
