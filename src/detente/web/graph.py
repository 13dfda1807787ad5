"""The map of a dispute as data to draw: a small one whole, and of a large one what is worth drawing.

Of more than `MAX_DRAWN` states the map has the status quo, the named states, the equilibria and the shortest ways
between them; a state that is chosen brings its neighbours. If the states are too many to list, it has one state and
those that each party can reach from it in one move; moves are computed from the drawn states only. Nash equilibria are
marked then, which takes one pass over the states; other concepts are not computed, because that can take long.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from detente.analysis.equilibria import Analysis
from detente.analysis.evolution import evolve
from detente.analysis.layout import BOX_HEIGHT, BOX_WIDTH, LAYOUTS, Plan, curves, steps_from
from detente.concepts import CONCEPTS
from detente.engine import ListingSolver, Solver, listing
from detente.engine.interface import Arc
from detente.engine.space import Bools, Ints
from detente.errors import InputError, TooLargeError, UnknownNameError
from detente.model.conflict import Conflict
from detente.model.states import State
from detente.model.wording import NO_STATUS_QUO, listed
from detente.present import evolution
from detente.present.graph import MAX_NAMED, box_lines, plan, told
from detente.present.outcomes import step_in_words
from detente.web.state_table import StateTable

#: The maximum number of states of a whole map, and of what is worth drawing of a larger one.
MAX_DRAWN, MAX_WORTH = 60, 36
#: So many equilibria that are not drawn are named.
MAX_LEFT = 6
#: With more states than this the moves are too many to list.
MAX_STATES = 20_000
#: The maximum number of moves drawn for a player from a state; those that change the fewest options come first.
MAX_MOVES_OF_ONE = 30
#: The maximum numbers of neighbours that a chosen state brings, and of states that are chosen one after the other.
MAX_NEIGHBOURS, MAX_EXPANDED = 24, 12
#: A concession counts for more than any number of moves; a state without a way to it is farther than every other.
_CONCESSION, _FAR = 1 << 20, 1 << 60


@dataclass(frozen=True, eq=False)
class Moves:
    """Every unilateral move of a conflict, as starts, ends and whether it is an improvement, player by player."""

    solver: ListingSolver
    of_players: tuple[tuple[Ints, Ints, Bools], ...]

    @classmethod
    def of(cls, analysis: Analysis) -> Moves:
        """List the moves; raises `TooLargeError` if the conflict has more than `MAX_STATES` states."""
        if analysis.count > MAX_STATES:
            raise TooLargeError(
                f"the dispute has {analysis.count:,} states; a graph of all moves has at most {MAX_STATES:,}"
            )
        found = listing(analysis.conflict)
        return cls(found, tuple(map(found.moves, range(len(analysis.players)))))

    def arcs_from(self, number: int) -> list[Arc]:
        """Return the moves from a state, player by player."""
        return [arc for player in range(len(self.of_players)) for arc in self.solver.arcs_from(number, player)]

    def costs(self, start: int) -> Ints:
        """Return for each state what the best way from one state costs: concessions times `_CONCESSION`, and moves.

        A concession is a move that is no improvement for its mover. `_FAR` means that there is no way.
        """
        return self._least(start, _CONCESSION)

    def steps(self, start: int) -> dict[int, int]:
        """Return for every state that can be reached from one how many moves it takes at least."""
        found = self._least(start, 0)
        return {place + 1: int(found[place]) for place in np.flatnonzero(found < _FAR).tolist()}

    def _least(self, start: int, concession: int) -> Ints:
        found = np.full(self.solver.count, _FAR)
        found[start - 1] = 0
        before = np.zeros_like(found)
        while (found != before).any():
            before = found.copy()
            for starts, ends, better in self.of_players:
                np.minimum.at(found, ends, before[starts] + 1 + concession * ~better)
        return found

    def way(self, end: int, costs: Ints) -> list[Arc]:
        """Return the moves of the best way to a state, by its `costs`; none if there is no way."""
        way: list[Arc] = []
        while 0 < costs[end - 1] < _FAR:
            way.append(self._last(end, costs))
            end = way[-1].start
        return way[::-1]

    def _last(self, end: int, costs: Ints) -> Arc:
        for player, (starts, ends, better) in enumerate(self.of_players):
            into = np.flatnonzero(ends == end - 1)
            fits = into[costs[starts[into]] + 1 + _CONCESSION * ~better[into] == costs[end - 1]]
            if fits.size:
                return Arc(player, int(starts[fits[0]]) + 1, end, bool(better[fits[0]]))
        raise AssertionError(end)


def graph_data(
    table: StateTable,
    moves: Moves,
    *,
    arrange: str = "",
    across: str = "",
    down: str = "",
    by: str = "",
    focus: str | int = "",
    expand: Sequence[str | int] = (),
) -> dict[str, Any]:
    """Return the states and moves to draw, with their places, their words and the bands that they stand in.

    ``arrange`` is one of `detente.analysis.layout.LAYOUTS`: by default options for a map that is drawn whole, layers
    for another. ``across`` and ``down`` name decision makers for 'options', ``by`` one for 'preference'. Of a map that
    is not drawn whole, ``focus`` is a state to add with the way to it, and ``expand`` those whose neighbours to add.
    """
    conflict, count = table.analysis.conflict, len(table.states)
    whole = count <= MAX_DRAWN
    arrange = arrange or ("options" if whole else "layers")
    if arrange not in LAYOUTS:
        raise UnknownNameError("arrangement", arrange, LAYOUTS)
    number_of = table.analysis.solver.number_of
    centre = number_of(focus) if focus else table.status_quo or 1
    start = table.status_quo or centre
    costs = moves.costs(start)
    left_out = 0
    if whole:
        numbers = set(range(1, count + 1))
    else:
        opened = [number_of(one) for one in expand[-MAX_EXPANDED:]]
        numbers = _worth_drawing(table, moves, costs, {start, centre, *opened})
        for number in opened:
            ends = _nearest(table, moves, number)
            numbers |= set(ends[:MAX_NEIGHBOURS])
            left_out = len(ends[MAX_NEIGHBOURS:])
    states = [table.states[number - 1] for number in sorted(numbers)]
    arcs = [arc for number in sorted(numbers) for arc in moves.arcs_from(number) if arc.end in numbers]
    targets = _targets(table) | {centre}
    on_ways = {arc for number in targets & numbers for arc in moves.way(number, costs)}
    ranks = {id: [int(rank) for rank in found] for id, found in table.ranks.items()}
    steps = moves.steps(start)
    made = plan(conflict, states, arcs, arrange, steps=steps, **_asked(ranks, arrange, across, down, by))
    here = table.states[table.status_quo - 1] if table.status_quo else None
    return {
        "format": "detente-graph/1",
        "count": count,
        "whole": whole,
        "focus": None if whole and not focus else centre,
        "arrange": arrange,
        "left_out": left_out,
        "players": list(table.analysis.players),
        "said": "" if whole else _said(table, numbers, start),
        "states": [
            table.row(state.number - 1)
            | _box(conflict, state, made, here)
            | {"moves_in_all": sum(1 for _ in moves.arcs_from(state.number))}
            for state in states
        ],
        **_drawing_data(made, arcs, table.analysis.players, on_ways),
        **_moves_data(arcs, table.analysis.players, conflict, {one.number: one for one in states}),
    }


def _worth_drawing(table: StateTable, moves: Moves, costs: Ints, wanted: set[int]) -> set[int]:
    """Choose the states of a large map: those wanted, the named, the firmest equilibria, and the ways to them."""
    named = [state.number for state in table.states if state.name][:MAX_NAMED]
    under = Counter(state.number for one in table.analysis.concepts for state in table.equilibria(one.id))
    firmest = sorted(under, key=lambda number: (-under[number], costs[number - 1], number))[:MAX_WORTH]
    kept: set[int] = set()
    for number in [*sorted(wanted), *named, *firmest]:
        more = {number, *(arc.start for arc in moves.way(number, costs))}
        if number in wanted or len(kept | more) <= MAX_WORTH:
            kept |= more
    return kept


def _targets(table: StateTable) -> set[int]:
    return {state.number for concept in table.analysis.concepts for state in table.equilibria(concept.id)}


def _said(table: StateTable, numbers: set[int], start: int) -> str:
    """Say what a map that is not drawn whole shows."""
    every = _targets(table)
    what = "the status quo" if table.status_quo else f"state {start}"
    left = sorted(every - numbers)
    equilibria, more = "the equilibria", ""
    if left:
        equilibria = f"{len(every) - len(left):,} of the {len(every):,} equilibria"
        some = [f"{number}" for number in left[:MAX_LEFT]]
        some += [f"{len(left) - MAX_LEFT:,} more"] * (len(left) > MAX_LEFT)
        more = f" Not drawn: {'states' if len(left) > 1 else 'state'} {listed(some)}."
    return (
        f"The map shows {len(numbers)} of {len(table.states):,} states: {what}, the named outcomes, {equilibria}, and "
        f"the shortest paths to them.{more} Choose or find an outcome to add those one move away from it."
    )


def _nearest(table: StateTable, moves: Moves, number: int) -> list[int]:
    """Return the states one move away: improvements first, then those that change the fewest options."""
    here = table.states[number - 1].pattern

    def key(arc: Arc) -> tuple[bool, int, int]:
        there = table.states[arc.end - 1].pattern
        return not arc.improvement, sum(a != b for a, b in zip(here, there, strict=False)), arc.end

    return list(dict.fromkeys(arc.end for arc in sorted(moves.arcs_from(number), key=key)))


def _asked(ranks: Mapping[str, Sequence[int]], arrange: str, across: str, down: str, by: str) -> dict[str, Any]:
    """Return the parties that an arrangement is by; by default the first ones."""
    makers = list(ranks)
    for name in (across, down, by):
        if name and name not in makers:
            raise UnknownNameError("decision maker", name, makers)
    across = across or next((one for one in makers if one != down), makers[0])
    down = down or next((one for one in makers if one != across), across)
    by = by or makers[0]
    return {"across": across, "down": down, "by": by, "ranks": ranks[by] if arrange == "preference" else ()}


def _box(conflict: Conflict, state: State, made: Plan, here: State | None) -> dict[str, Any]:
    x, y = made.places[state.number]
    return {"x": x, "y": y, "lines": list(box_lines(conflict, state, here)), "words": told(conflict, state, here)}


def _drawing_data(made: Plan, arcs: Iterable[Arc], players: Sequence[str], on_ways: Iterable[Arc]) -> dict[str, Any]:
    """Return the size of a drawing, its bands, and its moves as curves."""
    width, height = made.size
    ways = {(players[arc.player], *sorted((arc.start, arc.end))) for arc in on_ways}
    return {
        "width": width,
        "height": height,
        "box": {"width": BOX_WIDTH, "height": BOX_HEIGHT},
        "bands": [asdict(band) for band in made.bands],
        "curves": [
            {
                "player": players[one.mover],
                "from": one.ends[0],
                "to": one.ends[1],
                "forth": one.forth,
                "back": one.back,
                "way": (players[one.mover], *sorted(one.ends)) in ways,
                "points": [[round(x, 1), round(y, 1)] for x, y in one.points],
            }
            for one in curves(made.places, arcs, made.layered)
        ],
    }


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
            # What the others do is not in the key, so that nothing is said to be done alone.
            words = step_in_words(conflict, players[arc.player], start, end, last=False)
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
                "text": evolution.path_in_words(
                    conflict, step.start, [(step.player, step.end)], () if step.improvement else (0,)
                ),
            }
            for step in path
        ],
    }


def neighbourhood_data(compiled: Solver, players: Sequence[str], focus: str | int) -> dict[str, Any]:
    """Return a state and its neighbours as `detente.web.graph.graph_data` returns a map."""
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
    arcs = [*around, *between]
    here = compiled.state(quo) if quo else None
    made = plan(compiled.conflict, list(states.values()), arcs, "layers", steps=steps_from(centre, around))
    return {
        "format": "detente-graph/1",
        "count": compiled.count,
        "whole": False,
        "focus": centre,
        "arrange": "around",
        "left_out": left_out,
        "players": list(players),
        "said": "",
        "states": [
            {
                "number": number,
                "state": state.pattern,
                "name": state.name,
                "status_quo": number == quo,
                "equilibrium": ["nash"] if number in staying else [],
            }
            | ({"moves_in_all": len(around) + left_out} if number == centre else {})
            | _box(compiled.conflict, state, made, here)
            for number, state in states.items()
        ],
        **_drawing_data(made, arcs, players, ()),
        **_moves_data(arcs, players, compiled.conflict, states),
    }


def _apart(compiled: Solver, arc: Arc) -> int:
    start, end = (compiled.state(number).pattern for number in (arc.start, arc.end))
    return sum(before != after for before, after in zip(start, end, strict=True))
