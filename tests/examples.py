"""How many examples a property is tried on.

A test writes the number that is worth trying, ``examples(150)``. ``make test`` tries a share of it, drawn anew each
time; ``make test-all`` tries them all; ``make test-fast`` a few. DETENTE_EXAMPLES in the environment names the profile.
Some properties are tried on larger disputes as well if all examples are tried, ``largest(14, usual=11)``: many small
disputes differ in more ways than a few large ones.
"""

from __future__ import annotations

import os

#: The share of the examples that each profile tries.
SHARES = {"all": 1.0, "usual": 0.15, "few": 0.1}
#: A property is tried on at least so many examples, if it asks for as many.
FEWEST = 5


def profile() -> str:
    """Return the profile in use; default: usual.

    Raises
    ------
    ValueError
        When DETENTE_EXAMPLES names no profile.
    """
    named = os.environ.get("DETENTE_EXAMPLES", "usual")
    if named not in SHARES:
        raise ValueError(f"DETENTE_EXAMPLES={named}: the profiles are {', '.join(SHARES)}")
    return named


def examples(number: int) -> int:
    """Return how many of a number of examples the profile in use tries."""
    return min(number, max(FEWEST, round(number * SHARES[profile()])))


def largest(size: int, usual: int) -> int:
    """Return the largest size that is tried: ``size`` with all examples, else the usual one."""
    return size if profile() == "all" else usual
