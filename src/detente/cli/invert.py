"""``detente invert``: what would have to change for a state to be an equilibrium?"""

from __future__ import annotations

from typing import Annotated

import typer

from detente.analysis.inverse import INVERSE_CONCEPTS, Inversion
from detente.analysis.third_party import Intervention
from detente.cli.arguments import AsOf, ConflictPath, OutputFormat, Undated, current, write_result
from detente.errors import UnknownNameError
from detente.render.terminal import Format, progress


def invert(
    file: ConflictPath,
    state: Annotated[
        str,
        typer.Option(
            "--state",
            metavar="STATE",
            help="The state that should become an equilibrium: a number, a Y/N string or a name.",
        ),
    ],
    concept: Annotated[
        str, typer.Option("--concept", "-c", metavar="CONCEPT", help="Stability concept: nash, gmr, smr, seq or sseq.")
    ] = "nash",
    cost: Annotated[
        list[str] | None,
        typer.Option(
            "--cost",
            metavar="PARTY=COST",
            help="The cost of a change to this party's preferences; may be repeated.",
        ),
    ] = None,
    fixed: Annotated[
        list[str] | None,
        typer.Option("--fixed", metavar="PARTY", help="This party's preferences cannot change; may be repeated."),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="Maximum number of smallest changes to list.")] = 20,
    third_party: Annotated[
        bool,
        typer.Option(
            "--third-party",
            help="Instead of changing preferences, find options that a third party would have to take or block.",
        ),
    ] = False,
    size: Annotated[int, typer.Option(min=1, help="With --third-party: maximum number of options in a set.")] = 3,
    format: OutputFormat = Format.TABLE,
    as_of: AsOf = None,
    undated: Undated = "latest",
) -> None:
    """Find the smallest preference changes that make a state stable.

    With these changes the state is an equilibrium: it is stable for every party under the chosen concept.

    Example: detente invert example:syria-iraq-1975 --state "water released" --concept nash --fixed iraq
    """
    if concept.lower() not in INVERSE_CONCEPTS:
        unknown = UnknownNameError("concept for inverse questions", concept, INVERSE_CONCEPTS)
        raise typer.BadParameter(str(unknown), param_hint="--concept")
    if third_party and (cost or fixed):
        raise typer.BadParameter("--cost and --fixed apply to changes of preferences, not to --third-party")
    costs = dict(_priced(one) for one in cost or ())
    conflict = current(file, as_of, undated)
    with progress() as report:
        if third_party:
            answer: Inversion | Intervention = conflict.third_party(state, concept, size=size, progress=report)
        else:
            answer = conflict.invert(state, concept, costs=costs, fixed=fixed or (), limit=limit, progress=report)
    write_result(answer, format)


def _priced(text: str) -> tuple[str, str]:
    maker, equals, price = text.partition("=")
    if not equals or not maker or not price:
        raise typer.BadParameter(f"'{text}' is not a cost. Write 'party=3'", param_hint="--cost")
    return maker, price
