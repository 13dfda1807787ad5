"""Converting preferences to another form: the result, whether the order of the states is kept, and what is lost.

`conversion_loss` tells a user beforehand what `converted` will do, so the two are side by side.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction

from detente.engine import solver
from detente.model.conditions import Not
from detente.model.conflict import Conflict
from detente.model.evidence import Support
from detente.model.preferences import (
    NO_PREFERENCES,
    Payoffs,
    Preferences,
    PreferenceStatement,
    Prioritising,
    Ranking,
    StateReference,
    Weight,
    Weights,
)
from detente.model.states import State, StateList

#: Maximum number of states in a ranking made by a conversion.
MAX_RANKED = 200


@dataclass(frozen=True)
class ConversionLoss:
    """What a conversion loses: whether the states keep their order, and in words what else is lost."""

    same_order: bool
    lost: tuple[str, ...] = ()


def conversion_loss(held: Preferences, form: str) -> ConversionLoss:
    """Return the loss of converting preferences to another form."""
    statewise = isinstance(held, Ranking | Payoffs)
    if statewise and form in ("weights", "preferences"):
        # One condition for each state would only repeat the ranking.
        return ConversionLoss(False, ("the order of the states, which cannot be expressed by conditions",))
    same = _outweigh(_counting(held)) if isinstance(held, Weights) and form == "preferences" else True
    return ConversionLoss(same, tuple(_lost(held, form)))


def _lost(held: Preferences, form: str) -> Iterable[str]:
    if isinstance(held, Prioritising):
        if any(one.marks for one in held.statements):
            yield "the confidence and strength of its entries"
        if form == "payoffs" and any(one.support != Support() for one in held.statements):
            yield "the evidence of its entries"
    elif isinstance(held, Weights):
        if form in ("preferences", "ranking"):
            yield "the size of the weights"
        if form == "payoffs" and any(one.support != Support() for one in held.weights):
            yield "the evidence of its weights"
    elif isinstance(held, Ranking):
        if held.great:
            yield "which gaps are great"
        if held.unknown:
            yield "which states are not compared"
        if held.support != Support():
            yield "its evidence"
    elif isinstance(held, Payoffs):
        yield "the size of the payoffs"


def converted(conflict: Conflict, maker: str, held: Preferences, form: str) -> Preferences:
    """Return the preferences of a decision maker in another form.

    Raises
    ------
    TooLargeError
        If there are too many states to rank.
    """
    if form == held.key:
        return held
    if form == "ranking":
        return replace(Ranking.of(*_groups(conflict, maker, held)), support=_grounds(held))
    if form == "payoffs":
        return _as_payoffs(conflict, maker, held)
    if form == "weights":
        statements = held.statements if isinstance(held, Prioritising) else ()
        # Each weight exceeds the sum of all below it.
        worth = [Fraction(2) ** place for place in reversed(range(len(statements)))]
        return Weights(
            tuple(Weight(one.condition, worth, one.support) for one, worth in zip(statements, worth, strict=True))
        )
    if not isinstance(held, Weights):
        return NO_PREFERENCES
    return Prioritising(
        tuple(
            PreferenceStatement(one.condition if one.weight > 0 else Not(one.condition), one.support)
            for one in _counting(held)
        )
    )


def _counting(weights: Weights) -> list[Weight]:
    """Return the non-zero weights, the largest first."""
    return sorted((one for one in weights.weights if one.weight), key=lambda one: -abs(one.weight))


def _outweigh(weights: list[Weight]) -> bool:
    """Tell whether each weight exceeds the sum of all after it."""
    sizes = [abs(one.weight) for one in weights]
    return all(size > sum(sizes[place + 1 :]) for place, size in enumerate(sizes))


def _as_payoffs(conflict: Conflict, maker: str, held: Preferences) -> Payoffs:
    if isinstance(held, Weights) and not conflict.merge:
        scores = ((reference(state), score(held, state)) for state in StateList(conflict, MAX_RANKED))
        return Payoffs(tuple(scores))
    groups = _groups(conflict, maker, held)
    return Payoffs(
        tuple((one, Fraction(len(groups) - place)) for place, group in enumerate(groups, start=1) for one in group)
    )


def score(weights: Weights, state: State) -> Fraction:
    """Return the score of a state."""
    taken = frozenset(state.taken)
    return sum((one.weight for one in weights.weights if one.condition.holds(taken)), Fraction(0))


def _groups(conflict: Conflict, maker: str, held: Preferences) -> list[tuple[StateReference, ...]]:
    """Return the states in groups of ties, the best first."""
    if isinstance(held, Ranking):
        return list(held.groups)
    if isinstance(held, Payoffs):
        values = sorted({value for _, value in held.payoffs}, reverse=True)
        return [tuple(one for one, worth in held.payoffs if worth == value) for value in values]
    states = StateList(conflict, MAX_RANKED)
    makers = [replace(one, preferences=held) if one.id == maker else one for one in conflict.decision_makers]
    compiled = solver(conflict.replaced(decision_makers=makers, views=()))
    ranks = compiled.ranks([one.id for one in makers].index(maker))
    return [
        tuple(reference(state) for state, rank in zip(states, ranks, strict=True) if rank == wanted)
        for wanted in sorted(set(ranks))
    ]


def reference(state: State) -> StateReference:
    """Return a stable reference to a state for a file: its name, or its pattern, which rules do not change."""
    return state.name or (state.number if "-" in state.pattern else state.pattern)


def _grounds(held: Preferences) -> Support:
    """Return the combined evidence of preferences."""
    if isinstance(held, Ranking | Payoffs):
        return held.support
    parts = held.statements if isinstance(held, Prioritising) else held.weights if isinstance(held, Weights) else ()
    evidence = dict.fromkeys(id for one in parts for id in one.support.evidence)
    against = dict.fromkeys(id for one in parts for id in one.support.against)
    note = " ".join(dict.fromkeys(one.support.note for one in parts if one.support.note))
    return Support(tuple(evidence), tuple(against), note)
