"""``detente report``: what a mediator's team reads before a meeting."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from detente.cli.arguments import AsOf, ConceptList, ConflictFile, EngineName, OutputFormat, Undated
from detente.cli.screen import Format, progress, say, write_csv, write_json, write_raw


class TextForm(StrEnum):
    """The forms that can be written to standard output."""

    MARKDOWN = "md"
    HTML = "html"
    LATEX = "tex"


def report(
    file: ConflictFile,
    output: Annotated[
        str,
        typer.Option(
            "--output", "-o", metavar="FILE", help="Where to: .html, .pdf, .md or .tex says in which form; - for here."
        ),
    ] = "-",
    form: Annotated[TextForm, typer.Option("--as", help="The form on standard output.")] = TextForm.MARKDOWN,
    title: Annotated[str | None, typer.Option(help="What to print at the top, instead of the file's title.")] = None,
    concept: ConceptList = None,
    seed: Annotated[int, typer.Option(min=0, help="The seed for what is drawn by lot.")] = 0,
    samples: Annotated[
        int, typer.Option(min=100, help="How many random preference profiles to look at, where there are any.")
    ] = 2_000,
    engine: EngineName = "auto",
    format: OutputFormat = Format.TABLE,
    as_of: AsOf = None,
    undated: Undated = "latest",
) -> None:
    """Write a report of the dispute: the answer on one page, and behind it everything that it rests on.

    Is it stuck, why, what would hold, how sure is that, and on whose word? Then parties and options, the states and a
    picture of them, ways and coalitions, doubt, and every statement, source and judgement. Needs the 'report' extra.

    Example: detente report example:ukraine-2023 -o report.html
    """
    from detente.analysis import checked
    from detente.analysis.exporting import FORMATS
    from detente.errors import InputError
    from detente.reports.report import FORMS
    from detente.reports.report import report as made

    target = None if output == "-" else Path(output)
    if target is not None and target.suffix.lower() not in FORMS:
        found = f"'{target.suffix}'" if target.suffix else "no ending"
        known = ", ".join(FORMS)
        others = ", ".join(ending for ending, _ in FORMATS.values())
        raise typer.BadParameter(
            f"{found} is no form of a report: end the name in one of {known}. For other programs 'detente export' "
            f"writes {others}",
            param_hint="--output",
        )
    if target is not None and not target.parent.is_dir():
        raise InputError(f"{target.parent}: there is no such folder")
    opened = checked(file)
    for finding in opened.warnings:
        if file.lower().endswith(".gmcr"):
            say(str(finding), "yellow")
    with progress() as done:
        whole = made(
            opened.conflict.replaced(day=as_of, undated=undated),
            concept or None,
            engine,
            title=title,
            file=opened.path,
            seed=seed,
            samples=samples,
            progress=done,
        )
    if target is not None:
        for each in whole.write(target):
            say(f"wrote {each}")
    if format is Format.JSON:
        write_json(whole.to_dict() | ({"file": str(target)} if target else {}))
    elif format is Format.CSV:
        write_csv(whole.rows())
    elif target is None:
        write_raw(whole.rendered(f".{form}").decode("utf-8"))
