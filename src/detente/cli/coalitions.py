"""``detente coalitions``: who would leave an equilibrium together, and where to."""

from __future__ import annotations

from typing import Annotated

import typer

from detente.analysis.coalitions import COALITION_CONCEPTS, CoalitionAnalysis, CoalitionImprovement
from detente.cli.arguments import AsOf, ConflictFile, EngineName, OutputFormat, Undated, current, write_basis
from detente.concepts import CONCEPTS
from detente.errors import UnknownNameError
from detente.model.states import State
from detente.model.wording import capital, coalition_in_words, state_label
from detente.render.terminal import Format, plain, progress, write_csv, write_json, write_table, write_text

#: How many states that a coalition would go to are told in words.
MOST_NAMED = 4
#: Of how many equilibria and coalitions it is told where they would go; the rest is counted.
MOST_TOLD = 6


def coalitions(
    file: ConflictFile,
    group: Annotated[
        list[str] | None,
        typer.Option("--group", "-g", metavar="A+B", help="Only this coalition; may be repeated. All when left out."),
    ] = None,
    size: Annotated[int | None, typer.Option(min=1, help="Coalitions of up to so many decision makers.")] = None,
    concept: Annotated[
        list[str] | None,
        typer.Option("--concept", "-c", metavar="CONCEPT", help="nash, gmr, smr or seq; may be repeated."),
    ] = None,
    engine: EngineName = "auto",
    format: OutputFormat = Format.TABLE,
    as_of: AsOf = None,
    undated: Undated = "latest",
) -> None:
    """Say which equilibria a coalition would leave for another, and which states hold against every coalition.

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
    write_basis(analysis.conflict, format)
    if format is Format.JSON:
        write_json(analysis.to_dict())
    elif format is Format.CSV:
        write_csv(analysis.rows())
    else:
        _show(analysis)


def _show(analysis: CoalitionAnalysis) -> None:
    states = sorted({state for found in analysis.equilibria.values() for state in found})
    every = "every coalition" if analysis.every else f"{len(analysis.coalitions)} coalitions"
    write_table(
        ["No.", "State", "Name", *(CONCEPTS[id].title for id in analysis.concepts)],
        [
            [
                state.number,
                state.pattern,
                state.name or "",
                *(
                    plain("·", "dim")
                    if state not in analysis.equilibria[id]
                    else plain("✓", "bold green")
                    if state in analysis.universal[id]
                    else "alone"
                    for id in analysis.concepts
                ),
            ]
            for state in states
        ],
        title=analysis.conflict.title,
        caption=f"The equilibria. ✓ stable for {every}; ‘alone’: for each decision maker, but not for some coalition.",
        centred=3,
    )
    _show_jumps(analysis)


def _show_jumps(analysis: CoalitionAnalysis) -> None:
    """Say the answer, then for every equilibrium and coalition where it would go; the status quo comes first."""
    write_text(analysis.answer)
    found: dict[tuple[State, tuple[str, ...]], dict[State, list[CoalitionImprovement]]] = {}
    for jump in analysis.jumps:
        found.setdefault((jump.start, jump.coalition), {}).setdefault(jump.end, []).append(jump)
    here = analysis.status_quo
    told = sorted(found.items(), key=lambda item: (item[0][0] != here, item[0]))
    for (start, coalition), ends in told[:MOST_TOLD]:
        who = capital(coalition_in_words(analysis.conflict, coalition))
        deterred = all(analysis.deterred(jump) for jumps in ends.values() for jump in jumps)
        how = (
            "could go together, but are deterred by what the others could answer," if deterred else "would go together"
        )
        write_text(f"• {who} {how} from {state_label(start)}.")
        for jumps in list(ends.values())[:MOST_NAMED]:
            titles = ", ".join(
                CONCEPTS[jump.concept].title + (" (deterred)" if analysis.deterred(jump) and not deterred else "")
                for jump in jumps
            )
            write_text(f"– {titles}: {analysis.in_words(start, jumps[0].path)}.", indent=2)
        if len(ends) > MOST_NAMED:
            write_text(f"… and {len(ends) - MOST_NAMED} more", indent=2)
    if len(told) > MOST_TOLD:
        write_text(
            f"… and {len(told) - MOST_TOLD} more: --group A+B asks for one coalition, --format json has them all."
        )
