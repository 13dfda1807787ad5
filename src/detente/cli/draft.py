"""``detente draft``: draft a conflict from documents, without a language model or with one of the user's choice."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any

import typer

from detente.cli.arguments import OutputFormat, not_empty
from detente.cli.output import Force, OutputFile, documents_of, require_writable, write_output
from detente.cli.read import beside, opened
from detente.io.conflict_file import dump_conflict
from detente.io.dossier_file import dump_dossier, read_dossier
from detente.model.conflict import Conflict
from detente.model.statements import Dossier
from detente.model.wording import counted
from detente.reading.drafting.draft import draft as drafted
from detente.reading.drafting.endpoint import Endpoint
from detente.reading.drafting.proposal import propose
from detente.reading.gazetteer import load_gazetteer
from detente.render.terminal import Format, message, progress, write_csv, write_json, write_raw

#: Number of things left out that are listed on the terminal; the file lists all of them.
MAX_LISTED = 12


@dataclass(frozen=True)
class _Done:
    """A drafted conflict, and what is said of it."""

    conflict: Conflict
    dropped: Sequence[str] = ()
    repaired: int = 0
    judgements: int = 0
    left_out: Sequence[str] = ()


def draft(
    documents: Annotated[
        list[str],
        typer.Argument(
            metavar="DOCUMENT...",
            help="Plain text, HTML, PDF, DOCX or mail, or folders of them. '-' means standard input.",
            callback=not_empty,
        ),
    ],
    base_url: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            envvar=["DETENTE_BASE_URL", "OPENAI_BASE_URL"],
            help="An OpenAI-compatible endpoint, such as http://localhost:8080/v1, to draft with a language model.",
        ),
    ] = None,
    model: Annotated[
        str | None, typer.Option(envvar=["DETENTE_MODEL"], help="The model to use at the endpoint.")
    ] = None,
    party: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="A party; may be repeated. Then no language model is used.",
            show_default="the speakers who act, or are asked to act",
        ),
    ] = None,
    title: Annotated[
        str | None,
        typer.Option(
            help="Title of the dispute (not with a language model).", show_default="the first document's title"
        ),
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

    Detente finds the statements and proposes parties, options, preferences and the status quo, each with its statements
    and the reason. What it cannot propose is listed in the file. Nothing is sent to another computer.

    With --base-url and --model, a language model drafts the file. The documents are sent only to that endpoint. Its key
    is read from DETENTE_API_KEY or OPENAI_API_KEY. A proposed statement is dropped if no document contains its words. A
    preference or rule without a statement is marked as an assumption: "Proposed in drafting, without a statement."

    Example: detente draft reports/ -o draft.conflict.yaml

    Example: detente draft report.txt --party "Dockers' Union" --party "Harbour Ltd." -o strike.conflict.yaml

    Example: detente draft report.txt --base-url http://localhost:8080/v1 --model my-model -o draft.conflict.yaml
    """
    endpoint = None if party else _endpoint(base_url, model, timeout)
    if title and endpoint is not None:
        raise typer.BadParameter(
            "--title does not work with a language model, which proposes the title", param_hint="--title"
        )
    known = _statements(dossier, documents, gazetteer, output, force)
    if endpoint is None:
        done, drafter = _proposed(documents, party or [], title, known, published, gazetteer), "Proposed"
    else:
        done = _by_model(documents, endpoint, known, published, gazetteer, output, force)
        drafter = f"Drafted by {' '.join(endpoint.model.split())}"
    _write(done, drafter, documents, output, force, format)


def _endpoint(base_url: str | None, model: str | None, timeout: float) -> Endpoint | None:
    """Return the language model to use; None if none is named."""
    if base_url and model:
        key = os.environ.get("DETENTE_API_KEY") or os.environ.get("OPENAI_API_KEY")
        return Endpoint(base_url, model, key, timeout)
    if not base_url and not model:
        return None
    if base_url and base_url == os.environ.get("OPENAI_BASE_URL") and "DETENTE_BASE_URL" not in os.environ:
        # Other programs use this variable, too; without a model it says nothing about this one.
        return None
    missing = "--base-url (or DETENTE_BASE_URL)" if not base_url else "--model (or DETENTE_MODEL)"
    raise typer.BadParameter(f"to use a language model, name {missing}, too", param_hint=missing.split()[0])


