"""The engines: they compile a conflict and decide which of its states are stable for whom, and why.

Other packages import only from this module and from the modules next to it; `explicit`, `dense` and `symbolic` are
private to the engines.

- `detente.engine.choice`: compile a conflict for an engine (also exported here).
- `detente.engine.interface`: the questions that a compiled conflict answers; `detente.engine.verdicts`: why a state is
  stable.
- `detente.engine.progress`: long work that reports progress and can be interrupted.
- `detente.engine.space`: the feasible states as arrays; `detente.engine.batch`: many conflicts or preference profiles
  at once; `detente.engine.coalition_moves`: the moves of groups of players. Only the explicit engine supports these.
"""

from __future__ import annotations

from detente.engine.choice import ENGINES, INSTEAD, listing, must_have_few, solver, with_preferences
from detente.engine.interface import ListingSolver, Solver

__all__ = ["ENGINES", "INSTEAD", "ListingSolver", "Solver", "listing", "must_have_few", "solver", "with_preferences"]
