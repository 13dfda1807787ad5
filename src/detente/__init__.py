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
    from detente.analysis.batch import Batch as Batch, BatchItem as BatchItem, analyze_all as analyze_all
    from detente.analysis.coalitions import CoalitionAnalysis as CoalitionAnalysis
    from detente.analysis.coalitions import CoalitionImprovement as CoalitionImprovement, coalitions as coalitions
    from detente.analysis.comparison import Comparison as Comparison, OutcomeComparison as OutcomeComparison
    from detente.analysis.comparison import VersionChange as VersionChange
    from detente.analysis.comparison import compare as compare, compare_days as compare_days
    from detente.analysis.comparison import compare_outcomes as compare_outcomes
    from detente.analysis.differences import NameMatch as NameMatch
    from detente.analysis.equilibria import Analysis as Analysis, analyze as analyze
    from detente.analysis.evolution import Evolution as Evolution, Move as Move, Target as Target, evolve as evolve
    from detente.analysis.explanation import Explanation as Explanation, Reason as Reason, explain as explain
    from detente.analysis.equilibria import StateGraph as StateGraph, state_graph as state_graph
    from detente.analysis.inverse import Inversion as Inversion, Obstacle as Obstacle
    from detente.analysis.inverse import PreferenceChange as PreferenceChange, invert as invert
    from detente.analysis.inverse.editable import PreferenceEdit as PreferenceEdit
    from detente.analysis.overview import Overview as Overview, overview as overview
    from detente.analysis.overview.parts import LastingOutcome as LastingOutcome, Matter as Matter
    from detente.analysis.overview.parts import PartyOutlook as PartyOutlook, Way as Way
    from detente.analysis.perception import Mistake as Mistake, PerceivedGame as PerceivedGame, Perception as Perception
    from detente.analysis.perception import Surprise as Surprise, perceive as perceive
    from detente.analysis.robustness import Effect as Effect, Robustness as Robustness
    from detente.analysis.robustness import SamplingNote as SamplingNote, Share as Share, robustness as robustness
    from detente.analysis.robustness.distribution import ProfileDistribution as ProfileDistribution
    from detente.analysis.robustness.distribution import SmallChange as SmallChange
    from detente.analysis.third_party import Intervention as Intervention, OptionSet as OptionSet
    from detente.analysis.third_party import third_party as third_party
    from detente.analysis.timeline import Period as Period, Timeline as Timeline, timeline as timeline
    from detente.analysis.timeline.causes import PeriodChange as PeriodChange
    from detente.analysis.timeline.course import Since as Since
    from detente.analysis.timeline.positions import Position as Position
    from detente.analysis.whose_word import Dependence as Dependence, SideAnalysis as SideAnalysis
    from detente.analysis.whose_word import WhoseWord as WhoseWord, whose_word as whose_word
    from detente.concepts.concept import Concept as Concept, Improvement as Improvement, Respond as Respond
    from detente.concepts.concept import Sanction as Sanction
    from detente.engine.interface import Arc as Arc, Best as Best, Choice as Choice, Nearest as Nearest
    from detente.engine.interface import StateSet as StateSet
    from detente.engine.verdicts import Degree as Degree, Expectation as Expectation, ImprovementMove as ImprovementMove
    from detente.engine.verdicts import Outlook as Outlook, SanctionPath as SanctionPath, Step as Step
    from detente.engine.verdicts import Verdict as Verdict
    from detente.errors import CannotCarryError as CannotCarryError, CertificateError as CertificateError
    from detente.errors import ConditionError as ConditionError, DetenteError as DetenteError, Fault as Fault
    from detente.errors import InputError as InputError, MissingSolverError as MissingSolverError
    from detente.errors import NotDefinedError as NotDefinedError, TooLargeError as TooLargeError
    from detente.errors import UnknownNameError as UnknownNameError, WorkersError as WorkersError
    from detente.io.conflict_file import example as example, load as load
    from detente.io.scenarios import Scenario as Scenario, load_scenarios as load_scenarios
    from detente.model.conditions import Condition as Condition, parse as parse
    from detente.model.conflict import Basis as Basis, Conflict as Conflict
    from detente.model.dates import DateRange as DateRange
    from detente.model.evidence import Account as Account, DisputedElement as DisputedElement, Dropped as Dropped
    from detente.model.evidence import Support as Support, Testimony as Testimony
    from detente.model.history import Act as Act
    from detente.model.parts import DecisionMaker as DecisionMaker, Merge as Merge, NamedState as NamedState
    from detente.model.parts import OneWay as OneWay, Option as Option, Rule as Rule, StatusQuo as StatusQuo
    from detente.model.parts import View as View, always as always, at_least_one as at_least_one
    from detente.model.parts import at_most_one as at_most_one, exactly_one as exactly_one, never as never
    from detente.model.preferences import Payoffs as Payoffs, Preferences as Preferences
    from detente.model.preferences import PreferenceStatement as PreferenceStatement, Prioritising as Prioritising
    from detente.model.preferences import Ranking as Ranking, Thresholds as Thresholds, Weight as Weight
    from detente.model.preferences import Weights as Weights
    from detente.model.questions import Progress as Progress
    from detente.model.statements import Actor as Actor, Dossier as Dossier, Link as Link
    from detente.model.statements import Skipped as Skipped, Source as Source
    from detente.model.statements import Statement as Statement
    from detente.model.states import State as State, StateList as StateList
    from detente.reading.drafting.proposal import Proposal as Proposal, propose as propose
    from detente.verification.verify import Verification as Verification, verify as verify
    # fmt: on
    # isort: on

