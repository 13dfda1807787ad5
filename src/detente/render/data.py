"""Blocks and reports as plain data, for JSON and for the PDF template."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from detente.present.blocks import Block, Bullets, Figure, Paragraph, ReportDocument, Table
from detente.render.svg import svg_text


def document_data(document: ReportDocument) -> dict[str, Any]:
    """Return a report as plain data, format ``detente-report/1``."""
    return {
        "format": "detente-report/1",
        "title": document.title,
        "subtitle": document.subtitle,
        "summary": document.summary,
        "first": [block_data(block) for block in document.first],
        "rest": [block_data(block) for block in document.rest],
    }


def block_data(block: Block) -> dict[str, Any]:
    """Return a block as plain data that says what it is; states are spread over columns, and cells are text."""
    if isinstance(block, Table):
        spread = block.spread()
        # Without the cells, which are copied one by one, and which their text replaces.
        data = asdict(replace(spread, rows=(), rest=())) | {
            "rows": tuple(tuple(map(str, row)) for row in spread.rows),
            "strong": spread.strong,
            "shares": spread.shares,
        }
        return {"block": "table", **{name: value for name, value in data.items() if name not in ("rest", "more")}}
    if isinstance(block, Bullets):
        # Links to other pages of the web app lead nowhere in a report.
        items = ({name: value for name, value in asdict(one).items() if name != "links"} for one in block.items)
        return {"block": "list", "items": tuple(items), "numbered": block.numbered}
    if isinstance(block, Paragraph):
        return {"block": "paragraph", "text": block.text, "lead": block.lead, "small": block.small}
    if isinstance(block, Figure):
        words = {"alternative": block.alternative, "caption": block.caption}
        return {"block": "figure", "svg": svg_text(block), **words, "width": block.drawing.width}
    return {"block": type(block).__name__.lower(), **asdict(block)}
