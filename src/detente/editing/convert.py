"""Preferences given in another form: what they become, whether the states keep their order, and what is lost.

What a page says of a conversion beforehand and what the conversion does stand side by side: `conversion_loss` and
`converted`.
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

#: So many states can be put in order one by one.
MAX_RANKED = 200


@dataclass(frozen=True)
class ConversionLoss:
    """What a conversion keeps and loses: whether the states stay in their order, and in words what is lost."""

    same_order: bool
    lost: tuple[str, ...] = ()


def conversion_loss(held: Preferences, form: str) -> ConversionLoss:
    """Return what becomes of preferences when they are given in another form."""
    statewise = isinstance(held, Ranking | Payoffs)
    if statewise and form in ("weights", "preferences"):
        # A condition for each state would be no more than the ranking in other words.
        return ConversionLoss(False, ("the order of the states: it says no conditions",))
    same = _outweigh(_counting(held)) if isinstance(held, Weights) and form == "preferences" else True
    return ConversionLoss(same, tuple(_lost(held, form)))


def _lost(held: Preferences, form: str) -> Iterable[str]:
    if isinstance(held, Prioritising):
        if any(one.marks for one in held.statements):
            yield "how sure and how strong its entries are"
        if form == "payoffs" and any(one.support != Support() for one in held.statements):
            yield "what its entries rest on"
    elif isinstance(held, Weights):
        if form in ("preferences", "ranking"):
            yield "how large the weights are"
        if form == "payoffs" and any(one.support != Support() for one in held.weights):
            yield "what its weights rest on"
    elif isinstance(held, Ranking):
        if held.great:
            yield "which gaps are great"
        if held.unknown:
            yield "what in it is not compared"
        if held.support != Support():
            yield "what it rests on"
    elif isinstance(held, Payoffs):
        yield "how large the payoffs are"


def converted(conflict: Conflict, maker: str, held: Preferences, form: str) -> Preferences:
    """Return the preferences of a decision maker in another form.

    Raises
    ------
    TooLargeError
        When there are too many states to put in order one by one.
    """
    if form == held.key:
        return held
    if form == "ranking":
        return replace(Ranking.of(*_groups(conflict, maker, held)), support=_grounds(held))
    if form == "payoffs":
        return _as_payoffs(conflict, maker, held)
    if form == "weights":
        statements = held.statements if isinstance(held, Prioritising) else ()
        # Each counts more than all below it together.
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
    """Return the weights that count, the heaviest first."""
    return sorted((one for one in weights.weights if one.weight), key=lambda one: -abs(one.weight))


def _outweigh(weights: list[Weight]) -> bool:
    """Tell whether each weight counts more than all after it together."""
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
    """Return what a state is worth by weights."""
    taken = frozenset(state.taken)
    return sum((one.weight for one in weights.weights if one.condition.holds(taken)), Fraction(0))


def _groups(conflict: Conflict, maker: str, held: Preferences) -> list[tuple[StateReference, ...]]:
    """Return the states by how good they are, the best first; tied ones together."""
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
    """Return by what a state is best called in a file: its name, or its letters, which no other rule changes."""
    return state.name or (state.number if "-" in state.pattern else state.pattern)


def _grounds(held: Preferences) -> Support:
    """Return all that preferences rest on, as one."""
    if isinstance(held, Ranking | Payoffs):
        return held.support
    parts = held.statements if isinstance(held, Prioritising) else held.weights if isinstance(held, Weights) else ()
    evidence = dict.fromkeys(id for one in parts for id in one.support.evidence)
    against = dict.fromkeys(id for one in parts for id in one.support.against)
    note = " ".join(dict.fromkeys(one.support.note for one in parts if one.support.note))
    return Support(tuple(evidence), tuple(against), note)
