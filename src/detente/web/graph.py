"""The state graph as data to draw: a small graph whole, and one state with its neighbours of a large graph.

If the states are too many to list, the graph has one state and those that each party can reach from it in one move;
moves are computed from the drawn states only. Nash equilibria are marked, which takes one pass over the states; other
concepts are not computed, because that can take long.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from detente.analysis import layout
from detente.analysis.equilibria import Analysis
from detente.analysis.evolution import evolve
from detente.concepts import CONCEPTS
from detente.engine.interface import Arc, Solver
from detente.errors import InputError, TooLargeError, UnknownNameError
from detente.model.conflict import Conflict
from detente.model.states import State
from detente.model.wording import NO_STATUS_QUO
from detente.present import evolution
from detente.present.outcomes import path_in_words, step_in_words
from detente.web.state_table import StateTable

#: The maximum number of states of a whole graph, and of a neighbourhood.
MAX_DRAWN, MAX_NEIGHBOURS = 500, 120
#: With more states than this the moves are too many to list.
MAX_STATES = 20_000
#: The maximum number of moves drawn for a player from a state; those that change the fewest options come first.
MAX_MOVES_OF_ONE = 30


@dataclass(frozen=True, eq=False)
class Moves:
    """Every unilateral move of a conflict, and those from and to each state."""

    arcs: tuple[Arc, ...]
    near: Mapping[int, tuple[Arc, ...]]

    @classmethod
    def of(cls, analysis: Analysis) -> Moves:
        """List the moves; raises `TooLargeError` if the conflict has more than `MAX_STATES` states."""
        if analysis.count > MAX_STATES:
            raise TooLargeError(
                f"the dispute has {analysis.count:,} states; a graph of all moves has at most {MAX_STATES:,}"
            )
        arcs = tuple(analysis.solver.arcs())
        near: dict[int, list[Arc]] = {}
        for arc in arcs:
            near.setdefault(arc.start, []).append(arc)
            near.setdefault(arc.end, []).append(arc)
        return cls(arcs, {number: tuple(found) for number, found in near.items()})


def graph_data(
    table: StateTable,
    moves: Moves,
    *,
    arrange: str = "options",
    across: str = "",
    down: str = "",
    by: str = "",
    focus: str | int = "",
) -> dict[str, Any]:
    """Return the states and moves to draw, with their places.

    ``arrange`` is one of `detente.analysis.layout.LAYOUTS`; ``across`` and ``down`` name decision makers for 'options',
    ``by`` one for 'preference'. ``focus`` is the state whose neighbourhood is drawn if there are too many states
    to draw all. Default: the status quo, or the first state without one.
    """
    if arrange not in layout.LAYOUTS:
        raise UnknownNameError("arrangement", arrange, layout.LAYOUTS)
    whole = len(table.states) <= MAX_DRAWN
    centre = table.analysis.solver.number_of(focus) if focus else table.status_quo or 1
    numbers = set(range(1, len(table.states) + 1)) if whole else _neighbourhood(centre, moves)
    states = [table.states[number - 1] for number in sorted(numbers)]
    arcs = [arc for number in sorted(numbers) for arc in moves.near.get(number, ()) if arc.start == number]
    arcs = [arc for arc in arcs if arc.end in numbers]
    places = _places(table, states, arcs, arrange, (across, down, by), centre)
    return {
        "format": "detente-graph/1",
        "count": len(table.states),
        "whole": whole,
        "focus": None if whole and not focus else centre,
        "arrange": arrange,
        "players": list(table.analysis.players),
        "states": [
            {**table.row(state.number - 1), "x": places[state.number][0], "y": places[state.number][1]}
            for state in states
        ],
        **_moves_data(arcs, table.analysis.players, table.analysis.conflict, {one.number: one for one in states}),
    }


def _neighbourhood(centre: int, moves: Moves) -> set[int]:
    near = {centre}
    for arc in moves.near.get(centre, ()):
        if len(near) == MAX_NEIGHBOURS:
            break
        near.add(arc.end if arc.start == centre else arc.start)
    return near


def _places(
    table: StateTable,
    states: Sequence[State],
    arcs: Sequence[Arc],
    arrange: str,
    asked: tuple[str, str, str],
    centre: int,
) -> layout.Places:
    """Return the positions of states: by two parties' options, by one party's preferences, or by moves from a state."""
    makers = list(table.ranks)
    across, down, by = asked
    for name in asked:
        if name and name not in makers:
            raise UnknownNameError("decision maker", name, makers)
    if arrange == "options":
        across = across or next((one for one in makers if one != down), makers[0])
        down = down or next((one for one in makers if one != across), across)
        return layout.by_options(table.analysis.conflict, states, across, down)
    if arrange == "preference":
        return layout.by_preference(states, arcs, [int(rank) for rank in table.ranks[by or makers[0]]])
    return (layout.around if arrange == "around" else layout.by_layers)(states, arcs, centre)


def _moves_data(
    arcs: Iterable[Arc], players: Sequence[str], conflict: Conflict, states: Mapping[int, State]
) -> dict[str, Any]:
    """Return the moves, and once each the sentences that say what is done in them; ``does`` is a sentence's place."""
    own = [
        [place for place, option in enumerate(conflict.options) if conflict.owner[option.id] in player.split("+")]
        for player in players
    ]
    sentences: dict[str, int] = {}
    known: dict[tuple[int, str, str], int] = {}
    moves = []
    for arc in arcs:
        start, end = states[arc.start], states[arc.end]
        # Only the player's own options are told, so moves that agree in them share a sentence.
        before, after = (
            "".join(one.pattern[place] for place in own[arc.player]) if one.pattern else str(one.number)
            for one in (start, end)
        )
        key = (arc.player, before, after)
        if key not in known:
            words = step_in_words(conflict, players[arc.player], start, end)
            known[key] = sentences.setdefault(words, len(sentences))
        moves.append(
            {
                "from": arc.start,
                "to": arc.end,
                "player": players[arc.player],
                "improvement": arc.improvement,
                "does": known[key],
            }
        )
    return {"moves": moves, "sentences": list(sentences)}


