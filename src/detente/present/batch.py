"""Many disputes, one row for each."""

from __future__ import annotations

from detente.analysis.batch import Batch, BatchItem
from detente.present.blocks import Block, Cell, Column, table
from detente.present.phrases import concepts_spelled_out

_NOTHING = Cell("–", note="not answered", tone="quiet")


def view(found: Batch) -> list[Block]:
    """Say of each dispute how many equilibria there are, and whether the status quo is one."""
    return [
        table(
            [
                "File",
                "Title",
                Column("States", kind="mark"),
                Column("Status quo", kind="mark"),
                *(Column(one.title, kind="mark") for one in found.concepts),
            ],
            (_row(found, one) for one in found.conflicts),
            max_rows=len(found.conflicts),
            caption="The number of equilibria under each concept. ✓: the status quo is one of them.",
        ),
        concepts_spelled_out(found.concepts),
    ]


def _row(found: Batch, one: BatchItem) -> list[str | Cell]:
    name: list[str | Cell] = [one.file or "", one.title or ""]
    if one.analysis is None:
        return [*name, *[_NOTHING] * (2 + len(found.concepts))]
    quo = one.analysis["status_quo"]
    return [
        *name,
        f"{one.analysis['count']:,}",
        "" if quo is None else str(quo),
        *(_cell(one, concept.id) for concept in found.concepts),
    ]


def _cell(one: BatchItem, concept: str) -> Cell:
    if concept not in one.equilibria:
        return Cell("left out", tone="quiet")
    count, holds = one.equilibria[concept]
    return Cell(f"{count:,}{' ✓' if holds else ''}", tone="good" if holds else "")
