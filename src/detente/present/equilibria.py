"""An analysis read out in plain words: is the dispute stuck, for whom, and which states hold.

Says what follows from the model, and nothing about who is right.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from detente.analysis.equilibria import Analysis, OtherReading
from detente.concepts import CONCEPTS
from detente.concepts.concept import Concept, Improvement, Respond
from detente.engine.interface import StateSet
from detente.model.day import no_preferences_known
from detente.model.preferences import Prioritising, Ranking
from detente.model.states import MAX_LISTED, State
from detente.model.wording import STUCK_UNSAID, counted, difference, listed, player_label, state_label

#: How many equilibria are named before the rest is counted.
MAX_NAMED = 6


def reading(analysis: Analysis) -> list[str]:
    """Return the paragraphs of a plain-language reading of an analysis."""
    told = (_unknown, _status_quo, _equilibria, _as_written, _experimental, _grounds)
    return [paragraph for part in told for paragraph in part(analysis)]


def _unknown(analysis: Analysis) -> Iterator[str]:
    unknown = no_preferences_known(analysis.conflict)
    if unknown:
        yield f"Note: {unknown}."


def _status_quo(analysis: Analysis) -> Iterator[str]:
    state = _status_quo_state(analysis)
    if state is None:
        yield f"{STUCK_UNSAID}."
        return
    holding = [concept for concept in analysis.concepts if state.number in analysis.equilibrium_set(concept.id)]
    where = f"The status quo, {state_label(state)},"
    if len(holding) == len(analysis.concepts):
        # Where preferences are unknown, that a party stays says nothing of what it wants.
        stuck = "" if no_preferences_known(analysis.conflict) else ": on this model the dispute is stuck there"
        yield f"{where} is an equilibrium under every concept asked for{stuck}."
    elif holding:
        names = listed([concept.title for concept in holding])
        yield f"{where} is an equilibrium under {names}, and not under {_others(analysis, holding)}."
    else:
        asked = listed([concept.title for concept in analysis.concepts])
        yield f"{where} is an equilibrium under none of {asked}: it does not hold."
    for player in analysis.players:
        yield from player_at(analysis, player, state)
        yield from _looking_ahead(analysis, player, state)
        yield from _by_attitudes(analysis, player, state)


def _others(analysis: Analysis, holding: list[Concept]) -> str:
    return listed([concept.title for concept in analysis.concepts if concept not in holding])


def player_at(analysis: Analysis, player: str, state: State) -> Iterator[str]:
    """Say for one player whether it would leave a state, and what holds it there."""
    names = player_label(analysis.conflict, player)
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
        yield f"For {names}, no move from there leads to a state that is preferred."
        return
    text = f"For {names}, a move from there leads to a state that is preferred"
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


def _equilibria(analysis: Analysis) -> Iterator[str]:
    alike: list[tuple[StateSet, list[Concept]]] = []
    for concept in analysis.concepts:
        states = analysis.equilibrium_set(concept.id)
        for found, concepts in alike:
            if found.same_as(states):
                concepts.append(concept)
                break
        else:
            alike.append((states, [concept]))
    told: set[int] = set()
    for states, concepts in alike:
        yield _equilibrium_set(analysis, states, concepts, told)


def _equilibrium_set(analysis: Analysis, states: StateSet, concepts: list[Concept], told: set[int]) -> str:
    """Say which states are equilibria; each is told apart from the status quo once, however often it is named.

    Of more than can be listed, those nearest to the status quo are named.
    """
    under = f"Under {listed([concept.title for concept in concepts])}"
    if states.count == 0:
        return f"{under} no state is an equilibrium."
    base = _status_quo_state(analysis)
    large = analysis.count > MAX_LISTED
    nearest = analysis.nearest(concepts[0].id, most=MAX_NAMED) if large and base is not None else None
    first = [analysis.solver.state(number) for number in islice(states.numbers(), MAX_NAMED)] if not nearest else []
    named = []
    for state in nearest.states if nearest else first:
        number, text = state.number, state_label(state)
        if base is not None and number not in told and number != base:
            text += f": {difference(analysis.conflict, base, state)}"
        told.add(number)
        named.append(text)
    word = "this state is an equilibrium" if states.count == 1 else f"{states.count:,} states are equilibria"
    if nearest:
        options = counted(nearest.distance, "option")
        far = (
            "the status quo is one of them"
            if not nearest.distance
            else f"the nearest are {options} from the status quo"
        )
        word = f"{word}; {far}" if states.count > 1 else word
    apart = ", by what is otherwise than in the status quo" if base is not None and states.count > 1 else ""
    more = f"\n  … and {states.count - len(named):,} more" if states.count > len(named) else ""
    return f"{under} {word}{apart}:" + "".join(f"\n  – {text}" for text in named) + more


def _status_quo_state(analysis: Analysis) -> State | None:
    quo = analysis.conflict.status_quo
    if quo is None:
        return None
    return analysis.solver.state(analysis.solver.number_of(analysis.conflict.pattern(quo.taken)))


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


def _grounds(analysis: Analysis) -> Iterator[str]:
    """Say how much of the preferences rests on reported statements."""
    supports = [
        statement.support
        for maker in analysis.conflict.decision_makers
        if isinstance(maker.preferences, Prioritising)
        for statement in maker.preferences.statements
    ]
    reported = sum(not support.is_judgement for support in supports)
    if not supports:
        return
    yield (
        f"Of {counted(len(supports), 'preference')} "
        f"{counted(reported, 'rests', 'rest', none='none rests')} on reported words and "
        f"{counted(len(supports) - reported, 'is', 'are', none='none is')} the analyst's judgement. The model "
        "records claims as their speakers' claims; none is endorsed."
    )


def other_reading_in_words(found: OtherReading) -> str:
    """Say how the answer differs with vague dates read the other way; for a reading that differs."""
    with_it = f"With --undated {found.undated}"
    if found.reason:
        return f"{with_it} there is no answer: {found.reason}"
    parts = [
        *(["the status quo is another state"] if found.status_quo else []),
        *([f"the equilibria differ under {', '.join(found.concepts)}"] if found.concepts else []),
    ]
    return f"{with_it} the answer is different: {' and '.join(parts)}."
