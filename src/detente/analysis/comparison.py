"""What changed between two versions of a dispute, and which change did what to the equilibria.

Both versions are put into one frame: all decision makers and options of either, with what a version lacks as an option
that stays untaken. In it every change can be made by itself. A change's effect *alone* is what it does to the first
version; an equilibrium that came or went *needs* a change when it would not have without it, everything else changed.
Changes may do nothing alone and everything together, so both are said.

Would the answer differ if vague dates were read the other way?
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property, partial
from itertools import pairwise
from typing import Any

from detente.analysis.differences import NameMatch, match_by_name, with_identifiers_of_the_first
from detente.analysis.equilibria import MAX_LISTED, Analysis, analyze, named_states
from detente.analysis.result import Result
from detente.concepts import Concept, chosen
from detente.engine import ENGINES, must_have_few, solver
from detente.engine.interface import Solver
from detente.errors import DetenteError, InputError, UnknownNameError
from detente.model.conditions import And, same_meaning
from detente.model.conflict import Conflict
from detente.model.dates import UNDATED_READINGS
from detente.model.day import model_of_day, statements_behind
from detente.model.parts import DecisionMaker, Merge, OneWay, Option, Rule, StatusQuo
from detente.model.preferences import Payoffs, Preferences, PreferenceStatement, Prioritising, Ranking
from detente.model.questions import Progress, no_progress
from detente.model.wording import counted, listed, names_in_words, quoted

#: Patterns of equilibria over the options of both versions, by concept.
_Equilibria = dict[str, frozenset[str]]


#: Of what is paired by name so many are named in a sentence.
MAX_PAIRS_TOLD = 3


@dataclass(frozen=True)
class Change:
    """One thing that is otherwise in the second version.

    ``alone`` has by concept the equilibria that come and go when only this changes in the first version; ``needed`` by
    concept those of all that came and went that would not have without it. Both are None where they were not worked
    out.
    """

    kind: str
    text: str
    alone: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] | None = None
    needed: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] | None = None

    @property
    def matters(self) -> bool:
        """Whether the change does anything to the equilibria, alone or with the others."""
        return any(come or go for part in (self.alone, self.needed) for _, come, go in part or ())


@dataclass(frozen=True)
class Comparison(Result):
    """Two versions of a dispute beside each other.

    ``options`` are those of both versions, in the order of patterns; ``before`` and ``after`` are the equilibria by
    concept; ``statements`` tells which statements are new and which are gone. ``attributed`` is False where preferences
    rank states one by one, so that changes cannot be made one at a time. ``pairs`` has the decision makers and options
    that have other identifiers in the second version and are taken to be the same by their names; they are called as
    in the first.
    """

    first: Conflict = field(repr=False)
    second: Conflict = field(repr=False)
    options: tuple[str, ...]
    concepts: tuple[Concept, ...]
    changes: tuple[Change, ...]
    statements: tuple[tuple[str, ...], tuple[str, ...]]
    before: tuple[tuple[str, tuple[str, ...]], ...]
    after: tuple[tuple[str, tuple[str, ...]], ...]
    attributed: bool
    pairs: tuple[NameMatch, ...] = ()

    @cached_property
    def names(self) -> dict[str, str]:
        """The names of states by their patterns over the options of both versions; the second version's win."""
        found = {}
        for compiled in self._solvers:
            for state in named_states(compiled):
                found[_widened(state.pattern, compiled.conflict, self.options)] = str(state.name)
        return found

    @property
    def identified(self) -> str:
        """What is taken to be the same by its name, in a sentence; empty where identifiers do not differ."""
        if not self.pairs:
            return ""
        kinds = Counter(pair.what for pair in self.pairs)
        what = listed([counted(count, kind) for kind, count in kinds.items()])
        told = [f"{quoted(pair.name)} ({pair.first}, now {pair.second})" for pair in self.pairs[:MAX_PAIRS_TOLD]]
        left = len(self.pairs) - len(told)
        more = [f"{left:,} more"] if left else []
        return f"Other identifiers for {what}, taken to be the same by name: {listed([*told, *more])}."

    @property
    def unattributed(self) -> str:
        """Why it is not said what each change does by itself; empty where it is."""
        if self.attributed:
            return ""
        makers = [maker for version in self._versions for maker in version.decision_makers]
        whose = names_in_words(self.both, dict.fromkeys(maker.id for maker in makers if _by_states(maker)))
        return (
            f"What each change does by itself cannot be said: the preferences of {whose} list the "
            "states one by one, and such a list says nothing about states that only the other version has. The two "
            "versions are compared as wholes."
        )

    @cached_property
    def both(self) -> Conflict:
        """The decision makers and options of both versions, in the order of patterns."""
        return _Frame(*self._versions).both

    def came(self, concept: str) -> tuple[str, ...]:
        """Return the states that are an equilibrium in the second version only."""
        before = dict(self.before)[concept]
        return tuple(state for state in dict(self.after)[concept] if state not in before)

    def went(self, concept: str) -> tuple[str, ...]:
        """Return the states that are an equilibrium in the first version only."""
        after = dict(self.after)[concept]
        return tuple(state for state in dict(self.before)[concept] if state not in after)

    @property
    def outcomes(self) -> dict[tuple[tuple[str, ...], tuple[str, ...]], tuple[str, ...]]:
        """The titles of the concepts by the states that came and those that went under them."""
        found: dict[tuple[tuple[str, ...], tuple[str, ...]], tuple[str, ...]] = {}
        for concept in self.concepts:
            what = self.came(concept.id), self.went(concept.id)
            found[what] = (*found.get(what, ()), concept.title)
        return found

    def shown(self, pattern: str) -> str:
        """Write a state as people read it."""
        return f"{quoted(self.names[pattern])} ({pattern})" if pattern in self.names else pattern

    def number(self, pattern: str, version: Conflict) -> int | None:
        """Return the number that one of the versions gives to a state; None where it has no such state."""
        compiled = self._solvers[version is self.second]
        letters = dict(zip(self.options, pattern, strict=True))
        own = "".join(letters.pop(option.id) for option in compiled.conflict.options)
        try:
            number = compiled.number_of(own)
        except UnknownNameError:
            return None
        return number if set(letters.values()) <= {"N"} and compiled.state(number).pattern == own else None

    @cached_property
    def _versions(self) -> tuple[Conflict, Conflict]:
        """Both versions, in the identifiers of the first."""
        return self.first, with_identifiers_of_the_first(self.second, self.pairs)

    @cached_property
    def _solvers(self) -> tuple[Solver, Solver]:
        first, second = self._versions
        return solver(first), solver(second)

    def to_dict(self) -> dict[str, Any]:
        """Return the comparison as plain data, format ``detente-compare/1``.

        States have letters over the options of both versions. What was there has the number that the first version
        gives it, what comes that of the second; None where that version has no such state. ``taken_to_be_the_same`` has
        what other identifiers have been paired by name; everything else calls it as the first version does.
        """
        return {
            "format": "detente-compare/1",
            "first": self._version_data(self.first),
            "second": self._version_data(self.second),
            "because": list(self.because),
            "options": list(self.options),
            "taken_to_be_the_same": [
                {"kind": pair.what, "first": pair.first, "second": pair.second, "name": pair.name}
                for pair in self.pairs
            ],
            "attributed": self.attributed,
            "changes": [
                {
                    "kind": one.kind,
                    "text": one.text,
                    "alone": self._effects(one.alone),
                    "needed_for": self._effects(one.needed),
                }
                for one in self.changes
            ],
            "statements": {"new": list(self.statements[0]), "gone": list(self.statements[1])},
            "equilibria": {
                concept.id: {
                    "before": self._states(dict(self.before)[concept.id], self.first),
                    "after": self._states(dict(self.after)[concept.id], self.second),
                    "came": self._states(self.came(concept.id), self.second),
                    "went": self._states(self.went(concept.id), self.first),
                }
                for concept in self.concepts
            },
        }

    def status_quo(self, version: Conflict) -> str | None:
        """Return the pattern of the status quo of one of the versions, over the options of both."""
        quo = version.status_quo
        if quo is None:
            return None
        own = self._versions[version is self.second]
        taken = own.status_quo.taken if own.status_quo else frozenset()
        return "".join("Y" if option in taken else "N" for option in self.options)

    def _version_data(self, version: Conflict) -> dict[str, Any]:
        quo = self.status_quo(version)
        return {
            "title": version.title,
            "as_of": version.day or version.as_of,
            "dropped": [one.to_dict() for one in version.basis.dropped],
            "status_quo": None if quo is None else {"number": self.number(quo, version), "state": quo},
        }

    @cached_property
    def because(self) -> tuple[str, ...]:
        """The statements for which elements are in the model of one version and not in that of the other."""
        return statements_behind(self.first.basis, self.second.basis)

    def _states(self, patterns: Iterable[str], version: Conflict) -> list[dict[str, Any]]:
        return [
            {"number": self.number(pattern, version), "state": pattern, "name": self.names.get(pattern)}
            for pattern in patterns
        ]

    def _effects(
        self, effects: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] | None
    ) -> dict[str, Any] | None:
        if effects is None:
            return None
        return {
            concept: {"come": self._states(come, self.second), "go": self._states(go, self.first)}
            for concept, come, go in effects
            if come or go
        }

    def rows(self) -> list[dict[str, Any]]:
        """Return one record for every change."""

        def written(part: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] | None) -> str:
            texts = []
            for concept, come, go in part or ():
                texts += [f"{concept} +{state}" for state in come] + [f"{concept} -{state}" for state in go]
            return "; ".join(texts)

        return [
            {"kind": one.kind, "change": one.text, "alone": written(one.alone), "needed_for": written(one.needed)}
            for one in self.changes
        ]

    def _repr_html_(self) -> str:
        from html import escape

        items = "".join(f"<li>{escape(one.text)}</li>" for one in self.changes)
        return f"<p><b>{escape(self.first.title)}</b> and <b>{escape(self.second.title)}</b></p><ul>{items}</ul>"


