"""``detente link``: who is who in a dossier, and which statements belong together."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from detente.cli.arguments import OutputFormat, not_empty
from detente.cli.output import documents_of, file_or_standard_output, require_writable, write_output
from detente.editing.links import accepted_above, decided, merged, representing, split
from detente.errors import InputError
from detente.io.dossier_file import dump_dossier, parse_dossier
from detente.io.files import read_text, write_text
from detente.io.yaml.parse import has_comments
from detente.model.statements import Dossier
from detente.present.listings import links_view
from detente.render.terminal import Format, message, write_blocks, write_csv, write_json, write_raw


def link(
    dossier: Annotated[
        str, typer.Argument(metavar="DOSSIER", help="A dossier that 'detente read' wrote.", callback=not_empty)
    ],
    accept: Annotated[
        list[int] | None, typer.Option("--accept", metavar="N", help="Accept a proposal; may be repeated.")
    ] = None,
    refuse: Annotated[
        list[int] | None, typer.Option("--refuse", metavar="N", help="Refuse a proposal; may be repeated.")
    ] = None,
    accept_above: Annotated[
        float | None,
        typer.Option(min=0, max=1, metavar="C", help="Accept all open proposals with at least this confidence."),
    ] = None,
    merge: Annotated[
        list[str] | None,
        typer.Option(metavar="A=B", help="Merge actor A into actor B; B is kept. May be repeated."),
    ] = None,
    split_off: Annotated[
        list[str] | None,
        typer.Option(
            "--split", metavar="A:S1,S2=NAME", help="Statements of actor A have another speaker, called NAME."
        ),
    ] = None,
    speaks_for: Annotated[
        list[str] | None,
        typer.Option(metavar="A=B", help="Actor A speaks for party B. 'A=': only for itself."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Write the result to this file, or to standard output ('-'); DOSSIER is not changed.",
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite an existing output file.")] = False,
    format: OutputFormat = Format.TABLE,
) -> None:
    """List a dossier's speakers; merge, split or link them.

    Without decisions the dossier is not changed. With them it is, or a changed copy is written to the -o file.
    A proposal that nobody has accepted has no effect on any answer.

    Example: detente link reports.dossier.yaml --accept 1 --refuse 2
    """
    text = read_text(dossier)
    given = parse_dossier(text, dossier)
    to_file = output is not None and file_or_standard_output(output) is not None
    if output is not None and to_file:
        require_writable(output, [dossier, *documents_of(given.sources, Path(dossier).parent)], force)
    found = decided(given, accept or (), accepted=True)
    found = decided(found, refuse or (), accepted=False)
    for one in merge or ():
        found = merged(found, *_pair(one, "--merge"))
    for one in split_off or ():
        where, name = _pair(one, "--split")
        actor, colon, statements = where.partition(":")
        if not colon:
            raise typer.BadParameter(f"'{one}' is not ACTOR:STATEMENT,STATEMENT=NAME", param_hint="--split")
        found = split(found, actor, [each.strip() for each in statements.split(",") if each.strip()], name)
    for one in speaks_for or ():
        actor, party = _pair(one, "--speaks-for", both=False)
        found = representing(found, actor, party or None)
    if accept_above is not None:
        found = accepted_above(found, accept_above)
    if output is not None and not to_file:
        write_raw(dump_dossier(found))
        return
    if found != given or output is not None:
        _save(found, text, dossier, output, force)
    if output is None or format is not Format.TABLE:
        _show(found, format)


def _pair(given: str, option: str, *, both: bool = True) -> tuple[str, str]:
    first, equals, second = (part.strip() for part in given.partition("="))
    if not (first and equals and (second or not both)):
        raise typer.BadParameter(f"'{given}' is not two names with '=' between them", param_hint=option)
    return first, second


def _save(found: Dossier, text: str, name: str, output: Path | None, force: bool) -> None:
    if output is not None:
        write_output(output, dump_dossier(found).encode("utf-8"), force)
        message(f"wrote {output}")
        return
    if has_comments(text):
        raise InputError(f"{name} has comments, which would be lost. Write to another file with -o")
    write_text(Path(name), dump_dossier(found))
    message(f"changed {name}")


def _show(found: Dossier, format: Format) -> None:
    if format is Format.JSON:
        write_json({"format": "detente-link/1", "actors": list(_actors(found)), "links": list(_links(found))})
    elif format is Format.CSV:
        write_csv(_links(found))
    else:
        write_blocks(links_view(found))


def _actors(found: Dossier) -> Iterator[dict[str, Any]]:
    known = {one.id: one for one in found.actors}
    for id, name in found.speakers.items():
        one = known.get(id)
        yield {
            "id": id,
            "name": name,
            "aliases": list(one.aliases) if one else [],
            "speaks_for": one.speaks_for if one else None,
            "offices": list(one.offices) if one else [],
            "confidence": one.confidence if one else None,
            "statements": [each.id for each in found.statements if each.speaker == id],
        }


def _links(found: Dossier) -> Iterator[dict[str, Any]]:
    quotes = {one.id: one.quote for one in found.statements}
    for number, one in enumerate(found.links, start=1):
        yield {
            "number": number,
            "kind": one.kind,
            "first": one.first,
            "second": one.second,
            "reason": one.reason,
            "confidence": one.confidence,
            "accepted": one.accepted,
            "first_quote": quotes.get(one.first),
            "second_quote": quotes.get(one.second),
        }
