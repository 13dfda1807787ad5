"""Changes to how a decision maker sees the dispute: options that it does not see, and what it takes others to want."""

from __future__ import annotations

from dataclasses import replace

from detente.editing.edit import Change, Edit, believing, maker_of, with_view
from detente.errors import InputError
from detente.model.conflict import Conflict
from detente.model.evidence import UNSUPPORTED
from detente.model.preferences import Payoffs, Preferences, Prioritising, Ranking, Weights


def _unseen(conflict: Conflict, edit: Edit) -> Conflict:
    viewer = maker_of(conflict, edit).id
    unseen = {str(id) for id in edit["unseen"]}
    in_order = tuple(option.id for option in conflict.options if option.id in unseen)
    return with_view(conflict, viewer, lambda view: replace(view, does_not_see=in_order))


def _believe(conflict: Conflict, edit: Edit) -> Conflict:
    """Let somebody take another's preferences for others; they begin as they are, without their grounds."""
    viewer, maker = maker_of(conflict, edit, "believed_by"), maker_of(conflict, edit)
    if viewer is maker:
        raise InputError(f"{maker.label} knows its own preferences")
    if any(view.decision_maker == viewer.id and view.believed(maker.id) is not None for view in conflict.views):
        raise InputError(f"what {viewer.label} takes {maker.label} to want is written down already")
    begun = _ungrounded(maker.preferences)
    return with_view(conflict, viewer.id, lambda view: believing(view, {**dict(view.believes), maker.id: begun}))


def _see_as_is(conflict: Conflict, edit: Edit) -> Conflict:
    viewer, maker = maker_of(conflict, edit, "believed_by").id, maker_of(conflict, edit).id
    return with_view(
        conflict, viewer, lambda view: believing(view, {id: held for id, held in view.believes if id != maker})
    )


def _ungrounded(preferences: Preferences) -> Preferences:
    """Return preferences without what they rest on: that shows what is wanted, and nothing of what others think."""
    match preferences:
        case Prioritising():
            bare = tuple(replace(one, support=UNSUPPORTED) for one in preferences.statements)
            return replace(preferences, statements=bare)
        case Weights():
            return replace(preferences, weights=tuple(replace(one, support=UNSUPPORTED) for one in preferences.weights))
        case Ranking() | Payoffs():
            return replace(preferences, support=UNSUPPORTED)
    raise TypeError(f"no form of preferences: {type(preferences).__name__}")


CHANGES: dict[str, Change] = {
    "unseen options": _unseen,
    "believe otherwise": _believe,
    "see as it is": _see_as_is,
}
