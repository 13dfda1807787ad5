"""The program whose solutions are the smallest changes of preferences that make a state an equilibrium.

Theory of operation. The sentence of `detente.concepts.concept` is written down for one state s and every player:

    for every s1 in moves(s):  s1 is not better than s, or s1 is deterred

Under Nash nothing is deterred. Under GMR and SMR s1 is deterred by one of the ends of the others' legal sequences,
which do not depend on preferences. Under SEQ and SSEQ which sequences there are is itself open, and what follows from
that is written down only where it is needed. The program begins with GMR, or SMR, which SEQ and SSEQ imply. Where a
solution leaves an improvement s1 that is not deterred, let C be where improvements of the others lead from s1: whatever
does deter, there

    s1 is not better than s, or some state of C is a sanction, or somebody has an improvement that leads out of C

and that is added for all solutions to come. Each addition rules out the solution that it comes from and none that is
right, so that the first solution that passes is the smallest.

The literals only ever imply what they stand for, and the program asks for nothing but what implies stability. First
the cost is made as small as it can be, then the importance (see `detente.analysis.inverse`), and then the solutions
that reach both are gone through, each ruled out in turn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING, Any

from detente.analysis.inverse.editable import (
    Editable,
    EditableRanking,
    EditableStatements,
    EditedPreferences,
    Literal,
    Locked,
    Program,
    Value,
    constraint_solver,
)
from detente.concepts import Concept, Respond
from detente.engine import INSTEAD, ListingSolver
from detente.errors import TooLargeError
from detente.model.conditions import Condition
from detente.model.parts import DecisionMaker
from detente.model.preferences import Prioritising

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

#: A ranking of more states than this is not altered: the program has six clauses for every three of them.
MAX_EDITABLE_RANKED = 48
#: With more moves than this the program is not written down.
MAX_INVERSE_MOVES = 100_000

#: A state, from 0, and who has moved last; nobody in particular where that makes no difference.
Node = tuple[int, int]
NOBODY = -1

#: Whether a player prefers the state named first to the second.
Better = Callable[[int, int, int], bool]


@dataclass(frozen=True)
class Solution:
    """What a solution does to everybody's preferences."""

    alterations: tuple[EditedPreferences, ...]


@dataclass(frozen=True)
class Optimum:
    """The smallest cost and importance, and the solutions that reach both; ``complete`` when they are all."""

    cost: Fraction
    importance: int
    solutions: tuple[Solution, ...]
    complete: bool


