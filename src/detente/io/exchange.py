"""Statements and dated acts in the formats of programs that code texts.

Statements go out and come in as W3C Web Annotations (JSON-LD; Sanderson, Ciccarese & Young 2017), whose selectors are
the spans and quotes of a statement, and as tables with the columns of Discourse Network Analyzer (Leifeld 2017): a row
for every concept, here an option, that a statement agrees or disagrees with. Both carry what else Detente knows of a
statement in a part of their own, so that what was written comes back unchanged; files of other programs have none.

Dated acts come in from a table of events and a second table that says which option each kind of event takes or drops.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

from detente.errors import Fault, InputError, nearest
from detente.io.dossier_file import dossier_of, statement_data
from detente.io.files import read_text
from detente.io.yaml.build import DOSSIER_FORMAT
from detente.model.conflict import Conflict
from detente.model.dates import parse_date
from detente.model.evidence import Support
from detente.model.history import Act
from detente.model.statements import STATEMENT_KINDS, Dossier, Source, Statement
from detente.text import cell, csv_text

#: The columns of a table of statements; a file of another program need not have all of them.
COLUMNS = (
    "id", "date", "person", "organization", "concept", "agreement", "text", "start", "stop", "document", "title",
    "kind", "detente",
)  # fmt: skip
#: Other names of columns that are read.
ALSO = {"organisation": "organization", "time": "date", "statement": "text", "quote": "text", "speaker": "person"}
CONTEXT = ["http://www.w3.org/ns/anno.jsonld", {"detente": {"@id": "urn:detente:part", "@type": "@json"}}]
_STATEMENT, _SOURCE = "urn:detente:statement:", "urn:detente:source:"
_BREAK = " … "
_AGREEMENT = {"1": "for", "yes": "for", "true": "for", "0": "against", "no": "against", "false": "against"}
_STANCE = {"for": "1", "against": "0"}


# Out


def annotations_text(conflict: Conflict) -> str:
    """Return the statements of a conflict as a page of Web Annotations."""
    sources = {one.id: one for one in conflict.all_sources}
    items = [_annotation(one, sources.get(one.source or ""), conflict) for one in conflict.all_statements]
    page = {"@context": CONTEXT, "type": "AnnotationPage", "items": items}
    return json.dumps(page, indent=1, ensure_ascii=False) + "\n"


def _annotation(one: Statement, source: Source | None, conflict: Conflict) -> dict[str, Any]:
    parts = (one.quote or "").split(_BREAK)
    if len(parts) != len(one.spans):
        # A quote that is not in one piece for every span stands with the first.
        parts = [one.quote or "", *[""] * (len(one.spans) - 1)]
    spans: Sequence[tuple[int, int] | None] = one.spans or (None,)
    address = (source and (source.url or source.file)) or f"{_SOURCE}{one.source or ''}"
    targets = []
    for place, (span, part) in enumerate(zip(spans, parts, strict=True)):
        selectors: list[dict[str, Any]] = []
        if span is not None:
            selectors.append({"type": "TextPositionSelector", "start": span[0], "end": span[1]})
        if part:
            quoted = {"type": "TextQuoteSelector", "exact": part}
            quoted |= {"prefix": one.prefix} if one.prefix and place == 0 else {}
            quoted |= {"suffix": one.suffix} if one.suffix and place == len(spans) - 1 else {}
            selectors.append(quoted)
        targets.append({"source": address, **({"selector": selectors} if selectors else {})})
    body = [{"type": "TextualBody", "purpose": "tagging", "value": one.kind}] if one.kind else []
    return {
        "id": f"{_STATEMENT}{one.id}",
        "type": "Annotation",
        "motivation": "tagging",
        **({"body": body} if body else {}),
        "target": targets[0] if len(targets) == 1 else targets,
        "detente": _part(one, source, conflict),
    }


def _part(one: Statement, source: Source | None, conflict: Conflict) -> dict[str, Any]:
    """Return what only Detente knows of a statement: itself, its source, and the names of its speakers."""
    speakers = (id for id in (one.speaker, one.reported_by) if id)
    named = {id: conflict.speaker_names[id] for id in speakers if id in conflict.speaker_names}
    about = {"source": {key: value for key, value in vars(source).items() if value is not None}} if source else {}
    given = {key: value for key, value in statement_data(one).items() if value not in (None, [], ())}
    return {"statement": given, **about, **({"speakers": named} if named else {})}


#: What a statement says of an option: see `detente.model.statements.STANCES`.
StanceOf = Callable[[Statement, str], str | None]


def statement_rows(conflict: Conflict, stance_of: StanceOf) -> Iterator[dict[str, str]]:
    """Yield a row for every statement and option that it is about, with the columns of Discourse Network Analyzer."""
    sources = {one.id: one for one in conflict.all_sources}
    for one in conflict.all_statements:
        source = sources.get(one.source or "")
        for place, matter in enumerate(one.about or ("",)):
            yield {
                "id": one.id,
                "date": one.date_said or (source and source.date) or "",
                "person": one.speaker_text or "",
                "organization": conflict.all_speakers.get(one.speaker or "", one.speaker or ""),
                "concept": matter,
                "agreement": _STANCE.get(stance_of(one, matter) or "", "") if matter else "",
                "text": one.quote or "",
                "start": str(one.spans[0][0]) if one.spans else "",
                "stop": str(one.spans[-1][1]) if one.spans else "",
                "document": one.source or "",
                "title": (source and source.title) or "",
                "kind": one.kind or "",
                "detente": "" if place else json.dumps(_part(one, source, conflict), ensure_ascii=False),
            }


def statements_csv(conflict: Conflict, stance_of: StanceOf) -> str:
    """Return the statements of a conflict as CSV; cells that a spreadsheet would run begin with an apostrophe."""
    rows = statement_rows(conflict, stance_of)
    return csv_text(COLUMNS, ({key: _guarded(value) for key, value in row.items()} for row in rows))


def statements_jsonl(conflict: Conflict, stance_of: StanceOf) -> str:
    """Return the statements of a conflict as JSON, a row in every line."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in statement_rows(conflict, stance_of))


