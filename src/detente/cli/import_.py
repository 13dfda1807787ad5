"""``detente import``: turn another program's file into a conflict file."""

from __future__ import annotations

from typing import Annotated

import typer

from detente.cli.arguments import OutputFormat, not_empty
from detente.cli.output import Force, OutputFile, deliver, require_writable
from detente.render.export import import_text
from detente.render.terminal import Format


def import_(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A .gmcr file.", callback=not_empty)],
    output: OutputFile = None,
    force: Force = False,
    format: OutputFormat = Format.TABLE,
) -> None:
    """Turn another program's file into a conflict file.

    Example: detente import Elmira.gmcr -o elmira.conflict.yaml
    """
    if output is not None:
        require_writable(output, [file], force)
    done = import_text(file)
    deliver("detente-import/1", "yaml", done, output, force, format)
