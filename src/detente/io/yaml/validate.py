"""Validation of plain data against the table of fields: all faults of form at once, each with line and column."""

from __future__ import annotations

from typing import Any

from detente.errors import Fault, InputError
from detente.io.yaml.fields import Element, Kind
from detente.io.yaml.kinds import options_named
from detente.io.yaml.parse import YamlDocument
from detente.io.yaml.reading import LOST, FoundFaults, RemovedItems


def validate(document: YamlDocument, element: Element, what: str, faults: list[Fault]) -> tuple[Any, RemovedItems]:
    """Return the values of a file, called ``what`` in messages, as far as they can be parsed; faults are added to the
    list.

    None if a field that every such file needs cannot be parsed.
    """
    data = document.data
    known = element.by_key
    if not isinstance(data, dict):
        given = "a list" if isinstance(data, list) else "plain text"
        keys = " and ".join(f"'{key}:'" for key in list(known)[1:3])
        faults.append(Fault(f"{what} needs keys such as {keys}; this is {given}", document.name, 1, 1))
        return None, FoundFaults()
    if "format" not in data:
        form = known["format"].stand_in
        faults.append(Fault(f"'format' is missing; begin the file with 'format: {form}'", document.name, 1, 1))
        data = {**data, "format": form}
    told = frozenset(fault.at for fault in document.faults)
    reading = FoundFaults(set(told), told=told)
    with options_named(data):
        values = element.read(data, (), reading)
    for at, fault, at_key in reading.faults:
        column, word, near = fault.column, fault.word, fault.suggestion
        faults.append(document.located(fault.message, at, word=word, suggestion=near, column=column, key=at_key))
    return (None if values is LOST else values), reading


def located(document: YamlDocument, fault: Fault, removed: RemovedItems | None = None) -> Fault:
    """Return a fault with the line and column of its place in the model."""
    at = removed.original(fault.at) if removed else fault.at
    return document.located(fault.message, at, word=fault.word, suggestion=fault.suggestion)


def read_value(kind: Kind, value: Any) -> Any:
    """Return the meaning of a value that is not in a file, such as one from a form.

    Raises
    ------
    InputError
        If it cannot be parsed.
    """
    reading = FoundFaults()
    with options_named(value):
        found = kind.read(value, (), reading)
    if reading.faults:
        raise InputError(
            [
                Fault(fault.message, column=fault.column, suggestion=fault.suggestion, at=at, word=fault.word)
                for at, fault, _ in reading.faults
            ]
        )
    return found
