"""Sets of states and relations between states as decision diagrams (Bryant 1986), implemented by the library OxiDD.

Every option has two adjacent variables: *here*, whether it is taken at a state, and *there*, whether it is taken at the
state that a move leads to. After them come variables for the rank to which a sanction has to bring a decision maker.

The order of the options. A diagram is small if conditions mention options that are adjacent in its order. The order is
found by the FORCE heuristic (Aloul, Markov & Sakallah 2003): each group of options that a condition mentions pulls its
members towards its centre, round after round, and the round with the shortest groups is kept. The result depends on the
initial order. So for more than a few options the search is repeated from several shuffled orders, which are the same
every time.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache, reduce
from operator import and_

from oxidd.bcdd import BCDDFunction, BCDDManager, BCDDSubstitution
from oxidd.util import BooleanOperator

from detente.engine.memory import SYMBOLIC_SPACE, SYMBOLIC_STACK, address_space_left, memory_available
from detente.errors import TooLargeError
from detente.model.conditions import Algebra, Condition
from detente.model.conflict import Conflict

ROUNDS = 60


#: Number of options from which the search is repeated, and the number of repetitions.
MANY_OPTIONS, AGAIN = 16, 12


def ordered_options(conflict: Conflict) -> tuple[str, ...]:
    """Return the option identifiers in the variable order of the diagrams."""
    names = [option.id for option in conflict.options]
    conditions = [
        *conflict.constraints,
        *(c for maker in conflict.decision_makers for c in maker.preferences.conditions()),
    ]
    mentioned = [tuple(dict.fromkeys(condition.options())) for condition in conditions]
    return _shortest_order(tuple(names), tuple(group for group in mentioned if len(group) > 1))


@lru_cache(maxsize=8)
def _shortest_order(names: Sequence[str], groups: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Return the best order that is found; kept, because one question may draw the diagrams of a conflict again."""
    chance = random.Random(0)
    starts = [names, *(chance.sample(names, len(names)) for _ in range(AGAIN if len(names) >= MANY_OPTIONS else 0))]
    orders = [pulled_together(start, groups) for start in starts]
    best = min(orders, key=lambda order: _length(order, groups))
    return tuple(best)


def pulled_together(names: Sequence[str], groups: Iterable[Sequence[str]], rounds: int = ROUNDS) -> list[str]:
    """Return the names in an order in which the members of each group are close together."""
    groups = list(groups)
    order, best = list(names), list(names)
    shortest = _length(order, groups)
    for _ in range(rounds):
        place = {name: position for position, name in enumerate(order)}
        pulls: dict[str, list[float]] = {name: [] for name in names}
        for group in groups:
            centre = sum(place[name] for name in group) / len(group)
            for name in group:
                pulls[name].append(centre)
        wanted = {name: sum(own) / len(own) if own else place[name] for name, own in pulls.items()}
        following = sorted(order, key=wanted.__getitem__)
        if following == order:
            break
        order = following
        if (length := _length(order, groups)) < shortest:
            shortest, best = length, order
    return best


def _length(order: Sequence[str], groups: Sequence[Sequence[str]]) -> int:
    place = {name: position for position, name in enumerate(order)}
    return sum(max(place[name] for name in group) - min(place[name] for name in group) for group in groups)


#: A set of states, or a relation between states.
Diagram = BCDDFunction


#: A substitution of diagrams for variables.
Substitution = BCDDSubstitution


#: Bytes of a node with its share of the tables around it, and the maximum number of nodes that OxiDD can address.
NODE_BYTES = 60
MAX_NODES = 2**30


#: The share of the free memory that the diagrams may take.
SHARE = 0.75


#: Share of the nodes below which no garbage collection happens; OxiDD collects at a somewhat larger share.
ROOMY = 0.9
_AND = BooleanOperator.AND


