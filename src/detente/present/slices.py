"""The equilibria of a part of the states, or of all of them slice by slice, in words."""

from __future__ import annotations

from detente.analysis.slices import SlicedAnalysis
from detente.concepts import Concept
from detente.model.wording import counted, listed
from detente.present.blocks import Block, Column, Heading, Paragraph, table
from detente.present.phrases import concepts_spelled_out

#: With more patterns than this a concept's equilibria are counted, not described.
_MAX_PATTERNS_SHOWN = 12
#: The maximum number of slices at the beginning of the table.
MAX_SLICES_SHOWN = 64


def view(found: SlicedAnalysis) -> list[Block]:
    """Word a sliced analysis: the status quo, the equilibria, and how many each slice has."""
    blocks: list[Block] = []
    if found.status_quo is not None:
        blocks.append(Paragraph(f"The status quo, state {found.status_quo:,}, {_verdicts(found)}."))
    blocks.append(concepts_spelled_out(found.concepts))
    region = "" if set(found.within) <= {"-"} else f" with the pattern {found.within}"
    blocks += [
        Heading("Equilibria"),
        table(
            ["Concept", Column("Equilibria", kind="number"), Column("Patterns", 1, "code")],
            (_row(found, concept) for concept in found.concepts),
            caption=f"{counted(found.count, 'state')}{region}. In a pattern, a dash means taken or not.",
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
                caption="The number of equilibria in each slice.",
            ),
        ]
    return blocks


def _verdicts(found: SlicedAnalysis) -> str:
    by_verdict: dict[bool | None, list[str]] = {}
    for concept in found.concepts:
        by_verdict.setdefault(found.status_quo_holds(concept.id), []).append(concept.title)
    decided = "is not an equilibrium under any of the concepts asked for"
    if True in by_verdict:
        decided = f"is an equilibrium under {listed(by_verdict[True])}"
    elif None in by_verdict:
        decided = "is not known to be an equilibrium under any of the concepts asked for"
    undecided = f"; undecided under {listed(by_verdict[None])}" if None in by_verdict else ""
    return decided + undecided


def _row(found: SlicedAnalysis, concept: Concept) -> list[str]:
    total, patterns = found.total(concept.id), found.patterns(concept.id)
    if total is None:
        return [concept.title, "undecided", "some slices are undecided"]
    few = patterns is not None and len(patterns) <= _MAX_PATTERNS_SHOWN
    return [concept.title, f"{total:,}", ", ".join(patterns or ()) if few else "too many to list"]
