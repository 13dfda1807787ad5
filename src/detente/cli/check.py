"""``detente check``: is the file sound, and what should be looked at?"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from detente.cli.arguments import ConflictPath, OutputFormat
from detente.errors import Fault, InputError
from detente.io.conflict_file import grouped_warnings, open_conflict
from detente.model.wording import counted
from detente.reading.drafting.verify_quotes import unverified_quotes
from detente.render.terminal import Format, message, write_csv, write_json, write_line, write_table


def check(
    file: ConflictPath,
    documents: Annotated[
        list[Path] | None,
        typer.Option("--documents", metavar="FOLDER", help="Look here for the documents of the sources, too."),
    ] = None,
    format: OutputFormat = Format.TABLE,
) -> None:
    """Check a conflict file: every fault, with its place.

    Where the documents of its sources are at hand, every quote is looked up in them. Exits with 1 when something is
    wrong; warnings alone leave it at 0.

    Example: detente check river.conflict.yaml
    """
    findings: list[tuple[str, Fault]] = []
    summary = ""
    for folder in documents or ():
        if not folder.is_dir():
            raise typer.BadParameter(f"there is no folder {folder}", param_hint="--documents")
    try:
        opened = open_conflict(file)
        conflict = opened.conflict
        findings += [("warning", fault) for fault in opened.warnings]
        quotes = unverified_quotes(conflict, opened.path.parent, documents or ())
        findings += [("warning", replace(fault, file=str(opened.path))) for fault in quotes]
        findings += [("judgement", fault) for fault in opened.judgements]
        parts = {
            "decision maker": conflict.decision_makers,
            "option": conflict.options,
            "rule": conflict.rules,
            "statement": conflict.all_statements,
        }
        told = ", ".join(counted(len(found), what) for what, found in parts.items())
        summary = f"{conflict.title.strip() or 'untitled'}: {told}."
    except InputError as error:
        findings += [("error", fault) for fault in error.faults]
    _write(format, file, findings, summary)
    if any(severity == "error" for severity, _ in findings):
        raise typer.Exit(1)


def _write(format: Format, file: str, findings: list[tuple[str, Fault]], summary: str) -> None:
    counts = Counter(severity for severity, _ in findings)
    if format is Format.JSON:
        rows = [_row(severity, fault) for severity, fault in findings]
        write_json({"format": "detente-check/1", "file": file, "ok": not counts["error"], "findings": rows})
        return
    if format is Format.CSV:
        write_csv(_row(severity, fault) for severity, fault in findings)
        return
    warnings = grouped_warnings([fault for severity, fault in findings if severity == "warning"])
    others = [(severity, fault) for severity, fault in findings if severity != "warning"]
    findings = [*(("warning", fault) for fault in warnings), *others]
    counts["warning"] = len(warnings)
    for severity, fault in findings:
        if severity == "error":
            message(str(fault), "red")
    if summary:
        write_line(summary)
    for severity, head in (("warning", "Worth a look"), ("judgement", "On the analyst's judgement")):
        if counts[severity]:
            lines = [[fault.line or "", fault.message] for kind, fault in findings if kind == severity]
            write_table(["Line", head], lines)
    if counts["error"] > 1:
        message(f"{counts['error']} faults.")
    if not counts["error"]:
        some = [counted(counts[kind], kind) for kind in ("warning", "judgement") if counts[kind]]
        write_line(", ".join(["No faults", *some]) + ".", style="green")


def _row(severity: str, fault: Fault) -> dict[str, Any]:
    return {
        "severity": severity,
        "file": fault.file,
        "line": fault.line,
        "column": fault.column,
        "message": fault.message,
        "suggestion": fault.suggestion,
    }
