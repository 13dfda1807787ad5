"""The parts of a dispute: decision makers and their options, rules, one-way marks, merges, named states and views.

Everything is immutable. Text is accepted wherever a condition is expected:

>>> print(never("compensate and not divert"))
never: compensate and not divert

An *attitude* is a decision maker's stance towards another, or towards itself. *Positive*: it accepts nothing that is
worse for the other. *Negative*: it wants what is worse for the other. *Neutral*: the other's preference does not matter
(Inohara, Hipel & Walker 2007). Concepts without attitudes ignore them.

Sources of the option form: Howard (1971); Fang, Hipel & Kilgour (1993), ch. 2-3.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import field
from itertools import combinations
from typing import Any, TypeVar

from detente.errors import Fault, InputError, UnknownNameError, nearest
from detente.lazy import dataclass
from detente.model.conditions import And, Condition, If, Not, Or, as_condition
from detente.model.evidence import UNSUPPORTED, Support
from detente.model.names import distinct_labels, label_candidates, name_or_id
from detente.model.preferences import (
    ATTITUDES_TO_THE_UNKNOWN,
    DEFAULT_THRESHOLDS,
    NO_PREFERENCES,
    Preferences,
    Thresholds,
    as_preferences,
)

ATTITUDES = ("positive", "neutral", "negative")
RULE_KINDS = ("never", "always", "at_most_one", "at_least_one", "exactly_one")

#: Attitudes as pairs of a decision maker's identifier and the attitude towards it.
Attitudes = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Option:
    """Something that its decision maker can do or not do.

    Attributes
    ----------
    id, name
        Its identifier, and its name for people.
    support
        Its evidence.
    not_named
        What its decision maker does if it does not take the option, in words: ``keeps its offer``.
    undone
        What it does if it drops the option after taking it: ``withdraws its offer``. Outputs put both behind the
        decision maker's name; they decide no answer, so a digest does not have them.
    label
        What outputs call it: its name, or its identifier if it has no name; with the decision maker's name if another
        option has the same name.
    """

    id: str
    name: str = ""
    support: Support = UNSUPPORTED
    not_named: str = field(default="", repr=False)
    undone: str = field(default="", repr=False)
    label: str = field(init=False, repr=False, compare=False, default="")

    def __post_init__(self) -> None:
        object.__setattr__(self, "label", self.own_name)

    @property
    def own_name(self) -> str:
        """The name, or the identifier if the name has no visible character; another option may have the same."""
        return name_or_id(self.name, self.id)


def as_attitudes(given: Mapping[str, str] | Iterable[tuple[str, str]]) -> Attitudes:
    """Return attitudes in the form that a decision maker stores.

    Raises
    ------
    UnknownNameError
        For an unknown attitude, with the nearest known one.
    """
    made = tuple(dict(given).items())
    for _, attitude in made:
        if attitude not in ATTITUDES:
            raise UnknownNameError("attitude", attitude, ATTITUDES)
    return made


@dataclass(frozen=True)
class DecisionMaker:
    """A party that decides: its options and its preferences.

    Parameters
    ----------
    id, name
        Its identifier, and its name for people.
    options
        A mapping of identifier to name, or a list of identifiers and `Option` objects.
    preferences
        A list of conditions, most important first, or any of the classes of `detente.model.preferences`.
    support
        The evidence that it is a party to the dispute.
    facing_unknown, thresholds
        How it treats preferences that are unknown or uncertain.
    attitudes
        For other decision makers, by identifier: positive, neutral or negative.

    Attributes
    ----------
    label
        What outputs call it: its name, or its identifier if it has no name.

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
        """The name, or the identifier if the name has no visible character; another decision maker may have the
        same.
        """
        return name_or_id(self.name, self.id)

    def attitude(self, towards: str) -> str:
        """Return the attitude towards a decision maker. Default: positive towards itself, neutral towards others."""
        default = "positive" if towards == self.id else "neutral"
        return dict(self.attitudes).get(towards, default)


