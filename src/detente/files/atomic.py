"""Writing a file whole or not at all."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO


def write_text(path: Path, text: str) -> None:
    """Write text as `write_bytes` does, in UTF-8."""
    write_bytes(path, text.encode("utf-8"))


def write_bytes(path: Path, content: bytes) -> None:
    """Write a temporary file beside ``path`` and rename it, so that nothing half-written is ever seen.

    The permissions of a file that is there already are kept, one that may not be written is left as it is, and a link
    is followed. A device or a pipe is written to: a file in its place would be another thing.

    Raises
    ------
    OSError
        When it cannot be written; it names ``path``, never the temporary file.
    """
    try:
        if path.exists() and not path.is_file():
            # Opening a folder says that it is one.
            with path.open("wb", buffering=0) as stream:
                _write_all(stream.fileno(), content)
        else:
            _replace(Path(os.path.realpath(path)), content)
    except OSError as error:
        if error.errno is not None:
            error.filename, error.filename2 = str(path), None
        raise


def write_new(path: Path, content: bytes) -> None:
    """Write a file that is not there yet; when that fails there is none.

    Raises
    ------
    FileExistsError
        When there is one, which is left as it is.
    """
    with path.open("xb") as file, _or_none(path):
        _fill(file, content)


def _replace(path: Path, content: bytes) -> None:
    if path.exists() and not os.access(path, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".detente-")
    with _or_none(Path(name)):
        with os.fdopen(handle, "wb") as file:
            _fill(file, content)
        Path(name).chmod(path.stat().st_mode & 0o7777 if path.exists() else 0o666 & ~_umask())
        Path(name).replace(path)


@contextmanager
def _or_none(path: Path) -> Iterator[None]:
    """See to it that a file is not there when what is done with it fails."""
    try:
        yield
    except BaseException:
        with suppress(OSError):
            path.unlink()
        raise


def _fill(file: BinaryIO, content: bytes) -> None:
    """Write all of a file, down to the disk."""
    file.write(content)
    file.flush()
    os.fsync(file.fileno())


def _write_all(handle: int, content: bytes) -> None:
    while content:
        content = content[os.write(handle, content) :]


def _umask() -> int:
    """Return the process's mask, which can only be read by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
