"""``detente check``: is the file sound, and what should be looked at?"""

from __future__ import annotations

from typing import Any

import typer

from detente.cli.arguments import ConflictFile, OutputFormat
from detente.cli.screen import Format, say, write_csv, write_json, write_table, write_text
from detente.errors import Fault, InputError


def check(file: ConflictFile, format: OutputFormat = Format.TABLE) -> None:
    """Check a conflict file and say everything that is wrong with it, with line and column.

    Exits with 1 when something is wrong; warnings alone leave it at 0.

    Example: detente check river.conflict.yaml
    """
    from detente.analysis.loading import checked

    faults: tuple[Fault, ...] = ()
    warnings: tuple[Fault, ...] = ()
    summary = ""
    try:
        conflict, warnings = checked(file)
        summary = (
            f"{conflict.title}: {len(conflict.decision_makers)} decision makers, {len(conflict.options)} options, "
            f"{len(conflict.rules)} rules, {len(conflict.statements)} statements."
        )
    except InputError as error:
        faults = error.faults
    _write(format, file, faults, warnings, summary)
    if faults:
        raise typer.Exit(1)


def _write(format: Format, file: str, faults: tuple[Fault, ...], warnings: tuple[Fault, ...], summary: str) -> None:
    rows = [*(_row("error", fault) for fault in faults), *(_row("warning", fault) for fault in warnings)]
    if format is Format.JSON:
        write_json({"format": "detente-check/1", "file": file, "ok": not faults, "findings": rows})
        return
    if format is Format.CSV:
        write_csv(rows)
        return
    for fault in faults:
        say(str(fault), "red")
    if summary:
        write_text(summary)
    if warnings:
        write_table(
            ["Line", "Worth a look"],
            [[warning.line or "", warning.message] for warning in warnings],
        )
    if not faults:
        write_text("No faults." if not warnings else f"No faults, {len(warnings)} warnings.", style="green")
    elif len(faults) > 1:
        say(f"{len(faults)} faults.")


def _row(severity: str, fault: Fault) -> dict[str, Any]:
    return {
        "severity": severity,
        "file": fault.file,
        "line": fault.line,
        "column": fault.column,
        "message": fault.message,
        "suggestion": fault.suggestion,
    }
