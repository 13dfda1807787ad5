"""The differences between two versions of a dispute, as changes that can be made one at a time.

Both versions are put into one frame: all decision makers and options of either; an option that a version lacks stays
untaken in it. In this frame every difference is a `ChangeStep`: its name, and how to apply it to the first version.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from functools import cached_property, partial
from typing import Any

from detente.engine import solver
from detente.engine.interface import Solver
from detente.lazy import dataclass
from detente.model.conditions import And, same_meaning
from detente.model.conflict import Conflict
from detente.model.evidence import Path
from detente.model.names import name_key
from detente.model.parts import DecisionMaker, Merge, OneWay, Option, Rule
from detente.model.preferences import Payoffs, Preferences, PreferenceStatement, Prioritising, Ranking
from detente.model.renaming import renamed

#: Patterns of equilibria over the options of both versions, by concept.
EquilibriumPatterns = dict[str, frozenset[str]]


@dataclass(frozen=True)
class NameMatch:
    """A decision maker or an option that has one name and two identifiers.

    Attributes
    ----------
    what
        What it is: a decision maker or an option.
    first
        The identifier in the first version.
    second
        The identifier in the second version.
    name
        The name.
    """

    what: str
    first: str
    second: str
    name: str


def match_by_name(first: Conflict, second: Conflict) -> tuple[NameMatch, ...]:
    """Return the decision makers and options that are matched by name, among those whose identifiers are in one version
    only.

    A name matches if exactly one of each version has it, as people read it: an import from another program makes new
    identifiers from names. Options are matched within matched decision makers.
    """
    was, is_ = ({maker.id: maker for maker in version.decision_makers} for version in (first, second))
    makers = list(_matches("decision maker", _without(was, is_), _without(is_, was)))
    other = {pair.first: pair.second for pair in makers}
    options: list[NameMatch] = []
    for id, maker in was.items():
        there = is_.get(other.get(id, id))
        if there is not None:
            mine, theirs = ({option.id: option for option in one.options} for one in (maker, there))
            options += _matches("option", _without(mine, second.owner), _without(theirs, first.owner))
    return (*makers, *options)


def with_identifiers_of_the_first(second: Conflict, pairs: Iterable[NameMatch]) -> Conflict:
    """Return the second version with the first version's identifiers for what is matched."""
    makers, options = (
        {one.second: one.first for one in pairs if one.what == what} for what in ("decision maker", "option")
    )
    return renamed(second, decision_makers=makers, options=options)


def _without(
    found: Mapping[str, DecisionMaker] | Mapping[str, Option], other: Mapping[str, object]
) -> list[DecisionMaker | Option]:
    return [one for id, one in found.items() if id not in other]


def _matches(
    what: str, first: Iterable[DecisionMaker | Option], second: Iterable[DecisionMaker | Option]
) -> Iterator[NameMatch]:
    named: dict[str, tuple[list[DecisionMaker | Option], list[DecisionMaker | Option]]] = defaultdict(lambda: ([], []))
    for place, version in enumerate((first, second)):
        for one in version:
            named[name_key(one.own_name)][place].append(one)
    for mine, theirs in named.values():
        if len(mine) == len(theirs) == 1:
            yield NameMatch(what, mine[0].id, theirs[0].id, mine[0].own_name)


@dataclass(frozen=True)
class ChangeStep:
    """A change: its kind, its name, and how to apply it to a conflict in the common frame.

    ``what`` names the change and ``about`` gives the parties and elements concerned; `detente.present.comparison` words
    it. ``make`` is None for a change without effect on the answers. ``element`` is the `element_key` of what is
    different, where that is a single element.
    """

    kind: str
    what: str
    about: Mapping[str, Any]
    make: Callable[[Parts], Parts] | None = None
    element: tuple[str, ...] = ()


@dataclass(frozen=True)
class Parts:
    """The parts that changes apply to. Only the final result is checked as a `Conflict`, because checks are slow."""

    decision_makers: Sequence[DecisionMaker]
    rules: Sequence[Rule]
    one_way: Sequence[OneWay]
    merge: Sequence[Merge]
    coalitions: Sequence[Sequence[str]]


