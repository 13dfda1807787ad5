"""The forms in which a decision maker's preferences can be given.

- `Prioritising`: conditions, most important first. Of two states, the preferred one meets the most important condition
  on which they differ (Peng 1999; Fang, Hipel, Kilgour & Peng 2003).
- `Ranking`: states or groups of tied states, best first.
- `Weights`: a number for each of some conditions; a state's score is the sum over the conditions that it meets.
- `Payoffs`: a number for each state; higher is better.

A party without preferences is treated as indifferent between all states; answers report that its preferences are
unknown (`detente.model.day.without_preferences`).

Uncertainty is recorded with each preference: a confidence below 1, great strength, or an unknown direction. A ranking
can have great gaps, and parts between which preference is unknown. Concepts that do not use this information take
everything as written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import Any, ClassVar

from detente.errors import InputError, UnknownNameError
from detente.lazy import dataclass
from detente.model.conditions import Condition, as_condition
from detente.model.evidence import UNSUPPORTED, Support

#: A reference to a state in a ranking: its number, its Y/N pattern, or its name.
StateReference = int | str

CERTAIN = Fraction(1)


class Preferences:
    """A decision maker's preferences, in one of the forms of this module; ``key`` is its key in a conflict file."""

    key: ClassVar[str]

    def conditions(self) -> Iterator[Condition]:
        """Yield the conditions mentioned."""
        return iter(())

    def supports(self) -> Iterator[tuple[tuple[str | int, ...], Support]]:
        """Yield the support of each entry, or of the whole, with its place below the decision maker."""
        return iter(())

    def kept(self, keep: Callable[[Support], bool]) -> Preferences:
        """Return the preferences with only the entries whose support is kept; a list is kept or dropped as a whole."""
        return self if all(keep(support) for _, support in self.supports()) else NO_PREFERENCES

    def renamed(self, names: Callable[[str], str]) -> Preferences:
        """Return the preferences with other option identifiers; forms that list states name no options."""
        return self

    @property
    def is_empty(self) -> bool:
        """Whether no state is preferred to another."""
        raise NotImplementedError


def decimal(number: Fraction) -> str:
    """Return a number as text: a decimal if it is exact, or else a fraction."""
    try:
        written = repr(float(number)).removesuffix(".0")
    except OverflowError:
        return str(number)
    return written if Fraction(written) == number else str(number)


def exact(number: int | float | str | Fraction) -> Fraction:
    """Return a number exactly as written: 0.1 is one tenth, so that sums of weights tie where they should.

    Raises
    ------
    ValueError
        For anything that is not a finite number.
    """
    return Fraction(repr(number)) if isinstance(number, float) else Fraction(number)


#: The strengths of a preference.
STRENGTHS = ("mild", "strong")


@dataclass(frozen=True)
class PreferenceStatement:
    """A preference: a condition that a decision maker would rather have true than false.

    Attributes
    ----------
    condition
        The condition.
    support
        Its evidence.
    confidence
        The chance that the decision maker has the preference at all.
    strength
        ``strong``: if this is the first preference on which two states differ, one is greatly preferred. Default:
        ``mild``.
    unknown
        Whether it is unknown which of two states is preferred if this is the first preference on which they differ.

    >>> print(PreferenceStatement(as_condition("not sanction"), confidence=0.7, strength="strong"))
    not sanction (strong, confidence 0.7)
    """

    condition: Condition
    support: Support = UNSUPPORTED
    confidence: Fraction = CERTAIN
    strength: str = "mild"
    unknown: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "confidence", exact(self.confidence))
        if not 0 < self.confidence <= 1:
            raise InputError(f"a confidence must be more than 0 and at most 1; this one is {decimal(self.confidence)}")
        if self.strength not in STRENGTHS:
            raise UnknownNameError("strength", self.strength, STRENGTHS)

    @property
    def marks(self) -> str:
        """The certainty and strength of the preference in words; empty if it is certain and mild."""
        words = [
            *(["unknown"] if self.unknown else []),
            *(["strong"] if self.strength == "strong" else []),
            *([f"confidence {decimal(self.confidence)}"] if self.confidence != CERTAIN else []),
        ]
        return ", ".join(words)

    def __str__(self) -> str:
        return f"{self.condition} ({self.marks})" if self.marks else str(self.condition)


