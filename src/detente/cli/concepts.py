"""``detente concepts``: the stability concepts that can be asked for."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from detente.cli.arguments import OutputFormat, known_concept, not_empty
from detente.concepts import CONCEPTS, DEFAULT_CONCEPTS, SERIES, VARIANTS, Concept, concept
from detente.present.blocks import Facts, Heading, Paragraph
from detente.render.terminal import Format, write_blocks, write_csv, write_json, write_table

#: What stands above the concepts of a family; those that are analysed by default come first.
DEFAULT = "Analysed unless --concept names others"
FAMILIES = {
    "plain": "Others for any dispute",
    "unknown": "If some preferences are unknown",
    "strength": "If preferences are mild or strong",
    "fuzzy": "If preferences are fuzzy",
    "probabilistic": "If preferences are probabilities",
    "relational": "If parties have attitudes to one another",
    "horizon": "Looking several moves ahead; write their number in place of h",
}


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
    rows = [_row(each) for each in ((one,) if one else every)]
    if format is Format.JSON:
        write_json({"format": "detente-concepts/1", "concepts": rows})
    elif format is Format.CSV:
        write_csv(rows)
    elif one:
        _show(one)
    else:
        shown: dict[str, list[list[str]]] = {DEFAULT: [], **{title: [] for title in FAMILIES.values()}}
        for row in rows:
            title = DEFAULT if row["default"] else FAMILIES[row["family"]]
            shown[title].append([row["id"], row["name"], row["plain"]])
        for title, listed in shown.items():
            write_table(["Concept", "Name", "What it means"], listed, title=title)


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


def _show(one: Concept) -> None:
    facts = [("In symbols", one.definition), ("Source", one.source)]
    if one.caution:
        facts.append(("Caution", one.caution))
    if one.experimental:
        facts.append(("Experimental", "checked by computation, not yet against the publication"))
    write_blocks([Heading(f"{one.name} ({one.id})"), Paragraph(one.plain), Facts(tuple(facts))])
