"""Verification of an engine's answers by code that shares nothing with the engine.

Small conflicts are checked at every state. In larger ones the check covers the status quo, some named and merged
states, some equilibria and some states drawn at random, the same ones for the same conflict. At each state it covers
the number and the pattern, if states can be listed; the verdict for every player and concept, with its improvements and
sanctions (`detente.verification.definitions`); and the agreement with the sets of stable states and of equilibria. A
state of a slice must also be in the slice, and the patterns that are claimed to cover exactly the equilibria must agree
with the verdict.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import compress, islice
from typing import Any

from detente._version import __version__
from detente.concepts import Concept, Respond, chosen
from detente.errors import CertificateError, TooLargeError
from detente.limits import MAX_LISTED
from detente.model.conflict import Conflict
from detente.model.questions import Progress, no_progress
from detente.model.states import State, StateList, feasible_members, fits, nth_like
from detente.verification.claims import (
    Claim,
    ClaimedSanction,
    ClaimedStateSet,
    ClaimedVerdict,
    Engine,
    EngineClaims,
    FalseAnswerError,
    Prover,
    SliceEngine,
    TakenOptions,
    UncheckedError,
)
from detente.verification.closed_proof import prove, prove_no_combination, unprovable
from detente.verification.definitions import MAX_WALK, Checker

#: Number of states up to which every state is checked.
CHECK_ALL_UP_TO = 64
#: With more states, the number of checked equilibria of each concept, named states, merged states and others.
_SAMPLED = 2
#: Number of states of a slice drawn at random in search of states that are not equilibria.
MAX_DRAWN_AT_RANDOM = 8
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

    @classmethod
    def together(cls, parts: Iterable[Verification]) -> Verification:
        """Combine the verifications of disjoint parts of the states; there must be at least one."""
        parts = tuple(parts)
        by, unchecked = (
            sum((Counter(dict(getattr(part, name))) for part in parts), Counter[str]()) for name in ("by", "unchecked")
        )
        return cls(
            digest=parts[0].digest,
            engine=parts[0].engine,
            version=parts[0].version,
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


def verify_slice(claims: SliceClaims, verifier: Verifier) -> Verification:
    """Check the claims about some states of a slice, or all if there are few, as `verify` does for the whole."""
    return _SliceCheck(claims, verifier).verification()


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

    @property
    def feasible(self) -> int:
        """The number of feasible states that the engine claims."""
        return self.claims.count

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
        listed = self.verifier.listed if self.feasible <= MAX_LISTED else None
        if listed is not None:
            if len(listed) != self.feasible:
                raise self.false(state, "", f"there are {len(listed):,} states, not {self.feasible:,}")
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
            self.unchecked["only concepts with simple preferences and sanctions are checked"] += 1
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

    def false(self, state: State | str, about: str, fault: str) -> CertificateError:
        """Return the error for an answer that failed verification."""
        where = f"state {state}" if isinstance(state, State) else state
        return CertificateError(
            f"the {self.solver.name} engine's answer on {where}{about} failed verification: {fault}. "
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


@dataclass(frozen=True)
class SliceClaims:
    """The claims of an engine about the states that match a pattern.

    ``found`` gives for each concept the equilibria among them, and ``patterns`` the patterns claimed to cover exactly
    these.
    """

    solver: SliceEngine
    pattern: str
    count: int
    found: Mapping[str, ClaimedStateSet]
    patterns: Mapping[str, tuple[str, ...] | None]
    #: Empty, because the claims about a slice cover its equilibria only.
    stability: Mapping[str, Mapping[str, ClaimedStateSet]] = field(default_factory=dict)

    @property
    def concepts(self) -> tuple[Concept, ...]:
        """The concepts that the slice was decided under."""
        return chosen(self.found)

    def equilibrium_set(self, concept: str) -> ClaimedStateSet:
        """Return the equilibria in the slice."""
        return self.found[concept]


class _SliceCheck(ClaimCheck):
    """The progress of checking a slice."""

    def __init__(self, claims: SliceClaims, verifier: Verifier) -> None:
        super().__init__(claims, verifier)
        self.slice = claims

    @property
    def feasible(self) -> int:
        """The number of feasible states that the engine claims, in all slices."""
        return self.solver.count

    def chosen(self) -> list[int]:
        """Return the numbers of the states to check."""
        claims = self.slice
        self._must_be_counted()
        if claims.count <= CHECK_ALL_UP_TO:
            return sorted(self._nth(place) for place in range(1, claims.count + 1))
        chosen = set(self._of_interest())
        for states in claims.found.values():
            chosen.update(islice(states.numbers(), _SAMPLED))
        chosen.update(islice(self._others(), _SAMPLED))
        return sorted(chosen)

    def look_at(self, number: int) -> None:
        """Check all claims about one state."""
        super().look_at(number)
        if self.verifier.refusal is not None:
            return
        claims, state = self.slice, self.solver.state(number)
        try:
            largest = self.conflict.pattern(state_meant(self.solver, self.verifier.checker, state))
        except FalseAnswerError as fault:
            raise self.false(state, "", str(fault)) from None
        if not fits(largest, claims.pattern):
            raise self.false(state, "", f"it is not in the slice {claims.pattern}")
        for concept, patterns in claims.patterns.items():
            covered = patterns is not None and any(fits(largest, one) for one in patterns)
            if patterns is not None and covered != (number in claims.found[concept]):
                raise self.false(state, f" under {concept}", "the patterns disagree with the set of equilibria")

    def _must_be_counted(self) -> None:
        """Check the number of states of the slice if they can be listed."""
        claims, verifier = self.slice, self.verifier
        if verifier.refusal is not None or self.feasible > MAX_LISTED or verifier.listed is None:
            return
        names = [option.id for option in self.conflict.options]
        members = (frozenset(compress(names, member)) for member in feasible_members(self.conflict))
        count = sum(
            verifier.checker.state_of(member) == member and fits(self.conflict.pattern(member), claims.pattern)
            for member in members
        )
        if count != claims.count:
            raise self.false(f"the slice {claims.pattern}", "", f"it has {count:,} states, not {claims.count:,}")

    def _nth(self, place: int) -> int:
        return int(self.solver.number_of(nth_like(self.slice.pattern, place, self.slice.solver.count_within)))

    def _of_interest(self) -> Iterator[int]:
        """Yield the status quo, some named and some merged states, if they are in the slice."""
        conflict = self.conflict
        if self.verifier.refusal is not None:
            return
        checker = self.verifier.checker
        named = [frozenset(one.taken) for one in conflict.states if conflict.breaks(one.taken) is None]
        if conflict.status_quo:
            yield from self._inside([checker.state_of(frozenset(conflict.status_quo.taken))])
        yield from islice(self._inside(map(checker.state_of, named)), _SAMPLED)
        yield from islice(self._inside(checker.merged_states()), _SAMPLED)

    def _inside(self, largest: Iterable[TakenOptions]) -> Iterator[int]:
        for pattern in map(self.conflict.pattern, largest):
            if fits(pattern, self.slice.pattern):
                yield int(self.solver.number_of(pattern))

    def _others(self) -> Iterator[int]:
        """Yield states drawn at random that are not equilibria under some concept, the same ones for the same slice."""
        claims, chance = self.slice, random.Random(self.conflict.digest + self.slice.pattern)
        for _ in range(MAX_DRAWN_AT_RANDOM):
            number = self._nth(chance.randint(1, claims.count))
            if not all(number in states for states in claims.found.values()):
                yield number
