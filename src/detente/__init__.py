"""Tell from what the parties to a dispute have said whether it is stuck, why, and which states are stable.

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

from importlib import import_module
from typing import TYPE_CHECKING, Any

from detente._version import __version__

# What follows is one table, written twice: for type checkers, and for Python, which loads a module when one of its
# names is first asked for. A test holds the two together.

if TYPE_CHECKING:
    # fmt: off
    # isort: off
    from detente.analysis.batch import Batch as Batch, analyze_all as analyze_all
    from detente.analysis.coalitions import CoalitionAnalysis as CoalitionAnalysis, coalitions as coalitions
    from detente.analysis.comparison import Comparison as Comparison, compare as compare, compare_days as compare_days
    from detente.analysis.equilibria import Analysis as Analysis, analyze as analyze
    from detente.analysis.evolution import Evolution as Evolution, evolve as evolve
    from detente.analysis.explanation import Explanation as Explanation, explain as explain
    from detente.analysis.graph import StateGraph as StateGraph, state_graph as state_graph
    from detente.analysis.inverse import Inversion as Inversion, invert as invert
    from detente.analysis.perception import Perception as Perception, perceive as perceive
    from detente.analysis.robustness import Robustness as Robustness, robustness as robustness
    from detente.analysis.slices import SlicedAnalysis as SlicedAnalysis, analyze_slices as analyze_slices
    from detente.analysis.third_party import Intervention as Intervention, third_party as third_party
    from detente.analysis.whose_word import WhoseWord as WhoseWord, whose_word as whose_word
    from detente.errors import CannotCarryError as CannotCarryError, CertificateError as CertificateError
    from detente.errors import ConditionError as ConditionError, DetenteError as DetenteError, Fault as Fault
    from detente.errors import InputError as InputError, NotDefinedError as NotDefinedError
    from detente.errors import TooLargeError as TooLargeError, UnknownNameError as UnknownNameError
    from detente.io.conflict_file import example as example, load as load
    from detente.model.conditions import Condition as Condition, parse as parse
    from detente.model.conflict import Basis as Basis, Conflict as Conflict
    from detente.model.evidence import Support as Support
    from detente.model.history import Act as Act
    from detente.model.parts import DecisionMaker as DecisionMaker, Merge as Merge, NamedState as NamedState
    from detente.model.parts import OneWay as OneWay, Option as Option, Rule as Rule, StatusQuo as StatusQuo
    from detente.model.parts import View as View, always as always, at_least_one as at_least_one
    from detente.model.parts import at_most_one as at_most_one, exactly_one as exactly_one, never as never
    from detente.model.preferences import Payoffs as Payoffs, PreferenceStatement as PreferenceStatement
    from detente.model.preferences import Prioritising as Prioritising, Ranking as Ranking
    from detente.model.preferences import Thresholds as Thresholds, Weights as Weights
    from detente.model.statements import Source as Source, Statement as Statement
    from detente.model.states import State as State
    from detente.verification.verify import Verification as Verification, verify as verify
    # fmt: on
    # isort: on

#: The public names, by the module that has them.
PUBLIC = {
    "analysis.batch": "Batch analyze_all",
    "analysis.coalitions": "CoalitionAnalysis",
    "analysis.comparison": "Comparison",
    "analysis.equilibria": "Analysis",
    "analysis.evolution": "Evolution",
    "analysis.explanation": "Explanation",
    "analysis.graph": "StateGraph",
    "analysis.inverse": "Inversion",
    "analysis.perception": "Perception",
    "analysis.robustness": "Robustness",
    "analysis.slices": "SlicedAnalysis analyze_slices",
    "analysis.third_party": "Intervention",
    "analysis.whose_word": "WhoseWord",
    "errors": "CannotCarryError CertificateError ConditionError DetenteError Fault InputError NotDefinedError"
    " TooLargeError UnknownNameError",
    "io.conflict_file": "example load",
    "model.conditions": "Condition parse",
    "model.conflict": "Basis Conflict",
    "model.evidence": "Support",
    "model.history": "Act",
    "model.parts": "DecisionMaker Merge NamedState OneWay Option Rule StatusQuo View"
    " always at_least_one at_most_one exactly_one never",
    "model.preferences": "Payoffs PreferenceStatement Prioritising Ranking Thresholds Weights",
    "model.statements": "Source Statement",
    "model.states": "State",
    "verification.verify": "Verification verify",
}
#: The functions behind the question methods of `Conflict`; ask the conflict instead.
QUESTIONS = {
    "analysis.coalitions": "coalitions",
    "analysis.comparison": "compare compare_days",
    "analysis.equilibria": "analyze",
    "analysis.evolution": "evolve",
    "analysis.explanation": "explain",
    "analysis.graph": "state_graph",
    "analysis.inverse": "invert",
    "analysis.perception": "perceive",
    "analysis.robustness": "robustness",
    "analysis.third_party": "third_party",
    "analysis.whose_word": "whose_word",
}
_MODULE_OF = {
    name: module for table in (PUBLIC, QUESTIONS) for module, names in table.items() for name in names.split()
}

__all__ = ["__version__", *sorted(name for names in PUBLIC.values() for name in names.split())]


def __getattr__(name: str) -> Any:
    """Import a name when it is first asked for, so that ``import detente`` stays fast."""
    if name not in _MODULE_OF:
        raise AttributeError(f"module 'detente' has no attribute '{name}'")
    value = getattr(import_module(f"detente.{_MODULE_OF[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
