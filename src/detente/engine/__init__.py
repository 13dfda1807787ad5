"""The answers, fast: engines behind one interface.

An engine sees a compiled conflict, never a file. `solver` picks one by name.
"""

from __future__ import annotations

from detente.conflict.model import ConflictModel
from detente.engine.interface import Progress, Solver, no_progress
from detente.errors import TooLargeError, UnknownNameError

ENGINES = ("explicit", "symbolic")

#: Up to so many options there are few enough states to hold whatever the rules say, if memory allows.
EXPLICIT_OPTIONS = 24
#: Up to so many feasible states the explicit engine decides every concept, however many options there are.
EXPLICIT_STATES = 2**18


def solver(conflict: ConflictModel, engine: str = "auto", progress: Progress = no_progress) -> Solver:
    """Compile a conflict for an engine; ``auto`` picks the one that suits it.

    ``auto`` takes the explicit engine for up to 24 options, for up to 2^18 feasible states, and for what only it
    decides (merged states, standing coalitions); the symbolic one beyond, and where the states of 24 options or fewer
    do not fit into memory.

    Raises
    ------
    UnknownNameError
        For an engine that there is not.
    InputError
        When the conflict has no feasible state, or something that the engine does not decide.
    TooLargeError
        When the engine cannot hold the conflict, with the figure.
    """
    if engine not in ("auto", *ENGINES):
        raise UnknownNameError("engine", engine, ("auto", *ENGINES))
    if engine == "symbolic":
        from detente.engine.symbolic import symbolic_solver

        return symbolic_solver(conflict, progress)
    from detente.engine.explicit import explicit_solver

    if engine == "explicit":
        return explicit_solver(conflict, progress)
    if len(conflict.options) > EXPLICIT_OPTIONS:
        compiled = _beyond(conflict, progress)
        return explicit_solver(conflict, progress) if compiled is None else compiled
    try:
        return explicit_solver(conflict, progress)
    except TooLargeError:
        compiled = _beyond(conflict, progress)
        if compiled is None:
            raise
        return compiled


def _beyond(conflict: ConflictModel, progress: Progress) -> Solver | None:
    """Compile a conflict for the symbolic engine; None where that cannot be, or where there are few states."""
    from detente.engine.symbolic import available, reason_against, symbolic_solver

    if not available() or reason_against(conflict):
        return None
    compiled = symbolic_solver(conflict, progress)
    return compiled if compiled.count > EXPLICIT_STATES else None


__all__ = ["ENGINES", "Solver", "solver"]
