"""Where the others can answer to, from every state at once.

Theory of operation. The ends of the legal sequences from a state are a set, held as the bits of one whole number. Let
C_j(s) be the ends of those that begin with a move of j; then

    C_j(s)  =  ∪ over t in moves_j(s) of {t} ∪ C_k(t) for every k ≠ j

is solved by going round until nothing changes. That nobody moves twice in a row is kept whatever the moves: with
preferences that nobody is sure of, two improvements in a row need not be one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from detente.engine.explicit.players import Player
from detente.engine.explicit.relations import LEAVE
from detente.engine.explicit.space import Bools, Ints
from detente.errors import TooLargeError
from detente.stability import Concept, Leave, Respond

#: With more states than this, sets of states for every state are refused: 2^30 bits for every player.
MOST_COMPARED = 2**15


class Answers:
    """The others' answers to every state, kept for all concepts that ask for the same."""

    def __init__(self, players: Sequence[Player]) -> None:
        self._players = players
        self._steps: dict[tuple[int, Leave | None], list[list[int]]] = {}
        self._ends: dict[tuple[int, Leave | None], list[int]] = {}

    def steps(self, concept: Concept, mover: int, state: int) -> Ints:
        """Return where a player may move from a state in answer to somebody, under a concept."""
        ends = self._players[mover].moves.targets(state)
        if concept.respond is Respond.MOVES:
            return ends
        return ends[LEAVE[concept.credible](self._players, mover, state, ends)]

    def ends(self, concept: Concept, player: int) -> list[int]:
        """Return for every state the set of ends of the others' legal sequences, as bits.

        Raises
        ------
        TooLargeError
            When there are too many states to hold a set of states for each.
        """
        count = self._players[player].views[0].rank.size
        if concept.respond is Respond.NOBODY:
            return [0] * count
        if count > MOST_COMPARED:
            raise TooLargeError(
                f"{concept.title} compares states pair by pair, which is possible up to {MOST_COMPARED:,} states, and "
                f"there are {count:,}"
            )
        credible = None if concept.respond is Respond.MOVES else concept.credible
        if (player, credible) not in self._ends:
            movers = [mover for mover in range(len(self._players)) if mover != player]
            rows = []
            for mover in movers:
                if (mover, credible) not in self._steps:
                    steps = [self.steps(concept, mover, state).tolist() for state in range(count)]
                    self._steps[mover, credible] = steps
                rows.append(self._steps[mover, credible])
            self._ends[player, credible] = _ends(rows, count)
        return self._ends[player, credible]


def _ends(rows: Sequence[list[list[int]]], count: int) -> list[int]:
    """Solve the equations; ``rows`` has for every mover and state where it may move."""
    beginning = [[0] * count for _ in rows]
    changed = True
    while changed:
        changed = False
        for mover, steps in enumerate(rows):
            others = [beginning[other] for other in range(len(rows)) if other != mover]
            on = [(1 << state) | _union(other[state] for other in others) for state in range(count)]
            new = [_union(on[end] for end in ends) for ends in steps]
            changed = changed or new != beginning[mover]
            beginning[mover] = new
        if len(rows) == 1:
            break
    return [_union(first[state] for first in beginning) for state in range(count)]


def _union(sets: Iterable[int]) -> int:
    union = 0
    for one in sets:
        union |= one
    return union


def bits(mask: Bools) -> int:
    """Write a set of states as bits, the first state lowest."""
    return int.from_bytes(np.packbits(mask, bitorder="little").tobytes(), "little")
