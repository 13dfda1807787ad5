"""The constraint program whose solutions are the smallest changes of preferences that make a state an equilibrium.

Theory of operation. The definition of `detente.concepts.concept` is stated for one state s and every player:

    for every s1 in moves(s):  s1 is not better than s, or s1 is deterred

Under Nash nothing is deterred. Under GMR and SMR s1 is deterred by one of the ends of the others' legal sequences,
which do not depend on preferences. Under SEQ and SSEQ the legal sequences themselves depend on preferences, so
constraints are added lazily. The program begins with GMR, or SMR, which SEQ and SSEQ imply. If a solution leaves an
improvement s1 without a sanction, let C be the states that improvements of the others reach from s1 in that solution.
Whatever the preferences,

    s1 is not better than s, or some state of C is a sanction, or some other player has an improvement that leads out of
    C

is necessary for stability, and is added as a constraint for all later solutions. Each addition excludes the solution
that caused it and no correct one, so the first solution that passes is the smallest.

Literals only imply what they stand for, and the program requires only what implies stability. The solver first
minimises the cost, then the importance (see `detente.analysis.inverse`); then the solutions that reach both are
enumerated, each excluded in turn.

Cost: exponential in the worst case, as for any constraint program; the number of constraints is bounded by
`MAX_INVERSE_MOVES`.
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
from detente.limits import MAX_EDITABLE_RANKED, MAX_INVERSE_MOVES
from detente.model.parts import DecisionMaker
from detente.model.preferences import Prioritising

if TYPE_CHECKING:
    from ortools.sat.python import cp_model


#: A state, from 0, and its last mover; `NO_MOVER` if the last mover makes no difference.
Node = tuple[int, int]
NO_MOVER = -1

#: Whether a player prefers the first state to the second.
Better = Callable[[int, int, int], bool]


@dataclass(frozen=True)
class Optimum:
    """The lowest cost and importance, and the preferences in the solutions that reach both.

    ``complete`` tells whether these are all the solutions.
    """

    cost: Fraction
    importance: int
    solutions: tuple[tuple[EditedPreferences, ...], ...]
    complete: bool


@dataclass(frozen=True)
class Solved:
    """A solution of the solver."""

    solver: cp_model.CpSolver

    def __call__(self, literal: Literal) -> bool:
        """Return the value of a literal."""
        return literal if isinstance(literal, bool) else bool(self.solver.boolean_value(literal))


class InverseProgram:
    """The program for one state and one concept.

    ``costs`` gives the cost of an edit for each decision maker who can be influenced.
    """

    def __init__(self, compiled: ListingSolver, state: int, concept: Concept, costs: Mapping[str, Fraction]) -> None:
        self.compiled, self.state, self.concept, self.costs = compiled, state - 1, concept, costs
        self.space = compiled.space
        self.program = Program()
        conflict = compiled.conflict
        #: For each player and each state, from 0, the states that it can move to.
        self.moves: list[dict[int, list[int]]] = [{} for _ in conflict.players]
        for count, arc in enumerate(compiled.arcs(), start=1):
            self.moves[arc.player].setdefault(arc.start - 1, []).append(arc.end - 1)
            if count > MAX_INVERSE_MOVES:
                raise TooLargeError(
                    f"the conflict has more than {MAX_INVERSE_MOVES:,} moves, the limit for this search. {INSTEAD}"
                )
        self.makers = {maker.id: self.editable(place, maker) for place, maker in enumerate(conflict.decision_makers)}
        # Two moves in a row of one decision maker equal one, unless states are merged.
        self.remembers = bool(conflict.merge) or any(len(members) > 1 for members in conflict.players)
        for player in range(len(conflict.players)):
            self.make_stable(player)

    def editable(self, place: int, maker: DecisionMaker) -> Editable:
        """Return a decision maker's preferences, as variables or as constants."""
        places = self.compiled.ranks(place)
        if maker.id not in self.costs:
            return Locked(maker, places)
        if isinstance(maker.preferences, Prioritising):
            return EditableStatements(
                self.program, self.compiled.conflict, maker, lambda one: self.space.true_of_states(one).tolist()
            )
        if len(places) > MAX_EDITABLE_RANKED:
            raise TooLargeError(
                f"the ranking of '{maker.id}' has {len(places):,} states; changes can be sought for at most "
                f"{MAX_EDITABLE_RANKED}. Give '{maker.id}' a list of preferences, or use --fixed {maker.id}"
            )
        return EditableRanking(self.program, maker, places)

    # The definition of stability

    def members(self, player: int) -> list[Editable]:
        """Return the preferences of a player's members; it prefers what every member prefers."""
        return [self.makers[id] for id in self.compiled.conflict.players[player]]

    def not_better(self, player: int, end: int, start: int) -> Literal:
        """Return a literal that implies that a player does not strictly prefer one state to another."""
        return self.program.either([one.not_better(end, start) for one in self.members(player)])

    def make_stable(self, player: int) -> None:
        """Require that every move from the state is not an improvement or has a sanction."""
        others = self.others(player)
        for improvement in self.moves[player].get(self.state, ()):
            tame = self.not_better(player, improvement, self.state)
            if tame is True:
                continue
            nodes = [] if self.concept.respond is Respond.NOBODY else self.nodes(others, improvement)
            self.program.require(tame, *(self.sanction(player, end) for end in sorted({state for state, _ in nodes})))

    def others(self, player: int) -> list[int]:
        """Return the indices of the other players."""
        return [other for other in range(len(self.moves)) if other != player]

    def sanction(self, player: int, state: int) -> Literal:
        """Return a literal that implies that a state is no better for the player, also after a counter-move."""
        return self.program.all_of([self.not_better(player, end, self.state) for end in self.escapes(player, state)])

    def escapes(self, player: int, state: int) -> list[int]:
        """Return the states a player can be at after a sanction: there, or where a counter-move leads."""
        return [state, *(self.moves[player].get(state, ()) if self.concept.counter_move else ())]

    def steps(self, others: Sequence[int], node: Node) -> Iterator[tuple[int, Node]]:
        """Yield the moves of the others from a node; no player moves twice in a row."""
        for mover in others:
            if not self.remembers or mover != node[1]:
                for end in self.moves[mover].get(node[0], ()):
                    yield mover, (end, mover if self.remembers else NO_MOVER)

    def nodes(self, others: Sequence[int], start: int, better: Better | None = None) -> list[Node]:
        """Return the nodes that the others can reach from a state, itself included; by improvements only if ``better``
        is given.
        """
        found: dict[Node, None] = {(start, NO_MOVER): None}
        frontier = list(found)
        while frontier:
            node = frontier.pop()
            for mover, end in self.steps(others, node):
                if end not in found and (better is None or better(mover, end[0], node[0])):
                    found[end] = None
                    frontier.append(end)
        return list(found)

    def amended(self, value: Value) -> bool:
        """Add the constraints that a solution violates; tell whether there were any."""
        if self.concept.respond is not Respond.IMPROVEMENTS:
            return False
        rank_of = {id: self.space.ranks(maker.read(value).preferences).tolist() for id, maker in self.makers.items()}
        by_player = [[rank_of[id] for id in members] for members in self.compiled.conflict.players]

        def better(player: int, end: int, start: int) -> bool:
            return all(rank[end] > rank[start] for rank in by_player[player])

        overlooked = False
        for player in range(len(self.moves)):
            for improvement in self.moves[player].get(self.state, ()):
                if not better(player, improvement, self.state):
                    continue
                nodes = self.nodes(self.others(player), improvement, better)
                if all(
                    any(better(player, end, self.state) for end in self.escapes(player, state)) for state, _ in nodes
                ):
                    self.rule_out(player, improvement, nodes)
                    overlooked = True
        return overlooked

    def rule_out(self, player: int, improvement: int, nodes: Sequence[Node]) -> None:
        """Require a sanction of an improvement, as the theory of operation describes."""
        among = set(nodes)
        ways = [self.not_better(player, improvement, self.state)]
        ways += [self.sanction(player, state) for state in sorted({state for state, _ in nodes})]
        for node in nodes:
            for mover, end in self.steps(self.others(player), node):
                if end not in among:
                    ways.append(self.program.all_of([one.better(end[0], node[0]) for one in self.members(mover)]))
        self.program.require(*ways)

    # Solving

    def optimum(self, most: int) -> Optimum | None:
        """Return the smallest changes, at most ``most``; None if there are none."""
        scale = lcm(*(cost.denominator for cost in self.costs.values()))
        cost = sum(int(self.costs[id] * scale) * self.makers[id].edits() for id in self.costs)
        importance = sum(self.makers[id].importance() for id in self.costs)
        least = self.least(cost)
        if least is None:
            return None
        self.program.model.add(cost == least)
        lightest = self.least(importance)
        assert lightest is not None
        self.program.model.add(importance == lightest)
        self.program.model.minimize(0)
        found: dict[tuple[EditedPreferences, ...], None] = {}
        while len(found) <= most:
            value = self.solved()
            if value is None:
                break
            found[tuple(maker.read(value) for maker in self.makers.values())] = None
            self.program.require(*(one for maker in self.makers.values() for one in maker.otherwise(value)))
        return Optimum(Fraction(least, scale), lightest, tuple(found)[:most], len(found) <= most)

    def feasible(self) -> bool:
        """Tell whether some change makes the state an equilibrium."""
        return self.solved() is not None

    def least(self, expression: Any) -> int | None:
        """Return the smallest value of an expression over the solutions."""
        self.program.model.minimize(expression)
        value = self.solved()
        if value is None:
            return None
        return expression if isinstance(expression, int) else int(value.solver.value(expression))

    def solved(self) -> Solved | None:
        """Return the best solution for the current objective, or None."""
        while True:
            solver = new_solver()
            if not self.has_solution(solver.solve(self.program.model)):
                return None
            value = Solved(solver)
            if not self.amended(value):
                return value

    def has_solution(self, status: Any) -> bool:
        """Tell whether the solver has proved that there is a solution; False if it has proved that there is not."""
        module = constraint_solver()
        if status == module.UNKNOWN or (status == module.FEASIBLE and self.program.model.has_objective()):
            # There is no limit, so only Ctrl-C ends the search without a proof; the solver swallows the interrupt.
            raise KeyboardInterrupt
        assert status in (module.OPTIMAL, module.FEASIBLE, module.INFEASIBLE), status
        return bool(status != module.INFEASIBLE)


def new_solver() -> Any:
    """Return a solver that finds the same solutions in the same order every time: one worker, fixed seed."""
    solver = constraint_solver().CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 0
    return solver
