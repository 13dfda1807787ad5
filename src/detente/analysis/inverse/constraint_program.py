"""The program of clauses whose solutions are the smallest changes of preferences that make a state an equilibrium.

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

Literals only imply what they stand for, and the program requires only what implies stability. The cost is minimised
first, then the importance (see `detente.analysis.inverse`); then the solutions that reach both are enumerated, each
excluded in turn. One incremental solver does all of this, so that it keeps what it has learned.

To minimise a total weight, the solver is asked for a solution in which none of the weighted literals is true. If it
proves that no such solution exists, it names some that cannot all be false: a *core*. Each such answer raises the lower
bound by the smallest weight in the core. From then on, the core may have one true literal without further cost, which a
counter of its true literals expresses (OLL: Andres et al. 2012; Morgado, Dodaro & Marques-Silva 2014). So there are as
many steps as the minimum is high, and that is a few edits. Parties that do not depend on each other never share a core.

Cost: exponential in the worst case, as for any such program; the number of constraints is bounded by
`MAX_INVERSE_MOVES`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from math import lcm
from typing import Any

from detente.analysis.inverse.editable import (
    Editable,
    EditableRanking,
    EditableStatements,
    EditedPreferences,
    Literal,
    Locked,
    Program,
    Value,
    Weighted,
)
from detente.concepts import Concept, Respond
from detente.engine import INSTEAD, ListingSolver
from detente.errors import TooLargeError
from detente.lazy import dataclass, lazy
from detente.limits import MAX_EDITABLE_RANKED, MAX_INVERSE_MOVES
from detente.model.parts import DecisionMaker
from detente.model.preferences import Prioritising

card: Any = lazy("pysat.card")

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
        edits = [(int(cost * scale), one) for id, cost in self.costs.items() for one in self.makers[id].edits()]
        least = self.least(edits)
        if least is None:
            return None
        lightest = self.least(one for id in self.costs for one in self.makers[id].importance())
        assert lightest is not None
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

    def least(self, weighted: Iterable[Weighted]) -> int | None:
        """Return the smallest total weight of the literals that are true, and require it from now on; None if there is
        no solution.
        """
        soft: Counter[int] = Counter()
        total = 0
        for weight, literal in weighted:
            if isinstance(literal, bool):
                total += weight * literal
            else:
                soft[-literal] += weight
        counters: dict[int, tuple[Any, int]] = {}
        while self.solved(list(soft)) is None:
            core = self.core()
            if not core:
                return None
            weight = min(soft[one] for one in core)
            total += weight
            for one in core:
                soft[one] -= weight
                if not soft[one]:
                    del soft[one]
            # The literals that a counter adds to this core's: of each counter one more may be true.
            widened = [counters[one] for one in core if one in counters]
            if len(core) > 1:
                widened.append((card.ITotalizer([-one for one in core], ubound=1, top_id=self.program.last), 0))
                self.counted(widened[-1][0])
            for counter, count in widened:
                if count + 1 < len(counter.lits):
                    if count:
                        counter.increase(ubound=count + 1, top_id=self.program.last)
                        self.counted(counter)
                    soft[-counter.rhs[count + 1]] += weight
                    counters[-counter.rhs[count + 1]] = counter, count + 1
        for one in soft:
            self.program.require(one)
        return total

    def core(self) -> list[int]:
        """Return assumptions of the last question that cannot all be true, fewer if asking again drops some."""
        solver = self.program.solver
        core: list[int] = solver.get_core() or []
        while len(core) > 1 and self.program.solution(core) is None:
            smaller = solver.get_core() or []
            if len(smaller) >= len(core):
                break
            core = smaller
        return core

    def counted(self, counter: Any) -> None:
        """Add the new clauses of a counter of true literals."""
        self.program.last = max(self.program.last, counter.top_id)
        for clause in counter.cnf.clauses[len(counter.cnf.clauses) - counter.nof_new :]:
            self.program.require(*clause)

    def solved(self, assumed: Sequence[int] = ()) -> Value | None:
        """Return a solution in which these literals are true, or None."""
        while True:
            value = self.program.solution(assumed)
            if value is None or not self.amended(value):
                return value
