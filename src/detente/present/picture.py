"""The state graph as a picture: which states and moves are worth drawing, and where each stands.

With a status quo the states stand in layers by how many moves they are away from it; without one they stand where one
decision maker's options and those of the others put them, a little askew so that no line hides a state. A graph of
hundreds of states would be an unreadable ball, so of a large one only the equilibria, the named states, the status quo
and the ways between them are drawn, and the caption says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import hypot
from typing import TYPE_CHECKING

from detente.analysis.equilibria import Analysis, analyze
from detente.analysis.evolution import Evolution
from detente.engine.interface import Arc
from detente.io.svg import BOX_HEIGHT, BOX_WIDTH, Box, Curve, Drawing, Point, svg_text, wrapped
from detente.model.states import State
from detente.model.wording import player_label, state_label

if TYPE_CHECKING:
    from detente.analysis.graph import StateGraph

#: Up to so many states and moves the whole graph is drawn.
MAX_STATES_WHOLE, MAX_MOVES_WHOLE = 18, 64
#: So many equilibria, and so many named states, are drawn of a larger one.
MAX_EQUILIBRIA, MAX_NAMED = 30, 15
#: Beyond so many lines the improvements between the states shown are left out.
MAX_LINES = 60
#: A state's letters are written in its box when there are no more than this.
MAX_PATTERN = 22
_COLUMN_GAP, _ROW_GAP, _MARGIN, _SKEW = 64.0, 14.0, 8.0, 26.0
#: Room for lines between states of one column.
_ASIDE = 50.0


@dataclass(frozen=True)
class Picture:
    """A picture as SVG, what it shows for those who do not see it, its caption, and its width."""

    svg: str
    alternative: str
    caption: str
    width: float

    def _repr_svg_(self) -> str:
        return self.svg


def picture(graph: StateGraph, analysis: Analysis | None = None, evolution: Evolution | None = None) -> Picture:
    """Draw a state graph.

    Parameters
    ----------
    graph
        The states and moves.
    analysis
        By what the equilibria are marked; worked out for the default concepts when None.
    evolution
        The ways from the status quo to show in a graph that is too large to draw whole.
    """
    analysis = analysis or analyze(graph.conflict)
    held = _held(analysis)
    here = _status_quo(graph, analysis)
    whole = len(graph.states) <= MAX_STATES_WHOLE and len(graph.arcs) <= MAX_MOVES_WHOLE
    arcs: list[Arc]
    if whole:
        states, arcs, which = list(graph.states), list(graph.arcs), ""
    else:
        states, arcs, which = _worth_drawing(graph, held, here, evolution)
    places, heads = _layers(graph, states, arcs, here) if here is not None else _grid(graph, states)
    boxes = tuple(_box(graph, analysis, state, places[state.number], held, here) for state in states)
    curves = tuple(_curves(places, arcs, layered=here is not None))
    width = max(x for x, _ in places.values()) + BOX_WIDTH / 2 + _MARGIN + (_ASIDE if here is not None else 0)
    height = max(y for _, y in places.values()) + BOX_HEIGHT / 2 + _MARGIN
    movers = tuple(wrapped(player_label(graph.conflict, player), 1, 44)[:1][0] for player in graph.players)
    drawing = Drawing(max(width, 640.0), height, boxes, curves, movers, heads)
    alternative = _alternative(graph, states, held, here)
    return Picture(
        svg_text(drawing, alternative), alternative, _caption(graph, len(states), which, here), drawing.width
    )


def _held(analysis: Analysis) -> dict[int, list[str]]:
    """Return for each equilibrium the titles of the concepts under which it is one."""
    held: dict[int, list[str]] = {}
    for concept in analysis.concepts:
        for number in analysis.equilibrium_set(concept.id).numbers():
            held.setdefault(number, []).append(concept.title)
    return held


def _status_quo(graph: StateGraph, analysis: Analysis) -> State | None:
    if graph.conflict.status_quo is None:
        return None
    return graph.states[analysis.solver.number_of("status quo") - 1]


def _worth_drawing(
    graph: StateGraph, held: Mapping[int, Sequence[str]], here: State | None, evolution: Evolution | None
) -> tuple[list[State], list[Arc], str]:
    """Choose the equilibria, the named states, the status quo and what lies on the ways to the equilibria."""
    firmest = sorted(held, key=lambda number: (-len(held[number]), number))[:MAX_EQUILIBRIA]
    named = [state.number for state in graph.states if state.name][:MAX_NAMED]
    ways = [move for one in (evolution.targets if evolution else ()) for move in one.detour or ()]
    kept = {*firmest, *named, *([here.number] if here is not None else [])}
    on_ways = {(move.player, move.start.number, move.end.number) for move in ways}
    kept |= {number for _, start, end in on_ways for number in (start, end)}
    between = [arc for arc in graph.arcs if arc.start in kept and arc.end in kept]
    lines = [arc for arc in between if (graph.players[arc.player], arc.start, arc.end) in on_ways]
    better = [arc for arc in between if arc.improvement and arc not in lines]
    words = "the moves that somebody prefers"
    if len(lines) + len(better) > MAX_LINES:
        # Why the named states do not hold is worth more than how the equilibria hang together.
        better = [arc for arc in better if arc.start in named and arc.start not in held]
        words = "the preferred moves away from named states that do not hold"
    if len(lines) + len(better) > MAX_LINES:
        better = []
    which = " and ".join((["the moves on the cheapest ways there"] if lines else []) + ([words] if better else []))
    return [graph.states[number - 1] for number in sorted(kept)], [*lines, *better], which or "no moves"


def _layers(
    graph: StateGraph, states: Sequence[State], arcs: Sequence[Arc], here: State
) -> tuple[dict[int, Point], tuple[tuple[float, str], ...]]:
    """Put the states in columns by how many moves they are away from the status quo."""
    steps = _steps(graph.arcs, here.number)
    far = max((steps[state.number] for state in states if state.number in steps), default=0) + 1
    columns: dict[int, list[int]] = {}
    for state in states:
        columns.setdefault(steps.get(state.number, far), []).append(state.number)
    near: dict[int, list[int]] = {}
    for arc in arcs:
        near.setdefault(arc.start, []).append(arc.end)
        near.setdefault(arc.end, []).append(arc.start)
    order = [columns[step] for step in sorted(columns)]
    _untangle(order, near)
    tallest = max(map(len, order))
    full = tallest * BOX_HEIGHT + (tallest - 1) * _ROW_GAP
    places, heads = {}, []
    for column, (step, members) in enumerate(zip(sorted(columns), order, strict=True)):
        x = _MARGIN + BOX_WIDTH / 2 + column * (BOX_WIDTH + _COLUMN_GAP)
        pitch = full / len(members)
        for row, number in enumerate(members):
            places[number] = (x, 28 + (row + 0.5) * pitch)
        words = (
            "where things stand"
            if step == 0
            else "not reached"
            if step == far
            else f"{step} move{'s' * (step > 1)} away"
        )
        heads.append((x, words))
    return places, tuple(heads)


def _steps(arcs: Iterable[Arc], start: int) -> dict[int, int]:
    ends: dict[int, list[int]] = {}
    for arc in arcs:
        ends.setdefault(arc.start, []).append(arc.end)
    steps, frontier = {start: 0}, [start]
    while frontier:
        following = []
        for number in frontier:
            for end in ends.get(number, ()):
                if end not in steps:
                    steps[end] = steps[number] + 1
                    following.append(end)
        frontier = following
    return steps


def _untangle(columns: list[list[int]], near: Mapping[int, Sequence[int]]) -> None:
    """Order each column by the middle of its neighbours' places, to and fro, so that few lines cross."""
    for sweep in range(8):
        at = {number: (row + 0.5) / len(column) for column in columns for row, number in enumerate(column)}
        for column in columns if sweep % 2 == 0 else reversed(columns):
            middle = {
                number: sum(at[other] for other in near[number]) / len(near[number]) if near.get(number) else at[number]
                for number in column
            }
            column.sort(key=lambda number: (middle[number], number))
            at.update({number: (row + 0.5) / len(column) for row, number in enumerate(column)})


