"""What holds when everybody plays the game that it sees, and who is surprised, in words."""

from __future__ import annotations

from collections.abc import Iterator

from detente.analysis.explanation import explanation_of
from detente.analysis.perception import Perception, Surprise
from detente.concepts import Concept, chosen
from detente.model.preferences import StateReference
from detente.model.states import State
from detente.model.wording import counted, listed, names_in_words, quoted, state_label
from detente.present.blocks import (
    Block,
    Bullets,
    Cell,
    Column,
    Heading,
    PageLink,
    Paragraph,
    Table,
    bullets,
    state_cell,
    table,
)
from detente.present.phrases import concepts_in_words, in_order, together


def view(found: Perception) -> list[Block]:
    """Word a perception: the answer, who sees what, who is surprised or mistaken, and the states."""
    if not found.conflict.views:
        return [
            Paragraph(answer(found)),
            Paragraph(
                "To ask, say first what somebody does not see, or what it believes of others.",
                link=PageLink("Say on the page Dispute who sees what", "dispute", "views"),
            ),
        ]
    blocks: list[Block] = [Paragraph(answer(found)), Heading("Who sees what"), _games(found)]
    blocks += [Heading("Who would be surprised"), _surprises(found)]
    if found.mistakes:
        blocks += [
            Heading("Who counts on what does not hold"),
            bullets(_mistakes(found), more="{count} more mistaken expectations"),
        ]
    return [*blocks, Heading("The states"), _states(found)]


def answer(found: Perception) -> str:
    """Say how many states would be rested at by what each sees, and who would be surprised."""
    if not found.conflict.views:
        return (
            "Nobody is surprised: the file says of nobody that it sees the dispute otherwise than it is written down "
            "(it has no ‘views’), so what holds for one holds for all."
        )
    holding = {state for states in found.equilibria.values() for state in states}
    lost = {state for states in found.true_equilibria.values() for state in states} - holding
    surprised = dict.fromkeys(found.conflict.decision_maker(one.decision_maker).label for one in found.surprises)
    return (
        f"By what each sees, {counted(len(holding), 'state')} would be rested at under some concept"
        + (f"; {len(lost)} that would hold if all saw alike would not" if lost else "")
        + f". {f'{listed(list(surprised))} would be surprised' if surprised else 'Nobody would be surprised'}."
    )


def why(found: Perception, state: StateReference, decision_maker: str, concept: str) -> str:
    """Say why a decision maker leaves a state or not, by what it sees."""
    named = chosen([concept])[0]
    place = found.games.place(decision_maker)
    number = found.games.truth.number_of(state)
    label = found.conflict.decision_maker(decision_maker).label
    looks = found.games.looks_like(place, number)
    here = state_label(found.games.truth.state(number))
    if looks is None:
        return f"In the view of {label} there is no state for {here}, and no move from it."
    solver = found.games.seen[place]
    seen = f"As seen by {label}"
    if solver.state(looks).pattern != found.games.truth.state(number).pattern:
        seen += f", {here} looks like {solver.state(looks).pattern} (numbers are those of that view)"
    return f"{seen}: {explanation_of(solver, looks, place, named)}"


def surprise_in_words(found: Perception, surprise: Surprise) -> str:
    """Say what surprises whom."""
    who = found.conflict.decision_maker(surprise.decision_maker).label
    if surprise.looks_like is None:
        return f"There is no such state in the view of {who}."
    if surprise.kind == "unseen":
        view = found.games.views[found.games.place(surprise.decision_maker)]
        # At a merged state an option can be taken at some members only.
        letters = dict(zip((option.id for option in found.conflict.options), surprise.state.pattern, strict=True))
        unseen = [quoted(found.conflict.option(name).label) for name in view.does_not_see if letters[name] != "N"]
        return f"{who} cannot see {listed(unseen)}: seen so, this looks like {state_label(surprise.looks_like)}."
    return f"{who} can see the state as it is, and did not expect it to hold."


def _games(found: Perception) -> Table:
    conflict = found.conflict
    return table(
        [
            Column("Decision maker", 2),
            Column("Does not see", 3),
            Column("Has its own idea of what is preferred by", 3),
            Column("States of its game", kind="number"),
            Column("Hidden", kind="number"),
        ],
        (
            [
                conflict.decision_maker(game.decision_maker).label,
                ", ".join(conflict.option(name).label for name in game.view.does_not_see) or "–",
                ", ".join(conflict.decision_maker(other).label for other, _ in game.view.believes) or "–",
                f"{game.count:,}",
                f"{len(game.hidden):,}",
            ]
            for game in found.eyes
        ),
    )


def _surprises(found: Perception) -> Bullets:
    merged = together(found.surprises, lambda one: (one.state, surprise_in_words(found, one)), "concept")
    said = [f"{state_label(state)} ({_under(found, ids)}): {words}" for (state, words), ids in merged.items()]
    return bullets(said or ["Nobody."], more="{count} more surprises")


def _mistakes(found: Perception) -> Iterator[str]:
    merged = together(found.mistakes, lambda one: (one.decision_maker, one.state, one.leaving), "concept")
    for (maker, state, leaving), ids in merged.items():
        who = found.conflict.decision_maker(maker).label
        others = names_in_words(found.conflict, leaving)
        yield (
            f"{who} would expect {state_label(state)} to hold ({_under(found, ids)}). It does not: {others} would "
            "leave it."
        )


def _under(found: Perception, ids: list[str]) -> str:
    return f"under {concepts_in_words(ids, [concept.id for concept in found.concepts])}"


def _states(found: Perception) -> Table:
    quo = None
    if found.conflict.status_quo is not None:
        quo = found.games.truth.state(found.games.truth.number_of("status quo"))
    return table(
        [Column("State", 3, "state"), *(Column(concept.title, kind="mark") for concept in found.concepts)],
        (
            [state_cell(state, quo), *(_cell(found, state, concept) for concept in found.concepts)]
            for state in in_order(found.notable(), quo)
        ),
        more="{count} more states",
        caption="✓ holds by what everybody sees, and as things are; ‘by views’ only by what they see; ‘lost’ only as "
        "things are; a name: who expects it, wrongly.",
    )


def _cell(found: Perception, state: State, concept: Concept) -> Cell:
    holds, true = state in found.equilibria[concept.id], state in found.true_equilibria[concept.id]
    if holds and true:
        return Cell("✓", note="holds", tone="good")
    if holds or true:
        return Cell("by views", tone="strong") if holds else Cell("lost", tone="bad")
    expecting = [
        found.conflict.decision_maker(maker).label
        for maker, states in found.expected[concept.id].items()
        if state in states
    ]
    return Cell(", ".join(expecting)) if expecting else Cell("·", note="no equilibrium", tone="quiet")
