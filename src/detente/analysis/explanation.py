"""Explanations: why a state is stable, or not, for a player, with the engine's witnesses and the preferences behind
them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any, ClassVar

from detente.analysis.result import Result
from detente.concepts import Concept, Improvement, chosen
from detente.engine import Solver, solver
from detente.engine.verdicts import Degree, Expectation, ImprovementMove, Outlook, Step, Verdict
from detente.errors import UnknownNameError
from detente.lazy import dataclass, lazy
from detente.limits import MAX_LISTED
from detente.model.conflict import Conflict
from detente.model.day import model_of_day
from detente.model.evidence import Support
from detente.model.parts import DecisionMaker
from detente.model.preferences import Payoffs, Prioritising, Ranking, StateReference, Weights
from detente.model.states import State, StateList

if TYPE_CHECKING:
    from detente.analysis.timeline import course
else:
    course = lazy("detente.analysis.timeline.course")

#: With more moves than this, a party without an improvement is not told what speaks against each.
MAX_MOVES_EXPLAINED = 256


@dataclass(frozen=True)
class Reason:
    """The preference for which a decision maker prefers one state to another.

    Attributes
    ----------
    decision_maker
        The identifier of the decision maker.
    place
        The number of the preference, from 1.
    statement
        Its condition.
    support
        The evidence for it.
    unknown
        Whether the direction of the preference is unknown.
    """

    decision_maker: str
    place: int
    statement: str
    support: Support
    unknown: bool = False


@dataclass(frozen=True)
class Explanation(Result):
    """Why a state is stable, or not, for a player under a concept.

    Attributes
    ----------
    conflict
        The conflict.
    player
        The player: a decision maker, or the members of a coalition joined by ``+``.
    verdict
        The verdict, with every improvement and its sanction.
    moves
        Where the player's moves lead if none of them is an improvement; None if they were not looked at.

    Examples
    --------
    >>> from detente import Conflict, DecisionMaker
    >>> row = DecisionMaker("row", options=["heads_row"], preferences=["heads_row iff heads_column"])
    >>> column = DecisionMaker("column", options=["heads_column"], preferences=["not (heads_row iff heads_column)"])
    >>> print(Conflict("Pennies", [row, column]).explain(1, "column"))
    State 1 (row: not ‘heads_row’; column: not ‘heads_column’) is not Nash stable for column.
    - Move: column: ‘heads_column’, leading to state 3. Column would prefer that: \
