"""A dispute in which some options are held: as they are at some state, whoever they belong to.

Who has an option that is held cannot change it, and no state in which it is otherwise can be reached. Everything that
speaks of states by number, which are then numbered anew, is carried over to the states that are left.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from detente.conflict.conditions import Not, Taken
from detente.conflict.model import ConflictModel, NamedState, Rule, StatusQuo
from detente.conflict.preferences import Payoffs, Preferences, Ranking, StateReference
from detente.conflict.states import State
from detente.engine.explicit.space import StateSpace


def held(conflict: ConflictModel, options: Mapping[str, bool]) -> ConflictModel:
    """Return the conflict with some options taken (True) or not (False) for good.

    Names of states that are gone are left out, and a status quo that is gone is the state that differs from it in what
    is held, where that is feasible.

    Raises
    ------
    InputError
        When no state is left.
    """
    rules = [Rule("always", Taken(name) if value else Not(Taken(name))) for name, value in options.items()]
    bare = conflict.replaced(
        rules=[*conflict.rules, *rules],
        decision_makers=[replace(maker, preferences=Ranking(())) for maker in conflict.decision_makers],
        states=[],
        status_quo=None,
    )
    left = StateSpace.of(bare)
    whole = StateSpace.of(conflict)
    ranked = any(isinstance(maker.preferences, Ranking | Payoffs) for maker in conflict.decision_makers)
    references = _references(whole, left) if ranked else {}
    quo = conflict.status_quo
    if quo is not None:
        taken = seen(quo.taken, options)
        quo = StatusQuo(taken, quo.support) if bare.breaks(taken) is None else None
    return conflict.replaced(
        rules=[*conflict.rules, *rules],
        decision_makers=[
            replace(maker, preferences=_restricted(maker.preferences, whole, references))
            for maker in conflict.decision_makers
        ],
        states=[
            NamedState(state.name, state.taken, state.support)
            for state in conflict.states
            if bare.breaks(state.taken) is None
        ],
        status_quo=quo,
    )


def seen(taken: frozenset[str], options: Mapping[str, bool]) -> frozenset[str]:
    """Return the options taken where some are held."""
    return (taken - set(options)) | {name for name, value in options.items() if value}


def counterpart(space: StateSpace, state: State, options: Mapping[str, bool]) -> int | None:
    """Return the number of the state that a state, of any conflict over the same options, is with these held."""
    letters = [
        ("Y" if options[name] else "N") if name in options else letter
        for name, letter in zip(space.columns, state.pattern, strict=True)
    ]
    position = space.position_of_pattern("".join(letters))
    return None if position is None else position + 1


def _references(whole: StateSpace, left: StateSpace) -> dict[int, tuple[StateReference, ...]]:
    """Return for every old position the new numbers of what is left of it: a merged state can fall apart."""
    references: dict[int, tuple[StateReference, ...]] = {}
    for member in range(left.members):
        old = whole.position_of_pattern(left.member_pattern(member))
        assert old is not None
        new = member if left.state_of is None else int(left.state_of[member])
        references[old] = tuple(dict.fromkeys((*references.get(old, ()), new + 1)))
    return references


def _restricted(
    preferences: Preferences, whole: StateSpace, references: Mapping[int, tuple[StateReference, ...]]
) -> Preferences:
    if isinstance(preferences, Ranking):
        groups = (
            tuple(new for place in map(whole.position_of, group) for new in references.get(place, ()))
            for group in preferences.groups
        )
        return Ranking(tuple(group for group in groups if group), preferences.support)
    if isinstance(preferences, Payoffs):
        return Payoffs(
            tuple(
                (new, value)
                for reference, value in preferences.payoffs
                for new in references.get(whole.position_of(reference), ())
            ),
            preferences.support,
        )
    return preferences
