"""Counting equilibria over random preference profiles, chunk by chunk.

Theory of operation. A `SamplingPlan` states the question; `tally` counts over one of its chunks and depends on that
chunk only, so chunks can be counted anywhere, in any order, and added up. The intervals of shares are Wilson's score
interval for one share and Newcombe's hybrid of two for the difference of two shares.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import field
from functools import cached_property, reduce
from operator import add
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.analysis.robustness.distribution import (
    BLOCK,
    DrawnProfiles,
    ProfileDistribution,
    SmallChange,
    as_drawn,
    changes,
    contrast,
    drawn,
    few_enough,
    with_change,
)
from detente.concepts import CONCEPTS
from detente.engine import Solver, solver, with_preferences
from detente.engine.batch import BATCH_CONCEPTS, ProfileSolver, Rankings, TieClasses, break_ties
from detente.engine.space import Bools, Ranks, StateSpace
from detente.errors import TooLargeError
from detente.lazy import dataclass
from detente.limits import MAX_TIED_STATES
from detente.model.conflict import Conflict
from detente.model.preferences import Prioritising

#: One-way options as written, or all options able to change in both directions.
ONE_WAY_ASSUMPTIONS = ("as-written", "open")
#: The available concepts: profiles have preferences without degrees and without unknown directions.
SAMPLED = (*BATCH_CONCEPTS, "sim", "seq_then_sim")
#: Number of pairs of a state and a profile decided at once.
MAX_DECIDED_AT_ONCE = 2**23
#: Maximum number of counts with which small changes are examined one by one.
MAX_COUNTS = 2**24
Counts = NDArray[np.int64]


@dataclass(frozen=True)
class SamplingPlan:
    """A question about random profiles: the conflict, the distribution, the concepts and the one-way assumptions.

    The conflict is stripped of its documents and evidence, so that it is small to send.
    """

    conflict: Conflict
    concepts: tuple[str, ...]
    one_way: tuple[str, ...]
    doubt: ProfileDistribution
    samples: int
    seed: int

    @classmethod
    def of(
        cls,
        conflict: Conflict,
        concepts: tuple[str, ...],
        one_way: tuple[str, ...],
        doubt: ProfileDistribution,
        samples: int,
        seed: int,
    ) -> SamplingPlan:
        """Return a plan for a conflict, without its documents."""
        bare = conflict.replaced(sources=(), statements=(), dossiers=(), speakers={}, citation=(), notes="", summary="")
        return cls(bare, concepts, one_way, doubt, samples, seed)

    @cached_property
    def key(self) -> str:
        """A digest of everything that affects the answer, apart from the number of profiles."""
        doubt = (sorted(self.doubt.dispersion.items()), self.doubt.keep, self.doubt.ties)
        parts = (self.conflict.digest, self.concepts, self.one_way, doubt, self.seed)
        return hashlib.sha256(repr(parts).encode()).hexdigest()

    def chunks(self) -> list[Chunk]:
        """Return the plan in chunks: the blocks in which its profiles are drawn."""
        return [Chunk(self, block) for block in range(-(-self.samples // BLOCK))]


@dataclass(frozen=True)
class Chunk:
    """One block of a plan."""

    plan: SamplingPlan
    block: int

    @property
    def profiles(self) -> int:
        """The number of profiles in the chunk."""
        return min(BLOCK, self.plan.samples - self.block * BLOCK)


@dataclass(frozen=True, eq=False)
class Tally:
    """Counts over profiles.

    ``met`` counts equilibria by concept, one-way assumption and state. For each small change
    (`detente.analysis.robustness.distribution.changes`), ``held`` and ``altered`` count the profiles that agree with
    the written one there, or have the change, and ``met_held`` and ``met_altered`` the equilibria among them, by
    concept, one-way assumption, change and state.
    """

    profiles: int
    met: Counts
    held: Counts
    altered: Counts
    met_held: Counts
    met_altered: Counts

    def __add__(self, other: Tally) -> Tally:
        return Tally(*(getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Tally) and all(
            np.array_equal(getattr(self, name), getattr(other, name)) for name in self.__dataclass_fields__
        )

    def __hash__(self) -> int:
        return hash((self.profiles, self.met.tobytes()))


def tally(chunk: Chunk) -> Tally:
    """Count over a chunk; its plan's conflict is compiled once in each process, and only the latest is kept."""
    plan = chunk.plan
    if plan.key not in _COMPILED:
        _COMPILED.clear()
        _COMPILED[plan.key] = CompiledPlan(plan)
    return _COMPILED[plan.key].tally(chunk)


