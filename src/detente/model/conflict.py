"""What a dispute is: decision makers and their options, rules, one-way marks, merges, preferences.

Everything is frozen and checked when it is put together, so a conflict that exists is a conflict that can be
compiled. Text is taken wherever a condition is wanted:

>>> conflict = ConflictModel(
...     title="A river",
...     decision_makers=[
...         DecisionMaker("upstream", options={"divert": "Divert the river"}, preferences=["divert"]),
...         DecisionMaker("downstream", options=["sanction"], preferences=["not divert", "not sanction"]),
...     ],
... )
>>> [option.id for option in conflict.options]
['divert', 'sanction']

Source of the option form: Howard (1971); Fang, Hipel & Kilgour (1993), ch. 2-3.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, fields, replace
from datetime import date
from functools import cached_property
from itertools import combinations
from typing import Any, Self, TypeVar

from detente.errors import Fault, InputError, UnknownNameError, nearest
from detente.model.conditions import And, Condition, If, Not, Or, Taken, as_condition, is_option_identifier
from detente.model.dates import last_day, parse_date
from detente.model.evidence import UNSUPPORTED, Support
from detente.model.history import Act, history_faults
from detente.model.names import distinct_labels, label_candidates, name_or_id
from detente.model.parts import Attitudes, View, as_attitudes
from detente.model.preferences import (
    ATTITUDES_TO_THE_UNKNOWN,
    DEFAULT_THRESHOLDS,
    NO_PREFERENCES,
    Payoffs,
    Preferences,
    Prioritising,
    Ranking,
    Thresholds,
    Weights,
    as_preferences,
)

#: The two readings of a vague date: from its latest day, or from its earliest.
UNDATED_READINGS = ("latest", "earliest")

RULE_KINDS = ("never", "always", "at_most_one", "at_least_one", "exactly_one")


@dataclass(frozen=True)
class Option:
    """Something that its decision maker can do or leave.

    ``label`` is what outputs call it: its name, or its identifier if it has no name. In a conflict in which another
    option has the same name, the label names the decision maker, too.
    """

    id: str
    name: str = ""
    support: Support = UNSUPPORTED
    label: str = field(init=False, repr=False, compare=False, default="")

    def __post_init__(self) -> None:
        object.__setattr__(self, "label", self.own_name)

    @property
    def own_name(self) -> str:
        """The name, or the identifier if there is no name to be seen; another option may have the same."""
        return name_or_id(self.name, self.id)


@dataclass(frozen=True)
class DecisionMaker:
    """Somebody who decides: its options and what it prefers.

    ``options`` may be given as a mapping of identifier to name or as a list of identifiers, and ``preferences`` as a
    list of conditions, most important first, or as any of the classes of `detente.model.preferences`.
    ``facing_unknown`` and ``thresholds`` are what it makes of preferences that nobody is sure of. ``attitudes`` says of
    whom it thinks how: a mapping of a decision maker's identifier to positive, neutral or negative.

    >>> DecisionMaker("upstream", attitudes={"downstream": "negative"}).attitude("downstream")
    'negative'
    """

    id: str
    name: str = ""
    options: tuple[Option, ...] = ()
    preferences: Preferences = NO_PREFERENCES
    support: Support = UNSUPPORTED
    facing_unknown: str = "b"
    thresholds: Thresholds = DEFAULT_THRESHOLDS
    attitudes: Attitudes = ()
    label: str = field(init=False, repr=False, compare=False, default="")

    def __init__(
        self,
        id: str,
        name: str = "",
        options: Mapping[str, str] | Iterable[Option | str] = (),
        preferences: Preferences | Iterable[Any] = NO_PREFERENCES,
        support: Support = UNSUPPORTED,
        facing_unknown: str = "b",
        thresholds: Thresholds = DEFAULT_THRESHOLDS,
        attitudes: Mapping[str, str] | Iterable[tuple[str, str]] = (),
    ) -> None:
        if facing_unknown not in ATTITUDES_TO_THE_UNKNOWN:
            raise UnknownNameError("attitude to the unknown", facing_unknown, ATTITUDES_TO_THE_UNKNOWN)
        if isinstance(options, Mapping):
            options = [Option(key, value) for key, value in options.items()]
        made = tuple(Option(item) if isinstance(item, str) else item for item in options)
        for name_, value in (
            ("id", id), ("name", name), ("options", made),
            ("preferences", as_preferences(preferences)), ("support", support),
            ("facing_unknown", facing_unknown), ("thresholds", thresholds),
            ("attitudes", as_attitudes(attitudes)), ("label", name_or_id(name, id)),
        ):  # fmt: skip
            object.__setattr__(self, name_, value)

    @property
    def own_name(self) -> str:
        """The name, or the identifier if there is no name to be seen; another decision maker may have the same."""
        return name_or_id(self.name, self.id)

    def attitude(self, towards: str) -> str:
        """Return the attitude towards a decision maker: positive towards itself, else neutral, where none is given."""
        default = "positive" if towards == self.id else "neutral"
        return dict(self.attitudes).get(towards, default)


@dataclass(frozen=True)
class Rule:
    """What makes a state infeasible.

    ``kind`` is one of `RULE_KINDS`; ``conditions`` holds one condition for ``never`` and ``always``, and the
    alternatives for the others. The categories are those of GMCR II (Fang, Hipel, Kilgour & Peng 2003).
    """

    kind: str
    conditions: tuple[Condition, ...]
    support: Support = UNSUPPORTED

    def __init__(
        self,
        kind: str,
        conditions: Condition | str | Iterable[Condition | str],
        support: Support = UNSUPPORTED,
    ) -> None:
        if kind not in RULE_KINDS:
            raise InputError([Fault(f"unknown kind of rule '{kind}'", suggestion=nearest(kind, RULE_KINDS))])
        if isinstance(conditions, Condition | str):
            conditions = [conditions]
        made = tuple(as_condition(item) for item in conditions)
        object.__setattr__(self, "kind", kind)
        object.__setattr__(self, "conditions", made)
        object.__setattr__(self, "support", support)

    def must_hold(self) -> tuple[Condition, ...]:
        """Return the conditions that every feasible state meets, each as small as it can be."""
        if self.kind == "never":
            return tuple(Not(condition) for condition in self.conditions)
        if self.kind == "always":
            return self.conditions
        at_least = (Or(self.conditions),) if len(self.conditions) > 1 else self.conditions
        at_most = tuple(Not(And(pair)) for pair in combinations(self.conditions, 2))
        return {"at_most_one": at_most, "at_least_one": at_least, "exactly_one": (*at_least, *at_most)}[self.kind]

    def __str__(self) -> str:
        if self.kind == "always" and isinstance(self.conditions[0], If):
            return str(self.conditions[0])
        if self.kind in ("never", "always"):
            return f"{self.kind}: {self.conditions[0]}"
        return f"{self.kind}: [{', '.join(map(str, self.conditions))}]"


def never(condition: Condition | str) -> Rule:
    """Make the rule that no feasible state meets the condition."""
    return Rule("never", condition)


def always(condition: Condition | str) -> Rule:
    """Make the rule that every feasible state meets the condition."""
    return Rule("always", condition)


def at_most_one(*conditions: Condition | str) -> Rule:
    """Make the rule that no two of the conditions hold together."""
    return Rule("at_most_one", conditions)


def at_least_one(*conditions: Condition | str) -> Rule:
    """Make the rule that one or more of the conditions hold."""
    return Rule("at_least_one", conditions)


def exactly_one(*conditions: Condition | str) -> Rule:
    """Make the rule that one and only one of the conditions holds."""
    return Rule("exactly_one", conditions)


@dataclass(frozen=True)
class OneWay:
    """An option that can be changed in one direction only: to taken, or to not taken."""

    option: str
    to_taken: bool
    support: Support = UNSUPPORTED


@dataclass(frozen=True)
class Merge:
    """All states that meet the condition are one state (Peng 1999: coalescing)."""

    condition: Condition
    support: Support = UNSUPPORTED


@dataclass(frozen=True)
class NamedState:
    """A name for the state at which exactly these options are taken."""

    name: str
    taken: frozenset[str]
    support: Support = UNSUPPORTED


@dataclass(frozen=True)
class StatusQuo:
    """The state that the dispute is in: the options taken at the model's date."""

    taken: frozenset[str]
    support: Support = UNSUPPORTED


