"""Patterns that describe a part of the states: which states are in it, and how it is cut.

A pattern has a letter for every option: ``YN--`` describes the states at which the first is taken and the second is
not. A merged state is in the part that holds the largest of its members, by whose place it is numbered.
"""

from __future__ import annotations

from collections.abc import Sequence

from detente.conflict.model import ConflictModel
from detente.engine.interface import Sliceable
from detente.errors import InputError


def must_fit(conflict: ConflictModel, pattern: str) -> None:
    """Refuse what is no pattern of a conflict."""
    size = len(conflict.options)
    if len(pattern) != size or not set(pattern) <= set("YN-"):
        raise InputError(f"'{pattern}' is no pattern of this conflict: it has {size} letters, each Y, N or -")


def fits(state: str, pattern: str) -> bool:
    """Tell whether a combination of options, written as Y and N, is like a pattern."""
    return len(state) == len(pattern) and all(
        letter in ("-", here) for here, letter in zip(state, pattern, strict=True)
    )


def nth_within(compiled: Sliceable, pattern: str, place: int) -> str:
    """Return the largest member of the state that has a place, from 1, among those that a pattern describes.

    Found by counting, from the last option on: states stand in the order of their largest members.
    """
    for option in reversed(range(len(pattern))):
        if pattern[option] != "-":
            continue
        without = f"{pattern[:option]}N{pattern[option + 1 :]}"
        before = compiled.count_within(without)
        if place <= before:
            pattern = without
        else:
            place -= before
            pattern = f"{pattern[:option]}Y{pattern[option + 1 :]}"
    return pattern


def cut(compiled: Sliceable, conflict: ConflictModel, pattern: str, most: int) -> list[str]:
    """Cut what a pattern describes into at most so many patterns, no two of which share a state, the largest first.

    Each cut is made at the option on which the most preferences hang: in what is left the decision makers
    tell fewer ranks apart, and that is what a slice costs.
    """
    mentioned = _mentioned(conflict)
    parts = [(compiled.count_within(pattern), pattern)]
    while len(parts) < most:
        count, widest = max(parts)
        if count <= 1 or "-" not in widest:
            break
        parts.remove((count, widest))
        place = _place_to_cut(conflict, mentioned, widest)
        for letter in "NY":
            half = f"{widest[:place]}{letter}{widest[place + 1 :]}"
            if size := compiled.count_within(half):
                parts.append((size, half))
    return sorted(half for _, half in parts)


def _mentioned(conflict: ConflictModel) -> list[frozenset[str]]:
    """Return the options of every condition by which a decision maker ranks states."""
    return [
        frozenset(condition.options())
        for maker in conflict.decision_makers
        for condition in maker.preferences.conditions()
    ]


def _place_to_cut(conflict: ConflictModel, mentioned: Sequence[frozenset[str]], pattern: str) -> int:
    names = [option.id for option in conflict.options]
    free = {name for name, letter in zip(names, pattern, strict=True) if letter == "-"}
    worth = dict.fromkeys(free, 0.0)
    for options in mentioned:
        # A condition that hangs on one option alone is settled by it, one that hangs on several less.
        for name in options & free:
            worth[name] += 2.0 ** -len(options & free)
    return max((place for place, name in enumerate(names) if name in free), key=lambda place: worth[names[place]])
