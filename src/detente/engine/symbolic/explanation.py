"""The explanation of a verdict on one state: every improvement from it, and the sanction of each.

Theory of operation. A *layer* d gives for each player the states from which a response that begins with its move takes
exactly d moves to a deterring state. Layer 0 consists of the deterring states, and each layer follows from the one
before by one step back of every other player. A shortest response to an improvement then follows the layers down.

If an improvement has no sanction, the proof is a set of states that contains the improvement, that no response of the
others leaves, and in which no state deters. `closed_set` writes it as plain data, so that the answer can be checked
without this engine.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from itertools import islice
from operator import or_

from detente.concepts import CONCEPTS, Concept, Respond
from detente.engine.progress import checkpoint
from detente.engine.symbolic.attractor import MoveSequences
from detente.engine.symbolic.diagrams import Diagram, Diagrams
from detente.engine.symbolic.fixpoints import FixedPoints, RankQuestion
from detente.engine.symbolic.movers import others
from detente.engine.symbolic.simultaneous import JointImprovements
from detente.engine.symbolic.space import Space
from detente.engine.verdicts import ClosedSet, ImprovementMove, SanctionPath, Step, Verdict
from detente.errors import TooLargeError
from detente.model.states import State


def closed_set(diagrams: Diagrams, states: Diagram, after: Mapping[int, Diagram] | None = None) -> ClosedSet:
    """Write a set, and one for each last mover, as numbered decisions, each before those that refer to it.

    0 stands for *not in the set* and 1 for *in the set*.
    """
    numbers: dict[Diagram, int] = {diagrams.nothing: 0, diagrams.everything: 1}
    decisions: list[tuple[str, int, int]] = []
    sets = dict(after or {})
    waiting = [states, *sets.values()]
    while waiting:
        part = waiting[-1]
        top = None if part in numbers else diagrams.top(part)
        if top is None:
            waiting.pop()
            continue
        name, having, without = top
        missing = [below for below in (having, without) if below not in numbers]
        if missing:
            waiting.extend(missing)
            continue
        waiting.pop()
        numbers[part] = len(decisions) + 2
        decisions.append((name, numbers[having], numbers[without]))
    return ClosedSet(tuple(decisions), numbers[states], tuple((place, numbers[part]) for place, part in sets.items()))


#: Maximum number of improvements in an explanation.
MAX_IMPROVEMENTS = 20_000


#: For each player the states from which a shortest sequence that begins with its move has a given number of moves.
Layer = Mapping[int, Diagram]


class Explainer:
    """Explains verdicts.

    ``unstable_together`` returns for each player the states at which it and another player are unstable by SEQ.
    """

    def __init__(
        self,
        space: Space,
        deciding: FixedPoints,
        simultaneity: JointImprovements,
        unstable_together: Callable[[], Sequence[Diagram]],
    ) -> None:
        self.space = space
        self.diagrams = space.diagrams
        self.movers = deciding.movers
        self._deciding = deciding
        self._simultaneity = simultaneity
        self._unstable_together = unstable_together

    def verdict(self, state: State, player: int, concept: Concept) -> Verdict:
        """Return whether a state is stable for a player under a concept, and why."""
        here = self.space.singleton(state)
        question = self._deciding.question_at(player, here)
        representatives = question.improvements & self.space.representatives
        ends = list(islice(self.diagrams.combinations(representatives), MAX_IMPROVEMENTS + 1))
        if len(ends) > MAX_IMPROVEMENTS:
            raise TooLargeError(
                f"{self.movers[player].id} has more than {MAX_IMPROVEMENTS:,} improvements from {state}, which is the "
                "limit for an explanation"
            )
        deterred = self._sanctions(concept, player, here, question)
        improvements = tuple(ImprovementMove(end, deterred(end)) for end in sorted(map(self.space.at, ends)))
        return Verdict(state, player, concept, all(one.sanction for one in improvements), improvements)

    def _sanctions(
        self, concept: Concept, player: int, here: Diagram, question: RankQuestion
    ) -> Callable[[State], SanctionPath | None]:
        """Return a function that finds the sanction of an improvement from a state."""
        if concept.respond is Respond.NOBODY:
            return lambda end: None
        if concept.respond is Respond.COMBINATIONS:
            return lambda end: self._simultaneous(player, here, end, None)
        if concept.respond is Respond.IMPROVEMENTS_THEN_COMBINATIONS:
            by_sequence = self._sanctions(CONCEPTS["seq"], player, here, question)
            unstable_together = self._unstable_together()
            if here & unstable_together[player] == self.diagrams.nothing:
                return by_sequence
            return lambda end: by_sequence(end) or self._simultaneous(player, here, end, unstable_together)
        layers = self._layers(concept, player, question)
        return lambda end: self._sequence(concept, player, end, layers)

    # Sequences.

    def _layers(self, concept: Concept, player: int, question: RankQuestion) -> list[Layer]:
        """Return the layers 0, 1, 2 … : the states from which the others reach a deterring state in that number of
        moves.

        A player that moves first does not move next. In layer 0 no player moves: each may arrive at a deterring state.
        """
        answering, nothing, merged = others(self.movers, player), self.diagrams.nothing, self.space.groups
        deterring = self._deciding.deterring(concept, player, question.limit)
        layers: list[Layer] = [dict.fromkeys([*answering, player], deterring)]
        attractor, starts = deterring, dict.fromkeys(answering, nothing)
        latest = layers[0]
        while any(found != nothing for found in latest.values()):
            open_ = question.improvements & ~attractor
            if open_ == nothing:
                break
            checkpoint(0.0, f"{concept.title} for {self.movers[player].id}, {len(layers)} moves deep")
            near = self._near(player, open_)
            following = {}
            for place in answering:
                on = self._arrivals(latest, place) & near
                # If two moves in a row equal one, no shortest sequence has the same player twice in a row.
                known = starts[place] if merged else attractor
                following[place] = self._deciding.step(concept, self.movers[place], on) & ~known
                starts[place] = starts[place] | following[place]
            latest = following
            attractor = reduce(or_, latest.values(), attractor)
            layers.append(latest)
        return layers

    def _near(self, player: int, open_: Diagram) -> Diagram:
        """Return the combinations in which sequences from open improvements stay."""
        if self.space.groups:
            # A sequence may pass through a merged state and so change any option.
            return self.diagrams.everything
        return self._deciding.as_open(player, open_)

    def _arrivals(self, layer: Layer, place: int) -> Diagram:
        """Return the states where a player may arrive so that others continue, or that end the sequence."""
        return reduce(or_, (found for other, found in layer.items() if other != place), self.diagrams.nothing)

    def _sequence(
        self, concept: Concept, player: int, improvement: State, layers: Sequence[Layer]
    ) -> SanctionPath | None:
        """Follow the layers down from an improvement to a deterring state."""
        here = self.space.singleton(improvement)
        found = self._start_of_shortest(here, layers)
        if found is None:
            return None
        depth, place = found
        steps: list[Step] = []
        for layer in reversed(layers[:depth]):
            taken = self._next_member(concept, place, here, self._arrivals(layer, place))
            steps.append(Step(place, self.space.at(taken)))
            here = self.space.state_with(taken)
            place = next(other for other, states in layer.items() if other != place and self._meets(here, states))
        answers = None
        if concept.counter_move:
            answers = self.space.counted(self.movers[player].reached_from(here)) - 1
        return SanctionPath(tuple(steps), steps[-1].to, answers=answers)

    def _start_of_shortest(self, here: Diagram, layers: Sequence[Layer]) -> tuple[int, int] | None:
        """Return the length of a shortest sequence from a state, and the player who begins it."""
        for depth, layer in enumerate(layers[1:], start=1):
            for place, states in layer.items():
                if self._meets(here, states):
                    return depth, place
        return None

    def _meets(self, here: Diagram, states: Diagram) -> bool:
        return here & states != self.diagrams.nothing

    def _next_member(self, concept: Concept, place: int, here: Diagram, on: Diagram) -> frozenset[str]:
        """Return the largest member of a state that a player's move leads to within a set."""
        targets = self.movers[place].reached_from(here) & on & self.space.feasible & ~here
        if concept.respond is Respond.IMPROVEMENTS:
            targets = targets & ~self._deciding.question_at(place, here).limit
        return next(self.diagrams.combinations(targets))

    # Combinations.

    def _simultaneous(
        self, player: int, here: Diagram, end: State, among: Sequence[Diagram] | None
    ) -> SanctionPath | None:
        found = self._simultaneity.witness(player, here, self.space.singleton(end), among)
        if found is None:
            return None
        steps = tuple(Step(place, self.space.at(taken)) for place, taken in found[0])
        return SanctionPath(steps, self.space.at(found[1]), simultaneous=True)

    # Proof.

    def closed(self, state: State, player: int, concept: Concept) -> ClosedSet | None:
        """Return a set that the others cannot leave and in which no state deters the player from leaving a state."""
        if concept.respond not in (Respond.MOVES, Respond.IMPROVEMENTS):
            return None
        deciding = self._deciding
        question = deciding.question_at(player, self.space.singleton(state))
        deterring = deciding.deterring(concept, player, question.limit)
        known = deciding.empty_attractor(player)
        attractor = deciding.attractor(concept, player, known, deterring, question.improvements)
        open_ = question.improvements & ~attractor.states
        within = self.space.feasible & deciding.confined_to(player, attractor, open_)
        if not isinstance(attractor, MoveSequences):
            return closed_set(self.diagrams, within & ~attractor.states)
        # After a player has moved, only the others may continue.
        after = {place: within & ~arrivals for place, arrivals in attractor.arrivals.items()}
        return closed_set(self.diagrams, within & ~attractor.states, after)
