"""Checks of the parts of a conflict: names, mentions of options, dates, attitudes, coalitions and views.

Each check receives the parts it concerns and yields faults with their place in the conflict file. `Conflict` runs all
checks when it is created; the checks of dated acts are in `detente.model.history`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence

from detente.errors import Fault, nearest, unknown_name
from detente.model.conditions import is_option_identifier
from detente.model.dates import UNDATED_READINGS, last_day, parse_date
from detente.model.evidence import Path, Support
from detente.model.history import Act
from detente.model.parts import DecisionMaker, NamedState, OneWay, View
from detente.text import written_in_two_ways


def name_faults(
    makers: Sequence[DecisionMaker], states: Iterable[NamedState], one_way: Iterable[OneWay]
) -> Iterator[Fault]:
    """Yield names that are used twice, and identifiers that cannot be used in a condition."""
    yield from _repeated("decision maker", [(maker.id, ("decision_makers", maker.id)) for maker in makers])
    options: list[tuple[str, Path]] = [
        (option.id, ("decision_makers", maker.id, "options", option.id)) for maker in makers for option in maker.options
    ]
    yield from _repeated("option", options)
    yield from _repeated("state name", [(state.name, ("states", state.name)) for state in states])
    yield from _repeated("one-way option", [(mark.option, ("one_way", mark.option)) for mark in one_way])
    if not makers:
        yield Fault("a conflict needs at least one decision maker", at=("decision_makers",))
    for id, path in options:
        if not is_option_identifier(id):
            composed = unicodedata.normalize("NFC", id)
            why = written_in_two_ways(id, composed) or (
                "use letters, digits, '_', '-' and '.', and none of the words and, or, not, if, then, iff"
            )
            near = composed if composed != id and is_option_identifier(composed) else None
            yield Fault(f"'{id}' cannot name an option: {why}", at=path, word=id, suggestion=near)


def mention_faults(mentions: Iterable[tuple[Path, Iterable[str]]], known: Iterable[str]) -> Iterator[Fault]:
    """Yield mentions of options that the conflict does not have."""
    known = list(known)
    for path, mentioned in mentions:
        for name in dict.fromkeys(mentioned):
            if name not in known:
                yield Fault(unknown_name("option", name, known), suggestion=nearest(name, known), at=path, word=name)


def actor_faults(history: Iterable[Act], ids: Sequence[str]) -> Iterator[Fault]:
    """Yield acts of decision makers that the conflict does not have."""
    for place, act in enumerate(history):
        yield from _unknown_party(act.by, ids, ("history", place, "by"))


def date_faults(
    as_of: str | None, day: str | None, undated: str, supports: Iterable[tuple[Path, Support]]
) -> Iterator[Fault]:
    """Yield text that is not a date, unknown readings of dates, and elements that end before they begin."""
    for key, text in (("as_of", as_of), ("day", day)):
        try:
            if text is not None:
                last_day(text)
        except ValueError as error:
            yield Fault(str(error), at=(key,), word=text)
    if undated not in UNDATED_READINGS:
        message = f"unknown reading of dates '{undated}'"
        yield Fault(message, suggestion=nearest(undated, UNDATED_READINGS), at=("undated",))
    for at, support in supports:
        days = []
        for key, text in (("since", support.since), ("until", support.until)):
            try:
                days.append(None if text is None else parse_date(text))
            except ValueError as error:
                yield Fault(str(error), at=(*at, key), word=text)
        first, last = days if len(days) == 2 else (None, None)
        if first and last and first.earliest and last.latest and first.earliest > last.latest:
            message = f"'since' ({support.since}) is after 'until' ({support.until})"
            yield Fault(message, at=(*at, "since"), word=support.since)


def attitude_faults(makers: Sequence[DecisionMaker]) -> Iterator[Fault]:
    """Yield attitudes towards decision makers that the conflict does not have."""
    known = [maker.id for maker in makers]
    for maker in makers:
        for towards, _ in maker.attitudes:
            yield from _unknown_party(towards, known, ("decision_makers", maker.id, "attitudes", towards))


def coalition_faults(coalitions: Sequence[Sequence[str]], ids: Sequence[str]) -> Iterator[Fault]:
    """Yield standing coalitions that do not name every decision maker once."""
    if not coalitions:
        return
    at: Path = ("coalitions",)
    members = [(member, (*at, place)) for place, group in enumerate(coalitions) for member in group]
    for member, path in members:
        yield from _unknown_party(member, ids, path)
    yield from _repeated("in coalitions, decision maker", members)
    named = {member for member, _ in members}
    missing = [name for name in ids if name not in named]
    if missing:
        yield Fault(f"'coalitions' must name every decision maker; missing: {', '.join(missing)}", at=at)
    if any(not group for group in coalitions):
        yield Fault("a coalition has no members", at=at)


def view_faults(views: Sequence[View], owner: Mapping[str, str], ids: Sequence[str]) -> Iterator[Fault]:
    """Yield views of unknown parties, and views of a party's own options or preferences."""
    yield from _repeated("the view of", [(view.decision_maker, ("views", view.decision_maker)) for view in views])
    for view in views:
        at: Path = ("views", view.decision_maker)
        mine = view.decision_maker
        for name, path in [(mine, at), *((other, (*at, "believes", other)) for other, _ in view.believes)]:
            yield from _unknown_party(name, ids, path)
        for option in view.does_not_see:
            if owner.get(option) == mine:
                message = f"'{option}' is an option of '{mine}' itself; a party sees its own options"
                yield Fault(message, at=(*at, "does_not_see"), word=option)
        if any(other == mine for other, _ in view.believes):
            message = f"'{mine}' knows its own preferences: enter them under 'decision_makers'"
            yield Fault(message, at=(*at, "believes", mine), word=mine)


def _repeated(what: str, names: Sequence[tuple[str, Path]]) -> Iterator[Fault]:
    seen = set()
    for name, path in names:
        if name in seen:
            yield Fault(f"{what} '{name}' appears twice", at=path, word=name)
        seen.add(name)


def _unknown_party(name: str, known: Sequence[str], at: Path) -> Iterator[Fault]:
    if name not in known:
        yield Fault(unknown_name("decision maker", name, known), suggestion=nearest(name, known), at=at, word=name)
