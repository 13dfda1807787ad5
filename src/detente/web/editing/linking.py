"""How statements bear on each other, and what no statement can be to another."""

from __future__ import annotations

from collections.abc import Iterable

from detente.dossier import Statement
from detente.dossier.testimony import Testimony, link_fault
from detente.errors import InputError, UnknownNameError

#: The keys by which a statement names others, and how a page says so.
LINKS = {
    "contested_by": "disputed by",
    "withdrawn_by": "withdrawn by",
    "copy_of": "a copy of",
    "nested_in": "reported in",
}


def linked(statement: Statement, key: str) -> tuple[str, ...]:
    """Return the statements that a statement names by a key."""
    found = getattr(statement, key)
    return found if isinstance(found, tuple) else (found,) if found else ()


def refuse_nonsense(statements: Iterable[Statement], changed: Statement) -> None:
    """Refuse links of a statement to itself, to what is not there, and in a circle.

    Copies are one statement, so what holds of one of them holds of all.

    Raises
    ------
    UnknownNameError
        For a statement that there is not.
    InputError
        For a statement that would be linked to itself, directly or around a circle.
    """
    by_id = {one.id: one for one in statements}
    for key, words in LINKS.items():
        for other in linked(changed, key):
            if other not in by_id:
                raise UnknownNameError("statement", other, by_id)
            if other == changed.id:
                raise InputError(f"{changed.id} cannot be {words} itself")
    circle = link_fault(by_id.values())
    if circle is not None:
        raise InputError(f"{changed.id} would depend on itself: {circle.message}")
    original = Testimony(tuple(by_id.values())).original
    for one in by_id.values():
        for other in one.contested_by:
            if original[one.id] == original[changed.id] == original.get(other):
                raise InputError(f"{one.id} cannot be disputed by {other}: the two are copies of one statement")
