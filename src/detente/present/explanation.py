"""The relations of a solution concept in plain words: what tempts, what deters, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence

from detente.concepts import Concept, Improvement, Respond, Sanction
from detente.engine.verdicts import Degree
from detente.model.conflict import Conflict
from detente.model.preferences import decimal

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


def untempted(concept: Concept) -> str:
    """Say where a player without improvements cannot move to."""
    if concept.improvement is Improvement.RELATIONAL:
        return str(concept.improvement.value)
    return f"to a state {_UNTEMPTED.get(concept.improvement, 'that is preferred')}"


def perhaps(concept: Concept, degree: Degree) -> bool:
    """Tell whether it is the unknown that tempts a decision maker."""
    return degree.unknown and concept.improvement in (Improvement.PERHAPS_BETTER, Improvement.BETTER_AS_FACED)


def tempted(conflict: Conflict, concept: Concept, player: int, degrees: Sequence[Degree]) -> str:
    """Say how an improvement is better: a clause that follows the state that it leads to."""
    if concept.improvement is Improvement.RELATIONAL:
        return f"{concept.improvement.value}{_favoured(conflict, player)}"
    if any(perhaps(concept, degree) for degree in degrees):
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
