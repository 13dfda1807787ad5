"""``detente timeline``: how long the dispute has been stuck, and who held which position when."""

from __future__ import annotations

from typing import Annotated

import typer

from detente.cli.arguments import ConceptList, ConflictPath, EngineName, OutputFormat, Undated, known_day
from detente.io.conflict_file import load
from detente.present.timeline import view
from detente.render.terminal import Format, progress, write_blocks, write_csv, write_json, write_line


def timeline(
    file: ConflictPath,
    concept: ConceptList = None,
    party: Annotated[
        list[str] | None, typer.Option("--party", metavar="PARTY", help="Only the positions of this party.")
    ] = None,
    matter: Annotated[
        list[str] | None, typer.Option("--matter", metavar="OPTION", help="Only the positions on this option.")
    ] = None,
    first: Annotated[
        str | None,
        typer.Option(
            "--from", metavar="DAY", help="Omit periods and positions that ended before this day.", callback=known_day
        ),
    ] = None,
    last: Annotated[
        str | None,
        typer.Option(
            "--to", metavar="DAY", help="Omit periods and positions that began after this day.", callback=known_day
        ),
    ] = None,
    believe: Annotated[
        list[str] | None,
        typer.Option(
            "--believe", metavar="STATEMENT", help="Believe this statement, and not those that contradict it."
        ),
    ] = None,
    doubt: Annotated[
        list[str] | None, typer.Option("--doubt", metavar="STATEMENT", help="Do not believe this statement.")
    ] = None,
    engine: EngineName = "auto",
    format: OutputFormat = Format.TABLE,
    undated: Undated = "latest",
) -> None:
    """Find out whether, and since when, the dispute is stuck.

    The answer lists the periods of the dispute, each with the statements and acts that began it, and says whether the
    status quo was stable. It also lists the position of each party on each option over time.

    Example: detente timeline example:nile-dam --concept nash --party egypt
    """
    conflict = load(file)
    with progress() as report:
        answer = conflict.timeline(
            concept or None,
            engine,
            parties=party or (),
            matters=matter or (),
            first=first,
            last=last,
            believe=believe or (),
            doubt=doubt or (),
            undated=undated,
            progress=report,
        )
    if format is Format.JSON:
        write_json(answer.to_dict())
    elif format is Format.CSV:
        write_csv(answer.rows())
    else:
        write_line(answer.conflict.title, style="bold")
        write_blocks(view(answer))
