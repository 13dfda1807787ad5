"""A model of uncertainty about preferences, as a distribution of random preference profiles.

Theory of operation. For each decision maker, independently of the others:

- The order of its preferences is perturbed by a *Mallows model* (Mallows 1957): an order that differs from the written
  one by d swaps of neighbours (Kendall's distance) has a chance in proportion to φ^d. The dispersion φ is between 0
  (the order as written) and 1 (every order equally likely). Orders are drawn by repeated insertion, which is exact
  (Doignon, Pekeč & Regenwetter 2004).
- Each preference is kept with a chance: its confidence times the general chance ``keep``. If not kept, it is dropped.
- If the direction of a preference is unknown, it or its opposite is held with equal chance.
- Ties between states remain (``kept``); or ties that exist only because preferences were dropped are broken at random
  (``new``); or all ties are (``broken``). Every order of tied states is equally likely.

For a ranking, weights or payoffs, the order of the groups of tied states is perturbed, and nothing is dropped. The
chains of a ranking between which preference is unknown are first interleaved, every interleaving being equally likely.

Random numbers come in blocks of `BLOCK` profiles. Each block, decision maker and kind of uncertainty has a stream of
its own, determined by the seed and their numbers, so it does not matter which process draws a block, or when.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.errors import InputError, TooLargeError, UnknownNameError
from detente.lazy import dataclass
from detente.limits import MAX_GROUPS
from detente.model.conditions import Not
from detente.model.conflict import Conflict
from detente.model.parts import DecisionMaker
from detente.model.preferences import CERTAIN, PreferenceStatement, Prioritising, Ranking

#: The default dispersion, and the default chance that a preference is kept.
DISPERSION, KEEP = 0.2, 0.9
#: The key for all decision makers that are not named.
EVERYBODY = "*"
#: The treatments of ties between states.
TIES = ("kept", "new", "broken")
#: Number of profiles drawn from one stream.
BLOCK = 2048
#: Maximum number of groups of a ranking whose swaps are examined one by one.
MAX_SWAPS = 64

_ORDER, _KEPT, _DIRECTION, _TIES = range(4)


@dataclass(frozen=True)
class ProfileDistribution:
    """How random preference profiles are drawn.

    Attributes
    ----------
    dispersion
        For each decision maker, how far the order varies: φ of the Mallows model, 0 for no variation.
    keep
        The chance that a preference is kept.
    ties
        What becomes of states that a profile ranks equally: one of `TIES`.
    """

    dispersion: Mapping[str, float]
    keep: float
    ties: str

    @classmethod
    def of(
        cls, conflict: Conflict, dispersion: float | Mapping[str, float], keep: float, ties: str
    ) -> ProfileDistribution:
        """Return the distribution for a conflict; ``dispersion`` may be given for each decision maker.

        Decision makers that a mapping does not name have its value for `EVERYBODY`, or `DISPERSION`.

        Raises
        ------
        UnknownNameError
            For an unknown decision maker or treatment of ties.
        InputError
            For a number that is not between 0 and 1.
        """
        ids = [maker.id for maker in conflict.decision_makers]
        given = dispersion if isinstance(dispersion, Mapping) else dict.fromkeys(ids, dispersion)
        for id, value in given.items():
            if id not in (*ids, EVERYBODY):
                raise UnknownNameError("decision maker", id, ids)
            if not 0 <= value <= 1:
                raise InputError(
                    f"the dispersion must be between 0 (order as entered) and 1 (any order), not {value} ({id})"
                )
        if not 0 <= keep <= 1:
            raise InputError(f"the chance of keeping a preference must be between 0 and 1, not {keep}")
        if ties not in TIES:
            raise UnknownNameError("treatment of ties", ties, TIES)
        others = given.get(EVERYBODY, DISPERSION)
        return cls({id: float(given.get(id, others)) for id in ids}, float(keep), ties)

    def is_none(self, conflict: Conflict) -> bool:
        """Tell whether nothing is random, so that every profile is the same."""
        statements = [
            one
            for maker in conflict.decision_makers
            if isinstance(maker.preferences, Prioritising)
            for one in maker.preferences.statements
        ]
        if any(isinstance(m.preferences, Ranking) and m.preferences.unknown for m in conflict.decision_makers):
            return False
        certain = all(self.chance(one) in (0, 1) and not (one.unknown and self.chance(one)) for one in statements)
        return certain and self.ties != "broken" and not any(self.dispersion.values())

    def drops(self, maker: DecisionMaker) -> bool:
        """Tell whether a preference of a decision maker can be dropped."""
        preferences = maker.preferences
        return isinstance(preferences, Prioritising) and any(self.chance(one) < 1 for one in preferences.statements)

    def chance(self, statement: PreferenceStatement) -> float:
        """Return the chance that a preference is kept."""
        return float(statement.confidence) * self.keep


@dataclass(frozen=True, eq=False)
class DrawnProfiles:
    """One decision maker's preferences in some profiles, one row for each.

    ``order`` has the places of the preferences (or of the groups of a ranking) by importance. ``kept`` and
    ``as_written``, with a column for each preference, tell whether it is held, and held in the written direction.
    ``lots``, with a column for each state or tie class, are random numbers that break ties; None if ties remain.
    """

    order: NDArray[np.int64]
    kept: NDArray[np.bool_]
    as_written: NDArray[np.bool_]
    lots: NDArray[np.float64] | None = None

    @classmethod
    def written(cls, items: int, profiles: int) -> DrawnProfiles:
        """Return profiles that all equal the written one."""
        order = np.tile(np.arange(items), (profiles, 1))
        return cls(order, np.ones(order.shape, dtype=bool), np.ones(order.shape, dtype=bool))

    @classmethod
    def joined(cls, parts: Sequence[DrawnProfiles]) -> DrawnProfiles:
        """Concatenate the profiles of several draws without ``lots``."""
        return cls(*(np.concatenate([getattr(one, name) for one in parts]) for name in ("order", "kept", "as_written")))

    def part(self, profiles: slice) -> DrawnProfiles:
        """Return some of the profiles."""
        lots = None if self.lots is None else self.lots[profiles]
        return DrawnProfiles(self.order[profiles], self.kept[profiles], self.as_written[profiles], lots)

    @property
    def rows(self) -> NDArray[np.int64]:
        """For each profile the conditions held, by importance: twice a place, plus one for the opposite; -1 for
        none.
        """
        held = np.take_along_axis(self.kept, self.order, axis=1)
        reversed_ = ~np.take_along_axis(self.as_written, self.order, axis=1)
        codes = np.where(held, 2 * self.order + reversed_, -1)
        # Dropped preferences go to the end, so that equal preferences give equal rows.
        return np.take_along_axis(codes, np.argsort(~held, axis=1, kind="stable"), axis=1)


def drawn(
    maker: DecisionMaker, place: int, doubt: ProfileDistribution, *, items: int, lots: int, seed: int, block: int
) -> DrawnProfiles:
    """Draw one block of profiles for the decision maker with an index.

    ``items`` is the number of its preferences, or of the groups of its ranking; ``lots`` the number of states or tie
    classes that may tie.
    """

    def random(kind: int, columns: int) -> NDArray[np.float64]:
        stream = np.random.SeedSequence(entropy=seed, spawn_key=(block, place, kind))
        return np.random.Generator(np.random.PCG64(stream)).random((BLOCK, columns))

    written = DrawnProfiles.written(items, BLOCK)
    phi = doubt.dispersion[maker.id]
    order = insertion_orders(random(_ORDER, items), phi) if phi > 0 else written.order
    kept, as_written = written.kept, written.as_written
    if isinstance(maker.preferences, Ranking) and maker.preferences.unknown:
        order = np.take_along_axis(shuffled(random(_DIRECTION, items), maker.preferences.unknown), order, axis=1)
    if isinstance(maker.preferences, Prioritising):
        statements = maker.preferences.statements
        chances = np.array([doubt.chance(one) for one in statements])
        if items and chances.min() < 1:
            kept = random(_KEPT, items) < chances
        unknown = np.array([one.unknown for one in statements], dtype=bool)
        if unknown.any():
            as_written = ~unknown | (random(_DIRECTION, items) < 0.5)
    return DrawnProfiles(order, kept, as_written, random(_TIES, lots) if lots else None)


def insertion_orders(lots: NDArray[np.float64], phi: float) -> NDArray[np.int64]:
    """Turn rows of uniform random numbers into orders from a Mallows model, by repeated insertion.

    The n-th item is inserted v places before the end of the items before it, with a chance in proportion to φ^v; the
    sum of the v is the Kendall distance of the order.
    """
    profiles, items = lots.shape
    place = np.zeros((items, profiles), dtype=np.int32)
    # Products and sums are taken in a fixed order, so that every machine gets the same numbers.
    cumulated = np.cumsum(np.cumprod(np.concatenate([[1.0], np.full(max(items - 1, 0), phi)])))
    for item in range(items):
        back = np.searchsorted(cumulated[: item + 1] / cumulated[item], lots[:, item], side="right")
        place[item] = item - np.minimum(back, item)
        place[:item] += place[:item] >= place[item]
    order = np.empty((profiles, items), dtype=np.int64)
    np.put_along_axis(order, place.T.astype(np.int64), np.arange(items)[None, :], axis=1)
    return order


def shuffled(lots: NDArray[np.float64], cuts: Sequence[int]) -> NDArray[np.int64]:
    """Turn rows of uniform random numbers into orders that interleave chains, which begin at these places."""
    place = np.argsort(np.argsort(lots, axis=1), axis=1)
    for start, end in pairwise([0, *cuts, lots.shape[1]]):
        place[:, start:end] = np.sort(place[:, start:end], axis=1)
    return np.argsort(place, axis=1)


@dataclass(frozen=True)
class SmallChange:
    """One small change of the preferences as written.

    Attributes
    ----------
    decision_maker
        The decision maker.
    kind
        ``dropped``, ``reversed`` (the opposite is preferred) or ``swapped`` (with the next one).
    item
        The place, from 0, of the preference or the group of tied states.
    odds
        The chance of the changed profile over the chance of the profile as written.
    """

    decision_maker: str
    kind: str
    item: int
    odds: float


def changes(conflict: Conflict, doubt: ProfileDistribution, items: Mapping[str, int]) -> tuple[SmallChange, ...]:
    """Return every small change that the distribution allows, in the order of the conflict.

    Swaps in rankings of more than `MAX_SWAPS` groups are left out.
    """
    found: list[SmallChange] = []
    for maker in conflict.decision_makers:
        if isinstance(maker.preferences, Prioritising):
            for place, statement in enumerate(maker.preferences.statements):
                chance = doubt.chance(statement)
                if 0 < chance < 1:
                    found.append(SmallChange(maker.id, "dropped", place, (1 - chance) / chance))
                if statement.unknown and chance > 0:
                    found.append(SmallChange(maker.id, "reversed", place, 1.0))
        if isinstance(maker.preferences, Prioritising) or items[maker.id] <= MAX_SWAPS:
            chains = maker.preferences.unknown if isinstance(maker.preferences, Ranking) else ()
            odds = [1.0 if n in chains else doubt.dispersion[maker.id] for n in range(1, items[maker.id])]
            found += [
                SmallChange(maker.id, "swapped", place, chance) for place, chance in enumerate(odds) if chance > 0
            ]
    return tuple(found)


def with_change(change: SmallChange, items: int) -> DrawnProfiles:
    """Return the single profile of the change's decision maker that differs from the written one by the change."""
    draws = DrawnProfiles.written(items, 1)
    if change.kind == "dropped":
        draws.kept[0, change.item] = False
    elif change.kind == "reversed":
        draws.as_written[0, change.item] = False
    else:
        draws.order[0, [change.item, change.item + 1]] = [change.item + 1, change.item]
    return draws


