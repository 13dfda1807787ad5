"""What an answer says, as frozen blocks that know nothing of a terminal, a page or a printed report.

A *view* is a function that words one result: ``present/<question>.py`` has ``view(result) -> list[Block]``, and nothing
else words that result. It says the answer in the first paragraph, then its parts, each under a heading of level 1:

    def answer(found: Evolution) -> str:
        ...  # in a sentence or two; the first page of a report says the same

    def view(found: Evolution) -> list[Block]:
        return [
            Paragraph(answer(found)),
            Heading("Paths, state by state"),
            table(
                [Column("State", kind="state"), "Steps", Column("Path", 1)],
                ([state_cell(one.state, found.start), str(len(one.path)), in_words(one)] for one in found.targets),
                max_rows=8,
                more="{count} more states",
                caption="…",
            ),
        ]

Any medium renders it: ``terminal.write_blocks(view(found))`` on the command line, ``html.fragment(view(found), page)``
in a page of the web app or a notebook (``Result._repr_html_``), and the report puts ``nested(view(found))`` below a
chapter of its own and ``answer(found)`` on its first page. So a view says whatever any of the three has to say.

The rules, in short:

- Every string is text: whatever stands in it, a renderer shows it and never obeys it. Statements are cited between
  brackets, ``[s1, s4]`` or ``(s1)``; renderers link them to their words.
- A state is one cell (`state_cell`) in a column of the kind ``state``. A page shows it as such; the other media spread
  it over the columns No., State and Name. The row of the status quo stands out by itself.
- A sign is a cell with a ``note`` that says what it means, as ``Cell("·", note="no equilibrium", tone="quiet")``.
- What is too long to read at once goes behind ``more`` (`table` and `bullets` cut at ``max_rows`` and ``max_items``).
  A page offers it; the other media say how much there is.
- Words for names, states, steps and lists are in `detente.model.wording`; those that several views share, such as
  `concepts_in_words`, in `detente.present.phrases`.
- A view takes a keyword only where two media need different content, such as every state instead of the notable ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeVar

from detente.lazy import dataclass
from detente.model.states import State

if TYPE_CHECKING:
    # Loading the engines would slow down every command, even --help.
    from detente.analysis.layout import Drawing

#: So many rows are shown at once, and so many on each page of the rest.
_MAX_ROWS, PAGE = 20, 50
#: The rest of a block has no more than so many; the data has them all.
MAX_REST = 5_000
#: A text of a cell that is longer than this is a sentence.
MAX_BRIEF = 40

_Kind = Literal["text", "number", "mark", "code", "state"]
Tone = Literal["", "good", "bad", "strong", "quiet"]
_T = TypeVar("_T")
#: What stands before a statement's identifier in what links call it.
STATEMENT_ANCHOR = "statement "
#: What is said of a picture in text that is not in a file, beside which the picture could stand.
WRITTEN_TO_A_FILE = "The picture is written beside the report when that is written to a file."


@dataclass(frozen=True)
class Heading:
    """The title of a part; in a view level 1 is a part of the answer, in a report a chapter."""

    text: str
    level: int = 1


@dataclass(frozen=True)
class PageLink:
    """A link to a place on another page of the dispute in the web app; other media show its words alone.

    ``at`` is the place on the page, ``query`` what the address asks the page for.
    """

    words: str
    page: str
    at: str = ""
    query: str = ""


@dataclass(frozen=True)
class Paragraph:
    """Some sentences; ``lead`` stands before them, set off, as the question does before its answer."""

    text: str
    lead: str = ""
    small: bool = False
    link: PageLink | None = None


@dataclass(frozen=True)
class Item:
    """An entry of a list, with its own finer points; ``anchor`` is what links call it.

    ``links`` lead to other pages of the web app; other media leave them out.
    """

    text: str
    lead: str = ""
    points: tuple[str, ...] = ()
    anchor: str = ""
    links: tuple[PageLink, ...] = ()


@dataclass(frozen=True)
class Bullets:
    """A list, numbered where the order means something; ``rest`` is what is behind the words ``more``."""

    items: tuple[Item, ...]
    numbered: bool = False
    rest: tuple[Item, ...] = ()
    more: str = ""


@dataclass(frozen=True)
class Facts:
    """Names and values, such as what it takes to make the report again."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Column:
    """A column: its head, how wide it is beside the others, and how its cells are set.

    A ``width`` of 0 is as wide as what stands in it.
    """

    head: str
    width: int = 0
    kind: _Kind = "text"


