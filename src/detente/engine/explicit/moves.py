"""A player's moves without a matrix: the best, worst and worst improving value that a move from each state leads to.

Theory of operation. A decision maker's moves change only its own options, so the states fall into *fibres* that agree
on all other options, and within a fibre every move is one step. `FibreMoves` sorts the states by fibre once and answers
each question with one sweep over the sorted array. A one-way option splits the question into *layers*: a state whose
one-way options read b reaches the states that read b or more, so each layer holds those and answers for the states that
read exactly b.

The moves of merged states and coalitions do not form fibres; `ArcMoves` lists them in compressed rows.

Values are integers. The worst (smallest) value over an empty set of moves is `NOTHING`, which exceeds every value; the
best is `-NOTHING`.

Cost: O(n log n) once for n states, then O(n) for each sweep and layer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from detente.engine.space import Bools, Ints, StateSpace
from detente.errors import TooLargeError
from detente.lazy import dataclass
from detente.limits import MAX_ARCS

#: A value above every rank.
NOTHING = 2**31


class PlayerMoves(Protocol):
    """The interface of a player's moves; every answer is an array over all states."""

    #: Whether two moves in a row always equal one move, so that the last mover need not be recorded.
    transitive: bool

    def best(self, values: Ints) -> Ints:
        """Return the largest value among the states that the player can move to (its own state may count)."""
        ...

    def worst(self, values: Ints) -> Ints:
        """Return the smallest value among the states that the player can move to (its own state may count)."""
        ...

    def worst_improving(self, values: Ints) -> Ints:
        """Return the smallest value among the states that the player can improve to."""
        ...

    def targets(self, state: int) -> Ints:
        """Return the states that the player can move to from one state, ascending."""
        ...


@dataclass(frozen=True, eq=False)
class _Layer:
    """The states that the states in ``rows`` can move to, sorted by fibre and within a fibre from best to worst."""

    order: Ints
    starts: Ints
    shift: Ints
    rows: Ints
    row_fibre: Ints
    row_better: Ints
    row_shift: Ints
    row_best: Ints


