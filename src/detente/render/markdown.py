"""A report as Markdown (CommonMark with tables, as GitHub and most editors show them)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from detente.present.blocks import (
    WRITTEN_TO_A_FILE,
    Block,
    Bullets,
    Facts,
    Figure,
    Heading,
    Item,
    Paragraph,
    ReportDocument,
    Table,
)
from detente.text import printable

#: What means something in Markdown wherever it stands.
_MARKED = re.compile(r"([\\`*_{}\[\]<>#|~$^&])")
#: What means something at the beginning of a line only.
_FIRST = re.compile(r"^(\s*)([-+=>]|\d+(?=[.)]))")
#: What would be made a link although nobody wrote one.
_LINK = re.compile(r"(?i)\b(https?|ftp|mailto|xmpp)(:)|(www)(\.)|(@)")


def markdown_text(document: ReportDocument, pictures: Sequence[str] = ()) -> str:
    """Return a document as Markdown; ``pictures`` names files beside it that have the figures, in their order."""
    names = iter(pictures)
    lines = [f"# {_escaped(document.title)}", "", f"*{_escaped(document.subtitle)}*", ""]
    if document.summary:
        lines += [_escaped(document.summary), ""]
    for block in document.blocks:
        lines += [*_block(block, names), ""]
    return "\n".join(lines).rstrip() + "\n"


def _escaped(text: str) -> str:
    r"""Return text that Markdown shows as it is.

    >>> print(_escaped("1. *not* a <list>"))
    1\. \*not\* a \<list\>
    """
    text = _MARKED.sub(r"\\\1", printable(text).strip())
    text = _LINK.sub(lambda found: f"{found[1] or found[3] or ''}\\{found[2] or found[4] or found[5]}", text)
    found = _FIRST.match(text)
    if found is None:
        return text
    rest = text[found.end() :]
    return f"{found[2]}\\{rest}" if found[2].isdigit() else f"\\{found[2]}{rest}"


def _block(block: Block, names: Iterator[str]) -> Iterator[str]:
    if isinstance(block, Heading):
        yield f"{'#' * (block.level + 1)} {_escaped(block.text)}"
    elif isinstance(block, Paragraph):
        yield _led(block.lead, block.text)
    elif isinstance(block, Bullets):
        for place, item in enumerate(block.items, start=1):
            yield from _item(item, f"{place}." if block.numbered else "-")
        yield from _more(block.more)
    elif isinstance(block, Facts):
        yield from (f"- **{_escaped(name)}:** {_escaped(value)}" for name, value in block.pairs)
    elif isinstance(block, Table):
        yield from _table(block.spread())
        yield from _more(block.more)
    elif isinstance(block, Figure):
        name = next(names, None)
        if name is None:
            yield f"*{_escaped(block.alternative)} {WRITTEN_TO_A_FILE}*"
        else:
            yield f"![{_escaped(block.alternative)}]({name})"
            yield ""
            yield f"*{_escaped(block.caption)}*"


def _more(more: str) -> Iterator[str]:
    if more:
        yield ""
        yield f"… {_escaped(more)}."


def _led(lead: str, text: str) -> str:
    return f"**{_escaped(lead)}** {_escaped(text)}" if lead else _escaped(text)


def _item(item: Item, mark: str) -> Iterator[str]:
    yield f"{mark} {_led(item.lead, item.text)}"
    indent = " " * (len(mark) + 1)
    yield from (f"{indent}- {_escaped(point)}" for point in item.points)


def _table(table: Table) -> Iterator[str]:
    rules = {"number": "---:", "mark": ":---:"}
    yield f"| {' | '.join(_escaped(column.head) or ' ' for column in table.columns)} |"
    yield f"| {' | '.join(rules.get(column.kind, '---') for column in table.columns)} |"
    for place, row in enumerate(table.rows):
        cells = [_cell(str(cell), place in table.strong) for cell in row]
        yield f"| {' | '.join(cells)} |"
    if table.caption:
        yield ""
        yield f"*{_escaped(table.caption)}*"


def _cell(text: str, strong: bool) -> str:
    cell = _escaped(text)
    return f"**{cell}**" if strong and cell else cell
