"""A dispute begun in the browser: from nothing, from documents of the folder, or as a copy of one of the catalogue."""

from __future__ import annotations

from collections.abc import Sequence

from detente.conflict.identifiers import identifier
from detente.dossier import Source
from detente.errors import Fault, InputError
from detente.examples import path as example_path
from detente.files.conflict_file import dump_conflict
from detente.reading.beginning import begun
from detente.web.folder import Folder, without_ending


def begin(folder: Folder, title: str, decision_makers: Sequence[str], documents: Sequence[str] = ()) -> str:
    """Write a new conflict file with these decision makers and sources, and return its name.

    Raises
    ------
    InputError
        When something is missing, or a document is not there.
    """
    conflict = begun(title, decision_makers)
    sources: list[Source] = []
    for name in documents:
        if not folder.path(name).is_file():
            raise InputError([Fault("there is no such document", name)])
        id = identifier(name.rpartition("/")[2].partition(".")[0], [one.id for one in sources])
        sources.append(Source(id, file=name))
    text = dump_conflict(conflict.replaced(sources=sources))
    return folder.add_conflict(free_name(folder, conflict.title), text.encode("utf-8"))


def copy_of_example(folder: Folder, id: str) -> str:
    """Write a copy of a dispute of the catalogue, and return its name."""
    return folder.add_conflict(free_name(folder, id), example_path(id).read_bytes())


def free_name(folder: Folder, title: str) -> str:
    """Return a name for a conflict file that no file of the folder has."""
    taken = {without_ending(name).casefold() for name in folder.conflicts()}
    return f"{identifier(title, taken)}.conflict.yaml"
