"""``detente compare``: what changed between two versions of a dispute, and what that did."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from detente.cli.arguments import ConceptList, ConflictFile, EngineName, OutputFormat, not_empty
from detente.cli.screen import Format, progress, say, write_csv, write_json, write_table, write_text

if TYPE_CHECKING:
    from detente.analysis.comparison import Change, Comparison


def compare(
    file: ConflictFile,
    other: Annotated[
        str, typer.Argument(metavar="OTHER", help="The later version: a file, or example:ID.", callback=not_empty)
    ],
    concept: ConceptList = None,
    engine: EngineName = "auto",
    format: OutputFormat = Format.TABLE,
) -> None:
    """Say what changed between two versions of a dispute, and which change did what to the equilibria.

    Example: detente compare example:lake-gisborne-economy example:lake-gisborne-environment --concept nash
    """
    from detente.analysis import load
    from detente.analysis.comparison import compare as compared

    first, second = load(file), load(other)
    with progress() as report:
        comparison = compared(first, second, concept or None, engine, progress=report)
    if format is Format.JSON:
        write_json(comparison.to_dict())
    elif format is Format.CSV:
        if comparison.identified:
            say(comparison.identified)
        write_csv(comparison.rows())
    else:
        _show(comparison)


def _show(comparison: Comparison) -> None:
    if comparison.identified:
        write_text(comparison.identified)
    if not comparison.changes:
        write_text("Nothing that decides an answer is otherwise.")
    else:
        write_table(
            ["Change", "Alone it makes", "Needed for"],
            [
                [one.text, _effects(comparison, one, alone=True), _effects(comparison, one, alone=False)]
                for one in comparison.changes
            ],
            title=f"{_named(comparison, first=True)} → {_named(comparison, first=False)}",
            caption="+ a state that becomes an equilibrium, - one that is none any more; states over the options "
            + ", ".join(comparison.options)
            + ".",
        )
    if comparison.changes and not comparison.attributed:
        write_text(comparison.unattributed)
    for (came, went), titles in comparison.outcomes.items():
        if not came and not went:
            write_text(f"• {', '.join(titles)}: the same equilibria as before.")
        for states, what in ((came, "new"), (went, "gone")):
            if states:
                write_text(f"• {', '.join(titles)}: {what}: {', '.join(map(comparison.shown, states))}.")
    new, gone = comparison.statements
    if new or gone:
        write_text(f"• Statements: {len(new)} new, {len(gone)} gone.")


def _named(comparison: Comparison, first: bool) -> str:
    version = comparison.first if first else comparison.second
    return f"{version.title} ({version.as_of})" if version.as_of else version.title


def _effects(comparison: Comparison, change: Change, alone: bool) -> str:
    effects = change.alone if alone else change.needed
    if effects is None:
        return "-"
    grouped: dict[tuple[tuple[str, ...], tuple[str, ...]], list[str]] = {}
    titles = {concept.id: concept.title for concept in comparison.concepts}
    for concept, come, go in effects:
        if come or go:
            grouped.setdefault((come, go), []).append(titles[concept])
    return (
        "\n".join(
            f"{', '.join(concepts)}: {' '.join([*(f'+{one}' for one in come), *(f'-{one}' for one in go)])}"
            for (come, go), concepts in grouped.items()
        )
        or "nothing"
    )