@dataclass(frozen=True)
class Prioritising(Preferences):
    """Option prioritising: preferences in an order.

    Attributes
    ----------
    statements
        The preferences, most important first.
    """

    key = "preferences"

    statements: tuple[PreferenceStatement, ...] = ()

    def conditions(self) -> Iterator[Condition]:
        for statement in self.statements:
            yield statement.condition

    def supports(self) -> Iterator[tuple[tuple[str | int, ...], Support]]:
        for place, statement in enumerate(self.statements):
            yield (self.key, place), statement.support

    def kept(self, keep: Callable[[Support], bool]) -> Prioritising:
        return Prioritising(tuple(one for one in self.statements if keep(one.support)))

    def renamed(self, names: Callable[[str], str]) -> Prioritising:
        return Prioritising(tuple(replace(one, condition=one.condition.renamed(names)) for one in self.statements))

    @property
    def is_empty(self) -> bool:
        return not self.statements


#: The entry of a ranking that marks a great gap: states before it are greatly preferred to states after it.
GREAT_GAP = "much better than"
_GREAT_GAPS = frozenset({GREAT_GAP, ">>", "≫"})


@dataclass(frozen=True)
class Ranking(Preferences):
    """States, or groups of tied states, best first.

    Attributes
    ----------
    groups
        The groups, each with its states.
    support
        The evidence of the ranking as a whole.
    great
        After how many groups there is a great gap: every state before it is greatly preferred to every state after it.
    unknown
        After how many groups another chain begins: the preference between states of two chains is unknown, and the
        order of the chains has no meaning.

    >>> Ranking.of(3, "much better than", [1, 2]).great
    (1,)
    >>> Ranking.of_chains([3, 1], [2]).unknown
    (2,)
    """

    key = "ranking"

    groups: tuple[tuple[StateReference, ...], ...]
    support: Support = UNSUPPORTED
    great: tuple[int, ...] = ()
    unknown: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        cuts = [0, *self.unknown, len(self.groups)]
        if cuts != sorted(set(cuts)) and self.unknown:
            raise InputError("every chain of a ranking needs at least one state")
        if list(self.great) != sorted(set(self.great)) or not set(self.great) <= set(range(cuts[-1])) - set(cuts):
            raise InputError(f"'{GREAT_GAP}' must stand between two states")

    @classmethod
    def of(cls, *items: StateReference | Iterable[StateReference]) -> Ranking:
        """Return a ranking of states and groups, best first; ``much better than`` between them is a great gap."""
        return cls.of_chains(items)

    @classmethod
    def of_chains(cls, *chains: Iterable[StateReference | Iterable[StateReference]]) -> Ranking:
        """Return a ranking of several chains, each best first, between which preference is unknown."""
        groups: list[tuple[StateReference, ...]] = []
        great: list[int] = []
        unknown: list[int] = []
        for chain in chains:
            unknown.append(len(groups))
            for item in chain:
                if is_great_gap(item):
                    great.append(len(groups))
                else:
                    groups.append((item,) if isinstance(item, int | str) else tuple(item))
        return cls(tuple(groups), great=tuple(great), unknown=tuple(unknown[1:]))

    def supports(self) -> Iterator[tuple[tuple[str | int, ...], Support]]:
        yield (self.key,), self.support

    @property
    def is_empty(self) -> bool:
        return not self.groups

    def chains(self) -> Iterator[tuple[tuple[int, ...], ...]]:
        """Yield for every chain its stretches between great gaps, each as the indices of its groups."""
        starts = [0, *self.unknown]
        for start, end in zip(starts, [*self.unknown, len(self.groups)], strict=True):
            cuts = [start, *(place for place in self.great if start < place < end), end]
            yield tuple(tuple(range(first, last)) for first, last in pairwise(cuts))

    def referring(self, refer: Callable[[StateReference], StateReference | None]) -> Ranking:
        """Return the ranking with other references to its states; a state whose new reference is None is left out."""
        chains = []
        for stretches in self.chains():
            chain: list[StateReference | tuple[StateReference, ...]] = []
            for stretch in stretches:
                named = [[refer(one) for one in self.groups[place]] for place in stretch]
                kept = [tuple(one for one in group if one is not None) for group in named]
                left = [group for group in kept if group]
                chain += [*([GREAT_GAP] if chain and left else []), *left]
            chains.append(chain)
        return replace(Ranking.of_chains(*(chain for chain in chains if chain)), support=self.support)


