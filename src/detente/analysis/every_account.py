"""Every account of a dispute, or some drawn by lot, and which of them make the same conflict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.analysis.accounts import elements
from detente.conflict.model import ConflictModel
from detente.dossier.accounts import Hearing

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Accounts:
    """A row for every account: which contested claims it believes, and whether it may."""

    believed: Bools
    possible: Bools


@dataclass(frozen=True, eq=False)
class Models:
    """The different conflicts that accounts make.

    ``of`` has the model of every account; ``standing`` says of each statement that something rests on in which models
    it stands.
    """

    count: int
    of: Ints
    standing: Mapping[str, Bools]

    def standing_in(self, model: int) -> frozenset[str]:
        """Return the statements that stand in a model."""
        return frozenset(id for id, stands in self.standing.items() if stands[model])


def all_accounts(hearing: Hearing) -> Accounts:
    """Return every account: in the row with number n, the k-th claim is believed where bit k of n is set."""
    claims = hearing.contested
    numbers = np.arange(2 ** len(claims))
    believed = np.empty((numbers.size, len(claims)), dtype=bool)
    for place in range(len(claims)):
        believed[:, place] = (numbers >> place) & 1 == 1
    return Accounts(believed, _possible(hearing, believed))


def drawn_accounts(hearing: Hearing, samples: int, seed: int) -> Accounts:
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
    return Accounts(believed, _possible(hearing, believed))


def models(conflict: ConflictModel, hearing: Hearing, accounts: Accounts) -> Models:
    """Return the models that accounts make.

    Accounts in which the same elements stand make the same model. What stands depends on a claim and on what is tied to
    it, so that it is worked out once for each set of claims that a group of tied statements mentions.
    """
    evidence = sorted({id for element in elements(conflict) for id in element.evidence})
    standing = {id: _stands(hearing, id, accounts.believed) for id in evidence}
    parts = [
        np.logical_or.reduce([standing[id] for id in element.evidence])
        for element in elements(conflict)
        if element.evidence
    ]
    parts.append(~accounts.possible)
    packed = np.packbits(np.array(parts, dtype=bool), axis=0).T
    _, first, of = np.unique(packed, axis=0, return_index=True, return_inverse=True)
    # An account that nobody may hold makes no model of its own.
    wanted = np.flatnonzero(accounts.possible[first])
    number_of = np.zeros(first.size, dtype=np.int64)
    number_of[wanted] = np.arange(wanted.size)
    rows = first[wanted]
    return Models(wanted.size, number_of[of.reshape(-1)], {id: column[rows] for id, column in standing.items()})


def _possible(hearing: Hearing, believed: Bools) -> Bools:
    place = {id: column for column, id in enumerate(hearing.contested)}
    possible = np.ones(believed.shape[0], dtype=bool)
    for pair in hearing.rivals:
        first, second = (
            believed[:, place[id]] if id in place else np.full(believed.shape[0], id in hearing.believed_always)
            for id in pair
        )
        possible &= ~(first & second)
    return possible


def _stands(hearing: Hearing, id: str, believed: Bools) -> Bools:
    """Tell of every account whether a statement stands in it."""
    place = {claim: column for column, claim in enumerate(hearing.contested)}
    tied = [place[claim] for claim in _tied(hearing, id) if claim in place]
    code = np.zeros(believed.shape[0], dtype=np.int64)
    for bit, column in enumerate(tied):
        code |= believed[:, column].astype(np.int64) << bit
    seen, back = np.unique(code, return_inverse=True)
    stands = [
        id in hearing.standing({hearing.contested[column] for bit, column in enumerate(tied) if value >> bit & 1})
        for value in map(int, seen)
    ]
    return np.array(stands, dtype=bool)[back.reshape(-1)]


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
