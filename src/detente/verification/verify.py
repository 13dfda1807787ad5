"""Answers of an engine, checked by code that shares nothing with it.

Every state is checked where there are few; otherwise the status quo, some named and merged states, some equilibria and
some states drawn at random, the same for the same conflict. What is checked of a state: its number and how it is
written, where states can be listed; for every player and concept the verdict, its improvements and sanctions
(`detente.verification.checker`); and that the sets of stable states and of equilibria say the same.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any, Protocol

from detente._version import __version__
from detente.analysis.equilibria import MAX_LISTED, Analysis, player_id
from detente.concepts import Concept, Respond
from detente.engine.interface import Certifying, Solver, StateSet
from detente.engine.verdicts import SanctionPath, Verdict
from detente.errors import CertificateError, TooLargeError
from detente.model.conflict import Conflict
from detente.model.questions import Progress, no_progress
from detente.model.states import State, StateList
from detente.verification.checker import MAX_WALK, Checker, Claim, ClaimedSanction, FalseAnswerError
from detente.verification.closed_proof import prove, prove_no_combination, unprovable
from detente.verification.definitions import Taken, UncheckedError

#: Up to so many states all are checked.
CHECK_ALL_UP_TO = 64
#: Otherwise so many equilibria of each concept, named states, merged states and others are.
SAMPLED = 2
#: Where the engine can give a proof, or a walk would seldom end, it is given up after so many moves tried.
SHORT_WALK = 5_000


@dataclass(frozen=True)
class Verification:
    """What was checked of an analysis, and what was not, with why.

    ``states`` are those that were looked at, of ``count`` that were asked about; ``claims`` says how many verdicts were
    checked, ``by`` how many by which means, and ``unchecked`` why others were not, with how many for each reason.
    """

    digest: str
    engine: str
    version: str
    states: tuple[int, ...]
    count: int
    claims: int
    by: tuple[tuple[str, int], ...]
    unchecked: tuple[tuple[str, int], ...]

    @property
    def every_state(self) -> bool:
        """Whether every state that was asked about was looked at."""
        return len(self.states) == self.count

    @property
    def complete(self) -> bool:
        """Whether every verdict on the states looked at was checked."""
        return not self.unchecked

    @property
    def nothing(self) -> bool:
        """Whether no verdict at all was checked, so that the analysis is not verified."""
        return not self.claims

    @classmethod
    def together(cls, parts: Iterable[Verification]) -> Verification:
        """Put together what was checked of parts of the states that share none; there must be one."""
        first, *more = parts
        by, unchecked = Counter(dict(first.by)), Counter(dict(first.unchecked))
        for part in more:
            by.update(dict(part.by))
            unchecked.update(dict(part.unchecked))
        parts = (first, *more)
        return cls(
            digest=first.digest,
            engine=first.engine,
            version=first.version,
            states=tuple(sorted(number for part in parts for number in part.states)),
            count=sum(part.count for part in parts),
            claims=sum(by.values()),
            by=tuple(sorted(by.items())),
            unchecked=tuple(sorted(unchecked.items())),
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the verification as plain data."""
        return {
            "states": list(self.states),
            "count": self.count,
            "every_state": self.every_state,
            "claims": self.claims,
            "by": dict(self.by),
            "unchecked": dict(self.unchecked),
        }

    def __str__(self) -> str:
        if self.nothing:
            return "Not verified: " + ("; ".join(reason for reason, _ in self.unchecked) or "no verdict to check") + "."
        which = "every state" if self.every_state else f"{len(self.states):,} of {self.count:,} states"
        means = ", ".join(f"{count:,} by {_MEANS[how]}" for how, count in self.by)
        lines = [f"Verified {self.claims:,} verdicts on {which}" + (f": {means}." if means else ".")]
        lines += [f"{count:,} not checked: {reason}." for reason, count in self.unchecked]
        return "\n".join(lines)


_MEANS = {
    "moves": "trying the decision maker's moves",
    "sanctions": "following the sanctions",
    "walk": "walking through the others' answers",
    "proof": "proof by a satisfiability solver",
}


def verify(analysis: Analysis, progress: Progress = no_progress) -> Verification:
    """Check what an analysis says of some states, or all where there are few.

    Raises
    ------
    CertificateError
        When something that the engine says is not so.
    """
    return ClaimCheck(analysis).verification(progress)


