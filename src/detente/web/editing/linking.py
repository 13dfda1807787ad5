"""How statements bear on each other, and what no statement can be to another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from detente.dossier import Statement
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
    copies = _circle({id: linked(one, "copy_of") for id, one in by_id.items()}, changed.id)
    if copies:
        raise InputError(f"{copies[0]} would be a copy of itself: {' → '.join(copies)}")
    original = {id: _original(by_id, id) for id in by_id}
    for one in by_id.values():
        for other in one.contested_by:
            if original[one.id] == original[changed.id] == original.get(other):
                raise InputError(f"{one.id} cannot be disputed by {other}: the two are copies of one statement")
    after: dict[str, list[str]] = {}
    for id, one in by_id.items():
        for other in (*one.withdrawn_by, *linked(one, "nested_in")):
            after.setdefault(original[id], []).append(original.get(other, other))
    if circle := _circle(after, original[changed.id]):
        raise InputError(f"{circle[0]} would depend on itself, by withdrawals, reports or copies: {' → '.join(circle)}")


def _original(by_id: Mapping[str, Statement], id: str) -> str:
    """Return which statement this one is a copy of in the end; in a circle of copies, any of them."""
    seen = [id]
    while (other := by_id[seen[-1]].copy_of) in by_id and other not in seen:
        seen.append(str(other))
    return seen[-1]


def _circle(after: Mapping[str, Sequence[str]], start: str) -> list[str]:
    """Return a way from a statement back to itself; none where there is none."""
    ways = [[start]]
    seen = {start}
    for way in ways:
        for other in after.get(way[-1], ()):
            if other == start:
                return [*way, start]
            if other not in seen:
                seen.add(other)
                ways.append([*way, other])
    return []
