"""The textbook's matrix method, written plainly: what the engine's figures are held against.

Row s, column q of a matrix speaks of the states s and q; a state is stable where the diagonal of a concept's matrix is
zero (Xu, Hipel & Kilgour 2009; Xu, Hipel, Kilgour & Fang 2018, ch. 4). Dense matrices of single-precision numbers,
multiplied by NumPy's BLAS. For conflicts whose states are all feasible, with no one-way options, merges or coalitions.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.model.conflict import Conflict
from detente.model.preferences import Prioritising

Matrix = NDArray[np.float32]


def equilibria(conflict: Conflict) -> list[int]:
    """Return how many Nash, GMR, SMR and SEQ equilibria there are."""
    size = 2 ** len(conflict.options)
    codes = np.arange(size)
    moves, preferred = [], []
    place = {option.id: number for number, option in enumerate(conflict.options)}
    taken = {id: (codes >> number) & 1 == 1 for id, number in place.items()}
    for maker in conflict.decision_makers:
        own = sum(1 << place[option.id] for option in maker.options)
        elsewhere = codes & ~own
        moves.append(_matrix((elsewhere[:, None] == elsewhere[None, :]) & ~np.eye(size, dtype=bool)))
        score = _score(maker.preferences, taken, size)
        preferred.append(_matrix(score[None, :] > score[:, None]))
    improvements = [move * better for move, better in zip(moves, preferred, strict=True)]
    everywhere = np.ones((4, size), dtype=bool)
    for player, (move, better) in enumerate(zip(moves, preferred, strict=True)):
        for row, stable in enumerate(_stable(player, move, better, moves, improvements)):
            everywhere[row] &= stable
    return [int(stable.sum()) for stable in everywhere]


def _stable(
    player: int, move: Matrix, better: Matrix, moves: list[Matrix], improvements: list[Matrix]
) -> list[NDArray[np.bool_]]:
    improving = improvements[player]
    answers = _reachability([other for who, other in enumerate(moves) if who != player])
    credible = _reachability([other for who, other in enumerate(improvements) if who != player])
    hurt = 1 - better - np.eye(better.shape[0], dtype=np.float32)
    final = hurt.T * (1 - np.sign(move @ better.T))
    return [
        improving.sum(axis=1) == 0,
        _diagonal(improving, 1 - np.sign(answers @ hurt.T)) == 0,
        _diagonal(improving, 1 - np.sign(answers @ final)) == 0,
        _diagonal(improving, 1 - np.sign(credible @ hurt.T)) == 0,
    ]


def _diagonal(left: Matrix, right: Matrix) -> Matrix:
    return np.asarray(np.einsum("sq,qs->s", left, right))


def _reachability(moves: list[Matrix]) -> Matrix:
    """Return where legal sequences lead: for every last mover, the sequences that another mover ended."""
    ends = [move.copy() for move in moves]
    while True:
        every = np.sign(sum(ends[1:], ends[0]))
        longer = [
            np.sign(move + np.sign(sum((e for who, e in enumerate(ends) if who != mover), np.zeros_like(every))) @ move)
            for mover, move in enumerate(moves)
        ]
        if all(np.array_equal(old, new) for old, new in zip(ends, longer, strict=True)):
            break
        ends = longer
    reached = np.sign(sum(ends[1:], ends[0]))
    np.fill_diagonal(reached, 0)
    return reached


def _score(preferences: Any, taken: dict[str, NDArray[np.bool_]], size: int) -> NDArray[np.int64]:
    """Return option prioritising as a number: the first statement counts more than all that follow."""
    assert isinstance(preferences, Prioritising)
    names = list(taken)
    score = np.zeros(size, dtype=np.int64)
    for statement in preferences.statements:
        mentioned = sorted(statement.condition.options(), key=names.index)
        holds = np.zeros(size, dtype=bool)
        for setting in range(2 ** len(mentioned)):
            chosen = {name for number, name in enumerate(mentioned) if setting >> number & 1}
            if statement.condition.holds(chosen):
                match = np.ones(size, dtype=bool)
                for name in mentioned:
                    match &= taken[name] == (name in chosen)
                holds |= match
        score = score * 2 + holds
    return score


def _matrix(values: NDArray[np.bool_]) -> Matrix:
    return values.astype(np.float32)
