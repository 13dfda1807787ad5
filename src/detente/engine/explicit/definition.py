"""Where the others can answer to, from every state at once.

Theory of operation. The ends of the legal sequences from a state are a set, held as the bits of one whole number. Let
C_j(s) be the ends of those that begin with a move of j; then

    C_j(s)  =  ∪ over t in moves_j(s) of {t} ∪ C_k(t) for every k ≠ j

is solved by going round until nothing changes. That nobody moves twice in a row is kept whatever the moves: with
preferences that nobody is sure of, two improvements in a row need not be one.

The sentence of `detente.concepts.concept`, read word by word for one state at a time.

Slower than `detente.engine.explicit.fixpoints` and more general: it needs no ranking, only relations between two
states, so it serves coalitions and preferences that nobody is sure of; and it finds the witnesses, so it serves
explanations.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from detente.concepts.concept import Concept, Improvement, Respond
from detente.engine.explicit.players import IMPROVEMENTS, SANCTIONS, Player
from detente.engine.space import Bools, Ints
from detente.errors import TooLargeError

#: With more states than this, sets of states for every state are refused: 2^30 bits for every player.
MAX_COMPARED = 2**15


class Responses:
    """The others' answers to every state, kept for all concepts that ask for the same."""

    def __init__(self, players: Sequence[Player]) -> None:
        self._players = players
        self._steps: dict[tuple[int, Improvement | None], list[list[int]]] = {}
        self._ends: dict[tuple[int, Improvement | None], list[int]] = {}

    def steps(self, concept: Concept, mover: int, state: int) -> Ints:
        """Return where a player may move from a state in answer to somebody, under a concept."""
        ends = self._players[mover].moves.targets(state)
        if concept.respond is Respond.MOVES:
            return ends
        return ends[IMPROVEMENTS[concept.credible](self._players, mover, state, ends)]

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
        if count > MAX_COMPARED:
            raise TooLargeError(
                f"{concept.title} compares states pair by pair, which is possible up to {MAX_COMPARED:,} states, and "
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


#: Pairs of state and last mover from which nothing that deters is reached.
DeadEnds = set[tuple[int, int]]


@dataclass(frozen=True)
class Visit:
    """A state reached by a legal sequence: who moved last, and the visit before; None at the beginning."""

    state: int
    mover: int | None
    before: Visit | None

    def steps(self) -> list[tuple[int, int]]:
        """Return the sequence as pairs of mover and state."""
        visits: list[tuple[int, int]] = []
        visit: Visit | None = self
        while visit is not None and visit.mover is not None:
            visits.append((visit.mover, visit.state))
            visit = visit.before
        return visits[::-1]


def tempting(concept: Concept, state: int, player: int, players: Sequence[Player]) -> Ints:
    """Return the states that a player can move to and that tempt it away from one, ascending."""
    targets = players[player].moves.targets(state)
    return targets[IMPROVEMENTS[concept.leave](players, player, state, targets)]


def responses(
    concept: Concept,
    start: int,
    player: int,
    players: Sequence[Player],
    answers: Responses,
    barren: Container[tuple[int, int]] = (),
) -> Iterator[Visit]:
    """Yield a visit for every state and last mover that the others' legal sequences reach, the shortest first.

    Pairs of state and last mover that are known to be ``barren`` are passed over.
    """
    if concept.respond is Respond.NOBODY:
        return
    queue = deque([Visit(start, None, None)])
    seen: set[tuple[int, int]] = set()
    while queue:
        visit = queue.popleft()
        for mover in range(len(players)):
            if mover in (player, visit.mover):
                continue
            for end in map(int, answers.steps(concept, mover, visit.state)):
                if (end, mover) not in seen and (end, mover) not in barren:
                    seen.add((end, mover))
                    reached = Visit(end, mover, visit)
                    yield reached
                    queue.append(reached)


def sanctioning(concept: Concept, state: int, player: int, players: Sequence[Player]) -> Bools:
    """Tell of every state whether it deters a player from leaving one, the player's own answer included."""
    mine = players[player]
    everywhere = np.arange(mine.views[0].rank.size)
    hurt = SANCTIONS[concept.hurt](players, player, state, everywhere)
    if not concept.answers:
        return hurt
    held = hurt if concept.held is None else SANCTIONS[concept.held](players, player, state, everywhere)
    return np.asarray(hurt & held & (mine.moves.worst(held.astype(np.int64)) > 0))


def sanction(
    concept: Concept, state: int, improvement: int, player: int, players: Sequence[Player], answers: Responses
) -> Visit | None:
    """Return a shortest response that deters a player from an improvement, or None when there is none."""
    return first_that(
        sanctioning(concept, state, player, players), concept, improvement, player, players, answers, set()
    )


def first_that(
    deters: Bools,
    concept: Concept,
    improvement: int,
    player: int,
    players: Sequence[Player],
    answers: Responses,
    barren: DeadEnds,
) -> Visit | None:
    """Return the first response to an improvement that leads to a state that deters, or None when there is none.

    From what is ``barren`` none leads there; what turns out to be so is added to it.
    """
    met: DeadEnds = set()
    for visit in responses(concept, improvement, player, players, answers, barren):
        if deters[visit.state]:
            return visit
        if visit.mover is not None:
            met.add((visit.state, visit.mover))
    barren |= met
    return None


def stable(concept: Concept, player: int, players: Sequence[Player], answers: Responses) -> Bools:
    """Decide a concept for any player at every state."""
    ends = answers.ends(concept, player)
    result = np.ones(len(ends), dtype=bool)
    for state in range(len(ends)):
        improvements = tempting(concept, state, player, players)
        if improvements.size and concept.respond is Respond.NOBODY:
            result[state] = False
        elif improvements.size:
            deters = bits(sanctioning(concept, state, player, players))
            result[state] = all(ends[improvement] & deters for improvement in map(int, improvements))
    return result
