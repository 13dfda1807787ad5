"""``detente analyze`` of several files or a folder: a line for each dispute."""

from __future__ import annotations

import typer

from detente.analysis.batch import Batch, analyze_all
from detente.model.wording import counted
from detente.present.batch import view
from detente.present.phrases import verification_in_words
from detente.render.terminal import Format, message, progress, write_blocks, write_csv, write_json


def analyze_many(
    files: list[str],
    concepts: list[str] | None,
    engine: str,
    format: Format,
    *,
    summary: bool,
    verify: bool,
    as_of: str | None,
    undated: str,
    workers: int | None,
    scheduler: str | None,
) -> None:
    """Analyse every dispute, write the answers, and exit with 1 if any is at fault or was to be verified and is not."""
    with progress() as report:
        answer = analyze_all(
            files,
            concepts,
            engine,
            summary=summary,
            verify=verify,
            as_of=as_of,
            undated=undated,
            workers=workers,
            scheduler=scheduler,
            progress=report,
        )
    for one in answer.conflicts:
        dropped = len(one.analysis["dropped"]) if one.analysis else 0
        if dropped:
            message(f"{one.name}: {counted(dropped, 'element')} dropped; 'detente analyze {one.name}' says why.")
        for reason in one.left_out.values():
            message(f"{one.name}: left out: {reason}.")
        for line in verification_in_words(one.verification) if one.verification else ():
            message(f"{one.name}: {line}")
    if format is Format.JSON:
        write_json(answer.to_dict())
    elif format is Format.CSV:
        write_csv(answer.rows())
    else:
        write_blocks(view(answer))
    if answer.faults:
        _tell(answer)
    if answer.faults or any(one.verification and one.verification.nothing for one in answer.conflicts):
        raise typer.Exit(1)


def _tell(answer: Batch) -> None:
    for fault in answer.faults:
        message(str(fault), "red")
    faulty = sum(1 for one in answer.conflicts if one.faults)
    message(f"{faulty:,} of {len(answer.conflicts):,} conflicts could not be answered.")
