"""Answers checked one by one, by code that shares nothing with the engines.

States are sets of taken options, conditions are evaluated on them, moves are tried one after the other: plain Python
over `detente.conflict`, slow and obvious. A *stable* verdict is checked by trying every move of the player: each that
is an improvement must have a sanction, and each sanction must be what it says it is, step by step. An *unstable*
verdict is checked at the improvement that nothing is said to deter from: everywhere that the others can get to from it
is walked through, and none of it may deter. Where that is too much to walk, a closed set given by the engine is proved
to be closed and harmless by a satisfiability solver (`detente.analysis.closed_proof`).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import product
from typing import Any

from detente.conflict.conditions import Condition
from detente.conflict.model import ConflictModel, DecisionMaker
from detente.conflict.preferences import Payoffs, Prioritising, Ranking, Weights
from detente.conflict.states import StateList
from detente.stability import Concept, Respond

Taken = frozenset[str]

#: So many moves are tried on a walk from one improvement, unless said otherwise.
MOST_TRIED = 500_000
#: So many combinations of improvements are tried for one.
MOST_COMBINED = 5_000
#: Of the improvements that nothing is said to deter from, a walk is begun from so many.
MOST_WALKS = 3
#: A decision maker's moves are tried one by one up to so many options of its own.
MOST_OWN_OPTIONS = 14


class FalseAnswerError(Exception):
    """What an engine says is not so."""


class UncheckedError(Exception):
    """An answer that this checker cannot decide on, with the reason."""


@dataclass(frozen=True)
class ClaimedSanction:
    """What is said to deter: the others' moves, each with where it leads, and where they end."""

    steps: tuple[tuple[str, Taken], ...]
    end: Taken
    simultaneous: bool


@dataclass(frozen=True)
class Claim:
    """What an engine says of a state, a player and a concept; improvements with what is said to deter from each."""

    state: Taken
    player: str
    concept: Concept
    stable: bool
    improvements: Mapping[Taken, ClaimedSanction | None]


