"""The documents of a dispute with their statements marked, and the elements that each statement supports."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from detente.editing.statements import LINKS, linked
from detente.errors import DetenteError, Fault, InputError
from detente.model.conflict import Conflict
from detente.model.quotes import find_quote
from detente.model.statements import Source, Statement
from detente.present.phrases import attribution, speaker_in_words, statement_in_words
from detente.reading.documents import read_document
from detente.reading.drafting.verify_quotes import document_of
from detente.web.folder import Folder, OutsideError
from detente.web.forms import Grounds

#: Written to the terminal of 'detente serve'.
_log = logging.getLogger(__name__)


@contextmanager
def any_damage_named(name: str) -> Iterator[None]:
    """Turn any exception that reading a document raises into a fault of that document.

    A file can be damaged in countless ways, and none of them may make a page fail.
    """
    try:
        yield
    except DetenteError:
        raise
    except Exception as error:
        _log.exception("The document %s cannot be read", name)
        message = "this document cannot be read: it is damaged, or too large for this computer"
        raise InputError([Fault(message, name)]) from error


@dataclass(frozen=True)
class Passage:
    """A part of a document's text, and the statements that it belongs to."""

    start: int
    text: str
    statements: tuple[str, ...]


def sources_data(folder: Folder, name: str, conflict: Conflict) -> dict[str, Any]:
    """Return the sources of a dispute with their texts, and its statements with the elements that they support."""
    grounds = Grounds(conflict)
    bearing = list(elements(conflict))
    relations = _relations(conflict)
    return {
        "format": "detente-sources/1",
        "sources": [_source(folder, name, conflict, source) for source in conflict.all_sources],
        "statements": [
            {**_statement(conflict, one, grounds, bearing), "relations": relations.get(one.id, [])}
            for one in conflict.all_statements
        ],
        "elements": bearing,
        "decision_makers": [
            {
                "id": maker.id,
                "name": maker.label,
                "form": maker.preferences.key,
                "options": [{"id": option.id, "name": option.label} for option in maker.options],
            }
            for maker in conflict.decision_makers
        ],
        "speakers": dict(conflict.all_speakers),
    }


def elements(conflict: Conflict) -> Iterator[dict[str, Any]]:
    """Yield every element that a statement can be linked to: its place, kind, label and evidence."""
    makers = {maker.id: maker for maker in conflict.decision_makers}
    for at, support in conflict.supports():
        match at:
            case ("decision_makers", str(id), "options", str(option)):
                what, label = f"{makers[id].label}: option", conflict.option(option).label
            case ("decision_makers", str(id), "preferences", int(place)):
                statement = list(makers[id].preferences.conditions())[place]
                what, label = f"{makers[id].label}: preference {place + 1}", str(statement)
            case ("rules", int(place)):
                what, label = f"rule {place + 1}", str(conflict.rules[place])
            case ("one_way", str(option)):
                what, label = "one way", conflict.option(option).label
            case ("status_quo",):
                what, label = "status quo", "the options that are taken"
            case ("states", str(name)):
                what, label = "state", name
            case ("views", str(viewer), "believes", str(other)):
                what, label = f"{makers[viewer].label}: view", f"believed preferences of {makers[other].label}"
            case _:
                continue
        yield {
            "at": list(at),
            "what": what,
            "label": label,
            "condition": "preferences" in at or at[0] == "rules",
            "evidence": list(support.evidence),
            "against": list(support.against),
        }


def _source(folder: Folder, name: str, conflict: Conflict, source: Source) -> dict[str, Any]:
    own = [one for one in conflict.all_statements if one.source == source.id]
    text, problem, file = "", "", None
    try:
        with any_damage_named(source.file or source.id):
            path = document_path(folder, name, source)
            if path is not None:
                file = folder.name_of(path)
                text = read_document(path).text
    except OutsideError:
        problem = "The document of this source is not in the served folder."
    except InputError as error:
        problem = f"The document of this source cannot be used: {error.faults[0].message}."
    return {
        "id": source.id,
        "title": source.title or source.id,
        "own": source in conflict.sources,
        "called": source.title or "",
        "publisher": source.publisher,
        "date": source.date,
        "file": file,
        "problem": problem,
        "note": source.note,
        "sha256": source.sha256,
        "pieces": [
            {"start": piece.start, "text": piece.text, "statements": list(piece.statements)}
            for piece in pieces(text, own)
        ],
        "lost": [one.id for one in own if text and one.quote and not find_quote(text, one).spans],
    }


