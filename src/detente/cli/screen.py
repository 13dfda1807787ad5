"""How every command writes: results to standard output, messages to standard error.

Nothing that a file says is ever read as markup, and control characters in it never reach a terminal.
"""

from __future__ import annotations

import csv
import json
import sys
import threading
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import StrEnum
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from detente.engine.interface import Progress

#: Without a terminal nobody wraps lines for us, so tables may be as wide as they like.
PIPED_WIDTH = 200
#: A progress bar appears when a job has taken this long.
PATIENCE_SECONDS = 1.0


class Format(StrEnum):
    """The form in which a command writes its result."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


def output() -> Console:
    """Return the console for results."""
    return _console(sys.stdout)


def messages() -> Console:
    """Return the console for messages."""
    return _console(sys.stderr)


def _console(stream: Any) -> Console:
    width = None if stream.isatty() else PIPED_WIDTH
    return Console(file=stream, width=width, highlight=False, markup=False, emoji=False, soft_wrap=False)


def plain(value: object, style: str = "") -> Text:
    """Return text that is only ever text: no markup, and a visible mark for every control character."""
    return Text("".join(_visible(character) for character in str(value)), style=style)


def _visible(character: str) -> str:
    if character in "\n\t":
        return " "
    return "�" if unicodedata.category(character) in ("Cc", "Cf", "Cs") else character


def write_json(data: Any) -> None:
    """Write data as JSON."""
    # Lone surrogates, which a hostile file may hold, cannot be encoded: they are escaped with the rest.
    text = json.dumps(data, indent=2, ensure_ascii=False)
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        text = json.dumps(data, indent=2)
    sys.stdout.write(f"{text}\n")


def write_csv(rows: Iterable[Mapping[str, Any]]) -> None:
    """Write records as CSV with a head; nothing at all when there are none."""
    writer: csv.DictWriter[str] | None = None
    for row in rows:
        if writer is None:
            writer = csv.DictWriter(sys.stdout, list(row), lineterminator="\n")
            writer.writeheader()
        writer.writerow(row)


def write_table(
    heads: Sequence[str],
    rows: Iterable[Sequence[object]],
    title: str = "",
    caption: str = "",
    centred: int = 99,
) -> None:
    """Write a table; columns from number ``centred`` on are centred."""
    table = Table(title=plain(title, "bold") if title else None, title_justify="left", header_style="bold")
    table.caption = plain(caption) if caption else None
    table.caption_justify = "left"
    for place, head in enumerate(heads):
        table.add_column(plain(head), justify="center" if place >= centred else "left", overflow="fold")
    for row in rows:
        table.add_row(*(cell if isinstance(cell, Text) else plain(cell) for cell in row))
    output().print(table)


def write_text(text: str, indent: int = 0, style: str = "") -> None:
    """Write a paragraph to standard output, wrapped to the terminal."""
    output().print(Padding(plain(text, style), (0, 0, 0, indent), expand=False) if indent else plain(text, style))


def write_raw(text: str) -> None:
    """Write text as it is, for files."""
    sys.stdout.write(text)


def say(text: str, style: str = "") -> None:
    """Write a message to standard error, one line as it is."""
    messages().print(plain(text, style), soft_wrap=True)


@contextmanager
def progress() -> Iterator[Progress]:
    """Show a progress bar on a terminal's standard error when the work inside takes longer than a second."""
    if not sys.stderr.isatty():
        yield lambda share, doing: None
        return
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn())
    bar = Bar(*columns, console=messages(), transient=True)
    task = bar.add_task("", total=1.0)
    timer = threading.Timer(PATIENCE_SECONDS, bar.start)
    timer.daemon = True
    timer.start()
    try:
        yield lambda share, doing: bar.update(task, completed=share, description=plain(doing).plain)
    finally:
        timer.cancel()
        bar.stop()