@dataclass(frozen=True)
class Cell:
    """A cell that is more than text.

    ``number`` and ``pattern`` make it a state, ``text`` being its name and ``here`` that it is the status quo;
    ``share`` gives it the shade of a heat map; ``note`` says what a sign in it means; ``tone`` is how it stands out.
    """

    text: str = ""
    number: int | None = None
    pattern: str = ""
    here: bool = False
    share: float | None = None
    note: str = ""
    tone: Tone = ""

    @property
    def heat(self) -> int:
        """How strong the shade of a share is, from 0 to 10; only none has 0 and only all has 10."""
        share = self.share or 0.0
        return 0 if share <= 0 else 10 if share >= 1 else max(1, min(9, round(share * 10)))

    def __str__(self) -> str:
        return " ".join(part for part in (str(self.number or ""), self.pattern, self.text) if part)


Row = tuple[str | Cell, ...]


@dataclass(frozen=True)
class Table:
    """Rows under heads, with what its signs mean in the ``caption``.

    ``groups`` are heads over several columns, with how many. ``anchors`` has for every row what links call it, and
    ``linked`` the columns whose cells are lists of what links call something. ``rest`` holds more rows, behind the
    words ``more``.
    """

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    caption: str = ""
    groups: tuple[tuple[str, int], ...] = ()
    anchors: tuple[str, ...] = ()
    linked: tuple[int, ...] = ()
    rest: tuple[Row, ...] = ()
    more: str = ""

    @cached_property
    def strong(self) -> tuple[int, ...]:
        """The rows that stand out: those of the status quo."""
        return tuple(place for place, row in enumerate(self.rows) if any(_here(cell) for cell in row))

    @cached_property
    def shares(self) -> tuple[tuple[float | None, ...], ...]:
        """For every cell its share, or None; empty where the table is no heat map."""
        found = tuple(tuple(cell.share if isinstance(cell, Cell) else None for cell in row) for row in self.rows)
        return found if any(share is not None for row in found for share in row) else ()

    @cached_property
    def wordy(self) -> bool:
        """Whether sentences stand in the table, so that a narrow page shows its rows one below the other."""
        return any(isinstance(cell, str) and len(cell) > MAX_BRIEF for row in self.rows for cell in row)

    def spread(self) -> Table:
        """Return the table with every state spread over columns of its number, letters and name.

        A column that nothing stands in is left out. In the name it is said which state is the status quo.
        """
        columns: list[Column] = []
        linked: list[int] = []
        parts: list[list[Row]] = []
        spans = [place for place, (_, span) in enumerate(self.groups) for _ in range(span)]
        widths = [0] * len(self.groups)
        for place, column in enumerate(self.columns):
            cells = [row[place] for row in (*self.rows, *self.rest)]
            made: list[Column] = [column]
            shown: list[Row] = [(cell,) for cell in cells]
            if column.kind == "state":
                made, shown = _spread(column, cells)
            linked += [len(columns)] if place in self.linked else []
            if spans:
                widths[spans[place]] += len(made)
            columns += made
            parts.append(shown)
        groups = [(text, width) for (text, _), width in zip(self.groups, widths, strict=True)]
        rows = [tuple(cell for part in row for cell in part) for row in zip(*parts, strict=True)] if parts else []
        return replace(
            self,
            columns=tuple(columns),
            rows=tuple(rows[: len(self.rows)]),
            rest=tuple(rows[len(self.rows) :]),
            groups=tuple(groups),
            linked=tuple(linked),
        )


