"""A change that says by itself how the text is rewritten, because it touches names or places all over the file.

What an edit names, and how something else is put in its place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, TypeVar

from detente.errors import Fault, InputError, UnknownNameError
from detente.io.yaml.fields import Optional
from detente.io.yaml.kinds import DATE, as_number
from detente.io.yaml.validate import read_value
from detente.model.conflict import Conflict
from detente.model.evidence import Support
from detente.model.parts import DecisionMaker, Option, View
from detente.model.preferences import Preferences


@dataclass(frozen=True)
class Rewritten:
    """A dispute after a change, and what turns the text from before into the one after."""

    conflict: Conflict
    in_text: Callable[[str], str]


Edit = Mapping[str, Any]
Change = Callable[[Conflict, Edit], Conflict | Rewritten]
Item = TypeVar("Item")


class ConfirmationNeededError(InputError):
    """A change that a person has to agree to first; ``faults`` say what speaks against it.

    ``summary`` says why it was not made; ``offer`` has the edit that makes it all the same, what the button for it
    says, and what the edit does.
    """

    def __init__(self, summary: str, faults: Iterable[Fault], edit: Edit, button: str, effect: str) -> None:
        super().__init__(faults)
        self.summary = summary
        self.offer: Mapping[str, Any] = {"edit": edit, "button": button, "effect": effect}

    def __str__(self) -> str:
        return f"{self.summary}: {'; '.join(fault.message for fault in self.faults)}"


def maker_of(conflict: Conflict, edit: Edit, key: str = "maker") -> DecisionMaker:
    """Return the decision maker that an edit names."""
    ids = [maker.id for maker in conflict.decision_makers]
    if edit[key] not in ids:
        raise UnknownNameError("decision maker", edit[key], ids)
    return conflict.decision_maker(str(edit[key]))


def with_maker(conflict: Conflict, edit: Edit, change: Callable[[DecisionMaker], DecisionMaker]) -> Conflict:
    """Return a conflict in which the decision maker that an edit names is otherwise."""
    id = maker_of(conflict, edit).id
    return conflict.replaced(
        decision_makers=[change(maker) if maker.id == id else maker for maker in conflict.decision_makers]
    )


def option_of(conflict: Conflict, edit: Edit) -> Option:
    """Return the option that an edit names."""
    id = str(edit["option"])
    if id not in conflict.owner:
        raise UnknownNameError("option", id, conflict.owner)
    return conflict.option(id)


def with_options(
    conflict: Conflict, edit: Edit, change: Callable[[Sequence[Option], int], tuple[Option, ...]]
) -> Conflict:
    """Return a conflict in which the option that an edit names is otherwise; ``change`` gets all and its place."""
    id = option_of(conflict, edit).id

    def changed(maker: DecisionMaker) -> DecisionMaker:
        place = [option.id for option in maker.options].index(id)
        return replace(maker, options=change(maker.options, place))

    return with_maker(conflict, {"maker": conflict.owner[id]}, changed)


def with_view(conflict: Conflict, viewer: str, change: Callable[[View], View]) -> Conflict:
    """Return a conflict in which somebody's view is otherwise; a view that is the dispute as it is goes."""
    maker_of(conflict, {"maker": viewer})
    known = {view.decision_maker: view for view in conflict.views}
    known[viewer] = change(known.get(viewer, View(viewer)))
    return conflict.replaced(views=[view for id, view in known.items() if view != View(id)])


def believing(view: View, believes: Mapping[str, Preferences]) -> View:
    """Return a view in which these preferences are taken for those of others."""
    grounds = tuple((id, support) for id, support in view.grounds if id in believes)
    return replace(view, believes=tuple(believes.items()), grounds=grounds)


def with_preferences(conflict: Conflict, edit: Edit, change: Callable[[Preferences], Preferences]) -> Conflict:
    """Return a conflict in which somebody's preferences are otherwise, or what ``believed_by`` takes them to be."""
    if not edit.get("believed_by"):
        return with_maker(conflict, edit, lambda maker: replace(maker, preferences=change(maker.preferences)))
    maker = maker_of(conflict, edit)
    viewer = maker_of(conflict, edit, "believed_by")

    def changed(view: View) -> View:
        believed = view.believed(maker.id)
        if believed is None:
            raise InputError(f"{viewer.label} sees the preferences of {maker.label} as they are")
        return believing(view, {**dict(view.believes), maker.id: change(believed)})

    return with_view(conflict, viewer.id, changed)


def named(edit: Edit) -> str:
    """Return the name that an edit gives."""
    name = str(edit["name"]).strip()
    if not name:
        raise InputError([Fault("a name is needed")])
    return name


def resting(edit: Edit) -> Support:
    """Return what a new element rests on: the statements that an edit names, each once; none makes it a judgement."""
    return Support(distinct(edit.get("evidence", ())))


def text_or_none(value: object) -> str | None:
    """Return a text without spaces around it; None where there is none."""
    return str(value or "").strip() or None


def distinct(values: Iterable[object]) -> tuple[str, ...]:
    """Return identifiers, each once."""
    if isinstance(values, str):
        raise TypeError("a list of identifiers is expected")
    return tuple(dict.fromkeys(map(str, values)))


def dated(value: object) -> str | None:
    """Return a date as it is written, by the rules of the conflict file; None where there is none."""
    date: str | None = read_value(Optional(DATE), text_or_none(value))
    return date


def number(value: object, what: str) -> Fraction:
    """Return a number as it is written."""
    try:
        return as_number(str(value).strip())
    except ValueError as error:
        raise InputError(f"{what} is a number: {error}") from error


def at(items: Sequence[Item], place: int) -> Item:
    """Return the item at a place, counted from 0."""
    if not 0 <= place < len(items):
        raise IndexError(f"there is no number {place + 1}")
    return items[place]


def put(items: Sequence[Item], place: int, item: Item) -> tuple[Item, ...]:
    """Return the items with another one at a place."""
    at(items, place)
    return (*items[:place], item, *items[place + 1 :])


def without(items: Sequence[Item], place: int) -> tuple[Item, ...]:
    """Return the items without the one at a place."""
    at(items, place)
    return (*items[:place], *items[place + 1 :])


def moved(items: Sequence[Item], place: int, to: int) -> tuple[Item, ...]:
    """Return the items with one of them at another place."""
    item = at(items, place)
    at(items, to)
    rest = without(items, place)
    return (*rest[:to], item, *rest[to:])
