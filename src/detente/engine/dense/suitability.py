"""Which conflicts suit the dense solver, and how much memory they need, estimated before any array is created."""

from __future__ import annotations

import numpy as np

from detente.engine.dense.moves import MAX_PAIRED_BYTES, count_of_pairs, manageable
from detente.engine.dense.space import bytes_of_rank, is_long
from detente.engine.memory import memory_available
from detente.engine.space import Bools
from detente.errors import TooLargeError
from detente.model.conditions import Algebra
from detente.model.conflict import Conflict
from detente.model.preferences import Prioritising, Weights

#: The concepts that the dense solver decides; each result takes one bit for each cell and decision maker.
DECIDED = frozenset({"nash", "gmr", "smr", "seq", "sseq"})
#: Bytes that Python, NumPy and the compiled loops need.
STARTING = 220 * 2**20
#: Bytes for each cell while ranks that are too long for one integer are renumbered.
NUMBERED_BYTES = 56


def is_suitable(conflict: Conflict) -> bool:
    """Tell whether a conflict suits cells: no merged states, no coalitions, preferences by conditions."""
    return (
        not conflict.merge
        and all(len(members) == 1 for members in conflict.players)
        and all(isinstance(maker.preferences, Prioritising | Weights) for maker in conflict.decision_makers)
        and manageable(conflict.decision_makers, dict(conflict.direction))
        and len(conflict.options) < 48
    )


def share_feasible(conflict: Conflict, samples: int = 4096) -> float:
    """Estimate the share of all combinations that the rules allow, from a fixed random sample."""
    chance = np.random.default_rng(0)
    drawn = {option.id: chance.random(samples) < 0.5 for option in conflict.options}
    algebra: Algebra[Bools] = Algebra(drawn.__getitem__, np.logical_not, np.logical_and, np.logical_or)
    allowed = np.ones(samples, dtype=bool)
    for condition in conflict.constraints:
        allowed &= condition.fold(algebra)
    return float(allowed.mean())


def bytes_of_ranks(conflict: Conflict) -> list[int]:
    """Return for each decision maker the maximum number of bytes of a rank."""
    return [bytes_of_rank(maker.preferences, len(conflict.options)) for maker in conflict.decision_makers]


def memory_needed(conflict: Conflict) -> int:
    """Return the approximate bytes that a conflict needs by cells if all five concepts are asked for."""
    makers = conflict.decision_makers
    sizes = bytes_of_ranks(conflict)
    marked = [sum(option.id in conflict.direction for option in maker.options) for maker in makers]
    levels = sum(
        2 if len(maker.options) > 8 else 1
        for maker, own in zip(makers, marked, strict=True)
        if max(sizes) > 1
        and count_of_pairs(len(maker.options), own) * max(sizes) > MAX_PAIRED_BYTES << len(maker.options)
    )
    rules = 1.125 if conflict.constraints else 0
    swept = max(sizes) * (len(makers) + 1) + levels + 1 + len(DECIDED) * len(makers) / 8
    # The peak: while ranks are added up, and renumbered if they are long.
    added = sum(sizes) + max(sizes) + (NUMBERED_BYTES if any(is_long(maker.preferences) for maker in makers) else 0)
    return STARTING + int((rules + max(swept, added) + 1) * (1 << len(conflict.options)))


def must_fit_memory(conflict: Conflict) -> None:
    """Raise `TooLargeError`, with the figures, if the conflict would not fit into this machine's memory."""
    needed, there = memory_needed(conflict), memory_available()
    if needed > there:
        raise TooLargeError(
            f"2^{len(conflict.options)} combinations of options need about {needed / 2**30:,.1f} GiB; "
            f"{there / 2**30:,.1f} GiB are available. Add rules that exclude what cannot happen"
        )
