"""The order of the options in the diagrams: what is mentioned together stands together.

A diagram is small where conditions are about neighbours in its order. The order is sought as FORCE does (Aloul, Markov
& Sakallah 2003): every group of options that a condition mentions pulls its members towards its centre, round after
round, and the round with the shortest groups is kept. Where it ends hangs on where it begins, so for more than a few
options it begins again from some mixed orders, the same every time.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence

from detente.conflict.model import ConflictModel

ROUNDS = 60
#: With so many options or more it is begun again so many times.
MANY_OPTIONS, AGAIN = 16, 12


def ordered_options(conflict: ConflictModel) -> tuple[str, ...]:
    """Return the option identifiers in the order in which the diagrams decide them."""
    names = [option.id for option in conflict.options]
    conditions = [
        *conflict.constraints,
        *(c for maker in conflict.decision_makers for c in maker.preferences.conditions()),
    ]
    mentioned = [tuple(dict.fromkeys(condition.options())) for condition in conditions]
    groups = [group for group in mentioned if len(group) > 1]
    chance = random.Random(0)
    starts = [names, *(chance.sample(names, len(names)) for _ in range(AGAIN if len(names) >= MANY_OPTIONS else 0))]
    orders = [pulled_together(start, groups) for start in starts]
    best = min(orders, key=lambda order: _length(order, groups))
    return tuple(best)


def pulled_together(names: Sequence[str], groups: Iterable[Sequence[str]], rounds: int = ROUNDS) -> list[str]:
    """Return the names in an order in which the members of each group stand near each other."""
    groups = list(groups)
    order, best = list(names), list(names)
    shortest = _length(order, groups)
    for _ in range(rounds):
        place = {name: position for position, name in enumerate(order)}
        pulls: dict[str, list[float]] = {name: [] for name in names}
        for group in groups:
            centre = sum(place[name] for name in group) / len(group)
            for name in group:
                pulls[name].append(centre)
        wanted = {name: sum(own) / len(own) if own else place[name] for name, own in pulls.items()}
        following = sorted(order, key=wanted.__getitem__)
        if following == order:
            break
        order = following
        if (length := _length(order, groups)) < shortest:
            shortest, best = length, order
    return best


def _length(order: Sequence[str], groups: Sequence[Sequence[str]]) -> int:
    place = {name: position for position, name in enumerate(order)}
    return sum(max(place[name] for name in group) - min(place[name] for name in group) for group in groups)
