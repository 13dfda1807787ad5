"""Many small conflicts over the same options, decided at once.

Theory of operation. Put side by side, the states of some conflicts are the states of one in which no move leads from a
part to another: whatever is decided of all of them is what would be decided of each. With few states the engine's time
goes into the number of its operations on arrays, whatever their length, and here many conflicts share them.

Ranks are compared within a part only, so each may be ranked as it likes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from detente.engine.explicit.solver import ExplicitSolver
from detente.engine.explicit.space import Bools, Ints, StateSpace


@dataclass(frozen=True, eq=False)
class SideBySide(StateSpace):
    """The states of several conflicts that merge none, as one space.

    ``part`` says of every state which conflict it belongs to; ``one_way`` has for every option that is one-way in some
    of them the states at which it has already been moved for good.
    """

    part: Ints
    one_way: Mapping[str, Bools]

    def labels(self, options: Iterable[str]) -> Ints:
        """Return for every state a label that two share when they agree on these options and are of one conflict."""
        own = super().labels(options)
        return np.asarray(np.unique(self.part * (int(own.max()) + 1) + own, return_inverse=True)[1].reshape(-1))

    def moved(self, option: str) -> Bools | None:
        """Tell of every state whether a one-way option has already been moved; None for one that is nowhere one-way."""
        return self.one_way.get(option)


class SideBySideSolver(ExplicitSolver):
    """Several conflicts, compiled as one; ``ranks`` has for every decision maker how good each state is."""

    def __init__(self, space: SideBySide, ranks: Mapping[str, Ints]) -> None:
        self._given = space, dict(ranks)
        super().__init__(space.conflict)

    def _arrays(self) -> tuple[StateSpace, dict[str, Ints]]:
        return self._given
