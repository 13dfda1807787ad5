"""Reading and saving dossiers (``*.dossier.yaml``): sources and statements that several conflict files share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from detente.errors import Fault, InputError
from detente.io import files
from detente.io.files import read_text
from detente.io.yaml.build import DOSSIER_FORMAT
from detente.io.yaml.parse import YamlDocument, explain_look_alikes, parse_yaml
from detente.io.yaml.plain import without_collection
from detente.io.yaml.schema import DOSSIER
from detente.io.yaml.validate import read_value, validate
from detente.io.yaml.write import dump_dossier
from detente.model.statements import Dossier, Statement


def read_dossier(path: str | Path) -> Dossier:
    """Read a dossier.

    Raises
    ------
    InputError
        With every fault in the file, each with line and column.
    """
    return parse_dossier(read_text(path), str(path))


def parse_dossier(text: str, name: str = "<text>") -> Dossier:
    """Parse a dossier (YAML, which includes JSON); ``name`` stands for the file in messages."""
    with without_collection():
        document = parse_yaml(text, name)
        faults = list(document.faults)
        found, _ = validate(document, DOSSIER, "a dossier", faults)
    if faults or found is None:
        faults = explain_look_alikes(faults, name, document.lines)
        raise InputError(sorted(faults, key=lambda fault: (fault.line or 0, fault.column or 0)))
    dossier: Dossier = replace(found, path=name)
    return dossier


def dossier_of(data: Any) -> Dossier:
    """Return a dossier from plain data in the form of `dossier_data`; raises `InputError` for other data."""
    found: Dossier = read_value(DOSSIER, data)
    return found


def read_dossiers(names: Iterable[str], document: YamlDocument, faults: list[Fault]) -> list[Dossier]:
    """Read the dossiers that a conflict file names, relative to its folder; faults are added to the list."""
    dossiers = []
    for place, name in enumerate(names):
        path = Path(document.name).parent / name
        try:
            dossiers.append(replace(read_dossier(path), path=name))
        except InputError as error:
            for fault in error.faults:
                inside = fault.line is not None
                at = ("dossier", place)
                faults.append(fault if inside else document.located(f"{fault.message}: {fault.file}", at))
    return dossiers


def write_dossier(dossier: Dossier, path: str | Path) -> None:
    """Write a dossier as a new file, completely or not at all."""
    files.write_text(Path(path), dump_dossier(dossier))


#: The keys that every statement has in JSON and CSV, in this order.
_ALWAYS = (
    "id", "source", "speaker", "speaker_text", "cue", "kind", "form", "quote", "spans", "date_said", "nested_in",
    "confidence", "speaker_confidence", "kind_confidence",
)  # fmt: skip


def dossier_data(dossier: Dossier) -> dict[str, Any]:
    """Return a dossier as plain data: the output of 'detente read --format json'."""
    return {
        "format": DOSSIER_FORMAT,
        "actors": [
            {**asdict(one), "aliases": list(one.aliases), "offices": list(one.offices)} for one in dossier.actors
        ],
        "speakers": dict(dossier.speakers),
        "sources": [{key: value for key, value in asdict(one).items() if value is not None} for one in dossier.sources],
        "statements": [statement_data(one) for one in dossier.statements],
        "skipped": [
            {key: value for key, value in asdict(one).items() if value is not None}
            | {"spans": [list(span) for span in one.spans]}
            for one in dossier.skipped
        ],
        "links": [asdict(one) for one in dossier.links],
    }


def statement_data(one: Statement) -> dict[str, Any]:
    """Return a statement as plain data: the keys that every statement has, and those that are set."""
    values = asdict(one)
    values["spans"] = [list(span) for span in one.spans]
    # As in a file: the stances stand with the options that they are on.
    if stances := values.pop("stances"):
        values["about"] = {option: stances.get(option) for option in one.about}
    more = {key: value for key, value in values.items() if key not in _ALWAYS and value not in (None, (), False)}
    return {**{key: values[key] for key in _ALWAYS}, **more}


__all__ = [
    "dossier_data",
    "dossier_of",
    "dump_dossier",
    "parse_dossier",
    "read_dossier",
    "read_dossiers",
    "statement_data",
    "write_dossier",
]
