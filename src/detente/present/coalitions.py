"""Which coalitions would move away from an equilibrium together, and where to, in words."""

from __future__ import annotations

from detente.analysis.coalitions import CoalitionAnalysis
from detente.concepts import CONCEPTS
from detente.engine.coalition_moves import Group
from detente.model.preferences import StateReference
from detente.model.states import State
from detente.model.wording import capital
from detente.present.blocks import Block, Cell, Column, Heading, Item, Paragraph, bullets, state_cell, table
from detente.present.outcomes import outcome_name, path_in_words, shared_and_different
from detente.present.phrases import (
    coalition_in_words,
    concepts_in_words,
    concepts_spelled_out,
    in_order,
    state_name,
    together,
)

#: The maximum number of joint moves of a coalition that are described.
MAX_WAYS_WORDED = 4


def view(found: CoalitionAnalysis) -> list[Block]:
    """Word an analysis of coalitions: the answer, the equilibria, and the joint moves away from them."""
    states = in_order({state for some in found.equilibria.values() for state in some}, found.status_quo)
    blocks: list[Block] = [Paragraph(answer(found))]
    if states:
        held = [state for state in states if not found.leaving(state)]
        if len(held) > 1:
            shared, different = shared_and_different(found.conflict, [state.pattern for state in held])
            said = [f"{shared}" if shared else "", f"They differ in {different}" if different else ""]
            blocks.append(Paragraph(f"{'. '.join(filter(None, said))}.", f"In all {len(held)} that are stable:"))
        blocks.append(concepts_spelled_out(CONCEPTS[id] for id in found.concepts))
        against = "every coalition" if found.every else "each coalition asked about"
        blocks += [
            Heading("Equilibria"),
            table(
                [Column("State", 3, "state"), *(Column(CONCEPTS[id].title, kind="mark") for id in found.concepts)],
                (
                    [state_cell(state, found.status_quo), *(_cell(found, state, id) for id in found.concepts)]
                    for state in states
                ),
                more="{count} more equilibria",
                caption=f"all: stable against {against}. alone: stable against each party on its own, but a coalition "
                "would move away. ·: not an equilibrium.",
            ),
        ]
    if leaving := _leaving(found, states):
        blocks += [
            Heading("Joint moves to a better equilibrium"),
            bullets(leaving, more="{count} more coalitions and equilibria"),
        ]
    return blocks


def _cell(found: CoalitionAnalysis, state: State, concept: str) -> Cell:
    if state not in found.equilibria[concept]:
        return Cell("·", note="not an equilibrium", tone="quiet")
    return (
        Cell("all", note="stable against all coalitions", tone="good")
        if state in found.universal[concept]
        else Cell("alone")
    )


def _leaving(found: CoalitionAnalysis, states: list[State]) -> list[Item]:
    """Say for every equilibrium and coalition where it would move, those of the first states first."""
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
    points: dict[tuple[State, tuple[str, ...], bool, str], list[str]] = {}
    for (start, group, deterred, how), concepts in ways.items():
        under = concepts_in_words(concepts, found.concepts)
        points.setdefault((start, group, deterred, under), []).append(f"{how}.")
    place = {state: number for number, state in enumerate(states)}
    items = []
    for (start, group, deterred, under), said in sorted(points.items(), key=lambda one: (place[one[0][0]], one[0][2])):
        more = [f"… and {len(said) - MAX_WAYS_WORDED} more"] if len(said) > MAX_WAYS_WORDED else []
        where = f"move together from {outcome_name(found.conflict, start)} under {under}"
        text = f"could {where}, but the other parties' responses deter it:" if deterred else f"would {where}:"
        who = capital(coalition_in_words(found.conflict, group))
        items.append(Item(text, who, (*said[:MAX_WAYS_WORDED], *more)))
    return items


def answer(found: CoalitionAnalysis) -> str:
    """Say whether the status quo is stable against coalitions, and how many equilibria are."""
    states = {state for some in found.equilibria.values() for state in some}
    if not states:
        return "No state is an equilibrium, so there is none that a coalition could leave."
    against = "every coalition" if found.every else "each coalition asked about"
    parts = []
    here = found.status_quo
    if here in states:
        groups = [coalition_in_words(found.conflict, group) for group in found.leaving(here)]
        said = "".join(f", and so would {group}" for group in groups[1:])
        said = f"is not stable against coalitions: {groups[0] if groups else ''} would move away together{said}"
        parts.append(f"The status quo, {state_name(here)}, {said if groups else f'is stable against {against}'}.")
    held = {state for state in states if not found.leaving(state)}
    jumped = {jump.start for jump in found.jumps}
    if len(states) == 1:
        parts.append(f"The only equilibrium is {'' if held else 'not '}stable against {against}.")
    else:
        many = "all" if len(held) == len(states) else str(len(held) or "none")
        parts.append(
            f"Of {len(states)} equilibria, {many} {'is' if len(held) == 1 else 'are'} stable against {against}."
        )
    if jumped:
        deterred = len(jumped & held)
        parts.append(
            f"In {len(jumped)} of the {len(states)} equilibria, a coalition could move together to another equilibrium "
            "that every member prefers."
        )
        if deterred:
            which = f"{deterred} of these {len(jumped)}" if deterred < len(jumped) else "this one"
            which = "all of these" if deterred == len(jumped) > 1 else which
            parts.append(f"In {which}, the other parties' responses deter the coalition.")
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
    here = capital(outcome_name(found.conflict, moves.compiled.state(number)))
    verdict = f"{here} is {'' if stable else 'not '}stable for {who} under coalition {CONCEPTS[concept].title}."
    if not improvements:
        lead, to = (
            ("move", "a preferred state") if len(group) == 1 else ("joint move", "a state that each of them prefers")
        )
        return f"{verdict} No {lead} of {who} leads to {to}."
    lines = [verdict]
    for end in improvements:
        path = path_in_words(found.conflict, moves.state(number), moves.path(group, number, end))
        sanction = moves.sanction(group, number, end, concept)
        if sanction is None:
            lines.append(f"- {path}: better for {who}, and no response of the other parties deters it.")
        else:
            back = state_name(moves.compiled.state(sanction))
            lines.append(f"- {path}: better for {who}, but the other parties can respond with {back}, which is not.")
    return "\n".join(lines)


def _who(found: CoalitionAnalysis, group: Group) -> str:
    members = [id for place in sorted(group) for id in found.conflict.players[place]]
    return coalition_in_words(found.conflict, members)
