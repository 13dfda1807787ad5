"""An analysis read out in plain words: is the dispute stuck, for whom, and which states hold.

Says what follows from the model, and nothing about who is right.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from detente.analysis.equilibria import MOST_LISTED, Analysis
from detente.analysis.explanation import difference, shown
from detente.conflict.preferences import Prioritising
from detente.conflict.states import State
from detente.engine.interface import Searchable, StateSet
from detente.stability import Concept

#: How many equilibria are named before the rest is counted.
MOST_NAMED = 6


def reading(analysis: Analysis) -> list[str]:
    """Return the paragraphs of a plain-language reading of an analysis."""
    return [*_status_quo(analysis), *_equilibria(analysis), *_grounds(analysis)]


def _status_quo(analysis: Analysis) -> Iterator[str]:
    state = _status_quo_state(analysis)
    if state is None:
        yield "No status quo is given, so whether the dispute is stuck cannot be said."
        return
    holding = [concept for concept in analysis.concepts if state.number in analysis.equilibrium_set(concept.id)]
    where = f"The status quo, {shown(state)},"
    if len(holding) == len(analysis.concepts):
        yield f"{where} is an equilibrium under every concept asked for: on this model the dispute is stuck there."
    elif holding:
        names = _listed([concept.title for concept in holding])
        yield f"{where} is an equilibrium under {names}, and not under {_others(analysis, holding)}."
    else:
        asked = _listed([concept.title for concept in analysis.concepts])
        yield f"{where} is an equilibrium under none of {asked}: it does not hold."
    for player in analysis.players:
        yield _player_at(analysis, player, state)


def _others(analysis: Analysis, holding: list[Concept]) -> str:
    return _listed([concept.title for concept in analysis.concepts if concept not in holding])


def _player_at(analysis: Analysis, player: str, state: State) -> str:
    """Say for one player whether it would leave a state, and what holds it there."""
    stable = [c for c in analysis.concepts if state.number in analysis.stability[c.id][player]]
    names = _label(analysis, player)
    if any(concept.id == "nash" for concept in stable):
        return f"For {names}, no move from there leads to a state that it prefers."
    if not stable:
        return f"For {names}, a move from there leads to a state that it prefers, and nothing deters it."
    unstable = [concept for concept in analysis.concepts if concept not in stable]
    deterred = _listed([concept.title for concept in stable])
    text = f"For {names}, a move from there leads to a state that it prefers, but it is deterred under {deterred}"
    return f"{text}; not under {_listed([c.title for c in unstable])}." if unstable else f"{text}."


def _equilibria(analysis: Analysis) -> Iterator[str]:
    alike: list[tuple[StateSet, list[Concept]]] = []
    for concept in analysis.concepts:
        states = analysis.equilibrium_set(concept.id)
        for found, concepts in alike:
            if _same(found, states):
                concepts.append(concept)
                break
        else:
            alike.append((states, [concept]))
    told: set[int] = set()
    for states, concepts in alike:
        yield _equilibrium_set(analysis, states, concepts, told)


def _same(one: StateSet, other: StateSet) -> bool:
    if isinstance(one, Searchable):
        return one.same_as(other)
    return one.count == other.count and list(islice(one.numbers(), 1000)) == list(islice(other.numbers(), 1000))


def _equilibrium_set(analysis: Analysis, states: StateSet, concepts: list[Concept], told: set[int]) -> str:
    """Say which states are equilibria; each is told apart from the status quo once, however often it is named.

    Of more than can be listed, those nearest to the status quo are named.
    """
    under = f"Under {_listed([concept.title for concept in concepts])}"
    if states.count == 0:
        return f"{under} no state is an equilibrium."
    base = _status_quo_state(analysis)
    large = analysis.count > MOST_LISTED and isinstance(states, Searchable)
    nearest = analysis.nearest(concepts[0].id, most=MOST_NAMED) if large and base is not None else None
    first = [analysis.solver.state(number) for number in islice(states.numbers(), MOST_NAMED)] if not nearest else []
    named = []
    for state in nearest.states if nearest else first:
        number, text = state.number, shown(state)
        if base is not None and number not in told and number != base:
            text += f": {difference(analysis.conflict, base, state)}"
        told.add(number)
        named.append(text)
    word = "this state is an equilibrium" if states.count == 1 else f"{states.count:,} states are equilibria"
    if nearest:
        options = "1 option" if nearest.distance == 1 else f"{nearest.distance} options"
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
        f"Of {len(supports)} preference statements {reported} rest on what a party is reported to have said and "
        f"{len(supports) - reported} are the analyst's judgement. The model records claims as their speakers' claims; "
        "none is endorsed."
    )


def _label(analysis: Analysis, player: str) -> str:
    members = player.split("+") if analysis.conflict.coalitions else [player]
    return _listed([analysis.conflict.decision_maker(id).label for id in members])


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
