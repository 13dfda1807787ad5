"""The moves, improvements and sanctions of groups of players, for `detente.analysis.coalitions`, which has the
definitions.

Theory of operation. A set of states is a Python integer with one bit for each state; a relation is a list of such sets,
one for each state. The ends of a group's legal sequences are the closure of its members' move relations. In a conflict
that merges no states, two moves of a player in a row equal one move, and so do two improvements of a group. So the rule
that no player moves twice in a row has no effect there, and the closure from one state is reused for others. Typically
a player can move from each state of a class to all others of the class and no further: such a class is processed as
one.

Whether a state is sanctioned is a single test: do two sets share a state?

Conflicts that merge no states take a shorter way, `ArrayCoalitionMoves`. There a relation is an array with a row of
bits for each *end*, one bit for each start, so that a whole row of starts is decided by one operation. A group prefers
an end to a start if each member does, and each member's row for an end depends only on the end's rank. An improvement
to e is deterred from s if some member's rank of s is not below the lowest rank that the others' responses to e can
bring it (GMR, SEQ), a number for each end; or (SMR) if some response leads to no state from which the group can move to
one that it prefers to s, again a row for each end. What is said of all ends or starts of a sequence is carried backward
along single moves, player by player, until nothing changes.

Cost: for n states, O(n²) bits for each relation; sequences with merged states are searched from each state.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, reduce, wraps
from itertools import combinations, count
from operator import or_
from typing import Any, NamedTuple, TypeVar

import numpy as np

from detente.engine.explicit.moves import state_arcs
from detente.engine.explicit.solver import ExplicitSolver
from detente.engine.interface import Solver
from detente.engine.relations import BITS_OF_BYTE, Rows, Steps, carried, pairs_of, transposed
from detente.engine.space import Bools, Ints
from detente.errors import InputError, UnknownNameError
from detente.model.states import State

_T = TypeVar("_T")
Group = frozenset[int]
#: For each state, counted from 0, the states that it is related to, as bits.
Relation = list[int]


class Jumps(NamedTuple):
    """The joint improvements of a group from one state to some others: how many, and the bits of their ends."""

    group: Group
    number: int
    row: Rows

    def ends(self, most: int | None = None) -> list[int]:
        """Return the numbers of the ends, ascending; at most ``most``."""
        found: list[int] = (np.flatnonzero(np.unpackbits(self.row, bitorder="little"))[:most] + 1).tolist()
        return found


def _cached(method: Callable[..., _T]) -> Callable[..., _T]:
    """Cache what a method returns, by its arguments."""

    @wraps(method)
    def found(self: CoalitionMoves, *args: Any) -> _T:
        key = (method, *args)
        if key not in self._known:
            self._known[key] = method(self, *args)
        known: _T = self._known[key]
        return known

    return found


class CoalitionMoves:
    """The moves of groups of players from every state; each answer is computed once and kept."""

    def __init__(self, compiled: Solver) -> None:
        self.compiled = compiled
        self.players = ["+".join(members) for members in compiled.conflict.players]
        self._free = not compiled.conflict.merge
        ranks = {maker.id: compiled.ranks(place) for place, maker in enumerate(compiled.conflict.decision_makers)}
        self._ranks = [[ranks[id] for id in members] for members in compiled.conflict.players]
        self._known: dict[tuple[Any, ...], Any] = {}
        # Consecutive calls of `path` often have the same end.
        self._near: tuple[tuple[Sequence[int], int], list[dict[int, int]]] = ((), -1), []

    @cached_property
    def _own(self) -> list[Relation]:
        """For each player and state the states that the player can move to."""
        own = [[0] * self.compiled.count for _ in self.players]
        for arc in self.compiled.arcs():
            own[arc.player][arc.start - 1] |= 1 << (arc.end - 1)
        return own

    @cached_property
    def _better_by_rank(self) -> list[list[dict[int, int]]]:
        """For each player, member and rank the states that the member ranks above."""
        return [[_better_by_rank(rank) for rank in members] for members in self._ranks]

    def group(self, names: Iterable[str]) -> Group:
        """Return the group of the named players."""
        places = []
        for name in names:
            if name not in self.players:
                raise UnknownNameError("player", name, self.players)
            places.append(self.players.index(name))
        if not places:
            raise InputError("a coalition needs at least one member")
        return frozenset(places)

    @_cached
    def names(self, group: Group) -> tuple[str, ...]:
        """Return the names of a group's players, in the conflict's order."""
        return tuple(self.players[place] for place in sorted(group))

    def name(self, group: Group) -> str:
        """Return a group's name, ``a+b``."""
        return "+".join(self.names(group))

    @cached_property
    def _states(self) -> list[State]:
        return [self.compiled.state(number) for number in range(1, self.compiled.count + 1)]

    def state(self, number: int) -> State:
        """Return the state with this number."""
        return self._states[number - 1]

    def states(self, numbers: Iterable[int]) -> tuple[State, ...]:
        """Return the states with these numbers."""
        states = self._states
        return tuple([states[number - 1] for number in numbers])

    def stable(self, group: Group, concept: str) -> list[int]:
        """Return the numbers of the states that are stable for a group."""
        improved = self._improvements(group)
        if concept == "nash":
            return [state + 1 for state, ends in enumerate(improved) if not ends]
        responses = self._responses(group, concept)
        stable = []
        for state, ends in enumerate(improved):
            deterring = self._deterring(group, state, concept) if ends else 0
            if all(responses[end] & deterring for end in _members(ends)):
                stable.append(state + 1)
        return stable

    def improvements(self, group: Group, state: int) -> list[int]:
        """Return R_H⁺⁺, ascending: the states that a group can move to and that every member strictly prefers."""
        return [end + 1 for end in _members(self._improvements(group)[state - 1])]

    def jumps(self, asked: Sequence[Group], equilibria: Sequence[int]) -> dict[int, list[Jumps]]:
        """Return for each of some states, given by ascending numbers, the joint improvements to others of them.

        Improvements that a smaller group asked about can make, too, are left out; the smallest groups come first.
        """
        among: set[int] = set(equilibria)
        found: dict[int, list[Jumps]] = {}
        for start in equilibria:
            able: dict[int, list[Group]] = {}
            for group in sorted(asked, key=len):
                ends = [
                    end
                    for end in self.improvements(group, start)
                    if end in among and not any(part < group for part in able.get(end, ()))
                ]
                for end in ends:
                    able.setdefault(end, []).append(group)
                if len(group) > 1 and ends:
                    row = np.zeros(self.compiled.count, dtype=bool)
                    row[np.array(ends) - 1] = True
                    found.setdefault(start, []).append(Jumps(group, len(ends), np.packbits(row, bitorder="little")))
        return found

    def sanction(self, group: Group, state: int, improvement: int, concept: str) -> int | None:
        """Return a state that deters a group from an improvement, or None."""
        if concept == "nash":
            return None
        found = self._responses(group, concept)[improvement - 1] & self._deterring(group, state - 1, concept)
        return next((end + 1 for end in _members(found)), None)

    @_cached
    def path(self, group: Group, start: int, end: int) -> list[tuple[str, State]]:
        """Return a shortest legal sequence of the members from one state to another, as pairs of mover and state."""
        steps = self._shortest(sorted(group), start - 1, end - 1)
        return [(self.players[mover], self.state(place + 1)) for place, mover in steps]

    def _responses(self, group: Group, concept: str) -> Relation:
        """Return the relation of the others' responses under a concept."""
        others = frozenset(range(len(self.players))) - group
        return self._credible(others) if concept == "seq" else self._moves(others)

    def _deterring(self, group: Group, state: int, concept: str) -> int:
        """Return the states that deter a group from leaving a state: some member does not prefer them, also after a
        counter-move.
        """
        better = self._better(group, state)
        return self._cannot_reach(group, better) if concept == "smr" else ~better

    def _better(self, group: Group, state: int) -> int:
        """Return the states that every member strictly prefers to a state."""
        better = -1
        for place in group:
            for rank, above in zip(self._ranks[place], self._better_by_rank[place], strict=True):
                better &= above[rank[state]]
        return better

    @_cached
    def _moves(self, group: Group) -> Relation:
        """Return R_H: the ends of legal sequences of the members' moves, without the start."""
        ends = self._sequences([self._own[place] for place in sorted(group)])
        return [found & ~(1 << state) for state, found in enumerate(ends)]

    @_cached
    def _improvements(self, group: Group) -> Relation:
        """Return R_H⁺⁺: the moves to states that every member strictly prefers."""
        return [ends and ends & self._better(group, state) for state, ends in enumerate(self._moves(group))]

    @_cached
    def _credible(self, others: Group) -> Relation:
        """Return the ends of sequences of coalition improvements by groups of the others, no group twice in a row."""
        parts = [frozenset(one) for size in range(1, len(others) + 1) for one in combinations(sorted(others), size)]
        return self._sequences([self._improvements(part) for part in parts])

    def _sequences(self, relations: Sequence[Relation]) -> Relation:
        """Return for each state the ends of sequences of steps of these relations, no relation twice in a row."""
        if not self._free:
            return [_alternating(relations, start) for start in range(self.compiled.count)]
        together = [0] * self.compiled.count
        for relation in relations:
            together = [one | other for one, other in zip(together, relation, strict=True)]
        return _closed(together)

    @_cached
    def _cannot_reach(self, group: Group, better: int) -> int:
        """Return the states outside ``better`` from which a group cannot move into ``better``."""
        return union(states for there, states in self._classes_by_moves(group).items() if not there & better)

    @_cached
    def _classes_by_moves(self, group: Group) -> dict[int, int]:
        return _classes(self._moves(group))

    def _shortest(self, movers: Sequence[int], start: int, end: int) -> list[tuple[int, int]]:
        """Return the first of the shortest legal sequences, as pairs of a state and its mover.

        Sequences are ordered step by step, by the movers' places and then by state numbers. Every step goes to a state
        from which the end is exactly as many steps away as are left, so the search never backtracks.
        """
        near = self._distances(movers, start, end)
        path: list[tuple[int, int]] = []
        here, last = start, -1
        for left in range(len(near) - 1, 0, -1):
            last = next(mover for mover in movers if mover != last and near[left][mover] >> here & 1)
            after = self._continuations(near[left - 1], last, left)
            here = next(_members(self._own[last][here] & after))
            path.append((here, last))
        return path

    def _distances(self, movers: Sequence[int], start: int, end: int) -> list[dict[int, int]]:
        """Return for each number of steps left the states from which a mover can begin a legal sequence to the end."""
        if self._near[0] != (movers, end):
            self._near = (movers, end), [dict.fromkeys(movers, 1 << end)]
        near = self._near[1]
        for left in count(1):
            if left == len(near):
                near.append({mover: self._one_step_back(near[-1], mover, left) for mover in movers})
            if any(states >> start & 1 for states in near[left].values()):
                return near[: left + 1]
        raise AssertionError

    def _one_step_back(self, last: Mapping[int, int], mover: int, left: int) -> int:
        """Return the states from which a mover can move to a state where another continues, or to the end by its last
        step.
        """
        into, alike = self._into[mover], self._into_by_class[mover]
        found, todo = 0, self._continuations(last, mover, left)
        while todo:
            place = (todo & -todo).bit_length() - 1
            here = todo & alike[place]
            # In both directions between the two sets.
            found |= into[place] | 1 << place if here & (here - 1) else into[place]
            todo ^= here
        return found

    def _continuations(self, last: Mapping[int, int], mover: int, left: int) -> int:
        """Return the states from which another can continue after a mover; with no step left, the end itself."""
        return union(states for other, states in last.items() if other != mover or left == 1)

    @cached_property
    def _into(self) -> list[Relation]:
        """For each player and state the states from which the player can move there."""
        into = [[0] * self.compiled.count for _ in self.players]
        for rows, own in zip(into, self._own, strict=True):
            for start, ends in enumerate(own):
                for end in _members(ends):
                    rows[end] |= 1 << start
        return into

    @cached_property
    def _into_by_class(self) -> list[Relation]:
        """For each player and state the states that it can move into from the same states, these included."""
        alike = [_classes(rows) for rows in self._into]
        return [
            [of[ends | 1 << state] for state, ends in enumerate(rows)]
            for of, rows in zip(alike, self._into, strict=True)
        ]


