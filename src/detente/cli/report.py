"""``detente report``: a briefing for a mediator's team."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from detente.cli.arguments import AsOf, ConceptList, ConflictPath, EngineName, OutputFormat, Undated
from detente.cli.output import Force, file_or_standard_output, files_of, require_writable, write_output
from detente.io.conflict_file import open_conflict
from detente.io.scenarios import load_scenarios
from detente.render.export import FORMATS
from detente.render.terminal import Format, message, message_gmcr_warnings, progress, write_csv, write_json, write_raw
from detente.report.briefing import FORMS
from detente.report.briefing import report as made


class TextForm(StrEnum):
    """The formats that can be written to standard output."""

    MARKDOWN = "md"
    HTML = "html"
    LATEX = "tex"


def report(
    file: ConflictPath,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Output file; its extension sets the format: .html, .pdf, .md or .tex. '-' means standard output.",
            show_default="standard output",
            callback=file_or_standard_output,
        ),
    ] = None,
    force: Force = False,
    form: Annotated[TextForm, typer.Option("--as", help="Format on standard output.")] = TextForm.MARKDOWN,
    title: Annotated[str | None, typer.Option(help="Title of the report. Default: the file's title.")] = None,
    concept: ConceptList = None,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the random draws.")] = 0,
    samples: Annotated[int, typer.Option(min=100, help="Number of random preference profiles.")] = 2_000,
    engine: EngineName = "auto",
    scenario: Annotated[
        list[str] | None,
        typer.Option(
            "--scenario",
            metavar="NAME",
            help="Scenario beside the file to give a chapter: the changes, and the equilibria that they add or remove. "
            "Can be repeated.",
        ),
    ] = None,
    format: OutputFormat = Format.TABLE,
    as_of: AsOf = None,
    undated: Undated = "latest",
) -> None:
    """Write a briefing: the answer on one page, then detail.

    The first page says whether the dispute is stuck, why, and which outcomes would be stable. It also says how certain
    the answer is, and whose claims the answer depends on. The next pages cover the parties and their options, the
    states with a graph, paths, coalitions, robustness, and every statement, source and assumption. Needs the 'report'
    extra.

    Example: detente report example:ukraine-2023 -o report.html
    """
    if output is not None and output.suffix.lower() not in FORMS:
        found = f"a report cannot be written as '{output.suffix}'" if output.suffix else "the name has no extension"
        known = ", ".join(FORMS)
        others = ", ".join(ending for ending, _ in FORMATS.values())
        raise typer.BadParameter(
            f"{found}. Use one of these extensions: {known}. For other programs, 'detente export' writes {others}",
            param_hint="--output",
        )
    opened = open_conflict(file)
    message_gmcr_warnings(opened)
    scenarios = load_scenarios(opened.path, scenario or [])
    if output is not None:
        require_writable(output, files_of(opened), force)
    with progress() as done:
        whole = made(
            opened.conflict.replaced(day=as_of, undated=undated),
            concept or None,
            engine,
            title=title,
            file=opened.path,
            seed=seed,
            samples=samples,
            scenarios=scenarios,
            progress=done,
        )
    if output is not None:
        files = whole.files(output)
        for each in files:
            require_writable(each, files_of(opened), force)
        for each, content in files.items():
            write_output(each, content, force)
            message(f"wrote {each}")
        for warning in whole.warnings(output.suffix.lower()):
            message(warning, "yellow")
    if format is Format.JSON:
        write_json(whole.to_dict() | ({"file": str(output)} if output else {}))
    elif format is Format.CSV:
        write_csv(whole.rows())
    elif output is None:
        write_raw(whole.rendered(f".{form}").decode("utf-8"))
