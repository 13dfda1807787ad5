"""A conflict or a dossier as the text of a file, in the style of one that a person wrote."""

from __future__ import annotations

from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap

from detente.io.yaml.schema import CONFLICT, DOSSIER
from detente.model.conflict import Conflict
from detente.model.statements import Dossier


def conflict_text(conflict: Conflict) -> str:
    """Return a conflict as the text of a conflict file; reading it gives the same conflict."""
    return tree_text(CONFLICT.write(conflict))


def conflict_tree(conflict: Conflict) -> CommentedMap:
    """Return a conflict as the tree of its file."""
    made: CommentedMap = CONFLICT.write(conflict)
    return made


def dossier_text(dossier: Dossier) -> str:
    """Return a dossier as the text of a dossier file; reading it gives the same dossier."""
    return tree_text(DOSSIER.write(dossier))


def round_trip_yaml() -> YAML:
    """Return what reads and writes YAML with its comments, in the style of these files."""
    made = YAML()
    made.preserve_quotes = True
    made.width = 110
    made.indent(mapping=2, sequence=4, offset=2)
    made.allow_unicode = True
    return made


def tree_text(tree: Any) -> str:
    """Return a tree as text."""
    stream = StringIO()
    round_trip_yaml().dump(tree, stream)
    return stream.getvalue()