def widened_pattern(pattern: str, version: Conflict, options: Iterable[str]) -> str:
    """Return a version's state as a pattern over the options of both versions."""
    letters = dict(zip((option.id for option in version.options), pattern, strict=True))
    return "".join(letters.get(option, "N") for option in options)


def _reworded_like(first: Conflict, second: Conflict) -> tuple[Conflict, dict[str, int]]:
    """Return the second version with the first's wording of equivalent preferences, and their number by decision
    maker.
    """
    was = {maker.id: maker.preferences for maker in first.decision_makers}
    makers: list[DecisionMaker] = []
    counts: dict[str, int] = {}
    for maker in second.decision_makers:
        before, after = was.get(maker.id), maker.preferences
        if isinstance(before, Prioritising) and isinstance(after, Prioritising):
            known = {str(one.condition): one.condition for one in before.statements}
            found = {str(one.condition) for one in after.statements}
            # A condition that is always true, or always false, may mention options that this version lacks.
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


class Frame:
    """Two versions over the decision makers and options of either."""

    def __init__(self, first: Conflict, second: Conflict) -> None:
        self.was = first
        self.is_, self._reworded = _reworded_like(first, second)
        self.makers = [maker.id for maker in first.decision_makers]
        self.makers += [maker.id for maker in second.decision_makers if maker.id not in self.makers]
        self.options = self.both.options
        self.first = self.framed(first)
        self.parts = Parts(**{item.name: getattr(self.first, item.name) for item in fields(Parts)})

    def made(self, parts: Parts) -> Conflict:
        """Return the first version with these parts."""
        return self.first.replaced(**{item.name: getattr(parts, item.name) for item in fields(parts)})

    @cached_property
    def by_states(self) -> bool:
        """Whether a decision maker's preferences list states in either version."""
        return any(map(ranks_states, (*self.was.decision_makers, *self.is_.decision_makers)))

    @cached_property
    def rules_reworded(self) -> bool:
        """Whether the rules are written differently but exclude the same states."""
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
                [option.id for option in one.options if self.has(one, option)],
                [str(merge.condition) for merge in one.merge],
                [] if self.rules_reworded else list(map(str, one.rules)),
            )
            for one in (self.was, self.is_)
        ]
        return parts[0] == parts[1]

    @cached_property
    def both(self) -> Conflict:
        """Return a conflict with the parties and options of either version; its labels distinguish equal names."""
        makers = []
        for id in self.makers:
            name = self.maker_in(self.is_, id).name or self.maker_in(self.was, id).name
            makers.append(DecisionMaker(id, name, self.options_of(id)))
        return Conflict(self.is_.title, makers, coalitions=self.groups(self.is_) if self.is_.coalitions else ())

    def maker_in(self, version: Conflict, id: str) -> DecisionMaker:
        """Return a decision maker of a version; one without options if the version does not have it."""
        return next((maker for maker in version.decision_makers if maker.id == id), DecisionMaker(id))

    def label(self, id: str) -> str:
        """Return the display name of a decision maker."""
        return self.both.decision_maker(id).label

    def options_of(self, id: str) -> list[Option]:
        """Return the options of a decision maker in either version."""
        before, after = self.maker_in(self.was, id).options, self.maker_in(self.is_, id).options
        old = {option.id for option in before}
        return [*before, *(option for option in after if option.id not in old)]

    def framed(self, version: Conflict) -> Conflict:
        """Return a version with the options that it lacks, which stay untaken, and without names of states."""
        return version.replaced(
            decision_makers=[
                replace(self.maker_in(version, id), options=tuple(self.options_of(id))) for id in self.makers
            ],
            rules=[*version.rules, *(self.shut(option) for option in self.options if not self.has(version, option))],
            untaken=(),
            # Names of states affect the answers only if a ranking uses them.
            states=version.states if self.same_states else (),
            status_quo=None,
            coalitions=() if not version.coalitions else self.groups(version),
        )

    def groups(self, version: Conflict) -> list[tuple[str, ...]]:
        """Return the standing coalitions of a version, and every other decision maker alone."""
        named = {id for group in version.coalitions for id in group}
        return [*version.coalitions, *((id,) for id in self.makers if id not in named)]

    @staticmethod
    def has(version: Conflict, option: Option) -> bool:
        """Tell whether an option is in a version, and in its model."""
        return option.id in version.owner and option.id not in version.untaken

    @staticmethod
    def shut(option: Option) -> Rule:
        """Return the rule that keeps an option untaken."""
        return Rule("never", option.id)

    def widened(self, found: EquilibriumPatterns, version: Conflict) -> EquilibriumPatterns:
        """Return a version's patterns over the options of both versions."""
        options = [option.id for option in self.options]
        return {
            concept: frozenset(widened_pattern(pattern, version, options) for pattern in patterns)
            for concept, patterns in found.items()
        }

    def steps(self) -> Iterator[ChangeStep]:
        """Yield the changes from the first version to the second; applied in this order they produce the second."""
        yield from self.maker_steps()
        yield from self.option_steps()
        yield from self.rule_steps()
        yield from self.mark_steps()
        for id in self.makers:
            yield from self.preference_steps(id)
            yield from self.setting_steps(id)
            yield from self.attitude_steps(id)
        yield from self.other_steps()

    def maker_steps(self) -> Iterator[ChangeStep]:
        """Yield the decision makers added and removed."""
        before, after = ({maker.id for maker in version.decision_makers} for version in (self.was, self.is_))
        for id in self.makers:
            if id not in before or id not in after:
                what = "decision maker added" if id not in before else "decision maker removed"
                yield ChangeStep("decision maker", what, {"who": self.label(id)})

    def option_steps(self) -> Iterator[ChangeStep]:
        """Yield the options added and removed."""
        for option in self.options:
            shut = self.shut(option)
            about = {"who": self.label(self.both.owner[option.id]), "option": option.label}
            if self.has(self.is_, option) and not self.has(self.was, option):
                yield ChangeStep("option", "option added", about, _without_rule(shut), ("option", option.id))
            elif self.has(self.was, option) and not self.has(self.is_, option):
                yield ChangeStep("option", "option removed", about, _with_rule(shut), ("option", option.id))

    def rule_steps(self) -> Iterator[ChangeStep]:
        """Yield the rules added and removed."""
        before, after = ({str(rule): rule for rule in version.rules} for version in (self.was, self.is_))
        if self.rules_reworded:
            yield ChangeStep("rule", "rules reworded", {})
            return
        for text, rule in before.items():
            if text not in after:
                yield ChangeStep("rule", "rule removed", {"rule": text}, _without_rule(rule), ("rule", text))
        for text, rule in after.items():
            if text not in before:
                yield ChangeStep("rule", "rule added", {"rule": text}, _with_rule(rule), ("rule", text))

    def mark_steps(self) -> Iterator[ChangeStep]:
        """Yield the changes of one-way options and merges."""
        whats = {True: "can only be taken", False: "can only be dropped", None: "can be taken and dropped"}
        for option in self.options:
            before, after = self.was.direction.get(option.id), self.is_.direction.get(option.id)
            if before != after:
                mark = next((one for one in self.is_.one_way if one.option == option.id), None)
                made, element = _with_mark(option.id, mark), ("one_way", option.id)
                yield ChangeStep("one-way option", whats[after], {"option": option.label}, made, element)
        was, is_ = (tuple(dict.fromkeys(str(one.condition) for one in one.merge)) for one in (self.was, self.is_))
        if set(was) != set(is_):
            merges = self.is_.merge
            made = partial(replace, merge=merges)
            yield ChangeStep("merge", "merges", {"before": was, "after": is_}, made, ("merge",))

    def preference_steps(self, id: str) -> Iterator[ChangeStep]:
        """Yield a decision maker's preferences that were added, removed or reordered."""
        was, is_ = self.maker_in(self.was, id).preferences, self.maker_in(self.is_, id).preferences
        who = {"who": self.label(id)}
        if not isinstance(was, Prioritising) or not isinstance(is_, Prioritising):
            if self.same_states and self.rank_alike(id):
                if type(was) is not type(is_):
                    yield ChangeStep("preference", "preferences in another form", who)
            elif was != is_:
                yield ChangeStep(
                    "preference", "other preferences", who, _with_preferences(id, lambda _: is_), ("preferences", id)
                )
            return
        before = [str(one.condition) for one in was.statements]
        after = [str(one.condition) for one in is_.statements]
        for text in dict.fromkeys(before):
            if text not in after:
                made = _with_preferences(id, _removing(text))
                yield ChangeStep(
                    "preference", "preference removed", {**who, "preference": text}, made, ("preference", id, text)
                )
        if count := self._reworded.get(id):
            yield ChangeStep("preference", "preferences reworded", {**who, "count": count})
        yield from self.certainty_steps(id, was, is_)
        kept = [text for text in dict.fromkeys(before) if text in after]
        order = [text for text in dict.fromkeys(after) if text in before]
        if kept != order:
            made = _with_preferences(id, _reordering(order))
            yield ChangeStep("preference", "preferences reordered", {**who, "order": tuple(order)}, made)
        for text in dict.fromkeys(after):
            if text not in before:
                place = after.index(text) + 1
                made = _with_preferences(id, _inserting(is_.statements[place - 1], after))
                about, element = {**who, "preference": text, "place": place}, ("preference", id, text)
                yield ChangeStep("preference", "preference added", about, made, element)

    def rank_alike(self, id: str) -> bool:
        """Tell whether a decision maker ranks the same states in the same way in both versions, however it is
        written.
        """
        was, is_ = self.maker_in(self.was, id).preferences, self.maker_in(self.is_, id).preferences
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

    def certainty_steps(self, id: str, was: Prioritising, is_: Prioritising) -> Iterator[ChangeStep]:
        """Yield the changed confidence, strength or direction of preferences that both versions have."""
        before, after = ({str(one.condition): one for one in reversed(prefs.statements)} for prefs in (was, is_))
        for text, one in before.items():
            other = after.get(text)
            if other is not None and one.marks != other.marks:
                about = {"who": self.label(id), "preference": text, "before": one.marks, "after": other.marks}
                yield ChangeStep("preference", "preference marked", about, _with_preferences(id, _marking(other)))

    def setting_steps(self, id: str) -> Iterator[ChangeStep]:
        """Yield the changes of how a decision maker treats unknown preferences, and of its thresholds."""
        was, is_ = self.maker_in(self.was, id), self.maker_in(self.is_, id)
        for name in ("facing_unknown", "thresholds"):
            value = getattr(is_, name)
            if getattr(was, name) != value:
                made = _with_maker(id, partial(_changed, name, value))
                yield ChangeStep("decision maker", name, {"who": self.label(id)}, made)

    def attitude_steps(self, id: str) -> Iterator[ChangeStep]:
        """Yield the changes of a decision maker's attitudes towards others."""
        was, is_ = self.maker_in(self.was, id), self.maker_in(self.is_, id)
        changed = tuple(
            (self.label(other), is_.attitude(other), was.attitude(other))
            for other in self.makers
            if is_.attitude(other) != was.attitude(other)
        )
        if changed:
            made = _with_maker(id, partial(_changed, "attitudes", is_.attitudes))
            yield ChangeStep("decision maker", "attitudes", {"who": self.label(id), "towards": changed}, made)

    def other_steps(self) -> Iterator[ChangeStep]:
        """Yield the changes of the standing coalitions and of the status quo."""
        if self.was.coalitions != self.is_.coalitions:
            groups = () if not self.is_.coalitions else self.groups(self.is_)
            written = tuple("+".join(group) for group in self.is_.coalitions)
            made = partial(replace, coalitions=groups)
            yield ChangeStep("coalition", "coalitions", {"groups": written}, made)
        before, after = (
            frozenset(version.status_quo.taken) if version.status_quo else None for version in (self.was, self.is_)
        )
        if before is None and after is not None:
            yield ChangeStep("status quo", "status quo added", {}, element=("status_quo",))
        elif before is not None and after is None:
            yield ChangeStep("status quo", "status quo removed", {}, element=("status_quo",))
        elif before is not None and after is not None and before != after:
            taken = tuple(option.label for option in self.options if option.id in after - before)
            dropped = tuple(option.label for option in self.options if option.id in before - after)
            yield ChangeStep("status quo", "status quo", {"taken": taken, "dropped": dropped}, element=("status_quo",))


