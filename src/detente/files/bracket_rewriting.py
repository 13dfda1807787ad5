"""Entries between brackets in another order, where comments stand among them: each comment goes with its entry.

What stands beside an entry, right above it, or below it and further in, is the entry's. A comment with a blank line
below it, and one at the very end, stay where they are, and so do line breaks and how far a line is indented.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

_COMMENT = re.compile(r"#[^\n]*")


@dataclass
class _Entry:
    """An entry with its comments: whole lines above, the rest of its own line, and whole lines below."""

    text: str
    above: list[str] = field(default_factory=list)
    beside: str = ""
    below: list[str] = field(default_factory=list)


@dataclass
class _Gap:
    """What stays where it is before an entry, or before the bracket that closes: lines of its own, and blanks."""

    breaks: bool
    lines: list[str]
    blank: str


def reordered_with_comments(
    text: str, within: tuple[int, int], spans: Sequence[tuple[int, int]], order: Sequence[int]
) -> str | None:
    """Return a text with the entries between two brackets in another order; None where that cannot be done.

    ``within`` says from where to where the brackets reach, themselves left out, and ``spans`` where each entry stands.
    """
    ends = [*(start for start, _ in spans[1:]), within[1]]
    between = [_without_comma(text[end:following]) for (_, end), following in zip(spans, ends, strict=True)]
    if any(one is None for one in between[:-1]):
        return None
    last = text[spans[-1][1] : within[1]] if between[-1] is None else between[-1]
    opening = text[within[0] : spans[0][0]]
    if any(_COMMENT.sub("", one or "").strip() for one in (*between[:-1], last, opening)):
        return None
    entries = [_Entry(text[start:end]) for start, end in spans]
    first, gap = _parted(opening, None, entries[0], 0)
    gaps = [gap]
    for place, (entry, one) in enumerate(zip(entries, [*between[:-1], last], strict=True)):
        following = entries[place + 1] if place + 1 < len(entries) else None
        entry.beside, gap = _parted(one or "", entry, following, _column(text, spans[place][0]))
        gaps.append(gap)
    pad = " " * _column(text, spans[next((place for place, gap in enumerate(gaps[:-1]) if gap.breaks), 0)][0])
    made = [first]
    for place, old in enumerate(order):
        made += _before(gaps[place], entries[order[place - 1]] if place else None, entries[old].above, pad)
        entry = entries[old]
        comma = "," * (place + 1 < len(order) or between[-1] is not None)
        made += [entry.text, " " * (entry.text.endswith(":")), comma, entry.beside]
        made += [f"\n{line}" for line in entry.below]
    made += _before(gaps[-1], entries[order[-1]], [], pad)
    return text[: within[0]] + "".join(made) + text[within[1] :]


def _without_comma(between: str) -> str | None:
    """Return what stands between two entries without the comma; None where there is none but in comments."""
    bare = _COMMENT.sub(lambda found: "#" * len(found[0]), between)
    place = bare.find(",")
    return None if place < 0 else between[:place] + between[place + 1 :]


def _column(text: str, place: int) -> int:
    """Return how far in an entry stands, with the comma before it where its line begins with that."""
    line = text[text.rfind("\n", 0, place) + 1 : place]
    return _indent(line) if line.strip() == "," else len(line)


def _parted(between: str, entry: _Entry | None, following: _Entry | None, column: int) -> tuple[str, _Gap]:
    """Part what stands between two entries: the rest of the first one's line, the comments of both, and what stays."""
    beside, *lines = between.split("\n")
    if not lines:
        return "", _Gap(False, [], between)
    blank = lines.pop()
    while entry and lines and lines[0].strip() and _indent(lines[0]) > column:
        entry.below.append(lines.pop(0))
    above: list[str] = []
    while following and lines and lines[-1].strip():
        above.insert(0, lines.pop())
    if following:
        following.above = above
    return beside, _Gap(True, lines, blank)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _before(gap: _Gap, previous: _Entry | None, above: Sequence[str], pad: str) -> list[str]:
    """Return what is written before an entry; behind a comment, and above one, a line has to end."""
    if gap.breaks:
        return [f"\n{line}" for line in (*gap.lines, *above)] + ["\n", gap.blank]
    if above or (previous and (previous.below or "#" in previous.beside)):
        return [f"\n{line}" for line in above] + ["\n", pad]
    return [gap.blank]