@dataclass(frozen=True)
class ConflictModel:
    """A dispute, written down.

    Two conflicts are equal when everything written in them is. ``sources`` and ``statements``, and those of the
    ``dossiers``, are what the elements' `Support` points to; this layer does not look into them.

    ``as_of`` is the date that the model and its ``status_quo`` describe, ``history`` the dated acts around it.
    ``day`` and ``undated`` say which day is asked about instead, and how vague dates are read; ``solved_for`` says that
    this is the model of a day already, and how it came about (`detente.model.day.model_of_day`); ``untaken`` are
    the options that are not in it, and so not taken in any state.

    Raises
    ------
    InputError
        With every fault found: names used twice, options nobody has, groups that do not fit.
    """

    title: str
    decision_makers: tuple[DecisionMaker, ...]
    rules: tuple[Rule, ...] = ()
    one_way: tuple[OneWay, ...] = ()
    merge: tuple[Merge, ...] = ()
    status_quo: StatusQuo | None = None
    states: tuple[NamedState, ...] = ()
    coalitions: tuple[tuple[str, ...], ...] = ()
    views: tuple[View, ...] = ()
    summary: str = ""
    as_of: str | None = None
    citation: tuple[str, ...] = ()
    notes: str = ""
    dossiers: tuple[Any, ...] = ()
    speakers: Mapping[str, str] = field(default_factory=dict, hash=False)
    sources: tuple[Any, ...] = ()
    statements: tuple[Any, ...] = ()
    history: tuple[Act, ...] = ()
    day: str | None = None
    undated: str = "latest"
    untaken: tuple[str, ...] = ()
    solved_for: Any = field(default=None, compare=False, repr=False)

    def __init__(
        self,
        title: str,
        decision_makers: Iterable[DecisionMaker],
        rules: Iterable[Rule | Condition | str] = (),
        one_way: Mapping[str, bool] | Iterable[OneWay] = (),
        merge: Iterable[Merge | Condition | str] = (),
        status_quo: StatusQuo | Iterable[str] | None = None,
        states: Mapping[str, Iterable[str]] | Iterable[NamedState] = (),
        coalitions: Iterable[Iterable[str]] = (),
        views: Iterable[View] = (),
        summary: str = "",
        as_of: str | None = None,
        citation: Iterable[str] = (),
        notes: str = "",
        dossiers: Iterable[Any] = (),
        speakers: Mapping[str, str] | None = None,
        sources: Iterable[Any] = (),
        statements: Iterable[Any] = (),
        history: Iterable[Act] = (),
        day: str | None = None,
        undated: str = "latest",
        untaken: Iterable[str] = (),
        solved_for: Any = None,
    ) -> None:
        if isinstance(one_way, Mapping):
            one_way = [OneWay(option, to_taken) for option, to_taken in one_way.items()]
        if isinstance(states, Mapping):
            states = [NamedState(name, frozenset(taken)) for name, taken in states.items()]
        if status_quo is not None and not isinstance(status_quo, StatusQuo):
            status_quo = StatusQuo(frozenset(status_quo))
        made: dict[str, Any] = {
            "title": title,
            "decision_makers": _labelled(tuple(decision_makers)),
            "rules": tuple(rule if isinstance(rule, Rule) else always(rule) for rule in rules),
            "one_way": tuple(one_way),
            "merge": tuple(item if isinstance(item, Merge) else Merge(as_condition(item)) for item in merge),
            "status_quo": status_quo,
            "states": tuple(states),
            "coalitions": tuple(tuple(group) for group in coalitions),
            "views": tuple(views),
            "summary": summary,
            "as_of": as_of,
            "citation": tuple(citation),
            "notes": notes,
            "dossiers": tuple(dossiers),
            "speakers": dict(speakers or {}),
            "sources": tuple(sources),
            "statements": tuple(statements),
            "history": tuple(history),
            "day": day,
            "undated": undated,
            "untaken": tuple(untaken),
            "solved_for": solved_for,
        }
        for name, value in made.items():
            object.__setattr__(self, name, value)
        faults = list(_faults(self))
        if faults:
            raise InputError(faults)

    @cached_property
    def options(self) -> tuple[Option, ...]:
        """All options in the order of states: decision maker by decision maker, as written."""
        return tuple(option for maker in self.decision_makers for option in maker.options)

    @cached_property
    def owner(self) -> Mapping[str, str]:
        """The decision maker's identifier for each option."""
        return {option.id: maker.id for maker in self.decision_makers for option in maker.options}

    @cached_property
    def players(self) -> tuple[tuple[str, ...], ...]:
        """Who plays: every decision maker alone, or the standing coalitions where the conflict lists some."""
        return self.coalitions or tuple((maker.id,) for maker in self.decision_makers)

    @cached_property
    def constraints(self) -> tuple[Condition, ...]:
        """The conditions that every feasible state meets."""
        ruled = tuple(condition for rule in self.rules for condition in rule.must_hold())
        return (*ruled, *(Not(Taken(option)) for option in self.untaken))

    @cached_property
    def direction(self) -> Mapping[str, bool]:
        """For each one-way option whether it can only become taken (True) or only be dropped (False)."""
        return {mark.option: mark.to_taken for mark in self.one_way}

    @cached_property
    def last_day(self) -> date | None:
        """The day that the file's model and status quo describe: the last day of ``as_of``."""
        return None if self.as_of is None else last_day(self.as_of)

    @cached_property
    def solved_day(self) -> date | None:
        """The day whose model answers are about: ``day``, else ``as_of``; None where dates decide nothing."""
        return self.last_day if self.day is None else last_day(self.day)

    @cached_property
    def all_sources(self) -> tuple[Any, ...]:
        """The sources of the conflict's own and of its dossiers."""
        return tuple(source for part in (*self.dossiers, self) for source in part.sources)

    @cached_property
    def all_statements(self) -> tuple[Any, ...]:
        """The statements of the conflict's own and of its dossiers."""
        return tuple(statement for part in (*self.dossiers, self) for statement in part.statements)

    @cached_property
    def all_speakers(self) -> Mapping[str, str]:
        """What outputs call everybody who speaks, decision makers included, by identifier; no two are alike."""
        makers = {maker.id: [maker.label] for maker in self.decision_makers}
        others = {
            id: label_candidates(name, id, number)
            for number, (id, name) in enumerate(self.speaker_names.items(), start=1)
        }
        return distinct_labels({**others, **makers})

    @cached_property
    def speaker_names(self) -> Mapping[str, str]:
        """The names of everybody who speaks as they are written, by identifier; two may have the same."""
        makers = {maker.id: maker.own_name for maker in self.decision_makers}
        others = {
            id: name_or_id(name or id, id) for part in (*self.dossiers, self) for id, name in part.speakers.items()
        }
        return {**others, **makers}

    @cached_property
    def digest(self) -> str:
        """A SHA-256 of everything that decides the answers, so that a result can say what it is about."""
        # A ranking may refer to states by name. Sets are sorted: their order differs from run to run.
        names = [(state.name, sorted(state.taken)) for state in self.states]
        quo = sorted(self.status_quo.taken) if self.status_quo else None
        parts: tuple[Any, ...] = (self.decision_makers, self.rules, self.one_way, self.merge, self.players, names, quo)
        parts += (self.views,) if self.views else ()
        parts += (self.untaken,) if self.untaken else ()
        return hashlib.sha256(repr(parts).encode()).hexdigest()

    def decision_maker(self, id: str) -> DecisionMaker:
        """Return the decision maker with this identifier; KeyError when there is none."""
        for maker in self.decision_makers:
            if maker.id == id:
                return maker
        raise KeyError(id)

    def option(self, id: str) -> Option:
        """Return the option with this identifier; KeyError when there is none."""
        for option in self.options:
            if option.id == id:
                return option
        raise KeyError(id)

    def pattern(self, taken: Iterable[str]) -> str:
        """Write the state at which exactly these options are taken as Y and N in option order."""
        taken = frozenset(taken)
        return "".join("Y" if option.id in taken else "N" for option in self.options)

    def breaks(self, taken: Iterable[str]) -> Rule | None:
        """Return the first rule that the state with these options taken breaks, or None when it is feasible."""
        taken = frozenset(taken)
        for rule in self.rules:
            if not all(condition.holds(taken) for condition in rule.must_hold()):
                return rule
        dropped = next((option for option in self.untaken if option in taken), None)
        return None if dropped is None else Rule("never", Taken(dropped))

    def replaced(self, **changes: Any) -> Self:
        """Return a copy with some fields changed."""
        values = {item.name: getattr(self, item.name) for item in fields(self)}
        return type(self)(**{**values, **changes})

    def marked(self, decision_maker: str, *conditions: Condition | str, **marks: Any) -> Self:
        """Return a copy in which some preferences of a decision maker are marked.

        ``marks`` are ``confidence``, ``strength`` and ``unknown``, as in `PreferenceStatement`.

        Raises
        ------
        UnknownNameError
            For a decision maker that there is not, or a condition that is no preference of its.
        """
        ids = [maker.id for maker in self.decision_makers]
        if decision_maker not in ids:
            raise UnknownNameError("decision maker", decision_maker, ids)
        preferences = self.decision_maker(decision_maker).preferences
        statements = preferences.statements if isinstance(preferences, Prioritising) else ()
        wanted = [as_condition(condition) for condition in conditions]
        known = {statement.condition for statement in statements}
        for condition in wanted:
            if condition not in known:
                raise UnknownNameError(f"preference of '{decision_maker}'", condition, map(str, known))
        made = Prioritising(tuple(replace(one, **marks) if one.condition in wanted else one for one in statements))
        makers = [
            replace(maker, preferences=made) if maker.id == decision_maker else maker for maker in self.decision_makers
        ]
        return self.replaced(decision_makers=makers)


