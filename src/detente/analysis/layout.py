"""The positions of the outcomes of a map, on a page and in a report, and the curves of the moves between them.

A force layout of 64 states is unreadable, so each place has a meaning: how far an outcome is from the status quo, what
two decision makers do in it, or how one of them ranks it. Outcomes of the same meaning stand in one band, which says
what it is; a long band is wrapped. Moves within a row or a column are bent around what stands between their ends.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from math import hypot
from unicodedata import east_asian_width

from detente.engine.interface import Arc
from detente.lazy import dataclass
from detente.model.conflict import Conflict
from detente.model.states import State

#: The size of a state's box, in pixels, and how many characters fit in a line of it.
BOX_WIDTH, BOX_HEIGHT = 172.0, 62.0
_CHARACTERS = 25

Point = tuple[float, float]
Places = dict[int, Point]

LAYOUTS = ("options", "layers", "preference")
#: Between the columns of two bands and of one, between boxes in a column and in a row, around all of them, and the room
#: for lines within a column.
COLUMN_GAP, INNER_GAP, ROW_GAP, BESIDE, MARGIN, ASIDE = 64.0, 40.0, 16.0, 34.0, 8.0, 50.0
#: The room for the label of a band: above it, and to the left of a row.
ABOVE, LEFT = 22.0, 150.0
_LABEL_LINE, _MAX_LABEL = 14.0, 3
#: A column of a layer is wrapped after so many boxes on a page, a row of ranks after so many.
TALLEST, LONGEST = 9, 6
#: With more ranks than this among the outcomes shown, several ranks share a band.
MAX_RANKS = 8


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
    #: The states at its first and its last point.
    ends: tuple[int, int] = (0, 0)


@dataclass(frozen=True)
class Band:
    """An area of outcomes that have something in common: its corner, its size, and the lines that say what it is."""

    x: float
    y: float
    width: float
    height: float
    lines: tuple[str, ...]
    #: Whether the label stands to the left of the band instead of above it.
    row: bool = False


@dataclass(frozen=True)
class Plan:
    """Where outcomes stand: the middle of each box, and the bands that say why."""

    places: Places
    bands: tuple[Band, ...]
    #: Whether the columns are layers, so that moves go from side to side.
    layered: bool = False

    @property
    def size(self) -> Point:
        """The width and the height of all of it."""
        right = [band.x + band.width for band in self.bands]
        bottom = [band.y + band.height for band in self.bands]
        xs, ys = zip(*self.places.values(), strict=True) if self.places else ((0.0,), (0.0,))
        return (
            max([max(xs) + BOX_WIDTH / 2 + (ASIDE if self.layered else 0), *right]) + MARGIN,
            max([max(ys) + BOX_HEIGHT / 2, *bottom]) + MARGIN,
        )


@dataclass(frozen=True)
class Drawing:
    """Boxes and curves with their places, who the movers are, and the bands behind the boxes."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    curves: tuple[Curve, ...]
    movers: tuple[str, ...]
    bands: tuple[Band, ...] = ()


def wrapped(text: str, most_lines: int, longest: int = _CHARACTERS) -> tuple[str, ...]:
    """Break a text into lines that fit a box; what does not fit is cut, and shows it.

    >>> wrapped("neutrality as in the draft of that year", 2, 15)
    ('neutrality as', 'in the draft o…')
    """
    lines: list[str] = []
    for word in text.split():
        if lines and _room(lines[-1]) + 1 + _room(word) <= longest:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    if len(lines) > most_lines:
        lines = [*lines[: most_lines - 1], " ".join(lines[most_lines - 1 :])]
    return tuple(line if _room(line) <= longest else _cut(line, longest) for line in lines)


def _room(text: str) -> int:
    """Return how many letters a text is wide."""
    return len(text) if text.isascii() else sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def _cut(line: str, longest: int) -> str:
    while line and _room(line) >= longest:
        line = line[: min(len(line) - 1, longest)]
    return f"{line}…"


