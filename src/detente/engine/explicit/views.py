"""What a decision maker makes of two states, beyond which of them is better: how surely, and how much.

Theory of operation. Preference statements are compared in order, so all there is to say of two states hangs on the
statements that tell them apart. The first of these decides whether the preference is great or unknown. With
confidences, each statement is held with its own chance, independently; then

    P(q is better than s)  =  Σ over the statements j that tell s and q apart and hold at q
                              of c_j · Π over the earlier ones i that tell them apart of (1 - c_i)

and what is left of 1 after both directions is the chance of a tie. All of this is reckoned in whole numbers, over the
product of the confidences' denominators, so that a chance that equals a threshold is known to.

States are given as positions, one or an array; two arrays are taken element by element.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import ceil, floor, prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.conflict.model import DecisionMaker
from detente.conflict.preferences import PreferenceStatement, Prioritising, Ranking
from detente.engine.explicit.space import Bools, Ints, StateSpace, dense_labels

Index = Ints | int
#: Whole numbers over a common denominator; Python's own where 64 bits would not do.
Shares = NDArray[Any]


@dataclass(frozen=True, eq=False)
class View:
    """What a decision maker that is sure of everything makes of two states: one is better, or they are tied."""

    maker: DecisionMaker
    rank: Ints

    def better(self, start: Index, end: Index) -> Bools:
        """Tell whether ``end`` is better than ``start``, as the file is written."""
        return np.asarray(self.rank[end] > self.rank[start])

    def unknown(self, start: Index, end: Index) -> Bools:
        """Tell whether it is unknown which of the two is better."""
        return np.zeros_like(self.better(start, end))

    def much_better(self, start: Index, end: Index) -> Bools:
        """Tell whether ``end`` is much better than ``start``."""
        return np.zeros_like(self.better(start, end))

    @property
    def levels(self) -> Ints | None:
        """For every state a level, such that one is much better just when its level is higher; None where none fit."""
        return np.zeros_like(self.rank)

    @property
    def denominator(self) -> int:
        """What the numbers of `chances` are shares of."""
        return 1

    def chances(self, start: Index, end: Index) -> tuple[Shares, Shares]:
        """Return the chance that ``end`` is better and that ``start`` is, in shares of `denominator`."""
        return self.better(start, end).astype(np.int64), self.better(end, start).astype(np.int64)

    def chance(self, start: int, end: int) -> Fraction:
        """Return the chance that ``end`` is better than ``start``."""
        return Fraction(int(self.chances(start, end)[0]), self.denominator)

    def strength(self, start: int, end: int) -> Fraction:
        """Return the fuzzy strength of preference of ``end`` over ``start``: from -1 to 1."""
        there, here = self.chances(start, end)
        return Fraction(int(there) - int(here), self.denominator)

    def perhaps_better(self, start: Index, end: Index) -> Bools:
        """Tell whether ``end`` is better, or it is unknown which is."""
        return self.better(start, end) | self.unknown(start, end)

    def surely_better(self, start: Index, end: Index) -> Bools:
        """Tell whether ``end`` is known to be better."""
        return self.better(start, end) & ~self.unknown(start, end)

    def satisfying(self, start: Index, end: Index) -> Bools:
        """Tell whether ``end`` is better to a degree of the decision maker's fuzzy threshold or more."""
        there, here = self.chances(start, end)
        return np.asarray(there - here >= ceil(self.maker.thresholds.satisficing * self.denominator), dtype=bool)

    def likelier(self, start: Index, end: Index, than: Fraction) -> Bools:
        """Tell whether ``end`` is better with a chance above a bound."""
        return np.asarray(self.chances(start, end)[0] > floor(than * self.denominator), dtype=bool)


@dataclass(frozen=True, eq=False)
class RankingView(View):
    """The view of a decision maker whose ranking has great gaps, or chains between which nothing is known."""

    chain: Ints
    stretch: Ints

    def unknown(self, start: Index, end: Index) -> Bools:
        return np.asarray(self.chain[start] != self.chain[end])

    def much_better(self, start: Index, end: Index) -> Bools:
        return np.asarray(self.stretch[end] > self.stretch[start])

    @property
    def levels(self) -> Ints:
        return self.stretch


@dataclass(frozen=True, eq=False)
class StatementView(View):
    """The view of a decision maker that is given by preferences; ``truths`` says where each holds."""

    statements: Sequence[PreferenceStatement]
    truths: Sequence[Bools]

    def unknown(self, start: Index, end: Index) -> Bools:
        return self._decided_by([statement.unknown for statement in self.statements], start, end)

    def much_better(self, start: Index, end: Index) -> Bools:
        return self.better(start, end) & self._decided_by(self._strong, start, end)

    @property
    def _strong(self) -> list[bool]:
        return [statement.strength == "strong" for statement in self.statements]

    def _decided_by(self, which: Sequence[bool], start: Index, end: Index) -> Bools:
        """Tell whether the first statement that tells two states apart is one of some."""
        found = np.zeros_like(self.better(start, end))
        open_ = ~found
        last = max((place for place, one in enumerate(which) if one), default=-1)
        for one, truth in zip(which[: last + 1], self.truths, strict=False):
            apart = truth[start] != truth[end]
            if one:
                found |= open_ & apart
            open_ &= ~apart
        return found

    @cached_property
    def levels(self) -> Ints | None:
        strong = self._strong
        many = sum(strong)
        if not all(strong[:many]):
            # A great difference within a mild one: the better of two states can be the less much better.
            return None
        return dense_labels(self.truths[:many], self.rank.size)

    @cached_property
    def denominator(self) -> int:
        return prod(statement.confidence.denominator for statement in self.statements)

    def chances(self, start: Index, end: Index) -> tuple[Shares, Shares]:
        kind = np.int64 if self.denominator < 2**62 else object
        # How much is left for the statements further down: the chance that none so far that tells apart is held.
        left = np.full(np.broadcast(start, end).shape, self.denominator, dtype=kind)
        # Of one pair of states, too, it is an array: NumPy would force a bare number into 64 bits.
        there, here, nothing = np.zeros_like(left), np.zeros_like(left), np.zeros((), dtype=kind)
        for statement, truth in zip(self.statements, self.truths, strict=True):
            confidence, ahead, behind = statement.confidence, truth[end], truth[start]
            share = np.asarray(left // confidence.denominator * confidence.numerator, dtype=kind)
            held = np.where(ahead != behind, share, nothing)
            there = np.asarray(there + np.where(ahead, held, nothing), dtype=kind)
            here = np.asarray(here + np.where(behind, held, nothing), dtype=kind)
            left = np.asarray(left - held, dtype=kind)
        return there, here


def view(space: StateSpace, maker: DecisionMaker, rank: Ints) -> View:
    """Compile what a decision maker makes of two states; ``rank`` is its rank of every state."""
    preferences = maker.preferences
    if isinstance(preferences, Prioritising) and any(statement.marks for statement in preferences.statements):
        truths = [space.true_of_states(statement.condition) for statement in preferences.statements]
        return StatementView(maker, rank, preferences.statements, truths)
    if isinstance(preferences, Ranking) and (preferences.great or preferences.unknown):
        # Ranks count from the worst group, which is the last one written.
        group = len(preferences.groups) - 1 - rank
        chain = np.searchsorted(np.array(preferences.unknown, dtype=np.int64), group, side="right")
        stretch = -np.searchsorted(np.array(preferences.great, dtype=np.int64), group, side="right")
        return RankingView(maker, rank, chain, stretch)
    return View(maker, rank)
