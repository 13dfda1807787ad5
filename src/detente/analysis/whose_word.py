"""Whose word does an answer hang on? The dispute in every account that one may believe.

For every account (`detente.dossier.accounts`) the conflict is taken as it has it (`detente.analysis.accounts`) and
analysed; a state's being an equilibrium is then a function of what is believed, and the smallest sets of claims that
are enough for it say on whose word it hangs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.analysis.accounts import as_told, elements
from detente.analysis.equilibria import Analysis, analyze
from detente.analysis.implicants import minimal_conditions
from detente.analysis.intervals import wilson
from detente.analysis.result import Result
from detente.conflict.model import ConflictModel
from detente.conflict.states import State, StateList
from detente.dossier import Statement
from detente.dossier.accounts import Hearing
from detente.dossier.words import in_words
from detente.engine.interface import Progress, no_progress
from detente.errors import InputError, TooLargeError, UnknownNameError
from detente.stability import Concept, chosen

#: With more contested claims than this the accounts are sampled.
MOST_CLAIMS = 20

Condition = tuple[tuple[str, bool], ...]


@dataclass(frozen=True)
class Dependence:
    """In which accounts a state is an equilibrium under a concept.

    ``number`` is the state's in the conflict as it is written, None where it is not feasible there. ``conditions`` are
    the smallest sets of claims, each true or not, that are enough; the empty set stands for 'in every account'.
    """

    concept: Concept
    pattern: str
    number: int | None
    name: str | None
    share: float
    interval: tuple[float, float]
    in_every: bool
    conditions: tuple[Condition, ...] | None

    @property
    def claims(self) -> tuple[str, ...]:
        """The claims on which it hangs."""
        return tuple(dict.fromkeys(id for condition in self.conditions or () for id, _ in condition))

    @property
    def share_in_words(self) -> str:
        """The share of the accounts, with its interval where they were drawn by lot."""
        low, high = self.interval
        return f"{self.share:.0%}" if low == high else f"{self.share:.0%} ({low:.0%}–{high:.0%})"


@dataclass(frozen=True)
class Side:
    """The dispute as one side's statements alone would have it."""

    speaker: str
    name: str
    statements: int
    dropped: int
    equilibria: Mapping[str, tuple[str, ...]] = field(hash=False)
    status_quo: str | None


