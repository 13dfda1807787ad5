"""Reading a file that a person names, and writing a file completely or not at all.

An error in reading suggests the nearest existing file. Content is written to a temporary file in the same folder and
synced; then the file gets its name in one atomic step. The folder is synced too, so that the name survives a loss of
power.
"""

from __future__ import annotations

import codecs
import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from detente.errors import Fault, InputError, nearest
from detente.lazy import lazy
from detente.limits import MAX_FILE_BYTES

if TYPE_CHECKING:
    import tempfile
else:
    tempfile = lazy("tempfile")

#: The first bytes of files that people mistake for text, or choose by mistake.
_NO_TEXT = {
    b"PK\x03\x04": "a ZIP archive, or a Word, Excel or OpenDocument file",
    b"\xd0\xcf\x11\xe0": "an old Word or Excel file",
    b"%PDF": "a PDF",
    b"{\\rtf": "a rich-text (RTF) document",
    b"\xff\xfe": "UTF-16 text",
    b"\xfe\xff": "UTF-16 text",
}


def read_bytes(path: str | Path) -> bytes:
    """Return the content of a file.

    Raises
    ------
    InputError
        If there is no such file, with the nearest name in the folder; or if it cannot be read.
    """
    if path == "":
        raise InputError("the name is empty")
    path = Path(path)
    name = str(path)
    try:
        if path.is_dir():
            raise InputError([Fault("this is a folder. Name a file in it", name)])
        if path.stat().st_size > MAX_FILE_BYTES:
            raise InputError(
                [Fault(f"the file has more than {MAX_FILE_BYTES // 1_000_000} MB, which is the limit", name)]
            )
        return path.read_bytes()
    except FileNotFoundError as error:
        raise InputError([_missing(path)]) from error
    except ValueError as error:
        raise InputError([Fault("this is not a file name", repr(name))]) from error
    except OSError as error:
        raise InputError([Fault(f"the file cannot be read: {error.strerror}", name)]) from error


def read_text(path: str | Path) -> str:
    """Return the text of a file, without a byte order mark and with plain line ends; `write_text` puts them back.

    Raises
    ------
    InputError
        As `read_bytes`, or if it is not text.
    """
    data = read_bytes(path)
    name = str(path)
    for start, kind in _NO_TEXT.items():
        if data.startswith(start):
            raise InputError([Fault(f"this is {kind}. Name a file of plain text, saved as UTF-8", name)])
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - data.rfind(b"\n", 0, error.start)
        raise InputError([Fault("this is not UTF-8 text. Save the file as UTF-8", name, line, column)]) from error


def _missing(path: Path) -> Fault:
    try:
        names = [other.name for other in path.parent.iterdir()]
    except OSError:
        names = []
    near = nearest(path.name, names)
    return Fault("there is no such file", str(path), suggestion=str(path.with_name(near)) if near else None)


#: Errors of a system that cannot sync a folder, or does not let this user open it.
_NO_SYNC = {errno.EACCES, errno.EPERM, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EBADF}


def write_text(path: Path, text: str) -> None:
    """Write text as `write_bytes` does, in UTF-8; a file that exists keeps its byte order mark and its line ends."""
    try:
        before = read_bytes(path) if path.is_file() else b""
    except InputError:
        before = b""
    if 2 * before.count(b"\r\n") > before.count(b"\n"):
        text = text.replace("\r\n", "\n").replace("\n", "\r\n")
    write_bytes(path, text.encode("utf-8-sig" if before.startswith(codecs.BOM_UTF8) else "utf-8"))


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file, replacing one that exists: a reader sees the whole old file or the whole new one.

    An existing file keeps its permissions. A read-only file is left unchanged, and a link is followed. A device or a
    pipe is written to, not replaced.

    Raises
    ------
    OSError
        If it cannot be written; the error names ``path``, never the temporary file.
    """
    with _named(path):
        if path.exists() and not path.is_file():
            # Opening a folder raises an error that says so.
            with path.open("wb", buffering=0) as stream:
                _write_all(stream.fileno(), content)
        else:
            _replace(Path(os.path.realpath(path)), content)


def write_new(path: Path, content: bytes) -> None:
    """Write a file that does not exist yet; no file is ever overwritten, not even one created meanwhile.

    Raises
    ------
    FileExistsError
        If the file exists; it is left unchanged.
    OSError
        If it cannot be written; no file is left behind.
    """
    with _named(path), _temporary(path.parent, content, 0o666 & ~_umask()) as temporary:
        _take_name(temporary, path)
        try:
            _sync(path.parent)
        except OSError:
            path.unlink()
            raise


def _replace(path: Path, content: bytes) -> None:
    if path.exists() and not os.access(path, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    mode = path.stat().st_mode & 0o7777 if path.exists() else 0o666 & ~_umask()
    with _temporary(path.parent, content, mode) as temporary:
        temporary.replace(path)
        _sync(path.parent)


def _take_name(temporary: Path, path: Path) -> None:
    """Give a temporary file its name, unless the name is taken: a rename would replace the existing file."""
    try:
        os.link(temporary, path)
    except FileExistsError:
        raise
    except OSError:
        # A file system without hard links, such as FAT: reserve the name, then rename over the reservation.
        path.open("xb").close()
        try:
            temporary.replace(path)
        except BaseException:
            path.unlink()
            raise


@contextmanager
def _temporary(folder: Path, content: bytes, mode: int) -> Iterator[Path]:
    """Write and sync a temporary file; afterwards it has been removed or renamed."""
    handle, name = tempfile.mkstemp(dir=folder, prefix=".detente-")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            temporary.chmod(mode)
            os.fsync(file.fileno())
        yield temporary
    finally:
        with suppress(OSError):
            temporary.unlink()


@contextmanager
def _named(path: Path) -> Iterator[None]:
    """Make errors name the file that was to be written."""
    try:
        yield
    except OSError as error:
        if error.errno is not None:
            error.filename, error.filename2 = str(path), None
        raise


def _sync(folder: Path) -> None:
    """Sync a folder, if the system supports it."""
    if os.name != "posix":
        return
    try:
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as error:
        if error.errno not in _NO_SYNC:
            raise


def _write_all(handle: int, content: bytes) -> None:
    while content:
        content = content[os.write(handle, content) :]


def _umask() -> int:
    """Return the process's umask, which can only be read by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