def compare(
    first: Conflict,
    second: Conflict,
    concepts: Iterable[str] | None = None,
    engine: str = "auto",
    *,
    progress: Progress = no_progress,
) -> Comparison:
    """Say what changed between two versions of a dispute, and which change did what to the equilibria.

    Parameters
    ----------
    first, second
        The versions; decision makers and options are the same where their identifiers are. Those whose identifiers are
        in one version only are the same where just one of each has their name; `Comparison.pairs` tells which.
    concepts
        Identifiers of solution concepts; the default ones when None.
    engine
        ``auto`` or the name of an engine.
    progress
        Called with the share of the work done and what is being done.

    Raises
    ------
    InputError
        When an option belongs to somebody else in the other version, or coalitions differ.
    """
    wanted = chosen(concepts)
    first, second = model_of_day(first), model_of_day(second)
    given, pairs = second, match_by_name(first, second)
    second = with_identifiers_of_the_first(second, pairs)
    moved = [id for id, owner in first.owner.items() if second.owner.get(id, owner) != owner]
    if moved:
        raise InputError(f"the option '{moved[0]}' belongs to another decision maker in the other version")
    for version in (first, second):
        must_have_few(version, MAX_LISTED, "whose equilibria can be compared one by one", engine)
    frame = _Frame(first, second)
    steps = list(frame.steps())
    # A ranking of the states one by one fits no other states than those it was made for.
    attributed = frame.same_states or not frame.by_states
    if attributed:
        equilibria = _Known(frame, steps, wanted, engine)
        before, after = equilibria.of(()), equilibria.of(range(len(steps)))
    else:
        before, after = (frame.widened(_equilibria(one, wanted, engine), one) for one in (first, second))
    changes = []
    for place, step in enumerate(steps):
        progress(place / max(1, len(steps)), step.text)
        if not attributed or step.make is None:
            changes.append(Change(step.kind, step.text))
            continue
        alone = equilibria.of((place,))
        without = equilibria.of([other for other in range(len(steps)) if other != place])
        changes.append(
            Change(step.kind, step.text, _effect(before, alone, wanted), _needed(before, after, without, wanted))
        )
    progress(1.0, "done")
    ids = [{one.id: one for one in version.all_statements} for version in (first, second)]
    return Comparison(
        first,
        given,
        tuple(option.id for option in frame.options),
        wanted,
        tuple(changes),
        (tuple(id for id in ids[1] if id not in ids[0]), tuple(id for id in ids[0] if id not in ids[1])),
        tuple((concept.id, _sorted(before[concept.id])) for concept in wanted),
        tuple((concept.id, _sorted(after[concept.id])) for concept in wanted),
        attributed,
        pairs,
    )


