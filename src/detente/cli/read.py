"""``detente read``: from documents to a draft of a dossier."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from detente.cli.arguments import OutputFormat
from detente.cli.screen import Format, progress, say, write_csv, write_json, write_raw

if TYPE_CHECKING:
    from detente.dossier import Dossier, Source, Statement
    from detente.reading.documents import Document

#: What a statement always has, in this order, in JSON and CSV.
_ALWAYS = (
    "id", "source", "speaker", "speaker_text", "cue", "kind", "form", "quote", "spans", "date_said", "nested_in",
    "confidence",
)  # fmt: skip


def read(
    documents: Annotated[
        list[str], typer.Argument(metavar="DOCUMENT...", help="Plain text, HTML, PDF or DOCX; - for standard input.")
    ],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write the dossier to this file; standard output otherwise.")
    ] = None,
    published: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="The day of publication, where a document does not say it: 2023-07-28."),
    ] = None,
    gazetteer: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="More names and what stands for them, on top of the packaged gazetteer."),
    ] = None,
    top_level: Annotated[
        bool, typer.Option("--top-level", help="Leave out statements that are reported within others.")
    ] = False,
    format: OutputFormat = Format.TABLE,
) -> None:
    """Find who is reported to have said what, and write a draft of a dossier with exact places.

    The draft is to be read by a person: nothing is decided, and no conflict file is touched.

    Example: detente read report.txt --published 2023-07-28 -o report.dossier.yaml
    """
    from detente.files.dossier_file import dump_dossier, write_dossier
    from detente.reading.actors import gazetteer as names
    from detente.reading.dates import is_date
    from detente.reading.reader import read as read_all

    if published is not None and not is_date(published):
        raise typer.BadParameter(f"'{published}' is no date: write 2023-07-28", param_hint="--published")
    known = names(gazetteer)
    with progress():
        dossier = read_all(opened(documents), actors=known, published=published, nested=not top_level)
    dossier = replace(dossier, sources=beside(dossier.sources, output))
    if output is not None:
        write_dossier(dossier, output)
        say(f"wrote {output}")
    outer = sum(one.nested_in is None for one in dossier.statements)
    say(
        f"{outer} statements and {len(dossier.statements) - outer} reported within them, of {len(dossier.speakers)} "
        "speakers: a draft, to be read by a person"
    )
    if format is Format.JSON:
        write_json(_data(dossier))
    elif format is Format.CSV:
        write_csv(
            {**_statement(one), "spans": " ".join(f"{start}-{end}" for start, end in one.spans)}
            for one in dossier.statements
        )
    elif output is None:
        write_raw(dump_dossier(dossier))


def opened(names: Iterable[str]) -> list[Document]:
    """Read documents from files, and from standard input for ``-``."""
    return [_document(name) for name in names]


def _document(name: str) -> Document:
    from detente.reading.documents import parse_document, read_document

    if name == "-":
        return parse_document(sys.stdin.buffer.read(), "-")
    return read_document(name)


def beside(sources: Iterable[Source], output: Path | None) -> tuple[Source, ...]:
    """Name the documents of sources from the folder that is written to."""
    import os

    folder = output.parent if output is not None else Path()
    return tuple(
        replace(source, file=Path(os.path.relpath(source.file, folder)).as_posix()) if source.file else source
        for source in sources
    )


def _data(dossier: Dossier) -> dict[str, Any]:
    return {
        "format": "detente-dossier/1",
        "speakers": dict(dossier.speakers),
        "sources": [{key: value for key, value in asdict(one).items() if value is not None} for one in dossier.sources],
        "statements": [_statement(one) for one in dossier.statements],
    }


def _statement(one: Statement) -> dict[str, Any]:
    values = asdict(one)
    values["spans"] = [list(span) for span in one.spans]
    more = {key: value for key, value in values.items() if key not in _ALWAYS and value not in (None, (), False)}
    return {**{key: values[key] for key in _ALWAYS}, **more}
