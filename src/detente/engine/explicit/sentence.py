"""The sentence of `detente.stability.concept`, read word by word for one state at a time.

Slower than `detente.engine.explicit.sweeps` and more general: it needs no ranking, only relations between two states,
so it serves coalitions and preferences that nobody is sure of; and it finds the witnesses, so it serves explanations.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from detente.engine.explicit.answers import Answers, bits
from detente.engine.explicit.players import Player
from detente.engine.explicit.relations import HURT, LEAVE
from detente.engine.explicit.space import Bools, Ints
from detente.stability import Concept, Respond

#: Pairs of state and last mover from which nothing that deters is reached.
Barren = set[tuple[int, int]]


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
    return targets[LEAVE[concept.leave](players, player, state, targets)]


def responses(
    concept: Concept,
    start: int,
    player: int,
    players: Sequence[Player],
    answers: Answers,
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


def deterring(concept: Concept, state: int, player: int, players: Sequence[Player]) -> Bools:
    """Tell of every state whether it deters a player from leaving one, the player's own answer included."""
    mine = players[player]
    everywhere = np.arange(mine.views[0].rank.size)
    hurt = HURT[concept.hurt](players, player, state, everywhere)
    if not concept.answers:
        return hurt
    held = hurt if concept.held is None else HURT[concept.held](players, player, state, everywhere)
    return np.asarray(hurt & held & (mine.moves.worst(held.astype(np.int64)) > 0))


def sanction(
    concept: Concept, state: int, improvement: int, player: int, players: Sequence[Player], answers: Answers
) -> Visit | None:
    """Return a shortest response that deters a player from an improvement, or None when there is none."""
    return first_that(deterring(concept, state, player, players), concept, improvement, player, players, answers, set())


def first_that(
    deters: Bools,
    concept: Concept,
    improvement: int,
    player: int,
    players: Sequence[Player],
    answers: Answers,
    barren: Barren,
) -> Visit | None:
    """Return the first response to an improvement that leads to a state that deters, or None when there is none.

    From what is ``barren`` none leads there; what turns out to be so is added to it.
    """
    met: Barren = set()
    for visit in responses(concept, improvement, player, players, answers, barren):
        if deters[visit.state]:
            return visit
        if visit.mover is not None:
            met.add((visit.state, visit.mover))
    barren |= met
    return None


def stable(concept: Concept, player: int, players: Sequence[Player], answers: Answers) -> Bools:
    """Decide a concept for any player at every state."""
    ends = answers.ends(concept, player)
    result = np.ones(len(ends), dtype=bool)
    for state in range(len(ends)):
        improvements = tempting(concept, state, player, players)
        if improvements.size and concept.respond is Respond.NOBODY:
            result[state] = False
        elif improvements.size:
            deters = bits(deterring(concept, state, player, players))
            result[state] = all(ends[improvement] & deters for improvement in map(int, improvements))
    return result
