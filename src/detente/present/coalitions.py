"""Which coalitions would move away from an equilibrium together, and where to, in words."""

from __future__ import annotations

from collections.abc import Iterator

from detente.analysis.coalitions import CoalitionAnalysis
from detente.concepts import CONCEPTS
from detente.engine.coalition_moves import Group
from detente.model.preferences import StateReference
from detente.model.states import State
from detente.model.wording import capital
from detente.present.blocks import Block, Cell, Column, Heading, Item, Paragraph, bullets, state_cell, table
from detente.present.evolution import path_in_words
from detente.present.outcomes import outcome_name, shared_and_different
from detente.present.phrases import (
    coalition_in_words,
    concepts_in_words,
    concepts_spelled_out,
    in_order,
    others_in_words,
    state_name,
    together,
)

#: The maximum number of joint moves of a coalition that are described.
MAX_WAYS_WORDED = 4


def view(found: CoalitionAnalysis) -> list[Block]:
    """Word an analysis of coalitions: the answer, the equilibria, and the joint moves away from them."""
    states = in_order({state for some in found.equilibria.values() for state in some}, found.status_quo)
    kinds = _kinds(found)
    blocks: list[Block] = [Paragraph(answer(found))]
    if states:
        held = [state for state in states if not found.leaving(state)]
        if len(held) > 1:
            shared, different = shared_and_different(found.conflict, [state.pattern for state in held])
            if shared:
                differ = f" They differ in {different}." if different else ""
                blocks.append(Paragraph(f"{shared}.{differ}", f"In all {len(held)} that are stable:"))
            elif different:
                blocks.append(Paragraph(f"The {len(held)} that are stable differ in {different}."))
        blocks.append(concepts_spelled_out(CONCEPTS[id] for id in found.concepts))
        against = "every coalition" if found.every else "each coalition asked about"
        blocks += [
            Heading("Equilibria"),
            table(
                [Column("State", 3, "state"), *(Column(CONCEPTS[id].title, kind="mark") for id in found.concepts)],
                (
                    [state_cell(state, found.status_quo), *(_cell(kinds[id], state) for id in found.concepts)]
                    for state in states
                ),
                more="{count} more equilibria",
                caption=f"all: stable against {against}. alone: no party would move away on its own, but a coalition "
                "would, to a state that all its members prefer. no: not an equilibrium.",
            ),
        ]
    # The status quo and named outcomes in words, the others in a table: without names they would be told at length.
    in_full = [state for state in states if state.name or state == found.status_quo] or list(states)[:1]
    if leaving := _leaving(found, in_full):
        blocks += [Heading("Joint moves to another equilibrium"), bullets(leaving, more="{count} more equilibria")]
    if rows := list(_rows(found, [state for state in states if state not in in_full])):
        blocks += [
            Heading("Joint moves from the other equilibria"),
            table(
                [Column("From", kind="state"), Column("Coalition", 3), Column("To", 1), Column("Under", 3)],
                rows,
                more="{count} more joint moves",
                caption="To: the numbers of the states, which are equilibria, too. Under: the concepts under which no "
                "response of the other parties deters the move.",
            ),
        ]
    if not found.complete:
        blocks.append(Paragraph(f"{len(found.jumps):,} of the {found.jump_count:,} joint moves are described."))
    return blocks


#: The equilibria under a concept, and those that are stable against all coalitions.
_Kinds = tuple[frozenset[State], frozenset[State]]
_NO = Cell("no", note="not an equilibrium", tone="quiet")
_ALL, _ALONE = Cell("all", note="stable against all coalitions", tone="good"), Cell("alone")


def _kinds(found: CoalitionAnalysis) -> dict[str, _Kinds]:
    return {id: (frozenset(found.equilibria[id]), frozenset(found.universal[id])) for id in found.concepts}


def _cell(kinds: _Kinds, state: State) -> Cell:
    equilibria, universal = kinds
    return _NO if state not in equilibria else _ALL if state in universal else _ALONE


