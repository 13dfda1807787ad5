"""The analysis of a dispute: which states are stable for which players, the equilibria, and the graph of states and
moves.

A state is an equilibrium under a stability concept when it is stable for every player (Fang, Hipel & Kilgour 1993).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from functools import cache, cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar

from detente._version import __version__
from detente.analysis.result import Result, set_data, state_data
from detente.concepts import DEFAULT_CONCEPTS, Concept, chosen
from detente.concepts import concept as named_concept
from detente.engine import ENGINES, Solver, solver
from detente.engine.interface import Arc, Best, Choice, Nearest, StateSet, choices
from detente.engine.progress import COMPILING, Stages, effort
from detente.errors import DetenteError, TooLargeError, UnknownNameError
from detente.lazy import dataclass, lazy
from detente.limits import MAX_LISTED, MAX_PATTERNS
from detente.model.conflict import Conflict
from detente.model.dates import UNDATED_READINGS
from detente.model.day import model_of_day
from detente.model.preferences import StateReference
from detente.model.questions import Progress, no_progress
from detente.model.states import State

if TYPE_CHECKING:
    import json

    import pandas

    from detente.analysis import explanation
else:
    json = lazy("json")
    explanation = lazy("detente.analysis.explanation")


@dataclass(frozen=True)
class Analysis(Result):
    """Which states are stable, for whom, under which stability concepts.

    Two analyses are equal if they give the same answers about equal conflicts.

    Attributes
    ----------
    digest
        A code that is equal for equal conflicts.
    engine
        The engine; ``mixed`` if several engines decided the concepts.
    version
        The version of Detente.
    players
        The decision makers, and the standing coalitions with their members joined by ``+``.
    concepts
        The stability concepts that were decided.
    count
        The number of feasible states.
    stability
        The stable states by concept and player.
    numbers
        The numbers of the stable states by concept and player, by which analyses are compared; None if there are too
        many states to list.
    solver
        The engine with the compiled conflict, for further questions.
    left_out
        The default concepts that were not decided because of the size of the conflict, with the reason.
    engines
        If the engine is ``mixed``, the engine of each concept and the reason.

    Examples
    --------
    >>> from detente import Conflict, DecisionMaker
    >>> row = DecisionMaker("row", options=["silent_row"], preferences=["silent_column", "not silent_row"])
    >>> column = DecisionMaker("column", options=["silent_column"], preferences=["silent_row", "not silent_column"])
    >>> analysis = Conflict("Prisoner's dilemma", [row, column]).analyze(["nash", "gmr"])
    >>> analysis.equilibria("gmr")
    (State(1, 'NN'), State(4, 'YY'))
    >>> print(analysis.why(4, "row", "gmr"))  # doctest: +ELLIPSIS
    State 4 (row: ‘silent_row’; column: ‘silent_column’) is GMR stable for row...
    """

    question: ClassVar[str] = "equilibria"

    digest: str
    engine: str
    version: str
    players: tuple[str, ...]
    concepts: tuple[Concept, ...]
    count: int
    stability: Mapping[str, Mapping[str, StateSet]] = field(compare=False)
    numbers: tuple[tuple[str, str, tuple[int, ...]], ...] | None
    solver: Solver = field(compare=False, repr=False)
    left_out: Mapping[str, str] = field(default_factory=dict, hash=False)
    engines: Mapping[str, Choice] = field(default_factory=dict, hash=False)

    @property
    def complete(self) -> bool:
        """Whether every requested, or default, concept has been decided."""
        return not self.left_out

    @property
    def conflict(self) -> Conflict:
        """The conflict that was analysed."""
        return self.solver.conflict

    def states(self) -> tuple[State, ...]:
        """Return every feasible state in the conventional order.

        Raises
        ------
        TooLargeError
            When there are more states than can be listed.
        """
        self._must_be_listable()
        return tuple(self.solver.state(number) for number in range(1, self.count + 1))

    def stable(self, concept: str, player: str) -> tuple[State, ...]:
        """Return the states that are stable for a player under a concept."""
        found = self.stability[self._concept(concept).id][self._player(player)]
        return self._listed(found)

    def equilibria(self, concept: str) -> tuple[State, ...]:
        """Return the states that are stable for every player under a concept.

        Each is an `int`, its number, that knows its pattern, name and the options taken in it.

        Raises
        ------
        UnknownNameError
            For a concept that was not analysed.
        TooLargeError
            When there are more states than can be listed.
        """
        return self._listed(self.equilibrium_set(concept))

    def equilibrium_set(self, concept: str) -> StateSet:
        """Return the equilibria in the engine's representation, which can be counted and searched at any size."""
        return self.solver.equilibria(self._concept(concept))

    @cached_property
    def status_quo(self) -> State | None:
        """The state of the status quo; None if the dispute has none."""
        return self.solver.state(self.solver.number_of("status quo")) if self.conflict.status_quo else None

    def concepts_of(self, state: State) -> tuple[Concept, ...]:
        """Return the concepts under which a state is an equilibrium."""
        return tuple(one for one in self.concepts if state.number in self.equilibrium_set(one.id))

    @cached_property
    def numbers_of_equilibria(self) -> tuple[int, ...]:
        """The numbers of the states that are equilibria under some concept."""
        self._must_be_listable()
        return tuple(sorted(set().union(*(self.equilibrium_set(one.id).numbers() for one in self.concepts))))

    @cached_property
    def concepts_by_state(self) -> Mapping[State, tuple[Concept, ...]]:
        """Every state that is an equilibrium under some concept, with these concepts, in the order of states."""
        under: dict[int, list[Concept]] = {number: [] for number in self.numbers_of_equilibria}
        for concept in self.concepts:
            for number in self.equilibrium_set(concept.id).numbers():
                under[number].append(concept)
        return MappingProxyType({self._state(number): tuple(found) for number, found in under.items()})

    @cached_property
    def numbers_stable_throughout(self) -> tuple[int, ...] | None:
        """The numbers of the states that are equilibria under every concept; None if there may be too many to list."""
        first, *others = sorted((self.equilibrium_set(one.id) for one in self.concepts), key=lambda one: one.count)
        return None if first.count > MAX_LISTED else tuple(first.common(others))

    @cached_property
    def stable_throughout(self) -> tuple[State, ...] | None:
        """The states that are equilibria under every concept; None if there may be too many to list."""
        numbers = self.numbers_stable_throughout
        return None if numbers is None else tuple(map(self._state, numbers))

    def cycling(self, concept: str, player: str) -> dict[State, int]:
        """Return the states for which a concept has no verdict for a player, each with the length of the cycle.

        Only non-myopic stability has such states: as the horizon grows, the player stays at some horizons and leaves at
        others, for ever. They are neither stable nor unstable.
        """
        place = self.players.index(self._player(player))
        found = self.solver.cycling(self._concept(concept), place)
        return {self.solver.state(number): length for number, length in found.items()}

    def nearest(self, concept: str, state: StateReference = "status quo", most: int = 6) -> Nearest | None:
        """Return the equilibria that differ from a state in the fewest options; None if there are none."""
        return self.equilibrium_set(concept).nearest(self.solver.state(self.solver.number_of(state)), most)

    def best(self, concept: str, decision_maker: str, most: int = 6) -> Best:
        """Return the equilibria that a decision maker prefers most."""
        makers = [maker.id for maker in self.conflict.decision_makers]
        if decision_maker not in makers:
            raise UnknownNameError("decision maker", decision_maker, makers)
        return self.equilibrium_set(concept).best(makers.index(decision_maker), most)

    def why(self, state: StateReference, player: str, concept: str) -> explanation.Explanation:
        """Explain why a state is stable, or not, for a player under a concept."""
        place = self.players.index(self._player(player))
        number = self.solver.number_of(state)
        named = chosen([concept])[0]
        return explanation.explanation_of(self.solver, number, place, named)

    def to_dict(self, *, summary: bool = False) -> dict[str, Any]:
        """Return the analysis as plain data, format ``detente-analysis/1``.

        Above 65,536 states, or with ``summary``, states are counted and described by patterns, not listed.
        """
        conflict = self.conflict
        listed = not summary and self.count <= MAX_LISTED
        quo = conflict.status_quo

        def equilibria(states: StateSet) -> Any:
            return list(states.numbers()) if listed else set_data(states.count, states.patterns(MAX_PATTERNS))

        # The states without verdict, for the concepts that may have some.
        cycles: dict[str, dict[str, Any]] = {}
        for concept in self.concepts:
            for player in self.players if concept.may_cycle else ():
                cycling = self.cycling(concept.id, player)
                cycles.setdefault(concept.id, {})[player] = (
                    [
                        {"number": state.number, "state": state.pattern, "length": length}
                        for state, length in cycling.items()
                    ]
                    if listed
                    else {"count": len(cycling)}
                )
        return {
            "format": "detente-analysis/1",
            "engine": self.engine,
            **({"engines": {id: one._asdict() for id, one in self.engines.items()}} if self.engines else {}),
            **conflict.basis.in_short(),
            "conflict": {
                "title": conflict.title,
                "decision_makers": [maker.id for maker in conflict.decision_makers],
                "options": [{"id": option.id, "owner": conflict.owner[option.id]} for option in conflict.options],
            },
            "count": self.count,
            "states": [
                {"number": state.number, "state": state.pattern, "taken": list(state.taken), "name": state.name}
                for state in self.states()
            ]
            if listed
            else None,
            "status_quo": self.solver.number_of(conflict.pattern(quo.taken)) if quo else None,
            "stability": {
                concept.id: {
                    player: list(self.stability[concept.id][player].numbers()) if listed else None
                    for player in self.players
                }
                for concept in self.concepts
            }
            | dict.fromkeys(self.left_out),
            "equilibria": {concept.id: equilibria(self.equilibrium_set(concept.id)) for concept in self.concepts}
            | dict.fromkeys(self.left_out),
            **({"cycles": cycles} if cycles else {}),
        }

    def to_json(self, *, summary: bool = False, indent: int | None = None) -> str:
        """Return `to_dict` as JSON text."""
        return json.dumps(self.to_dict(summary=summary), indent=indent, ensure_ascii=False)

    def rows(self) -> list[dict[str, Any]]:
        """Return one record for each state: its number, pattern and name, and for whom it is stable under which
        concept.

        A concept's column tells whether the state is an equilibrium; the column of a concept and a player tells whether
        it is stable for the player. ``cycles`` means that the concept has no verdict.
        """
        self._must_be_listable()
        columns = {
            concept.id: {player: set(states.numbers()) for player, states in self.stability[concept.id].items()}
            for concept in self.concepts
        }
        cycling = {
            (concept.id, player): self.cycling(concept.id, player)
            for concept in self.concepts
            if concept.may_cycle
            for player in self.players
        }
        rows = []
        for state in self.states():
            row: dict[str, Any] = {"number": state.number, "state": state.pattern, "name": state.name or ""}
            for concept, stable in columns.items():
                for player, numbers in stable.items():
                    cycles = state in cycling.get((concept, player), ())
                    row[f"{concept}:{player}"] = "cycles" if cycles else state.number in numbers
                row[concept] = all(state.number in numbers for numbers in stable.values())
            rows.append(row)
        return rows

    def table(self) -> pandas.DataFrame:
        """Return a pandas table with a row for every state; needs the ``tables`` extra."""
        return super().table().set_index("number")

    def _concept(self, name: str) -> Concept:
        for concept in self.concepts:
            if concept.id == name.lower():
                return concept
        named_concept(name)
        raise UnknownNameError("concept", name, hint="this concept was not analysed")

    def _player(self, name: str) -> str:
        if name not in self.players:
            raise UnknownNameError("player", name, self.players)
        return name

    def _listed(self, states: StateSet) -> tuple[State, ...]:
        self._must_be_listable()
        return tuple(map(self._state, states.numbers()))

    @cached_property
    def _state(self) -> Callable[[int], State]:
        # Cached, because most equilibria are so under several concepts.
        return cache(self.solver.state)

    @cached_property
    def pattern(self) -> Callable[[int], str]:
        """Return the pattern of the state with a number, in less time than the state takes where there are many."""
        return cache(self.solver.pattern)

    def named(self, numbers: Iterable[int]) -> list[State]:
        """Return those of some states that have a name, in their order."""
        there = set(numbers)
        return sorted(state for state in named_states(self.solver) if state.name and state in there)

    def _must_be_listable(self) -> None:
        if self.count > MAX_LISTED:
            raise TooLargeError(
                f"{self.count:,} states are too many to list. Use equilibrium_set: its count and patterns"
            )