_COMPILED: dict[str, CompiledPlan] = {}


@dataclass(frozen=True)
class CompiledPlan:
    """A plan with its conflict compiled."""

    plan: SamplingPlan
    conflicts: Mapping[str, Conflict] = field(init=False)

    def __post_init__(self) -> None:
        conflict = self.plan.conflict
        freed = {"as-written": conflict, "open": conflict.replaced(one_way=())}
        object.__setattr__(self, "conflicts", {name: freed[name] for name in self.plan.one_way})

    def must_fit(self) -> None:
        """Raise an error if the plan is too large to sample.

        Raises
        ------
        TooLargeError
            For too many tied states, or a ranking of too many groups to perturb.
        """
        doubt = self.plan.doubt
        tied = max(self.lots.values())
        if tied > MAX_TIED_STATES:
            raise TooLargeError(
                f"{tied:,} states can tie; at most {MAX_TIED_STATES:,} can be broken at random. Use --ties kept"
            )
        for maker in self.plan.conflict.decision_makers:
            if doubt.dispersion[maker.id] > 0 and maker.id in self.groups:
                few_enough(maker, self.items[maker.id])

    @cached_property
    def rankings(self) -> Rankings:
        """Computes many rankings of the states."""
        return Rankings(StateSpace.of(self.plan.conflict))

    @property
    def count(self) -> int:
        """The number of feasible states."""
        return self.rankings.space.count

    @cached_property
    def solvers(self) -> dict[str, ProfileSolver]:
        """The conflict compiled for many profiles, by one-way assumption; empty if there are standing coalitions."""
        if any(len(members) > 1 for members in self.plan.conflict.players):
            return {}
        return {name: ProfileSolver(StateSpace.of(conflict)) for name, conflict in self.conflicts.items()}

    @cached_property
    def groups(self) -> dict[str, NDArray[np.int64]]:
        """For each decision maker with a ranking the index of each state's group of ties, best first."""
        return {
            maker.id: self.rankings.groups(maker.preferences)
            for maker in self.plan.conflict.decision_makers
            if not isinstance(maker.preferences, Prioritising)
        }

    @cached_property
    def kinds(self) -> dict[str, TieClasses]:
        """For each decision maker with preferences by priority the tie classes of the states."""
        return {
            maker.id: self.rankings.kinds(maker.preferences.statements)
            for maker in self.plan.conflict.decision_makers
            if isinstance(maker.preferences, Prioritising)
        }

    @cached_property
    def lots(self) -> dict[str, int]:
        """The number of random numbers that each decision maker needs to break its ties; 0 if it has none."""
        doubt = self.plan.doubt
        makers = self.plan.conflict.decision_makers
        if doubt.ties == "broken":
            return {maker.id: self.count for maker in makers}
        return {
            maker.id: self.kinds[maker.id].count if doubt.ties == "new" and doubt.drops(maker) else 0
            for maker in makers
        }

    @cached_property
    def items(self) -> dict[str, int]:
        """The number of preferences, or groups, of each decision maker."""
        return {
            maker.id: len(maker.preferences.statements)
            if isinstance(maker.preferences, Prioritising)
            else int(self.groups[maker.id].max()) + 1
            for maker in self.plan.conflict.decision_makers
        }

    @cached_property
    def possible_changes(self) -> tuple[SmallChange, ...]:
        """The small changes that the distribution allows."""
        return changes(self.plan.conflict, self.plan.doubt, self.items)

    @cached_property
    def changes(self) -> tuple[SmallChange, ...]:
        """The small changes that are examined one by one; none if there would be too many counts."""
        questions = len(self.plan.concepts) * len(self.plan.one_way)
        fits = 2 * len(self.possible_changes) * questions * self.count <= MAX_COUNTS
        return self.possible_changes if fits else ()

    # Drawing

    def draws(self, block: int) -> list[DrawnProfiles]:
        """Draw a block: for each decision maker its preferences in each profile."""
        plan = self.plan
        return [
            drawn(
                maker,
                place,
                plan.doubt,
                items=self.items[maker.id],
                lots=self.lots[maker.id],
                seed=plan.seed,
                block=block,
            )
            for place, maker in enumerate(plan.conflict.decision_makers)
        ]

    def ranks(self, place: int, draws: DrawnProfiles) -> tuple[Ranks, NDArray[np.int64]]:
        """Return a decision maker's distinct rankings, one per column, and the column of each profile."""
        maker = self.plan.conflict.decision_makers[place]
        rows, which = np.unique(draws.rows, axis=0, return_inverse=True)
        which = which.reshape(-1)
        if maker.id in self.groups:
            found = self.rankings.from_groups(self.groups[maker.id], rows // 2)
        else:
            found = self.kinds[maker.id].ranks(rows)
        lots, ties = draws.lots, self.plan.doubt.ties
        if lots is not None and ties == "new":
            found = break_ties(np.take(found, which, axis=1), lots)
        if maker.id in self.kinds:
            found = np.ascontiguousarray(found[self.kinds[maker.id].of])
        if lots is not None and ties == "broken":
            found = break_ties(np.take(found, which, axis=1), lots)
        return found, which if lots is None else np.arange(which.size)

    def profile(self, number: int) -> Conflict:
        """Return the conflict with the preferences of one profile, counted from 1."""
        block, place = divmod(number - 1, BLOCK)
        return self._written_down(self.plan.conflict, self.draws(block), place)

    def _written_down(self, conflict: Conflict, draws: Sequence[DrawnProfiles], profile: int) -> Conflict:
        makers = []
        for place, maker in enumerate(conflict.decision_makers):
            own = draws[place].part(slice(profile, profile + 1))
            ranks, which = self.ranks(place, own)
            makers.append(as_drawn(maker, own, 0, ranks[:, which[0]]))
        return conflict.replaced(decision_makers=makers)

    # Deciding

    def equilibria(self, draws: Sequence[DrawnProfiles]) -> tuple[dict[tuple[str, str], Bools], NDArray[np.int64]]:
        """Decide the distinct profiles among some.

        Returns for each concept and one-way assumption a mask of the equilibria, with a row for each state and a column
        for each distinct profile, and for each profile the index of its column.
        """
        ranked = [self.ranks(place, one) for place, one in enumerate(draws)]
        together = np.column_stack([which for _, which in ranked])
        _, first, which = np.unique(together, axis=0, return_index=True, return_inverse=True)
        wanted = [(concept, name) for concept in self.plan.concepts for name in self.plan.one_way]
        swept = {
            (concept, name)
            for concept, name in wanted
            if name in self.solvers and self.solvers[name].serves(CONCEPTS[concept])
        }
        found = {
            (concept, name): self.solvers[name].equilibria(
                CONCEPTS[concept], [ranks for ranks, _ in ranked], list(together[first].T)
            )
            for concept, name in swept
        }
        singly = [key for key in wanted if key not in swept]
        if singly:
            found.update(self._one_by_one(draws, first, singly))
        return found, which.reshape(-1)

    @cached_property
    def _singly(self) -> dict[str, Solver]:
        """The conflict compiled for one profile, by one-way assumption."""
        return {name: solver(conflict) for name, conflict in self.conflicts.items()}

    def _one_by_one(
        self, draws: Sequence[DrawnProfiles], profiles: NDArray[np.int64], wanted: Sequence[tuple[str, str]]
    ) -> dict[tuple[str, str], Bools]:
        """Decide the concepts that sweeps do not cover: with the ordinary engine, profile by profile."""
        found = {key: np.zeros((self.count, profiles.size), dtype=bool) for key in wanted}
        for column, profile in enumerate(map(int, profiles)):
            for name, conflict in self.conflicts.items():
                compiled = with_preferences(self._singly[name], self._written_down(conflict, draws, profile))
                for concept, of in wanted:
                    if of == name:
                        numbers = list(compiled.equilibria(CONCEPTS[concept]).numbers())
                        found[concept, of][np.array(numbers, dtype=np.int64) - 1, column] = True
        return found

    def written_and_changed(self) -> dict[tuple[str, str], Bools]:
        """Decide the profile as written, in the first column, and with each small change, one per column."""
        ids = list(self.items)
        written = [DrawnProfiles.written(count, 1) for count in self.items.values()]
        profiles = [written]
        for change in self.changes:
            place = ids.index(change.decision_maker)
            profiles.append([*written[:place], with_change(change, self.items[ids[place]]), *written[place + 1 :]])
        found, which = self.equilibria([DrawnProfiles.joined(own) for own in zip(*profiles, strict=True)])
        return {key: equilibria[:, which] for key, equilibria in found.items()}

    # Counting

    def tally(self, chunk: Chunk) -> Tally:
        """Count over a chunk, in parts if there are many states."""
        draws = self.draws(chunk.block)
        size = max(1, MAX_DECIDED_AT_ONCE // self.count)
        starts = range(0, chunk.profiles, size)
        parts = (slice(start, min(start + size, chunk.profiles)) for start in starts)
        return reduce(add, (self._counted([own.part(part) for own in draws]) for part in parts))

    def _counted(self, draws: Sequence[DrawnProfiles]) -> Tally:
        found, which = self.equilibria(draws)
        weights = _summed(self._weights(draws), which)
        count = len(self.changes)
        shape = (len(self.plan.concepts), len(self.plan.one_way), 1 + 2 * count, self.count)
        sums = np.zeros(shape, dtype=np.int64)
        for i, concept in enumerate(self.plan.concepts):
            for j, name in enumerate(self.plan.one_way):
                # Integers far below 2^24, which single precision adds exactly in any order.
                sums[i, j] = weights.T @ found[concept, name].T.astype(np.float32)
        total = weights.sum(axis=0).astype(np.int64)
        return Tally(
            profiles=int(total[0]),
            met=sums[:, :, 0],
            held=total[1 : 1 + count],
            altered=total[1 + count :],
            met_held=sums[:, :, 1 : 1 + count],
            met_altered=sums[:, :, 1 + count :],
        )

    def _weights(self, draws: Sequence[DrawnProfiles]) -> NDArray[np.float32]:
        """Return the weight of each profile in each count.

        The first column is all ones. The others, two for each change, mark the profiles that agree with the written one
        there, and those that have the change.
        """
        ids = list(self.items)
        pairs = [contrast(change, draws[ids.index(change.decision_maker)]) for change in self.changes]
        ones = np.ones(draws[0].order.shape[0])
        return np.column_stack(
            [ones, *(held for held, _ in pairs), *(altered for _, altered in pairs)],
        ).astype(np.float32)


def _summed(weights: NDArray[np.float32], which: NDArray[np.int64]) -> NDArray[np.float32]:
    """Add up the rows of equal profiles."""
    order = np.argsort(which, kind="stable")
    starts = np.flatnonzero(np.diff(which[order], prepend=-1))
    return np.asarray(np.add.reduceat(weights[order], starts, axis=0))


#: Confidence level of the reported intervals.
LEVEL = 0.95
Floats = NDArray[np.float64]


def quantile(level: float = LEVEL, comparisons: int = 1) -> float:
    """Return the number of standard errors that an interval extends to either side.

    With several comparisons, each gets its share of the error probability (Bonferroni), so that all intervals are
    correct together at the level.
    """
    return NormalDist().inv_cdf(1 - (1 - level) / (2 * max(1, comparisons)))


_Z = quantile()


def wilson(met: int, count: int, z: float = _Z) -> tuple[float, float]:
    """Return the Wilson score interval (1927) of a share. Default: 95%."""
    low, high = wilsons(met, count, z)
    return float(low), float(high)


def wilsons(met: Any, count: Any, z: float = _Z) -> tuple[Floats, Floats]:
    """Return the Wilson score intervals of many shares."""
    met = np.asarray(met, dtype=float)
    share = met / count
    centre = (share + z**2 / (2 * count)) / (1 + z**2 / count)
    half = z * np.sqrt(share * (1 - share) / count + z**2 / (4 * count**2)) / (1 + z**2 / count)
    # At 0 and 1 the bound is the share itself, which rounding would miss slightly.
    low = np.where(met == 0, 0.0, np.maximum(0.0, centre - half))
    return low, np.where(met == count, 1.0, np.minimum(1.0, centre + half))


def newcombe(met: Any, count: Any, other_met: Any, other_count: Any, z: float = _Z) -> tuple[Floats, Floats]:
    """Return the intervals of differences of independent shares, by Newcombe's hybrid of Wilson's scores (1998)."""
    share, other = np.asarray(met) / count, np.asarray(other_met) / other_count
    (low, high), (other_low, other_high) = wilsons(met, count, z), wilsons(other_met, other_count, z)
    difference = share - other
    down, up = np.hypot(share - low, other_high - other), np.hypot(high - share, other - other_low)
    return np.maximum(-1.0, difference - down), np.minimum(1.0, difference + up)
