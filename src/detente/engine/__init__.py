"""The answers, fast: engines behind one interface.

An engine sees a compiled conflict, never a file. `solve` picks one by name.
"""

from __future__ import annotations

from detente.conflict.model import ConflictModel
from detente.engine.interface import Progress, Solver, no_progress
from detente.errors import UnknownNameError

ENGINES = ("explicit",)


def solver(conflict: ConflictModel, engine: str = "auto", progress: Progress = no_progress) -> Solver:
    """Compile a conflict for an engine; ``auto`` picks the one that suits it.

    Raises
    ------
    UnknownNameError
        For an engine that there is not.
    InputError
        When the conflict has no feasible state.
    TooLargeError
        When the engine cannot hold the conflict, with the figure.
    """
    if engine not in ("auto", *ENGINES):
        raise UnknownNameError("engine", engine, ("auto", *ENGINES))
    from detente.engine.explicit import explicit_solver

    return explicit_solver(conflict, progress)


__all__ = ["ENGINES", "Solver", "solver"]
