"""``detente explain``: why a state is or is not stable for a party."""

from __future__ import annotations

from typing import Annotated

import typer

from detente.analysis.explanation import explanation_of
from detente.analysis.timeline.course import past_of, verdict_since
from detente.cli.arguments import (
    AsOf,
    ConflictPath,
    EngineName,
    OneConcept,
    OutputFormat,
    Undated,
    current,
    write_basis,
)
from detente.concepts import chosen
from detente.engine import solver
from detente.errors import UnknownNameError
from detente.limits import MAX_LISTED
from detente.present.explanation import quotes, verdict_blocks
from detente.present.phrases import spelled_out
from detente.present.timeline import since_in_words
from detente.render.terminal import Format, progress, write_blocks, write_csv, write_json, write_line


def explain(
    file: ConflictPath,
    state: Annotated[str, typer.Option("--state", "-s", help="A number, a Y/N string or a name.")] = "status quo",
    dm: Annotated[
        str | None,
        typer.Option("--dm", "-d", metavar="PARTY", help="A party, or a+b for a standing coalition. Default: all."),
    ] = None,
    concept: OneConcept = None,
    engine: EngineName = "auto",
    format: OutputFormat = Format.TABLE,
    as_of: AsOf = None,
    undated: Undated = "latest",
) -> None:
    """Explain why a state is or is not stable.

    For each party, the answer names every improvement, and the moves of the other parties that deter it.

    Default concept: SEQ (sequential stability), in which the other parties respond in their own interest.

    Example: detente explain example:elmira --state 5 --dm moe --concept seq
    """
    conflict = current(file, as_of, undated)
    players = list(conflict.player_ids)
    if dm is not None and dm not in players:
        raise UnknownNameError("decision maker", dm, players)
    (named,) = chosen([concept or "seq"])
    asked = [dm] if dm else players
    with progress() as report:
        report(0.0, "compiling the conflict")
        compiled = solver(conflict, engine)
        number = compiled.number_of(state)
        found = []
        for place, player in enumerate(asked):
            report(place / len(asked), f"{named.title} for {player}")
            found.append(explanation_of(compiled, number, players.index(player), named))
        report(1.0, "since when")
        # Only words say it: the data of an answer are those of one day's model.
        past = past_of(conflict) if compiled.count <= MAX_LISTED and format is Format.TABLE else None
        since = [verdict_since(conflict, one.state, one.player, named.id, past) if past else None for one in found]
    write_basis(conflict, format)
    if format is Format.JSON:
        data = [one.to_dict() for one in found]
        many = {
            "format": "detente-explanations/1",
            **conflict.basis.to_dict(),
            "explanations": data,
        }
        write_json(data[0] if dm else many)
    elif format is Format.CSV:
        write_csv(row for one in found for row in one.rows())
    else:
        write_line(f"{spelled_out(named)}: {named.plain[:1].lower()}{named.plain[1:]}")
        if named.experimental:
            write_line(f"Experimental: {named.source}.", style="dim")
        for one, found_since in zip(found, since, strict=True):
            write_line("")
            write_blocks(verdict_blocks(one))
            if found_since is not None and one.stable is not None and found_since.had_state:
                write_line(since_in_words(found_since, conflict, stable=one.stable))
        if said := quotes(found):
            write_line("")
            write_blocks(said)
        # That the model of the days before has no such outcome is so for every party.
        new = next((one for one in since if one is not None and not one.had_state), None)
        if new is not None:
            write_line("")
            write_line(since_in_words(new, conflict, stable=True))
