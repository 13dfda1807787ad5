"""The symbolic engine: states are not listed, sets of them are drawn as decision diagrams.

What a diagram takes depends on how the conflict's conditions hang together, not on how many states there are. Needs the
extra ``symbolic``.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from detente.engine.memory import SYMBOLIC_SPACE, address_space_left
from detente.errors import InputError
from detente.model.conflict import Conflict
from detente.model.questions import Progress, no_progress

if TYPE_CHECKING:
    from detente.engine.symbolic.solver import SymbolicSolver


def available() -> bool:
    """Tell whether the extra ``symbolic`` is installed."""
    return find_spec("oxidd") is not None


def has_room() -> bool:
    """Tell whether the process may have the address space that the engine needs."""
    left = address_space_left()
    return left is None or left >= SYMBOLIC_SPACE


def symbolic_solver(conflict: Conflict, progress: Progress = no_progress) -> SymbolicSolver:
    """Compile a conflict for this engine.

    Raises
    ------
    InputError
        When the conflict has no feasible state, or the extra is not installed.
    TooLargeError
        When the diagrams outgrow their memory.
    """
    if not available():
        raise InputError("the symbolic engine needs OxiDD: install detente[symbolic]")
    from detente.engine.symbolic.solver import SymbolicSolver

    return SymbolicSolver(conflict, progress)


__all__ = ["available", "symbolic_solver"]
