"""``detente draft``: from documents to a draft of a whole conflict, by a language model of the user's choice."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from detente.cli.arguments import OutputFormat
from detente.cli.read import beside, opened
from detente.cli.screen import Format, progress, say, write_csv, write_json, write_raw


def draft(
    documents: Annotated[
        list[str], typer.Argument(metavar="DOCUMENT...", help="Plain text, HTML, PDF or DOCX; - for standard input.")
    ],
    base_url: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            envvar=["DETENTE_BASE_URL", "OPENAI_BASE_URL"],
            help="An OpenAI-compatible endpoint, such as http://localhost:8080/v1.",
        ),
    ] = None,
    model: Annotated[str | None, typer.Option(envvar=["DETENTE_MODEL"], help="The model to ask there.")] = None,
    dossier: Annotated[
        str | None, typer.Option(metavar="FILE", help="Statements found already; the model is not asked for any.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write the draft to this file; standard output otherwise.")
    ] = None,
    published: Annotated[
        str | None, typer.Option(metavar="DATE", help="The day of publication, where a document does not say it.")
    ] = None,
    gazetteer: Annotated[str | None, typer.Option(metavar="FILE", help="More names and what stands for them.")] = None,
    timeout: Annotated[float, typer.Option(min=1, help="Seconds to wait for each reply.")] = 120.0,
    format: OutputFormat = Format.TABLE,
) -> None:
    """Draft a conflict file from documents by a language model, for a person to correct.

    The documents are sent to the endpoint that you name, and nowhere else; its key is taken from DETENTE_API_KEY or
    OPENAI_API_KEY. A proposed statement whose words stand in no document is dropped, and what rests on no statement is
    marked.

    Example: detente draft report.txt --base-url http://localhost:8080/v1 --model my-model -o draft.conflict.yaml
    """
    import os

    from detente.errors import InputError
    from detente.files.atomic import write_text
    from detente.files.conflict_file import dump_conflict
    from detente.files.dossier_file import read_dossier
    from detente.reading.actors import gazetteer as names
    from detente.reading.drafting import draft as drafted
    from detente.reading.endpoint import Endpoint

    if not base_url or not model:
        missing = "--base-url (or DETENTE_BASE_URL)" if not base_url else "--model (or DETENTE_MODEL)"
        raise typer.BadParameter(f"a language model is needed: give {missing}", param_hint=missing.split()[0])
    key = os.environ.get("DETENTE_API_KEY") or os.environ.get("OPENAI_API_KEY")
    if output is not None and not output.parent.is_dir():
        raise InputError(f"{output.parent}: there is no such folder")
    with progress() as report:
        done = drafted(
            opened(documents),
            Endpoint(base_url, model, key, timeout),
            dossier=replace(read_dossier(dossier), path="") if dossier else None,
            actors=names(gazetteer),
            published=published,
            progress=report,
        )
    for quote in done.dropped:
        say(f"dropped, for its words stand in no document: “{quote}”", "yellow")
    say(
        f"{len(done.conflict.statements)} statements kept, {len(done.dropped)} dropped; {done.judgements} preferences "
        f"and rules rest on none; asked to mend {done.repaired} times. A draft, to be corrected by a person."
    )
    text = f"# Drafted by {' '.join(model.split())} from {', '.join(map(ascii, documents))}; not reviewed.\n"
    text += dump_conflict(done.conflict.replaced(sources=beside(done.conflict.sources, output)))
    if output is not None:
        write_text(output, text)
        say(f"wrote {output}")
    summary = {
        "format": "detente-draft/1",
        "file": str(output) if output else None,
        "statements": len(done.conflict.statements),
        "dropped": list(done.dropped),
        "judgements": done.judgements,
        "repaired": done.repaired,
        "text": text,
    }
    if format is Format.JSON:
        write_json(summary)
    elif format is Format.CSV:
        write_csv([{**summary, "dropped": "; ".join(done.dropped)}])
    elif output is None:
        write_raw(text)
