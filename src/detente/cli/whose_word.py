"""``detente whose-word``: whose claims does the answer depend on?"""

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
        list[str] | None,
        typer.Option("--believe", metavar="STATEMENT", help="Believe this statement in every account."),
    ] = None,
    doubt: Annotated[
        list[str] | None,
        typer.Option("--doubt", metavar="STATEMENT", help="Do not believe this statement in any account."),
    ] = None,
    leave_open: Annotated[
        list[str] | None,
        typer.Option(
            "--open",
            metavar="STATEMENT",
            help="Treat this statement as disputed even if no other statement contradicts it.",
        ),
    ] = None,
    by: Annotated[
        str | None,
        typer.Option("--by", metavar="speaker", help="'speaker': also analyse each side's statements alone."),
    ] = None,
    samples: Annotated[
        int, typer.Option(min=100, help="Number of accounts to draw at random if more than 20 statements are disputed.")
    ] = 10_000,
    seed: Annotated[int, typer.Option(help="Seed of the random draw.")] = 0,
    engine: EngineName = "auto",
    format: OutputFormat = Format.TABLE,
    as_of: AsOf = None,
    undated: Undated = "latest",
) -> None:
    """Find whose claims the equilibria depend on.

    An account is a choice of which disputed statements to believe. For each account, the options, preferences and rules
    whose evidence is not believed are dropped, and the rest of the model is analysed.

    Example: detente whose-word example:ukraine-2023 --concept seq --by speaker
    """
    if by not in (None, "speaker"):
        raise typer.BadParameter("the only value is 'speaker'", param_hint="--by")
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