def compare_days(
    conflict: Conflict,
    days: Sequence[str],
    concepts: Iterable[str] | None = None,
    engine: str = "auto",
    *,
    undated: str = "latest",
    progress: Progress = no_progress,
) -> tuple[Comparison, ...]:
    """Compare a dispute with itself on several days, each with the one before it.

    Parameters
    ----------
    conflict
        The dispute.
    days
        Two or more dates, in the order in which they are to be compared.
    concepts, engine, progress
        As for `compare`.
    undated
        The reading of vague dates, ``latest`` or ``earliest``.

    Raises
    ------
    InputError
        For fewer than two days, or text that is no date.
    """
    if len(days) < 2:
        raise InputError("name two days or more to compare")
    written = conflict.basis.written
    models = [written.replaced(day=day, undated=undated) for day in days]
    return tuple(compare(one, other, concepts, engine, progress=progress) for one, other in pairwise(models))


def _effect(
    before: _Equilibria, after: _Equilibria, concepts: Sequence[Concept]
) -> tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...]:
    return tuple(
        (one.id, _sorted(after[one.id] - before[one.id]), _sorted(before[one.id] - after[one.id])) for one in concepts
    )


def _needed(
    before: _Equilibria, after: _Equilibria, without: _Equilibria, concepts: Sequence[Concept]
) -> tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...]:
    return tuple(
        (
            one.id,
            _sorted((after[one.id] - before[one.id]) - without[one.id]),
            _sorted((before[one.id] - after[one.id]) & without[one.id]),
        )
        for one in concepts
    )