def _grid(graph: StateGraph, states: Sequence[State]) -> tuple[dict[int, Point], tuple[tuple[float, str], ...]]:
    """Put the states where one player's options (across) and the others' (down) have them."""
    first = set(graph.players[0].split("+")) if graph.conflict.coalitions else {graph.players[0]}
    own = [graph.conflict.owner[option.id] in first for option in graph.conflict.options]

    def part(state: State, mine: bool) -> str:
        return "".join(letter for letter, one in zip(state.pattern, own, strict=True) if one is mine)[::-1]

    across = sorted({part(state, True) for state in states})
    down = sorted({part(state, False) for state in states})
    places: dict[int, Point] = {}
    taken: set[Point] = set()
    for state in states:
        column, row = across.index(part(state, True)), down.index(part(state, False))
        x = _MARGIN + BOX_WIDTH / 2 + column * (BOX_WIDTH + _COLUMN_GAP) + (row % 3) * _SKEW
        y = 30 + BOX_HEIGHT / 2 + row * (BOX_HEIGHT + 3 * _ROW_GAP) + (column % 3) * _SKEW / 2
        while (x, y) in taken:
            # Merged states may be written alike.
            y += BOX_HEIGHT / 2
        taken.add((x, y))
        places[state.number] = (x, y)
    return places, ()


