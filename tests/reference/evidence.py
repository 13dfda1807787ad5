"""The rule of evidence from its text alone: which statements are in force on a day, and the model of that day.

Slow and obvious: every question is answered by looking at every statement again, day by day. Shares nothing with the
package but the classes of a conflict. A *word* is a statement with all its copies, named by the original.
"""

from __future__ import annotations

import calendar
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from itertools import product
from typing import Any

from detente.model.conflict import Conflict
from detente.model.evidence import Support
from detente.model.history import Act
from detente.model.parts import DecisionMaker, StatusQuo, View, never
from detente.model.preferences import Payoffs, Preferences, Prioritising, Ranking, Weights
from tests.reference.brute_force import BruteForce

ONE_DAY = timedelta(days=1)


def ends(text: str) -> tuple[date | None, date | None]:
    """The earliest and the latest day of a date; an open end is no day."""
    first, _, last = text.partition("/")
    return _end(first, first=True), _end(last or first, first=False)


def _end(part: str, first: bool) -> date | None:
    if part == "..":
        return None
    numbers = [int(one) for one in part.rstrip("~?%").split("-")]
    if len(numbers) == 3:
        return date(*numbers)
    if len(numbers) == 2:
        year, month = numbers
        return date(year, month, 1 if first else calendar.monthrange(year, month)[1])
    return date(numbers[0], 1, 1) if first else date(numbers[0], 12, 31)


class Stops(Exception):
    """The command stops: no state is feasible, or a list no longer covers the states."""


@dataclass
class Answer:
    """What the rule says of one day."""

    in_force: set[str]
    dropped: dict[str, set[str]]
    """For every dropped element the reasons that can be given."""
    infeasible: set[str] = field(default_factory=set)
    status_quo: str | None = None
    taken: frozenset[str] | None = None
    """The options taken on the day, whether or not the rules forbid it."""
    model: Conflict | None = None
    """The model of the day, with a rule for every dropped option; None where the command stops."""
    stops: str | None = None


class Words:
    """The statements of a file, read one way, with some of the disputed ones believed."""

    def __init__(self, conflict: Conflict, undated: str, believed: Collection[str] | None, asked: date | None) -> None:
        self.by_id = {one.id: one for one in conflict.all_statements}
        self.sources = {one.id: one for one in conflict.all_sources}
        self.undated = undated
        # What has been worked out once is kept: each answer below is asked for again and again.
        for name in (
            "original", "copies", "disputed", "latest", "earliest", "targets", "has_effect", "withdrawals",
            "withdrawn_on_any_day", "against_tellers", "against",
        ):  # fmt: skip
            setattr(self, name, cache(getattr(self, name)))
        self.ids = [id for id in self.by_id if self.by_id[id].copy_of is None]
        self.believed = set(self.disputed()) if believed is None else {self.original(id) for id in believed}
        named = [text for one in self.by_id.values() if (text := one.date_said)]
        named += [one.date for one in self.sources.values() if one.date]
        days = {day for text in named for day in ends(text) if day}
        self.days: list[date | None] = sorted(
            {day + step * ONE_DAY for day in days | {date(2000, 1, 1)} for step in (-1, 0, 1)}
        )
        if asked is None:
            # Without a day statements of any date count: those too that no day is late enough for.
            self.days.append(None)

    # Copies

    def original(self, id: str) -> str:
        while self.by_id[id].copy_of is not None:
            id = self.by_id[id].copy_of
        return id

    def copies(self, word: str) -> list[Any]:
        return [one for one in self.by_id.values() if self.original(one.id) == word]

    def kind(self, word: str) -> str | None:
        return self.by_id[word].kind

    # Disputes

    def disputed(self) -> list[str]:
        found = set()
        for one in self.by_id.values():
            if one.in_doubt:
                found.add(self.original(one.id))
            for other in one.contested_by:
                found |= {self.original(one.id), self.original(other)}
        return [id for id in self.ids if id in found]

    def is_believed(self, word: str) -> bool:
        return word not in self.disputed() or word in self.believed

    # When something was said

    def source_day(self, word: str) -> date | None:
        """The latest day of the source; the earliest source where the original has no date."""
        days = []
        for copy in self.copies(word):
            source = self.sources.get(copy.source)
            if source is not None and source.date and ends(source.date)[1]:
                days.append(ends(source.date)[1])
        return min(days, default=None)

    def latest(self, word: str, without: frozenset[str] = frozenset()) -> date | None:
        """None: nothing dates the words, and they count on every day. `date.max`: an open end, which no day reaches.

        ``without`` are withdrawals that take their day from these words, and so cannot date them.
        """
        said, teller = self.by_id[word].date_said, self.by_id[word].nested_in
        day = ends(said)[1] or date.max if said else self.source_day(word)
        if teller and self.original(teller) not in without:
            told = self.latest(self.original(teller), without)
            if told not in (None, date.max) and (day is None or told < day):
                day = told
        if day is None:
            # An undated, sourceless withdrawal counts from the day of what it withdraws, of several from the last.
            days = [self.latest(target, without | {word}) for target in self.targets(word)]
            day = max((one for one in days if one is not None), default=None)
        return day

    def earliest(self, word: str) -> date | None:
        said = self.by_id[word].date_said
        day = ends(said)[0] if said else None
        for target in self.targets(word):
            first = self.earliest(target)
            if self.has_effect(word, target) and first is not None and (day is None or first > day):
                day = first
        return day

    def said_by(self, word: str, day: date | None) -> bool:
        if day is None:
            return True
        found = self.latest(word) if self.undated == "latest" else self.earliest(word)
        return found is None or found <= day

    # Withdrawals

    def named_withdrawals(self, word: str) -> set[str]:
        return {self.original(id) for copy in self.copies(word) for id in copy.withdrawn_by}

    def targets(self, word: str) -> list[str]:
        """What a statement withdraws, by the same speaker."""
        speaker = self.by_id[word].speaker
        return [
            id for id in self.ids if word in self.named_withdrawals(id) and self.by_id[id].speaker == speaker
        ]  # fmt: skip

    def has_effect(self, word: str, target: str) -> bool:
        if target not in self.targets(word):
            return False
        last, first = self.latest(word), self.earliest(target)
        return last is None or first is None or last >= first

    def withdrawals(self, word: str) -> list[str]:
        return [id for id in self.ids if self.has_effect(id, word)]

    def withdrawn(self, word: str, day: date | None) -> bool:
        return any(self.in_force(other, day) for other in self.withdrawals(word))

    def withdrawn_on_any_day(self, word: str) -> bool:
        return any(self.withdrawn(word, day) for day in self.days)

    # The rule

    def against_tellers(self, word: str) -> set[str]:
        """Why the words do not count as said, by what tells of them; empty if one copy's tellers allow it."""
        reasons: set[str] = set()
        for copy in self.copies(word):
            found = set()
            if copy.nested_in:
                teller = self.original(copy.nested_in)
                if self.kind(teller) == "denial":
                    found.add("in-a-denial")
                if not self.is_believed(teller):
                    found.add("not-believed")
                if self.withdrawn_on_any_day(teller):
                    found.add("withdrawn")
                found |= self.against_tellers(teller)
            if not found:
                return set()
            reasons |= found
        return reasons

    def against(self, word: str, day: date | None, dated: bool = True) -> set[str]:
        """Every reason why a statement is not in force; ``dated`` false leaves its own date aside."""
        reasons = set()
        if dated and not self.said_by(word, day):
            reasons.add("not-yet-said")
        if not self.is_believed(word):
            reasons.add("not-believed")
        reasons |= self.against_tellers(word)
        if self.withdrawn(word, day):
            reasons.add("withdrawn")
        return reasons

    def in_force(self, word: str, day: date | None) -> bool:
        return not self.against(word, day)