Path = tuple[str | int, ...]
Named = TypeVar("Named", Option, DecisionMaker)


def _labelled(makers: tuple[DecisionMaker, ...]) -> tuple[DecisionMaker, ...]:
    """Return decision makers whose labels, and those of their options, are unique among them."""
    parties = distinct_labels(
        {place: label_candidates(one.own_name, one.id, place + 1) for place, one in enumerate(makers)}
    )
    options = distinct_labels(
        {
            (place, number): label_candidates(option.own_name, option.id, number + 1, parties[place])
            for place, maker in enumerate(makers)
            for number, option in enumerate(maker.options)
        }
    )
    made = []
    for place, maker in enumerate(makers):
        own = tuple(_labelled_as(options[place, number], option) for number, option in enumerate(maker.options))
        if any(new is not old for new, old in zip(own, maker.options, strict=True)):
            maker = copy(maker)
            object.__setattr__(maker, "options", own)
        made.append(_labelled_as(parties[place], maker))
    return tuple(made)


def _labelled_as(label: str, one: Named) -> Named:
    """Return a copy with a label, which only a conflict can give; the same object if it has it already."""
    if one.label == label:
        return one
    made = copy(one)
    object.__setattr__(made, "label", label)
    return made


def supports(conflict: ConflictModel) -> Iterator[tuple[Path, Support]]:
    """Yield what every element that may rest on statements rests on, with the element's place in the conflict file."""
    for maker in conflict.decision_makers:
        at: Path = ("decision_makers", maker.id)
        yield at, maker.support
        for option in maker.options:
            yield (*at, "options", option.id), option.support
        yield from _preference_supports(maker.preferences, at)
    for place, rule in enumerate(conflict.rules):
        yield ("rules", place), rule.support
    for mark in conflict.one_way:
        yield ("one_way", mark.option), mark.support
    for place, merge in enumerate(conflict.merge):
        yield ("merge", place), merge.support
    if conflict.status_quo:
        yield ("status_quo",), conflict.status_quo.support
    for state in conflict.states:
        yield ("states", state.name), state.support
    for view in conflict.views:
        at = ("views", view.decision_maker)
        yield at, view.support
        for other, preferences in view.believes:
            believed: Path = (*at, "believes", other)
            yield believed, view.grounds_of(other)
            yield from _preference_supports(preferences, believed)
    for place, act in enumerate(conflict.history):
        yield ("history", place), act.support


