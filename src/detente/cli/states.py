"""``detente states``: the feasible states in the conventional order, with each party's ranks."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from detente.cli.arguments import AsOf, ConflictPath, OutputFormat, Undated, current, write_basis
from detente.engine import solver
from detente.errors import TooLargeError
from detente.limits import MAX_LISTED
from detente.present.listings import states_view
from detente.render.terminal import Format, progress, write_blocks, write_csv, write_json


def states(
    file: ConflictPath,
    format: OutputFormat = Format.TABLE,
    as_of: AsOf = None,
    undated: Undated = "latest",
    limit: Annotated[int, typer.Option(min=1, help="Maximum number of states in the table.")] = 500,
) -> None:
    """List the feasible states and how each party ranks them.

    1 is the best rank; tied states share a rank.

    Example: detente states example:elmira
    """
    conflict = current(file, as_of, undated)
    compiled = solver(conflict)
    if compiled.count > MAX_LISTED:
        raise TooLargeError(f"{compiled.count:,} states are too many to list; 'analyze --summary' describes them")
    makers = conflict.decision_makers
    ranks = [compiled.ranks(place) for place in range(len(makers))]
    quo = conflict.status_quo
    here = compiled.number_of(conflict.pattern(quo.taken)) if quo else None
    with progress() as report:
        report(0.0, f"writing {compiled.count:,} states")
        found = [compiled.state(number) for number in range(1, compiled.count + 1)]
    write_basis(conflict, format)
    if format is Format.JSON:
        write_json(
            {
                "format": "detente-states/1",
                **conflict.basis.to_dict(),
                "conflict": {"title": conflict.title, "options": [option.id for option in conflict.options]},
                "count": compiled.count,
                "status_quo": here,
                "states": [
                    {
                        "number": state.number,
                        "state": state.pattern,
                        "taken": list(state.taken),
                        "name": state.name,
                        "ranks": {maker.id: rank[state - 1] for maker, rank in zip(makers, ranks, strict=True)},
                    }
                    for state in found
                ],
            }
        )
        return
    rows: list[dict[str, Any]] = [
        {
            "number": state.number,
            "state": state.pattern,
            "name": state.name or "",
            "taken": ", ".join(state.taken),
            **{f"rank:{maker.id}": rank[state - 1] for maker, rank in zip(makers, ranks, strict=True)},
        }
        for state in found
    ]
    if format is Format.CSV:
        write_csv(rows)
        return
    write_blocks(states_view(conflict, found, ranks, found[here - 1] if here else None, limit))
