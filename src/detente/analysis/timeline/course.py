"""The days on which a dispute can change, what makes the model of each, in each account, and since when a verdict
has been the same.

The days that matter are those on which a statement begins to count, an act counts, or an element's own dates let it in
or out; between two of them the model cannot change. At each the statements in force, the status quo and the dated
elements are compared with those of the day before; where they differ a period begins.

With disputed statements a period may begin in some accounts only. Up to `MAX_DISPUTED` of them every possible account
is looked at.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import product
from typing import Any

from detente.concepts import chosen
from detente.engine import solver
from detente.errors import InputError, UnknownNameError
from detente.model.conflict import Conflict
from detente.model.dates import parse_date
from detente.model.day import act_counts, model_of_day, no_preferences_known, taken_by_acts
from detente.model.evidence import EVERY_DAY, NEVER, Account, Path, Support, Testimony
from detente.model.history import Act, taken_on
from detente.model.states import State

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

    def acts_on(self, account: Account, day: int) -> tuple[int, ...]:
        """Return the numbers of the acts that count from a day."""
        counted = self.acts(account, day)
        pairs = zip(self.conflict.history, self.act_days, strict=True)
        return tuple(number for number, (act, when) in enumerate(pairs, start=1) if when == day and act in counted)

    def model(self, day: int) -> tuple[Conflict | None, str | None]:
        """Return the model of a day, or why there is none."""
        when = day_of(day)
        try:
            return model_of_day(self.conflict.replaced(day=when.isoformat()), self.testimony.on(when)), None
        except InputError as error:
            return None, str(error)

    def begins_where(self, day: int) -> tuple[list[bool], list[bool]] | None:
        """Return for every set of disputed statements whether a period begins on a day if exactly these are believed,
        and whether they can be believed together; None if there are too many sets.

        The number of a set has bit k for the k-th disputed statement.
        """
        claims = self.testimony.disputed
        if len(claims) > MAX_DISPUTED:
            return None
        place = self.days.index(day)
        before, possible, begins = self.days[place - 1], [], []
        touched = self.touched.get(day, frozenset())
        for values in product((False, True), repeat=len(claims)):
            # The last claim varies slowest.
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
        return begins, possible

    @cached_property
    def _accounts(self) -> dict[frozenset[str], Account]:
        return {}


def day_of(number: int) -> date:
    """Return a day by its number; the days before everything are stood for by the first there is."""
    return date.fromordinal(max(number, 1))


def course_of(conflict: Conflict, fixed: tuple[tuple[str, bool], ...] = ()) -> Course:
    """Return the course of a conflict as written; ``fixed`` are statements that every account believes, or that none
    does.
    """
    # On the last of all days: without a day, statements that are never said would count.
    return Course(conflict, replace(conflict.testimony(fixed=fixed), day=date.max))


def essence(model: Conflict) -> Any:
    """Return what two models of one file differ in."""
    return (
        frozenset(one.at for one in model.basis.dropped),
        frozenset(model.untaken),
        None if model.status_quo is None else model.status_quo.taken,
        tuple(at for at, _ in model.basis.infeasible),
    )


@dataclass(frozen=True)
class Since:
    """Since when a state has had its verdict for a player: the first of the periods in a row that have it.

    Attributes
    ----------
    first
        The first day; None if the verdict is the same on every day before.
    because, acts
        The statements that began that period, and the numbers of the acts.
    known_before
        Whether there is a verdict for the days before, which is then the opposite one.
    had_state
        Whether the model of the days before, if there is one, has the state.
    """

    first: date | None
    because: tuple[str, ...]
    acts: tuple[int, ...]
    known_before: bool
    had_state: bool = True

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "first": self.first and self.first.isoformat(),
            "because": list(self.because),
            "acts": list(self.acts),
            "known_before": self.known_before,
            "had_state": self.had_state,
        }


class Past:
    """The periods of a dispute up to its day and their models, worked out once for all questions about since when."""

    def __init__(self, conflict: Conflict) -> None:
        written = conflict.written
        self.course = course_of(written)
        self.account = self.course.testimony.account()
        until = (written.solved_day or date.max).toordinal()
        self.starts = [day for day, _ in self.course.starts(self.account) if day <= until]
        self._models: dict[int, Conflict | None] = {}

    def model(self, day: int) -> Conflict | None:
        """Return the model of a day; None if there is none."""
        if day not in self._models:
            self._models[day], _ = self.course.model(day)
        return self._models[day]


def verdict_since(
    conflict: Conflict, state: State, player: str, concept: str, past: Past | None = None
) -> Since | None:
    """Return since when a state of the model of a day has been stable for a player, or not stable; None without dates.

    The state is the same on another day if the same options are taken. The periods are followed backwards from the
    conflict's day until the verdict changes or is no longer known. ``past`` has them if several questions are asked.
    """
    past = past or Past(conflict)
    course, account, starts = past.course, past.account, past.starts
    if len(starts) < 2:
        return None
    known: dict[Any, bool | None] = {}
    wanted, place = None, len(starts)
    for number in range(len(starts) - 1, -1, -1):
        model = past.model(starts[number])
        key = None if model is None else essence(model)
        if key not in known:
            known[key] = None if model is None else _verdict(model, state, player, concept)
        if number == len(starts) - 1:
            wanted = known[key]
            if wanted is None:
                return None
        elif known[key] is not wanted:
            return Since(
                date.fromordinal(starts[place]),
                course.because(account, starts[place]),
                course.acts_on(account, starts[place]),
                known[key] is not None,
                model is None or _has_state(model, state),
            )
        place = number
    return Since(None, (), (), False)


def _verdict(model: Conflict, state: State, player: str, concept: str) -> bool | None:
    """Return whether the state with these options is stable in a model; None if that cannot be said."""
    compiled = solver(model)
    if no_preferences_known(model):
        return None
    try:
        number = compiled.number_of(state.pattern)
    except (InputError, UnknownNameError):
        return None
    (named,) = chosen([concept])
    return compiled.why(number, list(model.player_ids).index(player), named).stable


def _has_state(model: Conflict, state: State) -> bool:
    """Tell whether the state with these options is feasible in a model."""
    try:
        solver(model).number_of(state.pattern)
    except (InputError, UnknownNameError):
        return False
    return True
