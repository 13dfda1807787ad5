"""A conflict with other identifiers for its decision makers and options, and otherwise the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from detente.model.conflict import Conflict
from detente.model.parts import DecisionMaker, Rule
from detente.model.preferences import Preferences, Prioritising, Weights

Naming = Callable[[str], str]


def with_decision_makers_named(conflict: Conflict, names: Mapping[str, str]) -> Conflict:
    """Return a conflict in which decision makers have other identifiers, wherever it names them.

    ``names`` has the new identifiers by the old ones; whoever is not in it keeps its own. What dossiers say stays as it
    is: they are shared.
    """
    naming = _naming(names)
    return conflict.replaced(
        decision_makers=[
            replace(maker, id=naming(maker.id), attitudes=tuple((naming(id), one) for id, one in maker.attitudes))
            for maker in conflict.decision_makers
        ],
        coalitions=[tuple(map(naming, group)) for group in conflict.coalitions],
        views=[
            replace(
                view,
                decision_maker=naming(view.decision_maker),
                believes=tuple((naming(id), held) for id, held in view.believes),
                grounds=tuple((naming(id), support) for id, support in view.grounds),
            )
            for view in conflict.views
        ],
        statements=[
            replace(
                one,
                speaker=one.speaker and naming(one.speaker),
                reported_by=one.reported_by and naming(one.reported_by),
                addresses=tuple(map(naming, one.addresses)),
            )
            for one in conflict.statements
        ],
    )


def with_options_named(conflict: Conflict, names: Mapping[str, str]) -> Conflict:
    """Return a conflict in which options have other identifiers, wherever it names them.

    ``names`` has the new identifiers by the old ones; what is not in it keeps its own. What dossiers say stays as it
    is: they are shared.
    """
    naming = _naming(names)
    quo = conflict.status_quo
    return conflict.replaced(
        decision_makers=[_with_options(maker, naming) for maker in conflict.decision_makers],
        untaken=[naming(id) for id in conflict.untaken],
        rules=[
            Rule(rule.kind, [one.renamed(naming) for one in rule.conditions], rule.support) for rule in conflict.rules
        ],
        one_way=[replace(mark, option=naming(mark.option)) for mark in conflict.one_way],
        merge=[replace(one, condition=one.condition.renamed(naming)) for one in conflict.merge],
        status_quo=replace(quo, taken=frozenset(map(naming, quo.taken))) if quo else None,
        states=[replace(state, taken=frozenset(map(naming, state.taken))) for state in conflict.states],
        views=[
            replace(
                view,
                does_not_see=tuple(map(naming, view.does_not_see)),
                believes=tuple((id, _wishing(held, naming)) for id, held in view.believes),
            )
            for view in conflict.views
        ],
        statements=[replace(one, about=tuple(map(naming, one.about))) for one in conflict.statements],
    )


def _with_options(maker: DecisionMaker, naming: Naming) -> DecisionMaker:
    options = tuple(replace(option, id=naming(option.id)) for option in maker.options)
    return replace(maker, options=options, preferences=_wishing(maker.preferences, naming))


def _wishing(held: Preferences, naming: Naming) -> Preferences:
    """Return preferences over options of other identifiers; those by states name no options."""

    def renamed(one: Any) -> Any:
        return replace(one, condition=one.condition.renamed(naming))

    if isinstance(held, Prioritising):
        return replace(held, statements=tuple(map(renamed, held.statements)))
    if isinstance(held, Weights):
        return replace(held, weights=tuple(map(renamed, held.weights)))
    return held


def _naming(names: Mapping[str, str]) -> Naming:
    return lambda id: names.get(id, id)


__all__ = ["with_decision_makers_named", "with_options_named"]
