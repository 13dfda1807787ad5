"""Dated acts: which options were taken and dropped when, and so what the status quo is on a given day.

The status quo of a conflict file is that of its ``as_of`` (without one: after the last act). For an earlier day, later
acts are undone, the last one first; for a later day they are applied.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator, Mapping, Sequence

from detente.errors import Fault
from detente.lazy import dataclass
from detente.model.dates import last_day, parse_date
from detente.model.evidence import UNSUPPORTED, Support


@dataclass(frozen=True)
class Act:
    """Something that a decision maker did: it took or dropped options on a date.

    Attributes
    ----------
    date
        When, perhaps vaguely (see `detente.model.dates`).
    by
        The decision maker, by identifier.
    takes, drops
        The options that it took and dropped, by identifier.
    support
        The statements that report the act.
    """

    date: str
    by: str
    takes: tuple[str, ...] = ()
    drops: tuple[str, ...] = ()
    support: Support = UNSUPPORTED

    def day(self, undated: str = "latest") -> datetime.date:
        """Return the day from which the act counts: its latest, or with ``earliest`` its earliest day."""
        found = parse_date(self.date)
        day = found.latest if undated == "latest" else found.earliest or datetime.date.min
        assert day is not None, "a checked act has a latest day"
        return day

    def applied(self, taken: Collection[str]) -> frozenset[str]:
        """Return the options taken after the act."""
        return (frozenset(taken) - set(self.drops)) | set(self.takes)

    def undone(self, taken: Collection[str]) -> frozenset[str]:
        """Return the options that were taken before the act."""
        return (frozenset(taken) - set(self.takes)) | set(self.drops)


def taken_on(
    taken: Collection[str], acts: Sequence[Act], of: datetime.date | None, day: datetime.date, undated: str = "latest"
) -> frozenset[str]:
    """Return the options taken on a day, from those taken on the day ``of`` (None: after the last act).

    >>> acts = [Act("2021", "a", takes=("dam",)), Act("2022-08", "b", drops=("talk",))]
    >>> sorted(taken_on({"dam"}, acts, None, datetime.date(2022, 1, 1)))
    ['dam', 'talk']
    """
    days = [act.day(undated) for act in acts]
    found = frozenset(taken)
    for act, counted in reversed(list(zip(acts, days, strict=True))):
        if counted > day and (of is None or counted <= of):
            found = act.undone(found)
    for act, counted in zip(acts, days, strict=True):
        if of is not None and of < counted <= day:
            found = act.applied(found)
    return found


def history_faults(
    acts: Sequence[Act],
    taken: Collection[str] | None,
    as_of: str | None,
    owner: Mapping[str, str],
    direction: Mapping[str, bool],
    makers: Collection[str],
) -> Iterator[Fault]:
    """Yield the faults of acts.

    Parameters
    ----------
    acts
        The acts, as written.
    taken
        The options taken in the status quo, None without one; ``as_of`` is its date.
    as_of
        The date of the status quo, None: after the last act.
    owner
        The decision maker of each option.
    direction
        For each one-way option whether it can only become taken.
    makers
        The decision makers. An act of another has no fault of its own in what it takes.
    """
    if not acts:
        return
    if taken is None:
        yield Fault("'history' needs a 'status_quo', to which its acts lead", at=("history",))
        return
    dated = list(_date_faults(acts, as_of))
    yield from dated
    yield from _option_faults(acts, owner, direction, makers)
    if not dated:
        yield from _order_faults(acts, taken, None if as_of is None else last_day(as_of))


def _date_faults(acts: Sequence[Act], as_of: str | None) -> Iterator[Fault]:
    of = None if as_of is None else last_day(as_of)
    for place, act in enumerate(acts):
        at = ("history", place, "date")
        try:
            found = parse_date(act.date)
        except ValueError as error:
            yield Fault(str(error), at=at, word=act.date)
            continue
        if found.latest is None:
            yield Fault(f"'{act.date}' has no last day, but an act counts from its last day", at=at, word=act.date)
        elif of is not None and (found.earliest or datetime.date.min) <= of < found.latest:
            yield Fault(
                f"as_of ({as_of}) is within the date of act {place + 1} ({act.date}), so it is unknown whether the "
                "status quo is before or after the act",
                at=at,
                word=act.date,
            )


def _option_faults(
    acts: Sequence[Act], owner: Mapping[str, str], direction: Mapping[str, bool], makers: Collection[str]
) -> Iterator[Fault]:
    for place, act in enumerate(acts):
        for key in ("takes", "drops"):
            to_taken = key == "takes"
            for option in getattr(act, key):
                at = ("history", place, key)
                if act.by in makers and owner.get(option, act.by) != act.by:
                    yield Fault(f"'{option}' is an option of '{owner[option]}', not of '{act.by}'", at=at, word=option)
                elif direction.get(option, to_taken) != to_taken:
                    can = "taken" if direction[option] else "dropped"
                    yield Fault(f"'{option}' is marked one-way: it can only become {can}", at=at, word=option)
        for option in set(act.takes) & set(act.drops):
            yield Fault(f"act {place + 1} both takes and drops '{option}'", at=("history", place), word=option)
        if not act.takes and not act.drops:
            yield Fault(f"act {place + 1} neither takes nor drops an option", at=("history", place))


def _order_faults(acts: Sequence[Act], taken: Collection[str], of: datetime.date | None) -> Iterator[Fault]:
    """Yield acts out of order, acts that take what is already taken, and acts that drop what is not."""
    days = [act.day() for act in acts]
    for place in range(1, len(acts)):
        if days[place] < days[place - 1]:
            message = f"act {place + 1} ({acts[place].date}) comes before act {place} ({acts[place - 1].date})"
            yield Fault(f"{message}: list acts in order of date", at=("history", place, "date"))
            return
    current = taken_on(taken, acts, of, datetime.date.min)
    for place, act in enumerate(acts):
        for key, there in (("takes", True), ("drops", False)):
            for option in getattr(act, key):
                if (option in current) == there:
                    state = "taken" if there else "not taken"
                    message = f"act {place + 1} {key} '{option}', which is already {state} on that day"
                    yield Fault(message, at=("history", place, key), word=option)
        current = act.applied(current)
