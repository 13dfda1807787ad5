"""What several answers say alike: a state, a list, the concepts under which something is so."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Any

from detente.concepts import concept
from detente.web.answers import Cell

#: So many states are named in a cell.
MOST_NAMED = 6


def state_cell(state: Any) -> Cell:
    """Return the cell of a state."""
    return Cell(state.name or "", int(state), state.pattern)


def in_order(states: Iterable[Any], quo: Any) -> list[Any]:
    """Put the status quo first, then the states that have a name, then the others."""
    return sorted(states, key=lambda state: (state != quo, not state.name, state.number))


def together(found: Iterable[Any], key: Callable[[Any], Hashable], concept_of: str = "") -> Mapping[Any, list[str]]:
    """Put what is the same under several concepts together, with the concepts: what is found, or an attribute of it."""
    of = attrgetter(concept_of) if concept_of else str
    merged: dict[Any, list[str]] = {}
    for one in found:
        id, under = str(of(one)), merged.setdefault(key(one), [])
        if id not in under:
            under.append(id)
    return merged


def concepts_in_words(ids: Sequence[str], asked: Sequence[str]) -> str:
    """Name concepts, in a word where they are all that was asked about."""
    if not ids:
        return "–"
    if len(ids) == len(asked) > 1:
        return "every concept" if len(asked) > 2 else "both concepts"
    if len(ids) == len(asked) - 1 > 2:
        (other,) = set(asked) - set(ids)
        return f"every concept but {concept(other).title}"
    return ", ".join(concept(id).title for id in ids)


def few(patterns: Sequence[str]) -> str:
    """Name the first few of some states."""
    more = f" and {len(patterns) - MOST_NAMED:,} more" if len(patterns) > MOST_NAMED else ""
    return ", ".join(patterns[:MOST_NAMED]) + more or "–"


__all__ = [
    "concepts_in_words",
    "few",
    "in_order",
    "state_cell",
    "together",
]
