"""Who plays in an analysis: a decision maker, or a standing coalition, with its moves and what it prefers.

A coalition moves by legal sequences of its members' own moves through feasible states, and prefers only what every
member strictly prefers (Kilgour, Hipel, Fang & Peng 2001, for fixed coalitions).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from detente.engine.explicit.moves import (
    MOST_ARCS,
    ArcMoves,
    FibreMoves,
    Moves,
    compressed,
    fibre_labels,
    member_arcs,
    moved_columns,
    state_arcs,
)
from detente.engine.explicit.space import Bools, Ints, StateSpace
from detente.engine.explicit.views import View, view
from detente.errors import TooLargeError


@dataclass(frozen=True, eq=False)
class Player:
    """A player: the decision makers in it, their options, ranks of all states and views, and the player's moves."""

    members: tuple[str, ...]
    options: tuple[str, ...]
    ranks: tuple[Ints, ...]
    moves: Moves
    views: tuple[View, ...]

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

    def improvements(self, state: int) -> Ints:
        """Return the states that the player can improve to from one state, ascending."""
        targets = self.moves.targets(state)
        return targets[self.better(state, targets)]


def players(space: StateSpace, rank_of: dict[str, Ints]) -> list[Player]:
    """Compile the players of a conflict; ``rank_of`` has every decision maker's ranks."""
    made = []
    for members in space.conflict.players:
        makers = [space.conflict.decision_maker(id) for id in members]
        own = [tuple(option.id for option in maker.options) for maker in makers]
        options = tuple(name for names in own for name in names)
        ranks = tuple(rank_of[id] for id in members)
        views = tuple(view(space, maker, rank) for maker, rank in zip(makers, ranks, strict=True))
        made.append(Player(members, options, ranks, _moves(space, own, ranks), views))
    return made


def _moves(space: StateSpace, own: Sequence[Sequence[str]], ranks: tuple[Ints, ...]) -> Moves:
    merged = space.state_of is not None
    if len(own) == 1 and not merged:
        return FibreMoves(fibre_labels(space, own[0]), moved_columns(space, own[0]), ranks[0])
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
        if total > MOST_ARCS:
            raise TooLargeError(f"a coalition has more than {MOST_ARCS:,} moves")
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
