"""The chapter on what it would take: paths from the status quo, and who would go together."""

from __future__ import annotations

from collections.abc import Iterator

from detente.present import coalitions, evolution
from detente.present.blocks import Block, Heading, Paragraph, nested
from detente.report.findings import Findings


def ways(findings: Findings) -> Iterator[Block]:
    """Yield the blocks of the chapter."""
    yield Heading("Ways from the status quo", 2)
    if findings.evolution is None:
        yield Paragraph(f"Not looked for: {findings.unasked['paths']}.")
    else:
        yield from nested(evolution.view(findings.evolution), by=2)
    yield Heading("Who would go together", 2)
    if findings.coalitions is None:
        yield Paragraph(f"Not looked for: {findings.unasked['coalitions']}.")
    else:
        yield from nested(coalitions.view(findings.coalitions), by=2)
