"""How often each state is an equilibrium if the preferences vary at random.

Theory of operation. Preference profiles are drawn at random from a model of uncertainty
(`detente.analysis.robustness.distribution`), each is analysed, and for each state the profiles in which it is an
equilibrium are counted. Sensitivity analysis of this kind is usual in the field (Fang, Hipel & Kilgour 1993, ch. 6),
mostly by hand.

This is not the *probabilistic stability* of Rêgo & dos Santos (2015), in which each preference between two states has a
probability and a state is stable above thresholds. Here every profile is a conflict with certain preferences, and the
share is over profiles.

Cost: proportional to states times distinct profiles.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.analysis.result import ConflictResult
from detente.analysis.robustness.distribution import DISPERSION, KEEP, MAX_SWAPS, ProfileDistribution, SmallChange
from detente.analysis.robustness.sampling import (
    LEVEL,
    ONE_WAY_ASSUMPTIONS,
    SAMPLED,
    CompiledPlan,
    SamplingPlan,
    Tally,
    newcombe,
    quantile,
    tally,
    wilson,
    wilsons,
)
from detente.concepts import CONCEPTS, Concept, chosen
from detente.engine import must_have_few
from detente.errors import InputError, UnknownNameError
from detente.jobs import cores, spread
from detente.limits import MAX_LISTED
from detente.model.conflict import Conflict
from detente.model.day import model_of_day
from detente.model.preferences import PreferenceStatement, Prioritising, StateReference
from detente.model.questions import Progress, no_progress
from detente.model.states import State, StateList

#: The concepts asked about by default.
DEFAULT_SAMPLED = ("nash", "gmr", "smr", "seq")
#: The number of states times profiles from which on several processes are worth their start.
_WORTH_PROCESSES = 2**23


@dataclass(frozen=True)
class Share:
    """In which share of the profiles a state is an equilibrium.

    Attributes
    ----------
    concept
        The stability concept.
    one_way
        The assumption about one-way options.
    state
        The state.
    met
        The number of profiles.
    share
        The share of all profiles.
    interval
        The interval of the share; equal to it if the answer is exact.
    as_written
        Whether the state is an equilibrium with the preferences as written.
    near_threshold
        ``interval`` if the interval contains the threshold, ``neighbour`` if one of the most likely small changes
        reverses the answer; both or neither.
    flips
        The small changes that would reverse the answer, the most likely first.
    """

    concept: Concept
    one_way: str
    state: State
    met: int
    share: float
    interval: tuple[float, float]
    as_written: bool
    near_threshold: tuple[str, ...]
    flips: tuple[SmallChange, ...]


@dataclass(frozen=True)
class Effect:
    """How much a small change of the preferences makes to a state's being an equilibrium.

    Attributes
    ----------
    concept
        The stability concept.
    one_way
        The assumption about one-way options.
    change
        The change.
    state
        The state.
    held
        The share of equilibria among the profiles without the change.
    altered
        The share among the profiles with the change.
    difference
        The second share minus the first.
    interval
        The interval of the difference.
    distinct
        Whether the interval, widened for the number of comparisons, does not contain 0.
    """

    concept: Concept
    one_way: str
    change: SmallChange
    state: State
    held: float
    altered: float
    difference: float
    interval: tuple[float, float]
    distinct: bool


@dataclass(frozen=True)
class SamplingNote:
    """Something that was not examined, or was computed in another way.

    Attributes
    ----------
    what
        ``swaps`` if the effects of single swaps in a ranking were not examined, ``changes`` if no effect of a single
        change was, ``coalitions`` or ``concepts`` if the profiles were analysed one by one.
    about
        The decision makers with such a ranking, or the concepts.
    """

    what: str
    about: tuple[str, ...] = ()


@dataclass(frozen=True)
class Robustness(ConflictResult):
    """How often each state remains an equilibrium if the preferences are in doubt.

    Attributes
    ----------
    distribution
        How the profiles are drawn.
    concepts
        The stability concepts.
    one_way
        The assumptions about one-way options.
    samples
        The number of profiles.
    seed
        The number from which the profiles are drawn.
    threshold
        The share that states are compared with.
    exact
        Whether nothing is left to chance, so that one profile is all there is.
    notes
        What was simplified or left out.
    changes
        The small changes that were examined.
    tally
        The counts by concept, assumption and state.
    written
        By concept, assumption and state: whether it is an equilibrium as written (first), and with each change.
    """

    format = "detente-robust/1"
    question = "robustness"

    distribution: ProfileDistribution = field(hash=False)
    concepts: tuple[Concept, ...]
    one_way: tuple[str, ...]
    samples: int
    seed: int
    threshold: float
    exact: bool
    notes: tuple[SamplingNote, ...]
    changes: tuple[SmallChange, ...] = field(repr=False)
    tally: Tally = field(repr=False)
    written: NDArray[np.bool_] = field(repr=False, compare=False)

    @cached_property
    def states(self) -> StateList:
        """Every feasible state in the conventional order."""
        return StateList(self.conflict)

    @cached_property
    def status_quo(self) -> State | None:
        """The status quo, or None."""
        quo = self.conflict.status_quo
        return self.states.numbered(self.states.number_of(self.conflict.pattern(quo.taken))) if quo else None

    def state(self, reference: StateReference) -> State:
        """Return the state that a number, a Y/N pattern or a name refers to."""
        return self.states.numbered(self.states.number_of(reference))

    # Shares

    def shares(self, concept: str, one_way: str | None = None) -> tuple[Share, ...]:
        """Return for each state the share of the profiles in which it is an equilibrium, in the order of states.

        Raises
        ------
        UnknownNameError
            For a concept or a one-way assumption that was not analysed.
        """
        found, (i, j) = self._asked(concept, one_way)
        low, high = wilsons(self.tally.met[i, j], self.samples)
        return tuple(
            self._share(found, i, j, place, (float(low[place]), float(high[place])))
            for place in range(len(self.states))
        )

    def share(self, state: StateReference, concept: str, one_way: str | None = None) -> Share:
        """Return the share of the profiles in which one state is an equilibrium."""
        found, (i, j) = self._asked(concept, one_way)
        place = self.states.number_of(state) - 1
        return self._share(found, i, j, place, wilson(int(self.tally.met[i, j, place]), self.samples))

    def _share(self, concept: Concept, i: int, j: int, place: int, interval: tuple[float, float]) -> Share:
        met = int(self.tally.met[i, j, place])
        share = met / self.samples
        low, high = (share, share) if self.exact else interval
        written = bool(self.written[i, j, place, 0])
        turned = np.flatnonzero(self.written[i, j, place, 1:] != written)
        flips = tuple(sorted((self.changes[change] for change in turned), key=lambda change: -change.odds))
        likeliest = max((change.odds for change in self.changes), default=0.0)
        reasons = {
            "interval": low < self.threshold < high,
            "neighbour": bool(flips) and flips[0].odds == likeliest,
        }
        near = tuple(reason for reason, holds in reasons.items() if holds)
        return Share(
            concept, self.one_way[j], self.states.numbered(place + 1), met, share, (low, high), written, near, flips
        )

    # What it depends on

    def depends_on(
        self, concept: str, state: StateReference | None = None, one_way: str | None = None
    ) -> tuple[Effect, ...]:
        """Return what the answer depends on: significant differences first, then by their size.

        Without a state, each small change is shown with the state that it affects most.
        """
        found, (i, j) = self._asked(concept, one_way)
        places = None if state is None else [self.states.number_of(state) - 1]
        counted = np.flatnonzero((self.tally.held > 0) & (self.tally.altered > 0))
        if counted.size == 0:
            return ()
        met, other = self.tally.met_held[i, j, counted], self.tally.met_altered[i, j, counted]
        if places is not None:
            met, other = met[:, places], other[:, places]
        held, altered = self.tally.held[counted][:, None], self.tally.altered[counted][:, None]
        varies = (met + other > 0) & (met + other < held + altered)
        low, high = newcombe(other, altered, met, held, quantile(comparisons=int(varies.sum())))
        distinct = varies & ((low > 0) | (high < 0))
        difference = other / altered - met / held
        best = np.argmax(np.abs(difference) + 2 * distinct, axis=1)
        low, high = newcombe(other, altered, met, held)
        effects = [
            Effect(
                found,
                self.one_way[j],
                self.changes[change],
                self.states.numbered((int(place) if places is None else places[0]) + 1),
                float(met[row, place] / held[row, 0]),
                float(other[row, place] / altered[row, 0]),
                float(difference[row, place]),
                (float(low[row, place]), float(high[row, place])),
                bool(distinct[row, place]),
            )
            for row, (change, place) in enumerate(zip(counted, best, strict=True))
        ]
        return tuple(sorted(effects, key=lambda one: (not one.distinct, -abs(one.difference))))

    def ever(self, state: State) -> bool:
        """Tell whether a state is an equilibrium in any profile, under any concept and assumption."""
        return bool(self.tally.met[:, :, state.number - 1].any())

    def statement(self, change: SmallChange, following: int = 0) -> PreferenceStatement | None:
        """Return the preference that a change concerns, or the one after it; None for a ranking."""
        preferences = self.conflict.decision_maker(change.decision_maker).preferences
        return preferences.statements[change.item + following] if isinstance(preferences, Prioritising) else None

    @cached_property
    def groups(self) -> dict[str, list[list[int]]]:
        """For decision makers with a ranking, the numbers of the states in each group of ties, best first."""
        groups = CompiledPlan(self._plan).groups
        return {
            id: [[int(place) + 1 for place in np.flatnonzero(of == group)] for group in range(int(of.max()) + 1)]
            for id, of in groups.items()
        }

    @property
    def _plan(self) -> SamplingPlan:
        concepts = tuple(concept.id for concept in self.concepts)
        return SamplingPlan.of(self.conflict, concepts, self.one_way, self.distribution, self.samples, self.seed)

    def profile(self, number: int) -> Conflict:
        """Return the conflict with the preferences of one of the profiles, counted from 1.

        Raises
        ------
        UnknownNameError
            For a profile that was not drawn.
        """
        if not 1 <= number <= self.samples:
            raise UnknownNameError("profile", number, hint=f"profiles are numbered from 1 to {self.samples}")
        made = CompiledPlan(self._plan).profile(number)
        return self.conflict.replaced(decision_makers=made.decision_makers)

    # Data

    def to_dict(self) -> dict[str, Any]:
        """Return the answer as plain data, format ``detente-robust/1``."""
        quo = self.status_quo
        return {
            "format": self.format,
            **self.conflict.basis.to_dict(),
            "version": self.version,
            "digest": self.digest,
            "conflict": {"title": self.conflict.title},
            "model": {
                "text": self.words.distribution_in_words(self.distribution, self.conflict),
                "dispersion": dict(self.distribution.dispersion),
                "keep": self.distribution.keep,
                "ties": self.distribution.ties,
                "statements": [
                    {
                        "decision_maker": maker.id,
                        "statement": str(statement.condition),
                        "confidence": float(statement.confidence),
                        "chance": self.distribution.chance(statement),
                        "evidence": list(statement.support.evidence),
                    }
                    for maker in self.conflict.decision_makers
                    if isinstance(maker.preferences, Prioritising)
                    for statement in maker.preferences.statements
                ],
            },
            "samples": self.samples,
            "seed": self.seed,
            "exact": self.exact,
            "threshold": self.threshold,
            "level": LEVEL,
            "count": len(self.states),
            "status_quo": {"number": quo.number, "state": quo.pattern} if quo is not None else None,
            "notes": [self.words.note_in_words(note) for note in self.notes],
            "results": [
                {
                    "concept": concept.id,
                    "one_way": one_way,
                    "states": [self._share_data(one) for one in self.shares(concept.id, one_way)],
                    "hangs_on": [self._effect_data(effect) for effect in self.depends_on(concept.id, one_way=one_way)],
                }
                for one_way in self.one_way
                for concept in self.concepts
            ],
        }

    def _share_data(self, one: Share) -> dict[str, Any]:
        return {
            "number": one.state.number,
            "state": one.state.pattern,
            "name": one.state.name,
            "met": one.met,
            "share": one.share,
            "interval": list(one.interval),
            "as_written": one.as_written,
            "near_threshold": list(one.near_threshold),
            "turned_by": [self._change_data(change) for change in one.flips],
        }

    def _change_data(self, change: SmallChange) -> dict[str, Any]:
        after = self.statement(change, 1) if change.kind == "swapped" else None
        first = self.statement(change)
        return {
            "decision_maker": change.decision_maker,
            "change": change.kind,
            "place": change.item + 1,
            "statement": str(first.condition) if first else None,
            "next": str(after.condition) if after else None,
            "evidence": list(first.support.evidence) if first else [],
            "odds": change.odds,
        }

    def _effect_data(self, effect: Effect) -> dict[str, Any]:
        return {
            **self._change_data(effect.change),
            "for": {"number": effect.state.number, "state": effect.state.pattern},
            "held": effect.held,
            "altered": effect.altered,
            "difference": effect.difference,
            "interval": list(effect.interval),
            "distinct": effect.distinct,
            "text": self.words.effect_in_words(self, effect),
        }

    def rows(self) -> list[dict[str, Any]]:
        """Return one record for each one-way assumption, concept and state."""
        return [
            {
                "one_way": one.one_way,
                "concept": one.concept.id,
                "number": one.state.number,
                "state": one.state.pattern,
                "name": one.state.name or "",
                "met": one.met,
                "share": one.share,
                "low": one.interval[0],
                "high": one.interval[1],
                "as_written": one.as_written,
                "near_threshold": " ".join(one.near_threshold),
            }
            for one_way in self.one_way
            for concept in self.concepts
            for one in self.shares(concept.id, one_way)
        ]

    def notable(self, most: int = 20) -> list[State]:
        """Return the states that are most often equilibria under some concept, in order, and always the status quo."""
        often = self.tally.met.max(axis=(0, 1))
        first = np.argsort(-often, kind="stable")[:most]
        places = {int(place) for place in first if often[place] > 0}
        if self.status_quo is not None:
            places.add(self.status_quo.number - 1)
        return [self.states.numbered(place + 1) for place in sorted(places)]

    def _asked(self, concept: str, one_way: str | None) -> tuple[Concept, tuple[int, int]]:
        ids = [one.id for one in self.concepts]
        if concept not in ids:
            raise UnknownNameError("concept", concept, ids)
        one_way = self.one_way[0] if one_way is None else one_way
        if one_way not in self.one_way:
            raise UnknownNameError("one-way assumption", one_way, self.one_way)
        place = ids.index(concept)
        return self.concepts[place], (place, self.one_way.index(one_way))


def robustness(
    conflict: Conflict,
    concepts: Iterable[str] | None = None,
    *,
    samples: int = 10_000,
    seed: int = 0,
    dispersion: float | Mapping[str, float] = DISPERSION,
    keep: float = KEEP,
    ties: str = "new",
    one_way: str = "as-written",
    threshold: float = 0.5,
    workers: int | None = 1,
    scheduler: str | None = None,
    progress: Progress = no_progress,
) -> Robustness:
    """Say in which share of random preference profiles each state is an equilibrium, and what that depends on.

    The method `detente.Conflict.robustness` describes the parameters, the steps and the errors.
    """
    conflict = model_of_day(conflict)
    wanted = chosen(DEFAULT_SAMPLED if concepts is None else concepts)
    for one in wanted:
        if one.id not in SAMPLED:
            raise InputError(
                f"{one.title} needs more than plain preferences, and random profiles have only these; choose one of "
                f"{', '.join(SAMPLED)}"
            )
    ways = ONE_WAY_ASSUMPTIONS if one_way == "both" else (one_way,)
    if not set(ways) <= set(ONE_WAY_ASSUMPTIONS):
        raise UnknownNameError("one-way assumption", one_way, (*ONE_WAY_ASSUMPTIONS, "both"))
    _in_range(samples, seed, threshold, workers)
    doubt = ProfileDistribution.of(conflict, dispersion, keep, ties)
    exact = doubt.is_none(conflict)
    plan = SamplingPlan.of(conflict, tuple(one.id for one in wanted), ways, doubt, 1 if exact else samples, seed)
    progress(0.0, "compiling the conflict")
    must_have_few(conflict, MAX_LISTED, "for sampling")
    compiled = CompiledPlan(plan)
    compiled.must_fit()
    written = compiled.written_and_changed()
    chunks = plan.chunks()
    if workers is None:
        workers = cores() if compiled.count * plan.samples >= _WORTH_PROCESSES else 1
    total: Tally | None = None
    for done, part in enumerate(spread(tally, chunks, workers=workers, scheduler=scheduler), start=1):
        total = part if total is None else total + part
        progress(done / len(chunks), f"{total.profiles:,} of {plan.samples:,} variations")
    assert total is not None
    return Robustness(
        conflict=conflict,
        distribution=doubt,
        concepts=wanted,
        one_way=ways,
        samples=plan.samples,
        seed=seed,
        threshold=threshold,
        exact=exact,
        notes=tuple(_notes(compiled)),
        changes=compiled.changes,
        tally=total,
        written=np.array([[written[concept.id, name] for name in ways] for concept in wanted]),
    )


def _in_range(samples: int, seed: int, threshold: float, workers: int | None) -> None:
    for name, value, low in (
        ("the number of samples", samples, 1),
        ("the seed", seed, 0),
        ("the number of workers", 1 if workers is None else workers, 1),
    ):
        if value < low:
            raise InputError(f"{name} must be at least {low}, not {value}")
    if not 0 < threshold < 1:
        raise InputError(f"the threshold must be between 0 and 1, not {threshold}")


def _notes(compiled: CompiledPlan) -> Iterable[SamplingNote]:
    """Yield what was not examined, or was computed in another way."""
    makers = compiled.plan.conflict.decision_makers
    many = [
        maker.label
        for maker in makers
        if maker.id in compiled.groups
        and compiled.items[maker.id] > MAX_SWAPS
        and compiled.plan.doubt.dispersion[maker.id] > 0
    ]
    if many:
        yield SamplingNote("swaps", tuple(many))
    if not compiled.changes and compiled.possible_changes:
        yield SamplingNote("changes")
    if not compiled.solvers:
        yield SamplingNote("coalitions")
    swept = compiled.solvers.values()
    singly = [id for id in compiled.plan.concepts if not all(one.serves(CONCEPTS[id]) for one in swept)]
    if singly:
        yield SamplingNote("concepts", tuple(singly))


__all__ = ["Effect", "Robustness", "SamplingNote", "Share", "robustness"]
