"""Whose claims an answer depends on: the dispute under every account of the disputed statements.

Theory of operation. The model of each account (`detente.analysis.accounts`) is analysed. Whether a state is an
equilibrium is then a Boolean function of what is believed, and its prime implicants are the smallest sets of claims
that are sufficient for it (Quine 1952).

Cost: at most 3 to the number of claims for the prime implicants; with more than 20 claims, accounts are sampled.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from detente.analysis.accounts import AccountModels, AccountSet, equilibria_by_model, equilibria_in_model, models_of
from detente.analysis.result import ConflictResult
from detente.analysis.robustness.sampling import wilson
from detente.concepts import Concept, chosen
from detente.engine.space import Bools, Ints
from detente.errors import InputError, UnknownNameError
from detente.lazy import dataclass
from detente.limits import MAX_CLAIMS
from detente.model.conflict import Conflict
from detente.model.day import act_counts, deciding_elements, model_given, model_of_day
from detente.model.evidence import Testimony
from detente.model.questions import Progress, no_progress
from detente.model.statements import Statement
from detente.model.states import State, StateList

ClaimSet = tuple[tuple[str, bool], ...]


@dataclass(frozen=True)
class Dependence:
    """In which accounts a state is an equilibrium under a concept.

    Attributes
    ----------
    concept
        The stability concept.
    pattern
        The letters of the state.
    number
        Its number in the conflict as written; None if it is not feasible there.
    name
        Its name, or None.
    share
        The share of accounts in which it is an equilibrium.
    interval
        The interval of the share; equal to it if all accounts were examined.
    in_every
        Whether it is an equilibrium in every account.
    conditions
        The smallest sets of claims, each true or not, that are enough; the empty set means every account. None if
        accounts were drawn at random.
    """

    concept: Concept
    pattern: str
    number: int | None
    name: str | None
    share: float
    interval: tuple[float, float]
    in_every: bool
    conditions: tuple[ClaimSet, ...] | None

    @property
    def claims(self) -> tuple[str, ...]:
        """The claims that it depends on."""
        return tuple(dict.fromkeys(id for condition in self.conditions or () for id, _ in condition))

    def state_data(self) -> dict[str, Any]:
        """Return the state as plain data."""
        return {"number": self.number, "state": self.pattern, "name": self.name}


@dataclass(frozen=True)
class SideAnalysis:
    """The dispute as one side's statements alone describe it.

    Attributes
    ----------
    speaker
        The identifier of the speaker.
    name
        The name of the speaker.
    statements
        The number of its statements.
    dropped
        The number of elements without evidence from this side.
    equilibria
        The letters of the equilibria by concept.
    status_quo
        The letters of the status quo, or None.
    """

    speaker: str
    name: str
    statements: int
    dropped: int
    equilibria: Mapping[str, tuple[str, ...]] = field(hash=False)
    status_quo: str | None


@dataclass(frozen=True)
class WhoseWord(ConflictResult):
    """Whose claims the equilibria of a conflict depend on.

    Attributes
    ----------
    claims
        The disputed statements.
    concepts
        The stability concepts.
    accounts
        The number of accounts that were examined.
    models
        The number of different conflicts among them.
    exact
        Whether these are all accounts, and none was drawn at random.
    dependences
        For each concept and state, the accounts in which the state is an equilibrium.
    deadlocks
        The same for the status quo, by concept.
    sides
        The dispute by each side's statements alone, if asked for.
    """

    format = "detente-whose-word/1"
    question = "whose_word"

    claims: tuple[Statement, ...]
    concepts: tuple[Concept, ...]
    accounts: int
    models: int
    exact: bool
    dependences: tuple[Dependence, ...]
    deadlocks: tuple[Dependence, ...]
    sides: tuple[SideAnalysis, ...] = ()

    @property
    def status_quo(self) -> str | None:
        """The pattern of the status quo."""
        return self.deadlocks[0].pattern if self.deadlocks else None

    def of(self, concept: str) -> tuple[Dependence, ...]:
        """Return the dependence of each state that is an equilibrium under a concept in some account."""
        names = [one.id for one in self.concepts]
        if concept not in names:
            raise UnknownNameError("concept", concept, names)
        return tuple(one for one in self.dependences if one.concept.id == concept)

    def deadlock(self, concept: str) -> Dependence | None:
        """Return the accounts in which the account's own status quo is an equilibrium; None without a status quo.

        If the evidence of an option of the status quo is not believed, the account's status quo is without the option.
        """
        self.of(concept)
        return next((one for one in self.deadlocks if one.concept.id == concept), None)

    def statement(self, id: str) -> Statement:
        """Return a statement of the conflict."""
        for one in self.conflict.all_statements:
            if one.id == id:
                assert isinstance(one, Statement)
                return one
        raise UnknownNameError("statement", id, [one.id for one in self.conflict.all_statements])

    def to_dict(self) -> dict[str, Any]:
        """Return the answer as plain data, format ``detente-whose-word/1``."""
        return {
            "format": self.format,
            **self.conflict.basis.to_dict(),
            "conflict": {"title": self.conflict.title},
            "accounts": self.accounts,
            "models": self.models,
            "exact": self.exact,
            "claims": [
                {
                    "id": claim.id,
                    "speaker": claim.speaker,
                    "reported_by": claim.reported_by,
                    "quote": claim.quote,
                    "contested_by": list(claim.contested_by),
                    "in_doubt": claim.in_doubt,
                    "text": self.words.claim_in_words(self, claim.id),
                    "matters_for": {
                        concept.id: [
                            {"number": one.number, "state": one.pattern}
                            for one in self.of(concept.id)
                            if claim.id in one.claims
                        ]
                        for concept in self.concepts
                    },
                    "matters_for_the_deadlock": [one.concept.id for one in self.deadlocks if claim.id in one.claims],
                }
                for claim in self.claims
            ],
            "status_quo": self.deadlocks[0].state_data() if self.deadlocks else None,
            "deadlock": {one.concept.id: self._dependence_data(one) for one in self.deadlocks},
            "equilibria": {
                concept.id: [self._dependence_data(one) for one in self.of(concept.id)] for concept in self.concepts
            },
            "sides": [
                {
                    "speaker": side.speaker,
                    "name": side.name,
                    "statements": side.statements,
                    "dropped": side.dropped,
                    "status_quo": self._state_data(side.status_quo),
                    "equilibria": {
                        key: [self._state_data(pattern) for pattern in patterns]
                        for key, patterns in side.equilibria.items()
                    },
                }
                for side in self.sides
            ],
        }

    @cached_property
    def _states(self) -> dict[str, State]:
        return {state.pattern: state for state in StateList(self.conflict)}

    def _state_data(self, pattern: str | None) -> dict[str, Any] | None:
        """Return a state as plain data; without number and name if it is feasible in some accounts only."""
        if pattern is None:
            return None
        state = self._states.get(pattern)
        return {
            "number": state.number if state else None,
            "state": pattern,
            "name": state.name if state else None,
        }

    def _dependence_data(self, one: Dependence) -> dict[str, Any]:
        return {
            **one.state_data(),
            "share": one.share,
            "interval": list(one.interval),
            "in_every": one.in_every,
            "hangs_on": None
            if one.conditions is None
            else [[{"statement": id, "true": value} for id, value in condition] for condition in one.conditions],
            "text": None
            if one.conditions is None
            else [self.words.claim_set_in_words(self, each) for each in one.conditions],
        }

    def rows(self) -> list[dict[str, Any]]:
        """Return one record for each concept and state."""
        return [
            {
                "concept": one.concept.id,
                "number": one.number,
                "state": one.pattern,
                "name": one.name or "",
                "share": one.share,
                "in_every": one.in_every,
                "hangs_on": "; or ".join(
                    " and ".join(id if value else f"not {id}" for id, value in each) for each in one.conditions or ()
                ),
            }
            for one in self.dependences
        ]


def whose_word(
    conflict: Conflict,
    concepts: Iterable[str] | None = None,
    engine: str = "auto",
    *,
    believe: Iterable[str] = (),
    doubt: Iterable[str] = (),
    leave_open: Iterable[str] = (),
    by_speaker: bool = False,
    samples: int = 10_000,
    seed: int = 0,
    progress: Progress = no_progress,
) -> WhoseWord:
    """Say in which accounts of a dispute which states are equilibria, and which claims that depends on.

    The method `detente.Conflict.whose_word` describes the parameters, the steps and the errors.
    """
    wanted = chosen(concepts)
    believe, doubt, leave_open = list(believe), list(doubt), list(leave_open)
    known = [statement.id for statement in conflict.all_statements]
    for id in [*believe, *doubt, *leave_open]:
        if id not in known:
            raise UnknownNameError("statement", id, known)
    both = set(believe) & set(doubt)
    if both:
        raise InputError(f"{', '.join(sorted(both))}: a statement cannot be both believed and doubted")
    fixed = (*((id, True) for id in believe), *((id, False) for id in doubt))
    if conflict.solved_for is not None:
        # An account may restore an element that is dropped if all statements are believed.
        conflict = conflict.solved_for.written
    testimony = conflict.testimony(opened=tuple(leave_open), fixed=fixed)
    base = model_of_day(conflict)
    exact = len(testimony.disputed) <= MAX_CLAIMS
    accounts = AccountSet.all(testimony) if exact else AccountSet.drawn(testimony, samples, seed)
    possible = accounts.possible
    if not possible.any():
        raise InputError("no account believes all these statements, because some of them contest each other")
    told = models_of(conflict, testimony, accounts)
    where = equilibria_by_model(conflict, told, wanted, engine, progress)
    listed = StateList(base)
    states = {state.pattern: state for state in listed}
    quo = base.status_quo
    here = listed.pattern_of(base.pattern(quo.taken)) if quo else None
    every = _Accounts(possible, told, testimony.disputed if exact else None)
    dependences, deadlocks = [], []
    for concept in wanted:
        found = [pattern for id, pattern in where.equilibria if id == concept.id]
        # In the order of states, which compares the last option first.
        for pattern in sorted(found, key=lambda one: ["N-Y".index(letter) for letter in reversed(one)]):
            holds = where.equilibria[concept.id, pattern]
            dependences.append(every.dependence(concept, pattern, states.get(pattern), holds))
        if here is not None:
            deadlocks.append(every.dependence(concept, here, states[here], where.stuck[concept.id]))
    progress(1.0, "done")
    return WhoseWord(
        base,
        tuple(testimony.by_id[id] for id in testimony.disputed),
        wanted,
        int(np.count_nonzero(possible)),
        told.count,
        exact,
        tuple(dependences),
        tuple(deadlocks),
        _sides(conflict, testimony, wanted, engine) if by_speaker else (),
    )


@dataclass(frozen=True, eq=False)
class _Accounts:
    """The possible accounts and their models; ``claims`` is None if the accounts were drawn at random."""

    possible: Bools
    models: AccountModels
    claims: Sequence[str] | None
    #: The number of accounts and the conditions by models, because many states are equilibria in the same models.
    known: dict[bytes, tuple[int, tuple[ClaimSet, ...] | None]] = field(default_factory=dict)

    @cached_property
    def count(self) -> int:
        """The number of possible accounts."""
        return int(np.count_nonzero(self.possible))

    def dependence(self, concept: Concept, pattern: str, state: State | None, holding: Ints) -> Dependence:
        """Return the accounts in which a state is an equilibrium, from the models in which it is one."""
        key = holding.tobytes()
        if key not in self.known:
            in_model = np.zeros(self.models.count, dtype=bool)
            in_model[holding] = True
            holds = in_model[self.models.of] & self.possible
            claims = self.claims
            conditions = None if claims is None else prime_implicants(holds, self.possible, claims)
            self.known[key] = int(np.count_nonzero(holds)), conditions
        count = self.count
        met, conditions = self.known[key]
        share = met / count
        return Dependence(
            concept,
            pattern,
            state.number if state else None,
            state.name if state else None,
            share,
            (share, share) if self.claims is not None else wilson(met, count),
            met == count,
            conditions,
        )


def prime_implicants(
    holds: ArrayLike, possible: ArrayLike, claims: Sequence[str]
) -> tuple[tuple[tuple[str, bool], ...], ...]:
    """Return the smallest sets of claims, each believed or not, that are sufficient for something to be true.

    ``holds`` and ``possible`` have a value for each set of believed claims; bit k of the set's number stands for the
    k-th claim. The sets are the prime implicants (Quine 1952), with impossible sets as don't-cares, computed by the
    recursion of Coudert & Madre (1992). They are sorted, the shortest first.
    """
    size = 2 ** len(claims)
    may = np.asarray(possible, dtype=bool)
    table = np.asarray(holds, dtype=bool) | ~may
    if table.size != size or may.size != size:
        raise ValueError(f"for {len(claims)} claims the tables must have {size} values")
    known: dict[bytes, frozenset[tuple[tuple[int, bool], ...]]] = {}

    def primes(part: NDArray[np.bool_], top: int) -> frozenset[tuple[tuple[int, bool], ...]]:
        if not part.any():
            return frozenset()
        if part.all():
            return frozenset({()})
        key = bytes([top]) + np.packbits(part).tobytes()
        if key not in known:
            half = part.size // 2
            without, having = part[:half], part[half:]
            either = primes(without & having, top - 1)
            known[key] = (
                either
                | {(*rest, (top, False)) for rest in primes(without, top - 1) - either}
                | {(*rest, (top, True)) for rest in primes(having, top - 1) - either}
            )
        return known[key]

    by_claim = may.reshape((2,) * len(claims))
    found = []
    for implicant in primes(table, len(claims) - 1):
        met: list[int | slice] = [slice(None)] * len(claims)
        for place, value in implicant:
            # The first axis belongs to the last claim.
            met[-1 - place] = int(value)
        if by_claim[tuple(met)].any():
            found.append(tuple((claims[place], value) for place, value in implicant))
    return tuple(sorted(found, key=lambda one: (len(one), one)))


def _sides(
    conflict: Conflict, testimony: Testimony, concepts: Sequence[Concept], engine: str
) -> tuple[SideAnalysis, ...]:
    """Analyse the dispute as the statements of each decision maker, and of all other speakers together, describe it."""
    makers = {maker.id: maker.label for maker in conflict.decision_makers}
    tellers = {testimony.teller(id) for id in testimony.by_id}
    groups: dict[str, set[str]] = {id: {id} for id in makers if id in tellers}
    others = {teller for teller in tellers if teller and teller not in makers}
    if others:
        groups["others"] = others
    sides = []
    for speaker, members in groups.items():
        account = testimony.account_of(members)
        standing = account.all_in_force()
        told = model_given(conflict, standing, [act for act in conflict.history if act_counts(act, account)])
        dropped = sum(
            bool(support.evidence) and standing.isdisjoint(support.evidence)
            for at, support in deciding_elements(conflict)
            if at[0] != "views"
        )
        found, quo = equilibria_in_model(told, concepts, engine)
        sides.append(
            SideAnalysis(
                speaker,
                makers.get(
                    speaker,
                    "others: " + ", ".join(conflict.all_speakers.get(member, member) for member in sorted(members)),
                ),
                len(standing),
                dropped,
                {id: tuple(state.pattern for state in states) for id, states in found.items()},
                quo.pattern if quo else None,
            )
        )
    return tuple(sides)
