"""A dispute: its parts, checked together, with the day that questions are about.

Everything is immutable and checked on creation, so every existing conflict can be compiled. The parts are in
`detente.model.parts`, the checks in `detente.model.checks`, the questions in `detente.model.questions` and
`detente.model.sensitivity`.

Source of the option form: Howard (1971); Fang, Hipel & Kilgour (1993), ch. 2-3.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field, fields, replace
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Any, Self

from detente.errors import Fault, InputError, UnknownNameError
from detente.lazy import dataclass, lazy
from detente.model.checks import (
    actor_faults,
    attitude_faults,
    coalition_faults,
    date_faults,
    mention_faults,
    name_faults,
    view_faults,
)
from detente.model.conditions import Condition, Not, Taken, as_condition
from detente.model.dates import last_day
from detente.model.evidence import DisputedElement, Dropped, Path, Support, Testimony, element_name
from detente.model.history import Act, history_faults
from detente.model.names import distinct_labels, label_candidates, name_or_id
from detente.model.parts import (
    DecisionMaker,
    Merge,
    NamedState,
    OneWay,
    Option,
    Rule,
    StatusQuo,
    View,
    always,
    with_labels,
)
from detente.model.preferences import Prioritising
from detente.model.questions import StabilityQuestions
from detente.model.sensitivity import SensitivityQuestions
from detente.model.statements import Dossier, Link, Skipped, Source, Statement

hashlib = lazy("hashlib")

#: What a conflict keeps of its statements.
_OF_STATEMENTS = ("all_sources", "all_statements", "all_testimony")


@dataclass(frozen=True)
class Conflict(StabilityQuestions, SensitivityQuestions):
    """A dispute: parties, options, rules, preferences and statements, with methods for every question.

    `detente.load` creates it from a file; it can also be created in code. Two conflicts are equal if all their parts
    are.

    Parameters
    ----------
    title, summary, citation, notes
        The name of the dispute, and remarks without effect on the answers.
    decision_makers
        The parties that decide, with their options and preferences.
    rules
        What makes states infeasible; a condition stands for the rule that it is always true.
    one_way
        The options that can change in one direction only.
    merge
        Conditions; all states that meet the same one are one state.
    status_quo
        The options taken on the day of ``as_of``.
    states
        Names of states.
    coalitions
        Standing coalitions, which are the players in place of their members; if given, every party is in one of them.
    views
        How parties perceive the dispute, if differently.
    as_of
        The date that the model and its ``status_quo`` describe.
    history
        Dated acts, in order.
    dossiers, speakers, sources, statements, skipped, links
        Who said what, and where; passages that a person rejected; relations that a person accepted or refused.
    day, undated
        The day that questions are about (default: ``as_of``), and the reading of vague dates (see `at`).
    untaken, solved_for
        For the model of a day (`detente.model.day.model_of_day`): the options that are not in it, and so are not taken
        in any state; and how the model was derived.

    Raises
    ------
    InputError
        With every fault found, such as names used twice, unknown options or incomplete coalitions.

    Examples
    --------
    >>> from detente import Conflict, DecisionMaker
    >>> up = DecisionMaker("upstream", options={"divert": "Divert the river"}, preferences=["divert"])
    >>> down = DecisionMaker("downstream", options=["sanction"], preferences=["not divert", "not sanction"])
    >>> Conflict("A river", [up, down]).analyze(["nash"]).equilibria("nash")
    (State(2, 'YN'),)
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
    dossiers: tuple[Dossier, ...] = ()
    speakers: Mapping[str, str] = field(default_factory=dict, hash=False)
    sources: tuple[Source, ...] = ()
    statements: tuple[Statement, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    links: tuple[Link, ...] = ()
    history: tuple[Act, ...] = ()
    day: str | None = None
    undated: str = "latest"
    untaken: tuple[str, ...] = ()
    solved_for: Basis | None = field(default=None, compare=False, repr=False)

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
        dossiers: Iterable[Dossier] = (),
        speakers: Mapping[str, str] | None = None,
        sources: Iterable[Source] = (),
        statements: Iterable[Statement] = (),
        skipped: Iterable[Skipped] = (),
        links: Iterable[Link] = (),
        history: Iterable[Act] = (),
        day: str | None = None,
        undated: str = "latest",
        untaken: Iterable[str] = (),
        solved_for: Basis | None = None,
    ) -> None:
        if isinstance(one_way, Mapping):
            one_way = [OneWay(option, to_taken) for option, to_taken in one_way.items()]
        if isinstance(states, Mapping):
            states = [NamedState(name, frozenset(taken)) for name, taken in states.items()]
        if status_quo is not None and not isinstance(status_quo, StatusQuo):
            status_quo = StatusQuo(frozenset(status_quo))
        made: dict[str, Any] = {
            "title": title,
            "decision_makers": with_labels(tuple(decision_makers)),
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
            "skipped": tuple(skipped),
            "links": tuple(links),
            "history": tuple(history),
            "day": day,
            "undated": undated,
            "untaken": tuple(untaken),
            "solved_for": solved_for,
        }
        vars(self).update(made)
        if faults := list(self._faults()):
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
        """The players: the standing coalitions if the conflict lists some, or else every decision maker alone."""
        return self.coalitions or tuple((maker.id,) for maker in self.decision_makers)

    @cached_property
    def player_ids(self) -> tuple[str, ...]:
        """The names of the players in results: a decision maker's identifier, or ``a+b`` for a standing coalition."""
        return tuple("+".join(members) for members in self.players)

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
        """The day whose model answers are about: ``day``, or else ``as_of``; None if dates have no effect."""
        return self.last_day if self.day is None else last_day(self.day)

    @property
    def _records(self) -> tuple[Dossier | Conflict, ...]:
        return (*self.dossiers, self)

    @cached_property
    def all_sources(self) -> tuple[Source, ...]:
        """The sources of the conflict and of its dossiers."""
        return tuple(source for part in self._records for source in part.sources)

    @cached_property
    def all_statements(self) -> tuple[Statement, ...]:
        """The statements of the conflict and of its dossiers."""
        return tuple(statement for part in self._records for statement in part.statements)

    @cached_property
    def all_speakers(self) -> Mapping[str, str]:
        """The unique display names of all speakers, decision makers included, by identifier."""
        makers = {maker.id: [maker.label] for maker in self.decision_makers}
        others = {
            id: label_candidates(name, id, number)
            for number, (id, name) in enumerate(self.speaker_names.items(), start=1)
        }
        return distinct_labels({**others, **makers})

    @cached_property
    def speaker_names(self) -> Mapping[str, str]:
        """The names of all speakers as written, by identifier; two speakers may have the same name."""
        makers = {maker.id: maker.own_name for maker in self.decision_makers}
        others = {id: name_or_id(name or id, id) for part in self._records for id, name in part.speakers.items()}
        return {**others, **makers}

    @cached_property
    def party_of(self) -> Mapping[str, str]:
        """The decision maker whose position a speaker's statements express, by the speaker's identifier.

        A decision maker speaks for itself; a spokesperson for whom the actors of the dossiers say, if they agree.
        """
        makers = {maker.id: maker.id for maker in self.decision_makers}
        told: dict[str, set[str | None]] = {}
        for one in (actor for dossier in self.dossiers for actor in dossier.actors):
            told.setdefault(one.id, set()).add(one.speaks_for)
        spoken = {id: party for id, (party, *others) in told.items() if party in makers and not others}
        return {**{id: str(party) for id, party in spoken.items()}, **makers}

    @cached_property
    def digest(self) -> str:
        """A SHA-256 digest of everything that affects the answers, so that a result identifies its conflict."""
        # Names of states count, because a ranking may use them. The order of sets varies between runs.
        names = [(state.name, sorted(state.taken)) for state in self.states]
        quo = sorted(self.status_quo.taken) if self.status_quo else None
        parts: tuple[Any, ...] = (self.decision_makers, self.rules, self.one_way, self.merge, self.players, names, quo)
        parts += tuple(part for part in (self.views, self.untaken) if part)
        return str(hashlib.sha256(repr(parts).encode()).hexdigest())

    def decision_maker(self, id: str) -> DecisionMaker:
        """Return the decision maker with this identifier; KeyError if it does not exist."""
        for maker in self.decision_makers:
            if maker.id == id:
                return maker
        raise KeyError(id)

    def option(self, id: str) -> Option:
        """Return the option with this identifier; KeyError if it does not exist."""
        for option in self.options:
            if option.id == id:
                return option
        raise KeyError(id)

    def pattern(self, taken: Iterable[str]) -> str:
        """Return the state at which exactly these options are taken as Y and N in option order."""
        taken = frozenset(taken)
        return "".join("Y" if option.id in taken else "N" for option in self.options)

    def breaks(self, taken: Iterable[str]) -> Rule | None:
        """Return the first rule that the state with these options taken breaks; None if it is feasible."""
        taken = frozenset(taken)
        for rule in self.rules:
            if not all(condition.holds(taken) for condition in rule.must_hold()):
                return rule
        dropped = next((option for option in self.untaken if option in taken), None)
        return None if dropped is None else Rule("never", Taken(dropped))

    def replaced(self, **changes: Any) -> Self:
        """Return a copy with some fields changed."""
        made = type(self)(**({item.name: getattr(self, item.name) for item in fields(self)} | changes))
        if changes.keys().isdisjoint(("dossiers", "sources", "statements")):
            # What is known of the statements of a large dossier took a while to find out.
            vars(made).update({name: vars(self)[name] for name in _OF_STATEMENTS if name in vars(self)})
        return made

    def marked(
        self,
        decision_maker: str,
        *conditions: Condition | str,
        confidence: float | str | Fraction | None = None,
        strength: str | None = None,
        unknown: bool | None = None,
    ) -> Self:
        """Return a copy in which some preferences of a decision maker are marked.

        Parameters
        ----------
        decision_maker
            The identifier of the decision maker.
        conditions
            The preferences to mark.
        confidence, strength, unknown
            The marks, as in `PreferenceStatement`; None leaves a mark unchanged.

        Raises
        ------
        UnknownNameError
            For an unknown decision maker, or a condition that is not one of its preferences.
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
        given = {"confidence": confidence, "strength": strength, "unknown": unknown}
        marks: dict[str, Any] = {key: value for key, value in given.items() if value is not None}
        made = Prioritising(tuple(replace(one, **marks) if one.condition in wanted else one for one in statements))
        makers = [
            replace(maker, preferences=made) if maker.id == decision_maker else maker for maker in self.decision_makers
        ]
        return self.replaced(decision_makers=makers)

    # The day

    @property
    def written(self) -> Conflict:
        """The conflict as written, from which this one may have been derived as the model of a day."""
        return self if self.solved_for is None else self.solved_for.written

    @property
    def basis(self) -> Basis:
        """How this model was derived; for a conflict as written, nothing has been dropped."""
        return self.solved_for or Basis(self, self.solved_day, self.undated)

    def at(self, day: str, undated: str | None = None) -> Conflict:
        """Return the conflict with another day that questions are about.

        Only the day changes. The elements of its model and its status quo are derived from the statements, the dates
        and the history of the file when a question is asked.

        Parameters
        ----------
        day
            A date, such as ``2022-04-01``; a month or a year means its last day.
        undated
            The reading of vague dates: ``latest`` (a statement counts from the latest day on which it can have been
            said) or ``earliest``. None keeps the reading.

        Raises
        ------
        InputError
            For text that is not a date, or an unknown reading.
        """
        return self.written.replaced(day=day, undated=undated or self.undated)

    def testimony(self, *, opened: Iterable[str] = (), fixed: Iterable[tuple[str, bool]] = ()) -> Testimony:
        """Return the statements of the conflict and of its dossiers, on the day that questions are about.

        Parameters
        ----------
        opened
            Statements that an account may believe or not although they are not disputed.
        fixed
            Statements that every account believes (True) or that none believes (False).
        """
        return self.all_testimony.varied(self.solved_day, self.undated, tuple(opened), tuple(fixed))

    @cached_property
    def all_testimony(self) -> Testimony:
        """The statements of the conflict and of its dossiers, on no day; copies of the conflict share it."""
        return Testimony(self.all_statements, self.all_sources)

    def statements_in_force(self) -> tuple[str, ...]:
        """Return the statements in force on the conflict's day, each named by its original, in the order written.

        All disputed statements are believed; see `detente.model.evidence` for the rule.
        """
        testimony = self.written.testimony()
        in_force = testimony.in_force()
        return tuple(id for id in testimony.copies if id in in_force)

    # Elements and faults

    def supports(self) -> Iterator[tuple[Path, Support]]:
        """Yield the support of every element that can have evidence, with the element's place in the conflict file."""
        for maker in self.decision_makers:
            at: Path = ("decision_makers", maker.id)
            yield at, maker.support
            for option in maker.options:
                yield (*at, "options", option.id), option.support
            for place, support in maker.preferences.supports():
                yield (*at, *place), support
        for number, rule in enumerate(self.rules):
            yield ("rules", number), rule.support
        for mark in self.one_way:
            yield ("one_way", mark.option), mark.support
        for number, merge in enumerate(self.merge):
            yield ("merge", number), merge.support
        if self.status_quo:
            yield ("status_quo",), self.status_quo.support
        for state in self.states:
            yield ("states", state.name), state.support
        for view in self.views:
            at = ("views", view.decision_maker)
            yield at, view.support
            for other, preferences in view.believes:
                yield (*at, "believes", other), view.grounds_of(other)
                for place, support in preferences.supports():
                    yield (*at, "believes", other, *place), support
        for number, act in enumerate(self.history):
            yield ("history", number), act.support

    def _mentions(self) -> Iterator[tuple[Path, Iterable[str]]]:
        """Yield the mentions of options, with the place in the conflict file."""
        for maker in self.decision_makers:
            for place, condition in enumerate(maker.preferences.conditions()):
                yield ("decision_makers", maker.id, maker.preferences.key, place), condition.options()
        for place, rule in enumerate(self.rules):
            for condition in rule.conditions:
                yield ("rules", place), condition.options()
        for mark in self.one_way:
            yield ("one_way", mark.option), [mark.option]
        for place, merged in enumerate(self.merge):
            yield ("merge", place), merged.condition.options()
        if self.status_quo:
            yield ("status_quo",), sorted(self.status_quo.taken)
        for state in self.states:
            yield ("states", state.name), sorted(state.taken)
        for place, act in enumerate(self.history):
            yield ("history", place, "takes"), act.takes
            yield ("history", place, "drops"), act.drops
        for view in self.views:
            at: Path = ("views", view.decision_maker)
            yield (*at, "does_not_see"), view.does_not_see
            for other, preferences in view.believes:
                for place, condition in enumerate(preferences.conditions()):
                    yield (*at, "believes", other, preferences.key, place), condition.options()

    def _faults(self) -> Iterator[Fault]:
        ids = [maker.id for maker in self.decision_makers]
        yield from name_faults(self.decision_makers, self.states, self.one_way)
        yield from mention_faults(self._mentions(), self.owner)
        yield from actor_faults(self.history, ids)
        dated = list(date_faults(self.as_of, self.day, self.undated, self.supports()))
        yield from dated
        if not dated:
            taken = self.status_quo.taken if self.status_quo else None
            yield from history_faults(self.history, taken, self.as_of, self.owner, self.direction, ids)
        yield from attitude_faults(self.decision_makers)
        yield from coalition_faults(self.coalitions, ids)
        yield from view_faults(self.views, self.owner, ids)