def analyze(
    conflict: Conflict,
    concepts: Iterable[str] | None = None,
    engine: str = "auto",
    *,
    progress: Progress = no_progress,
) -> Analysis:
    """Decide which states of a conflict are stable for which players.

    The method `detente.Conflict.analyze` describes the parameters, the steps and the errors.
    """
    conflict = model_of_day(conflict)
    players = conflict.player_ids
    wanted = chosen(concepts)
    stages = Stages(progress, COMPILING + len(players) * sum(map(effort, wanted)))
    stages.begin(COMPILING, "listing the feasible states")
    compiled = solver(conflict, engine, stages, () if concepts is None else wanted)
    left_out: dict[str, str] = {}
    if concepts is None:
        reasons = {concept.id: compiled.refuses(concept) for concept in wanted}
        left_out = {id: reason for id, reason in reasons.items() if reason}
        stages.skip(sum(len(players) * effort(concept) for concept in wanted if concept.id in left_out))
        wanted = chosen([id for id in DEFAULT_CONCEPTS if id not in left_out])
    stability: dict[str, dict[str, StateSet]] = {}
    for concept in wanted:
        for place, player in enumerate(players):
            stages.begin(effort(concept), f"{concept.title} for {player}")
            stability.setdefault(concept.id, {})[player] = compiled.stable(concept, place)
        if compiled.count > MAX_LISTED:
            # An engine may compute a set on first use: use it here, while progress is shown.
            try:
                compiled.equilibria(concept).count  # noqa: B018
            except TooLargeError as error:
                if concepts is not None:
                    raise
                left_out[concept.id] = str(error)
                del stability[concept.id]
    wanted = tuple(concept for concept in wanted if concept.id not in left_out)
    numbers = None
    if compiled.count <= MAX_LISTED:
        numbers = tuple(
            (concept, player, tuple(states.numbers()))
            for concept, by_player in stability.items()
            for player, states in by_player.items()
        )
    # Only now is it known which engine has decided what.
    engine, engines = choices(compiled, wanted)
    progress(1.0, "done")
    return Analysis(
        digest=conflict.digest,
        engine=engine,
        version=__version__,
        players=players,
        concepts=wanted,
        count=compiled.count,
        stability=MappingProxyType({key: MappingProxyType(value) for key, value in stability.items()}),
        numbers=numbers,
        solver=compiled,
        left_out=MappingProxyType(left_out),
        engines=MappingProxyType(engines),
    )


