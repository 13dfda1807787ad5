"""The positions of the states of a graph, on a page and in a report, and the curves of its moves.

A force layout of 64 states is unreadable, so each place has a meaning: what two decision makers do, how far a state is
from the status quo, or how a decision maker ranks it. Rows and columns are bent a little: points on
a curve are never three in a line, so that no move is drawn through a state that it has nothing to do with.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import cos, hypot, pi, sin

from detente.engine.interface import Arc
from detente.model.conflict import Conflict
from detente.model.states import State

#: The size of a state's box, in pixels, and how many characters fit in a line of it.
BOX_WIDTH, BOX_HEIGHT = 150.0, 54.0
_CHARACTERS = 21

Point = tuple[float, float]
Places = dict[int, Point]

LAYOUTS = ("options", "layers", "preference", "around")
#: Between neighbours, in pixels of an unscaled page.
ACROSS, DOWN = 110.0, 96.0
#: With more states than this, a row or column is stepped as well as bent.
MAX_BENT = 4
#: Around a state: how far its neighbours are from each other, and how far apart the rings are on which they stand.
BESIDE, BETWEEN_RINGS = 62.0, 74.0
#: How far the middle of a row or column of any length is bent away from its ends.
BEND = 0.38
#: Between the boxes of a report, around all of them, how far a grid is askew, and the room for lines within a column.
COLUMN_GAP, ROW_GAP, MARGIN, SKEW, ASIDE = 64.0, 14.0, 8.0, 26.0, 50.0


@dataclass(frozen=True)
class Box:
    """A state: its centre, its lines of text, and whether it is an equilibrium or the status quo."""

    key: int
    x: float
    y: float
    lines: tuple[str, ...]
    title: str
    equilibrium: bool = False
    status_quo: bool = False


@dataclass(frozen=True)
class Curve:
    """A move, or a move and its reverse, as a cubic curve.

    ``forth`` and ``back`` are the moves from the first point to the last and back: None for no move, True for an
    improvement, False for a move that is not one.
    """

    mover: int
    points: tuple[Point, Point, Point, Point]
    forth: bool | None
    back: bool | None


@dataclass(frozen=True)
class Drawing:
    """Boxes and curves with their places, and who the movers are."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    curves: tuple[Curve, ...]
    movers: tuple[str, ...]
    heads: tuple[tuple[float, str], ...] = ()


def wrapped(text: str, most_lines: int, longest: int = _CHARACTERS) -> tuple[str, ...]:
    """Break a text into lines that fit a box; what does not fit is cut, and shows it.

    >>> wrapped("neutrality as in the draft of that year", 2, 15)
    ('neutrality as', 'in the draft o…')
    """
    lines: list[str] = []
    for word in text.split():
        if lines and len(lines[-1]) + 1 + len(word) <= longest:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    if len(lines) > most_lines:
        lines = [*lines[: most_lines - 1], " ".join(lines[most_lines - 1 :])]
    return tuple(line if len(line) <= longest else f"{line[: longest - 1]}…" for line in lines)