def _leaving(found: CoalitionAnalysis, states: list[State]) -> list[Item]:
    """Say for every equilibrium which coalitions could move where, and under which concepts that is deterred."""
    ways = together(
        found.jumps,
        lambda jump: (jump.start, jump.coalition, jump.path),
        "concept",
    )
    deterred = {(jump.start, jump.coalition, jump.concept): found.deterred(jump) for jump in found.jumps}
    points: dict[State, dict[tuple[tuple[str, ...], str, str], list[tuple[tuple[str, State], ...]]]] = {}
    for (start, group, path), concepts in ways.items():
        would = [id for id in concepts if not deterred[start, group, id]]
        held = [id for id in concepts if id not in would]
        verdict = f"would gain by a joint move under {concepts_in_words(would, found.concepts)}"
        deterrence = ""
        if held:
            by, under = others_in_words(found.conflict, group), concepts_in_words(held, found.concepts)
            deterrence = f"{'But responses' if not would else 'The responses'} of {by} deter {{which}} under {under}."
        points.setdefault(start, {}).setdefault(
            (group, verdict if would else "could gain by a joint move", deterrence), []
        ).append(path)
    items, kinds = [], _kinds(found)
    for start in filter(points.__contains__, states):
        said = []
        for (group, verdict, deterrence), paths in points[start].items():
            first, *others = (path_in_words(found.conflict, start, path) for path in paths[:MAX_WAYS_WORDED])
            who = capital(coalition_in_words(found.conflict, group))
            alone = f" {deterrence.format(which='that')}" if deterrence and not others else ""
            said.append(f"{who} {verdict}: {first}.{alone}")
            said += [f"Or: {path}." for path in others]
            count = len(paths)
            if not found.complete:
                count = max(count, *(found.jump_counts.get((id, start), {}).get(group, 0) for id in found.concepts))
            more = count - len(others) - 1
            said += [f"… and {'' if found.complete else 'at least '}{more:,} more ways."] if more else []
            # Behind all the ways: before them, a way would look like the response.
            said += (
                [deterrence.format(which="all these ways" if count > 2 else "both ways")]
                if others and deterrence
                else []
            )
        unstable = [id for id in found.concepts if _cell(kinds[id], start) is _ALONE]
        if elsewhere := [id for id in unstable if not found.coalitions_that_jump(id, start, deterred=False)]:
            said.append(
                f"Under {concepts_in_words(elsewhere, found.concepts)}, a coalition would gain only by moves to "
                "outcomes that are not equilibria."
            )
        items.append(Item("", f"From {outcome_name(found.conflict, start)}:", tuple(said)))
    return items


def _rows(found: CoalitionAnalysis, states: list[State]) -> Iterator[list[str | Cell]]:
    """Yield for each equilibrium and coalition the equilibria to which it would gain by moving."""
    jumps = [jump for jump in found.jumps if not found.deterred(jump)]
    ways: dict[State, dict[tuple[tuple[str, ...], str], list[State]]] = {}
    for (start, group, to), concepts in together(
        jumps, lambda jump: (jump.start, jump.coalition, jump.end), "concept"
    ).items():
        under = concepts_in_words(concepts, found.concepts)
        ways.setdefault(start, {}).setdefault((group, under), []).append(to)
    for start in filter(ways.__contains__, states):
        for (group, under), ends in ways[start].items():
            to = ", ".join(str(end.number) for end in sorted(ends))
            yield [state_cell(start), capital(coalition_in_words(found.conflict, group)), to, capital(under)]


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
        said = "".join(f"; so would {group} together" for group in groups[1:])
        if groups:
            both = "both " if len(_members(found.leaving(here)[0])) == 2 else ""
            gains = f"{groups[0]} would {both}gain by moving together{said}"
            said = f"is not stable against coalitions. In the model, {gains}"
        parts.append(f"The status quo, {state_name(here)}, {said if groups else f'is stable against {against}'}.")
    held = {state for state in states if not found.leaving(state)}
    if len(states) == 1:
        parts.append(f"The only equilibrium is {'' if held else 'not '}stable against {against}.")
    elif len(held) == len(states):
        parts.append(f"All {len(states)} equilibria are stable against {against}.")
    else:
        stable = f"{len(held) or 'none'} {'is' if len(held) == 1 else 'are'} stable against {against}"
        parts.append(f"Of {len(states)} equilibria, {stable}.")
    return " ".join(parts)


def _members(coalition: tuple[str, ...]) -> list[str]:
    return [member for player in coalition for member in player.split("+")]


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
