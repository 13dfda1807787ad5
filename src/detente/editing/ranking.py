"""Changes to a ranking: its order, its ties, its great gaps, and what in it is not compared."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from detente.editing.edit import Change, Edit, at, moved, put, with_preferences, without
from detente.editing.preferences import held_as, state_named
from detente.errors import InputError
from detente.model.conflict import Conflict
from detente.model.preferences import Preferences, Ranking
from detente.model.states import StateList


def _ranking(change: Callable[[Ranking, Edit], Ranking]) -> Change:
    def changed(conflict: Conflict, edit: Edit) -> Conflict:
        def made(preferences: Preferences) -> Preferences:
            return change(held_as(Ranking, preferences), edit)

        return with_preferences(conflict, edit, made)

    return changed


def _moved(ranking: Ranking, edit: Edit) -> Ranking:
    """Move a group; gaps stay where they are, so that a group that is moved past one has crossed it."""
    return replace(ranking, groups=moved(ranking.groups, int(edit["place"]), int(edit["to"])))


def _placed(conflict: Conflict, edit: Edit) -> Conflict:
    """Bring a state, by what it is called, to a place counted from 1; it leaves the states that it is tied with."""
    states = StateList(conflict)
    wanted = states.number_of(state_named(edit))

    def made(preferences: Preferences) -> Preferences:
        ranking = held_as(Ranking, preferences)
        for place, group in enumerate(ranking.groups):
            for member, one in enumerate(group):
                if states.number_of(one) == wanted:
                    return _brought(ranking, place, member, edit["position"])
        raise InputError(f"state {states.numbered(wanted)} is not ranked")

    return with_preferences(conflict, edit, made)


def _brought(ranking: Ranking, place: int, member: int, position: object) -> Ranking:
    if len(ranking.groups[place]) > 1:
        ranking = _untied(ranking, {"place": place, "member": member})
        place += 1
    last = len(ranking.groups)
    written = str(position).strip()
    if not (written.isascii() and written.isdecimal() and 1 <= int(written[:9]) <= last):
        raise InputError(f"a place is a number from 1 to {last}")
    return _moved(ranking, {"place": place, "to": int(written) - 1})


def _tied(ranking: Ranking, edit: Edit) -> Ranking:
    """Tie a group with the one above it; what stood between the two is gone."""
    place = int(edit["place"])
    if place < 1:
        raise InputError("there is nothing above it to tie it with")
    joined = (*at(ranking.groups, place - 1), *at(ranking.groups, place))
    groups = without(put(ranking.groups, place - 1, joined), place)
    return _with_cuts(ranking, groups, lambda cut: None if cut == place else cut - (cut > place))


def _untied(ranking: Ranking, edit: Edit) -> Ranking:
    """Take a state out of its tie: it comes right below the others."""
    place, member = int(edit["place"]), int(edit["member"])
    group = at(ranking.groups, place)
    if len(group) < 2:
        raise InputError("it is tied with nothing")
    groups = (*ranking.groups[:place], without(group, member), (at(group, member),), *ranking.groups[place + 1 :])
    return _with_cuts(ranking, groups, lambda cut: cut + (cut > place))


def _added(ranking: Ranking, edit: Edit) -> Ranking:
    return replace(ranking, groups=(*ranking.groups, (state_named(edit),)))


def _removed(ranking: Ranking, edit: Edit) -> Ranking:
    place, member = int(edit["place"]), int(edit["member"])
    group = without(at(ranking.groups, place), member)
    if group:
        return replace(ranking, groups=put(ranking.groups, place, group))
    groups = without(ranking.groups, place)
    # A gap above what is gone now stands above what was below it.
    return _with_cuts(ranking, groups, lambda cut: cut - (cut > place))


def _parted(ranking: Ranking, edit: Edit) -> Ranking:
    """Say what is between a group and the one above it: nothing, a great gap, or that the two are not compared."""
    place, gap = int(edit["place"]), str(edit["gap"])
    at(ranking.groups, place)
    if place < 1 or gap not in ("", "great", "unknown"):
        raise ValueError("a gap is '', 'great' or 'unknown', and there is none above the first")
    great, unknown = set(ranking.great) - {place}, set(ranking.unknown) - {place}
    return replace(
        ranking,
        great=tuple(sorted(great | ({place} if gap == "great" else set()))),
        unknown=tuple(sorted(unknown | ({place} if gap == "unknown" else set()))),
    )


def _with_cuts(
    ranking: Ranking, groups: tuple[tuple[int | str, ...], ...], carried: Callable[[int], int | None]
) -> Ranking:
    """Return a ranking of other groups, with its gaps carried to where they now are."""

    def kept(cuts: Iterable[int]) -> set[int]:
        return {new for cut in cuts if (new := carried(cut)) is not None and 0 < new < len(groups)}

    unknown = kept(ranking.unknown)
    great = kept(ranking.great) - unknown
    return replace(ranking, groups=groups, great=tuple(sorted(great)), unknown=tuple(sorted(unknown)))


CHANGES: dict[str, Change] = {
    "move group": _ranking(_moved),
    "place state": _placed,
    "tie group": _ranking(_tied),
    "untie state": _ranking(_untied),
    "part group": _ranking(_parted),
    "rank state": _ranking(_added),
    "unrank state": _ranking(_removed),
}
