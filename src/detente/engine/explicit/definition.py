"""The definition of `detente.concepts.concept`, applied to pairs of states.

It is slower than `detente.engine.explicit.fixpoints` and more general: it needs no ranking, only relations between two
states. So it serves coalitions and uncertain preferences.

Theory of operation. What deters a player from leaving a state depends only on its preferences, and so is the same for
all states of equal rank: they are one *case*. The states that deter in a case are marked, 64 cases to a word. Let
C_j(s) be the marks of the ends of the others' legal sequences from s that begin with a move of j, and m(t) those of t:

    C_j(s)  =  ∪ over t in moves_j(s) of m(t) ∪ C_k(t) for every k ≠ j

This system is solved by iteration until nothing changes. Where only ranks decide what deters, the marks of a state are
those of all cases that rank high enough, and so are looked up in a table with a row for each rank. The rule that no
player moves twice in a row always applies: with uncertain preferences, two improvements in a row need not equal one. An
improvement is sanctioned if the responses to it reach a mark of its case.

*Trials.* With attitudes towards k parties, a state deters from leaving s if k keys of it are all within the
bounds b(s) of s. Sweeps look for the lowest value of one number, not of k. So take one state p, shift the keys so that
its bounds become equal, and let M(s1) be the lowest value of the greatest shifted key that the others can bring about
from s1. Every other state s with an improvement s1 is compared with the shifted bounds of its own:

    M(s1) <= every shifted bound of s    =>   the improvement is sanctioned
    M(s1) >  every shifted bound of s    =>   it is not

For p itself one of the two holds, and for most states like it. After a few such trials few states are left to mark.

In RSMR a state must also leave the player no move to a state that its attitudes favour. That holds at least if, of one
and the same key, not even the highest value that the player can then reach is enough.

Cost: n bits for each case, with n states, and a pass over all moves for each step of the longest sanction.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from detente.concepts import Concept, Improvement, Respond, Sanction
from detente.engine.explicit.fixpoints import Sweep, lowest_at_ends
from detente.engine.explicit.moves import FibreMoves, SingleMoves, favouring, worst_of_arcs
from detente.engine.explicit.players import ALL, Player, attitude_keys, improves, sanctions
from detente.engine.progress import checkpoint
from detente.engine.space import Bools, Ints
from detente.errors import TooLargeError
from detente.limits import MAX_COMPARED

#: For each state a row of words with a bit for each case.
Marks = NDArray[np.uint64]
#: So many states are asked for their moves at once; so many words are followed along the moves at once.
_BLOCK, _WORDS = 256, 2**23
#: Trials at most, and states with undecided improvements that are not worth another one.
TRIALS, FEW = 8, 256


class Responses:
    """The others' responses to every state, cached for all concepts that use the same ones."""

    def __init__(self, players: Sequence[Player]) -> None:
        self.players = players
        self._arcs: dict[tuple[int, Improvement | None], tuple[Ints, Ints]] = {}
        self._sweeps: dict[tuple[int, Improvement | None], Sweep] = {}

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

    def anywhere(self, mover: int) -> Sweep:
        """Return what finds the lowest value among the states that a player can move to, where none are merged."""
        if (mover, None) not in self._sweeps:
            one = self.players[mover]
            moves = favouring(cast(FibreMoves, one.moves), np.zeros_like(one.rank), must_rise=False)
            self._sweeps[mover, None] = moves.worst_improving
        return self._sweeps[mover, None]

    def favoured(self, mover: int) -> Sweep:
        """Return what finds the lowest value among the states that a player's attitudes favour, with none merged."""
        word = Improvement.RELATIONAL
        if (mover, word) not in self._sweeps:
            one, keys = self.players[mover], attitude_keys(self.players, mover)
            if len(keys) > 1:
                self._sweeps[mover, word] = worst_of_arcs(*self.arcs(mover, word), one.rank.size)
            elif keys:
                self._sweeps[mover, word] = favouring(cast(FibreMoves, one.moves), *keys[0]).worst_improving
            else:
                self._sweeps[mover, word] = self.anywhere(mover)
        return self._sweeps[mover, word]


