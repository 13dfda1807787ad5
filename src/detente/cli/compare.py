"""``detente compare``: what changed between two versions of a dispute, and what that did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

import typer

from detente.analysis.comparison import Change, Comparison, compare_days
from detente.analysis.comparison import compare as compared
from detente.cli.arguments import (
    AsOf,
    ConceptList,
    ConflictFile,
    EngineName,
    OutputFormat,
    Undated,
    current,
    known_day,
    not_empty,
)
from detente.io.conflict_file import load
from detente.model.conflict import Conflict
from detente.model.statements import Statement
from detente.model.wording import statement_in_words
from detente.present.basis import basis_in_words
from detente.render.terminal import Format, message, progress, write_csv, write_json, write_table, write_text


def _known_days(days: list[str] | None) -> list[str] | None:
    for day in days or ():
        known_day(day)
    return days


def compare(
    file: ConflictFile,
    other: Annotated[
        str | None,
        typer.Argument(metavar="OTHER", help="The later version: a file, or example:ID.", callback=not_empty),
    ] = None,
    at: Annotated[
        list[str] | None,
        typer.Option(
            "--at",
            metavar="DAY",
            help="Compare FILE with itself on these days; give two or more.",
            callback=_known_days,
        ),
    ] = None,
    concept: ConceptList = None,
    engine: EngineName = "auto",
    format: OutputFormat = Format.TABLE,
    as_of: AsOf = None,
    undated: Undated = "latest",
) -> None:
    """Say what changed between two versions of a dispute, or between two days of one, and which change did what.

    Example: detente compare example:lake-gisborne-economy example:lake-gisborne-environment --concept nash
    """
    if (other is None) == (not at):
        raise typer.BadParameter("give another version, or two days with --at", param_hint="OTHER")
    if at and (len(at) < 2 or as_of):
        raise typer.BadParameter("give --at two or more times, and no --as-of", param_hint="--at")
    with progress() as report:
        if at:
            found = compare_days(load(file), at, concept or None, engine, undated=undated, progress=report)
        else:
            first, second = (current(one, as_of, undated) for one in (file, str(other)))
            found = (compared(first, second, concept or None, engine, progress=report),)
    if format is Format.JSON:
        data = [one.to_dict() for one in found]
        write_json(data[0] if len(data) == 1 else {"format": "detente-compare/1", "days": at, "comparisons": data})
        return
    for one in found:
        if format is Format.CSV and one.identified:
            message(one.identified)
        if format is not Format.CSV:
            _show(one)
    if format is Format.CSV:
        days = [{"from": one.first.day or "", "to": one.second.day or ""} if at else {} for one in found]
        write_csv(day | row for day, one in zip(days, found, strict=True) for row in one.rows())


def _show(comparison: Comparison) -> None:
    if comparison.identified:
        write_text(comparison.identified)
    for version in (comparison.first, comparison.second):
        for sentence in basis_in_words(version):
            write_text(f"{_day(version)}{sentence}")
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
    if comparison.because:
        write_text("• The difference is due to these statements:")
        for id in comparison.because:
            write_text(f"– {statement_in_words(*_known(comparison, id))}", indent=2)
    new, gone = comparison.statements
    if new or gone:
        write_text(f"• Statements: {len(new)} new, {len(gone)} gone.")


def _named(comparison: Comparison, first: bool) -> str:
    version = comparison.first if first else comparison.second
    day = version.day or version.as_of
    return f"{version.title} ({day})" if day else version.title


def _day(version: Conflict) -> str:
    return f"{version.day or version.as_of}: " if version.day or version.as_of else ""


def _known(comparison: Comparison, id: str) -> tuple[Statement, Mapping[str, str], Sequence[Statement]]:
    """Return a statement of either version, with the names of speakers and the statements around it."""
    versions = (comparison.second, comparison.first)
    version = next(one for one in versions if any(said.id == id for said in one.all_statements))
    said = next(one for one in version.all_statements if one.id == id)
    return said, version.all_speakers, version.all_statements


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
