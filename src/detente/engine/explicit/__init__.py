"""The explicit engine: every feasible state has a place in an array."""

from detente.engine.explicit.solver import ExplicitSolver

__all__ = ["ExplicitSolver"]
