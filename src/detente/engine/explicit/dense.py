"""The explicit engine for large conflicts: time and memory grow with the number of states and no faster.

Every combination of options is a cell (`detente.engine.explicit.dense_space`), a decision maker's moves stay in its
fibre, and the sentence of `detente.stability.concept` is decided by sweeps over whole arrays, as in
`detente.engine.explicit.sweeps`: w(s1) is the smallest worth that the others can bring about from s1, and s is stable
when no s1 that the player can move to has a w above the rank of s. Nash, GMR and SMR take one sweep for each decision
maker, or a few where rules leave gaps; SEQ and SSEQ sweep until nothing changes, over what has changed.

The loops are compiled (`detente.engine.explicit.kernels`) and run in one thread for each core, over parts of the
fibres, none longer than a fraction of a second, so that an interrupt is heard between two of them.

What is not a sentence over one decision maker's ranks (simultaneity, merged states, coalitions, preferences that list
states) is left to the general solver of `detente.engine.explicit.solver`.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from detente.conflict.conditions import Algebra
from detente.conflict.model import ConflictModel
from detente.conflict.preferences import Prioritising, StateReference, Weights
from detente.conflict.states import State
from detente.engine.explicit import kernels
from detente.engine.explicit.cover import patterns_of_mask
from detente.engine.explicit.dense_space import Bools, DenseSpace, Ranks
from detente.engine.explicit.kernels import LARGEST, PAGE_BITS
from detente.engine.explicit.solver import ExplicitSolver
from detente.engine.interface import Arc, Improvement, Nearest, Progress, Sanction, Step, Verdict, no_progress
from detente.errors import TooLargeError
from detente.stability import Concept, Respond

#: The concepts that are decided here; others are left to the general solver.
DECIDED = frozenset({"nash", "gmr", "smr", "seq", "sseq"})
#: What the general solver is asked for has at most so many states.
MOST_GENERAL = 2**18
#: Fibres up to this size are compared pair by pair; larger ones are put in order once.
PAIRED = 16
#: The largest fibre whose order fits into 16 bits.
LARGEST_FIBRE = 2**15
#: A thread is given about so many cells at a time.
PART = 2**21


@dataclass(frozen=True, eq=False)
class DenseStateSet:
    """A set of states as a truth value for each cell."""

    space: DenseSpace
    mask: Bools

    @cached_property
    def count(self) -> int:
        """How many states there are in the set."""
        return int(np.count_nonzero(self.mask))

    def __contains__(self, number: object) -> bool:
        if not isinstance(number, int) or not 1 <= number <= self.space.count:
            return False
        return bool(self.mask[self.space.cell_of_number(number)])

    def numbers(self) -> Iterator[int]:
        """Yield the numbers of the states, ascending."""
        return self.space.numbers(self.mask)

    def patterns(self, most: int) -> tuple[str, ...] | None:
        """Return patterns, no two of which share a state, that cover just the set; None when more than ``most``."""
        return patterns_of_mask(self.mask, most)

    def nearest(self, state: State, most: int) -> Nearest | None:
        """Return the states of the set that the fewest options tell from one; None when the set is empty."""
        cells = np.flatnonzero(self.mask)
        if cells.size == 0:
            return None
        apart = cells ^ self.space.cell_of_number(state.number)
        far = np.zeros(cells.size, dtype=np.int64)
        for bit in range(len(state.pattern)):
            far += apart >> bit & 1
        least = int(far.min())
        found = cells[far == least]
        return Nearest(least, int(found.size), tuple(self.space.state(int(cell)) for cell in found[:most]))


@dataclass(frozen=True, eq=False)
class Mover:
    """A decision maker: its fibres, in which directions its options can be moved, and its rank of every cell."""

    id: str
    first: int
    kinds: NDArray[np.int64]
    rank: Ranks

    @property
    def step(self) -> int:
        """How far apart the cells of a fibre stand."""
        return 1 << self.first

    @property
    def size(self) -> int:
        """How many cells a fibre has."""
        return 1 << self.kinds.size

    @cached_property
    def patterns(self) -> NDArray[np.int64]:
        """For every place of a fibre which of the one-way options have been moved, as bits."""
        marked = [(bit, kind) for bit, kind in enumerate(self.kinds.tolist()) if kind != kernels.BOTH]
        places = np.arange(self.size)
        patterns = np.zeros(self.size, dtype=np.int64)
        for place, (bit, kind) in enumerate(marked):
            taken = places >> bit & 1
            patterns |= (taken if kind == kernels.FROM_TAKEN else 1 - taken) << place
        return patterns

    @cached_property
    def moves(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """For every place of a fibre the places that can be moved to, and where each list starts."""
        can = (self.patterns[:, None] & ~self.patterns[None, :]) == 0
        np.fill_diagonal(can, False)
        return np.nonzero(can)[1], np.concatenate([[0], np.cumsum(can.sum(axis=1))])

    def targets(self, cell: int) -> NDArray[np.int64]:
        """Return the feasible cells that can be moved to from one."""
        place = cell >> self.first & (self.size - 1)
        others, starts = np.arange(self.size), cell - (place << self.first)
        allowed = (self.patterns[place] & ~self.patterns) == 0
        allowed[place] = False
        cells = starts + (others[allowed] << self.first)
        return np.asarray(cells[self.rank[cells] >= 0])


class DenseSolver:
    """A conflict compiled to cells."""

    name = "explicit"

    def __init__(self, conflict: ConflictModel, progress: Progress = no_progress) -> None:
        self.conflict = conflict
        self._progress = progress
        refuse_what_does_not_fit(conflict)
        progress(0.0, "listing the feasible states")
        self.space = DenseSpace(conflict)
        self.movers = self._movers()
        self._pool = ThreadPoolExecutor(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else None)
        self._stable: dict[tuple[str, int], Bools] = {}
        self._last: tuple[tuple[str, int], Ranks] | None = None

    def _movers(self) -> list[Mover]:
        """Return every player as a mover, in the order of players: groups of one may be listed in another."""
        movers: dict[str, Mover] = {}
        first = 0
        for done, maker in enumerate(self.conflict.decision_makers):
            self._progress(0.0, f"ranking the states for {maker.label} ({done + 1})")
            direction = self.conflict.direction
            kinds = [_kind(direction.get(option.id)) for option in maker.options]
            rank = self.space.ranks(maker.preferences)
            movers[maker.id] = Mover(maker.id, first, np.array(kinds, dtype=np.int64), rank)
            first += len(kinds)
        return [movers[id] for (id,) in self.conflict.players]

    @property
    def count(self) -> int:
        """How many feasible states there are."""
        return self.space.count

    def refuses(self, concept: Concept) -> str | None:
        """Return why a concept cannot be decided for a conflict of this size; None when it can."""
        if concept.id in DECIDED or self.space.count <= MOST_GENERAL:
            return None
        return f"{concept.title} is decided for up to {MOST_GENERAL:,} states; there are {self.space.count:,}"

    def stable(self, concept: Concept, player: int) -> DenseStateSet:
        """Return the states that are stable for a player under a concept."""
        return DenseStateSet(self.space, self._mask(concept, player))

    def equilibria(self, concept: Concept) -> DenseStateSet:
        """Return the states that are stable for every player under a concept."""
        mask = self._mask(concept, 0).copy()
        for player in range(1, len(self.movers)):
            mask &= self._mask(concept, player)
        return DenseStateSet(self.space, mask)

    def cycling(self, concept: Concept, player: int) -> dict[int, int]:
        """Return the states for which a concept has no verdict for a player, with the length of the cycle."""
        return self._general.cycling(concept, player) if concept.may_cycle else {}

    def state(self, number: int) -> State:
        """Return the state with this number."""
        return self.space.state(self.space.cell_of_number(number))

    def number_of(self, reference: StateReference) -> int:
        """Return the number of the state that a number, a Y/N pattern or a name refers to."""
        return self.space.number_of_cell(self.space.cell_of(reference))

    def ranks(self, decision_maker: int) -> list[int]:
        """Return for every state its rank for a decision maker: 1 is best, and ties share a rank."""
        id = self.conflict.decision_makers[decision_maker].id
        rank = next(mover.rank for mover in self.movers if mover.id == id)
        dense = np.unique(rank[rank >= 0], return_inverse=True)[1].reshape(-1)
        return [int(value) for value in dense.max() + 1 - dense]

    def arcs(self) -> Iterator[Arc]:
        """Yield every unilateral move, player by player."""
        for player in range(len(self.movers)):
            for number in range(1, self.count + 1):
                yield from self.arcs_from(number, player)

    def arcs_from(self, state: int, player: int) -> Iterator[Arc]:
        """Yield the moves of a player from one state, however many states there are."""
        mover, cell = self.movers[player], self.space.cell_of_number(state)
        for target in mover.targets(cell).tolist():
            better = bool(mover.rank[target] > mover.rank[cell])
            yield Arc(player, state, self.space.number_of_cell(target), better)

    def _mask(self, concept: Concept, player: int) -> Bools:
        key = (concept.id, player)
        if key not in self._stable:
            self._stable[key] = self._decided(concept, player)
        return self._stable[key]

    @cached_property
    def _general(self) -> ExplicitSolver:
        return ExplicitSolver(self.conflict, self._progress)

    def _decided(self, concept: Concept, player: int) -> Bools:
        mask = np.zeros(self.space.cells, dtype=bool)
        if concept.id not in DECIDED:
            if reason := self.refuses(concept):
                raise TooLargeError(reason)
            where = slice(None) if self.space.feasible is None else self.space.feasible
            mask[where] = self._general.mask(concept, player)
            return mask
        mine = self.movers[player]
        self._swept(mine, kernels.stable, (mask, self._deterrents(concept, player), mine.rank), (mine.kinds,))
        return mask

    def _deterrents(self, concept: Concept, player: int) -> Ranks:
        """Return for every cell what the others can bring the player down to from it; at most its rank."""
        mine = self.movers[player]
        if concept.respond is Respond.NOBODY or len(self.movers) == 1:
            return mine.rank
        worth = np.empty(self.space.cells, dtype=np.int32)
        if concept.answers:
            self._swept(mine, kernels.best, (worth, mine.rank, mine.rank), (mine.kinds,))
        else:
            np.copyto(worth, mine.rank)
            if self.space.feasible is not None:
                worth[~self.space.feasible] = LARGEST
        others = [mover for place, mover in enumerate(self.movers) if place != player]
        self._settle(worth, others, concept.respond is Respond.IMPROVEMENTS)
        return np.minimum(worth, mine.rank, out=worth)

    def _settle(self, worth: Ranks, others: Sequence[Mover], improving: bool) -> None:
        """Sweep over the others' moves in turn until a whole round changes nothing."""
        changed = np.zeros((self.space.cells - 1 >> PAGE_BITS) + 1, dtype=np.int64)
        last = [-1] * len(others)
        once = not improving and self.space.feasible is None
        quiet, turn = 0, 0
        while quiet < len(others):
            place = turn % len(others)
            turn += 1
            lowered = self._lowered(worth, others[place], improving, changed, last[place], turn)
            last[place] = turn
            # Where every combination is feasible, one round of moves goes everywhere.
            quiet = quiet + 1 if once or not lowered else 1

    def _lowered(
        self, worth: Ranks, mover: Mover, improving: bool, changed: NDArray[np.int64], since: int, now: int
    ) -> bool:
        if mover.size == 1:
            return False
        stamps = (changed, since, now)
        if not improving:
            gaps = mover.rank if self.space.feasible is not None else mover.rank[:0]
            return self._swept(mover, kernels.lower, (worth, gaps), (mover.kinds, *stamps))
        if mover.size <= PAIRED:
            return self._swept(mover, kernels.lower_improving, (worth, mover.rank), (*mover.moves, *stamps))
        orders = self._orders[mover.id]
        most = 1 << int((mover.kinds != kernels.BOTH).sum())
        return self._swept(mover, kernels.lower_in_order, (worth, orders), (mover.patterns, most, *stamps))

    @cached_property
    def _orders(self) -> dict[str, NDArray[np.uint16]]:
        orders = {}
        for mover in self.movers:
            if mover.size > PAIRED:
                orders[mover.id] = np.empty(self.space.cells, dtype=np.uint16)
                self._swept(mover, kernels.order, (orders[mover.id], mover.rank), ())
        return orders

    def _swept(
        self, mover: Mover, kernel: Callable[..., bool | None], arrays: tuple[object, ...], more: tuple[object, ...]
    ) -> bool:
        """Run a kernel over all fibres of a mover, part by part; tell whether any part says so."""
        fibres = self.space.cells // mover.size
        part = max(1, PART // mover.size)
        # A part ends where a run of neighbouring fibres ends, so that tiles are whole.
        part = max(kernels.LANES, part - part % kernels.LANES)
        parts = [(first, min(first + part, fibres)) for first in range(0, fibres, part)]
        run = [
            self._pool.submit(kernel, *arrays, mover.first, mover.kinds.size, *more, first, last)
            for first, last in parts
        ]
        try:
            said = [bool(one.result()) for one in run]
        except BaseException:
            for one in run:
                one.cancel()
            raise
        return any(said)

    def why(self, state: int, player: int, concept: Concept) -> Verdict:
        """Return whether the numbered state is stable for a player under a concept, and why."""
        if concept.id not in DECIDED:
            return self._general.why(state, player, concept)
        cell = self.space.cell_of_number(state)
        mine = self.movers[player]
        targets = mine.targets(cell)
        worth = self._kept(concept, player)
        improvements = tuple(
            Improvement(self.space.state(end), self._sanction(concept, player, cell, end, worth))
            for end in targets[mine.rank[targets] > mine.rank[cell]].tolist()
        )
        stable = all(improvement.sanction for improvement in improvements)
        return Verdict(self.space.state(cell), player, concept, stable, improvements)

    def _kept(self, concept: Concept, player: int) -> Ranks:
        """Return the deterrents that were asked for last, so that one state after the other can be explained."""
        key = (concept.id, player)
        if self._last is None or self._last[0] != key:
            self._last = (key, self._deterrents(concept, player))
        return self._last[1]

    def _sanction(self, concept: Concept, player: int, cell: int, improvement: int, worth: Ranks) -> Sanction | None:
        """Return a shortest answer that deters, sought only where one can still be reached."""
        mine = self.movers[player]
        own = int(mine.rank[cell])
        if concept.respond is Respond.NOBODY or worth[improvement] > own:
            return None
        came: dict[tuple[int, int], tuple[int, int] | None] = {(improvement, -1): None}
        queue = deque(came)
        while queue:
            node = queue.popleft()
            for place, mover in enumerate(self.movers):
                if place in (player, node[1]):
                    continue
                targets = mover.targets(node[0])
                if concept.respond is Respond.IMPROVEMENTS:
                    targets = targets[mover.rank[targets] > mover.rank[node[0]]]
                for end in targets[worth[targets] <= own].tolist():
                    if (end, place) in came:
                        continue
                    came[(end, place)] = node
                    answers = mine.targets(end) if concept.answers else np.empty(0, dtype=np.int64)
                    if mine.rank[end] <= own and not np.any(mine.rank[answers] > own):
                        return self._shown(came, (end, place), answers.size if concept.answers else None)
                    queue.append((end, place))
        return None

    def _shown(
        self, came: dict[tuple[int, int], tuple[int, int] | None], node: tuple[int, int], answers: int | None
    ) -> Sanction:
        end = self.space.state(node[0])
        steps: list[Step] = []
        before = came[node]
        while before is not None:
            steps.append(Step(node[1], self.space.state(node[0])))
            node, before = before, came[before]
        return Sanction(tuple(reversed(steps)), end, answers=answers)


def _kind(direction: bool | None) -> int:
    if direction is None:
        return kernels.BOTH
    return kernels.FROM_TAKEN if direction else kernels.FROM_LEFT


def suits(conflict: ConflictModel) -> bool:
    """Tell whether a conflict is one for this solver: nothing merged, nobody joined, preferences by conditions."""
    return (
        not conflict.merge
        and all(len(members) == 1 for members in conflict.players)
        and all(isinstance(maker.preferences, Prioritising | Weights) for maker in conflict.decision_makers)
        and all(1 << len(maker.options) <= LARGEST_FIBRE for maker in conflict.decision_makers)
        and len(conflict.options) < 48
    )


def share_feasible(conflict: ConflictModel, samples: int = 4096) -> float:
    """Estimate which share of all combinations of options the rules leave, from random ones (always the same)."""
    chance = np.random.default_rng(0)
    drawn = {option.id: chance.random(samples) < 0.5 for option in conflict.options}
    algebra: Algebra[Bools] = Algebra(drawn.__getitem__, np.logical_not, np.logical_and, np.logical_or)
    allowed = np.ones(samples, dtype=bool)
    for condition in conflict.constraints:
        allowed &= condition.fold(algebra)
    return float(allowed.mean())


def refuse_what_does_not_fit(conflict: ConflictModel) -> None:
    """Raise `TooLargeError`, with the figure, for what would not fit into this machine's memory."""
    needed, there = memory_needed(conflict), memory_available()
    if needed > there:
        raise TooLargeError(
            f"2^{len(conflict.options)} combinations of options need about {needed / 2**30:,.1f} GiB; there are "
            f"{there / 2**30:,.1f} GiB. Add rules that exclude what cannot happen"
        )


def memory_needed(conflict: ConflictModel, concepts: int = 4) -> int:
    """Return about how many bytes a conflict takes: ranks, orders of large fibres, masks, and what is being swept."""
    makers = conflict.decision_makers
    orders = sum(2 for maker in makers if 1 << len(maker.options) > PAIRED)
    each = 4 * len(makers) + orders + concepts * len(makers) + 4 + 4 + 1
    return each << len(conflict.options)


def memory_available() -> int:
    """Return how many bytes of memory this machine has free, or 8 GiB where that is not known."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable"))
    except (OSError, StopIteration):
        return 8 * 2**30
