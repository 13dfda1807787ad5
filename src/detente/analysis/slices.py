"""Equilibria of a state space that is too large to decide at once, slice by slice.

A slice is what a pattern describes: ``YN--`` has the states at which the first option is taken and the second is not.
Whether a state is stable depends on moves out of its slice, and these are followed wherever they lead; only the
question is asked of fewer states. So slices are decided independently of each other, in any order, on any machine, and
put together they say what the whole would.

What a slice costs grows with how many ranks its states have in the decision makers' eyes, so a narrow one is decided
where the whole is not. The sum of many wide ones is more than the whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from detente._version import __version__
from detente.analysis.equilibria import MOST_PATTERNS
from detente.analysis.result import Result
from detente.analysis.workers import cores, spread
from detente.conflict.model import ConflictModel
from detente.engine import solver
from detente.engine.interface import Progress, Sliceable, no_progress
from detente.errors import InputError, TooLargeError, UnknownNameError
from detente.stability import DEFAULT_CONCEPTS, Concept, chosen


@dataclass(frozen=True)
class Slice:
    """The equilibria among the states that a pattern describes.

    ``equilibria`` has for every concept how many there are, and patterns that cover just them (None where these would
    be very many). A concept that outgrew the memory here is in ``undecided`` instead, with the reason.
    """

    pattern: str
    count: int
    equilibria: Mapping[str, tuple[int, tuple[str, ...] | None]] = field(hash=False)
    undecided: Mapping[str, str] = field(hash=False)
    status_quo_holds: Mapping[str, bool] = field(hash=False)


@dataclass(frozen=True)
class SlicedAnalysis(Result):
    """The equilibria of a conflict, or of a part of its states, decided slice by slice.

    ``within`` is the pattern that was asked about, of dashes only for all states, and ``count`` how many states it
    describes. ``status_quo`` is the status quo's number where it is among them.

    >>> import detente as dt
    >>> answer = dt.analyze_slices(dt.example("ukraine-2023"), ["nash", "seq"], slices=4)
    >>> answer.total("seq"), len(answer.slices)
    (15, 4)
    """

    conflict: ConflictModel = field(repr=False)
    digest: str
    version: str
    engine: str
    concepts: tuple[Concept, ...]
    within: str
    count: int
    status_quo: int | None
    slices: tuple[Slice, ...]
    left_out: Mapping[str, str] = field(hash=False)

    @property
    def complete(self) -> bool:
        """Whether every concept was decided in every slice."""
        return not self.left_out and not any(one.undecided for one in self.slices)

    def total(self, concept: str) -> int | None:
        """Return how many equilibria there are in all slices; None where some are undecided."""
        id = self._known(concept)
        if any(id in one.undecided for one in self.slices):
            return None
        return sum(one.equilibria[id][0] for one in self.slices)

    def patterns(self, concept: str) -> tuple[str, ...] | None:
        """Return patterns that cover just the equilibria; None where some are undecided or the patterns very many."""
        id = self._known(concept)
        found: list[str] = []
        for one in self.slices:
            patterns = one.equilibria[id][1] if id in one.equilibria else None
            if patterns is None or len(found) + len(patterns) > MOST_PATTERNS:
                return None
            found += patterns
        return tuple(found)

    def status_quo_holds(self, concept: str) -> bool | None:
        """Tell whether the status quo is an equilibrium; None where it was not asked about or is undecided."""
        id = self._known(concept)
        return next((one.status_quo_holds[id] for one in self.slices if id in one.status_quo_holds), None)

    def _known(self, concept: str) -> str:
        ids = [one.id for one in self.concepts]
        if concept.lower() not in ids:
            raise UnknownNameError("concept", concept, ids)
        return concept.lower()

    def to_dict(self) -> dict[str, Any]:
        """Return the answer as plain data, format ``detente-slices/1``."""
        conflict = self.conflict
        quo = conflict.status_quo
        here = None
        if quo and self.status_quo is not None:
            here = {"number": self.status_quo, "state": conflict.pattern(quo.taken)}
        return {
            "format": "detente-slices/1",
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
            "status_quo": here,
            "status_quo_holds": {concept.id: self.status_quo_holds(concept.id) for concept in self.concepts},
            "equilibria": {
                concept.id: _counted(self.total(concept.id), self.patterns(concept.id)) for concept in self.concepts
            },
            "slices": [
                {
                    "pattern": one.pattern,
                    "count": one.count,
                    "equilibria": {id: _counted(*found) for id, found in one.equilibria.items()},
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

    def _repr_html_(self) -> str:
        from html import escape

        return f"<p><b>{escape(self.conflict.title)}</b></p>{self._html_table()}"


@dataclass(frozen=True)
class _Question:
    """A slice of a conflict, and what is asked of it: small enough to send."""

    place: int
    conflict: ConflictModel
    concepts: tuple[str, ...]
    pattern: str
    version: str = __version__


def analyze_slices(
    conflict: ConflictModel,
    concepts: Iterable[str] | None = None,
    *,
    within: str | None = None,
    slices: int = 1,
    workers: int | None = 1,
    scheduler: str | None = None,
    progress: Progress = no_progress,
) -> SlicedAnalysis:
    """Decide which states are equilibria, slice by slice, by the symbolic engine.

    Parameters
    ----------
    conflict
        The dispute.
    concepts
        Identifiers of solution concepts; Nash, GMR, SMR, SEQ, SIM and SSEQ when None.
    within
        A pattern (``YN--``): ask about the states that it describes only. None for all.
    slices
        Into how many slices to cut that, at most.
    workers
        How many processes to use, None for one each core and slice; in a script, more than one need the usual
        ``if __name__ == "__main__":``.
    scheduler
        The address of a Dask scheduler, whose cluster does the work instead; needs the ``cluster`` extra.
    progress
        Called with the share of the work done and what is being done.

    Raises
    ------
    InputError
        For a pattern that fits no state, a number out of its range, or a conflict that the symbolic engine does not
        decide.
    UnknownNameError
        For a concept that there is not.
    TooLargeError
        For a concept that is left to the explicit engine. What outgrows the memory is said of its slice.
    WorkersError
        When a cluster cannot be reached, or workers are lost again and again.
    """
    for name, value in (("slices", slices), ("workers", 1 if workers is None else workers)):
        if value < 1:
            raise InputError(f"{name}: {value} is less than 1")
    wanted = chosen(DEFAULT_CONCEPTS if concepts is None else concepts)
    region = "-" * len(conflict.options) if within is None else within
    _must_fit(conflict, region)
    compiled = solver(conflict, "symbolic", progress)
    assert isinstance(compiled, Sliceable)
    reasons = {concept.id: compiled.refuses(concept) for concept in wanted}
    left_out = {id: reason for id, reason in reasons.items() if reason}
    if left_out and concepts is not None:
        raise TooLargeError(next(iter(left_out.values())))
    wanted = tuple(concept for concept in wanted if concept.id not in left_out)
    count = compiled.count_within(region)
    if not count:
        raise InputError(f"no feasible state is like '{region}'")
    ids = tuple(concept.id for concept in wanted)
    pieces = [
        _Question(place, conflict, ids, pattern)
        for place, pattern in enumerate(cut(compiled, conflict, region, slices))
    ]
    answers: dict[int, Slice] = {}
    for place, answer in spread(decided, pieces, workers=cores() if workers is None else workers, scheduler=scheduler):
        answers[place] = answer
        progress(len(answers) / len(pieces), f"{len(answers):,} of {len(pieces):,} slices")
    quo = conflict.status_quo
    here = conflict.pattern(quo.taken) if quo else None
    return SlicedAnalysis(
        conflict=conflict,
        digest=conflict.digest,
        version=__version__,
        engine=compiled.name,
        concepts=wanted,
        within=region,
        count=count,
        status_quo=int(compiled.number_of(here)) if here is not None and _fits(here, region) else None,
        slices=tuple(answers[place] for place in range(len(pieces))),
        left_out=left_out,
    )


def decided(question: _Question) -> tuple[int, Slice]:
    """Decide one slice, in whatever process."""
    if question.version != __version__:
        raise InputError(f"a worker has Detente {__version__}, but is asked by Detente {question.version}")
    conflict, pattern = question.conflict, question.pattern
    compiled = solver(conflict, "symbolic")
    assert isinstance(compiled, Sliceable)
    here = conflict.pattern(conflict.status_quo.taken) if conflict.status_quo else None
    number = compiled.number_of(here) if here is not None and _fits(here, pattern) else None
    equilibria: dict[str, tuple[int, tuple[str, ...] | None]] = {}
    undecided: dict[str, str] = {}
    holds: dict[str, bool] = {}
    for concept in chosen(question.concepts):
        try:
            states = compiled.equilibria_within(concept, pattern)
            equilibria[concept.id] = states.count, states.patterns(MOST_PATTERNS)
            if number is not None:
                holds[concept.id] = number in states
        except TooLargeError as reason:
            undecided[concept.id] = str(reason)
    return question.place, Slice(pattern, compiled.count_within(pattern), equilibria, undecided, holds)


def cut(compiled: Sliceable, conflict: ConflictModel, pattern: str, most: int) -> list[str]:
    """Cut what a pattern describes into at most so many patterns, no two of which share a state, the largest first.

    Each cut is made at the option on which the most preference statements hang: in what is left the decision makers
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


