"""Changes to what a dispute rests on: sources, statements, what each speaks for or against, and notes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from detente.conflict.identifiers import identifier, same_name
from detente.conflict.model import ConflictModel
from detente.conflict.preferences import Preferences, Prioritising, Ranking, Weights
from detente.conflict.support import Support
from detente.conflict.views import View
from detente.dossier import Source, Statement
from detente.dossier.numbering import next_number
from detente.errors import UnknownNameError
from detente.files.dossier_file import dossier_of
from detente.reading.beginning import with_statements
from detente.web.editing.finding import (
    Change,
    Edit,
    at,
    put,
    with_maker,
    with_options,
    with_preferences,
    with_view,
    without,
)


def _add_source(conflict: ConflictModel, edit: Edit) -> ConflictModel:
    file = str(edit["file"])
    title = str(edit.get("title") or "").strip()
    id = identifier(title or file.rpartition("/")[2].partition(".")[0], [one.id for one in conflict.all_sources])
    return conflict.replaced(sources=[*conflict.sources, Source(id, title=title or None, file=file)])


_STATEMENT_FIELDS = ("source", "kind", "quote", "prefix", "suffix", "date_said", "note")


def _add_statement(conflict: ConflictModel, edit: Edit) -> ConflictModel:
    given: dict[str, Any] = {key: str(edit[key]) for key in _STATEMENT_FIELDS if edit.get(key)}
    spans = tuple((int(start), int(end)) for start, end in edit.get("spans", ()))
    about = tuple(str(id) for id in edit.get("about", ()))
    conflict, speaker = _with_speaker(conflict, edit)
    made = Statement(f"s{next_number(conflict.all_statements)}", speaker=speaker, spans=spans, about=about, **given)
    return conflict.replaced(statements=[*conflict.statements, made])


def _change_statement(conflict: ConflictModel, edit: Edit) -> ConflictModel:
    place = _statement_place(conflict, edit)
    changes: dict[str, Any] = {}
    if "kind" in edit:
        changes["kind"] = str(edit["kind"]) or None
    if "speaker" in edit:
        conflict, changes["speaker"] = _with_speaker(conflict, edit)
    made = replace(conflict.statements[place], **changes)
    return conflict.replaced(statements=put(conflict.statements, place, made))


def _with_speaker(conflict: ConflictModel, edit: Edit) -> tuple[ConflictModel, str | None]:
    """Return who is meant by the name or identifier that was typed; somebody new is a speaker from now on."""
    typed = " ".join(str(edit.get("speaker") or "").split())
    if not typed or typed in conflict.all_speakers:
        return conflict, typed or None
    names = [*conflict.all_speakers.items(), *conflict.speaker_names.items()]
    known = next((id for id, name in names if same_name(name) == same_name(typed)), None)
    if known is not None:
        return conflict, known
    id = identifier(typed, list(conflict.all_speakers))
    return conflict.replaced(speakers={**conflict.speakers, id: typed}), id


def _add_statements(conflict: ConflictModel, edit: Edit) -> ConflictModel:
    """Add what a reader has found: a dossier, as `detente read --format json` prints it."""
    return with_statements(conflict, dossier_of(edit["dossier"]))


def _remove_statement(conflict: ConflictModel, edit: Edit) -> ConflictModel:
    place = _statement_place(conflict, edit)
    return conflict.replaced(statements=without(conflict.statements, place))


def _leave_open(conflict: ConflictModel, edit: Edit) -> ConflictModel:
    place = _statement_place(conflict, edit)
    made = replace(conflict.statements[place], in_doubt=bool(edit["open"]))
    return conflict.replaced(statements=put(conflict.statements, place, made))


def _statement_place(conflict: ConflictModel, edit: Edit) -> int:
    ids = [statement.id for statement in conflict.statements]
    if edit["statement"] not in ids:
        raise UnknownNameError("statement in this file", edit["statement"], ids, hint="it stands in a dossier")
    return ids.index(edit["statement"])


def _link(conflict: ConflictModel, edit: Edit) -> ConflictModel:
    id = str(edit["statement"])
    return _with_grounds(conflict, edit, lambda ids: ids if id in ids else (*ids, id))


def _unlink(conflict: ConflictModel, edit: Edit) -> ConflictModel:
    id = str(edit["statement"])
    return _with_grounds(conflict, edit, lambda ids: tuple(other for other in ids if other != id))


def _with_grounds(
    conflict: ConflictModel, edit: Edit, change: Callable[[tuple[str, ...]], tuple[str, ...]]
) -> ConflictModel:
    if edit.get("key", "evidence") == "against":
        return supported(conflict, edit["at"], lambda one: replace(one, against=change(one.against)))
    return supported(conflict, edit["at"], lambda one: replace(one, evidence=change(one.evidence)))


def _note(conflict: ConflictModel, edit: Edit) -> ConflictModel:
    note = str(edit["note"]).strip()
    return supported(conflict, edit["at"], lambda one: replace(one, note=note))


def supported(
    conflict: ConflictModel, place: Sequence[str | int], change: Callable[[Support], Support]
) -> ConflictModel:
    """Return a conflict in which the grounds of the element at a place are otherwise."""

    def changed(element: Any) -> Any:
        return replace(element, support=change(element.support))

    match list(place):
        case ["decision_makers", str(id)]:
            return with_maker(conflict, {"maker": id}, changed)
        case ["decision_makers", str(_), "options", str(option)]:
            return with_options(conflict, {"option": option}, lambda all, one: put(all, one, changed(all[one])))
        case ["decision_makers", str(id), str(key), *rest]:
            return with_preferences(conflict, {"maker": id}, lambda held: _supported_within(held, key, rest, changed))
        case ["rules" | "merge" as key, int(number)]:
            items = getattr(conflict, key)
            return conflict.replaced(**{key: put(items, number, changed(at(items, number)))})
        case ["one_way", str(option)]:
            return conflict.replaced(
                one_way=[changed(mark) if mark.option == option else mark for mark in conflict.one_way]
            )
        case ["status_quo"] if conflict.status_quo:
            return conflict.replaced(status_quo=changed(conflict.status_quo))
        case ["states", str(name)]:
            return conflict.replaced(
                states=[changed(state) if state.name == name else state for state in conflict.states]
            )
        case ["views", str(viewer)]:
            return with_view(conflict, viewer, changed)
        case ["views", str(viewer), "believes", str(other)]:
            return with_view(conflict, viewer, lambda view: _believed_on(view, other, change))
        case ["views", str(viewer), "believes", str(other), str(key), *rest]:
            within = {"maker": other, "believed_by": viewer}
            return with_preferences(conflict, within, lambda held: _supported_within(held, key, rest, changed))
    raise UnknownNameError("element", "/".join(map(str, place)))


def _believed_on(view: View, other: str, change: Callable[[Support], Support]) -> View:
    if view.believed(other) is None:
        raise UnknownNameError("belief", other, dict(view.believes))
    return replace(view, grounds=tuple({**dict(view.grounds), other: change(view.grounds_of(other))}.items()))


def _supported_within(
    held: Preferences, key: str, place: Sequence[str | int], changed: Callable[[Any], Any]
) -> Preferences:
    match held, key, list(place):
        case Prioritising(), "preferences", [int(number)]:
            one = at(held.statements, number)
            return replace(held, statements=put(held.statements, number, changed(one)))
        case Weights(), "weights", [int(number)]:
            weight = at(held.weights, number)
            return replace(held, weights=put(held.weights, number, changed(weight)))
        case Ranking(), "ranking", []:
            made: Ranking = changed(held)
            return made
    raise UnknownNameError("element", "/".join(map(str, (key, *place))))


CHANGES: dict[str, Change] = {
    "add source": _add_source,
    "add statement": _add_statement,
    "add statements": _add_statements,
    "change statement": _change_statement,
    "remove statement": _remove_statement,
    "leave open": _leave_open,
    "link": _link,
    "unlink": _unlink,
    "note": _note,
}