def _curves(places: Mapping[int, Point], arcs: Sequence[Arc], layered: bool) -> Iterable[Curve]:
    """Draw a move and its way back, by the same player, as one line."""
    pairs: dict[tuple[int, int, int], list[bool | None]] = {}
    for arc in arcs:
        low, high = sorted((arc.start, arc.end), key=lambda number: (places[number], number))
        both = pairs.setdefault((low, high, arc.player), [None, None])
        both[0 if arc.start == low else 1] = arc.improvement
    ends = _ports(places, list(pairs), layered)
    for key, (forth, back) in pairs.items():
        start, end = ends[key]
        yield Curve(key[2], _bent(start, end, layered), forth, back)


def _ports(
    places: Mapping[int, Point], keys: Sequence[tuple[int, int, int]], layered: bool
) -> dict[tuple[int, int, int], tuple[Point, Point]]:
    """Spread the ends of lines along the sides of the boxes."""
    if not layered:
        return {key: _clipped(places[key[0]], places[key[1]], key[2]) for key in keys}
    sides: dict[tuple[int, bool], list[tuple[tuple[float, int], tuple[int, int, int], int]]] = {}
    for key in keys:
        low, high, mover = key
        same = places[low][0] == places[high][0]
        sides.setdefault((low, True), []).append(((places[high][1], mover), key, 0))
        sides.setdefault((high, same), []).append(((places[low][1], mover), key, 1))
    found: dict[tuple[int, int, int], list[Point]] = {key: [(0.0, 0.0), (0.0, 0.0)] for key in keys}
    for (number, right), ends in sides.items():
        x, y = places[number]
        for place, (_, key, which) in enumerate(sorted(ends)):
            offset = ((place + 0.5) / len(ends) - 0.5) * (BOX_HEIGHT - 8)
            found[key][which] = (x + (BOX_WIDTH / 2 if right else -BOX_WIDTH / 2), y + offset)
    return {key: (start, end) for key, (start, end) in found.items()}


