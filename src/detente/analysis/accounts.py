"""The accounts of a dispute, the distinct models that they imply, and the equilibria of each model.

An account believes some of the disputed statements. Accounts with the same elements in force imply the same model, so a
dispute with a million accounts often has few models.

Theory of operation. The models differ only in which elements are in force. If preferences are given by conditions and
no states are merged, this is a truth value for each state: a dropped preference is false everywhere, a dropped rule
allows every state, and an untaken option forbids the states with it. So the states of very many models form one
disjoint union (`detente.engine.batch`) and are decided together. Other models are analysed one by one.

Cost: 2 to the number of disputed statements for the accounts, and one analysis for each distinct model.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, partial

import numpy as np

from detente.analysis.equilibria import analyze
from detente.concepts import Concept, Respond
from detente.engine import must_have_few
from detente.engine.batch import CubeBatch, DisjointUnion, DisjointUnionSolver
from detente.engine.space import Bools, Ints, Ranks, StateSpace, dense_labels, dense_ranks
from detente.errors import InputError, TooLargeError
from detente.lazy import dataclass
from detente.limits import MAX_LISTED
from detente.model.conditions import Condition
from detente.model.conflict import Conflict
from detente.model.day import act_counts, apply_dates, deciding_elements, model_given
from detente.model.evidence import Account, Support, Testimony
from detente.model.parts import DecisionMaker
from detente.model.preferences import NO_PREFERENCES, Prioritising, Weights
from detente.model.questions import Progress
from detente.model.states import State

#: Maximum options, and states that some account allows, of a conflict whose models are decided together.
MAX_BATCH_OPTIONS, MAX_BATCH_STATES = 20, 2**16
#: Number of states decided together: more states use each array operation better, but add comparisons for each state.
BATCH_STATES = 2**12
#: The same for SIM on a cube, which has a column for each model and needs many.
CUBE_STATES = 2**17
#: Number of pairs of state and model whose feasibility is computed at once.
FEASIBILITY_CHECKS_AT_ONCE = 2**22
#: Families of concepts that depend only on which of two states is better.
BATCH_FAMILIES = ("plain", "horizon")


@dataclass(frozen=True, eq=False)
class AccountSet:
    """Accounts, one row each: the disputed statements that an account believes, and whether it is possible."""

    believed: Bools
    possible: Bools

    @classmethod
    def all(cls, testimony: Testimony) -> AccountSet:
        """Return every account: in row n, the k-th claim is believed if bit k of n is set."""
        claims = len(testimony.disputed)
        believed = np.zeros((claims, 2**claims), dtype=bool)
        for place, column in enumerate(believed):
            column.reshape(-1, 2, 2**place)[:, 1] = True
        return cls.of(testimony, believed.T)

    @classmethod
    def drawn(cls, testimony: Testimony, samples: int, seed: int) -> AccountSet:
        """Draw accounts at random: each claim with chance one half, and one of two rival claims is dropped at
        random.
        """
        chance = np.random.default_rng(seed)
        place = {id: column for column, id in enumerate(testimony.disputed)}
        believed = chance.random((samples, len(place))) < 0.5
        for first, second in testimony.rivals:
            lots = chance.random(samples) < 0.5
            for id, other, drops in ((first, second, lots), (second, first, ~lots)):
                if id in place and other in place:
                    believed[:, place[id]] &= ~(believed[:, place[other]] & drops)
                elif id in place and other in testimony.believed_always:
                    believed[:, place[id]] = False
        return cls.of(testimony, believed)

    @classmethod
    def of(cls, testimony: Testimony, believed: Bools) -> AccountSet:
        """Return accounts with these beliefs; an account that believes two rival claims is not possible."""
        place = {id: column for column, id in enumerate(testimony.disputed)}
        possible = np.ones(believed.shape[0], dtype=bool)
        for pair in testimony.rivals:
            first, second = (
                believed[:, place[id]] if id in place else np.full(possible.size, id in testimony.believed_always)
                for id in pair
            )
            possible &= ~(first & second)
        return cls(believed, possible)


@dataclass(frozen=True, eq=False)
class AccountModels:
    """The distinct models of a set of accounts.

    ``of`` gives the model of each account; ``standing`` gives for each statement that is evidence the models in which
    it is in force, and ``acts`` for each act of the history the models in which it counts.
    """

    count: int
    of: Ints
    standing: Mapping[str, Bools]
    acts: tuple[Bools, ...] = ()

    def conflict_in(self, conflict: Conflict, model: int) -> Conflict:
        """Return the conflict of one model."""
        in_force = frozenset(id for id, stands in self.standing.items() if stands[model])
        acts = [act for act, counts in zip(conflict.history, self.acts, strict=True) if counts[model]]
        return model_given(conflict, in_force, acts)


def models_of(conflict: Conflict, testimony: Testimony, accounts: AccountSet) -> AccountModels:
    """Return the distinct models of a set of accounts.

    Whether a statement is in force depends only on the claims tied to it. So it is computed once for each combination
    of beliefs about such a group, not for each account.
    """
    supported = [support for at, support in deciding_elements(conflict) if at[0] != "views" and support.evidence]
    evidence = sorted({id for support in supported for id in support.evidence})
    standing = {id: _in_accounts(testimony, [id], accounts, partial(_in_force, id)) for id in evidence}
    acts = [
        _in_accounts(testimony, act.support.evidence, accounts, partial(act_counts, act)) for act in conflict.history
    ]
    parts = [np.logical_or.reduce([standing[id] for id in support.evidence]) for support in supported]
    of = dense_labels([*parts, *acts, ~accounts.possible], accounts.possible.size)
    first = _first_of_each(of)
    # An impossible account does not get a model of its own.
    wanted = np.flatnonzero(accounts.possible[first])
    number_of = np.zeros(first.size, dtype=np.int64)
    number_of[wanted] = np.arange(wanted.size)
    rows = first[wanted]
    in_force = {id: column[rows] for id, column in standing.items()}
    return AccountModels(wanted.size, number_of[of], in_force, tuple(column[rows] for column in acts))


def _first_of_each(labels: Ints) -> Ints:
    """Return for each label, of some numbered from 0, the first place that has it."""
    first = np.empty(int(labels.max()) + 1, dtype=np.int64)
    first[labels[::-1]] = np.arange(labels.size)[::-1]
    return first


def _in_force(id: str, account: Account) -> bool:
    return account.in_force(id, account.testimony.number)


def _in_accounts(
    testimony: Testimony, ids: Sequence[str], accounts: AccountSet, asked: Callable[[Account], bool]
) -> Bools:
    """Return the answer to a question for every account; it depends on these statements and those tied to them."""
    place = {claim: column for column, claim in enumerate(testimony.disputed)}
    tied = [claim for claim in testimony.tied(*ids) if claim in place]
    columns = [accounts.believed[:, place[claim]] for claim in tied]
    if len(tied) == 1:
        # Most statements are tied to no other: then the accounts need not be told apart by combinations of beliefs.
        (column,) = columns
        if_believed = bool(column.any()) and asked(testimony.account({*tied}))
        if_not = not column.all() and asked(testimony.account(set()))
        return np.full(column.size, if_not) if if_believed == if_not else column if if_believed else ~column
    kind = dense_labels(columns, accounts.possible.size)
    answers = [
        asked(testimony.account({claim for claim, column in zip(tied, columns, strict=True) if column[row]}))
        for row in _first_of_each(kind).tolist()
    ]
    return np.array(answers, dtype=bool)[kind]


@dataclass(frozen=True, eq=False)
class EquilibriaByModel:
    """The models in which each state is an equilibrium, by concept and pattern, and those in which the status quo is
    one.

    The status quo is that of the model: without the options that are untaken in it.
    """

    equilibria: Mapping[tuple[str, str], Ints]
    stuck: Mapping[str, Ints]


def equilibria_by_model(
    conflict: Conflict, models: AccountModels, concepts: Sequence[Concept], engine: str, progress: Progress
) -> EquilibriaByModel:
    """Return for each state the models in which it is an equilibrium."""
    space = _batch_space(conflict, concepts, engine)
    if space is not None:
        return ModelBatch(apply_dates(conflict, conflict.history), models, space).decided(concepts, progress)
    found: dict[tuple[str, str], list[int]] = {}
    stuck: dict[str, list[int]] = {concept.id: [] for concept in concepts}
    for model in range(models.count):
        progress(model / models.count, f"{model:,} of {models.count:,} different accounts")
        by_concept, quo = equilibria_in_model(models.conflict_in(conflict, model), concepts, engine)
        for id, states in by_concept.items():
            for state in states:
                found.setdefault((id, state.pattern), []).append(model)
            if quo in states:
                stuck[id].append(model)
    return EquilibriaByModel(
        {key: np.array(places, dtype=np.int64) for key, places in found.items()},
        {id: np.array(places, dtype=np.int64) for id, places in stuck.items()},
    )


def equilibria_in_model(
    model: Conflict, concepts: Sequence[Concept], engine: str
) -> tuple[dict[str, tuple[State, ...]], State | None]:
    """Return the equilibria of a model, by concept, and the pattern of its status quo.

    A model whose rules leave no feasible state has no equilibria.
    """
    try:
        must_have_few(model, MAX_LISTED, "for which each equilibrium can be listed", engine)
        analysis = analyze(model, [concept.id for concept in concepts], engine)
    except InputError:
        return {concept.id: () for concept in concepts}, None
    solver, quo = analysis.solver, model.status_quo
    try:
        found = {concept.id: analysis.equilibria(concept.id) for concept in concepts}
    except TooLargeError as error:
        raise TooLargeError(f"{error}; so the claims that they depend on cannot be listed") from error
    return found, None if quo is None else solver.state(solver.number_of(model.pattern(quo.taken)))


def _batch_space(conflict: Conflict, concepts: Sequence[Concept], engine: str) -> StateSpace | None:
    """Return the states that some account allows; None if the models cannot be decided together or are too large."""
    if (
        engine not in ("auto", "explicit")
        # With acts the status quo differs between accounts.
        or any(act.support.evidence for act in conflict.history)
        or any(one.family not in BATCH_FAMILIES or one.respond is Respond.ANTICIPATED for one in concepts)
    ):
        return None
    conflict = apply_dates(conflict, conflict.history)
    if (
        not all(isinstance(maker.preferences, Prioritising | Weights) for maker in conflict.decision_makers)
        or any(len(members) > 1 for members in conflict.players)
        or conflict.merge
        or len(conflict.options) > MAX_BATCH_OPTIONS
    ):
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
    return space if space.count <= MAX_BATCH_STATES else None


@dataclass(frozen=True, eq=False)
class ModelBatch:
    """The models of a conflict, over the states that some account allows."""

    conflict: Conflict
    models: AccountModels
    space: StateSpace

    def decided(self, concepts: Sequence[Concept], progress: Progress) -> EquilibriaByModel:
        """Decide all models, several at a time."""
        count = self.models.count
        none = np.zeros(0, dtype=np.int64)
        found: dict[str, list[Ints]] = {concept.id: [none] for concept in concepts}
        on_cube = [one for one in concepts if one.respond is Respond.COMBINATIONS and self.cube]
        for model, row in self.groups(BATCH_STATES):
            progress(int(model[0]) / count, f"{int(model[0]):,} of {count:,} different accounts")
            solver = DisjointUnionSolver(*self.union(model, row))
            for concept in concepts:
                if concept not in on_cube:
                    met = np.logical_and.reduce([solver.mask(concept, player) for player in range(len(solver.players))])
                    found[concept.id].append(row[met] * count + model[met])
        for concept in on_cube:
            for model, row in self.groups(CUBE_STATES):
                progress(int(model[0]) / count, f"{concept.title} in {int(model[0]):,} of {count:,} different accounts")
                met = self.simultaneous(model, row)
                found[concept.id].append(row[met] * count + model[met])
        status_quo = self.status_quo
        equilibria: dict[tuple[str, str], Ints] = {}
        stuck = {}
        for concept in concepts:
            row, model = np.divmod(np.sort(np.concatenate(found.pop(concept.id))), count)
            stuck[concept.id] = np.sort(model[row == status_quo[model]])
            starts = np.flatnonzero(np.diff(row, prepend=-1))
            for start, own in zip(starts.tolist(), np.split(model, starts[1:]), strict=False):
                equilibria[concept.id, self.space.member_pattern(int(row[start]))] = own
        return EquilibriaByModel(equilibria, stuck)

    @cached_property
    def cube(self) -> CubeBatch | None:
        """The cube on which SIM is decided; None if there is only one player, or the cube is too large."""
        own = [[option.id for option in maker.options] for maker in self.conflict.decision_makers]
        if len(own) == 1 or not CubeBatch.serves(self.space, self.space.count):
            return None
        return CubeBatch(self.space, own)

    def simultaneous(self, model: Ints, row: Ints) -> Bools:
        """Tell which states of some models are stable for all players under SIM."""
        assert self.cube is not None
        union, ranks = self.union(model, row)
        at = self.cube.cell_of[row], union.part
        shape = self.cube.cells, int(union.part[-1]) + 1
        # The largest number of the type is left for the excluded cells.
        kind = np.min_scalar_type(max(int(rank.max()) for rank in ranks.values()) + 1)
        cells: list[Ranks] = []
        locked: dict[int, Ints] = {}
        for place, maker in enumerate(self.conflict.decision_makers):
            cells.append(np.full(shape, np.iinfo(kind).max, dtype=kind))
            cells[-1][at] = ranks[maker.id]
            for bit, option in enumerate(maker.options):
                if option.id in union.one_way:
                    locked.setdefault(place, np.zeros(shape, dtype=np.int64))[at] |= (
                        union.one_way[option.id].astype(np.int64) << bit
                    )
        stable: Bools = self.cube.equilibria(cells, locked, gaps=True)[at]
        return stable

    def groups(self, size: int) -> Iterator[tuple[Ints, Ints]]:
        """Yield whole models with about so many states: for each state its model, and its row in the space."""
        marked = [(self.in_force(rule.support), rule) for rule in self.conflict.rules]
        allowed = [
            (stands, np.logical_and.reduce([self.space.true_of_states(one) for one in rule.must_hold()]))
            for stands, rule in marked
            if stands is not None
        ]
        models = max(1, FEASIBILITY_CHECKS_AT_ONCE // self.space.count)
        for first in range(0, self.models.count, models):
            part = slice(first, min(first + models, self.models.count))
            feasible = np.ones((part.stop - part.start, self.space.count), dtype=bool)
            for stands, states in allowed:
                feasible &= ~stands[part, None] | states
            for name, stands in self.untaken.items():
                feasible &= stands[part, None] | ~self.space.columns[name]
            model, row = np.nonzero(feasible)
            group = np.searchsorted(model, model) // size
            cuts = np.flatnonzero(np.diff(group)) + 1
            for own, rows in zip(np.split(model, cuts), np.split(row, cuts), strict=True):
                if own.size:
                    yield own + first, rows

    def in_force(self, support: Support) -> Bools | None:
        """Return for each model whether an element is in it; None for an element without evidence."""
        if not support.evidence:
            return None
        return np.asarray(np.logical_or.reduce([self.models.standing[id] for id in support.evidence]))

    @cached_property
    def untaken(self) -> dict[str, Bools]:
        """For each option with evidence the models in which it is untaken."""
        marked = {option.id: self.in_force(option.support) for option in self.conflict.options}
        return {name: stands for name, stands in marked.items() if stands is not None}

    @cached_property
    def status_quo(self) -> Ints:
        """For each model the row of its status quo; -1 if it has none or an unconditional rule excludes it."""
        quo = self.conflict.status_quo
        none = np.full(self.models.count, -1)
        if quo is None:
            return none
        code, states = np.zeros(self.models.count, dtype=np.int64), np.zeros(self.space.count, dtype=np.int64)
        for place, (name, column) in enumerate(self.space.columns.items()):
            states |= column.astype(np.int64) << place
            if name in quo.taken:
                code |= np.asarray(self.untaken.get(name, True), dtype=np.int64) << place
        row = np.minimum(np.searchsorted(states, code), states.size - 1)
        return np.where(states[row] == code, row, none)

    def union(self, model: Ints, row: Ints) -> tuple[DisjointUnion, dict[str, Ints]]:
        """Return some states, each given by its model and its row in the space, and each decision maker's ranks."""

        def where_in_force(truth: Bools, support: Support) -> Bools:
            stands = self.in_force(support)
            return truth if stands is None else truth & stands[model]

        def truths(maker: DecisionMaker) -> list[Bools]:
            preferences = maker.preferences
            assert isinstance(preferences, Prioritising | Weights)
            parts = preferences.weights if isinstance(preferences, Weights) else preferences.statements
            return [where_in_force(self.truth(one.condition)[row], one.support) for one in parts]

        columns = {name: column[row] for name, column in self.space.columns.items()}
        one_way = {
            mark.option: where_in_force((columns[mark.option] == mark.to_taken), mark.support)
            for mark in self.conflict.one_way
        }
        # Ranks are compared within a model only.
        ranks = {
            maker.id: dense_ranks(maker.preferences, truths(maker), row.size)
            if isinstance(maker.preferences, Weights)
            else dense_labels(truths(maker), row.size)
            for maker in self.conflict.decision_makers
        }
        space = DisjointUnion(self.space.conflict, columns, row.size, None, row.size, model - model[0], one_way)
        return space, ranks

    def truth(self, condition: Condition) -> Bools:
        """Return for each row of the space whether a condition is true there."""
        if condition not in self._truths:
            self._truths[condition] = self.space.true_of_states(condition)
        return self._truths[condition]

    @cached_property
    def _truths(self) -> dict[Condition, Bools]:
        return {}