@dataclass(frozen=True)
class WhoseWord(Result):
    """On whose word the equilibria of a conflict hang.

    ``accounts`` counts the accounts looked at, ``models`` the different conflicts among them; ``exact`` tells whether
    these are all accounts there are. ``sides`` is empty unless it was asked for.
    """

    conflict: ConflictModel = field(repr=False)
    claims: tuple[Statement, ...]
    concepts: tuple[Concept, ...]
    accounts: int
    models: int
    exact: bool
    dependences: tuple[Dependence, ...]
    deadlocks: tuple[Dependence, ...]
    sides: tuple[Side, ...] = ()

    @cached_property
    def status_quo(self) -> str | None:
        """The pattern of the status quo."""
        quo = self.conflict.status_quo
        return self.conflict.pattern(quo.taken) if quo else None

    def of(self, concept: str) -> tuple[Dependence, ...]:
        """Return what is known of every state that is an equilibrium under a concept in some account."""
        names = [one.id for one in self.concepts]
        if concept not in names:
            raise UnknownNameError("concept", concept, names)
        return tuple(one for one in self.dependences if one.concept.id == concept)

    def deadlock(self, concept: str) -> Dependence | None:
        """Return in which accounts the status quo, as the account has it, is an equilibrium; None without a status quo.

        Where an option of the status quo rests on claims that are not believed, the account's status quo is without it.
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

    def claim_in_words(self, id: str) -> str:
        """Say a claim as its speaker's: who says it, what, when and where, who tells it and who contests it."""
        return in_words(self.statement(id), self.conflict.all_speakers, self.conflict.all_statements)

    def condition_in_words(self, condition: Condition) -> str:
        """Say a set of claims in words."""
        true = [self.claim_in_words(id) for id, value in condition if value]
        false = [self.claim_in_words(id) for id, value in condition if not value]
        parts = [f"it is so what was said by {'; and by '.join(true)}"] if true else []
        if false:
            parts.append(f"it is not so what was said by {'; nor by '.join(false)}")
        return ", and ".join(parts) or "in every account"

    def deadlocks_in_words(self, most: int | None = None) -> dict[str, tuple[str, ...]]:
        """Say whether the status quo is an equilibrium and on which claims that hangs.

        Returns the titles of the concepts by the sentence that is true of them. No more than ``most`` sets of claims
        are told for one; all of them when None.
        """
        found: dict[str, tuple[str, ...]] = {}
        for one in self.deadlocks:
            text = self._deadlock_in_words(one, most)
            found[text] = (*found.get(text, ()), one.concept.title)
        return found

    def _deadlock_in_words(self, one: Dependence, most: int | None) -> str:
        if one.in_every:
            return "the status quo is an equilibrium whomever one believes; what it consists of is each account's own."
        if one.share == 0:
            return "the status quo is no equilibrium, whomever one believes."
        share = f"the status quo is an equilibrium in {one.share_in_words} of the accounts"
        if not one.conditions:
            return f"{share}."
        told = [self.condition_in_words(each) for each in one.conditions[:most]]
        left = len(one.conditions) - len(told)
        more = f"; or in {left} more case{'s' if left > 1 else ''}" if left else ""
        return f"{share}: if {'; or if '.join(told)}{more}."

    def to_dict(self) -> dict[str, Any]:
        """Return the answer as plain data, format ``detente-whose-word/1``."""
        return {
            "format": "detente-whose-word/1",
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
                    "text": self.claim_in_words(claim.id),
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
            "status_quo": self.status_quo,
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
                    "status_quo": side.status_quo,
                    "equilibria": {key: list(patterns) for key, patterns in side.equilibria.items()},
                }
                for side in self.sides
            ],
        }

    def _dependence_data(self, one: Dependence) -> dict[str, Any]:
        return {
            "number": one.number,
            "state": one.pattern,
            "name": one.name,
            "share": one.share,
            "interval": list(one.interval),
            "in_every": one.in_every,
            "hangs_on": None
            if one.conditions is None
            else [[{"statement": id, "true": value} for id, value in condition] for condition in one.conditions],
            "text": None if one.conditions is None else [self.condition_in_words(each) for each in one.conditions],
        }

    def rows(self) -> list[dict[str, Any]]:
        """Return one record for every concept and state."""
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

    def _repr_html_(self) -> str:
        from html import escape

        return f"<p><b>{escape(self.conflict.title)}</b></p>{self._html_table()}"


