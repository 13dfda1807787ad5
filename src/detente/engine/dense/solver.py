"""The dense solver: the explicit engine for large conflicts. Time and memory grow in proportion to the number of
states.

Theory of operation. Every combination of options is a cell (`detente.engine.dense.space`), and a decision maker's moves
stay within its fibre. The definition of `detente.concepts.concept` is decided by sweeps over whole arrays, as in
`detente.engine.explicit.fixpoints`: w(s1) is the smallest worth that the others can reach from s1, and s is stable if
no s1 that the player can move to has w(s1) above the rank of s. Nash, GMR and SMR take one sweep for each decision
maker, or a few if rules leave gaps. SEQ and SSEQ repeat sweeps over the changed cells until nothing changes.

The loops are compiled (`detente.engine.dense.kernels`) and run in one thread for each core, over parts of the fibres.
The calling thread only waits (`detente.engine.progress`), so it reacts to an interrupt at once; the worker threads stop
after their current part.

There is one array of ranks for each decision maker and one of each other array. Decided sets are kept as bits.

The general solver of `detente.engine.explicit.solver` decides what the definition over one decision maker's ranks does
not cover: simultaneity, merged states, coalitions, and preferences that list states.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import chain, combinations

import numpy as np
from numpy.typing import NDArray

from detente.concepts import Concept, Respond
from detente.engine.dense import loops
from detente.engine.dense.combinations import Combinations
from detente.engine.dense.moves import MAX_TILE, STAMP_BITS, CellMover, directions
from detente.engine.dense.space import Bits, DenseSpace, bits_set, from_bits, to_bits
from detente.engine.dense.suitability import DECIDED, must_fit_memory
from detente.engine.explicit.cube import StrategyCube, bytes_needed
from detente.engine.explicit.solver import ExplicitSolver, SimElsewhere
from detente.engine.interface import Arc, Best, Choice, Nearest, Solver, StateSet
from detente.engine.memory import memory_available
from detente.engine.progress import checkpoint, in_parts, run_interruptibly
from detente.engine.space import Bools, Ints, Ranks, covering_patterns_of_mask
from detente.engine.verdicts import ImprovementMove, SanctionPath, Step, Verdict
from detente.errors import TooLargeError
from detente.model.conflict import Conflict
from detente.model.preferences import StateReference
from detente.model.questions import Progress, no_progress
from detente.model.states import State


@dataclass(frozen=True, eq=False)
class DenseStateSet(StateSet):
    """A set of states with one bit for each cell; ``ranks`` returns a decision maker's rank of each cell."""

    space: DenseSpace
    bits: Bits
    ranks: Callable[[int], Ranks]
    #: The patterns by their greatest number, because several parts of an answer ask for them.
    _patterns: dict[int, tuple[str, ...] | None] = field(default_factory=dict, init=False)

    @cached_property
    def count(self) -> int:
        """The number of states in the set."""
        return bits_set(self.bits)

    def __contains__(self, number: object) -> bool:
        if not isinstance(number, int) or not 1 <= number <= self.space.count:
            return False
        cell = self.space.cell_of_number(number)
        return bool(self.bits[cell >> 3] >> (cell & 7) & 1)

    def numbers(self) -> Iterator[int]:
        """Yield the numbers of the states, ascending."""
        return self.space.numbers(self.bits)

    def common(self, others: Sequence[StateSet]) -> Iterator[int]:
        """Yield the numbers of the states that are in this set and in others of the same solver, ascending."""
        bits = [one.bits for one in others if isinstance(one, DenseStateSet)]
        return self.space.numbers(np.bitwise_and.reduce([self.bits, *bits]))

    def patterns(self, most: int) -> tuple[str, ...] | None:
        """Return disjoint patterns that cover exactly the set; None if more than ``most`` are needed."""
        if most not in self._patterns:
            self._patterns[most] = covering_patterns_of_mask(self.mask(), most)
        return self._patterns[most]

    def mask(self) -> Bools:
        """Tell for each cell whether it is in the set."""
        return from_bits(self.bits, self.space.cells)

    def same_as(self, other: StateSet) -> bool:
        """Tell whether another set of the same solver has the same states."""
        return isinstance(other, DenseStateSet) and np.array_equal(self.bits, other.bits)

    def nearest(self, state: State, most: int) -> Nearest | None:
        """Return the states that differ from a state in the fewest options; None if the set is empty."""
        start = self.space.cell_of_number(state.number)
        found = self._least(lambda cells: bit_counts(cells ^ start), most)
        return None if found is None else Nearest(*found)

    def best(self, decision_maker: int, most: int) -> Best:
        """Return the states of the set that a decision maker prefers most."""
        rank = self.ranks(decision_maker)
        found = self._least(lambda cells: -rank[cells].astype(np.int64), most)
        return Best(0, ()) if found is None else Best(*found[1:])

    def _least(self, measure: Callable[[Ints], Ints], most: int) -> tuple[int, int, tuple[State, ...]] | None:
        """Return the smallest measure of a state in the set, the number of states that have it, and the first of
        them.
        """
        least, total = 0, 0
        some: list[int] = []
        for cells in self.space.cells_of(self.bits):
            measured = measure(cells)
            here = int(measured.min())
            if total and here > least:
                continue
            if not total or here < least:
                least, total, some = here, 0, []
            equal = cells[measured == here]
            total += equal.size
            some += equal[: most - len(some)].tolist()
        return (least, total, tuple(map(self.space.state, some))) if total else None


