"""Why a state is stable, or not: the engine's witnesses in plain words.

Words name options, say whose move each is, and — where the preference behind a move rests on statements — whose words
those are. Nothing here says that a statement is true. The relations of a concept, such as what deters, have words of
their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from detente.analysis.explanation import Explanation, Reason, unknown_tempts
from detente.concepts import Concept, Improvement, Respond, Sanction
from detente.engine.verdicts import Degree, Expectation, ImprovementMove, Outlook, SanctionPath, Step
from detente.model.conflict import Conflict
from detente.model.evidence import Support
from detente.model.preferences import decimal
from detente.model.states import State
from detente.model.wording import counted, names_in_words, quoted, state_label
from detente.present.blocks import Block, Bullets, Heading, Item
from detente.present.phrases import changes_in_words, statement_in_words

#: Of a line of moves, or of horizons that repeat, no more than this many are put into words.
MAX_MOVES_TOLD = 12
_UNTEMPTED = {
    Improvement.PERHAPS_BETTER: "that is preferred or perhaps preferred",
    Improvement.BETTER_AS_FACED: "that tempts, for what is known of the preferences",
    Improvement.SATISFYING: "that is preferred clearly enough",
    Improvement.LIKELY: "that is likely enough to be better",
}
_BY = {
    Respond.MOVES: "No sequence of moves of the others",
    Respond.IMPROVEMENTS: "No sequence of the others' own improvements",
    Respond.COMBINATIONS: "No improvement that others could make at the same moment",
    Respond.IMPROVEMENTS_THEN_COMBINATIONS: "Neither a sequence of the others' own improvements nor an improvement "
    "made at the same moment",
}
_BY_CREDIBLE = {
    Improvement.PERHAPS_BETTER: "No sequence of the others' own improvements, certain or possible,",
    Improvement.RELATIONAL: "No sequence of moves where the others' own attitudes lead",
    Improvement.SATISFYING: "No sequence of moves that the others prefer clearly enough",
    Improvement.LIKELY_ENOUGH: "No sequence of moves that are likely enough to be better for those who make them",
}


def view(found: Explanation) -> list[Block]:
    """Word an explanation: the verdict, and a point for every improvement."""
    return [Heading(headline(found)), Bullets(tuple(map(Item, reasons(found))))]


def headline(found: Explanation) -> str:
    """Say the verdict in one sentence."""
    verdict, where, who = found.verdict, state_label(found.state), _who(found, found.verdict.player)
    if isinstance(verdict.expects, Outlook) and verdict.expects.cycles:
        cycle = f"a cycle of {len(verdict.expects.repeated)} horizons"
        return f"{where} cycles under {found.concept.title} for {who}: there is no verdict ({cycle})."
    return f"{where} {'is' if verdict.stable else 'is not'} {found.concept.title} stable for {who}."


def reasons(found: Explanation) -> tuple[str, ...]:
    """Say a sentence or two on every improvement, the tempting ones first; or why there is none.

    For concepts that anticipate, what is expected.
    """
    verdict = found.verdict
    if isinstance(verdict.expects, Expectation):
        return (_ahead(found, verdict.expects),)
    if isinstance(verdict.expects, Outlook):
        return tuple(_outlook(found, verdict.expects))
    if not verdict.improvements:
        return (f"{_who(found, verdict.player)} can make no move from here {untempted(found.concept)}.",)
    ordered = sorted(verdict.improvements, key=lambda improvement: improvement.sanction is not None)
    return tuple(improvement_in_words(found, improvement) for improvement in ordered)


def improvement_in_words(found: Explanation, improvement: ImprovementMove) -> str:
    """Say what an improvement is, why it is one, and what deters from it."""
    who = _who(found, found.verdict.player)
    move = _changes(found, found.state, improvement.to, found.verdict.player)
    how = tempted(found.conflict, found.concept, found.verdict.player, improvement.degrees)
    text = f"{who} could {move}, moving to {state_label(improvement.to)}, {how}{_because(found, improvement)}."
    if improvement.sanction is None:
        return f"{text} {undeterred(found.concept, who)}"
    return f"{text} {_sanction(found, improvement.sanction, improvement.to)}"


def where_it_holds(reason: Reason) -> str:
    """Say at which of two states a preference holds that tells them apart."""
    if reason.unknown:
        return "tells the two apart, and which way it goes is unknown"
    return "holds there and not at the state left"


def basis(conflict: Conflict, support: Support) -> str:
    """Say whose words an element rests on, in full, or that it is the analyst's judgement."""
    if support.is_judgement:
        return "analyst's judgement"
    by_id = {statement.id: statement for statement in conflict.all_statements}
    return "as reported: " + "; ".join(
        statement_in_words(by_id[id], conflict.all_speakers, conflict.all_statements) if id in by_id else id
        for id in support.evidence
    )


