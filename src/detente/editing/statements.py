"""How statements bear on each other, and what no statement can be to another.

Changes to what a dispute rests on: sources, statements, what each speaks for or against, and notes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from detente.editing.edit import (
    Change,
    ConfirmationNeededError,
    Edit,
    at,
    dated,
    distinct,
    put,
    text_or_none,
    with_maker,
    with_options,
    with_preferences,
    with_view,
)
from detente.errors import Fault, InputError, UnknownNameError
from detente.io.dossier_file import dossier_of
from detente.model.conflict import Conflict
from detente.model.evidence import Support, Testimony, link_fault
from detente.model.names import identifier, name_key
from detente.model.parts import View
from detente.model.preferences import Preferences, Prioritising, Ranking, Weights
from detente.model.statements import Source, Statement, next_number
from detente.reading.dossier_import import add_statements

#: The keys by which a statement names others, and how a page says so.
LINKS = {
    "contested_by": "disputed by",
    "withdrawn_by": "withdrawn by",
    "copy_of": "a copy of",
    "nested_in": "reported in",
}


def linked(statement: Statement, key: str) -> tuple[str, ...]:
    """Return the statements that a statement names by a key."""
    found = getattr(statement, key)
    return found if isinstance(found, tuple) else (found,) if found else ()


def refuse_nonsense(statements: Iterable[Statement], changed: Statement) -> None:
    """Refuse links of a statement to itself, to what is not there, and in a circle.

    Copies are one statement, so what holds of one of them holds of all.

    Raises
    ------
    UnknownNameError
        For a statement that there is not.
    InputError
        For a statement that would be linked to itself, directly or around a circle.
    """
    by_id = {one.id: one for one in statements}
    for key, words in LINKS.items():
        for other in linked(changed, key):
            if other not in by_id:
                raise UnknownNameError("statement", other, by_id)
            if other == changed.id:
                raise InputError(f"{changed.id} cannot be {words} itself")
    circle = link_fault(by_id.values())
    if circle is not None:
        raise InputError(f"{changed.id} would depend on itself: {circle.message}")
    original = Testimony(tuple(by_id.values())).original
    for one in by_id.values():
        for other in one.contested_by:
            if original[one.id] == original[changed.id] == original.get(other):
                raise InputError(f"{one.id} cannot be disputed by {other}: the two are copies of one statement")


def _add_source(conflict: Conflict, edit: Edit) -> Conflict:
    file = str(edit["file"])
    title = str(edit.get("title") or "").strip()
    id = identifier(title or file.rpartition("/")[2].partition(".")[0], [one.id for one in conflict.all_sources])
    return conflict.replaced(sources=[*conflict.sources, Source(id, title=title or None, file=file)])


_STATEMENT_FIELDS = ("source", "kind", "quote", "prefix", "suffix", "date_said", "note")


def _add_statement(conflict: Conflict, edit: Edit) -> Conflict:
    given: dict[str, Any] = {key: str(edit[key]) for key in _STATEMENT_FIELDS if edit.get(key)}
    spans = tuple((int(start), int(end)) for start, end in edit.get("spans", ()))
    about = tuple(str(id) for id in edit.get("about", ()))
    conflict, speaker = _with_speaker(conflict, edit)
    made = Statement(f"s{next_number(conflict.all_statements)}", speaker=speaker, spans=spans, about=about, **given)
    return conflict.replaced(statements=[*conflict.statements, made])


#: The fields that a form changes beside kind and speakers: what is typed or chosen, and what is kept.
_STATEMENT: dict[str, Callable[[Any], Any]] = {
    "kind": text_or_none,
    "date_said": dated,
    "note": text_or_none,
    "nested_in": text_or_none,
    "copy_of": text_or_none,
    "contested_by": distinct,
    "withdrawn_by": distinct,
    "proposed": bool,
}
_SOURCE: dict[str, Callable[[Any], Any]] = {
    "title": text_or_none,
    "publisher": text_or_none,
    "date": dated,
    "url": text_or_none,
    "note": text_or_none,
}


def _change_statement(conflict: Conflict, edit: Edit) -> Conflict:
    """Change any of a statement's fields that the edit gives."""
    place = statement_place(conflict, edit)
    changes = {key: read(edit[key]) for key, read in _STATEMENT.items() if key in edit}
    for key in ("speaker", "reported_by"):
        if key in edit:
            conflict, changes[key] = _with_speaker(conflict, edit, key)
    made = replace(conflict.statements[place], **changes)
    conflict = conflict.replaced(statements=put(conflict.statements, place, made))
    if not LINKS.keys().isdisjoint(changes):
        refuse_nonsense(conflict.all_statements, made)
    return conflict


