"""Drawings as SVG that need nothing from elsewhere: a state graph, and swim-lanes of positions.

Whose move it is shows in the colour, the dashes and a number on the line, so that print in black and white has it too;
an improvement has a full arrowhead, any other move an open one. Names stay text, whatever is in them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from html import escape
from math import atan2, cos, hypot, sin

from detente.analysis.layout import BOX_HEIGHT, BOX_WIDTH, Band, Box, Curve, Drawing, Point, wrapped
from detente.io.graphs import COLOURS, DASHES
from detente.model.dates import MONTHS
from detente.present.blocks import Bar, Figure, Lanes
from detente.text import printable

#: The size of what is written in a box, and between its lines, in pixels.
FONT_SIZE, _LINE = 12.5, 14.0
#: Fonts that are asked for in turn.
FONTS = "system-ui, 'Segoe UI', 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif"
_INK, _FAINT, _PAPER, _TINT = "#1c2024", "#5d646c", "#ffffff", "#e8edf3"
_HEAD = 8.0


def svg_text(figure: Figure) -> str:
    """Write a figure as SVG: its drawing, with a key below it, and what it shows as its title."""
    drawing = figure.drawing
    if isinstance(drawing, Lanes):
        return _lanes(figure, drawing)
    key = list(_key(drawing))
    rows = -(-len(key) // 2)
    height = drawing.height + 14 + 20 * rows
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_n(drawing.width)} {_n(height)}" '
        f'width="{_n(drawing.width)}" height="{_n(height)}" role="img" class="graph" font-family="{FONTS}" '
        f'font-size="{FONT_SIZE}">',
        f"<title>{_text(figure.alternative)}</title>",
        f'<rect class="paper" x="0" y="0" width="{_n(drawing.width)}" height="{_n(height)}" fill="{_PAPER}"/>',
        *(part for band in drawing.bands for part in _band(band)),
        *(part for curve in drawing.curves for part in _curve(curve)),
        *(part for box in drawing.boxes for part in _box(box)),
        *(part for curve in drawing.curves for part in _number(curve)),
    ]
    for place, entry in enumerate(key):
        x = 10 + (place % 2) * drawing.width / 2
        y = drawing.height + 20 + 20 * (place // 2)
        parts += entry(x, y)
    return "\n".join([*parts, "</svg>"]) + "\n"


def _n(number: float) -> str:
    return f"{round(number, 1):g}"


def _text(text: str) -> str:
    return escape(printable(text), quote=True)


def _band(band: Band) -> Iterator[str]:
    size = f'width="{_n(band.width)}" height="{_n(band.height)}" rx="6"'
    yield f'<rect class="band" x="{_n(band.x)}" y="{_n(band.y)}" {size} fill="{_INK}" fill-opacity="0.04"/>'
    anchor = "start" if band.row else "middle"
    x = band.x + (8 if band.row else band.width / 2)
    y = band.y + 18 if band.row else band.y - 8 - _LINE * (len(band.lines) - 1)
    for place, line in enumerate(band.lines):
        at = f'x="{_n(x)}" y="{_n(y + place * _LINE)}" text-anchor="{anchor}"'
        yield f'<text class="faint" {at} fill="{_FAINT}">{_text(line)}</text>'


def _box(box: Box) -> Iterator[str]:
    left, top = box.x - BOX_WIDTH / 2, box.y - BOX_HEIGHT / 2
    stroke = 2.4 if box.status_quo else 1.0
    fill, kind = (_TINT, "here") if box.status_quo else (_PAPER, "box")
    yield f'<g class="state"><title>{_text(box.title)}</title>'
    yield (
        f'<rect class="{kind}" x="{_n(left)}" y="{_n(top)}" width="{_n(BOX_WIDTH)}" height="{_n(BOX_HEIGHT)}" rx="5" '
        f'fill="{fill}" stroke="{_INK}" stroke-width="{stroke}"/>'
    )
    if box.equilibrium:
        yield (
            f'<rect class="inner" x="{_n(left + 3.5)}" y="{_n(top + 3.5)}" width="{_n(BOX_WIDTH - 7)}" '
            f'height="{_n(BOX_HEIGHT - 7)}" rx="3" fill="none" stroke="{_INK}" stroke-width="0.8"/>'
        )
    first = box.y - (len(box.lines) - 1) * _LINE / 2 + FONT_SIZE * 0.35
    for place, line in enumerate(box.lines):
        weight = ' font-weight="600"' if place == 0 else ""
        size = "" if place == 0 else f' font-size="{FONT_SIZE - 1}"'
        yield (
            f'<text class="ink" x="{_n(box.x)}" y="{_n(first + place * _LINE)}" text-anchor="middle" '
            f'fill="{_INK}"{weight}{size}>{_text(line)}</text>'
        )
    yield "</g>"


def colour(mover: int) -> str:
    """Return the colour of a mover's lines."""
    return COLOURS[mover % len(COLOURS)]


