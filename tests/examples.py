"""How many examples a property is tried on.

A test writes the number that is worth trying, ``examples(150)``. ``make test`` tries a share of it, drawn anew each
time; ``make test-all`` tries them all; ``make test-fast`` a few. DETENTE_EXAMPLES in the environment names the profile.
"""

from __future__ import annotations

import os
from typing import Any

from hypothesis import Phase

#: Every profile with its Hypothesis settings.
PROFILES: dict[str, dict[str, Any]] = {
    "all": {},
    "usual": {},
    "few": {},
    # The same examples every time, without shrinking: only whether a test fails matters.
    "mutants": {
        "phases": (Phase.explicit, Phase.generate),
        "report_multiple_bugs": False,
        "derandomize": True,
        "database": None,
    },
}
#: The share of the examples that each profile tries.
SHARES = {"all": 1.0, "usual": 0.4, "few": 0.1, "mutants": 0.4}
#: The fewest examples that a property is tried on, if it asks for so many.
FEWEST = 5


def profile() -> str:
    """Return the profile in use; default: usual.

    Raises
    ------
    ValueError
        When DETENTE_EXAMPLES names no profile.
    """
    named = os.environ.get("DETENTE_EXAMPLES", "usual")
    if named not in PROFILES:
        raise ValueError(f"DETENTE_EXAMPLES={named}: the profiles are {', '.join(PROFILES)}")
    return named


def examples(number: int) -> int:
    """Return how many of a number of examples the profile in use tries."""
    return min(number, max(FEWEST, round(number * SHARES[profile()])))
