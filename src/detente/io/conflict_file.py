"""Reading and saving conflict files (``*.conflict.yaml``), and opening a dispute from any kind of file.

Reading has four steps (YAML, the fields of each part, the conflict, the checks of the whole) and collects the faults of
all four before it reports them. A part that cannot be read is left out of the later steps, but the names in it stay
known, so that one fault does not cause others.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente import examples
from detente.errors import Fault, InputError
from detente.io import checks, files
from detente.io.checks import ONLY_PROPOSED, UNUSED_STATEMENT
from detente.io.dossier_file import read_dossiers
from detente.io.files import read_text
from detente.io.yaml.build import GivenState, build_conflict
from detente.io.yaml.parse import YamlDocument, explain_look_alikes, parse_yaml
from detente.io.yaml.plain import without_collection
from detente.io.yaml.reading import RemovedItems
from detente.io.yaml.schema import CONFLICT
from detente.io.yaml.validate import located, validate
from detente.io.yaml.write import dump_conflict
from detente.lazy import dataclass, lazy
from detente.limits import MAX_FAULTS, MAX_MODEL_ELEMENTS
from detente.model.conflict import Conflict
from detente.model.evidence import Path as Place
from detente.model.wording import counted, listed

if TYPE_CHECKING:
    from detente.io import gmcr
    from detente.io.yaml import merge
else:
    gmcr, merge = lazy("detente.io.gmcr"), lazy("detente.io.yaml.merge")

#: The prefix that marks a dispute of the catalogue in place of a file.
EXAMPLE = "example:"
#: The endings of the names of dispute files.
CONFLICT_ENDINGS = (".conflict.yaml", ".conflict.yml", ".gmcr")
_MANY = frozenset(("sources", "statements", "skipped", "links", "speakers", "ranking", "payoffs"))
#: The maximum number of statements, or of parts of the model, that one warning for all of them names.
MAX_NAMED = 3


def load(path: str | Path) -> Conflict:
    """Read a conflict file or a ``.gmcr`` file; ``example:ID`` stands for a dispute of the catalogue.

    A warning lists the content of a ``.gmcr`` file that a conflict cannot express.

    Raises
    ------
    InputError
        With every fault in the file, each with line and column.
    UnknownNameError
        For an example that is not in the catalogue.
    """
    opened = open_conflict(path)
    if opened.is_gmcr:
        for finding in opened.warnings:
            warnings.warn(str(finding), stacklevel=2)
    return opened.conflict


def example(id: str) -> Conflict:
    """Read a dispute of the catalogue."""
    return load(f"{EXAMPLE}{id}")


def open_conflict(path: str | Path) -> ConflictFile:
    """Read a file as `load` does, and return the conflict with its text and warnings."""
    if str(path).startswith(EXAMPLE):
        path = Path(str(examples.path(str(path).removeprefix(EXAMPLE))))
    if Path(path).suffix.lower() != ".gmcr":
        return ConflictFile.of(read_text(path), path)
    text = read_text(path)
    found = gmcr.parse_gmcr(text, str(path))
    return ConflictFile(Path(path), text, found.conflict, found.warnings)


def conflict_files(path: str | Path) -> list[str]:
    """Return the conflict files of a folder and its subfolders, sorted; for any other path, the path itself.

    Raises
    ------
    InputError
        For a folder without conflict files.
    """
    folder = Path(path)
    if path == "" or not folder.is_dir():
        return [str(path)]
    found = sorted(
        file
        for file in folder.rglob("*")
        if file.name.lower().endswith(CONFLICT_ENDINGS)
        and not any(part.startswith(".") for part in file.relative_to(folder).parts)
        and file.is_file()
    )
    if not found:
        endings = ", ".join(f"*{ending}" for ending in CONFLICT_ENDINGS)
        raise InputError([Fault(f"there is no conflict file ({endings}) in this folder", str(path))])
    return [str(file) for file in found]


def write_conflict(conflict: Conflict, path: str | Path) -> None:
    """Write a conflict as a new file, completely or not at all; see `ConflictFile.save` for a file with comments."""
    files.write_text(Path(path), dump_conflict(conflict))


@dataclass(frozen=True)
class ConflictFile:
    """An open file: its text, its conflict, and the content ``left_out`` because a conflict cannot express it."""

    path: Path
    text: str
    conflict: Conflict
    left_out: tuple[str, ...] = ()

    @property
    def is_gmcr(self) -> bool:
        """Whether it is a GMCR+ file, which cannot be saved."""
        return self.path.suffix.lower() == ".gmcr"

    @classmethod
    def open(cls, path: str | Path) -> ConflictFile:
        """Read a conflict file; raises as `load`."""
        return cls.of(read_text(path), path)

    @classmethod
    def of(cls, text: str, path: str | Path) -> ConflictFile:
        """Parse the text of a file, existing or new; raises as `load`."""
        return cls(Path(path), text, parse_conflict(text, str(path)))

    @cached_property
    def warnings(self) -> tuple[Fault, ...]:
        """The warnings about the file, in its order."""
        if self.is_gmcr:
            return tuple(Fault(one, str(self.path)) for one in self.left_out)
        return self._findings[0]

    @cached_property
    def judgements(self) -> tuple[Fault, ...]:
        """The elements without evidence, in the order of the file."""
        return () if self.is_gmcr else self._findings[1]

    @cached_property
    def _findings(self) -> tuple[tuple[Fault, ...], tuple[Fault, ...]]:
        """The warnings and the judgements: the places of both are found in one pass over the text."""
        document = parse_yaml(self.text, str(self.path))
        warned, judged = (
            tuple(sorted((located(document, fault) for fault in found(self.conflict)), key=_by_place))
            for found in (checks.warnings, checks.judgements)
        )
        return warned, judged

    def save(self, conflict: Conflict, path: str | Path | None = None) -> ConflictFile:
        """Write a changed conflict, keeping the comments and the layout of everything that has not changed.

        Returns the file as saved.
        """
        target = Path(path) if path is not None else self.path
        files.write_text(target, self.text_with(conflict))
        return ConflictFile.open(target)

    def text_with(self, conflict: Conflict) -> str:
        """Return the text of the file after a change, after checking that it parses to the changed conflict."""
        return self.changed(conflict).text

    def changed(self, conflict: Conflict, in_text: Callable[[str], str] | None = None) -> ConflictFile:
        """Return the file after a change, opened but not saved, after checking that its text parses to the conflict.

        ``in_text`` makes the change in the text, for changes that are better made there than by comparing two
        conflicts.
        """
        for text in merge.merged_texts(self.text, self.conflict, conflict, in_text):
            with suppress(InputError):
                found = ConflictFile.of(text, self.path)
                if found.conflict == conflict:
                    return found
        return ConflictFile.of(dump_conflict(conflict), self.path)


def parse_conflict(text: str, name: str = "<text>") -> Conflict:
    """Parse the text of a conflict file; ``name`` stands for the file in messages."""
    with without_collection():
        return _parsed(text, name)


def _parsed(text: str, name: str) -> Conflict:
    document = parse_yaml(text, name)
    if isinstance(document.data, dict) and "decisionMakers" in document.data:
        raise InputError(
            [Fault("this is a .gmcr file; convert it to a conflict file with 'detente import'", name, 1, 1)]
        )
    _must_be_a_model(document)
    faults = list(document.faults)
    values, removed = validate(document, CONFLICT, "a conflict file", faults)
    conflict: Conflict | None = None
    if values is not None:
        unread: list[Fault] = []
        dossiers = read_dossiers(values["dossier"], document, unread)
        removed.lost |= {("dossier",)} if unread else set()
        try:
            conflict = build_conflict(values, dossiers)
            found = [one for one in checks.faults(conflict) if _is_sure(one, values, removed)]
        except InputError as error:
            found = [one for one in error.faults if _is_sure_of_parts(one, values, removed)]
        faults += [located(document, fault, removed) for fault in found[:MAX_FAULTS]]
        faults += unread
    if faults or conflict is None:
        faults = explain_look_alikes(faults, name, document.lines)
        unique = {(fault.file, fault.line, fault.column, fault.message): fault for fault in faults}
        raise InputError(sorted(unique.values(), key=lambda fault: (fault.file != name, fault.file, *_by_place(fault))))
    return conflict


def _is_sure_of_parts(fault: Fault, values: Mapping[str, Any], removed: RemovedItems) -> bool:
    """Tell whether a fault in how the parts fit together would remain if the unread parts could be read."""
    if not _is_of_something_known(fault, values, removed):
        return False
    if fault.message.startswith("unknown option") and _refers(fault.at, values):
        return False
    if fault.at[:1] in (("status_quo",), ("states",)):
        return not _options_unread(values, removed) and not removed.misses(("states",))
    return fault.at[:1] != ("coalitions",) or fault.message.startswith("unknown") or not removed.misses(("coalitions",))


def _is_sure(fault: Fault, values: Mapping[str, Any], removed: RemovedItems) -> bool:
    """Tell whether a fault of the whole would remain if the unread parts could be read."""
    if fault.message.startswith("unknown"):
        return _is_of_something_known(fault, values, removed)
    # The states depend on nearly all of the file, but not on dossiers.
    return not removed.lost - {("dossier",)} and not ("is infeasible" in fault.message and _refers(fault.at, values))


def _is_of_something_known(fault: Fault, values: Mapping[str, Any], removed: RemovedItems) -> bool:
    """Tell whether a name reported as unknown cannot be defined in an unread part."""
    if fault.message.startswith("unknown option"):
        return not _options_unread(values, removed)
    for key in ("statement", "source"):
        if fault.message.startswith(f"unknown {key}"):
            place = (f"{key}s",)
            gone = (one for one in removed.lost if one[:1] == place and one[2:3] in ((), ("id",)))
            return not any(gone) and not removed.misses(("dossier",))
    return not fault.message.startswith("unknown state") or not removed.lost


def _options_unread(values: Mapping[str, Any], removed: RemovedItems) -> bool:
    known = {("decision_makers", maker.id) for maker in values["decision_makers"] if maker.options}
    lost = {one[:3] for one in removed.lost if one[:1] == ("decision_makers",)} - known
    return any(one[2:] in ((), ("options",)) for one in lost)


def _refers(at: Place, values: Mapping[str, Any]) -> bool:
    """Tell whether a state is given by the name of another state."""
    named: dict[str | None, GivenState] = {state.name: state for state in values["states"]}
    given = named.get(str(at[1])) if at[:1] == ("states",) else values["status_quo"] if at == ("status_quo",) else None
    return given is not None and given.state in named


def _must_be_a_model(document: YamlDocument) -> None:
    """Refuse a file far too large for a dispute before its parts are read and compared."""

    def elements(data: Any) -> int:
        inner = data if isinstance(data, list) else ()
        if isinstance(data, dict):
            inner = [value for key, value in data.items() if key not in _MANY]
        return 1 + sum(map(elements, inner))

    if elements(document.data) > MAX_MODEL_ELEMENTS:
        parts = [path for path in document.places if not _MANY.intersection(path)]
        message = f"more than {MAX_MODEL_ELEMENTS:,} elements, not counting sources, statements, rankings and payoffs"
        raise InputError([document.located(message, parts[MAX_MODEL_ELEMENTS])])


def _by_place(fault: Fault) -> tuple[int, int]:
    return fault.line or 0, fault.column or 0


def grouped_warnings(warnings: Sequence[Fault]) -> tuple[Fault, ...]:
    """Return warnings for people: a single one for all unused statements, and one for all that only proposals support.

    In a fresh draft most warnings are of these two kinds and would hide the others.
    """

    def unused(found: Sequence[str]) -> str:
        ids = [message.removeprefix(UNUSED_STATEMENT).strip() for message in found]
        return f"the model does not use {counted(len(ids), 'statement')}: {_some(ids)}"

    def proposed(found: Sequence[str]) -> str:
        names = [message.partition(f" {ONLY_PROPOSED}")[0] for message in found]
        return f"{counted(len(names), 'part')} of the model {ONLY_PROPOSED.replace('has', 'have', 1)}: {_some(names)}"

    for mark, told in ((UNUSED_STATEMENT, unused), (ONLY_PROPOSED, proposed)):
        alike = [one for one in warnings if mark in one.message]
        if len(alike) > 1:
            whole = replace(alike[0], message=told([one.message for one in alike]))
            others = {id(one) for one in alike[1:]}
            warnings = [whole if one is alike[0] else one for one in warnings if id(one) not in others]
    return tuple(warnings)


def _some(names: Sequence[str]) -> str:
    """Return the first names as words, and how many more there are."""
    left = len(names) - MAX_NAMED
    return listed(names if left < 2 else [*names[:MAX_NAMED], f"{left:,} more"])


__all__ = [
    "CONFLICT_ENDINGS",
    "EXAMPLE",
    "ConflictFile",
    "conflict_files",
    "dump_conflict",
    "example",
    "grouped_warnings",
    "load",
    "open_conflict",
    "parse_conflict",
    "write_conflict",
]