class EngineClaims(Protocol):
    """What an engine has told: of all states, or of some."""

    @property
    def solver(self) -> Solver:
        """The engine that told it."""
        ...

    @property
    def concepts(self) -> tuple[Concept, ...]:
        """The concepts that it is told of."""
        ...

    @property
    def count(self) -> int:
        """How many states it is told of."""
        ...

    @property
    def stability(self) -> Mapping[str, Mapping[str, StateSet]]:
        """The states that are stable, by concept and player; a concept of which that is not told is not in it."""
        ...

    def equilibrium_set(self, concept: str) -> StateSet:
        """Return the equilibria among the states that it is told of."""
        ...


class Verifier:
    """What answers are held against: the conflict as plain as it is written, and its states in their order."""

    def __init__(self, conflict: Conflict, solver: Solver) -> None:
        self.conflict = conflict
        # A proof takes over from a walk where the engine can give one; and a walk among more states than can be listed
        # seldom comes to an end.
        provable = isinstance(solver, Certifying) and (
            solver.count > MAX_LISTED or unprovable(conflict, sequences=True) is None
        )
        self.checker: Checker | UncheckedError
        try:
            self.checker = Checker(conflict, SHORT_WALK if provable else MAX_WALK)
        except UncheckedError as reason:
            self.checker = reason

    @cached_property
    def listed(self) -> StateList | None:
        """The states as they are numbered by convention; None where they, or what is merged, are too many to list."""
        try:
            return StateList(self.conflict, MAX_LISTED)
        except TooLargeError:
            return None


