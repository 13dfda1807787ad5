"""How every command writes: results to standard output, messages to standard error.

Nothing that a file says is ever read as markup, and control characters in it never reach a terminal. Where the output
is no terminal, JSON, CSV and files are exact.

A pipe gets text without colours. Rich takes long to load, and longer to lay out a large table, so such text is laid out
here, to the same characters. Rich does what is left: terminals, characters that may take no column or two, and how much
each column of a table that is too wide gives up.
"""

from __future__ import annotations

import os
import re
import sys
import threading
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from enum import StrEnum
from io import StringIO
from itertools import pairwise
from typing import IO, TYPE_CHECKING, Any

from detente.lazy import lazy, lazy_pattern
from detente.model.questions import Progress
from detente.present.blocks import Block, Bullets, Cell, Facts, Figure, Heading, Paragraph, Row, Table
from detente.text import cell, printable

if TYPE_CHECKING:
    import csv
    import json

    import rich.table as tables
    from rich import console as consoles
    from rich import padding
    from rich import text as texts
    from rich.text import Text

    from detente.io.conflict_file import ConflictFile
else:
    csv, json = lazy("csv"), lazy("json")
    consoles, padding, tables, texts = (lazy(f"rich.{name}") for name in ("console", "padding", "table", "text"))

#: The width of what is not written to a terminal, unless the environment's COLUMNS gives one.
PIPED_WIDTH = 200
#: A progress bar appears when a job has taken this long.
_PATIENCE_SECONDS = 1.0
#: How cells that stand out look, and on which side the cells of a column stand.
_STYLES = {"good": "bold green", "bad": "red", "strong": "bold", "quiet": "dim", "": ""}
_SIDES: dict[str, Any] = {"number": "right", "mark": "center"}
#: Below this, Rich decides what has no room.
_NARROWEST = 20
#: Texts of which every character takes one column, in every version of Rich.
_SINGLE = "[ -~\xa1-\xac\xae-\u024f\u0391-\u03a1\u03a3-\u03c9\u0410-\u044f\u2010-\u2027\u2030-\u2044\u2190-\u2193✓≤≥−]*"


class Format(StrEnum):
    """The form in which a command writes its result."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


def result_console() -> consoles.Console:
    """Return the console for results."""
    return _console(sys.stdout)


def message_console() -> consoles.Console:
    """Return the console for messages."""
    return _console(sys.stderr)


def _console(stream: Any) -> consoles.Console:
    # Rich reads COLUMNS by itself if no width is given.
    width = None if stream.isatty() or os.environ.get("COLUMNS", "").isdecimal() else PIPED_WIDTH
    made = consoles.Console(file=stream, width=width, highlight=False, markup=False, emoji=False, soft_wrap=False)
    # A command does not fail when nobody reads any more.
    made.on_broken_pipe = lambda: redirect_to_devnull(stream)  # type: ignore[method-assign]
    return made


def columns_of_pipe(stream: IO[str]) -> int | None:
    """Return the width of a stream that takes text without colours; None if only Rich knows."""
    if stream.isatty() or os.environ.get("FORCE_COLOR") or os.environ.get("TTY_COMPATIBLE"):
        return None
    given = os.environ.get("COLUMNS", "")
    width = int(given) if given.isdecimal() else PIPED_WIDTH
    return width if width >= _NARROWEST else None


def redirect_to_devnull(stream: IO[str]) -> None:
    """Let a stream that nobody reads any more lead nowhere, so that the command ends as it would have."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _write(text: str, stream: IO[str] | None = None, *, at_once: bool = False) -> None:
    stream = stream or sys.stdout
    try:
        stream.write(text)
        if at_once:
            stream.flush()
    except BrokenPipeError:
        redirect_to_devnull(stream)


def plain(value: object, style: str = "") -> Text:
    """Return text that is only ever text: no markup, and nothing that could steer a terminal."""
    return texts.Text(printable(str(value)), style=style)


def write_json(data: Any) -> None:
    """Write data as JSON; what could steer a terminal is written by its code, which says the same."""
    text = json.dumps(data, indent=2, ensure_ascii=False)
    _write(_SPECIAL.sub(lambda found: _coded(found.group()), text) + "\n")


#: Whatever is not plain to see, line breaks apart; `_coded` looks at it.
_SPECIAL = lazy_pattern(r"[^\n\x20-\x7e]")


