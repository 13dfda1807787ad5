"""Patterns that cover a set of states."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[Any]


def patterns(rows: NDArray[np.bool_], most: int) -> tuple[str, ...] | None:
    """Cover rows of truth values by patterns over Y, N and ``-``, no two of which share a row.

    Every pattern covers only rows of the set, so the sum of 2 to the number of dashes is the number of rows. Returns
    None when more than ``most`` patterns are needed.
    """
    found: list[str] = []
    codes = _codes(rows)
    if not _split(codes, rows.shape[1] - 1, "", found, most):
        return None
    return tuple(sorted(found))


def patterns_of_mask(mask: NDArray[np.bool_], most: int) -> tuple[str, ...] | None:
    """As `patterns`, for a truth value for every combination of options, the first option as the lowest bit."""
    found: list[str] = []
    return tuple(sorted(found)) if _halved(mask, "", found, most) else None


def _halved(mask: NDArray[np.bool_], ending: str, found: list[str], most: int) -> bool:
    if not mask.any():
        return True
    if mask.size == 1 or mask.all():
        found.append("-" * (mask.size.bit_length() - 1) + ending)
        return len(found) <= most
    without, having = mask[: mask.size // 2], mask[mask.size // 2 :]
    return (
        _halved(without & having, f"-{ending}", found, most)
        and _halved(without & ~having, f"N{ending}", found, most)
        and _halved(having & ~without, f"Y{ending}", found, most)
    )


def _codes(rows: NDArray[np.bool_]) -> Codes:
    """Write every row as a number, the first option lowest; Python's own integers where 64 bits would not do."""
    kind = np.int64 if rows.shape[1] < 62 else object
    codes = np.zeros(rows.shape[0], dtype=kind)
    for column in reversed(range(rows.shape[1])):
        codes = codes * 2 + rows[:, column].astype(kind)
    return np.unique(codes)


def _split(codes: Codes, option: int, ending: str, found: list[str], most: int) -> bool:
    """Split on the highest option left; what both halves share gets a dash."""
    if codes.size == 0:
        return True
    if option < 0:
        found.append(ending)
        return len(found) <= most
    bit = 1 << option
    taken = codes >= bit
    without, having = codes[~taken], codes[taken] - bit
    both = np.intersect1d(without, having, assume_unique=True)
    return (
        _split(both, option - 1, f"-{ending}", found, most)
        and _split(np.setdiff1d(without, both, assume_unique=True), option - 1, f"N{ending}", found, most)
        and _split(np.setdiff1d(having, both, assume_unique=True), option - 1, f"Y{ending}", found, most)
    )
