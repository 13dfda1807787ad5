"""``detente import`` and ``detente export``: other programs' files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from detente.cli.arguments import AsOf, ConflictFile, EngineName, OutputFormat, Undated, not_empty
from detente.cli.output import Force, OutputFile, files_of, require_writable, write_output
from detente.render.terminal import Format, message, message_gmcr_warnings, progress, write_csv, write_json, write_raw

if TYPE_CHECKING:
    from detente.render.export import Exported


def import_(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A .gmcr file.", callback=not_empty)],
    output: OutputFile = None,
    force: Force = False,
    format: OutputFormat = Format.TABLE,
) -> None:
    """Turn another program's file into a conflict file.

    Example: detente import Elmira.gmcr -o elmira.conflict.yaml
    """
    from detente.render.export import import_text

    if output is not None:
        require_writable(output, [file], force)
    done = import_text(file)
    _deliver("detente-import/1", "yaml", done, output, force, format)


def export(
    file: ConflictFile,
    to: Annotated[
        str | None,
        typer.Option(
            "--to",
            "-t",
            metavar="FORMAT",
            help="gmcr, states-csv, ranks-csv, stability-csv, graphml, dot, nfg or yaml; from --output when left out.",
        ),
    ] = None,
    output: OutputFile = None,
    force: Force = False,
    engine: EngineName = "auto",
    format: OutputFormat = Format.TABLE,
    as_of: AsOf = None,
    undated: Undated = "latest",
) -> None:
    """Write a conflict, its state graph or its stability table for another program.

    Example: detente export example:elmira --to graphml -o elmira.graphml
    """
    from detente.errors import UnknownNameError
    from detente.io.conflict_file import open_conflict
    from detente.render.export import FORMATS, export_text

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
    _deliver("detente-export/1", wanted, done, output, force, format)


def _from_suffix(output: Path | None) -> str:
    from detente.render.export import FORMATS

    if output is None:
        raise typer.BadParameter("say which format is wanted", param_hint="--to")
    for name, (suffix, _) in FORMATS.items():
        if output.name.endswith(suffix):
            return name
    from detente.report.briefing import FORMS

    known = ", ".join(suffix for suffix, _ in FORMATS.values())
    report = FORMS.get(output.suffix.lower())
    instead = f". 'detente report -o {output.name}' writes a report, tables and all: {report}" if report else ""
    raise typer.BadParameter(
        f"'{output.name}' does not tell the format: name it, or end the file in one of {known}{instead}",
        param_hint="--to",
    )


def _deliver(name: str, kind: str, done: Exported, output: Path | None, force: bool, format: Format) -> None:
    for warning in done.warnings:
        message(f"warning: {warning}", "yellow")
    if output is not None:
        write_output(output, done.text.encode("utf-8"), force)
        message(f"wrote {output}")
    written = str(output) if output else None
    if format is Format.JSON:
        write_json({"format": name, "to": kind, "file": written, "text": done.text, "warnings": list(done.warnings)})
    elif format is Format.CSV:
        write_csv([{"to": kind, "file": written, "text": done.text, "warnings": "; ".join(done.warnings)}])
    elif output is None:
        write_raw(done.text if done.text.endswith("\n") else f"{done.text}\n")
