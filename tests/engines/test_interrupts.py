"""An interrupt is heard whatever the explicit engine is doing, and leaves nothing broken."""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

import detente as dt
from benchmarks.disputes import dispute
from detente.concepts import CONCEPTS
from detente.engine.explicit import fixpoints, solver
from detente.engine.explicit.solver import ExplicitSolver
from detente.engine.space import StateSpace
from detente.io.conflict_file import write_conflict
from tests.unit.cli.running import run

if find_spec("numba") is None:
    pytest.skip("the extra 'fast' is not installed", allow_module_level=True)

from detente.engine import choice
from detente.engine.dense import loops
from detente.engine.dense.solver import DenseSolver
from detente.engine.dense.space import DenseSpace

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="sends an interrupt"),
    pytest.mark.usefixtures("interruptible"),
]

#: An interrupt is heard within a tenth of a second on an idle machine; what is waited for lasts until it is.
PATIENCE = 20.0


@pytest.fixture
def stuck(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[object, str], threading.Event]]:
    """Make a function block at its first call and interrupt the thread that waits; setting the event lets it end."""
    let_go = threading.Event()

    def get_stuck(place: object, name: str) -> threading.Event:
        real, waited = getattr(place, name), []

        def waiting(*arguments: Any) -> Any:
            if not waited:
                waited.append(True)
                signal.raise_signal(signal.SIGINT)
                assert let_go.wait(PATIENCE)
            return real(*arguments)

        monkeypatch.setattr(place, name, waiting)
        return let_go

    yield get_stuck
    let_go.set()


def stable(compiled: DenseSolver | ExplicitSolver, concept: str) -> list[int]:
    return list(compiled.stable(CONCEPTS[concept], 0).numbers())


@pytest.mark.parametrize(
    ("place", "name"), [(DenseSpace, "_feasible"), (DenseSpace, "ranks"), (DenseSpace, "_narrowed")]
)
def test_interrupt_while_compiling_to_cells_is_raised(stuck: Any, place: object, name: str) -> None:
    conflict = dispute(12, 3)
    let_go = stuck(place, name)
    start = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        DenseSolver(conflict)
    assert not let_go.is_set() and time.monotonic() - start < PATIENCE / 2
    assert stable(DenseSolver(conflict), "nash") == stable(ExplicitSolver(conflict), "nash")


@pytest.mark.parametrize(
    ("concept", "loop"),
    [("nash", "mark_stable"), ("gmr", "lower"), ("smr", "best"), ("seq", "lower_in_pairs"), ("seq", "mark_stable")],
)
def test_interrupt_in_every_loop_leaves_the_next_answer_correct(stuck: Any, concept: str, loop: str) -> None:
    """Work that continues after an interrupt neither delays nor changes the next answer."""
    conflict = dispute(12, 3).replaced(rules=[dt.never("o0 and o5")])
    compiled = DenseSolver(conflict)
    let_go = stuck(loops, loop)
    start = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        compiled.stable(CONCEPTS[concept], 0)
    assert not let_go.is_set() and time.monotonic() - start < PATIENCE / 2
    threading.Timer(0.2, let_go.set).start()
    assert stable(compiled, concept) == stable(ExplicitSolver(conflict), concept)
    assert compiled.why(1, 0, CONCEPTS[concept]).stable == (1 in stable(compiled, concept))


@pytest.mark.parametrize(("place", "name"), [(StateSpace, "ranks"), (solver, "players_of")])
def test_interrupt_while_listing_states_is_raised(stuck: Any, place: object, name: str) -> None:
    conflict = dispute(14, 3)
    let_go = stuck(place, name)
    with pytest.raises(KeyboardInterrupt):
        ExplicitSolver(conflict)
    assert not let_go.is_set()


def test_interrupt_while_sweeping_is_raised(stuck: Any) -> None:
    compiled = ExplicitSolver(dispute(14, 3))
    let_go = stuck(fixpoints, "lowest_worth")
    with pytest.raises(KeyboardInterrupt):
        compiled.stable(CONCEPTS["seq"], 0)
    assert not let_go.is_set()
    assert stable(compiled, "seq") == stable(DenseSolver(dispute(14, 3)), "seq")


def test_interrupted_command_exits_with_130(
    stuck: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(choice, "DENSE_FROM", 2**12)
    write_conflict(dispute(12, 3), tmp_path / "large.conflict.yaml")
    let_go = stuck(loops, "lower_in_pairs")
    done = run(capsys, "analyze", str(tmp_path / "large.conflict.yaml"), "--concept", "seq")
    assert not let_go.is_set()
    assert (done.code, done.out) == (130, "")


def test_progress_never_decreases() -> None:
    told: list[tuple[float, str]] = []
    dispute(15, 4).analyze(progress=lambda share, doing: told.append((share, doing)))
    shares = [share for share, _ in told]
    assert shares == sorted(shares)
    assert shares[0] == 0 and shares[-1] == 1
    assert all(doing for _, doing in told)
    by_concept = {name: share for share, doing in reversed(told) for name in [doing.split()[0]]}
    assert by_concept["SMR"] - by_concept["GMR"] < by_concept["SIM"] - by_concept["SEQ"]
