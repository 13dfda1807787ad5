"""From plain data to checked shapes: every fault of a file's form, in one go.

A faulty part is taken out and the rest looked at again, with whatever the part names still known, so that one fault
does not cause others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar

from pydantic import ValidationError

from detente.errors import Fault, nearest
from detente.io.yaml.fields import Shape
from detente.io.yaml.parse import Document
from detente.io.yaml.parse import Path as Place

S = TypeVar("S", bound=Shape)


class RemovedItems:
    """What is left after faulty parts were taken out: places can be found again, and what is lost is known.

    ``lost`` holds the places of what could not be read, as they are in the file.
    """

    def __init__(self) -> None:
        self._items: dict[Place, list[int]] = {}
        self.lost: set[Place] = set()

    def remove(self, at: Place, size: int, item: int) -> None:
        """Remember that an item, counted among those left, was taken out of a list of ``size``."""
        del self._items.setdefault(at, list(range(size)))[item]

    def original(self, at: Place) -> Place:
        """Return a place as it was before anything was taken out."""
        path: Place = ()
        for step in at:
            items = self._items.get(path)
            if items is not None and isinstance(step, int) and step < len(items):
                step = items[step]
            path = (*path, step)
        return path

    def misses(self, at: Place) -> bool:
        """Tell whether something at a place, or within it, could not be read."""
        return any(place[: len(at)] == at for place in self.lost)


def located(document: Document, fault: Fault, kept: RemovedItems) -> Fault:
    """Return a fault that knows its place in the model with its line and column in the file."""
    at = kept.original(fault.at)
    found = document.located(fault.message, at, word=fault.word, suggestion=fault.suggestion)
    return replace(found, at=at)


@dataclass(frozen=True)
class FileKind(Generic[S]):
    """What a kind of file looks like.

    ``shapes`` says which shape stands where (``*`` is any key), the file's own at ``()``; ``format`` is what its key
    ``format`` says; ``stand_ins`` goes on being read in place of what every file needs, where that is faulty; ``whole``
    names the lists in which what is left of a faulty entry would be another entry; ``lost`` where nothing can be read
    on without, and ``names`` the mappings whose keys stay known whatever is wrong with what they stand for.
    """

    shape: type[S]
    what: str
    format: str
    shapes: Mapping[tuple[str, ...], type[Shape]]
    stand_ins: Mapping[Place, str] = field(default_factory=dict)
    whole: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    names: tuple[tuple[str, ...], ...] = ()

    def known_keys(self, at: Place) -> tuple[str, ...]:
        """Return the keys that may stand in the mapping at a place."""
        for pattern, shape in self.shapes.items():
            if len(pattern) == len(at) and all(p in ("*", step) for p, step in zip(pattern, at, strict=True)):
                return keys_of(shape)
        return ()


def keys_of(shape: type[Shape]) -> tuple[str, ...]:
    """Return the keys of a shape as a file writes them."""
    return tuple(item.alias or name for name, item in shape.model_fields.items())


def validate(document: Document, kind: FileKind[S], faults: list[Fault]) -> tuple[S | None, RemovedItems]:
    """Check the shapes; take faulty parts out and look again, so that the rest can be checked further."""
    kept = RemovedItems()
    data = document.data
    if not isinstance(data, dict):
        faults.append(Fault(_not_a_mapping(data, kind), document.name, 1, 1))
        return None, kept
    if "format" not in data:
        faults.append(Fault(f"'format' is missing: begin the file with 'format: {kind.format}'", document.name, 1, 1))
        data = {**data, "format": kind.format}
    data = deepcopy(data)
    kept.lost |= {fault.at for fault in document.faults}
    for _ in range(1000):
        try:
            return kind.shape.model_validate(data), kept
        except ValidationError as error:
            errors = error.errors(include_url=False)
            told = {fault.at for fault in document.faults} | _misspelt(errors, kind)
            # What is wrong where something has been taken out is wrong because of that.
            new = [one for one in errors if not kept.misses(kept.original(_at(one)))]
            faults += [_shape_fault(document, one, kind, kept) for one in new if tuple(one["loc"]) not in told]
            parts = [_faulty_part(data, one, kind) for one in errors]
            if any(part is None for part in parts):
                return None, kept
            for one in errors:
                kept.lost |= {kept.original(place) for place in _unread(data, one, kind)}
            for part in _last_first({part for part in parts if part is not None}):
                _take_out(data, part, kind, kept)
            if not data:
                return None, kept
    return None, kept


def _last_first(parts: Iterable[Place]) -> list[Place]:
    """Sort places so that taking one item out of a list does not move another that is still to be taken out."""
    return sorted(
        parts,
        key=lambda at: [(isinstance(step, int), step if isinstance(step, int) else 0) for step in at],
        reverse=True,
    )


def _at(error: Any) -> Place:
    return tuple(step for step in error["loc"] if step != "[key]")


def _unread(data: Any, error: Any, kind: FileKind[Any]) -> Iterator[Place]:
    """Yield the places of what an error leaves unread."""
    *path, key = _at(error)
    yield (*path, key)
    if error["type"] == "extra_forbidden":
        # An unknown key may stand for any of those that are not there.
        there: Any = data
        for step in path:
            there = _entries(there).get(step)
        yield from ((*path, one) for one in kind.known_keys(tuple(path)) if one not in _entries(there))


def _misspelt(errors: list[Any], kind: FileKind[Any]) -> set[Place]:
    """Return where keys are missing that an unknown key was meant to be: they are not missing as well."""
    found: set[Place] = set()
    missing = {tuple(one["loc"]) for one in errors if one["type"] == "missing"}
    for one in errors:
        if one["type"] == "extra_forbidden":
            *path, key = one["loc"]
            near = nearest(str(key), kind.known_keys(tuple(path)))
            # In a short entry an unknown key is whatever is missing, however little the two are alike.
            found |= {(*path, near)} if near else {at for at in missing if path and at[:-1] == tuple(path)}
    return found


def _not_a_mapping(data: Any, kind: FileKind[Any]) -> str:
    what = "a list" if isinstance(data, list) else "plain text"
    keys = " and ".join(f"'{key}:'" for key in list(kind.known_keys(()))[1:3])
    return f"{kind.what} holds keys such as {keys}, and this is {what}"


def _shape_fault(document: Document, error: Any, kind: FileKind[Any], kept: RemovedItems) -> Fault:
    at = kept.original(_at(error))
    type_, context = error["type"], error.get("ctx", {})
    if type_ == "detente":
        return document.located(
            context["text"],
            at,
            word=context["word"],
            suggestion=context["suggestion"] if context["suggestion"] else None,
            column=context["column"],
        )
    if type_ == "extra_forbidden":
        key = str(at[-1])
        known = kind.known_keys(at[:-1])
        return document.located(f"unknown key '{key}'", at, suggestion=nearest(key, known), key=True)
    if type_ == "missing":
        return document.located(f"'{at[-1]}' is missing", at[:-1], key=True)
    return document.located(_expected(type_, error["input"], at), at)


def _expected(type_: str, given: Any, at: Place) -> str:
    wanted = {
        "string_type": "text",
        "list_type": "a list",
        "dict_type": "a mapping of keys to values",
        "model_type": "a mapping of keys to values",
        "model_attributes_type": "a mapping of keys to values",
        "too_short": "not empty",
    }.get(type_, "something else")
    what = f"'{at[-1]}'" if at and isinstance(at[-1], str) else "this entry"
    if type_ == "too_short":
        return f"{what} must not be empty"
    is_ = {list: "a list", dict: "a mapping", type(None): "nothing", str: f"the text '{given}'"}.get(type(given), "")
    return f"{what} must be {wanted}, and this is {is_}"


def _faulty_part(data: dict[str, Any], error: Any, kind: FileKind[Any]) -> Place | None:
    """Return the place of the smallest part that must be taken out; None if nothing can be taken out."""
    at: Place = tuple(error["loc"])
    if at in kind.stand_ins:
        return at
    if error["type"] == "missing":
        at = at[:-1] if len(at) > 1 else at
    if at[:1] and at[0] in kind.whole:
        # What is left of a rule would be another rule.
        at = at[:2]
    there: Place = ()
    here: Any = data
    for step in at:
        entries = _entries(here)
        if step not in entries:
            break
        there, here = (*there, step), entries[step]
    if not there or (len(at) == 1 and at[0] in kind.lost):
        return None
    if there == at and _keeps_names(here, at, kind):
        return at
    while there and not isinstance(there[-1], int) and _needed(there, error["type"]):
        there = there[:-1]
    return there or None


def _take_out(data: dict[str, Any], at: Place, kind: FileKind[Any], kept: RemovedItems) -> None:
    """Take a part out of the data, or put in its place what can stand for it."""
    container: Any = data
    for step in at[:-1]:
        container = _entries(container)[step]
    step = at[-1]
    if at in kind.stand_ins:
        container[step] = kind.stand_ins[at]
        return
    if isinstance(step, int):
        kept.remove(at[:-1], len(container), step)
        del container[list(container)[step] if isinstance(container, dict) else step]
        return
    here = container[step]
    if _keeps_names(here, at, kind):
        # The name stays known, and the options' names, whatever is wrong with what they stand for.
        bare = isinstance(here, dict) and "options" in here and set(here) != {"options"}
        container[step] = {"options": here["options"]} if bare else None
    else:
        del container[step]


def _entries(container: Any) -> dict[str | int, Any]:
    """Return what a part holds, by key or by place; a mapping that stands for a list is counted as well."""
    if isinstance(container, dict):
        return {**dict(enumerate(container.values())), **container}
    return dict(enumerate(container)) if isinstance(container, list) else {}


def _keeps_names(here: Any, at: Place, kind: FileKind[Any]) -> bool:
    return here is not None and any(_is_name(at, names) for names in kind.names)


def _is_name(at: Place, names: tuple[str, ...]) -> bool:
    return len(at) == len(names) + 1 and all(p in ("*", step) for p, step in zip(names, at, strict=False))


def _needed(at: Place, type_: str) -> bool:
    """Tell whether a key is one that its entry cannot do without, so that the whole entry must go."""
    return type_ != "extra_forbidden" and len(at) > 2 and at[-1] in ("when", "id", "weight", "direction", "order")
