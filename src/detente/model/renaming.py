"""Renaming the decision makers and options of a conflict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from detente.model.conflict import Conflict
from detente.model.parts import Rule


def renamed(
    conflict: Conflict, *, decision_makers: Mapping[str, str] | None = None, options: Mapping[str, str] | None = None
) -> Conflict:
    """Return a conflict in which decision makers and options have other identifiers, wherever they are mentioned.

    Parameters
    ----------
    conflict
        The conflict. Its dossiers stay unchanged, because other conflicts may share them.
    decision_makers, options
        The new identifiers by the old ones; others stay unchanged.
    """

    def party(id: str) -> str:
        return (decision_makers or {}).get(id, id)

    def option(id: str) -> str:
        return (options or {}).get(id, id)

    quo = conflict.status_quo
    return conflict.replaced(
        decision_makers=[
            replace(
                maker,
                id=party(maker.id),
                options=tuple(replace(one, id=option(one.id)) for one in maker.options),
                preferences=maker.preferences.renamed(option),
                attitudes=tuple((party(id), attitude) for id, attitude in maker.attitudes),
            )
            for maker in conflict.decision_makers
        ],
        coalitions=[tuple(map(party, group)) for group in conflict.coalitions],
        untaken=[option(id) for id in conflict.untaken],
        rules=[
            Rule(rule.kind, [one.renamed(option) for one in rule.conditions], rule.support) for rule in conflict.rules
        ],
        one_way=[replace(mark, option=option(mark.option)) for mark in conflict.one_way],
        merge=[replace(one, condition=one.condition.renamed(option)) for one in conflict.merge],
        status_quo=replace(quo, taken=frozenset(map(option, quo.taken))) if quo else None,
        states=[replace(state, taken=frozenset(map(option, state.taken))) for state in conflict.states],
        views=[
            replace(
                view,
                decision_maker=party(view.decision_maker),
                does_not_see=tuple(map(option, view.does_not_see)),
                believes=tuple((party(id), held.renamed(option)) for id, held in view.believes),
                grounds=tuple((party(id), support) for id, support in view.grounds),
            )
            for view in conflict.views
        ],
        history=[
            replace(act, by=party(act.by), takes=tuple(map(option, act.takes)), drops=tuple(map(option, act.drops)))
            for act in conflict.history
        ],
        statements=[
            replace(
                one,
                speaker=one.speaker and party(one.speaker),
                reported_by=one.reported_by and party(one.reported_by),
                addresses=tuple(map(party, one.addresses)),
                about=tuple(map(option, one.about)),
                stances={option(id): stance for id, stance in one.stances.items()},
            )
            for one in conflict.statements
        ],
        links=[
            replace(one, first=party(one.first), second=party(one.second)) if one.kind == "same_as" else one
            for one in conflict.links
        ],
    )
