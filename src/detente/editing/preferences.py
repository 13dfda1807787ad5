"""Changes to what somebody wants, or is taken to want: statements and their marks, weights, payoffs, attitudes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any, TypeVar

from detente.editing.convert import converted
from detente.editing.edit import (
    Change,
    Edit,
    at,
    maker_of,
    moved,
    number,
    put,
    resting,
    with_maker,
    with_preferences,
    without,
)
from detente.errors import InputError, UnknownNameError
from detente.model.conditions import parse
from detente.model.conflict import Conflict
from detente.model.parts import DecisionMaker, as_attitudes
from detente.model.preferences import (
    DEFAULT_THRESHOLDS,
    HALF,
    Payoffs,
    Preferences,
    PreferenceStatement,
    Prioritising,
    StateReference,
    Weight,
    Weights,
    as_reference,
)
from detente.model.states import StateList

Held = TypeVar("Held", bound=Preferences)
#: How each way to give preferences is called in a message.
FORM_WORDS = {"preferences": "a list", "ranking": "a ranking", "weights": "weights", "payoffs": "payoffs"}


def held_as(form: type[Held], preferences: Preferences) -> Held:
    """Return preferences that are given in one form.

    Raises
    ------
    InputError
        When they are given in another: the page that asked was an old one.
    """
    if not isinstance(preferences, form):
        given, wanted = FORM_WORDS[preferences.key], FORM_WORDS[form.key]
        raise InputError(f"these preferences are given by {given}, not by {wanted}")
    return preferences


def _statements(
    change: Callable[[tuple[PreferenceStatement, ...], Edit], tuple[PreferenceStatement, ...]],
) -> Change:
    def changed(conflict: Conflict, edit: Edit) -> Conflict:
        def made(preferences: Preferences) -> Preferences:
            held = held_as(Prioritising, preferences)
            return replace(held, statements=change(held.statements, edit))

        return with_preferences(conflict, edit, made)

    return changed


def _added_statement(all: tuple[PreferenceStatement, ...], edit: Edit) -> tuple[PreferenceStatement, ...]:
    return (*all, PreferenceStatement(parse(str(edit["when"])), support=resting(edit)))


def _changed_statement(all: tuple[PreferenceStatement, ...], edit: Edit) -> tuple[PreferenceStatement, ...]:
    place = int(edit["place"])
    return put(all, place, replace(at(all, place), condition=parse(str(edit["when"]))))


def _marked(all: tuple[PreferenceStatement, ...], edit: Edit) -> tuple[PreferenceStatement, ...]:
    """Say how sure or how strong a statement is; an empty confidence is a certain one."""
    place = int(edit["place"])
    marks: dict[str, Any] = {}
    if "confidence" in edit:
        given = str(edit["confidence"]).strip()
        marks["confidence"] = number(given, "a confidence") if given else Fraction(1)
    if "strength" in edit:
        marks["strength"] = str(edit["strength"])
    if "unknown" in edit:
        marks["unknown"] = bool(edit["unknown"])
    return put(all, place, replace(at(all, place), **marks))


def _weights(change: Callable[[tuple[Weight, ...], Edit], tuple[Weight, ...]]) -> Change:
    def changed(conflict: Conflict, edit: Edit) -> Conflict:
        def made(preferences: Preferences) -> Preferences:
            held = held_as(Weights, preferences)
            return replace(held, weights=change(held.weights, edit))

        return with_preferences(conflict, edit, made)

    return changed


def _added_weight(all: tuple[Weight, ...], edit: Edit) -> tuple[Weight, ...]:
    return (*all, Weight(parse(str(edit["when"])), number(edit["weight"], "a weight"), support=resting(edit)))


def _changed_weight(all: tuple[Weight, ...], edit: Edit) -> tuple[Weight, ...]:
    place = int(edit["place"])
    made = at(all, place)
    if "when" in edit:
        made = replace(made, condition=parse(str(edit["when"])))
    if "weight" in edit:
        made = replace(made, weight=number(edit["weight"], "a weight"))
    return put(all, place, made)


Payoff = tuple[StateReference, Fraction]


def _payoffs(change: Callable[[tuple[Payoff, ...], Edit], tuple[Payoff, ...]]) -> Change:
    def changed(conflict: Conflict, edit: Edit) -> Conflict:
        def made(preferences: Preferences) -> Preferences:
            held = held_as(Payoffs, preferences)
            return replace(held, payoffs=change(held.payoffs, edit))

        return with_preferences(conflict, edit, made)

    return changed


def _changed_payoff(all: tuple[Payoff, ...], edit: Edit) -> tuple[Payoff, ...]:
    place = int(edit["place"])
    return put(all, place, (at(all, place)[0], number(edit["payoff"], "a payoff")))


def _payoff_of_state(conflict: Conflict, edit: Edit) -> Conflict:
    """Give a state, by what it is called, another payoff."""
    states = StateList(conflict)
    wanted, value = states.number_of(state_named(edit)), number(edit["payoff"], "a payoff")

    def made(preferences: Preferences) -> Preferences:
        held = held_as(Payoffs, preferences)
        found = [states.number_of(one) for one, _ in held.payoffs]
        if wanted not in found:
            raise InputError(f"state {states.numbered(wanted)} has no payoff")
        place = found.index(wanted)
        return replace(held, payoffs=put(held.payoffs, place, (held.payoffs[place][0], value)))

    return with_preferences(conflict, edit, made)


def _added_payoff(all: tuple[Payoff, ...], edit: Edit) -> tuple[Payoff, ...]:
    return (*all, (state_named(edit), number(edit["payoff"], "a payoff")))


def state_named(edit: Edit) -> StateReference:
    """Return how an edit refers to a state: by its number where it is one."""
    text = str(edit["state"]).strip()
    if not text:
        raise InputError("which state?")
    return as_reference(text)


def _turn(conflict: Conflict, edit: Edit) -> Conflict:
    form = str(edit["form"])
    if form not in FORM_WORDS:
        raise UnknownNameError("way to give preferences", form, FORM_WORDS)
    maker = maker_of(conflict, edit).id
    return with_preferences(conflict, edit, lambda held: converted(conflict, maker, held, form))


def _attitude(conflict: Conflict, edit: Edit) -> Conflict:
    """Say what somebody wishes another; '' leaves it unsaid."""
    towards, attitude = maker_of(conflict, edit, "towards").id, str(edit["attitude"])
    order = [maker.id for maker in conflict.decision_makers]

    def changed(maker: DecisionMaker) -> DecisionMaker:
        given = {**dict(maker.attitudes), towards: attitude}
        return replace(maker, attitudes=as_attitudes((id, given[id]) for id in order if given.get(id)))

    return with_maker(conflict, edit, changed)


def _facing_unknown(conflict: Conflict, edit: Edit) -> Conflict:
    return with_maker(conflict, edit, lambda maker: replace(maker, facing_unknown=str(edit["facing"])))


def _threshold(conflict: Conflict, edit: Edit) -> Conflict:
    name, given = str(edit["threshold"]), str(edit["value"]).strip()
    if name not in DEFAULT_THRESHOLDS.__dataclass_fields__:
        raise UnknownNameError("threshold", name, DEFAULT_THRESHOLDS.__dataclass_fields__)
    value = number(given, "a threshold") if given else HALF
    return with_maker(
        conflict, edit, lambda maker: replace(maker, thresholds=replace(maker.thresholds, **{name: value}))
    )


CHANGES: dict[str, Change] = {
    "add preference": _statements(_added_statement),
    "change preference": _statements(_changed_statement),
    "mark preference": _statements(_marked),
    "move preference": _statements(lambda all, edit: moved(all, int(edit["place"]), int(edit["to"]))),
    "remove preference": _statements(lambda all, edit: without(all, int(edit["place"]))),
    "add weight": _weights(_added_weight),
    "change weight": _weights(_changed_weight),
    "remove weight": _weights(lambda all, edit: without(all, int(edit["place"]))),
    "change payoff": _payoffs(_changed_payoff),
    "pay state": _payoff_of_state,
    "add payoff": _payoffs(_added_payoff),
    "remove payoff": _payoffs(lambda all, edit: without(all, int(edit["place"]))),
    "give preferences otherwise": _turn,
    "attitude": _attitude,
    "facing unknown": _facing_unknown,
    "threshold": _threshold,
}