@dataclass(frozen=True)
class Basis:
    """How the model of a day was derived.

    Attributes
    ----------
    written
        The conflict as written, with all elements.
    day, undated
        The day (None if dates have no effect) and the reading of vague dates.
    dropped
        The elements that are not in the model.
    infeasible
        The named states, and the status quo, that a rule of this day forbids, each with its place in the file.
    without_date
        The statements without any date that are evidence of elements; they count on every day.
    disputed
        The elements that depend on disputed statements.
    skipped_acts
        The acts whose evidence is not in force, numbered from 1.
    """

    written: Conflict
    day: date | None
    undated: str
    dropped: tuple[Dropped, ...] = ()
    infeasible: tuple[tuple[Path, Rule], ...] = ()
    without_date: tuple[str, ...] = ()
    disputed: tuple[DisputedElement, ...] = ()
    skipped_acts: tuple[int, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return what every answer reports about its model, as plain data."""
        return {
            **self.in_short(),
            "undated": self.undated,
            "disputed": [one.to_dict() for one in self.disputed],
            "infeasible": [{"element": element_name(at), "rule": str(rule)} for at, rule in self.infeasible],
            "without_date": list(self.without_date),
            "skipped_acts": list(self.skipped_acts),
        }

    def in_short(self) -> dict[str, Any]:
        """Return the day and the dropped elements as plain data, under the fixed keys of an analysis."""
        return {
            "as_of": self.day.isoformat() if self.day else None,
            "dropped": [one.to_dict() for one in self.dropped],
        }
