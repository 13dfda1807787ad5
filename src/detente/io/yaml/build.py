"""From shapes to a conflict: what the checked file means."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from detente.errors import Fault, InputError, nearest
from detente.io.yaml.fields import built_source, built_statement
from detente.io.yaml.schema import (
    BeliefShape,
    ConflictShape,
    Dated,
    DecisionMakerShape,
    RuleShape,
    StateShape,
    Supported,
    ViewShape,
)
from detente.model.conditions import If
from detente.model.conflict import Conflict
from detente.model.evidence import Support
from detente.model.history import Act
from detente.model.parts import RULE_KINDS, DecisionMaker, Merge, NamedState, OneWay, Option, Rule, StatusQuo, View
from detente.model.preferences import (
    DEFAULT_THRESHOLDS,
    NO_PREFERENCES,
    Payoffs,
    Preferences,
    PreferenceStatement,
    Prioritising,
    Ranking,
    StateReference,
    Thresholds,
    Weight,
    Weights,
    as_reference,
    is_great_gap,
)
from detente.model.statements import Dossier

C = TypeVar("C", bound=Conflict)


def build(shape: ConflictShape, make: Callable[..., C], dossiers: Sequence[Dossier] = ()) -> C:
    """Make a conflict from a checked file and the dossiers that it names.

    Raises
    ------
    InputError
        With every fault that shows only when the parts are put together.
    """
    faults: list[Fault] = []
    options = [id for maker in shape.decision_makers.values() for id in maker.options]
    quo = shape.status_quo
    named = dict(shape.states.items())

    def taken(state: StateShape, at: tuple[str | int, ...], through: frozenset[str] = frozenset()) -> frozenset[str]:
        if state.taken is not None:
            return frozenset(state.taken)
        reference = state.state or ""
        if len(reference) == len(options) and set(reference) <= {"Y", "N"}:
            return frozenset(id for id, letter in zip(options, reference, strict=True) if letter == "Y")
        if reference in named and reference not in through:
            return taken(named[reference], ("states", reference), through | {reference})
        faults.append(_no_state(reference, options, list(named), at))
        return frozenset()

    parts: dict[str, Any] = {
        "title": shape.title,
        "decision_makers": [_decision_maker(id, maker) for id, maker in shape.decision_makers.items()],
        "rules": [_rule(rule) for rule in shape.rules],
        "one_way": [OneWay(id, mark.direction, _support(mark)) for id, mark in shape.one_way.items()],
        "merge": [Merge(merge.when, _support(merge)) for merge in shape.merge],
        "status_quo": StatusQuo(taken(quo, ("status_quo",)), _support(quo)) if quo else None,
        "states": [
            NamedState(name, taken(state, ("states", name), frozenset({name})), _support(state))
            for name, state in shape.states.items()
        ],
        "history": [Act(act.date, act.by, tuple(act.takes), tuple(act.drops), _support(act)) for act in shape.history],
        "coalitions": shape.coalitions,
        "views": [_view(id, view) for id, view in shape.views.items()],
        "summary": shape.summary,
        "as_of": shape.as_of,
        "citation": shape.citation,
        "notes": shape.notes,
        "dossiers": dossiers,
        "speakers": shape.speakers,
        "sources": [built_source(source) for source in shape.sources],
        "statements": [built_statement(statement) for statement in shape.statements],
    }
    try:
        conflict = make(**parts)
    except InputError as error:
        raise InputError([*error.faults, *faults]) from error
    if faults:
        raise InputError(faults)
    return conflict


def _no_state(reference: str, options: list[str], names: list[str], at: tuple[str | int, ...]) -> Fault:
    if reference in options:
        message = f"'{reference}' is an option, not a state: write [{reference}]"
        return Fault(message, at=at, word=reference)
    if reference and set(reference) <= set("YN-"):
        if "-" in reference:
            return Fault(f"'{reference}' is no single state: write Y or N for every option", at=at, word=reference)
        message = f"'{reference}' has {len(reference)} letters, and there are {len(options)} options"
        return Fault(message, at=at, word=reference)
    message = f"'{reference}' is no state: list the options taken, or write Y or N for each option"
    return Fault(message, at=at, word=reference, suggestion=nearest(reference, names))


def _support(shape: Supported) -> Support:
    days = (shape.since, shape.until) if isinstance(shape, Dated) else ()
    return Support(tuple(shape.evidence), tuple(shape.against), shape.note, *days)


def _decision_maker(id: str, shape: DecisionMakerShape) -> DecisionMaker:
    options = [Option(key, option.name, _support(option)) for key, option in shape.options.items()]
    thresholds = shape.thresholds
    return DecisionMaker(
        id,
        shape.name,
        options,
        _preferences(shape),
        _support(shape),
        shape.facing_unknown,
        Thresholds(**dict(thresholds)) if thresholds else DEFAULT_THRESHOLDS,
        shape.attitudes,
    )


def _view(id: str, shape: ViewShape) -> View:
    believes = {other: _preferences(belief) for other, belief in shape.believes.items()}
    grounds = {other: _support(belief) for other, belief in shape.believes.items()}
    return View(id, shape.does_not_see, believes, _support(shape), grounds)


def _preferences(shape: DecisionMakerShape | BeliefShape) -> Preferences:
    if shape.preferences is not None:
        return Prioritising(
            tuple(
                PreferenceStatement(item.when, _support(item), item.confidence, item.strength, item.unknown)
                for item in shape.preferences
            )
        )
    if shape.ranking is not None:
        chains = shape.ranking.known or [shape.ranking.order or []]
        return replace(Ranking.of_chains(*map(_chain, chains)), support=_support(shape.ranking))
    if shape.weights is not None:
        return Weights(tuple(Weight(item.when, item.weight, _support(item)) for item in shape.weights))
    if shape.payoffs is not None:
        return Payoffs(tuple((as_reference(item.state), item.payoff) for item in shape.payoffs))
    return NO_PREFERENCES


def _chain(groups: list[list[str]]) -> list[str | list[StateReference]]:
    return [
        group[0] if len(group) == 1 and is_great_gap(group[0]) else [as_reference(item) for item in group]
        for group in groups
    ]


def _rule(shape: RuleShape) -> Rule:
    if shape.if_ is not None and shape.then is not None:
        return Rule("always", If(shape.if_, shape.then), _support(shape))
    for kind in RULE_KINDS:
        given = getattr(shape, kind)
        if given is not None:
            return Rule(kind, given, _support(shape))
    raise AssertionError("a checked rule has a kind")
