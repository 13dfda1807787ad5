"""Removing parties, options, speakers, statements and sources, and what becomes of the places where they are used.

What is used elsewhere is not removed at once: the refusal names each place, and the same edit with ``everywhere``
removes it there too, as one change.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from typing import Any, TypeVar

from detente.editing.edit import (
    Change,
    ConfirmationNeededError,
    Edit,
    believing,
    maker_of,
    option_of,
    with_options,
    without,
)
from detente.editing.statements import LINKS, linked, source_place, statement_place, with_support
from detente.editing.structure import ordered_coalitions, speaker_of
from detente.errors import Fault
from detente.model.conflict import Conflict
from detente.model.evidence import Path
from detente.model.parts import View
from detente.model.preferences import NO_PREFERENCES, Preferences, Prioritising, Weights
from detente.model.statements import Statement

Item = TypeVar("Item")


def _agreed(conflict: Conflict, edit: Edit, what: str, places: Iterable[Path], effect: str) -> None:
    """Refuse to remove what is used in some places unless the edit says that it is to be removed there too."""
    found = [Fault(_in_words(conflict, at), at=at) for at in dict.fromkeys(places)]
    if found and edit.get("everywhere") is not True:
        used = f"{what} is used in {'1 place' if len(found) == 1 else f'{len(found)} places'}"
        raise ConfirmationNeededError(used, found, {**edit, "everywhere": True}, "Remove it there too", effect)


def _remove_option(conflict: Conflict, edit: Edit) -> Conflict:
    option = option_of(conflict, edit)
    cleared, places = _without_options(conflict, {option.id})
    effect = (
        "Preferences, rules and merges that mention it are removed, and acts of nothing else. States, other acts and "
        "statements no longer list it."
    )
    _agreed(conflict, edit, f"‘{option.label}’", places, effect)
    return with_options(cleared, edit, without)


def _remove_decision_maker(conflict: Conflict, edit: Edit) -> Conflict:
    maker = maker_of(conflict, edit)
    cleared, places = _without_options(conflict, {option.id for option in maker.options})
    own = (("decision_makers", maker.id), ("views", maker.id))
    places = [at for at in places if at[:2] not in own and at[2:4] != ("believes", maker.id)]
    for one in conflict.decision_makers:
        if one is not maker and maker.id in dict(one.attitudes):
            places.append(("decision_makers", one.id, "attitudes", maker.id))
    for view in conflict.views:
        if view.believed(maker.id) is not None:
            places.append(("views", view.decision_maker, "believes", maker.id))
    acts: list[Path] = [("history", place) for place, act in enumerate(conflict.history) if act.by == maker.id]
    places = [*(at for at in places if at not in acts), *acts]
    for place, group in enumerate(conflict.coalitions):
        if maker.id in group and len(group) > 1:
            places.append(("coalitions", place))
    effect = (
        "What others wish it or believe of it is removed, and so are its acts and preferences, rules and merges that "
        "mention its options. Its statements stay."
    )
    _agreed(conflict, edit, f"‘{maker.label}’", places, effect)
    groups = [tuple(member for member in group if member != maker.id) for group in conflict.coalitions]
    spoke = any(maker.id in (one.speaker, one.reported_by) for one in conflict.all_statements)
    return cleared.replaced(
        decision_makers=[
            replace(one, attitudes=tuple(pair for pair in one.attitudes if pair[0] != maker.id))
            for one in cleared.decision_makers
            if one.id != maker.id
        ],
        coalitions=ordered_coalitions(conflict, [group for group in groups if group]),
        history=[act for act in cleared.history if act.by != maker.id],
        views=_written(
            believing(view, {other: held for other, held in view.believes if other != maker.id})
            for view in cleared.views
            if view.decision_maker != maker.id
        ),
        # Whoever has spoken goes on being known by name.
        speakers={**conflict.speakers, maker.id: maker.label} if spoke else conflict.speakers,
    )


def _remove_speaker(conflict: Conflict, edit: Edit) -> Conflict:
    gone = speaker_of(conflict, edit)
    removed = conflict.replaced(speakers={id: name for id, name in conflict.speakers.items() if id != gone})
    if gone in removed.all_speakers:
        return removed

    def silent(one: Statement) -> Statement:
        return replace(
            one,
            speaker=None if one.speaker == gone else one.speaker,
            reported_by=None if one.reported_by == gone else one.reported_by,
            addresses=tuple(id for id in one.addresses if id != gone),
        )

    cleared, places = _with_statements(removed, silent)
    _agreed(
        conflict, edit, f"‘{conflict.speakers[gone] or gone}’", places, "The statements stay, without this speaker."
    )
    return cleared


def _remove_statement(conflict: Conflict, edit: Edit) -> Conflict:
    place = statement_place(conflict, edit)
    gone = conflict.statements[place].id

    def left(ids: Iterable[str]) -> tuple[str, ...]:
        return tuple(id for id in ids if id != gone)

    def unlinked(one: Statement) -> Statement:
        changes: dict[str, Any] = {}
        for key in LINKS:
            if gone in linked(one, key):
                changes[key] = left(linked(one, key)) if isinstance(getattr(one, key), tuple) else None
        return replace(one, **changes)

    cleared, places = _with_statements(conflict, unlinked)
    places = [at for at in places if at != ("statements", place)]
    for at, support in conflict.supports():
        if gone in (*support.evidence, *support.against):
            places.append(at)
            cleared = with_support(
                cleared, at, lambda one: replace(one, evidence=left(one.evidence), against=left(one.against))
            )
    effect = "Elements and other statements stay, without it. Elements that have no other evidence become assumptions."
    _agreed(conflict, edit, gone, places, effect)
    return cleared.replaced(statements=without(cleared.statements, place))


def _remove_source(conflict: Conflict, edit: Edit) -> Conflict:
    place = source_place(conflict, edit)
    source = conflict.sources[place]

    def sourceless(one: Statement) -> Statement:
        # Where the words stood was a place in its document.
        return replace(one, source=None, spans=(), prefix=None, suffix=None) if one.source == source.id else one

    cleared, places = _with_statements(conflict, sourceless)
    _agreed(conflict, edit, f"‘{source.title or source.id}’", places, "The statements stay, without a source.")
    return cleared.replaced(sources=without(conflict.sources, place))


def _with_statements(conflict: Conflict, change: Callable[[Statement], Statement]) -> tuple[Conflict, list[Path]]:
    """Return a conflict with its own statements changed, and the places of those that are."""
    made = [change(one) for one in conflict.statements]
    places: list[Path] = [
        ("statements", place)
        for place, (old, new) in enumerate(zip(conflict.statements, made, strict=True))
        if old != new
    ]
    return conflict.replaced(statements=made), places


def _without_options(conflict: Conflict, gone: Collection[str]) -> tuple[Conflict, list[Path]]:
    """Return a conflict that mentions options nowhere but where they are defined, and the places where it did.

    One-way marks and what somebody does not see are part of an option: they go without being told of.
    """
    places: list[Path] = []

    def kept(items: Iterable[Item], at: Path, mentioned: Callable[[Item], Iterable[str]]) -> tuple[Item, ...]:
        left = []
        for place, item in enumerate(items):
            if set(gone).isdisjoint(mentioned(item)):
                left.append(item)
            else:
                places.append((*at, place))
        return tuple(left)

    def wanting(held: Preferences, at: Path) -> Preferences:
        if isinstance(held, Prioritising):
            wishes = kept(held.statements, (*at, held.key), lambda one: one.condition.options())
            return held if len(wishes) == len(held.statements) else replace(held, statements=wishes)
        if isinstance(held, Weights):
            weights = kept(held.weights, (*at, held.key), lambda one: one.condition.options())
            return held if len(weights) == len(held.weights) else Weights(weights) if weights else NO_PREFERENCES
        return held

    def not_taken(state: Any, at: Path) -> Any:
        if set(gone).isdisjoint(state.taken):
            return state
        places.append(at)
        return replace(state, taken=state.taken - set(gone))

    quo = conflict.status_quo
    makers = [
        replace(maker, preferences=wanting(maker.preferences, ("decision_makers", maker.id)))
        for maker in conflict.decision_makers
    ]
    rules = kept(conflict.rules, ("rules",), lambda rule: (id for one in rule.conditions for id in one.options()))
    merge = kept(conflict.merge, ("merge",), lambda one: one.condition.options())
    status_quo = not_taken(quo, ("status_quo",)) if quo else None
    states = [not_taken(state, ("states", state.name)) for state in conflict.states]
    history = []
    for place, act in enumerate(conflict.history):
        takes, drops = (tuple(id for id in ids if id not in gone) for ids in (act.takes, act.drops))
        if (takes, drops) != (act.takes, act.drops):
            places.append(("history", place))
        # An act of nothing is none.
        if takes or drops:
            history.append(replace(act, takes=takes, drops=drops))
    views = []
    for view in conflict.views:
        at: Path = ("views", view.decision_maker, "believes")
        seen = replace(view, does_not_see=tuple(id for id in view.does_not_see if id not in gone))
        views.append(believing(seen, {other: wanting(held, (*at, other)) for other, held in view.believes}))
    cleared = conflict.replaced(
        decision_makers=makers,
        rules=rules,
        one_way=[mark for mark in conflict.one_way if mark.option not in gone],
        merge=merge,
        status_quo=status_quo,
        states=states,
        history=history,
        views=_written(views),
    )
    cleared, about = _with_statements(
        cleared, lambda one: replace(one, about=tuple(id for id in one.about if id not in gone))
    )
    return cleared, places + about


def _written(views: Iterable[View]) -> list[View]:
    """Return the views that are not the dispute as it is."""
    return [view for view in views if view != View(view.decision_maker)]


def _in_words(conflict: Conflict, at: Path) -> str:
    """Name the element at a place by the names of parties and options, and by what it says."""

    def label(id: object) -> str:
        return conflict.decision_maker(str(id)).label

    match at:
        case ("decision_makers", maker):
            return label(maker)
        case ("decision_makers", _, "options", option):
            return f"the option ‘{conflict.option(str(option)).label}’"
        case ("decision_makers", maker, "attitudes", towards):
            return f"the attitude of {label(maker)} towards {label(towards)}"
        case ("decision_makers", maker, *rest):
            return _wish_in_words(conflict.decision_maker(str(maker)).preferences, rest, f"of {label(maker)}")
        case ("rules", int(place)):
            return f"rule {place + 1}: {conflict.rules[place]}"
        case ("merge", int(place)):
            return f"merge {place + 1}: {conflict.merge[place].condition}"
        case ("one_way", option):
            return f"the one-way mark of ‘{conflict.option(str(option)).label}’"
        case ("states", name):
            return f"the state ‘{name}’"
        case ("history", int(place)):
            act = conflict.history[place]
            return f"act {place + 1}, of {label(act.by)} on {act.date}"
        case ("statements", int(place)):
            return f"statement {conflict.statements[place].id}"
        case ("coalitions", int(place)):
            return f"the coalition {' + '.join(map(label, conflict.coalitions[place]))}"
        case ("views", viewer):
            return f"the view of {label(viewer)}"
        case ("views", viewer, "believes", other, *rest):
            believed = f"what {label(viewer)} believes {label(other)} wants"
            view = next(view for view in conflict.views if view.decision_maker == viewer)
            return _wish_in_words(view.believed(str(other)), rest, f"in {believed}") if rest else believed
    return "the status quo"


def _wish_in_words(held: Preferences | None, rest: list[str | int], where: str) -> str:
    """Name one of somebody's preferences, or all of them."""
    match rest:
        case [str(key), int(place)] if held is not None:
            what = "weight" if key == Weights.key else "preference"
            return f"{what} {place + 1} {where}: {list(held.conditions())[place]}"
    return f"the {rest[0]} {where}"


CHANGES: dict[str, Change] = {
    "remove decision maker": _remove_decision_maker,
    "remove option": _remove_option,
    "remove speaker": _remove_speaker,
    "remove statement": _remove_statement,
    "remove source": _remove_source,
}
