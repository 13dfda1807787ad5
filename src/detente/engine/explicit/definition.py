"""The sentence of `detente.concepts.concept`, read word by word for one state at a time.

Slower than `detente.engine.explicit.fixpoints` and more general: it needs no ranking, only relations between two
states, so it serves coalitions and preferences that nobody is sure of.

Theory of operation. The ends of the others' legal sequences from a state are a set, held as the bits of one whole
number. Let C_j(s) be the ends of those that begin with a move of j; then

    C_j(s)  =  ∪ over t in moves_j(s) of {t} ∪ C_k(t) for every k ≠ j

is solved by going round until nothing changes. That nobody moves twice in a row is kept whatever the moves: with
preferences that nobody is sure of, two improvements in a row need not be one. An improvement is sanctioned where the
ends of the responses to it and the states that deter the player share a state.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce
from operator import or_

import numpy as np

from detente.concepts import Concept, Improvement, Respond
from detente.engine.explicit.players import Player, improves, sanctions
from detente.engine.space import Bools, Ints
from detente.errors import TooLargeError
from detente.limits import MAX_COMPARED


class Responses:
    """The others' responses to every state, kept for all concepts that ask for the same."""

    def __init__(self, players: Sequence[Player]) -> None:
        self.players = players
        self._steps: dict[tuple[int, Improvement | None], list[list[int]]] = {}
        self._ends: dict[tuple[int, Improvement | None], list[int]] = {}

    def steps(self, concept: Concept, mover: int, state: int) -> Ints:
        """Return where a player may move from a state in response to another player, under a concept."""
        ends = self.players[mover].moves.targets(state)
        if concept.respond is Respond.MOVES:
            return ends
        return ends[improves(concept.credible, self.players, mover, state, ends)]

    def ends(self, concept: Concept, player: int) -> list[int]:
        """Return for every state the set of ends of the others' legal sequences, as bits.

        Raises
        ------
        TooLargeError
            When there are too many states to hold a set of states for each.
        """
        count = self.players[player].views[0].rank.size
        if concept.respond is Respond.NOBODY:
            return [0] * count
        if count > MAX_COMPARED:
            raise TooLargeError(
                f"{concept.title} compares states pair by pair, which is possible up to {MAX_COMPARED:,} states, and "
                f"there are {count:,}"
            )
        credible = None if concept.respond is Respond.MOVES else concept.credible
        if (player, credible) not in self._ends:
            rows = []
            for mover in range(len(self.players)):
                if mover == player:
                    continue
                if (mover, credible) not in self._steps:
                    steps = [self.steps(concept, mover, state).tolist() for state in range(count)]
                    self._steps[mover, credible] = steps
                rows.append(self._steps[mover, credible])
            self._ends[player, credible] = _ends(rows, count)
        return self._ends[player, credible]


def _ends(rows: Sequence[list[list[int]]], count: int) -> list[int]:
    """Solve the equations; ``rows`` has for every mover and state where it may move."""
    first = [[0] * count for _ in rows]
    changed = True
    while changed:
        changed = False
        for mover, steps in enumerate(rows):
            others = [first[other] for other in range(len(rows)) if other != mover]
            on = [union([1 << state, *(other[state] for other in others)]) for state in range(count)]
            new = [union(on[end] for end in ends) for ends in steps]
            changed = changed or new != first[mover]
            first[mover] = new
        if len(rows) == 1:
            break
    return [union(one[state] for one in first) for state in range(count)]


def union(sets: Iterable[int]) -> int:
    """Return the union of sets of states that are held as bits."""
    return reduce(or_, sets, 0)


def bits(mask: Bools) -> int:
    """Write a set of states as bits, the first state lowest."""
    return int.from_bytes(np.packbits(mask, bitorder="little").tobytes(), "little")


def improvements(concept: Concept, state: int, player: int, players: Sequence[Player]) -> Ints:
    """Return the states that a player can move to and that tempt it away from one, ascending."""
    targets = players[player].moves.targets(state)
    return targets[improves(concept.improvement, players, player, state, targets)]


def sanctioning(concept: Concept, state: int, player: int, players: Sequence[Player]) -> Bools:
    """Tell of every state whether it deters a player from leaving one, the player's counter-move included."""
    mine = players[player]
    everywhere = np.arange(mine.views[0].rank.size)
    deters = sanctions(concept.sanction, players, player, state, everywhere)
    if not concept.counter_move:
        return deters
    lasting = deters if concept.lasting is None else sanctions(concept.lasting, players, player, state, everywhere)
    return np.asarray(deters & lasting & (mine.moves.worst(lasting.astype(np.int64)) > 0))


def stable_by_definition(concept: Concept, player: int, responses: Responses) -> Bools:
    """Decide a concept for any player at every state."""
    players = responses.players
    ends = responses.ends(concept, player)
    result = np.ones(len(ends), dtype=bool)
    for state in range(len(ends)):
        tempting = improvements(concept, state, player, players)
        if tempting.size and concept.respond is Respond.NOBODY:
            result[state] = False
        elif tempting.size:
            deters = bits(sanctioning(concept, state, player, players))
            result[state] = all(ends[end] & deters for end in tempting.tolist())
    return result
