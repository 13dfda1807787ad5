"""Stability with uncertain preferences, from the definitions alone.

Chances are found by going through every combination of statements that may be held; nothing of the engine is used.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import product

from detente.model.preferences import Prioritising, Ranking
from tests.reference.brute_force import BruteForce, State


class Unsure(BruteForce):
    """All answers about one small conflict, by the concepts that know how sure and how strong preferences are."""

    def __init__(self, conflict: object) -> None:
        super().__init__(conflict)
        self._chances: dict[object, Fraction] = {}

    # Relations between two states for one decision maker

    def truths(self, maker: str, state: State) -> list[bool]:
        statements = self.conflict.decision_maker(maker).preferences.statements
        return [all(statement.condition.holds(member) for member in state) for statement in statements]

    def deciding(self, maker: str, one: State, other: State) -> object:
        """The first statement that tells two states apart, or None."""
        statements = self.conflict.decision_maker(maker).preferences.statements
        pairs = zip(statements, self.truths(maker, one), self.truths(maker, other), strict=True)
        return next((statement for statement, first, second in pairs if first != second), None)

    def group(self, maker: str, state: State) -> int:
        groups = self.conflict.decision_maker(maker).preferences.groups
        return next(place for place, group in enumerate(groups) if state in map(self.find, group))

    def is_unknown(self, maker: str, one: State, other: State) -> bool:
        preferences = self.conflict.decision_maker(maker).preferences
        if isinstance(preferences, Prioritising):
            statement = self.deciding(maker, one, other)
            return statement is not None and statement.unknown
        if isinstance(preferences, Ranking):
            first, last = sorted((self.group(maker, one), self.group(maker, other)))
            return any(first < cut <= last for cut in preferences.unknown)
        return False

    def prefers(self, maker: str, end: State, start: State) -> bool:
        return self.value[maker][end] > self.value[maker][start]

    def greatly(self, maker: str, end: State, start: State) -> bool:
        """The decision maker greatly prefers ``end`` to ``start``."""
        preferences = self.conflict.decision_maker(maker).preferences
        if not self.prefers(maker, end, start):
            return False
        if isinstance(preferences, Prioritising):
            return self.deciding(maker, start, end).strength == "strong"
        if isinstance(preferences, Ranking):
            first, last = self.group(maker, end), self.group(maker, start)
            return any(first < gap <= last for gap in preferences.great)
        return False

    def chance(self, maker: str, end: State, start: State) -> Fraction:
        """The chance that ``end`` is better than ``start``."""
        key = (maker, end, start)
        if key not in self._chances:
            self._chances[key] = self._chance(*key)
        return self._chances[key]

    def _chance(self, maker: str, end: State, start: State) -> Fraction:
        preferences = self.conflict.decision_maker(maker).preferences
        if not isinstance(preferences, Prioritising):
            return Fraction(self.prefers(maker, end, start))
        there, here = self.truths(maker, end), self.truths(maker, start)
        total = Fraction(0)
        for held in product([False, True], repeat=len(there)):
            share = Fraction(1)
            for one, statement in zip(held, preferences.statements, strict=True):
                share *= statement.confidence if one else 1 - statement.confidence
            kept = [place for place, one in enumerate(held) if one]
            if [there[place] for place in kept] > [here[place] for place in kept]:
                total += share
        return total

    def fuzzily(self, maker: str, end: State, start: State) -> bool:
        tie = 1 - self.chance(maker, end, start) - self.chance(maker, start, end)
        there, here = (self.chance(maker, *pair) + tie / 2 for pair in ((end, start), (start, end)))
        assert there + here == 1
        return there - here >= self.conflict.decision_maker(maker).thresholds.satisficing

    def likely(self, maker: str, end: State, start: State, parameter: str) -> bool:
        thresholds = self.conflict.decision_maker(maker).thresholds
        return self.chance(maker, end, start) > 1 - getattr(thresholds, parameter)

    # What the concepts make of them

    def leaves(self, concept: str, maker: str, start: State, end: State) -> bool:
        kind, _, which = concept.partition("_")
        if kind == "fuzzy":
            return self.fuzzily(maker, end, start)
        if kind == "probabilistic":
            return self.likely(maker, end, start, "alpha")
        if kind == "strong":
            return self.prefers(maker, end, start)
        extension = self.conflict.decision_maker(maker).facing_unknown if which == "u" else which
        if self.is_unknown(maker, start, end):
            return extension in ("a", "c")
        return self.prefers(maker, end, start)

    def is_hurt(self, concept: str, maker: str, start: State, end: State) -> bool:
        kind, _, which = concept.partition("_")
        if kind == "fuzzy":
            return not self.fuzzily(maker, end, start)
        if kind == "probabilistic":
            return self.chance(maker, end, start) <= 1 - self.conflict.decision_maker(maker).thresholds.beta
        if kind == "strong":
            return self.greatly(maker, start, end)
        extension = self.conflict.decision_maker(maker).facing_unknown if which == "u" else which
        if self.is_unknown(maker, start, end):
            return extension in ("c", "d")
        return not self.prefers(maker, end, start)

    def credible(self, concept: str, maker: str, start: State, end: State) -> bool:
        kind = concept.partition("_")[0]
        if kind == "fuzzy":
            return self.fuzzily(maker, end, start)
        if kind == "probabilistic":
            return self.likely(maker, end, start, "gamma")
        if kind == "strong":
            return self.prefers(maker, end, start)
        return self.prefers(maker, end, start) or self.is_unknown(maker, start, end)

    def tempting(self, concept: str, player: int, state: State) -> set[State]:
        members = self.players[player]
        moves = self.player_moves[player][state]
        return {end for end in moves if all(self.leaves(concept, id, state, end) for id in members)}

    def answers_to(self, concept: str, player: int, state: State) -> set[State]:
        if "nash" in concept:
            return set()
        moves = {}
        for other, members in enumerate(self.players):
            if other == player:
                continue
            moves[other] = self.player_moves[other]
            if "seq" in concept:
                moves[other] = {
                    start: {end for end in ends if all(self.credible(concept, id, start, end) for id in members)}
                    for start, ends in self.player_moves[other].items()
                }
        return self.legal(state, moves)

    def is_deterred(self, concept: str, player: int, state: State, response: State) -> bool:
        members = self.players[player]
        ends = [response, *(self.player_moves[player][response] if "smr" in concept else ())]
        return all(any(self.is_hurt(concept, id, state, end) for id in members) for end in ends)

    def is_stable(self, concept: str, player: int, state: State) -> bool:
        if "_" not in concept or concept == "seq_then_sim":
            return super().is_stable(concept, player, state)
        return all(
            any(
                self.is_deterred(concept, player, state, response)
                for response in self.answers_to(concept, player, improvement)
            )
            for improvement in self.tempting(concept, player, state)
        )
