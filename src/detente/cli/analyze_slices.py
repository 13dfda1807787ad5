"""``detente analyze --slice`` and ``--slices``: a part of the states, or all of them part by part."""

from __future__ import annotations

import typer

from detente.analysis import slices as analysis
from detente.analysis.slices import SlicedAnalysis
from detente.cli.arguments import write_basis
from detente.model.conflict import Conflict
from detente.present.verification import sentences
from detente.render.terminal import Format, message, progress, write_csv, write_json, write_table, write_text
from detente.verification.verify import Verification

#: How many patterns of a concept stand in the table, and how many slices.
MOST_PATTERNS, MOST_SLICES = 12, 64


def analyze_slices(
    conflict: Conflict,
    concepts: list[str] | None,
    engine: str,
    format: Format,
    *,
    within: str | None,
    slices: int,
    verify: bool,
    workers: int | None,
    scheduler: str | None,
) -> None:
    """Ask about the slices, write the answers, and say what is undecided."""
    with progress() as report:
        answer = analysis.analyze_slices(
            conflict,
            concepts,
            engine,
            within=within,
            slices=slices,
            verify=verify,
            workers=workers,
            scheduler=scheduler,
            progress=report,
        )
    for reason in answer.left_out.values():
        message(f"Left out: {reason}.")
    for one in answer.slices:
        for concept, reason in one.undecided.items():
            message(f"{one.pattern}: {concept} is undecided: {reason}.")
    write_basis(answer.conflict, format)
    if format is Format.JSON:
        write_json(answer.to_dict())
    elif format is Format.CSV:
        write_csv(answer.rows())
    else:
        _show(answer)
    if answer.verification:
        tell_verification(answer.verification)


def tell_verification(checked: Verification) -> None:
    """Say what was verified, and exit with 1 if nothing was."""
    for line in sentences(checked):
        message(line)
    if checked.nothing:
        raise typer.Exit(1)


def _show(answer: SlicedAnalysis) -> None:
    region = "all states" if set(answer.within) <= {"-"} else f"the states {answer.within}"
    write_table(
        ["Concept", "Equilibria", "Patterns"],
        [_line(answer, concept.id, concept.title) for concept in answer.concepts],
        title=answer.conflict.title,
        caption=f"Among {region}: {answer.count:,}. A dash in a pattern stands for either.",
    )
    if len(answer.slices) > 1:
        _show_slices(answer)
    if answer.status_quo is not None:
        write_text(f"• The status quo, state {answer.status_quo:,}, {_held(answer)}.")


def _held(answer: SlicedAnalysis) -> str:
    by_verdict: dict[bool | None, list[str]] = {}
    for concept in answer.concepts:
        by_verdict.setdefault(answer.status_quo_holds(concept.id), []).append(concept.title)
    decided = f"is an equilibrium under {', '.join(by_verdict.get(True, ['none of these']))}"
    undecided = f"; undecided under {', '.join(by_verdict[None])}" if None in by_verdict else ""
    return decided + undecided


def _line(answer: SlicedAnalysis, concept: str, title: str) -> list[str]:
    total, patterns = answer.total(concept), answer.patterns(concept)
    if total is None:
        return [title, "undecided", "some slices are undecided"]
    few = patterns is not None and len(patterns) <= MOST_PATTERNS
    return [title, f"{total:,}", ", ".join(patterns or ()) if few else "too many for a few patterns"]


def _show_slices(answer: SlicedAnalysis) -> None:
    rows = [
        [f"{cell:,}" if isinstance(cell, int) else cell for cell in row.values()] for row in answer.rows()[:MOST_SLICES]
    ]
    left = len(answer.slices) - len(rows)
    write_table(
        ["Slice", "States", *(concept.title for concept in answer.concepts)],
        rows,
        caption="How many equilibria there are in each slice" + (f"; {left:,} more slices." if left else "."),
    )
