"""``detente analyze``: which states are stable for whom, and which are equilibria."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from detente.analysis.equilibria import other_reading
from detente.cli.arguments import (
    AsOf,
    ConceptList,
    ConflictPaths,
    EngineName,
    OutputFormat,
    SchedulerAddress,
    Undated,
    WorkerCount,
    current,
    write_basis,
)
from detente.lazy import lazy
from detente.model.conflict import Conflict
from detente.model.wording import counted
from detente.present.basis import other_reading_in_words
from detente.present.blocks import Heading
from detente.present.equilibria import details, first_lines
from detente.render.terminal import Format, message, progress, write_blocks, write_csv, write_json, write_line

if TYPE_CHECKING:
    from detente.analysis import batch
    from detente.present import batch as batch_view
    from detente.present import explanation
    from detente.verification import verify as verification
else:
    # Loaded only for several files and for --verify.
    batch = lazy("detente.analysis.batch")
    batch_view = lazy("detente.present.batch")
    explanation = lazy("detente.present.explanation")
    verification = lazy("detente.verification.verify")


def analyze(
    files: ConflictPaths,
    concept: ConceptList = None,
    engine: EngineName = "auto",
    format: OutputFormat = Format.TABLE,
    summary: Annotated[
        bool, typer.Option("--summary", help="Give counts and patterns instead of a list of states.")
    ] = False,
    all_states: Annotated[bool, typer.Option("--all", help="Show every state in the table.")] = False,
    verify: Annotated[bool, typer.Option("--verify", help="Verify the answers with independent code.")] = False,
    workers: WorkerCount = None,
    scheduler: SchedulerAddress = None,
    as_of: AsOf = None,
    undated: Undated = "latest",
) -> None:
    """Find the stable states and equilibria of a dispute.

    The answer says first whether the status quo is stable. With several files or a folder, the answer has one line for
    each file, and the files can be spread over several processes or a cluster.

    Example: detente analyze example:elmira --concept nash --concept seq
    """
    many = len(files) > 1 or Path(files[0]).is_dir()
    _must_go_together(many, all_states=all_states, spread=bool(workers or scheduler))
    if many:
        _analyze_many(
            files,
            concept,
            engine,
            format,
            summary=summary,
            verify=verify,
            as_of=as_of,
            undated=undated,
            workers=workers,
            scheduler=scheduler,
        )
    else:
        _analyze_one(current(files[0], as_of, undated), concept, engine, format, summary, all_states, verify)


def _must_go_together(many: bool, *, all_states: bool, spread: bool) -> None:
    """Refuse options that cannot be combined."""
    wrong = {
        "--all": (all_states and many, "works only for one conflict"),
        "--workers": (spread and not many, "one conflict is analysed by one process; name several files"),
    }
    for option, (is_wrong, reason) in wrong.items():
        if is_wrong:
            raise typer.BadParameter(reason, param_hint=option)


def _analyze_one(
    conflict: Conflict,
    concept: list[str] | None,
    engine: str,
    format: Format,
    summary: bool,
    all_states: bool,
    verify: bool,
) -> None:
    with progress() as report:
        analysis = conflict.analyze(concept or None, engine, progress=report)
        if format is Format.JSON:
            data = analysis.to_dict(summary=summary)
        checked = verification.verify(analysis, report) if verify else None
        other = other_reading(analysis)
    if format is Format.TABLE:
        write_blocks([Heading(conflict.title), *first_lines(analysis)])
    for reason in analysis.left_out.values():
        message(f"Left out: {reason}.")
    if other.differs:
        message(other_reading_in_words(other), "yellow")
    write_basis(conflict, format, noted=format is Format.TABLE)
    if format is Format.JSON:
        write_json(data | ({"other_reading": other.to_dict()} if other.differs else {}))
    elif format is Format.CSV:
        write_csv(analysis.rows())
    else:
        behind = list(details(analysis, summary=summary, everything=all_states))
        if isinstance(behind[0], Heading):
            write_line("")
        write_blocks(behind)
    if checked:
        _tell_verification(checked)


def _analyze_many(
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
        answer = batch.analyze_all(
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
        for line in explanation.verification_in_words(one.verification) if one.verification else ():
            message(f"{one.name}: {line}")
    if format is Format.JSON:
        write_json(answer.to_dict())
    elif format is Format.CSV:
        write_csv(answer.rows())
    else:
        write_blocks(batch_view.view(answer))
    for fault in answer.faults:
        message(str(fault), "red")
    if answer.faults:
        faulty = sum(1 for one in answer.conflicts if one.faults)
        message(f"{faulty:,} of {len(answer.conflicts):,} conflicts could not be answered.")
    if answer.faults or any(one.verification and one.verification.nothing for one in answer.conflicts):
        raise typer.Exit(1)


def _tell_verification(checked: verification.Verification) -> None:
    """Say what was verified, and exit with 1 if nothing was."""
    for line in explanation.verification_in_words(checked):
        message(line)
    if checked.nothing:
        raise typer.Exit(1)
