"""The state graph as data: states, and the moves between them with whose they are and whether they are improvements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from detente.engine import solver
from detente.engine.interface import Arc
from detente.errors import TooLargeError
from detente.model.conflict import Conflict
from detente.model.day import model_of_day
from detente.model.states import State

#: With more states than this a graph does not show itself.
MAX_PICTURED = 4_096
#: With more states than this no graph is made.
MAX_GRAPH_STATES = 65_536


@dataclass(frozen=True)
class StateGraph:
    """The feasible states and the unilateral moves between them.

    ``ranks`` has for every decision maker the rank of each state, 1 being best; ``players`` names the movers that
    arcs refer to by place.
    """

    conflict: Conflict = field(repr=False)
    players: tuple[str, ...]
    states: tuple[State, ...]
    arcs: tuple[Arc, ...]
    ranks: Mapping[str, tuple[int, ...]]

    def _repr_svg_(self) -> str | None:
        """Show the picture in a notebook; None, and so the plain text, where working it out would take long."""
        from detente.present.picture import picture

        return picture(self).svg if len(self.states) <= MAX_PICTURED else None


def state_graph(conflict: Conflict, engine: str = "auto") -> StateGraph:
    """Return the states of a conflict and every unilateral move between them.

    The method `detente.Conflict.graph` describes the parameters, the steps and the errors.
    """
    conflict = model_of_day(conflict)
    compiled = solver(conflict, engine)
    if compiled.count > MAX_GRAPH_STATES:
        raise TooLargeError(f"a graph of {compiled.count:,} states is too large to write")
    return StateGraph(
        conflict=conflict,
        players=tuple("+".join(members) for members in conflict.players),
        states=tuple(compiled.state(number) for number in range(1, compiled.count + 1)),
        arcs=tuple(compiled.arcs()),
        ranks={maker.id: tuple(compiled.ranks(place)) for place, maker in enumerate(conflict.decision_makers)},
    )