def _preference_supports(preferences: Preferences, at: Path) -> Iterator[tuple[Path, Support]]:
    if isinstance(preferences, Prioritising):
        for place, statement in enumerate(preferences.statements):
            yield (*at, preferences.key, place), statement.support
    elif isinstance(preferences, Weights):
        for place, weight in enumerate(preferences.weights):
            yield (*at, preferences.key, place), weight.support
    elif isinstance(preferences, Ranking | Payoffs):
        yield (*at, preferences.key), preferences.support


def _faults(conflict: ConflictModel) -> Iterator[Fault]:
    makers = conflict.decision_makers
    yield from _repeated("decision maker", [(maker.id, ("decision_makers", maker.id)) for maker in makers])
    option_paths: list[tuple[str, Path]] = [
        (option.id, ("decision_makers", maker.id, "options", option.id)) for maker in makers for option in maker.options
    ]
    yield from _repeated("option", option_paths)
    yield from _repeated("state name", [(state.name, ("states", state.name)) for state in conflict.states])
    yield from _repeated("one-way option", [(mark.option, ("one_way", mark.option)) for mark in conflict.one_way])
    if not makers:
        yield Fault("a conflict needs at least one decision maker", at=("decision_makers",))
    for id, path in option_paths:
        if not is_option_identifier(id):
            yield Fault(
                f"'{id}' cannot name an option: use letters, digits, '_', '-' and '.', and none of the words "
                "and, or, not, if, then, iff",
                at=path,
                word=id,
            )
    known = [option.id for option in conflict.options]
    for path, mentioned in _mentions(conflict):
        for name in dict.fromkeys(mentioned):
            if name not in conflict.owner:
                yield Fault(f"unknown option '{name}'", suggestion=nearest(name, known), at=path, word=name)
    ids = [maker.id for maker in makers]
    for place, act in enumerate(conflict.history):
        if act.by not in ids:
            where: Path = ("history", place, "by")
            message = f"unknown decision maker '{act.by}'"
            yield Fault(message, suggestion=nearest(act.by, ids), at=where, word=act.by)
    dated = list(_date_faults(conflict))
    yield from dated
    if not dated:
        quo = conflict.status_quo
        taken = quo.taken if quo else None
        yield from history_faults(conflict.history, taken, conflict.as_of, conflict.owner, conflict.direction)
    yield from _attitude_faults(conflict)
    yield from _coalition_faults(conflict)
    yield from _view_faults(conflict)