def followed(responses: Sequence[tuple[Ints, Ints]], marks: Marks) -> Marks:
    """Return for each state the marks of all ends of the legal sequences of some players from it."""
    first = [np.zeros_like(marks) for _ in responses]
    changed = True
    while changed:
        changed = False
        for mover, (starts, ends) in enumerate(responses):
            checkpoint(0.5, "following what the others can do")
            on = np.bitwise_or.reduce([marks, *first[:mover], *first[mover + 1 :]])
            new = _combined(np.bitwise_or, on, starts, ends)
            changed = changed or not np.array_equal(new, first[mover])
            first[mover] = new
        if len(responses) == 1:
            break
    return np.asarray(np.bitwise_or.reduce(first))


def _combined(combine: np.ufunc, marks: Marks, starts: Ints, ends: Ints) -> Marks:
    """Combine for each state the marks of the states that one move leads to."""
    found = np.full_like(marks, combine.identity & (2**64 - 1))
    if starts.size:
        rows = np.flatnonzero(np.diff(starts, prepend=-1))
        found[starts[rows]] = combine.reduceat(marks[ends], rows, axis=0)
    return found


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
    if Sanction.NOT_RELATIONAL in words and not players[player].moves.transitive:
        # Staying is not a relational reply. So where merged states let the player return to the original state, each
        # state is a case of its own.
        return states, np.arange(states.size)
    if Sanction.RELATIONALLY_WORSE in words:
        keys = [key for key, _ in attitude_keys(players, player)]
    else:
        keys = [view.rank for view in players[player].views]
    ranks: Any = np.column_stack([np.zeros_like(states), *(key[states] for key in keys)])
    _, place, case = np.unique(ranks, axis=0, return_index=True, return_inverse=True)
    return states[place], case.reshape(-1)


def _marks(concept: Concept, states: Ints, player: int, responses: Responses, words: int) -> Marks:
    """Mark the states that deter a player from leaving each of some states, which are the cases of some words."""
    players = responses.players
    if concept.sanction is Sanction.RELATIONALLY_WORSE:
        keys = attitude_keys(players, player)
        deters = np.full((players[player].rank.size, words), 2**64 - 1, dtype=np.uint64)
        lasting = np.zeros_like(deters)
        for key, must_rise in keys:
            deters &= _ranking_high(states, key, must_rise, words)
            lasting |= _ranking_high(states, key, not must_rise, words)
        if not players[player].moves.transitive:
            word, bit = _bits(states.size)
            lasting[states, word] |= bit
    elif concept.sanction is Sanction.NOT_BETTER and concept.lasting is None:
        ranks = [view.rank for view in players[player].views]
        deters = lasting = np.bitwise_or.reduce([_ranking_high(states, rank, False, words) for rank in ranks])
    else:
        return _marks_one_by_one(concept, states, player, players, words)
    if not concept.counter_move:
        return deters
    return deters & lasting & _combined(np.bitwise_and, lasting, *responses.arcs(player, None))


def _bits(count: int) -> tuple[Ints, Marks]:
    """Return the word of each case, and its bit in it."""
    word, bit = np.divmod(np.arange(count), 64)
    return word, np.uint64(1) << bit.astype(np.uint64)


def _ranking_high(states: Ints, rank: Ints, above: bool, words: int) -> Marks:
    """Mark for each state the cases, given by a state each, that rank as high or higher; with ``above``, higher."""
    wanted = rank[states]
    order = np.argsort(-wanted, kind="stable")
    word, bit = _bits(states.size)
    highest = np.zeros((states.size + 1, words), dtype=np.uint64)
    highest[1 + np.arange(states.size), word[order]] = bit[order]
    np.bitwise_or.accumulate(highest, axis=0, out=highest)
    lower = np.searchsorted(np.sort(wanted), rank, side="right" if above else "left")
    return np.asarray(highest[states.size - lower])


