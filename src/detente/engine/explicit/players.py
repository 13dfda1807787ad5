"""The players of a conflict: their moves, and their preferences between two states.

A player is a decision maker or a standing coalition. A coalition moves by legal sequences of its members' own moves
through feasible states, and prefers only what every member strictly prefers (Kilgour, Hipel, Fang & Peng 2001, for
fixed coalitions).

Theory of operation. Preferences are compared in order of priority, so the relation between two states depends only on
the preferences that distinguish them. The first of these decides whether the preference is great or unknown. With
confidences, each preference is held with its own chance, independently of the others; then

    P(q is better than s)  =  Σ over the preferences j that distinguish s and q and are met at q
                              of c_j · Π over the earlier ones i that distinguish them of (1 - c_i)

and the rest, to 1 over both directions, is the chance of a tie. All of this is computed in integers, over the product
of the confidences' denominators, so that a chance equal to a threshold compares as equal.

The terms of `detente.concepts.concept` are relations between two states for one player. They receive all players,
because they may depend on the others' preferences between the two states. States are given as positions, one or an
array; two arrays are compared element by element. `ALL` stands for all states, compared with one.

Where consecutive preferences are alike, the first of them on which two states differ is found by one comparison: they
are numbered together, as a ranking of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import field
from fractions import Fraction
from functools import cached_property
from itertools import groupby
from math import ceil, floor, prod
from operator import itemgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.concepts import Improvement, Sanction
from detente.engine.explicit.moves import ArcMoves, FibreMoves, PlayerMoves, compressed, member_arcs, state_arcs
from detente.engine.space import Bools, Ints, StateSpace, dense_labels
from detente.errors import TooLargeError
from detente.lazy import dataclass
from detente.limits import MAX_ARCS
from detente.model.parts import DecisionMaker
from detente.model.preferences import PreferenceStatement, Prioritising, Ranking, Thresholds

Index = Ints | int | slice
#: All states, in their order.
ALL = slice(None)
#: Integers over a common denominator; Python integers if 64 bits do not suffice.
Shares = NDArray[Any]


@dataclass(frozen=True, eq=False)
class PreferenceView:
    """A decision maker's preferences between two states if they are certain: one is better, or they are tied."""

    maker: DecisionMaker
    rank: Ints

    def better(self, start: Index, end: Index) -> Bools:
        """Tell whether ``end`` is better than ``start``; preferences of unknown direction count as written."""
        return np.asarray(self.rank[end] > self.rank[start])

    def unknown(self, start: Index, end: Index) -> Bools:
        """Tell whether the preference between the two states is unknown."""
        return np.zeros_like(self.better(start, end))

    def much_better(self, start: Index, end: Index) -> Bools:
        """Tell whether ``end`` is much better than ``start``."""
        return np.zeros_like(self.better(start, end))

    @property
    def levels(self) -> Ints | None:
        """A level for each state, such that one state is much better exactly if its level is higher; None if
        impossible.
        """
        return np.zeros_like(self.rank)

    @property
    def any_unknown(self) -> bool:
        """Whether the preference between some two states is unknown."""
        return False

    @property
    def denominator(self) -> int:
        """The common denominator of the results of `chances`."""
        return 1

    def chances(self, start: Index, end: Index) -> tuple[Shares, Shares]:
        """Return the chances that ``end`` is better and that ``start`` is better, as numerators over `denominator`."""
        return self.better(start, end).astype(np.int64), self.better(end, start).astype(np.int64)

    def chance(self, start: int, end: int) -> Fraction:
        """Return the chance that ``end`` is better than ``start``."""
        return Fraction(int(self.chances(start, end)[0]), self.denominator)

    def strength(self, start: int, end: int) -> Fraction:
        """Return the fuzzy strength of preference of ``end`` over ``start``: from -1 to 1."""
        there, here = self.chances(start, end)
        return Fraction(int(there) - int(here), self.denominator)

    def perhaps_better(self, start: Index, end: Index) -> Bools:
        """Tell whether ``end`` is better, or the preference is unknown."""
        return self.better(start, end) | self.unknown(start, end)

    def surely_better(self, start: Index, end: Index) -> Bools:
        """Tell whether ``end`` is known to be better."""
        return self.better(start, end) & ~self.unknown(start, end)

    def satisfying(self, start: Index, end: Index) -> Bools:
        """Tell whether ``end`` is better to a degree of the decision maker's fuzzy threshold or more."""
        there, here = self.chances(start, end)
        return np.asarray(there - here >= ceil(self.maker.thresholds.satisficing * self.denominator), dtype=bool)

    def better_facing(self, extensions: str, start: Index, end: Index) -> Bools:
        """Tell whether ``end`` is better, or perhaps better if the decision maker has one of these extensions."""
        if self.maker.facing_unknown in extensions:
            return self.perhaps_better(start, end)
        return self.surely_better(start, end)

    def likelier(self, start: Index, end: Index, than: Fraction) -> Bools:
        """Tell whether ``end`` is better with a chance above a bound."""
        return np.asarray(self.chances(start, end)[0] > floor(than * self.denominator), dtype=bool)


