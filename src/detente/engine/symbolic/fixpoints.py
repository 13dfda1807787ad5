"""The worst that the others can bring a player down to, one digit of its rank after the other, for all ranks at once.

From every state there is a worst rank that the others' answers can lead the player to. It is a number in binary, as
ranks are, and is found as a least number is, the most important digit first: it is nothing where they can bring about
that it is nothing, and the next digit is nothing where they can bring that about besides.

Ask about states whose ranks begin alike. Of what the player can improve to from them, keep that from which the worst
rank begins so too. One fixed point says where the others can bring the next digit down to nothing: ``caught``.

- A state that has nothing there itself is unstable where it can be improved to something that is not caught: whatever
  the others answer, the player is better off.
- A state that has a one there is deterred from all that is caught: the others can answer with something worse.
- Everything else depends on the digits that follow, and is asked again among the states that begin alike one further.

So one fixed point serves all ranks that begin alike, and many are settled before their last digit. What hurts is of a
simple kind: that some wishes together are not met. And where the worst rank has a one, the others cannot take it away
whatever they do, so all that follows happens within the states from which they cannot: a smaller world to draw.

The sentence of `detente.concepts.concept`, decided for whole sets of states by fixed points over diagrams.

Theory of operation, for a player i. States of one rank t, in i's eyes, ask the same question: can the others bring i
down to t or lower?

    hurt   = the states of rank t or lower, from which (where the concept lets i answer) no move of i leads above t
    caught = the least set that holds hurt, and every state from which a move of the others leads into it
    s, of rank t, is unstable  <=>  i can move from s to a state above t that is not caught

`detente.engine.symbolic.attractor` says how `caught` grows. The question is asked only where the answer is open: not at
states that i cannot improve on (stable under every concept), and not at states that a weaker concept finds unstable.
States of several ranks are decided together, digit by digit, as `detente.engine.symbolic.fixpoints` says. Where there
are very many ranks, all are one question, with the rank to be brought down to as variables of its own.

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
from detente.engine.symbolic.attractor import Attractor, AttractorSearch
from detente.engine.symbolic.diagrams import Diagram
from detente.engine.symbolic.movers import Mover, others
from detente.engine.symbolic.ranks import at_most
from detente.engine.symbolic.sequences import MoveSequences, SequenceSearch, confined_to, followed
from detente.engine.symbolic.space import Merging


class WorstRank:
    """Telling what is unstable by the worst that a player's improvements can come to."""

    def __init__(self, deciding: FixedPoints, concept: Concept, player: int) -> None:
        self._deciding = deciding
        self._concept = concept
        self._player = player
        self._mover = deciding.movers[player]

    def unstable(self, asked: Diagram) -> Diagram:
        """Return those of some states that are not stable; the player has an improvement from each."""
        everything = self._deciding.diagrams.everything
        return self._unstable(asked, (), everything, everything, (0.0, 1.0))

    def _unstable(
        self, asked: Diagram, begin: tuple[bool, ...], alike: Diagram, within: Diagram, share: tuple[float, float]
    ) -> Diagram:
        """Return which states are not stable, of those asked about, whose ranks ``begin`` so.

        From what can be improved to and is ``alike``, the worst rank begins so too; from there the others lead nowhere
        but ``within``. ``share`` says from where to where in the whole work this is.
        """
        nothing = self._deciding.diagrams.nothing
        open_ = self._mover.improving_from(asked) & alike
        if open_ == nothing or len(begin) == len(self._mover.digits):
            return nothing
        caught = self._caught((*begin, False), open_, within, share[0])
        digit, kept = self._mover.digits[len(begin)], open_ & ~caught
        lower, middle = asked & ~digit, sum(share) / 2
        found = lower & self._mover.improving_to(kept)
        lower = self._unstable(lower & ~found, (*begin, False), open_ & caught, within, (share[0], middle))
        # Where states are merged it counts who moves next, so that what is caught may still be passed through.
        narrower = within if self._deciding.merging.groups else within & ~caught
        higher = self._unstable(asked & digit, (*begin, True), kept, narrower, (middle, share[1]))
        return found | lower | higher

    def _caught(self, begin: tuple[bool, ...], open_: Diagram, within: Diagram, share: float) -> Diagram:
        """Return where the others can bring about a rank that begins so, or lower, from; as far as open states ask."""
        deciding = self._deciding
        bound = deciding.diagrams.constants(begin)
        limit = at_most(self._mover.digits[: len(begin)], bound, deciding.feasible)
        hurt = deciding.hurting(self._concept, self._player, limit) & within
        nothing = deciding.nothing_caught(self._player)
        return deciding.caught(self._concept, self._player, nothing, hurt, open_, share, within).states


#: A rank, digit by digit; a coalition's has those of all its members.
Rank = tuple[bool, ...]


#: What is known to be caught.
Known = Attractor | MoveSequences


#: With more ranks than this among the states asked about, the rank is made variables of its own. For a coalition, whose
#: ranks are decided one by one, with fewer where any moves answer: there the sets stay small whatever the rank.
MAX_RANKS, MAX_COALITION_RANKS = 1024, 64


