"""The questions: equilibria and why, and the conflict that can be asked them."""

from detente.analysis.equilibria import Analysis, analyze
from detente.analysis.explanation import Explanation, explain
from detente.analysis.graph import StateGraph, state_graph
from detente.io.conflict_file import example, load, open_conflict
from detente.model.conflict import Conflict

__all__ = [
    "Analysis",
    "Conflict",
    "Explanation",
    "StateGraph",
    "analyze",
    "open_conflict",
    "example",
    "explain",
    "load",
    "state_graph",
]
