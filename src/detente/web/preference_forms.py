"""Preferences as the forms show them, in whichever way they are given, and how else they could be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any

from detente.conflict.model import ConflictModel
from detente.conflict.preferences import Payoffs, Preferences, Prioritising, Ranking, StateReference, Weights, decimal
from detente.conflict.states import StateList
from detente.errors import TooLargeError, UnknownNameError
from detente.web.editing.turning import MOST_RANKED, Promise, promised

if TYPE_CHECKING:
    from detente.web.forms import Grounds

#: Every way to give preferences, and how the page calls it.
WAYS = {
    "preferences": ("a list", "most important first"),
    "ranking": ("a ranking of states", "states, best first"),
    "weights": ("weights", "what a state gains by meeting a condition"),
    "payoffs": ("payoffs", "a number for each state, more is better"),
}


class ListedStates:
    """The states of a dispute by what a file calls them, where they are few enough to be shown one by one."""

    def __init__(self, conflict: ConflictModel) -> None:
        self._conflict = conflict

    @cached_property
    def all(self) -> StateList | None:
        """Every state; None where there are too many."""
        try:
            return StateList(self._conflict, MOST_RANKED)
        except TooLargeError:
            return None

    def shown(self, reference: StateReference) -> dict[str, Any]:
        """Return a state as a page shows it: number, letters, name and what is taken in it."""
        written: dict[str, Any] = {"reference": reference, "number": None, "state": "", "name": None, "taken": []}
        if self.all is None:
            return written
        try:
            state = self.all.numbered(self.all.number_of(reference))
        except UnknownNameError:
            return written
        taken = [self._conflict.option(id).label for id in state.taken]
        return {**written, "number": state.number, "state": state.pattern, "name": state.name, "taken": taken}

    def missing(self, references: Iterable[StateReference]) -> list[dict[str, Any]]:
        """Return the states that are not among those referred to."""
        if self.all is None:
            return []
        there = {self.all.number_of(one) for one in references}
        return [self.shown(state.number) for state in self.all if state.number not in there]


def preferences_data(
    maker: str, held: Preferences, at: list[str | int], grounds: Grounds, states: ListedStates, believed_by: str = ""
) -> dict[str, Any]:
    """Return somebody's preferences as the forms show them; ``at`` is the place of who holds them."""
    at = [*at, held.key]
    title, hint = WAYS[held.key]
    statewise = isinstance(held, Ranking | Payoffs)
    listed = not statewise or states.all is not None
    return {
        "form": held.key,
        "title": title,
        "hint": hint,
        # What every change says of whose preferences it is about.
        "of": {"maker": maker, **({"believed_by": believed_by} if believed_by else {})},
        "key": f"{believed_by}>{maker}" if believed_by else maker,
        # What is not shown one by one is not sent one by one.
        "items": list(items(held, at, grounds, states)) if listed else [],
        "at": at,
        "grounds": grounds.of(held.support) if isinstance(held, Ranking) else None,
        "shown": listed,
        "missing": states.missing(_references(held)),
        "removable": bool(believed_by) and statewise,
        "places": len(held.groups) if isinstance(held, Ranking) else 0,
        "turns": [_turn(held, form, states) for form in WAYS if form != held.key],
    }


def items(held: Preferences, at: list[str | int], grounds: Grounds, states: ListedStates) -> Iterator[dict[str, Any]]:
    """Yield each line of preferences, ``when`` being the whole of it as text."""
    if isinstance(held, Prioritising):
        for place, one in enumerate(held.statements):
            yield {
                "at": [*at, place],
                "place": place,
                "when": str(one.condition),
                "marks": one.marks,
                "confidence": "" if one.confidence == 1 else decimal(one.confidence),
                "strength": one.strength,
                "unknown": one.unknown,
                **grounds.of(one.support),
            }
    elif isinstance(held, Weights):
        for place, weight in enumerate(held.weights):
            condition, worth = str(weight.condition), decimal(weight.weight)
            yield {
                "at": [*at, place],
                "place": place,
                "when": f"{condition}: {worth}",
                "condition": condition,
                "weight": worth,
                **grounds.of(weight.support),
            }
    elif isinstance(held, Ranking):
        gaps = {**dict.fromkeys(held.great, "great"), **dict.fromkeys(held.unknown, "unknown")}
        for place, group in enumerate(held.groups):
            yield {
                "at": at,
                "place": place,
                "when": " = ".join(map(str, group)),
                "states": [states.shown(one) for one in group],
                "gap": gaps.get(place, ""),
                **grounds.of(held.support),
            }
    elif isinstance(held, Payoffs):
        for place, (state, value) in enumerate(held.payoffs):
            yield {
                "at": at,
                "place": place,
                "when": f"{state}: {decimal(value)}",
                "state": states.shown(state),
                "payoff": decimal(value),
                **grounds.of(held.support),
            }


def _references(held: Preferences) -> list[StateReference]:
    if isinstance(held, Ranking):
        return [one for group in held.groups for one in group]
    return [state for state, _ in held.payoffs] if isinstance(held, Payoffs) else []


def _turn(held: Preferences, form: str, states: ListedStates) -> dict[str, Any]:
    listable = form not in ("ranking", "payoffs") or states.all is not None
    words = _in_words(promised(held, form), held) if listable else f"There are more than {MOST_RANKED} states."
    return {"form": form, "title": WAYS[form][0], "possible": listable, "words": words}


def _in_words(promise: Promise, held: Preferences) -> str:
    lost = f" Left behind: {'; '.join(promise.lost)}." if promise.lost else ""
    if promise.same_order:
        return f"The states keep their order.{lost}"
    if isinstance(held, Weights):
        return f"The heaviest first: light ones no longer outweigh a heavy one together.{lost}"
    return f"Begins afresh.{lost}"