def _who(found: Explanation, player: int) -> str:
    return names_in_words(found.conflict, found.conflict.players[player])


def _changes(found: Explanation, start: State, end: State, player: int) -> str:
    return changes_in_words(found.conflict, start, end, found.conflict.players[player]) or "act"


def _because(found: Explanation, improvement: ImprovementMove) -> str:
    several = len(found.conflict.players[found.verdict.player]) > 1
    said = [
        f"{f'{found.conflict.decision_maker(one.decision_maker).label}: ' if several else ''}{quoted(one.statement)} "
        f"{where_it_holds(one)} ({basis(found.conflict, one.support)})"
        for one in found.reasons(improvement)
    ]
    return f": {'; '.join(said)}" if said else ""


def _sanction(found: Explanation, sanction: SanctionPath, improvement: State) -> str:
    who = _who(found, found.verdict.player)
    if sanction.simultaneous:
        moves = "; ".join(
            f"{_who(found, step.player)} would {_changes(found, found.state, step.to, step.player)}"
            for step in sanction.steps
        )
        text = f"But if at the same moment {moves}, both would arrive at {state_label(sanction.end)}"
    else:
        moves = ", then ".join(_moves_in_turn(found, improvement, sanction.steps))
        text = f"But then {moves}, leading to {state_label(sanction.end)}"
    text += f", {deterred(found.conflict, found.concept, who, sanction.degrees)}"
    if sanction.answers is not None:
        text += answered(found.concept, sanction.answers)
    return f"{text}."


def _moves_in_turn(found: Explanation, here: State, steps: Iterable[Step]) -> Iterator[str]:
    for step in steps:
        yield f"{_who(found, step.player)} would {_changes(found, here, step.to, step.player)}"
        here = step.to


def _outlook(found: Explanation, outlook: Outlook) -> Iterator[str]:
    """Say what is expected as the horizon grows without end."""
    since = f"From {counted(outlook.since, 'move')} on"
    if len(outlook.repeated) == 1:
        yield f"{since}, however far it looks ahead, {_expected(found, outlook.repeated[0])}"
        return
    who = _who(found, found.verdict.player)
    yield f"{since} what {who} would expect repeats every {len(outlook.repeated)} horizons, for ever."
    for expected in outlook.repeated[:MAX_MOVES_TOLD]:
        yield _ahead(found, expected)
    if len(outlook.repeated) > MAX_MOVES_TOLD:
        yield f"… and {len(outlook.repeated) - MAX_MOVES_TOLD} more horizons before it repeats."


def _ahead(found: Explanation, expected: Expectation) -> str:
    return f"Looking {counted(expected.horizon, 'move')} ahead, {_expected(found, expected)}"


def _expected(found: Explanation, expected: Expectation) -> str:
    who = _who(found, found.verdict.player)
    if not expected.steps:
        return f"there is no move for {who} to make."
    parts = list(_moves_in_turn(found, found.state, expected.steps[:MAX_MOVES_TOLD]))
    if len(expected.steps) > MAX_MOVES_TOLD:
        parts.append("so on")
    worth = (
        f"which is preferred to staying{_because(found, ImprovementMove(expected.end, None))}"
        if expected.leaves
        else "which is no better than staying"
    )
    best = "this" if expected.leaves else "at best this"
    return (
        f"{who} would expect {best} from moving: {', then '.join(parts)}, and there it would end, at "
        f"{state_label(expected.end)}, {worth}."
    )


def untempted(concept: Concept) -> str:
    """Say where a player without improvements cannot move to."""
    if concept.improvement is Improvement.RELATIONAL:
        return str(concept.improvement.value)
    return f"to a state {_UNTEMPTED.get(concept.improvement, 'that is preferred')}"


def tempted(conflict: Conflict, concept: Concept, player: int, degrees: Sequence[Degree]) -> str:
    """Say how an improvement is better: a clause that follows the state that it leads to."""
    if concept.improvement is Improvement.RELATIONAL:
        return f"{concept.improvement.value}{_favoured(conflict, player)}"
    if any(unknown_tempts(concept, degree) for degree in degrees):
        return "which is perhaps preferred"
    if concept.improvement is Improvement.SATISFYING:
        how = [
            f"to a degree of {decimal(degree.strength)}, with "
            f"{decimal(conflict.decision_maker(degree.decision_maker).thresholds.satisficing)} enough"
            for degree in degrees
        ]
        return f"which is preferred {_each(conflict, how, degrees)}"
    if concept.improvement is Improvement.LIKELY:
        how = [
            f"with a chance of {decimal(degree.chance)}, which is more than "
            f"{decimal(1 - conflict.decision_maker(degree.decision_maker).thresholds.alpha)}"
            for degree in degrees
        ]
        return f"which is better {_each(conflict, how, degrees)}"
    return "which is preferred"


