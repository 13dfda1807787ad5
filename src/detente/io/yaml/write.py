"""Writing a conflict or a dossier as the text of a file, in the style of a hand-written one."""

from __future__ import annotations

import datetime
import sys
from io import StringIO
from typing import TYPE_CHECKING, Any

from detente.io.yaml.fields import Element, Items, Keyed, Kind, Optional, Whole
from detente.io.yaml.schema import CONFLICT, DOSSIER
from detente.lazy import lazy
from detente.model.conflict import Conflict
from detente.model.statements import Dossier

if TYPE_CHECKING:
    from ruamel import yaml as ruamel
else:
    ruamel = lazy("ruamel.yaml")

#: The width at which text is broken into lines.
LINE_WIDTH = 110


def dump_conflict(conflict: Conflict) -> str:
    """Return a conflict as the text of a conflict file; parsing it gives the same conflict."""
    return tree_text(CONFLICT.write(conflict))


def conflict_data(conflict: Conflict) -> dict[str, Any]:
    """Return a conflict as plain data: the content of its file, without short forms and with every scalar as text."""
    made: dict[str, Any] = in_long_form(CONFLICT, _as_text(CONFLICT.write(conflict)))
    return made


def _as_text(tree: Any) -> Any:
    if isinstance(tree, dict):
        return {str(key): _as_text(one) for key, one in tree.items()}
    if isinstance(tree, list):
        return [_as_text(one) for one in tree]
    return tree.isoformat() if isinstance(tree, datetime.date) else str(tree)


def in_long_form(kind: Kind, data: Any) -> Any:
    """Return data of a kind without short forms."""
    match kind:
        case Optional() | Whole():
            return None if data is None else in_long_form(kind.kind, data)
        case Element():
            return {key: in_long_form(kind.by_key[key].kind, one) for key, one in kind.long_form(data).items()}
        case Keyed():
            return {key: in_long_form(kind.element, one) for key, one in kind.convert(data).items()}
        case Items():
            return [in_long_form(kind.kind, one) for one in kind.listed(data)]
    return data


def dump_dossier(dossier: Dossier) -> str:
    """Return a dossier as the text of a dossier file; parsing it gives the same dossier."""
    return tree_text(DOSSIER.write(dossier))


def round_trip_yaml(width: int | None = LINE_WIDTH) -> ruamel.YAML:
    """Return a YAML reader and writer that keeps comments and uses the style of these files."""
    made = ruamel.YAML()
    made.preserve_quotes = True
    made.width = width or sys.maxsize
    made.indent(mapping=2, sequence=4, offset=2)
    made.allow_unicode = True
    return made


def tree_text(tree: Any, width: int | None = LINE_WIDTH) -> str:
    """Return a tree as text, with lines of a width if one is given."""
    stream = StringIO()
    round_trip_yaml(width).dump(tree, stream)
    return stream.getvalue()
