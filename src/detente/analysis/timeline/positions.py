"""The positions of the parties: who was for or against what, since when, and through which words it changed.

A statement expresses a stance on a matter, an option that it is about: as the file says, or by its kind and by whose
option it is (`STANCE_OF_KIND`). On each day the stance that a party said last, of the statements in force, is its
position. Stances that were said last on the same day contradict each other, and each is a position.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import Any

from detente.analysis.timeline.course import Course, day_of
from detente.lazy import dataclass
from detente.model.conflict import Conflict
from detente.model.dates import DateRange
from detente.model.evidence import EVERY_DAY, NEVER, Account
from detente.model.statements import AGAINST, CONDITIONAL, FOR, NO_STANCE, Statement

#: From the softest to the hardest stance on an option of one's own.
HARDNESS = (FOR, CONDITIONAL, AGAINST)


@dataclass(frozen=True)
class Position:
    """A party's stance on a matter, from one change to the next.

    Attributes
    ----------
    holder, matter
        The decision maker, and the option that the stance is on.
    stance
        ``for``, ``against``, ``conditional``; ``none`` after a withdrawal.
    begins, ends
        When it began and ended, as vaguely as the statements say; ``ends`` is None while it lasts.
    statements
        The statements that express it; for ``none`` the withdrawals.
    told_by
        Who says, in the end, that the statements were made.
    change
        ``begins``, ``repeats``, ``hardens``, ``softens``, ``reverses``, ``withdraws`` or ``contradicts``.
    ended_by
        The statements that ended it.
    first, end
        The first day of the position, and the day on which it ended, by the reading of vague dates; None where the file
        gives no such day.
    ordered
        False where the dates do not tell whether this came before or after the position that it follows.
    spokespersons
        The speakers of its statements, and those in ``told_by``, that are not the holder but speak for it.
    """

    holder: str
    matter: str
    stance: str
    begins: DateRange
    ends: DateRange | None
    statements: tuple[str, ...]
    told_by: tuple[str, ...]
    change: str
    ended_by: tuple[str, ...] = ()
    first: date | None = None
    end: date | None = None
    ordered: bool = True
    spokespersons: tuple[str, ...] = ()

    @property
    def told_by_others_only(self) -> bool:
        """Whether neither the holder nor who speaks for it reports the position."""
        return bool(self.told_by) and {self.holder, *self.spokespersons}.isdisjoint(self.told_by)

    def to_dict(self) -> dict[str, Any]:
        """Return the position as plain data."""
        return {
            "holder": self.holder,
            "matter": self.matter,
            "stance": self.stance,
            "from": _range_data(self.begins),
            "until": None if self.ends is None else _range_data(self.ends),
            "statements": list(self.statements),
            "told_by": list(self.told_by),
            "change": self.change,
            "ended_by": list(self.ended_by),
            "first_day": self.first and self.first.isoformat(),
            "end_day": self.end and self.end.isoformat(),
            "ordered": self.ordered,
            "spokespersons": list(self.spokespersons),
        }


def stance_of(conflict: Conflict, statement: Statement, matter: str) -> str | None:
    """Return the stance that a statement expresses on an option; None if it expresses none."""
    speaker = statement.speaker or ""
    return statement.stance_on(matter, own=conflict.owner.get(matter) == conflict.party_of.get(speaker, speaker))


def positions_of(course: Course, account: Account, starts: Sequence[int]) -> Iterator[Position]:
    """Yield the positions of each party on each matter, in order of days."""
    conflict, testimony = course.conflict, course.testimony
    stances: dict[tuple[str, str], dict[str, str]] = {}
    for id in testimony.copies:
        said = testimony.by_id[id]
        for matter in said.about:
            stance, holder = stance_of(conflict, said, matter), conflict.party_of.get(said.speaker or "")
            if stance and holder:
                stances.setdefault((holder, matter), {})[id] = stance
    for maker in conflict.decision_makers:
        for option in conflict.options:
            expressed = stances.get((maker.id, option.id))
            if expressed:
                yield from Fold(course, account, maker.id, option.id, expressed).over(starts)


@dataclass(frozen=True, eq=False)
class Fold:
    """The positions of one party on one matter, from the statements that express a stance on it."""

    course: Course
    account: Account
    holder: str
    matter: str
    expressed: Mapping[str, str]

    def over(self, starts: Sequence[int]) -> list[Position]:
        """Return the positions over the periods, in order of days."""
        done: list[Position] = []
        lasting: dict[tuple[str, tuple[str, ...]], int] = {}
        for place, day in enumerate(starts):
            if place and not any(id in self.expressed for id in self.course.touched.get(day, ())):
                continue
            now = self._said_last(day)
            gone = [key for key in lasting if key not in now]
            new = [key for key in now if key not in lasting]
            if not gone and not new:
                continue
            causes = self._causes(gone, new, day)
            when = self._range(causes, day)
            former = [done[lasting[key]] for key in gone] or done[-1:]
            for key in gone:
                place = lasting.pop(key)
                done[place] = replace(done[place], ends=when, ended_by=causes, end=day_of(day))
            if gone and not now:
                lasting[NO_STANCE, causes] = len(done)
                done.append(self._position(NO_STANCE, causes, when, "withdraws", True, day))
            for key in new:
                stance, statements = key
                said = any(self.course.testimony.counts_from(id) == day for id in statements)
                begins = self._range(statements, day) if said or day == EVERY_DAY else when
                change = self._change(stance, former, contradicted=bool(lasting))
                lasting[key] = len(done)
                done.append(self._position(stance, statements, begins, change, _in_order(former, begins), day))
        return done

    def _said_last(self, day: int) -> list[tuple[str, tuple[str, ...]]]:
        """Return the stances that were said last of those in force on a day, each with its statements."""
        found: dict[str, list[str]] = {}
        for said in reversed(self._days[: bisect_right(self._days, day)]):
            for id in self._said_on[said]:
                if self.account.in_force(id, day):
                    found.setdefault(self.expressed[id], []).append(id)
            if found:
                break
        return [(stance, tuple(ids)) for stance, ids in found.items()]

    @cached_property
    def _said_on(self) -> Mapping[int, list[str]]:
        found: dict[int, list[str]] = {}
        for id in self.expressed:
            found.setdefault(self.course.testimony.counts_from(id), []).append(id)
        return found

    @cached_property
    def _days(self) -> list[int]:
        return sorted(self._said_on)

    def _causes(
        self, gone: Sequence[tuple[str, tuple[str, ...]]], new: Sequence[tuple[str, tuple[str, ...]]], day: int
    ) -> tuple[str, ...]:
        """Return the statements that end and begin positions on a day: those newly said, and withdrawals in force."""
        testimony = self.course.testimony
        said = [id for _, ids in new for id in ids if testimony.counts_from(id) == day]
        withdrawn = [
            by
            for _, ids in gone
            for id in ids
            for by in testimony.withdrawals.get(id, ())
            if self.account.in_force(by, day)
        ]
        return tuple(dict.fromkeys([*said, *withdrawn])) or self.course.because(self.account, day)

    def _range(self, ids: Sequence[str], day: int) -> DateRange:
        """Return when some statements were said: the earliest and the latest day of all of them."""
        testimony = self.course.testimony
        if not ids:
            return DateRange(None, None) if day == EVERY_DAY else DateRange(day_of(day), day_of(day))
        earliest = [testimony.earliest(id) for id in ids]
        latest = [testimony.latest(id) for id in ids]
        return DateRange(
            None if None in earliest else date.fromordinal(min(one for one in earliest if one is not None)),
            None
            if any(one is None or one >= NEVER for one in latest)
            else date.fromordinal(max(one for one in latest if one is not None)),
        )

    def _change(self, stance: str, former: Sequence[Position], contradicted: bool) -> str:
        if stance == NO_STANCE:
            return "withdraws"
        if contradicted:
            return "contradicts"
        before = [one.stance for one in former if one.stance != NO_STANCE]
        if not before:
            return "begins"
        if stance in before:
            return "repeats"
        if self.course.conflict.owner[self.matter] != self.holder:
            return "reverses"
        return "hardens" if HARDNESS.index(stance) > HARDNESS.index(before[-1]) else "softens"

    def _position(
        self, stance: str, ids: tuple[str, ...], begins: DateRange, change: str, ordered: bool, day: int
    ) -> Position:
        testimony, party_of = self.course.testimony, self.course.conflict.party_of
        tellers = (testimony.teller(one.id) for id in ids for one in testimony.copies[id])
        told_by = tuple(dict.fromkeys(one for one in tellers if one))
        speakers = dict.fromkeys(one for one in (*(testimony.by_id[id].speaker for id in ids), *told_by) if one)
        return Position(
            self.holder,
            self.matter,
            stance,
            begins,
            None,
            ids,
            told_by,
            change,
            first=None if day == EVERY_DAY else day_of(day),
            ordered=ordered,
            spokespersons=tuple(id for id in speakers if id != self.holder and party_of.get(id) == self.holder),
        )


def _in_order(former: Sequence[Position], begins: DateRange) -> bool:
    """Tell whether the dates say that a position came after those that it follows."""
    before = [one.begins.latest for one in former]
    if not before:
        return True
    return begins.earliest is not None and all(day is not None and day <= begins.earliest for day in before)


def _range_data(found: DateRange) -> dict[str, str | None]:
    return {
        "earliest": None if found.earliest is None else found.earliest.isoformat(),
        "latest": None if found.latest is None else found.latest.isoformat(),
    }