def document_path(folder: Folder, name: str, source: Source) -> Path | None:
    """Return the path of the document of a source in the folder; None if it has none."""
    called = source.file or _by_digest(folder, name, source)
    return folder.beside(name, called) if called else None


def _by_digest(folder: Folder, name: str, source: Source) -> str | None:
    """Return the name of the file beside the conflict file that has the digest of a source without a file name."""
    beside = folder.path(name).parent
    found = document_of(source, beside, [beside])
    return found.name if found else None


def pieces(text: str, statements: list[Statement]) -> list[Passage]:
    """Cut a text at the beginning and end of each statement, so that every piece belongs to one set of statements."""
    if not text:
        return []
    spans = [(span, one.id) for one in statements if one.quote for span in find_quote(text, one).spans]
    cuts = sorted({0, len(text), *(edge for (start, end), _ in spans for edge in (start, end))})
    return [
        Passage(start, text[start:end], tuple(id for (first, last), id in spans if first <= start and end <= last))
        for start, end in pairwise(cuts)
    ]


def _statement(
    conflict: Conflict, statement: Statement, grounds: Grounds, bearing: list[dict[str, Any]]
) -> dict[str, Any]:
    return {
        "id": statement.id,
        "source": statement.source,
        "speaker": conflict.all_speakers.get(statement.speaker or "", statement.speaker),
        "speaker_id": statement.speaker or "",
        "attribution": attribution(statement, conflict.all_speakers),
        "told_by": grounds.teller(statement.id),
        "kind": statement.kind,
        "confidence": statement.confidence,
        "speaker_confidence": statement.speaker_confidence,
        "kind_confidence": statement.kind_confidence,
        "quote": statement.quote,
        "date_said": statement.date_said,
        "note": statement.note,
        "about": list(statement.about),
        "contested": grounds.contested(statement.id),
        "open": statement.in_doubt,
        "contested_by": list(statement.contested_by),
        "withdrawn_by": list(statement.withdrawn_by),
        "nested_in": statement.nested_in,
        "copy_of": statement.copy_of,
        "reported_by": conflict.all_speakers.get(statement.reported_by or "", statement.reported_by),
        "proposed": statement.proposed,
        "brief": brief(conflict, statement),
        "own": any(one.id == statement.id for one in conflict.statements),
        "words": statement_in_words(statement, conflict.all_speakers, conflict.all_statements),
        "for": [_bearing(one) for one in bearing if statement.id in one["evidence"]],
        "against": [_bearing(one) for one in bearing if statement.id in one["against"]],
    }


def brief(conflict: Conflict, statement: Statement) -> str:
    """Return a short description of a statement: its speaker and its quote."""
    who = speaker_in_words(conflict, statement, in_full=True)
    said = f"“{statement.quote}”" if statement.quote else statement.note or statement.kind or "no quote"
    return f"{who}: {said}"


def _relations(conflict: Conflict) -> dict[str, list[dict[str, Any]]]:
    """Return the links of each statement to others, each with the edit that removes it.

    A file may record a dispute on either of two statements; the page shows it on both.
    """
    known = {one.id: one for one in conflict.all_statements}
    own = {one.id for one in conflict.statements}
    found: dict[str, list[dict[str, Any]]] = {}
    for one in known.values():
        for key, says in LINKS.items():
            ids = linked(one, key)
            for other in ids:
                left: Any = [id for id in ids if id != other] if isinstance(getattr(one, key), tuple) else ""
                edit = {"do": "set", "at": ["statements", one.id, key], "value": left} if one.id in own else None
                ends = [(one.id, other), (other, one.id)] if key == "contested_by" else [(one.id, other)]
                for here, there in ends:
                    told = brief(conflict, known[there]) if there in known else ""
                    words = _denial(known[here], known.get(there)) if key == "contested_by" else ""
                    link = {"says": words or says, "other": there, "brief": told, "edit": edit}
                    found.setdefault(here, []).append(link)
    return found


def _denial(here: Statement, there: Statement | None) -> str:
    """Say which of two statements that contradict each other denies the other; nothing if neither is a denial."""
    if there is None or (here.kind == "denial") == (there.kind == "denial"):
        return ""
    return "denies" if here.kind == "denial" else "denied by"


def _bearing(element: dict[str, Any]) -> dict[str, Any]:
    return {key: element[key] for key in ("at", "what", "label", "condition")}
