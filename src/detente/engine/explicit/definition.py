"""The definition of `detente.concepts.concept`, applied to pairs of states.

It is slower than `detente.engine.explicit.fixpoints` and more general: it needs no ranking, only relations between two
states. So it serves coalitions and uncertain preferences.

Theory of operation. What deters a player from leaving a state depends only on its preferences, and so is the same for
all states of equal rank: they are one *case*. The states that deter in a case are marked, 64 cases to a word. Let
C_j(s) be the marks of the ends of the others' legal sequences from s that begin with a move of j, and m(t) those of t:

    C_j(s)  =  ∪ over t in moves_j(s) of m(t) ∪ C_k(t) for every k ≠ j

This system is solved by iteration until nothing changes. The rule that no player moves twice in a row always applies:
with uncertain preferences, two improvements in a row need not equal one. An improvement is sanctioned if the responses
to it reach a mark of its case.

Cost: n bits for each case, with n states, and a pass over all moves for each step of the longest sanction.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from detente.concepts import Concept, Improvement, Respond, Sanction
from detente.engine.explicit.moves import SingleMoves
from detente.engine.explicit.players import ALL, Player, concerned, improves, sanctions
from detente.engine.progress import checkpoint
from detente.engine.space import Bools, Ints
from detente.errors import TooLargeError
from detente.limits import MAX_COMPARED

#: For each state a row of words with a bit for each case.
Marks = NDArray[np.uint64]
#: So many states are asked for their moves at once; so many words are followed along the moves at once.
_BLOCK, _WORDS = 256, 2**23


class Responses:
    """The others' responses to every state, cached for all concepts that use the same ones."""

    def __init__(self, players: Sequence[Player]) -> None:
        self.players = players
        self._arcs: dict[tuple[int, Improvement | None], tuple[Ints, Ints]] = {}

    def steps(self, concept: Concept, mover: int, state: int) -> Ints:
        """Return the states that a player may move to from a state in response to another player, under a concept."""
        ends = self.players[mover].moves.targets(state)
        if concept.respond is Respond.MOVES:
            return ends
        return ends[improves(concept.credible, self.players, mover, state, ends)]

    def arcs(self, mover: int, word: Improvement | None) -> tuple[Ints, Ints]:
        """Return a player's moves, or its improvements in a sense, as starts and ends in ascending order."""
        if (mover, word) not in self._arcs:
            moves = cast(SingleMoves, self.players[mover].moves)
            count = self.players[mover].views[0].rank.size
            found = []
            for first in range(0, count, _BLOCK):
                checkpoint(first / count, "comparing the states")
                starts, ends = moves.arcs(first, min(first + _BLOCK, count))
                if word is not None:
                    wanted = improves(word, self.players, mover, starts, ends)
                    starts, ends = starts[wanted], ends[wanted]
                found.append((starts, ends))
            starts, ends = (np.concatenate(parts) for parts in zip(*found, strict=True))
            self._arcs[mover, word] = starts, ends
        return self._arcs[mover, word]

    def of_others(self, concept: Concept, player: int) -> list[tuple[Ints, Ints]]:
        """Return what each of the other players may do in response to a player, under a concept."""
        word = None if concept.respond is Respond.MOVES else concept.credible
        return [self.arcs(mover, word) for mover in range(len(self.players)) if mover != player]


def followed(responses: Sequence[tuple[Ints, Ints]], marks: Marks) -> Marks:
    """Return for each state the marks of all ends of the legal sequences of some players from it."""
    first = [np.zeros_like(marks) for _ in responses]
    changed = True
    while changed:
        changed = False
        for mover, (starts, ends) in enumerate(responses):
            checkpoint(0.5, "following what the others can do")
            on = np.bitwise_or.reduce([marks, *first[:mover], *first[mover + 1 :]])
            new = _united(on, starts, ends)
            changed = changed or not np.array_equal(new, first[mover])
            first[mover] = new
        if len(responses) == 1:
            break
    return np.asarray(np.bitwise_or.reduce(first))