def _sorted(patterns: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(patterns, key=lambda pattern: pattern[::-1]))


def _widened(pattern: str, version: Conflict, options: Iterable[str]) -> str:
    """Write a version's state over the options of both."""
    letters = dict(zip((option.id for option in version.options), pattern, strict=True))
    return "".join(letters.get(option, "N") for option in options)


def _equilibria(conflict: Conflict, concepts: Sequence[Concept], engine: str) -> _Equilibria:
    try:
        analysis = analyze(conflict, [concept.id for concept in concepts], engine)
    except InputError:
        # The rules leave no state: half of a change may do that, and then nothing is an equilibrium.
        return {concept.id: frozenset() for concept in concepts}
    return {concept.id: frozenset(state.pattern for state in analysis.equilibria(concept.id)) for concept in concepts}


@dataclass(frozen=True)
class _Step:
    """A change, and how it is made to a conflict in the common frame; None where it decides nothing."""

    kind: str
    text: str
    make: Callable[[_Parts], _Parts] | None


@dataclass(frozen=True)
class _Parts:
    """What changes are made to: only with all of them made it has to be a conflict, which takes long to check."""

    decision_makers: Sequence[DecisionMaker]
    rules: Sequence[Rule]
    one_way: Sequence[OneWay]
    merge: Sequence[Merge]
    coalitions: Sequence[Sequence[str]]


class _Known:
    """The equilibria after some of the changes, worked out once each."""

    def __init__(self, frame: _Frame, steps: Sequence[_Step], concepts: Sequence[Concept], engine: str) -> None:
        self._frame, self._steps, self._concepts, self._engine = frame, steps, concepts, engine
        self._found: dict[frozenset[int], _Equilibria] = {}

    def of(self, places: Iterable[int]) -> _Equilibria:
        """Return the equilibria of the first version with these changes made, in their order."""
        key = frozenset(places)
        if key not in self._found:
            parts = self._frame.parts
            for place in sorted(key):
                make = self._steps[place].make
                parts = make(parts) if make else parts
            self._found[key] = _equilibria(self._frame.made(parts), self._concepts, self._engine)
        return self._found[key]


def _in_words_of(first: Conflict, second: Conflict) -> tuple[Conflict, dict[str, int]]:
    """Return the second version with the first's words for preferences that mean the same, and how many by whom."""
    was = {maker.id: maker.preferences for maker in first.decision_makers}
    makers: list[DecisionMaker] = []
    counts: dict[str, int] = {}
    for maker in second.decision_makers:
        before, after = was.get(maker.id), maker.preferences
        if isinstance(before, Prioritising) and isinstance(after, Prioritising):
            known = {str(one.condition): one.condition for one in before.statements}
            found = {str(one.condition) for one in after.statements}
            # What holds always, or never, may mean the same and be about what this version has not.
            left = [one for text, one in known.items() if text not in found and second.owner.keys() >= {*one.options()}]
            statements = []
            for one in after.statements:
                same = next((each for each in left if same_meaning(each, one.condition)), None)
                if same is not None and str(one.condition) not in known:
                    left.remove(same)
                    counts[maker.id] = counts.get(maker.id, 0) + 1
                    one = replace(one, condition=same)
                statements.append(one)
            maker = replace(maker, preferences=replace(after, statements=tuple(statements)))
        makers.append(maker)
    return second.replaced(decision_makers=makers), counts