def named_states(compiled: Solver) -> tuple[State, ...]:
    """Return the feasible states that have names; a merged state if one of its members is named."""
    conflict = compiled.conflict
    found: dict[int, State] = {}
    for named in conflict.states:
        if conflict.breaks(named.taken) is None:
            number = int(compiled.number_of(conflict.pattern(named.taken)))
            found.setdefault(number, compiled.state(number))
    return tuple(found.values())


@dataclass(frozen=True)
class OtherReading:
    """The difference that the other reading of vague dates makes to an analysis.

    Attributes
    ----------
    undated
        The other reading.
    concepts
        The identifiers of the concepts whose equilibria differ.
    status_quo
        Whether the status quo is a different state.
    reason
        Why the other reading has no answer; None if it has one.
    """

    undated: str
    concepts: tuple[str, ...] = ()
    status_quo: bool = False
    reason: str | None = None

    @property
    def differs(self) -> bool:
        """Whether the two readings give different answers."""
        return bool(self.concepts or self.status_quo or self.reason)

    def to_dict(self) -> dict[str, Any]:
        """Return the difference as plain data."""
        return {
            "undated": self.undated,
            "differs": self.differs,
            "concepts": list(self.concepts),
            "status_quo": self.status_quo,
            "reason": self.reason,
        }


