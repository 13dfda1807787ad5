"""Concepts that differ in a number only: how many moves are looked ahead."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from detente.stability.concept import Concept

_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


@dataclass(frozen=True)
class Series:
    """The concepts of one definition, one for every horizon h = 1, 2, 3, ….

    ``stem`` with ``_`` and a number is a concept's identifier; ``general`` is the concept as a reader meets it in a
    list, with the letter h in the number's place.
    """

    stem: str
    general: Concept
    make: Callable[[int], Concept]

    @property
    def id(self) -> str:
        """How a list names the series: ``limited_move_h``."""
        return f"{self.stem}_h"


def lowered(number: int) -> str:
    """Write a number as the literature prints an index.

    >>> lowered(12)
    '₁₂'
    """
    return str(number).translate(_LOWERED)
