"""What a report says, as plain frozen blocks that know nothing of HTML, Typst, Markdown or LaTeX.

A report is made once from the conflict (`detente.report.briefing`) and shown by several small renderers. Every string
in a block is text: whatever stands in it, a renderer shows it and never obeys it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

#: What is said of a picture in text that is not in a file, beside which the picture could stand.
WRITTEN_TO_A_FILE = "The picture is written beside the report when that is written to a file."


@dataclass(frozen=True)
class Heading:
    """The title of a part; level 1 is a chapter, 2 a part of one."""

    text: str
    level: int = 1


@dataclass(frozen=True)
class Paragraph:
    """Some sentences; ``lead`` stands before them, set off, as the question does before its answer."""

    text: str
    lead: str = ""
    small: bool = False


@dataclass(frozen=True)
class Item:
    """An entry of a list, with its own finer points; ``anchor`` is what links call it."""

    text: str
    lead: str = ""
    points: tuple[str, ...] = ()
    anchor: str = ""


@dataclass(frozen=True)
class Bullets:
    """A list, numbered where the order means something."""

    items: tuple[Item, ...]
    numbered: bool = False


@dataclass(frozen=True)
class Facts:
    """Names and values, such as what it takes to make the report again."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Column:
    """A column: its head, how wide it is beside the others, and how its cells are set.

    A ``width`` of 0 is as wide as what stands in it. ``kind`` is 'text', 'number', 'mark' or 'code'.
    """

    head: str
    width: int = 0
    kind: str = "text"


@dataclass(frozen=True)
class Table:
    """Rows under heads; ``groups`` are heads over several columns, ``strong`` the rows that stand out.

    ``shares`` makes it a heat map: for every cell a share from 0 to 1, by which it is shaded, or None. ``anchors`` has
    for every row what links call it, and ``linked`` the columns whose cells are lists of what links call something.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""
    groups: tuple[tuple[str, int], ...] = ()
    strong: tuple[int, ...] = ()
    shares: tuple[tuple[float | None, ...], ...] = ()
    anchors: tuple[str, ...] = ()
    linked: tuple[int, ...] = ()


@dataclass(frozen=True)
class Figure:
    """A picture as SVG, what it shows for those who do not see it, and its caption."""

    svg: str
    alternative: str
    caption: str
    width: float


Block = Heading | Paragraph | Bullets | Facts | Table | Figure

_NAMES: dict[type[Any], str] = {
    Heading: "heading",
    Paragraph: "paragraph",
    Bullets: "list",
    Facts: "facts",
    Table: "table",
    Figure: "figure",
}


@dataclass(frozen=True)
class Document:
    """A whole report: what is told first, on a page of its own, and everything behind it."""

    title: str
    subtitle: str
    summary: str
    first: tuple[Block, ...]
    rest: tuple[Block, ...]

    @property
    def figures(self) -> tuple[Figure, ...]:
        """The pictures in their order."""
        return tuple(block for block in self.blocks if isinstance(block, Figure))

    @property
    def blocks(self) -> tuple[Block, ...]:
        """All blocks in their order."""
        return (*self.first, *self.rest)

    def to_dict(self) -> dict[str, Any]:
        """Return the document as plain data, format ``detente-report/1``."""
        return {
            "format": "detente-report/1",
            "title": self.title,
            "subtitle": self.subtitle,
            "summary": self.summary,
            "first": [block_data(block) for block in self.first],
            "rest": [block_data(block) for block in self.rest],
        }

    def rows(self) -> list[dict[str, str]]:
        """Return one record for every piece of text: under which heading it stands, and what it is."""
        return [
            {"chapter": chapter, "kind": kind, "text": text}
            for chapter, block in _with_chapters(self.blocks)
            for kind, text in _texts(block)
        ]


def block_data(block: Block) -> dict[str, Any]:
    """Return a block as plain data that says what it is."""
    return {"block": _NAMES[type(block)], **asdict(block)}


def _with_chapters(blocks: Iterable[Block]) -> Iterator[tuple[str, Block]]:
    chapter = ""
    for block in blocks:
        if isinstance(block, Heading):
            chapter = block.text
        else:
            yield chapter, block


def _texts(block: Block) -> Iterator[tuple[str, str]]:
    if isinstance(block, Paragraph):
        yield "paragraph", f"{block.lead} {block.text}".strip()
    elif isinstance(block, Bullets):
        for item in block.items:
            yield "item", f"{item.lead} {item.text}".strip()
            yield from (("point", point) for point in item.points)
    elif isinstance(block, Facts):
        yield from (("fact", f"{name}: {value}") for name, value in block.pairs)
    elif isinstance(block, Table):
        heads = [column.head for column in block.columns]
        for row in block.rows:
            yield "row", "; ".join(f"{head}: {cell}" for head, cell in zip(heads, row, strict=True) if cell)
    elif isinstance(block, Figure):
        yield "figure", block.alternative