def coalition_moves(compiled: Solver) -> CoalitionMoves:
    """Return the moves of groups of players in the form that suits a conflict."""
    return CoalitionMoves(compiled) if compiled.conflict.merge else ArrayCoalitionMoves(compiled)


class ArrayCoalitionMoves(CoalitionMoves):
    """The moves of groups of players in a conflict that merges no states."""

    def stable(self, group: Group, concept: str) -> list[int]:
        """Return the numbers of the states that are stable for a group."""
        improved = self._improved(group)
        if concept != "nash":
            improved = improved & self._undeterred(group, concept)
        unstable = np.bitwise_or.reduce(improved, axis=0)
        return (np.flatnonzero(~self._unpacked(unstable)) + 1).tolist()

    def improvements(self, group: Group, state: int) -> list[int]:
        """Return R_H⁺⁺, ascending: the states that a group can move to and that every member strictly prefers."""
        column = self._improved(group)[:, (state - 1) >> 3] >> ((state - 1) & 7) & 1
        return (np.flatnonzero(column) + 1).tolist()

    def jumps(self, asked: Sequence[Group], equilibria: Sequence[int]) -> dict[int, list[Jumps]]:
        """Return for each of some states the joint improvements to others of them, as `CoalitionMoves.jumps`."""
        among = np.zeros(self.compiled.count, dtype=bool)
        among[np.array(equilibria, dtype=np.int64) - 1] = True
        ends = np.packbits(among, bitorder="little")
        found: dict[int, list[Jumps]] = {}
        for group in sorted(asked, key=len):
            if len(group) > 1:
                parts = [part for part in asked if part < group]
                rows = self._only_together(group, frozenset(parts))[among] & ends
                counts = BITS_OF_BYTE[rows].sum(axis=1, dtype=np.int64)
                for place in np.flatnonzero(counts).tolist():
                    found.setdefault(equilibria[place], []).append(Jumps(group, int(counts[place]), rows[place]))
        return found

    @_cached
    def _only_together(self, group: Group, parts: frozenset[Group]) -> Rows:
        """Return for each start the ends of a group's improvements that none of its parts can make."""
        rows = self._improved(group).copy()
        for part in parts:
            rows &= ~self._improved(part)
        return transposed(rows)

    def _unpacked(self, rows: Rows) -> Bools:
        return np.unpackbits(rows, axis=-1, count=self.compiled.count, bitorder="little").view(bool)

    @cached_property
    def _arcs(self) -> list[tuple[Ints, Ints]]:
        """For each player the starts and ends of its moves."""
        if isinstance(self.compiled, ExplicitSolver) and all(player.alone for player in self.compiled.players):
            return [state_arcs(self.compiled.space, player.options) for player in self.compiled.players]
        codes: list[list[tuple[int, int]]] = [[] for _ in self.players]
        for arc in self.compiled.arcs():
            codes[arc.player].append((arc.start - 1, arc.end - 1))
        arrays = [np.array(own, dtype=np.int64).reshape(-1, 2) for own in codes]
        return [(pairs[:, 0], pairs[:, 1]) for pairs in arrays]

    @cached_property
    def _own(self) -> list[Relation]:
        """For each player and state the states that the player can move to."""
        return [self._as_relation(starts, ends) for starts, ends in self._arcs]

    @cached_property
    def _into(self) -> list[Relation]:
        """For each player and state the states from which the player can move there."""
        return [self._as_relation(ends, starts) for starts, ends in self._arcs]

    def _as_relation(self, of: Ints, related: Ints) -> Relation:
        rows = np.zeros((self.compiled.count, self.compiled.count), dtype=bool)
        rows[of, related] = True
        return [int.from_bytes(row.tobytes(), "little") for row in np.packbits(rows, axis=1, bitorder="little")]

    @cached_property
    def _forward(self) -> list[Steps]:
        return [Steps(starts, ends, self.compiled.count) for starts, ends in self._arcs]

    @cached_property
    def _backward(self) -> list[Steps]:
        return [Steps(ends, starts, self.compiled.count) for starts, ends in self._arcs]

    @cached_property
    def _worth(self) -> list[list[Ints]]:
        """For each player and member the rank of every state from 0, the best last."""
        return [[np.unique(-np.array(rank), return_inverse=True)[1].reshape(-1) for rank in own] for own in self._ranks]

    @cached_property
    def _below(self) -> list[list[Rows]]:
        """For each player, member and rank the states that the member ranks lower."""
        return [
            [
                np.packbits(worth < np.arange(int(worth.max()) + 1)[:, None], axis=1, bitorder="little")
                for worth in members
            ]
            for members in self._worth
        ]

    def _preferred(self, group: Group, worths: Sequence[Sequence[Ints]] | None = None) -> Rows:
        """Return for each end the starts to which every member prefers it; or if the end had other ranks."""
        given = [self._worth[place] for place in sorted(group)] if worths is None else worths
        rows = [
            below[worth]
            for place, own in zip(sorted(group), given, strict=True)
            for below, worth in zip(self._below[place], own, strict=True)
        ]
        return np.asarray(reduce(np.bitwise_and, rows))

    @_cached
    def _improved(self, group: Group) -> Rows:
        """Return R_H⁺⁺: for each end the starts from which a group improves to it."""
        alone = np.packbits(np.eye(self.compiled.count, dtype=bool), axis=1, bitorder="little")
        reached = carried(np.bitwise_or, alone, [self._backward[place] for place in sorted(group)])
        return reached & self._preferred(group)

    @_cached
    def _improving(self, group: Group) -> Steps:
        """Return R_H⁺⁺ as steps."""
        ends, starts = pairs_of(self._improved(group))
        return Steps(starts, ends, self.compiled.count)

    def _undeterred(self, group: Group, concept: str) -> Rows:
        """Return for each end the starts that it is better than, whatever the others respond; starts that it is not
        better than do not matter.
        """
        others = sorted(set(range(len(self.players))) - group)
        steps = [self._forward[place] for place in others]
        if concept == "smr":
            own = [self._forward[place] for place in sorted(group)]
            return carried(np.bitwise_and, carried(np.bitwise_or, self._preferred(group), own), steps)
        if concept == "seq":
            parts = [frozenset(one) for size in range(1, len(others) + 1) for one in combinations(others, size)]
            steps = [self._improving(part) for part in parts]
        lowest = [[carried(np.minimum, worth, steps) for worth in self._worth[place]] for place in sorted(group)]
        return self._preferred(group, lowest)


