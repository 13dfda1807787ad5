"""The parties: options, preferences and rules with their evidence, and each party's reasons to stay at a state.

A reason to stay is a preference in the file, with its evidence: issue, person and claim stay apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from detente.analysis.equilibria import Analysis
from detente.analysis.explanation import deciding_statement
from detente.analysis.timeline.positions import stance_of
from detente.concepts import Concept
from detente.lazy import dataclass
from detente.model.conditions import parse
from detente.model.conflict import Conflict
from detente.model.evidence import PROPOSED, Support
from detente.model.parts import DecisionMaker
from detente.model.preferences import Payoffs, Prioritising, Ranking, Weights
from detente.model.statements import AGAINST, FOR, Statement
from detente.model.states import State
from detente.model.wording import capital, counted, listed, quoted
from detente.present.blocks import Block, Bullets, Column, Heading, Item, Paragraph, Table
from detente.present.equilibria import LEFT, MARKS, TAKEN
from detente.present.explanation import ruled_out
from detente.present.outcomes import (
    are_several,
    condition_in_words,
    in_which,
    letters_of,
    option_letters,
    options_in_words,
    outcome_in_words,
    rule_in_words,
)
from detente.present.phrases import (
    DISPUTED_MARK,
    MARKED_AS_DISPUTED,
    READINGS,
    evidence_in_brief,
    in_quotation_marks,
    others_in_words,
    player_label,
    preference_evidence,
    shortened,
    state_name,
    statement_in_words,
)

#: A quote is cut at so many characters; the page of the sources has all of it.
MAX_QUOTE = 110
#: The maximum number of groups of a ranking, or of payoffs, that are listed.
_MAX_RANKED = 10


def view(analysis: Analysis) -> Iterator[Block]:
    """Describe the parties, their options and preferences, and the rules."""
    conflict = analysis.conflict
    quo = f" {TAKEN} is taken in the status quo, {LEFT} is not." if analysis.status_quo is not None else ""
    yield Paragraph(
        f"{counted(len(conflict.decision_makers), 'party decides', 'parties decide').capitalize()} about "
        f"{counted(len(conflict.options), 'option')}; the rules leave {counted(analysis.count, 'state')}. The "
        f"letters stand for the options in the tables. A state has Y for each option that is taken, N for one that is "
        f"not, in this order.{quo} Brackets give the speaker and the statement, or say that "
        f"an entry is the analyst's assumption; the appendix quotes each statement. {DISPUTED_MARK} marks a statement "
        "that the file marks as disputed."
    )
    for maker in conflict.decision_makers:
        yield Heading(maker.label)
        yield from _options(analysis, maker)
        yield from _preferences(analysis, maker)
    if any(len(group) > 1 for group in conflict.players):
        groups = "; ".join(player_label(conflict, player) for player in analysis.players)
        yield Paragraph(f"Standing coalitions act as one: {groups}.")
    yield from _rules(conflict)


def _options(analysis: Analysis, maker: DecisionMaker) -> Iterator[Block]:
    if not maker.options:
        yield Paragraph("No options in this model.")
        return
    short = option_letters(analysis.conflict)
    here = analysis.status_quo
    place = {option.id: number for number, option in enumerate(analysis.conflict.options)}
    now = [MARKS[here.pattern[place[option.id]]] if here is not None else "" for option in maker.options]
    columns = [Column("", kind="code"), Column("Option", 6), Column("Evidence", 5)]
    unused = analysis.conflict.untaken
    labels = {one.id: f"{one.label} (not in this model)" if one.id in unused else one.label for one in maker.options}
    rows = [
        [short[option.id], labels[option.id], evidence_in_brief(analysis.conflict, option.support, reading=False)]
        for option in maker.options
    ]
    if here is not None:
        columns.insert(2, Column("Now", kind="mark"))
        for row, mark in zip(rows, now, strict=True):
            row.insert(2, mark)
    anchors = tuple(f"{maker.label}: {quoted(option.label)}" for option in maker.options)
    yield Table(tuple(columns), tuple(map(tuple, rows)), anchors=anchors)


def _preferences(analysis: Analysis, maker: DecisionMaker) -> Iterator[Block]:
    conflict, preferences = analysis.conflict, maker.preferences
    if isinstance(preferences, Prioritising):
        if not preferences.statements:
            yield Paragraph("No preferences are known: every state counts as equally good for this party.")
            return
        yield Paragraph("Preferences, the most important first:")
        yield Bullets(
            tuple(
                Item(
                    f"{capital(condition_in_words(conflict, one.condition))} "
                    f"[{preference_evidence(conflict, maker.id, one.condition, one.support)}]",
                    anchor=f"{maker.label} {place}",
                )
                for place, one in enumerate(preferences.statements, start=1)
            ),
            numbered=True,
        )
    elif isinstance(preferences, Weights):
        yield Paragraph("Preferences with their weights:")
        yield Bullets(
            tuple(
                Item(
                    f"{capital(condition_in_words(conflict, one.condition))} "
                    f"[{preference_evidence(conflict, maker.id, one.condition, one.support)}]",
                    f"{one.weight}",
                    anchor=f"{maker.label}'s weight {place}",
                )
                for place, one in enumerate(preferences.weights, start=1)
            )
        )
    elif isinstance(preferences, Ranking):
        basis = preference_evidence(conflict, maker.id, None, preferences.support)
        yield Paragraph(f"Ranking of the states, the best first [{basis}]: {_ranked(preferences)}.")
    elif isinstance(preferences, Payoffs):
        basis = preference_evidence(conflict, maker.id, None, preferences.support)
        yield Paragraph(f"Payoffs of the states, the higher the better [{basis}]: {_payoffs(preferences)}.")


def _ranked(preferences: Ranking) -> str:
    groups = [
        listed([str(one) for one in group]) + (" (tied)" if len(group) > 1 else "")
        for group in preferences.groups[:_MAX_RANKED]
    ]
    return "; ".join(groups) + (
        f"; and so on, {len(preferences.groups)} ranks" * (len(preferences.groups) > _MAX_RANKED)
    )


def _payoffs(preferences: Payoffs) -> str:
    ordered = sorted(preferences.payoffs, key=lambda pair: -pair[1])
    shown = "; ".join(f"{state}: {value}" for state, value in ordered[:_MAX_RANKED])
    return shown + (f"; and {len(ordered) - _MAX_RANKED} more" if len(ordered) > _MAX_RANKED else "")


def _rules(conflict: Conflict) -> Iterator[Block]:
    items = [
        Item(f"{rule_in_words(conflict, rule)} [{evidence_in_brief(conflict, rule.support)}]", anchor=f"rule {place}")
        for place, rule in enumerate(conflict.rules, start=1)
    ]
    for mark in conflict.one_way:
        way = "once taken, it cannot be dropped" if mark.to_taken else "once dropped, it cannot be taken again"
        items.append(
            Item(f"{quoted(conflict.option(mark.option).label)}: {way} [{evidence_in_brief(conflict, mark.support)}]")
        )
    for merge in conflict.merge:
        words = condition_in_words(conflict, merge.condition)
        items.append(Item(f"All states with {words} count as one [{evidence_in_brief(conflict, merge.support)}]"))
    if items:
        yield Heading("Rules")
        yield Bullets(tuple(items))


@dataclass(frozen=True)
class Ground:
    """A preference, its evidence, also in words, and the moves that it is a reason against."""

    text: str
    support: Support | None
    cited: str
    moves: tuple[State, ...]


@dataclass(frozen=True)
class Situation:
    """The position of one player at a state: its moves, its improvements, and the reasons against its other moves.

    ``deterred`` lists the concepts under which it stays although it has improvements.
    """

    player: str
    label: str
    state: State
    moves: int
    improvements: tuple[State, ...]
    grounds: tuple[Ground, ...]
    stays: tuple[Concept, ...]


def situations_at(analysis: Analysis, state: State) -> tuple[Situation, ...]:
    """Return the position of every player at a state."""
    solver, found = analysis.solver, []
    ranks = {maker.id: solver.ranks(place) for place, maker in enumerate(analysis.conflict.decision_makers)}
    for mover, player in enumerate(analysis.players):
        arcs = list(solver.arcs_from(state.number, mover))
        better = tuple(solver.state(arc.end) for arc in arcs if arc.improvement)
        worse = [solver.state(arc.end) for arc in arcs if not arc.improvement]
        stays = tuple(one for one in analysis.concepts if state.number in analysis.stability[one.id][player])
        found.append(
            Situation(
                player,
                player_label(analysis.conflict, player),
                state,
                len(arcs),
                better,
                tuple(_grounds(analysis.conflict, ranks, player, state, worse)),
                stays,
            )
        )
    return tuple(found)


#: The rank of every state for each decision maker, by its place; 1 is the best.
_Ranks = Mapping[str, Sequence[int]]


def _grounds(conflict: Conflict, ranks: _Ranks, player: str, state: State, ends: list[State]) -> Iterator[Ground]:
    """Group the moves that are not improvements by the reason against them, the most important first."""
    by_text: dict[tuple[int, str], tuple[Support | None, str, list[State]]] = {}
    for end in ends:
        rank, text, support, cited = _against(conflict, ranks, player, state, end)
        by_text.setdefault((rank, text), (support, cited, []))[2].append(end)
    for (_, text), (support, cited, moves) in sorted(by_text.items(), key=lambda pair: pair[0]):
        yield Ground(text, support, cited, tuple(moves))


def _against(
    conflict: Conflict, ranks: _Ranks, player: str, state: State, end: State
) -> tuple[int, str, Support | None, str]:
    """Return the reason against a move with its evidence: the first preference that it gives up, or a comparison."""
    members = _members(conflict, player)
    for id in members:
        of = ranks[id]
        if of[end - 1] < of[state - 1]:
            continue
        maker = conflict.decision_maker(id)
        who = f"{maker.label}: " if len(members) > 1 else ""
        if of[end - 1] == of[state - 1]:
            return 10_000, f"{who}the outcome is as good as staying", None, ""
        found = deciding_statement(maker, end, state)
        if found is None:
            return 9_999, f"{who}the current state is ranked higher", None, ""
        rank, text, support = found
        wish = parse(text)
        cited = preference_evidence(conflict, id, wish, support, MARKED_AS_DISPUTED)
        return rank, f"{who}{condition_in_words(conflict, wish)}", support, cited
    return 10_001, "neither state is preferred to the other", None, ""


def speaks_otherwise(
    conflict: Conflict, said: Statement, start: State, moves: Sequence[State], *, wanted: bool
) -> bool:
    """Tell whether a statement favours what moves undo, or with ``wanted`` False what they do, or is a denial."""
    if said.kind == "denial":
        return True
    for end in moves:
        for option, before, after in zip(conflict.options, start.pattern, end.pattern, strict=False):
            if before != after and option.id in said.about:
                favoured = FOR if (after == "Y") != wanted else AGAINST
                if stance_of(conflict, said, option.id) == favoured:
                    return True
    return False


def quote_behind(
    conflict: Conflict,
    support: Support | None,
    position: Situation,
    moves: Sequence[State],
    *,
    wanted: bool = True,
) -> Iterator[str]:
    """Say a statement behind a preference as its speaker's: one of the party's own, if there is one.

    ``moves`` are those that the preference speaks for, or with ``wanted`` False against. A statement that favours the
    opposite is not shown as a reason; if no other is there, the preference is the analyst's reading, and its note is.
    """
    if support is None or not support.evidence:
        return
    by_id = {one.id: one for one in conflict.all_statements}
    quotes = [by_id[id] for id in support.evidence if id in by_id and by_id[id].quote]
    fitting = [one for one in quotes if not speaks_otherwise(conflict, one, position.state, moves, wanted=wanted)]
    if quotes and not fitting:
        note = f" {capital(' '.join(support.note.split()))}" if support.note.strip() else ""
        which = "this preference" if wanted or len(position.grounds) == 1 else "the first of these"
        ids = listed([f"[{one.id}]" for one in quotes])
        yield f"No statement says so directly: {which} is {READINGS[support.note.startswith(PROPOSED)]} {ids}.{note}"
        return
    members = position.player.split("+") if conflict.coalitions else [position.player]
    own = [one for one in fitting if conflict.party_of.get(one.speaker or "") in members and not one.reported_by]
    for one in (own or fitting)[:1]:
        said = replace(one, quote=shortened(one.quote or "", MAX_QUOTE))
        yield statement_in_words(said, conflict.all_speakers, conflict.all_statements)


def reasons_in_full(conflict: Conflict, found: Sequence[Situation]) -> list[Block]:
    """Say every reason with its evidence."""
    blocks: list[Block] = []
    for one in found:
        ends = [*one.improvements, *(end for ground in one.grounds for end in ground.moves)]
        excluded = ruled_out(conflict, _members(conflict, one.player), one.state, ends)
        several = are_several(conflict, _members(conflict, one.player))
        lead = f"{'have' if several else 'has'} {counted(one.moves, 'possible move')}"
        if one.improvements:
            places = [state_name(state) for state in one.improvements[:4]]
            places += [f"{len(one.improvements) - 4} more"] if len(one.improvements) > 4 else []
            lead += f" and would gain by {len(one.improvements)} of them (to {listed(places)})"
        blocks.append(Paragraph(f"{lead}.", capital(one.label)))
        lines = tuple(Item(line) for line in (*_in_full(conflict, one), *excluded))
        blocks += [Bullets(lines)] if lines else []
    return blocks


def reasons_in_short(conflict: Conflict, position: Situation) -> str:
    """Say for one player in a sentence why it stays or moves."""
    if position.moves == 0:
        return "cannot move from here."
    if position.improvements:
        return _drawn_away(conflict, position)
    ways = "one way" if position.moves == 1 else f"{position.moves} ways"
    gain = "would not gain" if position.moves == 1 else "would gain from none of them"
    return f"could move in {ways} but {gain}{_against_in_short(conflict, position)}"


def _against_in_short(conflict: Conflict, position: Situation) -> str:
    """Say against which preferences the moves of a player go, and how the states compare after its other moves."""
    named = [ground for ground in position.grounds if ground.support is not None]
    told = [_ground_in_short(conflict, position, ground) for ground in named[:2]]
    said = "."
    if told:
        count = sum(len(ground.moves) for ground in named)
        told += [f"{counted(len(named) - 2, 'less important one')}"] if len(named) > 2 else []
        these = f"{'these preferences' if len(named) > 1 else 'this preference'}: {'; '.join(told)}."
        some = f". {counted(count, 'move breaks', 'moves break')} {these}"
        said = f", because of {these}" if count == position.moves else some
    others = []
    for ground in (one for one in position.grounds if one.support is None):
        count, other = len(ground.moves), "other " if told else ""
        which = f"each of the {other}{count} moves" if count > 1 else f"the {other}move"
        others.append(f" After {which}, {ground.text}.")
    return said + "".join(others)


def _members(conflict: Conflict, player: str) -> list[str]:
    return player.split("+") if conflict.coalitions else [player]


def _ground_in_short(conflict: Conflict, position: Situation, ground: Ground) -> str:
    # Behind "that" there is no name of a member of a coalition, and no name of an option.
    that = "" if "‘" in ground.text[:5] or len(_members(conflict, position.player)) > 1 else "that "
    return f"{that}{ground.text} [{ground.cited}]" if ground.support else ground.text


def _drawn_away(conflict: Conflict, position: Situation) -> str:
    end = position.improvements[0]
    members = _members(conflict, position.player)
    done = outcome_in_words(conflict, end, position.state, members)
    more = len(position.improvements) - 1
    others = others_in_words(conflict, [position.player])
    rather = f"would gain by moving to {state_name(end)}{f': {done}' if done else ''}"
    rather += (
        f"; {'they' if are_several(conflict, members) else 'it'} would also gain by {counted(more, 'other move')}"
        if more
        else ""
    )
    if not position.stays:
        by = f"No response of {others}" if others else "Nothing"
        return f"{rather}. {by} deters that under any concept asked for."
    names = listed([concept.title for concept in position.stays])
    return f"{rather}. Under {names} that is deterred: {others} could respond so that {position.label} would not gain."


def _in_full(conflict: Conflict, position: Situation) -> tuple[str, ...]:
    """Say every reason with its evidence."""
    lines = []
    for ground in position.grounds:
        basis = f" [{ground.cited}]" if ground.support else ""
        whose = "their" if are_several(conflict, _members(conflict, position.player)) else "its"
        moves = _moves(conflict, position.state, ground)
        comma = "," if ", in " in moves else ""
        breaks = "breaks" if len(ground.moves) == 1 else "break"
        # What the moves do is said before what they break, which can be long.
        broken = f"{capital(moves)}{comma} {breaks} {whose} preference {in_quotation_marks(ground.text)}{basis}"
        lines.append(f"{broken if ground.support else f'{capital(ground.text)}: {moves}'}.")
    return tuple(lines)


def _moves(conflict: Conflict, here: State, ground: Ground) -> str:
    """Say what the moves that a reason speaks against have in common, and where they lead."""
    common = {}
    for number, option in enumerate(conflict.options):
        after = {end.pattern[number] for end in ground.moves}
        if len(after) == 1 and after != {here.pattern[number]}:
            common[option.id] = next(iter(after))
    before = letters_of(conflict, here.pattern)
    words = options_in_words(conflict, common, before)
    count = len(ground.moves)
    more = [f"{count - 4} more"] if count > 4 else []
    numbers = listed([*(f"{end.number}" for end in ground.moves[:4]), *more])
    what = "the move" if count == 1 else f"{count} moves"
    every = "both" if count == 2 else "all"
    that = in_which(words) if count == 1 else in_which(words).replace("in which", f"in {every} of which", 1)
    return f"{what} (to {'state' if count == 1 else 'states'} {numbers}){f', {that}' if words else ''}"