its preference “‘heads_row’ if and only if not ‘heads_column’” is met there but not here [the analyst's assumption]. \
Under Nash, responses of row do not count.
    Concepts: Nash stability (rationality).
    """

    question: ClassVar[str] = "explanation"

    conflict: Conflict = field(repr=False)
    player: str
    verdict: Verdict
    moves: tuple[State, ...] | None = field(default=None, repr=False)

    @property
    def stable(self) -> bool | None:
        """Whether the state is stable for the player under the concept; None if it cycles, without a verdict."""
        return self.verdict.stable

    def given_up(self, end: State) -> Reason | None:
        """Return the most important preference that a move to a state gives up: that of the first member with one."""
        for id in self.conflict.players[self.verdict.player]:
            found = deciding_statement(self.conflict.decision_maker(id), end, self.state)
            if found is not None:
                return Reason(id, *found)
        return None

    @property
    def state(self) -> State:
        """The state asked about."""
        return self.verdict.state

    @cached_property
    def since(self) -> course.Since | None:
        """Since when the verdict has been the same, and through which statements and acts; None without dates, or for a
        dispute with too many states.

        It is not part of `to_dict`: that is the answer of one day's model, which no other day changes.
        """
        if self.stable is None or solver(self.conflict).count > MAX_LISTED:
            return None
        return course.verdict_since(self.conflict, self.state, self.player, self.concept.id)

    @property
    def concept(self) -> Concept:
        """The stability concept asked about."""
        return self.verdict.concept

    def reasons(self, improvement: ImprovementMove) -> tuple[Reason, ...]:
        """Return for each member of the player the most important preference that distinguishes two states.

        The states are the one asked about and the one that an improvement leads to.
        """
        if self.concept.family == "relational":
            return ()
        unknown = {degree.decision_maker for degree in improvement.degrees if unknown_tempts(self.concept, degree)}
        found = []
        for id in self.conflict.players[self.verdict.player]:
            maker = self.conflict.decision_maker(id)
            pair = (self.state, improvement.to)
            deciding = _telling_apart(maker, *pair) if id in unknown else deciding_statement(maker, *pair)
            if deciding is not None:
                found.append(Reason(id, *deciding, unknown=id in unknown))
        return tuple(found)

    def rows(self) -> list[dict[str, Any]]:
        """Return one record for each reason."""
        stable = "cycles" if self.stable is None else self.stable
        return [
            {
                "state": self.state.number,
                "player": self.player,
                "concept": self.concept.id,
                "stable": stable,
                "reason": reason,
            }
            for reason in self.words.reasons(self)
        ]

    def to_dict(self) -> dict[str, Any]:
        """Return the explanation as plain data, format ``detente-explanation/1``."""
        verdict = self.verdict
        return {
            "format": "detente-explanation/1",
            **self.conflict.basis.to_dict(),
            "state": _state_dict(verdict.state),
            "player": self.player,
            "concept": verdict.concept.id,
            "stable": verdict.stable,
            "headline": self.words.headline(self),
            "improvements": [
                {
                    "to": _state_dict(improvement.to),
                    "changes": self._change_data(verdict.state, improvement.to, verdict.player),
                    "because": [self._reason_data(reason) for reason in self.reasons(improvement)],
                    "degrees": [_degree_dict(degree) for degree in improvement.degrees],
                    "sanction": self._sanction_data(improvement),
                    "text": self.words.improvement_in_words(self, improvement),
                }
                for improvement in verdict.improvements
            ],
            **({"expects": self._expects_data()} if verdict.expects else {}),
            "text": "\n".join([self.words.headline(self), *(f"- {reason}" for reason in self.words.reasons(self))]),
        }

    def _expects_data(self) -> dict[str, Any]:
        expects = self.verdict.expects
        if isinstance(expects, Outlook):
            return {
                "since": expects.since,
                "length": len(expects.repeated),
                "cycles": expects.cycles,
                "repeated": [self._expectation_data(one) for one in expects.repeated],
            }
        return self._expectation_data(expects) if expects else {}

    def _expectation_data(self, expected: Expectation) -> dict[str, Any]:
        return {
            "horizon": expected.horizon,
            "steps": self._steps_data(self.verdict.state, expected.steps),
            "end": _state_dict(expected.end),
            "leaves": expected.leaves,
        }

    def _change_data(self, start: State, end: State, player: int) -> list[dict[str, str]]:
        members = self.conflict.players[player]
        return [
            {"option": option.id, "from": before, "to": after}
            for option, before, after in zip(self.conflict.options, start.pattern, end.pattern, strict=True)
            if before != after and after != "-" and self.conflict.owner[option.id] in members
        ]

    def _reason_data(self, reason: Reason) -> dict[str, Any]:
        return {
            "who": self.conflict.decision_maker(reason.decision_maker).label,
            "place": reason.place,
            "statement": reason.statement,
            "where": self.words.where_it_is_met(reason),
            "evidence": list(reason.support.evidence),
            "basis": self.words.basis(self.conflict, reason),
        }

    def _sanction_data(self, improvement: ImprovementMove) -> dict[str, Any] | None:
        sanction = improvement.sanction
        if sanction is None:
            return None
        start = self.verdict.state if sanction.simultaneous else improvement.to
        steps = self._steps_data(start, sanction.steps, at_once=sanction.simultaneous)
        return {
            "simultaneous": sanction.simultaneous,
            "steps": steps,
            "end": _state_dict(sanction.end),
            "degrees": [_degree_dict(degree) for degree in sanction.degrees],
        }

    def _steps_data(self, start: State, steps: Iterable[Step], *, at_once: bool = False) -> list[dict[str, Any]]:
        told = []
        for step in steps:
            told.append(
                {
                    "player": "+".join(self.conflict.players[step.player]),
                    "to": _state_dict(step.to),
                    "changes": self._change_data(start, step.to, step.player),
                }
            )
            start = start if at_once else step.to
        return told


def explain(
    conflict: Conflict,
    state: StateReference,
    decision_maker: str,
    concept: str = "nash",
    engine: str = "auto",
) -> Explanation:
    """Say why a state is stable, or not, for a decision maker or standing coalition under a stability concept.

    The method `detente.Conflict.explain` describes the parameters, the steps and the errors.
    """
    conflict = model_of_day(conflict)
    named = chosen([concept])[0]
    ids = ["+".join(members) for members in conflict.players]
    if decision_maker not in ids:
        raise UnknownNameError("decision maker", decision_maker, ids)
    compiled = solver(conflict, engine)
    return explanation_of(compiled, compiled.number_of(state), ids.index(decision_maker), named)


def explanation_of(compiled: Solver, number: int, player: int, concept: Concept) -> Explanation:
    """Return an engine's verdict with its witnesses."""
    verdict = compiled.why(number, player, concept)
    moves = None
    if not verdict.improvements and verdict.expects is None:
        ends = [arc.end for arc in islice(compiled.arcs_from(number, player), MAX_MOVES_EXPLAINED + 1)]
        moves = tuple(map(compiled.state, ends)) if len(ends) <= MAX_MOVES_EXPLAINED else None
    return Explanation(compiled.conflict, "+".join(compiled.conflict.players[player]), verdict, moves)


def unknown_tempts(concept: Concept, degree: Degree) -> bool:
    """Tell whether a move is an improvement for a decision maker only because a preference is unknown."""
    return degree.unknown and concept.improvement in (Improvement.PERHAPS_BETTER, Improvement.BETTER_AS_FACED)


def deciding_statement(maker: DecisionMaker, worse: State, better: State) -> tuple[int, str, Support] | None:
    """Return the most important preference that is met at one state and not at the other.

    None if the preferences are not given in order of priority, or if a merged state leaves the options open.
    """
    if not isinstance(maker.preferences, Prioritising) or "-" in worse.pattern + better.pattern:
        return None
    for place, statement in enumerate(maker.preferences.statements, start=1):
        if statement.condition.holds(better.taken) and not statement.condition.holds(worse.taken):
            return place, str(statement.condition), statement.support
    return None


def equally_good(conflict: Conflict, player: str, first: State, second: State) -> bool:
    """Tell whether two states are equally good for a player: for each member of a standing coalition.

    False for merged states, of which the options are left open. Priorities and weights are compared at the two states
    alone, so that the number of states does not matter.
    """
    if "-" in first.pattern + second.pattern:
        return False
    makers = [conflict.decision_maker(id) for id in (player.split("+") if conflict.coalitions else [player])]
    return all(_worth(conflict, one, first) == _worth(conflict, one, second) for one in makers)


def _worth(conflict: Conflict, maker: DecisionMaker, state: State) -> object:
    """Return what a state is worth to a decision maker; equal for two states that are equally good."""
    held = maker.preferences
    if isinstance(held, Prioritising):
        return [one.condition.holds(state.taken) for one in held.statements]
    if isinstance(held, Weights):
        return sum(one.weight for one in held.weights if one.condition.holds(state.taken))
    number_of = StateList(conflict).number_of
    if isinstance(held, Payoffs):
        return next((worth for reference, worth in held.payoffs if number_of(reference) == state.number), None)
    assert isinstance(held, Ranking)
    groups = enumerate(held.groups)
    return next((place for place, group in groups if state.number in map(number_of, group)), None)


def _telling_apart(maker: DecisionMaker, one: State, other: State) -> tuple[int, str, Support] | None:
    """Return the most important preference that is met at exactly one of two states."""
    found = [found for pair in ((one, other), (other, one)) if (found := deciding_statement(maker, *pair)) is not None]
    return min(found, default=None, key=lambda statement: statement[0])


def _degree_dict(degree: Degree) -> dict[str, Any]:
    return {
        "decision_maker": degree.decision_maker,
        "unknown": degree.unknown,
        "chance": float(degree.chance),
        "strength": float(degree.strength),
    }


def _state_dict(state: State) -> dict[str, Any]:
    return {"number": state.number, "state": state.pattern, "name": state.name}


__all__ = ["Explanation", "deciding_statement", "explain", "explanation_of"]
