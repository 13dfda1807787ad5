"""The documents of a dispute with their statements marked, and the elements that each statement supports."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from detente.editing.statements import LINKS, linked
from detente.errors import DetenteError, Fault, InputError
from detente.model.conflict import Conflict
from detente.model.day import UNUSED, statement_uses
from detente.model.evidence import PROPOSED, REVIEWED
from detente.model.quotes import find_quote
from detente.model.statements import Link, Source, Statement
from detente.model.wording import quoted, spoken
from detente.present.listings import link_in_words, wish_in_words
from detente.present.outcomes import condition_in_words, rule_in_words
from detente.present.phrases import (
    SURE_OF_SPEAKER,
    attribution,
    speaker_in_words,
    statement_in_words,
)
from detente.reading.documents import read_document
from detente.reading.drafting.verify_quotes import document_of
from detente.reading.drafting.wishes import GROUP_WORDS, ProposedWish, wishes_of
from detente.reading.links import open_links, unread
from detente.reading.segments import sentence_of
from detente.web.folder import Folder, OutsideError
from detente.web.forms import Grounds, denies, of_a_report, told_of

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
        "sources": [
            _source(folder, name, conflict, source, document_text(folder, name, source))
            for source in conflict.all_sources
        ],
        "statements": [
            {**_statement(conflict, one, grounds, bearing), "relations": relations.get(one.id, [])}
            for one in conflict.all_statements
        ],
        "elements": bearing,
        "decision_makers": _decision_makers(conflict),
        "speakers": dict(conflict.all_speakers),
    }


def _decision_makers(conflict: Conflict) -> list[dict[str, Any]]:
    return [
        {
            "id": maker.id,
            "name": maker.label,
            "form": maker.preferences.key,
            "options": [{"id": option.id, "name": option.label} for option in maker.options],
        }
        for maker in conflict.decision_makers
    ]


def elements(conflict: Conflict) -> Iterator[dict[str, Any]]:
    """Yield every element that a statement can be linked to: its place, kind, label, evidence, and what it says."""
    makers = {maker.id: maker for maker in conflict.decision_makers}
    for at, support in conflict.supports():
        words = ""
        match at:
            case ("decision_makers", str(id), "options", str(option)):
                what, label = f"{makers[id].label}: option", conflict.option(option).label
            case ("decision_makers", str(id), "preferences", int(place)):
                condition = list(makers[id].preferences.conditions())[place]
                what, label = f"{makers[id].label}: preference {place + 1}", str(condition)
                words = condition_in_words(conflict, condition)
            case ("rules", int(place)):
                what, label = f"rule {place + 1}", str(conflict.rules[place])
                words = rule_in_words(conflict, conflict.rules[place])
            case ("one_way", str(option)):
                what, label = "one way", conflict.option(option).label
            case ("status_quo",):
                what, label = "status quo", "the options taken on the day of the model"
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
            "words": words or label,
            "condition": "preferences" in at or at[0] == "rules",
            "evidence": list(support.evidence),
            "against": list(support.against),
            "proposed": support.note.startswith(PROPOSED),
        }


@dataclass(frozen=True)
class DocumentText:
    """The text of the document of a source, the name of its file in the folder, or why it cannot be used."""

    text: str = ""
    file: str | None = None
    problem: str = ""


def document_text(folder: Folder, name: str, source: Source) -> DocumentText:
    """Return the text of the document of a source."""
    file = None
    try:
        with any_damage_named(source.file or source.id):
            path = document_path(folder, name, source)
            if path is not None:
                file = folder.name_of(path)
                return DocumentText(read_document(path).text, file)
    except OutsideError:
        return DocumentText(problem="The document of this source is not in the served folder.")
    except InputError as error:
        problem = f"The document {quoted(source.file or source.id)} cannot be used: {error.faults[0].message}."
        problem += " Put it beside the conflict file." if "no such file" in problem else ""
        return DocumentText(file=file, problem=problem)
    return DocumentText()


def _source(
    folder: Folder, name: str, conflict: Conflict, source: Source, document: DocumentText, *, shown: bool = True
) -> dict[str, Any]:
    """Return a source as data; with ``shown`` its text, cut at the statements in it."""
    own = [one for one in conflict.all_statements if one.source == source.id]
    text, problem, file = document.text, document.problem, document.file
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
            for piece in (pieces(text, own) if shown else ())
        ],
        "lost": [one.id for one in own if shown and text and one.quote and not find_quote(text, one).spans],
        "read": bool(own) or any(one.source == source.id for one in conflict.skipped),
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
        "marks": grounds.marks(statement.id),
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
        "withdrawn": bool(statement.withdrawn_by),
        **told_of(conflict, statement, grounds),
        "for": [_bearing(one) for one in bearing if statement.id in one["evidence"]],
        "against": [_bearing(one) for one in bearing if statement.id in one["against"]],
    }


def brief(conflict: Conflict, statement: Statement) -> str:
    """Return a short description of a statement: its speaker and its quote."""
    who = speaker_in_words(conflict, statement, in_full=True)
    said = spoken(statement.quote) if statement.quote else statement.note or statement.kind or "no quote"
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
                    words = denies(known[here], known.get(there)) if key == "contested_by" else ""
                    if there in known and key != "contested_by":
                        words = of_a_report(key, known[here], known[there])
                    link = {"key": key, "says": words or says, "other": there, "brief": told, "edit": edit}
                    found.setdefault(here, []).append(link)
    return found


def _bearing(element: dict[str, Any]) -> dict[str, Any]:
    return {key: element[key] for key in ("at", "what", "label", "words", "condition")}


#: The number of statements and links on one page.
CARDS = 40
#: Of more statements than this, a link by hand leads to those on the page.
MAX_NAMED = 300
#: So many characters of documents are on the page at once; of more, the documents of the statements shown.
MAX_TEXT = 150_000
#: Below these the reader is not sure that something was said, and of its kind.
SURE_OF_CONTENT, SURE_OF_KIND = 0.6, 0.7
#: What the list can show, with its words.
SHOWN = {
    "": "all statements",
    "proposed": "found by Detente, not yet accepted",
    "accepted": "accepted",
    "unsure": "to check: Detente is not sure",
    "disputed": "disputed, denied or withdrawn",
    "unlinked": "not used in the model",
    "links": "possible links between statements or speakers",
}
#: The orders of the list, with their words.
ORDERS = {
    "": "by place in the text",
    "speaker": "least certain speaker first",
    "kind": "least certain kind first",
    "content": "least certain content first",
}


@dataclass(frozen=True)
class TriageView:
    """Which of the statements and links a page shows: a filter, a party, an order, and a page.

    ``find`` names a statement whose page is shown; ``opened`` are sources whose documents are shown.
    """

    show: str = ""
    party: str = ""
    order: str = ""
    page: int = 0
    find: str = ""
    opened: Sequence[str] = ()


def triage_data(folder: Folder, name: str, conflict: Conflict, view: TriageView) -> dict[str, Any]:
    """Return the documents of a dispute, and one page of its statements and proposed links.

    Only what is on the page is worked out in full, so that a dossier of 1,000 statements stays quick.
    """
    grounds, bearing = Grounds(conflict), list(elements(conflict))
    uses, original = statement_uses(conflict), conflict.all_testimony.original
    links = open_links(conflict)
    known = {one.id: one for one in conflict.all_statements}
    tests = {
        "": lambda one: True,
        "proposed": lambda one: one.proposed,
        "accepted": lambda one: not one.proposed,
        "unsure": _unsure,
        "disputed": lambda one: grounds.contested(one.id) or bool(one.withdrawn_by) or one.kind == "denial",
        "unlinked": lambda one: uses[original[one.id]] == UNUSED,
        "links": lambda one: False,
    }
    of_party = [one for one in known.values() if view.party in ("", one.speaker)]
    about = [one for one in links if not view.party or view.party in _speakers_of(one, known)]
    counts = {show: sum(map(test, of_party)) for show, test in tests.items()} | {"links": len(about)}
    chosen = sorted(filter(tests.get(view.show, tests[""]), of_party), key=lambda one: _certainty(one, view.order))
    entries = _in_one_list(chosen, about if view.show in ("", "proposed", "links") else [], view.show == "links")
    places = [place for place, one in enumerate(entries) if isinstance(one, Statement) and one.id == view.find]
    pages = max(1, -(-len(entries) // CARDS))
    page = places[0] // CARDS if places else min(max(view.page, 0), pages - 1)
    on_page = entries[page * CARDS : (page + 1) * CARDS]
    statements = [one for one in on_page if isinstance(one, Statement)]
    texts = {one.id: document_text(folder, name, one) for one in conflict.all_sources}
    few = sum(len(one.text) for one in texts.values()) <= MAX_TEXT
    near = {one.source for one in statements} | set(view.opened)
    words = {id: one.text for id, one in texts.items() if one.text}
    own = {one.id for one in conflict.statements}
    accepted = {one.id for one in statements if not one.proposed and one.id in own}
    wishes = wishes_of(conflict, accepted, words)
    relations = _relations(conflict)
    return {
        "sources": [
            _source(folder, name, conflict, one, texts[one.id], shown=few or one.id in near)
            | {"has_text": bool(texts[one.id].text)}
            for one in conflict.all_sources
        ],
        "unread": [id for id in unread(conflict) if words.get(id)],
        "cards": [
            _link_card(conflict, one, known, words)
            if isinstance(one, Link)
            else {
                **_statement(conflict, one, grounds, bearing),
                "link": None,
                "relations": relations.get(one.id, []),
                "sentence": sentence_of(one, words.get(one.source or "", "")),
                "check_speaker": one.proposed and (one.speaker_confidence or 1.0) < SURE_OF_SPEAKER,
                "check_kind": one.proposed and (one.kind_confidence or 1.0) < SURE_OF_KIND,
                "in_denial": _denial_around(one, known),
                "doubt": _doubt(one, relations.get(one.id, [])) if grounds.contested(one.id) else "",
                "wishes": list(_offers(conflict, wishes.get(one.id, ()))),
            }
            for one in on_page
        ],
        "others": [
            {"id": one.id, "brief": brief(conflict, one)} for one in (of_party if len(known) <= 300 else statements)
        ],
        "elements": [
            {
                **one,
                "open": bool(one["evidence"]) and all(map(grounds.contested, one["evidence"])),
                **{f"{key}_told": ", ".join(map(grounds.marked, one[key])) for key in ("evidence", "against")},
            }
            for one in bearing
        ],
        "decision_makers": _decision_makers(conflict),
        "speakers": dict(conflict.all_speakers),
        "titles": {one.id: one.title or one.id for one in conflict.all_sources},
        "contested": [one.id for one in known.values() if grounds.contested(one.id)],
        "has_confidence": any(one.confidence is not None for one in known.values()),
        "view": view,
        "shown": [{"id": id, "words": words_of, "count": counts[id]} for id, words_of in SHOWN.items()],
        "orders": ORDERS,
        "parties": _speaking(conflict),
        "count": len(entries),
        "whole": len(known) + len(links),
        "known": len(known),
        "size": CARDS,
        "page": page,
        "pages": pages,
        "first": page * CARDS + 1,
        "selectable": [
            {"id": one.id, "sure": _sureness(one), "proposed": one.proposed} for one in chosen if one.id in own
        ],
    }


def _doubt(one: Statement, relations: Sequence[Mapping[str, Any]]) -> str:
    """Say why a statement counts as disputed: by itself, or through the statement that reports it."""
    against = [link["says"] for link in relations if link["key"] == "contested_by"]
    if one.in_doubt or against:
        return "denied" if "denied by" in against and not one.in_doubt else "disputed"
    return "reported in a disputed statement"


def _speakers_of(link: Link, known: Mapping[str, Statement]) -> set[str | None]:
    if link.kind == "same_as":
        return {link.first, link.second}
    return {known[id].speaker for id in (link.first, link.second)}


def _in_one_list(statements: Sequence[Statement], links: Sequence[Link], only_links: bool) -> list[Statement | Link]:
    """Return links about speakers, then statements, each followed by the links that begin with it."""
    here = {one.id for one in statements}
    after: dict[str, list[Link]] = {}
    first: list[Statement | Link] = []
    for link in links:
        if link.first in here:
            after.setdefault(link.first, []).append(link)
        elif link.kind == "same_as" or only_links:
            first.append(link)
    return first + [entry for one in statements for entry in (one, *after.get(one.id, ()))]


def _unsure(one: Statement) -> bool:
    if not one.proposed:
        return False
    given = (
        (one.confidence, SURE_OF_CONTENT),
        (one.speaker_confidence, SURE_OF_SPEAKER),
        (one.kind_confidence, SURE_OF_KIND),
    )
    return one.speaker is None or any(sure is not None and sure < least for sure, least in given)


def _sureness(one: Statement) -> float:
    """Return the confidence in all of a statement: the least of the reader's."""
    return min((one.confidence or 0.0, one.speaker_confidence or 0.0, one.kind_confidence or 0.0))


