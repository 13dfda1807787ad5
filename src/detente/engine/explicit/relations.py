"""What the words of `detente.stability.concept` mean: relations between two states for a player.

A relation is asked of a player among all players, so that it may look at what the others think of the two states. The
states are positions, one or an array each; arrays are taken element by element.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from detente.engine.explicit.players import Player
from detente.engine.explicit.space import Bools
from detente.engine.explicit.views import Index, View
from detente.stability import Hurt, Leave

#: Whether something is so between ``start`` and ``end`` for a player, given by its place.
Relation = Callable[[Sequence[Player], int, Index, Index], Bools]
#: The same for one decision maker.
OfOne = Callable[[View, Index, Index], Bools]


def every(of_one: OfOne) -> Relation:
    """Make the relation that holds for a player when it holds for every member."""

    def relation(players: Sequence[Player], player: int, start: Index, end: Index) -> Bools:
        return np.asarray(np.logical_and.reduce([of_one(view, start, end) for view in players[player].views]))

    return relation


def some(of_one: OfOne) -> Relation:
    """Make the relation that holds for a player when it holds for some member."""

    def relation(players: Sequence[Player], player: int, start: Index, end: Index) -> Bools:
        return np.asarray(np.logical_or.reduce([of_one(view, start, end) for view in players[player].views]))

    return relation


def unless(of_one: OfOne) -> OfOne:
    """Make the opposite of something that is so for one decision maker."""
    return lambda view, start, end: ~of_one(view, start, end)


def _tempting(view: View, start: Index, end: Index) -> Bools:
    """What the unknown does to tempt depends on the decision maker: extensions a and c are tempted by it."""
    return view.perhaps_better(start, end) if view.maker.facing_unknown in "ac" else view.surely_better(start, end)


def _undeterred(view: View, start: Index, end: Index) -> Bools:
    """Extensions a and b are not deterred by what is unknown."""
    return view.perhaps_better(start, end) if view.maker.facing_unknown in "ab" else view.surely_better(start, end)


def _likely(view: View, start: Index, end: Index) -> Bools:
    return view.likelier(start, end, 1 - view.maker.thresholds.alpha)


def _likely_after_all(view: View, start: Index, end: Index) -> Bools:
    return view.likelier(start, end, 1 - view.maker.thresholds.beta)


def _likely_enough(view: View, start: Index, end: Index) -> Bools:
    return view.likelier(start, end, 1 - view.maker.thresholds.gamma)


def _much_worse(view: View, start: Index, end: Index) -> Bools:
    return view.much_better(end, start)


def _totally_preferred(players: Sequence[Player], player: int, start: Index, end: Index) -> Bools:
    """Tell whether the attitudes of a decision maker, standing at ``start``, all favour ``end``."""
    (own,) = players[player].views
    favoured = np.ones_like(own.better(start, end))
    for view in (view for other in players for view in other.views):
        worse = view.better(end, start)
        attitude = own.maker.attitude(view.maker.id)
        if attitude != "neutral":
            favoured &= worse if attitude == "negative" else ~worse
    return favoured


def _relational(players: Sequence[Player], player: int, start: Index, end: Index) -> Bools:
    """Tell the same of another state than ``start``: to stay is no reply."""
    return _totally_preferred(players, player, start, end) & np.not_equal(start, end)


def _relationally_worse(players: Sequence[Player], player: int, start: Index, end: Index) -> Bools:
    return _totally_preferred(players, player, end, start)


def _not_relational(players: Sequence[Player], player: int, start: Index, end: Index) -> Bools:
    return ~_relational(players, player, start, end)


#: ``end`` tempts a player away from ``start``.
LEAVE: dict[Leave, Relation] = {
    Leave.BETTER: every(View.better),
    Leave.SURELY_BETTER: every(View.surely_better),
    Leave.PERHAPS_BETTER: every(View.perhaps_better),
    Leave.BETTER_AS_FACED: every(_tempting),
    Leave.SATISFYING: every(View.satisfying),
    Leave.LIKELY: every(_likely),
    Leave.LIKELY_ENOUGH: every(_likely_enough),
    Leave.RELATIONAL: _relational,
}

#: ``end`` deters a player from leaving ``start``.
HURT: dict[Hurt, Relation] = {
    Hurt.NOT_BETTER: some(unless(View.better)),
    Hurt.NOT_SURELY_BETTER: some(unless(View.surely_better)),
    Hurt.SURELY_NOT_BETTER: some(unless(View.perhaps_better)),
    Hurt.NOT_BETTER_AS_FACED: some(unless(_undeterred)),
    Hurt.MUCH_WORSE: some(_much_worse),
    Hurt.NOT_SATISFYING: some(unless(View.satisfying)),
    Hurt.UNLIKELY: some(unless(_likely_after_all)),
    Hurt.RELATIONALLY_WORSE: _relationally_worse,
    Hurt.NOT_RELATIONAL: _not_relational,
}