def element_key(conflict: Conflict, at: Path) -> tuple[str, ...]:
    """Return what an element of a conflict is called in the changes between two models of it."""
    match at:
        case ("decision_makers", _, "options", str(option)):
            return "option", option
        case ("decision_makers", str(maker), "preferences", int(place)):
            wanted = conflict.decision_maker(maker).preferences
            statements = wanted.statements if isinstance(wanted, Prioritising) else ()
            return "preference", maker, str(statements[place].condition)
        case ("decision_makers", str(maker), *_):
            return "preferences", maker
        case ("rules", int(place)):
            return "rule", str(conflict.rules[place])
        case ("merge", *_):
            return ("merge",)
    return tuple(map(str, at))


def ranks_states(maker: DecisionMaker) -> bool:
    """Tell whether a decision maker's preferences list states."""
    return isinstance(maker.preferences, Ranking | Payoffs)


def _more_than_ranks(preferences: Preferences) -> bool:
    """Tell whether preferences contain more than a ranking: unknown direction, strength or confidence."""
    if isinstance(preferences, Ranking):
        return bool(preferences.great or preferences.unknown)
    return isinstance(preferences, Prioritising) and any(one.marks for one in preferences.statements)


def _with_rule(rule: Rule) -> Callable[[Parts], Parts]:
    return lambda parts: replace(parts, rules=[*parts.rules, rule])


