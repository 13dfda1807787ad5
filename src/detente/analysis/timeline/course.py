"""The days on which a dispute can change, what makes the model of each, in each account, and since when a verdict
has been the same.

The days that matter are those on which a statement begins to count, an act counts, or an element's own dates let it in
or out; between two of them the model cannot change. At each the statements in force, the status quo and the dated
elements are compared with those of the day before; where they differ a period begins.

With disputed statements a period may begin in some accounts only. Up to `MAX_DISPUTED` of them every possible account
is looked at.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from itertools import product
from typing import Any

from detente.concepts import chosen
from detente.engine import solver
from detente.errors import InputError, UnknownNameError
from detente.lazy import dataclass
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


class InForce(Sequence[str]):
    """The statements in force in a period, in the order written.

    They are worked out when asked for: all lists together are as long as there are statements times periods.
    """

    def __init__(self, runs: Mapping[str, Sequence[int]], period: int) -> None:
        # For every statement the periods from which on it is in force and is not, in turn.
        self._runs, self._period = runs, period

    def __getitem__(self, place: Any) -> Any:
        return tuple(self)[place]

    def __iter__(self) -> Iterator[str]:
        return (id for id, runs in self._runs.items() if bisect_right(runs, self._period) % 2)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __contains__(self, id: object) -> bool:
        return isinstance(id, str) and bisect_right(self._runs.get(id, ()), self._period) % 2 == 1

    def __eq__(self, other: object) -> bool:
        return tuple(self) == tuple(other) if isinstance(other, InForce | tuple) else NotImplemented

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return repr(tuple(self))


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
        said = {self.testimony.counts_from(id) for id in self.testimony.copies} - {NEVER}
        return tuple(sorted({EVERY_DAY, *said, *self.act_days, *self._bounds}))

    @cached_property
    def _bounds(self) -> frozenset[int]:
        """The numbers of the days on which the own dates of an element let it in or out."""
        bounds = set()
        for _, support in self.dated:
            start = parse_date(support.since).earliest if support.since else None
            stop = parse_date(support.until).latest if support.until else None
            bounds |= {start.toordinal()} if start else set()
            bounds |= {stop.toordinal() + 1} if stop and stop < date.max else set()
        return frozenset(bounds)

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

    def starts(self, account: Account) -> tuple[tuple[int, ...], Mapping[str, Sequence[int]]]:
        """Return the days on which a period begins in an account, and when statements are in force.

        The latter are for every statement the numbers of the periods from which on it is in force and is not, in turn.
        """
        starts: list[int] = []
        before: Sequence[Collection[Any]] = ()
        runs: dict[str, list[int]] = {id: [] for id in self.testimony.copies}
        for day in self.days:
            touched = self.touched.get(day, frozenset())
            some, *others = self.signature(account, day, touched)
            changed = [id for id in touched if (id in some) != len(runs[id]) % 2]
            if changed or others != before or not starts:
                for id in changed:
                    runs[id].append(len(starts))
                starts.append(day)
            before = others
        return tuple(starts), runs

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

    def model_key(self, account: Account, day: int) -> tuple[Any, ...]:
        """Return what two days have in common that have one model."""
        when = day_of(day)
        counted = tuple(act_counts(act, account, max(day, 1)) for act in self.conflict.history)
        reasons = tuple(account.reason_against(id, day) for id in self._evidence)
        return (
            reasons,
            tuple(one.applies_on(when) for _, one in self.dated),
            tuple(on <= day for on in self.act_days),
            counted,
        )

    @cached_property
    def _evidence(self) -> tuple[str, ...]:
        """The statements that are evidence of elements."""
        known = self.testimony.original
        return tuple(dict.fromkeys(known[id] for _, one in self.conflict.supports() for id in one.evidence))

    def model(self, day: int) -> tuple[Conflict | None, str | None]:
        """Return the model of a day, or why there is none."""
        when = day_of(day)
        try:
            return model_of_day(self.conflict.replaced(day=when.isoformat()), self.testimony.on(when)), None
        except InputError as error:
            # The reason is that of a whole period, which may have no first day.
            return None, str(error).removeprefix(f"on {when.isoformat()} ")

    def claims_on(self, day: int) -> tuple[str, ...]:
        """Return the disputed statements on which it can depend whether a period begins on a day."""
        if not self.testimony.disputed:
            return ()
        touched = self.touched.get(day, frozenset())
        seeds: Collection[str] = touched
        if day in self._turning or not self._evidence_of_dates.isdisjoint(touched):
            seeds = touched | self._evidence_of_dates
        tied = set(self.testimony.tied(*seeds))
        # Who believes a statement does not believe its rivals, so these say as much.
        while more := {one for pair in self.testimony.rivals if not tied.isdisjoint(pair) for one in pair} - tied:
            tied |= more
        return tuple(id for id in self.testimony.disputed if id in tied)

    @cached_property
    def _turning(self) -> frozenset[int]:
        """The days on which something else than a statement may begin or end."""
        return frozenset(self.days) - (self.said_from.keys() - {*self.act_days, *self._bounds})

    @cached_property
    def _evidence_of_dates(self) -> frozenset[str]:
        """The statements that are evidence of acts, of elements with dates and of options."""
        supports = [act.support for act in self.conflict.history] + [one for _, one in self.dated]
        known = self.testimony.original
        return frozenset(known[id] for one in (*supports, *self.droppable.values()) for id in one.evidence)

    def begins_where(self, day: int, claims: Sequence[str]) -> tuple[list[bool], list[bool]] | None:
        """Return for every set of some disputed statements whether a period begins on a day if exactly these are
        believed, and whether they can be believed together; None if there are too many sets.

        The number of a set has bit k for the k-th of ``claims``.
        """
        if len(claims) > MAX_DISPUTED:
            return None
        before, possible, begins = self.days[bisect_right(self.days, day) - 2], [], []
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
    lacked
        The options of the state that this model has not, if it has the state without them.
    """

    first: date | None
    because: tuple[str, ...]
    acts: tuple[int, ...]
    known_before: bool
    had_state: bool = True
    lacked: tuple[str, ...] = ()

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

    def __init__(self, course: Course, until: date = date.max) -> None:
        self.course, self.account = course, course.testimony.account()
        self.starts = [day for day in course.starts(self.account)[0] if day <= until.toordinal()]
        self._models: dict[Any, Conflict | None] = {}

    def model(self, day: int) -> Conflict | None:
        """Return the model of a day, or an equal one of another; None if there is none."""
        key = self.course.model_key(self.account, day)
        if key not in self._models:
            self._models[key], _ = self.course.model(day)
        return self._models[key]


