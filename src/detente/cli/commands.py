"""The commands, put together: one module for each."""

from __future__ import annotations

from typing import Annotated

import typer

from detente._version import __version__
from detente.cli.analyze import analyze
from detente.cli.check import check
from detente.cli.coalitions import coalitions
from detente.cli.compare import compare
from detente.cli.draft import draft
from detente.cli.evolve import evolve
from detente.cli.examples import examples
from detente.cli.explain import explain
from detente.cli.invert import invert
from detente.cli.perceive import perceive
from detente.cli.read import read
from detente.cli.report import report
from detente.cli.robust import robust
from detente.cli.serve import serve
from detente.cli.states import states
from detente.cli.transfer import export, import_
from detente.cli.whose_word import whose_word

app = typer.Typer(
    name="detente",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
    help=(
        "Tell from what the parties to a dispute have said whether it is stuck, why, and which states hold.\n\n"
        "Start with: detente analyze example:ukraine-2023 — "
        "or copy a dispute of the catalogue: detente examples elmira > mine.conflict.yaml"
    ),
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"detente {__version__}")
        raise typer.Exit


@app.callback()
def common(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Hold what all commands share."""


app.command()(check)
app.command()(states)
app.command()(analyze)
app.command()(explain)
app.command()(evolve)
app.command()(coalitions)
app.command()(invert)
app.command()(perceive)
app.command("whose-word")(whose_word)
app.command()(robust)
app.command()(compare)
app.command()(read)
app.command()(draft)
app.command()(report)
app.command("import")(import_)
app.command()(export)
app.command()(examples)
app.command()(serve)
