"""The equilibria of a state space that is too large to decide at once, slice by slice.

A slice is the set of states that match a pattern: in ``YN--`` the first option is taken and the second is not. A merged
state belongs to the slice of its largest member, which determines its number.

Theory of operation. Whether a state is stable depends on moves out of its slice, and these are followed everywhere;
only the question is restricted. So slices are decided independently, in any order, on any machine, and together they
give the answer for the whole.

Cost. For the symbolic engine the cost of a slice grows with the number of ranks that its states have for the decision
makers. So a narrow slice can be decided when the whole cannot, but many wide slices cost more than the whole. The
explicit engine always sweeps over all states: it decides the whole once, and all slices are cut from the result.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from detente.analysis.result import ConflictResult, concept_among, set_data
from detente.concepts import DEFAULT_CONCEPTS, Concept, chosen
from detente.engine import Solver, solver
from detente.engine.interface import StateSet, choices
from detente.engine.progress import COMPILING, Stages, effort
from detente.errors import InputError, TooLargeError
from detente.jobs import cores, spread
from detente.limits import MAX_PATTERNS
from detente.model.conflict import Conflict
from detente.model.day import model_of_day
from detente.model.questions import Progress, no_progress
from detente.model.states import State, fits, nth_like
from detente.verification.verify import SliceClaims, Verification, Verifier, verify_slice


def must_fit(conflict: Conflict, pattern: str) -> None:
    """Raise an error if a pattern does not fit a conflict."""
    size = len(conflict.options)
    if len(pattern) != size or not set(pattern) <= set("YN-"):
        raise InputError(f"'{pattern}' is not a pattern of this conflict: a pattern has {size} letters, each Y, N or -")


def cut(compiled: Solver, conflict: Conflict, pattern: str, most: int) -> list[str]:
    """Split a pattern into at most ``most`` disjoint patterns, the largest first.

    Each split is at the option on which the most preferences depend: then the states of each part have fewer distinct
    ranks, which determine the cost of a slice.
    """
    mentioned = _mentioned(conflict)
    parts = [(compiled.count_within(pattern), pattern)]
    while len(parts) < most:
        count, widest = max(parts)
        if count <= 1 or "-" not in widest:
            break
        parts.remove((count, widest))
        place = _place_to_cut(conflict, mentioned, widest)
        for letter in "NY":
            half = f"{widest[:place]}{letter}{widest[place + 1 :]}"
            if size := compiled.count_within(half):
                parts.append((size, half))
    return sorted(half for _, half in parts)


def _mentioned(conflict: Conflict) -> list[frozenset[str]]:
    """Return the options of every condition by which a decision maker ranks states."""
    return [
        frozenset(condition.options())
        for maker in conflict.decision_makers
        for condition in maker.preferences.conditions()
    ]


def _place_to_cut(conflict: Conflict, mentioned: Sequence[frozenset[str]], pattern: str) -> int:
    names = [option.id for option in conflict.options]
    free = {name for name, letter in zip(names, pattern, strict=True) if letter == "-"}
    worth = dict.fromkeys(free, 0.0)
    for options in mentioned:
        # A condition that depends on one option only is settled by it; one that depends on several is settled in part.
        for name in options & free:
            worth[name] += 2.0 ** -len(options & free)
    return max((place for place, name in enumerate(names) if name in free), key=lambda place: worth[names[place]])


@dataclass(frozen=True)
class Slice:
    """The equilibria among the states that match a pattern.

    Attributes
    ----------
    pattern
        The pattern: Y taken, N not taken, a dash for either.
    count
        The number of states.
    equilibria
        By concept, the number of equilibria and the patterns that cover them; None if these would be very many.
    undecided
        The concepts that needed too much memory, with the reason.
    status_quo_holds
        By concept, whether the status quo is an equilibrium, if it is in this slice.
    verification
        What was verified, if asked for.
    """

    pattern: str
    count: int
    equilibria: Mapping[str, tuple[int, tuple[str, ...] | None]] = field(hash=False)
    undecided: Mapping[str, str] = field(hash=False)
    status_quo_holds: Mapping[str, bool] = field(hash=False)
    verification: Verification | None = field(default=None, compare=False)


@dataclass(frozen=True)
class SlicedAnalysis(ConflictResult):
    """The equilibria of a conflict, or of a part of its states, decided slice by slice.

    A merged state belongs to the slice of its largest member, whose place gives it its number.

    Attributes
    ----------
    engine
        The engine.
    concepts
        The stability concepts.
    within
        The pattern that was asked about; only dashes for all states.
    count
        The number of states that match it.
    status_quo
        The status quo, if it matches; otherwise None.
    slices
        The slices.
    left_out
        The concepts that were not decided, with the reason.

    Examples
    --------
    >>> import detente as dt
    >>> answer = dt.analyze_slices(dt.example("ukraine-2023"), ["nash", "seq"], slices=4)
    >>> answer.total("seq"), len(answer.slices)
    (15, 4)
    """

    format = "detente-slices/1"
    question = "slices"

    engine: str
    concepts: tuple[Concept, ...]
    within: str
    count: int
    status_quo: State | None
    slices: tuple[Slice, ...]
    left_out: Mapping[str, str] = field(hash=False)

    @property
    def complete(self) -> bool:
        """Whether every concept was decided in every slice."""
        return not self.left_out and not any(one.undecided for one in self.slices)

    @property
    def verification(self) -> Verification | None:
        """What was checked in all slices together; None if no check was requested."""
        parts = [one.verification for one in self.slices if one.verification is not None]
        return Verification.together(parts) if parts else None

    def total(self, concept: str) -> int | None:
        """Return the number of equilibria in all slices; None if some are undecided."""
        id = concept_among(self.concepts, concept).id
        if any(id in one.undecided for one in self.slices):
            return None
        return sum(one.equilibria[id][0] for one in self.slices)

    def patterns(self, concept: str) -> tuple[str, ...] | None:
        """Return patterns that cover exactly the equilibria; None if some are undecided or there are too many
        patterns.
        """
        id = concept_among(self.concepts, concept).id
        found: list[str] = []
        for one in self.slices:
            patterns = one.equilibria[id][1] if id in one.equilibria else None
            if patterns is None or len(found) + len(patterns) > MAX_PATTERNS:
                return None
            found += patterns
        return tuple(found)

    def status_quo_holds(self, concept: str) -> bool | None:
        """Tell whether the status quo is an equilibrium; None if it is not among the states or undecided."""
        id = concept_among(self.concepts, concept).id
        return next((one.status_quo_holds[id] for one in self.slices if id in one.status_quo_holds), None)

    def to_dict(self) -> dict[str, Any]:
        """Return the answer as plain data, format ``detente-slices/1``."""
        conflict, quo = self.conflict, self.status_quo
        return {
            "format": self.format,
            **self.conflict.basis.to_dict(),
            "version": self.version,
            "digest": self.digest,
            "engine": self.engine,
            "conflict": {
                "title": conflict.title,
                "decision_makers": [maker.id for maker in conflict.decision_makers],
                "options": [{"id": option.id, "owner": conflict.owner[option.id]} for option in conflict.options],
            },
            "within": self.within,
            "count": self.count,
            "status_quo": None if quo is None else {"number": quo.number, "state": quo.pattern},
            "status_quo_holds": {concept.id: self.status_quo_holds(concept.id) for concept in self.concepts},
            "equilibria": {
                concept.id: set_data(self.total(concept.id), self.patterns(concept.id)) for concept in self.concepts
            },
            "slices": [
                {
                    "pattern": one.pattern,
                    "count": one.count,
                    "equilibria": {id: set_data(*found) for id, found in one.equilibria.items()},
                    "undecided": dict(one.undecided),
                }
                for one in self.slices
            ],
            "left_out": dict(self.left_out),
        }

    def rows(self) -> list[dict[str, Any]]:
        """Return one record for each slice: its pattern, its states, and the number of equilibria by concept."""
        return [
            {
                "slice": one.pattern,
                "states": one.count,
                **{
                    concept.id: one.equilibria[concept.id][0] if concept.id in one.equilibria else "undecided"
                    for concept in self.concepts
                },
            }
            for one in self.slices
        ]


@dataclass(frozen=True)
class _Question:
    """Slices of a conflict and the question about them, as sent to a worker.

    ``place`` is the index of the first of them among all slices. ``status_quo`` is its number and its largest member.
    """

    place: int
    conflict: Conflict
    engine: str
    concepts: tuple[str, ...]
    patterns: tuple[str, ...]
    status_quo: tuple[int, str] | None = None
    verify: bool = False


def analyze_slices(
    conflict: Conflict,
    concepts: Iterable[str] | None = None,
    engine: str = "auto",
    *,
    within: str | None = None,
    slices: int = 1,
    verify: bool = False,
    workers: int | None = 1,
    scheduler: str | None = None,
    progress: Progress = no_progress,
) -> SlicedAnalysis:
    """Decide which states are equilibria, slice by slice.

    Parameters
    ----------
    conflict
        The dispute.
    concepts
        Identifiers of stability concepts; Nash, GMR, SMR, SEQ, SIM and SSEQ when None, less those that a conflict of
        this size rules out.
    engine
        ``auto`` or the name of an engine, chosen as for the whole. The symbolic engine decides each slice by itself,
        the explicit one all states once.
    within
        A pattern (``YN--``) to restrict the states to. Default (None): all states.
    slices
        The maximum number of slices.
    verify
        Whether to check the answer for every slice, as `verify` does for a whole, in the process that decides it; the
        result is in ``verification``.
    workers
        The number of processes. Default (None): one for each core or slice, whichever are fewer. In a script, more than
        one require the usual ``if __name__ == "__main__":``. The explicit engine runs in one process, which uses every
        core.
    scheduler
        The address of a Dask scheduler, whose cluster then does the work; needs the ``cluster`` extra. The explicit
        engine runs on one worker.
    progress
        Called with the share of the work done and a description of the current step.

    Raises
    ------
    InputError
        For a pattern that matches no state, a number out of its range, or a conflict that the engine does not decide.
    UnknownNameError
        For an unknown concept or engine.
    TooLargeError
        For a concept that the engine does not decide, or a conflict that it cannot hold. A slice that exceeds the
        memory later is reported as undecided.
    WorkersError
        If a cluster cannot be reached, or workers are lost repeatedly.
    CertificateError
        If an answer of the engine fails verification.
    """
    conflict = model_of_day(conflict)
    for name, value in (("the number of slices", slices), ("the number of workers", 1 if workers is None else workers)):
        if value < 1:
            raise InputError(f"{name} is {value}; it must be at least 1")
    wanted = chosen(DEFAULT_CONCEPTS if concepts is None else concepts)
    region = "-" * len(conflict.options) if within is None else within
    must_fit(conflict, region)
    stages = Stages(progress, COMPILING + len(conflict.players) * sum(map(effort, wanted)))
    stages.begin(COMPILING, "listing the feasible states")
    compiled = solver(conflict, engine, stages, () if concepts is None else wanted)
    reasons = {concept.id: compiled.refuses(concept) for concept in wanted}
    left_out = {id: reason for id, reason in reasons.items() if reason}
    if left_out and concepts is not None:
        raise TooLargeError(next(iter(left_out.values())))
    wanted = tuple(concept for concept in wanted if concept.id not in left_out)
    count = compiled.count_within(region)
    if not count:
        raise InputError(f"no feasible state has the pattern '{region}'")
    here = _status_quo(compiled)
    asked = _Question(0, conflict, compiled.name, tuple(concept.id for concept in wanted), (), here, verify)
    patterns = cut(compiled, conflict, region, slices)
    if compiled.name == "explicit" and scheduler is None:
        _decide_all(compiled, wanted, stages)
        found = dict(enumerate(_decided(compiled, replace(asked, patterns=tuple(patterns)))))
    else:
        found = _spread_out(asked, patterns, cores() if workers is None else workers, scheduler, progress)
    progress(1.0, "done")
    return SlicedAnalysis(
        conflict=conflict,
        engine=choices(compiled, wanted)[0] if scheduler is None else compiled.name,
        concepts=wanted,
        within=region,
        count=count,
        status_quo=compiled.state(here[0]) if here is not None and fits(here[1], region) else None,
        slices=tuple(found[place] for place in range(len(patterns))),
        left_out=left_out,
    )


def _spread_out(
    asked: _Question, patterns: Sequence[str], workers: int, scheduler: str | None, progress: Progress
) -> dict[int, Slice]:
    """Decide slices, each by itself; together if the engine decides the whole in any case."""
    parts = [patterns] if asked.engine == "explicit" else [[pattern] for pattern in patterns]
    pieces = [replace(asked, place=place, patterns=tuple(part)) for place, part in enumerate(parts)]
    found: dict[int, Slice] = {}
    for place, some in spread(decided, pieces, workers=workers, scheduler=scheduler):
        found.update(enumerate(some, start=place))
        progress(len(found) / len(patterns), f"{len(found):,} of {len(patterns):,} slices")
    return found


def _status_quo(compiled: Solver) -> tuple[int, str] | None:
    """Return the status quo's number, and the largest member of its state."""
    conflict = compiled.conflict
    if conflict.status_quo is None:
        return None
    number = int(compiled.number_of(conflict.pattern(conflict.status_quo.taken)))
    return number, nth_like("-" * len(conflict.options), number, compiled.count_within)