def _repeated(what: str, names: Sequence[tuple[str, Path]]) -> Iterator[Fault]:
    seen = set()
    for name, path in names:
        if name in seen:
            yield Fault(f"{what} '{name}' is there twice", at=path, word=name)
        seen.add(name)


def _mentions(conflict: ConflictModel) -> Iterator[tuple[Path, Iterable[str]]]:
    """Yield where options are mentioned, as a path through the keys of the conflict file, and which."""
    for maker in conflict.decision_makers:
        for place, condition in enumerate(maker.preferences.conditions()):
            yield ("decision_makers", maker.id, maker.preferences.key, place), condition.options()
    for place, rule in enumerate(conflict.rules):
        for condition in rule.conditions:
            yield ("rules", place), condition.options()
    for mark in conflict.one_way:
        yield ("one_way", mark.option), [mark.option]
    for place, merged in enumerate(conflict.merge):
        yield ("merge", place), merged.condition.options()
    if conflict.status_quo:
        yield ("status_quo",), sorted(conflict.status_quo.taken)
    for state in conflict.states:
        yield ("states", state.name), sorted(state.taken)
    for place, act in enumerate(conflict.history):
        yield ("history", place, "takes"), act.takes
        yield ("history", place, "drops"), act.drops
    for view in conflict.views:
        at: Path = ("views", view.decision_maker)
        yield (*at, "does_not_see"), view.does_not_see
        for other, preferences in view.believes:
            for place, condition in enumerate(preferences.conditions()):
                yield (*at, "believes", other, preferences.key, place), condition.options()


