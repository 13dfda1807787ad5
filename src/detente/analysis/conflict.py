"""A conflict that can be asked questions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self

from detente.analysis.equilibria import Analysis, analyze
from detente.analysis.explanation import Explanation, explain
from detente.analysis.graph import StateGraph, state_graph
from detente.engine.interface import Progress, no_progress
from detente.model.conflict import ConflictModel
from detente.model.day import testimony_of
from detente.model.preferences import StateReference

if TYPE_CHECKING:
    from detente.analysis.coalitions import CoalitionAnalysis
    from detente.analysis.comparison import Comparison
    from detente.analysis.evolution import Evolution
    from detente.analysis.inverse import Inversion
    from detente.analysis.perception import Perception
    from detente.analysis.robustness import Robustness
    from detente.analysis.third_party import Intervention
    from detente.analysis.whose_word import WhoseWord


class Conflict(ConflictModel):
    """A dispute, written down, that can be asked questions.

    Made by `detente.load` from a file, or in code:

    >>> from detente import DecisionMaker
    >>> conflict = Conflict(
    ...     title="A river",
    ...     decision_makers=[
    ...         DecisionMaker("upstream", options={"divert": "Divert the river"}, preferences=["divert"]),
    ...         DecisionMaker("downstream", options=["sanction"], preferences=["not divert", "not sanction"]),
    ...     ],
    ... )
    >>> conflict.analyze().equilibria("nash")
    (State(2, 'YN'),)
    """

    def at(self, day: str, undated: str | None = None) -> Self:
        """Return the conflict, asked about another day.

        Only the day changes: which elements are in its model, and what its status quo is, is worked out from the
        statements, the dates and the history in the file when a question is asked.

        Parameters
        ----------
        day
            A date, such as ``2022-04-01``; of a month or a year its last day is meant.
        undated
            The reading of vague dates: ``latest`` (a statement counts from the latest day on which it can have been
            said) or ``earliest``. None keeps the reading.

        Raises
        ------
        InputError
            For text that is no date, or a reading that there is not.
        """
        written = self if self.solved_for is None else self.solved_for.written
        return written.replaced(day=day, undated=undated or self.undated)

    def statements_in_force(self) -> tuple[str, ...]:
        """Return the statements in force on the conflict's day, each named by its original, in the order written.

        All disputed statements are believed; see `detente.model.evidence` for the rule.
        """
        written = self if self.solved_for is None else self.solved_for.written
        testimony = testimony_of(written)
        in_force = testimony.in_force()
        return tuple(id for id in testimony.copies if id in in_force)

    def analyze(
        self,
        concepts: Iterable[str] | None = None,
        engine: str = "auto",
        *,
        progress: Progress = no_progress,
    ) -> Analysis:
        """Decide which states are stable for whom; see `detente.analysis.analyze`."""
        return analyze(self, concepts, engine, progress=progress)

    def explain(
        self,
        state: StateReference,
        decision_maker: str,
        concept: str = "nash",
        engine: str = "auto",
    ) -> Explanation:
        """Say in plain words why a state is stable or not; see `detente.analysis.explain`."""
        return explain(self, state, decision_maker, concept, engine)

    def evolve(
        self, start: StateReference = "status quo", to: StateReference = "equilibria", **choices: Any
    ) -> Evolution:
        """Say how the dispute can get from one state to another; see `detente.analysis.evolution.evolve`."""
        from detente.analysis.evolution import evolve

        return evolve(self, start, to, **choices)

    def whose_word(self, concepts: Iterable[str] | None = None, engine: str = "auto", **choices: Any) -> WhoseWord:
        """Say on whose word the equilibria hang; see `detente.analysis.whose_word` for the choices."""
        from detente.analysis.whose_word import whose_word

        return whose_word(self, concepts, engine, **choices)

    def robustness(self, concepts: Iterable[str] | None = None, **choices: Any) -> Robustness:
        """Say how much of each equilibrium survives doubt; see `detente.analysis.robustness` for the choices."""
        from detente.analysis.robustness import robustness

        return robustness(self, concepts, **choices)

    def coalition_analysis(
        self, groups: Iterable[Iterable[str]] | None = None, *concepts: Any, **choices: Any
    ) -> CoalitionAnalysis:
        """Say which equilibria a coalition would leave; see `detente.analysis.coalitions.coalitions`."""
        from detente.analysis.coalitions import coalitions

        return coalitions(self, groups, *concepts, **choices)

    def invert(self, state: StateReference, concept: str = "nash", **choices: Any) -> Inversion:
        """Find the smallest changes of preferences that make a state an equilibrium; see `detente.analysis.inverse`."""
        from detente.analysis.inverse import invert

        return invert(self, state, concept, **choices)

    def third_party(self, state: StateReference, concept: str = "nash", **choices: Any) -> Intervention:
        """Find what a third party could hold to make a state an equilibrium; see `detente.analysis.third_party`."""
        from detente.analysis.third_party import third_party

        return third_party(self, state, concept, **choices)

    def perceive(self, concepts: Iterable[str] | None = None, **choices: Any) -> Perception:
        """Say which states hold by what everybody sees, and who is surprised; see `detente.analysis.perception`."""
        from detente.analysis.perception import perceive

        return perceive(self, concepts, **choices)

    def compare(self, other: ConflictModel, concepts: Iterable[str] | None = None, engine: str = "auto") -> Comparison:
        """Say what is otherwise in a later version, and what that does; see `detente.analysis.comparison.compare`."""
        from detente.analysis.comparison import compare

        return compare(self, other, concepts, engine)

    def compare_days(self, *days: str, **choices: Any) -> tuple[Comparison, ...]:
        """Compare the dispute with itself on several days; see `detente.analysis.comparison.compare_days`."""
        from detente.analysis.comparison import compare_days

        return compare_days(self, days, **choices)

    def graph(self, engine: str = "auto") -> StateGraph:
        """Return the states and the moves between them; see `detente.analysis.state_graph`."""
        return state_graph(self, engine)
