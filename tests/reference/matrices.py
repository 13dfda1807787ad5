"""Stability by matrices (Xu, Hipel & Kilgour 2009): a third way to the same answers, for decision makers alone.

Row s, column q of a matrix speaks of s and q. J: moves. P: q is preferred to s. E: all ones. A state is stable where
the diagonal of a concept's matrix is 0. The reachability matrices have a zero diagonal, so that a return to where an
improvement led is not counted; for options, of which each has one owner, no answer depends on that.
"""

from __future__ import annotations

import numpy as np

from tests.reference.brute_force import BruteForce

Matrix = np.ndarray


def stable_by_matrices(reference: BruteForce) -> dict[str, list[list[int]]]:
    """The numbers of the stable states, by concept and player, from the moves and values of the reference."""
    states = reference.states
    place = {state: number for number, state in enumerate(states)}
    size = len(states)
    ones = np.ones((size, size), dtype=np.int64)
    moves, improvements, preferred = [], [], []
    for player in range(len(reference.players)):
        move = np.zeros((size, size), dtype=np.int64)
        for start, ends in reference.player_moves[player].items():
            move[place[start], [place[end] for end in ends]] = 1
        better = np.array(
            [[reference.better(player, end, start) for end in states] for start in states], dtype=np.int64
        )
        moves.append(move)
        preferred.append(better)
        improvements.append(move * better)
    found: dict[str, list[list[int]]] = {concept: [] for concept in ("nash", "gmr", "smr", "seq", "sseq")}
    for player, (move, better, improving) in enumerate(zip(moves, preferred, improvements, strict=True)):
        answer = reachability([other for who, other in enumerate(moves) if who != player], size)
        credible = reachability([other for who, other in enumerate(improvements) if who != player], size)
        hurt = ones - np.eye(size, dtype=np.int64) - better
        final = hurt.T * (ones - np.sign(move @ better.T))
        matrices = {
            "nash": improving @ ones,
            "gmr": improving @ (ones - np.sign(answer @ hurt.T)),
            "smr": improving @ (ones - np.sign(answer @ final)),
            "seq": improving @ (ones - np.sign(credible @ hurt.T)),
            "sseq": improving @ (ones - np.sign(credible @ final)),
        }
        for concept, matrix in matrices.items():
            found[concept].append([int(number) + 1 for number in np.flatnonzero(np.diag(matrix) == 0)])
    return found


def reachability(moves: list[Matrix], size: int) -> Matrix:
    """Where legal sequences lead: the last mover's matrix for each, fed by the sequences that another ended."""
    ends = [move.copy() for move in moves]
    while True:
        longer = [
            np.sign(move + sum((end for who, end in enumerate(ends) if who != mover), np.zeros_like(move)) @ move)
            for mover, move in enumerate(moves)
        ]
        if all(np.array_equal(old, new) for old, new in zip(ends, longer, strict=True)):
            break
        ends = longer
    return np.sign(sum(ends, np.zeros((size, size), dtype=np.int64))) * (1 - np.eye(size, dtype=np.int64))
