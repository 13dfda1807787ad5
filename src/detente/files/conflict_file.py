"""Reading and saving conflict files (``*.conflict.yaml``).

Reading goes through four steps — YAML, the shapes of the parts, the conflict, the checks of the whole — and collects
the faults of all four before it complains. A part that cannot be read is left out of the later steps, with whatever it
names still known, so that one fault does not cause others.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from detente.conflict.model import ConflictModel
from detente.errors import Fault, InputError
from detente.files import atomic, conflict_checks
from detente.files.conflict_building import build
from detente.files.conflict_shapes import CONFLICT_FILE, ConflictShape
from detente.files.dossier_file import read_dossiers
from detente.files.look_alikes import explained
from detente.files.shaping import Kept, located, shaped
from detente.files.text_file import file_text
from detente.files.yaml_text import Document, read
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
    """A conflict file that is open: its text, its conflict, what in it is worth a look, and what is only judged."""

    path: Path
    text: str
    conflict: ConflictModel
    warnings: tuple[Fault, ...]
    judgements: tuple[Fault, ...] = ()

    @classmethod
    def open(cls, path: str | Path, make: Callable[..., ConflictModel] = ConflictModel) -> ConflictFile:
        """Read a file; raises as `read_conflict`."""
        return cls.of(file_text(path), path, make)

    @classmethod
    def of(cls, text: str, path: str | Path, make: Callable[..., ConflictModel] = ConflictModel) -> ConflictFile:
        """Read a text that is, or is to be, in a file; raises as `read_conflict`."""
        conflict, document, kept = _parsed(text, str(path), make)
        warnings, judgements = (
            tuple(sorted((located(document, fault, kept) for fault in found), key=_by_place))
            for found in (conflict_checks.warnings(conflict), conflict_checks.judgements(conflict))
        )
        return cls(Path(path), text, conflict, warnings, judgements)

    def save(self, conflict: ConflictModel, path: str | Path | None = None) -> ConflictFile:
        """Write a changed conflict, keeping the comments and the look of everything that has not changed.

        Returns the file as it then is.
        """
        target = Path(path) if path is not None else self.path
        atomic.write_text(target, self.text_with(conflict))
        return ConflictFile.open(target, type(self.conflict))

    def text_with(self, conflict: ConflictModel) -> str:
        """Return the text of the file after a change, which has been read again and means the changed conflict."""
        return self.changed(conflict).text

    def changed(self, conflict: ConflictModel, in_text: Callable[[str], str] | None = None) -> ConflictFile:
        """Return the file after a change, opened but not saved: its text has been read again and means the conflict.

        ``in_text`` makes the change in the text where that is known to be better than to look for what differs.
        """
        from detente.files.conflict_merging import merged_texts
        from detente.files.conflict_writing import document_text

        texts = merged_texts(self.text, self.conflict, conflict, in_text)
        tried = (self._meaning(text, conflict) for text in texts)
        found = next((file for file in tried if file is not None), None)
        return found or ConflictFile.of(document_text(conflict), self.path, type(conflict))

    def _meaning(self, text: str, conflict: ConflictModel) -> ConflictFile | None:
        """Return a text as an open file if it means a conflict."""
        try:
            found = ConflictFile.of(text, self.path, type(conflict))
        except InputError:
            return None
        return found if found.conflict == conflict else None


def _parsed(text: str, name: str, make: Callable[..., C]) -> tuple[C, Document, Kept]:
    document = read(text, name)
    if isinstance(document.data, dict) and "decisionMakers" in document.data:
        raise InputError(
            [Fault("this is a .gmcr file: turn it into a conflict file with 'detente import'", name, 1, 1)]
        )
    _must_be_a_model(document)
    faults = list(document.faults)
    shape, kept = shaped(document, CONFLICT_FILE, faults)
    conflict: C | None = None
    if shape is not None:
        unread: list[Fault] = []
        dossiers = read_dossiers(shape.dossier, document, unread)
        kept.lost |= {("dossier",)} if unread else set()
        try:
            conflict = build(shape, make, dossiers)
            found = [one for one in conflict_checks.faults(conflict) if _is_sure(one, shape, kept)]
        except InputError as error:
            found = [one for one in error.faults if _is_sure_of_parts(one, shape, kept)]
        faults += [located(document, fault, kept) for fault in found[:MOST_FAULTS]]
        faults += unread
    if faults or conflict is None:
        faults = explained(faults, name, document.lines)
        unique = {(fault.file, fault.line, fault.column, fault.message): fault for fault in faults}
        raise InputError(sorted(unique.values(), key=lambda fault: (fault.file != name, fault.file, *_by_place(fault))))
    return conflict, document, kept


def _is_sure_of_parts(fault: Fault, shape: ConflictShape, kept: Kept) -> bool:
    """Tell whether a fault in how the parts fit stays when all that is unread can be read."""
    if not _is_of_something_known(fault, shape, kept):
        return False
    if fault.message.startswith("unknown option") and _refers(fault.at, shape):
        return False
    if fault.at[:1] in (("status_quo",), ("states",)):
        return not _options_unread(shape, kept) and not kept.misses(("states",))
    return fault.at[:1] != ("coalitions",) or fault.message.startswith("unknown") or not kept.misses(("coalitions",))


def _is_sure(fault: Fault, shape: ConflictShape, kept: Kept) -> bool:
    """Tell whether a fault in the whole stays when all that is unread can be read."""
    if fault.message.startswith("unknown"):
        return _is_of_something_known(fault, shape, kept)
    # Which states there are depends on nearly all of the file, on dossiers not.
    return not kept.lost - {("dossier",)} and not ("is infeasible" in fault.message and _refers(fault.at, shape))


def _is_of_something_known(fault: Fault, shape: ConflictShape, kept: Kept) -> bool:
    """Tell whether a name that is said to be unknown cannot be in a part that is unread."""
    if fault.message.startswith("unknown option"):
        return not _options_unread(shape, kept)
    for key in ("statement", "source"):
        if fault.message.startswith(f"unknown {key}"):
            place = (f"{key}s",)
            gone = (one for one in kept.lost if one[:1] == place and one[2:3] in ((), ("id",)))
            return not any(gone) and not kept.misses(("dossier",))
    return not fault.message.startswith("unknown state") or not kept.lost


def _options_unread(shape: ConflictShape, kept: Kept) -> bool:
    known = {("decision_makers", id) for id, maker in shape.decision_makers.items() if maker.options}
    lost = {one[:3] for one in kept.lost if one[:1] == ("decision_makers",)} - known
    return any(one[2:] in ((), ("options",)) for one in lost)


def _refers(at: Place, shape: ConflictShape) -> bool:
    """Tell whether a state is given by the name of another."""
    given = shape.status_quo if at == ("status_quo",) else None
    if at[:1] == ("states",):
        given = shape.states.get(str(at[1]))
    return given is not None and given.state in shape.states


#: So many elements may stand in a file besides those that are known to be many; a dispute that people describe has
#: a few hundred.
MOST_ELEMENTS = 20_000
#: Nobody reads more faults of one kind of check than this.
MOST_FAULTS = 1_000
_MANY = frozenset(("sources", "statements", "speakers", "ranking", "payoffs"))


def _must_be_a_model(document: Document) -> None:
    """Refuse what is far too large to be a dispute before each of its parts is read and compared with the others."""
    parts = [path for path in document.places if not _MANY.intersection(path)]
    if len(parts) > MOST_ELEMENTS:
        message = f"more than {MOST_ELEMENTS:,} elements besides sources, statements, rankings and payoffs"
        raise InputError([document.located(message, parts[MOST_ELEMENTS])])


def _by_place(fault: Fault) -> tuple[int, int]:
    return fault.line or 0, fault.column or 0
