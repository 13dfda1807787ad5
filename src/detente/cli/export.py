"""``detente export``: write a conflict, its graph or its tables for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from detente.cli.arguments import AsOf, ConflictPath, EngineName, OutputFormat, Undated
from detente.cli.output import Force, OutputFile, deliver, files_of, require_writable
from detente.errors import UnknownNameError
from detente.io.conflict_file import open_conflict
from detente.render.export import FORMATS, export_text
from detente.render.terminal import Format, message_gmcr_warnings, progress
from detente.report.briefing import FORMS


def export(
    file: ConflictPath,
    to: Annotated[
        str | None,
        typer.Option(
            "--to",
            "-t",
            metavar="FORMAT",
            help=f"{', '.join(list(FORMATS)[:-1])} or {list(FORMATS)[-1]}. Default: set by --output.",
        ),
    ] = None,
    output: OutputFile = None,
    force: Force = False,
    engine: EngineName = "auto",
    format: OutputFormat = Format.TABLE,
    as_of: AsOf = None,
    undated: Undated = "latest",
) -> None:
    """Write a dispute, graph or table for other programs.

    Example: detente export example:elmira --to graphml -o elmira.graphml
    """
    wanted = to or _from_suffix(output)
    if wanted not in FORMATS:
        raise typer.BadParameter(str(UnknownNameError("format", wanted or "", FORMATS)), param_hint="--to")
    opened = open_conflict(file)
    message_gmcr_warnings(opened)
    if output is not None:
        require_writable(output, files_of(opened), force)
    conflict = opened.conflict.replaced(day=as_of, undated=undated)
    with progress() as report:
        report(0.0, "writing the states" if wanted.endswith("-csv") else "writing the states and moves")
        done = export_text(conflict, wanted, engine)
    deliver("detente-export/1", wanted, done, output, force, format)


def _from_suffix(output: Path | None) -> str:
    if output is None:
        raise typer.BadParameter("name a format, or an output file whose extension sets it", param_hint="--to")
    for name, (suffix, _) in FORMATS.items():
        if output.name.endswith(suffix):
            return name
    known = ", ".join(suffix for suffix, _ in FORMATS.values())
    report = FORMS.get(output.suffix.lower())
    instead = f". 'detente report -o {output.name}' writes a report: {report}" if report else ""
    raise typer.BadParameter(
        f"the extension of '{output.name}' does not set a format. Name a format, or use one of these extensions: "
        f"{known}{instead}",
        param_hint="--to",
    )