def _change_source(conflict: Conflict, edit: Edit) -> Conflict:
    """Change any of a source's fields that the edit gives."""
    place = source_place(conflict, edit)
    made = replace(conflict.sources[place], **{key: read(edit[key]) for key, read in _SOURCE.items() if key in edit})
    return conflict.replaced(sources=put(conflict.sources, place, made))


def _with_speaker(conflict: Conflict, edit: Edit, key: str = "speaker") -> tuple[Conflict, str | None]:
    """Return who is meant by the name or identifier that was typed; somebody new is a speaker from now on."""
    typed = " ".join(str(edit.get(key) or "").split())
    if not typed or typed in conflict.all_speakers:
        return conflict, typed or None
    names = [*conflict.all_speakers.items(), *conflict.speaker_names.items()]
    known = next((id for id, name in names if name_key(name) == name_key(typed)), None)
    if known is not None:
        return conflict, known
    id = identifier(typed, list(conflict.all_speakers))
    return conflict.replaced(speakers={**conflict.speakers, id: typed}), id


def _add_statements(conflict: Conflict, edit: Edit) -> Conflict:
    """Add what a reader has found: a dossier, as `detente read --format json` prints it."""
    return add_statements(conflict, dossier_of(edit["dossier"]))


def _leave_open(conflict: Conflict, edit: Edit) -> Conflict:
    place = statement_place(conflict, edit)
    made = replace(conflict.statements[place], in_doubt=bool(edit["open"]))
    return conflict.replaced(statements=put(conflict.statements, place, made))


def statement_place(conflict: Conflict, edit: Edit) -> int:
    """Return which of this file's statements an edit names."""
    return _place(conflict.statements, "statement", edit["statement"])


def source_place(conflict: Conflict, edit: Edit) -> int:
    """Return which of this file's sources an edit names."""
    return _place(conflict.sources, "source", edit["source"])


def _place(items: Sequence[Source | Statement], what: str, id: object) -> int:
    ids = [one.id for one in items]
    if id not in ids:
        raise UnknownNameError(f"{what} in this file", id, ids, hint="it stands in a dossier")
    return ids.index(str(id))


def _link(conflict: Conflict, edit: Edit) -> Conflict:
    id = str(edit["statement"])
    _must_be_agreed(conflict, edit, id)
    return _with_grounds(conflict, edit, lambda ids: ids if id in ids else (*ids, id))


def _must_be_agreed(conflict: Conflict, edit: Edit, id: str) -> None:
    """Refuse to rest what one party can do on what another says, unless the edit says that this is meant."""
    place = edit["at"]
    of_an_option = len(place) == 4 and place[0] == "decision_makers" and place[2] == "options"
    if edit.get("agreed") is True or edit.get("key", "evidence") == "against" or not of_an_option:
        return
    labels = {maker.id: maker.label for maker in conflict.decision_makers}
    speaker = next((one.speaker for one in conflict.all_statements if one.id == id), None)
    if speaker in labels and speaker != place[1] and place[1] in labels:
        fault = Fault(f"{id} was said by {labels[speaker]}, and the option is of {labels[place[1]]}", at=tuple(place))
        effect = "The option then rests on another party's words."
        agreed = {**edit, "agreed": True}
        raise ConfirmationNeededError(
            "these are another party's words", [fault], agreed, "Link it all the same", effect
        )


def _unlink(conflict: Conflict, edit: Edit) -> Conflict:
    id = str(edit["statement"])
    return _with_grounds(conflict, edit, lambda ids: tuple(other for other in ids if other != id))


def _with_grounds(conflict: Conflict, edit: Edit, change: Callable[[tuple[str, ...]], tuple[str, ...]]) -> Conflict:
    if edit.get("key", "evidence") == "against":
        return with_support(conflict, edit["at"], lambda one: replace(one, against=change(one.against)))
    return with_support(conflict, edit["at"], lambda one: replace(one, evidence=change(one.evidence)))


def _note(conflict: Conflict, edit: Edit) -> Conflict:
    note = str(edit["note"]).strip()
    return with_support(conflict, edit["at"], lambda one: replace(one, note=note))


def with_support(conflict: Conflict, place: Sequence[str | int], change: Callable[[Support], Support]) -> Conflict:
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
        case ["rules" | "merge" | "history" as key, int(number)]:
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
    "change source": _change_source,
    "leave open": _leave_open,
    "link": _link,
    "unlink": _unlink,
    "note": _note,
}
