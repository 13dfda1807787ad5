"""The days on which a dispute can change, and what makes the model of each, in each account.

The days that matter are those on which a statement begins to count, an act counts, or an element's own dates let it in
or out; between two of them the model cannot change. At each the statements in force, the status quo and the dated
elements are compared with those of the day before; where they differ a period begins.

With disputed statements a period may begin in some accounts only. Up to `MAX_DISPUTED` of them every possible account
is looked at, and the smallest sets of beliefs with which the period begins are found (`prime_implicants`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import product

from detente.analysis.whose_word import prime_implicants
from detente.model.conflict import Conflict
from detente.model.dates import parse_date
from detente.model.day import act_counts, taken_by_acts
from detente.model.evidence import EVERY_DAY, NEVER, Account, Path, Support, Testimony
from detente.model.history import Act, taken_on

#: With more disputed statements than this, it is not worked out in which accounts a period begins.
MAX_DISPUTED = 10

#: What makes a model of a day: the statements in force, the options taken, those that acts have taken, dated elements.
Signature = tuple[frozenset[str], frozenset[str], frozenset[str], tuple[bool, ...]]


@dataclass(frozen=True, eq=False)
class Course:
    """The days on which a conflict can change, and what is in force on them in an account."""

    conflict: Conflict
    testimony: Testimony

    @cached_property
    def dated(self) -> tuple[tuple[Path, Support], ...]:
        """The elements that have dates of their own."""
        return tuple((at, one) for at, one in self.conflict.supports() if one.since or one.until)

    @cached_property
    def droppable(self) -> Mapping[str, Support]:
        """The options that are not in every day's model, with evidence and dates; an act keeps them in it."""
        found = self.conflict.supports()
        return {
            str(at[3]): one for at, one in found if at[2:3] == ("options",) and (one.evidence or one.since or one.until)
        }

    @cached_property
    def act_days(self) -> tuple[int, ...]:
        """The number of the day from which each act counts."""
        return tuple(act.day(self.testimony.undated).toordinal() for act in self.conflict.history)

    @cached_property
    def days(self) -> tuple[int, ...]:
        """The numbers of the days on which something may change; the first stands for all days before the second."""
        bounds = set()
        for _, support in self.dated:
            start = parse_date(support.since).earliest if support.since else None
            stop = parse_date(support.until).latest if support.until else None
            bounds |= {start.toordinal()} if start else set()
            bounds |= {stop.toordinal() + 1} if stop and stop < date.max else set()
        said = {self.testimony.counts_from(id) for id in self.testimony.copies} - {NEVER}
        return tuple(sorted({EVERY_DAY, *said, *self.act_days, *bounds}))

    @cached_property
    def said_from(self) -> Mapping[int, tuple[str, ...]]:
        """The statements that begin to count on each day, in the order written."""
        found: dict[int, list[str]] = {}
        for id in self.testimony.copies:
            found.setdefault(self.testimony.counts_from(id), []).append(id)
        return {day: tuple(ids) for day, ids in found.items()}

    @cached_property
    def touched(self) -> Mapping[int, frozenset[str]]:
        """The statements that may come into force or cease to be on each day: those said, and those they withdraw.

        A withdrawal that is itself withdrawn brings back what it had withdrawn, so the chains are followed to their
        ends.
        """
        withdraws: dict[str, list[str]] = {}
        for id, by in self.testimony.withdrawals.items():
            for one in by:
                withdraws.setdefault(one, []).append(id)
        found = {}
        for day, ids in self.said_from.items():
            reached, waiting = set(ids), list(ids)
            while waiting:
                more = [id for id in withdraws.get(waiting.pop(), ()) if id not in reached]
                reached.update(more)
                waiting += more
            found[day] = frozenset(reached)
        return found

    def acts(self, account: Account, day: int) -> tuple[Act, ...]:
        """Return the acts whose evidence is in force on a day, their own dates aside."""
        return tuple(act for act in self.conflict.history if act_counts(act, account, max(day, 1)))

    def signature(self, account: Account, day: int, among: Collection[str]) -> Signature:
        """Return what makes the model of a day; of the statements in force, only those ``among`` some."""
        when = day_of(day)
        acts = self.acts(account, day) if self.conflict.history else ()
        quo = self.conflict.status_quo
        taken = quo.taken if quo else frozenset()
        if acts:
            taken = taken_on(taken, acts, self.conflict.last_day, when, self.testimony.undated)
        held = taken_by_acts(acts, when, self.testimony.undated)
        in_force = frozenset(id for id in among if account.in_force(id, day))

        def counts(one: Support) -> bool:
            in_time = one.applies_on(when)
            return in_time and (not one.evidence or any(account.in_force(id, day) for id in one.evidence))

        dated = tuple((at[2:3] == ("options",) and at[3] in held) or counts(one) for at, one in self.dated)
        dropped = frozenset(option for option, one in self.droppable.items() if option not in held and not counts(one))
        return in_force, taken - dropped, dropped, dated

    def starts(self, account: Account) -> Iterator[tuple[int, Signature]]:
        """Yield the days on which a period begins in an account, each with what makes the model of the period."""
        before: Signature | None = None
        in_force: frozenset[str] = frozenset()
        for day in self.days:
            touched = self.touched.get(day, frozenset())
            some, *others = self.signature(account, day, touched)
            if some != in_force & touched:
                in_force = (in_force - touched) | some
            now: Signature = (in_force, *others)  # type: ignore[assignment]
            if now != before:
                yield day, now
            before = now

    def because(self, account: Account, day: int) -> tuple[str, ...]:
        """Return the statements that begin to count on a day and are in force on it."""
        if day == EVERY_DAY:
            return ()
        return tuple(id for id in self.said_from.get(day, ()) if account.in_force(id, day))

    def begins_if(self, day: int) -> tuple[tuple[tuple[str, bool], ...], ...] | None:
        """Return with which beliefs a period begins on a day: see `Period.begins_if`."""
        claims = self.testimony.disputed
        if not claims or day == EVERY_DAY:
            return ((),)
        if len(claims) > MAX_DISPUTED:
            return None
        place = self.days.index(day)
        before, possible, begins = self.days[place - 1], [], []
        touched = self.touched.get(day, frozenset())
        for values in product((False, True), repeat=len(claims)):
            # The last claim varies slowest: the number of a set of claims has bit k for the k-th.
            believed = {id for id, value in zip(claims, reversed(values), strict=True) if value}
            possible.append(self.testimony.consistent(believed))
            if not possible[-1]:
                begins.append(False)
                continue
            key = frozenset(believed)
            if key not in self._accounts:
                self._accounts[key] = self.testimony.account(believed)
            account = self._accounts[key]
            now, then = (self.signature(account, one, touched) for one in (day, before))
            begins.append(now != then)
        return prime_implicants(begins, possible, claims)

    @cached_property
    def _accounts(self) -> dict[frozenset[str], Account]:
        return {}


def day_of(number: int) -> date:
    """Return a day by its number; the days before everything are stood for by the first there is."""
    return date.fromordinal(max(number, 1))
