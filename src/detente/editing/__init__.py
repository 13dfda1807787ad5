"""Editing a dispute: one change, as a form makes it, carried over to the file's text; comments and layout are kept.

An edit is plain data: ``do`` names the change, ``at`` the place in the file, and the other keys give the new content:
``{"do": "set", "at": ["rules", 0, "note"], "value": "Who would pay?"}``. The generic edits (`detente.editing.edit`)
change any part of the file; a change that affects other places has an edit of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from detente.editing import edit as generic
from detente.editing import links, preferences, statements, structure
from detente.editing.edit import Change, ConfirmationNeededError, Edit, FieldPath, Rewritten, place_of
from detente.editing.remove import reject, remove_used
from detente.editing.rename import rename
from detente.editing.reorder import carry_rankings, move_decision_maker, move_option
from detente.errors import Fault, InputError, UnknownNameError
from detente.io import checks
from detente.io.conflict_file import ConflictFile
from detente.io.yaml.reading import ValueFault
from detente.model.conflict import Conflict


def _set(conflict: Conflict, edit: Edit) -> Conflict:
    of_statement = place_of(edit)[0] == "statements" and len(place_of(edit)) == 3
    return (statements.set_of_statement if of_statement else generic.set_value)(conflict, edit)


def _add(conflict: Conflict, edit: Edit) -> Conflict:
    special: dict[FieldPath, Callable[[Conflict, Edit], Conflict]] = {
        ("decision_makers",): structure.add_decision_maker,
        ("sources",): statements.add_source,
        ("statements",): statements.add_statement,
    }
    return special.get(place_of(edit), generic.add)(conflict, edit)


def _move(conflict: Conflict, edit: Edit) -> Conflict | Rewritten:
    match place_of(edit):
        case ("decision_makers", _):
            return move_decision_maker(conflict, edit)
        case ("decision_makers", _, "options", _):
            return move_option(conflict, edit)
        case (*_, "ranking", _):
            return preferences.change_ranking(preferences.moved_group)(conflict, edit)
    return generic.move(conflict, edit)


def _remove(conflict: Conflict, edit: Edit) -> Conflict:
    match place_of(edit):
        case (("decision_makers" | "speakers" | "sources" | "statements"), _) | ("decision_makers", _, "options", _):
            return remove_used(conflict, edit)
        case (*_, "ranking", _, _):
            return preferences.change_ranking(preferences.removed_state)(conflict, edit)
    return generic.remove(conflict, edit)


#: Every change by its name in an edit.
VERBS: dict[str, Change] = {
    "set": _set,
    "add": _add,
    "remove": _remove,
    "move": _move,
    "rename": rename,
    "rule": structure.set_rule,
    "act": structure.set_act,
    "join": structure.play_together,
    "link": statements.link,
    "unlink": statements.unlink,
    "import": statements.import_statements,
    "accept": statements.accept,
    "reject": reject,
    "review": statements.review,
    "decide": links.decide,
    "propose": statements.propose,
    "convert": preferences.convert,
    "believe": preferences.believe,
    "order": preferences.order,
    "rank": preferences.rank_state,
    "tie": preferences.change_ranking(preferences.tied),
    "untie": preferences.change_ranking(preferences.untied),
    "gap": preferences.change_ranking(preferences.with_gap),
    "pay": preferences.pay_state,
}


def edited_file(file: ConflictFile, edit: Edit) -> ConflictFile:
    """Return a conflict file after one change, opened but not saved.

    Raises
    ------
    InputError
        If the change cannot be made or would make the dispute faulty; nothing is changed then.
    ConfirmationNeededError
        If an element to be removed is used elsewhere.
    UnknownNameError
        For an unknown change or element.
    """
    name = str(edit.get("do", ""))
    if name not in VERBS:
        raise UnknownNameError("change", name, VERBS)
    try:
        made = VERBS[name](file.conflict, edit)
        changed = made.conflict if isinstance(made, Rewritten) else carry_rankings(file.conflict, made)
    except (AttributeError, KeyError, IndexError, TypeError, ValueError, OverflowError, ValueFault) as error:
        raise InputError(f"this change cannot be applied to the dispute: {error}") from error
    faults = [_whose(changed, fault) for fault in checks.faults(changed)]
    if faults:
        raise InputError(faults)
    return file.changed(changed, made.in_text if isinstance(made, Rewritten) else None)


def _whose(conflict: Conflict, fault: Fault) -> Fault:
    """Add the party's name to a fault of preferences, because the change may be far from them in the file."""
    match fault.at:
        case ("decision_makers", str(id), ("ranking" | "payoffs") as form, *_):
            return replace(fault, message=f"the {form} of {conflict.decision_maker(id).label}: {fault.message}")
    return fault


__all__ = ["VERBS", "Change", "ConfirmationNeededError", "Edit", "edited_file"]
