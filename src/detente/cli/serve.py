"""``detente serve``: edit and analyse disputes in the browser."""

from __future__ import annotations

import json
import sys
import webbrowser
from pathlib import Path
from typing import Annotated

import typer

from detente.cli.arguments import OutputFormat, not_empty
from detente.errors import DetenteError
from detente.examples import path as example_path
from detente.io.conflict_file import EXAMPLE
from detente.render.terminal import Format, message, write_raw
from detente.web.bundle import BundleError, ensure


def serve(
    path: Annotated[
        str,
        typer.Argument(
            metavar="PATH",
            help="A conflict file, a folder of conflict files, or example:ID (read only).",
            callback=not_empty,
        ),
    ] = ".",
    port: Annotated[int, typer.Option(min=0, max=65_535, help="Port; 0 chooses a free one.")] = 0,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the address in a browser.")] = True,
    read_only: Annotated[bool, typer.Option("--read-only", help="Do not allow saving.")] = False,
    format: OutputFormat = Format.TABLE,
) -> None:
    """Edit and analyse disputes in the browser.

    The server accepts connections from this computer only. It prints its address when it is ready. Press Ctrl-C to stop
    the server.

    Example: detente serve river.conflict.yaml
    """
    if path.startswith(EXAMPLE):
        path, read_only = str(example_path(path.removeprefix(EXAMPLE))), True
    try:
        from detente.web import server
    except ImportError as error:
        raise DetenteError(f"the app needs {error.name}. Install 'detente[web]'") from error
    what = server.served(Path(path), read_only=read_only)
    try:
        ensure(message)
    except BundleError as error:
        raise DetenteError(str(error)) from error

    def ready(address: str) -> None:
        if format is Format.JSON:
            write_raw(json.dumps({"format": "detente-serve/1", "address": address}) + "\n")
        else:
            write_raw(f"address\n{address}\n" if format is Format.CSV else f"{address}\n")
        sys.stdout.flush()
        if browser:
            webbrowser.open(address)

    server.serve(what, server.bound(port), ready)
