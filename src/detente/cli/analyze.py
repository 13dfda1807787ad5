"""``detente analyze``: which states are stable for whom, and which are equilibria."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from detente.analysis.equilibria import Analysis, other_reading
from detente.cli.analyze_many import analyze_many
from detente.cli.analyze_slices import analyze_slices, tell_verification
from detente.cli.arguments import (
    AsOf,
    ConceptList,
    ConflictFiles,
    EngineName,
    OutputFormat,
    SchedulerAddress,
    Undated,
    WorkerCount,
    current,
    write_basis,
)
from detente.model.conflict import Conflict
from detente.model.day import no_preferences_known
from detente.model.states import MAX_LISTED, State
from detente.model.wording import counted
from detente.present.equilibria import other_reading_in_words, reading
from detente.render.terminal import Format, message, plain, progress, write_csv, write_json, write_table, write_text
from detente.verification.verify import verify as verified

#: Up to so many states the table shows them all; beyond, those that are equilibria, named or the status quo.
SHOW_ALL_UP_TO = 40


def analyze(
    files: ConflictFiles,
    concept: ConceptList = None,
    engine: EngineName = "auto",
    format: OutputFormat = Format.TABLE,
    summary: Annotated[
        bool, typer.Option("--summary", help="Count and describe states by patterns, list none.")
    ] = False,
    all_states: Annotated[bool, typer.Option("--all", help="Show every state in the table.")] = False,
    verify: Annotated[
        bool, typer.Option("--verify", help="Check the answers by code that shares nothing with the engine.")
    ] = False,
    within: Annotated[
        str | None,
        typer.Option("--slice", metavar="PATTERN", help="Ask only about the states like this: Y, N or - each option."),
    ] = None,
    slices: Annotated[
        int | None,
        typer.Option("--slices", min=1, metavar="N", help="Cut the states into so many slices, each answered."),
    ] = None,
    workers: WorkerCount = None,
    scheduler: SchedulerAddress = None,
    as_of: AsOf = None,
    undated: Undated = "latest",
) -> None:
    """Decide which states are stable for whom, which are equilibria, and whether the status quo is one.

    Of several files, or of the conflict files in a folder, there is a line for each. These, and slices of a state space
    that is too large to decide at once, can be spread over processes or a cluster.

    Example: detente analyze example:elmira --concept nash --concept seq
    """
    many = len(files) > 1 or Path(files[0]).is_dir()
    sliced = within is not None or slices is not None
    _must_go_together(many, sliced, all_states=all_states, spread=bool(workers or scheduler))
    if many:
        analyze_many(
            files,
            concept,
            engine,
            format,
            summary=summary,
            verify=verify,
            as_of=as_of,
            undated=undated,
            workers=workers,
            scheduler=scheduler,
        )
    elif sliced:
        analyze_slices(
            current(files[0], as_of, undated),
            concept,
            engine,
            format,
            within=within,
            slices=slices or 1,
            verify=verify,
            workers=workers,
            scheduler=scheduler,
        )
    else:
        _analyze_one(current(files[0], as_of, undated), concept, engine, format, summary, all_states, verify)


def _must_go_together(many: bool, sliced: bool, *, all_states: bool, spread: bool) -> None:
    """Refuse what cannot be asked together."""
    wrong = {
        "--slice": (many and sliced, "slices are of one conflict, not of several"),
        "--all": (all_states and (many or sliced), "the states are shown of one conflict that is decided at once"),
        "--workers": (
            spread and not many and not sliced,
            "one conflict is one piece of work: give several, or --slices",
        ),
    }
    for option, (is_wrong, reason) in wrong.items():
        if is_wrong:
            raise typer.BadParameter(reason, param_hint=option)


def _analyze_one(
    conflict: Conflict,
    concept: list[str] | None,
    engine: str,
    format: Format,
    summary: bool,
    all_states: bool,
    verify: bool,
) -> None:
    with progress() as report:
        analysis = conflict.analyze(concept or None, engine, progress=report)
        if format is Format.JSON:
            data = analysis.to_dict(summary=summary)
        checked = verified(analysis, report) if verify else None
        other = other_reading(analysis)
    for reason in analysis.left_out.values():
        message(f"Left out: {reason}.")
    if other.differs:
        message(other_reading_in_words(other), "yellow")
    unknown = no_preferences_known(conflict)
    if unknown and format is not Format.TABLE:
        message(f"Note: {unknown}.")
    write_basis(conflict, format)
    if format is Format.JSON:
        write_json(data | ({"other_reading": other.to_dict()} if other.differs else {}))
    elif format is Format.CSV:
        write_csv(analysis.rows())
    else:
        _show(analysis, summary, all_states)
    if checked:
        tell_verification(checked)


def _show(analysis: Analysis, summary: bool, all_states: bool) -> None:
    if summary or analysis.count > MAX_LISTED:
        _show_summary(analysis)
    else:
        _show_states(analysis, all_states)
    for paragraph in reading(analysis):
        for line in f"• {paragraph}".split("\n"):
            write_text(line.strip(), indent=0 if line.startswith("•") else 2)


def _show_states(analysis: Analysis, all_states: bool) -> None:
    _show_options(analysis)
    quo = analysis.conflict.status_quo
    here = analysis.solver.number_of(analysis.conflict.pattern(quo.taken)) if quo else None
    listed = analysis.states() if all_states or analysis.count <= SHOW_ALL_UP_TO else analysis.notable()
    caption = counted(analysis.count, "feasible state") + (
        "" if len(listed) == analysis.count else f"; {len(listed):,} shown: equilibria, named states, the status quo"
    )
    write_table(
        ["No.", "State", "Name", *(concept.title for concept in analysis.concepts)],
        [_row(analysis, state, here) for state in listed],
        caption=f"{caption}. ✓ an equilibrium; otherwise for whom the state is stable ({_key(analysis)})."
        + (" ~ for whom it cycles." if any(concept.may_cycle for concept in analysis.concepts) else ""),
        centred=3,
    )


def _show_options(analysis: Analysis) -> None:
    """Say what the letters of a state stand for."""
    place = 0
    rows = []
    for number, maker in enumerate(analysis.conflict.decision_makers, start=1):
        for option in maker.options:
            place += 1
            name = option.label if option.name else ""
            note = " (not in this model)" if option.id in analysis.conflict.untaken else ""
            rows.append([place, f"{number} {maker.label}", option.id, f"{name}{note}".strip()])
    write_table(["Letter", "Decision maker", "Option", "What it means"], rows, title=analysis.conflict.title)


def _row(analysis: Analysis, state: State, here: int | None) -> list[object]:
    name = state.name or ""
    if state.number == here:
        name = f"{name} ◂ status quo" if name else "◂ status quo"
    number = plain(state.number, "bold" if state.number == here else "")
    return [
        number,
        state.pattern,
        name,
        *(_mark(analysis, state, concept.id) for concept in analysis.concepts),
    ]


def _mark(analysis: Analysis, state: State, concept: str) -> Text:
    stable = [
        place
        for place, player in enumerate(analysis.players, start=1)
        if state.number in analysis.stability[concept][player]
    ]
    if len(stable) == len(analysis.players):
        return plain("✓", "bold green")
    cycling = [
        place for place, player in enumerate(analysis.players, start=1) if state in analysis.cycling(concept, player)
    ]
    marks = [_digit(place) for place in stable] + [f"~{_digit(place)}" for place in cycling]
    return plain("".join(marks) or "·", "dim")


def _digit(place: int) -> str:
    return str(place) if place < 10 else f"({place})"


def _key(analysis: Analysis) -> str:
    return ", ".join(f"{place} {player}" for place, player in enumerate(analysis.players, start=1))


def _show_summary(analysis: Analysis) -> None:
    rows = []
    for concept in analysis.concepts:
        states = analysis.equilibrium_set(concept.id)
        patterns = states.patterns(12)
        described = "too many for a few patterns" if patterns is None else ", ".join(patterns)
        rows.append([concept.title, f"{states.count:,}", described])
    write_table(
        ["Concept", "Equilibria", "Patterns"],
        rows,
        title=analysis.conflict.title,
        caption=f"{counted(analysis.count, 'feasible state')}; a dash in a pattern stands for either.",
    )
