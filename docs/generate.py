"""The pages that are made from the program itself: stability concepts, schema, catalogue."""

from __future__ import annotations

import json
from pathlib import Path

import detente as dt
from detente.concepts import CONCEPTS, SERIES, VARIANTS, Concept
from detente.examples import catalogue
from detente.io.yaml.schema import json_schema
from detente.model.conflict import Conflict


def write_all(docs: Path) -> None:
    """Write every generated page below the folder of the documentation."""
    reference, disputes = docs / "reference", docs / "catalogue" / "generated"
    disputes.mkdir(parents=True, exist_ok=True)
    (reference / "generated").mkdir(parents=True, exist_ok=True)
    _write(reference / "generated" / "concepts.md", concepts_fragment())
    _write(reference / "schema.md", schema_page())
    for id in catalogue():
        _write(disputes / f"{id}.md", dispute_page(id))


def _write(path: Path, text: str) -> None:
    """Write a page only where it changes, so that a second build is quick."""
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")


def concepts_fragment() -> str:
    """The stability concepts, for the page of the command ``concepts``."""
    parts = ["## For any dispute\n", "In the order in which results list them.\n"]
    for concept in CONCEPTS.values():
        parts += _concept_parts(concept)
    parts.append("## For particular purposes\n")
    parts.append("These concepts use the parties' attitudes to one another, or are defined for two parties only.\n")
    for concept in VARIANTS.values():
        parts += _concept_parts(concept)
    parts.append("## With a horizon\n")
    parts.append("Replace h with the number of moves to look ahead, 1 or more.\n")
    for series in SERIES.values():
        parts += _concept_parts(series.general)
    return "\n".join(parts)


def _concept_parts(concept: Concept) -> list[str]:
    """What a reader needs to know of a concept."""
    parts = [f"### {concept.name} (`{concept.id}`)\n"]
    if concept.experimental:
        parts.append("*Experimental:* tested by computation, but not yet compared with the published definition.\n")
    parts.append(f"{concept.plain}\n\n: {concept.definition}\n")
    parts.append(f"*Source.* {concept.source}\n")
    if concept.caution:
        parts.append(f"*Caution.* {concept.caution}\n")
    return parts


def schema_page() -> str:
    """The JSON Schema of the conflict file."""
    return (
        "# The schema of the conflict file\n\nGenerated from the code that reads the file; published with the "
        "package as `detente/io/yaml/conflict.schema.json`.\n\n```json\n"
        f"{json.dumps(json_schema(), indent=2, ensure_ascii=False)}\n```\n"
    )


def dispute_page(id: str) -> str:
    """One dispute of the catalogue."""
    conflict = dt.example(id)
    analysis = conflict.analyze()
    parts = [f"# {conflict.title}\n", f"{conflict.summary}\n"]
    if conflict.as_of:
        parts.append(f"As of {conflict.as_of}. `example:{id}`\n")
    parts += [f"- {text.strip()}" for text in conflict.citation]
    parts += ["\n## Decision makers and options\n", _options_table(conflict)]
    parts += ["\n## Equilibria\n", f"{analysis.count} feasible states.\n", "| concept | equilibria |\n|---|---|"]
    for concept in analysis.concepts:
        states = analysis.equilibria(concept.id)
        some = ", ".join(str(state) for state in states[:12])
        more = f" and {len(states) - 12} more" if len(states) > 12 else ""
        parts.append(f"| {concept.title} | {_cell(some + more) or 'none'} |")
    if conflict.notes:
        parts += ["\n## Notes\n", "```text", conflict.notes.strip(), "```"]
    return "\n".join(parts) + "\n"


_ONE_WAY = {True: "can be taken but not undone", False: "can be undone but not taken again", None: ""}


def _options_table(conflict: Conflict) -> str:
    rows = ["| decision maker | option | what it is | one way |\n|---|---|---|---|"]
    for maker in conflict.decision_makers:
        for option in maker.options or ():
            way = _ONE_WAY[conflict.direction.get(option.id)]
            rows.append(f"| {_cell(maker.label)} | `{option.id}` | {_cell(option.label)} | {way} |")
        if not maker.options:
            rows.append(f"| {_cell(maker.label)} | | no options | |")
    return "\n".join(rows)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