def _coded(character: str) -> str:
    return json.dumps(character)[1:-1] if unicodedata.category(character) in ("Cc", "Cf", "Cs") else character


def write_csv(rows: Iterable[Mapping[str, Any]]) -> None:
    """Write records as CSV with a head; nothing at all when there are none."""
    text = StringIO()
    writer: csv.DictWriter[str] | None = None
    for row in rows:
        if writer is None:
            writer = csv.DictWriter(text, list(row), lineterminator="\n")
            writer.writeheader()
        writer.writerow({key: cell(value) for key, value in row.items()})
    write_raw(text.getvalue())


def write_line(text: str, indent: int = 0, style: str = "") -> None:
    """Write a paragraph to standard output, wrapped to the terminal."""
    width, shown = columns_of_pipe(sys.stdout), printable(text)
    if width and re.fullmatch(_SINGLE, shown):
        lines = _wrapped(shown, width - indent)
        # Rich fills the lines of a paragraph that it indents.
        filled = [line.ljust(width - indent) for line in lines] if indent and len(lines) > 1 else lines
        _write("".join(f"{' ' * indent}{line}\n" for line in filled), at_once=True)
        return
    result_console().print(
        padding.Padding(plain(text, style), (0, 0, 0, indent), expand=False) if indent else plain(text, style)
    )


def _wrapped(text: str, width: int) -> list[str]:
    """Return the lines of a paragraph of single characters: Rich's, which keep the space at which they break.

    A word that is too long for a line begins on a new one and is cut where lines end.
    """
    if len(text) <= width:
        return [text]
    breaks, used = [0], 0
    for found in re.finditer(r"\s*\S+\s*", text):
        start, end = found.span()
        needed = len(found[0].rstrip())
        if needed <= width - used:
            used += end - start
        elif needed > width:
            pieces = range(start, end, width)
            breaks += [place for place in pieces if place]
            used = end - pieces[-1]
        else:
            breaks += [start] if used and start else []
            used = end - start
    lines = [text[start:end] for start, end in pairwise([*breaks, len(text)])]
    return [line if len(line) <= width else line[: max(width, len(line.rstrip()))] for line in lines]


#: What the letters of a state mean.
STATE_KEY = "State: each letter is one option, in the order that 'detente analyze' lists: Y = taken, N = not taken."


def write_blocks(blocks: Iterable[Block]) -> None:
    """Write what a view says to standard output, wrapped to the terminal."""
    keyed = False
    for place, block in enumerate(blocks):
        match block:
            case Heading(text):
                if place:
                    write_line("")
                write_line(text, style="bold")
            case Paragraph():
                write_line(_led(block.lead, block.text), style="dim" if block.small else "")
            case Bullets():
                for number, item in enumerate(block.items, start=1):
                    write_line(f"{f'{number}.' if block.numbered else '•'} {_led(item.lead, item.text)}")
                    for point in item.points:
                        write_line(f"– {point}", indent=2)
                _write_more(block.more)
            case Facts(pairs):
                for name, value in pairs:
                    write_line(f"{name}: {value}")
            case Table():
                spread = block.spread()
                if not keyed and any(one.kind == "state" for one in block.columns):
                    # The letters of states are explained once on a screen.
                    keyed = "Y = taken" in block.caption
                    if not keyed and any(one.kind == "code" for one in spread.columns):
                        spread = replace(spread, caption=f"{spread.caption} {STATE_KEY}".strip())
                        keyed = True
                _write_table(spread)
                _write_more(block.more)
            case Figure():
                write_line(block.alternative)


def _led(lead: str, text: str) -> str:
    return f"{lead} {text}" if lead else text


def _write_more(more: str) -> None:
    if more:
        write_line(f"… {more}; --format json has all of them.", style="dim")


def _write_table(table: Table) -> None:
    width = columns_of_pipe(sys.stdout)
    lines = _laid_out(table, width) if width else None
    if lines:
        _write("\n".join([*lines, ""]), at_once=True)
    else:
        result_console().print(_rich_table(table, table.rows))
    if table.caption:
        write_line(table.caption, style="italic")


def _rich_table(table: Table, rows: Iterable[Row]) -> tables.Table:
    made = tables.Table(header_style="bold")
    for column in table.columns:
        made.add_column(plain(column.head), justify=_SIDES.get(column.kind, "left"), overflow="fold")
    for row in rows:
        cells = [
            plain(cell.text, "bold" if cell.here else _STYLES[cell.tone]) if isinstance(cell, Cell) else plain(cell)
            for cell in row
        ]
        made.add_row(*cells)
    return made


