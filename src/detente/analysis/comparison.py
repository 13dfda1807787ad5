"""The changes between two versions of a dispute, and the effect of each change on the equilibria.

Theory of operation. Both versions are put into one frame: all decision makers and options of either; an option that a
version lacks stays untaken in it. In this frame every change can be made by itself. A change's effect *alone* is its
effect on the first version. An equilibrium that appeared or disappeared *needs* a change if it would not have without
it, with all other changes made. Changes may have no effect alone and a large one together, so both are reported.

Cost: two analyses for each change.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from functools import cached_property
from itertools import pairwise
from typing import Any

from detente.analysis.differences import (
    ChangeStep,
    EquilibriumPatterns,
    Frame,
    NameMatch,
    match_by_name,
    widened_pattern,
    with_identifiers_of_the_first,
)
from detente.analysis.equilibria import Analysis, analyze, named_states
from detente.analysis.evolution import Evolution, evolve
from detente.analysis.result import Result, state_data
from detente.concepts import Concept, chosen
from detente.engine import must_have_few, solver
from detente.engine.interface import Solver
from detente.errors import InputError, UnknownNameError
from detente.lazy import dataclass
from detente.limits import MAX_LISTED
from detente.model.conflict import Conflict
from detente.model.day import model_of_day, statements_behind
from detente.model.preferences import StateReference
from detente.model.questions import Progress, no_progress
from detente.model.states import State, names_in_part


@dataclass(frozen=True)
class VersionChange:
    """One difference between two versions.

    Attributes
    ----------
    kind
        The kind of the change.
    what
        The name of the change, by which it is worded.
    about
        The elements that it concerns.
    alone
        By concept, the equilibria that come and go if only this changes; None if that was not worked out.
    needed
        By concept, the equilibria that came or went and would not have without this change; None if that was not
        worked out.
    element
        What is different, if that is a single element: its kind and its name.
    without
        By concept, the equilibria if everything changes but this; None if that was not worked out.
    """

    kind: str
    what: str
    about: Mapping[str, Any] = field(hash=False)
    alone: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] | None = None
    needed: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] | None = None
    element: tuple[str, ...] = ()
    without: tuple[tuple[str, tuple[str, ...]], ...] | None = field(default=None, repr=False)

    @property
    def matters(self) -> bool:
        """Whether the change affects the equilibria, alone or with the others."""
        return any(come or go for part in (self.alone, self.needed) for _, come, go in part or ())


@dataclass(frozen=True)
class Comparison(Result):
    """A comparison of two versions of a dispute.

    Attributes
    ----------
    first
        The first version.
    second
        The second version.
    options
        The options of both versions, in the order of the letters.
    concepts
        The stability concepts.
    changes
        The differences.
    statements
        The new statements, and those that are gone.
    before
        The equilibria of the first version by concept.
    after
        The equilibria of the second version by concept.
    attributed
        Whether each change was tried alone; not possible if preferences rank states one by one.
    pairs
        Decision makers and options with other identifiers but the same name; they are called as in the first version.
    """

    question = "comparison"

    first: Conflict = field(repr=False)
    second: Conflict = field(repr=False)
    options: tuple[str, ...]
    concepts: tuple[Concept, ...]
    changes: tuple[VersionChange, ...]
    statements: tuple[tuple[str, ...], tuple[str, ...]]
    before: tuple[tuple[str, tuple[str, ...]], ...]
    after: tuple[tuple[str, tuple[str, ...]], ...]
    attributed: bool
    pairs: tuple[NameMatch, ...] = ()

    @cached_property
    def names(self) -> dict[str, str]:
        """The names of states by their patterns over the options of both versions; the second version's take
        precedence.
        """
        found = {}
        for compiled in self._solvers:
            for state in named_states(compiled):
                found[widened_pattern(state.pattern, compiled.conflict, self.options)] = str(state.name)
        return found

    @cached_property
    def partial_names(self) -> dict[str, tuple[str, str]]:
        """The names and patterns of named states that need an option which a version's model lacks, by the pattern of
        what that model has of them; the second version's take precedence.
        """
        found = {}
        for version in self.versions:
            written = version.written
            # Matched options of the second version have the identifiers of the first.
            pairs = zip(written.options, version.options, strict=True)
            untaken = [one.id for one, here in pairs if here.id in version.untaken]
            for rest, (name, whole) in names_in_part(written, untaken).items():
                left, full = (widened_pattern(one, version, self.options) for one in (rest, whole))
                found[left] = (name, full)
        return found

    @cached_property
    def both(self) -> Conflict:
        """A conflict with the decision makers and options of both versions, in the order of patterns."""
        return Frame(*self.versions).both

    def came(self, concept: str) -> tuple[str, ...]:
        """Return the states that are equilibria in the second version only."""
        before = dict(self.before)[concept]
        return tuple(state for state in dict(self.after)[concept] if state not in before)

    def went(self, concept: str) -> tuple[str, ...]:
        """Return the states that are equilibria in the first version only."""
        after = dict(self.after)[concept]
        return tuple(state for state in dict(self.before)[concept] if state not in after)

    def number(self, pattern: str, version: Conflict) -> int | None:
        """Return the number of a state in one of the versions; None if that version has no such state."""
        compiled = self._solvers[version is self.second]
        letters = dict(zip(self.options, pattern, strict=True))
        own = "".join(letters.pop(option.id) for option in compiled.conflict.options)
        try:
            number = compiled.number_of(own)
        except UnknownNameError:
            return None
        return number if set(letters.values()) <= {"N"} and compiled.state(number).pattern == own else None

    @cached_property
    def versions(self) -> tuple[Conflict, Conflict]:
        """Both versions, with the identifiers of the first."""
        return self.first, with_identifiers_of_the_first(self.second, self.pairs)

    @cached_property
    def _solvers(self) -> tuple[Solver, Solver]:
        first, second = self.versions
        return solver(first), solver(second)

    def to_dict(self) -> dict[str, Any]:
        """Return the comparison as plain data, format ``detente-compare/1``.

        States are patterns over the options of both versions. A state of the first version has its number there, a new
        state that of the second; None if that version has no such state. ``taken_to_be_the_same`` lists the pairs
        matched by name; everything else uses the identifiers of the first version.
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
                    "text": self.words.change_in_words(one),
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
        own = self.versions[version is self.second]
        taken = own.status_quo.taken if own.status_quo else frozenset()
        return "".join("Y" if option in taken else "N" for option in self.options)

    def _version_data(self, version: Conflict) -> dict[str, Any]:
        quo = self.status_quo(version)
        return {
            "title": version.title,
            **version.basis.to_dict(),
            "status_quo": None if quo is None else {"number": self.number(quo, version), "state": quo},
        }

    @cached_property
    def because(self) -> tuple[str, ...]:
        """The statements because of which elements are in the model of one version and not of the other."""
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
        """Return one record for each change."""

        def written(part: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] | None) -> str:
            texts = []
            for concept, come, go in part or ():
                texts += [f"{concept} +{state}" for state in come] + [f"{concept} -{state}" for state in go]
            return "; ".join(texts)

        return [
            {
                "kind": one.kind,
                "change": self.words.change_in_words(one),
                "alone": written(one.alone),
                "needed_for": written(one.needed),
            }
            for one in self.changes
        ]


