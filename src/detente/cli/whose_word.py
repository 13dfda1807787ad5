"""``detente whose-word``: on whose word does the answer hang?"""

from __future__ import annotations

from typing import Annotated

import typer

from detente.cli.arguments import (
    AsOf,
    ConceptList,
    ConflictPath,
    EngineName,
    OutputFormat,
    Undated,
    current,
    write_basis,
)
from detente.present.whose_word import view
from detente.render.terminal import Format, progress, write_blocks, write_csv, write_json


def whose_word(
    file: ConflictPath,
    concept: ConceptList = None,
    believe: Annotated[
        list[str] | None, typer.Option("--believe", metavar="STATEMENT", help="Believe this statement throughout.")
    ] = None,
    doubt: Annotated[
        list[str] | None, typer.Option("--doubt", metavar="STATEMENT", help="Believe this statement nowhere.")
    ] = None,
    leave_open: Annotated[
        list[str] | None,
        typer.Option("--open", metavar="STATEMENT", help="Leave open whether this is so, though nobody contests it."),
    ] = None,
    by: Annotated[
        str | None,
        typer.Option("--by", metavar="speaker", help="'speaker': the dispute by each side's statements alone, too."),
    ] = None,
    samples: Annotated[
        int, typer.Option(min=100, help="Accounts to draw where there are more than 20 contested claims.")
    ] = 10_000,
    seed: Annotated[int, typer.Option(help="The seed for drawing them.")] = 0,
    engine: EngineName = "auto",
    format: OutputFormat = Format.TABLE,
    as_of: AsOf = None,
    undated: Undated = "latest",
) -> None:
    """Find whose claims the equilibria depend on.

    An account believes some of the disputed statements and not the others. What is supported only by statements that
    an account does not believe is dropped from its model, and the rest is analysed.

    Example: detente whose-word example:ukraine-2023 --concept seq --by speaker
    """
    if by not in (None, "speaker"):
        raise typer.BadParameter("the dispute can be taken apart by 'speaker'", param_hint="--by")
    conflict = current(file, as_of, undated)
    with progress() as report:
        answer = conflict.whose_word(
            concept or None,
            engine,
            believe=believe or (),
            doubt=doubt or (),
            leave_open=leave_open or (),
            by_speaker=by is not None,
            samples=samples,
            seed=seed,
            progress=report,
        )
    write_basis(answer.conflict, format)
    if format is Format.JSON:
        write_json(answer.to_dict())
    elif format is Format.CSV:
        write_csv(answer.rows())
    else:
        write_blocks(view(answer))
