"""Changes to rankings, payoffs and whole preferences, a decision maker's own or those that another party believes it
has.

Other preferences are entries of lists, which the generic changes set, add, remove and move. A ranking has gaps between
its groups, which stay in place or move with the groups, depending on the change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, TypeVar

from detente.editing.convert import converted
from detente.editing.edit import FORM_WORDS, Edit, FieldPath, item_at, moved, place_of, put, without
from detente.errors import InputError, UnknownNameError
from detente.io.yaml.kinds import as_number
from detente.model.conflict import Conflict
from detente.model.evidence import UNSUPPORTED
from detente.model.parts import DecisionMaker, View
from detente.model.preferences import Payoffs, Preferences, Prioritising, Ranking, StateReference, Weights, as_reference
from detente.model.states import StateList

Held = TypeVar("Held", bound=Preferences)
#: The note on a decision maker whose preferences an analyst has put in order.
ORDER_NOTE = "The order of the preferences is the analyst's own."


def with_preferences(
    conflict: Conflict, place: FieldPath, form: type[Held], change: Callable[[Held], Preferences]
) -> Conflict:
    """Return a conflict with the preferences at, or above, a place changed.

    Raises
    ------
    UnknownNameError
        If there are no preferences at the place.
    InputError
        If they have another form, because the edit comes from an outdated page.
    """

    def made(held: Preferences) -> Preferences:
        if not isinstance(held, form):
            given, wanted = FORM_WORDS[held.key], FORM_WORDS[form.key]
            raise InputError(f"these preferences are {given}, not {wanted}")
        return change(held)

    match place:
        case ("decision_makers", str(id), *_) if id in (maker.id for maker in conflict.decision_makers):
            return conflict.replaced(
                decision_makers=[
                    replace(maker, preferences=made(maker.preferences)) if maker.id == id else maker
                    for maker in conflict.decision_makers
                ]
            )
        case ("views", str(viewer), "believes", str(id), *_):
            views = {view.decision_maker: view for view in conflict.views}
            if viewer in views and (believed := views[viewer].believed(id)) is not None:
                views[viewer] = _believing(views[viewer], id, made(believed))
                return conflict.replaced(views=views.values())
    raise UnknownNameError("preferences", "/".join(map(str, place)))


def _believing(view: View, id: str, held: Preferences) -> View:
    return replace(view, believes=tuple({**dict(view.believes), id: held}.items()))


# Rankings


def change_ranking(change: Callable[[Ranking, int, Edit], Ranking]) -> Callable[[Conflict, Edit], Conflict]:
    """Return the change of a ranking at the place of the edit, ``[…, "ranking", place]``."""

    def changed(conflict: Conflict, edit: Edit) -> Conflict:
        place = place_of(edit)
        number = place[place.index("ranking") + 1]
        if not isinstance(number, int):
            raise TypeError("a place in a ranking must be a number")
        return with_preferences(conflict, place, Ranking, lambda ranking: change(ranking, number, edit))

    return changed


def moved_group(ranking: Ranking, place: int, edit: Edit) -> Ranking:
    """Move a group; gaps stay in place, so a group moved past a gap has crossed it."""
    return replace(ranking, groups=moved(ranking.groups, place, int(edit["to"])))


def tied(ranking: Ranking, place: int, edit: Edit) -> Ranking:
    """Tie a group with the one above it; a gap between the two is removed."""
    if place < 1:
        raise InputError("the first group cannot be tied with one above it")
    joined = (*item_at(ranking.groups, place - 1), *item_at(ranking.groups, place))
    groups = without(put(ranking.groups, place - 1, joined), place)
    return _with_gaps(ranking, groups, lambda gap: None if gap == place else gap - (gap > place))


def untied(ranking: Ranking, place: int, edit: Edit) -> Ranking:
    """Take a state out of its tie and place it directly below."""
    return _untied(ranking, place, int(place_of(edit)[-1]))


def _untied(ranking: Ranking, place: int, member: int) -> Ranking:
    group = item_at(ranking.groups, place)
    if len(group) < 2:
        raise InputError("this state is not tied")
    groups = (*ranking.groups[:place], without(group, member), (item_at(group, member),), *ranking.groups[place + 1 :])
    return _with_gaps(ranking, groups, lambda gap: gap + (gap > place))


def removed_state(ranking: Ranking, place: int, edit: Edit) -> Ranking:
    """Remove a state from a ranking."""
    group = without(item_at(ranking.groups, place), int(place_of(edit)[-1]))
    if group:
        return replace(ranking, groups=put(ranking.groups, place, group))
    # A gap above the removed group is now above the group that was below it.
    return _with_gaps(ranking, without(ranking.groups, place), lambda gap: gap - (gap > place))


def with_gap(ranking: Ranking, place: int, edit: Edit) -> Ranking:
    """Set the gap between a group and the one above it: none, a great gap, or not compared."""
    gap = edit["value"]
    item_at(ranking.groups, place)
    if place < 1 or gap not in ("", "great", "unknown"):
        raise ValueError("a gap must be '', 'great' or 'unknown', and the first group has none above it")
    great, unknown = ({*gaps} - {place} for gaps in (ranking.great, ranking.unknown))
    if gap:
        (great if gap == "great" else unknown).add(place)
    return replace(ranking, great=tuple(sorted(great)), unknown=tuple(sorted(unknown)))


def _with_gaps(
    ranking: Ranking, groups: tuple[tuple[int | str, ...], ...], carried: Callable[[int], int | None]
) -> Ranking:
    """Return a ranking with other groups, with its gaps moved to their new places."""

    def kept(gaps: Iterable[int]) -> set[int]:
        return {new for gap in gaps if (new := carried(gap)) is not None and 0 < new < len(groups)}

    unknown = kept(ranking.unknown)
    great = kept(ranking.great) - unknown
    return replace(ranking, groups=groups, great=tuple(sorted(great)), unknown=tuple(sorted(unknown)))


def rank_state(conflict: Conflict, edit: Edit) -> Conflict:
    """Move a state to a position counted from 1, out of any tie.

    A state that is not ranked is added at the end if no position is given.
    """
    states, reference = StateList(conflict), _state(edit)
    wanted = states.number_of(reference)

    def made(ranking: Ranking) -> Ranking:
        for place, group in enumerate(ranking.groups):
            for member, one in enumerate(group):
                if states.number_of(one) == wanted and "position" not in edit:
                    raise InputError(f"state {states.numbered(wanted)} is already ranked")
                if states.number_of(one) == wanted:
                    return _brought(ranking, place, member, edit["position"])
        if "position" in edit:
            raise InputError(f"state {states.numbered(wanted)} is not ranked")
        return replace(ranking, groups=(*ranking.groups, (reference,)))

    return with_preferences(conflict, place_of(edit), Ranking, made)


def _brought(ranking: Ranking, place: int, member: int, position: object) -> Ranking:
    if len(ranking.groups[place]) > 1:
        ranking = _untied(ranking, place, member)
        place += 1
    last = len(ranking.groups)
    written = str(position).strip()
    if not (written.isascii() and written.isdecimal() and 1 <= int(written[:9]) <= last):
        raise InputError(f"the place must be a number from 1 to {last}")
    return replace(ranking, groups=moved(ranking.groups, place, int(written) - 1))


# Payoffs


def pay_state(conflict: Conflict, edit: Edit) -> Conflict:
    """Set the payoff of a state."""
    states, reference = StateList(conflict), _state(edit)
    wanted = states.number_of(reference)
    try:
        value = as_number(str(edit["payoff"]).strip())
    except ValueError as error:
        raise InputError(f"a payoff must be a number: {error}") from error

    def made(held: Payoffs) -> Payoffs:
        found = [states.number_of(one) for one, _ in held.payoffs]
        if wanted not in found:
            return replace(held, payoffs=(*held.payoffs, (reference, value)))
        place = found.index(wanted)
        return replace(held, payoffs=put(held.payoffs, place, (held.payoffs[place][0], value)))

    return with_preferences(conflict, place_of(edit), Payoffs, made)


def _state(edit: Edit) -> StateReference:
    """Return the reference to a state in an edit: a number if it is one."""
    text = str(edit["state"]).strip()
    if not text:
        raise InputError("choose a state")
    return as_reference(text)


# Whole preferences


def order(conflict: Conflict, edit: Edit) -> Conflict:
    """Put a decision maker's preferences in another order, and note that it is the analyst's."""
    place, to = place_of(edit), edit["to"]

    def ordered(held: Prioritising) -> Preferences:
        if sorted(to) != list(range(len(held.statements))):
            raise InputError("these preferences have changed; load the page again")
        return replace(held, statements=tuple(held.statements[one] for one in to))

    if place[0] != "decision_makers":
        raise UnknownNameError("decision maker", "/".join(map(str, place)))
    made = with_preferences(conflict, place, Prioritising, ordered)

    def noted(maker: DecisionMaker) -> DecisionMaker:
        note = maker.support.note
        note = note if ORDER_NOTE in note else f"{note} {ORDER_NOTE}".strip()
        return replace(maker, support=replace(maker.support, note=note))

    return made.replaced(
        decision_makers=[noted(maker) if maker.id == place[1] else maker for maker in made.decision_makers]
    )


def convert(conflict: Conflict, edit: Edit) -> Conflict:
    """Convert preferences to another form."""
    place, form = place_of(edit), str(edit["form"])
    if form not in FORM_WORDS:
        raise UnknownNameError("form of preferences", form, FORM_WORDS)
    maker = str(place[3] if place[0] == "views" else place[1])
    return with_preferences(conflict, place, Preferences, lambda held: converted(conflict, maker, held, form))


def believe(conflict: Conflict, edit: Edit) -> Conflict:
    """Add a belief of one party about another's preferences; it begins with the real ones, without their evidence."""
    _, viewer, _, id = map(str, place_of(edit))
    makers = {maker.id: maker for maker in conflict.decision_makers}
    for one in (viewer, id):
        if one not in makers:
            raise UnknownNameError("decision maker", one, makers)
    if viewer == id:
        raise InputError(f"{makers[id].label} knows its own preferences")
    views = {view.decision_maker: view for view in conflict.views}
    view = views.get(viewer, View(viewer))
    if view.believed(id) is not None:
        raise InputError(f"the view already says what {makers[viewer].label} believes {makers[id].label} prefers")
    views[viewer] = _believing(view, id, _without_grounds(makers[id].preferences))
    return conflict.replaced(views=views.values())


def _without_grounds(held: Preferences) -> Preferences:
    """Return preferences without evidence, because evidence of the real ones says nothing about a belief."""

    def bare(parts: Iterable[Any]) -> tuple[Any, ...]:
        return tuple(replace(one, support=UNSUPPORTED) for one in parts)

    if isinstance(held, Prioritising):
        return replace(held, statements=bare(held.statements))
    return replace(held, weights=bare(held.weights)) if isinstance(held, Weights) else bare([held])[0]
