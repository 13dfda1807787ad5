"""Conflict evolution: how a dispute can get from one state to another, who moves, at what cost, and what blocks the
way.

Theory of operation. A legal path is a sequence of moves in which no player moves twice in a row. The search runs over
pairs of a state and its last mover, because a shortest path through the states alone may be illegal (Li, Kilgour &
Hipel 2005; Xu, Kilgour, Hipel & Kemkes 2010). Breadth-first search finds the shortest paths. A *sacrifice* is a move to
a state that the mover does not strictly prefer; a search that puts sacrifices before length finds the paths with the
fewest.

Cost: linear in the number of moves times players for the shortest paths; simple paths can be exponentially many and are
limited.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from detente.analysis.equilibria import analyze
from detente.analysis.result import ConflictResult, state_data
from detente.concepts import Concept, chosen
from detente.engine import INSTEAD, Solver, solver
from detente.engine.interface import Arc
from detente.errors import InputError, TooLargeError, UnknownNameError
from detente.lazy import dataclass
from detente.limits import MAX_LISTED, MAX_PATH_MOVES, MAX_PATH_STEPS, MAX_PATHS
from detente.model.conflict import Conflict
from detente.model.day import model_of_day
from detente.model.preferences import StateReference
from detente.model.questions import Progress, no_progress
from detente.model.states import State
from detente.model.wording import NO_STATUS_QUO

#: The target that stands for all equilibria.
EQUILIBRIA = "equilibria"
#: The kinds of moves that a path may consist of.
PATH_KINDS = ("moves", "improvements")
#: Number of steps between two progress reports.
PROGRESS_EVERY = 20_000


@dataclass(frozen=True)
class Move:
    """One step of a path.

    Attributes
    ----------
    player
        Who moves: a decision maker, or the members of a standing coalition joined by ``+``.
    start
        The state before the move.
    end
        The state after the move.
    improvement
        Whether the mover strictly prefers the state after the move.
    """

    player: str
    start: State
    end: State
    improvement: bool


MovePath = tuple[Move, ...]


def cost(path: MovePath) -> int:
    """Return the number of sacrifices on a path: moves that are not improvements for their movers."""
    return sum(not move.improvement for move in path)


@dataclass(frozen=True)
class Target:
    """A state that was asked for: the paths to it, or what blocks them.

    Attributes
    ----------
    state
        The state.
    concepts
        The stability concepts under which it is an equilibrium, by identifier.
    steps
        The number of moves in the shortest paths of the kind that was asked for, or None.
    paths
        The shortest paths, or all simple paths if these were asked for: the shortest first, then by sacrifices.
    complete
        Whether ``paths`` lists all of them.
    fewest_sacrifices
        The least number of moves on any legal path that are not improvements; None without a path.
    detour
        A path with that number of sacrifices; None without a path.
    """

    state: State
    concepts: tuple[str, ...]
    steps: int | None
    paths: tuple[MovePath, ...]
    complete: bool
    fewest_sacrifices: int | None
    detour: MovePath | None

    @property
    def reachable(self) -> bool:
        """Whether a path of the requested kind leads to the state."""
        return self.steps is not None

    @property
    def route(self) -> MovePath | None:
        """The path that a row of a table shows; None if no moves lead there at all.

        It has the fewest sacrifices, and is a shortest path if that has no more.
        """
        shortest = self.paths[0] if self.paths else None
        if self.detour is None or (shortest is not None and cost(shortest) <= cost(self.detour)):
            return shortest
        return self.detour


@dataclass(frozen=True)
class Evolution(ConflictResult):
    """The paths from a state to the states that were asked for.

    Attributes
    ----------
    start
        The state from which the paths begin.
    by
        ``moves`` or ``improvements``.
    sacrifices
        The maximum number of moves in a path that are not improvements.
    twice
        Whether a player may move twice in a row.
    targets
        The states that were asked for, with the paths to them.
    reached
        Every state that can be reached, its least number of moves, and the last movers of the shortest paths.
    moves
        The moves on the shortest paths: the graph of these paths.
    concepts
        The stability concepts that were asked about, by identifier.
    """

    format = "detente-evolve/1"
    question = "evolution"

    start: State
    by: str
    sacrifices: int
    twice: bool
    targets: tuple[Target, ...]
    reached: tuple[tuple[State, int, tuple[str, ...]], ...]
    moves: tuple[Move, ...]
    concepts: tuple[str, ...]

    def by_cost(self) -> list[Target]:
        """Return the targets, those with the fewest sacrifices first, then the nearest."""
        unreachable = float("inf")
        return sorted(
            self.targets,
            key=lambda one: (
                unreachable if one.fewest_sacrifices is None else one.fewest_sacrifices,
                unreachable if one.steps is None else one.steps,
            ),
        )

    def target(self, state: StateReference) -> Target:
        """Return one of the targets, by its number, pattern or name."""
        for one in self.targets:
            if state in (one.state.number, one.state.pattern, one.state.name):
                return one
        raise UnknownNameError("target", state, [one.state.pattern for one in self.targets])

    def to_dict(self) -> dict[str, Any]:
        """Return the evolution as plain data, format ``detente-evolve/1``."""
        return {
            "format": self.format,
            **self.conflict.basis.to_dict(),
            "conflict": {"title": self.conflict.title},
            "from": state_data(self.start),
            "by": self.by,
            "sacrifices": self.sacrifices,
            "twice_in_a_row": self.twice,
            "answer": self.words.answer(self),
            "targets": [
                {
                    **state_data(one.state),
                    "concepts": list(one.concepts),
                    "reachable": one.reachable,
                    "steps": one.steps,
                    "sacrifices": cost(one.paths[0]) if one.paths else None,
                    "paths": [[_move(move) for move in path] for path in one.paths],
                    "complete": one.complete,
                    "fewest_sacrifices": one.fewest_sacrifices,
                    "detour": [_move(move) for move in one.detour] if one.detour is not None else None,
                    "text": self.words.why(self, one),
                }
                for one in self.targets
            ],
            "reached": [
                {**state_data(state), "steps": steps, "last": list(last)} for state, steps, last in self.reached
            ],
            "moves": [_move(move) for move in self.moves],
        }

    def rows(self) -> list[dict[str, Any]]:
        """Return one record for each target; ``steps`` and ``fewest_sacrifices`` are those of its ``path``."""
        return [
            {
                "number": one.state.number,
                "state": one.state.pattern,
                "name": one.state.name or "",
                "concepts": " ".join(one.concepts),
                "reachable": one.reachable,
                "paths": len(one.paths),
                "steps": None if one.route is None else len(one.route),
                "fewest_sacrifices": None if one.route is None else cost(one.route),
                "path": " ".join(str(move.end.number) for move in one.route or ()),
            }
            for one in self.targets
        ]


def evolve(
    conflict: Conflict,
    start: StateReference = "status quo",
    to: StateReference = EQUILIBRIA,
    *,
    by: str = "moves",
    sacrifices: int = 0,
    twice: bool = False,
    simple: bool = False,
    longest: int | None = None,
    concepts: Iterable[str] | None = None,
    engine: str = "auto",
    progress: Progress = no_progress,
) -> Evolution:
    """Find how a dispute can get from one state to another, or to its equilibria.

    The method `detente.Conflict.evolve` describes the parameters, the steps and the errors.
    """
    conflict = model_of_day(conflict)
    if by not in PATH_KINDS:
        raise UnknownNameError("way", by, PATH_KINDS)
    compiled = solver(conflict, engine)
    if compiled.count > MAX_LISTED:
        raise TooLargeError(f"the dispute has {compiled.count:,} states, too many to search for paths. {INSTEAD}")
    if start in ("status quo", "status_quo") and conflict.status_quo is None:
        raise InputError(f"{NO_STATUS_QUO}; name the state to start from, as in --from 3")
    first = compiled.number_of(start)
    asked = None if to == EQUILIBRIA else compiled.number_of(to)
    moves = _moves_from(compiled, lambda share, doing: progress(0.2 * share, doing))
    asked_about = chosen(concepts)
    under = _equilibria(conflict, asked_about, engine, lambda share, doing: progress(0.2 + 0.2 * share, doing))
    wanted = sorted(under) if asked is None else [asked]
    progress(0.4, "looking for the shortest paths")
    search = _Search(compiled, moves, by, sacrifices, twice)
    steps = search.steps_from(first)
    progress(0.5, "looking for the paths with the fewest concessions")
    cheapest = _Search(compiled, moves, "improvements", None, twice).cheapest(first)
    shortest = _Shortest(search, steps, first)
    targets = []
    for place, number in enumerate(wanted):
        progress(0.6 + 0.4 * place / len(wanted), f"{place:,} of {len(wanted):,} target states")
        length = shortest.length(number)
        if longest is not None and length is not None and length > longest:
            length = None
        paths: list[tuple[Arc, ...]] = []
        complete = True
        if length is not None:
            limit = longest if longest is not None else shortest.reached
            if simple:
                paths = list(islice(search.simple_paths(first, number, limit), MAX_PATHS + 1))
                complete = not search.tired
            paths = paths or list(islice(shortest.paths(number), MAX_PATHS + 1))
        ways = sorted(map(search.moves, paths[:MAX_PATHS]), key=lambda path: (len(path), cost(path)))
        # A shortest legal path may visit a state twice, so every simple path may be longer.
        length = len(ways[0]) if ways else length
        least = cheapest(number)
        detour = None if least is None else search.moves(least)
        targets.append(
            Target(
                compiled.state(number),
                tuple(under.get(number, ())),
                length,
                tuple(ways),
                complete and len(paths) <= MAX_PATHS,
                None if detour is None else cost(detour),
                detour,
            )
        )
    reached, on_the_way = search.layers(steps)
    ids = tuple(concept.id for concept in asked_about)
    found = (tuple(targets), tuple(reached), tuple(on_the_way))
    return Evolution(conflict, compiled.state(first), by, sacrifices, twice, *found, ids)


def _moves_from(compiled: Solver, progress: Progress) -> dict[int, list[Arc]]:
    """Return the moves from each state that has any."""
    found: dict[int, list[Arc]] = {}
    for count, arc in enumerate(compiled.arcs(), start=1):
        found.setdefault(arc.start, []).append(arc)
        if count > MAX_PATH_MOVES:
            raise TooLargeError(
                f"the dispute has more than {MAX_PATH_MOVES:,} moves, too many to search for paths. {INSTEAD}"
            )
        if count % PROGRESS_EVERY == 0:
            progress(count / MAX_PATH_MOVES, f"{count:,} moves listed")
    return found


def _equilibria(
    conflict: Conflict, concepts: Sequence[Concept], engine: str, progress: Progress
) -> dict[int, list[str]]:
    analysis = analyze(conflict, [concept.id for concept in concepts], engine, progress=progress)
    under: dict[int, list[str]] = {}
    for concept in concepts:
        for state in analysis.equilibria(concept.id):
            under.setdefault(state.number, []).append(concept.id)
    return under


#: A state, its last mover (-1 at the start), and the number of sacrifices so far.
_Node = tuple[int, int, int]


class _Search:
    """A search for paths over a conflict's moves; ``sacrifices`` None means any number."""

    def __init__(
        self, compiled: Solver, moves: dict[int, list[Arc]], by: str, sacrifices: int | None, twice: bool
    ) -> None:
        self._compiled = compiled
        self._counted = by == "improvements"
        self._most = sacrifices
        self._twice = twice
        self._from = moves
        self._states: dict[int, State] = {}
        self._left = MAX_PATH_STEPS

    @property
    def tired(self) -> bool:
        """Whether the search for simple paths has reached its limit of steps."""
        return self._left <= 0

    def following(self, node: _Node) -> Iterator[tuple[Arc, _Node]]:
        """Yield the moves that are legal next, and the nodes they lead to."""
        state, last, spent = node
        for arc in self._from.get(state, ()):
            if arc.player == last and not self._twice:
                continue
            cost = spent + (self._counted and not arc.improvement)
            if self._counted and self._most is not None and cost > self._most:
                continue
            yield arc, (arc.end, -1 if self._twice else arc.player, cost if self._most is not None else 0)

    def steps_from(self, first: int) -> dict[_Node, int]:
        """Return the smallest number of steps to each node."""
        start = (first, -1, 0)
        steps = {start: 0}
        waiting = deque([start])
        while waiting:
            node = waiting.popleft()
            for _, following in self.following(node):
                if following not in steps:
                    steps[following] = steps[node] + 1
                    waiting.append(following)
        return steps

    def simple_paths(self, first: int, end: int, longest: int) -> Iterator[tuple[Arc, ...]]:
        """Yield the paths that visit no state twice, the shortest first, until the limit of steps.

        Each length is searched anew (iterative deepening), so that only one path is in memory.
        """
        for length in range(longest + 1):
            self._cut = False
            yield from self._of_length(first, end, length)
            if not self._cut or self.tired:
                return

    def _of_length(self, first: int, end: int, length: int) -> Iterator[tuple[Arc, ...]]:
        """Yield the simple paths of exactly this length; record whether a path was cut off that could continue."""
        path: list[Arc] = []
        passed = {first}
        ways = [self._onward((first, -1, 0), end, length)]
        if first == end:
            if length == 0:
                yield ()
            return
        while ways:
            step = next(ways[-1], None)
            self._left -= 1
            if step is None or self.tired:
                ways.pop()
                if path:
                    passed.discard(path.pop().end)
                if self.tired:
                    return
                continue
            arc, node = step
            if arc.end in passed:
                continue
            path.append(arc)
            passed.add(arc.end)
            if arc.end == end and len(path) == length:
                yield tuple(path)
            ways.append(self._onward(node, end, length - len(path)))

    def _onward(self, node: _Node, end: int, left: int) -> Iterator[tuple[Arc, _Node]]:
        if node[0] == end:
            return iter(())
        if left == 0:
            self._cut = True
            return iter(())
        return self.following(node)

    def cheapest(self, first: int) -> Callable[[int], tuple[Arc, ...] | None]:
        """Return a function that finds a path to a state with the fewest sacrifices, and among these a shortest."""
        start = (first, -1, 0)
        best: dict[_Node, tuple[int, int]] = {start: (0, 0)}
        came: dict[_Node, tuple[_Node, Arc]] = {}
        ends: dict[int, _Node] = {}
        layers: dict[tuple[int, int], list[_Node]] = {(0, 0): [start]}
        while layers:
            cost = min(layers)
            for node in layers.pop(cost):
                if best[node] < cost:
                    continue
                ends.setdefault(node[0], node)
                for arc, following in self.following(node):
                    new = (cost[0] + (not arc.improvement), cost[1] + 1)
                    if following not in best or new < best[following]:
                        best[following] = new
                        came[following] = (node, arc)
                        layers.setdefault(new, []).append(following)
        return lambda end: self._traced(ends[end], came) if end in ends else None

    @staticmethod
    def _traced(node: _Node, came: dict[_Node, tuple[_Node, Arc]]) -> tuple[Arc, ...]:
        path: list[Arc] = []
        while node in came:
            node, arc = came[node]
            path.append(arc)
        return tuple(reversed(path))

    def layers(self, steps: dict[_Node, int]) -> tuple[list[tuple[State, int, tuple[str, ...]]], list[Move]]:
        """Return each state reached, with its smallest number of steps and last movers, and the moves of shortest
        paths.
        """
        least: dict[int, int] = {}
        for (state, _, _), count in steps.items():
            least[state] = min(count, least.get(state, count))
        arcs: dict[tuple[int, int, int], Arc] = {}
        for node, count in steps.items():
            if count == least[node[0]]:
                for arc, following in self.following(node):
                    if least[arc.end] == steps[following] == count + 1:
                        arcs[(arc.start, arc.end, arc.player)] = arc
        last: dict[int, set[int]] = {}
        for arc in arcs.values():
            last.setdefault(arc.end, set()).add(arc.player)
        reached = [
            (self._state(state), count, tuple(self._name(one) for one in sorted(last.get(state, ()))))
            for state, count in sorted(least.items(), key=lambda pair: (pair[1], pair[0]))
        ]
        return reached, [move for arc in arcs.values() for move in self.moves((arc,))]

    def moves(self, path: Sequence[Arc]) -> MovePath:
        """Return a path as moves with states and names."""
        return tuple(
            Move(self._name(arc.player), self._state(arc.start), self._state(arc.end), arc.improvement) for arc in path
        )

    def _state(self, number: int) -> State:
        """Return a state, cached because many moves share it."""
        if number not in self._states:
            self._states[number] = self._compiled.state(number)
        return self._states[number]

    def _name(self, player: int) -> str:
        return "+".join(self._compiled.conflict.players[player])


