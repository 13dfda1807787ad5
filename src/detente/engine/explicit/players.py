"""The players of a conflict: where they can move, and what they make of two states.

A player is a decision maker, or a standing coalition. A coalition moves by legal sequences of its members' own moves
through feasible states, and prefers only what every member strictly prefers (Kilgour, Hipel, Fang & Peng 2001, for
fixed coalitions).

Theory of operation. Preference statements are compared in order, so all there is to say of two states depends on the
statements that tell them apart. The first of these decides whether the preference is great or unknown. With
confidences, each statement is held with its own chance, independently; then

    P(q is better than s)  =  Σ over the statements j that tell s and q apart and hold at q
                              of c_j · Π over the earlier ones i that tell them apart of (1 - c_i)

and what is left of 1 after both directions is the chance of a tie. All of this is reckoned in whole numbers, over the
product of the confidences' denominators, so that a chance that equals a threshold is known to.

The words of `detente.concepts.concept` are relations between two states for a player, asked of it among all players, so
that they may look at what the others think of the two states. States are given as positions, one or an array; two
arrays are taken element by element.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import ceil, floor, prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.concepts import Improvement, Sanction
from detente.engine.explicit.moves import ArcMoves, FibreMoves, PlayerMoves, compressed, member_arcs, state_arcs
from detente.engine.space import Bools, Ints, StateSpace, dense_labels
from detente.errors import TooLargeError
from detente.limits import MAX_ARCS
from detente.model.parts import DecisionMaker
from detente.model.preferences import PreferenceStatement, Prioritising, Ranking

Index = Ints | int
#: Whole numbers over a common denominator; Python's own where 64 bits would not do.
Shares = NDArray[Any]


@dataclass(frozen=True, eq=False)
class PreferenceView:
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

    def better_facing(self, extensions: str, start: Index, end: Index) -> Bools:
        """Tell whether ``end`` is better, or perhaps better for one who faces the unknown in such a way."""
        if self.maker.facing_unknown in extensions:
            return self.perhaps_better(start, end)
        return self.surely_better(start, end)

    def likelier(self, start: Index, end: Index, than: Fraction) -> Bools:
        """Tell whether ``end`` is better with a chance above a bound."""
        return np.asarray(self.chances(start, end)[0] > floor(than * self.denominator), dtype=bool)


@dataclass(frozen=True, eq=False)
class RankingView(PreferenceView):
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
class StatementView(PreferenceView):
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


def preference_view(space: StateSpace, maker: DecisionMaker, rank: Ints) -> PreferenceView:
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
    return PreferenceView(maker, rank)


#: Whether something is so between ``start`` and ``end`` for one decision maker.
OfOne = Callable[[PreferenceView, Index, Index], Bools]


@dataclass(frozen=True, eq=False)
class Player:
    """A player: the decision makers in it, their options, ranks of all states and views, and the player's moves."""

    members: tuple[str, ...]
    options: tuple[str, ...]
    ranks: tuple[Ints, ...]
    moves: PlayerMoves
    views: tuple[PreferenceView, ...]

    @property
    def rank(self) -> Ints:
        """The rank of every state for a player that is one decision maker."""
        (rank,) = self.ranks
        return rank

    @property
    def alone(self) -> bool:
        """Whether the player is one decision maker."""
        return len(self.ranks) == 1

    def better(self, start: Ints | int, end: Ints | int) -> Bools:
        """Tell whether the player strictly prefers ``end`` to ``start`` (element by element)."""
        return np.asarray(np.logical_and.reduce([rank[end] > rank[start] for rank in self.ranks]))


def players_of(space: StateSpace, rank_of: dict[str, Ints]) -> list[Player]:
    """Compile the players of a conflict; ``rank_of`` has every decision maker's ranks."""
    made = []
    for members in space.conflict.players:
        makers = [space.conflict.decision_maker(id) for id in members]
        own = [tuple(option.id for option in maker.options) for maker in makers]
        options = tuple(name for names in own for name in names)
        ranks = tuple(rank_of[id] for id in members)
        views = tuple(preference_view(space, maker, rank) for maker, rank in zip(makers, ranks, strict=True))
        made.append(Player(members, options, ranks, _moves(space, own, ranks), views))
    return made


def _moves(space: StateSpace, own: Sequence[Sequence[str]], ranks: tuple[Ints, ...]) -> PlayerMoves:
    merged = space.state_of is not None
    if len(own) == 1 and not merged:
        return FibreMoves(space.fibres(own[0]), space.moved(own[0]), ranks[0])
    arcs = [state_arcs(space, names) for names in own]
    if len(own) == 1:
        starts, ends = arcs[0]
    else:
        starts, ends = _sequences(arcs, space.count)
    indptr, indices = compressed(starts, ends, space.count)
    improving = np.logical_and.reduce([rank[ends] > rank[starts] for rank in ranks])
    return ArcMoves(indptr, indices, improving, transitive=not merged)


def sequences_of_members(space: StateSpace, makers: Sequence[str]) -> tuple[Ints, Ints]:
    """Return what a coalition can change in one go, between members: the ends of its legal sequences."""
    conflict = space.conflict
    own = [tuple(option.id for option in conflict.decision_maker(id).options) for id in makers]
    arcs = []
    for names in own:
        starts, ends = member_arcs(space, names)
        order = np.argsort(starts, kind="stable")
        arcs.append((starts[order], ends[order]))
    return _sequences(arcs, space.members)