class FibreMoves:
    """The moves of a decision maker in a conflict that merges no states.

    Parameters
    ----------
    fibre
        For each state the label of its fibre: states of a fibre agree on all options of the others.
    moved
        For each one-way option a mask of the states where it has already been moved.
    rank
        The player's own rank of each state.
    """

    transitive = True

    def __init__(self, fibre: Ints, moved: Sequence[Bools], rank: Ints) -> None:
        self._fibre = fibre
        self._moved = np.column_stack(moved) if moved else np.zeros((fibre.size, 0), dtype=bool)
        self._by_fibre = np.argsort(fibre, kind="stable")
        self._fibre_starts = np.searchsorted(fibre[self._by_fibre], np.arange(int(fibre.max()) + 2))
        # With return_index np.unique does not import NumPy's masked arrays, which would take 20 ms.
        patterns = np.unique(self._moved, axis=0, return_index=True)[0]
        self._layers = [self._layer(pattern, rank) for pattern in patterns]

    def _layer(self, pattern: Bools, rank: Ints) -> _Layer:
        reachable = np.flatnonzero(np.all(self._moved >= pattern, axis=1))
        order = reachable[np.lexsort((-rank[reachable], self._fibre[reachable]))]
        fibre, ranks = self._fibre[order], rank[order]
        new_fibre = np.diff(fibre, prepend=-1) != 0
        starts = np.flatnonzero(new_fibre)
        place = np.cumsum(new_fibre) - 1
        # The last position before a state's own tie: up to there its fibre is strictly better.
        new_tie = new_fibre | (np.diff(ranks, prepend=-1) != 0)
        better = np.maximum.accumulate(np.where(new_tie, np.arange(order.size), 0)) - 1
        better[better < starts[place]] = -1
        asks = np.flatnonzero(np.all(self._moved[order] == pattern, axis=1))
        asks = asks[np.argsort(order[asks])]
        shift = place * (2 * NOTHING + 1)
        return _Layer(
            order=order,
            starts=starts,
            shift=shift,
            rows=order[asks],
            row_fibre=place[asks],
            row_better=better[asks],
            row_shift=shift[better[asks]],
            row_best=np.flatnonzero(better[asks] < 0),
        )

    def _joined(self, values: Ints, found: Callable[[_Layer], NDArray[Any]]) -> Ints:
        """Return what is found in each layer, in the order of the states; a single layer has them all."""
        if len(self._layers) == 1:
            (layer,) = self._layers
            return np.asarray(found(layer))
        result = np.empty_like(values)
        for layer in self._layers:
            result[layer.rows] = found(layer)
        return result

    def best(self, values: Ints) -> Ints:
        return self._joined(
            values, lambda layer: np.maximum.reduceat(values[layer.order], layer.starts)[layer.row_fibre]
        )

    def worst(self, values: Ints) -> Ints:
        return self._joined(
            values, lambda layer: np.minimum.reduceat(values[layer.order], layer.starts)[layer.row_fibre]
        )

    def worst_improving(self, values: Ints) -> Ints:
        def found(layer: _Layer) -> NDArray[Any]:
            # Each fibre's values are shifted below those of the fibre before, so one running minimum serves all fibres.
            running = np.minimum.accumulate(values[layer.order] - layer.shift)
            worst = running[layer.row_better] + layer.row_shift
            worst[layer.row_best] = NOTHING
            return worst

        return self._joined(values, found)

    def ranked(self, rank: Ints) -> FibreMoves:
        """Return the same moves for another ranking of the states."""
        return FibreMoves(self._fibre, list(self._moved.T), rank)

    def best_move(self, values: Ints) -> Ints:
        """Return the first state with the largest value that the player can move to; -1 without a move.

        Its own state does not count. Values are from 0 and below the number of states.
        """
        result = np.empty_like(values)
        worth = _with_places(values)
        for layer in self._layers:
            ordered = worth[layer.order]
            first = np.maximum.reduceat(ordered, layer.starts)
            # The best state of a fibre cannot move to itself: for that state the second best is used.
            sizes = np.diff(np.append(layer.starts, ordered.size))
            ordered[ordered == np.repeat(first, sizes)] = -1
            second = np.maximum.reduceat(ordered, layer.starts)
            mine = first[layer.row_fibre] == worth[layer.rows]
            result[layer.rows] = np.where(mine, second[layer.row_fibre], first[layer.row_fibre])
        return _places(result)

    def targets(self, state: int) -> Ints:
        fibre = self._fibre[state]
        own = self._by_fibre[self._fibre_starts[fibre] : self._fibre_starts[fibre + 1]]
        allowed = np.all(self._moved[own] >= self._moved[state], axis=1)
        return np.sort(own[allowed & (own != state)])

    def arcs(self, first: int, last: int) -> tuple[Ints, Ints]:
        """Return the moves from the states from ``first`` to before ``last``: starts and ends, in ascending order."""
        fibre = self._fibre[first:last]
        begin, sizes = self._fibre_starts[fibre], np.diff(self._fibre_starts)[fibre]
        within = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        starts, ends = (
            np.repeat(np.arange(first, first + fibre.size), sizes),
            self._by_fibre[np.repeat(begin, sizes) + within],
        )
        allowed = starts != ends
        for column in self._moved.T:
            allowed &= column[starts] <= column[ends]
        return starts[allowed], ends[allowed]


class MovesAmongEquals:
    """The moves of a decision maker of which those to another state of equal or higher rank count as improvements."""

    def __init__(self, moves: FibreMoves, rank: Ints) -> None:
        places = np.arange(rank.size)
        self._parts = [moves.ranked(_numbered(np.lexsort((order, rank)))) for order in (places, -places)]

    def worst_improving(self, values: Ints) -> Ints:
        """Return the smallest value among the states that count; its own state does not."""
        later, earlier = (part.worst_improving(values) for part in self._parts)
        return np.minimum(later, earlier)


def favouring(moves: FibreMoves, key: Ints, must_rise: bool) -> FibreMoves | MovesAmongEquals:
    """Return moves whose improvements are those to states with a higher key, or, unless it must rise, an equal one."""
    return moves.ranked(key) if must_rise else MovesAmongEquals(moves, key)


