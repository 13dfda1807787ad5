"""What would have to change for a state to become an equilibrium, in words."""

from __future__ import annotations

from collections.abc import Iterator

from detente.analysis.inverse import Inversion, PreferenceChange
from detente.analysis.inverse.editable import PreferenceEdit
from detente.concepts import Concept, Respond
from detente.errors import UnknownNameError
from detente.model.conditions import Not, Taken, parse
from detente.model.conflict import Conflict
from detente.model.preferences import Prioritising
from detente.model.states import State
from detente.model.wording import capital, counted, names_in_words
from detente.present.blocks import Block, Heading, Item, Paragraph, bullets
from detente.present.outcomes import are_several, condition_in_words, outcome_in_words, outcome_name
from detente.present.phrases import MARKED_AS_DISPUTED, concepts_spelled_out, preference_evidence, state_name

#: More states than this that a party could move to are counted, not named.
_MAX_STATES_NAMED = 6
#: The maximum number of changes at the beginning of the list.
_MAX_CHANGES = 6


def view(found: Inversion) -> list[Block]:
    """Word an inversion: whether the state is an equilibrium, and the smallest changes or what stands in the way."""
    if found.holds_already:
        return [Paragraph(answer(found)), concepts_spelled_out([found.concept])]
    blocks: list[Block] = [
        Paragraph(answer(found)),
        Paragraph(f"{outcome_in_words(found.conflict, found.state)}.", "In this outcome:"),
        concepts_spelled_out([found.concept]),
        Heading("Parties that would move away"),
        bullets(_leaving(found)),
    ]
    if found.obstacle is not None:
        here = outcome_name(found.conflict, found.state)
        ways_out = (
            f"{capital(here)} could become an equilibrium if the preferences of {names_in_words(found.conflict, way)} "
            "could change."
            for way in found.obstacle.ways_out
        )
        return [*blocks, Heading("Why no change is enough"), bullets([*obstacle_in_words(found), *ways_out])]
    count = len(found.changes)
    alike = "Each numbered set is enough, and no smaller set is." if count > 1 else "No other change is as small."
    alike += (
        " Detente checked each: with it, the outcome is an equilibrium."
        if count > 1
        else (" Detente checked it: with it, the outcome is an equilibrium.")
    )
    sources = _sources(found)
    evidence: list[Block] = [Heading("Evidence of these preferences"), bullets(sources)] if sources else []
    return [
        *blocks,
        Heading("Smallest changes" if count > 1 else "Smallest change"),
        Paragraph(alike if found.complete else f"{alike} More are as small; a higher limit lists them."),
        bullets(
            (f"{preference_change_in_words(found, change)}." for change in found.changes),
            max_items=_MAX_CHANGES,
            numbered=count > 1,
        ),
        *_size(found),
        *evidence,
    ]


def _size(found: Inversion) -> Iterator[Paragraph]:
    """Say how the size of a change is measured: by its cost, and then by how important the changed preferences are."""
    cost = float(found.cost or 0)
    edits = len(found.changes[0].edits)
    costs = f"Each set costs {cost:g} with the costs that you gave. " if cost != edits else ""
    alike = "cost" if costs else "number of changes"
    yield Paragraph(
        f"{costs}With the same {alike}, a set that changes less important preferences counts as smaller.", small=True
    )


def _sources(found: Inversion) -> list[str]:
    """Say once for each preference that a change is about what supports it."""
    texts = (_evidence(found, edit) for change in found.changes for edit in change.edits)
    return list(dict.fromkeys(filter(None, texts)))


def answer(found: Inversion) -> str:
    """Say whether the state is an equilibrium, and how much would have to change."""
    here, title = outcome_name(found.conflict, found.state), found.concept.title
    if found.holds_already:
        needs = "No preference needs to change for it."
        return already_in_words(found.conflict, found.state, found.concept, needs)
    parts = [f"{capital(here)} is not an equilibrium under {title}."]
    if found.obstacle is not None:
        free = [id for id, cost in found.costs.items() if cost is not None]
        whose = " or ".join(f"of {names_in_words(found.conflict, [id])}" for id in free)
        parts.append(f"No change to {f'the preferences {whose}' if whose else 'preferences'} would make it one.")
        return " ".join(parts)
    sizes = sorted({len(change.edits) for change in found.changes})
    size = counted(sizes[0], "change") if len(sizes) == 1 else f"{sizes[0]} to {sizes[-1]} changes"
    makers = [{edit.decision_maker for edit in change.edits} for change in found.changes]
    who = [maker.id for maker in found.conflict.decision_makers if maker.id in makers[0]]
    of = (
        f" to the preferences of {names_in_words(found.conflict, who)}"
        if all(one == makers[0] for one in makers)
        else ""
    )
    parts.append(f"It would be one after {size}{of or ' of preferences'}.")
    return " ".join(parts)


def already_in_words(conflict: Conflict, state: State, concept: Concept, needs: str) -> str:
    """Say that an outcome is an equilibrium already, and what it ``needs``; of the status quo, to choose another."""
    quo = conflict.status_quo
    is_here = quo is not None and bool(state.pattern) and conflict.pattern(quo.taken) == state.pattern
    name = f"the status quo, {state_name(state)}," if is_here and state.name else outcome_name(conflict, state)
    said = f"{capital(name)} is already an equilibrium under {concept.title}."
    return f"{said} {needs}{' Choose the outcome that you want to make stable.' if is_here else ''}"


