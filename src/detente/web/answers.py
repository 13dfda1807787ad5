"""What an answer is made of: headed parts of sentences, points and tables, short at first, with the rest at hand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from detente.present import blocks
from detente.present.blocks import Block, Bullets, Heading, Paragraph, Table

#: So many rows or points of a part are told at once, and so many on each page of the rest.
MOST_TOLD, PAGE = 20, 50
#: The rest of a part has no more than so many; the data has them all.
MOST_REST = 5_000

#: A text of a cell that is longer than this is a sentence.
LONG = 40


@dataclass(frozen=True)
class Cell:
    """A cell of a table that is more than text.

    ``number`` and ``pattern`` make it a state, ``text`` being its name; ``share`` gives it the colour of a heat map;
    ``note`` is what a sign or an abbreviation in it means.
    """

    text: str = ""
    number: int | None = None
    pattern: str = ""
    share: float | None = None
    note: str = ""

    @property
    def heat(self) -> int:
        """How strong the colour of a share is, from 0 to 10; only none has 0 and only all has 10."""
        share = self.share or 0.0
        return 0 if share <= 0 else 10 if share >= 1 else max(1, min(9, round(share * 10)))

    def __str__(self) -> str:
        return " ".join(part for part in (str(self.number or ""), self.pattern, self.text) if part)


Row = tuple[str | Cell, ...]


@dataclass(frozen=True)
class Way:
    """What leads to a place on another page of the dispute, in words."""

    words: str
    page: str
    at: str


@dataclass(frozen=True)
class Part:
    """One part of an answer: a heading, sentences, points, and a table.

    ``rest`` holds more points or rows of the table for whoever wants them, behind the words ``more``.
    """

    heading: str = ""
    text: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    rest: tuple[Row, ...] = ()
    more: str = ""
    #: Whether shares in the table are shown as a heat map, with a key.
    heat: bool = False
    #: What stands below the table: what its signs mean, what is left out.
    caption: str = ""
    #: Where something can be done about it.
    way: Way | None = None

    @property
    def wordy(self) -> bool:
        """Whether sentences stand in the table, so that a narrow page shows its rows one below the other."""
        return any(isinstance(cell, str) and len(cell) > LONG for row in self.rows for cell in row)

    def page(self, offset: int) -> tuple[Row, ...]:
        """Return a page of the rest."""
        return self.rest[offset : offset + PAGE]

    def texts(self) -> Iterable[str]:
        """Return everything that is told at once, as text."""
        yield from (*self.text, *self.points, self.caption)
        for row in self.rows:
            yield from map(str, row)


def told(
    heading: str,
    heads: Sequence[str],
    rows: Iterable[Sequence[str | Cell]],
    *,
    text: Sequence[str] = (),
    most: int = MOST_TOLD,
    more: str = "{count} more",
    heat: bool = False,
    caption: str = "",
) -> Part:
    """Return a part with a table of which the first rows are told at once and the others are its rest."""
    every = [tuple(row) for row in rows]
    # A rest of one or two is no rest.
    most = len(every) if len(every) <= most + 2 else most
    rest = tuple(every[most : most + MOST_REST])
    left = len(every) - most - len(rest)
    called = more.format(count=f"{len(every) - most:,}") if rest else ""
    if left > 0:
        called += f" (the first {MOST_REST:,}; the data has all)"
    return Part(
        heading,
        tuple(text),
        heads=tuple(heads),
        rows=tuple(every[:most]),
        rest=rest,
        more=called,
        heat=heat,
        caption=caption,
    )


def pointed(heading: str, points: Iterable[str], *, text: Sequence[str] = (), most: int = 6, more: str = "") -> Part:
    """Return a part with points of which the first are told at once and the others are its rest."""
    every = list(points)
    most = len(every) if len(every) <= most + 2 else most
    rest = tuple((point,) for point in every[most : most + MOST_REST])
    called = (more or "{count} more").format(count=f"{len(every) - most:,}") if rest else ""
    return Part(heading, tuple(text), points=tuple(every[:most]), rest=rest, more=called)


def paragraphs(text: str) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Take a text apart: the lines before its points (``- …``), the points, and the lines after them."""
    before: list[str] = []
    points: list[str] = []
    after: list[str] = []
    for line in text.splitlines():
        if line.startswith("- "):
            points.append(line.removeprefix("- "))
        else:
            (after if points else before).append(line)
    return tuple(before), tuple(points), tuple(after)


def parts_of(view: Iterable[Block]) -> Iterator[Part]:
    """Yield what a view says as parts: one for each heading."""
    part = Part()
    for block in view:
        match block:
            case Heading(text):
                if part != Part():
                    yield part
                part = Part(text)
            case Paragraph(text, lead):
                way = Way(block.link.words, block.link.page, block.link.at) if block.link else part.way
                part = replace(part, text=(*part.text, f"{lead} {text}".strip()), way=way)
            case Bullets():
                points, rest = (
                    [" ".join(one for one in (item.lead, item.text, *item.points) if one) for item in items]
                    for items in (block.items, block.rest)
                )
                part = replace(part, points=tuple(points), rest=tuple((one,) for one in rest), more=block.more)
            case Table():
                part = replace(
                    part,
                    heads=tuple(column.head for column in block.columns),
                    rows=tuple(tuple(map(_cell, row)) for row in block.rows),
                    rest=tuple(tuple(map(_cell, row)) for row in block.rest),
                    more=block.more,
                    caption=block.caption,
                    heat=bool(block.shares),
                )
    yield part


def _cell(cell: str | blocks.Cell) -> str | Cell:
    return cell if isinstance(cell, str) else Cell(cell.text, cell.number, cell.pattern, cell.share, cell.note)


@dataclass(frozen=True)
class Written:
    """A file that an answer is: its name, what it is, and its bytes."""

    name: str
    kind: str
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class Told:
    """An answer as a page shows it, with what the page needs to know of the dispute.

    ``options`` are those of a state's letters; ``words`` has the statements that are cited, by identifier; ``file`` is
    what can be taken along.
    """

    parts: tuple[Part, ...] = ()
    options: tuple[dict[str, Any], ...] = ()
    words: dict[str, str] = field(default_factory=dict)
    file: Written | None = None


__all__ = ["Cell", "Part", "Row", "Told", "Way", "Written", "paragraphs", "parts_of", "pointed", "told"]
