"""The compiled loops on disk: compiled once in the background, said once, and no different answer until then.

All tests wait for the same loops, which a process compiles as it does for a command (`tests/conftest.py`).
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import detente as dt
from benchmarks.choice_of_engine import made
from benchmarks.disputes import dispute, ruled
from detente.concepts import CONCEPTS
from detente.io.conflict_file import write_conflict

if find_spec("numba") is None:
    pytest.skip("the extra 'fast' is not installed", allow_module_level=True)

import numba

from detente.engine.dense import kernels, loops, moves
from detente.engine.dense.solver import DenseSolver
from detente.engine.explicit.solver import ExplicitSolver

SAID, UNKEPT = "compiling its loops", "cannot be kept"
#: How long a process may take to compile the loops for ranks of one byte on a busy machine.
PATIENCE = 300.0
#: Runs the command line where no folder can be written for what is compiled, for two questions.
WITHOUT_A_FOLDER = """
from detente.engine.dense import loops
loops._folder = lambda: None
from detente.cli import main
try:
    main()
except SystemExit:
    main()
"""


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dispute of 2^19 states, from which on the loops are used."""
    file = tmp_path_factory.mktemp("large") / "large.conflict.yaml"
    write_conflict(dispute(19, 2), file)
    return file


@pytest.fixture(scope="module")
def some_code() -> list[np.dtype[Any]]:
    """Have machine code for ranks of one byte and of two; return their types."""
    some = loops.KINDS[:2]
    for kind in some:
        assert loops._functions(kind.itemsize)
    return some


def command(*words: str | Path, cwd: Path, kept: Path) -> subprocess.Popen[str]:
    """Start a program that decides Nash stability, with compiled loops in a folder."""
    asked = [*map(str, words), "--concept", "nash", "--engine", "explicit", "--summary", "--format", "json"]
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(kept)}
    pipe = subprocess.PIPE
    return subprocess.Popen([sys.executable, *asked], stdout=pipe, stderr=pipe, text=True, cwd=cwd, env=environment)


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Path]:
    """An empty folder for compiled loops; the process that fills it is ended."""
    folder = tmp_path / "kept"
    yield folder
    for busy in folder.glob("*/detente-*.compiling"):
        if process := busy.read_text(encoding="ascii"):
            os.kill(int(process), signal.SIGKILL)


@pytest.mark.slow
@pytest.mark.usefixtures("some_code")
def test_first_commands_answer_while_loops_are_compiled_once(large: Path, tmp_path: Path, kept: Path) -> None:
    # A module beside the dispute is not run in place of the one that it is named after.
    (tmp_path / "numba.py").write_text("open('run', 'w')", encoding="utf-8")
    ask = [Path(sys.executable).with_name("detente"), "analyze", large]
    together = [command(*ask, cwd=tmp_path, kept=kept) for _ in range(2)]
    outs, errors = zip(*(one.communicate() for one in together), strict=True)
    assert [one.returncode for one in together] == [0, 0]
    assert sorted(error.count(SAID) for error in errors) == [0, 1]
    assert sum(len(error.splitlines()) for error in errors) == 1
    # What the process keeps first are the loops that others call.
    until = time.monotonic() + PATIENCE
    while not list(kept.rglob("kernels.*.nbc")) and time.monotonic() < until:
        time.sleep(0.1)
    [busy] = kept.glob("*/detente-*.compiling")
    assert command(*ask, cwd=tmp_path, kept=kept).communicate() == (outs[0], "")
    # A process as this one has compiled the loops of which the tests have code.
    done = loops._beside("compiled-1")
    assert done is not None and done.stem == busy.stem
    shutil.copy(done, busy.with_suffix(done.suffix))
    assert command(*ask, cwd=tmp_path, kept=kept).communicate() == (outs[0], "")
    assert outs[0] == outs[1]
    assert json.loads(outs[0])["count"] == 2**19
    assert not (tmp_path / "run").exists()


@pytest.mark.slow
def test_loops_that_cannot_be_kept_are_not_compiled_for_what_arrays_decide(large: Path, tmp_path: Path) -> None:
    asked = command("-c", WITHOUT_A_FOLDER, "analyze", large, cwd=tmp_path, kept=tmp_path)
    out, error = asked.communicate()
    assert asked.returncode == 0
    assert error.count(UNKEPT) == len(error.splitlines()) == 1
    listed = dt.load(large).analyze(["nash"], engine="explicit").to_dict(summary=True)
    first, second = out.strip().split("}\n{")
    assert json.loads(first + "}")["equilibria"] == json.loads("{" + second)["equilibria"] == listed["equilibria"]