def deterred(conflict: Conflict, concept: Concept, who: str, degrees: Sequence[Degree]) -> str:
    """Say how a sanction hurts: a clause that follows the state that it leads to."""
    now = "than where it stands now"
    if concept.sanction is Sanction.RELATIONALLY_WORSE:
        return f"from where the same attitudes lead {who} back to where it stands now"
    if concept.sanction is Sanction.MUCH_WORSE:
        return f"which is much worse for {who} {now}"
    if any(one.unknown for one in degrees) and concept.sanction in (
        Sanction.NOT_SURELY_BETTER,
        Sanction.NOT_BETTER_AS_FACED,
    ):
        return f"of which it is unknown whether it is better or worse for {who} {now}"
    if concept.sanction is Sanction.NOT_SATISFYING:
        how = [
            f"to a degree of {decimal(degree.strength)} only, with "
            f"{decimal(conflict.decision_maker(degree.decision_maker).thresholds.satisficing)} needed"
            for degree in degrees
        ]
        return f"which is preferred by {who} to where it stands now {_each(conflict, how, degrees)}"
    if concept.sanction is Sanction.UNLIKELY:
        how = [
            f"with a chance of {decimal(degree.chance)}, which is no more than "
            f"{decimal(1 - conflict.decision_maker(degree.decision_maker).thresholds.beta)}"
            for degree in degrees
        ]
        return f"which is better for {who} {now} {_each(conflict, how, degrees)}"
    return f"which is no better for {who} {now}"


def answered(concept: Concept, moves: int) -> str:
    """Say that a player's own answer to a sanction does not help it."""
    if not moves:
        return ", with no move to be made in return"
    if concept.sanction is Sanction.MUCH_WORSE:
        return ", and every move of its own from there leads to a state that is much worse as well"
    if concept.sanction is Sanction.NOT_BETTER:
        return ", and no move of its own from there leads to anything better"
    if concept.sanction is Sanction.RELATIONALLY_WORSE:
        return ", and no move of its own from there leads to anything that they favour over that"
    return ", and no move of its own from there leads to anything that would not deter it as well"


def undeterred(concept: Concept, who: str) -> str:
    """Say that nothing deters a player from an improvement."""
    if concept.respond is Respond.NOBODY:
        return f"Under {concept.title} no answer of the others is considered."
    if concept.respond is Respond.ALTERNATING:
        if concept.horizon == 1:
            return f"Under {concept.title} no answer of the others is considered."
        return f"Whatever the others do, within {concept.horizon} turns {who} can end better off than here."
    by = _BY[concept.respond]
    if concept.respond is Respond.IMPROVEMENTS:
        by = _BY_CREDIBLE.get(concept.credible, by)
    escape = " for good" if concept.counter_move else ""
    if concept.sanction is Sanction.NOT_BETTER:
        return f"{by} would leave {who} no better off than here{escape}."
    if concept.sanction is Sanction.MUCH_WORSE:
        return f"{by} would leave {who} much worse off than here{escape}."
    if concept.sanction is Sanction.RELATIONALLY_WORSE:
        return f"{by} would end where the same attitudes lead {who} back{escape}."
    return f"{by} leads to a state that would deter {who}{escape}."


def _favoured(conflict: Conflict, player: int) -> str:
    """Say for whom a state to which a player's attitudes lead is worse, and for whom it is not."""
    (id,) = conflict.players[player]
    maker = conflict.decision_maker(id)
    words = {"positive": "no worse for", "negative": "worse for"}
    parts = [
        f"{words[maker.attitude(other.id)]} {other.label}"
        for other in conflict.decision_makers
        if maker.attitude(other.id) in words
    ]
    return f": it is {' and '.join(parts)}" if parts else ""


def _each(conflict: Conflict, how: Sequence[str], degrees: Sequence[Degree]) -> str:
    """Put words for each member of a player together, with names where there are several."""
    if len(degrees) == 1:
        return how[0]
    names = [conflict.decision_maker(degree.decision_maker).label for degree in degrees]
    return "; ".join(f"({name}) {words}" for name, words in zip(names, how, strict=True))