def contrast(change: SmallChange, draws: DrawnProfiles) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return for each profile whether it agrees with the written one where the change applies, and whether it has the
    change.
    """
    item, kept = change.item, draws.kept[:, change.item]
    if change.kind == "dropped":
        return kept, ~kept
    if change.kind == "reversed":
        return kept & draws.as_written[:, item], kept & ~draws.as_written[:, item]
    both = kept & draws.kept[:, item + 1]
    first = np.argmax(draws.order == item, axis=1) < np.argmax(draws.order == item + 1, axis=1)
    return both & first, both & ~first


def as_drawn(maker: DecisionMaker, draws: DrawnProfiles, profile: int, ranks: NDArray[Any]) -> DecisionMaker:
    """Return the decision maker with its preferences in one profile; ``ranks`` are its ranks of states."""
    preferences: Any
    if draws.lots is None and isinstance(maker.preferences, Prioritising):
        statements = maker.preferences.statements
        held = [divmod(int(code), 2) for code in draws.rows[profile] if code >= 0]
        preferences = Prioritising(
            tuple(
                replace(
                    one, condition=Not(one.condition) if opposite else one.condition, confidence=CERTAIN, unknown=False
                )
                for one, opposite in ((statements[place], opposite) for place, opposite in held)
            )
        )
    else:
        best_first = np.unique(ranks)[::-1]
        preferences = Ranking(tuple(tuple(map(int, np.flatnonzero(ranks == rank) + 1)) for rank in best_first))
    return replace(maker, preferences=preferences)


def few_enough(maker: DecisionMaker, groups: int) -> None:
    """Raise an error if a ranking has too many groups to perturb."""
    if groups > MAX_GROUPS:
        raise TooLargeError(
            f"'{maker.id}' ranks {groups:,} groups of states; the limit is {MAX_GROUPS:,}. Write its preferences as a "
            "list, or use --dispersion 0"
        )
