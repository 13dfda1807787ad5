"""Reading and saving conflict files (``*.conflict.yaml``).

Reading goes through four steps — YAML, the shapes of the parts, the conflict, the checks of the whole — and collects
the faults of all four before it complains. A part that cannot be read is left out of the later steps, with whatever it
names still known, so that one fault does not cause others.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from detente.conflict.model import ConflictModel
from detente.errors import Fault, InputError, nearest
from detente.files import atomic, conflict_checks
from detente.files.conflict_building import build
from detente.files.conflict_shapes import FORMAT, ConflictShape, known_keys
from detente.files.yaml_text import MOST_BYTES, Document, read
from detente.files.yaml_text import Path as Place

C = TypeVar("C", bound=ConflictModel)


def read_conflict(path: str | Path, make: Callable[..., C] = ConflictModel) -> C:  # type: ignore[assignment]
    """Read a conflict file.

    Parameters
    ----------
    path
        The file.
    make
        The class of conflict to make.

    Raises
    ------
    InputError
        With every fault in the file, each with line and column.
    """
    return parse_conflict(file_text(path), str(path), make)


def parse_conflict(
    text: str,
    name: str = "<text>",
    make: Callable[..., C] = ConflictModel,  # type: ignore[assignment]
) -> C:
    """Read a conflict from the text of a conflict file; ``name`` stands for the file in messages."""
    return _parsed(text, name, make)[0]


def write_conflict(conflict: ConflictModel, path: str | Path) -> None:
    """Write a conflict as a new file, whole or not at all; see `ConflictFile.save` for a file with comments."""
    atomic.write_text(Path(path), dump_conflict(conflict))


def dump_conflict(conflict: ConflictModel) -> str:
    """Return a conflict as the text of a conflict file; reading it gives the same conflict."""
    # The writer is half of what a file costs to import, and most commands only read.
    from detente.files.conflict_writing import document_text

    return document_text(conflict)


@dataclass(frozen=True)
class ConflictFile:
    """A conflict file that is open: its text, its conflict, and what in it is worth a look."""

    path: Path
    text: str
    conflict: ConflictModel
    warnings: tuple[Fault, ...]

    @classmethod
    def open(cls, path: str | Path, make: Callable[..., ConflictModel] = ConflictModel) -> ConflictFile:
        """Read a file; raises as `read_conflict`."""
        text = file_text(path)
        conflict, document, kept = _parsed(text, str(path), make)
        found = (_located(document, fault, kept) for fault in conflict_checks.warnings(conflict))
        return cls(Path(path), text, conflict, tuple(sorted(found, key=_by_place)))

    def save(self, conflict: ConflictModel, path: str | Path | None = None) -> ConflictFile:
        """Write a changed conflict, keeping the comments and the look of everything that has not changed.

        Returns the file as it then is.
        """
        from detente.files.conflict_writing import merged_text

        target = Path(path) if path is not None else self.path
        text = merged_text(self.text, self.conflict, conflict)
        atomic.write_text(target, text)
        return ConflictFile.open(target, type(self.conflict))


def file_text(path: str | Path) -> str:
    """Return the text of a file.

    Raises
    ------
    InputError
        When there is none, with the nearest name in the folder; or when it is no text.
    """
    path = Path(path)
    name = str(path)
    try:
        if path.is_dir():
            raise InputError([Fault("this is a folder; name a file in it", name)])
        if path.stat().st_size > MOST_BYTES:
            raise InputError([Fault(f"more than {MOST_BYTES // 1_000_000} MB is no conflict file", name)])
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise InputError([_missing(path)]) from error
    except ValueError as error:
        raise InputError([Fault("this is no file name", repr(name))]) from error
    except OSError as error:
        raise InputError([Fault(f"cannot be read: {error.strerror}", name)]) from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - data.rfind(b"\n", 0, error.start)
        raise InputError([Fault("this is not UTF-8 text: save the file as UTF-8", name, line, column)]) from error


def _missing(path: Path) -> Fault:
    try:
        names = [other.name for other in path.parent.iterdir()]
    except OSError:
        names = []
    near = nearest(path.name, names)
    return Fault("there is no such file", str(path), suggestion=str(path.with_name(near)) if near else None)


def _parsed(text: str, name: str, make: Callable[..., C]) -> tuple[C, Document, _Kept]:
    document = read(text, name)
    faults = list(document.faults)
    shape, kept = _shaped(document, faults)
    conflict: C | None = None
    if shape is not None:
        try:
            conflict = build(shape, make)
        except InputError as error:
            faults += [_located(document, fault, kept) for fault in error.faults]
        else:
            found = list(conflict_checks.faults(conflict))
            # With something left out, what looks incomplete may only be unread.
            sure = found if not faults else [fault for fault in found if fault.message.startswith("unknown")]
            faults += [_located(document, fault, kept) for fault in sure]
    if faults or conflict is None:
        unique = {(fault.line, fault.column, fault.message): fault for fault in faults}
        raise InputError(sorted(unique.values(), key=_by_place))
    return conflict, document, kept


def _by_place(fault: Fault) -> tuple[int, int]:
    return fault.line or 0, fault.column or 0


class _Kept:
    """Which items of each list are left after faulty ones were taken out, so that places can be found again."""

    def __init__(self) -> None:
        self._items: dict[Place, list[int]] = {}

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


def _located(document: Document, fault: Fault, kept: _Kept) -> Fault:
    at = kept.original(fault.at)
    found = document.located(fault.message, at, word=fault.word, suggestion=fault.suggestion)
    return replace(found, at=at)


def _shaped(document: Document, faults: list[Fault]) -> tuple[ConflictShape | None, _Kept]:
    """Check the shapes; take faulty parts out and look again, so that the rest can be checked further."""
    kept = _Kept()
    data = document.data
    if not isinstance(data, dict):
        faults.append(Fault(_not_a_mapping(data), document.name, 1, 1))
        return None, kept
    if "decisionMakers" in data:
        message = "this is a .gmcr file: turn it into a conflict file with 'detente import'"
        faults.append(Fault(message, document.name, 1, 1))
        return None, kept
    if "format" not in data:
        faults.append(Fault(f"'format' is missing: begin the file with 'format: {FORMAT}'", document.name, 1, 1))
        data = {**data, "format": FORMAT}
    data = deepcopy(data)
    for _ in range(1000):
        try:
            return ConflictShape.model_validate(data), kept
        except ValidationError as error:
            errors = error.errors(include_url=False)
            told = {fault.at for fault in document.faults} | {_misspelt(one) for one in errors}
            faults += [_shape_fault(document, one, kept) for one in errors if tuple(one["loc"]) not in told]
            if not all(_taken_out(data, tuple(one["loc"]), one["type"], kept) for one in _last_first(errors)):
                return None, kept
    return None, kept


def _last_first(errors: list[Any]) -> list[Any]:
    """Sort errors so that taking one item out of a list does not move another that is still to be taken out."""
    return sorted(
        errors,
        key=lambda one: [(isinstance(step, int), step if isinstance(step, int) else 0) for step in one["loc"]],
        reverse=True,
    )


def _misspelt(error: Any) -> Place | None:
    """Return where the key belongs that an unknown key was meant to be: it is not missing as well."""
    if error["type"] != "extra_forbidden":
        return None
    *path, key = error["loc"]
    near = nearest(str(key), known_keys(tuple(path)))
    return (*path, near) if near else None


def _not_a_mapping(data: Any) -> str:
    what = "a list" if isinstance(data, list) else "plain text"
    return f"a conflict file holds keys such as 'title:' and 'decision_makers:', and this is {what}"


def _shape_fault(document: Document, error: Any, kept: _Kept) -> Fault:
    at = kept.original(tuple(step for step in error["loc"] if step != "[key]"))
    kind, context = error["type"], error.get("ctx", {})
    if kind == "detente":
        return document.located(
            context["text"],
            at,
            word=context["word"],
            suggestion=context["suggestion"] if context["suggestion"] else None,
            column=context["column"],
        )
    if kind == "extra_forbidden":
        key = str(at[-1])
        known = known_keys(at[:-1])
        return document.located(f"unknown key '{key}'", at, suggestion=nearest(key, known), key=True)
    if kind == "missing":
        return document.located(f"'{at[-1]}' is missing", at[:-1], key=True)
    return document.located(_expected(kind, error["input"], at), at)


def _expected(kind: str, given: Any, at: Place) -> str:
    wanted = {
        "string_type": "text",
        "list_type": "a list",
        "dict_type": "a mapping of keys to values",
        "model_type": "a mapping of keys to values",
        "model_attributes_type": "a mapping of keys to values",
        "too_short": "not empty",
    }.get(kind, "something else")
    what = f"'{at[-1]}'" if at and isinstance(at[-1], str) else "this entry"
    if kind == "too_short":
        return f"{what} must not be empty"
    is_ = {list: "a list", dict: "a mapping", type(None): "nothing", str: f"the text '{given}'"}.get(type(given), "")
    return f"{what} must be {wanted}, and this is {is_}"


def _taken_out(data: dict[str, Any], at: Place, kind: str, kept: _Kept) -> bool:
    """Take the smallest faulty part out of the data; False when nothing can be taken out, or nothing is left then."""
    if at in _STAND_INS:
        data[str(at[0])] = _STAND_INS[at]
        return True
    if kind == "missing":
        at = at[:-1] if len(at) > 1 else at
    if at[:1] == ("rules",):
        # What is left of a rule would be another rule.
        at = at[:2]
    chain: list[tuple[Any, str | int]] = []
    here: Any = data
    for step in at:
        exists = (isinstance(here, dict) and step in here) or (
            isinstance(here, list) and isinstance(step, int) and step < len(here)
        )
        if not exists:
            break
        chain.append((here, step))
        here = here[step]
    if not chain or at == ("decision_makers",):
        return False
    if at[:1] == ("decision_makers",) and len(chain) in (2, 4) and at[2:3] in ((), ("options",)) and here is not None:
        # The name stays known, and the options' names, whatever is wrong with what they stand for.
        container, step = chain[-1]
        bare = isinstance(here, dict) and len(chain) == 2 and set(here) != {"options"}
        container[step] = {"options": here.get("options", [])} if bare else None
        return True
    while chain and not isinstance(chain[-1][1], int) and _needed(at[: len(chain)], kind):
        chain.pop()
    if not chain:
        return False
    container, step = chain[-1]
    if isinstance(step, int):
        kept.remove(at[: len(chain) - 1], len(container), step)
    del container[step]
    return bool(data)


#: What goes on being read in place of what every file needs, where that is faulty or missing.
_STAND_INS: dict[Place, str] = {("format",): FORMAT, ("title",): "untitled"}


def _needed(at: Place, kind: str) -> bool:
    """Tell whether a key is one that its entry cannot do without, so that the whole entry must go."""
    return kind != "extra_forbidden" and len(at) > 2 and at[-1] in ("when", "id", "weight", "direction", "order")