def path_data(table: StateTable, to: str, start: str = "status quo") -> dict[str, Any]:
    """Return a shortest path from one state to another, with its description in words.

    If improvements alone do not lead there, the path with the fewest moves that are not improvements is returned.
    """
    conflict = table.analysis.conflict
    if start == "status quo" and table.status_quo is None:
        raise InputError(f"{NO_STATUS_QUO} to start from")
    found = evolve(conflict, start, to, by="improvements", concepts=[table.analysis.concepts[0].id])
    target = found.targets[0]
    path = target.paths[0] if target.paths else target.detour
    return {
        "format": "detente-path/1",
        "from": int(found.start),
        "to": int(target.state),
        "text": evolution.why(found, target),
        "steps": None
        if path is None
        else [
            {
                "player": step.player,
                "from": int(step.start),
                "to": int(step.end),
                "improvement": step.improvement,
                "text": path_in_words(
                    conflict, step.start, [(step.player, step.end)], () if step.improvement else (0,)
                ),
            }
            for step in path
        ],
    }


def neighbourhood_data(compiled: Solver, players: Sequence[str], focus: str | int) -> dict[str, Any]:
    """Return a state and its neighbours as `detente.web.graph.graph_data` returns a graph."""
    quo = None if compiled.conflict.status_quo is None else compiled.number_of("status quo")
    centre = compiled.number_of(focus) if focus else quo or 1
    everyone = range(len(players))
    left_out = 0
    around: list[Arc] = []
    for player in everyone:
        arcs = sorted(compiled.arcs_from(centre, player), key=lambda arc: _apart(compiled, arc))
        around += arcs[:MAX_MOVES_OF_ONE]
        left_out += len(arcs) - len(arcs[:MAX_MOVES_OF_ONE])
    states = {number: compiled.state(number) for number in sorted({centre, *(arc.end for arc in around)})}
    # Between two neighbours reached by the same player only that player can move; between neighbours of different
    # players two would have to move. So only that player's moves are listed. Merged states differ in more ways.
    leads: dict[int, set[int]] = {number: set(everyone if compiled.conflict.merge else ()) for number in states}
    for arc in around:
        leads[arc.end].add(arc.player)
    between = [
        arc
        for number in states
        if number != centre
        for player in sorted(leads[number])
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
        **_moves_data([*around, *between], players, compiled.conflict, states),
    }


def _apart(compiled: Solver, arc: Arc) -> int:
    start, end = (compiled.state(number).pattern for number in (arc.start, arc.end))
    return sum(before != after for before, after in zip(start, end, strict=True))