def _statements(
    dossier: str | None, documents: list[str], own: str | None, output: Path | None, force: bool
) -> Dossier | None:
    """Return the dossier that is given, before the work begins; refuse an output file that may not be written."""
    known = replace(read_dossier(dossier), path="") if dossier else None
    if output is not None:
        named = documents_of(known.sources, Path(dossier).parent) if dossier and known else []
        require_writable(output, [*documents, *named, *(one for one in (dossier, own) if one)], force)
    return known


def _proposed(
    documents: list[str],
    parties: list[str],
    title: str | None,
    dossier: Dossier | None,
    published: str | None,
    own: str | None,
) -> _Done:
    """Return a conflict proposed from the statements of a dossier, or from those that a reader finds."""
    found = opened(documents)
    known = load_gazetteer(own)
    with progress() as report:
        made = propose(found, parties, title=title, published=published, dossier=dossier, actors=known, progress=report)
    conflict = made.conflict
    for name, reasons in made.parties:
        message(f"{name}: {'; '.join(reasons) if reasons else 'named by you'}")
    for one in made.left_out[:MAX_LISTED]:
        message(f"not in the model: {one}", "yellow")
    if len(made.left_out) > MAX_LISTED:
        message(f"not in the model: {len(made.left_out) - MAX_LISTED} more, listed in the file under notes", "yellow")
    wishes = sum(len(list(maker.preferences.supports())) for maker in conflict.decision_makers)
    message(
        f"{counted(len(conflict.decision_makers), 'party', 'parties')}, {counted(len(conflict.options), 'option')} and "
        f"{counted(wishes, 'preference')} proposed from {counted(len(conflict.statements), 'statement')}. Please check "
        "and correct this draft, in the file or in the browser: detente serve"
    )
    return _Done(conflict, left_out=made.left_out)


def _by_model(
    documents: list[str],
    endpoint: Endpoint,
    dossier: Dossier | None,
    published: str | None,
    own: str | None,
    output: Path | None,
    force: bool,
) -> _Done:
    """Return a conflict drafted by a language model; its statements are saved before the second step."""
    beside_it = _dossier_file(output) if output is not None and dossier is None else None
    if beside_it is not None:
        require_writable(beside_it, documents, force)

    def save(found: Dossier) -> None:
        if beside_it is not None:
            write_output(beside_it, dump_dossier(replace(found, sources=beside(found.sources, output))).encode(), force)
            message(f"wrote the statements to {beside_it}; to go on from there: --dossier {beside_it}")

    with progress() as report:
        done = drafted(
            opened(documents),
            endpoint,
            dossier=dossier,
            actors=load_gazetteer(own),
            published=published,
            progress=report,
            found=save,
        )
    for quote in done.dropped:
        message(f"dropped, because no document contains these words: “{quote}”", "yellow")
    message(
        f"{counted(len(done.conflict.statements), 'statement')} kept, {len(done.dropped)} dropped. "
        f"{counted(done.judgements, 'preference or rule is', 'preferences and rules are')} without a statement. The "
        f"model was asked to correct its reply {counted(done.repaired, 'time')}. Please check and correct this draft."
    )
    return _Done(done.conflict, done.dropped, done.repaired, done.judgements)


def _dossier_file(output: Path) -> Path:
    """Return the file for the statements, beside that of the conflict."""
    return output.with_name(output.name.removesuffix(".yaml").removesuffix(".conflict") + ".dossier.yaml")


def _write(done: _Done, drafter: str, documents: list[str], output: Path | None, force: bool, format: Format) -> None:
    text = f"# {drafter} from {', '.join(map(ascii, documents))}.\n"
    text += dump_conflict(done.conflict.replaced(sources=beside(done.conflict.sources, output)))
    if output is not None:
        write_output(output, text.encode("utf-8"), force)
        message(f"wrote {output}")
    summary: dict[str, Any] = {
        "format": "detente-draft/1",
        "file": str(output) if output else None,
        "statements": len(done.conflict.statements),
        "dropped": list(done.dropped),
        "judgements": done.judgements,
        "repaired": done.repaired,
        "parties": [one.name for one in done.conflict.decision_makers],
        "options": len(done.conflict.options),
        "left_out": list(done.left_out),
        "text": text,
    }
    if format is Format.JSON:
        write_json(summary)
    elif format is Format.CSV:
        write_csv([{**summary, **{key: "; ".join(summary[key]) for key in ("dropped", "parties", "left_out")}}])
    elif output is None:
        write_raw(text)
