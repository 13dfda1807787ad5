"""On which claims something hangs: the smallest sets of claims that are enough for it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

#: Claims by their place, each true or not.
_Implicant = tuple[tuple[int, bool], ...]


def minimal_conditions(
    holds: ArrayLike, possible: ArrayLike, claims: Sequence[str]
) -> tuple[tuple[tuple[str, bool], ...], ...]:
    """Return the smallest sets of claims, each true or not, that are enough for something to hold.

    ``holds`` and ``possible`` have a value for every set of believed claims: the set's number has bit k for the k-th
    claim. These are the prime implicants (Quine 1952), with what is not possible left open; the recursion is that of
    Coudert & Madre (1992). They are sorted, the shortest first.
    """
    size = 2 ** len(claims)
    may = np.asarray(possible, dtype=bool)
    table = np.asarray(holds, dtype=bool) | ~may
    if table.size != size or may.size != size:
        raise ValueError(f"{len(claims)} claims need tables of {size} values")
    known: dict[bytes, frozenset[_Implicant]] = {}

    def primes(part: NDArray[np.bool_], top: int) -> frozenset[_Implicant]:
        if not part.any():
            return frozenset()
        if part.all():
            return frozenset({()})
        key = bytes([top]) + np.packbits(part).tobytes()
        if key not in known:
            half = part.size // 2
            without, having = part[:half], part[half:]
            either = primes(without & having, top - 1)
            known[key] = (
                either
                | {(*rest, (top, False)) for rest in primes(without, top - 1) - either}
                | {(*rest, (top, True)) for rest in primes(having, top - 1) - either}
            )
        return known[key]

    by_claim = may.reshape((2,) * len(claims))
    found = []
    for implicant in primes(table, len(claims) - 1):
        met: list[int | slice] = [slice(None)] * len(claims)
        for place, value in implicant:
            # The first axis is that of the last claim.
            met[-1 - place] = int(value)
        if by_claim[tuple(met)].any():
            found.append(tuple((claims[place], value) for place, value in implicant))
    return tuple(sorted(found, key=lambda one: (len(one), one)))