@dataclass(frozen=True, eq=False)
class RankingView(PreferenceView):
    """The preferences of a decision maker whose ranking has great gaps, or chains that are not compared with each
    other.
    """

    chain: Ints
    stretch: Ints

    def unknown(self, start: Index, end: Index) -> Bools:
        return np.asarray(self.chain[start] != self.chain[end])

    @property
    def any_unknown(self) -> bool:
        return bool((self.chain != self.chain[0]).any())

    def much_better(self, start: Index, end: Index) -> Bools:
        return np.asarray(self.stretch[end] > self.stretch[start])

    @property
    def levels(self) -> Ints:
        return self.stretch


@dataclass(frozen=True, eq=False)
class StatementView(PreferenceView):
    """The preferences of a decision maker with preferences by priority; ``truths`` gives the states that meet each."""

    statements: Sequence[PreferenceStatement]
    truths: Sequence[Bools]
    _known: dict[tuple[Any, ...], list[tuple[Any, Ints]]] = field(default_factory=dict, repr=False)

    def unknown(self, start: Index, end: Index) -> Bools:
        return self._decided_by([statement.unknown for statement in self.statements], start, end)

    @property
    def any_unknown(self) -> bool:
        return any(statement.unknown for statement in self.statements)

    def much_better(self, start: Index, end: Index) -> Bools:
        return self.better(start, end) & self._decided_by(self._strong, start, end)

    @property
    def _strong(self) -> list[bool]:
        return [statement.strength == "strong" for statement in self.statements]

    def _decided_by(self, which: Sequence[bool], start: Index, end: Index) -> Bools:
        """Tell whether the first preference that distinguishes two states is one of some."""
        found = np.zeros_like(self.better(start, end))
        open_ = ~found
        for one, labels in self._blocks(tuple(which)):
            apart = labels[start] != labels[end]
            if one:
                found |= open_ & apart
            open_ &= ~apart
        return found

    def _blocks(self, marks: tuple[Any, ...]) -> list[tuple[Any, Ints]]:
        """Return runs of consecutive preferences with the same mark, each as a ranking of the states; the last runs
        without a mark are left out.
        """
        if marks not in self._known:
            last = max((place for place, one in enumerate(marks) if one), default=-1)
            marked = groupby(zip(marks[: last + 1], self.truths, strict=False), key=itemgetter(0))
            self._known[marks] = [
                (one, dense_labels((truth for _, truth in run), self.rank.size)) for one, run in marked
            ]
        return self._known[marks]

    @cached_property
    def levels(self) -> Ints | None:
        strong = self._strong
        many = sum(strong)
        if not all(strong[:many]):
            # With a great difference below a mild one, no single level expresses 'much better'.
            return None
        return dense_labels(self.truths[:many], self.rank.size)

    @cached_property
    def denominator(self) -> int:
        return prod(statement.confidence.denominator for statement in self.statements)

    def chances(self, start: Index, end: Index) -> tuple[Shares, Shares]:
        kind = np.int64 if self.denominator < 2**62 else object
        # The chance that no distinguishing preference so far is held, which is what remains for the later ones.
        left = np.full(np.broadcast(self.rank[start], self.rank[end]).shape, self.denominator, dtype=kind)
        # An array even for a single pair of states: NumPy would convert a bare number to 64 bits.
        there, here, nothing = np.zeros_like(left), np.zeros_like(left), np.zeros((), dtype=kind)
        for confidence, labels in self._certainties:
            ahead, behind = labels[end] > labels[start], labels[end] < labels[start]
            share = np.asarray(left // confidence.denominator * confidence.numerator, dtype=kind)
            there = np.asarray(there + np.where(ahead, share, nothing), dtype=kind)
            here = np.asarray(here + np.where(behind, share, nothing), dtype=kind)
            left = np.asarray(left - np.where(ahead | behind, share, nothing), dtype=kind)
        return there, here

    @cached_property
    def _certainties(self) -> list[tuple[Fraction, Ints]]:
        """The confidence of each preference with its truth values; certain ones in a row as one ranking."""
        # Each uncertain preference is held by itself, so it makes a run of its own.
        marks = tuple(
            None if statement.confidence == 1 else place + 1 for place, statement in enumerate(self.statements)
        )
        runs = self._blocks((*marks, "end"))
        return [(self.statements[one - 1].confidence if one else Fraction(1), labels) for one, labels in runs]


def preference_view(space: StateSpace, maker: DecisionMaker, rank: Ints) -> PreferenceView:
    """Compile a decision maker's preferences between two states; ``rank`` is its rank of each state."""
    preferences = maker.preferences
    if isinstance(preferences, Prioritising) and any(statement.marks for statement in preferences.statements):
        truths = [space.true_of_states(statement.condition) for statement in preferences.statements]
        return StatementView(maker, rank, preferences.statements, truths)
    if isinstance(preferences, Ranking) and (preferences.great or preferences.unknown):
        # Ranks count from the worst group, which the file lists last.
        group = len(preferences.groups) - 1 - rank
        chain = np.searchsorted(np.array(preferences.unknown, dtype=np.int64), group, side="right")
        stretch = -np.searchsorted(np.array(preferences.great, dtype=np.int64), group, side="right")
        return RankingView(maker, rank, chain, stretch)
    return PreferenceView(maker, rank)


#: A relation between ``start`` and ``end`` for one decision maker.
OfOne = Callable[[PreferenceView, Index, Index], Bools]


@dataclass(frozen=True, eq=False)
class Player:
    """A player: its members, their options, their ranks of all states, their preferences, and the player's moves."""

    members: tuple[str, ...]
    options: tuple[str, ...]
    ranks: tuple[Ints, ...]
    moves: PlayerMoves
    views: tuple[PreferenceView, ...]

    @property
    def rank(self) -> Ints:
        """The rank of each state for a player that is a single decision maker."""
        (rank,) = self.ranks
        return rank

    @property
    def alone(self) -> bool:
        """Whether the player is a single decision maker."""
        return len(self.ranks) == 1

    def better(self, start: Ints | int, end: Ints | int) -> Bools:
        """Tell whether the player strictly prefers ``end`` to ``start``, element by element."""
        return np.asarray(np.logical_and.reduce([rank[end] > rank[start] for rank in self.ranks]))


def players_of(space: StateSpace, rank_of: dict[str, Ints]) -> list[Player]:
    """Compile the players of a conflict; ``rank_of`` gives each decision maker's ranks."""
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
    movers = tuple(map(tuple, own))
    if movers not in space.listed:
        arcs = [state_arcs(space, names) for names in own]
        space.listed[movers] = compressed(*(arcs[0] if len(arcs) == 1 else _sequences(arcs, space.count)), space.count)
    indptr, indices = space.listed[movers]
    starts = np.repeat(np.arange(space.count), np.diff(indptr))
    improving = np.logical_and.reduce([rank[indices] > rank[starts] for rank in ranks])
    return ArcMoves(indptr, indices, improving, transitive=not merged)


def sequences_of_members(space: StateSpace, makers: Sequence[str]) -> tuple[Ints, Ints]:
    """Return the moves of a coalition between members: the ends of its legal sequences."""
    conflict = space.conflict
    own = [tuple(option.id for option in conflict.decision_maker(id).options) for id in makers]
    arcs = []
    for names in own:
        starts, ends = member_arcs(space, names)
        order = np.argsort(starts, kind="stable")
        arcs.append((starts[order], ends[order]))
    return _sequences(arcs, space.members)


def _sequences(arcs: Sequence[tuple[Ints, Ints]], count: int) -> tuple[Ints, Ints]:
    """Return the ends of all legal sequences from every state, as sorted arcs, without returns to the start."""
    rows = [compressed(starts, ends, count) for starts, ends in arcs]
    found: list[Ints] = []
    total = 0
    for start in range(count):
        ends = _reached(start, rows, count)
        found.append(ends[ends != start])
        total += ends.size
        if total > MAX_ARCS:
            raise TooLargeError(
                f"a coalition has more than {MAX_ARCS:,} moves, which is the limit. Split the coalition"
            )
    lengths = [ends.size for ends in found]
    return np.repeat(np.arange(count), lengths), np.concatenate(found)


def _reached(start: int, rows: Sequence[tuple[Ints, Ints]], count: int) -> Ints:
    """Search over pairs of state and last mover, in order of distance, so that no player moves twice in a row."""
    seen = np.zeros((len(rows), count), dtype=bool)
    came: list[Ints] = []
    while not came or any(states.size for states in came):
        following = []
        for mover, row in enumerate(rows):
            # The last mover may not move next; at the start there is no last mover.
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
    """Return the states that one mover can move to from some states."""
    indptr, indices = row
    first, size = indptr[states], indptr[states + 1] - indptr[states]
    within = np.arange(size.sum()) - np.repeat(np.cumsum(size) - size, size)
    return np.asarray(indices[np.repeat(first, size) + within])


def attitude_keys(players: Sequence[Player], player: int) -> list[tuple[Ints, bool]]:
    """Return what a decision maker's attitudes ask for: keys of the states, each with whether it must rise.

    There is a key for each party towards which the decision maker is not neutral. ``end`` is totally relationally
    preferred to ``start`` exactly if no key is lower there, and each that must rise is higher.
    """
    (own,) = players[player].views
    keys: list[tuple[Ints, bool]] = []
    for view in (view for other in players for view in other.views):
        attitude = own.maker.attitude(view.maker.id)
        if attitude != "neutral":
            keys.append((view.rank, False) if attitude == "positive" else (-view.rank, True))
    return keys


def _totally_preferred(players: Sequence[Player], player: int, start: Index, end: Index) -> Bools:
    """Tell whether ``end`` is totally relationally preferred to ``start``, by all attitudes of a decision maker."""
    rank = players[player].rank
    favoured = np.ones(np.broadcast(rank[start], rank[end]).shape, dtype=bool)
    for key, must_rise in attitude_keys(players, player):
        favoured &= key[end] > key[start] if must_rise else key[end] >= key[start]
    return favoured


#: Whether a move from ``start`` to ``end`` is an improvement for a decision maker, by term.
_TEMPTING: dict[Improvement, OfOne] = {
    Improvement.BETTER: PreferenceView.better,
    Improvement.SURELY_BETTER: PreferenceView.surely_better,
    Improvement.PERHAPS_BETTER: PreferenceView.perhaps_better,
    # Under extensions a and c an unknown preference counts as an improvement.
    Improvement.BETTER_AS_FACED: lambda view, start, end: view.better_facing("ac", start, end),
    Improvement.SATISFYING: PreferenceView.satisfying,
    Improvement.LIKELY: lambda view, start, end: view.likelier(start, end, 1 - view.maker.thresholds.alpha),
    Improvement.LIKELY_ENOUGH: lambda view, start, end: view.likelier(start, end, 1 - view.maker.thresholds.gamma),
}

#: Whether ``end`` deters a decision maker from leaving ``start``, by term.
_DETERRING: dict[Sanction, OfOne] = {
    Sanction.NOT_BETTER: lambda view, start, end: ~view.better(start, end),
    Sanction.NOT_SURELY_BETTER: lambda view, start, end: ~view.surely_better(start, end),
    Sanction.SURELY_NOT_BETTER: lambda view, start, end: ~view.perhaps_better(start, end),
    # Under extensions a and b an unknown preference does not deter.
    Sanction.NOT_BETTER_AS_FACED: lambda view, start, end: ~view.better_facing("ab", start, end),
    Sanction.MUCH_WORSE: lambda view, start, end: view.much_better(end, start),
    Sanction.NOT_SATISFYING: lambda view, start, end: ~view.satisfying(start, end),
    Sanction.UNLIKELY: lambda view, start, end: ~view.likelier(start, end, 1 - view.maker.thresholds.beta),
}


#: The terms that differ from *better* and *not better* only if a preference is unknown.
_OF_THE_UNKNOWN = {
    Improvement.SURELY_BETTER, Improvement.PERHAPS_BETTER, Improvement.BETTER_AS_FACED,
    Sanction.NOT_SURELY_BETTER, Sanction.SURELY_NOT_BETTER, Sanction.NOT_BETTER_AS_FACED,
}  # fmt: skip
#: The terms of degrees and chances; each differs only if a preference is not certain, or if its threshold is 0.
_THRESHOLD: dict[Improvement | Sanction, Callable[[Thresholds], Fraction]] = {
    Improvement.SATISFYING: lambda limits: limits.satisficing,
    Sanction.NOT_SATISFYING: lambda limits: limits.satisficing,
    Improvement.LIKELY: lambda limits: limits.alpha,
    Sanction.UNLIKELY: lambda limits: limits.beta,
    Improvement.LIKELY_ENOUGH: lambda limits: limits.gamma,
}
_RELATIONAL = {Improvement.RELATIONAL, Sanction.RELATIONALLY_WORSE, Sanction.NOT_RELATIONAL}


def means_better(word: Improvement | Sanction, players: Sequence[Player], player: int) -> bool:
    """Tell whether a term means *better*, or *not better* if it is a sanction, for a player: nothing is graded."""
    if word in _RELATIONAL:
        (own,) = players[player].views
        # With ties a positive attitude accepts a state that is equally good.
        is_strict = int(own.rank.max()) + 1 == own.rank.size
        attitudes = {view.maker.id: own.maker.attitude(view.maker.id) for other in players for view in other.views}
        return is_strict and attitudes.pop(own.maker.id) == "positive" and set(attitudes.values()) <= {"neutral"}
    for view in players[player].views:
        if word in _OF_THE_UNKNOWN and view.any_unknown:
            return False
        if word in _THRESHOLD and (view.denominator > 1 or _THRESHOLD[word](view.maker.thresholds) == 0):
            return False
    return word is not Sanction.MUCH_WORSE


def improves(word: Improvement, players: Sequence[Player], player: int, start: Index, end: Index) -> Bools:
    """Tell whether ``end`` is an improvement on ``start`` for a player: for every member of it."""
    if word is Improvement.RELATIONAL:
        # Staying is not a relational reply.
        apart: Bools = np.not_equal(start, end)  # type: ignore[arg-type]
        return _totally_preferred(players, player, start, end) & apart
    return np.asarray(np.logical_and.reduce([_TEMPTING[word](view, start, end) for view in players[player].views]))


def sanctions(word: Sanction, players: Sequence[Player], player: int, start: Index, end: Index) -> Bools:
    """Tell whether ``end`` deters a player from leaving ``start``: whether it deters some member."""
    if word is Sanction.RELATIONALLY_WORSE:
        return _totally_preferred(players, player, end, start)
    if word is Sanction.NOT_RELATIONAL and end is ALL:
        favoured = _totally_preferred(players, player, start, end)
        favoured[start] = False
        return ~favoured
    if word is Sanction.NOT_RELATIONAL:
        return ~improves(Improvement.RELATIONAL, players, player, start, end)
    return np.asarray(np.logical_or.reduce([_DETERRING[word](view, start, end) for view in players[player].views]))
