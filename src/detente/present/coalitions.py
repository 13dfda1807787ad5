"""Who would leave an equilibrium together, and where to, in words."""

from __future__ import annotations

from detente.analysis.coalitions import CoalitionAnalysis
from detente.concepts import CONCEPTS
from detente.engine.coalition_moves import Group
from detente.model.preferences import StateReference
from detente.model.states import State
from detente.model.wording import capital, counted, state_label
from detente.present.blocks import Block, Cell, Column, Heading, Item, Paragraph, bullets, state_cell, table
from detente.present.phrases import coalition_in_words, concepts_in_words, in_order, path_in_words, together

#: So many ways of a coalition to leave an equilibrium are put into words.
MAX_WAYS_WORDED = 4


def view(found: CoalitionAnalysis) -> list[Block]:
    """Word an analysis of coalitions: the answer, the equilibria, and who would leave which of them, and how."""
    states = in_order({state for some in found.equilibria.values() for state in some}, found.status_quo)
    blocks: list[Block] = [Paragraph(answer(found))]
    if states:
        against = "every coalition" if found.every else "the coalitions asked about"
        blocks += [
            Heading("The equilibria"),
            table(
                [Column("State", 3, "state"), *(Column(CONCEPTS[id].title, kind="mark") for id in found.concepts)],
                (
                    [state_cell(state, found.status_quo), *(_cell(found, state, id) for id in found.concepts)]
                    for state in states
                ),
                more="{count} more equilibria",
                caption=f"‘holds’: against {against}. ‘alone only’: for each decision maker by itself, but some "
                "coalition would leave. ‘·’: no equilibrium.",
            ),
        ]
    if leaving := _leaving(found, states):
        blocks += [
            Heading("Who could better themselves together, and how"),
            bullets(leaving, more="{count} more"),
        ]
    return blocks


def _cell(found: CoalitionAnalysis, state: State, concept: str) -> Cell:
    if state not in found.equilibria[concept]:
        return Cell("·", note="no equilibrium", tone="quiet")
    return Cell("holds", tone="good") if state in found.universal[concept] else Cell("alone only")


def _leaving(found: CoalitionAnalysis, states: list[State]) -> list[Item]:
    """Say for every equilibrium and coalition where it would go, those of the first states first."""
    ways = together(
        found.jumps,
        lambda jump: (
            jump.start,
            jump.coalition,
            found.deterred(jump),
            path_in_words(found.conflict, jump.start, jump.path),
        ),
        "concept",
    )
    points: dict[tuple[State, tuple[str, ...], bool], list[str]] = {}
    for (start, group, deterred, how), concepts in ways.items():
        points.setdefault((start, group, deterred), []).append(f"{concepts_in_words(concepts, found.concepts)}: {how}.")
    place = {state: number for number, state in enumerate(states)}
    items = []
    for (start, group, deterred), said in sorted(points.items(), key=lambda one: (place[one[0][0]], one[0][2])):
        more = [f"… and {len(said) - MAX_WAYS_WORDED} more"] if len(said) > MAX_WAYS_WORDED else []
        would = (
            "could go together, but are deterred by what the others could answer," if deterred else "would go together"
        )
        who = capital(coalition_in_words(found.conflict, group))
        text = f"{would} from {state_label(start)}."
        items.append(Item(text, who, (*said[:MAX_WAYS_WORDED], *more)))
    return items


def answer(found: CoalitionAnalysis) -> str:
    """Say how many equilibria hold against coalitions, and whether the status quo does."""
    states = {state for some in found.equilibria.values() for state in some}
    if not states:
        return "No state is an equilibrium, so there is none to leave."
    against = "every coalition" if found.every else "the coalitions looked at"
    held = {state for state in states if not found.leaving(state)}
    jumped = {jump.start for jump in found.jumps}
    what = counted(len(states), "equilibrium", "equilibria")
    many = "all" if len(held) == len(states) > 1 else str(len(held) or "none")
    parts = [f"Of {what}, {many} {'hold' if len(held) > 1 else 'holds'} against {against}."]
    if jumped:
        deterred = len(jumped & held)
        rest = f"; {deterred} of these hold all the same, by what the others could answer" if deterred else ""
        parts.append(
            f"From {len(jumped)} of the {len(states)} two or more could get together to another that each prefers"
            f"{rest}."
        )
    here = found.status_quo
    if here in states:
        who = "; or by ".join(coalition_in_words(found.conflict, group) for group in found.leaving(here))
        said = f"would be left together by {who}" if who else f"holds against {against}"
        parts.append(f"The status quo, {state_label(here)}, {said}.")
    return " ".join(parts)


def why(found: CoalitionAnalysis, state: StateReference, coalition: str, concept: str) -> str:
    """Say why a state is stable or not for a coalition: its improvements and what deters from each."""
    found.stable(concept, coalition)
    moves = found.moves
    number = moves.compiled.number_of(state)
    group = moves.group(next(one for one in found.coalitions if "+".join(one) == coalition))
    who = _who(found, group)
    improvements = moves.improvements(group, number)
    stable = all(moves.sanction(group, number, end, concept) is not None for end in improvements)
    here = state_label(moves.compiled.state(number))
    verdict = f"{here} is {'' if stable else 'not '}coalition {CONCEPTS[concept].title} stable for {who}."
    if not improvements:
        by = "" if len(group) == 1 else " by each of them"
        return f"{verdict} No moves of theirs lead to a state that is preferred{by}."
    lines = [verdict]
    for end in improvements:
        path = path_in_words(found.conflict, moves.state(number), moves.path(group, number, end))
        sanction = moves.sanction(group, number, end, concept)
        if sanction is None:
            lines.append(f"- {path}: better for {who}, and nothing deters from it.")
        else:
            back = state_label(moves.compiled.state(sanction))
            lines.append(f"- {path}: better for {who}; but the others can bring about {back}, which is not.")
    return "\n".join(lines)


def _who(found: CoalitionAnalysis, group: Group) -> str:
    members = [id for place in sorted(group) for id in found.conflict.players[place]]
    return coalition_in_words(found.conflict, members) + " together" * (len(members) > 1)
