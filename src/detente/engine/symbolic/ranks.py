"""Preferences as rank digits: the first digit on which two states differ says which one is preferred.

Statements in order of priority are such digits as they are written. A sum of weights is written in binary by adding
diagrams as a circuit adds numbers. States that are listed one by one are put in order by
`detente.engine.space`, and the places written in binary.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from detente.engine.space import StateSpace, whole_weights
from detente.engine.symbolic.diagrams import Diagram, Diagrams
from detente.engine.symbolic.space import Merging
from detente.model.conditions import Condition
from detente.model.conflict import Conflict
from detente.model.preferences import Preferences, Prioritising, Weights


def digits(merging: Merging, conflict: Conflict, preferences: Preferences) -> list[Diagram]:
    """Return the digits of the rank, the most significant first, less those that never differ."""
    diagrams, feasible = merging.diagrams, merging.feasible
    if isinstance(preferences, Prioritising):
        found = [_holding(merging, statement.condition) for statement in preferences.statements]
    elif isinstance(preferences, Weights):
        found = _of_weights(merging, preferences)
    else:
        found = _of_list(diagrams, conflict, preferences)
    return [digit for digit in found if diagrams.nothing != feasible & digit != feasible]


def max_digits(conflict: Conflict) -> int:
    """Return how many digits the ranks of a player need at most: a coalition's are those of all its members."""
    makers = {maker.id: _digits_needed(conflict, maker.preferences) for maker in conflict.decision_makers}
    return max((sum(makers[id] for id in members) for members in conflict.players), default=0)


def _digits_needed(conflict: Conflict, preferences: Preferences) -> int:
    if isinstance(preferences, Prioritising):
        return len(preferences.statements)
    if isinstance(preferences, Weights):
        return sum(map(abs, whole_weights(preferences))).bit_length()
    return len(conflict.options)


def _holding(merging: Merging, condition: Condition) -> Diagram:
    """Return where a condition holds: at a merged state when it does at every member."""
    return merging.throughout(merging.diagrams.of(condition))


def _of_weights(merging: Merging, preferences: Weights) -> list[Diagram]:
    """Add up; a negative weight counts, as a positive one, where its condition does not hold."""
    diagrams = merging.diagrams
    total: list[Diagram] = []
    for number, weight in zip(whole_weights(preferences), preferences.weights, strict=True):
        holds = _holding(merging, weight.condition)
        total = _added(diagrams, total, abs(number), holds if number > 0 else ~holds)
    return total[::-1]


def _added(diagrams: Diagrams, total: list[Diagram], number: int, where: Diagram) -> list[Diagram]:
    """Add a number, where something holds, to a sum that is written lowest digit first."""
    result, carry = [], diagrams.nothing
    for place in range(max(len(total), number.bit_length()) + 1):
        one = total[place] if place < len(total) else diagrams.nothing
        other = where if number >> place & 1 else diagrams.nothing
        result.append(one ^ other ^ carry)
        carry = (one & other) | (carry & (one | other))
    while result and result[-1] == diagrams.nothing:
        result.pop()
    return result


def _of_list(diagrams: Diagrams, conflict: Conflict, preferences: Preferences) -> list[Diagram]:
    space = StateSpace.of(conflict)
    rank = space.ranks(preferences)
    if space.state_of is not None:
        rank = rank[space.state_of]
    rows = np.column_stack([space.columns[name] for name in diagrams.options]) if diagrams.options else None
    if rows is None:
        return []
    return [
        _of_rows(diagrams, rows[rank >> place & 1 == 1], 0) for place in reversed(range(int(rank.max()).bit_length()))
    ]


def _of_rows(diagrams: Diagrams, rows: NDArray[np.bool_], place: int) -> Diagram:
    if rows.shape[0] == 0:
        return diagrams.nothing
    if place == rows.shape[1]:
        return diagrams.everything
    taken = rows[:, place]
    with_it, without = (_of_rows(diagrams, rows[part], place + 1) for part in (taken, ~taken))
    return diagrams.here[diagrams.options[place]].ite(with_it, without)


def at_most(digits: Sequence[Diagram], bound: Sequence[Diagram], within: Diagram) -> Diagram:
    """Return what of a set has a rank no higher than a bound, written in as many digits."""
    found = within
    for digit, limit in zip(reversed(digits), reversed(bound), strict=True):
        found = (within & ~digit & limit) | (digit.equiv(limit) & found)
    return found
