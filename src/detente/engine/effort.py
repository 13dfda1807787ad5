"""What takes how long, in comparison: so that a progress bar moves evenly through work of different kinds."""

from __future__ import annotations

from detente.engine.interface import Progress
from detente.stability import Concept, Respond

#: What listing the states and ranking them takes, as measured at 2^24 states with four decision makers.
COMPILING = 10.0
#: What deciding a concept for one player takes, by how the others may respond; as much as the last where not named.
DECIDING = {Respond.NOBODY: 1.0, Respond.MOVES: 3.0, Respond.IMPROVEMENTS: 12.0}


def effort(concept: Concept) -> float:
    """Return what deciding a concept for one player takes, compared to others."""
    return DECIDING.get(concept.respond, DECIDING[Respond.IMPROVEMENTS])


class Stages:
    """Progress through stages of different lengths; called as a `Progress` with the share of the present one."""

    def __init__(self, progress: Progress, total: float) -> None:
        self._progress, self._total = progress, total
        self._before, self._now, self._doing = 0.0, 0.0, ""

    def begin(self, effort: float, doing: str) -> None:
        """Begin the next stage."""
        self._before, self._now = self._before + self._now, effort
        self(0.0, doing)

    def skip(self, effort: float) -> None:
        """Leave out a stage that was counted on."""
        self._before += effort

    def __call__(self, share: float, doing: str) -> None:
        """Say how much of the present stage is done, and what is being done; nothing means still the same."""
        self._doing = doing or self._doing
        self._progress(min(1.0, (self._before + self._now * share) / self._total), self._doing)
