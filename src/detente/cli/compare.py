"""``detente compare``: what changed between two versions of a dispute, and the effect on the equilibria."""

from __future__ import annotations

from typing import Annotated

import typer

from detente.analysis.comparison import compare as compared
from detente.analysis.comparison import compare_days
from detente.cli.arguments import (
    AsOf,
    ConceptList,
    ConflictPath,
    EngineName,
    OutputFormat,
    Undated,
    current,
    known_day,
    model_in_words,
    not_empty,
    write_basis,
)
from detente.io.conflict_file import load
from detente.model.conflict import Conflict
from detente.model.dates import date_in_words
from detente.model.day import no_preferences_known
from detente.present.basis import OF_A_DAY
from detente.present.comparison import identified, view
from detente.render.terminal import Format, message, progress, write_blocks, write_csv, write_json, write_line


def _known_days(days: list[str] | None) -> list[str] | None:
    for day in days or ():
        known_day(day)
    return days


def compare(
    file: ConflictPath,
    other: Annotated[
        str | None,
        typer.Argument(metavar="OTHER", help="The later version: a file, or example:ID.", callback=not_empty),
    ] = None,
    at: Annotated[
        list[str] | None,
        typer.Option(
            "--at",
            metavar="DAY",
            help="Compare FILE on different days; give the option once for each day.",
            callback=_known_days,
        ),
    ] = None,
    concept: ConceptList = None,
    engine: EngineName = "auto",
    format: OutputFormat = Format.TABLE,
    as_of: AsOf = None,
    undated: Undated = "latest",
) -> None:
    """Compare two versions of a dispute, or two days.

    The answer lists the changes and says which equilibria each change adds or removes.

    Example: detente compare example:lake-gisborne-economy example:lake-gisborne-environment --concept nash
    """
    if (other is None) == (not at):
        raise typer.BadParameter(
            "name a second version, or give two or more days with --at, not both", param_hint="OTHER"
        )
    if at and (len(at) < 2 or as_of):
        raise typer.BadParameter("give --at two or more times, without --as-of", param_hint="--at")
    with progress() as report:
        if at:
            found = compare_days(load(file), at, concept or None, engine, undated=undated, progress=report)
        else:
            first, second = (current(one, as_of, undated) for one in (file, str(other)))
            found = (compared(first, second, concept or None, engine, progress=report),)
    for one in found:
        if format is Format.CSV and one.pairs:
            message(identified(one))
        for version in (one.first, one.second):
            _write_basis(version, format)
        if format is Format.TABLE:
            write_blocks(view(one))
    if format is Format.JSON:
        data = [one.to_dict() for one in found]
        write_json(data[0] if len(data) == 1 else {"format": "detente-compare/1", "days": at, "comparisons": data})
    elif format is Format.CSV:
        days = [{"from": one.first.day or "", "to": one.second.day or ""} if at else {} for one in found]
        write_csv(day | row for day, one in zip(days, found, strict=True) for row in one.rows())


def _write_basis(version: Conflict, format: Format) -> None:
    """Say which model one of the versions is, after its day where no sentence names it."""
    day = date_in_words(version.day or version.as_of or "")
    told = model_in_words(version, format)
    if day and (told or no_preferences_known(version)) and not any(one.startswith(OF_A_DAY) for one in told[:1]):
        (write_line if format is Format.TABLE else message)(f"{day}:")
    write_basis(version, format)