def _here(cell: str | Cell) -> bool:
    return isinstance(cell, Cell) and cell.here


def _spread(column: Column, cells: Sequence[str | Cell]) -> tuple[list[Column], list[Row]]:
    """Return the columns that a column of states becomes, and what stands in them."""
    states = [cell if isinstance(cell, Cell) else Cell(cell) for cell in cells]
    names = [f"{one.text} (status quo)".strip() if one.here else one.text for one in states]
    written = [
        (Column("No.", kind="number"), [f"{one.number}" if one.number else "–" for one in states]),
        (Column(column.head, kind="code"), [one.pattern for one in states]),
        (Column("Name", column.width or 1), names),
    ]
    used = (any(one.number for one in states), any(one.pattern for one in states), any(names))
    kept = [pair for pair, is_used in zip(written, used, strict=True) if is_used] or written[:1]
    rows = zip(*(texts for _, texts in kept), strict=True)
    marks = zip(rows, states, strict=True)
    return [head for head, _ in kept], [(Cell(row[0], here=True), *row[1:]) if one.here else row for row, one in marks]


@dataclass(frozen=True)
class Bar:
    """A position in a swim-lane: the columns that it covers, both included, and what it says.

    ``words`` says all of it; ``reported`` whether only another side reports it, ``told`` which one; ``place`` is its
    place in the timeline.
    """

    first: int
    last: int
    stance: str
    text: str
    words: str
    reported: bool
    place: int
    told: str = ""


@dataclass(frozen=True)
class Lane:
    """The positions of one party on one matter; bars that would cover each other stand in different rows."""

    holder: str
    name: str
    rows: tuple[tuple[Bar, ...], ...]


@dataclass(frozen=True)
class Lanes:
    """A dispute over time as swim-lanes: a column for each period, and below the lanes a strip for each verdict.

    ``places`` has for each column the place of its period in the timeline, ``days`` the day that stands for it, and
    ``counts`` says in brief how many equilibria there were; ``earlier`` is the number of earlier periods that are left
    out.
    """

    columns: tuple[str, ...]
    spans: tuple[str, ...]
    days: tuple[str, ...]
    places: tuple[int, ...]
    lanes: tuple[Lane, ...]
    stuck: tuple[Cell, ...]
    equilibria: tuple[Cell, ...]
    counts: tuple[str, ...]
    earlier: int = 0

    #: How wide the drawing is, in pixels.
    width: ClassVar[float] = 760.0

    @property
    def by_holder(self) -> tuple[tuple[str, tuple[Lane, ...]], ...]:
        """The lanes of each party, with its name."""
        return tuple((holder, tuple(found)) for holder, found in groupby(self.lanes, key=lambda one: one.holder))


@dataclass(frozen=True)
class Figure:
    """A picture, what it shows for those who do not see it, and its caption."""

    drawing: Drawing | Lanes
    alternative: str
    caption: str


Block = Heading | Paragraph | Bullets | Facts | Table | Figure


def state_cell(state: State, status_quo: State | None = None) -> Cell:
    """Return the cell of a state, which stands out where it is the status quo."""
    return Cell(state.name or "", state.number, state.pattern, here=state == status_quo)


def table(
    columns: Sequence[Column | str],
    rows: Iterable[Sequence[str | Cell]],
    *,
    max_rows: int = _MAX_ROWS,
    more: str = "{count} more",
    caption: str = "",
) -> Table:
    """Return a table of which the first rows are shown at once and the others are its rest."""
    heads = tuple(Column(one) if isinstance(one, str) else one for one in columns)
    first, rest, words = _cut([tuple(row) for row in rows], max_rows, more)
    return Table(heads, first, caption, rest=rest, more=words)