def other_reading(analysis: Analysis) -> OtherReading:
    """Analyse a dispute with the other reading of vague dates, and return the difference; states are compared by
    pattern.

    If both readings give the same model, it is not analysed again.
    """
    basis = analysis.conflict.basis
    other = next(one for one in UNDATED_READINGS if one != basis.undated)
    engine = analysis.engine if analysis.engine in ENGINES else "auto"
    try:
        model = model_of_day(basis.written.replaced(undated=other))
        if model.digest == analysis.conflict.digest:
            return OtherReading(other)
        found = analyze(model, [concept.id for concept in analysis.concepts], engine)
    except DetenteError as error:
        return OtherReading(other, reason=str(error))

    def equilibria(of: Analysis, concept: str) -> object:
        states = of.equilibrium_set(concept)
        if of.count > MAX_LISTED:
            return states.count, states.patterns(MAX_LISTED)
        return {state.pattern for state in of.equilibria(concept)}

    quos = [one.status_quo and one.pattern(one.status_quo.taken) for one in (analysis.conflict, model)]
    differ = (one.id for one in analysis.concepts if equilibria(analysis, one.id) != equilibria(found, one.id))
    return OtherReading(other, tuple(differ), quos[0] != quos[1])


#: Maximum number of states of a graph that a notebook draws.
MAX_PICTURED = 4_096