class _Frame:
    """Both versions over the decision makers and options of either."""

    def __init__(self, first: Conflict, second: Conflict) -> None:
        self.was = first
        self.is_, self._reworded = _in_words_of(first, second)
        self.makers = [maker.id for maker in first.decision_makers]
        self.makers += [maker.id for maker in second.decision_makers if maker.id not in self.makers]
        self.options = self.both.options
        self.first = self._framed(first)
        self.parts = _Parts(**{item.name: getattr(self.first, item.name) for item in fields(_Parts)})

    def made(self, parts: _Parts) -> Conflict:
        """Return the first version with other parts."""
        return self.first.replaced(**{item.name: getattr(parts, item.name) for item in fields(parts)})

    @cached_property
    def by_states(self) -> bool:
        """Whether somebody ranks states one by one in either version."""
        return any(map(_by_states, (*self.was.decision_makers, *self.is_.decision_makers)))

    @cached_property
    def rules_reworded(self) -> bool:
        """Whether the rules are written otherwise and rule out the same."""
        mine, theirs = ({str(rule) for rule in version.rules} for version in (self.was, self.is_))
        if mine == theirs or not (mine and theirs):
            return False
        wholes = [And(version.replaced(untaken=()).constraints) for version in (self.was, self.is_)]
        return same_meaning(wholes[0], wholes[1])

    @cached_property
    def same_states(self) -> bool:
        """Whether both versions have the same options, merges and states."""
        parts = [
            (
                [option.id for option in one.options if self._has(one, option)],
                [str(merge.condition) for merge in one.merge],
                [] if self.rules_reworded else list(map(str, one.rules)),
            )
            for one in (self.was, self.is_)
        ]
        return parts[0] == parts[1]

    @cached_property
    def both(self) -> Conflict:
        """Return who and what is in either version, and nothing else; its labels tell apart what either calls alike."""
        makers = []
        for id in self.makers:
            name = self._of(self.is_, id).name or self._of(self.was, id).name
            makers.append(DecisionMaker(id, name, self._own(id)))
        return Conflict(self.is_.title, makers, coalitions=self._groups(self.is_) if self.is_.coalitions else ())

    def _of(self, version: Conflict, id: str) -> DecisionMaker:
        return next((maker for maker in version.decision_makers if maker.id == id), DecisionMaker(id))

    def _label(self, id: str) -> str:
        return self.both.decision_maker(id).label

    def _own(self, id: str) -> list[Option]:
        before, after = self._of(self.was, id).options, self._of(self.is_, id).options
        old = {option.id for option in before}
        return [*before, *(option for option in after if option.id not in old)]

    def _framed(self, version: Conflict) -> Conflict:
        """Return a version with the options that it lacks, which stay untaken, and without what names states."""
        return version.replaced(
            decision_makers=[replace(self._of(version, id), options=tuple(self._own(id))) for id in self.makers],
            rules=[*version.rules, *(self._shut(option) for option in self.options if not self._has(version, option))],
            untaken=(),
            # Rankings may go by names of states; otherwise names decide nothing.
            states=version.states if self.same_states else (),
            status_quo=None,
            coalitions=() if not version.coalitions else self._groups(version),
        )

    def _groups(self, version: Conflict) -> list[tuple[str, ...]]:
        named = {id for group in version.coalitions for id in group}
        return [*version.coalitions, *((id,) for id in self.makers if id not in named)]

    @staticmethod
    def _has(version: Conflict, option: Option) -> bool:
        """Tell whether an option is in a version, and in its model."""
        return option.id in version.owner and option.id not in version.untaken

    @staticmethod
    def _shut(option: Option) -> Rule:
        return Rule("never", option.id)

    def widened(self, found: _Equilibria, version: Conflict) -> _Equilibria:
        """Write a version's patterns over the options of both."""
        options = [option.id for option in self.options]
        return {
            concept: frozenset(_widened(pattern, version, options) for pattern in patterns)
            for concept, patterns in found.items()
        }

    def steps(self) -> Iterator[_Step]:
        """Yield the changes from the first version to the second; made in this order they give the second."""
        yield from self._makers()
        yield from self._options()
        yield from self._rules()
        yield from self._marks()
        for id in self.makers:
            yield from self._preferences(id)
            yield from self._settings(id)
            yield from self._attitudes(id)
        yield from self._others()

    def _makers(self) -> Iterator[_Step]:
        before, after = ({maker.id for maker in version.decision_makers} for version in (self.was, self.is_))
        for id in self.makers:
            if id not in before or id not in after:
                new = id not in before
                part = "part of the dispute now" if new else "no longer part of the dispute"
                yield _Step("decision maker", f"{self._label(id)}: {part}", None)

    def _options(self) -> Iterator[_Step]:
        for option in self.options:
            shut = self._shut(option)
            who = self._label(self.both.owner[option.id])
            if self._has(self.is_, option) and not self._has(self.was, option):
                yield _Step("option", f"{who} can now take {quoted(option.label)}", _without_rule(shut))
            elif self._has(self.was, option) and not self._has(self.is_, option):
                yield _Step("option", f"{who} can no longer take {quoted(option.label)}", _with_rule(shut))

    def _rules(self) -> Iterator[_Step]:
        before, after = ({str(rule): rule for rule in version.rules} for version in (self.was, self.is_))
        if self.rules_reworded:
            yield _Step("rule", "the rules are written otherwise, and rule out the same", None)
            return
        for text, rule in before.items():
            if text not in after:
                yield _Step("rule", f"the rule {quoted(text)} is gone", _without_rule(rule))
        for text, rule in after.items():
            if text not in before:
                yield _Step("rule", f"there is the new rule {quoted(text)}", _with_rule(rule))

    def _marks(self) -> Iterator[_Step]:
        marks = {True: "only be taken", False: "only be dropped", None: "be taken and dropped"}
        labels = {option.id: option.label for option in self.options}
        for id, label in labels.items():
            before, after = self.was.direction.get(id), self.is_.direction.get(id)
            if before != after:
                mark = next((one for one in self.is_.one_way if one.option == id), None)
                yield _Step("one-way option", f"{quoted(label)} can now {marks[after]}", _with_mark(id, mark))
        before_, after_ = ({str(one.condition): one for one in version.merge} for version in (self.was, self.is_))
        if before_.keys() != after_.keys():
            merges = self.is_.merge
            text = (
                f"states are merged otherwise: {', '.join(after_) or 'none'} instead of {', '.join(before_) or 'none'}"
            )
            yield _Step("merge", text, lambda parts: replace(parts, merge=merges))

    def _preferences(self, id: str) -> Iterator[_Step]:
        was, is_ = self._of(self.was, id).preferences, self._of(self.is_, id).preferences
        who = self._label(id)
        if not isinstance(was, Prioritising) or not isinstance(is_, Prioritising):
            if self.same_states and self._rank_alike(id):
                if type(was) is not type(is_):
                    text = f"{who}: the preferences are written in another form, and rank the states as before"
                    yield _Step("preference", text, None)
            elif was != is_:
                yield _Step("preference", f"other preferences of {who}", _with_preferences(id, lambda _: is_))
            return
        before = [str(one.condition) for one in was.statements]
        after = [str(one.condition) for one in is_.statements]
        for text in dict.fromkeys(before):
            if text not in after:
                gone = f"{who}: {quoted(text)} is no longer preferred"
                yield _Step("preference", gone, _with_preferences(id, _removing(text)))
        if count := self._reworded.get(id):
            same = f"{who}: {counted(count, 'preference')} in other words that mean the same"
            yield _Step("preference", same, None)
        yield from self._marked_otherwise(id, was, is_)
        kept = [text for text in dict.fromkeys(before) if text in after]
        order = [text for text in dict.fromkeys(after) if text in before]
        if kept != order:
            made = _with_preferences(id, _reordering(order))
            yield _Step("preference", f"{who}: the preferences are in another order now: {'; '.join(order)}", made)
        for text in dict.fromkeys(after):
            if text not in before:
                where = after.index(text) + 1
                statement = is_.statements[where - 1]
                yield _Step(
                    "preference",
                    f"{who}: {quoted(text)} is now preferred (place {where})",
                    _with_preferences(id, _inserting(statement, after)),
                )

    def _rank_alike(self, id: str) -> bool:
        """Tell whether a decision maker ranks the same states alike in both versions, however it is written."""
        was, is_ = self._of(self.was, id).preferences, self._of(self.is_, id).preferences
        if was == is_:
            return True
        if any(map(_more_than_ranks, (was, is_))):
            return False
        ranks = [
            compiled.ranks([maker.id for maker in compiled.conflict.decision_makers].index(id))
            for compiled in self._solvers
        ]
        return ranks[0] == ranks[1]

    @cached_property
    def _solvers(self) -> tuple[Solver, Solver]:
        return solver(self.was), solver(self.is_)

    def _marked_otherwise(self, id: str, was: Prioritising, is_: Prioritising) -> Iterator[_Step]:
        """Yield for each statement that both versions have how sure or how strong it is now."""
        before, after = ({str(one.condition): one for one in reversed(prefs.statements)} for prefs in (was, is_))
        for text, one in before.items():
            other = after.get(text)
            if other is not None and one.marks != other.marks:
                how = f"{other.marks} (before: {one.marks or 'held, mild'})" if other.marks else "held, mild"
                yield _Step(
                    "preference",
                    f"{self._label(id)}: {quoted(text)} is now {how}",
                    _with_preferences(id, _marking(other)),
                )

    def _settings(self, id: str) -> Iterator[_Step]:
        was, is_ = self._of(self.was, id), self._of(self.is_, id)
        for name, what in (("facing_unknown", "facing the unknown"), ("thresholds", "thresholds")):
            value = getattr(is_, name)
            if getattr(was, name) != value:
                text = f"{self._label(id)}: {what} otherwise"
                yield _Step("decision maker", text, _with_maker(id, partial(_changed, name, value)))

    def _attitudes(self, id: str) -> Iterator[_Step]:
        was, is_ = self._of(self.was, id), self._of(self.is_, id)
        changed = [
            f"{self._label(other)}: {is_.attitude(other)} (before: {was.attitude(other)})"
            for other in self.makers
            if is_.attitude(other) != was.attitude(other)
        ]
        if changed:
            text = f"{self._label(id)}: another attitude towards {', '.join(changed)}"
            yield _Step("decision maker", text, _with_maker(id, partial(_changed, "attitudes", is_.attitudes)))

    def _others(self) -> Iterator[_Step]:
        if self.was.coalitions != self.is_.coalitions:
            groups = () if not self.is_.coalitions else self._groups(self.is_)
            written = ", ".join("+".join(group) for group in self.is_.coalitions) or "nobody"
            yield _Step("coalition", f"who stands together: {written}", lambda parts: replace(parts, coalitions=groups))
        before, after = (
            frozenset(version.status_quo.taken) if version.status_quo else None for version in (self.was, self.is_)
        )
        if before != after:
            yield _Step("status quo", _status_quo(self.options, self.was.status_quo, self.is_.status_quo), None)


