"""The equilibria of a part of the states, or of all of them slice by slice, in words."""

from __future__ import annotations

from detente.analysis.slices import SlicedAnalysis
from detente.concepts import Concept
from detente.present.blocks import Block, Column, Heading, Paragraph, table

#: With more patterns than this a concept's equilibria are counted, not described.
_MAX_PATTERNS_SHOWN = 12
#: So many slices are tabulated at once.
MAX_SLICES_SHOWN = 64


def view(found: SlicedAnalysis) -> list[Block]:
    """Word a sliced analysis: what holds at the status quo, the equilibria, and where they lie."""
    blocks: list[Block] = []
    if found.status_quo is not None:
        blocks.append(Paragraph(f"The status quo, state {found.status_quo:,}, {_verdicts(found)}."))
    region = "all states" if set(found.within) <= {"-"} else f"the states {found.within}"
    blocks += [
        Heading("Equilibria"),
        table(
            ["Concept", Column("Equilibria", kind="number"), Column("Patterns", 1, "code")],
            (_row(found, concept) for concept in found.concepts),
            caption=f"Among {region}: {found.count:,}. A dash in a pattern stands for either.",
        ),
    ]
    if len(found.slices) > 1:
        columns = [Column("States", kind="number"), *(Column(one.title, kind="number") for one in found.concepts)]
        blocks += [
            Heading("Slices"),
            table(
                [Column("Slice", kind="code"), *columns],
                ([f"{one:,}" if isinstance(one, int) else str(one) for one in row.values()] for row in found.rows()),
                max_rows=MAX_SLICES_SHOWN,
                more="{count} more slices",
                caption="How many equilibria there are in each slice.",
            ),
        ]
    return blocks


def _verdicts(found: SlicedAnalysis) -> str:
    by_verdict: dict[bool | None, list[str]] = {}
    for concept in found.concepts:
        by_verdict.setdefault(found.status_quo_holds(concept.id), []).append(concept.title)
    decided = f"is an equilibrium under {', '.join(by_verdict.get(True, ['none of these']))}"
    undecided = f"; undecided under {', '.join(by_verdict[None])}" if None in by_verdict else ""
    return decided + undecided


def _row(found: SlicedAnalysis, concept: Concept) -> list[str]:
    total, patterns = found.total(concept.id), found.patterns(concept.id)
    if total is None:
        return [concept.title, "undecided", "some slices are undecided"]
    few = patterns is not None and len(patterns) <= _MAX_PATTERNS_SHOWN
    return [concept.title, f"{total:,}", ", ".join(patterns or ()) if few else "too many for a few patterns"]