@dataclass(frozen=True)
class Rule:
    """A condition on feasible states.

    The categories are those of GMCR II (Fang, Hipel, Kilgour & Peng 2003).

    Attributes
    ----------
    kind
        One of `RULE_KINDS`.
    conditions
        One condition for ``never`` and ``always``, the alternatives for the other kinds.
    support
        Its evidence.
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
        object.__setattr__(self, "kind", kind)
        object.__setattr__(self, "conditions", tuple(as_condition(item) for item in conditions))
        object.__setattr__(self, "support", support)

    def must_hold(self) -> tuple[Condition, ...]:
        """Return the conditions that every feasible state meets, each as small as possible."""
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
    """Return the rule that no feasible state meets the condition."""
    return Rule("never", condition)


def always(condition: Condition | str) -> Rule:
    """Return the rule that every feasible state meets the condition."""
    return Rule("always", condition)


def at_most_one(*conditions: Condition | str) -> Rule:
    """Return the rule that no two of the conditions are true together."""
    return Rule("at_most_one", conditions)


def at_least_one(*conditions: Condition | str) -> Rule:
    """Return the rule that one or more of the conditions are true."""
    return Rule("at_least_one", conditions)


def exactly_one(*conditions: Condition | str) -> Rule:
    """Return the rule that exactly one of the conditions is true."""
    return Rule("exactly_one", conditions)


@dataclass(frozen=True)
class OneWay:
    """An option that can be changed in one direction only.

    Attributes
    ----------
    option
        The option, by identifier.
    to_taken
        Whether it can only be taken; else it can only be dropped.
    support
        Its evidence.
    """

    option: str
    to_taken: bool
    support: Support = UNSUPPORTED


@dataclass(frozen=True)
class Merge:
    """Makes all states that meet a condition one state (Peng 1999: coalescing).

    Attributes
    ----------
    condition
        The condition.
    support
        Its evidence.
    """

    condition: Condition
    support: Support = UNSUPPORTED


@dataclass(frozen=True)
class NamedState:
    """A name for the state at which exactly these options are taken.

    Attributes
    ----------
    name
        The name.
    taken
        The options taken, by identifier.
    support
        Its evidence.
    """

    name: str
    taken: frozenset[str]
    support: Support = UNSUPPORTED


@dataclass(frozen=True)
class StatusQuo:
    """The current state of the dispute.

    Attributes
    ----------
    taken
        The options taken at the model's date, by identifier.
    support
        Its evidence.
    """

    taken: frozenset[str]
    support: Support = UNSUPPORTED


@dataclass(frozen=True)
class View:
    """How one decision maker perceives the dispute, if that differs from the dispute as written.

    Views form a hypergame of the first level: each party plays the game that it perceives, and believes that all others
    play the same one (Bennett 1977; Wang, Hipel & Fraser 1988).

    Parameters
    ----------
    decision_maker
        The party whose view it is.
    does_not_see
        Options of others that it does not know of.
    believes
        The preferences that it believes some of the others to have, in any form of preferences.
    support
        The evidence of the view as a whole.
    grounds
        The evidence of each belief as a whole, by the decision maker that it is about.

    >>> View("village", does_not_see=["relocate"], believes={"company": ["not pay"]}).believed("village") is None
    True
    """

    decision_maker: str
    does_not_see: tuple[str, ...] = ()
    believes: tuple[tuple[str, Preferences], ...] = ()
    support: Support = UNSUPPORTED
    grounds: tuple[tuple[str, Support], ...] = ()

    def __init__(
        self,
        decision_maker: str,
        does_not_see: Iterable[str] = (),
        believes: Mapping[str, Preferences | Iterable[Any]] | Iterable[tuple[str, Preferences]] = (),
        support: Support = UNSUPPORTED,
        grounds: Mapping[str, Support] | Iterable[tuple[str, Support]] = (),
    ) -> None:
        pairs = tuple(believes.items() if isinstance(believes, Mapping) else believes)
        known = dict(grounds)
        if strange := set(known) - {id for id, _ in pairs}:
            raise InputError(
                f"grounds are given for beliefs that the view does not have, about {', '.join(sorted(strange))}"
            )
        kept = tuple((id, known[id]) for id, _ in pairs if known.get(id, UNSUPPORTED) != UNSUPPORTED)
        object.__setattr__(self, "decision_maker", decision_maker)
        object.__setattr__(self, "does_not_see", tuple(does_not_see))
        object.__setattr__(self, "believes", tuple((id, as_preferences(given)) for id, given in pairs))
        object.__setattr__(self, "support", support)
        object.__setattr__(self, "grounds", kept)

    def believed(self, other: str) -> Preferences | None:
        """Return the preferences that another party is believed to have; None if its real ones are seen."""
        return dict(self.believes).get(other)

    def grounds_of(self, other: str) -> Support:
        """Return the evidence of the belief about another party's preferences as a whole."""
        return dict(self.grounds).get(other, UNSUPPORTED)


Named = TypeVar("Named", Option, DecisionMaker)


def with_labels(makers: tuple[DecisionMaker, ...]) -> tuple[DecisionMaker, ...]:
    """Return decision makers with unique labels, for themselves and for their options."""
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
        own = tuple(_with_label(options[place, number], option) for number, option in enumerate(maker.options))
        if any(new is not old for new, old in zip(own, maker.options, strict=True)):
            maker = copy(maker)
            object.__setattr__(maker, "options", own)
        made.append(_with_label(parties[place], maker))
    return tuple(made)


def _with_label(label: str, one: Named) -> Named:
    """Return a copy with a label, which only a conflict assigns; the same object if it already has it."""
    if one.label == label:
        return one
    made = copy(one)
    object.__setattr__(made, "label", label)
    return made