class ArcMoves:
    """A player's moves as a list: for merged states and coalitions.

    ``indptr`` and ``indices`` are compressed rows; ``improving`` marks the moves that are improvements.
    """

    def __init__(self, indptr: Ints, indices: Ints, improving: Bools, *, transitive: bool) -> None:
        self.transitive = transitive
        self.indptr, self.indices, self.improving = indptr, indices, improving
        kept = np.concatenate([[0], np.cumsum(improving)])
        self._improving_indptr = kept[indptr]
        self._improving_indices = indices[improving]

    def best(self, values: Ints) -> Ints:
        return -_smallest(-values, self.indptr, self.indices)

    def worst(self, values: Ints) -> Ints:
        return _smallest(values, self.indptr, self.indices)

    def worst_improving(self, values: Ints) -> Ints:
        return _smallest(values, self._improving_indptr, self._improving_indices)

    def best_move(self, values: Ints) -> Ints:
        """As `FibreMoves.best_move`."""
        return _places(-_smallest(-_with_places(values), self.indptr, self.indices))

    def targets(self, state: int) -> Ints:
        return self.indices[self.indptr[state] : self.indptr[state + 1]]

    def arcs(self, first: int, last: int) -> tuple[Ints, Ints]:
        """As `FibreMoves.arcs`."""
        bounds = self.indptr[first : last + 1]
        return np.repeat(np.arange(first, first + bounds.size - 1), np.diff(bounds)), self.indices[
            bounds[0] : bounds[-1]
        ]

    def improving_arcs(self) -> Ints:
        """Return every improvement as ``start * count + end`` for ``count`` states."""
        count = self.indptr.size - 1
        return np.repeat(np.arange(count), np.diff(self._improving_indptr)) * count + self._improving_indices


#: The moves of a player in a single conflict, as opposed to many profiles at once.
SingleMoves = FibreMoves | ArcMoves


def _numbered(order: Ints) -> Ints:
    """Return the place of each state in an order of them."""
    places = np.empty_like(order)
    places[order] = np.arange(order.size)
    return places


def _with_places(values: Ints) -> Ints:
    """Encode each state's value and position as one number: larger for a larger value, then for an earlier position."""
    return values * values.size + np.arange(values.size)[::-1]


def _places(worth: Ints) -> Ints:
    """Decode the position from such a number; -1 if absent."""
    return np.where(worth >= 0, worth.size - 1 - worth % worth.size, -1)


def _smallest(values: Ints, indptr: Ints, indices: Ints) -> Ints:
    result = np.full(indptr.size - 1, NOTHING, dtype=np.int64)
    rows = np.flatnonzero(np.diff(indptr))
    if rows.size:
        result[rows] = np.minimum.reduceat(values[indices], indptr[rows])
    return result


def worst_of_arcs(starts: Ints, ends: Ints, count: int) -> Callable[[Ints], Ints]:
    """Return a function that finds the smallest value among the ends of each state's arcs, given sorted by starts."""
    indptr, indices = compressed(starts, ends, count)
    return lambda values: _smallest(values, indptr, indices)


def member_arcs(space: StateSpace, own: Sequence[str]) -> tuple[Ints, Ints]:
    """Return every move of one decision maker between members, as arrays of starts and of ends.

    Raises
    ------
    TooLargeError
        If there are too many moves to list; the message gives the figure.
    """
    fibre = space.fibres(own)
    order = np.argsort(fibre, kind="stable")
    sizes = np.bincount(fibre)
    pairs = int((sizes.astype(object) ** 2).sum())
    if pairs > MAX_ARCS:
        raise TooLargeError(
            f"{pairs:,} moves to list; the limit is {MAX_ARCS:,}. Remove 'merge', or split the coalition"
        )
    first = np.cumsum(sizes) - sizes
    per_member = sizes[fibre[order]]
    starts = np.repeat(order, per_member)
    offset = np.arange(pairs) - np.repeat(np.cumsum(per_member) - per_member, per_member)
    ends = order[np.repeat(first[fibre[order]], per_member) + offset]
    allowed = starts != ends
    for column in space.moved(own):
        allowed &= column[starts] <= column[ends]
    return starts[allowed], ends[allowed]


def state_arcs(space: StateSpace, own: Sequence[str]) -> tuple[Ints, Ints]:
    """Return one decision maker's moves between states, sorted and without repetition."""
    starts, ends = member_arcs(space, own)
    if space.state_of is not None:
        starts, ends = space.state_of[starts], space.state_of[ends]
        apart = starts != ends
        starts, ends = starts[apart], ends[apart]
    # With return_index np.unique does not import NumPy's masked arrays, which would take 20 ms.
    codes = np.unique(starts * space.count + ends, return_index=True)[0]
    return codes // space.count, codes % space.count


def compressed(starts: Ints, ends: Ints, count: int) -> tuple[Ints, Ints]:
    """Return sorted arcs as compressed rows."""
    return np.searchsorted(starts, np.arange(count + 1)), ends
