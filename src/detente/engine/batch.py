"""Many conflicts decided at once: small ones over the same options, or one under many preference profiles.

Theory of operation of `DisjointUnion`. The states of several conflicts, side by side, form one conflict in which no
move leads from one part to another. So each part is decided as if it were alone. With few states, the engine's time
depends on the number of array operations, not on their length; here many conflicts share each operation. Ranks are
compared within a part only, so the parts need no common scale.

Theory of operation of `ProfileSolver`. The states and moves do not depend on the preferences. So the sweeps of
`detente.engine.explicit.fixpoints` work for many profiles as they do for one: every array has a column for each
profile. `ProfileMoves` lists a player's moves by *slots*: the first move of every state, the second of every state that
has two, and so on. A sweep is then a few operations on whole arrays of small unsigned integers, with a row for each
state and a column for each profile.

A player's stability under Nash, GMR and SMR depends only on its own ranking, and profiles share rankings: it is decided
once for each distinct ranking. Under SEQ and SSEQ it depends on all players' rankings, and is decided for each profile.

Theory of operation of `CubeBatch`. SIM is decided on the cube that has an axis for each player's strategies
(`detente.engine.explicit.cube`), again with a column for each conflict. From a state, take the player's ranks of all
cells, and remove the others' axes one after the other: keep the lowest rank over the strategies that the other may
take, which are its own and those that it can improve to. What is left is, for each strategy of the player, the worst
that can follow. The state is stable if no improvement leaves more than the state's own rank. The cost is states times
cells, but each step is one operation on a block of small integers for many columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.concepts import CONCEPTS, Concept, Respond
from detente.engine.explicit import fixpoints
from detente.engine.explicit.cube import one_way_bits
from detente.engine.explicit.moves import compressed, state_arcs
from detente.engine.explicit.players import Player, players_of
from detente.engine.explicit.solver import ExplicitSolver
from detente.engine.space import Bools, Ints, Ranks, StateSpace, dense_labels
from detente.errors import TooLargeError
from detente.lazy import dataclass
from detente.model.conditions import Not
from detente.model.preferences import Preferences, PreferenceStatement


@dataclass(frozen=True, eq=False)
class DisjointUnion(StateSpace):
    """The states of several conflicts, none of which merges states, as one space.

    ``part`` gives for each state the conflict it belongs to. ``one_way`` maps each option that is one-way in some
    conflict to a mask of the states at which it has already been moved and cannot move back.
    """

    part: Ints
    one_way: Mapping[str, Bools]

    def labels(self, options: Iterable[str]) -> Ints:
        """Return a label for each state; two states of one conflict that agree on these options share it."""
        own = super().labels(options)
        return np.asarray(np.unique(self.part * (int(own.max()) + 1) + own, return_inverse=True)[1].reshape(-1))

    def moved(self, options: Iterable[str]) -> list[Bools]:
        """Return for each option that is one-way in some conflict a mask of the states where it has been moved."""
        return [self.one_way[option] for option in options if option in self.one_way]


class DisjointUnionSolver(ExplicitSolver):
    """Several conflicts, compiled as one; ``ranks`` gives for each decision maker the rank of each state."""

    def __init__(self, space: DisjointUnion, ranks: Mapping[str, Ints]) -> None:
        self.space, self._given = space, dict(ranks)
        super().__init__(space.conflict)

    def _compile(self) -> None:
        self._ranks, self.players = self._given, players_of(self.space, self._given)


#: The concepts that sweeps decide for all profiles together; the others are decided profile by profile.
BATCH_CONCEPTS = ("nash", "gmr", "smr", "seq", "sseq")


#: Maximum number of bytes for the improvements of one player at a time.
MAX_SWEEP_BYTES = 2**25


#: Maximum number of moves of one player.
MAX_BATCH_MOVES = 2**23

#: Maximum number of cells of a cube, and of them for each state.
MAX_BATCH_CELLS, MAX_CELLS_EACH = 2**12, 8
#: Bytes of the blocks on which a cube's operations work, so that they stay in the fastest memory; and its least and
#: greatest number of columns.
BLOCK_BYTES, MIN_COLUMNS, MAX_COLUMNS = 2**15, 32, 2**10


#: Number of preferences after which a ranking is renumbered, so that it fits small integers.
MAX_BITS = 16
_Slot = tuple[Ints | None, Ints]


class ProfileMoves:
    """A player's moves, and which of them are improvements in each profile.

    ``rank`` is the player's own rank of each state (rows) in each profile (columns). A player's own state does not
    count as a move.
    """

    def __init__(self, slots: Sequence[_Slot], rank: Ranks, *, transitive: bool) -> None:
        self.transitive = transitive
        self._slots, self._rank = slots, rank

    def best(self, values: Ints) -> Ints:
        """Return the largest value among the states that the player can move to; 0 without a move."""
        result = np.zeros_like(values)
        for rows, targets in self._slots:
            _combine(np.maximum, result, rows, np.take(values, targets, axis=0))
        return result

    def worst(self, values: Ints) -> Ints:
        """Return the smallest value among the states that the player can move to; the largest integer without a
        move.
        """
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
        """For each slot a mask of the moves that are not improvements, all bits set, so that a minimum ignores them."""
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


class CubeBatch:
    """SIM for conflicts that differ in their ranks only, or also in the cells that are excluded.

    Parameters
    ----------
    space
        The states; a state is a cell of the cube. It must not merge states.
    players
        The options of each player, in the order of the space's options.
    """

    def __init__(self, space: StateSpace, players: Sequence[Sequence[str]]) -> None:
        self.widths = [len(own) for own in players]
        self.cells = 1 << sum(self.widths)
        #: The cell of each state.
        self.cell_of = np.zeros(space.members, dtype=np.int64)
        for place, name in enumerate(name for own in players for name in own):
            self.cell_of |= space.columns[name].astype(np.int64) << place
        self._strategies = [
            np.arange(self.cells) >> sum(self.widths[:place]) & (1 << width) - 1
            for place, width in enumerate(self.widths)
        ]

    @staticmethod
    def serves(space: StateSpace, members: int) -> bool:
        """Tell whether a cube can hold the states: not merged, and few cells, most of them feasible for some."""
        cells = 1 << len(space.columns)
        return space.state_of is None and cells <= min(MAX_BATCH_CELLS, MAX_CELLS_EACH * members)

    def columns(self, itemsize: int) -> int:
        """Return the number of columns to decide at once, for ranks of so many bytes."""
        block = (self.cells >> max(self.widths)) * itemsize
        return min(MAX_COLUMNS, max(MIN_COLUMNS, BLOCK_BYTES // block))

    def locked(self, player: int, kept: int, barred: int) -> Ints:
        """Return for each cell the one-way options of a player that cannot move any more, in one column."""
        taken = self._strategies[player]
        return np.asarray((taken & kept | ~taken & barred)[:, None])

    def equilibria(self, ranks: Sequence[Ranks], locked: Mapping[int, Ints], *, gaps: bool) -> Bools:
        """Return the cells, a row each, that are SIM stable for all players in each conflict, a column each.

        Parameters
        ----------
        ranks
            For each player its rank of each cell in each conflict, all of one unsigned type.
        locked
            For players with one-way options, as bits, those that cannot move from a cell any more; one column if that
            is the same in all conflicts.
        gaps
            Whether cells are excluded. They have the largest number of the type, which no other cell has; what is
            returned for them means nothing.
        """
        barred = [self._barred(place, rank, locked.get(place), gaps) for place, rank in enumerate(ranks)]
        stable = np.ones(ranks[0].shape, dtype=bool)
        for place, rank in enumerate(ranks):
            self._leave_stable(place, rank, barred, stable)
        return stable

    def _barred(self, player: int, rank: Ranks, locked: Ints | None, gaps: bool) -> Ranks:
        """Return by strategy, cell and column all bits, unless the player can improve to the strategy; 0 if it can."""
        low, size = sum(self.widths[:player]), 1 << self.widths[player]
        shape = (self.cells >> low + self.widths[player], size, 1 << low, rank.shape[1])
        # No move leads to an excluded cell.
        there = np.where(rank == np.iinfo(rank.dtype).max, rank.dtype.type(0), rank) if gaps else rank
        there, here, strategies = there.reshape(shape), rank.reshape(shape), self._strategies[player]
        barred = np.empty((size, *rank.shape), dtype=rank.dtype)
        for strategy in range(size):
            none = (there[:, strategy : strategy + 1] <= here).reshape(rank.shape)
            if locked is not None:
                none |= (locked & (strategies ^ strategy)[:, None]) != 0
            np.negative(none.astype(rank.dtype), out=barred[strategy])
        return barred

    def _leave_stable(self, player: int, rank: Ranks, barred: Sequence[Ranks], stable: Bools) -> None:
        """Leave those cells in a mask that are stable for a player."""
        # The longest axis is removed first, so that the least is left for the next.
        others = sorted(set(range(len(self.widths))) - {player}, key=lambda other: -self.widths[other])
        axes = [len(self.widths) - 1 - place for place in (player, *others)]
        shape = [1 << width for width in reversed(self.widths)]
        cube = np.ascontiguousarray(rank.reshape(*shape, -1).transpose(*axes, len(shape)))
        improving = stable & np.invert(np.bitwise_and.reduce(barred[player], axis=0).astype(bool))
        for cell in np.flatnonzero(improving.any(axis=1)).tolist():
            left = cube
            for other in others:
                own = int(self._strategies[other][cell])
                lowest = left[:, own].copy()
                for strategy, none in enumerate(barred[other][:, cell]):
                    if strategy != own:
                        np.minimum(lowest, np.bitwise_or(left[:, strategy], none), out=lowest)
                left = lowest
            worst = np.bitwise_and(left, np.invert(barred[player][:, cell])).max(axis=0)
            stable[cell] &= worst <= rank[cell]


class ProfileSolver:
    """A conflict without coalitions, compiled for many preference profiles.

    Raises
    ------
    TooLargeError
        If a player has too many moves to list.
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
                f"one decision maker has {widest:,} moves; the limit for many profiles is {MAX_BATCH_MOVES:,}"
            )
        self._widest = max(widest, self.count)
        own = [[option.id for option in maker.options] for maker in self.players]
        self._cube = CubeBatch(space, own) if CubeBatch.serves(space, space.members) else None

    @property
    def count(self) -> int:
        """The number of feasible states."""
        return self.space.count

    def serves(self, concept: Concept) -> bool:
        """Tell whether the solver decides a concept."""
        if concept.respond is Respond.COMBINATIONS:
            return self._cube is not None or len(self.players) == 1
        return concept.id in BATCH_CONCEPTS

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
            A concept that it `serves`.
        ranks
            For each decision maker its distinct rankings, one per column.
        which
            For each decision maker the column of its ranking in each profile.
        """
        kind = np.result_type(*(rank.dtype for rank in ranks))
        ranks = [rank.astype(kind, copy=False) for rank in ranks]
        places = [self._place[maker.id] for maker in self.players]
        profiles = which[0].size
        if len(self.players) == 1:
            # The other players have no moves, so every concept equals Nash.
            concept = CONCEPTS["nash"]
        result = np.ones((self.count, profiles), dtype=bool)
        if concept.respond is Respond.COMBINATIONS:
            assert self._cube is not None
            size = self._cube.columns(kind.itemsize)
            for part in (slice(start, start + size) for start in range(0, profiles, size)):
                given = [np.take(ranks[place], which[place][part], axis=1) for place in places]
                result[:, part] = self._simultaneous(self._cube, given)
            return result
        if concept.respond is Respond.IMPROVEMENTS:
            for part in self._parts(profiles, kind):
                players = self._players([np.take(ranks[place], which[place][part], axis=1) for place in places])
                for player in range(len(players)):
                    result[:, part] &= fixpoints.stable_by_sweeps(concept, player, players)
            return result
        for player, place in enumerate(places):
            stable = np.empty(ranks[place].shape, dtype=bool)
            for part in self._parts(ranks[place].shape[1], kind):
                # These concepts do not use the others' rankings.
                own = ranks[place][:, part]
                stable[:, part] = fixpoints.stable_by_sweeps(concept, player, self._players([own] * len(places)))
            result &= np.take(stable, which[place], axis=1)
        return result

    def _simultaneous(self, cube: CubeBatch, ranks: Sequence[Ranks]) -> Bools:
        """Decide for every state and profile whether it is stable for all players under SIM."""
        gaps = cube.cells > self.count
        kind = max(_smallest_type(int(rank.max()) + 1 + gaps) for rank in ranks)
        cells = [np.full((cube.cells, rank.shape[1]), np.iinfo(kind).max, dtype=kind) for rank in ranks]
        for given, rank in zip(cells, ranks, strict=True):
            given[cube.cell_of] = rank
        stable: Bools = cube.equilibria(cells, self._locked, gaps=gaps)[cube.cell_of]
        return stable

    @cached_property
    def _locked(self) -> dict[int, Ints]:
        """For each player with one-way options the options that cannot move any more at each cell."""
        assert self._cube is not None
        locked = {}
        for place, maker in enumerate(self.players):
            marks = one_way_bits([option.id for option in maker.options], self.space.conflict.direction)
            if any(marks):
                locked[place] = self._cube.locked(place, *marks)
        return locked

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
    """Computes many rankings of the states of a conflict at once."""

    space: StateSpace

    def kinds(self, statements: Sequence[PreferenceStatement]) -> TieClasses:
        """Return the tie classes of the states under some preferences, in whichever direction each preference
        points.
        """
        truths = [self.space.true_of_states(one.condition) for one in statements]
        # At a merged state a condition and its opposite can both be false, so both are evaluated.
        opposite = {
            place: self.space.true_of_states(Not(one.condition)) for place, one in enumerate(statements) if one.unknown
        }
        kind_of = dense_labels([*truths, *opposite.values()], self.space.count)
        first = np.unique(kind_of, return_index=True)[1]
        # Index -1 refers to the last row, of zeros. Only a preference whose direction is unknown is ever reversed.
        table = np.zeros((2 * len(truths) + 1, first.size), dtype=np.uint8)
        for place, truth in enumerate(truths):
            table[2 * place] = truth[first]
        for place, truth in opposite.items():
            table[2 * place + 1] = truth[first]
        return TieClasses(kind_of, np.ascontiguousarray(table.T))

    def groups(self, preferences: Preferences) -> Ints:
        """Return for each state the index of its group of tied states in a ranking; 0 is the best group."""
        rank = self.space.ranks(preferences)
        return np.asarray(rank.max() - rank)

    def from_groups(self, group: Ints, orders: Ints) -> Ranks:
        """Rank the states by groups of tied states in many orders, one per row: the groups, best first."""
        count = orders.shape[1]
        worth = np.empty(orders.shape, dtype=_smallest_type(count))
        np.put_along_axis(worth, orders, np.arange(count)[::-1].astype(worth.dtype)[None, :], axis=1)
        return np.ascontiguousarray(worth.T[group])


@dataclass(frozen=True, eq=False)
class TieClasses:
    """Classes of states that tie in every order of the preferences, whichever preferences are reversed.

    ``of`` gives the class of each state. ``truths`` has a row for each class and two columns for each preference:
    whether its condition is true there, and whether the opposite is (for preferences whose direction is unknown).
    """

    of: Ints
    truths: NDArray[np.uint8]

    @property
    def count(self) -> int:
        """The number of classes."""
        return int(self.truths.shape[0])

    def ranks(self, rows: Ints) -> Ranks:
        """Rank the classes by option prioritising, in many orders.

        Each row is one order: the conditions by importance, each given as twice its index, plus one for its opposite;
        -1 stands for no condition.
        """
        return _lexicographic(self.truths, rows)


def break_ties(ranks: Ranks, drawn: NDArray[np.float64]) -> Ranks:
    """Break ties at random by the numbers drawn: of tied states the one with the larger number is better."""
    order = np.lexsort((drawn, ranks.T), axis=-1)
    result = np.empty(order.shape, dtype=_smallest_type(order.shape[1]))
    np.put_along_axis(result, order, np.arange(order.shape[1]).astype(result.dtype)[None, :], axis=1)
    return np.ascontiguousarray(result.T)


def _lexicographic(table: NDArray[np.uint8], rows: Ints) -> Ranks:
    """Rank the classes by the first condition, in the order of each row, on which they differ."""
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
    """Number the distinct values of each column from 0, in ascending order."""
    order = np.argsort(keys, axis=0, kind="stable")
    ordered = np.take_along_axis(keys, order, axis=0)
    rank = np.zeros(keys.shape, dtype=_smallest_type(keys.shape[0]))
    rank[1:] = np.cumsum(ordered[1:] != ordered[:-1], axis=0)
    result = np.empty_like(rank)
    np.put_along_axis(result, order, rank, axis=0)
    return result


def _smallest_type(values: int) -> np.dtype[Any]:
    """Return the smallest unsigned type that can hold this number of values."""
    return np.min_scalar_type(max(values - 1, 0))
