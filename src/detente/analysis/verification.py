"""Answers of an engine, checked by code that shares nothing with it.

Every state is checked where there are few; otherwise the status quo, some named and merged states, some equilibria and
some states drawn at random, the same for the same conflict. What is checked of a state: its number and how it is
written, where states can be listed; for every player and concept the verdict, its improvements and sanctions
(`detente.analysis.checker`); and that the sets of stable states and of equilibria say the same.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any

from detente.analysis.checker import MOST_TRIED, Checker, Claim, ClaimedSanction, FalseAnswerError
from detente.analysis.closed_proof import prove, prove_no_combination
from detente.analysis.equilibria import MOST_LISTED, Analysis
from detente.analysis.plain_conflict import Taken, UncheckedError
from detente.conflict.states import State, StateList
from detente.engine.interface import Certifying, Progress, Sanction, Verdict, no_progress
from detente.errors import CertificateError
from detente.stability import Concept, Respond

#: Up to so many states all are checked.
CHECK_ALL_UP_TO = 64
#: Otherwise so many equilibria of each concept, named states, merged states and others are.
SAMPLED = 2
#: Where the engine can give a proof, or a walk would seldom end, it is given up after so many moves tried.
SHORT_WALK = 5_000


@dataclass(frozen=True)
class Verification:
    """What was checked of an analysis, and what was not, with why.

    ``states`` are those that were looked at, ``claims`` how many verdicts were checked, ``by`` how many by which means,
    and ``unchecked`` the reasons for which others were not, with how many each.
    """

    digest: str
    engine: str
    version: str
    states: tuple[int, ...]
    every_state: bool
    claims: int
    by: tuple[tuple[str, int], ...]
    unchecked: tuple[tuple[str, int], ...]

    @property
    def complete(self) -> bool:
        """Whether every verdict on the states looked at was checked."""
        return not self.unchecked

    def to_dict(self) -> dict[str, Any]:
        """Return the verification as plain data."""
        return {
            "states": list(self.states),
            "every_state": self.every_state,
            "claims": self.claims,
            "by": dict(self.by),
            "unchecked": dict(self.unchecked),
        }

    def __str__(self) -> str:
        which = "every state" if self.every_state else f"{len(self.states)} states"
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
    checked = _Checked(analysis)
    states = checked.chosen()
    for done, number in enumerate(states):
        progress(done / len(states), f"verifying state {number}")
        checked.look_at(number)
    by, unchecked = checked.by, checked.unchecked
    return Verification(
        digest=analysis.digest,
        engine=analysis.engine,
        version=analysis.version,
        states=tuple(states),
        every_state=len(states) == analysis.count,
        claims=sum(by.values()),
        by=tuple(sorted(by.items())),
        unchecked=tuple(sorted(unchecked.items())),
    )


class _Checked:
    """What has been checked of an analysis so far, and by which means."""

    def __init__(self, analysis: Analysis) -> None:
        self.analysis = analysis
        self.by: Counter[str] = Counter()
        self.unchecked: Counter[str] = Counter()
        self._checker: Checker | UncheckedError
        # A proof takes over from a walk where the engine can give one. Of merged states it gives none, but a walk among
        # more states than can be listed seldom comes to an end.
        certifying = isinstance(analysis.solver, Certifying)
        short = certifying and (not analysis.conflict.merge or analysis.count > MOST_LISTED)
        try:
            self._checker = Checker(analysis.conflict, SHORT_WALK if short else MOST_TRIED)
        except UncheckedError as reason:
            self._checker = reason

    @property
    def checker(self) -> Checker:
        """The checker; `UncheckedError` where the conflict is too much for it."""
        if isinstance(self._checker, UncheckedError):
            raise self._checker
        return self._checker

    def chosen(self) -> list[int]:
        """Return the numbers of the states to look at."""
        analysis = self.analysis
        if analysis.count <= CHECK_ALL_UP_TO:
            return list(range(1, analysis.count + 1))
        conflict, number_of = analysis.conflict, analysis.solver.number_of
        written = [conflict.pattern(conflict.status_quo.taken)] if conflict.status_quo else []
        named = (state.taken for state in conflict.states if conflict.breaks(state.taken) is None)
        written += map(conflict.pattern, islice(named, SAMPLED))
        if isinstance(self._checker, Checker):
            written += map(conflict.pattern, islice(self._checker.merged_states(), SAMPLED))
        chosen = {int(number_of(pattern)) for pattern in written}
        for concept in analysis.concepts:
            chosen.update(islice(analysis.equilibrium_set(concept.id).numbers(), SAMPLED))
        chance = random.Random(analysis.digest)
        chosen.update(chance.randint(1, analysis.count) for _ in range(SAMPLED))
        return sorted(chosen)

    def look_at(self, number: int) -> None:
        """Check everything that is said of one state."""
        analysis = self.analysis
        state = analysis.solver.state(number)
        if self._listed is not None:
            if len(self._listed) != analysis.count:
                raise self._false(state, "", f"there are {len(self._listed):,} states, not {analysis.count:,}")
            if self._listed.numbered(number).pattern != state.pattern:
                raise self._false(state, "", f"this number is that of {self._listed.numbered(number)}")
        for concept in analysis.concepts:
            verdicts = [self._stands(state, player, concept) for player in range(len(analysis.players))]
            if (number in analysis.equilibrium_set(concept.id)) != all(verdicts):
                about = f" under {concept.title}"
                raise self._false(state, about, "the set of equilibria says otherwise than the verdicts")

    @cached_property
    def _listed(self) -> StateList | None:
        """The states as they are numbered by convention; None where they are too many to list."""
        return StateList(self.analysis.conflict) if self.analysis.count <= MOST_LISTED else None

    def _stands(self, state: State, player: int, concept: Concept) -> bool:
        """Check one verdict and return it."""
        analysis = self.analysis
        about = f" for {analysis.players[player]} under {concept.title}"
        verdict = analysis.solver.why(state.number, player, concept)
        stable = bool(verdict.stable)
        if stable != (state.number in analysis.stability[concept.id][analysis.players[player]]):
            raise self._false(state, about, "the set of stable states says otherwise than the explanation")
        if concept.family != "plain":
            self.unchecked["only concepts of plain preferences and the sentence are checked"] += 1
            return stable
        try:
            claim = claim_of(analysis, self.checker, verdict)
            how = self.checker.check(claim)
            self.by[self._proved(claim, verdict) if how == "open" else how] += 1
        except UncheckedError as reason:
            self.unchecked[str(reason)] += 1
        except FalseAnswerError as fault:
            raise self._false(state, about, str(fault)) from None
        return stable

    def _proved(self, claim: Claim, verdict: Verdict) -> str:
        solver, checker = self.analysis.solver, self.checker
        improvement = next(end for end, sanction in claim.improvements.items() if sanction is None)
        if claim.concept.respond is Respond.COMBINATIONS:
            prove_no_combination(checker, claim, improvement)
            return "proof"
        closed = (
            solver.closed_set(int(verdict.state), verdict.player, verdict.concept)
            if isinstance(solver, Certifying)
            else None
        )
        if closed is None:
            raise UncheckedError("the others can get to too many states to walk through, and the engine gives no proof")
        prove(checker, claim, improvement, closed)
        return "proof"

    def _false(self, state: State, about: str, fault: str) -> CertificateError:
        return CertificateError(
            f"the {self.analysis.engine} engine's answer on state {state}{about} does not stand: {fault}. "
            "This is a defect of Detente: please report it with the conflict file"
        )


def claim_of(analysis: Analysis, checker: Checker, verdict: Verdict) -> Claim:
    """Return what a verdict claims, as the checker has states: by the options taken."""

    def taken(state: State) -> Taken:
        found = checker.written_as(state.pattern)
        if len(found) > 1:
            # Merged states may be written alike; the number tells which is meant.
            meant = analysis.solver.number_of
            found = [one for one in found if meant(analysis.conflict.pattern(one)) == state.number]
        if len(found) != 1:
            raise FalseAnswerError(f"there is no state {state}")
        return found[0]

    def sanction(said: Sanction) -> ClaimedSanction:
        steps = tuple((analysis.players[step.player], taken(step.to)) for step in said.steps)
        return ClaimedSanction(steps, taken(said.end), said.simultaneous)

    return Claim(
        taken(verdict.state),
        analysis.players[verdict.player],
        verdict.concept,
        bool(verdict.stable),
        {taken(one.to): sanction(one.sanction) if one.sanction else None for one in verdict.improvements},
    )


__all__ = ["Verification", "verify"]
