"""Verification of an engine's answers by code that shares nothing with the engine.

Small conflicts are checked at every state. In larger ones the check covers the status quo, some named and merged
states, some equilibria and some states drawn at random, the same ones for the same conflict. At each state it covers
the number and the pattern, if states can be listed; the verdict for every player and concept, with its improvements and
sanctions (`detente.verification.definitions`); and the agreement with the sets of stable states and of equilibria.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any

from detente._version import __version__
from detente.concepts import Concept, Respond
from detente.errors import CertificateError, TooLargeError
from detente.limits import MAX_LISTED
from detente.model.conflict import Conflict
from detente.model.questions import Progress, no_progress
from detente.model.states import State, StateList
from detente.verification.claims import (
    Claim,
    ClaimedSanction,
    ClaimedVerdict,
    Engine,
    EngineClaims,
    FalseAnswerError,
    Prover,
    TakenOptions,
    UncheckedError,
)
from detente.verification.closed_proof import prove, prove_no_combination, unprovable
from detente.verification.definitions import MAX_WALK, Checker
from detente.verification.other_concepts import OtherConcepts

#: Number of states up to which every state is checked.
CHECK_ALL_UP_TO = 64
#: With more states, the number of checked equilibria of each concept, named states, merged states and others.
_SAMPLED = 2
#: Number of moves after which a walk is abandoned if the engine can give a proof or the walk would seldom end.
SHORT_WALK = 5_000


@dataclass(frozen=True)
class Verification:
    """What was checked of an analysis, and what was not.

    Attributes
    ----------
    digest
        A code that is equal for equal conflicts.
    engine
        The engine whose answers were checked.
    version
        The version of Detente.
    states
        The numbers of the states that were checked.
    count
        The number of states that were asked about.
    claims
        The number of verdicts that were checked.
    by
        The number of verdicts by each means of checking.
    unchecked
        The reasons why other verdicts were not checked, with the number for each.
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
        """Whether every state that was asked about was checked."""
        return len(self.states) == self.count

    @property
    def complete(self) -> bool:
        """Whether every verdict on the checked states was checked."""
        return not self.unchecked

    @property
    def nothing(self) -> bool:
        """Whether no verdict was checked, so that the analysis is not verified."""
        return not self.claims

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


def verify(analysis: EngineClaims, progress: Progress = no_progress) -> Verification:
    """Check the claims of an analysis at some states, or at all if there are few.

    Parameters
    ----------
    analysis
        The result of `detente.analysis.equilibria.analyze`, or another object that makes the same claims.
    progress
        Called with the share of the work done and a description of the current step.

    Returns
    -------
    Verification
        What was checked, by which methods, and what was not and why.

    Raises
    ------
    CertificateError
        If a claim of the engine is false.
    """
    return ClaimCheck(analysis, Verifier(analysis.solver)).verification(progress)


class Verifier:
    """The independent model of a conflict that claims are checked against, and its states in order."""

    def __init__(self, engine: Engine) -> None:
        self.conflict: Conflict = engine.conflict
        # If the engine can give a proof, a long walk is not needed; and a walk among more states than can be listed
        # seldom ends.
        provable = isinstance(engine, Prover) and (
            engine.count > MAX_LISTED or unprovable(self.conflict, sequences=True) is None
        )
        self.refusal: UncheckedError | None = None
        try:
            self._checker = Checker(self.conflict, SHORT_WALK if provable else MAX_WALK)
        except UncheckedError as reason:
            self.refusal = reason

    @property
    def checker(self) -> Checker:
        """The checker; `UncheckedError` if the conflict is too large for it."""
        if self.refusal is not None:
            raise self.refusal
        return self._checker

    @cached_property
    def others(self) -> OtherConcepts:
        """The definitions of the concepts that need more than which state is better."""
        return OtherConcepts(self.checker, None if self.listed is None else len(self.listed))

    @cached_property
    def listed(self) -> StateList | None:
        """The states in the conventional order; None if they, or the merged ones, are too many to list."""
        try:
            return StateList(self.conflict, MAX_LISTED)
        except TooLargeError:
            return None