def _laid_out(table: Table, width: int) -> list[str] | None:
    """Return the lines of a table without colours, the same as Rich's; None if some characters are not single."""
    heads = [printable(column.head) for column in table.columns]
    rows = [[printable(cell.text if isinstance(cell, Cell) else cell) for cell in row] for row in table.rows]
    if not heads or not all(re.fullmatch(_SINGLE, "".join(row)) for row in (heads, *rows)):
        return None
    sides = [_SIDES.get(column.kind, "left") for column in table.columns]
    columns = list(zip(heads, *rows, strict=True))
    widths = [max(map(len, column)) for column in columns]
    if sum(widths) + 3 * len(widths) + 1 <= width:
        bars = ["━" * (one + 2) for one in widths]
        top = [f"┏{'┳'.join(bars)}┓", *_row_lines(heads, widths, sides, "┃"), f"┡{'╇'.join(bars)}┩"]
        bottom = f"└{'┴'.join('─' * (one + 2) for one in widths)}┘"
    else:
        # How wide a column becomes depends on its longest text and its longest word alone.
        longest = [max(column, key=len) for column in columns]
        wordy = [max(column, key=lambda text: max(map(len, text.split()), default=len(text))) for column in columns]
        console = result_console()
        with console.capture() as captured:
            console.print(_rich_table(table, [tuple(longest), tuple(wordy)]))
        frame = captured.get().splitlines()
        top, bottom = [line for line in frame if line[0] in "┏┃┡"], frame[-1]
        widths = [len(bar) - 2 for bar in frame[0].strip("┏┓").split("┳")]
        if min(widths) < 1 or len(widths) != len(heads):
            return None
    return [*top, *(line for row in rows for line in _row_lines(row, widths, sides, "│")), bottom]


def _row_lines(row: Sequence[str], widths: Sequence[int], sides: Sequence[str], bar: str) -> list[str]:
    """Return the lines that a row of a table takes, with a bar between its cells."""
    cells = []
    for text, width, side in zip(row, widths, sides, strict=True):
        lines = _wrapped(text, width)
        if side != "left":
            lines = [line.rstrip() for line in lines]
        if side == "right":
            cells.append([line.rjust(width) for line in lines])
        else:
            # Of an odd number of spaces around a text, the odd one stands on the right.
            before = [(width - len(line)) // 2 if side == "center" else 0 for line in lines]
            cells.append([(" " * some + line).ljust(width) for some, line in zip(before, lines, strict=True)])
    height = max(map(len, cells))
    filled = (lines + [" " * width] * (height - len(lines)) for lines, width in zip(cells, widths, strict=True))
    return [f"{bar} {f' {bar} '.join(line)} {bar}" for line in zip(*filled, strict=True)]


def write_raw(text: str) -> None:
    """Write text as it is, for files; a terminal gets nothing that could steer it."""
    if sys.stdout.isatty():
        text = re.sub(r"[^\n\t]+", lambda found: printable(found[0]), text)
    _write(text)


def message(text: str, style: str = "") -> None:
    """Write a message to standard error, one line as it is."""
    if columns_of_pipe(sys.stderr):
        _write(f"{printable(text)}\n", sys.stderr, at_once=True)
    else:
        message_console().print(plain(text, style), soft_wrap=True)


def message_gmcr_warnings(opened: ConflictFile) -> None:
    """Say what a ``.gmcr`` file holds that a conflict cannot; those of a conflict file are for ``check``."""
    if opened.path.suffix.lower() == ".gmcr":
        for finding in opened.warnings:
            message(str(finding), "yellow")


@contextmanager
def progress() -> Iterator[Progress]:
    """Show a progress bar on a terminal's standard error when the work inside takes longer than a second."""
    if not sys.stderr.isatty():
        yield lambda share, doing: None
        return
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn())
    bar = Bar(*columns, console=message_console(), transient=True)
    task = bar.add_task("", total=1.0)
    timer = threading.Timer(_PATIENCE_SECONDS, bar.start)
    timer.daemon = True
    timer.start()
    try:
        yield lambda share, doing: bar.update(task, completed=share, description=plain(doing).plain)
    finally:
        timer.cancel()
        bar.stop()
