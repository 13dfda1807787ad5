"""``detente coalitions``: which coalitions would move away from an equilibrium together."""

from __future__ import annotations

from typing import Annotated

import typer

from detente.analysis.coalitions import COALITION_CONCEPTS
from detente.cli.arguments import AsOf, ConflictPath, EngineName, OutputFormat, Undated, current, write_result
from detente.errors import UnknownNameError
from detente.render.terminal import Format, progress


def coalitions(
    file: ConflictPath,
    group: Annotated[
        list[str] | None,
        typer.Option(
            "--group", "-g", metavar="A+B", help="A coalition to examine; may be repeated. Default: all coalitions."
        ),
    ] = None,
    size: Annotated[int | None, typer.Option(min=1, help="Maximum number of parties in a coalition.")] = None,
    concept: Annotated[
        list[str] | None,
        typer.Option(
            "--concept", "-c", metavar="CONCEPT", help="Stability concept: nash, gmr, smr or seq; may be repeated."
        ),
    ] = None,
    engine: EngineName = "auto",
    format: OutputFormat = Format.TABLE,
    as_of: AsOf = None,
    undated: Undated = "latest",
) -> None:
    """Find the outcomes from which parties would move away together.

    The answer shows which equilibria are stable for every coalition. For the remaining equilibria, it shows which joint
    moves lead to another equilibrium that every member of the coalition prefers.

    Example: detente coalitions example:elmira --concept nash --concept seq
    """
    for name in concept or ():
        if name not in COALITION_CONCEPTS:
            unknown = UnknownNameError("concept for coalitions", name, COALITION_CONCEPTS)
            raise typer.BadParameter(str(unknown), param_hint="--concept")
    with progress() as report:
        analysis = current(file, as_of, undated).coalition_analysis(
            [one.split("+") for one in group] if group else None,
            concept or COALITION_CONCEPTS,
            size=size,
            engine=engine,
            progress=report,
        )
    write_result(analysis, format)
