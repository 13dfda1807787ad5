"""Sets of states as diagrams: counted, described by patterns, and searched without listing them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property, reduce
from itertools import islice
from operator import and_, ne, or_

import numpy as np

from detente.engine.interface import Best, Nearest, StateSet
from detente.engine.progress import checkpoint, run_interruptibly
from detente.engine.space import Bools
from detente.engine.symbolic.diagrams import Diagram, Diagrams
from detente.engine.symbolic.space import Space
from detente.model.questions import Progress
from detente.model.states import State

#: Number of states up to which a whole set is decided even if only one state is asked about.
WHOLE_UP_TO = 65_536


class SymbolicStateSet(StateSet):
    """A set of states that is computed when it is first used.

    Parameters
    ----------
    space
        The feasible states.
    decide
        Computes the set and reports progress.
    holds_one
        Tells whether one state, given as a set of one, is in the set; cheaper than computing the whole set.
    digits
        Returns the digits of a decision maker's rank.
    """

    def __init__(
        self,
        space: Space,
        decide: Callable[[], Diagram],
        is_in: Callable[[Diagram], bool],
        digits: Callable[[int], Sequence[Diagram]],
        progress: Progress,
    ) -> None:
        self._space = space
        self._decide = decide
        self._is_in = is_in
        self._digits = digits
        self._progress = progress

    @cached_property
    def diagram(self) -> Diagram:
        """The set in the engine's representation: all members of its states."""
        return self._decide()

    @cached_property
    def _representatives(self) -> Diagram:
        """One member of each state of the set."""
        return self.diagram & self._space.representatives

    @cached_property
    def count(self) -> int:
        """The number of states in the set."""
        return self._space.counted(self.diagram)

    def __contains__(self, number: object) -> bool:
        if not isinstance(number, int) or not 1 <= number <= self._space.count:
            return False
        taken = self._space.member(number)
        if "diagram" in self.__dict__ or self._space.count <= WHOLE_UP_TO:
            return self._space.diagrams.contains(self.diagram, taken)
        return run_interruptibly(lambda: self._is_in(self._space.state_with(taken)), self._progress)

    def numbers(self) -> Iterator[int]:
        """Yield the numbers of the states, ascending."""
        return self._numbers(self._representatives)

    def common(self, others: Sequence[StateSet]) -> Iterator[int]:
        """Yield the numbers of the states that are in this set and in others of the same solver, ascending."""
        diagrams = [one.diagram for one in others if isinstance(one, SymbolicStateSet)]
        return self._numbers(reduce(and_, diagrams, self._representatives))

    def _numbers(self, representatives: Diagram) -> Iterator[int]:
        """Yield the numbers of the states with these representatives, ascending.

        The set is walked through together with all states, of which those that are passed are only counted.
        """
        space, names, with_option = self._space, self._space.names, self._space.diagrams.with_option
        stack = [(representatives, space.representatives, len(names), 1)]
        while stack:
            states, every, free, first = stack.pop()
            if states == space.diagrams.nothing:
                continue
            if states == every:
                yield from range(first, first + space.count_below(every, free))
                continue
            free -= 1
            without = with_option(every, names[free], False)
            number = first + space.count_below(without, free)
            stack.append((with_option(states, names[free], True), with_option(every, names[free], True), free, number))
            stack.append((with_option(states, names[free], False), without, free, first))

    def patterns(self, most: int) -> tuple[str, ...] | None:
        """Return disjoint patterns that cover exactly the set; None if more than ``most`` are needed."""
        self.diagram  # noqa: B018  (worked out with its own progress)
        return run_interruptibly(
            lambda: patterns(self._space.diagrams, self._space.names, self.diagram, most), self._progress
        )

    def same_as(self, other: StateSet) -> bool:
        """Tell whether another set of the same solver has the same states."""
        return isinstance(other, SymbolicStateSet) and self.diagram == other.diagram

    def has_members(self, columns: Mapping[str, Bools]) -> Bools:
        """Tell for each member, given as columns of truth values by option, whether it is in the set."""
        return true_of_members(self._space.diagrams, self.diagram, columns)

    def cells(self) -> Bools:
        """Tell for each combination of options, the first one at the lowest bit of its number, whether it is in the
        set.
        """
        return true_of_cells(self._space.diagrams, self.diagram, self._space.names)

    def nearest(self, state: State, most: int) -> Nearest | None:
        """Return the states that differ from a state in the fewest options; None if the set is empty."""
        if self.diagram == self._space.diagrams.nothing:
            return None
        return run_interruptibly(lambda: self._nearest(state, most), self._progress)

    def _nearest(self, state: State, most: int) -> Nearest:
        """Search at increasing distances; the distance of a merged state depends on its pattern, so these are compared
        one by one.
        """
        space, diagrams = self._space, self._space.diagrams
        letters = dict(zip(space.names, state.pattern, strict=True))
        merged = [
            (diagrams.at(largest), sum(map(ne, space.at(largest).pattern, state.pattern)))
            for largest in space.largest
            if diagrams.contains(self.diagram, largest)
        ]
        for distance, ring in enumerate(rings(diagrams, letters)):
            checkpoint(distance / (len(space.names) + 1), "searching for the nearest states")
            found = self.diagram & space.unmerged & ring
            found = reduce(or_, (largest for largest, far in merged if far == distance), found)
            if found != diagrams.nothing:
                return Nearest(distance, diagrams.count(found), self._some(found, most))
        raise AssertionError("every state has a finite distance")

    def best(self, decision_maker: int, most: int) -> Best:
        """Return the states of the set that a decision maker prefers most."""
        found = self._representatives
        for digit in self._digits(decision_maker):
            better = found & digit
            if better != self._space.diagrams.nothing:
                found = better
        return Best(self._space.diagrams.count(found), self._some(found, most))

    def _some(self, states: Diagram, most: int) -> tuple[State, ...]:
        some = islice(self._space.diagrams.combinations(states), most)
        return tuple(sorted(self._space.at(taken) for taken in some))


