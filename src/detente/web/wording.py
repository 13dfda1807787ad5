"""What several answers say alike: a state."""

from __future__ import annotations

from typing import Any

from detente.web.answers import Cell


def state_cell(state: Any) -> Cell:
    """Return the cell of a state."""
    return Cell(state.name or "", int(state), state.pattern)


__all__ = ["state_cell"]