class Diagrams:
    """The variables of a conflict's diagrams, and operations on the diagrams."""

    def __init__(self, options: Sequence[str], thresholds: int, most_nodes: int | None = None) -> None:
        self.options = tuple(options)
        nodes = most_nodes or nodes_that_fit()
        # The capacity for nodes and for cached results: small for small conflicts.
        if len(options) <= 8:
            nodes, cache = min(2**22, nodes), 2**12
        elif len(options) <= 16:
            nodes, cache = min(2**24, nodes), 2**16
        else:
            cache = min(2**22, nodes // 4)
        self.nodes = nodes
        self._manager = BCDDManager(nodes, cache, 1)
        self._manager.add_vars(2 * len(options) + thresholds)
        variables = [self._manager.var(place) for place in range(2 * len(options) + thresholds)]
        self.here: Mapping[str, Diagram] = dict(zip(options, variables[::2], strict=False))
        self.there: Mapping[str, Diagram] = dict(zip(options, variables[1::2], strict=False))
        self.threshold: Sequence[Diagram] = variables[2 * len(options) :]
        self._place = {name: 2 * place for place, name in enumerate(options)}
        self._first_threshold = 2 * len(options)
        self.everything: Diagram = self._manager.true()
        self.nothing: Diagram = self._manager.false()
        self._algebra: Algebra[Diagram] = Algebra(
            self.here.__getitem__, lambda one: ~one, lambda one, other: one & other, lambda one, other: one | other
        )
        self.every_here: Diagram = self.cube(variables[: 2 * len(options) : 2])
        self.every_there: Diagram = self.cube(variables[1 : 2 * len(options) : 2])
        self._fixed: dict[tuple[str, bool], Substitution] = {}

    @property
    def has_room(self) -> bool:
        """Whether all nodes ever created fit: none has been, or will soon be, collected to make room for others.

        The time of a collection varies from run to run, so only what is computed before the first one is reproducible.
        """
        return not self._manager.gc_count() and self.made <= ROOMY * self.nodes

    @property
    def made(self) -> int:
        """The number of nodes, without those that were collected."""
        return self._manager.num_inner_nodes()

    def of(self, condition: Condition) -> Diagram:
        """Return the combinations of options that meet a condition."""
        return condition.fold(self._algebra)

    def cube(self, variables: Iterable[Diagram]) -> Diagram:
        """Return the conjunction of variables, the form that quantifiers need."""
        return reduce(and_, variables, self.everything)

    def with_option(self, states: Diagram, option: str, taken: bool) -> Diagram:
        """Return the cofactor of a set for an option taken or not taken: the result does not depend on the option."""
        key = (option, taken)
        if key not in self._fixed:
            value = self.everything if taken else self.nothing
            self._fixed[key] = Diagram.make_substitution([(self._place[option], value)])
        return states.substitute(self._fixed[key])

    def at(self, taken: Iterable[str]) -> Diagram:
        """Return the set of the single combination in which exactly these options are taken."""
        chosen = set(taken)
        # From the last option on, so that the diagram grows at its top.
        return self.cube(self.here[name] if name in chosen else ~self.here[name] for name in reversed(self.options))

    def constants(self, values: Iterable[bool]) -> list[Diagram]:
        """Return truth values as diagrams."""
        return [self.everything if value else self.nothing for value in values]

    def unchanged(self, options: Iterable[str]) -> Diagram:
        """Return the relation that some options have the same value *there* as *here*."""
        wanted = set(options)
        # From the last option on, so that the diagram grows at its top.
        return self.cube(self.here[name].equiv(self.there[name]) for name in reversed(self.options) if name in wanted)

    @cached_property
    def all_to_there(self) -> Substitution:
        """The substitution of *there* for *here* in all options."""
        return self.moving(self.options)

    def moving(self, options: Iterable[str]) -> Substitution:
        """Return the substitution of *there* for *here* in these options."""
        return Diagram.make_substitution([(self._place[name], self.there[name]) for name in options])

    def returning(self, options: Iterable[str]) -> Substitution:
        """Return the substitution of *here* for *there* in these options."""
        return Diagram.make_substitution([(self._place[name] + 1, self.here[name]) for name in options])

    def exchanging(self, options: Iterable[str]) -> Substitution:
        """Return the substitution that exchanges *here* and *there* in these options."""
        names = list(options)
        forth = [(self._place[name], self.there[name]) for name in names]
        return Diagram.make_substitution(forth + [(self._place[name] + 1, self.here[name]) for name in names])

    def setting_thresholds(self, bits: Sequence[Diagram]) -> Substitution:
        """Return the substitution of rank digits for the threshold variables."""
        return Diagram.make_substitution([(self._first_threshold + place, bit) for place, bit in enumerate(bits)])

    def exists_both(self, one: Diagram, other: Diagram, variables: Diagram) -> Diagram:
        """Return where some values of the variables satisfy both diagrams."""
        return one.apply_exists(_AND, other, variables)

    def count(self, states: Diagram) -> int:
        """Return the number of combinations of options in a set."""
        variables = 2 * len(self.options) + len(self.threshold)
        return states.sat_count(variables) >> (variables - len(self.options))

    def contains(self, states: Diagram, taken: Iterable[str]) -> bool:
        """Tell whether a combination of options is in a set."""
        chosen = set(taken)
        while (parts := states.cofactors()) is not None:
            place = states.node_var()
            assert place is not None
            states = parts[0] if self.options[place // 2] in chosen else parts[1]
        return states == self.everything

    def top(self, states: Diagram) -> tuple[str, Diagram, Diagram] | None:
        """Return the first option that a set's diagram decides, with the cofactors for taken and not taken."""
        parts = states.cofactors()
        if parts is None:
            return None
        place = states.node_var()
        assert place is not None
        return self.options[place // 2], parts[0], parts[1]

    def pick_pair(self, relation: Diagram) -> tuple[frozenset[str], frozenset[str]]:
        """Return one pair of a non-empty relation, as the options taken here and there."""
        taken: tuple[set[str], set[str]] = (set(), set())
        while (parts := relation.cofactors()) is not None:
            place = relation.node_var()
            assert place is not None
            without = parts[1] != self.nothing
            if not without:
                taken[place % 2].add(self.options[place // 2])
            relation = parts[1] if without else parts[0]
        return frozenset(taken[0]), frozenset(taken[1])

    def combinations(self, states: Diagram) -> Iterator[frozenset[str]]:
        """Yield the combinations of options in a set, as the options taken."""
        yield from self._combinations(states, 0, ())

    def _combinations(self, states: Diagram, place: int, taken: tuple[str, ...]) -> Iterator[frozenset[str]]:
        if states == self.nothing:
            return
        if place == len(self.options):
            yield frozenset(taken)
            return
        name = self.options[place]
        with_it = without = states
        top = self.top(states)
        if top is not None and top[0] == name:
            _, with_it, without = top
        yield from self._combinations(without, place + 1, taken)
        yield from self._combinations(with_it, place + 1, (*taken, name))


def nodes_that_fit() -> int:
    """Return the number of nodes that fit into the free memory, which is allocated only as they are created.

    Raises
    ------
    TooLargeError
        If the process may have too little address space for any: OxiDD would then end the process.
    """
    left = address_space_left()
    if left is not None and left < SYMBOLIC_SPACE:
        raise TooLargeError(
            f"the symbolic engine needs {SYMBOLIC_SPACE / 2**30:.1f} GiB of address space, and {left / 2**30:.1f} GiB "
            "are left. Raise the limit ('ulimit -v'), or use '--engine explicit'"
        )
    free = memory_available() if left is None else min(memory_available(), left - SYMBOLIC_STACK)
    return min(MAX_NODES, int(SHARE * free) // NODE_BYTES)
