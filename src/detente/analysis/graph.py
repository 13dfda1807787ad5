"""The state graph as data: states, and the moves between them with whose they are and whether they are improvements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from detente.analysis.result import Result
from detente.engine import solver
from detente.engine.interface import Arc
from detente.errors import TooLargeError
from detente.limits import MAX_LISTED
from detente.model.conflict import Conflict
from detente.model.day import model_of_day
from detente.model.states import State

#: With more states than this a graph does not show itself.
MAX_PICTURED = 4_096


@dataclass(frozen=True)
class StateGraph(Result):
    """The feasible states and the unilateral moves between them.

    ``ranks`` has for every decision maker the rank of each state, 1 being best; ``players`` names the movers that
    arcs refer to by place.
    """

    question: ClassVar[str] = "graph"

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
            "states": [{"number": one.number, "state": one.pattern, "name": one.name} for one in self.states],
            "moves": self.rows(),
            "ranks": {id: list(ranks) for id, ranks in self.ranks.items()},
        }

    def rows(self) -> list[dict[str, Any]]:
        """Return one record for every move."""
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
        raise TooLargeError(f"a graph of {compiled.count:,} states is too large to write")
    return StateGraph(
        conflict=conflict,
        players=tuple("+".join(members) for members in conflict.players),
        states=tuple(compiled.state(number) for number in range(1, compiled.count + 1)),
        arcs=tuple(compiled.arcs()),
        ranks={maker.id: tuple(compiled.ranks(place)) for place, maker in enumerate(conflict.decision_makers)},
    )
