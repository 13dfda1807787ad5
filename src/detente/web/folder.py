"""The served folder: every file access goes through it, and none leaves it."""

from __future__ import annotations

import hashlib
import os
import re
import stat
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import islice
from pathlib import Path, PurePosixPath

from detente.errors import DetenteError, Fault, InputError, nearest
from detente.io import files
from detente.io.conflict_file import CONFLICT_ENDINGS
from detente.io.files import read_text
from detente.io.yaml.parse import scalar_of
from detente.reading.documents import DOCUMENT_ENDINGS

#: The maximum depth of folders that are searched, and the maximum number of files that are listed.
MAX_DEPTH = 6
MAX_FILES = 2_000
#: The maximum number of files whose titles are read, and the number of bytes read of each.
MAX_TITLED, BEGINNING = 200, 16_384


class OutsideError(DetenteError):
    """A path that is not in the served folder."""


class MissingError(InputError):
    """A named file does not exist."""


class ReadOnlyError(DetenteError):
    """A write in read-only mode."""


class ChangedError(DetenteError):
    """The file has changed on disk since it was opened."""


def without_ending(name: str) -> str:
    """Return the name of a conflict file without its extension."""
    return next((name.removesuffix(ending) for ending in CONFLICT_ENDINGS if name.endswith(ending)), name)


def title_of(path: Path) -> str | None:
    """Return the title at the beginning of a conflict file, without reading all of it."""
    with path.open("rb") as file:
        beginning = file.read(BEGINNING)
    return scalar_of(beginning.decode("utf-8-sig", "replace"), "title")


