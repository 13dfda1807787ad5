"""Checks that the quotes of a dossier are verbatim in their documents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from detente.errors import Fault, InputError
from detente.lazy import dataclass, lazy
from detente.limits import MAX_DOCUMENT_BYTES
from detente.model.conflict import Conflict
from detente.model.evidence import Path as Place
from detente.model.quotes import QuoteMatch, find_quote
from detente.model.statements import Source

if TYPE_CHECKING:
    import hashlib

    from detente.reading import documents as reading
else:
    # Loaded only when there is a document to read.
    hashlib, reading = lazy("hashlib"), lazy("detente.reading.documents")


def document_of(source: Source, folder: Path, others: Iterable[Path] = ()) -> Path | None:
    """Return the file with a source's text: the named one, or one in other folders with its name or digest."""
    names = [folder / source.file] if source.file else []
    names += [other / Path(source.file).name for other in others if source.file]
    for path in names:
        if path.is_file():
            return path
    beside = (path for other in others if other.is_dir() for path in sorted(other.iterdir()) if path.is_file())
    for path in beside if source.sha256 else ():
        stat = path.stat()
        if stat.st_size <= MAX_DOCUMENT_BYTES and _digest(path, stat.st_size, stat.st_mtime_ns) == source.sha256:
            return path
    return None


@dataclass(frozen=True)
class QuoteFault(Fault):
    """What does not agree between a statement and its document.

    ``lost`` says that the words were not found: they are not in the document, or it is missing or cannot be read.
    """

    lost: bool = False


def unverified_quotes(
    conflict: Conflict, folder: Path, others: Sequence[Path] = (), *, every: bool = False
) -> Iterator[QuoteFault]:
    """Yield what does not agree between statements and documents.

    Parameters
    ----------
    conflict
        The conflict, with its statements.
    folder
        The folder of the conflict file, from which sources name their files.
    others
        Folders to search for documents by name and by digest.
    every
        Whether a quote counts as lost if its statement has no source, or the source names no document; otherwise such
        quotes are passed over.
    """
    documents: dict[str, reading.Document] = {}
    without: set[str | None] = {None}
    quoted = {one.source for one in conflict.all_statements if one.quote}
    for place, source in enumerate(conflict.all_sources):
        own = place - (len(conflict.all_sources) - len(conflict.sources))
        at: Place = ("sources", own) if own >= 0 else ("dossier",)
        path = document_of(source, folder, others)
        if path is None and not source.file:
            without.add(source.id)
        if path is None:
            if source.file:
                message = f"the document of the source '{source.id}' is not there: {source.file}"
                yield QuoteFault(message, at=at, lost=source.id in quoted)
            continue
        try:
            document = reading.read_document(path)
        except InputError as error:
            message = f"the document of the source '{source.id}' cannot be read: {error}"
            yield QuoteFault(message, at=at, lost=source.id in quoted)
            continue
        if source.sha256 and document.sha256 != source.sha256:
            message = f"the document of the source '{source.id}' has changed: its digest is {document.sha256}"
            yield QuoteFault(message, at=at)
        elif source.text_sha256 and document.text_sha256 != source.text_sha256 and source.id in quoted:
            message = f"another text is read from the document of the source '{source.id}' than when it was quoted"
            yield QuoteFault(f"{message}: places are found by the quotes", at=at)
        if document.encoding_note:
            yield QuoteFault(f"the document of the source '{source.id}' {document.encoding_note}", at=at)
        documents[source.id] = document
    for place, statement in enumerate(conflict.all_statements):
        own = place - (len(conflict.all_statements) - len(conflict.statements))
        at = ("statements", own, "quote") if own >= 0 else ("dossier",)
        if statement.quote and every and statement.source in without:
            why = f"the source '{statement.source}' names no document" if statement.source else "it has no source"
            yield QuoteFault(f"the quote of '{statement.id}' cannot be looked up: {why}", at=at, lost=True)
        if not statement.quote or statement.source not in documents:
            continue
        found = find_quote(documents[statement.source].text, statement)
        if found.differences:
            how = f"is written differently in the document of '{statement.source}': {', '.join(found.differences)}"
            yield QuoteFault(f"the quote of '{statement.id}' {how}", at=at)
        if found.found is QuoteMatch.LOST:
            near = f"; the nearest passage is “{found.nearest}”" if found.nearest else ""
            message = f"the quote of '{statement.id}' is not in the document of '{statement.source}'{near}"
            yield QuoteFault(message, at=at, lost=True)
        elif found.found is QuoteMatch.MOVED and statement.spans:
            spans = ", ".join(f"[{start}, {end}]" for start, end in found.spans)
            yield QuoteFault(f"the quote of '{statement.id}' has moved: it is now at {spans}", at=at)


@lru_cache(maxsize=256)
def _digest(path: Path, size: int, changed: int) -> str:
    """Return a file's digest; cached, because a page looks for its documents each time it is shown."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
