"""Parties of which no preferences are known.

A party without preferences is computed as one to which every state is as good as any other. That is not known of it,
so every answer names such a party if it can move.
"""

from __future__ import annotations

from collections.abc import Sequence

from detente.conflict.conditions import Not, Taken
from detente.conflict.model import ConflictModel, DecisionMaker
from detente.conflict.preferences import Payoffs, Preferences, Prioritising, Ranking, Weights


def without_preferences(conflict: ConflictModel) -> tuple[DecisionMaker, ...]:
    """Return the decision makers without preferences that can move, alone or in a standing coalition."""
    settled = {
        option
        for condition in conflict.constraints
        for part in condition.conjuncts()
        if isinstance(part, Taken) or (isinstance(part, Not) and isinstance(part.part, Taken))
        for option in part.options()
    }
    movers = {conflict.owner[option.id] for option in conflict.options if option.id not in settled}
    moving = {id for members in conflict.players if movers.intersection(members) for id in members}
    return tuple(one for one in conflict.decision_makers if one.id in moving and _is_empty(one.preferences))


def no_preferences_known(conflict: ConflictModel, of: Sequence[DecisionMaker] | None = None) -> str:
    """Say of which parties that can move no preferences are known, without a stop; empty if there are none.

    ``of`` names the parties to speak of; all of `without_preferences` when None.

    >>> maker = DecisionMaker("up", "Upstream", options=["divert"])
    >>> no_preferences_known(ConflictModel("A river", [maker]))
    'no preferences known for Upstream: every state counts as equally good for it'
    """
    makers = without_preferences(conflict) if of is None else of
    if not makers:
        return ""
    names = ", ".join(maker.label for maker in makers)
    them = "it" if len(makers) == 1 else "them"
    return f"no preferences known for {names}: every state counts as equally good for {them}"


def _is_empty(preferences: Preferences) -> bool:
    match preferences:
        case Prioritising(statements=()) | Weights(weights=()) | Ranking(groups=()) | Payoffs(payoffs=()):
            return True
    return False


__all__ = ["no_preferences_known", "without_preferences"]