def _classes(relation: Relation) -> dict[int, int]:
    """Group states that are related to the same states, themselves included: return each class by its related set."""
    alike: dict[int, int] = {}
    for state, ends in enumerate(relation):
        there = ends | 1 << state
        alike[there] = alike.get(there, 0) | 1 << state
    return alike


def union(sets: Iterable[int]) -> int:
    """Return the union of sets of states held as bits."""
    return reduce(or_, sets, 0)


def _better_by_rank(ranks: Sequence[int]) -> dict[int, int]:
    """Return for each rank the states with a better rank; rank 1 is best."""
    of: dict[int, int] = {}
    for state, rank in enumerate(ranks):
        of[rank] = of.get(rank, 0) | 1 << state
    above, better = {}, 0
    for rank in sorted(of):
        above[rank] = better
        better |= of[rank]
    return above


def _closed(relation: Relation) -> Relation:
    """Return the transitive closure of a relation; the closure of one state is reused for the next."""
    known: Relation = []
    for state, ends in enumerate(relation):
        found = todo = ends
        while todo:
            place = (todo & -todo).bit_length() - 1
            todo ^= 1 << place
            if place < state:
                found |= known[place]
                todo &= ~known[place]
            else:
                todo |= relation[place] & ~found
                found |= relation[place]
        known.append(found)
    return known


def _alternating(relations: Sequence[Relation], start: int) -> int:
    """Return the states reached from one by alternating relations: no relation is applied twice in a row."""
    seen = [0] * len(relations)
    fresh = [relation[start] for relation in relations]
    while any(fresh):
        seen = [old | new for old, new in zip(seen, fresh, strict=True)]
        fresh = [
            union(relation[place] for place in _members(union(fresh[:mover] + fresh[mover + 1 :]))) & ~seen[mover]
            for mover, relation in enumerate(relations)
        ]
    return union(seen)


def _members(states: int) -> Iterator[int]:
    """Yield the positions of the bits that are set, ascending."""
    while states:
        lowest = states & -states
        yield lowest.bit_length() - 1
        states ^= lowest