def fitted(clauses: Sequence[str], most_lines: int, longest: int = _CHARACTERS) -> tuple[str, ...]:
    """Break a list into lines that fit a box: as many whole clauses as there is room for, and how many are left out.

    >>> fitted(["Egypt signs", "Sudan signs", "Ethiopia fills the reservoir"], 2, 26)
    ('Egypt signs; Sudan signs;', '+1 more')
    """
    for kept in range(len(clauses), 0, -1):
        more = f"; +{len(clauses) - kept} more" if kept < len(clauses) else ""
        lines = wrapped("; ".join(clauses[:kept]) + more, most_lines + 1, longest)
        if len(lines) <= most_lines and not any(line.endswith("…") for line in lines):
            return lines
    more = f"; +{len(clauses) - 1} more" if len(clauses) > 1 else ""
    if more and most_lines > 1:
        return (*wrapped(clauses[0], most_lines - 1, longest), more.removeprefix("; "))
    return wrapped("; ".join(clauses), most_lines, longest)


def in_layers(
    states: Sequence[State],
    arcs: Sequence[Arc],
    steps: Mapping[int, int],
    label: Callable[[int | None], str],
    tallest: int | None = None,
) -> Plan:
    """Place boxes in columns by how many moves they are away; ``steps`` lacks those that cannot be reached.

    Parameters
    ----------
    states, arcs
        What is drawn.
    steps
        How many moves each state is away.
    label
        What a column is called, by its number of moves, None for what cannot be reached.
    tallest
        After how many boxes a column is wrapped; never when None.
    """
    far = max(steps.values()) + 1
    column_of = {state.number: steps.get(state.number, far) for state in states}
    columns = ranked(column_of, arcs)
    wraps = [-(-len(column) // (tallest or len(column))) for column in columns]
    most = max(-(-len(column) // wrap) for column, wrap in zip(columns, wraps, strict=True))
    full = most * BOX_HEIGHT + (most - 1) * ROW_GAP
    places: Places = {}
    bands: list[Band] = []
    left = MARGIN
    for column, wrap in zip(columns, wraps, strict=True):
        per = -(-len(column) // wrap)
        for fold in range(wrap):
            part = column[fold * per : (fold + 1) * per]
            x, pitch = left + BOX_WIDTH / 2 + fold * (BOX_WIDTH + INNER_GAP), full / len(part)
            places |= {number: (x, ABOVE + 6 + (row + 0.5) * pitch) for row, number in enumerate(part)}
        width = wrap * BOX_WIDTH + (wrap - 1) * INNER_GAP
        step = column_of[column[0]]
        name = wrapped(label(None if step == far else step), 1)
        bands.append(Band(left - 6, ABOVE, width + 12, full + 12, name))
        left += width + COLUMN_GAP
    return Plan(places, tuple(bands), layered=True)


def in_fields(
    conflict: Conflict,
    states: Sequence[State],
    across: Collection[str],
    down: Collection[str],
    label: Callable[[State, Collection[str]], str],
) -> Plan:
    """Place boxes where the options of some decision makers (columns) and of others (rows) have them.

    What the remaining decision makers do places an outcome within its field. ``label`` says what some of them do in an
    outcome.
    """
    rows_of = set(down) - set(across)

    def parts(makers: Collection[str]) -> dict[int, str]:
        own = [place for place, option in enumerate(conflict.options) if conflict.owner[option.id] in makers]
        # Ordered as states are numbered: the first option counts least.
        return {state.number: "".join(state.pattern[place] for place in reversed(own)) for state in states}

    column_of, row_of = parts(across), parts(rows_of)
    fields: dict[tuple[str, str], list[int]] = {}
    for state in states:
        fields.setdefault((column_of[state.number], row_of[state.number]), []).append(state.number)
    columns, rows = sorted(set(column_of.values())), sorted(set(row_of.values()))
    known = {state.number: state for state in states}
    most = {column: max(len(fields.get((column, row), ())) for row in rows) for column in columns}
    side = {column: max(1, round(count**0.5 * 0.8)) for column, count in most.items()}
    depth = {row: max(-(-len(fields.get((column, row), ())) // side[column]) for column in columns) for row in rows}
    start = MARGIN + (LEFT if rows_of else 0)
    heads = {column: _label_of(column, column_of, known, across, label, side[column]) for column in columns}
    top = MARGIN + ABOVE + _LABEL_LINE * (max(map(len, heads.values())) - 1)
    lefts = _offsets(start, [side[column] * (BOX_WIDTH + BESIDE) + BESIDE / 2 for column in columns])
    tops = _offsets(top, [depth[row] * (BOX_HEIGHT + BESIDE) + BESIDE / 2 for row in rows])
    places: Places = {}
    for (column, row), numbers in fields.items():
        for place, number in enumerate(numbers):
            at, line = place % side[column], place // side[column]
            places[number] = (
                lefts[columns.index(column)] + BESIDE * 0.75 + BOX_WIDTH / 2 + at * (BOX_WIDTH + BESIDE),
                tops[rows.index(row)] + BESIDE * 0.75 + BOX_HEIGHT / 2 + line * (BOX_HEIGHT + BESIDE),
            )
    bands = [
        Band(x, top, end - x - 4, tops[-1] - top - 4, heads[column])
        for column, (x, end) in zip(columns, pairwise(lefts), strict=True)
    ]
    if rows_of:
        bands += [
            Band(MARGIN, y, lefts[-1] - MARGIN - 4, end - y - 4, _label_of(row, row_of, known, rows_of, label, 0), True)
            for row, (y, end) in zip(rows, pairwise(tops), strict=True)
        ]
    return Plan(places, tuple(bands))


def _offsets(start: float, sizes: Iterable[float]) -> list[float]:
    found = [start]
    for size in sizes:
        found.append(found[-1] + size)
    return found


def _label_of(
    part: str,
    part_of: Mapping[int, str],
    known: Mapping[int, State],
    makers: Collection[str],
    label: Callable[[State, Collection[str]], str],
    side: int,
) -> tuple[str, ...]:
    """Return the label of a column of ``side`` boxes, or of a row (0)."""
    number = next(number for number, one in part_of.items() if one == part)
    clauses = label(known[number], makers).split("; ")
    return fitted(clauses, _MAX_LABEL, side * (_CHARACTERS + 4)) if side else fitted(clauses, _MAX_LABEL + 1, 20)


def in_ranks(
    states: Sequence[State], arcs: Sequence[Arc], ranks: Sequence[int], label: Callable[[int, int], str]
) -> Plan:
    """Place boxes in bands by how good they are for a decision maker, the best above; a long band is wrapped.

    ``label`` says what a band is called, by its first and last rank.
    """
    every = sorted({ranks[state.number - 1] for state in states})
    per = -(-len(every) // MAX_RANKS)
    band_of = {state.number: every.index(ranks[state.number - 1]) // per for state in states}
    places: Places = {}
    bands: list[Band] = []
    top = MARGIN
    longest = min(LONGEST, max(map(list(band_of.values()).count, set(band_of.values()))))
    for ordered in ranked(band_of, arcs):
        if per > 1:
            ordered.sort(key=lambda number: (ranks[number - 1], number))
        for place, number in enumerate(ordered):
            places[number] = (
                MARGIN + LEFT + BESIDE / 2 + BOX_WIDTH / 2 + place % longest * (BOX_WIDTH + BESIDE),
                top + BESIDE / 2 + BOX_HEIGHT / 2 + place // longest * (BOX_HEIGHT + BESIDE),
            )
        here = sorted(ranks[number - 1] for number in ordered)
        height = -(-len(ordered) // longest) * (BOX_HEIGHT + BESIDE)
        width = LEFT + longest * (BOX_WIDTH + BESIDE)
        bands.append(Band(MARGIN, top, width, height, wrapped(label(here[0], here[-1]), _MAX_LABEL, 20), True))
        top += height + 6
    return Plan(places, tuple(bands))


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
        yield Curve(key[2], _control_points(start, end, layered), forth, back, key[:2])


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
        length = hypot(x3 - x0, y3 - y0) or 1.0
        # Three quarters of this is how far the middle is bent: in a row or a column beyond the boxes between the ends.
        aside = 0.12 * length if length > 2 * BOX_WIDTH else 0.0
        if abs(y3 - y0) < BOX_HEIGHT and abs(x3 - x0) > BOX_WIDTH:
            aside = 4 / 3 * (BOX_HEIGHT / 2 + BESIDE / 3)
        elif abs(x3 - x0) < BOX_WIDTH / 2 and abs(y3 - y0) > 1.5 * BOX_HEIGHT:
            aside = 4 / 3 * (BOX_WIDTH / 2 + BESIDE / 3)
        cx, cy = (y3 - y0) / length * aside, (x0 - x3) / length * aside
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