def _united(marks: Marks, starts: Ints, ends: Ints) -> Marks:
    """Return for each state the marks of all states that one move leads to."""
    united = np.zeros_like(marks)
    if starts.size:
        rows = np.flatnonzero(np.diff(starts, prepend=-1))
        united[starts[rows]] = np.bitwise_or.reduceat(marks[ends], rows, axis=0)
    return united


def improvements(concept: Concept, state: int, player: int, players: Sequence[Player]) -> Ints:
    """Return the states that a player can move to and that are improvements on a state, ascending."""
    targets = players[player].moves.targets(state)
    return targets[improves(concept.improvement, players, player, state, targets)]


def sanctioning(concept: Concept, state: int, player: int, players: Sequence[Player]) -> Bools:
    """Return for each state whether it deters a player from leaving a given one, also after its counter-move."""
    mine = players[player]
    deters = sanctions(concept.sanction, players, player, state, ALL)
    if not concept.counter_move:
        return deters
    lasting = deters if concept.lasting is None else sanctions(concept.lasting, players, player, state, ALL)
    return np.asarray(deters & lasting & (mine.moves.worst(lasting.astype(np.int64)) > 0))


def _cases(concept: Concept, states: Ints, player: int, players: Sequence[Player]) -> tuple[Ints, Ints]:
    """Return a state for each case, and the case of each state; the same states deter the player in one case."""
    words = (concept.sanction, concept.lasting)
    if Sanction.NOT_RELATIONAL in words:
        # Staying is not a relational reply, so each state is a case of its own.
        return states, np.arange(states.size)
    views = list(players[player].views)
    if Sanction.RELATIONALLY_WORSE in words:
        views = [view for view, _ in concerned(players, player)]
    ranks: Any = np.column_stack([np.zeros_like(states), *(view.rank[states] for view in views)])
    _, place, case = np.unique(ranks, axis=0, return_index=True, return_inverse=True)
    return states[place], case.reshape(-1)


def _marks(concept: Concept, states: Ints, player: int, players: Sequence[Player], words: int) -> Marks:
    """Mark the states that deter a player from leaving each of some states, which are the cases of some words."""
    count = players[player].views[0].rank.size
    marks = np.zeros((count, words), dtype="<u8")
    for word in range(-(-states.size // 64)):
        deters = np.zeros((64, count), dtype=bool)
        for bit, state in enumerate(states[64 * word : 64 * (word + 1)].tolist()):
            deters[bit] = sanctioning(concept, state, player, players)
        packed = np.packbits(deters, axis=0, bitorder="little")
        marks[:, word] = np.ascontiguousarray(packed.T).view("<u8").reshape(-1)
    return marks


def stable_by_definition(concept: Concept, player: int, responses: Responses) -> Bools:
    """Decide a concept for a player at every state.

    Raises
    ------
    TooLargeError
        If there are too many states to compare them.
    """
    players = responses.players
    count = players[player].views[0].rank.size
    if concept.respond is not Respond.NOBODY and count > MAX_COMPARED:
        raise TooLargeError(
            f"{concept.title} compares states pair by pair; the limit is {MAX_COMPARED:,} states, and the conflict "
            f"has {count:,}"
        )
    stable = np.ones(count, dtype=bool)
    starts, ends = responses.arcs(player, concept.improvement)
    if concept.respond is Respond.NOBODY or not starts.size:
        stable[starts] = False
        return stable
    asked = starts[np.flatnonzero(np.diff(starts, prepend=-1))]
    states, case = _cases(concept, asked, player, players)
    case_of = np.zeros(count, dtype=np.int64)
    case_of[asked] = case
    others = responses.of_others(concept, player)
    most = max(count, *(of_one[0].size for of_one in others))
    words = max(1, min(64, -(-states.size // 64), _WORDS // most))
    for first in range(0, states.size, 64 * words):
        deterring = _marks(concept, states[first : first + 64 * words], player, players, words)
        marks = followed(others, deterring)
        place = case_of[starts] - first
        now = (place >= 0) & (place < 64 * words)
        word, bit = np.divmod(place[now], 64)
        met = (marks[ends[now], word] >> bit.astype(np.uint64)) & np.uint64(1)
        stable[starts[now][met == 0]] = False
    return stable
