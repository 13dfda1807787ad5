"""``detente draft``: from documents to a draft of a conflict, by a language model of the user's choice or none."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from detente.cli.arguments import OutputFormat, not_empty
from detente.cli.output import Force, OutputFile, documents_of, require_writable, write_output
from detente.cli.read import beside, opened
from detente.io.conflict_file import dump_conflict
from detente.io.dossier_file import read_dossier
from detente.model.statements import Dossier
from detente.reading.dossier_import import actors_of, add_statements, new_conflict
from detente.reading.drafting.draft import Draft
from detente.reading.drafting.draft import draft as drafted
from detente.reading.drafting.endpoint import Endpoint
from detente.reading.gazetteer import load_gazetteer
from detente.reading.reader import read
from detente.render.terminal import Format, message, progress, write_csv, write_json, write_raw


def draft(
    documents: Annotated[
        list[str],
        typer.Argument(
            metavar="DOCUMENT...", help="Plain text, HTML, PDF or DOCX; - for standard input.", callback=not_empty
        ),
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
    party: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="Who takes part: no language model is asked, and what each can do and wants is yours to write.",
        ),
    ] = None,
    title: Annotated[
        str | None,
        typer.Option(help="What the dispute is called; with --party.", show_default="the first document's"),
    ] = None,
    dossier: Annotated[
        str | None, typer.Option(metavar="FILE", help="Statements found already; none are looked for.")
    ] = None,
    output: OutputFile = None,
    force: Force = False,
    published: Annotated[
        str | None, typer.Option(metavar="DATE", help="The day of publication, where a document does not say it.")
    ] = None,
    gazetteer: Annotated[str | None, typer.Option(metavar="FILE", help="More names and what stands for them.")] = None,
    timeout: Annotated[float, typer.Option(min=1, help="Seconds to wait for each reply.")] = 120.0,
    format: OutputFormat = Format.TABLE,
) -> None:
    """Draft a conflict file from documents, to be corrected.

    The documents are sent to the endpoint that you name, and nowhere else; its key is taken from DETENTE_API_KEY or
    OPENAI_API_KEY. A proposed statement whose words stand in no document is dropped, and what rests on no statement is
    marked.

    Without a language model, name who takes part: the file then has these decision makers, and what 'detente read'
    finds.

    Example: detente draft report.txt --base-url http://localhost:8080/v1 --model my-model -o draft.conflict.yaml

    Example: detente draft report.txt --party "Dockers' Union" --party "Harbour Ltd." -o strike.conflict.yaml
    """
    if party:
        known = _statements(dossier, documents, gazetteer, output, force)
        begun = _begun(documents, party, title, known, published, gazetteer)
        _write(begun, "Begun", documents, output, force, format)
        return
    if title:
        raise typer.BadParameter("a language model finds the title itself: give it with --party", param_hint="--title")
    if not base_url or not model:
        missing = "--base-url (or DETENTE_BASE_URL)" if not base_url else "--model (or DETENTE_MODEL)"
        raise typer.BadParameter(
            f"a language model is needed: give {missing}. Or do without one: name who takes part, each with --party",
            param_hint=missing.split()[0],
        )
    known = _statements(dossier, documents, gazetteer, output, force)
    key = os.environ.get("DETENTE_API_KEY") or os.environ.get("OPENAI_API_KEY")
    with progress() as report:
        done = drafted(
            opened(documents),
            Endpoint(base_url, model, key, timeout),
            dossier=known,
            actors=load_gazetteer(gazetteer),
            published=published,
            progress=report,
        )
    for quote in done.dropped:
        message(f"dropped, for its words stand in no document: “{quote}”", "yellow")
    message(
        f"{len(done.conflict.statements)} statements kept, {len(done.dropped)} dropped; {done.judgements} preferences "
        f"and rules rest on none; asked to mend {done.repaired} times. A draft, to be corrected by a person."
    )
    drafter = f"Drafted by {' '.join(model.split())}"
    _write(done, drafter, documents, output, force, format)


def _statements(
    dossier: str | None, documents: list[str], own: str | None, output: Path | None, force: bool
) -> Dossier | None:
    """Return the dossier that is given, before the work begins; refuse an output file that may not be written."""
    known = replace(read_dossier(dossier), path="") if dossier else None
    if output is not None:
        named = documents_of(known.sources, Path(dossier).parent) if dossier and known else []
        require_writable(output, [*documents, *named, *(one for one in (dossier, own) if one)], force)
    return known


def _begun(
    documents: list[str],
    parties: list[str],
    title: str | None,
    dossier: Dossier | None,
    published: str | None,
    own: str | None,
) -> Draft:
    """Return a conflict with these parties and the statements of a dossier, or those that a reader finds."""
    found = opened(documents)
    conflict = new_conflict(title or found[0].title or Path(documents[0]).stem, parties)
    if dossier is None:
        with progress():
            dossier = read(found, actors=actors_of(conflict, load_gazetteer(own)), published=published)
    conflict = add_statements(conflict, dossier)
    message(
        f"{len(conflict.statements)} statements of {len(conflict.decision_makers)} decision makers and "
        f"{len(conflict.speakers)} other speakers. Write what each party can do and what it wants, or open the file in "
        "the browser: detente serve"
    )
    return Draft(conflict, (), 0, 0)


def _write(done: Draft, drafter: str, documents: list[str], output: Path | None, force: bool, format: Format) -> None:
    text = f"# {drafter} from {', '.join(map(ascii, documents))}; not reviewed.\n"
    text += dump_conflict(done.conflict.replaced(sources=beside(done.conflict.sources, output)))
    if output is not None:
        write_output(output, text.encode("utf-8"), force)
        message(f"wrote {output}")
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
