"""``detente import`` and ``detente export``: other programs' files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from detente.cli.arguments import AsOf, ConflictFile, EngineName, OutputFormat, Undated, not_empty
from detente.cli.screen import Format, progress, say, write_csv, write_json, write_raw

Target = Annotated[
    Path | None, typer.Option("--output", "-o", help="Write to this file; standard output when left out.")
]


def import_(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A .gmcr file.", callback=not_empty)],
    output: Target = None,
    format: OutputFormat = Format.TABLE,
) -> None:
    """Turn another program's file into a conflict file.

    Example: detente import Elmira.gmcr -o elmira.conflict.yaml
    """
    from detente.analysis.exporting import import_text

    done = import_text(file)
    _deliver("detente-import/1", "yaml", done.text, done.warnings, output, format)


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
    output: Target = None,
    engine: EngineName = "auto",
    format: OutputFormat = Format.TABLE,
    as_of: AsOf = None,
    undated: Undated = "latest",
) -> None:
    """Write a conflict, its state graph or its stability table for another program.

    Example: detente export example:elmira --to graphml -o elmira.graphml
    """
    from detente.analysis import load
    from detente.analysis.exporting import FORMATS, export_text
    from detente.errors import UnknownNameError

    wanted = to or _from_suffix(output)
    if wanted not in FORMATS:
        raise typer.BadParameter(str(UnknownNameError("format", wanted or "", FORMATS)), param_hint="--to")
    conflict = load(file).replaced(day=as_of, undated=undated)
    with progress() as report:
        report(0.0, "writing the states" if wanted.endswith("-csv") else "writing the states and moves")
        done = export_text(conflict, wanted, engine)
    _deliver("detente-export/1", wanted, done.text, done.warnings, output, format)


def _from_suffix(output: Path | None) -> str:
    from detente.analysis.exporting import FORMATS

    if output is None:
        raise typer.BadParameter("say which format is wanted", param_hint="--to")
    for name, (suffix, _) in FORMATS.items():
        if output.name.endswith(suffix):
            return name
    from detente.reports.report import FORMS

    known = ", ".join(suffix for suffix, _ in FORMATS.values())
    report = FORMS.get(output.suffix.lower())
    instead = f". 'detente report -o {output.name}' writes a report, tables and all: {report}" if report else ""
    raise typer.BadParameter(
        f"'{output.name}' does not tell the format: name it, or end the file in one of {known}{instead}",
        param_hint="--to",
    )


def _deliver(name: str, kind: str, text: str, warnings: tuple[str, ...], output: Path | None, format: Format) -> None:
    from detente.files.atomic import write_text

    for warning in warnings:
        say(f"warning: {warning}", "yellow")
    if output is not None:
        write_text(output, text)
        say(f"wrote {output}")
    written = str(output) if output else None
    if format is Format.JSON:
        write_json({"format": name, "to": kind, "file": written, "text": text, "warnings": list(warnings)})
    elif format is Format.CSV:
        write_csv([{"to": kind, "file": written, "text": text, "warnings": "; ".join(warnings)}])
    elif output is None:
        write_raw(text if text.endswith("\n") else f"{text}\n")