def _certainty(one: Statement, order: str) -> float:
    sure = {"speaker": one.speaker_confidence, "kind": one.kind_confidence, "content": one.confidence}.get(order, 0.0)
    return 2.0 if sure is None else sure


def _speaking(conflict: Conflict) -> list[dict[str, Any]]:
    """Return the speakers of statements, decision makers first, each with the number of its statements."""
    said: dict[str, int] = {maker.id: 0 for maker in conflict.decision_makers}
    for one in conflict.all_statements:
        if one.speaker:
            said[one.speaker] = said.get(one.speaker, 0) + 1
    names = conflict.all_speakers
    return [{"id": id, "name": names.get(id, id), "count": count} for id, count in said.items()]


def _denial_around(one: Statement, known: Mapping[str, Statement]) -> str | None:
    """Return the denial in which a statement is reported, at any depth."""
    outer, seen = known.get(one.nested_in or ""), {one.id}
    while outer is not None and outer.id not in seen:
        if outer.kind == "denial":
            return outer.id
        seen.add(outer.id)
        outer = known.get(outer.nested_in or "")
    return None


def _offers(conflict: Conflict, wishes: Collection[ProposedWish]) -> Iterator[dict[str, Any]]:
    """Yield what is proposed from an accepted statement, in words, with the edit that adds it; not what is there."""
    for one in wishes:
        held = conflict.decision_maker(one.holder).preferences
        wanted = one.wanted if held.key == "preferences" else None
        condition = f"{'' if wanted else 'not '}{one.option}"
        there = dict(zip(map(str, held.conditions()), (support for _, support in held.supports()), strict=False))
        # What a person has cited it for is not offered again in other words.
        options = [option.support for option in conflict.decision_maker(one.owner).options]
        beside = options if wanted is None else [each for _, each in held.supports()]
        cited = [support for support in beside if one.statement in support.evidence]
        by_hand = any(not support.note.startswith((PROPOSED, REVIEWED)) for support in cited)
        if (one.option and wanted is None) or by_hand or (wanted is not None and there.get(condition) in cited):
            continue
        edit = {
            "statement": one.statement, "holder": one.holder, "owner": one.owner,
            "option": one.option, "name": one.name, "wanted": wanted, "reason": GROUP_WORDS[one.group],
        }  # fmt: skip
        yield {"words": wish_in_words(conflict, one, wanted), "edit": edit, "new": one.option is None}