def _stroke(mover: int) -> str:
    dashes = DASHES[mover % len(DASHES)]
    pattern = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'class="p{mover % len(COLOURS)}" fill="none" stroke="{colour(mover)}" stroke-width="1.5"{pattern}'


def _curve(curve: Curve) -> Iterator[str]:
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = curve.points
    yield (
        f'<path {_stroke(curve.mover)} d="M{_n(x0)} {_n(y0)}C{_n(x1)} {_n(y1)} {_n(x2)} {_n(y2)} {_n(x3)} {_n(y3)}"/>'
    )
    if curve.forth is not None:
        yield _arrowhead(curve.mover, (x2, y2), (x3, y3), curve.forth)
    if curve.back is not None:
        yield _arrowhead(curve.mover, (x1, y1), (x0, y0), curve.back)


def _arrowhead(mover: int, before: Point, tip: Point, full: bool) -> str:
    angle = atan2(tip[1] - before[1], tip[0] - before[0])
    corners = [tip] + [
        (tip[0] - _HEAD * cos(angle + turn), tip[1] - _HEAD * sin(angle + turn)) for turn in (0.42, -0.42)
    ]
    points = " ".join(f"{_n(x)},{_n(y)}" for x, y in corners)
    fill, kind = (colour(mover), "full") if full else (_PAPER, "open")
    return (
        f'<polygon class="p{mover % len(COLOURS)} {kind}" points="{points}" fill="{fill}" stroke="{colour(mover)}" '
        'stroke-width="1.1"/>'
    )


def _number(curve: Curve) -> Iterator[str]:
    """Write the mover's number on the middle of a line, where it is long enough."""
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = curve.points
    if hypot(x3 - x0, y3 - y0) < 36:
        return
    # Not all in the middle, where lines that cross would have theirs on each other.
    at = 0.36 + 0.14 * (curve.mover % 3)
    rest = 1 - at
    weights = (rest**3, 3 * rest**2 * at, 3 * rest * at**2, at**3)
    x = sum(w * p for w, p in zip(weights, (x0, x1, x2, x3), strict=True))
    y = sum(w * p for w, p in zip(weights, (y0, y1, y2, y3), strict=True))
    yield from _badge(curve.mover, x, y)


def _badge(mover: int, x: float, y: float) -> Iterator[str]:
    yield (
        f'<circle class="p{mover % len(COLOURS)} open" cx="{_n(x)}" cy="{_n(y)}" r="7" fill="{_PAPER}" '
        f'stroke="{colour(mover)}" stroke-width="1"/>'
    )
    yield (
        f'<text class="ink" x="{_n(x)}" y="{_n(y + 3.4)}" text-anchor="middle" font-size="10" '
        f'fill="{_INK}">{mover + 1}</text>'
    )


_Entry = Callable[[float, float], Iterator[str]]


def _key(drawing: Drawing) -> Iterator[_Entry]:
    """Yield the entries of the key, each a function of its place."""
    for mover, name in enumerate(drawing.movers):
        yield partial(_mover_entry, mover, name)
    yield partial(_head_entry, True, "an improvement")
    yield partial(_head_entry, False, "a move that is not an improvement")
    yield partial(_box_entry, False, "an equilibrium: a double frame")
    if any(box.status_quo for box in drawing.boxes):
        yield partial(_box_entry, True, "the status quo: shaded, a thick frame")


def _entry_text(x: float, y: float, text: str) -> str:
    return f'<text class="ink" x="{_n(x + 44)}" y="{_n(y + 4)}" fill="{_INK}">{_text(text)}</text>'


