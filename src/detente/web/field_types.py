"""The TypeScript types of the fields that forms change, generated from the table of fields.

``python -m detente.web.field_types`` writes ``frontend/src/fields.ts``; a test compares the two. A form sends numbers,
dates and conditions as text, so those are strings here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from detente.editing import VERBS
from detente.io.files import write_text
from detente.io.yaml.fields import Element, Entries, Field, Items, Keyed, Kind, Optional, Scalar, Whole
from detente.io.yaml.schema import ELEMENTS
from detente.web.bundle import FRONTEND

GENERATED = FRONTEND / "src" / "fields.ts"

_HEAD = """\
/** Generated from the table of fields by `python -m detente.web.field_types`. Do not edit. */

/** The changes that an edit can make. */
"""


def field_types() -> str:
    """Return the types as TypeScript: an interface for each element, with the fields that forms change."""
    return _HEAD + "\n".join(_lines())


def _lines() -> Iterator[str]:
    verbs = " | ".join(json.dumps(verb) for verb in sorted(VERBS))
    yield f"export type Verb = {verbs};\n"
    for element in ELEMENTS:
        fields = [one for one in element.by_key.values() if not (one.text_only or element.text_only)]
        if fields:
            yield f"export interface {element.name} {{"
            yield from map(_field, fields)
            yield "}\n"
    lists = {
        element.name: [one.key for one in element.by_key.values() if isinstance(one.kind, Items) and not one.text_only]
        for element in ELEMENTS
        if not element.text_only
    }
    yield "/** The fields of each element that hold a list. */"
    listed = "\n".join(f"  {name}: {json.dumps(keys)}," for name, keys in lists.items() if keys)
    yield f"export const LISTS = {{\n{listed}\n}} as const;\n"


def _field(one: Field) -> str:
    return f"  {one.key}{'' if one.is_required else '?'}: {_type(one.kind)};"


def _type(kind: Kind) -> str:
    """Return the TypeScript type of a value of a kind, as a form has it."""
    match kind:
        case Element():
            return kind.name
        case Optional() | Whole():
            return _type(kind.kind)
        case Items():
            inner = _type(kind.kind)
            return f"({inner})[]" if " " in inner else f"{inner}[]"
        case Keyed():
            return f"Record<string, {_type(kind.element)}>"
        case Entries():
            return f"Record<string, {_type(kind.kind)}>"
        case Scalar() if kind.form == "yes-no":
            return "boolean"
        case Scalar() if kind.choices:
            return " | ".join(json.dumps(choice) for choice in kind.choices)
        case Scalar() if kind.form:
            return "string"
    return "unknown"


if __name__ == "__main__":
    write_text(GENERATED, field_types())