def _clipped(start: Point, end: Point, mover: int) -> tuple[Point, Point]:
    """Return where the line between two boxes leaves the one and meets the other."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = hypot(dx, dy) or 1.0
    # Lines of two movers between the same states stand side by side.
    aside = 5.0 * (mover - 0.5)
    ox, oy = -dy / length * aside, dx / length * aside
    share = min(BOX_WIDTH / 2 / abs(dx) if dx else 2.0, BOX_HEIGHT / 2 / abs(dy) if dy else 2.0, 0.45)
    return (
        (start[0] + dx * share + ox, start[1] + dy * share + oy),
        (end[0] - dx * share + ox, end[1] - dy * share + oy),
    )


def _bent(start: Point, end: Point, layered: bool) -> tuple[Point, Point, Point, Point]:
    (x0, y0), (x3, y3) = start, end
    if not layered:
        bend = 0.0 if hypot(x3 - x0, y3 - y0) < 2 * BOX_WIDTH else 0.12
        cx, cy = (y3 - y0) * bend, (x0 - x3) * bend
        return (
            start,
            (x0 + (x3 - x0) / 3 + cx, y0 + (y3 - y0) / 3 + cy),
            (x0 + 2 * (x3 - x0) / 3 + cx, y0 + 2 * (y3 - y0) / 3 + cy),
            end,
        )
    if x0 == x3:
        out = min(_ASIDE, 18 + abs(y3 - y0) * 0.22)
        return start, (x0 + out, y0), (x3 + out, y3), end
    pull = max(_COLUMN_GAP * 0.6, (x3 - x0) * 0.42)
    return start, (x0 + pull, y0), (x3 - pull, y3), end


def _box(
    graph: StateGraph,
    analysis: Analysis,
    state: State,
    place: Point,
    held: Mapping[int, Sequence[str]],
    here: State | None,
) -> Box:
    under = held.get(state.number, ())
    name = state.name or ""
    if name:
        lines = list(wrapped(f"{state.number} · {name}", 2))
    else:
        pattern = state.pattern if len(state.pattern) <= MAX_PATTERN else ""
        lines = [f"{state.number}", *([pattern] if pattern else [])]
    if under:
        lines.append(_under(under, [concept.title for concept in analysis.concepts]))
    is_here = here is not None and state == here
    title = f"{state_label(state)}{'; the status quo' if is_here else ''}"
    if under:
        title += f"; an equilibrium under {', '.join(under)}"
    return Box(state.number, *place, tuple(lines), title, bool(under), is_here)


def _under(under: Sequence[str], every: Sequence[str]) -> str:
    """Say in few letters under which concepts a state holds."""
    if len(under) == len(every):
        return "holds under all" if len(every) > 1 else f"holds: {every[0]}"
    missing = [title for title in every if title not in under]
    if len(missing) == 1 and len(every) > 2:
        return f"holds; not {missing[0]}"
    return f"holds: {' '.join(under)}" if len(under) <= 3 else f"holds under {len(under)} of {len(every)}"


def _alternative(
    graph: StateGraph, states: Sequence[State], held: Mapping[int, Sequence[str]], here: State | None
) -> str:
    found = [state_label(state) for state in states if state.number in held]
    parts = [f"State graph of {graph.conflict.title}: {len(states)} of {len(graph.states):,} states"]
    parts.append(f"equilibria: {', '.join(found)}" if found else "no equilibria")
    if here is not None:
        parts.append(f"status quo: {state_label(here)}")
    return "; ".join(parts) + "."


def _caption(graph: StateGraph, drawn: int, which: str, here: State | None) -> str:
    """Say what is drawn; ``which`` names the moves where not all are."""
    quo = ", the status quo" if here is not None else ""
    if which:
        what = (
            f"Of {len(graph.states):,} states and {len(graph.arcs):,} moves only these are drawn: equilibria, named "
            f"states{quo}, what lies on the ways between them; {which}."
        )
    else:
        what = f"All {drawn} states and every move between them."
    if here is not None:
        return f"{what} From left to right: how many moves away."
    return f"{what} Across: moves of {player_label(graph.conflict, graph.players[0])}; down: moves of the others."
