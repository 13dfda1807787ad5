"""``detente import``: turn another program's file into a conflict file."""

from __future__ import annotations

from typing import Annotated

import typer

from detente.cli.arguments import OutputFormat, not_empty
from detente.cli.output import Force, OutputFile, deliver, require_writable
from detente.render.export import import_acts, import_text
from detente.render.terminal import Format


def import_(
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE",
            help="A .gmcr file; statements as .jsonld, .csv or .jsonl; or, with --into, events as .csv.",
            callback=not_empty,
        ),
    ],
    into: Annotated[
        str | None,
        typer.Option("--into", metavar="CONFLICT", help="Add the events as dated acts to the history of this file."),
    ] = None,
    mapping: Annotated[
        str | None,
        typer.Option("--mapping", metavar="TABLE", help="A .csv table: action, by, takes, drops. Use it with --into."),
    ] = None,
    output: OutputFile = None,
    force: Force = False,
    format: OutputFormat = Format.TABLE,
) -> None:
    """Turn another program's file into a conflict file or dossier.

    A .gmcr file becomes a conflict file. Statements become a dossier. A table of events becomes dated acts.

    Example: detente import Elmira.gmcr -o elmira.conflict.yaml
    """
    if (into is None) != (mapping is None):
        raise typer.BadParameter("use --into and --mapping together", param_hint="--into" if into else "--mapping")
    if output is not None:
        require_writable(output, [one for one in (file, into, mapping) if one], force)
    done = import_acts(file, mapping, into) if into and mapping else import_text(file)
    deliver("detente-import/1", "yaml", done, output, force, format)
