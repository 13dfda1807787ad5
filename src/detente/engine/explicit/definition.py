"""The definition of `detente.concepts.concept`, applied to one state at a time.

It is slower than `detente.engine.explicit.fixpoints` and more general: it needs no ranking, only relations between two
states. So it serves coalitions and uncertain preferences.

Theory of operation. The ends of the others' legal sequences from a state are a set, held as the bits of one integer.
Let C_j(s) be the ends of the sequences that begin with a move of j; then

    C_j(s)  =  ∪ over t in moves_j(s) of {t} ∪ C_k(t) for every k ≠ j

This system is solved by iteration until nothing changes. The rule that no player moves twice in a row always applies:
with uncertain preferences, two improvements in a row need not equal one. An improvement is sanctioned if the ends of
the responses to it and the states that deter the player have a state in common.

Cost: O(n²) bits for n states, for each set of responders.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce
from operator import or_

import numpy as np

from detente.concepts import Concept, Improvement, Respond, Sanction
from detente.engine.explicit.players import Player, improves, sanctions
from detente.engine.space import Bools, Ints
from detente.errors import TooLargeError
from detente.limits import MAX_COMPARED


class Responses:
    """The others' responses to every state, cached for all concepts that use the same ones."""

    def __init__(self, players: Sequence[Player]) -> None:
        self.players = players
        self._steps: dict[tuple[int, Improvement | None], list[list[int]]] = {}
        self._ends: dict[tuple[int, Improvement | None], list[int]] = {}

    def steps(self, concept: Concept, mover: int, state: int) -> Ints:
        """Return the states that a player may move to from a state in response to another player, under a concept."""
        ends = self.players[mover].moves.targets(state)
        if concept.respond is Respond.MOVES:
            return ends
        return ends[improves(concept.credible, self.players, mover, state, ends)]

    def ends(self, concept: Concept, player: int) -> list[int]:
        """Return for each state the set of ends of the others' legal sequences, as bits.

        Raises
        ------
        TooLargeError
            If there are too many states to hold a set of states for each.
        """
        count = self.players[player].views[0].rank.size
        if concept.respond is Respond.NOBODY:
            return [0] * count
        if count > MAX_COMPARED:
            raise TooLargeError(
                f"{concept.title} compares states pair by pair; the limit is {MAX_COMPARED:,} states, and the conflict "
                f"has {count:,}"
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
    """Solve the equations; ``rows`` gives for each mover and state the states that it may move to."""
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
    """Return the union of sets of states held as bits."""
    return reduce(or_, sets, 0)


def bits(mask: Bools) -> int:
    """Return a mask over states as an integer, the first state as the lowest bit."""
    return int.from_bytes(np.packbits(mask, bitorder="little").tobytes(), "little")


def improvements(concept: Concept, state: int, player: int, players: Sequence[Player]) -> Ints:
    """Return the states that a player can move to and that are improvements on a state, ascending."""
    targets = players[player].moves.targets(state)
    return targets[improves(concept.improvement, players, player, state, targets)]


def sanctioning(concept: Concept, state: int, player: int, players: Sequence[Player]) -> Bools:
    """Return for each state whether it deters a player from leaving a given one, also after its counter-move."""
    mine = players[player]
    everywhere = np.arange(mine.views[0].rank.size)
    deters = sanctions(concept.sanction, players, player, state, everywhere)
    if not concept.counter_move:
        return deters
    lasting = deters if concept.lasting is None else sanctions(concept.lasting, players, player, state, everywhere)
    return np.asarray(deters & lasting & (mine.moves.worst(lasting.astype(np.int64)) > 0))


def _deterring_ranks(concept: Concept, player: int, players: Sequence[Player]) -> list[list[int]]:
    """Return ranks such that the same states deter the player from leaving any two states with equal ones."""
    words = (concept.sanction, concept.lasting)
    if Sanction.NOT_RELATIONAL in words:
        # Staying is not a relational reply, so each state is a case of its own.
        return [list(range(players[player].views[0].rank.size))]
    concerned = players if Sanction.RELATIONALLY_WORSE in words else [players[player]]
    return [view.rank.tolist() for one in concerned for view in one.views]


def stable_by_definition(concept: Concept, player: int, responses: Responses) -> Bools:
    """Decide a concept for a player at every state."""
    players = responses.players
    ends = responses.ends(concept, player)
    result = np.ones(len(ends), dtype=bool)
    ranks = _deterring_ranks(concept, player, players)
    of_ranks: dict[tuple[int, ...], int] = {}
    for state in range(len(ends)):
        tempting = improvements(concept, state, player, players)
        if tempting.size and concept.respond is Respond.NOBODY:
            result[state] = False
        elif tempting.size:
            key = tuple(rank[state] for rank in ranks)
            if key not in of_ranks:
                of_ranks[key] = bits(sanctioning(concept, state, player, players))
            result[state] = all(ends[end] & of_ranks[key] for end in tempting.tolist())
    return result
