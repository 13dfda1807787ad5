"""Why a state is stable, or not, for a player: the engine's witnesses in plain words.

Words name options, say whose move each is, and — where the preference behind a move rests on statements — whose words
those are. Nothing here says that a statement is true.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from detente.concepts import Concept, chosen
from detente.engine import Solver, solver
from detente.engine.verdicts import Degree, Expectation, ImprovementMove, Outlook, SanctionPath, Step, Verdict
from detente.errors import UnknownNameError
from detente.model.conflict import Conflict
from detente.model.day import model_of_day
from detente.model.evidence import Support
from detente.model.parts import DecisionMaker
from detente.model.preferences import Prioritising, StateReference
from detente.model.states import State
from detente.model.wording import changes_in_words, counted, names_in_words, quoted, state_label, statement_in_words
from detente.present.explanation import answered, deterred, perhaps, tempted, undeterred, untempted

#: Of a line of moves, or of horizons that repeat, no more than this many are put into words.
MAX_MOVES_TOLD = 12


@dataclass(frozen=True)
class Explanation:
    """A verdict on a state, for a player, under a concept, that can say itself in words and as data.

    >>> from detente import Conflict, DecisionMaker
    >>> row = DecisionMaker("row", options=["heads_row"], preferences=["heads_row iff heads_column"])
    >>> column = DecisionMaker("column", options=["heads_column"], preferences=["not (heads_row iff heads_column)"])
    >>> print(Conflict("Pennies", [row, column]).explain(1, "column"))
    NN (state 1) is not Nash stable for column.
    - column could take ‘heads_column’, moving to NY (state 3), which is preferred: ‘not (heads_row iff heads_column)’ \