class Checker:
    """A conflict of decision makers that merges no states, as plain as it is written.

    ``most_tried`` is how many moves are tried on a walk before it is given up.
    """

    def __init__(self, conflict: ConflictModel, most_tried: int = MOST_TRIED) -> None:
        self.conflict = conflict
        self.most_tried = most_tried
        self.tried = 0
        self.makers = {maker.id: maker for maker in conflict.decision_makers}
        self.own = {id: tuple(option.id for option in maker.options) for id, maker in self.makers.items()}
        self._ranks: dict[tuple[str, Taken], Any] = {}
        self._choices_of: dict[str, tuple[list[Taken], list[Condition]]] = {}

    def feasible(self, state: Taken) -> bool:
        """Tell whether a state meets every rule."""
        return all(condition.holds(state) for condition in self.conflict.constraints)

    def moves(self, player: str, state: Taken) -> Iterator[Taken]:
        """Yield where a decision maker can move to."""
        choices, rules = self._choices(player)
        rest = state - set(self.own[player])
        for choice in choices:
            end = rest | choice
            self.tried += 1
            if end != state and self.allowed(player, state, end) and all(rule.holds(end) for rule in rules):
                yield end

    def _choices(self, player: str) -> tuple[list[Taken], list[Condition]]:
        """Return what a decision maker's options can be by the rules over these alone, and the other rules."""
        if player not in self._choices_of:
            own = self.own[player]
            if len(own) > MOST_OWN_OPTIONS:
                raise UncheckedError(f"{player} has more than {MOST_OWN_OPTIONS} options: too many moves to try each")
            rules = self.conflict.constraints
            about = [rule for rule in rules if set(rule.options()) <= set(own)]
            all_choices = (
                frozenset(name for name, taken in zip(own, choice, strict=True) if taken)
                for choice in product((False, True), repeat=len(own))
            )
            choices = [choice for choice in all_choices if all(rule.holds(choice) for rule in about)]
            self._choices_of[player] = choices, [rule for rule in rules if rule not in about]
        return self._choices_of[player]

    def allowed(self, player: str, state: Taken, end: Taken) -> bool:
        """Tell whether a change of a decision maker's own options goes against no one-way mark."""
        changed = state ^ end
        if not changed <= set(self.own[player]):
            return False
        direction = self.conflict.direction
        return all(direction[name] == (name in end) for name in changed if name in direction)

    def better(self, player: str, end: Taken, state: Taken) -> bool:
        """Tell whether a decision maker strictly prefers the first state to the second."""
        return bool(self.rank(player, end) > self.rank(player, state))

    def rank(self, player: str, state: Taken) -> Any:
        """Return something that is larger the more a decision maker prefers a state."""
        key = (player, state)
        if key not in self._ranks:
            if len(self._ranks) > 500_000:
                self._ranks.clear()
            self._ranks[key] = self._ranked(self.makers[player], state)
        return self._ranks[key]

    def _ranked(self, maker: DecisionMaker, state: Taken) -> Any:
        wanted = maker.preferences
        if isinstance(wanted, Prioritising):
            return tuple(statement.condition.holds(state) for statement in wanted.statements)
        if isinstance(wanted, Weights):
            return sum((one.weight for one in wanted.weights if one.condition.holds(state)), Fraction(0))
        return self._listed[maker.id][self.conflict.pattern(state)]

    @cached_property
    def _listed(self) -> dict[str, dict[str, Fraction]]:
        """The worth of every state for those whose preferences list states."""
        states = StateList(self.conflict)
        found: dict[str, dict[str, Fraction]] = {}
        for maker in self.conflict.decision_makers:
            if isinstance(maker.preferences, Ranking):
                groups = maker.preferences.groups
                pairs = [(reference, Fraction(-place)) for place, group in enumerate(groups) for reference in group]
            elif isinstance(maker.preferences, Payoffs):
                pairs = list(maker.preferences.payoffs)
            else:
                continue
            found[maker.id] = {states.pattern_of(reference): worth for reference, worth in pairs}
        return found

    def check(self, claim: Claim) -> str:
        """Check a claim; return in a word what it took: 'moves', 'sanctions', 'walk', or 'open' for a proof needed.

        Raises
        ------
        FalseAnswerError
            When the claim is false.
        UncheckedError
            When it cannot be checked here.
        """
        if not self.feasible(claim.state):
            raise FalseAnswerError(f"the state breaks '{self.conflict.breaks(claim.state)}'")
        found = {end for end in self.moves(claim.player, claim.state) if self.better(claim.player, end, claim.state)}
        if found != set(claim.improvements):
            wrong = self._written(next(iter(found ^ set(claim.improvements))))
            raise FalseAnswerError(f"its improvements are others than those that are told: {wrong} is the difference")
        for end, sanction in claim.improvements.items():
            if sanction is not None:
                self._check_sanction(claim, end, sanction)
        tempting = [end for end, sanction in claim.improvements.items() if sanction is None]
        if claim.stable != (not tempting):
            raise FalseAnswerError("the verdict is not what the sanctions say")
        if claim.stable or claim.concept.respond is Respond.NOBODY:
            return "sanctions" if claim.improvements else "moves"
        return self._check_open(claim, tempting)

    def _written(self, state: Taken) -> str:
        return self.conflict.pattern(state)

    def _check_sanction(self, claim: Claim, improvement: Taken, sanction: ClaimedSanction) -> None:
        player, respond = claim.player, claim.concept.respond
        if sanction.simultaneous:
            end = self._combined(claim, improvement, sanction)
        else:
            if respond not in (Respond.MOVES, Respond.IMPROVEMENTS, Respond.IMPROVEMENTS_THEN_COMBINATIONS):
                raise FalseAnswerError("a sequence of moves is no sanction under this concept")
            end = self._walked(claim, improvement, sanction)
        if end != sanction.end:
            raise FalseAnswerError(f"the sanction of {self._written(improvement)} does not end where it says")
        if self.better(player, end, claim.state):
            raise FalseAnswerError(f"the sanction of {self._written(improvement)} does not hurt")
        if claim.concept.answers and any(self.better(player, last, claim.state) for last in self.moves(player, end)):
            raise FalseAnswerError(f"the sanction of {self._written(improvement)} can be escaped")

    def _walked(self, claim: Claim, improvement: Taken, sanction: ClaimedSanction) -> Taken:
        """Follow a sequence of the others' moves, each legal and, where it has to be, an improvement."""
        here, last = improvement, claim.player
        for mover, end in sanction.steps:
            if mover in (last, claim.player):
                raise FalseAnswerError(f"{mover} cannot move then")
            if end == here or not self.allowed(mover, here, end) or not self.feasible(end):
                raise FalseAnswerError(f"{mover} cannot move from {self._written(here)} to {self._written(end)}")
            if claim.concept.respond is not Respond.MOVES and not self.better(mover, end, here):
                raise FalseAnswerError(f"{mover} does not prefer {self._written(end)} to {self._written(here)}")
            here, last = end, mover
        if last == claim.player:
            raise FalseAnswerError("a sanction without a move")
        return here

    def _combined(self, claim: Claim, improvement: Taken, sanction: ClaimedSanction) -> Taken:
        """Put improvements made at the same moment together."""
        if claim.concept.respond not in (Respond.COMBINATIONS, Respond.IMPROVEMENTS_THEN_COMBINATIONS):
            raise FalseAnswerError("moves at the same moment are no sanction under this concept")
        combined, movers = improvement, set()
        for mover, end in sanction.steps:
            if mover == claim.player or mover in movers:
                raise FalseAnswerError(f"{mover} cannot be part of the combination, or not twice")
            if not self.allowed(mover, claim.state, end) or not self.feasible(end):
                raise FalseAnswerError(f"{mover} cannot move to {self._written(end)}")
            if not self.better(mover, end, claim.state):
                raise FalseAnswerError(f"{mover} does not prefer {self._written(end)}")
            movers.add(mover)
            combined = (combined - set(self.own[mover])) | (end & set(self.own[mover]))
        if not movers:
            raise FalseAnswerError("a combination of nobody's moves")
        if not self.feasible(combined):
            raise FalseAnswerError("the combination is infeasible")
        return combined

    def _check_open(self, claim: Claim, tempting: list[Taken]) -> str:
        """Look for a sanction of an improvement that is said to have none; one such improvement is enough."""
        if claim.concept.respond is Respond.IMPROVEMENTS_THEN_COMBINATIONS:
            raise UncheckedError("that nothing deters under 'SEQ, then SIM' is not checked")
        for improvement in tempting[:MOST_WALKS]:
            if claim.concept.respond is Respond.COMBINATIONS:
                walked = self._try_combinations(claim, improvement)
            else:
                walked = self._walk(claim, improvement)
            if walked:
                return "walk"
        return "open"

    def deters(self, claim: Claim, state: Taken) -> bool:
        """Tell whether a state that the others bring about deters from a claim's state."""
        if self.better(claim.player, state, claim.state):
            return False
        return not (
            claim.concept.answers
            and any(self.better(claim.player, last, claim.state) for last in self.moves(claim.player, state))
        )

    def _walk(self, claim: Claim, improvement: Taken) -> bool:
        """Go everywhere that the others can get to; False when that is too far."""
        others = [id for id in self.makers if id != claim.player]
        seen, waiting, begun = {improvement}, deque([improvement]), self.tried
        while waiting:
            if self.tried - begun > self.most_tried:
                return False
            here = waiting.popleft()
            for mover in others:
                for end in self.moves(mover, here):
                    if end in seen:
                        continue
                    if claim.concept.respond is Respond.IMPROVEMENTS and not self.better(mover, end, here):
                        continue
                    if self.deters(claim, end):
                        raise FalseAnswerError(
                            f"{self._written(improvement)} is told to be open, but {self._written(end)} deters from it"
                        )
                    seen.add(end)
                    waiting.append(end)
        return True

    def _try_combinations(self, claim: Claim, improvement: Taken) -> bool:
        """Try every combination of the others' improvements; False when there are too many."""
        choices: list[list[Taken | None]] = []
        total = 1
        for other, own in self.own.items():
            if other != claim.player:
                ends = [end for end in self.moves(other, claim.state) if self.better(other, end, claim.state)]
                choices.append([None, *(end & set(own) for end in ends)])
                total *= len(choices[-1])
        if total > MOST_COMBINED:
            return False
        others = [own for other, own in self.own.items() if other != claim.player]
        for combination in product(*choices):
            combined = improvement
            for own, part in zip(others, combination, strict=True):
                if part is not None:
                    combined = (combined - set(own)) | part
            if combined != improvement and self.feasible(combined) and self.deters(claim, combined):
                raise FalseAnswerError(
                    f"{self._written(improvement)} is told to be open, but {self._written(combined)} deters from it"
                )
        return True