class _Shortest:
    """All shortest paths from one state to every other."""

    def __init__(self, search: _Search, steps: dict[_Node, int], first: int) -> None:
        self._search = search
        self._steps = steps
        self._first = first
        self._ends: dict[int, list[_Node]] = {}
        self._back: dict[_Node, list[_Node]] = {}
        for node, count in steps.items():
            self._ends.setdefault(node[0], []).append(node)
            for _, following in search.following(node):
                if steps[following] == count + 1:
                    self._back.setdefault(following, []).append(node)

    @property
    def reached(self) -> int:
        """The number of states that can be reached."""
        return len(self._ends)

    def length(self, end: int) -> int | None:
        """Return the length of the shortest paths to a state, or None."""
        return min((self._steps[node] for node in self._ends.get(end, ())), default=None)

    def paths(self, end: int) -> Iterator[tuple[Arc, ...]]:
        """Yield all shortest paths to a state, each once."""
        length = self.length(end)
        ahead = self._towards(end, length)
        seen: set[tuple[tuple[int, int], ...]] = set()

        def walk(node: _Node, path: tuple[Arc, ...]) -> Iterator[tuple[Arc, ...]]:
            if len(path) == length:
                key = tuple((arc.player, arc.end) for arc in path)
                if node[0] == end and key not in seen:
                    seen.add(key)
                    yield path
                return
            for arc, following in self._search.following(node):
                if self._steps.get(following) == len(path) + 1 and following in ahead:
                    yield from walk(following, (*path, arc))

        yield from walk((self._first, -1, 0), ())

    def _towards(self, end: int, length: int | None) -> set[_Node]:
        """Return the nodes on a shortest path to the end, so that a walk never backtracks."""
        ahead = {node for node in self._ends.get(end, ()) if self._steps[node] == length}
        waiting = list(ahead)
        while waiting:
            for node in self._back.get(waiting.pop(), ()):
                if node not in ahead:
                    ahead.add(node)
                    waiting.append(node)
        return ahead


def _move(move: Move) -> dict[str, Any]:
    return {
        "player": move.player,
        "from": state_data(move.start),
        "to": state_data(move.end),
        "improvement": move.improvement,
    }