def on_the_day(
    conflict: Conflict, day: date | None, undated: str = "latest", believed: Collection[str] | None = None
) -> Answer:
    """What the rule says: ``day`` None leaves dates out of it, ``believed`` None believes all that is disputed."""
    words = Words(conflict, undated, believed, day)
    acts = [act for act in conflict.history if _in_the_model(act.support, words, day, dated=False)]
    held = set()
    for act in acts:
        if day is None or _counts_from(act, undated) <= day:
            held = held - set(act.drops) | set(act.takes)

    dropped: dict[str, set[str]] = {}

    def keeps(name: str, support: Support) -> bool:
        if _in_the_model(support, words, day):
            return True
        if not _within(support, day):
            dropped[name] = {"outside-dates"}
        else:
            dropped[name] = words.against(words.original(support.evidence[0]), day)
        return False

    makers, untaken = [], []
    for maker in conflict.decision_makers:
        at = f"decision_makers.{maker.id}"
        untaken += [
            option.id
            for option in maker.options
            if option.id not in held and not keeps(f"{at}.options.{option.id}", option.support)
        ]
        makers.append(_changed(maker, preferences=_preferences(maker.preferences, at, keeps)))
    rules = [rule for place, rule in enumerate(conflict.rules, 1) if keeps(f"rules.{place}", rule.support)]
    one_way = [mark for mark in conflict.one_way if keeps(f"one_way.{mark.option}", mark.support)]
    merge = [one for place, one in enumerate(conflict.merge, 1) if keeps(f"merge.{place}", one.support)]
    views = []
    for view in conflict.views:
        at = f"views.{view.decision_maker}"
        seen = keeps(at, view.support)
        believes = {}
        for other, preferences in view.believes:
            trusted = keeps(f"{at}.believes.{other}", view.grounds_of(other))
            wanted = _preferences(preferences, f"{at}.believes.{other}", keeps)
            if trusted:
                believes[other] = wanted
        if seen:
            views.append(View(view.decision_maker, view.does_not_see, believes))
    quo = _taken_on(conflict, acts, day, undated)

    answer = Answer({word for word in words.ids if words.in_force(word, day)}, dropped)
    answer.taken = None if quo is None else frozenset(quo) - set(untaken)
    rules += [never(option) for option in untaken]

    def feasible(taken: Collection[str]) -> bool:
        return all(condition.holds(taken) for rule in rules for condition in rule.must_hold())

    names = [option.id for option in conflict.options]
    if not any(
        feasible({name for name, value in zip(names, values, strict=True) if value})
        for values in product([False, True], repeat=len(names))
    ):
        answer.stops = "infeasible"
        return answer
    states = {state.name: state.taken - set(untaken) for state in conflict.states}
    answer.infeasible = {f"states.{name}" for name, taken in states.items() if not feasible(taken)}
    if quo is not None:
        quo = quo - set(untaken)
        if not feasible(quo):
            answer.infeasible.add("status_quo")
            quo = None
    answer.status_quo = None if quo is None else conflict.pattern(quo)
    model = Conflict(
        title=conflict.title,
        decision_makers=[_bare(maker) for maker in makers],
        rules=rules,
        one_way=one_way,
        merge=merge,
        status_quo=None if quo is None else StatusQuo(frozenset(quo)),
        states={name: taken for name, taken in states.items() if f"states.{name}" not in answer.infeasible},
        coalitions=conflict.coalitions,
        views=views,
    )
    try:
        answer.model = model.replaced(decision_makers=list(_ranked(conflict, makers, model)))
    except Stops as why:
        answer.stops = str(why)
    return answer