holds there and not at the state left (analyst's judgement). Under Nash no answer of the others is considered.
    """

    conflict: Conflict = field(repr=False)
    player: str
    verdict: Verdict

    @property
    def stable(self) -> bool | None:
        """Whether the state is stable for the player under the concept; None where it cycles, so without verdict."""
        return self.verdict.stable

    @property
    def state(self) -> State:
        """The state asked about."""
        return self.verdict.state

    @property
    def concept(self) -> Concept:
        """The solution concept asked about."""
        return self.verdict.concept

    @property
    def headline(self) -> str:
        """The verdict in one sentence."""
        verdict = self.verdict
        where, who, title = state_label(verdict.state), self._who(verdict.player), verdict.concept.title
        if isinstance(verdict.expects, Outlook) and verdict.expects.cycles:
            length = len(verdict.expects.repeated)
            return f"{where} cycles under {title} for {who}: there is no verdict (a cycle of {length} horizons)."
        return f"{where} {'is' if verdict.stable else 'is not'} {title} stable for {who}."

    @property
    def reasons(self) -> tuple[str, ...]:
        """One sentence or two for every improvement, the tempting ones first; or why there is none.

        For concepts that anticipate, what is expected.
        """
        verdict = self.verdict
        if isinstance(verdict.expects, Expectation):
            return (f"Looking {_far(verdict.expects)} ahead, {self._expected(verdict.expects)}",)
        if isinstance(verdict.expects, Outlook):
            return tuple(self._outlook(verdict.expects))
        if not verdict.improvements:
            return (f"{self._who(verdict.player)} can make no move from here {untempted(self.concept)}.",)
        ordered = sorted(verdict.improvements, key=lambda improvement: improvement.sanction is not None)
        return tuple(self._reason(improvement) for improvement in ordered)

    def __str__(self) -> str:
        return "\n".join([self.headline, *(f"- {reason}" for reason in self.reasons)])

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
            "headline": self.headline,
            "improvements": [
                {
                    "to": _state_dict(improvement.to),
                    "changes": self._change_data(verdict.state, improvement.to, verdict.player),
                    "because": [dict(reason) for reason in self._because_data(improvement)],
                    "degrees": [_degree_dict(degree) for degree in improvement.degrees],
                    "sanction": self._sanction_data(improvement),
                    "text": self._reason(improvement),
                }
                for improvement in verdict.improvements
            ],
            **({"expects": self._expects_data()} if verdict.expects else {}),
            "text": str(self),
        }

    def to_json(self, *, indent: int | None = None) -> str:
        """Return `to_dict` as JSON text."""
        return json.dumps(self.to_dict(), indent=indent, ensure_ascii=False)

    def _repr_html_(self) -> str:
        from html import escape

        items = "".join(f"<li>{escape(reason)}</li>" for reason in self.reasons)
        return f"<p><b>{escape(self.headline)}</b></p><ul>{items}</ul>"

    def _who(self, player: int) -> str:
        return names_in_words(self.conflict, self.conflict.players[player])

    def _reason(self, improvement: ImprovementMove) -> str:
        verdict = self.verdict
        who = self._who(verdict.player)
        move = self._changes(verdict.state, improvement.to, verdict.player)
        because = self._because(improvement)
        how = tempted(self.conflict, verdict.concept, verdict.player, improvement.degrees)
        text = f"{who} could {move}, moving to {state_label(improvement.to)}, {how}{because}."
        if improvement.sanction is None:
            return f"{text} {undeterred(verdict.concept, who)}"
        return f"{text} {self._deterred(improvement.sanction, improvement.to)}"

    def _deterred(self, sanction: SanctionPath, improvement: State) -> str:
        who = self._who(self.verdict.player)
        if sanction.simultaneous:
            moves = "; ".join(
                f"{self._who(step.player)} would {self._changes(self.verdict.state, step.to, step.player)}"
                for step in sanction.steps
            )
            text = f"But if at the same moment {moves}, both would arrive at {state_label(sanction.end)}"
        else:
            moves = ", then ".join(self._moves_in_turn(improvement, sanction.steps))
            text = f"But then {moves}, leading to {state_label(sanction.end)}"
        text += f", {deterred(self.conflict, self.concept, who, sanction.degrees)}"
        if sanction.answers is not None:
            text += answered(self.concept, sanction.answers)
        return f"{text}."

    def _moves_in_turn(self, here: State, steps: Iterable[Step]) -> Iterator[str]:
        for step in steps:
            yield f"{self._who(step.player)} would {self._changes(here, step.to, step.player)}"
            here = step.to

    def _outlook(self, outlook: Outlook) -> Iterator[str]:
        """Say what is expected as the horizon grows without end."""
        since = f"From {counted(outlook.since, 'move')} on"
        if len(outlook.repeated) == 1:
            yield f"{since}, however far it looks ahead, {self._expected(outlook.repeated[0])}"
            return
        yield (
            f"{since} what {self._who(self.verdict.player)} would expect repeats every {len(outlook.repeated)} "
            "horizons, for ever."
        )
        for expected in outlook.repeated[:MAX_MOVES_TOLD]:
            yield f"Looking {_far(expected)} ahead, {self._expected(expected)}"
        if len(outlook.repeated) > MAX_MOVES_TOLD:
            yield f"… and {len(outlook.repeated) - MAX_MOVES_TOLD} more horizons before it repeats."

    def _expected(self, expected: Expectation) -> str:
        who = self._who(self.verdict.player)
        if not expected.steps:
            return f"there is no move for {who} to make."
        parts = list(self._moves_in_turn(self.verdict.state, expected.steps[:MAX_MOVES_TOLD]))
        if len(expected.steps) > MAX_MOVES_TOLD:
            parts.append("so on")
        worth = (
            f"which is preferred to staying{self._because(ImprovementMove(expected.end, None))}"
            if expected.leaves
            else "which is no better than staying"
        )
        best = "this" if expected.leaves else "at best this"
        return (
            f"{who} would expect {best} from moving: {', then '.join(parts)}, and there it would end, at "
            f"{state_label(expected.end)}, {worth}."
        )

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

    def _changes(self, start: State, end: State, player: int) -> str:
        """Say what a player does to get from one state to another."""
        return changes_in_words(self.conflict, start, end, self.conflict.players[player]) or "act"

    def _change_data(self, start: State, end: State, player: int) -> list[dict[str, str]]:
        members = self.conflict.players[player]
        return [
            {"option": option.id, "from": before, "to": after}
            for option, before, after in zip(self.conflict.options, start.pattern, end.pattern, strict=True)
            if before != after and after != "-" and self.conflict.owner[option.id] in members
        ]

    def _because(self, improvement: ImprovementMove) -> str:
        reasons = [
            (f"{reason['who']}: " if len(self.conflict.players[self.verdict.player]) > 1 else "")
            + f"{quoted(reason['statement'])} {reason['where']} ({reason['basis']})"
            for reason in self._because_data(improvement)
        ]
        return f": {'; '.join(reasons)}" if reasons else ""

    def _because_data(self, improvement: ImprovementMove) -> Iterator[dict[str, Any]]:
        """Yield for each member the most important preference on which the two states differ."""
        if self.concept.family == "relational":
            return
        unknown = {degree.decision_maker for degree in improvement.degrees if perhaps(self.concept, degree)}
        for id in self.conflict.players[self.verdict.player]:
            maker = self.conflict.decision_maker(id)
            start, end = self.verdict.state, improvement.to
            if id in unknown:
                found = _telling_apart(maker, start, end)
                where = "tells the two apart, and which way it goes is unknown"
            else:
                found = deciding_statement(maker, start, end)
                where = "holds there and not at the state left"
            if found is not None:
                place, text, support = found
                yield {
                    "who": maker.label,
                    "place": place,
                    "statement": text,
                    "where": where,
                    "evidence": list(support.evidence),
                    "basis": basis(self.conflict, support),
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
    """Say why a state is stable, or not, for a decision maker or standing coalition under a solution concept.

    Raises
    ------
    UnknownNameError
        For a state, player, concept or engine that there is not.
    """
    conflict = model_of_day(conflict)
    named = chosen([concept])[0]
    ids = ["+".join(members) for members in conflict.players]
    if decision_maker not in ids:
        raise UnknownNameError("decision maker", decision_maker, ids)
    compiled = solver(conflict, engine)
    return explanation_of(compiled, compiled.number_of(state), ids.index(decision_maker), named)


def explanation_of(compiled: Solver, number: int, player: int, concept: Concept) -> Explanation:
    """Put an engine's verdict into words."""
    verdict = compiled.why(number, player, concept)
    return Explanation(compiled.conflict, "+".join(compiled.conflict.players[player]), verdict)


def deciding_statement(maker: DecisionMaker, worse: State, better: State) -> tuple[int, str, Support] | None:
    """Return the most important preference that holds at one state and not at the other.

    None where the preferences are no statements, or where a merged state leaves its options open.
    """
    if not isinstance(maker.preferences, Prioritising) or "-" in worse.pattern + better.pattern:
        return None
    for place, statement in enumerate(maker.preferences.statements, start=1):
        if statement.condition.holds(better.taken) and not statement.condition.holds(worse.taken):
            return place, str(statement.condition), statement.support
    return None


def _telling_apart(maker: DecisionMaker, one: State, other: State) -> tuple[int, str, Support] | None:
    """Return the most important preference that holds at one of two states only."""
    found = [found for pair in ((one, other), (other, one)) if (found := deciding_statement(maker, *pair)) is not None]
    return min(found, default=None, key=lambda statement: statement[0])


def basis(conflict: Conflict, support: Support) -> str:
    """Say whose words an element rests on, or that it is the analyst's judgement."""
    if support.is_judgement:
        return "analyst's judgement"
    by_id = {statement.id: statement for statement in conflict.all_statements}
    return "as reported: " + "; ".join(
        statement_in_words(by_id[id], conflict.all_speakers, conflict.all_statements) if id in by_id else id
        for id in support.evidence
    )


def _far(expected: Expectation) -> str:
    return counted(expected.horizon, "move")


def _degree_dict(degree: Degree) -> dict[str, Any]:
    return {
        "decision_maker": degree.decision_maker,
        "unknown": degree.unknown,
        "chance": float(degree.chance),
        "strength": float(degree.strength),
    }


def _state_dict(state: State) -> dict[str, Any]:
    return {"number": state.number, "state": state.pattern, "name": state.name}


__all__ = ["Explanation", "basis", "deciding_statement", "explain", "explanation_of"]
