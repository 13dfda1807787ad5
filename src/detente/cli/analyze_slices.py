"""``detente analyze --slice`` and ``--slices``: a part of the states, or all of them part by part."""

from __future__ import annotations

import typer

from detente.analysis import slices as analysis
from detente.cli.arguments import write_result
from detente.model.conflict import Conflict
from detente.present.phrases import verification_in_words
from detente.render.terminal import Format, message, progress
from detente.verification.verify import Verification


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
    write_result(answer, format)
    if answer.verification:
        tell_verification(answer.verification)


def tell_verification(checked: Verification) -> None:
    """Say what was verified, and exit with 1 if nothing was."""
    for line in verification_in_words(checked):
        message(line)
    if checked.nothing:
        raise typer.Exit(1)
