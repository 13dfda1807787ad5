"""``detente concepts``: the stability concepts."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from detente.cli.arguments import OutputFormat, known_concept, not_empty
from detente.concepts import CONCEPTS, DEFAULT_CONCEPTS, SERIES, VARIANTS, Concept, concept
from detente.present.listings import concepts_view
from detente.render.terminal import Format, write_blocks, write_csv, write_json


def concepts(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="CONCEPT",
            help="Show this concept in full.",
            callback=known_concept,
            autocompletion=lambda: [*CONCEPTS, *VARIANTS],
        ),
    ] = None,
    format: OutputFormat = Format.TABLE,
) -> None:
    """List the stability concepts, or explain one.

    Example: detente concepts seq
    """
    one = concept(not_empty(name)) if name is not None else None
    every = (*CONCEPTS.values(), *VARIANTS.values(), *(series.general for series in SERIES.values()))
    shown = (one,) if one else every
    rows = [_row(each) for each in shown]
    if format is Format.JSON:
        write_json({"format": "detente-concepts/1", "concepts": rows})
    elif format is Format.CSV:
        write_csv(rows)
    else:
        write_blocks(concepts_view(shown, DEFAULT_CONCEPTS))


def _row(one: Concept) -> dict[str, Any]:
    return {
        "id": one.id,
        "title": one.title,
        "name": one.name,
        "default": one.id in DEFAULT_CONCEPTS,
        "family": one.family,
        "plain": one.plain,
        "definition": one.definition,
        "source": one.source,
        "caution": one.caution,
        "experimental": one.experimental,
    }