def _by_states(maker: DecisionMaker) -> bool:
    return isinstance(maker.preferences, Ranking | Payoffs)


def _more_than_ranks(preferences: Preferences) -> bool:
    """Tell whether preferences say more than how states rank: what is unknown, how strong, how sure."""
    if isinstance(preferences, Ranking):
        return bool(preferences.great or preferences.unknown)
    return isinstance(preferences, Prioritising) and any(one.marks for one in preferences.statements)


def _status_quo(options: Sequence[Option], before: StatusQuo | None, after: StatusQuo | None) -> str:
    if before is None or after is None:
        return "there is no status quo any more" if after is None else "there is a status quo now"
    labels = {option.id: option.label for option in options}
    taken = [f"'{labels[id]}' is taken" for id in labels if id in after.taken - before.taken]
    dropped = [f"'{labels[id]}' is not" for id in labels if id in before.taken - after.taken]
    return f"in the status quo {'; '.join([*taken, *dropped])}"


def _with_rule(rule: Rule) -> Callable[[_Parts], _Parts]:
    return lambda parts: replace(parts, rules=[*parts.rules, rule])


def _without_rule(rule: Rule) -> Callable[[_Parts], _Parts]:
    return lambda parts: replace(parts, rules=[one for one in parts.rules if str(one) != str(rule)])


