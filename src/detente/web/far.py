"""What can be drawn of a dispute whose states are too many to list: one state, and where each party can go from it.

Moves are worked out from the states that are drawn and no others. Of the equilibria those under Nash are marked: that
takes one look at every state. No other concept is decided, for that can take long.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from detente.engine.interface import Arc, Solver
from detente.stability import CONCEPTS
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
    # Whoever a neighbour is a move of: it takes a change of that player's options alone to get from there to another of
    # its neighbours or back, and of two players' options to get to another's. Merged states differ in more ways.
    leads = dict.fromkeys(states, everyone) if compiled.conflict.merge else _movers(around)
    between = [
        arc
        for number in states
        if number != centre
        for player in leads[number]
        for arc in compiled.arcs_from(number, player)
        if arc.end in states
    ]
    staying = compiled.equilibria(CONCEPTS["nash"])
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
                "equilibrium": ["nash"] if number in staying else [],
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


def _movers(around: Sequence[Arc]) -> dict[int, list[int]]:
    """Return for every neighbour the players that a move leads to it for."""
    movers: dict[int, list[int]] = {}
    for arc in around:
        movers.setdefault(arc.end, []).append(arc.player)
    return movers


__all__ = ["MOST_OF_ONE", "far_graph_data"]