@dataclass(frozen=True, eq=False)
class Question:
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

    def __init__(self, merging: Merging, movers: Sequence[Mover]) -> None:
        self.diagrams = merging.diagrams
        self.merging = merging
        self.feasible = merging.feasible
        self.movers = movers

    def unstable(self, concept: Concept, player: int, among: Diagram) -> Diagram:
        """Return those of some states that are not stable for a player under a concept."""
        asked = among & ~self.movers[player].content
        if concept.respond is Respond.NOBODY:
            return asked
        ranks = self.ranks(player, asked, MAX_RANKS) if self.movers[player].alone else None
        if ranks and len(ranks) > 1:
            return WorstRank(self, concept, player).unstable(asked)
        found = self.diagrams.nothing
        for question, open_ in self.unsanctioned(concept, player, asked):
            found = found | (question.answered(self.movers[player].leading_to(open_)) & question.states)
        return found

    def unsanctioned(self, concept: Concept, player: int, asked: Diagram) -> Iterator[tuple[Question, Diagram]]:
        """Yield question after question, with all improvements among its own that nothing deters from."""
        # What is caught for a lower rank is caught for a higher one. Of a coalition's ranks one may be higher for one
        # member and lower for another: these tell nothing of each other.
        mine = self.movers[player]
        done: list[tuple[Rank, Known]] = []
        questions = self._questions(concept, player, asked)
        for number, question in enumerate(questions):
            lower = (known for rank, known in reversed(done) if mine.as_good(question.rank, rank))
            known = next(lower, self.nothing_caught(player))
            hurt = self.hurting(concept, player, question.limit)
            caught = self.caught(concept, player, known, hurt, question.improvements, number / len(questions))
            # Of a single rank the last is the highest so far, and the others need not be kept.
            done = [*([] if mine.alone else done), (question.rank, caught)]
            yield question, question.improvements & ~caught.states

    def hurting(self, concept: Concept, player: int, limit: Diagram) -> Diagram:
        """Return the states within a limit that deter a player, its own answer included."""
        hurt = limit
        if concept.counter_move:
            hurt = hurt & ~self.movers[player].leading_to(self.feasible & ~limit)
        return hurt

    def step(self, concept: Concept, mover: Mover, states: Diagram) -> Diagram:
        """Return where a mover's answer leads into a set from, under a concept."""
        if concept.respond is Respond.IMPROVEMENTS:
            return mover.improving_to(states)
        # Where two moves in a row are one, staying does no harm.
        return mover.moving_to(states) if self.merging.groups else self.feasible & mover.leading_to(states)

    def nothing_caught(self, player: int) -> Known:
        """Return that nothing is caught yet, and nothing owed."""
        answering, nothing = others(self.movers, player), self.diagrams.nothing
        if self.merging.groups:
            return MoveSequences.none(nothing, answering)
        return Attractor(nothing, dict.fromkeys(answering, nothing))

    def caught(
        self,
        concept: Concept,
        player: int,
        known: Known,
        hurt: Diagram,
        improvements: Diagram,
        share: float = 0.0,
        within: Diagram | None = None,
    ) -> Known:
        """Return where the others can bring about what hurts from; no further than the improvements ask for.

        It is all of that as far as the improvements are not caught; where they are, it may be less. What is not
        ``within`` is left out: nothing that the improvements can come to lies there.
        """
        inside = self.feasible if within is None else within

        def step(place: int, states: Diagram) -> Diagram:
            return self.step(concept, self.movers[place], states) & inside

        def around(open_: Diagram) -> Diagram:
            return self.as_open(player, open_)

        def beat() -> None:
            checkpoint(share, f"{concept.title} for {self.movers[player].id}")

        if isinstance(known, MoveSequences):
            following = SequenceSearch(known, step)
            following.seek(hurt)
            return followed(following, improvements, around, self.merging, self._passing(player), beat)
        chase = AttractorSearch(known, step, around)
        chase.hold(hurt)
        chase.run(improvements, beat)
        return chase.caught()

    def _passing(self, player: int) -> bool:
        """Tell whether one of a player's others passes through merged states in a single move: a coalition does."""
        return any(not self.movers[place].alone for place in others(self.movers, player))

    def kept_to(self, player: int, caught: Known, open_: Diagram) -> Diagram:
        """Return what sequences of the others from something open keep to: there all that leads to harm is caught."""
        if isinstance(caught, MoveSequences):
            return confined_to(
                caught, open_, lambda some: self.as_open(player, some), self.merging, self._passing(player)
            )
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

    def _questions(self, concept: Concept, player: int, asked: Diagram) -> list[Question]:
        """Return what the states ask, the lowest rank first."""
        one_by_one = self.movers[player].alone or concept.respond is Respond.IMPROVEMENTS
        ranks = self.ranks(player, asked, MAX_RANKS if one_by_one else MAX_COALITION_RANKS)
        if ranks is None:
            return [self._all_ranks(player, asked)]
        return [self.question(player, rank, states) for rank, states in ranks]

    def question(self, player: int, rank: Sequence[bool], states: Diagram) -> Question:
        """Return what states of one rank ask."""
        mine = self.movers[player]
        limit = mine.no_better(mine.digits, self.diagrams.constants(rank), self.feasible)
        improvements = mine.reached_from(states) & self.feasible & ~limit
        return Question(states, limit, improvements, tuple(rank))

    def question_at(self, player: int, here: Diagram) -> Question:
        """Return what one state asks, as the set that has it alone."""
        rank = [here & digit != self.diagrams.nothing for digit in self.movers[player].digits]
        return self.question(player, rank, here)

    def _all_ranks(self, player: int, asked: Diagram) -> Question:
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
        return Question(asked, limit, improvements, (), lambda found: found.substitute(ranks))
