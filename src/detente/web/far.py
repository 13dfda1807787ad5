"""What can be drawn of a dispute whose states are too many to list: one state, and where each party can go from it.

Moves are worked out from the states that are drawn and no others. Of the equilibria those under Nash are marked, which
nobody has an improvement from. No other concept is decided, for that takes every state.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from detente.conflict.states import State
from detente.engine.interface import Arc, Solver
from detente.web import layout

#: Of a player with more moves than this from a state so many are drawn, those that change the fewest options first.
MOST_OF_ONE = 30


def far_graph_data(compiled: Solver, players: Sequence[str], focus: str | int) -> dict[str, Any]:
    """Return a state and its neighbours as `detente.web.drawing.graph_data` returns a graph."""
    quo = None if compiled.conflict.status_quo is None else compiled.number_of("status quo")
    centre = compiled.number_of(focus) if focus else quo or 1
    everyone = range(len(players))
    left_out = 0
    around: list[Arc] = []
    for player in everyone:
        arcs = sorted(compiled.arcs_from(centre, player), key=lambda arc: _apart(compiled, arc))
        around += arcs[:MOST_OF_ONE]
        left_out += len(arcs) - len(arcs[:MOST_OF_ONE])
    states = {number: compiled.state(number) for number in sorted({centre, *(arc.end for arc in around)})}
    between = [
        arc
        for number in states
        if number != centre
        for player in everyone
        for arc in compiled.arcs_from(number, player)
        if arc.end in states
    ]
    places = layout.around(list(states.values()), around, centre)
    return {
        "format": "detente-graph/1",
        "count": compiled.count,
        "whole": False,
        "focus": centre,
        "arrange": "around",
        "left_out": left_out,
        "players": list(players),
        "states": [
            {
                "number": number,
                "state": state.pattern,
                "name": state.name,
                "status_quo": number == quo,
                "equilibrium": ["nash"] if _stays(compiled, state, len(players)) else [],
                "x": places[number][0],
                "y": places[number][1],
            }
            for number, state in states.items()
        ],
        "moves": [
            {"from": arc.start, "to": arc.end, "player": players[arc.player], "improvement": arc.improvement}
            for arc in [*around, *between]
        ],
    }


def _apart(compiled: Solver, arc: Arc) -> int:
    start, end = (compiled.state(number).pattern for number in (arc.start, arc.end))
    return sum(before != after for before, after in zip(start, end, strict=True))


def _stays(compiled: Solver, state: State, players: int) -> bool:
    """Whether nobody has an improvement from a state: the first one found decides."""
    return not any(arc.improvement for player in range(players) for arc in compiled.arcs_from(state.number, player))


__all__ = ["MOST_OF_ONE", "far_graph_data"]
