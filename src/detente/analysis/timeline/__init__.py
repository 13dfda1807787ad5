"""A dispute over time: each party's positions, and the periods in which the dispute was stuck or not.

Both are folds over the days on which something can change (`detente.analysis.timeline.course`). Each period has one
model, and equal models are solved once. Positions are in `detente.analysis.timeline.positions`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from datetime import date
from typing import Any

from detente.analysis.equilibria import analyze
from detente.analysis.result import ConflictResult, state_data
from detente.analysis.timeline.causes import Causes, PeriodChange
from detente.analysis.timeline.course import Course, InForce, Past, course_of, essence
from detente.analysis.timeline.positions import Position, positions_of
from detente.analysis.whose_word import prime_implicants
from detente.concepts import Concept, chosen
from detente.engine import must_have_few
from detente.errors import InputError, UnknownNameError
from detente.lazy import dataclass
from detente.limits import MAX_LISTED
from detente.model.conflict import Conflict
from detente.model.dates import UNDATED_READINGS, DateRange, last_day, parse_date
from detente.model.day import no_preferences_known
from detente.model.evidence import EVERY_DAY, NOT_YET_SAID, Account
from detente.model.questions import Progress, no_progress
from detente.model.states import State

#: Why a day has no verdict on which no party can move.
NO_MOVE = "no party can move"


@dataclass(frozen=True)
class Period:
    """A stretch of days with the same statements in force, the same status quo and the same model.

    Attributes
    ----------
    first, last
        The first and the last day; None where it has no beginning or no end.
    because
        The statements that were said on the first day and are in force.
    acts
        The acts of ``history`` that count from the first day, numbered from 1.
    in_force
        The statements in force, each named by its original.
    status_quo
        The state that the dispute is in; None where there is none or the rules forbid it.
    stuck
        For each concept whether the status quo is an equilibrium; None where that cannot be said.
    reason
        Why that cannot be said; None where it can.
    equilibria
        For each concept the states that are equilibria.
    begins_if
        The smallest sets of disputed statements, each believed (True) or not, with which a period begins on this day;
        one empty set if it begins whatever is believed; None where this was not worked out.
    no_option_yet
        Whether no party can move because every option is in the model only from a later day.
    untaken
        The options that are not in the model.
    """

    first: date | None
    last: date | None
    because: tuple[str, ...]
    acts: tuple[int, ...]
    in_force: Sequence[str]
    status_quo: State | None
    stuck: Mapping[str, bool | None] = field(hash=False)
    reason: str | None
    equilibria: Mapping[str, tuple[State, ...]] = field(hash=False)
    begins_if: tuple[tuple[tuple[str, bool], ...], ...] | None = ((),)
    no_option_yet: bool = False
    untaken: tuple[str, ...] = ()

    @property
    def in_every_account(self) -> bool | None:
        """Whether a period begins on this day whatever is believed; None where this was not worked out."""
        return None if self.begins_if is None else self.begins_if == ((),)

    def to_dict(self) -> dict[str, Any]:
        """Return the period as plain data."""
        return {
            "from": self.first and self.first.isoformat(),
            "until": self.last and self.last.isoformat(),
            "because": list(self.because),
            "acts": list(self.acts),
            "in_force": list(self.in_force),
            "status_quo": self.status_quo and state_data(self.status_quo),
            "stuck": dict(self.stuck),
            "reason": self.reason,
            "equilibria": {id: [state_data(state) for state in states] for id, states in self.equilibria.items()},
            "in_every_account": self.in_every_account,
            "begins_if": None
            if self.begins_if is None
            else [[{"statement": id, "true": value} for id, value in each] for each in self.begins_if],
        }


@dataclass(frozen=True)
class Timeline(ConflictResult):
    """The positions of the parties and the periods of a dispute; ``conflict`` is the dispute as written.

    Attributes
    ----------
    concepts
        The stability concepts, in the order asked for.
    positions, periods
        In the order of holders and matters, and of days.
    undated
        The reading of vague dates, ``latest`` or ``earliest``.
    differs
        The first days of the periods that the other reading of vague dates has and this one has not.
    """

    question = "timeline"
    format = "detente-timeline/1"
    drawn_by = "lanes"

    concepts: tuple[Concept, ...]
    positions: tuple[Position, ...]
    periods: tuple[Period, ...]
    undated: str = "latest"
    differs: tuple[date, ...] = ()
    _causes: Causes | None = field(default=None, repr=False, compare=False)

    def changes(self, period: Period) -> tuple[PeriodChange, ...] | None:
        """Return how the model changed on the first day of a period, through which statements and acts, and what each
        change decides.

        None for the first of all periods, if one of the two periods has no model, or if too many had to be compared.
        """
        return None if self._causes is None else self._causes.of(period.first)

    def to_dict(self) -> dict[str, Any]:
        """Return the timeline as plain data: the object that ``detente timeline --format json`` prints."""
        return {
            "format": self.format,
            "version": self.version,
            "digest": self.digest,
            "title": self.conflict.title,
            "undated": self.undated,
            "positions": [one.to_dict() for one in self.positions],
            "periods": [{**one.to_dict(), "changes": self._changes_data(one)} for one in self.periods],
            "concepts": [one.id for one in self.concepts],
            "other_reading": [day.isoformat() for day in self.differs],
        }

    def _changes_data(self, period: Period) -> list[dict[str, Any]] | None:
        changes = self.changes(period)
        text = self.words.change_told
        return None if changes is None else [{**one.to_dict(), "text": text(self, one)} for one in changes]

    def rows(self) -> list[dict[str, Any]]:
        """Return one record for every position and every period, in one table: ``what`` says which it is."""
        positions = [
            {
                "what": "position",
                "from": _text(one.begins.latest if self.undated == "latest" else one.begins.earliest),
                "until": "" if one.ends is None else _text(one.ends.latest or one.ends.earliest),
                "holder": one.holder,
                "matter": one.matter,
                "stance": one.stance,
                "change": one.change,
                "statements": " ".join(one.statements),
                "told_by": " ".join(one.told_by),
                "ended_by": " ".join(one.ended_by),
                "status_quo": "",
                "stuck": "",
            }
            for one in self.positions
        ]
        periods = [
            {
                "what": "period",
                "from": _text(one.first),
                "until": _text(one.last),
                "holder": "",
                "matter": "",
                "stance": "",
                "change": "",
                "statements": " ".join(one.because),
                "told_by": "",
                "ended_by": "",
                "status_quo": one.status_quo.pattern if one.status_quo else "",
                "stuck": " ".join(f"{id}={_said(value)}" for id, value in one.stuck.items()),
            }
            for one in self.periods
        ]
        return [*positions, *periods]

    def positions_in(self, period: Period) -> tuple[Position, ...]:
        """Return the positions on the first day of a period; they are the same on each of its days."""
        day = period.first or date.min
        return tuple(
            one
            for one in self.positions
            if (one.first is None or one.first <= day) and (one.end is None or day < one.end)
        )

    def since(self, concepts: Sequence[str], *, wanted: bool) -> tuple[Period, Period | None]:
        """Return the first of the last periods in a row with one verdict under some concepts, and the one before it.

        The second is None where these days have no period before.
        """
        place = len(self.periods) - 1
        while place and all(self.periods[place - 1].stuck[id] is wanted for id in concepts):
            place -= 1
        return self.periods[place], self.periods[place - 1] if place else None

    def period_on(self, day: str | date) -> Period:
        """Return the period that a day lies in.

        Raises
        ------
        ValueError
            For text that is not a date.
        InputError
            For a day outside the periods that were asked about.
        """
        when = last_day(day) if isinstance(day, str) else day
        for one in self.periods:
            if (one.first is None or one.first <= when) and (one.last is None or when <= one.last):
                return one
        raise InputError(f"{when.isoformat()} lies outside the periods asked about")


def timeline(
    conflict: Conflict,
    concepts: Iterable[str] | None = None,
    engine: str = "auto",
    *,
    parties: Iterable[str] = (),
    matters: Iterable[str] = (),
    first: str | None = None,
    last: str | None = None,
    believe: Iterable[str] = (),
    doubt: Iterable[str] = (),
    undated: str = "latest",
    progress: Progress = no_progress,
) -> Timeline:
    """Work out the positions and the periods of a dispute.

    The method `detente.Conflict.timeline` describes the parameters, the steps and the errors.
    """
    concepts = None if concepts is None else list(concepts)
    wanted = chosen(concepts)
    if undated not in UNDATED_READINGS:
        raise UnknownNameError("reading", undated, UNDATED_READINGS)
    written = conflict.written.replaced(day=None, undated=undated)
    window = DateRange(_day(first, first=True), _day(last, first=False))
    if window.earliest and window.latest and window.latest < window.earliest:
        raise InputError(f"the window ends ({last}) before it begins ({first})")
    parties = _known("party", parties, [one.id for one in written.decision_makers])
    matters = _known("matter", matters, [one.id for one in written.options])
    fixed = _fixed(written, list(believe), list(doubt))
    course = course_of(written, fixed)
    account = course.testimony.account()
    starts, runs = course.starts(account)
    progress(0.0, f"{len(starts):,} periods")
    names = None if concepts is None else [one.id for one in wanted]
    periods = tuple(_periods(course, account, starts, runs, wanted, names, engine, window, progress))
    if names is None:
        # By default a concept is left out if it is not defined for a period's model, or too expensive there.
        wanted = tuple(one for one in wanted if all(one.id in period.stuck for period in periods))
    positions = tuple(
        one
        for one in positions_of(course, account, starts)
        if (not parties or one.holder in parties) and (not matters or one.matter in matters) and _within(one, window)
    )
    other = written.replaced(undated="earliest" if undated == "latest" else "latest")
    elsewhere = course_of(other, fixed)
    differs = sorted({*elsewhere.starts(elsewhere.testimony.account())[0]} - {*starts, EVERY_DAY})
    progress(1.0, "done")
    return Timeline(
        written,
        wanted,
        positions,
        periods,
        undated,
        tuple(date.fromordinal(day) for day in differs if _meets(date.fromordinal(day), None, window)),
        Causes(Past(course), wanted, engine),
    )


def positions_on(conflict: Conflict, known: Timeline | None = None) -> tuple[Position, ...]:
    """Return the positions on the day of a conflict; without a day, those that lasted in the end.

    As in a timeline, a statement whose date has an open end is not known to have been made by any day.
    ``known`` is a timeline of the same conflict and reading of vague dates up to that day, if there is one.
    """
    until = conflict.written.solved_day or date.max
    if known is not None:
        found: Iterable[Position] = known.positions
    else:
        written = conflict.written.replaced(day=None, undated=conflict.basis.undated)
        course = course_of(written)
        account = course.testimony.account()
        found = positions_of(course, account, course.starts(account)[0])
    return tuple(
        one for one in found if (one.first is None or one.first <= until) and (one.end is None or until < one.end)
    )


def _periods(
    course: Course,
    account: Account,
    starts: Sequence[int],
    runs: Mapping[str, Sequence[int]],
    concepts: Sequence[Concept],
    names: list[str] | None,
    engine: str,
    window: DateRange,
    progress: Progress,
) -> Iterator[Period]:
    known: dict[Any, _Answer] = {}
    answers: dict[Any, _Answer] = {}
    for place, day in enumerate(starts):
        first = None if day == EVERY_DAY else date.fromordinal(day)
        last = date.fromordinal(starts[place + 1] - 1) if place + 1 < len(starts) else None
        if not _meets(first, last, window, whole=True):
            continue
        progress(place / len(starts), f"{place:,} of {len(starts):,} periods")
        key = course.model_key(account, day)
        answer = answers.get(key)
        if answer is None:
            model, reason = course.model(day)
            what = (reason,) if model is None else essence(model)
            if what not in known:
                known[what] = _answer(model, concepts, names, engine, reason)
            answer = known[what]
            # The reason why there is no model names the day.
            if model is not None:
                answers[key] = answer
        yield Period(
            first,
            last,
            course.because(account, day),
            course.acts_on(account, day),
            InForce(runs, place),
            answer.status_quo,
            answer.stuck,
            answer.reason,
            answer.equilibria,
            _begins_if(course, day),
            answer.no_option_yet,
            answer.untaken,
        )


def _begins_if(course: Course, day: int) -> tuple[tuple[tuple[str, bool], ...], ...] | None:
    """Return with which beliefs a period begins on a day: see `Period.begins_if`."""
    claims = course.claims_on(day) if day > EVERY_DAY else ()
    if not claims:
        return ((),)
    found = course.begins_where(day, claims)
    return None if found is None else prime_implicants(*found, claims)


@dataclass(frozen=True)
class _Answer:
    status_quo: State | None
    stuck: dict[str, bool | None]
    reason: str | None
    equilibria: dict[str, tuple[State, ...]]
    no_option_yet: bool = False
    untaken: tuple[str, ...] = ()


def _answer(
    model: Conflict | None, concepts: Sequence[Concept], names: list[str] | None, engine: str, reason: str | None
) -> _Answer:
    if model is None:
        return _Answer(None, {one.id: None for one in concepts}, reason, {one.id: () for one in concepts})
    must_have_few(model, MAX_LISTED, "whose equilibria can be listed period by period", engine)
    analysis = analyze(model, names, engine)
    here = analysis.status_quo
    equilibria = {one.id: analysis.equilibria(one.id) for one in analysis.concepts}
    unknown = no_preferences_known(model)
    if here is None:
        forbidden = any(at == ("status_quo",) for at, _ in model.basis.infeasible)
        reason = "the rules forbid the status quo" if forbidden else "the dispute has no status quo"
    elif unknown:
        reason = unknown
    elif next(analysis.solver.arcs(), None) is None:
        reason = NO_MOVE
    if reason:
        return _Answer(here, dict.fromkeys(equilibria), reason, equilibria, _no_option_yet(model), model.untaken)
    stuck: dict[str, bool | None] = {id: here in states for id, states in equilibria.items()}
    return _Answer(here, stuck, None, equilibria, untaken=model.untaken)


def _no_option_yet(model: Conflict) -> bool:
    """Tell whether every option is in the model only from a later day."""
    later = {one.at[-1] for one in model.basis.dropped if one.reason == NOT_YET_SAID and "options" in one.at}
    return bool(model.options) and later >= {option.id for option in model.options}


def _fixed(conflict: Conflict, believe: list[str], doubt: list[str]) -> tuple[tuple[str, bool], ...]:
    """Return which statements every account believes and which none does; who contests a believed one is not."""
    known = [one.id for one in conflict.all_statements]
    for id in (*believe, *doubt):
        if id not in known:
            raise UnknownNameError("statement", id, known)
    if both := sorted(set(believe) & set(doubt)):
        raise InputError(f"{', '.join(both)} cannot be believed and doubted at once")
    testimony = conflict.testimony()
    original = testimony.original
    trusted = {original[id] for id in believe}
    if clash := next((pair for pair in testimony.rivals if trusted.issuperset(pair)), None):
        raise InputError(f"{clash[0]} and {clash[1]} contest each other, so they cannot both be believed")
    contested = {other for pair in testimony.rivals for id, other in (pair, pair[::-1]) if id in trusted}
    doubted = {original[id] for id in doubt} | contested
    return (*((id, True) for id in sorted(trusted)), *((id, False) for id in sorted(doubted - trusted)))


def _known(what: str, names: Iterable[str], known: Sequence[str]) -> tuple[str, ...]:
    found = tuple(names)
    for name in found:
        if name not in known:
            raise UnknownNameError(what, name, known)
    return found


def _day(text: str | None, *, first: bool) -> date | None:
    """Return the first or the last day of a date that bounds the window."""
    if text is None:
        return None
    try:
        found = parse_date(text)
    except ValueError as error:
        raise InputError(str(error)) from error
    return found.earliest if first else found.latest


def _meets(first: date | None, last: date | None, window: DateRange, whole: bool = False) -> bool:
    """Tell whether some days, or with ``whole`` a stretch with perhaps open ends, meet the window."""
    if not whole and first is not None and last is None:
        last = first
    after = window.earliest is not None and last is not None and last < window.earliest
    before = window.latest is not None and first is not None and first > window.latest
    return not (after or before)


def _within(one: Position, window: DateRange) -> bool:
    return _meets(one.begins.earliest, None if one.ends is None else one.ends.latest, window, whole=True)


def _text(day: date | None) -> str:
    return "" if day is None else day.isoformat()


def _said(value: bool | None) -> str:
    return "unknown" if value is None else "yes" if value else "no"