@pytest.mark.slow
@pytest.mark.parametrize("paired", [0, 2**16], ids=["by level", "in pairs"])
def test_every_loop_is_compiled_for_what_the_solver_passes(
    monkeypatch: pytest.MonkeyPatch, some_code: list[np.dtype[Any]], paired: int
) -> None:
    monkeypatch.setattr(loops, "kernels", None)
    monkeypatch.setattr(moves, "MAX_PAIRED_BYTES", paired)
    kinds = set()
    both_ways = {"o1": True, "o3": False, "o5": True}
    for conflict in (
        *(dispute(9, 2), ruled(11, 4), made("ties", 9, 3, 0), made("rules", 12, 2, 0), made("literal", 10, 2, 0)),
        *(made("literal", 10, 3, 0), made("scattered", 12, 4, 0).replaced(one_way=both_ways)),
    ):
        solver, listed = DenseSolver(conflict), ExplicitSolver(conflict)
        kinds.add(solver.movers[0].rank.dtype)
        for concept in map(CONCEPTS.__getitem__, ("nash", "gmr", "smr", "seq", "sim", "sseq")):
            for player in range(len(conflict.players)):
                by_code, by_arrays = (one.stable(concept, player).numbers() for one in (solver, listed))
                assert list(by_code) == list(by_arrays)
    assert kinds == set(some_code)


@pytest.mark.usefixtures("some_code")
def test_loop_without_code_is_compiled_by_numba(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loops, "ready", lambda rank_bytes: False)
    monkeypatch.setattr(loops, "_loaded", {})
    conflict = dispute(6, 2)
    by_numba, by_arrays = (
        one.stable(CONCEPTS["nash"], 0).numbers() for one in (DenseSolver(conflict), ExplicitSolver(conflict))
    )
    assert list(by_numba) == list(by_arrays)


@pytest.mark.parametrize("size", [1, 2, 16, 17, 32, 100, 256])
def test_keys_are_sorted(size: int) -> None:
    keys = np.random.default_rng(size).permutation(size).astype(np.int64)
    kernels._sort.py_func(keys, np.empty_like(keys))
    assert keys.tolist() == list(range(size))


def test_code_that_calls_what_is_not_there_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """A loop that makes an array needs a part of Numba for it."""

    def making(work: object, result: NDArray[Any]) -> None:
        result[0] = np.empty(result.size, dtype=result.dtype).size

    one = loops.Loop("best", 0, lambda *_: (np.zeros(1),))
    monkeypatch.setattr(loops, "calls", lambda kind: [(one, (np.zeros(1, dtype=kind),))])
    monkeypatch.setattr(kernels, "OPTIONS", {**kernels.OPTIONS, "_nrt": True})
    monkeypatch.setattr(kernels, "best", numba.njit(making))
    with pytest.raises(ValueError, match="the loops call"):
        loops.machine_code(np.dtype(np.uint8), lambda: None)


def test_loops_that_are_compiled_otherwise_are_left_to_numba(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    few = [(loops.levels, (np.zeros(1, dtype=np.uint8), np.zeros(1, dtype=np.uint8), 0, 0, 0, 0))]
    monkeypatch.setattr(loops, "calls", lambda kind: few)
    monkeypatch.setattr(loops, "_letters", lambda given: iter("qq"))
    monkeypatch.setattr(loops, "_beside", lambda state: tmp_path / f"detente.{state}")
    monkeypatch.setattr(loops, "_loaded", {})
    loops.compile_all()
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".compiled-1", ".compiled-2", ".compiled-4"]
    assert loops._functions(1) == {}


def test_code_with_other_arguments_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loops, "_letters", lambda given: iter("qq"))
    with pytest.raises(ValueError, match="mark_stable takes"):
        loops.machine_code(np.dtype(np.uint8), lambda: None)


def test_process_that_has_ended_early_is_not_waited_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    busy = tmp_path / "busy"
    monkeypatch.setattr(loops, "_beside", lambda state: busy if state == "compiling" else tmp_path / state)
    ended = subprocess.Popen([sys.executable, "-c", ""])
    monkeypatch.setattr(loops, "begin", lambda: ended)
    assert not loops.under_way()
    loops.wait(1)
    assert ended.returncode == 0
    busy.touch()
    assert loops.under_way()
    long_ago = time.time() - 2 * loops.SILENT_SECONDS
    os.utime(busy, (long_ago, long_ago))
    assert not loops.under_way()
    loops.wait(1)
    (tmp_path / "compiled-1").touch()
    assert loops.ready(1)
    assert not loops.ready(2)
