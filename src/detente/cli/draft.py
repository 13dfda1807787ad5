"""``detente draft``: draft a conflict from documents, with a language model of the user's choice or without one."""

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
from detente.model.wording import counted
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
            metavar="DOCUMENT...",
            help="Plain text, HTML, PDF, DOCX or mail. '-' means standard input.",
            callback=not_empty,
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
    model: Annotated[
        str | None, typer.Option(envvar=["DETENTE_MODEL"], help="The model to use at the endpoint.")
    ] = None,
    party: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="A party; may be repeated. No language model is used: you write the options and preferences.",
        ),
    ] = None,
    title: Annotated[
        str | None,
        typer.Option(help="Title of the dispute (only with --party).", show_default="the first document's title"),
    ] = None,
    dossier: Annotated[
        str | None, typer.Option(metavar="FILE", help="Use the statements of this dossier instead of finding them.")
    ] = None,
    output: OutputFile = None,
    force: Force = False,
    published: Annotated[
        str | None, typer.Option(metavar="DATE", help="Day of publication, for documents that do not give it.")
    ] = None,
    gazetteer: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="File with more names of people and organisations; they are added to the packaged names.",
        ),
    ] = None,
    timeout: Annotated[float, typer.Option(min=1, help="Seconds to wait for each reply.")] = 120.0,
    format: OutputFormat = Format.TABLE,
) -> None:
    """Draft a conflict file from documents, for you to correct.

    The documents are sent only to the endpoint that you name. Its key is read from DETENTE_API_KEY or OPENAI_API_KEY. A
    proposed statement is dropped if no document contains its words. A preference or rule without a statement is marked
    as an assumption: "Proposed in drafting, without a statement."

    To work without a language model, name the parties. The file then contains these parties and the statements that
    'detente read' finds.

    Example: detente draft report.txt --base-url http://localhost:8080/v1 --model my-model -o draft.conflict.yaml

    Example: detente draft report.txt --party "Dockers' Union" --party "Harbour Ltd." -o strike.conflict.yaml
    """
    if party:
        known = _statements(dossier, documents, gazetteer, output, force)
        begun = _begun(documents, party, title, known, published, gazetteer)
        _write(begun, "Started", documents, output, force, format)
        return
    if title:
        raise typer.BadParameter(
            "--title works only with --party, because a language model proposes the title", param_hint="--title"
        )
    if not base_url or not model:
        missing = "--base-url (or DETENTE_BASE_URL)" if not base_url else "--model (or DETENTE_MODEL)"
        raise typer.BadParameter(
            f"name a language model with {missing}, or name the parties with --party to draft without one",
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
        message(f"dropped, because no document contains these words: “{quote}”", "yellow")
    message(
        f"{counted(len(done.conflict.statements), 'statement')} kept, {len(done.dropped)} dropped. "
        f"{counted(done.judgements, 'preference or rule is', 'preferences and rules are')} without a statement. The "
        f"model was asked to correct its reply {counted(done.repaired, 'time')}. Please check and correct this draft."
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
    parties_found = counted(len(conflict.decision_makers), "party", "parties")
    message(
        f"{counted(len(conflict.statements), 'statement')} of {parties_found} and "
        f"{counted(len(conflict.speakers), 'other speaker')}. Next, write each party's options and preferences, in the "
        "file or in the browser: detente serve"
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
