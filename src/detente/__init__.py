"""Tell from what the parties to a dispute have said whether it is stuck, why, and which states hold.

>>> import detente as dt
>>> conflict = dt.Conflict(
...     title="Chicken",
...     decision_makers=[
...         dt.DecisionMaker(
...             "row",
...             options=["swerve_row"],
...             preferences=["swerve_column", "swerve_row iff not swerve_column"],
...         ),
...         dt.DecisionMaker(
...             "column",
...             options=["swerve_column"],
...             preferences=["swerve_row", "swerve_row iff not swerve_column"],
...         ),
...     ],
... )
>>> conflict.analyze().equilibria("nash")
(State(2, 'YN'), State(3, 'NY'))
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from detente._version import __version__

if TYPE_CHECKING:
    from detente.analysis import Analysis, Conflict, Explanation, StateGraph
    from detente.analysis.batch import Batch, analyze_all
    from detente.analysis.slices import SlicedAnalysis, analyze_slices
    from detente.errors import (
        CannotCarryError,
        CertificateError,
        ConditionError,
        DetenteError,
        Fault,
        InputError,
        NotDefinedError,
        TooLargeError,
        UnknownNameError,
    )
    from detente.io.conflict_file import example, load
    from detente.model.conditions import Condition, parse
    from detente.model.conflict import (
        DecisionMaker,
        Merge,
        NamedState,
        OneWay,
        Option,
        Rule,
        StatusQuo,
        always,
        at_least_one,
        at_most_one,
        exactly_one,
        never,
    )
    from detente.model.evidence import Support
    from detente.model.history import Act
    from detente.model.parts import View
    from detente.model.preferences import Payoffs, PreferenceStatement, Prioritising, Ranking, Thresholds, Weights
    from detente.model.statements import Source, Statement
    from detente.model.states import State
    from detente.verification.verify import Verification, verify

_HOMES = {
    "detente.analysis": ("Analysis", "Conflict", "Explanation", "StateGraph"),
    "detente.model.conditions": ("Condition", "parse"),
    "detente.model.history": ("Act",),
    "detente.model.conflict": (
        "DecisionMaker", "Merge", "NamedState", "OneWay", "Option", "Rule", "StatusQuo",
        "always", "at_least_one", "at_most_one", "exactly_one", "never",
    ),
    "detente.model.preferences": (
        "Payoffs", "PreferenceStatement", "Prioritising", "Ranking", "Thresholds", "Weights",
    ),
    "detente.model.states": ("State",),
    "detente.model.evidence": ("Support",),
    "detente.model.parts": ("View",),
    "detente.model.statements": ("Source", "Statement"),
    "detente.errors": (
        "CannotCarryError", "CertificateError", "ConditionError", "DetenteError", "Fault", "InputError",
        "NotDefinedError", "TooLargeError", "UnknownNameError",
    ),
    "detente.io.conflict_file": ("example", "load"),
    "detente.analysis.slices": ("SlicedAnalysis", "analyze_slices"),
    "detente.analysis.batch": ("Sweep", "analyze_all"),
    "detente.verification.verify": ("Verification", "verify"),
}  # fmt: skip
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Act",
    "Analysis",
    "CannotCarryError",
    "CertificateError",
    "Condition",
    "ConditionError",
    "Conflict",
    "DecisionMaker",
    "DetenteError",
    "Explanation",
    "Fault",
    "InputError",
    "Merge",
    "NamedState",
    "NotDefinedError",
    "OneWay",
    "Option",
    "Payoffs",
    "PreferenceStatement",
    "Prioritising",
    "Ranking",
    "Rule",
    "SlicedAnalysis",
    "Source",
    "State",
    "StateGraph",
    "Statement",
    "StatusQuo",
    "Support",
    "Batch",
    "Thresholds",
    "TooLargeError",
    "UnknownNameError",
    "Verification",
    "View",
    "Weights",
    "always",
    "analyze_all",
    "analyze_slices",
    "at_least_one",
    "at_most_one",
    "exactly_one",
    "example",
    "load",
    "never",
    "parse",
    "verify",
    "__version__",
]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for, so that ``import detente`` stays fast."""
    if name not in _HOME_OF:
        raise AttributeError(f"module 'detente' has no attribute '{name}'")
    from importlib import import_module

    value = getattr(import_module(_HOME_OF[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
