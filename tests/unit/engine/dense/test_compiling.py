"""The compiled loops on disk: compiled once in the background, said once, and no different answer until then."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

import detente as dt
from benchmarks.choice_of_engine import made
from benchmarks.disputes import dispute, ruled
from detente.concepts import CONCEPTS
from detente.io.conflict_file import write_conflict

if find_spec("numba") is None:
    pytest.skip("the extra 'fast' is not installed", allow_module_level=True)

from detente.engine.dense import combinations, compiling, kernels, moves
from detente.engine.dense.solver import DenseSolver

SAID, UNKEPT = "compiling its loops", "cannot be kept"
#: How long a process may take to compile the loops for ranks of one byte on a busy machine.
PATIENCE = 300.0
#: Runs the command line where numba finds no folder for what it compiles, first at import and then for two questions.
WITHOUT_A_FOLDER = """
import sys
from numba.core import caching
caching.CompileResultCacheImpl._locator_classes = []
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
def test_first_commands_answer_while_loops_are_compiled_once(large: Path, tmp_path: Path, kept: Path) -> None:
    # A module beside the dispute is not run in place of the one that it is named after.
    (tmp_path / "numba.py").write_text("open('run', 'w')", encoding="utf-8")
    ask = [Path(sys.executable).with_name("detente"), "analyze", large]
    together = [command(*ask, cwd=tmp_path, kept=kept) for _ in range(2)]
    outs, errors = zip(*(one.communicate() for one in together), strict=True)
    assert [one.returncode for one in together] == [0, 0]
    assert sorted(error.count(SAID) for error in errors) == [0, 1]
    assert sum(len(error.splitlines()) for error in errors) == 1
    for wanted in ("compiling", "compiled-1"):
        until = time.monotonic() + PATIENCE
        while not list(kept.glob(f"*/detente-*.{wanted}")) and time.monotonic() < until:
            time.sleep(0.1)
        out, error = command(*ask, cwd=tmp_path, kept=kept).communicate()
        assert (out, error) == (outs[0], "")
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


def signatures() -> dict[str, set[Any]]:
    """Return for each loop the types that it is compiled for in this process."""
    loops = [one for module in (kernels, combinations) for one in vars(module).values() if hasattr(one, "signatures")]
    return {one.__name__: set(one.signatures) for one in loops}


@pytest.mark.slow
@pytest.mark.parametrize("paired", [0, 2**16], ids=["by level", "in pairs"])
def test_every_loop_is_compiled_for_what_the_solver_passes(monkeypatch: pytest.MonkeyPatch, paired: int) -> None:
    some = compiling.KINDS[:2]
    for kind in some:
        for call in compiling._calls(kind):
            call()
    monkeypatch.setattr(moves, "MAX_PAIRED_BYTES", paired)
    before, kinds = signatures(), set()
    both_ways = {"o1": True, "o3": False, "o5": True}
    for conflict in (
        *(dispute(9, 2), ruled(11, 4), made("ties", 9, 3, 0), made("rules", 12, 2, 0), made("literal", 10, 2, 0)),
        *(made("literal", 10, 3, 0), made("scattered", 12, 4, 0).replaced(one_way=both_ways)),
    ):
        solver = DenseSolver(conflict)
        kinds.add(solver.movers[0].rank.dtype)
        for concept in ("nash", "gmr", "smr", "seq", "sim", "sseq"):
            assert solver.equilibria(CONCEPTS[concept]).count >= 0
    assert kinds == set(some)
    assert signatures() == before


def test_process_that_has_ended_early_is_not_waited_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    busy = tmp_path / "busy"
    monkeypatch.setattr(compiling, "_beside", lambda state: busy if state == "compiling" else tmp_path / state)
    ended = subprocess.Popen([sys.executable, "-c", ""])
    monkeypatch.setattr(compiling, "begin", lambda: ended)
    assert not compiling.under_way()
    compiling.wait(1)
    assert ended.returncode == 0
    busy.touch()
    assert compiling.under_way()
    long_ago = time.time() - 2 * compiling.SILENT_SECONDS
    os.utime(busy, (long_ago, long_ago))
    assert not compiling.under_way()
    compiling.wait(1)
    (tmp_path / "compiled-1").touch()
    assert compiling.ready(1)
    assert not compiling.ready(2)