class InverseProgram:
    """The program for one state and one concept.

    ``costs`` has for everybody who can be influenced what an edit costs.
    """

    def __init__(self, compiled: ListingSolver, state: int, concept: Concept, costs: Mapping[str, Fraction]) -> None:
        self._compiled, self._state, self._concept, self._costs = compiled, state - 1, concept, costs
        self._program = Program()
        conflict = compiled.conflict
        self._moves = _moves(compiled)
        self._makers = {maker.id: self._alterable(place, maker) for place, maker in enumerate(conflict.decision_makers)}
        # Two moves in a row of one decision maker are one, unless states are merged.
        self._remembers = bool(conflict.merge) or any(len(members) > 1 for members in conflict.players)
        for player in range(len(conflict.players)):
            self._make_stable(player)

    def _alterable(self, place: int, maker: DecisionMaker) -> Editable:
        places = self._compiled.ranks(place)
        if maker.id not in self._costs:
            return Locked(maker, places)
        if isinstance(maker.preferences, Prioritising):
            return EditableStatements(self._program, self._compiled.conflict, maker, self._truth)
        if len(places) > MAX_EDITABLE_RANKED:
            raise TooLargeError(
                f"a ranking of {len(places):,} states is more than the {MAX_EDITABLE_RANKED} that can be altered: "
                f"give '{maker.id}' a list of preferences, or leave them as they are (--fixed)"
            )
        return EditableRanking(self._program, maker, places)

    def _truth(self, condition: Condition) -> Sequence[bool]:
        truth: list[bool] = self._compiled.space.true_of_states(condition).tolist()
        return truth

    # Comparisons by a player: better for every member, or not better for one.

    def _better(self, player: int, end: int, start: int) -> Literal:
        return self._program.all_of([one.better(end, start) for one in self._members(player)])

    def _not_better(self, player: int, end: int, start: int) -> Literal:
        return self._program.either([one.not_better(end, start) for one in self._members(player)])

    def _members(self, player: int) -> list[Editable]:
        return [self._makers[id] for id in self._compiled.conflict.players[player]]

    # Stability

    def _make_stable(self, player: int) -> None:
        respond = self._concept.respond
        others = self._others(player)
        for improvement in self._moves[player].get(self._state, ()):
            tame = self._not_better(player, improvement, self._state)
            if tame is True:
                continue
            ends = [] if respond is Respond.NOBODY else sorted({state for state, _ in self._nodes(others, improvement)})
            self._program.require(tame, *(self._sanction(player, end) for end in ends))

    def _others(self, player: int) -> list[int]:
        return [other for other in range(len(self._moves)) if other != player]

    def _sanction(self, player: int, state: int) -> Literal:
        """Return what implies that a state is no better for the player, and that it cannot escape from there."""
        return self._program.all_of(
            [self._not_better(player, end, self._state) for end in self._escapes(player, state)]
        )

    def _escapes(self, player: int, state: int) -> list[int]:
        return [state, *(self._moves[player].get(state, ()) if self._concept.counter_move else ())]

    def _steps(self, others: Sequence[int], node: Node) -> Iterator[tuple[int, Node]]:
        for mover in others:
            if not self._remembers or mover != node[1]:
                for end in self._moves[mover].get(node[0], ()):
                    yield mover, (end, mover if self._remembers else NOBODY)

    def _nodes(self, others: Sequence[int], start: int, better: Better | None = None) -> list[Node]:
        """Return where the others can lead from a state, itself included: by improvements only, where told which."""
        found: dict[Node, None] = {(start, NOBODY): None}
        frontier = list(found)
        while frontier:
            node = frontier.pop()
            for mover, end in self._steps(others, node):
                if end not in found and (better is None or better(mover, end[0], node[0])):
                    found[end] = None
                    frontier.append(end)
        return list(found)

    def _amended(self, value: Value) -> bool:
        """Add what a solution has overlooked; tell whether it has overlooked anything."""
        if self._concept.respond is not Respond.IMPROVEMENTS:
            return False
        better, overlooked = self._judged(value), False
        for player in range(len(self._moves)):
            others = self._others(player)
            for improvement in self._moves[player].get(self._state, ()):
                if not better(player, improvement, self._state):
                    continue
                nodes = self._nodes(others, improvement, better)
                if not any(self._sanctions(player, state, better) for state, _ in nodes):
                    self._bring_down(player, improvement, nodes)
                    overlooked = True
        return overlooked

    def _judged(self, value: Value) -> Better:
        """Return what the players prefer by a solution."""
        space = self._compiled.space
        rank_of = {id: space.ranks(maker.read(value).preferences).tolist() for id, maker in self._makers.items()}
        by_player = [[rank_of[id] for id in members] for members in self._compiled.conflict.players]
        return lambda player, end, start: all(rank[end] > rank[start] for rank in by_player[player])

    def _sanctions(self, player: int, state: int, better: Better) -> bool:
        return not any(better(player, end, self._state) for end in self._escapes(player, state))

    def _bring_down(self, player: int, improvement: int, nodes: Sequence[Node]) -> None:
        among = set(nodes)
        ways = [self._not_better(player, improvement, self._state)]
        ways += [self._sanction(player, state) for state in sorted({state for state, _ in nodes})]
        for node in nodes:
            for mover, end in self._steps(self._others(player), node):
                if end not in among:
                    ways.append(self._better(mover, end[0], node[0]))
        self._program.require(*ways)

    # Solving

    def optimum(self, most: int) -> Optimum | None:
        """Return the smallest changes, at most so many; None when there is none at all."""
        scale = lcm(*(cost.denominator for cost in self._costs.values()))
        cost = sum(int(self._costs[id] * scale) * self._makers[id].edits() for id in self._costs)
        importance = sum(self._makers[id].importance() for id in self._costs)
        least = self._least(cost)
        if least is None:
            return None
        self._program.model.add(cost == least)
        lightest = self._least(importance)
        assert lightest is not None
        self._program.model.add(importance == lightest)
        self._program.model.minimize(0)
        found: dict[tuple[EditedPreferences, ...], None] = {}
        while len(found) <= most:
            value = self._solved()
            if value is None:
                break
            found[tuple(maker.read(value) for maker in self._makers.values())] = None
            self._program.require(*(one for maker in self._makers.values() for one in maker.otherwise(value)))
        solutions = tuple(Solution(alterations) for alterations in found)
        return Optimum(Fraction(least, scale), lightest, solutions[:most], len(found) <= most)

    def feasible(self) -> bool:
        """Tell whether some change does."""
        return self._solved() is not None

    def _least(self, expression: Any) -> int | None:
        """Return the smallest value of an expression over the solutions."""
        self._program.model.minimize(expression)
        value = self._solved()
        if value is None:
            return None
        return expression if isinstance(expression, int) else int(value.solver.value(expression))

    def _solved(self) -> Solved | None:
        """Return the best solution for what is minimised; None when there is none."""
        while True:
            solver = _solver()
            if not self._has_solution(solver.solve(self._program.model)):
                return None
            value = Solved(solver)
            if not self._amended(value):
                return value

    def _has_solution(self, status: Any) -> bool:
        module = constraint_solver()
        if status == module.UNKNOWN or (status == module.FEASIBLE and self._program.model.has_objective()):
            # No limit is set, so that only Ctrl-C ends the search without a proof; the solver keeps it to itself.
            raise KeyboardInterrupt
        assert status in (module.OPTIMAL, module.FEASIBLE, module.INFEASIBLE), status
        return bool(status != module.INFEASIBLE)


@dataclass(frozen=True)
class Solved:
    """What the solver has found."""

    solver: cp_model.CpSolver

    def __call__(self, literal: Literal) -> bool:
        """Return the value of a literal."""
        return literal if isinstance(literal, bool) else bool(self.solver.boolean_value(literal))


def _solver() -> Any:
    solver = constraint_solver().CpSolver()
    # One worker with a seed finds the same solutions in the same order every time.
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 0
    return solver


def _moves(compiled: ListingSolver) -> list[dict[int, list[int]]]:
    """Return for every player, and every state from 0, where it can move to."""
    moves: list[dict[int, list[int]]] = [{} for _ in compiled.conflict.players]
    for count, arc in enumerate(compiled.arcs(), start=1):
        moves[arc.player].setdefault(arc.start - 1, []).append(arc.end - 1)
        if count > MAX_INVERSE_MOVES:
            raise TooLargeError(f"more than {MAX_INVERSE_MOVES:,} moves are too many to look for changes in: {INSTEAD}")
    return moves