def _guarded(text: str) -> str:
    """Add an apostrophe to text that looks as if it had got one, so that `_unguarded` gives back every text."""
    bare = text.lstrip("'")
    return f"'{text}" if bare != text and cell(bare) != bare else text


def _unguarded(text: str) -> str:
    bare = text.lstrip("'")
    return text[1:] if bare != text and cell(bare) != bare else text


# In


def read_statements(path: str | Path) -> Dossier:
    """Read statements from a file of Web Annotations (.jsonld), or a table of them (.csv, .jsonl).

    Raises
    ------
    InputError
        With the faults of the file, each with its line.
    """
    name, text = str(path), read_text(path)
    if name.endswith((".csv", ".jsonl")):
        rows = list(_csv_rows(text, name) if name.endswith(".csv") else _json_rows(text, name))
        lines, found = _of_rows(rows, name)
    else:
        data = _json(text, name, 1)
        items = data.get("items") if isinstance(data, dict) and "items" in data else data
        items = items if isinstance(items, list) else [items]
        lines, found = [1] * len(items), [_of_annotation(item, name) for item in items]
    return _dossier(found, lines, name)


def _dossier(found: Sequence[Mapping[str, Any]], lines: Sequence[int], name: str) -> Dossier:
    """Return the dossier of some statements, each with its source and the names of its speakers."""
    if not found:
        raise InputError([Fault("the file has no statements", name, 1, 1)])
    speakers: dict[str, str] = {}
    sources: dict[str, Any] = {}
    for one in found:
        speakers |= one.get("speakers", {})
        if source := one.get("source"):
            sources.setdefault(str(source.get("id")), source)
    statements = [one["statement"] for one in found]
    data = {"format": DOSSIER_FORMAT, "speakers": speakers, "sources": list(sources.values()), "statements": statements}
    try:
        return dossier_of(_as_written(data))
    except InputError as error:
        places = [one.at[1] if one.at[:1] == ("statements",) and len(one.at) > 1 else 0 for one in error.faults]
        raise InputError(
            [
                replace(fault, file=name, line=lines[int(place)], column=1)
                for fault, place in zip(error.faults, places, strict=True)
            ]
        ) from error


