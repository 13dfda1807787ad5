"""Renaming: another identifier for a decision maker or an option, wherever the file uses it, or another name for a
state.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from typing import Any

from detente.editing.edit import Edit, Rewritten, place_of
from detente.errors import Fault, InputError, UnknownNameError
from detente.io.yaml.edit import renamed_text
from detente.io.yaml.fields import Names
from detente.model.conditions import is_option_identifier
from detente.model.conflict import Conflict
from detente.model.renaming import renamed


def rename(conflict: Conflict, edit: Edit) -> Rewritten | Conflict:
    """Rename the decision maker, option or named state at a place."""
    place, new = place_of(edit), str(edit["to"]).strip()
    match place:
        case ("states", name):
            return _rename_state(conflict, str(name), new)
        case ("decision_makers", id):
            _must_be(str(id), [maker.id for maker in conflict.decision_makers], Names.DECISION_MAKER)
        case ("decision_makers", _, "options", id):
            _must_be(str(id), conflict.owner, Names.OPTION)
        case _:
            raise UnknownNameError("element that has an identifier", "/".join(map(str, place)))
    old = str(id)
    if not is_option_identifier(new):
        raise InputError(
            [
                Fault(
                    f"'{new[:60]}' is not a valid identifier: use letters, digits, '_', '-' and '.', and none of the "
                    "words and, or, not, if, then, iff"
                )
            ]
        )
    if new == old:
        return conflict
    if len(place) == 4:
        _refuse_taken("an option", new, conflict.owner)
        _refuse_shared(conflict, old, lambda one: one.about)
        made, what = renamed(conflict, options={old: new}), Names.OPTION
    else:
        _refuse_taken("a decision maker", new, (maker.id for maker in conflict.decision_makers))
        # A decision maker with a speaker's identifier would be mistaken for that speaker.
        named = {name for one in conflict.all_statements for name in (one.speaker, one.reported_by) if name}
        _refuse_taken("a speaker", new, named | set(conflict.all_speakers))
        _refuse_shared(conflict, old, lambda one: [one.speaker, one.reported_by, *one.addresses])
        made, what = renamed(conflict, decision_makers={old: new}), Names.DECISION_MAKER
    return Rewritten(made, partial(renamed_text, what=what, old=old, new=new))


def _rename_state(conflict: Conflict, old: str, new: str) -> Conflict:
    _must_be(old, [state.name for state in conflict.states], "named state")
    if not new:
        raise InputError([Fault("enter a name")])
    return conflict.replaced(
        states=[replace(state, name=new) if state.name == old else state for state in conflict.states]
    )


def _must_be(id: str, known: Iterable[str], what: str) -> None:
    if id not in (known := list(known)):
        raise UnknownNameError(what, id, known)


def _refuse_taken(what: str, id: str, taken: Iterable[str]) -> None:
    if id in taken:
        raise InputError([Fault(f"there is already {what} '{id}'")])


def _refuse_shared(conflict: Conflict, id: str, named: Callable[[Any], Iterable[str | None]]) -> None:
    """Refuse to rename an element that another file names too, because an edit changes one file only."""
    for dossier in conflict.dossiers:
        if one := next((one for one in dossier.statements if id in named(one)), None):
            raise InputError(
                [
                    Fault(
                        f"the dossier '{dossier.path}' uses '{id}' in its statement '{one.id}', and a form changes "
                        "this file only. Change the identifier in the text of both files"
                    )
                ]
            )
