"""``detente evolve``: how a dispute can get from one state to another."""

from __future__ import annotations

from typing import Annotated

import typer

from detente.analysis.evolution import PATH_KINDS
from detente.cli.arguments import (
    AsOf,
    ConceptList,
    ConflictPath,
    EngineName,
    OutputFormat,
    Undated,
    current,
    write_result,
)
from detente.errors import UnknownNameError
from detente.render.terminal import Format, progress


def evolve(
    file: ConflictPath,
    start: Annotated[
        str,
        typer.Option(
            "--from", metavar="STATE", show_default="status quo", help="The start: a number, a Y/N string or a name."
        ),
    ] = "status_quo",
    to: Annotated[
        str, typer.Option("--to", metavar="STATE", help="The target: a state, or 'equilibria'.")
    ] = "equilibria",
    by: Annotated[
        str,
        typer.Option(
            metavar="WAY", help="'moves': all legal moves; 'improvements': only moves that the mover prefers."
        ),
    ] = "moves",
    sacrifices: Annotated[
        int,
        typer.Option(
            min=0, help="With --by improvements: maximum number of concessions (moves that are not improvements)."
        ),
    ] = 0,
    simple: Annotated[
        bool, typer.Option("--all", help="Show all paths that visit no state twice, not only the shortest.")
    ] = False,
    longest: Annotated[int | None, typer.Option(min=1, help="Maximum number of steps of a path.")] = None,
    twice: Annotated[bool, typer.Option("--twice", help="Let a party move twice in a row.")] = False,
    concept: ConceptList = None,
    engine: EngineName = "auto",
    format: OutputFormat = Format.TABLE,
    as_of: AsOf = None,
    undated: Undated = "latest",
) -> None:
    """Find paths between outcomes and the concessions that they need.

    Example: detente evolve example:elmira --to equilibria --by improvements --concept nash
    """
    if by not in PATH_KINDS:
        raise typer.BadParameter(str(UnknownNameError("way", by, PATH_KINDS)), param_hint="--by")
    conflict = current(file, as_of, undated)
    with progress() as report:
        evolution = conflict.evolve(
            start,
            to,
            by=by,
            sacrifices=sacrifices,
            simple=simple,
            longest=longest,
            twice=twice,
            concepts=concept or None,
            engine=engine,
            progress=report,
        )
    write_result(evolution, format)
