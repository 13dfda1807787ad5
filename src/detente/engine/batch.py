"""Many conflicts decided at once: small ones over the same options, or one under many preference profiles.

Theory of operation of `DisjointUnion`. Put side by side, the states of some conflicts are the states of one in which no
move leads from a part to another: whatever is decided of all of them is what would be decided of each. With few states
the engine's time goes into the number of its operations on arrays, whatever their length, and here many conflicts share
them.

Ranks are compared within a part only, so each may be ranked as it likes.

Theory of operation of `ProfileSolver`. Whatever the decision makers prefer, the states and the moves are the same, so
the sweeps of `detente.engine.explicit.fixpoints` answer for many profiles as they answer for one: every array has a
column for each profile. `ProfileMoves` lists a player's moves by *slots* — the first move of every state, the second of
every state that has one, and so on — so that a sweep is a few operations on whole arrays of small unsigned integers,
with a row for every state and a column for every profile.

A player's stability under Nash, GMR and SMR depends on its own ranking alone, and profiles share rankings: it is
decided once for each different ranking. Under SEQ and SSEQ it depends on everybody's, and is decided for each profile.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.concepts import CONCEPTS, Concept, Respond
from detente.engine.explicit import fixpoints
from detente.engine.explicit.moves import compressed, state_arcs
from detente.engine.explicit.players import Player, players_of
from detente.engine.explicit.solver import ExplicitSolver
from detente.engine.space import Bools, Ints, Ranks, StateSpace, dense_labels
from detente.errors import TooLargeError
from detente.model.conditions import Not
from detente.model.preferences import Preferences, PreferenceStatement


@dataclass(frozen=True, eq=False)
class DisjointUnion(StateSpace):
    """The states of several conflicts that merge none, as one space.

    ``part`` says of every state which conflict it belongs to; ``one_way`` has for every option that is one-way in some
    of them the states at which it has already been moved for good.
    """

    part: Ints
    one_way: Mapping[str, Bools]

    def labels(self, options: Iterable[str]) -> Ints:
        """Return for every state a label that two share when they agree on these options and are of one conflict."""
        own = super().labels(options)
        return np.asarray(np.unique(self.part * (int(own.max()) + 1) + own, return_inverse=True)[1].reshape(-1))

    def moved(self, options: Iterable[str]) -> list[Bools]:
        """Return for each option that is one-way somewhere a column that is true where it has already been moved."""
        return [self.one_way[option] for option in options if option in self.one_way]


class DisjointUnionSolver(ExplicitSolver):
    """Several conflicts, compiled as one; ``ranks`` has for every decision maker how good each state is."""

    def __init__(self, space: DisjointUnion, ranks: Mapping[str, Ints]) -> None:
        self.space, self._given = space, dict(ranks)
        super().__init__(space.conflict)

    def _compile(self) -> None:
        self._ranks, self.players = self._given, players_of(self.space, self._given)


#: The concepts that sweeps decide; the others are decided profile by profile.
BATCH_CONCEPTS = ("nash", "gmr", "smr", "seq", "sseq")


#: How many bytes the improvements of one player may take at once.
MAX_SWEEP_BYTES = 2**25


#: More moves of one player than this are refused.
MAX_BATCH_MOVES = 2**23


#: With more statements than this a ranking is squeezed, so that it fits small integers again.
MAX_BITS = 16
_Slot = tuple[Ints | None, Ints]


class ProfileMoves:
    """A player's moves, and which of them are improvements in each profile.

    ``rank`` is the player's own; a sweep never counts a player's own state among its moves.
    """

    def __init__(self, slots: Sequence[_Slot], rank: Ranks, *, transitive: bool) -> None:
        self.transitive = transitive
        self._slots, self._rank = slots, rank

    def best(self, values: Ints) -> Ints:
        """Return the largest value among the states that the player can move to, 0 where there is none."""
        result = np.zeros_like(values)
        for rows, targets in self._slots:
            _combine(np.maximum, result, rows, np.take(values, targets, axis=0))
        return result

    def worst(self, values: Ints) -> Ints:
        """Return the smallest value among the states that the player can move to; the largest integer for none."""
        result = np.full_like(values, np.iinfo(values.dtype).max)
        for rows, targets in self._slots:
            _combine(np.minimum, result, rows, np.take(values, targets, axis=0))
        return result

    def worst_improving(self, values: Ints) -> Ints:
        """Return the smallest value among the states that the player can improve to."""
        result = np.full_like(values, np.iinfo(values.dtype).max)
        for (rows, targets), others in zip(self._slots, self._no_improvements, strict=True):
            found = np.take(values, targets, axis=0)
            _combine(np.minimum, result, rows, np.bitwise_or(found, others, out=found))
        return result

    def targets(self, state: int) -> Ints:
        """Return the states that the player can move to from one state, ascending."""
        found = [
            int(end)
            for rows, targets in self._slots
            for end in (targets[[state]] if rows is None else targets[rows == state])
        ]
        return np.array(sorted(found), dtype=np.int64)

    @cached_property
    def _no_improvements(self) -> list[Ranks]:
        """For every slot all bits set where the move is no improvement, so that no minimum sees it."""
        rank = self._rank
        return [
            np.negative((np.take(rank, targets, axis=0) <= (rank if rows is None else rank[rows])).astype(rank.dtype))
            for rows, targets in self._slots
        ]


def _combine(operation: np.ufunc, result: Ranks, rows: Ints | None, values: Ranks) -> None:
    if rows is None:
        operation(result, values, out=result)
    else:
        result[rows] = operation(result[rows], values)


class ProfileSolver:
    """A conflict without coalitions, compiled for many preference profiles.

    Raises
    ------
    TooLargeError
        When a player has too many moves to list.
    """

    def __init__(self, space: StateSpace) -> None:
        conflict = space.conflict
        self.space = space
        self.players = [conflict.decision_maker(id) for members in conflict.players for id in members]
        self._place = {maker.id: place for place, maker in enumerate(conflict.decision_makers)}
        self._transitive = self.space.state_of is None
        self._slots = [self._slots_of([option.id for option in maker.options]) for maker in self.players]
        widest = max(sum(targets.size for _, targets in slots) for slots in self._slots)
        if widest > MAX_BATCH_MOVES:
            raise TooLargeError(
                f"{widest:,} moves of one decision maker, more than {MAX_BATCH_MOVES:,} for many profiles"
            )
        self._widest = max(widest, self.count)

    @property
    def count(self) -> int:
        """How many feasible states there are."""
        return self.space.count

    def _slots_of(self, own: Sequence[str]) -> list[_Slot]:
        indptr, indices = compressed(*state_arcs(self.space, own), self.count)
        degree = np.diff(indptr)
        slots: list[_Slot] = []
        for slot in range(int(degree.max())):
            rows = np.flatnonzero(degree > slot)
            slots.append((None if rows.size == self.count else rows, indices[indptr[rows] + slot]))
        return slots

    def equilibria(self, concept: Concept, ranks: Sequence[Ranks], which: Sequence[Ints]) -> Bools:
        """Decide for every state and profile whether it is an equilibrium.

        Parameters
        ----------
        concept
            One of `SWEPT`.
        ranks
            For every decision maker its different rankings, one a column.
        which
            For every decision maker the ranking that it has in each profile.
        """
        kind = np.result_type(*(rank.dtype for rank in ranks))
        ranks = [rank.astype(kind, copy=False) for rank in ranks]
        places = [self._place[maker.id] for maker in self.players]
        profiles = which[0].size
        if len(self.players) == 1:
            # Nobody can answer: every concept is Nash.
            concept = CONCEPTS["nash"]
        result = np.ones((self.count, profiles), dtype=bool)
        if concept.respond is Respond.IMPROVEMENTS:
            for part in self._parts(profiles, kind):
                players = self._players([np.take(ranks[place], which[place][part], axis=1) for place in places])
                for player in range(len(players)):
                    result[:, part] &= fixpoints.stable_by_sweeps(concept, player, players)
            return result
        for player, place in enumerate(places):
            stable = np.empty(ranks[place].shape, dtype=bool)
            for part in self._parts(ranks[place].shape[1], kind):
                # The others' rankings are not asked for.
                own = ranks[place][:, part]
                stable[:, part] = fixpoints.stable_by_sweeps(concept, player, self._players([own] * len(places)))
            result &= np.take(stable, which[place], axis=1)
        return result

    def _players(self, ranks: Sequence[Ranks]) -> list[Player]:
        return [
            Player((maker.id,), (), (rank,), ProfileMoves(slots, rank, transitive=self._transitive), ())
            for maker, slots, rank in zip(self.players, self._slots, ranks, strict=True)
        ]

    def _parts(self, profiles: int, kind: np.dtype[Any]) -> Iterator[slice]:
        size = max(1, MAX_SWEEP_BYTES // (self._widest * kind.itemsize))
        return (slice(start, start + size) for start in range(0, profiles, size))


@dataclass(frozen=True, eq=False)
class Rankings:
    """Rankings of the states of a conflict, many at once."""

    space: StateSpace

    def kinds(self, statements: Sequence[PreferenceStatement]) -> TieClasses:
        """Return the kinds of states that some preference statements tell apart, whichever way these go."""
        truths = [self.space.true_of_states(one.condition) for one in statements]
        # At a merged state a condition and its opposite can both be false, so one does not follow from the other.
        opposite = {
            place: self.space.true_of_states(Not(one.condition)) for place, one in enumerate(statements) if one.unknown
        }
        kind_of = dense_labels([*truths, *opposite.values()], self.space.count)
        first = np.unique(kind_of, return_index=True)[1]
        # The last row, of zeros, is what -1 finds. Only a statement whose direction is unknown is ever reversed.
        table = np.zeros((2 * len(truths) + 1, first.size), dtype=np.uint8)
        for place, truth in enumerate(truths):
            table[2 * place] = truth[first]
        for place, truth in opposite.items():
            table[2 * place + 1] = truth[first]
        return TieClasses(kind_of, np.ascontiguousarray(table.T))

    def groups(self, preferences: Preferences) -> Ints:
        """Return for every state the place of its tied group in a ranking, 0 being best."""
        rank = self.space.ranks(preferences)
        return np.asarray(rank.max() - rank)

    def from_groups(self, group: Ints, orders: Ints) -> Ranks:
        """Rank the states by tied groups in many orders, one a row: the groups, best first."""
        count = orders.shape[1]
        worth = np.empty(orders.shape, dtype=_smallest_type(count))
        np.put_along_axis(worth, orders, np.arange(count)[::-1].astype(worth.dtype)[None, :], axis=1)
        return np.ascontiguousarray(worth.T[group])


@dataclass(frozen=True, eq=False)
class TieClasses:
    """Kinds of states: states of one kind tie in every order of the preference statements, whichever are reversed.

    ``of`` has every state's kind; ``truths`` a row for each kind, and for each statement two columns: whether its
    condition is true there, and whether the opposite is (for statements whose direction is unknown).
    """

    of: Ints
    truths: NDArray[np.uint8]

    @property
    def count(self) -> int:
        """How many kinds there are."""
        return int(self.truths.shape[0])

    def ranks(self, rows: Ints) -> Ranks:
        """Rank the kinds by option prioritising, in many orders.

        Each row is one order: the conditions by importance, each as twice its place, and one more where its
        opposite is held; -1 for nothing.
        """
        return _lexicographic(self.truths, rows)


def break_ties(ranks: Ranks, drawn: NDArray[np.float64]) -> Ranks:
    """Break ties at random: of those that tie the one with the larger number is better; a row for each profile."""
    order = np.lexsort((drawn, ranks.T), axis=-1)
    result = np.empty(order.shape, dtype=_smallest_type(order.shape[1]))
    np.put_along_axis(result, order, np.arange(order.shape[1]).astype(result.dtype)[None, :], axis=1)
    return np.ascontiguousarray(result.T)


def _lexicographic(table: NDArray[np.uint8], rows: Ints) -> Ranks:
    """Compare truth values in the order of each row: the first that differs decides."""
    length = rows.shape[1]
    kind = _smallest_type(2**length) if length <= MAX_BITS else np.dtype(np.uint64)
    keys = np.zeros((table.shape[0], rows.shape[0]), dtype=kind)
    bits = 0
    for place in range(length):
        keys <<= kind.type(1)
        keys |= np.take(table, rows[:, place], axis=1)
        bits += 1
        if bits == 32 and length > 32:
            keys, bits = _dense(keys).astype(kind), 20
    return keys if length <= MAX_BITS else _dense(keys)


def _dense(keys: Ranks) -> Ranks:
    """Number the different values of every column from 0, in their order."""
    order = np.argsort(keys, axis=0, kind="stable")
    ordered = np.take_along_axis(keys, order, axis=0)
    rank = np.zeros(keys.shape, dtype=_smallest_type(keys.shape[0]))
    rank[1:] = np.cumsum(ordered[1:] != ordered[:-1], axis=0)
    result = np.empty_like(rank)
    np.put_along_axis(result, order, rank, axis=0)
    return result


def _smallest_type(values: int) -> np.dtype[Any]:
    """Return the smallest unsigned type that so many values fit in."""
    return np.min_scalar_type(max(values - 1, 0))