def _mover_entry(mover: int, name: str, x: float, y: float) -> Iterator[str]:
    yield f'<path {_stroke(mover)} d="M{_n(x)} {_n(y)}H{_n(x + 36)}"/>'
    yield from _badge(mover, x + 18, y)
    yield _entry_text(x, y, f"mover: {name}")


def _head_entry(full: bool, text: str, x: float, y: float) -> Iterator[str]:
    fill, kind = (_INK, "full") if full else (_PAPER, "open")
    yield f'<path class="line" d="M{_n(x)} {_n(y)}H{_n(x + 30)}" stroke="{_INK}" stroke-width="1.2"/>'
    points = f"{_n(x + 36)},{_n(y)} {_n(x + 28.5)},{_n(y - 3.3)} {_n(x + 28.5)},{_n(y + 3.3)}"
    yield f'<polygon class="line {kind}" points="{points}" fill="{fill}" stroke="{_INK}" stroke-width="1.1"/>'
    yield _entry_text(x, y, text)


def _box_entry(here: bool, text: str, x: float, y: float) -> Iterator[str]:
    fill, kind, stroke = (_TINT, "here", 2.4) if here else (_PAPER, "box", 1.0)
    yield (
        f'<rect class="{kind}" x="{_n(x + 4)}" y="{_n(y - 6)}" width="28" height="12" rx="3" fill="{fill}" '
        f'stroke="{_INK}" stroke-width="{stroke}"/>'
    )
    if not here:
        yield (
            f'<rect class="inner" x="{_n(x + 6.5)}" y="{_n(y - 3.5)}" width="23" height="7" rx="2" fill="none" '
            f'stroke="{_INK}" stroke-width="0.8"/>'
        )
    yield _entry_text(x, y, text)


#: The colour of each stance; its pattern says the same in black and white.
STANCE_COLOURS = {"for": "#0a5fa5", "against": "#b54708", "conditional": "#95417f", "none": _PAPER}
_STANCE_WORDS = {"for": "for", "against": "against", "conditional": "under a condition", "none": "no position"}
_LABELS, _ROW, _HEADS = 210.0, 24.0, 34.0
_PATTERNS = (
    '<pattern id="lane-against" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect width="3" height="6" fill="#b54708"/></pattern>'
    '<pattern id="lane-conditional" width="6" height="6" patternUnits="userSpaceOnUse">'
    '<rect width="2" height="6" fill="#95417f"/></pattern>'
)


def _lanes(figure: Figure, drawn: Lanes) -> str:
    """Write swim-lanes: the heads of the columns, a part for each party, the verdicts, and the key."""
    step = (drawn.width - _LABELS) / max(1, len(drawn.columns))
    # Wide fonts stand in for those that a machine lacks.
    longest = max(5, int(step / 6.6))
    heads = [_column_head(head, longest) for head in drawn.columns]
    top = _HEADS + 12 * max(0, max(map(len, heads), default=0) - 2)
    body: list[str] = []
    y = top
    for holder, lanes in drawn.by_holder:
        body.append(_words(4, y + 15, holder, 12.5, bold=True))
        y += 22
        for lane in lanes:
            for place, row in enumerate(lane.rows):
                label = wrapped(lane.name if place == 0 else "", 4, 34)
                height = max([_ROW, 2 + 11.0 * len(label), *(12 + 12.0 * len(_on_bar(bar, step)[1]) for bar in row)])
                body += _label(y, height, label)
                body += (part for bar in row for part in _bar(bar, step, y, height))
                y += height
        y += 6
    for name, cells in (("Stuck", [cell.text for cell in drawn.stuck]), ("Equilibria", list(drawn.counts))):
        body.append(_words(4, y + 15, name, 11, bold=True))
        told = [wrapped(text, 6, longest) for text in cells]
        body += (
            _words(_LABELS + column * step + 4, y + 15 + 12 * place, line, 10.5)
            for column, lines in enumerate(told)
            for place, line in enumerate(lines)
        )
        y += 8 + 12 * max(map(len, told), default=1)
    bottom = y + 4
    x = 8.0
    key = [
        *((stance, words, False) for stance, words in _STANCE_WORDS.items()),
        ("for", "reported only by another side", True),
    ]
    for stance, words, reported in key:
        body += _bar(Bar(0, 0, stance, "", "" if reported else words, reported, 0), 34, bottom + 6, _ROW, x)
        body.append(_words(x + 40, bottom + 21, words, 10.5))
        x += 60 + 6.4 * len(words)
    height = bottom + 36
    lines = [
        f'<path class="line" d="M{_n(x)} {_n(top - 6)}V{_n(bottom)}" stroke="{_FAINT}" stroke-width="0.4"/>'
        for x in (_LABELS + column * step for column in range(len(drawn.columns)))
    ]
    days = [
        _words(_LABELS + column * step + 3, 12 + 12 * place, line, 10.5)
        for column, head in enumerate(heads)
        for place, line in enumerate(head)
    ]
    size = f'viewBox="0 0 {_n(drawn.width)} {_n(height)}" width="{_n(drawn.width)}" height="{_n(height)}"'
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" class="graph" font-family="{FONTS}" '
        f'font-size="{FONT_SIZE}">'
    )
    paper = f'<rect class="paper" x="0" y="0" width="{_n(drawn.width)}" height="{_n(height)}" fill="{_PAPER}"/>'
    title = f"<title>{_text(figure.alternative)}</title>"
    return "\n".join([opening, title, f"<defs>{_PATTERNS}</defs>", paper, *lines, *days, *body, "</svg>"]) + "\n"


