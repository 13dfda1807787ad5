"""Equilibria of a state space that is too large to decide at once, slice by slice.

A slice is what a pattern describes: ``YN--`` has the states at which the first option is taken and the second is not; a
merged state belongs where the largest of its members does, by whose place it is numbered.
Whether a state is stable depends on moves out of its slice, and these are followed wherever they lead; only the
question is asked of fewer states. So slices are decided independently of each other, in any order, on any machine, and
put together they say what the whole would.

To the symbolic engine a slice costs the more, the more ranks its states have in the decision makers' eyes, so a narrow
one is decided where the whole is not, and the sum of many wide ones is more than the whole. The explicit engine sweeps
over all states whatever is asked of it: it decides the whole once, and all slices are cut from that.
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
    """Refuse what is no pattern of a conflict."""
    size = len(conflict.options)
    if len(pattern) != size or not set(pattern) <= set("YN-"):
        raise InputError(f"'{pattern}' is not a pattern of this conflict: a pattern has {size} letters, each Y, N or -")


def cut(compiled: Solver, conflict: Conflict, pattern: str, most: int) -> list[str]:
    """Cut what a pattern describes into at most so many patterns, no two of which share a state, the largest first.

    Each cut is made at the option on which the most preferences hang: in what is left the decision makers
    tell fewer ranks apart, and that is what a slice costs.
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
        # A condition that hangs on one option alone is settled by it, one that hangs on several less.
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
        """What was checked of all slices together; None where no check was asked for."""
        parts = [one.verification for one in self.slices if one.verification is not None]
        return Verification.together(parts) if parts else None

    def total(self, concept: str) -> int | None:
        """Return how many equilibria there are in all slices; None where some are undecided."""
        id = concept_among(self.concepts, concept).id
        if any(id in one.undecided for one in self.slices):
            return None
        return sum(one.equilibria[id][0] for one in self.slices)

    def patterns(self, concept: str) -> tuple[str, ...] | None:
        """Return patterns that cover just the equilibria; None where some are undecided or the patterns very many."""
        id = concept_among(self.concepts, concept).id
        found: list[str] = []
        for one in self.slices:
            patterns = one.equilibria[id][1] if id in one.equilibria else None
            if patterns is None or len(found) + len(patterns) > MAX_PATTERNS:
                return None
            found += patterns
        return tuple(found)

    def status_quo_holds(self, concept: str) -> bool | None:
        """Tell whether the status quo is an equilibrium; None where it was not asked about or is undecided."""
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
        """Return one record for every slice: its pattern, its states, and how many equilibria there are by concept."""
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
    """Slices of a conflict, and what is asked of them: small enough to send.

    ``place`` is that of the first of them among all slices. ``status_quo`` is its number and its largest member.
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
        ``auto`` or the name of an engine, chosen as for the whole. The symbolic one decides each slice by itself, the
        explicit one all states once.
    within
        A pattern (``YN--``): ask about the states that it describes only. None for all.
    slices
        Into how many slices to cut that, at most.
    verify
        Check what is told of every slice, as `verify` does of a whole, in the process that decides it; what was checked
        is in ``verification``.
    workers
        How many processes to use, None for one each core and slice; in a script, more than one need the usual
        ``if __name__ == "__main__":``. What the explicit engine decides stays in one process, which uses every core.
    scheduler
        The address of a Dask scheduler, whose cluster does the work instead; needs the ``cluster`` extra. One worker
        decides all that the explicit engine decides.
    progress
        Called with the share of the work done and what is being done.

    Raises
    ------
    InputError
        For a pattern that fits no state, a number out of its range, or a conflict that the engine does not decide.
    UnknownNameError
        For a concept or an engine that there is not.
    TooLargeError
        For a concept that the engine does not decide, or a conflict that it cannot hold. What outgrows the memory later
        is said of its slice.
    WorkersError
        When a cluster cannot be reached, or workers are lost again and again.
    CertificateError
        When something that the engine says does not stand up to being checked.
    """
    conflict = model_of_day(conflict)
    for name, value in (("slices", slices), ("workers", 1 if workers is None else workers)):
        if value < 1:
            raise InputError(f"{name}: {value} is less than 1")
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
    """Have slices decided, each by itself; together by an engine that decides the whole in any case."""
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
    """Decide some slices, in whatever process; with the place of the first."""
    compiled = solver(question.conflict, question.engine)
    return question.place, _decided(compiled, question)


def _decide_all(compiled: Solver, concepts: Iterable[Concept], stages: Stages) -> None:
    """Have the whole decided, with progress, so that what is asked of its parts is known."""
    for concept in concepts:
        for place, player in enumerate(compiled.conflict.players):
            stages.begin(effort(concept), f"{concept.title} for {'+'.join(player)}")
            # What is too large is said of the slices.
            with suppress(TooLargeError):
                compiled.stable(concept, place)


def _decided(compiled: Solver, question: _Question) -> list[Slice]:
    """Decide some slices, and check what is told of them where that is asked for."""
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
    """Return what there is to tell of one slice, and the sets that it is told from."""
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
