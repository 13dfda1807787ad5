"""The symbolic engine: states are not listed, sets of them are drawn as decision diagrams.

What a diagram takes depends on how the conflict's conditions hang together, not on how many states there are. Needs the
extra ``symbolic``. For conflicts whose players are decision makers one by one and that merge no states.
"""

from __future__ import annotations

from importlib.util import find_spec

from detente.conflict.model import ConflictModel
from detente.engine.interface import Progress, Solver, no_progress
from detente.errors import InputError


def available() -> bool:
    """Tell whether the extra ``symbolic`` is installed."""
    return find_spec("oxidd") is not None


def reason_against(conflict: ConflictModel) -> str | None:
    """Return why this engine does not decide a conflict, whatever its size; None where it does."""
    if conflict.merge:
        return "merged states are left to the explicit engine: the symbolic one merges none"
    if any(len(members) > 1 for members in conflict.players):
        return "standing coalitions are left to the explicit engine: the symbolic one has decision makers only"
    return None


def symbolic_solver(conflict: ConflictModel, progress: Progress = no_progress) -> Solver:
    """Compile a conflict for this engine.

    Raises
    ------
    InputError
        When the conflict has no feasible state, or something that this engine does not know.
    TooLargeError
        When the diagrams outgrow their memory.
    """
    if reason := reason_against(conflict):
        raise InputError(reason)
    if not available():
        raise InputError("the symbolic engine needs OxiDD: install detente[symbolic]")
    from detente.engine.symbolic.solver import SymbolicSolver

    return SymbolicSolver(conflict, progress)


__all__ = ["available", "reason_against", "symbolic_solver"]