def as_reference(text: str) -> StateReference:
    """Return the reference to a state that a text gives: a number if it is one."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else text


def is_great_gap(item: object) -> bool:
    """Tell whether an entry of a ranking is a great gap."""
    return isinstance(item, str) and " ".join(item.split()).lower() in _GREAT_GAPS


@dataclass(frozen=True)
class Weight:
    """A condition and its weight.

    Attributes
    ----------
    condition
        The condition.
    weight
        The weight, exactly as written.
    support
        Its evidence.
    """

    condition: Condition
    weight: Fraction
    support: Support = UNSUPPORTED


@dataclass(frozen=True)
class Weights(Preferences):
    """Option weighting: the score of a state is the sum of the weights of the conditions that it meets.

    Attributes
    ----------
    weights
        The conditions with their weights.
    """

    key = "weights"

    weights: tuple[Weight, ...]

    @classmethod
    def of(cls, weights: Mapping[str, int | float | str | Fraction]) -> Weights:
        """Return weights from a mapping of condition to number."""
        return cls(tuple(Weight(as_condition(key), exact(value)) for key, value in weights.items()))

    def conditions(self) -> Iterator[Condition]:
        for weight in self.weights:
            yield weight.condition

    def supports(self) -> Iterator[tuple[tuple[str | int, ...], Support]]:
        for place, weight in enumerate(self.weights):
            yield (self.key, place), weight.support

    def kept(self, keep: Callable[[Support], bool]) -> Weights:
        return Weights(tuple(one for one in self.weights if keep(one.support)))

    def renamed(self, names: Callable[[str], str]) -> Weights:
        return Weights(tuple(replace(one, condition=one.condition.renamed(names)) for one in self.weights))

    @property
    def is_empty(self) -> bool:
        return not self.weights


@dataclass(frozen=True)
class Payoffs(Preferences):
    """A number for every state, higher for a better one.

    Attributes
    ----------
    payoffs
        The states with their numbers.
    support
        The evidence of the payoffs as a whole.
    """

    key = "payoffs"

    payoffs: tuple[tuple[StateReference, Fraction], ...]
    support: Support = UNSUPPORTED

    @classmethod
    def of(cls, payoffs: Mapping[StateReference, int | float | str | Fraction]) -> Payoffs:
        """Return payoffs from a mapping of state to number."""
        return cls(tuple((key, exact(value)) for key, value in payoffs.items()))

    def supports(self) -> Iterator[tuple[tuple[str | int, ...], Support]]:
        yield (self.key,), self.support

    @property
    def is_empty(self) -> bool:
        return not self.payoffs


NO_PREFERENCES = Prioritising()


#: How a decision maker can treat unknown preferences: the four extensions of Li, Hipel, Kilgour & Fang (2004).
ATTITUDES_TO_THE_UNKNOWN = ("a", "b", "c", "d")

HALF = Fraction(1, 2)


@dataclass(frozen=True)
class Thresholds:
    """One decision maker's thresholds for degrees and chances of preference.

    Attributes
    ----------
    satisficing
        The fuzzy satisficing threshold: a state counts as better if the degree to which it is preferred exceeds the
        degree of the opposite by at least that much (Bashar, Kilgour & Hipel 2012).
    alpha, beta, gamma
        With chances (Rêgo & dos Santos 2015): a state is an improvement if it is better with a chance above
        1 - ``alpha``, and a sanction if that chance is at most 1 - ``beta``; the decision maker sanctions by moves that
        are better for it with a chance above 1 - ``gamma``.
    """

    satisficing: Fraction = HALF
    alpha: Fraction = HALF
    beta: Fraction = HALF
    gamma: Fraction = HALF

    def __post_init__(self) -> None:
        for name in ("satisficing", "alpha", "beta", "gamma"):
            value = exact(getattr(self, name))
            object.__setattr__(self, name, value)
            if not 0 <= value <= 1 or (name == "satisficing" and value == 0):
                low = "more than 0" if name == "satisficing" else "at least 0"
                raise InputError(f"the threshold {name} must be {low} and at most 1; this one is {decimal(value)}")


DEFAULT_THRESHOLDS = Thresholds()


def as_preferences(given: Preferences | Iterable[Any]) -> Preferences:
    """Return preferences, converting a list of conditions to `Prioritising`."""
    if isinstance(given, Preferences):
        return given
    return Prioritising(
        tuple(
            item if isinstance(item, PreferenceStatement) else PreferenceStatement(as_condition(item)) for item in given
        )
    )