def past_of(conflict: Conflict) -> Past:
    """Return the periods up to the day that questions about a conflict refer to."""
    return Past(course_of(conflict.written), conflict.written.solved_day or date.max)


def verdict_since(
    conflict: Conflict, state: State, player: str, concept: str, past: Past | None = None
) -> Since | None:
    """Return since when a state of the model of a day has been stable for a player, or not stable; None without dates.

    The state is the same on another day if the same options are taken. The periods are followed backwards from the
    conflict's day until the verdict changes or is no longer known. ``past`` has them if several questions are asked.
    """
    past = past or past_of(conflict)
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
                model is None or _has_state(model, state.pattern),
                () if model is None else _lacked(model, state),
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


def _has_state(model: Conflict, pattern: str) -> bool:
    """Tell whether the state with these options is feasible in a model."""
    try:
        solver(model).number_of(pattern)
    except (InputError, UnknownNameError):
        return False
    return True


def _lacked(model: Conflict, state: State) -> tuple[str, ...]:
    """Return the options of a state that are not in a model; none if the model has no such state without them."""
    letters = list(zip(model.options, state.pattern, strict=True))
    lacked = tuple(option.id for option, letter in letters if letter == "Y" and option.id in model.untaken)
    rest = "".join("N" if option.id in lacked else letter for option, letter in letters)
    return lacked if lacked and "Y" in rest and _has_state(model, rest) else ()