#: The public names, by the module that has them.
PUBLIC = {
    "analysis.batch": "Batch BatchItem analyze_all",
    "analysis.coalitions": "CoalitionAnalysis CoalitionImprovement",
    "analysis.comparison": "Comparison OutcomeComparison VersionChange",
    "analysis.differences": "NameMatch",
    "analysis.equilibria": "Analysis StateGraph",
    "analysis.evolution": "Evolution Move Target",
    "analysis.explanation": "Explanation Reason",
    "analysis.inverse": "Inversion Obstacle PreferenceChange",
    "analysis.inverse.editable": "PreferenceEdit",
    "analysis.overview": "Overview",
    "analysis.overview.parts": "LastingOutcome Matter PartyOutlook Way",
    "analysis.perception": "Mistake PerceivedGame Perception Surprise",
    "analysis.robustness": "Effect Robustness SamplingNote Share",
    "analysis.robustness.distribution": "ProfileDistribution SmallChange",
    "analysis.third_party": "Intervention OptionSet",
    "analysis.timeline": "Period Timeline",
    "analysis.timeline.causes": "PeriodChange",
    "analysis.timeline.course": "Since",
    "analysis.timeline.positions": "Position",
    "analysis.whose_word": "Dependence SideAnalysis WhoseWord",
    "concepts.concept": "Concept Improvement Respond Sanction",
    "engine.interface": "Arc Best Choice Nearest StateSet",
    "engine.verdicts": "Degree Expectation ImprovementMove Outlook SanctionPath Step Verdict",
    "errors": "CannotCarryError CertificateError ConditionError DetenteError Fault InputError"
    " MissingSolverError NotDefinedError TooLargeError UnknownNameError WorkersError",
    "io.conflict_file": "example load",
    "io.scenarios": "Scenario load_scenarios",
    "model.conditions": "Condition parse",
    "model.conflict": "Basis Conflict",
    "model.dates": "DateRange",
    "model.evidence": "Account DisputedElement Dropped Support Testimony",
    "model.history": "Act",
    "model.parts": "DecisionMaker Merge NamedState OneWay Option Rule StatusQuo View always at_least_one"
    " at_most_one exactly_one never",
    "model.preferences": "Payoffs Preferences PreferenceStatement Prioritising Ranking Thresholds Weight Weights",
    "model.questions": "Progress",
    "model.statements": "Actor Dossier Link Skipped Source Statement",
    "model.states": "State StateList",
    "reading.drafting.proposal": "Proposal propose",
    "verification.verify": "Verification verify",
}
#: The functions behind the question methods of `Conflict`; ask the conflict instead.
QUESTION_FUNCTIONS = {
    "analysis.coalitions": "coalitions",
    "analysis.comparison": "compare compare_days compare_outcomes",
    "analysis.equilibria": "analyze state_graph",
    "analysis.evolution": "evolve",
    "analysis.explanation": "explain",
    "analysis.inverse": "invert",
    "analysis.overview": "overview",
    "analysis.perception": "perceive",
    "analysis.robustness": "robustness",
    "analysis.third_party": "third_party",
    "analysis.timeline": "timeline",
    "analysis.whose_word": "whose_word",
}
_MODULE_OF = {
    name: module for table in (PUBLIC, QUESTION_FUNCTIONS) for module, names in table.items() for name in names.split()
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