def _with_mark(option: str, mark: Any) -> Callable[[_Parts], _Parts]:
    def make(parts: _Parts) -> _Parts:
        others = [one for one in parts.one_way if one.option != option]
        return replace(parts, one_way=[*others, *([mark] if mark else [])])

    return make


def _with_maker(id: str, change: Callable[[DecisionMaker], DecisionMaker]) -> Callable[[_Parts], _Parts]:
    def make(parts: _Parts) -> _Parts:
        makers = [change(maker) if maker.id == id else maker for maker in parts.decision_makers]
        return replace(parts, decision_makers=makers)

    return make


def _changed(name: str, value: Any, maker: DecisionMaker) -> DecisionMaker:
    return replace(maker, **{name: value})


def _with_preferences(id: str, change: Callable[[Any], Preferences]) -> Callable[[_Parts], _Parts]:
    return _with_maker(id, lambda maker: replace(maker, preferences=change(maker.preferences)))


def _removing(text: str) -> Callable[[Prioritising], Prioritising]:
    return lambda was: replace(was, statements=tuple(one for one in was.statements if str(one.condition) != text))


def _marking(statement: PreferenceStatement) -> Callable[[Prioritising], Prioritising]:
    """Make a statement as sure and as strong as this one."""
    marks = {name: getattr(statement, name) for name in ("confidence", "strength", "unknown")}
    text = str(statement.condition)
    return lambda was: replace(
        was,
        statements=tuple(replace(one, **marks) if str(one.condition) == text else one for one in was.statements),
    )