def by_options(conflict: Conflict, states: Sequence[State], across: str, down: str) -> Places:
    """Place states from left to right by one decision maker's options, from top to bottom by another's.

    What the others do moves a state within its field.
    """
    columns = _parts(conflict, states, {across})
    rows = _parts(conflict, states, {down} - {across})
    rest = _parts(conflict, states, {maker.id for maker in conflict.decision_makers} - {across, down})
    width, height = (_ordered(part.values()) for part in (columns, rows))
    fields = _ordered(rest.values())
    side = max(1, round(len(fields) ** 0.5 + 0.49))
    depth = -(-len(fields) // side)
    wide, high = len(width) * side, len(height) * depth
    places: Places = {}
    for state in states:
        column, row = width[columns[state]], height[rows[state]]
        place = fields[rest[state]]
        x = column * (side + 0.6) + place % side
        y = row * (depth + 0.6) + place // side
        # Where there are many, a bend is too flat to keep three in a row apart: each column and row has a step of
        # its own as well.
        y += 0.42 * _step(column * side + place % side) * (wide > MAX_BENT)
        x += 0.42 * _step(row * depth + place // side) * (high > MAX_BENT)
        places[state.number] = (x, y)
    return _bent(places)


def _step(place: int) -> float:
    """Return a number from 0 to 1 such that of three places in a row no two steps are alike (van der Corput 1935)."""
    step, part = 0.0, 0.5
    while place:
        place, digit = divmod(place, 2)
        step, part = step + digit * part, part / 2
    return step


def by_layers(states: Sequence[State], arcs: Sequence[Arc], start: int) -> Places:
    """Place states in rows by how many moves they are away from one state; what cannot be reached is last."""
    far = steps_from(start, arcs)
    last = max(far.values()) + 1
    return _rows({state.number: far.get(state.number, last) for state in states}, arcs)


def by_preference(states: Sequence[State], arcs: Sequence[Arc], ranks: Sequence[int]) -> Places:
    """Place states in rows by how good they are for a decision maker, the best above."""
    return _rows({state.number: ranks[state.number - 1] for state in states}, arcs)


def around(states: Sequence[State], arcs: Sequence[Arc], centre: int) -> Places:
    """Place a state in the middle and its neighbours around it, those of each player together.

    What is no neighbour stands farther out. Those that change little stand near to each other, for they are in the
    order of their numbers.
    """
    mover: dict[int, int] = {}
    for arc in arcs:
        if centre in (arc.start, arc.end):
            mover.setdefault(arc.end if arc.start == centre else arc.start, arc.player)
    near = sorted((number for number in mover if number != centre), key=lambda one: (mover[one], one))
    far = [state.number for state in states if state.number not in mover and state.number != centre]
    # A gap after each player's.
    gaps = len({mover[number] for number in near})
    places: Places = {centre: (0.0, 0.0)}
    rings = max(1, -(-len(near) // 36))
    radius = max(170.0, (len(near) + gaps) * BESIDE / (2 * pi * rings))
    slot = 0.0
    for place, number in enumerate(near):
        if place and mover[number] != mover[near[place - 1]]:
            slot += 1
        angle = 2 * pi * slot / max(1, len(near) + gaps) - pi / 2
        out = radius + BETWEEN_RINGS * (place % rings)
        places[number] = (round(out * cos(angle), 1), round(out * sin(angle), 1))
        slot += 1
    outer = radius + BETWEEN_RINGS * rings
    for place, number in enumerate(far):
        per_ring = max(1, int(2 * pi * outer / BESIDE))
        ring, at = divmod(place, per_ring)
        angle = 2 * pi * (at + ring % 2 / 2) / per_ring
        out = outer + BETWEEN_RINGS * ring
        places[number] = (round(out * cos(angle), 1), round(out * sin(angle), 1))
    return places


def _parts(conflict: Conflict, states: Iterable[State], makers: set[str]) -> dict[State, str]:
    own = [place for place, option in enumerate(conflict.options) if conflict.owner[option.id] in makers]
    return {state: "".join(state.pattern[place] for place in own) for state in states}


def _ordered(parts: Iterable[str]) -> dict[str, int]:
    """Number the parts as states are numbered: the first option counts least."""
    return {part: place for place, part in enumerate(sorted(set(parts), key=lambda part: part[::-1]))}


def steps_from(start: int, arcs: Iterable[Arc]) -> dict[int, int]:
    """Return for every state that can be reached from one how many moves it takes at least."""
    ends: dict[int, list[int]] = {}
    for arc in arcs:
        ends.setdefault(arc.start, []).append(arc.end)
    steps, frontier = {start: 0}, [start]
    for here in frontier:
        for end in ends.get(here, ()):
            if end not in steps:
                steps[end] = steps[here] + 1
                frontier.append(end)
    return steps


def ranked(row_of: Mapping[int, int], arcs: Iterable[Arc]) -> list[list[int]]:
    """Return the rows, or columns, of states in their order, each ordered so that few lines cross.

    A row is ordered by the middle of its neighbours' places, to and fro.
    """
    near: dict[int, list[int]] = {number: [] for number in row_of}
    for arc in arcs:
        if arc.start in near and arc.end in near:
            near[arc.start].append(arc.end)
            near[arc.end].append(arc.start)
    rows = [sorted(number for number in row_of if row_of[number] == row) for row in sorted(set(row_of.values()))]
    for sweep in range(8):
        at = {number: (place + 0.5) / len(row) for row in rows for place, number in enumerate(row)}
        for row in rows if sweep % 2 == 0 else reversed(rows):
            middle = {
                number: sum(at[other] for other in near[number]) / len(near[number]) if near[number] else at[number]
                for number in row
            }
            row.sort(key=lambda number: (middle[number], number))
            at.update({number: (place + 0.5) / len(row) for place, number in enumerate(row)})
    return rows


def _rows(row_of: Mapping[int, int], arcs: Sequence[Arc]) -> Places:
    """Place states in rows, each near to those that it has moves with; a long row is folded."""
    rows = ranked(row_of, arcs)
    longest = max(8, round((len(row_of) * 2.2) ** 0.5))
    places: Places = {}
    top = 0.0
    for ordered in rows:
        lines = -(-len(ordered) // longest)
        per_line = -(-len(ordered) // lines)
        for line in range(lines):
            part = ordered[line * per_line : (line + 1) * per_line]
            for place, number in enumerate(part):
                places[number] = (place - (len(part) - 1) / 2, top + line * 0.8)
        top += (lines - 1) * 0.8 + 1.25
    return _bent(places)


def _bent(places: Places) -> Places:
    if not places:
        return {}
    xs, ys = zip(*places.values(), strict=True)
    wide, high = max(xs) - min(xs) or 1.0, max(ys) - min(ys) or 1.0
    bent: Places = {}
    for number, (x, y) in places.items():
        across, down = (x - min(xs)) / wide, (y - min(ys)) / high
        # Two parabolas: a row sags, a column leans out.
        shift_y = BEND * 4 * across * (1 - across) * min(1.0, wide / 3)
        shift_x = BEND * 4 * down * (1 - down) * min(1.0, high / 3)
        bent[number] = (round((x + shift_x) * ACROSS, 1), round((y + shift_y) * DOWN, 1))
    return bent


def in_columns(
    states: Sequence[State], arcs: Sequence[Arc], steps: Mapping[int, int]
) -> tuple[Places, tuple[tuple[float, int | None], ...]]:
    """Place boxes in columns by how many moves they are away; ``steps`` lacks those that cannot be reached.

    Returns the middle of each box, and the middle of each column with its number of moves, None for the last.
    """
    far = max(steps.values()) + 1
    column_of = {state.number: steps.get(state.number, far) for state in states}
    columns = ranked(column_of, arcs)
    tallest = max(map(len, columns))
    full = tallest * BOX_HEIGHT + (tallest - 1) * ROW_GAP
    places: Places = {}
    heads: list[tuple[float, int | None]] = []
    for place, column in enumerate(columns):
        x = MARGIN + BOX_WIDTH / 2 + place * (BOX_WIDTH + COLUMN_GAP)
        pitch = full / len(column)
        places |= {number: (x, 28 + (row + 0.5) * pitch) for row, number in enumerate(column)}
        step = column_of[column[0]]
        heads.append((x, None if step == far else step))
    return places, tuple(heads)


def in_grid(conflict: Conflict, states: Sequence[State], first: Collection[str]) -> Places:
    """Place boxes where the options of some decision makers (across) and those of the others (down) have them.

    They stand a little askew, so that no line hides a state.
    """
    own = [conflict.owner[option.id] in first for option in conflict.options]

    def part(state: State, mine: bool) -> str:
        return "".join(letter for letter, one in zip(state.pattern, own, strict=True) if one is mine)[::-1]

    across = sorted({part(state, True) for state in states})
    down = sorted({part(state, False) for state in states})
    places: Places = {}
    taken: set[Point] = set()
    for state in states:
        column, row = across.index(part(state, True)), down.index(part(state, False))
        x = MARGIN + BOX_WIDTH / 2 + column * (BOX_WIDTH + COLUMN_GAP) + (row % 3) * SKEW
        y = 30 + BOX_HEIGHT / 2 + row * (BOX_HEIGHT + 3 * ROW_GAP) + (column % 3) * SKEW / 2
        while (x, y) in taken:
            # Merged states may be written alike.
            y += BOX_HEIGHT / 2
        taken.add((x, y))
        places[state.number] = (x, y)
    return places


def curves(places: Mapping[int, Point], arcs: Iterable[Arc], layered: bool) -> Iterator[Curve]:
    """Draw a move and its way back, by the same player, as one line."""
    pairs: dict[tuple[int, int, int], list[bool | None]] = {}
    for arc in arcs:
        low, high = sorted((arc.start, arc.end), key=lambda number: (places[number], number))
        both = pairs.setdefault((low, high, arc.player), [None, None])
        both[0 if arc.start == low else 1] = arc.improvement
    ends = _ports(places, list(pairs), layered)
    for key, (forth, back) in pairs.items():
        start, end = ends[key]
        yield Curve(key[2], _control_points(start, end, layered), forth, back)


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


def _control_points(start: Point, end: Point, layered: bool) -> tuple[Point, Point, Point, Point]:
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
        out = min(ASIDE, 18 + abs(y3 - y0) * 0.22)
        return start, (x0 + out, y0), (x3 + out, y3), end
    pull = max(COLUMN_GAP * 0.6, (x3 - x0) * 0.42)
    return start, (x0 + pull, y0), (x3 - pull, y3), end
