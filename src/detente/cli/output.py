"""Writing a command's output file: never over an input, and over another existing file only with ``--force``."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from detente.errors import Fault, InputError
from detente.io.conflict_file import ConflictFile
from detente.io.files import write_bytes, write_new
from detente.model.statements import Source
from detente.render.export import Exported
from detente.render.terminal import Format, message, write_csv, write_json, write_raw

#: Names of standard output; it may be a file, which the shell has opened already.
_STANDARD_OUTPUT = ("-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1")


def file_or_standard_output(path: Path | None) -> Path | None:
    """Return the file that ``-o`` names, or None if it names standard output."""
    return None if path is not None and str(path) in _STANDARD_OUTPUT else path


OutputFile = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        help="Output file. '-' means standard output.",
        show_default="standard output",
        callback=file_or_standard_output,
    ),
]
Force = Annotated[
    bool, typer.Option("--force", help="Overwrite an existing output file. An input file is never overwritten.")
]


def require_writable(output: Path, inputs: Iterable[str | Path], force: bool) -> None:
    """Refuse an output file that is an input, or that exists and may not be overwritten.

    Parameters
    ----------
    output
        The file to write.
    inputs
        The files that the command reads, ``-`` for standard input; of a folder, all files in it count.
    force
        Whether an existing file that is not an input may be overwritten.

    Raises
    ------
    InputError
        Before anything is written.
    """
    name = str(output)
    if not output.parent.is_dir():
        raise InputError([Fault("there is no such folder", str(output.parent))])
    if output.is_dir():
        raise InputError([Fault("this is a folder. Name a file in it", name)])
    if not output.is_file():
        # A new file, a device or a pipe.
        return
    status = output.stat()
    if any(os.path.samestat(status, other) for other in _statuses(inputs)):
        message = "this is an input file, which is never overwritten, not even with --force. Name another file"
        raise InputError([Fault(message, name)])
    if not force:
        raise InputError([_exists(name)])


def write_output(output: Path, content: bytes, force: bool) -> None:
    """Write a file that `require_writable` has allowed; without ``force``, a file created since is not replaced."""
    if force or (output.exists() and not output.is_file()):
        write_bytes(output, content)
        return
    try:
        write_new(Path(os.path.realpath(output)), content)
    except FileExistsError as error:
        raise InputError([_exists(str(output))]) from error


def files_of(opened: ConflictFile) -> list[Path]:
    """Return the files that a dispute consists of: its own, its dossiers and the documents that they name."""
    conflict, folder = opened.conflict, opened.path.parent
    dossiers = [folder / dossier.path for dossier in conflict.dossiers]
    found = [opened.path, *dossiers, *documents_of(conflict.all_sources, folder)]
    for dossier, path in zip(conflict.dossiers, dossiers, strict=True):
        found += documents_of(dossier.sources, path.parent)
    return found


def documents_of(sources: Iterable[Source], folder: Path) -> list[Path]:
    """Return the documents that sources name, from a folder."""
    return [folder / source.file for source in sources if source.file]


def deliver(name: str, kind: str, done: Exported, output: Path | None, force: bool, format: Format) -> None:
    """Write what was exported or imported, to a file or to standard output."""
    for warning in done.warnings:
        message(f"warning: {warning}", "yellow")
    if output is not None:
        write_output(output, done.text.encode("utf-8"), force)
        message(f"wrote {output}")
    written = str(output) if output else None
    if format is Format.JSON:
        write_json({"format": name, "to": kind, "file": written, "text": done.text, "warnings": list(done.warnings)})
    elif format is Format.CSV:
        write_csv([{"to": kind, "file": written, "text": done.text, "warnings": "; ".join(done.warnings)}])
    elif output is None:
        write_raw(done.text if done.text.endswith("\n") else f"{done.text}\n")


def _exists(name: str) -> Fault:
    return Fault("this file exists. Name another one, or overwrite it with --force", name)


def _statuses(inputs: Iterable[str | Path]) -> Iterator[os.stat_result]:
    """Yield what identifies each input: links to a file count as the file."""
    for each in inputs:
        # What is missing or not accessible can be neither read nor overwritten.
        with suppress(OSError, ValueError):
            if str(each) == "-":
                yield os.fstat(sys.stdin.fileno())
            elif (path := Path(each)).is_dir():
                yield from _statuses(file for file in path.rglob("*") if file.is_file())
            else:
                yield path.stat()
