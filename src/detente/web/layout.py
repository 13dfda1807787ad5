"""Where the states of a graph stand on the page.

Forces make a ball of 64 states that nobody can read, so the places say something instead: what two decision makers do,
how far a state is from the status quo, or how good it is for somebody. Rows and columns are bent a little: points on
a curve are never three in a line, so that no move is drawn through a state that it has nothing to do with.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from math import cos, pi, sin

from detente.engine.interface import Arc
from detente.model.conflict import Conflict
from detente.model.states import State

Places = dict[int, tuple[float, float]]

LAYOUTS = ("options", "layers", "preference", "around")
#: Between neighbours, in pixels of an unscaled page.
ACROSS, DOWN = 110.0, 96.0
#: A row or column of more than so many is stepped, not only bent.
MOST_BENT = 4
#: Around a state: how far its neighbours are from each other, and how far apart the rings are on which they stand.
BESIDE, BETWEEN_RINGS = 62.0, 74.0
#: How far the middle of a row or column of any length is bent away from its ends.
BEND = 0.38


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
        y += 0.42 * _step(column * side + place % side) * (wide > MOST_BENT)
        x += 0.42 * _step(row * depth + place // side) * (high > MOST_BENT)
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
    following: dict[int, list[int]] = {}
    for arc in arcs:
        following.setdefault(arc.start, []).append(arc.end)
    far = {start: 0}
    queue = deque([start])
    while queue:
        here = queue.popleft()
        for end in following.get(here, ()):
            if end not in far:
                far[end] = far[here] + 1
                queue.append(end)
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


def _rows(row_of: Mapping[int, int], arcs: Sequence[Arc]) -> Places:
    """Place states in rows, each near to those that it has moves with; a long row is folded."""
    neighbours: dict[int, list[int]] = {number: [] for number in row_of}
    for arc in arcs:
        if arc.start in row_of and arc.end in row_of:
            neighbours[arc.start].append(arc.end)
            neighbours[arc.end].append(arc.start)
    rows = [sorted(number for number in row_of if row_of[number] == row) for row in sorted(set(row_of.values()))]
    x = {number: place - (len(row) - 1) / 2 for row in rows for place, number in enumerate(row)}
    for _ in range(4):
        for row in rows:
            wanted = {
                number: sum(x[other] for other in neighbours[number]) / len(neighbours[number])
                if neighbours[number]
                else x[number]
                for number in row
            }
            for place, number in enumerate(sorted(row, key=lambda one: (wanted[one], one))):
                x[number] = place - (len(row) - 1) / 2
    longest = max(8, round((len(row_of) * 2.2) ** 0.5))
    places: Places = {}
    top = 0.0
    for row in rows:
        ordered = sorted(row, key=lambda number: x[number])
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