def _mentioned(conflict: ConflictModel) -> list[frozenset[str]]:
    """Return the options of every condition by which a decision maker ranks states."""
    return [
        frozenset(condition.options())
        for maker in conflict.decision_makers
        for condition in maker.preferences.conditions()
    ]


def _place_to_cut(conflict: ConflictModel, mentioned: Sequence[frozenset[str]], pattern: str) -> int:
    names = [option.id for option in conflict.options]
    free = {name for name, letter in zip(names, pattern, strict=True) if letter == "-"}
    worth = dict.fromkeys(free, 0.0)
    for options in mentioned:
        # A condition that hangs on one option alone is settled by it, one that hangs on several less.
        for name in options & free:
            worth[name] += 2.0 ** -len(options & free)
    return max((place for place, name in enumerate(names) if name in free), key=lambda place: worth[names[place]])


def _must_fit(conflict: ConflictModel, pattern: str) -> None:
    size = len(conflict.options)
    if len(pattern) != size or not set(pattern) <= set("YN-"):
        raise InputError(f"'{pattern}' is no pattern of this conflict: it has {size} letters, each Y, N or -")


def _fits(state: str, pattern: str) -> bool:
    return len(state) == len(pattern) and all(
        letter in ("-", here) for here, letter in zip(state, pattern, strict=True)
    )


def _counted(count: int | None, patterns: tuple[str, ...] | None) -> dict[str, Any] | None:
    return None if count is None else {"count": count, "patterns": None if patterns is None else list(patterns)}


__all__ = ["Slice", "SlicedAnalysis", "analyze_slices"]
