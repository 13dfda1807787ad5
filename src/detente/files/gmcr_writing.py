"""GMCR+ files (``.gmcr``), written."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from detente.conflict.conditions import And, Condition, If, Iff, Not, Or, Taken
from detente.conflict.model import ConflictModel, DecisionMaker
from detente.conflict.preferences import Prioritising, Ranking

#: The other program adds up powers of two in 64 bits.
MOST_STATEMENTS = 63
#: A condition that needs more alternatives than this is not written out.
MOST_ALTERNATIVES = 4096

#: Option and whether it is taken; no option twice.
Cube = dict[str, bool]


@dataclass(frozen=True)
class GmcrExport:
    """The text of a GMCR+ file, and what of the conflict it does not carry."""

    text: str
    warnings: tuple[str, ...]


class _TooLong(Exception):
    """A condition has too many alternatives to be written out."""


def gmcr_text(
    conflict: ConflictModel, rankings: Mapping[str, Sequence[Sequence[int]]], *, ranked: bool = False
) -> GmcrExport:
    """Write a conflict for GMCR+.

    Parameters
    ----------
    conflict
        The conflict.
    rankings
        For every decision maker its states, best first, in tied groups, by number. They are written instead of the
        statements where the other program could not work out the same from those.
    ranked
        Write the rankings whatever the statements are.
    """
    index = {option.id: place for place, option in enumerate(conflict.options)}
    warnings = list(_left_out(conflict))
    statements: dict[str, list[Any]] | None
    try:
        if ranked:
            raise _TooLong
        statements = {maker.id: _statements(maker.preferences, index) for maker in conflict.decision_makers}
    except _TooLong:
        statements = None
        warnings.append("preferences that GMCR+ cannot work out are written as rankings of all states")
    makers = conflict.decision_makers
    places = {maker.id: place for place, maker in enumerate(makers)}
    data = {
        "program": "gmcr-py",
        "version": "0.4.1",
        "options": [
            {"name": option.own_name, "permittedDirection": _direction(conflict, option.id)}
            for option in conflict.options
        ],
        "decisionMakers": [
            {
                "name": maker.own_name,
                "options": [index[option.id] for option in maker.options],
                "preferences": statements[maker.id] if statements else [],
                "misperceptions": [],
                "preferenceRanking": [group[0] if len(group) == 1 else list(group) for group in rankings[maker.id]],
            }
            for maker in makers
        ],
        "infeasibles": [
            _simple(cube, index) for condition in conflict.constraints for cube in _alternatives(condition, False)
        ],
        "useManualPreferenceRanking": statements is None,
        "coalitions": [
            places[group[0]] if len(group) == 1 else [places[member] for member in group] for group in conflict.players
        ],
    }
    return GmcrExport(json.dumps(data) + "\n", tuple(warnings))


def _left_out(conflict: ConflictModel) -> Iterator[str]:
    kept_out = {
        "the status quo": conflict.status_quo,
        "names of states": conflict.states,
        "how sure and how strong preferences are": any(map(_unsure, conflict.decision_makers)),
        "attitudes": any(maker.attitudes for maker in conflict.decision_makers),
        "sources and statements": (*conflict.all_sources, *conflict.all_statements),
        "title, summary, dates and notes": conflict.summary or conflict.as_of or conflict.citation or conflict.notes,
    }
    for what, present in kept_out.items():
        if present:
            yield f"{what} cannot be carried in a .gmcr file"


def _unsure(maker: DecisionMaker) -> bool:
    preferences = maker.preferences
    if isinstance(preferences, Prioritising):
        return any(statement.marks for statement in preferences.statements)
    return isinstance(preferences, Ranking) and bool(preferences.great or preferences.unknown)


def _direction(conflict: ConflictModel, option: str) -> str:
    return {True: "fwd", False: "back", None: "both"}[conflict.direction.get(option)]


def _statements(preferences: object, index: Mapping[str, int]) -> list[Any]:
    if not isinstance(preferences, Prioritising) or len(preferences.statements) > MOST_STATEMENTS:
        raise _TooLong
    written: list[Any] = []
    for statement in preferences.statements:
        cubes = list(_alternatives(statement.condition, True))
        if len(cubes) == 1:
            written.append(_simple(cubes[0], index))
        else:
            written.append({"compound": True, "members": [_simple(cube, index) for cube in cubes]})
    return written


def _simple(cube: Cube, index: Mapping[str, int]) -> list[list[Any]]:
    return [[index[option], "Y" if taken else "N"] for option, taken in cube.items()]


def _alternatives(condition: Condition, value: bool) -> list[Cube]:
    """Return patterns, of which one holds just where the condition has the value."""
    if isinstance(condition, Taken):
        return [{condition.option: value}]
    if isinstance(condition, Not):
        return _alternatives(condition.part, not value)
    if isinstance(condition, If):
        return _any_of([(condition.premise, False), (condition.consequence, True)], value)
    if isinstance(condition, Iff):
        both = [(condition.left, True), (condition.right, True)]
        neither = [(condition.left, False), (condition.right, False)]
        mixed = [[both[0], neither[1]], [neither[0], both[1]]]
        return _unique([cube for pair in ([both, neither] if value else mixed) for cube in _all_of(pair)])
    if isinstance(condition, And):
        return _any_of([(part, False) for part in condition.members], not value)
    if isinstance(condition, Or):
        return _any_of([(part, True) for part in condition.members], value)
    raise TypeError(f"no condition: {condition!r}")


def _any_of(parts: Sequence[tuple[Condition, bool]], value: bool) -> list[Cube]:
    """Return alternatives for 'one of the parts has its value', or for the opposite."""
    if not value:
        return _all_of([(part, not wanted) for part, wanted in parts])
    return _unique([cube for part, wanted in parts for cube in _alternatives(part, wanted)])


def _all_of(parts: Sequence[tuple[Condition, bool]]) -> list[Cube]:
    cubes: list[Cube] = [{}]
    for part, wanted in parts:
        others = _alternatives(part, wanted)
        cubes = _unique([{**cube, **other} for cube in cubes for other in others if _agree(cube, other)])
    return cubes


def _agree(cube: Cube, other: Cube) -> bool:
    return all(other.get(option, taken) == taken for option, taken in cube.items())


def _unique(cubes: list[Cube]) -> list[Cube]:
    if len(cubes) > MOST_ALTERNATIVES:
        raise _TooLong
    return [dict(items) for items in dict.fromkeys(tuple(sorted(cube.items())) for cube in cubes)]