def decided(question: _Question) -> tuple[int, list[Slice]]:
    """Decide some slices, in any process; return them with the index of the first."""
    compiled = solver(question.conflict, question.engine)
    return question.place, _decided(compiled, question)


def _decide_all(compiled: Solver, concepts: Iterable[Concept], stages: Stages) -> None:
    """Decide the whole, with progress, so that its parts can be cut from the result."""
    for concept in concepts:
        for place, player in enumerate(compiled.conflict.players):
            stages.begin(effort(concept), f"{concept.title} for {'+'.join(player)}")
            # A concept that is too large is reported with the slices.
            with suppress(TooLargeError):
                compiled.stable(concept, place)


def _decided(compiled: Solver, question: _Question) -> list[Slice]:
    """Decide some slices, and verify the answers if requested."""
    decided = [_equilibria_within(compiled, question, pattern) for pattern in question.patterns]
    if not question.verify:
        return [found for found, _ in decided]
    verifier = Verifier(compiled)
    return [
        replace(
            found,
            verification=verify_slice(
                SliceClaims(
                    compiled,
                    found.pattern,
                    found.count,
                    sets,
                    {id: covering for id, (_, covering) in found.equilibria.items()},
                ),
                verifier,
            ),
        )
        for found, sets in decided
    ]


def _equilibria_within(compiled: Solver, question: _Question, pattern: str) -> tuple[Slice, dict[str, StateSet]]:
    """Return the answer for one slice, and the sets of states behind it."""
    number, place = question.status_quo or (None, "")
    sets: dict[str, StateSet] = {}
    equilibria: dict[str, tuple[int, tuple[str, ...] | None]] = {}
    undecided: dict[str, str] = {}
    holds: dict[str, bool] = {}
    for concept in chosen(question.concepts):
        try:
            states = compiled.equilibria_within(concept, pattern)
            equilibria[concept.id] = states.count, states.patterns(MAX_PATTERNS)
            if number is not None and fits(place, pattern):
                holds[concept.id] = number in states
            sets[concept.id] = states
        except TooLargeError as reason:
            undecided[concept.id] = str(reason)
    return Slice(pattern, compiled.count_within(pattern), equilibria, undecided, holds), sets


__all__ = ["Slice", "SlicedAnalysis", "analyze_slices"]