def bullets(
    items: Iterable[Item | str], *, max_items: int = 6, more: str = "{count} more", numbered: bool = False
) -> Bullets:
    """Return a list of which the first items are shown at once and the others are its rest."""
    every = [Item(one) if isinstance(one, str) else one for one in items]
    first, rest, words = _cut(every, max_items, more)
    return Bullets(first, numbered, rest, words)


def _cut(every: Sequence[_T], most: int, more: str) -> tuple[tuple[_T, ...], tuple[_T, ...], str]:
    """Return what is shown at once, the rest, and the words that the rest is behind."""
    # A rest of one or two is no rest.
    most = len(every) if len(every) <= most + 2 else most
    rest = tuple(every[most : most + MAX_REST])
    words = more.format(count=f"{len(every) - most:,}") if rest else ""
    if len(every) > most + len(rest):
        words += f" (the first {MAX_REST:,}; the data has all)"
    return tuple(every[:most]), rest, words


def unfolded(blocks: Iterable[Block], most: int) -> Iterator[Block]:
    """Yield blocks with so many rows and items shown at once, for paper, which has nothing behind ``more``."""
    for block in blocks:
        if isinstance(block, Table):
            yield replace(block, **_unfolded("rows", block.rows, block.rest, block.more, most))
        elif isinstance(block, Bullets):
            yield replace(block, **_unfolded("items", block.items, block.rest, block.more, most))
        else:
            yield block


def _unfolded(name: str, first: Sequence[_T], rest: Sequence[_T], more: str, most: int) -> dict[str, Any]:
    count = max(len(first), most)
    every = (*first, *rest)
    left = every[count:]
    more = more.replace(f"{len(rest):,}", f"{len(left):,}", 1) if left else ""
    return {name: every[:count], "rest": left, "more": more}


def nested(blocks: Iterable[Block], by: int = 1) -> Iterator[Block]:
    """Yield blocks with their headings so many levels lower, to be put below another heading."""
    for block in blocks:
        yield replace(block, level=block.level + by) if isinstance(block, Heading) else block


def texts(blocks: Iterable[Block], *, rest: bool = True) -> Iterator[tuple[str, str]]:
    """Yield every piece of text with what it is; what is behind ``more`` too, unless ``rest`` is False."""
    for block in blocks:
        match block:
            case Heading(text):
                yield "heading", text
            case Paragraph(text, lead):
                yield "paragraph", f"{lead} {text}".strip()
            case Bullets(items):
                for item in (*items, *(block.rest if rest else ())):
                    yield "item", f"{item.lead} {item.text}".strip()
                    yield from (("point", point) for point in item.points)
            case Facts(pairs):
                yield from (("fact", f"{name}: {value}") for name, value in pairs)
            case Table():
                spread = block.spread()
                heads = [column.head for column in spread.columns]
                for row in (*spread.rows, *(spread.rest if rest else ())):
                    cells = zip(heads, map(str, row), strict=True)
                    yield "row", "; ".join(f"{head}: {cell}" for head, cell in cells if cell)
                if block.caption:
                    yield "caption", block.caption
            case Figure():
                yield "figure", block.alternative


def plain_text(blocks: Iterable[Block]) -> str:
    """Return what is said at once as lines of text, tables with a line for each row."""
    marks = {"item": "- ", "point": "  - ", "row": "- "}
    return "\n".join(marks.get(kind, "") + text for kind, text in texts(blocks, rest=False) if text)


@dataclass(frozen=True)
class ReportDocument:
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

    def rows(self) -> list[dict[str, str]]:
        """Return one record for every piece of text: under which heading it stands, and what it is."""
        found = []
        chapter = ""
        for kind, text in texts(self.blocks):
            if kind == "heading":
                chapter = text
            elif kind != "caption":
                found.append({"chapter": chapter, "kind": kind, "text": text})
        return found
