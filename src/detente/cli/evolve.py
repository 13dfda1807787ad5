"""``detente evolve``: how a dispute can get from one state to another."""

from __future__ import annotations

from typing import Annotated

import typer

from detente.analysis.evolution import WAYS, Evolution, cost
from detente.cli.arguments import (
    AsOf,
    ConceptList,
    ConflictFile,
    EngineName,
    OutputFormat,
    Undated,
    current,
    write_basis,
)
from detente.concepts import concept as named
from detente.errors import UnknownNameError
from detente.model.wording import counted, state_label
from detente.render.terminal import Format, progress, write_csv, write_json, write_table, write_text

#: So many ways are told in words; the table has them all.
MOST_TOLD = 5


def evolve(
    file: ConflictFile,
    start: Annotated[
        str, typer.Option("--from", metavar="STATE", help="Where it begins: a number, a Y/N string or a name.")
    ] = "status_quo",
    to: Annotated[
        str, typer.Option("--to", metavar="STATE", help="Where it should lead: a state, or 'equilibria'.")
    ] = "equilibria",
    by: Annotated[
        str,
        typer.Option(metavar="WAY", help="'moves' for any legal moves, 'improvements' for moves the mover prefers."),
    ] = "moves",
    sacrifices: Annotated[
        int, typer.Option(min=0, help="With --by improvements: how many moves may be no improvements.")
    ] = 0,
    simple: Annotated[bool, typer.Option("--all", help="All simple paths, not the shortest ones only.")] = False,
    longest: Annotated[int | None, typer.Option(min=1, help="No path of more steps than this.")] = None,
    twice: Annotated[bool, typer.Option("--twice", help="Let somebody move twice in a row.")] = False,
    concept: ConceptList = None,
    engine: EngineName = "auto",
    format: OutputFormat = Format.TABLE,
    as_of: AsOf = None,
    undated: Undated = "latest",
) -> None:
    """Say how a dispute can get from one state to another, who moves, and what blocks the way.

    Example: detente evolve example:elmira --to equilibria --by improvements --concept nash
    """
    if by not in WAYS:
        raise typer.BadParameter(str(UnknownNameError("way", by, WAYS)), param_hint="--by")
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
    write_basis(conflict, format)
    if format is Format.JSON:
        write_json(evolution.to_dict())
    elif format is Format.CSV:
        write_csv(evolution.rows())
    else:
        _show(evolution)


def _show(evolution: Evolution) -> None:
    far = max(steps for _, steps, _ in evolution.reached)
    write_table(
        ["No.", "State", "Name", "Equilibrium under", "Paths", "Steps", "Sacrifices"],
        [
            [
                one.state.number,
                one.state.pattern,
                one.state.name or "",
                ", ".join(named(id).title for id in one.concepts) or "-",
                f"{len(one.paths)}{'' if one.complete else '+'}" if one.reachable else "-",
                "-" if one.route is None else len(one.route),
                "no path at all" if one.route is None else cost(one.route),
            ]
            for one in evolution.targets
        ],
        title=f"{evolution.conflict.title}: from {state_label(evolution.start)}",
        caption=f"{counted(len(evolution.reached), 'state')} can be reached, the start among them; the farthest in "
        f"{counted(far, 'step')}. "
        "Steps and sacrifices are those of a path with the fewest sacrifices. A sacrifice is a move that is no "
        "improvement for whoever makes it.",
    )
    if not evolution.targets:
        write_text("No state is an equilibrium under the concepts asked for.")
        return
    write_text(evolution.answer)
    told = [one for one in evolution.by_cost() if one.state != evolution.start]
    for one in told[:MOST_TOLD]:
        write_text(f"• {evolution.why(one)}")
    if len(told) > MOST_TOLD:
        write_text(f"… and {len(told) - MOST_TOLD} more: ask for one by --to STATE, or for all by --format json.")
