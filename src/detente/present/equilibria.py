"""Which states are stable for whom: is the dispute stuck, for whom, and which states are equilibria.

Says what follows from the model, and nothing about who is right.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from detente.analysis.equilibria import Analysis, named_states
from detente.concepts import CONCEPTS, Concept, Improvement, Respond
from detente.engine.interface import Choice, StateSet
from detente.lazy import lazy
from detente.limits import MAX_LISTED, MAX_PATTERNS
from detente.model.day import no_preferences_known
from detente.model.preferences import Prioritising, Ranking
from detente.model.states import State
from detente.model.wording import capital, counted, listed, quoted, state_label
from detente.present.basis import grounds
from detente.present.blocks import Block, Bullets, Cell, Column, Heading, Item, Paragraph, Row, Table, state_cell
from detente.present.outcomes import (
    UNLIKE_THE_QUO,
    option_letters,
    outcome_in_words,
    outcome_name,
    shared_and_different,
)
from detente.present.phrases import concepts_spelled_out, player_label, state_name, under_concepts

if TYPE_CHECKING:
    from detente.present import listings
else:
    # Loaded only for a dispute with too many states to list.
    listings = lazy("detente.present.listings")

#: How many equilibria are named before the rest is counted.
_MAX_NAMED = 6
_NOT_ENDORSED = "The model records claims as their speakers' claims and endorses none of them."
#: Up to so many outcomes are told one by one; more are told by what they share and where they differ.
_MAX_TOLD = 3
#: What happens in the only equilibrium besides the status quo is told in the first lines up to this length.
_MAX_BRIEF = 146
#: Up to so many states the table has them all; beyond, the status quo, the named states and the equilibria.
SHOW_ALL_UP_TO = 40
MAX_SHOWN = 80
#: With more options than this a table has the letters of a state, not a column for each option.
MAX_OPTION_COLUMNS = 14
STABLE_FOR_ALL, STABLE_FOR_NONE = "✓", "·"
TAKEN, LEFT, EITHER = "●", "○", "–"
MARKS = {"Y": TAKEN, "N": LEFT, "-": EITHER}


def answer(analysis: Analysis) -> str:
    """Say whether the dispute is stuck."""
    here = analysis.status_quo
    if here is None:
        return "Not known: no status quo is given."
    if analysis.count == 1 and analysis.conflict.basis.dropped:
        return "Not known: the model has only one state, so no party can move."
    stable, asked = analysis.concepts_of(here), analysis.concepts
    where = f"The status quo{_which(here)}"
    unknown = no_preferences_known(analysis.conflict)
    if not stable:
        under = _any_of(analysis)
        moving = [
            player
            for place, player in enumerate(analysis.players)
            if not any(here.number in analysis.solver.stable(one, place) for one in asked)
        ]
        who = listed([player_label(analysis.conflict, player) for player in moving]) or "at least one party"
        return f"No. {where} is not an equilibrium under {under}: {who} would move away from it."
    if any(concept.improvement is not Improvement.BETTER for concept in stable):
        reason = "no party would move away on its own"
    elif _gains_nothing(analysis, here):
        better = "has a move of its own to a state that is known to be better for it"
        reason = f"no party {better if unknown else 'can do better by moving on its own'}"
    else:
        reason = f"the other {'party' if len(analysis.players) == 2 else 'parties'} can deter every gain"
    verdict = "Yes." if len(stable) == len(asked) else "It depends."
    # Where preferences are unknown, that a party stays says nothing of what it wants.
    verdict = "That cannot be said while preferences are unknown." if unknown else verdict
    # All but one are named by the one; of fewer, the line below spells out those that are left.
    only = " only" if len(asked) - len(stable) > 0 and not len(stable) == len(asked) - 1 > 2 else ""
    return f"{verdict} {where} is an equilibrium under {under_concepts(stable, asked)}{only}: {reason}."


def view(analysis: Analysis, *, summary: bool = False, everything: bool = False) -> list[Block]:
    """Word an analysis; ``summary`` lists no states, ``everything`` all of them in the table."""
    return [*first_lines(analysis), *details(analysis, summary=summary, everything=everything)]


def first_lines(analysis: Analysis) -> Iterator[Block]:
    """Say the answer: is the dispute stuck, and which outcomes would be stable?"""
    yield from stuck(analysis)
    yield Paragraph(stable_outcomes(analysis), "Which outcomes would be stable?")
    yield concepts_spelled_out(analysis.concepts)


def details(analysis: Analysis, *, summary: bool = False, everything: bool = False) -> Iterator[Block]:
    """Say what is behind the answer: each party at the status quo, the states, and the equilibria of each concept."""
    here = analysis.status_quo
    plain = all(
        one.improvement is Improvement.BETTER and one.respond is not Respond.ANTICIPATED for one in analysis.concepts
    )
    # Without a gain, the answer says why every party stays.
    if here is not None and not (plain and analysis.concepts_of(here) and _gains_nothing(analysis, here)):
        yield players(analysis, here)
    yield Heading("States")
    if summary or analysis.count > MAX_LISTED:
        yield listings.sets_table(analysis)
    else:
        yield from tables(analysis, everything=everything)
    yield Heading("Equilibria")
    yield Bullets(tuple(equilibrium_sets(analysis)))
    notes = [*_as_written(analysis), *_experimental(analysis), *_engines(analysis)]
    if based := grounds(analysis.conflict):
        notes.append(f"{based} {_NOT_ENDORSED}")
    yield from (Paragraph(note, small=True) for note in notes)


def _gains_nothing(analysis: Analysis, here: State) -> bool:
    """Tell whether no party has a move to a state that it prefers."""
    return all(here.number in analysis.solver.stable(CONCEPTS["nash"], at) for at in range(len(analysis.players)))


def _engines(analysis: Analysis) -> Iterator[str]:
    """Say which engine decided which concepts, and why, if they differ."""
    together: dict[Choice, list[Concept]] = {}
    for concept in analysis.concepts if analysis.engines else ():
        together.setdefault(analysis.engines[concept.id], []).append(concept)
    if together:
        parts = [f"{titles(some)} by the {one.engine} engine ({one.why})" for one, some in together.items()]
        yield f"Two engines decided the concepts: {'; '.join(parts)}."


def stuck(analysis: Analysis) -> Iterator[Paragraph]:
    """Say whether the dispute is stuck, and what keeps one from saying more."""
    yield Paragraph(answer(analysis), "Is it stuck?")
    if unknown := no_preferences_known(analysis.conflict):
        yield Paragraph(f"Note: {unknown}.")


def titles(concepts: Iterable[Concept]) -> str:
    """Name concepts in a sentence."""
    return listed([concept.title for concept in concepts])


def stable_outcomes(analysis: Analysis) -> str:
    """Say which other outcomes are equilibria, what they have in common, and which are stable under every concept."""
    if analysis.count > MAX_LISTED:
        counts = [f"{analysis.equilibrium_set(one.id).count:,} under {one.title}" for one in analysis.concepts]
        said = f"There are {analysis.count:,} states, too many to list. Equilibria: {listed(counts)}."
        return said + _throughout(analysis)
    here, found = analysis.status_quo, analysis.numbers_of_equilibria
    others = [number for number in found if number != here]
    other = "other outcome" if len(others) < len(found) else "outcome"
    if not others:
        return f"No {other} is an equilibrium under {_any_of(analysis)}."
    at_quo = analysis.concepts_of(here) if here is not None else ()
    besides = {one: analysis.equilibrium_set(one.id).count - (one in at_quo) for one in analysis.concepts}
    every, all_told = [one for one, count in besides.items() if count == len(others)], False
    told_before: Collection[int | None] = analysis.numbers_stable_throughout or ()
    some = [one for one, count in besides.items() if count]
    if every == some:
        which = f"under {under_concepts(some, analysis.concepts)}"
    elif every:
        rest = [one for one in some if one not in every]
        sets = {frozenset(analysis.equilibrium_set(one.id).numbers()) - {here} for one in rest}
        also = f"{len(min(sets)):,} of them also under" if len(sets) == 1 else "some also under one or more of"
        if by_name := _names_of_few(analysis, min(sets) if len(sets) == 1 else ()):
            also, told_before = f"{by_name} also under", set(min(sets))
        which = f"under {under_concepts(every, analysis.concepts)}; {also} {titles(rest)}"
        all_told = bool(by_name) and len(every) + len(rest) == len(analysis.concepts)
    else:
        which = f"under one or more of {titles(some)}"
    text = f"{counted(len(others), other)} {'is an equilibrium' if len(others) == 1 else 'are equilibria'} {which}"
    named = not set(analysis.named(others)) <= set(told_before)
    # Where all are stable under the same concepts, it is told already which are stable under all.
    if len(others) == 1:
        only = analysis.solver.state(others[0])
        told = outcome_told(analysis, only)
        text += f": {told if len(told) <= _MAX_BRIEF else outcome_told(analysis, only, named_only=True)}."
    elif every != some and not named:
        text += "." + in_all(analysis, [analysis.solver.letters(others)], len(others), brief=True)
    else:
        text += "." + _together(analysis, others, brief=True)
    return text if every == some or all_told else text + _throughout(analysis, named=named)


def _names_of_few(analysis: Analysis, numbers: Collection[int | None]) -> str:
    """Name a few states; nothing if they are many, or if one has no name."""
    states = [analysis.solver.state(number) for number in sorted(filter(None, numbers))]
    few = 0 < len(states) <= _MAX_TOLD and all(state.name for state in states)
    return listed([state_name(state) for state in states]) if few else ""


def _any_of(analysis: Analysis) -> str:
    some = under_concepts(analysis.concepts, analysis.concepts)
    return some.replace("all ", "any of the ", 1).replace("both concepts", "either concept")


def _together(analysis: Analysis, numbers: Sequence[int], *, brief: bool = False, others: bool = False) -> str:
    """Say what several outcomes share, where they differ, and which have names; ``brief`` says the least of it."""
    named = [state_name(state) for state in analysis.named(numbers)]
    if len(named) == len(numbers) <= _MAX_TOLD:
        return f" The {len(named)} outcomes are {listed(named)}."
    text = in_all(analysis, [analysis.solver.letters(numbers)], len(numbers), brief=brief, others=others)
    shown = [*named[:_MAX_NAMED], *([f"{len(named) - _MAX_NAMED} more with a name"] * (len(named) > _MAX_NAMED))]
    told = f"One is {named[0]}" if len(named) == 1 else f"{capital(listed(shown))} are among them"
    return f"{text} {told}." if shown else text


def in_all(
    analysis: Analysis, patterns: Iterable[str], count: int, *, brief: bool = False, others: bool = False
) -> str:
    """Say what is the same in some outcomes, and in what they differ; with a status quo, what is not as in that.

    ``brief`` leaves the second out; ``others`` says that these are the outcomes besides the status quo.
    """
    here = analysis.status_quo
    shared, different = shared_and_different(analysis.conflict, patterns, here.pattern if here is not None else "")
    unlike = f", {UNLIKE_THE_QUO}," if here is not None else ","
    which = "both" if count == 2 else f"all {count:,}"
    which = ("the other" if count == 1 else f"the other {count:,}") if others else which
    same = f" In {which}{unlike} {shared}." if shared else ""
    return same + (f" They differ in {different}." if different and not brief else "")


def _throughout(analysis: Analysis, *, named: bool = False) -> str:
    """Say which outcomes are stable under every concept that was asked for; ``named`` says that names are told."""
    found = analysis.numbers_stable_throughout
    if found is None or len(analysis.concepts) == 1:
        return ""
    here, under = analysis.status_quo, f"under {under_concepts(analysis.concepts, analysis.concepts)}"
    others = [number for number in found if number != here]
    if not others:
        return f" {'Only the status quo' if found else 'No outcome'} is stable {under}."
    if len(others) > _MAX_TOLD and not all(analysis.solver.state(number).name for number in others[: _MAX_NAMED + 1]):
        names = [f"{len(others):,} of them"]
    else:
        states = [state for state in analysis.stable_throughout or () if state != here]
        names = [
            quoted(one.name) if named and one.name else outcome_name(analysis.conflict, one, here) for one in states
        ]
    told = listed(names)
    if " in which " in told:
        # Between outcomes told as clauses, "and" would not part one from the next.
        return f" Stable {under}: {'; '.join([*(['the status quo'] if len(others) < len(found) else []), *names])}."
    quo = "the status quo and " if len(others) < len(found) else "only " if len(others) == 1 else ""
    return f" {capital(quo + told)} {'is' if len(found) == 1 else 'are'} stable {under}."


def outcome_told(analysis: Analysis, state: State, *, named_only: bool = False) -> str:
    """Say which outcome a state is and, with ``named_only`` only if it has no name, what happens in it.

    Where there is a status quo, that is what is different from it.
    """
    here = analysis.status_quo
    if state == here:
        return f"the status quo, {state_name(state)}"
    what = happening(analysis, state)
    if state.name:
        return state_name(state) if named_only or not what else f"{state_name(state)}: {what}"
    return f"{what} (state {state.number})" if what else state_name(state)


def happening(analysis: Analysis, state: State) -> str:
    """Say what happens in an outcome: with a status quo, what is different from it; nothing if nothing is."""
    what = outcome_in_words(analysis.conflict, state, analysis.status_quo)
    return f"as in the status quo, but {what}" if what and analysis.status_quo is not None else what


def _which(state: State) -> str:
    """Say behind "The status quo" which state it is."""
    if not state.pattern:
        return f", {state_label(state)},"
    return f", {state_name(state)}," if state.name else f" (state {state.number})"


def equilibrium_sets(analysis: Analysis) -> Iterator[Item]:
    """Say for each concept which states are equilibria, the concepts with the same ones together."""
    alike: list[tuple[StateSet, list[Concept]]] = []
    for concept in analysis.concepts:
        states = analysis.equilibrium_set(concept.id)
        same = next((concepts for found, concepts in alike if found.same_as(states)), None)
        if same is None:
            alike.append((states, [concept]))
        else:
            same.append(concept)
    told: set[int] = set()
    for states, concepts in alike:
        yield _equilibrium_set(analysis, states, concepts, told)


def _equilibrium_set(analysis: Analysis, states: StateSet, concepts: list[Concept], told: set[int]) -> Item:
    """Say which outcomes are equilibria: a few one by one, each told once, many by what they share.

    Of more than can be listed, those nearest to the status quo are told, too.
    """
    under = f"Under {titles(concepts)},"
    if states.count == 0:
        return Item(f"{under} no outcome is an equilibrium.")
    here = analysis.status_quo
    is_here = here is not None and here.number in states
    text = (
        f"{under} {'1 outcome is an equilibrium' if states.count == 1 else f'{states.count:,} outcomes are equilibria'}"
    )
    others = states.count - is_here
    if others <= _MAX_TOLD:
        every = [analysis.solver.state(number) for number in states.numbers()]
        return Item(f"{text}:", points=tuple(_told_once(analysis, state, told) for state in every))
    text += ", the status quo among them." if is_here else "."
    if analysis.count > MAX_LISTED:
        return _many(analysis, states, concepts, text, told)
    besides = [number for number in states.numbers() if number != here]
    return Item(text + _together(analysis, besides, others=is_here))


def _many(analysis: Analysis, states: StateSet, concepts: list[Concept], text: str, told: set[int]) -> Item:
    """Say what more outcomes than can be listed share, and which are nearest to the status quo."""
    patterns = states.patterns(MAX_PATTERNS)
    text += in_all(analysis, patterns, states.count) if patterns else ""
    nearest = analysis.nearest(concepts[0].id, most=_MAX_TOLD) if analysis.status_quo is not None else None
    if not nearest or not nearest.distance:
        return Item(text)
    far = f"{text} The nearest are {counted(nearest.distance, 'option')} from the status quo:"
    return Item(far, points=tuple(_told_once(analysis, state, told) for state in nearest.states))


def _told_once(analysis: Analysis, state: State, told: set[int]) -> str:
    """Say which outcome a state is, and what happens in it the first time."""
    text = outcome_told(analysis, state, named_only=state.number in told)
    told.add(state.number)
    return capital(text)


def tables(analysis: Analysis, *, everything: bool = False) -> Iterator[Table]:
    """Say what the letters of a state stand for, and for whom which state is stable."""
    conflict = analysis.conflict
    numbered = [(place, maker) for place, maker in enumerate(conflict.decision_makers, start=1)]
    options = [(place, maker, option) for place, maker in numbered for option in maker.options]
    yield Table(
        (Column("Place", kind="number"), Column("Decision maker", 2), Column("Option", 2), Column("What it means", 3)),
        tuple(
            (
                f"{letter}",
                f"{place} {maker.label}",
                option.id,
                f"{option.name or ''}{' (not in this model)' if option.id in conflict.untaken else ''}".strip(),
            )
            for letter, (place, maker, option) in enumerate(options, start=1)
        ),
    )
    yield states_table(analysis, everything=everything)


def states_table(analysis: Analysis, *, everything: bool = False, by_option: bool = False) -> Table:
    """Tabulate the states that are worth a look, or all; ``by_option`` gives each option a column, if there are few."""
    conflict, here = analysis.conflict, analysis.status_quo
    states = shown_states(analysis, everything)
    by_option = by_option and len(conflict.options) <= MAX_OPTION_COLUMNS
    options = [Column(letter, kind="mark") for letter in option_letters(conflict).values()] if by_option else []
    marks = [Column(concept.title, kind="mark") for concept in analysis.concepts]
    rows: list[Row] = []
    for state in states:
        first = state_cell(state, here)
        if by_option:
            first = Cell(first.text, first.number, here=first.here)
        letters = [MARKS[letter] for letter in state.pattern] if by_option else []
        rows.append((first, *letters, *(_mark(analysis, state, concept) for concept in analysis.concepts)))
    groups: tuple[tuple[str, int], ...] = (("", 1),)
    if by_option:
        groups += tuple((maker.label, len(maker.options)) for maker in conflict.decision_makers if maker.options)
    return Table(
        (Column("State", kind="state"), *options, *marks),
        tuple(rows),
        _states_caption(analysis, len(states), by_option),
        (*groups, ("Equilibrium under", len(marks))) if by_option else (),
        tuple("status quo" if state == here else "" for state in states),
    )


def shown_states(analysis: Analysis, everything: bool = False) -> list[State]:
    """Return the states that a table shows, in their order."""
    if everything or analysis.count <= SHOW_ALL_UP_TO:
        return list(analysis.states())
    here = analysis.status_quo
    found = analysis.numbers_of_equilibria if analysis.count <= MAX_LISTED else ()
    wanted = dict.fromkeys([*([here] if here is not None else []), *named_states(analysis.solver), *found])
    return [analysis.solver.state(number) for number in sorted(list(wanted)[:MAX_SHOWN])]


def _mark(analysis: Analysis, state: State, concept: Concept) -> Cell:
    stable = [player for player in analysis.players if state.number in analysis.stability[concept.id][player]]
    if len(stable) == len(analysis.players):
        return Cell(STABLE_FOR_ALL, note="an equilibrium", tone="good")
    marks: list[str] = []
    for place, player in enumerate(analysis.players, start=1):
        digit = str(place) if place < 10 else f"({place})"
        if player in stable:
            marks.append(digit)
        elif concept.may_cycle and state in analysis.cycling(concept.id, player):
            marks.append(f"~{digit}")
    text = ", ".join(marks)
    return Cell(text, tone="quiet") if text else Cell(STABLE_FOR_NONE, note="stable for no party", tone="quiet")


def _states_caption(analysis: Analysis, shown: int, by_option: bool) -> str:
    count = analysis.count
    if count == shown:
        which = f"All {counted(count, 'feasible state')}"
    else:
        cut = f", the first {MAX_SHOWN}" if shown == MAX_SHOWN else ""
        which = (
            f"{shown:,} of {counted(count, 'feasible state')}: the equilibria, the named states and the status quo{cut}"
        )
    order, *marks = ("", TAKEN, LEFT, EITHER) if by_option else ("Each letter is one option, in order: ", "Y", "N", "-")
    letters = f"{marks[0]} = taken, {marks[1]} = not taken{f', {marks[2]} = either' if analysis.conflict.merge else ''}"
    who = ", ".join(f"{at} {player_label(analysis.conflict, one)}" for at, one in enumerate(analysis.players, start=1))
    cycles = " ~: the verdict repeats in a cycle." if any(concept.may_cycle for concept in analysis.concepts) else ""
    return (
        f"{which}. {order}{letters}. {STABLE_FOR_ALL}: an equilibrium. Numbers: the parties for which the state is "
        f"stable ({who}). {STABLE_FOR_NONE}: stable for no party.{cycles}"
    )


def players(analysis: Analysis, state: State) -> Bullets:
    """Say for every player whether it would leave a state, and what holds it there."""
    parts = (_player_at, _looking_ahead, _by_attitudes)
    said = [line for player in analysis.players for part in parts for line in part(analysis, player, state)]
    return Bullets(tuple(map(Item, said)))


def _player_at(analysis: Analysis, player: str, state: State) -> Iterator[str]:
    """Say for one player whether it would leave a state, and what holds it there."""
    names = player_label(analysis.conflict, player)
    where = "the status quo" if state == analysis.status_quo else "here"
    asked = [
        concept
        for concept in analysis.concepts
        if concept.respond is not Respond.ANTICIPATED and concept.family != "relational"
    ]
    stable = [concept for concept in asked if state.number in analysis.stability[concept.id][player]]
    unstable = [concept for concept in asked if concept not in stable]
    if any(concept.improvement is not Improvement.BETTER for concept in asked):
        yield _player_where_unsure(names, stable, unstable)
        return
    if state.number in analysis.solver.stable(CONCEPTS["nash"], analysis.players.index(player)):
        yield f"For {names}, no move from {where} leads to a preferred state."
        return
    text = f"For {names}, a move from {where} leads to a preferred state"
    if stable:
        text += f", but it is deterred under {listed([concept.title for concept in stable])}"
        yield f"{text}; not under {listed([c.title for c in unstable])}." if unstable else f"{text}."
    elif asked:
        yield f"{text}, and nothing deters it."
    else:
        yield f"{text}."


def _looking_ahead(analysis: Analysis, player: str, state: State) -> Iterator[str]:
    """Say for one player whether it would leave a state for where it expects the dispute to end."""
    stays: list[str] = []
    leaves: list[str] = []
    names = player_label(analysis.conflict, player)
    for concept in analysis.concepts:
        if concept.respond is not Respond.ANTICIPATED:
            continue
        length = analysis.cycling(concept.id, player).get(state)
        if length:
            yield (
                f"For {names}, {concept.title} gives no verdict: looking further ahead, staying and leaving "
                f"alternate for ever, in a cycle of {length} horizons."
            )
        else:
            (stays if state.number in analysis.stability[concept.id][player] else leaves).append(concept.title)
    if stays:
        yield f"Looking ahead under {listed(stays)}, {names} would stay."
    if leaves:
        yield f"Looking ahead under {listed(leaves)}, {names} would leave for where the dispute can be expected to end."


def _by_attitudes(analysis: Analysis, player: str, state: State) -> Iterator[str]:
    """Say for one player whether its attitudes lead it away from a state."""
    asked = [concept for concept in analysis.concepts if concept.family == "relational"]
    stays = [concept.title for concept in asked if state.number in analysis.stability[concept.id][player]]
    leaves = [concept.title for concept in asked if concept.title not in stays]
    names = player_label(analysis.conflict, player)
    if stays:
        yield f"With these attitudes {names} would stay under {listed(stays)}."
    if leaves:
        yield f"With these attitudes {names} would leave under {listed(leaves)}."


def _experimental(analysis: Analysis) -> Iterator[str]:
    """Say which answers are by definitions that nobody has checked against their publication."""
    marked: dict[str, list[str]] = {}
    for concept in analysis.concepts:
        if concept.experimental:
            marked.setdefault(concept.source, []).append(concept.title)
    for source, titles in marked.items():
        yield f"Experimental: {listed(titles)}, {source}; checked by computation, not against the publication."


def _player_where_unsure(names: str, stable: list[Concept], unstable: list[Concept]) -> str:
    """Say the same where the concepts differ in what tempts a player."""
    if not stable:
        return f"For {names}, it is stable under none of these."
    text = f"For {names}, it is stable under {listed([concept.title for concept in stable])}"
    return f"{text}; not under {listed([concept.title for concept in unstable])}." if unstable else f"{text}."


def _as_written(analysis: Analysis) -> Iterator[str]:
    """Say what nobody is sure of, and which of the concepts asked for know nothing of that."""
    preferences = [maker.preferences for maker in analysis.conflict.decision_makers]
    statements = [
        one for preference in preferences if isinstance(preference, Prioritising) for one in preference.statements
    ]
    chains = [preference for preference in preferences if isinstance(preference, Ranking) and preference.unknown]
    unknown = sum(one.unknown for one in statements) + len(chains)
    unsure = sum(one.confidence != 1 for one in statements)
    for count, what, knowing in (
        (unknown, "unknown", ("unknown",)),
        (unsure, "not certain to be held", ("fuzzy", "probabilistic")),
    ):
        taking = [concept.title for concept in analysis.concepts if concept.family not in knowing]
        if count and taking:
            some = counted(count, "preference is", "preferences are")
            verb = "takes" if len(taking) == 1 else "take"
            yield f"{some} marked as {what}; {listed(taking)} {verb} what is written as it stands."
