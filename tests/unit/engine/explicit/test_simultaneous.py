"""Simultaneity says the same whatever is done at once; that it says what the definition says is for `tests/engines`."""

from __future__ import annotations

import numpy as np
import pytest

import detente as dt
from benchmarks.disputes import dispute, ruled
from detente.concepts import CONCEPTS
from detente.engine.explicit import simultaneous
from detente.engine.explicit.solver import ExplicitSolver


@pytest.mark.parametrize("conflict", [dispute(9, 3), dispute(9, 4), ruled(10, 3), ruled(9, 9)])
@pytest.mark.parametrize("few", [1, 8, 2**20])
def test_simultaneous_sanctions_in_parts_equal_the_whole(
    conflict: dt.Conflict, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """64 states at a time, and the other players' strategies put together as far as can be, partly and not at all."""
    players = range(len(conflict.decision_makers))
    wanted = ["sim", "seq_then_sim"]
    whole = [[ExplicitSolver(conflict).mask(CONCEPTS[id], player) for player in players] for id in wanted]
    monkeypatch.setattr(simultaneous, "WORDS_AT_ONCE", 1)
    monkeypatch.setattr(simultaneous, "MIN_WORDS", 1)
    monkeypatch.setattr(simultaneous, "FEW", few)
    parts = [[ExplicitSolver(conflict).mask(CONCEPTS[id], player) for player in players] for id in wanted]
    assert np.array_equal(parts, whole)
    assert not all(mask.all() for mask in whole[0])
