"""The generic changes to a dispute: set, add, remove and move the element at a place in its file.

A place is the path to an element through the keys of the file, as in faults: ``["rules", 0, "note"]``; statements and
sources can be given by their identifiers too. The table of the file's fields (`detente.io.yaml.schema`) defines what is
valid where: form values are parsed and checked as if they had been written in the file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from detente.errors import Fault, InputError, UnknownNameError
from detente.io.yaml.build import build_conflict
from detente.io.yaml.fields import Element, Entries, Field, Items, Keyed, Kind, Optional, Scalar, Whole
from detente.io.yaml.schema import CONFLICT
from detente.io.yaml.validate import read_value
from detente.io.yaml.write import conflict_data
from detente.model.conflict import Conflict
from detente.model.names import identifier

Edit = Mapping[str, Any]
FieldPath = tuple[str | int, ...]
_Item = TypeVar("_Item")

#: The name of each form of preferences in messages.
FORM_WORDS = {"preferences": "a list", "ranking": "a ranking", "weights": "weights", "payoffs": "payoffs"}
#: The name of an entry of a mapping in messages.
_ENTRIES = {
    "decision_makers": "decision maker",
    "options": "option",
    "states": "named state",
    "speakers": "speaker in this file",
    "statements": "statement in this file",
    "sources": "source in this file",
    "believes": "belief",
}


@dataclass(frozen=True)
class Rewritten:
    """A dispute after a change, and a function that rewrites the text accordingly.

    Changes of names or positions that affect the whole file supply their own rewriting of the text.
    """

    conflict: Conflict
    in_text: Callable[[str], str]


Change = Callable[[Conflict, Edit], Conflict | Rewritten]


class ConfirmationNeededError(InputError):
    """A change that a person has to confirm first; ``faults`` give the reasons.

    ``summary`` says why the change was not made; ``offer`` contains the edit that makes it anyway, the label of its
    button, and its effect.
    """

    def __init__(self, summary: str, faults: Iterable[Fault], edit: Edit, button: str, effect: str) -> None:
        super().__init__(faults)
        self.summary = summary
        self.offer: Mapping[str, Any] = {"edit": edit, "button": button, "effect": effect}

    def __str__(self) -> str:
        return f"{self.summary}: {'; '.join(fault.message for fault in self.faults)}"


# The parts of an edit


def place_of(edit: Edit, key: str = "at") -> FieldPath:
    """Return the place that an edit names."""
    steps = edit[key]
    if not isinstance(steps, list | tuple) or not steps or not all(isinstance(step, str | int) for step in steps):
        raise TypeError("a place must be a list of keys and numbers")
    return tuple(steps)


def named(edit: Edit) -> str:
    """Return the name that an edit gives."""
    name = str(edit["name"]).strip()
    if not name:
        raise InputError([Fault("enter a name")])
    return name


def item_at(items: Sequence[_Item], place: int) -> _Item:
    """Return the item at a place, counted from 0."""
    if not 0 <= place < len(items):
        raise IndexError(f"there is no entry {place + 1}")
    return items[place]


def put(items: Sequence[_Item], place: int, item: _Item) -> tuple[_Item, ...]:
    """Return the items with the one at a place replaced."""
    item_at(items, place)
    return (*items[:place], item, *items[place + 1 :])


def without(items: Sequence[_Item], place: int) -> tuple[_Item, ...]:
    """Return the items without the one at a place."""
    item_at(items, place)
    return (*items[:place], *items[place + 1 :])


def moved(items: Sequence[_Item], place: int, to: int) -> tuple[_Item, ...]:
    """Return the items with one of them moved to another place."""
    item = item_at(items, place)
    item_at(items, to)
    rest = without(items, place)
    return (*rest[:to], item, *rest[to:])


# A dispute as plain data


def with_data(conflict: Conflict, data: Mapping[str, Any]) -> Conflict:
    """Return the dispute that the data describe; a view that does not differ from the dispute is dropped."""
    views = {id: view for id, view in data.get("views", {}).items() if any(view.values())}
    return build_conflict(read_value(CONFLICT, {**data, "views": views}), conflict.dossiers)


def bare(kind: Kind) -> Kind:
    """Return a kind of value without its wrappers, such as that it is optional or checked as a whole."""
    while isinstance(kind, Optional | Whole):
        kind = kind.kind
    return kind


def _given(value: Any) -> Any:
    """Return a form's value as data of a file: text without surrounding spaces, and lists without duplicates."""
    if isinstance(value, dict):
        return {key: _given(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        items = [_given(item) for item in value]
        return list(dict.fromkeys(items)) if all(isinstance(item, str) for item in items) else items
    return value if value is None else str(value).strip()


def _field(element: Element, data: Mapping[str, Any], key: str | int) -> Field:
    """Return the field of an element that a key refers to."""
    if key not in element.by_key:
        raise UnknownNameError("key", key, element.by_key)
    given = next((form for form in FORM_WORDS if form in element.by_key and data.get(form)), key)
    if key in FORM_WORDS and given != key and not data.get(str(key)):
        # The edit comes from an outdated page.
        raise InputError(f"these preferences are {FORM_WORDS[str(given)]}, not {FORM_WORDS[str(key)]}")
    return element.by_key[str(key)]


def _entry(kind: Kind) -> Kind:
    """Return the kind of each entry of a list or a mapping."""
    if isinstance(kind, Keyed):
        return kind.element
    assert isinstance(kind, Entries | Items)
    return kind.kind


def _index(items: Sequence[Any], step: str | int, of: str | int) -> int:
    """Return the index of the list entry that a step of a place refers to, by number or identifier."""
    if isinstance(step, int):
        item_at(items, step)
        return step
    ids = [one.get("id") if isinstance(one, dict) else None for one in items]
    if step not in ids:
        named = _ENTRIES.get(str(of), "element")
        raise UnknownNameError(named, step, filter(None, ids), hint="it is part of a dossier")
    return ids.index(step)


def _must_have(data: Mapping[Any, Any], key: str | int, of: str | int) -> None:
    """Raise an error if a mapping lacks a key, unless setting the key creates the entry."""
    if key not in data and of not in ("attitudes", "views", "one_way"):
        raise UnknownNameError(_ENTRIES.get(str(of), "element"), key, data)


def changed(
    data: Any, place: Sequence[str | int], change: Callable[[Any, Kind], Any], kind: Kind = CONFLICT, of: str | int = ""
) -> Any:
    """Return data with the value at a place replaced by ``change(value, kind)``; None removes it."""
    kind = bare(kind)
    if data is None:
        data = [] if isinstance(kind, Items) else None if isinstance(kind, Scalar) else {}
    if not place:
        return change(data, kind)
    step, *rest = place
    if isinstance(kind, Element):
        made = changed(data.get(step), rest, change, _field(kind, data, step).kind, step)
        return {**{key: item for key, item in data.items() if key != step}, **({} if made is None else {step: made})}
    if isinstance(kind, Keyed | Entries):
        _must_have(data, step, of)
        return {**data, step: changed(data.get(step), rest, change, _entry(kind), step)}
    if isinstance(kind, Items):
        index = _index(data, step, of)
        return list(put(data, index, changed(data[index], rest, change, _entry(kind), step)))
    raise UnknownNameError("element", "/".join(map(str, place)))


def value_at(data: Mapping[str, Any], place: FieldPath) -> Any:
    """Return the value at a place of the data of a file."""
    found: list[Any] = []
    changed(data, place, lambda value, kind: found.append(value))
    return found[0]


# The changes


def set_value(conflict: Conflict, edit: Edit) -> Conflict:
    """Set the value at a place; an empty or blank value removes it."""
    return with_value(conflict, place_of(edit), edit["value"])


def with_value(conflict: Conflict, place: FieldPath, value: Any) -> Conflict:
    """Return a dispute with the value at a place replaced."""
    *above, last = place
    given = _given(value)
    if given == "" and (last == "name" or place == ("title",)):
        raise InputError([Fault(f"enter a {last}")])
    return with_data(
        conflict, changed(conflict_data(conflict), above, lambda data, kind: _set(data, kind, place, given))
    )


def _set(data: Any, kind: Kind, place: FieldPath, value: Any) -> Any:
    key, of = place[-1], place[-2] if len(place) > 1 else ""
    if isinstance(kind, Items):
        index = _index(data, key, of)
        return list(put(data, index, _over(data[index], _entry(kind), value)))
    if isinstance(kind, Element):
        inner, is_required = _field(kind, data, key).kind, _field(kind, data, key).is_required
    else:
        _must_have(data, key, of)
        inner, is_required = _entry(kind), False
    if value in (None, "") and not is_required:
        return {other: item for other, item in data.items() if other != key}
    return {**data, key: _over(data.get(key), inner, value)}


def _over(before: Any, kind: Kind, value: Any) -> Any:
    """Return a value that replaces another; an element keeps its evidence unless other evidence is given."""
    kind = bare(kind)
    if isinstance(kind, Items) and isinstance(value, str):
        return [line.strip() for line in value.splitlines() if line.strip()]
    if not isinstance(kind, Element) or not isinstance(before, dict):
        return value
    if isinstance(value, dict):
        grounds = {one.key for one in kind.grounds}
        return {key: item for key, item in before.items() if key in grounds} | value
    return before | kind.long_form(value)


def add(conflict: Conflict, edit: Edit) -> Conflict:
    """Add an entry to the list or the mapping at a place; the other keys of the edit give its content.

    In a mapping its identifier is made from its name; a named state has its name as its key.
    """
    place = place_of(edit)
    given = _given({key: value for key, value in edit.items() if key not in ("do", "at")})

    def added(data: Any, kind: Kind) -> Any:
        if isinstance(kind, Items):
            return [*data, given]
        name = named(edit)
        if place[-1] == "states":
            if name in data:
                raise InputError([Fault(f"there is already a state '{name}'")])
            return {**data, name: {key: value for key, value in given.items() if key != "name"}}
        id = identifier(name, list(conflict.owner if place[-1] == "options" else conflict.all_speakers))
        return {**data, id: given if isinstance(kind, Keyed) else name}

    return with_data(conflict, changed(conflict_data(conflict), place, added))


def remove(conflict: Conflict, edit: Edit) -> Conflict:
    """Remove the value at a place."""
    place = place_of(edit)
    *above, last = place

    def removed(data: Any, kind: Kind) -> Any:
        if isinstance(kind, Items):
            return list(without(data, _index(data, last, above[-1])))
        if isinstance(kind, Keyed | Entries) and last not in data:
            raise UnknownNameError(_ENTRIES.get(str(above[-1]), "element"), last, data)
        return {key: item for key, item in data.items() if key != last}

    return with_data(conflict, changed(conflict_data(conflict), above, removed))


def move(conflict: Conflict, edit: Edit) -> Conflict:
    """Move an entry of a list to another place in it."""
    *above, last = place_of(edit)
    if not isinstance(last, int):
        raise TypeError("the place of a move must end in a number")
    to = int(edit["to"])
    return with_data(conflict, changed(conflict_data(conflict), above, lambda data, kind: list(moved(data, last, to))))