def _date_faults(conflict: ConflictModel) -> Iterator[Fault]:
    for key in ("as_of", "day"):
        text = getattr(conflict, key)
        try:
            if text is not None:
                last_day(text)
        except ValueError as error:
            yield Fault(str(error), at=(key,), word=text)
    if conflict.undated not in UNDATED_READINGS:
        message = f"unknown reading of dates '{conflict.undated}'"
        yield Fault(message, suggestion=nearest(conflict.undated, UNDATED_READINGS), at=("undated",))
    for at, support in supports(conflict):
        days = []
        for key in ("since", "until"):
            text = getattr(support, key)
            try:
                days.append(None if text is None else parse_date(text))
            except ValueError as error:
                yield Fault(str(error), at=(*at, key), word=text)
        first, last = days if len(days) == 2 else (None, None)
        if first and last and first.earliest and last.latest and first.earliest > last.latest:
            message = f"'since' ({support.since}) is after 'until' ({support.until})"
            yield Fault(message, at=(*at, "since"), word=support.since)


def _attitude_faults(conflict: ConflictModel) -> Iterator[Fault]:
    known = [maker.id for maker in conflict.decision_makers]
    for maker in conflict.decision_makers:
        for towards, _ in maker.attitudes:
            if towards not in known:
                yield Fault(
                    f"unknown decision maker '{towards}'",
                    suggestion=nearest(towards, known),
                    at=("decision_makers", maker.id, "attitudes", towards),
                    word=towards,
                )


