"""Reading a text file that a person names: what can go wrong is said, with the nearest file there is."""

from __future__ import annotations

from pathlib import Path

from detente.errors import Fault, InputError, nearest
from detente.files.yaml_text import MOST_BYTES

#: What files begin with that people take for text, or choose by mistake.
_NO_TEXT = {
    b"PK\x03\x04": "a ZIP archive, or a Word, Excel or OpenDocument file",
    b"\xd0\xcf\x11\xe0": "an old Word or Excel file",
    b"%PDF": "a PDF",
    b"{\\rtf": "a rich-text (RTF) document",
    b"\xff\xfe": "UTF-16 text",
    b"\xfe\xff": "UTF-16 text",
}


def file_bytes(path: str | Path) -> bytes:
    """Return what is in a file.

    Raises
    ------
    InputError
        When there is no such file, with the nearest name in the folder; or when it cannot be read.
    """
    if path == "":
        raise InputError("no file is named: the name is empty")
    path = Path(path)
    name = str(path)
    try:
        if path.is_dir():
            raise InputError([Fault("this is a folder; name a file in it", name)])
        if path.stat().st_size > MOST_BYTES:
            raise InputError([Fault(f"more than {MOST_BYTES // 1_000_000} MB is no file that a person wrote", name)])
        return path.read_bytes()
    except FileNotFoundError as error:
        raise InputError([_missing(path)]) from error
    except ValueError as error:
        raise InputError([Fault("this is no file name", repr(name))]) from error
    except OSError as error:
        raise InputError([Fault(f"cannot be read: {error.strerror}", name)]) from error


def file_text(path: str | Path) -> str:
    """Return the text of a file.

    Raises
    ------
    InputError
        As `file_bytes`, or when it is no text.
    """
    data = file_bytes(path)
    name = str(path)
    for start, kind in _NO_TEXT.items():
        if data.startswith(start):
            raise InputError([Fault(f"this is {kind}: name a file of plain text, saved as UTF-8", name)])
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