def whose_word(
    conflict: ConflictModel,
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
    """Say in which accounts of a dispute which states are equilibria, and on which claims that hangs.

    Parameters
    ----------
    conflict
        The dispute, with the statements that its elements rest on.
    concepts
        Identifiers of solution concepts; the default ones when None.
    engine
        ``auto`` or the name of an engine.
    believe, doubt
        Statements that every account believes, or that none does.
    leave_open
        Statements that an account may believe or not, although nobody contests them.
    by_speaker
        Whether to analyse the dispute as each side's statements alone would have it, too.
    samples, seed
        How many accounts to draw where there are more than 20 contested claims, and from which seed.
    progress
        Called with the share of the work done and what is being done.

    Raises
    ------
    UnknownNameError
        For a statement, a concept or an engine that there is not.
    InputError
        When the conflict has no statements, or one is to be believed and doubted at once.
    """
    wanted = chosen(concepts)
    believe, doubt, leave_open = list(believe), list(doubt), list(leave_open)
    _known(conflict, [*believe, *doubt, *leave_open])
    both = set(believe) & set(doubt)
    if both:
        raise InputError(f"{', '.join(sorted(both))} cannot be believed and doubted at once")
    fixed = (*((id, True) for id in believe), *((id, False) for id in doubt))
    hearing = Hearing(tuple(conflict.all_statements), tuple(leave_open), fixed)
    exact = len(hearing.contested) <= MOST_CLAIMS
    accounts = _all_accounts(hearing) if exact else _sampled(hearing, samples, seed)
    possible = accounts.possible
    if not possible.any():
        raise InputError("no account believes these statements together: some of them contest each other")
    which, models = _models(conflict, hearing, accounts)
    holding: dict[tuple[str, str], NDArray[np.bool_]] = {}
    stuck = {concept.id: np.zeros(len(models), dtype=bool) for concept in wanted}
    for place, standing in enumerate(models):
        progress(place / len(models), f"{place:,} of {len(models):,} different accounts")
        told = as_told(conflict, standing)
        quo = told.pattern(told.status_quo.taken) if told.status_quo else None
        for id, patterns in _equilibria(told, wanted, engine).items():
            for pattern in patterns:
                holding.setdefault((id, pattern), np.zeros(len(models), dtype=bool))[place] = True
            stuck[id][place] = quo in patterns
    states = {state.pattern: state for state in StateList(conflict)}
    claims = hearing.contested if exact else None
    dependences, deadlocks = [], []
    for concept in wanted:
        found = [(pattern, holds) for (id, pattern), holds in holding.items() if id == concept.id]
        for pattern, holds in sorted(found, key=lambda pair: _order(pair[0])):
            dependences.append(_dependence(concept, pattern, states.get(pattern), holds[which], possible, claims))
        if conflict.status_quo:
            pattern = conflict.pattern(conflict.status_quo.taken)
            holds = stuck[concept.id][which]
            deadlocks.append(_dependence(concept, pattern, states.get(pattern), holds, possible, claims))
    progress(1.0, "done")
    return WhoseWord(
        conflict,
        tuple(hearing.by_id[id] for id in hearing.contested),
        wanted,
        int(np.count_nonzero(possible)),
        len(models),
        exact,
        tuple(dependences),
        tuple(deadlocks),
        _sides(conflict, hearing, wanted, engine) if by_speaker else (),
    )


@dataclass(frozen=True, eq=False)
class _Accounts:
    """A row for every account: which contested claims it believes, and whether it may."""

    believed: NDArray[np.bool_]
    possible: NDArray[np.bool_]


def _known(conflict: ConflictModel, ids: Sequence[str]) -> None:
    if not conflict.all_statements:
        raise InputError("the conflict has no statements: nothing in it is anybody's word")
    known = [statement.id for statement in conflict.all_statements]
    for id in ids:
        if id not in known:
            raise UnknownNameError("statement", id, known)


def _all_accounts(hearing: Hearing) -> _Accounts:
    claims = hearing.contested
    numbers = np.arange(2 ** len(claims))
    believed = np.array([(numbers >> place) & 1 == 1 for place in range(len(claims))], dtype=bool)
    believed = believed.reshape(len(claims), numbers.size).T
    return _Accounts(believed, _possible(hearing, believed))


def _possible(hearing: Hearing, believed: NDArray[np.bool_]) -> NDArray[np.bool_]:
    place = {id: column for column, id in enumerate(hearing.contested)}
    possible = np.ones(believed.shape[0], dtype=bool)
    for pair in hearing.rivals:
        first, second = (
            believed[:, place[id]] if id in place else np.full(believed.shape[0], id in hearing.believed_always)
            for id in pair
        )
        possible &= ~(first & second)
    return possible


def _sampled(hearing: Hearing, samples: int, seed: int) -> _Accounts:
    """Draw accounts: every claim with even chance, and of two that contest each other one drops out, by lot."""
    chance = np.random.default_rng(seed)
    claims = hearing.contested
    place = {id: column for column, id in enumerate(claims)}
    believed = chance.random((samples, len(claims))) < 0.5
    for first, second in hearing.rivals:
        lots = chance.random(samples) < 0.5
        for id, other, drops in ((first, second, lots), (second, first, ~lots)):
            if id in place:
                rival = (
                    believed[:, place[other]] if other in place else np.full(samples, other in hearing.believed_always)
                )
                believed[:, place[id]] &= ~(rival & (drops if other in place else True))
    return _Accounts(believed, _possible(hearing, believed))


def _models(
    conflict: ConflictModel, hearing: Hearing, accounts: _Accounts
) -> tuple[NDArray[np.int64], list[frozenset[str]]]:
    """Return for every account which model it makes, and for every model the statements that stand in it.

    Accounts in which the same elements stand make the same model. What stands depends on a claim and on what is tied to
    it, so that it is worked out once for each set of claims that a group of tied statements mentions.
    """
    place = {id: column for column, id in enumerate(hearing.contested)}
    evidence = sorted({id for element in elements(conflict) for id in element.evidence})
    rows = accounts.believed.shape[0]
    columns = []
    for id in evidence:
        tied = [place[claim] for claim in _tied(hearing, id) if claim in place]
        code = np.zeros(rows, dtype=np.int64)
        for bit, column in enumerate(tied):
            code |= accounts.believed[:, column].astype(np.int64) << bit
        seen, back = np.unique(code, return_inverse=True)
        stands = [
            id in hearing.standing({hearing.contested[c] for bit, c in enumerate(tied) if value >> bit & 1})
            for value in map(int, seen)
        ]
        columns.append(np.array(stands, dtype=bool)[back.reshape(-1)])
    standing = dict(zip(evidence, columns, strict=True))
    parts = [
        np.logical_or.reduce([standing[id] for id in element.evidence])
        for element in elements(conflict)
        if element.evidence
    ]
    parts.append(~accounts.possible)
    packed = np.packbits(np.array(parts, dtype=bool), axis=0).T
    _, first, which = np.unique(packed, axis=0, return_index=True, return_inverse=True)
    models = [frozenset(id for id in evidence if standing[id][row]) for row in map(int, first)]
    # An account that nobody may hold makes no model of its own.
    wanted = [number for number, row in enumerate(map(int, first)) if accounts.possible[row]]
    number_of = np.zeros(len(models), dtype=np.int64)
    number_of[wanted] = np.arange(len(wanted))
    return number_of[which.reshape(-1)], [models[number] for number in wanted]


def _tied(hearing: Hearing, id: str) -> list[str]:
    """Return the statements that bear on whether one stands: itself, those around it, those that take it back."""
    found: list[str] = []
    waiting = [id]
    while waiting:
        statement = hearing.by_id.get(waiting.pop())
        if statement is None or statement.id in found:
            continue
        found.append(statement.id)
        waiting += [*statement.withdrawn_by, *([statement.nested_in] if statement.nested_in else [])]
    return found


def _equilibria(told: ConflictModel, concepts: Sequence[Concept], engine: str) -> dict[str, list[str]]:
    try:
        analysis = analyze(told, [concept.id for concept in concepts], engine)
    except InputError:
        # The rules leave no state: nothing is an equilibrium in this account.
        return {}
    return {concept.id: [state.pattern for state in _listed(analysis, concept.id)] for concept in concepts}


def _listed(analysis: Analysis, concept: str) -> tuple[State, ...]:
    try:
        return analysis.equilibria(concept)
    except TooLargeError as error:
        raise TooLargeError(f"{error}; so whose word they hang on cannot be listed") from error


def _order(pattern: str) -> tuple[int, ...]:
    return tuple({"N": 0, "-": 1, "Y": 2}[letter] for letter in reversed(pattern))


def _dependence(
    concept: Concept,
    pattern: str,
    state: State | None,
    holds: NDArray[np.bool_],
    possible: NDArray[np.bool_],
    claims: Sequence[str] | None,
) -> Dependence:
    count = int(np.count_nonzero(possible))
    met = int(np.count_nonzero(holds & possible))
    share = met / count
    return Dependence(
        concept,
        pattern,
        state.number if state else None,
        state.name if state else None,
        share,
        (share, share) if claims is not None else wilson(met, count),
        met == count,
        minimal_conditions(holds, possible, claims) if claims is not None else None,
    )


def _sides(conflict: ConflictModel, hearing: Hearing, concepts: Sequence[Concept], engine: str) -> tuple[Side, ...]:
    """Analyse the dispute as the statements of each decision maker, and of everybody else together, would have it."""
    makers = {maker.id: maker.label for maker in conflict.decision_makers}
    tellers = {hearing.teller(id) for id in hearing.by_id}
    groups: dict[str, set[str]] = {id: {id} for id in makers if id in tellers}
    others = {teller for teller in tellers if teller and teller not in makers}
    if others:
        groups["others"] = others
    sides = []
    for speaker, members in groups.items():
        standing = hearing.told_by(members)
        told = as_told(conflict, standing)
        dropped = sum(not element.stands(standing) for element in elements(conflict))
        found = _equilibria(told, concepts, engine)
        sides.append(
            Side(
                speaker,
                makers.get(speaker, "others: " + ", ".join(sorted(members))),
                len(standing),
                dropped,
                {concept.id: tuple(found.get(concept.id, ())) for concept in concepts},
                told.pattern(told.status_quo.taken) if told.status_quo else None,
            )
        )
    return tuple(sides)
