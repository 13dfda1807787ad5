"""The sentence of `detente.concepts.concept`, decided for all states at once by sweeps over whole arrays.

Theory of operation, for a player whose preference is a ranking r. Let w(s1) be the smallest r that the others' answers
to s1 can bring about, or r(s1) where that is smaller. An improvement s1 of s is sanctioned when w(s1) <= r(s); a move
to an s1 that is no improvement has w(s1) <= r(s1) <= r(s). So

    s is stable   <=>   max over s1 in moves(s) of w(s1)  <=  r(s)

and one sweep over the player's moves decides every state. w is a fixed point of sweeps over the others' moves. Where
the player may answer, a sanction is worth not r(s2) but the best that the player can then do, max(r(s2), max r(s3)).

Two things that the definitions rule out do no harm. A player that moves twice in a row gains nothing where two moves
in a row are one; where they are not (merged states), every last mover has an array of its own. And a sweep may count
a player's own state among its moves: staying at s1 is never a sanction, for s1 is better than s.

Where only what is much worse deters, w is reckoned in levels, such that one state is much worse than another just when
its level is lower. Then a move that is no improvement says nothing, so it is left out, and

    s is stable   <=>   max over the improvements s1 of s of w(s1)  <  level(s)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from detente.concepts import Concept, Improvement, Respond, Sanction
from detente.engine.explicit.players import Player
from detente.engine.progress import checkpoint
from detente.engine.space import Bools, Ints

Sweep = Callable[[Ints], Ints]
SWEEPING = "following what the others can do"


def serves(concept: Concept, player: int, players: Sequence[Player]) -> bool:
    """Tell whether a concept can be decided by sweeps for a player: by ranks, or by levels, of one decision maker."""
    words = (concept.improvement, concept.credible, concept.lasting)
    if not players[player].alone or words != (Improvement.BETTER, Improvement.BETTER, None):
        return False
    return concept.sanction is Sanction.NOT_BETTER or (
        concept.sanction is Sanction.MUCH_WORSE and players[player].views[0].levels is not None
    )


def stable_by_sweeps(concept: Concept, player: int, players: Sequence[Player]) -> Bools:
    """Decide a concept that sweeps serve, at every state."""
    mine = players[player]
    if concept.sanction is Sanction.MUCH_WORSE:
        levels = mine.views[0].levels
        assert levels is not None
        return -mine.moves.worst_improving(-lowest_worth(concept, player, players, levels)) < levels
    return mine.moves.best(np.minimum(mine.rank, lowest_worth(concept, player, players, mine.rank))) <= mine.rank


def lowest_worth(concept: Concept, player: int, players: Sequence[Player], worth: Ints) -> Ints:
    """Return for every state what the others' responses to it can bring the player down to, by the worth of states."""
    if concept.respond is Respond.NOBODY:
        return worth
    if concept.counter_move:
        worth = np.maximum(worth, players[player].moves.best(worth))
    return lowest_reachable(worth, concept.respond, [one for place, one in enumerate(players) if place != player])


def lowest_reachable(worth: Ints, respond: Respond, others: Sequence[Player]) -> Ints:
    """Return for every state the smallest worth that legal sequences of the others reach from it, itself included."""
    sweeps = [other.moves.worst if respond is Respond.MOVES else other.moves.worst_improving for other in others]
    if not all(other.moves.transitive for other in others):
        return _settled_by_last_mover(worth, sweeps)
    # In turn, until a whole round changes nothing.
    quiet, turn = 0, 0
    while quiet < len(sweeps):
        checkpoint(1 - 0.5 ** (turn / len(sweeps)), SWEEPING)
        lower = np.minimum(worth, sweeps[turn % len(sweeps)](worth))
        quiet = quiet + 1 if np.array_equal(lower, worth) else 1
        worth, turn = lower, turn + 1
    return worth


def _settled_by_last_mover(worth: Ints, sweeps: Sequence[Sweep]) -> Ints:
    """As `lowest_reachable`, with an array for every last mover, who may not move next."""
    after = [worth for _ in sweeps]
    changed, turn = True, 0
    while changed:
        checkpoint(1 - 0.5**turn, SWEEPING)
        turn += 1
        steps = [sweep(after[mover]) for mover, sweep in enumerate(sweeps)]
        lower = [
            np.minimum.reduce([worth, *(step for mover, step in enumerate(steps) if mover != last)])
            for last in range(len(sweeps))
        ]
        changed = not all(np.array_equal(old, new) for old, new in zip(after, lower, strict=True))
        after = lower
    return np.asarray(np.minimum.reduce([worth, *(sweep(after[mover]) for mover, sweep in enumerate(sweeps))]))
