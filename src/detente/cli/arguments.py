"""Arguments and options that commands share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from detente.concepts import DEFAULT_CONCEPTS, NAMES, chosen
from detente.engine import ENGINES
from detente.errors import UnknownNameError
from detente.examples import catalogue
from detente.io.conflict_file import load
from detente.model.conflict import Conflict
from detente.model.dates import UNDATED_READINGS, last_day
from detente.model.day import model_of_day, no_preferences_known
from detente.present.basis import basis_in_words, dropped_in_words
from detente.render.terminal import Format, message, write_blocks, write_csv, write_json, write_line

if TYPE_CHECKING:
    from detente.analysis.result import ConflictResult


def _known_concepts(names: list[str] | None) -> list[str] | None:
    try:
        chosen(names or None)
    except UnknownNameError as error:
        raise typer.BadParameter(str(error)) from error
    return names


def known_concept(name: str | None) -> str | None:
    """Refuse a name that is not a concept's."""
    _known_concepts([name] if name else None)
    return name


def _known_engine(name: str) -> str:
    if name not in ("auto", *ENGINES):
        raise typer.BadParameter(str(UnknownNameError("engine", name, ("auto", *ENGINES))))
    return name


def _concept_names() -> list[str]:
    return list(NAMES)


def _example_names(incomplete: str) -> list[str]:
    return [f"example:{id}" for id in catalogue() if f"example:{id}".startswith(incomplete)]


def not_empty(given: Any) -> Any:
    """Refuse an empty name, which the system would take for the current folder."""
    if given == "" or (isinstance(given, list) and "" in given):
        raise typer.BadParameter("the name is empty")
    return given


ConflictPath = Annotated[
    str,
    typer.Argument(
        metavar="FILE",
        help="A conflict file, a .gmcr file, or example:ID for a dispute from the catalogue.",
        callback=not_empty,
        autocompletion=_example_names,
    ),
]
ConflictPaths = Annotated[
    list[str],
    typer.Argument(
        metavar="FILE",
        help="Conflict files, .gmcr files, example:ID for disputes from the catalogue, or folders of conflict files.",
        callback=not_empty,
        autocompletion=_example_names,
    ),
]
WorkerCount = Annotated[
    int | None,
    typer.Option("--workers", min=1, help="Number of processes.", show_default="chosen by the size of the work"),
]
SchedulerAddress = Annotated[
    str | None,
    typer.Option(
        "--scheduler", metavar="ADDRESS", help="Scheduler of a Dask cluster that does the work: tcp://HOST:PORT."
    ),
]
OutputFormat = Annotated[Format, typer.Option("--format", "-f", help="Format of the printed result.")]
ConceptList = Annotated[
    list[str] | None,
    typer.Option(
        "--concept",
        "-c",
        metavar="CONCEPT",
        help="A stability concept; may be repeated. 'detente concepts' lists them.",
        show_default=", ".join(DEFAULT_CONCEPTS),
        callback=_known_concepts,
        autocompletion=_concept_names,
    ),
]
OneConcept = Annotated[
    str | None,
    typer.Option(
        "--concept",
        "-c",
        metavar="CONCEPT",
        help="A stability concept. 'detente concepts' lists them.",
        callback=known_concept,
        autocompletion=_concept_names,
    ),
]
EngineName = Annotated[
    str,
    typer.Option(
        "--engine",
        metavar="|".join(("auto", *ENGINES)),
        help="How to compute: list all states (explicit), use decision diagrams (symbolic), or choose by size (auto).",
        callback=_known_engine,
    ),
]


def known_day(text: str | None) -> str | None:
    """Refuse text that is not a date, or a date without a last day."""
    try:
        if text is not None:
            last_day(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    return text


def _known_reading(text: str | None) -> str | None:
    if text is not None and text not in UNDATED_READINGS:
        raise typer.BadParameter(str(UnknownNameError("reading", text, UNDATED_READINGS)))
    return text


AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        metavar="DAY",
        help="Analyse the dispute as of this day, such as 2023-05-01; a month or a year means its last day.",
        show_default="the file's as_of",
        callback=known_day,
    ),
]
Undated = Annotated[
    str,
    typer.Option(
        metavar="|".join(UNDATED_READINGS),
        help="Whether a vague date, such as 2023, counts from its latest or its earliest possible day.",
        callback=_known_reading,
        autocompletion=lambda: list(UNDATED_READINGS),
    ),
]


def current(file: str, as_of: str | None, undated: str) -> Conflict:
    """Read a conflict and return its model on a day."""
    conflict = load(file)
    return model_of_day(conflict.replaced(day=as_of, undated=undated))


def write_basis(conflict: Conflict, format: Format, *, noted: bool = False) -> None:
    """Say which model an answer is about: in sentences before a table, in messages beside CSV; JSON contains it.

    A party whose preferences are not known is named beside every format, unless the answer does so (``noted``).
    """
    write = write_line if format is Format.TABLE else message
    for sentence in model_in_words(conflict, format):
        write(sentence)
    if not noted and (unknown := no_preferences_known(conflict)):
        write(f"Note: {unknown}.")


def model_in_words(conflict: Conflict, format: Format) -> list[str]:
    """Return the sentences on a model that stand before a table, or beside CSV, or beside JSON, which has it all."""
    if format is Format.JSON:
        return []
    return basis_in_words(conflict) if format is Format.TABLE else dropped_in_words(conflict)


def write_result(result: ConflictResult, format: Format) -> None:
    """Write an answer in a format; a table says first which model it is about."""
    write_basis(result.conflict, format)
    if format is Format.JSON:
        write_json(result.to_dict())
    elif format is Format.CSV:
        write_csv(result.rows())
    else:
        write_line(result.conflict.title, style="bold")
        write_blocks(result.words.view(result))
