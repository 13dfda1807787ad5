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
from detente.limits import MAX_EDITABLE_RANKED, MAX_INVERSE_MOVES
from detente.model.parts import DecisionMaker
from detente.model.preferences import Prioritising

if TYPE_CHECKING:
    from ortools.sat.python import cp_model


#: A state, from 0, and who has moved last; nobody in particular where that makes no difference.
Node = tuple[int, int]
NOBODY = -1

#: Whether a player prefers the state named first to the second.
Better = Callable[[int, int, int], bool]


@dataclass(frozen=True)
class Optimum:
    """The smallest cost and importance, and what the solutions that reach both do to everybody's preferences.

    ``complete`` tells whether these are all the solutions.
    """

    cost: Fraction
    importance: int
    solutions: tuple[tuple[EditedPreferences, ...], ...]
    complete: bool


@dataclass(frozen=True)
class Solved:
    """What the solver has found."""

    solver: cp_model.CpSolver

    def __call__(self, literal: Literal) -> bool:
        """Return the value of a literal."""
        return literal if isinstance(literal, bool) else bool(self.solver.boolean_value(literal))


class InverseProgram:
    """The program for one state and one concept.

    ``costs`` has for everybody who can be influenced what an edit costs.
    """

    def __init__(self, compiled: ListingSolver, state: int, concept: Concept, costs: Mapping[str, Fraction]) -> None:
        self.compiled, self.state, self.concept, self.costs = compiled, state - 1, concept, costs
        self.space = compiled.space
        self.program = Program()
        conflict = compiled.conflict
        #: For every player, and every state from 0, where it can move to.
        self.moves: list[dict[int, list[int]]] = [{} for _ in conflict.players]
        for count, arc in enumerate(compiled.arcs(), start=1):
            self.moves[arc.player].setdefault(arc.start - 1, []).append(arc.end - 1)
            if count > MAX_INVERSE_MOVES:
                raise TooLargeError(
                    f"the conflict has more than {MAX_INVERSE_MOVES:,} moves, the limit for this search. {INSTEAD}"
                )
        self.makers = {maker.id: self.editable(place, maker) for place, maker in enumerate(conflict.decision_makers)}
        # Two moves in a row of one decision maker are one, unless states are merged.
        self.remembers = bool(conflict.merge) or any(len(members) > 1 for members in conflict.players)
        for player in range(len(conflict.players)):
            self.make_stable(player)

    def editable(self, place: int, maker: DecisionMaker) -> Editable:
        """Return the preferences of the decision maker at a place as variables, or as constants."""
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

    # The sentence

    def members(self, player: int) -> list[Editable]:
        """Return the preferences of a player's members: it prefers what each of them does."""
        return [self.makers[id] for id in self.compiled.conflict.players[player]]

    def not_better(self, player: int, end: int, start: int) -> Literal:
        """Return what implies that a player does not strictly prefer one state to another."""
        return self.program.either([one.not_better(end, start) for one in self.members(player)])

    def make_stable(self, player: int) -> None:
        """Require every improvement from the state to be none, or to have a sanction."""
        others = self.others(player)
        for improvement in self.moves[player].get(self.state, ()):
            tame = self.not_better(player, improvement, self.state)
            if tame is True:
                continue
            nodes = [] if self.concept.respond is Respond.NOBODY else self.nodes(others, improvement)
            self.program.require(tame, *(self.sanction(player, end) for end in sorted({state for state, _ in nodes})))

    def others(self, player: int) -> list[int]:
        """Return the places of the other players."""
        return [other for other in range(len(self.moves)) if other != player]

    def sanction(self, player: int, state: int) -> Literal:
        """Return what implies that a state is no better for the player, and that it cannot escape from there."""
        return self.program.all_of([self.not_better(player, end, self.state) for end in self.escapes(player, state)])

    def escapes(self, player: int, state: int) -> list[int]:
        """Return where a player can be after a sanction: there, or where it can move to if it may counter-move."""
        return [state, *(self.moves[player].get(state, ()) if self.concept.counter_move else ())]

    def steps(self, others: Sequence[int], node: Node) -> Iterator[tuple[int, Node]]:
        """Yield the moves of the others from a node, nobody moving twice in a row."""
        for mover in others:
            if not self.remembers or mover != node[1]:
                for end in self.moves[mover].get(node[0], ()):
                    yield mover, (end, mover if self.remembers else NOBODY)

    def nodes(self, others: Sequence[int], start: int, better: Better | None = None) -> list[Node]:
        """Return where the others can lead from a state, itself included: by improvements only, where told which."""
        found: dict[Node, None] = {(start, NOBODY): None}
        frontier = list(found)
        while frontier:
            node = frontier.pop()
            for mover, end in self.steps(others, node):
                if end not in found and (better is None or better(mover, end[0], node[0])):
                    found[end] = None
                    frontier.append(end)
        return list(found)

    def amended(self, value: Value) -> bool:
        """Add what a solution has overlooked; tell whether it has overlooked anything."""
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
        """Require what does deter from an improvement: see the theory of operation."""
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
        """Return the smallest changes, at most so many; None when there is none at all."""
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
        """Tell whether some change does."""
        return self.solved() is not None

    def least(self, expression: Any) -> int | None:
        """Return the smallest value of an expression over the solutions."""
        self.program.model.minimize(expression)
        value = self.solved()
        if value is None:
            return None
        return expression if isinstance(expression, int) else int(value.solver.value(expression))

    def solved(self) -> Solved | None:
        """Return the best solution for what is minimised; None when there is none."""
        while True:
            solver = new_solver()
            if not self.has_solution(solver.solve(self.program.model)):
                return None
            value = Solved(solver)
            if not self.amended(value):
                return value

    def has_solution(self, status: Any) -> bool:
        """Tell whether the solver has proved that there is a solution, or that there is none."""
        module = constraint_solver()
        if status == module.UNKNOWN or (status == module.FEASIBLE and self.program.model.has_objective()):
            # No limit is set, so that only Ctrl-C ends the search without a proof; the solver keeps it to itself.
            raise KeyboardInterrupt
        assert status in (module.OPTIMAL, module.FEASIBLE, module.INFEASIBLE), status
        return bool(status != module.INFEASIBLE)


def new_solver() -> Any:
    """Return a solver that finds the same solutions in the same order every time: one worker with a seed."""
    solver = constraint_solver().CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 0
    return solver
