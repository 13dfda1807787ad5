"""``detente invert``: what would have to change for a state to hold?"""

from __future__ import annotations

from typing import Annotated

import typer

from detente.analysis.inverse import INVERSE_CONCEPTS, Inversion
from detente.analysis.third_party import Intervention
from detente.cli.arguments import AsOf, ConflictFile, OutputFormat, Undated, current, write_basis
from detente.errors import UnknownNameError
from detente.model.wording import counted, state_label
from detente.render.terminal import Format, progress, write_csv, write_json, write_table, write_text

#: For how many sets of options it is told what they do.
MOST_TOLD = 5


def invert(
    file: ConflictFile,
    state: Annotated[
        str, typer.Option("--state", metavar="STATE", help="The state wanted: a number, a Y/N string or a name.")
    ],
    concept: Annotated[
        str, typer.Option("--concept", "-c", metavar="CONCEPT", help="nash, gmr, smr, seq or sseq.")
    ] = "nash",
    cost: Annotated[
        list[str] | None,
        typer.Option(
            "--cost", metavar="DM=COST", help="What a change of this decision maker's costs; may be repeated."
        ),
    ] = None,
    fixed: Annotated[
        list[str] | None,
        typer.Option("--fixed", metavar="DM", help="This decision maker cannot be influenced; may be repeated."),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="List up to so many smallest changes.")] = 20,
    third_party: Annotated[
        bool,
        typer.Option("--third-party", help="Which options a third party could take or block, in place of preferences."),
    ] = False,
    size: Annotated[int, typer.Option(min=1, help="With --third-party: sets of up to so many options.")] = 3,
    format: OutputFormat = Format.TABLE,
    as_of: AsOf = None,
    undated: Undated = "latest",
) -> None:
    """Say what would have to change for a state to hold: the smallest change of preferences.

    Example: detente invert example:syria-iraq-1975 --state "water released" --concept nash --fixed iraq
    """
    if concept.lower() not in INVERSE_CONCEPTS:
        unknown = UnknownNameError("concept for inverse questions", concept, INVERSE_CONCEPTS)
        raise typer.BadParameter(str(unknown), param_hint="--concept")
    if third_party and (cost or fixed):
        raise typer.BadParameter("--cost and --fixed are about preferences, which --third-party leaves as they are")
    costs = dict(_priced(one) for one in cost or ())
    conflict = current(file, as_of, undated)
    with progress() as report:
        if third_party:
            held = conflict.third_party(state, concept, size=size, progress=report)
        else:
            answer = conflict.invert(state, concept, costs=costs, fixed=fixed or (), limit=limit, progress=report)
    write_basis(conflict, format)
    if format is Format.JSON:
        write_json((held if third_party else answer).to_dict())
    elif format is Format.CSV:
        write_csv((held if third_party else answer).rows())
    elif third_party:
        _show_holdings(held)
    else:
        _show(answer)


def _priced(text: str) -> tuple[str, str]:
    maker, equals, price = text.partition("=")
    if not equals or not maker or not price:
        raise typer.BadParameter(f"'{text}' is no cost: write 'dm=3'", param_hint="--cost")
    return maker, price


def _show(answer: Inversion) -> None:
    first, *lines = answer.why().split("\n")
    write_text(f"• {first}")
    for line in lines:
        write_text(line, indent=2 if line.startswith("-") else 0)
    if answer.changes and not answer.holds_already:
        _show_changes(answer)


def _show_changes(answer: Inversion) -> None:
    many = len(answer.changes)
    these = f"These {many} changes are" if many > 1 else "This change is"
    more = "" if answer.complete else " There are more: raise --limit to list them."
    write_table(
        ["No.", "What would have to change"],
        [[number, answer.in_words(change)] for number, change in enumerate(answer.changes, start=1)],
        title=answer.conflict.title,
        caption=f"{these} as small as can be: cost {float(answer.cost or 0):g}, importance {answer.importance}. "
        f"Nothing smaller does, and the engine agrees on each.{more}",
    )


def _show_holdings(answer: Intervention) -> None:
    title, state = answer.concept.title, state_label(answer.state)
    if answer.holds_already:
        write_text(f"• {state} is an equilibrium under {title} as things are: nothing has to be held.")
        return
    tried = "all sets of options" if answer.complete else f"sets of up to {counted(answer.size, 'option')}"
    write_table(
        ["No.", "What a third party would have to hold"],
        [[number, answer.in_words(holding)] for number, holding in enumerate(answer.holdings, start=1)],
        title=answer.conflict.title,
        caption=f"With each of these {state} is an equilibrium under {title}, and with no part of it. Tried: {tried}.",
    )
    for holding in answer.holdings[:MOST_TOLD]:
        write_text(f"• {answer.why(holding)}")
    if len(answer.holdings) > MOST_TOLD:
        write_text(f"… and {len(answer.holdings) - MOST_TOLD} more; --format json says why for each.")
