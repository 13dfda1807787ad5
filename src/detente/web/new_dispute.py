"""A dispute started in the browser: drafted from documents, empty, as a copy from the catalogue, or from a file.

Every file is checked before it is written, so that a refused file leaves nothing in the folder. Documents that are
uploaded for a draft stay in memory until the draft is ready; the documents and the conflict file are then written
together.
"""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from detente.errors import Fault, InputError, TooLargeError, UnknownNameError
from detente.examples import path as example_path
from detente.io.conflict_file import dump_conflict, open_conflict, parse_conflict
from detente.io.files import read_text
from detente.jobs import ProgressReport
from detente.lazy import lazy
from detente.model.names import identifier
from detente.model.statements import Source
from detente.reading.documents import Document, described, document_notes, parse_document
from detente.reading.dossier_import import new_conflict
from detente.web.documents import any_damage_named
from detente.web.folder import Folder, without_ending
from detente.web.jobs import AnswerJob, Answers
from detente.web.questions import Answer

if TYPE_CHECKING:
    from detente.reading.drafting import proposal
else:
    proposal = lazy("detente.reading.drafting.proposal")

#: The maximum number of uploaded documents that are kept for drafts, and of their bytes; the oldest are dropped.
MAX_UPLOADS, MAX_UPLOADED_BYTES = 1_000, 200_000_000
#: The maximum number of drafts whose documents are kept until they are saved.
MAX_STARTED = 20


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


@dataclass(frozen=True)
class DraftInput:
    """What a dispute is drafted from: a title and parties, if they are given, and documents by name, with their bytes.

    ``new`` has the names of the documents that are not in the folder yet.
    """

    title: str
    parties: tuple[str, ...]
    folder: Path
    documents: tuple[tuple[str, bytes], ...] = field(repr=False)
    new: frozenset[str]


def draft_dispute(asked: DraftInput, progress: ProgressReport) -> Answer:
    """Draft a dispute from documents; called in its own process. Nothing is written."""
    documents: dict[str, Document] = {}
    # A text that is there twice counts once, by the name that it has in the folder.
    for name, data in sorted(asked.documents, key=lambda one: one[0] in asked.new):
        with any_damage_named(name):
            # Its date may be in its name, or in the table of the folder.
            found = replace(described(parse_document(data, str(asked.folder / name))), name=name)
            documents.setdefault(found.text_sha256, found)
    # In the order of a folder, where dates at the beginning of names put them in order.
    read = sorted(documents.values(), key=lambda one: PurePosixPath(one.name).name)
    # A process that answers a question may not start others.
    made = proposal.propose(read, asked.parties, title=asked.title or None, workers=1, progress=progress)
    named = ", ".join(ascii(one.name) for one in read)
    text = f"# Proposed from {named}.\n{dump_conflict(made.conflict)}"
    # What is written can be opened.
    conflict = parse_conflict(text, "draft.conflict.yaml")
    told = {
        "format": "detente-draft/1",
        "title": conflict.title,
        "documents": [one.name for one in read],
        "statements": len(conflict.statements),
        "parties": [one.label for one in conflict.decision_makers],
        "options": len(conflict.options),
        "left_out": list(made.left_out),
        "text": text,
    }
    return Answer(told, ())