@dataclass(frozen=True)
class OutcomeComparison(Result):
    """Two outcomes of one dispute side by side: what differs, who prefers which, and for whom each is stable.

    Attributes
    ----------
    analysis
        The analysis of the dispute.
    first, second
        The outcomes.
    """

    question = "comparison"
    format = "detente-outcomes/1"

    analysis: Analysis = field(repr=False)
    first: State
    second: State

    @property
    def ranks(self) -> dict[str, tuple[int, int, int]]:
        """The rank of each outcome for every decision maker, 1 for the best, and the worst rank that it gives."""
        known = {}
        for place, maker in enumerate(self.analysis.conflict.decision_makers):
            ranks = self.analysis.solver.ranks(place)
            known[maker.id] = (ranks[self.first.number - 1], ranks[self.second.number - 1], max(ranks))
        return known

    @cached_property
    def ways(self) -> tuple[Evolution, Evolution]:
        """The evolutions from the first outcome to the second, and back, by improvements."""
        one, other, concepts = self.first.number, self.second.number, [self.analysis.concepts[0].id]
        conflict = self.analysis.conflict
        return (
            evolve(conflict, one, other, by="improvements", concepts=concepts),
            evolve(conflict, other, one, by="improvements", concepts=concepts),
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the comparison as plain data, format ``detente-outcomes/1``; pairs are of the first and second."""
        conflict, both = self.analysis.conflict, (self.first, self.second)
        taken = {"Y": True, "N": False}
        return {
            "format": self.format,
            **conflict.basis.to_dict(),
            "conflict": {"title": conflict.title},
            "first": state_data(self.first),
            "second": state_data(self.second),
            "options": [
                {"id": option.id, "owner": conflict.owner[option.id], "taken": [taken.get(one) for one in pair]}
                for option, *pair in zip(conflict.options, self.first.pattern, self.second.pattern, strict=True)
            ],
            "preferences": {
                id: {"ranks": [one, other], "of": worst, "prefers": self._preferred(one, other)}
                for id, (one, other, worst) in self.ranks.items()
            },
            "ways": [{"from": state_data(way.start), **way.to_dict()["targets"][0]} for way in self.ways],
            "stability": {
                concept: {player: [state.number in stable for state in both] for player, stable in found.items()}
                for concept, found in self.analysis.stability.items()
            },
        }

    def _preferred(self, one: int, other: int) -> int | None:
        return None if one == other else (self.first if one < other else self.second).number

    def rows(self) -> list[dict[str, Any]]:
        """Return one record for each concept and player."""
        return [
            {
                "concept": concept,
                "player": player,
                "first": self.first.number in stable,
                "second": self.second.number in stable,
            }
            for concept, found in self.analysis.stability.items()
            for player, stable in found.items()
        ]


def compare_outcomes(
    conflict: Conflict,
    first: StateReference,
    second: StateReference,
    concepts: Iterable[str] | None = None,
    engine: str = "auto",
) -> OutcomeComparison:
    """Compare two outcomes of a conflict; see `Conflict.compare_outcomes`."""
    must_have_few(conflict, MAX_LISTED, "for comparing outcomes", engine)
    return outcomes_of(analyze(conflict, concepts, engine), first, second)


def outcomes_of(analysis: Analysis, first: StateReference, second: StateReference) -> OutcomeComparison:
    """Compare two outcomes of a conflict that has been analysed."""
    one, other = (analysis.solver.state(analysis.solver.number_of(each)) for each in (first, second))
    return OutcomeComparison(analysis, one, other)


def compare(
    first: Conflict,
    second: Conflict,
    concepts: Iterable[str] | None = None,
    engine: str = "auto",
    *,
    progress: Progress = no_progress,
) -> Comparison:
    """Find the changes between two versions of a dispute, and the effect of each on the equilibria.

    The method `detente.Conflict.compare` describes the parameters, the steps and the errors.
    """
    return compared(first, second, chosen(concepts), engine, {}, progress=progress)


def compared(
    first: Conflict,
    second: Conflict,
    wanted: tuple[Concept, ...],
    engine: str,
    known: dict[str, EquilibriumPatterns],
    *,
    most: int | None = None,
    progress: Progress = no_progress,
) -> Comparison:
    """Compare two versions as `compare` does.

    ``known`` has the equilibria of models by their digests and takes those that are new, for several comparisons. With
    more than ``most`` changes their effects are not worked out.
    """
    first, second = model_of_day(first), model_of_day(second)
    given, pairs = second, match_by_name(first, second)
    second = with_identifiers_of_the_first(second, pairs)
    moved = [id for id, owner in first.owner.items() if second.owner.get(id, owner) != owner]
    if moved:
        raise InputError(f"the option '{moved[0]}' belongs to different decision makers in the two versions")
    for version in (first, second):
        must_have_few(version, MAX_LISTED, "for comparing equilibria one by one", engine)
    frame = Frame(first, second)
    steps = list(frame.steps())
    # A ranking that lists states fits only the states for which it was written.
    attributed = frame.same_states or not frame.by_states
    equilibria = _Known(frame, steps, wanted, engine, known)
    if attributed:
        before, after = equilibria.of(()), equilibria.of(range(len(steps)))
    else:
        before, after = (frame.widened(_equilibria(one, wanted, engine), one) for one in (first, second))
    changes = []
    for place, step in enumerate(steps):
        progress(place / max(1, len(steps)), f"{place:,} of {len(steps):,} changes")
        if not attributed or step.make is None or (most is not None and len(steps) > most):
            changes.append(VersionChange(step.kind, step.what, step.about, element=step.element))
            continue
        alone = equilibria.of((place,))
        without = equilibria.of([other for other in range(len(steps)) if other != place])
        changes.append(
            VersionChange(
                step.kind,
                step.what,
                step.about,
                _effect(before, alone, wanted),
                _needed(before, after, without, wanted),
                step.element,
                tuple((concept.id, _sorted(without[concept.id])) for concept in wanted),
            )
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

    The method `detente.Conflict.compare_days` describes the parameters, the steps and the errors.
    """
    if len(days) < 2:
        raise InputError("comparing days needs two days or more")
    written = conflict.basis.written
    models = [written.replaced(day=day, undated=undated) for day in days]
    return tuple(compare(one, other, concepts, engine, progress=progress) for one, other in pairwise(models))


def _effect(
    before: EquilibriumPatterns, after: EquilibriumPatterns, concepts: Sequence[Concept]
) -> tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...]:
    return tuple(
        (one.id, _sorted(after[one.id] - before[one.id]), _sorted(before[one.id] - after[one.id])) for one in concepts
    )


