"""The rule of evidence: which statements are in force on a day, and which elements of the model they support.

An element of a model is supported by statements (`Support`), or is the analyst's assumption. A statement is in force on
a day if

1. it was said by then; 2. it is believed; 3. each statement in which it is reported is believed, is never withdrawn and
is not a denial; 4. no withdrawal of it is in force on that day.

Accounts of a dispute differ in which of the *disputed* statements they believe: those that another statement contests
(``contested_by``), those that contest it, and those that the analyst marks as disputed (``in_doubt``).

Theory of operation
-------------------
1. Statements linked by ``copy_of`` are one statement, named by the original. Disputes and withdrawals of any copy count
   for it.
2. Each statement gets an earliest and a latest day (`Testimony.earliest`, `Testimony.latest`) from ``date_said``, or
   else from its source. Reported words are no later than the statement that reports them, and a withdrawal is no
   earlier than what it withdraws.
3. A statement counts from its latest day, or with ``undated="earliest"`` from its earliest.
4. The set of statements in force changes only on such days, so "withdrawn on any day" is decided by checking each of
   them.

Cost: linear in the number of statements for one day, apart from the check of point 4, which multiplies by the number of
such days.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from copy import copy
from datetime import date
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from typing import Any

from detente.errors import Fault, InputError
from detente.lazy import dataclass
from detente.limits import MAX_CHAIN
from detente.model.dates import DateRange, parse_date
from detente.model.statements import Source, Statement

#: What the note of every proposed element begins with, until a person has reviewed it.
PROPOSED = "Proposed"
#: What it begins with after that.
REVIEWED = "Reviewed"

#: The path to an element through the keys of a conflict file; places in lists count from 0.
Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Support:
    """The ``evidence`` of an element, statements ``against`` it, a ``note``, and the dates between which it applies.

    ``since`` and ``until`` are dates (see `detente.model.dates`), both inclusive: the element is in the model from the
    first day of the one to the last day of the other.
    """

    evidence: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    note: str = ""
    since: str | None = None
    until: str | None = None

    @property
    def is_judgement(self) -> bool:
        """Whether the element has no evidence, so that it is the analyst's assumption."""
        return not self.evidence

    @property
    def may_drop(self) -> bool:
        """Whether the element can be dropped: on some days, or if its evidence is not in force."""
        return bool(self.evidence or self.since or self.until)

    def applies_on(self, day: date | None) -> bool:
        """Tell whether ``since`` and ``until`` include a day; without a day they always do."""
        if day is None:
            return True
        first = parse_date(self.since).earliest if self.since else None
        last = parse_date(self.until).latest if self.until else None
        return (first is None or first <= day) and (last is None or day <= last)


UNSUPPORTED = Support()


def element_name(at: Path) -> str:
    """Return the display name of an element: its place in the file, with places in lists counted from 1.

    >>> element_name(("decision_makers", "a", "preferences", 1))
    'decision_makers.a.preferences.2'
    """
    return ".".join(str(step + 1 if isinstance(step, int) else step) for step in at)


@dataclass(frozen=True)
class Dropped:
    """An element that is not in the model: its place in the file (``at``), its ``statements``, and the ``reason``."""

    at: Path
    statements: tuple[str, ...]
    reason: str

    def to_dict(self) -> dict[str, Any]:
        """Return the element as plain data."""
        return {"element": element_name(self.at), "statements": list(self.statements), "reason": self.reason}