def _as_written(value: Any) -> Any:
    """Return data with all scalars as text, as the parser of files gives them."""
    if isinstance(value, dict):
        return {str(key): _as_written(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_as_written(inner) for inner in value]
    return value if value is None else str(value)


def _json(text: str, name: str, line: int) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise InputError(
            [Fault(f"this is not JSON: {error.msg}", name, line + error.lineno - 1, error.colno)]
        ) from error
    except (RecursionError, ValueError) as error:
        raise InputError([Fault("this JSON is nested too deeply or has too long a number", name, line, 1)]) from error


def _csv_rows(text: str, name: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the rows of a table with the numbers of their lines; cells beyond the head are left out."""
    reader = csv.DictReader(StringIO(text.removeprefix("\ufeff"), newline=""), restval="")
    try:
        for row in reader:
            yield reader.line_num, {key.strip(): _unguarded(value) for key, value in row.items() if key is not None}
    except csv.Error as error:
        raise InputError([Fault(f"this is not CSV: {error}", name, reader.line_num, 1)]) from error


def _json_rows(text: str, name: str) -> Iterator[tuple[int, dict[str, str]]]:
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            row = _json(line, name, number)
            if not isinstance(row, dict):
                raise InputError([Fault('a line must be an object, such as {"id": "s1"}', name, number, 1)])
            yield number, {key: "" if value is None else str(value) for key, value in row.items()}


def _of_rows(rows: Sequence[tuple[int, dict[str, str]]], name: str) -> tuple[list[int], list[dict[str, Any]]]:
    """Return the statements of some rows, with the line of the first row of each."""
    _need(rows, ("concept", "text", "person"), name)
    lines: list[int] = []
    found: list[dict[str, Any]] = []
    open_: dict[str, dict[str, Any]] = {}
    for number, (line, written) in enumerate(rows, start=1):
        row = {ALSO.get(key.lower(), key.lower()): value for key, value in written.items()}
        id = row.get("id") or f"r{number}"
        if id not in open_:
            known = _json(row["detente"], name, line) if row.get("detente") else None
            if known is not None and not (isinstance(known, dict) and isinstance(known.get("statement"), dict)):
                raise InputError([Fault("the column 'detente' must hold an object with a 'statement'", name, line, 1)])
            open_[id] = {"known": known is not None, **(known or _of_row(row, id, name, line))}
            found.append(open_[id])
            lines.append(line)
        if not open_[id]["known"] and row.get("concept"):
            about = open_[id]["statement"].setdefault("about", {})
            about[_word(row["concept"])] = _stance(row.get("agreement", ""), name, line)
    return lines, found


def _need(rows: Sequence[tuple[int, Mapping[str, str]]], some: Sequence[str], name: str) -> None:
    given = {ALSO.get(key.lower(), key.lower()) for key in rows[0][1]} if rows else set(some)
    if not given & set(some):
        near = next((near for key in given if (near := nearest(key, COLUMNS))), None)
        message = f"none of the columns {', '.join(some)} is there; a table of statements needs one of them"
        raise InputError([Fault(message, name, 1, 1, near)])


def _of_row(row: Mapping[str, str], id: str, name: str, line: int) -> dict[str, Any]:
    """Return the statement of a row of another program."""
    who = row.get("organization") or row.get("person") or ""
    kind = row.get("kind", "")
    given: dict[str, Any] = {
        "id": id,
        "source": _word(row.get("document", "")) or None,
        "speaker": _word(who) or None,
        "speaker_text": row.get("person") or None,
        "kind": kind or None,
        "quote": row.get("text") or None,
        "date_said": _day(row.get("date", ""), name, line),
    }
    start, stop = row.get("start", ""), row.get("stop", "")
    if start.isdecimal() and stop.isdecimal():
        given["spans"] = [[start, stop]]
    source = {"id": given["source"], "title": row.get("title") or row.get("document")} if given["source"] else None
    return {
        "statement": {key: value for key, value in given.items() if value is not None},
        "source": source,
        "speakers": {_word(who): who} if who else {},
    }


def _word(text: str) -> str:
    """Return a name as an identifier: words joined by hyphens.

    >>> _word("Ministry of Water (Egypt)")
    'ministry-of-water-egypt'
    """
    return re.sub(r"[^\w.]+", "-", text.strip().lower()).strip("-.")


def _day(text: str, name: str, line: int) -> str | None:
    """Return the date of a cell, without a time of day; None for an empty cell."""
    day = re.sub(r"(?<=\d\d)[T ]\d\d:.*", "", text.strip())
    if not day:
        return None
    try:
        parse_date(day)
    except ValueError as error:
        raise InputError([Fault(str(error), name, line, 1)]) from error
    return day


def _stance(text: str, name: str, line: int) -> str | None:
    word = text.strip().lower()
    if word and word not in _AGREEMENT:
        near = nearest(word, _AGREEMENT)
        raise InputError([Fault(f"'{text}' is not an agreement; write 1 for agreement or 0", name, line, 1, near)])
    return _AGREEMENT.get(word)


def _of_annotation(item: Any, name: str) -> dict[str, Any]:
    """Return the statement of an annotation; its selectors say where the words stand and which they are."""
    if not isinstance(item, dict):
        raise InputError([Fault("an annotation must be an object with a 'target'", name, 1, 1)])
    part = item.get("detente")
    known: dict[str, Any] = part if isinstance(part, dict) else {}
    inner = known.get("statement")
    given: dict[str, Any] = dict(inner) if isinstance(inner, dict) else {}
    targets = item.get("target")
    targets = [one if isinstance(one, dict) else {"source": one} for one in _listed(targets)]
    selectors = [one for target in targets for one in _listed(target.get("selector")) if isinstance(one, dict)]
    quotes = [one for one in selectors if one.get("type") == "TextQuoteSelector" and one.get("exact")]
    spans = [[one.get("start"), one.get("end")] for one in selectors if one.get("type") == "TextPositionSelector"]
    given.setdefault("id", _word(str(item.get("id") or "").rsplit(":", 1)[-1].rsplit("/", 1)[-1]) or "a1")
    for key, value in (
        ("quote", _BREAK.join(str(one["exact"]) for one in quotes)),
        ("spans", spans),
        ("prefix", next((one["prefix"] for one in quotes if one.get("prefix")), None)),
        ("suffix", next((one["suffix"] for one in quotes if one.get("suffix")), None)),
    ):
        if value:
            given[key] = value
    source = known.get("source")
    address = str(targets[0].get("source") or "") if targets else ""
    if not isinstance(source, dict) and not inner and address:
        source = {"id": _word(address.removeprefix(_SOURCE)), "title": address}
        source |= {"url": address} if address.startswith(("http:", "https:")) else {}
        given["source"] = source["id"]
    bodies = [one for one in _listed(item.get("body")) if isinstance(one, dict) and one.get("value")]
    if not inner:
        kinds = [str(one["value"]) for one in bodies if one.get("purpose") == "tagging"]
        given |= {"kind": kinds[0]} if kinds and kinds[0] in STATEMENT_KINDS else {}
        notes = [str(one["value"]) for one in bodies if str(one["value"]) not in STATEMENT_KINDS]
        given |= {"note": "; ".join(notes)} if notes else {}
    speakers = known.get("speakers")
    return {"statement": given, "source": source, "speakers": speakers if isinstance(speakers, dict) else {}}


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


# Dated acts

#: What an event means: who acts, what it takes, what it drops.
Rule = tuple[str, tuple[str, ...], tuple[str, ...]]


def read_acts(events: str | Path, mapping: str | Path, conflict: Conflict) -> tuple[tuple[Act, ...], tuple[str, ...]]:
    """Return the acts of a table of events, in order of date, and the events that the mapping does not name.

    Parameters
    ----------
    events
        A table with the columns ``date`` and ``action``, and perhaps ``actor``, ``evidence`` and ``note``.
    mapping
        A table with the columns ``action`` and ``by``, ``takes`` or ``drops`` (options, separated by spaces), and
        perhaps ``actor``: then a row counts only for the events of this actor.
    conflict
        The dispute whose parties and options the mapping names.

    Raises
    ------
    InputError
        With every fault of the two tables, each with its line and the nearest name that there is.
    """
    faults: list[Fault] = []
    rules = _mapping(str(mapping), conflict, faults)
    acts, unknown = [], []
    rows = list(_csv_rows(read_text(events), str(events)))
    _need_columns(rows, ("date", "action"), str(events))
    for line, row in rows:
        action, actor = row["action"].strip(), row.get("actor", "").strip()
        rule = rules.get((actor, action)) or rules.get(("", action))
        if rule is None:
            unknown.append(f"{actor}: {action}" if actor else action)
            continue
        try:
            day = _day(row["date"], str(events), line)
            if day is None or parse_date(day).latest is None:
                raise InputError([Fault("an act needs a date that has a last day", str(events), line, 1)])
            support = Support(tuple(row.get("evidence", "").split()), note=row.get("note", ""))
            by, takes, drops = rule
            acts.append(Act(day, by, takes, drops, support))
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(faults)
    return tuple(sorted(acts, key=lambda act: act.day())), tuple(dict.fromkeys(unknown))


def _mapping(name: str, conflict: Conflict, faults: list[Fault]) -> dict[tuple[str, str], Rule]:
    rows = list(_csv_rows(read_text(name), name))
    _need_columns(rows, ("action", "by"), name)
    makers = [maker.id for maker in conflict.decision_makers]
    rules: dict[tuple[str, str], Rule] = {}
    for line, row in rows:
        takes, drops = (tuple(row.get(key, "").split()) for key in ("takes", "drops"))
        by = row["by"].strip()
        key = (row.get("actor", "").strip(), row["action"].strip())
        if key in rules:
            faults.append(Fault(f"the action '{key[1]}' is mapped twice", name, line, 1))
        if not takes and not drops:
            faults.append(Fault(f"the action '{key[1]}' neither takes nor drops an option", name, line, 1))
        for what, word, known in (
            ("decision maker", by, makers),
            *(("option", option, list(conflict.owner)) for option in (*takes, *drops)),
        ):
            if word not in known:
                faults.append(Fault(f"unknown {what} '{word}'", name, line, 1, nearest(word, known)))
        rules[key] = (by, takes, drops)
    return rules


def _need_columns(rows: Sequence[tuple[int, Mapping[str, str]]], needed: Iterable[str], name: str) -> None:
    given = rows[0][1] if rows else {}
    for column in needed:
        if column not in given:
            message = f"the column '{column}' is missing" if rows else "the table has no rows"
            raise InputError([Fault(message, name, 1, 1, nearest(column, list(given)))])
