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
from detente.model.day import no_preferences_known
from detente.present.blocks import Heading
from detente.present.equilibria import other_reading_in_words, view
from detente.render.terminal import Format, message, progress, write_blocks, write_csv, write_json

if TYPE_CHECKING:
    from detente.cli import analyze_many, analyze_slices
    from detente.verification import verify as verification
else:
    # One of these for many files, one for slices, one for --verify: most calls need none.
    analyze_many = lazy("detente.cli.analyze_many")
    analyze_slices = lazy("detente.cli.analyze_slices")
    verification = lazy("detente.verification.verify")


def analyze(
    files: ConflictPaths,
    concept: ConceptList = None,
    engine: EngineName = "auto",
    format: OutputFormat = Format.TABLE,
    summary: Annotated[
        bool, typer.Option("--summary", help="Count and describe states by patterns, list none.")
    ] = False,
    all_states: Annotated[bool, typer.Option("--all", help="Show every state in the table.")] = False,
    verify: Annotated[
        bool, typer.Option("--verify", help="Check the answers by code that shares nothing with the engine.")
    ] = False,
    within: Annotated[
        str | None,
        typer.Option("--slice", metavar="PATTERN", help="Ask only about the states like this: Y, N or - each option."),
    ] = None,
    slices: Annotated[
        int | None,
        typer.Option("--slices", min=1, metavar="N", help="Cut the states into so many slices, each answered."),
    ] = None,
    workers: WorkerCount = None,
    scheduler: SchedulerAddress = None,
    as_of: AsOf = None,
    undated: Undated = "latest",
) -> None:
    """Decide which states are stable for whom, which are equilibria, and whether the status quo is one.

    Of several files, or of the conflict files in a folder, there is a line for each. These, and slices of a state space
    that is too large to decide at once, can be spread over processes or a cluster.

    Example: detente analyze example:elmira --concept nash --concept seq
    """
    many = len(files) > 1 or Path(files[0]).is_dir()
    sliced = within is not None or slices is not None
    _must_go_together(many, sliced, all_states=all_states, spread=bool(workers or scheduler))
    if many:
        analyze_many.analyze_many(
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
    elif sliced:
        analyze_slices.analyze_slices(
            current(files[0], as_of, undated),
            concept,
            engine,
            format,
            within=within,
            slices=slices or 1,
            verify=verify,
            workers=workers,
            scheduler=scheduler,
        )
    else:
        _analyze_one(current(files[0], as_of, undated), concept, engine, format, summary, all_states, verify)


def _must_go_together(many: bool, sliced: bool, *, all_states: bool, spread: bool) -> None:
    """Refuse what cannot be asked together."""
    wrong = {
        "--slice": (many and sliced, "slices are of one conflict, not of several"),
        "--all": (all_states and (many or sliced), "the states are shown of one conflict that is decided at once"),
        "--workers": (
            spread and not many and not sliced,
            "one conflict is one piece of work: give several, or --slices",
        ),
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
    for reason in analysis.left_out.values():
        message(f"Left out: {reason}.")
    if other.differs:
        message(other_reading_in_words(other), "yellow")
    unknown = no_preferences_known(conflict)
    if unknown and format is not Format.TABLE:
        message(f"Note: {unknown}.")
    write_basis(conflict, format)
    if format is Format.JSON:
        write_json(data | ({"other_reading": other.to_dict()} if other.differs else {}))
    elif format is Format.CSV:
        write_csv(analysis.rows())
    else:
        write_blocks([Heading(conflict.title), *view(analysis, summary=summary, everything=all_states)])
    if checked:
        analyze_slices.tell_verification(checked)
