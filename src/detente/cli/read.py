"""``detente read``: draft a dossier from documents."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from detente.cli.arguments import OutputFormat, SchedulerAddress, WorkerCount, not_empty
from detente.cli.output import Force, OutputFile, require_writable, write_output
from detente.errors import InputError
from detente.io.dossier_file import dossier_data, dump_dossier, statement_data
from detente.model.statements import Source
from detente.model.wording import counted
from detente.reading.dates import is_date
from detente.reading.documents import Document, described, document_notes, documents_in, parse_document, read_document
from detente.reading.gazetteer import load_gazetteer
from detente.reading.reader import TAGGERS, load_tagger
from detente.reading.reader import read as read_all
from detente.reading.tagging import PartialTags
from detente.render.terminal import Format, message, progress, write_csv, write_json, write_raw


def read(
    documents: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="DOCUMENT...",
            help="Plain text, HTML, PDF, DOCX or mail, or folders of them. '-' means standard input.",
            callback=not_empty,
        ),
    ] = None,
    output: OutputFile = None,
    force: Force = False,
    published: Annotated[
        str | None,
        typer.Option(
            metavar="DATE", help="Day of publication, such as 2023-07-28; overrides the date in the document."
        ),
    ] = None,
    gazetteer: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="File with more names of people and organisations; they are added to the packaged names.",
        ),
    ] = None,
    top_level: Annotated[
        bool, typer.Option("--top-level", help="Leave out statements that are reported within other statements.")
    ] = False,
    tagger: Annotated[
        str | None,
        typer.Option(
            metavar="learned|rules", help="How to find statements: learned (a trained model; the default) or rules."
        ),
    ] = None,
    weights: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Weights of a model that you have trained yourself.")
    ] = None,
    speaker: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="The documents are speeches or press statements of this speaker."),
    ] = None,
    workers: WorkerCount = None,
    scheduler: SchedulerAddress = None,
    train: Annotated[Path | None, typer.Option(metavar="CORPUS", hidden=True)] = None,
    format: OutputFormat = Format.TABLE,
) -> None:
    """Find who said what in documents, and write a dossier.

    A person must check the draft. No conflict file is changed. If the work is interrupted, the same command with -o
    continues it.

    Example: detente read report.txt --published 2023-07-28 -o report.dossier.yaml
    """
    if train is not None:
        raise InputError(
            "a tagger is trained in a checkout of the source code: python -m training train CORPUS -o FILE"
        )
    if not documents:
        raise typer.BadParameter("name a document, or '-' for standard input", param_hint="DOCUMENT...")
    if published is not None and not is_date(published):
        raise typer.BadParameter(f"'{published}' is not a date. Write 2023-07-28", param_hint="--published")
    if tagger not in (None, *TAGGERS):
        raise typer.BadParameter(f"'{tagger}' is not a tagger. Use learned or rules", param_hint="--tagger")
    if output is not None:
        require_writable(output, [*documents, *(one for one in (gazetteer, weights) if one)], force)
    known = load_gazetteer(gazetteer)
    reader = load_tagger(tagger, weights)
    found = opened(documents)
    kept = None
    if output is not None:
        kept = PartialTags(output.with_name(f"{output.name}.partial"), reader.fingerprint)
        if kept:
            message(f"continuing: {counted(len(kept), 'part')} of the documents had been read")
    with progress() as report:
        dossier = read_all(
            found,
            tagger=reader,
            actors=known,
            published=published,
            nested=not top_level,
            speaker=speaker,
            workers=workers,
            scheduler=scheduler,
            kept=kept,
            progress=report,
        )
    dossier = replace(dossier, sources=beside(dossier.sources, output))
    if output is not None:
        write_output(output, dump_dossier(dossier).encode("utf-8"), force)
        message(f"wrote {output}")
        if kept is not None:
            kept.remove()
    outer = sum(one.nested_in is None for one in dossier.statements)
    message(
        f"{counted(outer, 'statement')} and {len(dossier.statements) - outer} reported within them, by "
        f"{counted(len(dossier.speakers), 'speaker')}. Please check this draft."
    )
    if dossier.links:
        message(
            f"{counted(len(dossier.links), 'proposal')} about actors and statements: see 'detente link "
            f"{output or 'DOSSIER'}'."
        )
    if dossier.skipped:
        reasons = Counter(one.reason for one in dossier.skipped)
        listed = "; ".join(f"{count}: {reason}" for reason, count in reasons.most_common())
        skipped = counted(len(dossier.skipped), "passage is not a statement", "passages are not statements")
        message(f"{skipped} and {'was' if len(dossier.skipped) == 1 else 'were'} skipped ({listed}).")
    if format is Format.JSON:
        write_json(dossier_data(dossier))
    elif format is Format.CSV:
        write_csv(
            {**statement_data(one), "spans": " ".join(f"{start}-{end}" for start, end in one.spans)}
            for one in dossier.statements
        )
    elif output is None:
        write_raw(dump_dossier(dossier))


def opened(names: Iterable[str]) -> list[Document]:
    """Read documents from files and folders, and from standard input for ``-``; say what is uncertain about each.

    A text that was there already counts once.
    """
    paths = [path for name in names for path in (documents_in(name) if Path(name).is_dir() else [name])]
    documents: dict[str, Document] = {}
    for one in map(_document, map(str, paths)):
        first = documents.setdefault(one.text_sha256, one)
        if first is not one:
            message(f"{one.name} has the same text as {first.name} and is left out", "yellow")
            continue
        for note in document_notes(one):
            message(f"{one.name} {note}", "yellow")
    return list(documents.values())


def _document(name: str) -> Document:
    if name == "-":
        return parse_document(sys.stdin.buffer.read(), "-")
    return described(read_document(name))


def beside(sources: Iterable[Source], output: Path | None) -> tuple[Source, ...]:
    """Name the documents of sources from the folder that is written to."""
    folder = output.parent if output is not None else Path()
    return tuple(
        replace(source, file=Path(os.path.relpath(source.file, folder)).as_posix()) if source.file else source
        for source in sources
    )
