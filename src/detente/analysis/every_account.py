"""Every account of a dispute, or some drawn by lot, and which of them make the same conflict."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from detente.conflict.model import ConflictModel
from detente.dossier.current import act_counts, as_told, deciding
from detente.dossier.testimony import Testimony, Weighed

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

    ``of`` has the model of every account; ``standing`` says of each statement that is evidence in which models it is in
    force, ``acts`` of each act of the history in which models it counts.
    """

    count: int
    of: Ints
    standing: Mapping[str, Bools]
    acts: tuple[Bools, ...] = ()

    def conflict_in(self, conflict: ConflictModel, model: int) -> ConflictModel:
        """Return a model."""
        in_force = frozenset(id for id, stands in self.standing.items() if stands[model])
        acts = [act for act, counts in zip(conflict.history, self.acts, strict=True) if counts[model]]
        return as_told(conflict, in_force, acts)


def all_accounts(testimony: Testimony) -> Accounts:
    """Return every account: in the row with number n, the k-th claim is believed where bit k of n is set."""
    claims = testimony.disputed
    numbers = np.arange(2 ** len(claims))
    believed = np.empty((numbers.size, len(claims)), dtype=bool)
    for place in range(len(claims)):
        believed[:, place] = (numbers >> place) & 1 == 1
    return Accounts(believed, _possible(testimony, believed))


def drawn_accounts(testimony: Testimony, samples: int, seed: int) -> Accounts:
    """Draw accounts: every claim with even chance, and of two that contest each other one drops out, by lot."""
    chance = np.random.default_rng(seed)
    claims = testimony.disputed
    place = {id: column for column, id in enumerate(claims)}
    believed = chance.random((samples, len(claims))) < 0.5
    for first, second in testimony.rivals:
        lots = chance.random(samples) < 0.5
        for id, other, drops in ((first, second, lots), (second, first, ~lots)):
            if id in place:
                rival = (
                    believed[:, place[other]]
                    if other in place
                    else np.full(samples, other in testimony.believed_always)
                )
                believed[:, place[id]] &= ~(rival & (drops if other in place else True))
    return Accounts(believed, _possible(testimony, believed))


def models(conflict: ConflictModel, testimony: Testimony, accounts: Accounts) -> Models:
    """Return the models that accounts make.

    Accounts in which the same elements stand make the same model. What stands depends on a claim and on what is tied to
    it, so that it is worked out once for each set of claims that a group of tied statements mentions.
    """
    supported = [support for at, support in deciding(conflict) if at[0] != "views" and support.evidence]
    evidence = sorted({id for support in supported for id in support.evidence})
    standing = {id: _in_accounts(testimony, [id], accounts, partial(_in_force, id)) for id in evidence}
    acts = [
        _in_accounts(testimony, act.support.evidence, accounts, partial(act_counts, act)) for act in conflict.history
    ]
    parts = [np.logical_or.reduce([standing[id] for id in support.evidence]) for support in supported]
    parts += acts
    parts.append(~accounts.possible)
    packed = np.packbits(np.array(parts, dtype=bool), axis=0).T
    _, first, of = np.unique(packed, axis=0, return_index=True, return_inverse=True)
    # An account that nobody may hold makes no model of its own.
    wanted = np.flatnonzero(accounts.possible[first])
    number_of = np.zeros(first.size, dtype=np.int64)
    number_of[wanted] = np.arange(wanted.size)
    rows = first[wanted]
    in_force = {id: column[rows] for id, column in standing.items()}
    return Models(wanted.size, number_of[of.reshape(-1)], in_force, tuple(column[rows] for column in acts))


def _possible(testimony: Testimony, believed: Bools) -> Bools:
    place = {id: column for column, id in enumerate(testimony.disputed)}
    possible = np.ones(believed.shape[0], dtype=bool)
    for pair in testimony.rivals:
        first, second = (
            believed[:, place[id]] if id in place else np.full(believed.shape[0], id in testimony.believed_always)
            for id in pair
        )
        possible &= ~(first & second)
    return possible


def _in_force(id: str, weighed: Weighed) -> bool:
    return weighed.in_force(id, weighed.testimony.number)


def _in_accounts(
    testimony: Testimony, ids: Sequence[str], accounts: Accounts, asked: Callable[[Weighed], bool]
) -> Bools:
    """Return the answer to a question in every account; it depends on these statements and those tied to them."""
    place = {claim: column for column, claim in enumerate(testimony.disputed)}
    tied = [place[claim] for claim in testimony.tied(*ids) if claim in place]
    code = np.zeros(accounts.believed.shape[0], dtype=np.int64)
    for bit, column in enumerate(tied):
        code |= accounts.believed[:, column].astype(np.int64) << bit
    seen, back = np.unique(code, return_inverse=True)
    answers = [
        asked(testimony.weighed({testimony.disputed[column] for bit, column in enumerate(tied) if value >> bit & 1}))
        for value in map(int, seen)
    ]
    return np.array(answers, dtype=bool)[back.reshape(-1)]
