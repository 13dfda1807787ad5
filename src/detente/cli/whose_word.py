"""``detente whose-word``: on whose word does the answer hang?"""

from __future__ import annotations

from typing import Annotated

import typer

from detente.analysis.whose_word import Dependence, WhoseWord
from detente.cli.arguments import (
    AsOf,
    ConceptList,
    ConflictFile,
    EngineName,
    OutputFormat,
    Undated,
    current,
    write_basis,
)
from detente.model.wording import NOTHING_DISPUTED
from detente.render.terminal import Format, plain, progress, write_csv, write_json, write_table, write_text


def whose_word(
    file: ConflictFile,
    concept: ConceptList = None,
    believe: Annotated[
        list[str] | None, typer.Option("--believe", metavar="STATEMENT", help="Believe this statement throughout.")
    ] = None,
    doubt: Annotated[
        list[str] | None, typer.Option("--doubt", metavar="STATEMENT", help="Believe this statement nowhere.")
    ] = None,
    leave_open: Annotated[
        list[str] | None,
        typer.Option("--open", metavar="STATEMENT", help="Leave open whether this is so, though nobody contests it."),
    ] = None,
    by: Annotated[
        str | None,
        typer.Option("--by", metavar="speaker", help="'speaker': the dispute by each side's statements alone, too."),
    ] = None,
    samples: Annotated[
        int, typer.Option(min=100, help="Accounts to draw where there are more than 20 contested claims.")
    ] = 10_000,
    seed: Annotated[int, typer.Option(help="The seed for drawing them.")] = 0,
    engine: EngineName = "auto",
    format: OutputFormat = Format.TABLE,
    as_of: AsOf = None,
    undated: Undated = "latest",
) -> None:
    """Say which equilibria hold whomever one believes, and on which claims the others hang.

    An account believes some of the contested statements and not the others. What rests only on statements that an
    account does not believe drops out of the model, and the rest is analysed.

    Example: detente whose-word example:ukraine-2023 --concept seq --by speaker
    """
    if by not in (None, "speaker"):
        raise typer.BadParameter("the dispute can be taken apart by 'speaker'", param_hint="--by")
    conflict = current(file, as_of, undated)
    with progress() as report:
        answer = conflict.whose_word(
            concept or None,
            engine,
            believe=believe or (),
            doubt=doubt or (),
            leave_open=leave_open or (),
            by_speaker=by is not None,
            samples=samples,
            seed=seed,
            progress=report,
        )
    write_basis(answer.conflict, format)
    if format is Format.JSON:
        write_json(answer.to_dict())
    elif format is Format.CSV:
        write_csv(answer.rows())
    else:
        _show(answer)


def _show(answer: WhoseWord) -> None:
    _show_claims(answer)
    if not answer.claims:
        write_text(f"{NOTHING_DISPUTED}. Use --open to examine one.")
    for text, titles in answer.deadlocks_in_words().items():
        write_text(f"• {', '.join(titles)}: {text}")
    _show_states(answer)
    if answer.sides:
        _show_sides(answer)


def _show_claims(answer: WhoseWord) -> None:
    rows = [
        [
            claim.id,
            answer.claim_in_words(claim.id),
            ", ".join(one.concept.title for one in answer.deadlocks if claim.id in one.claims) or "no",
            ", ".join(
                concept.title
                for concept in answer.concepts
                if any(claim.id in one.claims for one in answer.of(concept.id))
            )
            or "no",
        ]
        for claim in answer.claims
    ]
    how = "all of them" if answer.exact else "drawn by lot: shares are given with 95% intervals"
    caption = f"{answer.accounts:,} accounts ({how}), which make {answer.models:,} different models."
    if rows:
        heads = ["Claim", "Whose word", "Being stuck hangs on it", "Some equilibrium hangs on it"]
        write_table(heads, rows, title=answer.conflict.title, caption=caption)


def _show_states(answer: WhoseWord) -> None:
    patterns = list(dict.fromkeys(one.pattern for one in answer.dependences))
    by_state = {(one.concept.id, one.pattern): one for one in answer.dependences}
    rows = []
    for pattern in patterns:
        found = [by_state.get((concept.id, pattern)) for concept in answer.concepts]
        first = next(one for one in found if one is not None)
        rows.append([first.number or "-", pattern, first.name or "", *(_cell(one) for one in found)])
    write_table(
        ["No.", "State", "Name", *(concept.title for concept in answer.concepts)],
        rows,
        caption="✓ an equilibrium in every account; otherwise in which: claims that must be true, or (~) untrue. "
        "A state without a number is feasible in some accounts only.",
    )


def _cell(one: Dependence | None) -> object:
    if one is None:
        return plain("·", "dim")
    if one.in_every:
        return plain("✓", "bold green")
    if one.conditions is None:
        return one.share_in_words
    return " | ".join(" ".join(id if value else f"~{id}" for id, value in each) for each in one.conditions)


def _show_sides(answer: WhoseWord) -> None:
    write_table(
        ["By the word of", "Statements", "Elements without", "Status quo", *(one.title for one in answer.concepts)],
        [
            [
                side.name,
                side.statements,
                side.dropped,
                side.status_quo or "-",
                *(" ".join(side.equilibria[one.id]) or "-" for one in answer.concepts),
            ]
            for side in answer.sides
        ],
        title="The dispute by each side's statements alone",
    )
