"""A dispute started in the browser: empty, with documents, as a copy from the catalogue, or from a file.

Every file is checked before it is written, so that a refused file leaves nothing in the folder.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from detente.errors import Fault, InputError
from detente.examples import path as example_path
from detente.io.conflict_file import dump_conflict, open_conflict
from detente.io.files import read_text
from detente.model.names import identifier
from detente.model.statements import Source
from detente.reading.documents import parse_document
from detente.reading.dossier_import import new_conflict
from detente.web.documents import any_damage_named
from detente.web.folder import Folder, without_ending


def create_dispute(
    folder: Folder,
    title: str,
    decision_makers: Sequence[str],
    documents: Sequence[str] = (),
    *,
    only_check: bool = False,
) -> str:
    """Write a new conflict file with these decision makers and sources, and return its name.

    With ``only_check`` nothing is written.

    Raises
    ------
    InputError
        If something is missing, or a document is not in the folder.
    """
    conflict = new_conflict(title, decision_makers)
    sources: list[Source] = []
    for name in documents:
        if not folder.path(name).is_file():
            raise InputError([Fault("this document is not in the folder", name)])
        id = identifier(name.rpartition("/")[2].partition(".")[0], [one.id for one in sources])
        sources.append(Source(id, file=name))
    text = dump_conflict(conflict.replaced(sources=sources))
    path = folder.new_conflict(free_name(folder, conflict.title))
    return folder.name_of(path) if only_check else folder.add(path, text.encode("utf-8"))


def copy_of_example(folder: Folder, id: str) -> str:
    """Write a copy of a dispute from the catalogue, and return its name."""
    return folder.add(folder.new_conflict(free_name(folder, id)), example_path(id).read_bytes())


def add_conflict(folder: Folder, name: str, data: bytes) -> str:
    """Write a conflict file into the folder; a file that cannot be opened even as text is refused.

    Raises
    ------
    InputError
        If it cannot be opened, or a file of this name exists.
    """
    path = folder.new_conflict(name)
    with TemporaryDirectory() as beside:
        tried = Path(beside) / path.name
        tried.write_bytes(data)
        try:
            if name.endswith(".gmcr"):
                open_conflict(tried)
            else:
                # A text with faults can be opened: the user corrects it in the browser.
                read_text(tried)
        except InputError as error:
            raise InputError([replace(fault, file=name) for fault in error.faults]) from error
    return folder.add(path, data)


def add_document(folder: Folder, name: str, data: bytes, *, only_check: bool = False) -> str:
    """Write a document into the folder and return its name; a document that cannot be read is refused.

    With ``only_check`` nothing is written.

    Raises
    ------
    InputError
        If it cannot be read, or a file of this name exists.
    """
    path = folder.new_document(name)
    with any_damage_named(name):
        parse_document(data, name)
    return name if only_check else folder.add(path, data)


def free_name(folder: Folder, title: str) -> str:
    """Return a name for a conflict file that no file in the folder has."""
    taken = {without_ending(name).casefold() for name in folder.conflicts()}
    return f"{identifier(title, taken)}.conflict.yaml"
