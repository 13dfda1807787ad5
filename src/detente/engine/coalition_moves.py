"""What groups of players can do from every state, for `detente.analysis.coalitions`, which has the definitions.

Theory of operation. A set of states is a whole number, with one bit for each state; a relation is a list of such sets,
one for each state. Where legal sequences lead is the relation of what the members can do, followed on and on. In a
conflict that merges no states two moves of a player in a row are one, and so are two improvements of a group; there the
rule that nobody moves twice in a row takes nothing away, and what has been found from one state serves the others.
Mostly a player can get from each of some states to all the others, and no further: these are looked at together.

Whether a sanction holds asks nothing but whether two sets share a state.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, wraps
from itertools import combinations, count
from typing import Any, Concatenate, ParamSpec, TypeVar

from detente.engine.explicit.definition import union
from detente.engine.interface import Solver
from detente.errors import InputError, UnknownNameError
from detente.model.states import State

P = ParamSpec("P")
_T = TypeVar("_T")
Group = frozenset[int]
#: For every state, counted from 0, the states that it is related to, as bits.
Relation = list[int]


def _once(method: Callable[Concatenate[CoalitionMoves, P], _T]) -> Callable[Concatenate[CoalitionMoves, P], _T]:
    """Keep what a method returns, for the same arguments."""

    @wraps(method)
    def found(self: CoalitionMoves, /, *args: P.args, **named: P.kwargs) -> _T:
        key = (method, *args)
        if key not in self._known:
            self._known[key] = method(self, *args, **named)
        known: _T = self._known[key]
        return known

    return found


class CoalitionMoves:
    """What groups of players can do from every state; each answer is worked out once."""

    def __init__(self, compiled: Solver) -> None:
        self.compiled = compiled
        self.players = ["+".join(members) for members in compiled.conflict.players]
        self._own = [[0] * compiled.count for _ in self.players]
        for arc in compiled.arcs():
            self._own[arc.player][arc.start - 1] |= 1 << (arc.end - 1)
        self._free = not compiled.conflict.merge
        ranks = {maker.id: compiled.ranks(place) for place, maker in enumerate(compiled.conflict.decision_makers)}
        self._ranks = [[ranks[id] for id in members] for members in compiled.conflict.players]
        self._above = [[_above(rank) for rank in members] for members in self._ranks]
        self._known: dict[tuple[Any, ...], Any] = {}
        # Paths to one end are asked for one after the other.
        self._near: tuple[tuple[Sequence[int], int], list[dict[int, int]]] = ((), -1), []

    def group(self, names: Iterable[str]) -> Group:
        """Return the group of these players."""
        places = []
        for name in names:
            if name not in self.players:
                raise UnknownNameError("player", name, self.players)
            places.append(self.players.index(name))
        if not places:
            raise InputError("a coalition needs somebody in it")
        return frozenset(places)

    @_once
    def names(self, group: Group) -> tuple[str, ...]:
        """Return the players of a group, in the conflict's order."""
        return tuple(self.players[place] for place in sorted(group))

    def name(self, group: Group) -> str:
        """Return a group's name, ``a+b``."""
        return "+".join(self.names(group))

    @_once
    def state(self, number: int) -> State:
        """Return the state of a number."""
        return self.compiled.state(number)

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
        """Return R_H⁺⁺, ascending: where a group's moves from a state lead that every member strictly prefers."""
        return [end + 1 for end in _members(self._improvements(group)[state - 1])]

    def sanction(self, group: Group, state: int, improvement: int, concept: str) -> int | None:
        """Return a state that deters a group from an improvement; None when nothing does."""
        if concept == "nash":
            return None
        found = self._responses(group, concept)[improvement - 1] & self._deterring(group, state - 1, concept)
        return next((end + 1 for end in _members(found)), None)

    @_once
    def path(self, group: Group, start: int, end: int) -> list[tuple[str, State]]:
        """Return a shortest legal sequence of the members from one state to another: who moves, and where to."""
        steps = self._shortest(sorted(group), start - 1, end - 1)
        return [(self.players[mover], self.state(place + 1)) for place, mover in steps]

    def _responses(self, group: Group, concept: str) -> Relation:
        """Return where the others can respond."""
        others = frozenset(range(len(self.players))) - group
        return self._credible(others) if concept == "seq" else self._moves(others)

    def _deterring(self, group: Group, state: int, concept: str) -> int:
        """Return what deters a group from leaving a state: some member does not prefer it, counter-moves included."""
        better = self._better(group, state)
        return self._not_mended(group, better) if concept == "smr" else ~better

    def _better(self, group: Group, state: int) -> int:
        """Return the states that every member strictly prefers to one."""
        better = -1
        for place in group:
            for rank, above in zip(self._ranks[place], self._above[place], strict=True):
                better &= above[rank[state]]
        return better

    @_once
    def _moves(self, group: Group) -> Relation:
        """Return R_H: the ends of legal sequences of the members' moves, other than the start."""
        ends = self._sequences([self._own[place] for place in sorted(group)])
        return [found & ~(1 << state) for state, found in enumerate(ends)]

    @_once
    def _improvements(self, group: Group) -> Relation:
        """Return R_H⁺⁺: the moves to states that every member strictly prefers."""
        return [ends and ends & self._better(group, state) for state, ends in enumerate(self._moves(group))]

    @_once
    def _credible(self, others: Group) -> Relation:
        """Return where coalition improvements of groups among the others lead, no group twice in a row."""
        parts = [frozenset(one) for size in range(1, len(others) + 1) for one in combinations(sorted(others), size)]
        return self._sequences([self._improvements(part) for part in parts])

    def _sequences(self, relations: Sequence[Relation]) -> Relation:
        """Return for every state where steps of these relations lead, none of one relation twice in a row."""
        if not self._free:
            return [_alternating(relations, start) for start in range(self.compiled.count)]
        together = [0] * self.compiled.count
        for relation in relations:
            together = [one | other for one, other in zip(together, relation, strict=True)]
        return _closed(together)

    @_once
    def _not_mended(self, group: Group, better: int) -> int:
        """Return the states that are not among some better ones, and from which a group cannot get to any of these."""
        return union(states for there, states in self._alike_moves(group).items() if not there & better)

    @_once
    def _alike_moves(self, group: Group) -> dict[int, int]:
        return _alike(self._moves(group))

    def _shortest(self, movers: Sequence[int], start: int, end: int) -> list[tuple[int, int]]:
        """Return the first of the shortest legal sequences, as pairs of a state and who moved there.

        What comes first goes by the movers' places and then by the numbers of states, step by step. Every step keeps to
        states from which the end is just as many steps away as are left, so that none is taken back.
        """
        near = self._distances(movers, start, end)
        path: list[tuple[int, int]] = []
        here, last = start, -1
        for left in range(len(near) - 1, 0, -1):
            last = next(mover for mover in movers if mover != last and near[left][mover] >> here & 1)
            after = self._after(near[left - 1], last, left)
            here = next(_members(self._own[last][here] & after))
            path.append((here, last))
        return path

    def _distances(self, movers: Sequence[int], start: int, end: int) -> list[dict[int, int]]:
        """Return by the number of steps left from which states a mover can begin a legal sequence to the end."""
        if self._near[0] != (movers, end):
            self._near = (movers, end), [dict.fromkeys(movers, 1 << end)]
        near = self._near[1]
        for left in count(1):
            if left == len(near):
                near.append({mover: self._a_step_more(near[-1], mover, left) for mover in movers})
            if any(states >> start & 1 for states in near[left].values()):
                return near[: left + 1]
        raise AssertionError

    def _a_step_more(self, last: Mapping[int, int], mover: int, left: int) -> int:
        """Return from where a mover can go to where another goes on from, or with its last step to the end."""
        into, alike = self._into[mover], self._into_alike[mover]
        found, todo = 0, self._after(last, mover, left)
        while todo:
            place = (todo & -todo).bit_length() - 1
            here = todo & alike[place]
            # From the first of these to the second, and from the second to the first.
            found |= into[place] | 1 << place if here & (here - 1) else into[place]
            todo ^= here
        return found

    def _after(self, last: Mapping[int, int], mover: int, left: int) -> int:
        """Return from where another can go on after a mover, or with its last step the end."""
        return union(states for other, states in last.items() if other != mover or left == 1)

    @cached_property
    def _into(self) -> list[Relation]:
        """For every player from where it can move to each state."""
        into = [[0] * self.compiled.count for _ in self.players]
        for rows, own in zip(into, self._own, strict=True):
            for start, ends in enumerate(own):
                for end in _members(ends):
                    rows[end] |= 1 << start
        return into

    @cached_property
    def _into_alike(self) -> list[Relation]:
        """For every player, with each state those that it can get into from the same states, themselves counted in."""
        alike = [_alike(rows) for rows in self._into]
        return [
            [of[ends | 1 << state] for state, ends in enumerate(rows)]
            for of, rows in zip(alike, self._into, strict=True)
        ]


def _alike(relation: Relation) -> dict[int, int]:
    """Return which states are related to the same ones, themselves counted in: by these."""
    alike: dict[int, int] = {}
    for state, ends in enumerate(relation):
        there = ends | 1 << state
        alike[there] = alike.get(there, 0) | 1 << state
    return alike


def _above(ranks: Sequence[int]) -> dict[int, int]:
    """Return by rank the states of a better one; rank 1 is best."""
    of: dict[int, int] = {}
    for state, rank in enumerate(ranks):
        of[rank] = of.get(rank, 0) | 1 << state
    above, better = {}, 0
    for rank in sorted(of):
        above[rank] = better
        better |= of[rank]
    return above


def _closed(relation: Relation) -> Relation:
    """Return where one or more steps lead: what is known of one state is made use of at the next."""
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
    """Return where steps lead from one state; what a relation has come to is for the others to leave."""
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
    """Yield the places of the bits that are set, ascending."""
    while states:
        lowest = states & -states
        yield lowest.bit_length() - 1
        states ^= lowest
