"""The sentence of `detente.stability.concept`, read word by word for one state at a time.

Slower than `detente.engine.explicit.sweeps` and more general: it needs no ranking, only whether a player prefers one
state to another, so it serves coalitions; and it keeps the witnesses, so it serves explanations.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from detente.engine.explicit.players import Player
from detente.engine.explicit.space import Bools, Ints
from detente.stability import Concept, Respond


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


def responses(start: int, player: int, players: Sequence[Player], respond: Respond) -> Iterator[Visit]:
    """Yield a visit for every state and last mover that the others' legal sequences reach, the shortest first."""
    if respond is Respond.NOBODY:
        return
    queue = deque([Visit(start, None, None)])
    seen: set[tuple[int, int]] = set()
    while queue:
        visit = queue.popleft()
        for mover, other in enumerate(players):
            if mover in (player, visit.mover):
                continue
            ends = other.moves.targets(visit.state) if respond is Respond.MOVES else other.improvements(visit.state)
            for end in map(int, ends):
                if (end, mover) not in seen:
                    seen.add((end, mover))
                    reached = Visit(end, mover, visit)
                    yield reached
                    queue.append(reached)


def hurts(concept: Concept, mine: Player, state: int, response: int) -> bool:
    """Tell whether a response deters a player from leaving a state, its own answer included."""
    if mine.better(state, response):
        return False
    return not (concept.answers and bool(np.any(mine.better(state, mine.moves.targets(response)))))


def sanction(concept: Concept, state: int, improvement: int, player: int, players: Sequence[Player]) -> Visit | None:
    """Return a shortest response that deters a player from an improvement, or None when there is none."""
    mine = players[player]
    for visit in responses(improvement, player, players, concept.respond):
        if hurts(concept, mine, state, visit.state):
            return visit
    return None


def stable(concept: Concept, player: int, players: Sequence[Player]) -> Bools:
    """Decide a concept for any player at every state; the others' responses are found once per improvement."""
    mine = players[player]
    count = mine.ranks[0].size
    leavers: dict[int, list[int]] = {}
    for state in range(count):
        for improvement in map(int, mine.improvements(state)):
            leavers.setdefault(improvement, []).append(state)
    result = np.ones(count, dtype=bool)
    for improvement, states in leavers.items():
        undecided = np.array([state for state in states if result[state]], dtype=np.int64)
        result[undecided] = _sanctioned(concept, undecided, improvement, player, players)
    return result


def _sanctioned(concept: Concept, states: Ints, improvement: int, player: int, players: Sequence[Player]) -> Bools:
    mine = players[player]
    done = np.zeros(states.size, dtype=bool)
    tried: set[int] = set()
    for visit in responses(improvement, player, players, concept.respond):
        if done.all():
            break
        if visit.state in tried:
            continue
        tried.add(visit.state)
        hurt = ~mine.better(states, visit.state)
        if concept.answers:
            for answer in mine.moves.targets(visit.state):
                hurt &= ~mine.better(states, answer)
        done |= hurt
    return done
