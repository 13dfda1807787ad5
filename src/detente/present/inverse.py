"""What would have to change for a state to become an equilibrium, in words."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from detente.analysis.inverse import Inversion, PreferenceChange
from detente.analysis.inverse.editable import PreferenceEdit, reversed_condition
from detente.concepts import Respond
from detente.errors import UnknownNameError
from detente.model.conditions import parse
from detente.model.preferences import Prioritising
from detente.model.wording import names_in_words, quoted, state_label
from detente.present.blocks import Block, Heading, Paragraph, bullets
from detente.present.phrases import changes_in_words

#: More states than this that a party could move to are counted, not named.
_MAX_STATES_NAMED = 6


def view(found: Inversion) -> list[Block]:
    """Word an inversion: why the state is no equilibrium, and the smallest changes or what stands in the way."""
    here, title = state_label(found.state), found.concept.title
    if found.holds_already:
        return [Paragraph(f"{here} is an equilibrium under {title} as things are: nothing has to change.")]
    blocks: list[Block] = [
        Paragraph(f"{here} is no equilibrium under {title} as things are."),
        bullets(_today(found)),
    ]
    if found.obstacle is not None:
        ways_out = (
            f"It would become possible if {names_in_words(found.conflict, way)} could be influenced."
            for way in found.obstacle.ways_out
        )
        return [
            *blocks,
            Paragraph("No change of the preferences of those who can be influenced makes it one."),
            bullets([*obstacle_in_words(found), *ways_out]),
        ]
    count = len(found.changes)
    alike = "Each of these alone would do; none smaller does." if count > 1 else "It is the only one as small."
    size = f"Cost {float(found.cost or 0):g}, importance {found.importance}; the engine agrees on each."
    return [
        *blocks,
        Heading("The smallest changes that would do" if count > 1 else "The smallest change that would do"),
        Paragraph(alike if found.complete else f"{count} of them; there are more as small: raise the limit."),
        bullets(map(partial(_cited, found), found.changes), max_items=20, numbered=count > 1, more="{count} more"),
        Paragraph(size, small=True),
    ]


def obstacle_in_words(found: Inversion) -> Iterator[str]:
    """Say of everybody who cannot be influenced why it would leave whatever the others came to want."""
    assert found.obstacle is not None
    for members, ends in found.obstacle.leaving:
        who = names_in_words(found.conflict, members)
        more = f" and {len(ends) - 1} more" if len(ends) > 1 else ""
        unless = "" if found.concept.respond is Respond.NOBODY else "; whatever the others prefer, nobody can answer"
        where = f"{state_label(ends[0])}{more}"
        yield f"{who} cannot be influenced, and could move to {where}, which is preferred{unless}."
    if not found.obstacle.leaving:
        fixed = names_in_words(found.conflict, [id for id, cost in found.costs.items() if cost is None])
        yield (
            f"{fixed} cannot be influenced. Others could answer what tempts somebody away, but not each to its own "
            "advantage while the state holds for all of them."
        )


def preference_change_in_words(found: Inversion, change: PreferenceChange) -> str:
    """Say what a change is, edit by edit."""
    said, parts = None, []
    for edit in change.edits:
        parts.append(_edit_in_words(found, edit, again=said == (edit.decision_maker, edit.statement, edit.start)))
        said = (edit.decision_maker, edit.statement, edit.start)
    return "; ".join(parts) or "nothing has to change"


def condition(found: Inversion, player: str) -> str:
    """Say what a player's preferences must be for the state to be stable for it, where that is short.

    Under SEQ and SSEQ the condition depends on what the others prefer as well, and only what follows for the player
    itself is said.
    """
    ids = ["+".join(members) for members in found.conflict.players]
    if player not in ids:
        raise UnknownNameError("player", player, ids)
    place = ids.index(player)
    who = names_in_words(found.conflict, found.conflict.players[place])
    here = state_label(found.state)
    ends = [arc.end for arc in found.compiled.arcs() if arc.player == place and arc.start == found.state.number]
    if not ends:
        return f"{who} can make no move from {here}, so any preferences would do."
    if len(ends) > _MAX_STATES_NAMED:
        moves = f"any of the {len(ends)} states that a move leads to"
    else:
        moves = " or ".join(state_label(found.compiled.state(end)) for end in sorted(ends))
    unless = {
        Respond.NOBODY: "",
        Respond.MOVES: ", unless the others can move on to a state that is not preferred to it",
        Respond.IMPROVEMENTS: ", unless the others would move on, each to its own advantage, to a state "
        "that is not preferred to it",
    }[found.concept.respond]
    escape = " and that cannot be left for one that is" if found.concept.counter_move else ""
    return f"{who} must not prefer {moves} to {here}{unless}{escape}."


def _today(found: Inversion) -> Iterator[str]:
    """Say who would leave the state as things are, and where to."""
    for player, members in enumerate(found.conflict.players):
        verdict = found.compiled.why(found.state.number, player, found.concept)
        ends = [improvement.to for improvement in verdict.improvements if improvement.sanction is None]
        if ends:
            doing = changes_in_words(found.conflict, found.state, ends[0], members)
            more = f", or for {len(ends) - 1} more" if len(ends) > 1 else ""
            who = names_in_words(found.conflict, members)
            yield f"{who} would {doing}, leaving it for {state_label(ends[0])}{more}."


def _cited(found: Inversion, change: PreferenceChange) -> str:
    """Say a change with the statements behind the preferences that it is about."""
    evidence: dict[str, None] = {}
    for edit in change.edits:
        preferences = found.conflict.decision_maker(edit.decision_maker).preferences
        if isinstance(preferences, Prioritising) and edit.start and edit.start <= len(preferences.statements):
            one = preferences.statements[edit.start - 1]
            if str(one.condition) == edit.statement:
                evidence |= dict.fromkeys(one.support.evidence)
    return preference_change_in_words(found, change) + (f" [{', '.join(evidence)}]" if evidence else "")


def _edit_in_words(found: Inversion, edit: PreferenceEdit, *, again: bool) -> str:
    who = found.conflict.decision_maker(edit.decision_maker).label
    what = "it" if again else quoted(edit.statement or "")
    if edit.kind in ("swap", "part"):
        assert edit.states is not None
        better, worse = map(found.compiled.state, edit.states)
        tied = ", with which it is tied" if edit.kind == "part" else ""
        return f"{who} would rank {state_label(better)} above {state_label(worse)}{tied}"
    if edit.kind == "add":
        return f"{who} would come to want {what}, at place {edit.end}"
    if edit.kind == "drop":
        return f"{who} would give up {what} (preference {edit.start})"
    if edit.kind == "reverse":
        turned = reversed_condition(parse(edit.statement or ""))
        return f"{who} would turn {what} into {quoted(str(turned))} (preference {edit.start})"
    if edit.start == edit.end:
        return f"{who} would move {what} from place {edit.start} past others, to what is then place {edit.end}"
    lower = (edit.end or 0) > (edit.start or 0)
    return f"{who} would {'lower' if lower else 'raise'} {what} from place {edit.start} to place {edit.end}"
