"""Comments that stand in one column, kept there when the text before them grows or shrinks."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator

from ruamel.yaml.nodes import ScalarNode

from detente.files.yaml_text import Document

Patch = tuple[int, int, str]

_SIGN = re.compile(r"(?<=[ \t])#")


def columns_kept(document: Document, text: str, patches: Iterable[Patch]) -> list[Patch]:
    """Return patches of a text, with those that keep comments in the column of the nearest one above or below."""
    made = sorted(set(patches))
    longer: dict[int, int] = {}
    for start, end, new in made:
        if "\n" not in text[start:end]:
            line = text.rfind("\n", 0, start) + 1
            longer[line] = longer.get(line, 0) + len(new) - (end - start)
    comments = list(_beside(document, text)) if any(longer.values()) else []
    columns = [sign - line for line, sign in comments]
    for place, (line, sign) in enumerate(comments):
        if longer.get(line) and columns[place] in columns[max(place - 1, 0) : place] + columns[place + 1 : place + 2]:
            gap = sign - len(text[line:sign].rstrip()) - line
            left = gap - longer[line]
            # Where there is no room, it comes as near as it may.
            made.append((sign - gap, sign, " " * (left if left > 0 else min(gap, 2))))
    return made


def _beside(document: Document, text: str) -> Iterator[tuple[int, int]]:
    """Yield for every comment that stands beside something where its line begins, and where the comment does."""
    nodes = {id(node): node for place in document.places.values() for node in (place.key, place.value)}
    spans = sorted(
        (node.start_mark.index, node.end_mark.index) for node in nodes.values() if isinstance(node, ScalarNode)
    )
    starts = [start for start, _ in spans]
    line = 0
    for written in text.splitlines(keepends=True):
        for found in _SIGN.finditer(written):
            if not written[: found.start()].strip():
                break
            before = bisect_right(starts, line + found.start()) - 1
            # A sign within a text is no comment.
            if before < 0 or spans[before][1] <= line + found.start():
                yield line, line + found.start()
                break
        line += len(written)