class ClaimCheck:
    """What has been checked of an engine's answer so far, and by which means."""

    def __init__(self, analysis: EngineClaims, standard: Verifier | None = None) -> None:
        self.analysis = analysis
        self.conflict = analysis.solver.conflict
        self.standard = standard or Verifier(self.conflict, analysis.solver)
        self.by: Counter[str] = Counter()
        self.unchecked: Counter[str] = Counter()

    def verification(self, progress: Progress = no_progress) -> Verification:
        """Check what is told of some states, or of all where there are few."""
        analysis, states = self.analysis, self.chosen()
        for done, number in enumerate(states):
            progress(done / len(states), f"verifying state {number}")
            self.look_at(number)
        return Verification(
            digest=self.conflict.digest,
            engine=analysis.solver.name,
            version=__version__,
            states=tuple(states),
            count=analysis.count,
            claims=sum(self.by.values()),
            by=tuple(sorted(self.by.items())),
            unchecked=tuple(sorted(self.unchecked.items())),
        )

    @property
    def checker(self) -> Checker:
        """The checker; `UncheckedError` where the conflict is too much for it."""
        if isinstance(self.standard.checker, UncheckedError):
            raise self.standard.checker
        return self.standard.checker

    def chosen(self) -> list[int]:
        """Return the numbers of the states to look at."""
        analysis = self.analysis
        if analysis.count <= CHECK_ALL_UP_TO:
            return list(range(1, analysis.count + 1))
        conflict, number_of = self.conflict, analysis.solver.number_of
        written = [conflict.pattern(conflict.status_quo.taken)] if conflict.status_quo else []
        named = (state.taken for state in conflict.states if conflict.breaks(state.taken) is None)
        written += map(conflict.pattern, islice(named, SAMPLED))
        if isinstance(self.standard.checker, Checker):
            written += map(conflict.pattern, islice(self.checker.merged_states(), SAMPLED))
        chosen = {int(number_of(pattern)) for pattern in written}
        for concept in analysis.concepts:
            chosen.update(islice(analysis.equilibrium_set(concept.id).numbers(), SAMPLED))
        chance = random.Random(conflict.digest)
        chosen.update(chance.randint(1, analysis.count) for _ in range(SAMPLED))
        return sorted(chosen)

    def look_at(self, number: int) -> None:
        """Check everything that is said of one state."""
        analysis = self.analysis
        state = analysis.solver.state(number)
        listed = self.standard.listed if self.feasible <= MAX_LISTED else None
        if listed is not None:
            if len(listed) != self.feasible:
                raise self.false(state, "", f"there are {len(listed):,} states, not {self.feasible:,}")
            if listed.numbered(number).pattern != state.pattern:
                raise self.false(state, "", f"this number is that of {listed.numbered(number)}")
        for concept in analysis.concepts:
            verdicts = [self._stands(state, player, concept) for player in range(len(self.conflict.players))]
            # Without one of the verdicts, one that says no is enough to know what all say.
            if None in verdicts and False not in verdicts:
                continue
            if (number in analysis.equilibrium_set(concept.id)) != (False not in verdicts):
                about = f" under {concept.title}"
                raise self.false(state, about, "the set of equilibria says otherwise than the verdicts")

    @property
    def feasible(self) -> int:
        """How many feasible states the engine says that there are."""
        return self.analysis.count

    def _stands(self, state: State, player: int, concept: Concept) -> bool | None:
        """Check one verdict and return it; None where the engine cannot say why."""
        analysis = self.analysis
        name = player_id(self.conflict.players[player])
        about = f" for {name} under {concept.title}"
        try:
            verdict = analysis.solver.why(state.number, player, concept)
        except TooLargeError as reason:
            self.unchecked[str(reason)] += 1
            return None
        stable = bool(verdict.stable)
        told = analysis.stability.get(concept.id)
        if told is not None and stable != (state.number in told[name]):
            raise self.false(state, about, "the set of stable states says otherwise than the explanation")
        if concept.family != "plain":
            self.unchecked["only concepts of plain preferences and the sentence are checked"] += 1
            return stable
        try:
            claim = claim_of(analysis, self.checker, verdict)
            how = self.checker.check(claim)
            self.by[self._proved(claim, verdict) if how == "open" else how] += 1
        except (UncheckedError, TooLargeError) as reason:
            self.unchecked[str(reason)] += 1
        except FalseAnswerError as fault:
            raise self.false(state, about, str(fault)) from None
        return stable

    def _proved(self, claim: Claim, verdict: Verdict) -> str:
        solver, checker = self.analysis.solver, self.checker
        improvement = next(end for end, sanction in claim.improvements.items() if sanction is None)
        if claim.concept.respond is Respond.COMBINATIONS:
            prove_no_combination(checker, claim, improvement)
            return "proof"
        if reason := unprovable(self.conflict, sequences=True):
            raise UncheckedError(reason)
        closed = (
            solver.closed_set(int(verdict.state), verdict.player, verdict.concept)
            if isinstance(solver, Certifying)
            else None
        )
        if closed is None:
            raise UncheckedError("the others can get to too many states to walk through, and the engine gives no proof")
        prove(checker, claim, improvement, closed)
        return "proof"

    def false(self, state: State | str, about: str, fault: str) -> CertificateError:
        """Return the error for an answer that does not stand."""
        where = f"state {state}" if isinstance(state, State) else state
        return CertificateError(
            f"the {self.analysis.solver.name} engine's answer on {where}{about} does not stand: {fault}. "
            "This is a defect of Detente: please report it with the conflict file"
        )


def state_meant(analysis: EngineClaims, checker: Checker, state: State) -> Taken:
    """Return the state that an engine speaks of as the checker has it: by the options taken in its largest member.

    Raises
    ------
    FalseAnswerError
        When there is none.
    """
    found = checker.written_as(state.pattern)
    if len(found) > 1:
        # Merged states may be written alike; the number tells which is meant.
        solver = analysis.solver
        found = [one for one in found if solver.number_of(solver.conflict.pattern(one)) == state.number]
    if len(found) != 1:
        raise FalseAnswerError(f"there is no state {state}")
    return found[0]


def claim_of(analysis: EngineClaims, checker: Checker, verdict: Verdict) -> Claim:
    """Return what a verdict claims, as the checker has states."""
    players = [player_id(members) for members in analysis.solver.conflict.players]

    def taken(state: State) -> Taken:
        return state_meant(analysis, checker, state)

    def sanction(said: SanctionPath) -> ClaimedSanction:
        steps = tuple((players[step.player], taken(step.to)) for step in said.steps)
        return ClaimedSanction(steps, taken(said.end), said.simultaneous)

    return Claim(
        taken(verdict.state),
        players[verdict.player],
        verdict.concept,
        bool(verdict.stable),
        {taken(one.to): sanction(one.sanction) if one.sanction else None for one in verdict.improvements},
    )


__all__ = ["ClaimCheck", "Verifier", "EngineClaims", "Verification", "verify"]