def _without_rule(rule: Rule) -> Callable[[Parts], Parts]:
    return lambda parts: replace(parts, rules=[one for one in parts.rules if str(one) != str(rule)])


def _with_mark(option: str, mark: Any) -> Callable[[Parts], Parts]:
    def make(parts: Parts) -> Parts:
        others = [one for one in parts.one_way if one.option != option]
        return replace(parts, one_way=[*others, *([mark] if mark else [])])

    return make


def _with_maker(id: str, change: Callable[[DecisionMaker], DecisionMaker]) -> Callable[[Parts], Parts]:
    def make(parts: Parts) -> Parts:
        makers = [change(maker) if maker.id == id else maker for maker in parts.decision_makers]
        return replace(parts, decision_makers=makers)

    return make


def _changed(name: str, value: Any, maker: DecisionMaker) -> DecisionMaker:
    return replace(maker, **{name: value})


def _with_preferences(id: str, change: Callable[[Any], Preferences]) -> Callable[[Parts], Parts]:
    return _with_maker(id, lambda maker: replace(maker, preferences=change(maker.preferences)))


def _removing(text: str) -> Callable[[Prioritising], Prioritising]:
    return lambda was: replace(was, statements=tuple(one for one in was.statements if str(one.condition) != text))


def _marking(statement: PreferenceStatement) -> Callable[[Prioritising], Prioritising]:
    """Give a preference the confidence, strength and direction of this one."""
    marks = {name: getattr(statement, name) for name in ("confidence", "strength", "unknown")}
    text = str(statement.condition)
    return lambda was: replace(
        was,
        statements=tuple(replace(one, **marks) if str(one.condition) == text else one for one in was.statements),
    )


def _reordering(order: Sequence[str]) -> Callable[[Prioritising], Prioritising]:
    """Put the preferences that both versions have into the second version's order, in the same positions."""

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
    """Insert a preference after the nearest of those that precede it in the second version."""

    def make(was: Prioritising) -> Prioritising:
        place = after.index(str(statement.condition))
        # A repeated preference counts at its first position.
        earlier = list(dict.fromkeys(after[:place]))
        there = [str(one.condition) for one in was.statements]
        behind = next((there.index(text) + 1 for text in reversed(earlier) if text in there), 0)
        return replace(was, statements=(*was.statements[:behind], statement, *was.statements[behind:]))

    return make