def _needed(
    before: EquilibriumPatterns, after: EquilibriumPatterns, without: EquilibriumPatterns, concepts: Sequence[Concept]
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


def _equilibria(conflict: Conflict, concepts: Sequence[Concept], engine: str) -> EquilibriumPatterns:
    try:
        analysis = analyze(conflict, [concept.id for concept in concepts], engine)
    except InputError:
        # A part of the changes may leave no feasible state; then there are no equilibria.
        return {concept.id: frozenset() for concept in concepts}
    return {concept.id: frozenset(state.pattern for state in analysis.equilibria(concept.id)) for concept in concepts}


class _Known:
    """The equilibria after subsets of the changes, each computed once."""

    def __init__(
        self,
        frame: Frame,
        steps: Sequence[ChangeStep],
        concepts: Sequence[Concept],
        engine: str,
        known: dict[str, EquilibriumPatterns],
    ) -> None:
        self._frame, self._steps, self._concepts, self._engine, self._known = frame, steps, concepts, engine, known
        self._found: dict[frozenset[int], EquilibriumPatterns] = {}

    def of(self, places: Iterable[int]) -> EquilibriumPatterns:
        """Return the equilibria of the first version with these changes made, in order."""
        key = frozenset(places)
        if key not in self._found:
            parts = self._frame.parts
            for place in sorted(key):
                make = self._steps[place].make
                parts = make(parts) if make else parts
            made = self._frame.made(parts)
            if made.digest not in self._known:
                self._known[made.digest] = _equilibria(made, self._concepts, self._engine)
            self._found[key] = self._known[made.digest]
        return self._found[key]