def _within(support: Support, day: date | None) -> bool:
    """Whether ``since`` and ``until`` let an element be in the model; without a day they do."""
    if day is None:
        return True
    first = ends(support.since)[0] if support.since else None
    last = ends(support.until)[1] if support.until else None
    return (first is None or first <= day) and (last is None or day <= last)


def _in_the_model(support: Support, words: Words, day: date | None, dated: bool = True) -> bool:
    if not _within(support, day):
        return False
    evidence = {words.original(id) for id in support.evidence}
    return not evidence or any(not words.against(word, day, dated) for word in evidence)


def _counts_from(act: Act, undated: str) -> date:
    first, last = ends(act.date)
    return (last if undated == "latest" else first) or date.min


def _taken_on(conflict: Conflict, acts: list[Act], day: date | None, undated: str) -> set[str] | None:
    """The options taken on a day: later acts undone, last first, or acts after ``as_of`` applied."""
    if conflict.status_quo is None:
        return None
    taken = set(conflict.status_quo.taken)
    as_of = ends(conflict.as_of)[1] if conflict.as_of else date.max
    if day is None:
        return taken
    for act in reversed(acts):
        if day < _counts_from(act, undated) <= as_of:
            taken = taken - set(act.takes) | set(act.drops)
    for act in acts:
        if as_of < _counts_from(act, undated) <= day:
            taken = taken - set(act.drops) | set(act.takes)
    return taken


def _changed(maker: DecisionMaker, **changes: Any) -> DecisionMaker:
    names = ("id", "name", "options", "preferences", "support", "facing_unknown", "thresholds", "attitudes")
    return DecisionMaker(**{name: getattr(maker, name) for name in names} | changes)


def _bare(maker: DecisionMaker) -> DecisionMaker:
    """The decision maker without a ranking: what can be ranked is not known before the states are."""
    return _changed(maker, preferences=()) if isinstance(maker.preferences, Ranking | Payoffs) else maker


def _preferences(preferences: Preferences, at: str, keeps: Any) -> Preferences:
    if isinstance(preferences, Prioritising):
        kept = [
            one
            for place, one in enumerate(preferences.statements, 1)
            if keeps(f"{at}.preferences.{place}", one.support)
        ]
        return Prioritising(tuple(kept))
    if isinstance(preferences, Weights):
        return Weights(
            tuple(
                one for place, one in enumerate(preferences.weights, 1) if keeps(f"{at}.weights.{place}", one.support)
            )
        )
    assert isinstance(preferences, Ranking | Payoffs)
    return preferences if keeps(f"{at}.{preferences.key}", preferences.support) else Prioritising()


def _ranked(written: Conflict, makers: list[DecisionMaker], model: Conflict) -> Iterator[DecisionMaker]:
    """Say rankings and payoffs in the states of the day."""
    if not any(isinstance(maker.preferences, Ranking | Payoffs) for maker in makers):
        yield from makers
        return
    before, after = BruteForce(written), BruteForce(model)
    now: dict[frozenset[Any], int] = {}
    for state in after.states:
        whole = {before.state_of.get(member) for member in state}
        former = next(iter(whole))
        if len(whole) != 1 or former is None or former & set(after.members) != state:
            culprit = next(one.id for one in makers if isinstance(one.preferences, Ranking | Payoffs))
            raise Stops(f"decision_makers.{culprit}")
        now[former] = after.states.index(state) + 1
    for maker in makers:
        wanted = maker.preferences
        if isinstance(wanted, Ranking):
            groups = [[now[before.find(one)] for one in group if before.find(one) in now] for group in wanted.groups]
            yield _changed(maker, preferences=Ranking(tuple(tuple(group) for group in groups if group)))
        elif isinstance(wanted, Payoffs):
            pairs = [(now[before.find(one)], worth) for one, worth in wanted.payoffs if before.find(one) in now]
            yield _changed(maker, preferences=Payoffs(tuple(pairs)))
        else:
            yield maker
