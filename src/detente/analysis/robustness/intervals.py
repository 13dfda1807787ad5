"""Intervals for shares that were counted in a sample."""

from __future__ import annotations

from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

#: How sure the intervals are that are printed.
LEVEL = 0.95

Floats = NDArray[np.float64]


def quantile(level: float = LEVEL, comparisons: int = 1) -> float:
    """Return how many standard errors an interval reaches to either side.

    With more than one comparison each is given its part of what may go wrong (Bonferroni), so that all of them hold
    together at the level.
    """
    return NormalDist().inv_cdf(1 - (1 - level) / (2 * max(1, comparisons)))


_Z = quantile()


def wilson(met: int, count: int, z: float = _Z) -> tuple[float, float]:
    """Return the interval of a share by Wilson's score (1927), 95% unless told otherwise."""
    low, high = wilsons(met, count, z)
    return float(low), float(high)


def wilsons(met: Any, count: Any, z: float = _Z) -> tuple[Floats, Floats]:
    """Return the intervals of many shares, as `wilson` has them."""
    met = np.asarray(met, dtype=float)
    share = met / count
    centre = (share + z**2 / (2 * count)) / (1 + z**2 / count)
    half = z * np.sqrt(share * (1 - share) / count + z**2 / (4 * count**2)) / (1 + z**2 / count)
    # At the ends the bound is the share itself; rounding would put it a hair beside.
    low = np.where(met == 0, 0.0, np.maximum(0.0, centre - half))
    return low, np.where(met == count, 1.0, np.minimum(1.0, centre + half))


def newcombe(met: Any, count: Any, other_met: Any, other_count: Any, z: float = _Z) -> tuple[Floats, Floats]:
    """Return the intervals of differences of independent shares, by Newcombe's (1998) hybrid of Wilson's scores."""
    share, other = np.asarray(met) / count, np.asarray(other_met) / other_count
    (low, high), (other_low, other_high) = wilsons(met, count, z), wilsons(other_met, other_count, z)
    difference = share - other
    down, up = np.hypot(share - low, other_high - other), np.hypot(high - share, other - other_low)
    return np.maximum(-1.0, difference - down), np.minimum(1.0, difference + up)