def bit_counts(codes: Ints) -> NDArray[np.int64]:
    """Return the number of bits set in each code."""
    found = np.zeros_like(codes)
    while codes.any():
        found += codes & 1
        codes = codes >> 1
    return found


#: Maximum number of states for concepts that the general solver decides.
MAX_GENERAL = 2**18


#: Approximate number of cells that a thread processes at a time.
PART = 2**21


class DenseSolver(Solver):
    """A conflict compiled to cells."""

    name = "explicit"

    def __init__(self, conflict: Conflict, progress: Progress = no_progress, sim: SimElsewhere | None = None) -> None:
        self.conflict = conflict
        self._progress = progress
        self._sim = sim
        must_fit_memory(conflict)
        self._stable: dict[tuple[str, int], Bits] = {}
        self._equilibria: dict[str, DenseStateSet] = {}
        self._levels: dict[str, Ranks] = {}
        # One computation at a time: an interrupted one may still be ending.
        self._lock = threading.Lock()
        self._known: tuple[str, int] | None = None
        self._share, self._doing = 0.0, ""
        progress(0.0, "listing the feasible states")
        run_interruptibly(self._compile, progress)

    def _compile(self) -> None:
        self.space = DenseSpace(self.conflict)
        ranks = {}
        makers = self.conflict.decision_makers
        for number, maker in enumerate(makers, start=1):
            checkpoint(number / (len(makers) + 1), f"ranking the states for {maker.label} ({number})")
            ranks[maker.id] = self.space.ranks(maker.preferences)
        kind = np.result_type(*(rank.dtype for rank in ranks.values()))
        movers, first = {}, 0
        for maker in makers:
            kinds = directions(maker, dict(self.conflict.direction))
            rank = ranks.pop(maker.id).astype(kind, copy=False)
            movers[maker.id] = CellMover(maker.id, first, kinds, rank, self.space.feasible)
            first += kinds.size
        # The file may list coalitions of one in another order than the decision makers.
        self.movers = [movers[id] for (id,) in self.conflict.players]
        self._largest = kind.type(np.iinfo(kind).max)
        self._worth = np.empty(self.space.cells, dtype=kind)
        self._mask = np.empty(self.space.cells, dtype=bool)

    @property
    def count(self) -> int:
        """The number of feasible states."""
        return self.space.count

    def refuses(self, concept: Concept) -> str | None:
        """Return why a concept cannot be decided for a conflict of this size; None if it can."""
        if concept.id in DECIDED:
            return None
        if concept.respond is Respond.COMBINATIONS:
            needed, there = bytes_needed(len(self.movers), self.space.cells), memory_available()
            if needed <= there:
                return None
            return f"{concept.title} needs about {needed / 2**30:,.1f} GiB; {there / 2**30:,.1f} GiB are available"
        if self.space.count <= MAX_GENERAL:
            return None
        return f"the limit for {concept.title} is {MAX_GENERAL:,} states; the conflict has {self.space.count:,}"

    def choice(self, concept: Concept) -> Choice:
        """Return the engine that decides a concept, and the reason."""
        if concept.id not in DECIDED and concept.respond is not Respond.COMBINATIONS:
            return self._general.choice(concept)
        return Choice("explicit", f"{self.count:,} states are few enough to list")

    def stable(self, concept: Concept, player: int) -> DenseStateSet:
        """Return the states that are stable for a player under a concept."""
        return DenseStateSet(self.space, self._bits(concept, player), self._rank)

    def equilibria(self, concept: Concept) -> DenseStateSet:
        """Return the states that are stable for every player under a concept."""
        if concept.id not in self._equilibria:
            bits = self._bits(concept, 0).copy()
            for player in range(1, len(self.movers)):
                bits &= self._bits(concept, player)
            self._equilibria[concept.id] = DenseStateSet(self.space, bits, self._rank)
        return self._equilibria[concept.id]

    def cycling(self, concept: Concept, player: int) -> dict[int, int]:
        """Return the states for which a concept has no verdict for a player, each with the length of the cycle."""
        return self._general.cycling(concept, player) if concept.may_cycle else {}

    def state(self, number: int) -> State:
        """Return the state with this number."""
        return self.space.state(self.space.cell_of_number(number))

    def number_of(self, reference: StateReference) -> int:
        """Return the number of the state that a number, a Y/N pattern or a name refers to."""
        return self.space.number_of_cell(self.space.cell_of(reference))

    def ranks(self, decision_maker: int) -> list[int]:
        """Return a decision maker's rank of each state: 1 is best, and tied states share a rank."""
        rank = self._rank(decision_maker)
        feasible = rank if self.space.feasible is None else rank[self.space.feasible]
        dense = np.unique(feasible, return_inverse=True)[1].reshape(-1)
        return [int(value) for value in dense.max() + 1 - dense]

    def _rank(self, decision_maker: int) -> Ranks:
        """Return a decision maker's rank of each cell; its index among the players may differ."""
        id = self.conflict.decision_makers[decision_maker].id
        return next(mover.rank for mover in self.movers if mover.id == id)

    def arcs_from(self, state: int, player: int) -> Iterator[Arc]:
        """Yield the moves of a player from one state, for any number of states."""
        mover, cell = self.movers[player], self.space.cell_of_number(state)
        for target in mover.targets(cell).tolist():
            better = bool(mover.rank[target] > mover.rank[cell])
            yield Arc(player, state, self.space.number_of_cell(target), better)

    def _bits(self, concept: Concept, player: int) -> Bits:
        key = (concept.id, player)
        if key not in self._stable:
            if reason := self.refuses(concept):
                raise TooLargeError(reason)
            self._stable[key] = run_interruptibly(lambda: self._decided(concept, player), self._progress)
        return self._stable[key]

    @cached_property
    def _general(self) -> ExplicitSolver:
        return ExplicitSolver(self.conflict, self._progress, self._sim)

    def _decided(self, concept: Concept, player: int) -> Bits:
        if concept.respond is Respond.COMBINATIONS and len(self.movers) > 1:
            return self._simultaneous(player)
        if concept.id not in DECIDED and concept.respond is not Respond.COMBINATIONS:
            mask = np.zeros(self.space.cells, dtype=bool)
            where = slice(None) if self.space.feasible is None else self.space.feasible
            mask[where] = self._general.mask(concept, player)
            return to_bits(mask)
        mine = self.movers[player]
        with self._lock:
            self._share, self._doing = 0.0, f"{concept.title} for {mine.id}"
            arrays = (self._mask, self._deterrents(concept, player), mine.rank)
            self._swept(mine, loops.mark_stable, arrays, (mine.kinds,))
            bits = to_bits(self._mask)
        if self.space.feasible_bits is not None:
            bits &= self.space.feasible_bits
        return bits

    def _simultaneous(self, player: int) -> Bits:
        """Decide SIM for a player."""
        with self._lock:
            bits = to_bits(self._combinations.stable(player))
        if self.space.feasible_bits is not None:
            bits &= self.space.feasible_bits
        return bits

    @cached_property
    def _combinations(self) -> Combinations:
        marks = [mover.one_way_bits for mover in self.movers]
        gaps = self.space.feasible is not None
        kind = np.min_scalar_type(max(mover.top for mover in self.movers) + gaps)
        ranks = [mover.rank.astype(kind, copy=False) for mover in self.movers]
        if self.space.feasible is not None:
            ranks = [np.where(self.space.feasible, rank, kind.type(np.iinfo(kind).max)) for rank in ranks]
        cube = StrategyCube(
            widths=[mover.kinds.size for mover in self.movers],
            firsts=[mover.first for mover in self.movers],
            kept=[taken for taken, _ in marks],
            barred=[left for _, left in marks],
            ranks=ranks,
            gaps=gaps,
        )
        return Combinations(cube)

    def _deterrents(self, concept: Concept, player: int) -> Ranks:
        """Return for each cell the lowest rank that the others' responses can bring the player to; at most the cell's
        own rank.

        The latest result is kept, so that several states can be explained in turn.
        """
        mine, worth = self.movers[player], self._worth
        if concept.respond is Respond.NOBODY or len(self.movers) == 1:
            return mine.rank
        if self._known == (concept.id, player):
            return worth
        self._known = None
        if concept.counter_move:
            self._swept(mine, loops.best, (worth, mine.rank), (mine.kinds,))
        else:
            np.copyto(worth, mine.rank)
        if self.space.feasible is not None:
            np.putmask(worth, ~self.space.feasible, self._largest)
        others = [mover for place, mover in enumerate(self.movers) if place != player]
        self._settle(concept, worth, others)
        np.minimum(worth, mine.rank, out=worth)
        self._known = concept.id, player
        return worth

    def _settle(self, concept: Concept, worth: Ranks, others: Sequence[CellMover]) -> None:
        """Sweep over the others' moves in turn until a whole round changes nothing."""
        improving = concept.respond is Respond.IMPROVEMENTS
        changed = np.zeros((self.space.cells - 1 >> STAMP_BITS) + 1, dtype=np.int32)
        last = [-1] * len(others)
        once = not improving and self.space.feasible is None
        quiet, turn = 0, 0
        while quiet < len(others):
            place = turn % len(others)
            turn += 1
            sweep = self._improved if improving else self._moved
            lowered = others[place].size > 1 and sweep(worth, others[place], (changed, last[place], turn))
            last[place] = turn
            # Each round takes about half as long as the one before, because fewer cells have changed.
            self._share = 1 - 0.5 ** (turn / len(others))
            # If every combination is feasible, one round of moves reaches everything.
            quiet = quiet + 1 if once or not lowered else 1

    def _moved(self, worth: Ranks, mover: CellMover, stamps: tuple[object, ...]) -> bool:
        """Lower each cell's worth to that of the cells the mover can move to; tell whether any changed."""
        feasible = np.empty(0, dtype=bool) if mover.feasible is None else mover.feasible
        return self._swept(mover, loops.lower, (worth, feasible, self._largest), (mover.kinds, *stamps))

    def _improved(self, worth: Ranks, mover: CellMover, stamps: tuple[object, ...]) -> bool:
        """As `_moved`, for the mover's improvements only."""
        if mover.in_pairs:
            arrays = (worth, mover.rank, self._largest)
            return self._swept(mover, loops.lower_in_pairs, arrays, (*mover.moves, *stamps))
        level, top = self._levels_of(mover)
        rows = (top + 2 << mover.marked) * worth.itemsize
        lanes = max(16, min(64, MAX_TILE >> rows.bit_length()))
        more = (mover.patterns, mover.marked, top, *stamps)
        return self._swept(mover, loops.lower_by_level, (worth, level, self._largest), more, lanes)

    def _levels_of(self, mover: CellMover) -> tuple[Ranks, int]:
        """Return an array ordered as a mover's ranks within each of its fibres, and its highest value."""
        if not mover.levelled:
            return mover.rank, mover.top
        if mover.id not in self._levels:
            levels = np.empty(self.space.cells, dtype=np.min_scalar_type(mover.size - 1))
            self._swept(mover, loops.levels, (levels, mover.rank), (), 0)
            self._levels[mover.id] = levels
        return self._levels[mover.id], mover.size - 1

    def _swept(
        self,
        mover: CellMover,
        kernel: Callable[..., bool | None],
        arrays: tuple[object, ...],
        more: tuple[object, ...],
        lanes: int | None = None,
    ) -> bool:
        """Run a kernel over all fibres of a mover, part by part; tell whether any part returned true.

        A kernel without lanes processes one fibre after the other.
        """
        fibres = self.space.cells // mover.size
        lanes = min(fibres, mover.lanes if lanes is None else lanes)
        width = (lanes,) if lanes else ()
        given = (*arrays, mover.first, mover.kinds.size, *more, *width)
        return in_parts(
            lambda start, end: kernel(*given, start, end), fibres, max(lanes, PART // mover.size), self._checkpoint
        )

    def _checkpoint(self) -> None:
        checkpoint(self._share, self._doing)

    def why(self, state: int, player: int, concept: Concept) -> Verdict:
        """Return whether the numbered state is stable for a player under a concept, and why."""
        if concept.id not in DECIDED and concept.respond is not Respond.COMBINATIONS:
            return self._general.why(state, player, concept)
        return run_interruptibly(
            lambda: self._verdict(self.space.cell_of_number(state), player, concept), self._progress
        )

    def _verdict(self, cell: int, player: int, concept: Concept) -> Verdict:
        mine = self.movers[player]
        targets = mine.targets(cell)
        with self._lock:
            self._share, self._doing = 0.0, f"{concept.title} for {mine.id}"
            if concept.respond is Respond.COMBINATIONS:
                sanction = partial(self._combination, player, cell)
            else:
                sanction = partial(self._sanction, concept, player, cell, self._deterrents(concept, player))
            improvements = tuple(
                ImprovementMove(self.space.state(end), sanction(end))
                for end in targets[mine.rank[targets] > mine.rank[cell]].tolist()
            )
        stable = all(improvement.sanction for improvement in improvements)
        return Verdict(self.space.state(cell), player, concept, stable, improvements)

    def _sanction(
        self, concept: Concept, player: int, cell: int, worth: Ranks, improvement: int
    ) -> SanctionPath | None:
        """Return a shortest response that deters, if one can be reached."""
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
                    answers = mine.targets(end) if concept.counter_move else np.empty(0, dtype=np.int64)
                    if mine.rank[end] <= own and not np.any(mine.rank[answers] > own):
                        return self._shown(came, (end, place), answers.size if concept.counter_move else None)
                    queue.append((end, place))
        return None

    def _combination(self, player: int, cell: int, improvement: int) -> SanctionPath | None:
        """Return simultaneous improvements of as few others as possible that deter from an improvement, if any do."""
        mine = self.movers[player]
        ways = {}
        for place, mover in enumerate(self.movers):
            targets = mover.targets(cell)
            better = targets[mover.rank[targets] > mover.rank[cell]]
            if place != player and better.size:
                ways[place] = better
        for moving in chain.from_iterable(combinations(ways, number) for number in range(1, len(ways) + 1)):
            # A player changes only its own bits, so its part of a combination is a difference to the start.
            ends = np.array([improvement])
            for place in moving:
                ends = (ends[:, None] ^ (ways[place] ^ cell)).reshape(-1)
            deterring = mine.rank[ends] <= mine.rank[cell]
            if self.space.feasible is not None:
                deterring &= self.space.feasible[ends]
            if deterring.any():
                found = int(np.flatnonzero(deterring)[0])
                parts = np.unravel_index(found, [ways[place].size for place in moving])
                steps = [
                    Step(place, self.space.state(int(ways[place][part])))
                    for place, part in zip(moving, parts, strict=True)
                ]
                return SanctionPath(tuple(steps), self.space.state(int(ends[found])), simultaneous=True)
        return None

    def _shown(
        self, came: dict[tuple[int, int], tuple[int, int] | None], node: tuple[int, int], answers: int | None
    ) -> SanctionPath:
        end = self.space.state(node[0])
        steps: list[Step] = []
        before = came[node]
        while before is not None:
            steps.append(Step(node[1], self.space.state(node[0])))
            node, before = before, came[before]
        return SanctionPath(tuple(reversed(steps)), end, answers=answers)