def _sequences(arcs: Sequence[tuple[Ints, Ints]], count: int) -> tuple[Ints, Ints]:
    """Return the ends of all legal sequences from every state, as sorted arcs; a return to the start is left out."""
    rows = [compressed(starts, ends, count) for starts, ends in arcs]
    found: list[Ints] = []
    total = 0
    for start in range(count):
        ends = _reached(start, rows, count)
        found.append(ends[ends != start])
        total += ends.size
        if total > MAX_ARCS:
            raise TooLargeError(f"a coalition has more than {MAX_ARCS:,} moves")
    lengths = [ends.size for ends in found]
    return np.repeat(np.arange(count), lengths), np.concatenate(found)


def _reached(start: int, rows: Sequence[tuple[Ints, Ints]], count: int) -> Ints:
    """Search over pairs of state and last mover, so that nobody moves twice in a row; all of a distance at once."""
    seen = np.zeros((len(rows), count), dtype=bool)
    came: list[Ints] = []
    while not came or any(states.size for states in came):
        following = []
        for mover, row in enumerate(rows):
            # What a mover has come to is not for itself to leave; at first nobody has moved.
            others = came[:mover] + came[mover + 1 :] if came else [np.array([start])]
            new = np.zeros(count, dtype=bool)
            for states in others:
                new[ends_of_rows(row, states)] = True
            new &= ~seen[mover]
            seen[mover] |= new
            following.append(np.flatnonzero(new))
        came = following
    return np.flatnonzero(seen.any(axis=0))


def ends_of_rows(row: tuple[Ints, Ints], states: Ints) -> Ints:
    """Return where the moves of one mover lead from some states."""
    indptr, indices = row
    first, size = indptr[states], indptr[states + 1] - indptr[states]
    within = np.arange(size.sum()) - np.repeat(np.cumsum(size) - size, size)
    return np.asarray(indices[np.repeat(first, size) + within])


def _totally_preferred(players: Sequence[Player], player: int, start: Index, end: Index) -> Bools:
    """Tell whether the attitudes of a decision maker, standing at ``start``, all favour ``end``."""
    (own,) = players[player].views
    favoured = np.ones_like(own.better(start, end))
    for view in (view for other in players for view in other.views):
        worse = view.better(end, start)
        attitude = own.maker.attitude(view.maker.id)
        if attitude != "neutral":
            favoured &= worse if attitude == "negative" else ~worse
    return favoured


#: What of ``end`` tempts a decision maker away from ``start``.
_TEMPTING: dict[Improvement, OfOne] = {
    Improvement.BETTER: PreferenceView.better,
    Improvement.SURELY_BETTER: PreferenceView.surely_better,
    Improvement.PERHAPS_BETTER: PreferenceView.perhaps_better,
    # What the unknown does to tempt depends on the decision maker: extensions a and c are tempted by it.
    Improvement.BETTER_AS_FACED: lambda view, start, end: view.better_facing("ac", start, end),
    Improvement.SATISFYING: PreferenceView.satisfying,
    Improvement.LIKELY: lambda view, start, end: view.likelier(start, end, 1 - view.maker.thresholds.alpha),
    Improvement.LIKELY_ENOUGH: lambda view, start, end: view.likelier(start, end, 1 - view.maker.thresholds.gamma),
}

#: What of ``end`` deters a decision maker from leaving ``start``.
_DETERRING: dict[Sanction, OfOne] = {
    Sanction.NOT_BETTER: lambda view, start, end: ~view.better(start, end),
    Sanction.NOT_SURELY_BETTER: lambda view, start, end: ~view.surely_better(start, end),
    Sanction.SURELY_NOT_BETTER: lambda view, start, end: ~view.perhaps_better(start, end),
    # Extensions a and b are not deterred by what is unknown.
    Sanction.NOT_BETTER_AS_FACED: lambda view, start, end: ~view.better_facing("ab", start, end),
    Sanction.MUCH_WORSE: lambda view, start, end: view.much_better(end, start),
    Sanction.NOT_SATISFYING: lambda view, start, end: ~view.satisfying(start, end),
    Sanction.UNLIKELY: lambda view, start, end: ~view.likelier(start, end, 1 - view.maker.thresholds.beta),
}


def improves(word: Improvement, players: Sequence[Player], player: int, start: Index, end: Index) -> Bools:
    """Tell whether ``end`` tempts a player away from ``start``: every member of it."""
    if word is Improvement.RELATIONAL:
        # To stay is no reply.
        return _totally_preferred(players, player, start, end) & np.not_equal(start, end)
    return np.asarray(np.logical_and.reduce([_TEMPTING[word](view, start, end) for view in players[player].views]))


def sanctions(word: Sanction, players: Sequence[Player], player: int, start: Index, end: Index) -> Bools:
    """Tell whether ``end`` deters a player from leaving ``start``: some member of it."""
    if word is Sanction.RELATIONALLY_WORSE:
        return _totally_preferred(players, player, end, start)
    if word is Sanction.NOT_RELATIONAL:
        return ~improves(Improvement.RELATIONAL, players, player, start, end)
    return np.asarray(np.logical_or.reduce([_DETERRING[word](view, start, end) for view in players[player].views]))
