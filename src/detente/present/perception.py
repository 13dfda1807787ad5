"""Which outcomes are equilibria when each party acts on its own view, and which party is surprised, in words."""

from __future__ import annotations

from collections.abc import Iterator

from detente.analysis.explanation import explanation_of
from detente.analysis.perception import Perception, Surprise
from detente.concepts import Concept, chosen
from detente.model.preferences import StateReference
from detente.model.states import State
from detente.model.wording import capital, counted, listed, names_in_words, quoted
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
from detente.present.outcomes import letters_of, outcome_name
from detente.present.phrases import concepts_in_words, concepts_spelled_out, in_order, state_name, together


def view(found: Perception) -> list[Block]:
    """Word a perception: the answer, the views, surprises, mistaken expectations, and the states."""
    if not found.conflict.views:
        return [
            Paragraph(answer(found)),
            Paragraph(
                "To analyse misperception, add a view: what a party does not see, or what it believes that another "
                "party prefers.",
                link=PageLink("Add a view on the page Model", "dispute", "views"),
            ),
        ]
    blocks: list[Block] = [
        Paragraph(answer(found)),
        concepts_spelled_out(found.concepts),
        Heading("Views"),
        _games(found),
    ]
    blocks += [Heading("Surprises"), _surprises(found)]
    if found.mistakes:
        blocks += [
            Heading("Mistaken expectations"),
            bullets(_mistakes(found), more="{count} more mistaken expectations"),
        ]
    return [*blocks, Heading("States"), _states(found)]


def answer(found: Perception) -> str:
    """Say how many states are equilibria as the parties perceive the dispute, and which party would be surprised."""
    if not found.conflict.views:
        return (
            "Misperception was not analysed: the file has no ‘views’, so all parties are taken to perceive the dispute "
            "as the file describes it."
        )
    holding = {state for states in found.equilibria.values() for state in states}
    lost = {state for states in found.true_equilibria.values() for state in states} - holding
    surprised = capital(names_in_words(found.conflict, dict.fromkeys(one.decision_maker for one in found.surprises)))
    are = "is an equilibrium" if len(holding) == 1 else "are equilibria"
    parts = [
        f"{surprised or 'No party'} would be surprised.",
        f"As the parties perceive the dispute, {counted(len(holding), 'state')} {are} under at least one concept.",
    ]
    if lost:
        were = "is an equilibrium" if len(lost) == 1 else "are equilibria"
        parts.append(f"{capital(counted(len(lost), 'other state'))} {were} only without misperceptions.")
    return " ".join(parts)


def why(found: Perception, state: StateReference, decision_maker: str, concept: str) -> str:
    """Say why a state is stable or not for a decision maker in its own view."""
    named = chosen([concept])[0]
    place = found.games.place(decision_maker)
    number = found.games.truth.number_of(state)
    label = names_in_words(found.conflict, [decision_maker])
    looks = found.games.looks_like(place, number)
    here = state_name(found.games.truth.state(number))
    if looks is None:
        return f"In the view of {label}, {here} does not exist, so there is no move from it."
    solver = found.games.seen[place]
    seen = f"As seen by {label}"
    if solver.state(looks).pattern != found.games.truth.state(number).pattern:
        seen += f", {here} looks like {solver.state(looks).pattern} (state numbers are those of this view)"
    return f"{seen}: {explanation_of(solver, looks, place, named)}"


def surprise_in_words(found: Perception, surprise: Surprise) -> str:
    """Say what surprises a party."""
    who = names_in_words(found.conflict, [surprise.decision_maker])
    if surprise.looks_like is None:
        return f"This state does not exist in the view of {who}."
    if surprise.kind == "unseen":
        view = found.games.views[found.games.place(surprise.decision_maker)]
        # At a merged state an option can be taken at some members only.
        letters = letters_of(found.conflict, surprise.state.pattern)
        unseen = [quoted(found.conflict.option(name).label) for name in view.does_not_see if letters[name] != "N"]
        looks = outcome_name(found.conflict, surprise.looks_like)
        return f"{capital(who)} does not know of {listed(unseen)}; to {who} this looks like {looks}."
    return f"{capital(who)} can see this state, but did not expect it to be an equilibrium."


def _games(found: Perception) -> Table:
    conflict = found.conflict
    return table(
        [
            Column("Decision maker", 2),
            Column("Does not see", 3),
            Column("Own beliefs about the preferences of", 3),
            Column("States in its view", kind="number"),
            Column("States hidden", kind="number"),
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
    said = [f"{capital(state_name(state))}, {_under(found, ids)}: {words}" for (state, words), ids in merged.items()]
    return bullets(said or ["No party would be surprised."], more="{count} more surprises")


def _mistakes(found: Perception) -> Iterator[str]:
    merged = together(found.mistakes, lambda one: (one.decision_maker, one.state, one.leaving), "concept")
    for (maker, state, leaving), ids in merged.items():
        who = capital(names_in_words(found.conflict, [maker]))
        others = names_in_words(found.conflict, leaving)
        yield (
            f"{who} would expect {state_name(state)} to be an equilibrium {_under(found, ids)}. It is not: {others} "
            "would move away."
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
        caption="✓: an equilibrium, with the views and without. views: only with the views. no views: only without. "
        "A party's name: this party wrongly expects an equilibrium. no: not an equilibrium.",
    )


def _cell(found: Perception, state: State, concept: Concept) -> Cell:
    holds, true = state in found.equilibria[concept.id], state in found.true_equilibria[concept.id]
    if holds and true:
        return Cell("✓", note="an equilibrium", tone="good")
    if holds or true:
        return Cell("views", tone="strong") if holds else Cell("no views", tone="bad")
    expecting = [
        found.conflict.decision_maker(maker).label
        for maker, states in found.expected[concept.id].items()
        if state in states
    ]
    return Cell(", ".join(expecting)) if expecting else Cell("no", note="not an equilibrium", tone="quiet")