def obstacle_in_words(found: Inversion) -> Iterator[str]:
    """Say for each party with fixed preferences why it would move away, whatever the other parties prefer."""
    assert found.obstacle is not None
    for members, ends in found.obstacle.leaving:
        who = names_in_words(found.conflict, members)
        more = f", or to {counted(len(ends) - 1, 'other state')}" if len(ends) > 1 else ""
        unless = "" if found.concept.respond is Respond.NOBODY else ", and no response of the other parties deters that"
        yield (
            f"The preferences of {who} are fixed, and {who} would gain by moving to "
            f"{outcome_name(found.conflict, ends[0], found.state)}{more}{unless}."
        )
    if not found.obstacle.leaving:
        fixed = names_in_words(found.conflict, [id for id, cost in found.costs.items() if cost is None])
        yield (
            f"The preferences of {fixed} are fixed. The other parties could respond to each move away, but not by "
            "moves that they prefer while the state stays stable for all of them."
        )


def preference_change_in_words(found: Inversion, change: PreferenceChange) -> str:
    """Say what a change is, party by party and edit by edit."""
    last: tuple[str, str | None, int | None] | None = None
    parts: list[str] = []
    for edit in change.edits:
        if last is None or edit.decision_maker != last[0]:
            parts.append(f"{names_in_words(found.conflict, [edit.decision_maker])} would ")
        else:
            parts[-1] += ", and "
        about = (edit.decision_maker, edit.statement, edit.start)
        parts[-1] += _edit_in_words(found, edit, again=about == last)
        last = about
    return capital("; ".join(parts)) or "no preference needs to change"


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
    here = state_name(found.state)
    ends = [arc.end for arc in found.compiled.arcs() if arc.player == place and arc.start == found.state.number]
    if not ends:
        return f"{capital(who)} cannot move from {here}, so any preferences keep it stable."
    if len(ends) > _MAX_STATES_NAMED:
        moves = f"any of the {len(ends)} states that its moves lead to"
    else:
        moves = " or ".join(state_name(found.compiled.state(end)) for end in sorted(ends))
    unless = {
        Respond.NOBODY: "",
        Respond.MOVES: ", unless the other parties can respond by moving to a state that is not preferred to it",
        Respond.IMPROVEMENTS: ", unless the other parties would respond by moves that they prefer, to a state that is "
        "not preferred to it",
    }[found.concept.respond]
    escape = " and from which no counter-move leads to one that is" if found.concept.counter_move else ""
    return f"{capital(who)} must not prefer {moves} to {here}{unless}{escape}."


def _leaving(found: Inversion) -> Iterator[Item]:
    """Say which party would move away from the state with its preferences as they are, and where to."""
    for player, members in enumerate(found.conflict.players):
        verdict = found.compiled.why(found.state.number, player, found.concept)
        ends = [improvement.to for improvement in verdict.improvements if improvement.sanction is None]
        if ends:
            doing = outcome_in_words(found.conflict, ends[0], found.state, members)
            they = "they" if are_several(found.conflict, members) else "it"
            more = f"; {they} would also gain by {counted(len(ends) - 1, 'other move')}" if len(ends) > 1 else ""
            where = f"{state_name(ends[0])}{f': {doing}' if doing else ''}"
            where = where if ends[0].name else outcome_name(found.conflict, ends[0], found.state)
            yield Item(
                f"would gain by moving to {where}{more}.",
                capital(names_in_words(found.conflict, members)),
            )


def _evidence(found: Inversion, edit: PreferenceEdit) -> str:
    """Say what supports the preference that an edit is about; empty if it is a new one, or about states."""
    preferences = found.conflict.decision_maker(edit.decision_maker).preferences
    if not isinstance(preferences, Prioritising) or not edit.start or edit.start > len(preferences.statements):
        return ""
    one = preferences.statements[edit.start - 1]
    known = str(one.condition) == edit.statement and found.conflict.all_statements
    if not known:
        return ""
    whose = f" of {names_in_words(found.conflict, [edit.decision_maker])}" if len(found.conflict.players) > 1 else ""
    return (
        f"Preference {edit.start}{whose}: "
        f"{preference_evidence(found.conflict, edit.decision_maker, one.condition, one.support, MARKED_AS_DISPUTED)}."
    )


def _edit_in_words(found: Inversion, edit: PreferenceEdit, *, again: bool) -> str:
    what = condition_in_words(found.conflict, parse(edit.statement)) if edit.statement else ""
    which = "it" if again else f"preference {edit.start} ({what})"
    if edit.kind in ("swap", "part"):
        assert edit.states is not None
        better, worse = map(found.compiled.state, edit.states)
        tied = ", instead of equal to it" if edit.kind == "part" else ""
        return f"rank {state_name(better)} above {state_name(worse)}{tied}"
    if edit.kind == "add":
        return f"add the preference {what} in place {edit.end}"
    if edit.kind == "drop":
        return f"give up {which}"
    if edit.kind == "reverse":
        wish = parse(edit.statement or "")
        opposite = "" if isinstance(wish, Taken | Not) else f": that {condition_in_words(found.conflict, Not(wish))}"
        return f"replace {which} by its opposite{opposite}"
    if edit.start == edit.end:
        return f"move {which} past other preferences, to what is then place {edit.end}"
    return f"move {which} {'down' if (edit.end or 0) > (edit.start or 0) else 'up'} to place {edit.end}"