@dataclass(frozen=True)
class StateGraph(Result):
    """The feasible states and the unilateral moves between them.

    Attributes
    ----------
    conflict
        The conflict.
    players
        The movers, to which arcs refer by place.
    states
        The feasible states.
    arcs
        The moves.
    ranks
        The rank of each state for each decision maker; 1 is the best.
    """

    question = "graph"

    conflict: Conflict = field(repr=False)
    players: tuple[str, ...]
    states: tuple[State, ...]
    arcs: tuple[Arc, ...]
    ranks: Mapping[str, tuple[int, ...]]

    def to_dict(self) -> dict[str, Any]:
        """Return the graph as plain data, format ``detente-state-graph/1``."""
        return {
            "format": "detente-state-graph/1",
            "players": list(self.players),
            "states": [state_data(one) for one in self.states],
            "moves": self.rows(),
            "ranks": {id: list(ranks) for id, ranks in self.ranks.items()},
        }

    def rows(self) -> list[dict[str, Any]]:
        """Return one record for each move."""
        return [
            {"from": arc.start, "to": arc.end, "player": self.players[arc.player], "improvement": arc.improvement}
            for arc in self.arcs
        ]


def state_graph(conflict: Conflict, engine: str = "auto") -> StateGraph:
    """Return the states of a conflict and every unilateral move between them.

    The method `detente.Conflict.graph` describes the parameters, the steps and the errors.
    """
    conflict = model_of_day(conflict)
    compiled = solver(conflict, engine)
    if compiled.count > MAX_LISTED:
        raise TooLargeError(f"a graph of {compiled.count:,} states is too large; the limit is {MAX_LISTED:,} states")
    return StateGraph(
        conflict=conflict,
        players=conflict.player_ids,
        states=tuple(compiled.state(number) for number in range(1, compiled.count + 1)),
        arcs=tuple(compiled.arcs()),
        ranks={maker.id: tuple(compiled.ranks(place)) for place, maker in enumerate(conflict.decision_makers)},
    )
