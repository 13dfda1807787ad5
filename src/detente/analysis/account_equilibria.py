"""In which of the conflicts that accounts make which states are equilibria.

The conflicts differ in which elements stand, and have everything else in common. Where preferences are given by
conditions and nothing is merged, an element that stands is a truth value for every state: a preference that
has fallen holds nowhere, a rule that has fallen allows every state, an untaken option forbids those with it. So the
states of very many of them are laid side by side (`detente.engine.explicit.side_by_side`) and decided together. Other
conflicts are analysed one after the other, as each is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from detente.analysis.equilibria import MOST_LISTED, Analysis, analyze
from detente.analysis.every_account import Models
from detente.conflict.conditions import Condition
from detente.conflict.model import ConflictModel, DecisionMaker, Rule
from detente.conflict.preferences import NO_PREFERENCES, Prioritising, Weights
from detente.conflict.states import State
from detente.conflict.support import Support
from detente.dossier.current import on_its_day
from detente.engine import must_have_few
from detente.engine.explicit.ranks import from_weights
from detente.engine.explicit.side_by_side import SideBySide, SideBySideSolver
from detente.engine.explicit.space import StateSpace, dense_labels
from detente.engine.interface import Progress
from detente.errors import InputError, TooLargeError
from detente.stability import Concept, Respond

#: Conflicts with more options, or more states that no account rules out, are analysed one after the other.
MOST_OPTIONS, MOST_STATES = 20, 2**16
#: So many states are laid side by side: more for each operation on arrays, and more for each state to be compared with.
TOGETHER = 2**12
#: Which states are feasible is asked of so many states and models at once.
AT_ONCE = 2**22

#: Concepts of these families know of preferences only which state is better.
_FAMILIES = ("plain", "horizon")

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Holding:
    """In which models which states are equilibria, ascending: by concept and pattern; and in which the status quo is.

    The status quo is the model's own: without those of its options that are untaken in it.
    """

    equilibria: Mapping[tuple[str, str], Ints]
    stuck: Mapping[str, Ints]


def holding(
    conflict: ConflictModel, models: Models, concepts: Sequence[Concept], engine: str, progress: Progress
) -> Holding:
    """Return in which of the models that accounts make which states are equilibria."""
    together = _together(conflict, models, concepts, engine)
    if together is not None:
        return together.holding(concepts, progress)
    return _one_by_one(conflict, models, concepts, engine, progress)


def equilibria(
    told: ConflictModel, concepts: Sequence[Concept], engine: str
) -> tuple[dict[str, tuple[State, ...]], State | None]:
    """Return the equilibria of a conflict, by concept, and the state that its status quo is.

    There are none where the rules leave no state.
    """
    try:
        must_have_few(told, MOST_LISTED, "of which it can be said on whose word each equilibrium hangs", engine)
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
    conflict: ConflictModel, models: Models, concepts: Sequence[Concept], engine: str, progress: Progress
) -> Holding:
    found: dict[tuple[str, str], list[int]] = {}
    stuck: dict[str, list[int]] = {concept.id: [] for concept in concepts}
    for model in range(models.count):
        progress(model / models.count, _doing(model, models.count))
        told = models.conflict_in(conflict, model)
        by_concept, quo = equilibria(told, concepts, engine)
        for id, states in by_concept.items():
            for state in states:
                found.setdefault((id, state.pattern), []).append(model)
            if quo in states:
                stuck[id].append(model)
    return Holding(
        {key: np.array(places, dtype=np.int64) for key, places in found.items()},
        {id: np.array(places, dtype=np.int64) for id, places in stuck.items()},
    )


def _doing(done: int, count: int) -> str:
    return f"{done:,} of {count:,} different accounts"


def _together(conflict: ConflictModel, models: Models, concepts: Sequence[Concept], engine: str) -> _SideBySide | None:
    """Return the models side by side; None where they cannot be decided so, or there are too many states for it."""
    if any(act.support.evidence for act in conflict.history):
        # The status quo then differs from account to account.
        return None
    conflict = on_its_day(conflict, conflict.history)
    plain = all(concept.family in _FAMILIES and concept.respond is not Respond.ANTICIPATED for concept in concepts)
    by_condition = all(isinstance(maker.preferences, Prioritising | Weights) for maker in conflict.decision_makers)
    alone = all(len(members) == 1 for members in conflict.players)
    if engine not in ("auto", "explicit") or not (plain and by_condition and alone) or conflict.merge:
        return None
    if len(conflict.options) > MOST_OPTIONS:
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
    return _SideBySide(conflict, models, space) if space.count <= MOST_STATES else None


@dataclass(frozen=True, eq=False)
class _SideBySide:
    """The models of a conflict over the states that no account rules out."""

    conflict: ConflictModel
    models: Models
    space: StateSpace

    def holding(self, concepts: Sequence[Concept], progress: Progress) -> Holding:
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
        return Holding(held, stuck)

    def _groups(self) -> Iterator[tuple[Ints, Ints]]:
        """Yield the states of some whole models at a time: for each state its model, and its row in the space."""
        size = max(1, AT_ONCE // self.space.count)
        for first in range(0, self.models.count, size):
            part = slice(first, min(first + size, self.models.count))
            model, row = np.nonzero(self._feasible(part))
            group = np.searchsorted(model, model) // TOGETHER
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

    def _solver(self, model: Ints, row: Ints) -> SideBySideSolver:
        columns = {name: column[row] for name, column in self.space.columns.items()}
        one_way = {
            mark.option: self._where((columns[mark.option] == mark.to_taken), mark.support, model)
            for mark in self.conflict.one_way
        }
        part = model - model[0]
        space = SideBySide(self.space.conflict, columns, row.size, None, row.size, part, one_way)
        ranks = {maker.id: self._ranks(maker, model, row) for maker in self.conflict.decision_makers}
        return SideBySideSolver(space, ranks)

    def _where(self, truth: Bools, support: Support, model: Ints) -> Bools:
        """Tell of states, each of a model, where something that has a truth value there counts: where it stands."""
        stands = self._stands(support)
        return truth if stands is None else truth & stands[model]

    def _ranks(self, maker: DecisionMaker, model: Ints, row: Ints) -> Ints:
        """Return how good states are for a decision maker, each as its model has it; they compare within a model."""
        preferences = maker.preferences
        if isinstance(preferences, Weights):
            truths = [self._truths(one.condition, one.support, model, row) for one in preferences.weights]
            return from_weights(preferences, truths, row.size)
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