def _coalition_faults(conflict: ConflictModel) -> Iterator[Fault]:
    if not conflict.coalitions:
        return
    at: Path = ("coalitions",)
    known = [maker.id for maker in conflict.decision_makers]
    members = [(member, (*at, place)) for place, group in enumerate(conflict.coalitions) for member in group]
    for member, path in members:
        if member not in known:
            yield Fault(f"unknown decision maker '{member}'", suggestion=nearest(member, known), at=path, word=member)
    yield from _repeated("in coalitions, decision maker", members)
    named = {member for member, _ in members}
    missing = [name for name in known if name not in named]
    if missing:
        yield Fault(f"coalitions must name every decision maker: {', '.join(missing)} missing", at=at)
    if any(not group for group in conflict.coalitions):
        yield Fault("an empty coalition", at=at)


def _view_faults(conflict: ConflictModel) -> Iterator[Fault]:
    known = [maker.id for maker in conflict.decision_makers]
    yield from _repeated(
        "the view of", [(view.decision_maker, ("views", view.decision_maker)) for view in conflict.views]
    )
    for view in conflict.views:
        at: Path = ("views", view.decision_maker)
        mine = view.decision_maker
        for name, path in [(mine, at), *((other, (*at, "believes", other)) for other, _ in view.believes)]:
            if name not in known:
                yield Fault(f"unknown decision maker '{name}'", suggestion=nearest(name, known), at=path, word=name)
        for option in view.does_not_see:
            if conflict.owner.get(option) == mine:
                message = f"'{option}' is an option of '{mine}' itself: it sees what it can do"
                yield Fault(message, at=(*at, "does_not_see"), word=option)
        if any(other == mine for other, _ in view.believes):
            message = f"'{mine}' knows its own preferences: write them with the decision maker"
            yield Fault(message, at=(*at, "believes", mine), word=mine)
