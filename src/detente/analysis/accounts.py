"""Every account of a dispute, or some drawn by lot, and which of them make the same conflict.

In which of the conflicts that accounts make which states are equilibria.

The conflicts differ in which elements stand, and have everything else in common. Where preferences are given by
conditions and nothing is merged, an element that stands is a truth value for every state: a preference that
has fallen holds nowhere, a rule that has fallen allows every state, an untaken option forbids those with it. So the
states of very many of them are laid side by side (`detente.engine.batch`) and decided together. Other
conflicts are analysed one after the other, as each is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial

import numpy as np
from numpy.typing import NDArray

from detente.analysis.equilibria import MAX_LISTED, Analysis, analyze
from detente.concepts import Concept, Respond
from detente.engine import must_have_few
from detente.engine.batch import DisjointUnion, DisjointUnionSolver
from detente.engine.space import StateSpace, dense_labels, dense_ranks
from detente.errors import InputError, TooLargeError
from detente.model.conditions import Condition
from detente.model.conflict import Conflict
from detente.model.day import act_counts, apply_dates, deciding_elements, model_given
from detente.model.evidence import Account, Support, Testimony
from detente.model.parts import DecisionMaker, Rule
from detente.model.preferences import NO_PREFERENCES, Prioritising, Weights
from detente.model.questions import Progress
from detente.model.states import State

AccountBools = NDArray[np.bool_]
AccountInts = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class AccountSet:
    """A row for every account: which contested claims it believes, and whether it may."""

    believed: AccountBools
    possible: AccountBools


@dataclass(frozen=True, eq=False)
class AccountModels:
    """The different conflicts that accounts make.

    ``of`` has the model of every account; ``standing`` says of each statement that is evidence in which models it is in
    force, ``acts`` of each act of the history in which models it counts.
    """

    count: int
    of: AccountInts
    standing: Mapping[str, AccountBools]
    acts: tuple[AccountBools, ...] = ()

    def conflict_in(self, conflict: Conflict, model: int) -> Conflict:
        """Return a model."""
        in_force = frozenset(id for id, stands in self.standing.items() if stands[model])
        acts = [act for act, counts in zip(conflict.history, self.acts, strict=True) if counts[model]]
        return model_given(conflict, in_force, acts)


def all_accounts(testimony: Testimony) -> AccountSet:
    """Return every account: in the row with number n, the k-th claim is believed where bit k of n is set."""
    claims = testimony.disputed
    numbers = np.arange(2 ** len(claims))
    believed = np.empty((numbers.size, len(claims)), dtype=bool)
    for place in range(len(claims)):
        believed[:, place] = (numbers >> place) & 1 == 1
    return AccountSet(believed, _possible(testimony, believed))


def drawn_accounts(testimony: Testimony, samples: int, seed: int) -> AccountSet:
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
    return AccountSet(believed, _possible(testimony, believed))


def models_of(conflict: Conflict, testimony: Testimony, accounts: AccountSet) -> AccountModels:
    """Return the models that accounts make.

    Accounts in which the same elements stand make the same model. What stands depends on a claim and on what is tied to
    it, so that it is worked out once for each set of claims that a group of tied statements mentions.
    """
    supported = [support for at, support in deciding_elements(conflict) if at[0] != "views" and support.evidence]
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
    return AccountModels(wanted.size, number_of[of.reshape(-1)], in_force, tuple(column[rows] for column in acts))


def _possible(testimony: Testimony, believed: AccountBools) -> AccountBools:
    place = {id: column for column, id in enumerate(testimony.disputed)}
    possible = np.ones(believed.shape[0], dtype=bool)
    for pair in testimony.rivals:
        first, second = (
            believed[:, place[id]] if id in place else np.full(believed.shape[0], id in testimony.believed_always)
            for id in pair
        )
        possible &= ~(first & second)
    return possible


def _in_force(id: str, account: Account) -> bool:
    return account.in_force(id, account.testimony.number)


def _in_accounts(
    testimony: Testimony, ids: Sequence[str], accounts: AccountSet, asked: Callable[[Account], bool]
) -> AccountBools:
    """Return the answer to a question in every account; it depends on these statements and those tied to them."""
    place = {claim: column for column, claim in enumerate(testimony.disputed)}
    tied = [place[claim] for claim in testimony.tied(*ids) if claim in place]
    code = np.zeros(accounts.believed.shape[0], dtype=np.int64)
    for bit, column in enumerate(tied):
        code |= accounts.believed[:, column].astype(np.int64) << bit
    seen, back = np.unique(code, return_inverse=True)
    answers = [
        asked(testimony.account({testimony.disputed[column] for bit, column in enumerate(tied) if value >> bit & 1}))
        for value in map(int, seen)
    ]
    return np.array(answers, dtype=bool)[back.reshape(-1)]


#: Conflicts with more options, or more states that no account rules out, are analysed one after the other.
MAX_BATCH_OPTIONS, MAX_BATCH_STATES = 20, 2**16


#: So many states are laid side by side: more for each operation on arrays, and more for each state to be compared with.
BATCH_STATES = 2**12


#: Which states are feasible is asked of so many states and models at once.
FEASIBILITY_CHECKS_AT_ONCE = 2**22


#: Concepts of these families know of preferences only which state is better.
_FAMILIES = ("plain", "horizon")
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class EquilibriaByModel:
    """In which models which states are equilibria, ascending: by concept and pattern; and in which the status quo is.

    The status quo is the model's own: without those of its options that are untaken in it.
    """

    equilibria: Mapping[tuple[str, str], Ints]
    stuck: Mapping[str, Ints]


def equilibria_by_model(
    conflict: Conflict, models: AccountModels, concepts: Sequence[Concept], engine: str, progress: Progress
) -> EquilibriaByModel:
    """Return in which of the models that accounts make which states are equilibria."""
    together = _side_by_side(conflict, models, concepts, engine)
    if together is not None:
        return together.holding(concepts, progress)
    return _one_by_one(conflict, models, concepts, engine, progress)


def equilibria_in_model(
    told: Conflict, concepts: Sequence[Concept], engine: str
) -> tuple[dict[str, tuple[State, ...]], State | None]:
    """Return the equilibria of a conflict, by concept, and the state that its status quo is.

    There are none where the rules leave no state.
    """
    try:
        must_have_few(told, MAX_LISTED, "of which it can be said on whose word each equilibrium hangs", engine)
        analysis = analyze(told, [concept.id for concept in concepts], engine)
    except InputError:
        return {concept.id: () for concept in concepts}, None
    solver = analysis.solver
    here = solver.number_of(told.pattern(told.status_quo.taken)) if told.status_quo else None
    found = {concept.id: _listed(analysis, concept.id) for concept in concepts}
    return found, None if here is None else solver.state(here)


def _listed(analysis: Analysis, concept: str) -> tuple[State, ...]:
    try:
        return analysis.equilibria(concept)
    except TooLargeError as error:
        raise TooLargeError(f"{error}; so whose word they hang on cannot be listed") from error


def _one_by_one(
    conflict: Conflict, models: AccountModels, concepts: Sequence[Concept], engine: str, progress: Progress
) -> EquilibriaByModel:
    found: dict[tuple[str, str], list[int]] = {}
    stuck: dict[str, list[int]] = {concept.id: [] for concept in concepts}
    for model in range(models.count):
        progress(model / models.count, _doing(model, models.count))
        told = models.conflict_in(conflict, model)
        by_concept, quo = equilibria_in_model(told, concepts, engine)
        for id, states in by_concept.items():
            for state in states:
                found.setdefault((id, state.pattern), []).append(model)
            if quo in states:
                stuck[id].append(model)
    return EquilibriaByModel(
        {key: np.array(places, dtype=np.int64) for key, places in found.items()},
        {id: np.array(places, dtype=np.int64) for id, places in stuck.items()},
    )


def _doing(done: int, count: int) -> str:
    return f"{done:,} of {count:,} different accounts"


def _side_by_side(
    conflict: Conflict, models: AccountModels, concepts: Sequence[Concept], engine: str
) -> _SideBySide | None:
    """Return the models side by side; None where they cannot be decided so, or there are too many states for it."""
    if any(act.support.evidence for act in conflict.history):
        # The status quo then differs from account to account.
        return None
    conflict = apply_dates(conflict, conflict.history)
    plain = all(concept.family in _FAMILIES and concept.respond is not Respond.ANTICIPATED for concept in concepts)
    by_condition = all(isinstance(maker.preferences, Prioritising | Weights) for maker in conflict.decision_makers)
    alone = all(len(members) == 1 for members in conflict.players)
    if engine not in ("auto", "explicit") or not (plain and by_condition and alone) or conflict.merge:
        return None
    if len(conflict.options) > MAX_BATCH_OPTIONS:
        return None
    always = conflict.replaced(
        decision_makers=[replace(maker, preferences=NO_PREFERENCES) for maker in conflict.decision_makers],
        rules=[rule for rule in conflict.rules if not rule.support.evidence],
        one_way=[],
        states=[],
        status_quo=None,
    )
    try:
        space = StateSpace.of(always)
    except InputError:
        return None
    return _SideBySide(conflict, models, space) if space.count <= MAX_BATCH_STATES else None


@dataclass(frozen=True, eq=False)
class _SideBySide:
    """The models of a conflict over the states that no account rules out."""

    conflict: Conflict
    models: AccountModels
    space: StateSpace

    def holding(self, concepts: Sequence[Concept], progress: Progress) -> EquilibriaByModel:
        """Decide all models, some at a time."""
        found: dict[str, list[Ints]] = {concept.id: [] for concept in concepts}
        for model, row in self._groups():
            progress(int(model[0]) / self.models.count, _doing(int(model[0]), self.models.count))
            solver = self._solver(model, row)
            for concept in concepts:
                masks = [solver.mask(concept, player) for player in range(len(solver.players))]
                met = np.logical_and.reduce(masks)
                found[concept.id].append(row[met] * self.models.count + model[met])
        held: dict[tuple[str, str], Ints] = {}
        stuck = {}
        for concept in concepts:
            row, model = np.divmod(np.sort(np.concatenate([_NONE, *found.pop(concept.id)])), self.models.count)
            stuck[concept.id] = np.sort(model[row == self._status_quo[model]])
            starts = np.flatnonzero(np.diff(row, prepend=-1))
            for start, own in zip(starts.tolist(), np.split(model, starts[1:]), strict=False):
                held[concept.id, self.space.member_pattern(int(row[start]))] = own
        return EquilibriaByModel(held, stuck)

    def _groups(self) -> Iterator[tuple[Ints, Ints]]:
        """Yield the states of some whole models at a time: for each state its model, and its row in the space."""
        size = max(1, FEASIBILITY_CHECKS_AT_ONCE // self.space.count)
        for first in range(0, self.models.count, size):
            part = slice(first, min(first + size, self.models.count))
            model, row = np.nonzero(self._feasible(part))
            group = np.searchsorted(model, model) // BATCH_STATES
            cuts = np.flatnonzero(np.diff(group)) + 1
            for own, rows in zip(np.split(model, cuts), np.split(row, cuts), strict=True):
                if own.size:
                    yield own + first, rows

    def _feasible(self, part: slice) -> Bools:
        """Tell for some models of every state whether it is feasible."""
        feasible = np.ones((part.stop - part.start, self.space.count), dtype=bool)
        for stands, allowed in self._rules:
            feasible &= ~stands[part, None] | allowed
        for name, stands in self._untaken.items():
            feasible &= stands[part, None] | ~self.space.columns[name]
        return feasible

    def _stands(self, support: Support) -> Bools | None:
        """Tell of every model whether what rests on something stands in it; None for what rests on nothing."""
        if not support.evidence:
            return None
        return np.asarray(np.logical_or.reduce([self.models.standing[id] for id in support.evidence]))

    @cached_property
    def _rules(self) -> list[tuple[Bools, Bools]]:
        """For every rule that may fall in which models it stands, and which states it allows."""
        marked = [(self._stands(rule.support), rule) for rule in self.conflict.rules]
        return [(stands, self._allowed(rule)) for stands, rule in marked if stands is not None]

    def _allowed(self, rule: Rule) -> Bools:
        truths = [self.space.true_of_states(condition) for condition in rule.must_hold()]
        return np.asarray(np.logical_and.reduce(truths))

    @cached_property
    def _untaken(self) -> dict[str, Bools]:
        """For every option that may fall in which models it stands."""
        marked = {option.id: self._stands(option.support) for option in self.conflict.options}
        return {name: stands for name, stands in marked.items() if stands is not None}

    @cached_property
    def _status_quo(self) -> Ints:
        """For every model the row of its status quo; -1 where it has none, or what never falls excludes it."""
        quo = self.conflict.status_quo
        none = np.full(self.models.count, -1)
        if quo is None:
            return none
        code, states = np.zeros(self.models.count, dtype=np.int64), np.zeros(self.space.count, dtype=np.int64)
        for place, (name, column) in enumerate(self.space.columns.items()):
            states |= column.astype(np.int64) << place
            if name in quo.taken:
                code |= np.asarray(self._untaken.get(name, True), dtype=np.int64) << place
        row = np.minimum(np.searchsorted(states, code), states.size - 1)
        return np.where(states[row] == code, row, none)

    def _solver(self, model: Ints, row: Ints) -> DisjointUnionSolver:
        columns = {name: column[row] for name, column in self.space.columns.items()}
        one_way = {
            mark.option: self._where((columns[mark.option] == mark.to_taken), mark.support, model)
            for mark in self.conflict.one_way
        }
        part = model - model[0]
        space = DisjointUnion(self.space.conflict, columns, row.size, None, row.size, part, one_way)
        ranks = {maker.id: self._ranks(maker, model, row) for maker in self.conflict.decision_makers}
        return DisjointUnionSolver(space, ranks)

    def _where(self, truth: Bools, support: Support, model: Ints) -> Bools:
        """Tell of states, each of a model, where something that has a truth value there counts: where it stands."""
        stands = self._stands(support)
        return truth if stands is None else truth & stands[model]

    def _ranks(self, maker: DecisionMaker, model: Ints, row: Ints) -> Ints:
        """Return how good states are for a decision maker, each as its model has it; they compare within a model."""
        preferences = maker.preferences
        if isinstance(preferences, Weights):
            truths = [self._truths(one.condition, one.support, model, row) for one in preferences.weights]
            return dense_ranks(preferences, truths, row.size)
        assert isinstance(preferences, Prioritising)
        truths = [self._truths(one.condition, one.support, model, row) for one in preferences.statements]
        return dense_labels(truths, row.size)

    def _truths(self, condition: Condition, support: Support, model: Ints, row: Ints) -> Bools:
        return self._where(self._truth(condition)[row], support, model)

    def _truth(self, condition: Condition) -> Bools:
        if condition not in self._known:
            self._known[condition] = self.space.true_of_states(condition)
        return self._known[condition]

    @cached_property
    def _known(self) -> dict[Condition, Bools]:
        """Where conditions are true, as far as that was asked."""
        return {}


_NONE = np.zeros(0, dtype=np.int64)
