"""``detente check``: the faults of a conflict file, and the points that a person should review."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from detente.cli.arguments import ConflictPath, OutputFormat
from detente.errors import Fault, InputError
from detente.io.conflict_file import open_conflict
from detente.model.conflict import Conflict
from detente.present.listings import Finding, check_answer, check_view
from detente.reading.drafting.verify_quotes import unverified_quotes
from detente.render.terminal import Format, message, write_blocks, write_csv, write_json


def check(
    file: ConflictPath,
    documents: Annotated[
        list[Path] | None,
        typer.Option("--documents", metavar="FOLDER", help="Also look for the source documents in this folder."),
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 1 if a quote is not in the document of its source.")
    ] = False,
    format: OutputFormat = Format.TABLE,
) -> None:
    """Check a conflict file; list its faults with their lines.

    If the source documents are where the file says, or in the folder given with --documents, the command also looks up
    every quote in them. It exits with 1 if the file has a fault; warnings and assumptions do not count as faults. With
    --strict, these count as faults, too: a quote that is not in its document or whose source names no document, and a
    document that is missing or cannot be read.

    Example: detente check river.conflict.yaml
    """
    findings: list[Finding] = []
    conflict: Conflict | None = None
    for folder in documents or ():
        if not folder.is_dir():
            raise typer.BadParameter(f"there is no folder {folder}", param_hint="--documents")
    try:
        opened = open_conflict(file)
        findings += [("warning", fault) for fault in opened.warnings]
        quotes = unverified_quotes(opened.conflict, opened.path.parent, documents or (), every=strict)
        findings += [
            ("error" if strict and fault.lost else "warning", replace(fault, file=str(opened.path))) for fault in quotes
        ]
        findings += [("judgement", fault) for fault in opened.judgements]
        conflict = opened.conflict
    except InputError as error:
        findings += [("error", fault) for fault in error.faults]
    errors = [fault for severity, fault in findings if severity == "error"]
    if format is Format.JSON:
        rows = [_row(severity, fault) for severity, fault in findings]
        write_json({"format": "detente-check/1", "file": file, "ok": not errors, "findings": rows})
    elif format is Format.CSV:
        write_csv(_row(severity, fault) for severity, fault in findings)
    else:
        for fault in errors:
            message(str(fault), "red")
        write_blocks(check_view(findings, conflict))
        if len(errors) > 1:
            message(check_answer(findings))
    if errors:
        raise typer.Exit(1)


def _row(severity: str, fault: Fault) -> dict[str, Any]:
    return {
        "severity": severity,
        "file": fault.file,
        "line": fault.line,
        "column": fault.column,
        "message": fault.message,
        "suggestion": fault.suggestion,
    }