class ClaimCheck:
    """The progress of checking an engine's claims: what was checked, and by which methods."""

    def __init__(self, claims: EngineClaims, verifier: Verifier) -> None:
        self.claims, self.verifier = claims, verifier
        self.conflict, self.solver = verifier.conflict, claims.solver
        self.by: Counter[str] = Counter()
        self.unchecked: Counter[str] = Counter()

    def verification(self, progress: Progress = no_progress) -> Verification:
        """Check the claims at some states, or at all if there are few."""
        states = self.chosen()
        for done, number in enumerate(states):
            progress(done / len(states), f"verifying state {number}")
            self.look_at(number)
        return Verification(
            digest=self.conflict.digest,
            engine=self.solver.name,
            version=__version__,
            states=tuple(states),
            count=self.claims.count,
            claims=sum(self.by.values()),
            by=tuple(sorted(self.by.items())),
            unchecked=tuple(sorted(self.unchecked.items())),
        )

    def chosen(self) -> list[int]:
        """Return the numbers of the states to check."""
        claims, conflict = self.claims, self.conflict
        if claims.count <= CHECK_ALL_UP_TO:
            return list(range(1, claims.count + 1))
        written = [conflict.status_quo.taken] if conflict.status_quo else []
        written += islice((one.taken for one in conflict.states if conflict.breaks(one.taken) is None), _SAMPLED)
        if self.verifier.refusal is None:
            written += islice(self.verifier.checker.merged_states(), _SAMPLED)
        chosen = {int(self.solver.number_of(conflict.pattern(taken))) for taken in written}
        for concept in claims.concepts:
            chosen.update(islice(claims.equilibrium_set(concept.id).numbers(), _SAMPLED))
        chance = random.Random(conflict.digest)
        chosen.update(chance.randint(1, claims.count) for _ in range(_SAMPLED))
        return sorted(chosen)

    def look_at(self, number: int) -> None:
        """Check all claims about one state."""
        state = self.solver.state(number)
        listed = self.verifier.listed if self.claims.count <= MAX_LISTED else None
        if listed is not None:
            if len(listed) != self.claims.count:
                raise self.false(state, "", f"there are {len(listed):,} states, not {self.claims.count:,}")
            if listed.numbered(number).pattern != state.pattern:
                raise self.false(state, "", f"this number is that of {listed.numbered(number)}")
        for concept in self.claims.concepts:
            verdicts = [self._checked_verdict(state, player, concept) for player in range(len(self.conflict.players))]
            # Even if a verdict is missing, one unstable verdict decides that the state is not an equilibrium.
            if None in verdicts and False not in verdicts:
                continue
            if (number in self.claims.equilibrium_set(concept.id)) != (False not in verdicts):
                about = f" under {concept.title}"
                raise self.false(state, about, "the set of equilibria disagrees with the verdicts")

    def _checked_verdict(self, state: State, player: int, concept: Concept) -> bool | None:
        """Check one verdict and return it; None if the engine cannot explain it."""
        name = self.conflict.player_ids[player]
        about = f" for {name} under {concept.title}"
        try:
            verdict = self.solver.why(state.number, player, concept)
        except TooLargeError as reason:
            self.unchecked[str(reason)] += 1
            return None
        stable = bool(verdict.stable)
        said = self.claims.stability.get(concept.id)
        if said is not None and stable != (state.number in said[name]):
            raise self.false(state, about, "the set of stable states disagrees with the explanation")
        if concept.family != "plain":
            try:
                self._check_by_definition(state, player, verdict)
            except UncheckedError as reason:
                self.unchecked[str(reason)] += 1
            return stable
        try:
            claim = claim_of(self.solver, self.verifier.checker, verdict)
            how = self.verifier.checker.check(claim)
            self.by[self._proved(claim, verdict) if how == "open" else how] += 1
        except (UncheckedError, TooLargeError) as reason:
            self.unchecked[str(reason)] += 1
        except FalseAnswerError as fault:
            raise self.false(state, about, str(fault)) from None
        return stable

    def _check_by_definition(self, state: State, player: int, verdict: ClaimedVerdict) -> None:
        """Decide a verdict again under a concept that needs more than which state is better."""
        name, concept = self.conflict.player_ids[player], verdict.concept
        taken = state_meant(self.solver, self.verifier.checker, state)
        stable = self.verifier.others.stable(taken, name, concept)
        if stable != verdict.stable:
            said = {True: "stable", False: "not stable", None: "without a verdict"}[stable]
            raise self.false(state, f" for {name} under {concept.title}", f"by the definition it is {said}")
        self.by["definition"] += 1

    def _proved(self, claim: Claim, verdict: ClaimedVerdict) -> str:
        checker = self.verifier.checker
        improvement = next(end for end, sanction in claim.improvements.items() if sanction is None)
        if claim.concept.respond is Respond.COMBINATIONS:
            prove_no_combination(checker, claim, improvement)
            return "proof"
        if reason := unprovable(self.conflict, sequences=True):
            raise UncheckedError(reason)
        closed = (
            self.solver.closed_set(int(verdict.state), verdict.player, verdict.concept)
            if isinstance(self.solver, Prover)
            else None
        )
        if closed is None:
            raise UncheckedError(
                "the others can reach too many states to visit them all, and the engine gives no proof"
            )
        prove(checker, claim, improvement, closed)
        return "proof"

    def false(self, state: State, about: str, fault: str) -> CertificateError:
        """Return the error for an answer that failed verification."""
        return CertificateError(
            f"the {self.solver.name} engine's answer on state {state}{about} failed verification: {fault}. "
            "This is a defect of Detente: please report it with the conflict file"
        )


def claim_of(engine: Engine, checker: Checker, verdict: ClaimedVerdict) -> Claim:
    """Return the claim of a verdict, in the checker's representation of states."""
    players = engine.conflict.player_ids

    def taken(state: State) -> TakenOptions:
        return state_meant(engine, checker, state)

    improvements: dict[TakenOptions, ClaimedSanction | None] = {}
    for one in verdict.improvements:
        sanction = None
        if one.sanction is not None:
            steps = tuple((players[step.player], taken(step.to)) for step in one.sanction.steps)
            sanction = ClaimedSanction(steps, taken(one.sanction.end), one.sanction.simultaneous)
        improvements[taken(one.to)] = sanction
    state, player = taken(verdict.state), players[verdict.player]
    return Claim(state, player, verdict.concept, bool(verdict.stable), improvements)


def state_meant(engine: Engine, checker: Checker, state: State) -> TakenOptions:
    """Return the state that an engine refers to, as the set of options taken in its largest member.

    Raises
    ------
    FalseAnswerError
        If there is no such state.
    """
    found = checker.written_as(state.pattern)
    if len(found) > 1:
        # Merged states may share a pattern; the number distinguishes them.
        found = [one for one in found if engine.number_of(engine.conflict.pattern(one)) == state.number]
    if len(found) != 1:
        raise FalseAnswerError(f"there is no state {state}")
    return found[0]
