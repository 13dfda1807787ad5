"""Sets of states and relations between states as decision diagrams (Bryant 1986; the diagrams are OxiDD's).

Every option has two variables that stand next to each other: *here*, whether it is taken at a state, and *there*,
whether it is taken at the state that a move leads to. Behind them stand variables for the rank that a sanction has to
bring a decision maker down to.

The order of the options. A diagram is small where conditions are about neighbours in its order. The order is sought as
FORCE does (Aloul, Markov & Sakallah 2003): every group of options that a condition mentions pulls its members towards
its centre, round after round, and the round with the shortest groups is kept. Where it ends depends on where it begins,
so for more than a few options it begins again from some mixed orders, the same every time.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, reduce
from operator import and_

from oxidd.bcdd import BCDDFunction, BCDDManager, BCDDSubstitution
from oxidd.util import BooleanOperator

from detente.engine.memory import SYMBOLIC_SPACE, SYMBOLIC_STACK, address_space_left, memory_available
from detente.errors import TooLargeError
from detente.model.conditions import Algebra, Condition
from detente.model.conflict import Conflict

ROUNDS = 60


#: With so many options or more it is begun again so many times.
MANY_OPTIONS, AGAIN = 16, 12


def ordered_options(conflict: Conflict) -> tuple[str, ...]:
    """Return the option identifiers in the order in which the diagrams decide them."""
    names = [option.id for option in conflict.options]
    conditions = [
        *conflict.constraints,
        *(c for maker in conflict.decision_makers for c in maker.preferences.conditions()),
    ]
    mentioned = [tuple(dict.fromkeys(condition.options())) for condition in conditions]
    groups = [group for group in mentioned if len(group) > 1]
    chance = random.Random(0)
    starts = [names, *(chance.sample(names, len(names)) for _ in range(AGAIN if len(names) >= MANY_OPTIONS else 0))]
    orders = [pulled_together(start, groups) for start in starts]
    best = min(orders, key=lambda order: _length(order, groups))
    return tuple(best)


def pulled_together(names: Sequence[str], groups: Iterable[Sequence[str]], rounds: int = ROUNDS) -> list[str]:
    """Return the names in an order in which the members of each group stand near each other."""
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


#: What puts diagrams for variables.
Substitution = BCDDSubstitution


#: What a node takes, in bytes, with its share of the tables around it; and how many can be numbered at all.
NODE_BYTES = 60
MAX_NODES = 2**30


#: The share of the free memory that the diagrams may take.
SHARE = 0.75


#: Nodes are collected from a somewhat larger share of the nodes on than this.
ROOMY = 0.9
_AND = BooleanOperator.AND


class Diagrams:
    """The variables, and what is made of them."""

    def __init__(self, options: Sequence[str], thresholds: int, most_nodes: int | None = None) -> None:
        self.options = tuple(options)
        nodes = most_nodes or nodes_that_fit()
        # How many nodes to hold, and how many results to remember: little for little conflicts.
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
    def roomy(self) -> bool:
        """Whether all nodes ever made fit: none has been, or will soon be, collected to make room for others.

        When nodes are collected is a matter of chance, so only what is done before is the same every time.
        """
        return not self._manager.gc_count() and self.made <= ROOMY * self.nodes

    @property
    def made(self) -> int:
        """How many nodes there are, less those that were collected."""
        return self._manager.num_inner_nodes()

    def of(self, condition: Condition) -> Diagram:
        """Return the combinations of options that meet a condition."""
        return condition.fold(self._algebra)

    def cube(self, variables: Iterable[Diagram]) -> Diagram:
        """Return the variables joined by *and*, as quantifiers want them."""
        return reduce(and_, variables, self.everything)

    def with_option(self, states: Diagram, option: str, taken: bool) -> Diagram:
        """Return what is left of a set where an option is taken, or not: the option no longer counts."""
        key = (option, taken)
        if key not in self._fixed:
            value = self.everything if taken else self.nothing
            self._fixed[key] = Diagram.make_substitution([(self._place[option], value)])
        return states.substitute(self._fixed[key])

    def at(self, taken: Iterable[str]) -> Diagram:
        """Return the set of the one combination in which just these options are taken."""
        chosen = set(taken)
        # From the last option on, so that the diagram grows at its top.
        return self.cube(self.here[name] if name in chosen else ~self.here[name] for name in reversed(self.options))

    def constants(self, values: Iterable[bool]) -> list[Diagram]:
        """Return truth values as diagrams."""
        return [self.everything if value else self.nothing for value in values]

    def unchanged(self, options: Iterable[str]) -> Diagram:
        """Return that some options are *there* as they are *here*."""
        wanted = set(options)
        # From the last option on, so that the diagram grows at its top.
        return self.cube(self.here[name].equiv(self.there[name]) for name in reversed(self.options) if name in wanted)

    @cached_property
    def all_to_there(self) -> Substitution:
        """What puts *there* for *here* in all options."""
        return self.moving(self.options)

    def moving(self, options: Iterable[str]) -> Substitution:
        """Return what puts *there* for *here* in these options."""
        return Diagram.make_substitution([(self._place[name], self.there[name]) for name in options])

    def returning(self, options: Iterable[str]) -> Substitution:
        """Return what puts *here* for *there* in these options."""
        return Diagram.make_substitution([(self._place[name] + 1, self.here[name]) for name in options])

    def exchanging(self, options: Iterable[str]) -> Substitution:
        """Return what puts *there* for *here*, and *here* for *there*, in these options."""
        names = list(options)
        forth = [(self._place[name], self.there[name]) for name in names]
        return Diagram.make_substitution(forth + [(self._place[name] + 1, self.here[name]) for name in names])

    def setting_thresholds(self, bits: Sequence[Diagram]) -> Substitution:
        """Return what puts ranks for the threshold's variables."""
        return Diagram.make_substitution([(self._first_threshold + place, bit) for place, bit in enumerate(bits)])

    def exists_both(self, one: Diagram, other: Diagram, variables: Diagram) -> Diagram:
        """Return where some values of the variables meet both."""
        return one.apply_exists(_AND, other, variables)

    def count(self, states: Diagram) -> int:
        """Count the combinations of options in a set."""
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
        """Return the option that a set is decided by first, with what is left where it is taken and where not."""
        parts = states.cofactors()
        if parts is None:
            return None
        place = states.node_var()
        assert place is not None
        return self.options[place // 2], parts[0], parts[1]

    def pick_pair(self, relation: Diagram) -> tuple[frozenset[str], frozenset[str]]:
        """Return one pair of a relation that is not empty, as the options that are taken here and there."""
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
        """Yield the combinations of options in a set, as the options that are taken."""
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
    """Return how many nodes fit into the memory that is free; it is taken only as they are made.

    Raises
    ------
    TooLargeError
        When the process may have too little address space for any: OxiDD would end the process.
    """
    left = address_space_left()
    if left is not None and left < SYMBOLIC_SPACE:
        raise TooLargeError(
            f"the symbolic engine needs {SYMBOLIC_SPACE / 2**30:.1f} GiB of address space, and {left / 2**30:.1f} GiB "
            "are left: raise the limit ('ulimit -v'), or take '--engine explicit'"
        )
    free = memory_available() if left is None else min(memory_available(), left - SYMBOLIC_STACK)
    return min(MAX_NODES, int(SHARE * free) // NODE_BYTES)