def _marks_one_by_one(concept: Concept, states: Ints, player: int, players: Sequence[Player], words: int) -> Marks:
    count = players[player].views[0].rank.size
    marks = np.zeros((count, words), dtype="<u8")
    for word in range(-(-states.size // 64)):
        deters = np.zeros((64, count), dtype=bool)
        for bit, state in enumerate(states[64 * word : 64 * (word + 1)].tolist()):
            deters[bit] = sanctioning(concept, state, player, players)
        packed = np.packbits(deters, axis=0, bitorder="little")
        marks[:, word] = np.ascontiguousarray(packed.T).view("<u8").reshape(-1)
    return marks


def decided_by_trials(
    concept: Concept,
    player: int,
    players: Sequence[Player],
    improvements: tuple[Ints, Ints],
    sweeps: Sequence[Sweep],
) -> tuple[Ints, Bools]:
    """Return the states that have an improvement without a sanction, and which improvements are still undecided.

    Parameters
    ----------
    improvements
        Those of the player, as starts and ends.
    sweeps
        For each of the others, what finds the lowest value among the states that its responses lead to.
    """
    starts, ends = improvements
    keys = attitude_keys(players, player)
    bounds = np.array([2 * key for key, _ in keys])
    worth = np.array([2 * key + must_rise for key, must_rise in keys])
    enough = [worth]
    if concept.counter_move:
        enough = []
        for place, (key, must_rise) in enumerate(keys):
            best = np.maximum(key, players[player].moves.best(key))
            lasting = np.maximum(worth[place], 2 * best + (not must_rise))
            enough.append(np.concatenate([worth[:place], lasting[None], worth[place + 1 :]]))
    unstable = np.zeros(worth.shape[1], dtype=bool)
    left = np.arange(starts.size)
    for trial in range(TRIALS):
        if np.count_nonzero(np.diff(starts[left], prepend=-1)) <= FEW:
            break
        # States from all over what is left, in the order in which the bounds differ.
        order = np.argsort(bounds[1, starts[left]] - bounds[0, starts[left]], kind="stable")
        own = bounds[:, starts[left[order[order.size * (trial % 4 + 1) // 5]]]]
        shift = (own[0] - own)[:, None]
        limits = bounds[:, starts[left]] + shift
        lowest = lowest_at_ends((worth + shift).max(axis=0), sweeps)[ends[left]]
        unstable[starts[left[lowest > limits.max(axis=0)]]] = True
        met = np.zeros(left.size, dtype=bool)
        for each in enough:
            lowest = lowest if each is worth else lowest_at_ends((each + shift).max(axis=0), sweeps)[ends[left]]
            met |= lowest <= limits.min(axis=0)
        left = left[~met & ~unstable[starts[left]]]
    undecided = np.zeros(starts.size, dtype=bool)
    undecided[left] = True
    return np.flatnonzero(unstable), undecided


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
    others = responses.of_others(concept, player)
    asked = starts[np.flatnonzero(np.diff(starts, prepend=-1))]
    states, case = _cases(concept, asked, player, players)
    relational, merged = concept.sanction is Sanction.RELATIONALLY_WORSE, not players[player].moves.transitive
    if relational and not merged and states.size > FEW and len(attitude_keys(players, player)) > 1:
        sweep = responses.anywhere if concept.respond is Respond.MOVES else responses.favoured
        sweeps = [sweep(mover) for mover in range(len(players)) if mover != player]
        unstable, undecided = decided_by_trials(concept, player, players, (starts, ends), sweeps)
        stable[unstable] = False
        starts, ends = starts[undecided], ends[undecided]
        asked = starts[np.flatnonzero(np.diff(starts, prepend=-1))]
        states, case = _cases(concept, asked, player, players)
    case_of = np.zeros(count, dtype=np.int64)
    case_of[asked] = case
    most = max(count, *(of_one[0].size for of_one in others))
    if concept.counter_move:
        most = max(most, responses.arcs(player, None)[0].size)
    words = max(1, min(64, -(-states.size // 64), _WORDS // most))
    for first in range(0, states.size, 64 * words):
        deterring = _marks(concept, states[first : first + 64 * words], player, responses, words)
        marks = followed(others, deterring)
        place = case_of[starts] - first
        now = (place >= 0) & (place < 64 * words)
        word, bit = np.divmod(place[now], 64)
        met = (marks[ends[now], word] >> bit.astype(np.uint64)) & np.uint64(1)
        stable[starts[now][met == 0]] = False
    return stable
