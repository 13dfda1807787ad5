"""One change to a dispute, as a form makes it, carried over to the text: comments and the look of the rest survive.

An edit is plain data: ``do`` names the change, the other keys say what and where. Elements are named by their place in
the conflict file, as faults are (``["decision_makers", "upstream", "preferences", 0]``).
"""

from __future__ import annotations

from dataclasses import replace

from detente.editing import preferences, ranking, remove, rename, reorder, statements, structure, views
from detente.editing.edit import Change, ConfirmationNeededError, Edit, Rewritten, moved
from detente.editing.reorder import carry_rankings
from detente.errors import Fault, InputError, UnknownNameError
from detente.io import checks
from detente.io.conflict_file import ConflictFile
from detente.model.conflict import Conflict
from detente.model.names import identifier

#: Every change by the name that an edit calls it.
CHANGES: dict[str, Change] = {
    **structure.CHANGES,
    **preferences.CHANGES,
    **ranking.CHANGES,
    **views.CHANGES,
    **statements.CHANGES,
    **reorder.CHANGES,
    **rename.CHANGES,
    **remove.CHANGES,
}


def edited(file: ConflictFile, edit: Edit) -> str:
    """Return the text of a conflict file after one change; raises as `edited_file`."""
    return edited_file(file, edit).text


def edited_file(file: ConflictFile, edit: Edit) -> ConflictFile:
    """Return a conflict file after one change, opened but not saved.

    Raises
    ------
    InputError
        When the change cannot be made or would leave the dispute at fault; nothing is changed then.
    UnagreedError
        When something that is to be removed is used elsewhere.
    UnknownNameError
        For a change or an element that there is not.
    """
    name = str(edit.get("do", ""))
    if name not in CHANGES:
        raise UnknownNameError("change", name, CHANGES)
    try:
        made = CHANGES[name](file.conflict, edit)
        changed = made.conflict if isinstance(made, Rewritten) else carry_rankings(file.conflict, made)
    except (KeyError, IndexError, TypeError, ValueError, OverflowError) as error:
        raise InputError(f"this change does not fit the dispute: {error}") from error
    faults = [_whose(changed, fault) for fault in checks.faults(changed)]
    if faults:
        raise InputError(faults)
    return file.changed(changed, made.in_text if isinstance(made, Rewritten) else None)


def _whose(conflict: Conflict, fault: Fault) -> Fault:
    """Say in a fault of preferences whose they are: what was changed may stand far from them."""
    match fault.at:
        case ("decision_makers", str(id), ("ranking" | "payoffs") as form, *_):
            return replace(fault, message=f"the {form} of {conflict.decision_maker(id).label}: {fault.message}")
    return fault


__all__ = ["CHANGES", "Change", "Edit", "ConfirmationNeededError", "edited", "edited_file", "identifier", "moved"]
