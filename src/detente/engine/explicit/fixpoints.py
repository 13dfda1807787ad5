"""The definition of `detente.concepts.concept`, decided for all states at once by sweeps over whole arrays.

Theory of operation, for a player whose preference is a ranking r. Let w(s1) be the smallest r that the others'
responses to s1 can reach, or r(s1) if that is smaller. An improvement s1 of s is sanctioned if w(s1) <= r(s); a move to
an s1 that is not an improvement has w(s1) <= r(s1) <= r(s) anyway. So

    s is stable   <=>   max over s1 in moves(s) of w(s1)  <=  r(s)

and one sweep over the player's moves decides every state. w is a fixed point of sweeps over the others' moves. If the
player has a counter-move, a sanction is worth not r(s2) but the best that the player can then reach, max(r(s2), max
r(s3)).

The sweeps ignore two details of the definition without effect. First, a player that moves twice in a row gains nothing
if two moves in a row equal one; if they do not (merged states), there is one array for each last mover. Second, a sweep
may count a player's own state among its moves: staying at s1 is never a sanction, because s1 is better than s.

If only a much worse state deters, w is computed in levels such that one state is much worse than another exactly if its
level is lower. Then moves that are not improvements must be excluded, and

    s is stable   <=>   max over the improvements s1 of s of w(s1)  <  level(s)

Cost: a sweep takes O(n log n) for n states, after one sort; the number of sweeps is bounded by the longest sanction.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from detente.concepts import Concept, Improvement, Respond, Sanction
from detente.engine.explicit.moves import NOTHING
from detente.engine.explicit.players import Player, means_better
from detente.engine.progress import checkpoint
from detente.engine.space import Bools, Ints

Sweep = Callable[[Ints], Ints]
SWEEPING = "following what the others can do"


def serves(concept: Concept, player: int, players: Sequence[Player]) -> bool:
    """Tell whether sweeps can decide a concept for a player: by the ranks, or levels, of one decision maker."""
    words = (concept.improvement, concept.credible, concept.lasting)
    if not players[player].alone or words != (Improvement.BETTER, Improvement.BETTER, None):
        return False
    return concept.sanction is Sanction.NOT_BETTER or (
        concept.sanction is Sanction.MUCH_WORSE and players[player].views[0].levels is not None
    )


def ungraded(concept: Concept, player: int, players: Sequence[Player]) -> Concept:
    """Return a concept with *better* and *not better* for its terms, if to these players they mean nothing else.

    It has the same stable states. Most disputes have few parties whose preferences are graded, and the others need not
    be compared state by state.
    """
    others = [place for place in range(len(players)) if place != player and concept.respond is Respond.IMPROVEMENTS]
    own: list[Improvement | Sanction] = [concept.improvement, concept.sanction]
    own += [concept.lasting] if concept.lasting else []
    if not all(means_better(word, players, player) for word in own):
        return concept
    if not all(means_better(concept.credible, players, other) for other in others):
        return concept
    better, sanction = Improvement.BETTER, Sanction.NOT_BETTER
    return replace(concept, improvement=better, sanction=sanction, credible=better, lasting=None)


def stable_by_sweeps(concept: Concept, player: int, players: Sequence[Player]) -> Bools:
    """Decide a concept that sweeps can decide, at every state."""
    mine = players[player]
    if concept.sanction is Sanction.MUCH_WORSE:
        levels = mine.views[0].levels
        assert levels is not None
        return -mine.moves.worst_improving(-lowest_worth(concept, player, players, levels)) < levels
    return mine.moves.best(np.minimum(mine.rank, lowest_worth(concept, player, players, mine.rank))) <= mine.rank


def lowest_worth(concept: Concept, player: int, players: Sequence[Player], worth: Ints) -> Ints:
    """Return for each state the lowest worth that the others' responses can bring the player to."""
    if concept.respond is Respond.NOBODY:
        return worth
    if concept.counter_move:
        worth = np.maximum(worth, players[player].moves.best(worth))
    return lowest_reachable(worth, concept.respond, [one for place, one in enumerate(players) if place != player])


def lowest_reachable(worth: Ints, respond: Respond, others: Sequence[Player]) -> Ints:
    """Return for each state the lowest worth that legal sequences of the others reach from it, itself included."""
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


def lowest_at_ends(worth: Ints, sweeps: Sequence[Sweep]) -> Ints:
    """Return for each state the lowest worth at the end of a legal sequence of one or more moves.

    Unlike in `lowest_reachable`, a state itself does not count, and no player moves twice in a row.
    """
    first = [np.full_like(worth, NOTHING) for _ in sweeps]
    seen = [-1] * len(sweeps)
    changed = [0] * len(sweeps)
    turn = 0
    while True:
        turn += 1
        waiting = [
            place
            for place in range(len(sweeps))
            if seen[place] < max([0, *(changed[other] for other in range(len(sweeps)) if other != place)])
        ]
        if not waiting:
            return np.asarray(np.minimum.reduce([np.full_like(worth, NOTHING), *first]))
        checkpoint(1 - 0.5 ** (turn / len(sweeps)), SWEEPING)
        place = waiting[0]
        seen[place] = turn
        lower = sweeps[place](np.minimum.reduce([worth, *first[:place], *first[place + 1 :]]))
        if not np.array_equal(lower, first[place]):
            first[place], changed[place] = lower, turn


def _settled_by_last_mover(worth: Ints, sweeps: Sequence[Sweep]) -> Ints:
    """As `lowest_reachable`, with an array for each last mover, who may not move next."""
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
