"""How every command writes: results to standard output, messages to standard error.

Nothing that a file says is ever read as markup, and control characters in it never reach a terminal. Where the output
is no terminal, JSON, CSV and files are exact.
"""

from __future__ import annotations

import csv
import json
import os
import re
import sys
import threading
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from io import StringIO
from typing import IO, TYPE_CHECKING, Any

import rich.table
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from detente.model.questions import Progress
from detente.present.blocks import Block, Bullets, Cell, Facts, Figure, Heading, Paragraph, Table
from detente.text import cell, printable

if TYPE_CHECKING:
    from detente.io.conflict_file import ConflictFile

#: The width of what is not written to a terminal, unless the environment's COLUMNS gives one.
PIPED_WIDTH = 200
#: A progress bar appears when a job has taken this long.
_PATIENCE_SECONDS = 1.0
#: How cells that stand out look, and on which side the cells of a column stand.
_STYLES = {"good": "bold green", "bad": "red", "strong": "bold", "quiet": "dim", "": ""}
_SIDES: dict[str, Any] = {"number": "right", "mark": "center"}


class Format(StrEnum):
    """The form in which a command writes its result."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


def result_console() -> Console:
    """Return the console for results."""
    return _console(sys.stdout)


def message_console() -> Console:
    """Return the console for messages."""
    return _console(sys.stderr)


def _console(stream: Any) -> Console:
    # Rich reads COLUMNS by itself if no width is given.
    width = None if stream.isatty() or os.environ.get("COLUMNS", "").isdecimal() else PIPED_WIDTH
    return _Console(file=stream, width=width, highlight=False, markup=False, emoji=False, soft_wrap=False)


class _Console(Console):
    """A console that is not put out when nobody reads any more."""

    def on_broken_pipe(self) -> None:
        redirect_to_devnull(self.file)


def redirect_to_devnull(stream: IO[str]) -> None:
    """Let a stream that nobody reads any more lead nowhere, so that the command ends as it would have."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _write(text: str) -> None:
    try:
        sys.stdout.write(text)
    except BrokenPipeError:
        redirect_to_devnull(sys.stdout)


def plain(value: object, style: str = "") -> Text:
    """Return text that is only ever text: no markup, and nothing that could steer a terminal."""
    return Text(printable(str(value)), style=style)


def write_json(data: Any) -> None:
    """Write data as JSON; what could steer a terminal is written by its code, which says the same."""
    text = json.dumps(data, indent=2, ensure_ascii=False)
    _write(_SPECIAL.sub(lambda found: _coded(found.group()), text) + "\n")


#: Whatever is not plain to see, line breaks apart; `_coded` looks at it.
_SPECIAL = re.compile(r"[^\n\x20-\x7e]")


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
    result_console().print(
        Padding(plain(text, style), (0, 0, 0, indent), expand=False) if indent else plain(text, style)
    )


def write_blocks(blocks: Iterable[Block]) -> None:
    """Write what a view says to standard output, wrapped to the terminal."""
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
                _write_table(block.spread())
                _write_more(block.more)
            case Figure():
                write_line(block.alternative)


def _led(lead: str, text: str) -> str:
    return f"{lead} {text}" if lead else text


def _write_more(more: str) -> None:
    if more:
        write_line(f"… {more}; --format json has all of them.", style="dim")


def _write_table(table: Table) -> None:
    made = rich.table.Table(header_style="bold")
    for column in table.columns:
        made.add_column(plain(column.head), justify=_SIDES.get(column.kind, "left"), overflow="fold")
    for row in table.rows:
        cells = [
            plain(cell.text, "bold" if cell.here else _STYLES[cell.tone]) if isinstance(cell, Cell) else plain(cell)
            for cell in row
        ]
        made.add_row(*cells)
    result_console().print(made)
    if table.caption:
        write_line(table.caption, style="italic")


def write_raw(text: str) -> None:
    """Write text as it is, for files; a terminal gets nothing that could steer it."""
    if sys.stdout.isatty():
        text = re.sub(r"[^\n\t]+", lambda found: printable(found[0]), text)
    _write(text)


def message(text: str, style: str = "") -> None:
    """Write a message to standard error, one line as it is."""
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