def _link_card(
    conflict: Conflict, link: Link, known: Mapping[str, Statement], texts: Mapping[str, str]
) -> dict[str, Any]:
    own = {one.id for one in conflict.statements}
    either = link.kind in ("denies", "contradicts", "repeats")
    changed = {link.first, link.second} if either else {link.first if link.kind == "copy_of" else link.second}
    edit = {
        "kind": link.kind, "first": link.first, "second": link.second, "reason": link.reason,
        "confidence": link.confidence,
    }  # fmt: skip
    two = [known[id] for id in (link.first, link.second) if id in known and link.kind != "same_as"]
    return {
        "link": link.kind,
        "id": f"{link.kind}:{link.first}:{link.second}",
        "first": link.first,
        "second": link.second,
        "asks": link_in_words(conflict, link),
        "reason": link.reason,
        "confidence": link.confidence,
        "edit": edit,
        "own": link.kind == "same_as" or bool(changed & own),
        "quotes": [
            {
                "id": one.id,
                "who": attribution(one, conflict.all_speakers),
                "kind": one.kind,
                "date_said": one.date_said,
                "quote": one.quote or one.note or "",
                "sentence": sentence_of(one, texts.get(one.source or "", "")),
            }
            for one in two
        ],
        "of_speakers": [
            {"id": id, "name": conflict.all_speakers.get(id, id), "quotes": [brief(conflict, one) for one in said[:2]]}
            for id in (link.first, link.second)
            for said in [[one for one in known.values() if one.speaker == id]]
        ]
        if link.kind == "same_as"
        else [],
    }
