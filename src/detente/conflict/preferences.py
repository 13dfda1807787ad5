"""How a decision maker's preferences can be written down.

- `Prioritising`: conditions, most important first. A state is preferred to another when, at the most important
  condition on which the two differ, it is the one that meets it (Peng 1999; Fang, Hipel, Kilgour & Peng 2003).
- `Ranking`: states or tied groups of states, best first.
- `Weights`: a number for each of some conditions; a state's score is the sum over the conditions that it meets.
- `Payoffs`: a number for each state; more is better.

No preferences at all means that every state is as good as any other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from detente.conflict.conditions import Condition, as_condition
from detente.conflict.support import UNSUPPORTED, Support

#: How a state is referred to in a ranking: its number, its Y/N pattern, or its name.
StateReference = int | str


class Preferences:
    """What a decision maker prefers, in one of the forms of this module; ``key`` is its key in a conflict file."""

    key: ClassVar[str]

    def conditions(self) -> Iterator[Condition]:
        """Yield the conditions that are mentioned."""
        return iter(())


@dataclass(frozen=True)
class PreferenceStatement:
    """A condition that a decision maker would rather have true than false."""

    condition: Condition
    support: Support = UNSUPPORTED

    def __str__(self) -> str:
        return str(self.condition)


@dataclass(frozen=True)
class Prioritising(Preferences):
    """Option prioritising: preference statements, most important first."""

    key = "preferences"

    statements: tuple[PreferenceStatement, ...] = ()

    def conditions(self) -> Iterator[Condition]:
        for statement in self.statements:
            yield statement.condition


@dataclass(frozen=True)
class Ranking(Preferences):
    """States, or groups of tied states, best first."""

    key = "ranking"

    groups: tuple[tuple[StateReference, ...], ...]
    support: Support = UNSUPPORTED

    @classmethod
    def of(cls, *items: StateReference | Iterable[StateReference]) -> Ranking:
        """Make a ranking from states and groups, best first."""
        return cls(tuple((item,) if isinstance(item, int | str) else tuple(item) for item in items))


@dataclass(frozen=True)
class Weight:
    """A condition and what it is worth, exactly as written."""

    condition: Condition
    weight: Fraction
    support: Support = UNSUPPORTED


@dataclass(frozen=True)
class Weights(Preferences):
    """Option weighting: the score of a state is the sum of the weights of the conditions that it meets."""

    key = "weights"

    weights: tuple[Weight, ...]

    @classmethod
    def of(cls, weights: Mapping[str, int | float | str | Fraction]) -> Weights:
        """Make weights from a mapping of condition to number."""
        return cls(tuple(Weight(as_condition(key), exact(value)) for key, value in weights.items()))

    def conditions(self) -> Iterator[Condition]:
        for weight in self.weights:
            yield weight.condition


@dataclass(frozen=True)
class Payoffs(Preferences):
    """A number for every state."""

    key = "payoffs"

    payoffs: tuple[tuple[StateReference, Fraction], ...]
    support: Support = UNSUPPORTED

    @classmethod
    def of(cls, payoffs: Mapping[StateReference, int | float | str | Fraction]) -> Payoffs:
        """Make payoffs from a mapping of state to number."""
        return cls(tuple((key, exact(value)) for key, value in payoffs.items()))


NO_PREFERENCES = Prioritising()


def exact(number: int | float | str | Fraction) -> Fraction:
    """Return a number as it is written: 0.1 is one tenth, so that sums of weights tie where they should.

    Raises
    ------
    ValueError
        For anything that is no finite number.
    """
    return Fraction(repr(number)) if isinstance(number, float) else Fraction(number)


def as_preferences(given: Preferences | Iterable[Any]) -> Preferences:
    """Return preferences, making `Prioritising` from a list of conditions."""
    if isinstance(given, Preferences):
        return given
    return Prioritising(
        tuple(
            item if isinstance(item, PreferenceStatement) else PreferenceStatement(as_condition(item)) for item in given
        )
    )
