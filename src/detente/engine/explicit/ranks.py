"""Preferences as dense integers: for every state how good it is for a decision maker, more being better."""

from __future__ import annotations

from collections.abc import Sequence
from math import lcm

import numpy as np

from detente.conflict.preferences import Payoffs, Preferences, Prioritising, Ranking, Weights
from detente.engine.explicit.space import Bools, Ints, StateSpace, dense_labels
from detente.errors import InputError


def ranks(space: StateSpace, preferences: Preferences) -> Ints:
    """Return for every state its rank from 0, the worst, with ties sharing a rank.

    Raises
    ------
    InputError
        When a ranking or payoffs leave a state out or name one twice.
    """
    if isinstance(preferences, Prioritising):
        truths = [space.true_of_states(statement.condition) for statement in preferences.statements]
        return dense_labels(truths, space.count)
    if isinstance(preferences, Weights):
        counted = [space.true_of_states(weight.condition) for weight in preferences.weights]
        return from_weights(preferences, counted, space.count)
    if isinstance(preferences, Ranking):
        pairs = [(reference, -place) for place, group in enumerate(preferences.groups) for reference in group]
        return _from_states(space, pairs)
    if isinstance(preferences, Payoffs):
        values = sorted({value for _, value in preferences.payoffs})
        place_of = {value: place for place, value in enumerate(values)}
        return _from_states(space, [(reference, place_of[value]) for reference, value in preferences.payoffs])
    raise TypeError(f"no preferences: {preferences!r}")


def from_weights(preferences: Weights, truths: Sequence[Bools], count: int) -> Ints:
    """Add whole numbers in proportion to the weights, so that equal sums tie exactly.

    ``truths`` says for every weight at which of ``count`` states it counts.
    """
    whole = whole_weights(preferences)
    fits = sum(map(abs, whole)) < 2**62
    scores = np.zeros(count, dtype=np.int64 if fits else object)
    for number, truth in zip(whole, truths, strict=True):
        scores = scores + truth.astype(scores.dtype) * number
    return np.unique(scores, return_inverse=True)[1].reshape(-1)


def whole_weights(preferences: Weights) -> list[int]:
    """Return whole numbers in proportion to the weights."""
    scale = lcm(*(weight.weight.denominator for weight in preferences.weights))
    return [int(weight.weight * scale) for weight in preferences.weights]


def _from_states(space: StateSpace, scores: list[tuple[int | str, int]]) -> Ints:
    values = np.zeros(space.count, dtype=np.int64)
    seen = np.zeros(space.count, dtype=bool)
    for reference, score in scores:
        position = space.position_of(reference)
        if seen[position]:
            raise InputError(f"state {space.state(position)} is ranked twice")
        seen[position] = True
        values[position] = score
    missing = np.flatnonzero(~seen)
    if missing.size:
        some = ", ".join(str(space.state(int(position))) for position in missing[:5])
        raise InputError(f"{missing.size} of {space.count} states are not ranked: {some}")
    return np.unique(values, return_inverse=True)[1].reshape(-1)
