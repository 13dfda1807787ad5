"""Engines: they compile a conflict, never a file, and say which of its states are stable for whom and why.

What other packages import is here and in the modules next to this one; `explicit`, `dense` and `symbolic` are the
engines' own.

- `detente.engine.choice`: compile a conflict for an engine (also from here).
- `detente.engine.interface`: what a compiled conflict can be asked; `detente.engine.verdicts`: why a state is stable.
- `detente.engine.progress`: long work that reports progress and can be interrupted.
- `detente.engine.space`: the feasible states as arrays; `detente.engine.batch`: many conflicts or preferences at once;
  `detente.engine.coalition_moves`: what groups of players can do. Only the explicit engine has these.
"""

from __future__ import annotations

from detente.engine.choice import ENGINES, INSTEAD, listing, must_have_few, solver
from detente.engine.interface import ListingSolver, Solver

__all__ = ["ENGINES", "INSTEAD", "ListingSolver", "Solver", "listing", "must_have_few", "solver"]
