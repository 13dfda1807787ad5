"""The explicit engine: every feasible state has a place in an array.

Two solvers share the work. `ExplicitSolver` is the general one. `DenseSolver` is for large conflicts of the plain kind
and needs compiled loops (the extra ``fast``), whose loading alone takes longer than a small conflict does.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from detente.engine.explicit.solver import ExplicitSolver, SimElsewhere
from detente.model.conflict import Conflict
from detente.model.questions import Progress, no_progress

if TYPE_CHECKING:
    from detente.engine.interface import Solver

#: From so many combinations of options on the compiled loops are worth loading.
DENSE_FROM = 2**19
#: Where the rules leave less than this share of the combinations, the general solver has less to hold.
DENSE_SHARE = 1 / 32


def by_cells(conflict: Conflict) -> bool:
    """Tell whether a conflict is one for the compiled loops: large, of the plain kind, and most of it feasible."""
    if 1 << len(conflict.options) < DENSE_FROM or find_spec("numba") is None:
        return False
    from detente.engine.dense.suitability import is_suitable, share_feasible

    return is_suitable(conflict) and share_feasible(conflict) >= DENSE_SHARE


def explicit_solver(conflict: Conflict, progress: Progress = no_progress, sim: SimElsewhere | None = None) -> Solver:
    """Compile a conflict for the solver of this engine that suits it; ``sim`` decides SIM in its place where it can.

    Raises
    ------
    InputError
        When the conflict has no feasible state.
    TooLargeError
        When it does not fit into memory, with the figure.
    """
    if by_cells(conflict):
        from detente.engine.dense.solver import DenseSolver

        return DenseSolver(conflict, progress, sim)
    return ExplicitSolver(conflict, progress, sim)


__all__ = ["ExplicitSolver", "by_cells", "explicit_solver"]
