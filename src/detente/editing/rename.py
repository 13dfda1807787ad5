"""Another identifier for a decision maker or an option, wherever the file names it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from detente.editing.edit import Change, Edit, Rewritten, maker_of
from detente.errors import Fault, InputError, UnknownNameError
from detente.io.yaml.edit import renamed_text
from detente.io.yaml.fields import Names
from detente.model.conditions import is_option_identifier
from detente.model.conflict import Conflict
from detente.model.renaming import renamed


def _identify_decision_maker(conflict: Conflict, edit: Edit) -> Rewritten | Conflict:
    old, new = maker_of(conflict, edit).id, _identifier(edit)
    if new == old:
        return conflict
    _refuse_taken("decision maker", new, (maker.id for maker in conflict.decision_makers))
    _refuse_taken("speaker", new, _speakers(conflict))
    _refuse_shared(conflict, old, lambda one: [one.speaker, one.reported_by, *one.addresses])
    return Rewritten(
        renamed(conflict, decision_makers={old: new}),
        partial(renamed_text, what=Names.DECISION_MAKER, old=old, new=new),
    )


def _identify_option(conflict: Conflict, edit: Edit) -> Rewritten | Conflict:
    old, new = str(edit["option"]), _identifier(edit)
    if old not in conflict.owner:
        raise UnknownNameError("option", old, conflict.owner)
    if new == old:
        return conflict
    _refuse_taken("option", new, conflict.owner)
    _refuse_shared(conflict, old, lambda one: one.about)
    return Rewritten(
        renamed(conflict, options={old: new}),
        partial(renamed_text, what=Names.OPTION, old=old, new=new),
    )


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


def _speakers(conflict: Conflict) -> set[str]:
    """Return everybody whom the file knows as a speaker: a decision maker of that identifier would be taken for it."""
    named = {name for one in conflict.all_statements for name in (one.speaker, one.reported_by) if name}
    return named | set(conflict.all_speakers)


def _refuse_shared(conflict: Conflict, id: str, named: Callable[[Any], Iterable[str | None]]) -> None:
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
