"""``detente robust``: how often each state is an equilibrium if the preferences vary."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

import typer

from detente.analysis.robustness.distribution import EVERYBODY, TIES
from detente.analysis.robustness.sampling import ONE_WAY_ASSUMPTIONS, SAMPLED
from detente.cli.arguments import (
    AsOf,
    ConflictPath,
    OutputFormat,
    SchedulerAddress,
    Undated,
    WorkerCount,
    current,
    write_basis,
)
from detente.errors import UnknownNameError
from detente.model.states import StateList
from detente.present.robustness import view
from detente.render.terminal import Format, progress, write_blocks, write_csv, write_json


def robust(
    file: ConflictPath,
    concept: Annotated[
        list[str] | None,
        typer.Option(
            "--concept",
            "-c",
            metavar="CONCEPT",
            help="nash, gmr, smr, seq, sseq, sim or seq_then_sim; may be repeated. sim and seq_then_sim take far "
            "longer.",
            show_default="nash, gmr, smr, seq",
        ),
    ] = None,
    state: Annotated[
        str | None,
        typer.Option("--state", metavar="STATE", help="The state to ask about. Default: the status quo."),
    ] = None,
    samples: Annotated[int, typer.Option(min=1, help="Number of preference profiles to draw.")] = 10_000,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the random draw.")] = 0,
    dispersion: Annotated[
        list[str] | None,
        typer.Option(
            "--dispersion",
            metavar="NUMBER",
            help="How much the order of preferences varies: 0 = fixed, 1 = any order. PARTY=NUMBER sets it for one "
            "party; may be repeated.",
            show_default="0.2",
        ),
    ] = None,
    keep: Annotated[
        float,
        typer.Option(
            min=0.0,
            max=1.0,
            help="Probability that a preference is kept; multiplied by the preference's confidence, if it has one.",
        ),
    ] = 0.9,
    ties: Annotated[
        str,
        typer.Option(
            metavar="new|kept|broken",
            help="Which ties to break at random: those caused by a dropped preference (new), none (kept) or all "
            "(broken).",
        ),
    ] = "new",
    one_way: Annotated[
        str,
        typer.Option(
            metavar="as-written|open|both",
            help="Analyse one-way options as entered (as-written), as free in both directions (open), or both ways.",
        ),
    ] = "as-written",
    threshold: Annotated[float, typer.Option(help="Mark the states whose share is close to this number.")] = 0.5,
    workers: WorkerCount = None,
    scheduler: SchedulerAddress = None,
    all: Annotated[bool, typer.Option("--all", help="Show every state and every effect.")] = False,
    format: OutputFormat = Format.TABLE,
    as_of: AsOf = None,
    undated: Undated = "latest",
) -> None:
    """Test how robust the equilibria are if preferences vary.

    The preferences in the file are varied at random: their order changes, some are dropped, ties are broken. Each
    variant is called a profile. For each state, the answer gives the share of profiles in which it is an equilibrium,
    and the preferences that matter most.

    Example: detente robust example:ukraine-2023 --concept nash --concept seq
    """
    for name in concept or ():
        _known("--concept", "concept for random profiles", name, SAMPLED)
    _known("--ties", "treatment of ties", ties, TIES)
    _known("--one-way", "one-way assumption", one_way, (*ONE_WAY_ASSUMPTIONS, "both"))
    if not 0 < threshold < 1:
        raise typer.BadParameter("a threshold must be between 0 and 1", param_hint="--threshold")
    given = _dispersions(dispersion or ())
    conflict = current(file, as_of, undated)
    if state is not None:
        # Checked first, so that a mistyped state is reported before the long run.
        StateList(conflict).number_of(state)
    with progress() as report:
        answer = conflict.robustness(
            concept or None,
            samples=samples,
            seed=seed,
            dispersion=given,
            keep=keep,
            ties=ties,
            one_way=one_way,
            threshold=threshold,
            workers=workers,
            scheduler=scheduler,
            progress=report,
        )
    write_basis(conflict, format)
    if format is Format.JSON:
        write_json(answer.to_dict())
    elif format is Format.CSV:
        write_csv(answer.rows())
    else:
        write_blocks(view(answer, state=state, every=all))


def _known(option: str, what: str, name: str, known: Iterable[str]) -> None:
    if name not in known:
        raise typer.BadParameter(str(UnknownNameError(what, name, known)), param_hint=option)


def _dispersions(given: Iterable[str]) -> float | dict[str, float]:
    """Read ``NUMBER`` and ``PARTY=NUMBER``."""
    found: dict[str, float] = {}
    for text in given:
        maker, separator, number = text.rpartition("=")
        try:
            value = float(number)
        except ValueError:
            value = -1.0
        if not 0 <= value <= 1:
            raise typer.BadParameter(
                f"'{text}' is not a number from 0 to 1, alone or as PARTY=NUMBER", param_hint="--dispersion"
            )
        found[maker if separator else EVERYBODY] = value
    return found