def true_of_members(diagrams: Diagrams, states: Diagram, columns: Mapping[str, Bools]) -> Bools:
    """Return for each member, given as columns of truth values by option, whether it is in a set.

    All members go down the diagram together, option by option.
    """
    numbers = {diagrams.nothing: 0, diagrams.everything: 1}
    numbers.setdefault(states, 2)
    place = {name: number for number, name in enumerate(diagrams.options)}
    # For each node its option, and its successors for not taken and taken.
    nodes = [(len(place), 0, 0), (len(place), 1, 1)]
    queue = [states] if numbers[states] == 2 else []
    for node in queue:
        top = diagrams.top(node)
        assert top is not None
        for part in top[1:]:
            if part not in numbers:
                numbers[part] = len(numbers)
                queue.append(part)
        nodes.append((place[top[0]], numbers[top[2]], numbers[top[1]]))
    option, without, having = np.array(nodes).T
    at = np.full(next(iter(columns.values())).size, numbers[states])
    for name, number in place.items():
        here = np.flatnonzero(option[at] == number)
        at[here] = np.where(columns[name][here], having[at[here]], without[at[here]])
    return np.asarray(at == 1)


def true_of_cells(diagrams: Diagrams, states: Diagram, names: Sequence[str]) -> Bools:
    """Return for each combination of these options, the first one at the lowest bit, whether it is in a set.

    The table of each node is made once, from those of its two parts, in the order of the diagram's options.
    """
    order = [name for name in diagrams.options if name in set(names)]
    level = {name: place for place, name in enumerate(order)}
    known: dict[tuple[Diagram, int], Bools] = {}

    def table(node: Diagram, place: int) -> Bools:
        """Return the values of a node over the options from a place on, the first of them at the highest bit."""
        top = diagrams.top(node)
        if top is None:
            return np.full(1 << (len(order) - place), node == diagrams.everything)
        if (node, place) not in known:
            name, having, without = top
            own = level[name]
            halves = np.concatenate([table(without, own + 1), table(having, own + 1)])
            known[node, place] = np.tile(halves, 1 << (own - place))
        return known[node, place]

    shaped = table(states, 0).reshape((2,) * len(order))
    return np.ascontiguousarray(shaped.transpose([level[name] for name in reversed(names)])).reshape(-1)


def rings(diagrams: Diagrams, letters: Mapping[str, str]) -> Iterator[Diagram]:
    """Yield for 0, 1, 2 … the combinations that differ from a given one in that number of options.

    ``letters`` is the given combination, with a dash for an option that always differs.
    """
    # below[d]: of the options processed so far, from the last one, exactly d differ.
    size = len(diagrams.options)
    for distance in range(size + 1):
        exactly = [diagrams.everything] + [diagrams.nothing] * distance
        for name in reversed(diagrams.options):
            here, letter = diagrams.here[name], letters[name]
            shorter = [diagrams.nothing, *exactly[:-1]]
            taken = exactly if letter == "Y" else shorter
            left = exactly if letter == "N" else shorter
            exactly = [here.ite(one, other) for one, other in zip(taken, left, strict=True)]
        yield exactly[distance]


def patterns(diagrams: Diagrams, names: Sequence[str], states: Diagram, most: int) -> tuple[str, ...] | None:
    """Cover a set by disjoint patterns; an option that makes no difference gets a dash."""
    found: list[str] = []
    place = {name: number for number, name in enumerate(names)}

    def split(part: Diagram, letters: dict[int, str]) -> bool:
        if part == diagrams.nothing:
            return True
        top = diagrams.top(part)
        if top is None:
            found.append("".join(letters.get(number, "-") for number in range(len(names))))
            checkpoint(len(found) / (most + 1), "describing by patterns")
            return len(found) <= most
        name, having, without = top
        here = place[name]
        return (
            split(having & without, letters)
            and split(without & ~having, {**letters, here: "N"})
            and split(having & ~without, {**letters, here: "Y"})
        )

    return tuple(sorted(found)) if split(states, {}) else None
