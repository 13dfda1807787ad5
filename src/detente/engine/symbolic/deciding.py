"""The sentence of `detente.stability.concept`, decided for whole sets of states by fixed points over diagrams.

Theory of operation, for a player i. States of one rank t, in i's eyes, ask the same question: can the others bring i
down to t or lower? So for every t that occurs among the states asked about,

    hurt   = the states of rank t or lower, from which (where the concept lets i answer) no move of i leads above t
    caught = the least set that holds hurt, and every state from which a move of the others leads into it
    s, of rank t, is unstable  <=>  i can move from s to a state above t that is not caught

`caught` grows backwards, one other player's moves at a time: those are never joined into one relation. Two things keep
it small. The question is asked only where the answer is open: not at states that i cannot improve on (stable under
every concept), and not at states that a weaker concept finds unstable. And as the others leave i's own options alone,
it is asked only for those settings of them at which some improvement is still open, and dropped when none is. The ranks
come in ascending order, so that what is caught for one starts the next.

Where the moves are any moves, the sets stay small whatever the rank, and more than a few ranks are decided at once,
with the rank to be brought down to as variables of its own; the same is done where there are very many ranks.

Two things that the definitions rule out do no harm, as in `detente.engine.explicit.sweeps`: a player that moves twice
in a row gains nothing where two moves in a row are one, and a sequence of no moves is no sanction, for the improvement
itself is above t.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from detente.engine.symbolic.diagrams import Diagram, Diagrams
from detente.engine.symbolic.movers import Mover
from detente.engine.symbolic.ranks import at_most
from detente.engine.symbolic.work import pulse
from detente.stability import Concept, Respond

#: A rank, digit by digit.
Rank = tuple[bool, ...]
#: With more ranks than this among the states asked about, all are decided at once.
MOST_RANKS = {Respond.MOVES: 64, Respond.IMPROVEMENTS: 1024}


@dataclass(frozen=True, eq=False)
class Question:
    """States that ask the same: of one rank, or of any with the rank as variables.

    ``limit`` has the feasible states up to the rank; ``improvements`` are those above it that the player can move to;
    ``answered`` puts the rank of each state for the variables.
    """

    states: Diagram
    limit: Diagram
    improvements: Diagram
    answered: Callable[[Diagram], Diagram]


class Deciding:
    """What decides the concepts that are a sentence over sequences of moves."""

    def __init__(self, diagrams: Diagrams, feasible: Diagram, movers: Sequence[Mover]) -> None:
        self.diagrams = diagrams
        self.feasible = feasible
        self.movers = movers

    def unstable(self, concept: Concept, player: int, among: Diagram) -> Diagram:
        """Return those of some states that are not stable for a player under a concept."""
        mine = self.movers[player]
        asked = among & ~mine.content
        if concept.respond is Respond.NOBODY:
            return asked
        found = self.diagrams.nothing
        for question, open_ in self.unsanctioned(concept, player, asked):
            found = found | question.answered(mine.leading_to(open_)) & question.states
        return found

    def unsanctioned(self, concept: Concept, player: int, asked: Diagram) -> Iterator[tuple[Question, Diagram]]:
        """Yield question after question, with the improvements among its own that nothing deters from."""
        caught = self.diagrams.nothing
        questions, total = self._questions(concept, player, asked)
        for done, question in enumerate(questions):
            share = done / total
            hurt = self.hurting(concept, player, question.limit)
            caught = self.caught(concept, player, caught | hurt, question.improvements, share)
            yield question, question.improvements & ~caught

    def hurting(self, concept: Concept, player: int, limit: Diagram) -> Diagram:
        """Return the states within a limit that deter a player, its own answer included."""
        hurt = limit
        if concept.answers:
            hurt = hurt & ~self.movers[player].leading_to(self.feasible & ~limit)
        return hurt

    def step(self, concept: Concept, mover: Mover, states: Diagram) -> Diagram:
        """Return where a mover's answer leads into a set from, under a concept."""
        if concept.respond is Respond.MOVES:
            return self.feasible & mover.leading_to(states)
        return mover.improving_to(states)

    def caught(
        self, concept: Concept, player: int, hurt: Diagram, improvements: Diagram, share: float = 0.0
    ) -> Diagram:
        """Return where the others can bring about what hurts from; no further than the improvements ask for.

        It is all of that as far as the improvements are not caught; where they are, it may be less.
        """
        others = [mover for place, mover in enumerate(self.movers) if place != player and mover.options]
        doing = f"{concept.title} for {self.movers[player].id}"
        nothing = self.diagrams.nothing
        caught, quiet, turn = hurt, 0, 0
        open_ = improvements & ~caught
        while quiet < len(others) and open_ != nothing:
            pulse(share, doing)
            within = caught & self.as_open(player, open_)
            new = self.step(concept, others[turn % len(others)], within) & ~caught
            turn += 1
            if new == nothing:
                quiet += 1
            else:
                caught, quiet = caught | new, 1
                open_ = open_ & ~new
        return caught

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

    def _questions(self, concept: Concept, player: int, asked: Diagram) -> tuple[Iterator[Question], int]:
        ranks = self.ranks(player, asked, MOST_RANKS[concept.respond])
        if ranks is None:
            return iter([self._all_ranks(player, asked)]), 1
        return (self.question(player, rank, states) for rank, states in ranks), max(1, len(ranks))

    def question(self, player: int, rank: Sequence[bool], states: Diagram) -> Question:
        """Return what states of one rank ask."""
        mine, diagrams = self.movers[player], self.diagrams
        bound = [diagrams.everything if digit else diagrams.nothing for digit in rank]
        limit = at_most(mine.digits, bound, self.feasible)
        improvements = mine.reached_from(states) & self.feasible & ~limit
        return Question(states, limit, improvements, lambda found: found)

    def _all_ranks(self, player: int, asked: Diagram) -> Question:
        """Return the question of states of any rank."""
        mine, diagrams = self.movers[player], self.diagrams
        variables = diagrams.threshold[: len(mine.digits)]
        by_rank = asked
        for digit, variable in zip(mine.digits, variables, strict=True):
            by_rank = by_rank & digit.equiv(variable)
        occurring = by_rank.exists(diagrams.cube(diagrams.here.values()))
        limit = at_most(mine.digits, variables, self.feasible & occurring)
        improvements = mine.reached_from(by_rank) & self.feasible & ~limit
        ranks = diagrams.setting_thresholds(mine.digits)
        return Question(asked, limit, improvements, lambda found: found.substitute(ranks))