def _reordering(order: Sequence[str]) -> Callable[[Prioritising], Prioritising]:
    """Put the statements that both versions have in the second's order, each where one of them stood."""

    def make(was: Prioritising) -> Prioritising:
        by_text = {str(one.condition): one for one in was.statements}
        following = iter([by_text[text] for text in order if text in by_text])
        seen: set[str] = set()
        statements = []
        for one in was.statements:
            text = str(one.condition)
            if text in order and text not in seen:
                seen.add(text)
                statements.append(next(following))
            elif text not in order:
                statements.append(one)
        return replace(was, statements=tuple(statements))

    return make


def _inserting(statement: PreferenceStatement, after: Sequence[str]) -> Callable[[Prioritising], Prioritising]:
    """Put a statement behind the nearest of those that stand before it in the second version."""

    def make(was: Prioritising) -> Prioritising:
        place = after.index(str(statement.condition))
        # What is said twice counts where it is said first.
        earlier = list(dict.fromkeys(after[:place]))
        there = [str(one.condition) for one in was.statements]
        behind = next((there.index(text) + 1 for text in reversed(earlier) if text in there), 0)
        return replace(was, statements=(*was.statements[:behind], statement, *was.statements[behind:]))

    return make


@dataclass(frozen=True)
class OtherReading:
    """What the other reading of vague dates makes of an analysis.

    Attributes
    ----------
    undated
        The other reading.
    concepts
        The concepts under which other outcomes are equilibria, by identifier.
    status_quo
        Whether the status quo is another state.
    reason
        Why the other reading has no answer, None if it has one.
    """

    undated: str
    concepts: tuple[str, ...] = ()
    status_quo: bool = False
    reason: str | None = None

    @property
    def differs(self) -> bool:
        """Whether the two readings give different answers."""
        return bool(self.concepts or self.status_quo or self.reason)

    @property
    def in_words(self) -> str:
        """What differs, in a sentence."""
        with_it = f"With --undated {self.undated}"
        if self.reason:
            return f"{with_it} there is no answer: {self.reason}"
        parts = [
            *(["the status quo is another state"] if self.status_quo else []),
            *([f"the equilibria differ under {', '.join(self.concepts)}"] if self.concepts else []),
        ]
        return f"{with_it} the answer is different: {' and '.join(parts)}."

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "undated": self.undated,
            "differs": self.differs,
            "concepts": list(self.concepts),
            "status_quo": self.status_quo,
            "reason": self.reason,
        }


def other_reading(analysis: Analysis) -> OtherReading:
    """Analyse a dispute with vague dates read the other way, and say what differs; states are compared by pattern.

    Where both readings give the same model, nothing is analysed again.
    """
    basis = analysis.conflict.basis
    other = next(one for one in UNDATED_READINGS if one != basis.undated)
    engine = analysis.engine if analysis.engine in ENGINES else "auto"
    try:
        model = model_of_day(basis.written.replaced(undated=other))
        if model.digest == analysis.conflict.digest:
            return OtherReading(other)
        found = analyze(model, [concept.id for concept in analysis.concepts], engine)
    except DetenteError as error:
        return OtherReading(other, reason=str(error))
    return OtherReading(
        other,
        tuple(
            one.id
            for one in analysis.concepts
            if _equilibrium_data(analysis, one.id) != _equilibrium_data(found, one.id)
        ),
        _status_quo_pattern(analysis) != _status_quo_pattern(found),
    )


def _equilibrium_data(analysis: Analysis, concept: str) -> object:
    states = analysis.equilibrium_set(concept)
    if analysis.count > MAX_LISTED:
        return states.count, states.patterns(MAX_LISTED)
    return {state.pattern for state in analysis.equilibria(concept)}


def _status_quo_pattern(analysis: Analysis) -> str | None:
    quo = analysis.conflict.status_quo
    return None if quo is None else analysis.conflict.pattern(quo.taken)
