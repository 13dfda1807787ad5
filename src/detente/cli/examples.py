"""``detente examples``: the catalogue."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from detente.cli.arguments import OutputFormat, not_empty
from detente.cli.output import Force, require_writable, write_output
from detente.examples import catalogue, demo_files, path
from detente.io.conflict_file import load
from detente.present.listings import catalogue_view
from detente.render.terminal import Format, message, write_blocks, write_csv, write_json, write_raw


def _ids() -> list[str]:
    return list(catalogue())


def examples(
    id: Annotated[
        str | None,
        typer.Argument(
            metavar="ID", help="Print this dispute's conflict file.", callback=not_empty, autocompletion=_ids
        ),
    ] = None,
    demo: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER", help="Write the demo to this folder: three invented reports, and a corrected model."
        ),
    ] = None,
    force: Force = False,
    format: OutputFormat = Format.TABLE,
) -> None:
    """List the catalogue, or print one dispute's conflict file.

    Example: detente examples elmira > mine.conflict.yaml

    Example: detente examples --demo demo
    """
    if demo is not None:
        _write_demo(demo, force)
        return
    if id is not None:
        text = path(id.removeprefix("example:")).read_text(encoding="utf-8")
        if format is Format.TABLE:
            write_raw(text)
        elif format is Format.JSON:
            write_json({"format": "detente-example/1", "id": id, "text": text})
        else:
            write_csv([{"id": id, "text": text}])
        return
    rows = []
    for name in catalogue():
        conflict = load(f"example:{name}")
        rows.append(
            {
                "id": name,
                "title": conflict.title,
                "as_of": conflict.as_of or "",
                "decision_makers": len(conflict.decision_makers),
                "options": len(conflict.options),
            }
        )
    if format is Format.JSON:
        write_json({"format": "detente-examples/1", "examples": rows})
    elif format is Format.CSV:
        write_csv(rows)
    else:
        write_blocks(catalogue_view(rows))


def _write_demo(folder: Path, force: bool) -> None:
    """Write the files of the demo; nothing is written if one of them exists and may not be replaced."""
    files = demo_files()
    for name in files:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        require_writable(folder / name, files.values(), force)
    for name, source in files.items():
        write_output(folder / name, source.read_bytes(), force)
    message(f"wrote {len(files)} files to {folder}")