class Drafts:
    """The drafts of a server: the documents that are uploaded for them, the jobs, and what was saved of each."""

    def __init__(self, folder: Folder, jobs: Answers) -> None:
        self._folder = folder
        self._jobs = jobs
        self._lock = threading.Lock()
        self._uploads: OrderedDict[str, tuple[str, bytes]] = OrderedDict()
        self._started: OrderedDict[str, DraftInput] = OrderedDict()
        self._saved: dict[str, str] = {}

    def upload(self, name: str, data: bytes) -> dict[str, Any]:
        """Keep a document for a draft, and return its token; a document that cannot be read is refused.

        Raises
        ------
        ReadOnlyError
            In read-only mode, as the other methods do: there a draft cannot be saved.
        InputError
            If it cannot be read or has no text, or its name is not that of a document.
        """
        self._folder.must_be_writable()
        self._place(name, data)
        with any_damage_named(name):
            document = parse_document(data, name)
        token = secrets.token_urlsafe(12)
        with self._lock:
            self._uploads[token] = (name, data)
            while len(self._uploads) > MAX_UPLOADS or sum(self._sizes()) > MAX_UPLOADED_BYTES:
                self._uploads.popitem(last=False)
            if token not in self._uploads:
                raise TooLargeError(f"the document has more than {MAX_UPLOADED_BYTES // 1_000_000} MB")
        words = len(document.text.split())
        return {"upload": token, "file": name, "words": words, "notes": document_notes(document)}

    def _place(self, name: str, data: bytes, others: Iterable[str] = ()) -> tuple[str, bool]:
        """Return a free name for a document, or that of the same document in the folder, and whether it is new."""
        pure, count, free = PurePosixPath(name), 1, name
        while free in others or self._folder.path(free).exists():
            path = self._folder.path(free)
            if free not in others and path.is_file() and path.read_bytes() == data:
                return free, False
            count += 1
            free = str(pure.with_name(f"{pure.stem}-{count}{pure.suffix}"))
        self._folder.new_document(free)
        return free, True

    def _sizes(self) -> Iterator[int]:
        return (len(data) for _, data in self._uploads.values())

    def start(self, title: str, parties: Sequence[str], documents: Iterable[str], uploads: Iterable[str]) -> AnswerJob:
        """Start to draft a dispute from documents in the folder and uploaded ones.

        Raises
        ------
        InputError
            If there are no documents, one is not there, or the parties cannot be named so.
        """
        title = " ".join(title.split())
        self._folder.must_be_writable()
        self._folder.new_conflict(free_name(self._folder, title or "draft"))
        named = tuple(one for one in (" ".join(party.split()) for party in parties) if one)
        if named:
            new_conflict(title or "draft", named)
        given: dict[str, bytes] = {}
        for name in documents:
            path = self._folder.path(name)
            if not path.is_file():
                raise InputError([Fault("this document is not in the folder", name)])
            given[name] = path.read_bytes()
        new = set()
        for token in uploads:
            if token not in self._uploads:
                raise UnknownNameError("upload", token, hint="Choose the documents again")
            name, data = self._uploads[token]
            own, is_new = self._place(name, data, given)
            given[own] = data
            if is_new:
                new.add(own)
        if not given:
            raise InputError("choose at least one document, or paste a text")
        asked = DraftInput(title, named, self._folder.root, tuple(given.items()), frozenset(new))
        job = self._jobs.start(draft_dispute, asked, question="draft", name=title or next(iter(given)))
        with self._lock:
            self._started[job.id] = asked
            while len(self._started) > MAX_STARTED:
                self._started.popitem(last=False)
        return job

    def save(self, id: str) -> str:
        """Write the documents and the conflict file of a draft that is ready, all or none, and return its name.

        Raises
        ------
        InputError
            If there is no such draft, or a file cannot be written.
        """
        self._folder.must_be_writable()
        with self._lock:
            if id in self._saved:
                return self._saved[id]
            job, asked = self._jobs.get(id), self._started.get(id)
            if job is None or asked is None or job.result is None:
                raise InputError("there is no such draft. Draft the dispute again")
            data = job.result.data
            path = self._folder.new_conflict(free_name(self._folder, data["title"]))
            added: list[Path] = []
            try:
                for name, content in asked.documents:
                    if name in asked.new and name in data["documents"]:
                        added.append(self._folder.path(self._folder.add(self._folder.new_document(name), content)))
                self._saved[id] = self._folder.add(path, data["text"].encode("utf-8"))
            except BaseException:
                for one in added:
                    with suppress(OSError):
                        one.unlink()
                raise
            del self._started[id]
            return self._saved[id]
