"""``detente perceive``: what holds when everybody plays the game that it sees?"""

from __future__ import annotations

from detente.analysis.perception import Perception
from detente.cli.arguments import AsOf, ConceptList, ConflictFile, OutputFormat, Undated, current, write_basis
from detente.concepts import Concept
from detente.model.states import State
from detente.model.wording import names_in_words, state_label
from detente.render.terminal import Format, plain, progress, write_csv, write_json, write_table, write_text

#: So many states are told of in words; the rest is counted.
MOST_TOLD = 6


def perceive(
    file: ConflictFile,
    concept: ConceptList = None,
    format: OutputFormat = Format.TABLE,
    as_of: AsOf = None,
    undated: Undated = "latest",
) -> None:
    """Say which states hold when everybody plays the game that it sees, and who is surprised.

    The file's 'views' say what somebody does not see, and what it believes that others prefer.

    Example: detente perceive example:unforeseen-relocation --concept seq
    """
    conflict = current(file, as_of, undated)
    with progress() as report:
        answer = conflict.perceive(concept or None, progress=report)
    write_basis(conflict, format)
    if format is Format.JSON:
        write_json(answer.to_dict())
    elif format is Format.CSV:
        write_csv(answer.rows())
    else:
        _show(answer)


def _show(answer: Perception) -> None:
    if not answer.conflict.views:
        write_text("Nobody sees the dispute otherwise than it is written down: the file has no ‘views’.")
    write_table(
        ["Decision maker", "Does not see", "Has its own idea of what is preferred by", "States", "Hidden"],
        [
            [
                answer.conflict.decision_maker(eyes.decision_maker).label,
                ", ".join(answer.conflict.option(name).label for name in eyes.view.does_not_see) or "-",
                ", ".join(answer.conflict.decision_maker(other).label for other, _ in eyes.view.believes) or "-",
                eyes.count,
                len(eyes.hidden),
            ]
            for eyes in answer.eyes
        ],
        title=answer.conflict.title,
    )
    write_table(
        ["No.", "State", "Name", *(concept.title for concept in answer.concepts)],
        [
            [state.number, state.pattern, state.name or "", *(_cell(answer, state, one) for one in answer.concepts)]
            for state in answer.notable()
        ],
        caption="✓ holds by what everybody sees, and as things are; ‘by views’ only by what they see; ‘lost’ only as "
        "things are; otherwise who expects it, wrongly.",
        centred=3,
    )
    _show_surprises(answer)
    _show_mistakes(answer)


def _cell(answer: Perception, state: State, concept: Concept) -> object:
    holds = state in answer.equilibria[concept.id]
    true = state in answer.true_equilibria[concept.id]
    if holds and true:
        return plain("✓", "bold green")
    if holds:
        return plain("by views", "bold")
    if true:
        return plain("lost", "red")
    expecting = [id for id, states in answer.expected[concept.id].items() if state in states]
    return ", ".join(expecting) or plain("·", "dim")


def _show_surprises(answer: Perception) -> None:
    told: dict[tuple[State, str], list[str]] = {}
    for one in answer.surprises:
        told.setdefault((one.state, answer.in_words(one)), []).append(_title(answer, one.concept))
    for (state, words), concepts in list(told.items())[:MOST_TOLD]:
        write_text(f"• Surprise at {state_label(state)} ({', '.join(concepts)}): {words}")
    if len(told) > MOST_TOLD:
        write_text(f"… and {len(told) - MOST_TOLD} more surprises; --format json has them all.")
    if not told:
        write_text("• Nobody is surprised by a state that holds.")


def _show_mistakes(answer: Perception) -> None:
    told: dict[tuple[State, str, tuple[str, ...]], list[str]] = {}
    for one in answer.mistakes:
        told.setdefault((one.state, one.decision_maker, one.leaving), []).append(_title(answer, one.concept))
    for (state, id, leaving), concepts in list(told.items())[:MOST_TOLD]:
        who = answer.conflict.decision_maker(id).label
        others = names_in_words(answer.conflict, leaving)
        write_text(
            f"• {who} would expect {state_label(state)} to hold ({', '.join(concepts)}). "
            f"It does not: {others} would leave it."
        )
    if len(told) > MOST_TOLD:
        write_text(f"… and {len(told) - MOST_TOLD} more mistaken expectations; --format json has them all.")


def _title(answer: Perception, id: str) -> str:
    return next(concept.title for concept in answer.concepts if concept.id == id)
