"""Answers of an engine, checked by code that shares nothing with it.

Every state is checked where there are few; otherwise the status quo, named states, some equilibria and some states
drawn at random, the same for the same conflict. What is checked of a state: for every player and concept the verdict,
its improvements and sanctions (`detente.analysis.checker`), and that the sets of stable states and of equilibria say
the same.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass
from itertools import islice
from typing import Any

from detente.analysis.checker import MOST_TRIED, Checker, Claim, ClaimedSanction, FalseAnswerError, UncheckedError
from detente.analysis.closed_proof import prove, prove_no_combination
from detente.analysis.equilibria import Analysis
from detente.conflict.states import State
from detente.engine.interface import Certifying, Progress, Sanction, Verdict, no_progress
from detente.errors import CertificateError, InputError
from detente.stability import Concept, Respond

#: Up to so many states all are checked.
CHECK_ALL_UP_TO = 64
#: Otherwise so many equilibria of each concept, and so many other states, are.
SAMPLED = 2
#: Where the engine can give a proof, a walk is given up after so many moves tried.
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
    InputError
        For merged states and standing coalitions, which are not checked.
    """
    conflict = analysis.conflict
    if conflict.merge or any(len(members) > 1 for members in conflict.players):
        raise InputError("answers are verified for conflicts without merged states and standing coalitions")
    states = _chosen(analysis)
    checker = Checker(conflict, SHORT_WALK if isinstance(analysis.solver, Certifying) else MOST_TRIED)
    by: Counter[str] = Counter()
    unchecked: Counter[str] = Counter()
    for done, number in enumerate(states):
        progress(done / len(states), f"verifying state {number}")
        state = analysis.solver.state(number)
        for concept in analysis.concepts:
            verdicts = [
                _verified(analysis, checker, state, player, concept, by, unchecked)
                for player in range(len(analysis.players))
            ]
            if (number in analysis.equilibrium_set(concept.id)) != all(verdicts):
                raise _false(analysis, state, concept, None, "the set of equilibria says otherwise than the verdicts")
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


def _chosen(analysis: Analysis) -> list[int]:
    if analysis.count <= CHECK_ALL_UP_TO:
        return list(range(1, analysis.count + 1))
    conflict, solver = analysis.conflict, analysis.solver
    chosen: set[int] = set()
    if conflict.status_quo:
        chosen.add(int(solver.number_of(conflict.pattern(conflict.status_quo.taken))))
    for concept in analysis.concepts:
        chosen.update(islice(analysis.equilibrium_set(concept.id).numbers(), SAMPLED))
    chance = random.Random(analysis.digest)
    chosen.update(chance.randint(1, analysis.count) for _ in range(SAMPLED))
    return sorted(chosen)


def _verified(
    analysis: Analysis,
    checker: Checker,
    state: State,
    player: int,
    concept: Concept,
    by: Counter[str],
    unchecked: Counter[str],
) -> bool:
    """Check one verdict and return it."""
    verdict = analysis.solver.why(state.number, player, concept)
    stable = bool(verdict.stable)
    if stable != (state.number in analysis.stability[concept.id][analysis.players[player]]):
        raise _false(analysis, state, concept, player, "the set of stable states says otherwise than the explanation")
    if concept.family != "plain":
        unchecked["only concepts of plain preferences and the sentence are checked"] += 1
        return stable
    claim = _claim(analysis, verdict)
    try:
        how = checker.check(claim)
        if how == "open":
            how = _proved(analysis, checker, claim, verdict)
        by[how] += 1
    except UncheckedError as reason:
        unchecked[str(reason)] += 1
    except FalseAnswerError as fault:
        raise _false(analysis, state, concept, player, str(fault)) from None
    return stable


def _proved(analysis: Analysis, checker: Checker, claim: Claim, verdict: Verdict) -> str:
    solver = analysis.solver
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


def _claim(analysis: Analysis, verdict: Verdict) -> Claim:
    improvements: dict[frozenset[str], ClaimedSanction | None] = {}
    for one in verdict.improvements:
        improvements[frozenset(one.to.taken)] = _sanction(analysis, one.sanction) if one.sanction else None
    return Claim(
        frozenset(verdict.state.taken),
        analysis.players[verdict.player],
        verdict.concept,
        bool(verdict.stable),
        improvements,
    )


def _sanction(analysis: Analysis, said: Sanction) -> ClaimedSanction:
    return ClaimedSanction(
        steps=tuple((analysis.players[step.player], frozenset(step.to.taken)) for step in said.steps),
        end=frozenset(said.end.taken),
        simultaneous=said.simultaneous,
    )


def _false(analysis: Analysis, state: State, concept: Concept, player: int | None, fault: str) -> CertificateError:
    who = "" if player is None else f" for {analysis.players[player]}"
    return CertificateError(
        f"the {analysis.engine} engine's answer on state {state}{who} under {concept.title} does not stand: {fault}. "
        "This is a defect of Detente: please report it with the conflict file"
    )


__all__ = ["Verification", "verify"]