def _words(x: float, y: float, text: str, size: float, *, bold: bool = False) -> str:
    weight = ' font-weight="600"' if bold else ""
    return f'<text class="ink" x="{_n(x)}" y="{_n(y)}" font-size="{size:g}" fill="{_INK}"{weight}>{_text(text)}</text>'


def _column_head(text: str, longest: int) -> tuple[str, ...]:
    """Return the lines of the head of a column; in a narrow one the months are shortened, so that the year has room."""
    if len(text) > longest:
        text = re.sub("|".join(MONTHS), lambda month: month[0][:3], text)
    return wrapped(text, 3, longest)


def _label(y: float, height: float, lines: tuple[str, ...]) -> Iterator[str]:
    first = y + height / 2 + (3 if len(lines) == 1 else 3.5 - 5.5 * (len(lines) - 1))
    yield from (_words(10, first + 11 * place, line, 9.5) for place, line in enumerate(lines))


def _on_bar(bar: Bar, step: float) -> tuple[float, tuple[str, ...]]:
    """Return the size and the lines of the words on a bar: smaller where a word would not fit, and cut last of all."""
    width = (bar.last - bar.first + 1) * step - 3
    for size in (10.0, 8.5):
        lines = wrapped(bar.text, 8, max(2, int((width - 13) / (0.54 * size))))
        if " ".join(lines) == " ".join(bar.text.split()):
            break
    return size, lines


def _bar(bar: Bar, step: float, y: float, height: float, left: float = _LABELS) -> Iterator[str]:
    x, width = left + bar.first * step + 1.5, (bar.last - bar.first + 1) * step - 3
    at = f'x="{_n(x)}" y="{_n(y + 3)}" width="{_n(width)}" height="{_n(height - 6)}" rx="3"'
    colour = STANCE_COLOURS.get(bar.stance, _PAPER)
    patterned = bar.stance in ("against", "conditional")
    yield f'<g><title>{_text(bar.words)}</title><rect class="open" {at} fill="{_PAPER}"/>'
    frame = (
        f'stroke="{_INK}" stroke-width="2" stroke-dasharray="1.5 2.5"'
        if bar.reported
        else (f'stroke="{_INK if bar.stance == "none" else colour}" stroke-width="1.2"')
    )
    kind = ' class="line"' if bar.reported or bar.stance == "none" else ""
    fill = f"url(#lane-{bar.stance})" if patterned else "none" if bar.stance == "none" else colour
    faint = ' fill-opacity="0.3"' if bar.reported and bar.stance == "for" else ""
    yield f'<rect{kind} {at} fill="{fill}"{faint} {frame}/>'
    if bar.text:
        size, lines = _on_bar(bar, step)
        room = min(width - 8, 0.56 * size * max(map(len, lines), default=0) + 6)
        shape = f'width="{_n(room)}" height="{12 * len(lines)}" rx="2"'
        yield f'<rect class="paper" x="{_n(x + 4)}" y="{_n(y + 6)}" {shape} fill="{_PAPER}"/>'
        yield from (_words(x + 7, y + 15.5 + 12 * place, line, size) for place, line in enumerate(lines))
    yield "</g>"
