"""Attitudes: what a decision maker wishes each of the others, and itself.

*Positive*: it wants nothing that is worse for the other. *Negative*: it wants what is worse for the other. *Neutral*:
the other's preference does not count (Inohara, Hipel & Walker 2007). Concepts without attitudes leave them alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from detente.errors import UnknownNameError

ATTITUDES = ("positive", "neutral", "negative")

#: Attitudes as they are written: towards whom, and which.
Attitudes = tuple[tuple[str, str], ...]


def as_attitudes(given: Mapping[str, str] | Iterable[tuple[str, str]]) -> Attitudes:
    """Return attitudes as a decision maker keeps them.

    Raises
    ------
    UnknownNameError
        For a word that names no attitude, with the nearest that does.
    """
    made = tuple(dict(given).items())
    for _, attitude in made:
        if attitude not in ATTITUDES:
            raise UnknownNameError("attitude", attitude, ATTITUDES)
    return made
