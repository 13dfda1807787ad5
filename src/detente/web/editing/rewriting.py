"""A change that says by itself how the text is rewritten, because it touches names or places all over the file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from detente.conflict.model import ConflictModel


@dataclass(frozen=True)
class Rewritten:
    """A dispute after a change, and what turns the text from before into the one after."""

    conflict: ConflictModel
    in_text: Callable[[str], str]
