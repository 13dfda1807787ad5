"""Another identifier for a decision maker or an option, wherever the file names it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from typing import Any

from detente.conflict.conditions import is_option_identifier
from detente.conflict.model import ConflictModel, DecisionMaker, Rule
from detente.conflict.preferences import Preferences, Prioritising, Weights
from detente.errors import Fault, InputError, UnknownNameError
from detente.files.conflict_mentions import DECISION_MAKER, OPTION
from detente.files.conflict_rewriting import renamed_text
from detente.web.editing.finding import Change, Edit, maker_of
from detente.web.editing.rewriting import Rewritten

Naming = Callable[[str], str]


def _identify_decision_maker(conflict: ConflictModel, edit: Edit) -> Rewritten | ConflictModel:
    old, new = maker_of(conflict, edit).id, _identifier(edit)
    if new == old:
        return conflict
    _refuse_taken("decision maker", new, (maker.id for maker in conflict.decision_makers))
    _refuse_taken("speaker", new, _speakers(conflict))
    _refuse_shared(conflict, old, lambda one: [one.speaker, one.reported_by, *one.addresses])
    naming = partial(_renamed, old=old, new=new)
    return Rewritten(
        conflict.replaced(
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
        ),
        partial(renamed_text, what=DECISION_MAKER, old=old, new=new),
    )


def _identify_option(conflict: ConflictModel, edit: Edit) -> Rewritten | ConflictModel:
    old, new = str(edit["option"]), _identifier(edit)
    if old not in conflict.owner:
        raise UnknownNameError("option", old, conflict.owner)
    if new == old:
        return conflict
    _refuse_taken("option", new, conflict.owner)
    _refuse_shared(conflict, old, lambda one: one.about)
    naming = partial(_renamed, old=old, new=new)
    quo = conflict.status_quo
    return Rewritten(
        conflict.replaced(
            decision_makers=[_with_options(maker, naming) for maker in conflict.decision_makers],
            rules=[
                Rule(rule.kind, [one.renamed(naming) for one in rule.conditions], rule.support)
                for rule in conflict.rules
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
        ),
        partial(renamed_text, what=OPTION, old=old, new=new),
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


def _renamed(id: str, old: str, new: str) -> str:
    return new if id == old else id


def _identifier(edit: Edit) -> str:
    id = str(edit["id"]).strip()
    if not is_option_identifier(id):
        raise InputError(
            [
                Fault(
                    f"'{id[:60]}' cannot be an identifier: use letters, digits, '_', '-' and '.', and none of the "
                    "words and, or, not, if, then, iff"
                )
            ]
        )
    return id


def _refuse_taken(what: str, id: str, taken: Iterable[str]) -> None:
    if id in taken:
        raise InputError([Fault(f"there is {'an' if what == 'option' else 'a'} {what} '{id}' already")])


def _speakers(conflict: ConflictModel) -> set[str]:
    """Return everybody whom the file knows as a speaker: a decision maker of that identifier would be taken for it."""
    named = {name for one in conflict.all_statements for name in (one.speaker, one.reported_by) if name}
    return named | set(conflict.all_speakers)


def _refuse_shared(conflict: ConflictModel, id: str, named: Callable[[Any], Iterable[str | None]]) -> None:
    """Refuse to rename what another file names as well: a form changes one file only."""
    for dossier in conflict.dossiers:
        if one := next((one for one in dossier.statements if id in named(one)), None):
            raise InputError(
                [
                    Fault(
                        f"the dossier '{dossier.path}' calls it '{id}' in its statement '{one.id}', and a form changes "
                        "this file only: change the identifier in the text of both"
                    )
                ]
            )


CHANGES: dict[str, Change] = {
    "identify decision maker": _identify_decision_maker,
    "identify option": _identify_option,
}