def digest(text: str) -> str:
    """Return the digest that identifies a version of a text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def nearest_first(name: str, names: Sequence[str]) -> list[str]:
    """Return the other files, most similar name first: that is most likely an earlier version."""
    likeness = {other: SequenceMatcher(None, name, other).ratio() for other in names if other != name}
    return sorted(likeness, key=lambda other: (-likeness[other], other))


def is_version(name: str, other: str) -> bool:
    """Tell whether the name of a file says that it is a version of another: one has the other's and a number or date.

    >>> is_version("dam-2.conflict.yaml", "dam.conflict.yaml"), is_version("dam.conflict.yaml", "strike.conflict.yaml")
    (True, False)
    """
    first, second = sorted((PurePosixPath(one).name.partition(".")[0] for one in (name, other)), key=len)
    stem = re.sub(r"[-_ ]*(?:v?[\d-]+|old|new|before|after|earlier|later|copy|draft)$", "", first)
    return bool(stem) and second.startswith(stem)


def _is_no_file(path: Path) -> bool:
    """Tell whether a path is neither a file nor a folder: reading a pipe would never end."""
    with suppress(OSError):
        mode = path.stat().st_mode
        return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))
    return False


@dataclass(frozen=True)
class Folder:
    """A folder whose conflict files and documents can be read, and written unless ``read_only``."""

    root: Path
    read_only: bool = False
    _saving: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "root", Path(os.path.realpath(self.root)))

    def path(self, name: str) -> Path:
        """Return the file of this name, with slashes, below the folder.

        Raises
        ------
        OutsideError
            If the name leads out of the folder: by ``..``, as an absolute path, or through a link.
        """
        parts = PurePosixPath(name).parts
        bad = not parts or "\\" in name or "\x00" in name or name.startswith("/")
        if bad or any(part.startswith(".") or ":" in part for part in parts):
            raise OutsideError("there is no such file in the served folder")
        return self._inside(self.root.joinpath(*parts))

    def beside(self, name: str, other: str) -> Path:
        """Return the file that a conflict file names ``other``, relative to it; it must be in the folder."""
        return self._inside(self.path(name).parent / other)

    def _inside(self, path: Path) -> Path:
        try:
            real = Path(os.path.realpath(path))
        except (OSError, ValueError) as error:
            raise OutsideError("there is no such file in the served folder") from error
        if not real.is_relative_to(self.root) or real == self.root or _is_no_file(real):
            raise OutsideError("there is no such file in the served folder")
        return real

    def name_of(self, path: Path) -> str:
        """Return the name of a file below the folder."""
        return Path(os.path.realpath(path)).relative_to(self.root).as_posix()

    def conflicts(self) -> list[str]:
        """Return the names of the conflict files in the folder, sorted."""
        return self._names(lambda path: path.name.endswith(CONFLICT_ENDINGS))

    def documents(self) -> list[str]:
        """Return the names of the documents in the folder, sorted."""
        return self._names(lambda path: path.suffix.lower() in DOCUMENT_ENDINGS)

    def _names(self, wanted: Callable[[Path], bool]) -> list[str]:
        found = (path.relative_to(self.root).as_posix() for path in self._walk(self.root, 0) if wanted(path))
        return sorted(islice(found, MAX_FILES))

    def titles(self, names: Sequence[str]) -> dict[str, str]:
        """Return the titles of conflict files by name; files without one, or after `MAX_TITLED`, are left out."""
        found = {name: self._title(name) for name in names[:MAX_TITLED]}
        return {name: title for name, title in found.items() if title}

    def _title(self, name: str) -> str | None:
        """Return the title at the beginning of a conflict file, without reading all of it."""
        try:
            return None if name.endswith(".gmcr") else title_of(self.path(name))
        except (OSError, OutsideError):
            return None

    def _walk(self, folder: Path, depth: int) -> Iterator[Path]:
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError:
            return
        for entry in entries:
            if entry.name.startswith(".") or entry.name in ("node_modules", "__pycache__") or entry.is_symlink():
                continue
            if not entry.name.isprintable():
                # A page could not name it: it has half a character, or a line break.
                continue
            if entry.is_file():
                yield Path(entry.path)
            elif entry.is_dir() and depth < MAX_DEPTH:
                yield from self._walk(Path(entry.path), depth + 1)

    def text(self, name: str) -> str:
        """Return the text of a conflict file.

        Raises
        ------
        MissingError
            If it does not exist; the fault suggests the file with the nearest name.
        OutsideError
            If it is not in the folder, or not a conflict file.
        """
        path = self.path(name)
        if not name.endswith(CONFLICT_ENDINGS):
            raise OutsideError("this is not a conflict file")
        if not path.exists():
            # Compared without the extension, which is the same for all.
            named = {without_ending(one): one for one in self.conflicts()}
            near = nearest(without_ending(name), named)
            raise MissingError([Fault("there is no such file", name, suggestion=named[near] if near else None)])
        return read_text(path)

    def save(self, name: str, text: str, was: str) -> str:
        """Write a conflict file completely or not at all, and return the digest of the new text.

        ``was`` is the digest of the text that was opened. A file that was removed meanwhile is written again.

        Raises
        ------
        ReadOnlyError
            In read-only mode.
        ChangedError
            If the file has changed since; then it is not written.
        """
        self.must_be_writable()
        path = self.path(name)
        text = text.replace("\r\n", "\n")
        # If two tabs save at once, the second finds the file changed.
        with self._saving:
            if path.exists() or not name.endswith(CONFLICT_ENDINGS):
                if digest(self.text(name)) != was:
                    raise ChangedError("the file has changed on disk since you opened it")
                files.write_text(path, text)
            elif re.fullmatch("[0-9a-f]{64}", was) and name.count("/") <= MAX_DEPTH:
                self._write_again(path, text)
            else:
                # No tab can have opened it: this raises the error that names the missing file.
                self.text(name)
        return digest(text)

    def save_beside(self, path: Path, text: str, was: str) -> str:
        """Write a side file completely or not at all, and return its digest; raises as `save`.

        ``was`` is the digest of what was read, that of an empty text if there was no file.
        """
        self.must_be_writable()
        with self._saving:
            if digest(read_text(path) if path.exists() else "") != was:
                raise ChangedError("the scenarios have changed on disk since this page read them")
            files.write_text(path, text)
        return digest(text)

    def _write_again(self, path: Path, text: str) -> None:
        """Write a file that was removed while it was open, and its folder."""
        if not self.root.is_dir():
            raise InputError("the served folder is no longer on disk")
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            files.write_new(path, text.encode("utf-8"))
        except FileExistsError as error:
            raise ChangedError("the file has changed on disk since you opened it") from error

    def new_document(self, name: str) -> Path:
        """Return the path of a new document of this name; raises an error if it cannot be added."""
        if not name.lower().endswith(tuple(DOCUMENT_ENDINGS)):
            raise InputError("a document must be a .txt, .md, .html, .pdf, .docx or .eml file")
        return self._new(name)

    def new_conflict(self, name: str) -> Path:
        """Return the path of a new conflict file of this name; raises as `new_document`."""
        if not name.endswith(CONFLICT_ENDINGS):
            raise InputError(f"the name of a conflict file must end in {' or '.join(CONFLICT_ENDINGS)}")
        return self._new(name)

    def _new(self, name: str) -> Path:
        self.must_be_writable()
        path = self.path(name)
        if not path.parent.is_dir():
            raise InputError([Fault("this folder does not exist", str(PurePosixPath(name).parent))])
        if path.exists():
            raise self._taken(path)
        return path

    def add(self, path: Path, data: bytes) -> str:
        """Write a new file and return its name; an existing file is never overwritten."""
        try:
            files.write_new(path, data)
        except FileExistsError as error:
            raise self._taken(path) from error
        return self.name_of(path)

    def _taken(self, path: Path) -> InputError:
        return InputError([Fault("a file of this name already exists", self.name_of(path))])

    def must_be_writable(self) -> None:
        """Raise `ReadOnlyError` in read-only mode."""
        if self.read_only:
            raise ReadOnlyError("the server is read-only: changes cannot be saved")