@dataclass(frozen=True)
class DisputedElement:
    """An element (``at`` its place in the file) that is in the model only if disputed ``statements`` are believed."""

    at: Path
    statements: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the element as plain data."""
        return {"element": element_name(self.at), "statements": list(self.statements)}


@dataclass(frozen=True)
class _Said:
    """The numbers of the earliest and the latest day of a date, as `Testimony` has them."""

    earliest: int | None
    latest: int

    @staticmethod
    def on(days: DateRange) -> _Said:
        return _Said(_number(days.earliest), NEVER if days.latest is None else days.latest.toordinal())


#: Day numbers before and after every real day; real days are numbered from 1 (0001-01-01).
EVERY_DAY, NEVER = 0, 10_000_000


#: Reasons why a statement is not in force.
NOT_YET_SAID, NOT_BELIEVED, IN_A_DENIAL, WITHDRAWN = "not-yet-said", "not-believed", "in-a-denial", "withdrawn"


@dataclass(frozen=True)
class Testimony:
    """The ``statements`` of a dispute and their ``sources``, and the relations between them on a day.

    Without a ``day`` statements of any date count. ``undated`` is the reading of vague dates. ``opened`` and ``fixed``
    change what is disputed: the first count as disputed, the second are believed (True) or not (False) in every
    account.

    Raises
    ------
    InputError
        If statements report, withdraw or copy each other in a circle, or in too long a chain.

    >>> said = [Statement("s1", contested_by=("s2",)), Statement("s2"), Statement("s3", nested_in="s1")]
    >>> testimony = Testimony(tuple(said))
    >>> testimony.disputed
    ('s1', 's2')
    >>> sorted(testimony.in_force({"s2"}))
    ['s2']
    >>> sorted(testimony.in_force({"s1"}))
    ['s1', 's3']
    """

    statements: tuple[Statement, ...]
    sources: tuple[Source, ...] = ()
    day: date | None = None
    undated: str = "latest"
    opened: tuple[str, ...] = ()
    fixed: tuple[tuple[str, bool], ...] = ()

    def __post_init__(self) -> None:
        fault = link_fault(self.statements)
        if fault is not None:
            raise InputError([fault])

    @cached_property
    def by_id(self) -> Mapping[str, Statement]:
        """The statements by identifier."""
        return {statement.id: statement for statement in self.statements}

    @cached_property
    def original(self) -> Mapping[str, str]:
        """The original of every statement: the statement itself, unless it is a copy."""
        found = {}
        for statement in self.statements:
            first = statement
            while first.copy_of and first.copy_of in self.by_id:
                first = self.by_id[first.copy_of]
            found[statement.id] = first.id
        return found

    @cached_property
    def copies(self) -> Mapping[str, tuple[Statement, ...]]:
        """For every original, itself and its copies, in the order written."""
        found: dict[str, list[Statement]] = {id: [] for id in dict.fromkeys(self.original.values())}
        for statement in self.statements:
            found[self.original[statement.id]].append(statement)
        return {id: tuple(group) for id, group in found.items()}

    # Disputes and beliefs

    @cached_property
    def disputed(self) -> tuple[str, ...]:
        """The disputed statements that an account may believe or not, in the order written."""
        named = {id for pair in self.rivals for id in pair}
        opened = {self.original.get(id) for id in self.opened}
        return tuple(
            id
            for id, group in self.copies.items()
            if (id in named or id in opened or any(one.in_doubt for one in group)) and id not in self._fixed
        )

    @cached_property
    def rivals(self) -> tuple[tuple[str, str], ...]:
        """The pairs of statements that no account may believe together."""
        pairs = set()
        for statement in self.statements:
            if not statement.contested_by:
                continue
            id = self.original[statement.id]
            for other in statement.contested_by:
                against = self.original.get(other)
                if against is not None and against != id:
                    pairs.add((min(id, against), max(id, against)))
        return tuple(sorted(pairs))

    @cached_property
    def _fixed(self) -> Mapping[str, bool]:
        return {self.original[id]: value for id, value in self.fixed if id in self.original}

    @cached_property
    def believed_always(self) -> frozenset[str]:
        """The statements that every account believes: those that are not disputed, and those fixed as believed."""
        disputed = frozenset(self.disputed)
        return frozenset(id for id in self.copies if self._fixed.get(id, id not in disputed))

    def consistent(self, believed: Collection[str]) -> bool:
        """Tell whether an account may believe these disputed statements together."""
        always = self.believed_always
        return not any(all(one in always or one in believed for one in pair) for pair in self.rivals)

    # Dates

    @cached_property
    def _source_day(self) -> Mapping[str, int]:
        days = {source.id: _number(parse_date(source.date).latest) for source in self.sources if source.date}
        return {id: day for id, day in days.items() if day is not None}

    def earliest(self, id: str) -> int | None:
        """Return the number of the earliest day on which a statement can have been said; None if unknown."""
        return self._earliest[self.original[id]]

    def latest(self, id: str) -> int | None:
        """Return the number of the latest day on which a statement can have been said; None if unknown."""
        day = self._latest[self.original[id]]
        return None if day == NEVER else day

    @cached_property
    def _earliest(self) -> Mapping[str, int | None]:
        found: dict[str, int | None] = {}
        plain = self._plain

        def of(id: str) -> int | None:
            if id not in found:
                written = self.by_id[id].date_said
                days = [_number(parse_date(written).earliest) if written else None]
                # A withdrawal was made no earlier than what it withdraws, unless it has a date of its own.
                last = self._latest[id]
                days += [
                    first
                    for other in self._withdraws.get(id, ())
                    if (first := of(other)) is not None and (last is None or first <= last)
                ]
                found[id] = max((day for day in days if day is not None), default=None)
            return found[id]

        return {id: said.earliest if (said := plain.get(id)) else of(id) for id in self.copies}

    @cached_property
    def _plain(self) -> Mapping[str, _Said]:
        """When statements were said that have a date of their own and neither are reported nor withdraw anything: most
        of a large dossier.
        """
        own = {id: one.date_said for id, one in self.by_id.items() if one.date_said and not one.nested_in}
        days = {text: _Said.on(parse_date(text)) for text in set(own.values()) if text}
        return {id: days[text] for id, text in own.items() if text and id not in self._withdraws}

    @cached_property
    def _latest(self) -> Mapping[str, int | None]:
        # None: the statement has no date at all. NEVER: its date has an open end, so no day is late enough.
        found: dict[str, int | None] = {id: said.latest for id, said in self._plain.items()}

        def of(id: str, without: frozenset[str]) -> int | None:
            # Withdrawals in ``without`` take their day from this statement, so they cannot date it.
            complete = not without
            if complete and id in found:
                return found[id]
            written = self.by_id[id].date_said
            if written:
                latest = parse_date(written).latest
                days: list[int | None] = [NEVER if latest is None else latest.toordinal()]
            else:
                sources = {one.source for one in self.copies[id]} & set(self._source_day)
                days = [min((self._source_day[source] for source in sources if source), default=None)]
            # Reported words were said no later than the report.
            teller = self.original.get(self.by_id[id].nested_in or "")
            told = of(teller, without) if teller and teller not in without else None
            days.append(None if told == NEVER else told)
            day = min((one for one in days if one is not None), default=None)
            if day is None:
                without |= {id} if self._tells_of_what_it_withdraws(id) else frozenset()
                days = [of(other, without) for other in self._withdraws.get(id, ())]
                day = max((one for one in days if one is not None), default=None)
            if complete:
                found[id] = day
            return day

        return {id: found[id] if id in found else of(id, frozenset()) for id in self.copies}

    def _tells_of_what_it_withdraws(self, id: str) -> bool:
        """Tell whether a withdrawn statement would itself take its day from the withdrawal, through its tellers."""
        waiting, seen = list(self._withdraws.get(id, ())), set()
        while waiting:
            one = waiting.pop()
            if one not in seen:
                seen.add(one)
                teller = self.original.get(self.by_id[one].nested_in or "")
                waiting += [*([teller] if teller else []), *self._withdraws.get(one, ())]
        return id in seen

    @cached_property
    def _withdraws(self) -> Mapping[str, tuple[str, ...]]:
        """For every withdrawal the statements of its own speaker that it withdraws."""
        found: dict[str, list[str]] = {}
        for statement in self.statements:
            target = self.original[statement.id]
            for other in statement.withdrawn_by:
                by = self.original.get(other)
                if by is not None and self.by_id[by].speaker == self.by_id[target].speaker:
                    found.setdefault(by, []).append(target)
        return {by: tuple(dict.fromkeys(targets)) for by, targets in found.items()}

    @cached_property
    def withdrawals(self) -> Mapping[str, tuple[str, ...]]:
        """For every statement the withdrawals that have an effect on it."""
        found: dict[str, list[str]] = {id: [] for id in self.copies}
        for by, targets in self._withdraws.items():
            for target in targets:
                if not self.too_early(by, target):
                    found[target].append(by)
        return {id: tuple(by) for id, by in found.items()}

    def too_early(self, by: str, target: str) -> bool:
        """Tell whether a withdrawal is earlier than what it withdraws, so that it has no effect."""
        last, first = self.latest(by), self.earliest(target)
        return last is not None and first is not None and last < first

    def counts_from(self, id: str) -> int:
        """Return the number of the day from which a statement counts; `EVERY_DAY` or `NEVER` if there is no such
        day.
        """
        id = self.original[id]
        day = (self._earliest if self.undated == "earliest" else self._latest)[id]
        return EVERY_DAY if day is None else day

    @cached_property
    def without_date(self) -> tuple[str, ...]:
        """The statements without any date: they count on every day."""
        return tuple(id for id in self.copies if self._latest[id] is None)

    # In force

    def in_force(self, believed: Collection[str] | None = None, day: date | None = None) -> frozenset[str]:
        """Return the statements in force, copies included, if these disputed ones are believed (None: all)."""
        return self.account(believed).all_in_force(None if day is None else day.toordinal())

    @property
    def number(self) -> int:
        """The number of the day; `NEVER` without one, because then statements of any date count."""
        return NEVER if self.day is None else self.day.toordinal()

    def account(self, believed: Collection[str] | None = None) -> Account:
        """Return the account that believes these disputed statements (None: all)."""
        chosen = self.disputed if believed is None else [self.original[id] for id in believed]
        return Account(self, self.believed_always | set(chosen))

    def teller(self, id: str) -> str | None:
        """Return the party on whose word a statement finally depends: the one who, in the source, reports it."""
        statement = self.by_id[id]
        while statement.nested_in in self.by_id and statement.nested_in:
            statement = self.by_id[statement.nested_in]
        return statement.reported_by or statement.speaker

    def account_of(self, speakers: Iterable[str]) -> Account:
        """Return the account that believes only these speakers, even where others dispute what they say."""
        among = set(speakers)
        own = {id for id, group in self.copies.items() if any(self.teller(one.id) in among for one in group)}
        return Account(self, frozenset(own))

    def tied(self, *ids: str) -> list[str]:
        """Return the originals that affect whether statements are in force: they, their tellers and withdrawals."""
        found: list[str] = []
        waiting = list(ids)
        while waiting:
            known = self.original.get(waiting.pop())
            if known is None or known in found:
                continue
            found.append(known)
            waiting += [*self.withdrawals[known], *(one.nested_in for one in self.copies[known] if one.nested_in)]
        return found

    def on(self, day: date) -> Testimony:
        """Return the testimony on another day; what does not depend on the day is not worked out again."""
        made = copy(self)
        object.__setattr__(made, "day", day)
        vars(made).pop("change_days", None)
        return made

    def varied(
        self, day: date | None, undated: str, opened: tuple[str, ...] = (), fixed: tuple[tuple[str, bool], ...] = ()
    ) -> Testimony:
        """Return the same statements with other settings; what does not depend on these is worked out once."""
        # The copy shares what is known by now.
        _ = (self.rivals, self._earliest, self.withdrawals)
        made = copy(self)
        for name, value in (("day", day), ("undated", undated), ("opened", opened), ("fixed", fixed)):
            object.__setattr__(made, name, value)
        for name in ("change_days", "disputed", "_fixed", "believed_always"):
            vars(made).pop(name, None)
        return made

    @cached_property
    def change_days(self) -> tuple[int, ...]:
        """The numbers of the days on which a statement may come into force or cease to be in force."""
        dated = {self.counts_from(id) for id in self.copies} - {NEVER}
        return tuple(sorted({EVERY_DAY, *dated, self.number}))


class Account:
    """A set of believed originals, and the statements that are then in force on each day."""

    def __init__(self, testimony: Testimony, believed: frozenset[str]) -> None:
        self.testimony, self._believed = testimony, believed
        self._known: dict[tuple[str, int], str | None] = {}
        self._told: dict[str, str | None] = {}
        self._ever: dict[str, bool] = {}

    def all_in_force(self, day: int | None = None) -> frozenset[str]:
        """Return the statements in force on a day (None: the testimony's day), copies included."""
        number = self.testimony.number if day is None else day
        groups = self.testimony.copies.items()
        return frozenset(one.id for id, group in groups if self.in_force(id, number) for one in group)

    def in_force(self, id: str, day: int) -> bool:
        """Tell whether an original is in force on a day."""
        return self.reason_against(id, day) is None

    def reason_against(self, id: str, day: int, dated: bool = True) -> str | None:
        """Return why a statement is not in force on a day; None if it is. ``dated=False`` ignores its date."""
        id = self.testimony.original[id]
        if dated and self.testimony.counts_from(id) > day:
            return NOT_YET_SAID
        if (id, day) not in self._known:
            self._known[id, day] = self._reason(id, day)
        return self._known[id, day]

    def _reason(self, id: str, day: int) -> str | None:
        if id not in self._believed:
            return NOT_BELIEVED
        told = self._reason_against_tellers(id)
        if told is not None:
            return told
        return WITHDRAWN if any(self.in_force(by, day) for by in self.testimony.withdrawals[id]) else None

    def _reason_against_tellers(self, id: str) -> str | None:
        """Return why no copy of a statement counts as said, because of its tellers; None if one does."""
        if id not in self._told:
            reasons = [self._reason_against_copy(one) for one in self.testimony.copies[id]]
            self._told[id] = None if None in reasons else reasons[0]
        return self._told[id]

    def _reason_against_copy(self, statement: Statement) -> str | None:
        teller = self.testimony.original.get(statement.nested_in or "")
        if teller is None:
            return None
        if teller not in self._believed:
            return NOT_BELIEVED
        if self.testimony.by_id[teller].kind == "denial":
            return IN_A_DENIAL
        if self._ever_withdrawn(teller):
            return WITHDRAWN
        return self._reason_against_tellers(teller)

    def _ever_withdrawn(self, id: str) -> bool:
        if id not in self._ever:
            self._ever[id] = any(
                self.in_force(by, day) for by in self.testimony.withdrawals[id] for day in self.testimony.change_days
            )
        return self._ever[id]


def link_fault(statements: Iterable[Statement]) -> Fault | None:
    """Return the fault in how statements report, withdraw and copy each other, or None: a circle, or too long a chain.

    The fault names the first statement of it.
    """
    every = {one.id: one for one in statements}
    # Most statements of a large dossier have no links.
    linking = [one for one in every.values() if one.copy_of or one.nested_in or one.withdrawn_by]
    named = {id for one in linking for id in (one.id, one.copy_of, one.nested_in, *one.withdrawn_by)}
    by_id = {id: one for id, one in every.items() if id in named} if linking else {}
    copied = {one.id: [one.copy_of] for one in by_id.values() if one.copy_of and one.copy_of in by_id}
    if circle := _circle_fault(copied):
        return circle
    # The links of a copy count as links of its original.
    original = {id: id for id in by_id}
    for id in TopologicalSorter(copied).static_order():
        original[id] = original[copied[id][0]] if id in copied else id
    linked: dict[str, list[str]] = {}
    for one in by_id.values():
        others = (other for other in (one.nested_in, *one.withdrawn_by) if other in by_id)
        linked.setdefault(original[one.id], []).extend(original[other] for other in others if other)
    if circle := _circle_fault(linked):
        return circle
    length: dict[str, int] = {}
    for id in TopologicalSorter(linked).static_order():
        length[id] = 1 + max((length[other] for other in linked.get(id, ())), default=0)
        if length[id] > MAX_CHAIN:
            message = f"'{id}' ends a chain of more than {MAX_CHAIN} statements that report or withdraw each other"
            return Fault(message, word=id)
    return None


def _circle_fault(linked: Mapping[str, Sequence[str]]) -> Fault | None:
    try:
        TopologicalSorter(linked).prepare()
    except CycleError as error:
        # The circle repeats its first statement at the end.
        ids = list(error.args[1][1:])
        if len(ids) == 1:
            return Fault(f"the statement '{ids[0]}' reports, withdraws or copies itself", word=ids[0])
        *names, last = (f"'{id}'" for id in ids)
        message = f"the statements {', '.join(names)} and {last} report, withdraw or copy each other in a circle"
        return Fault(message, word=ids[0])
    return None


def _number(day: date | None) -> int | None:
    return None if day is None else day.toordinal()
