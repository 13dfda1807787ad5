"""The compiled loops on disk: compiled once, in the background, while the general solver answers.

Theory of operation. Numba compiles a loop at its first use for a type of rank and keeps it on disk. All loops for all
types take about half a minute, too long for a command to wait for. So the first command that could use them starts a
process that compiles them all, those for ranks of one byte first, and that goes on after the command has ended.

Files beside the loops tell how far it is. Their names depend on all that the loops depend on: the source, Numba,
Python and the processor. One is written for each type of rank when its loops are compiled. Another is there while a
process compiles, which renews its date after each loop; if the date is old, the process has ended early. If no folder
can be written, the loops are compiled in memory, where nothing else can answer.

A loop is compiled by a call for no cells at all, with arguments of the types that the solver passes.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import cache, partial
from hashlib import sha256
from logging import getLogger
from pathlib import Path
from typing import Any

import llvmlite.binding as llvm
import numba
import numpy as np

from detente.engine.dense import combinations, kernels
from detente.engine.progress import TICK, checkpoint

#: The types of ranks: no dispute that memory can hold has more states than the last can count.
KINDS = [np.dtype(kind) for kind in (np.uint8, np.uint16, np.uint32)]
#: Seconds without a compiled loop after which a process no longer counts as compiling; one loop takes up to five.
SILENT_SECONDS = 120.0

#: Without a handler, logging writes warnings to standard error as they are.
_log = getLogger(__name__)


def ready(rank_bytes: int) -> bool:
    """Tell whether the loops for ranks of up to so many bytes are compiled and on disk."""
    done = _beside(f"compiled-{rank_bytes}")
    return done is not None and done.exists()


def under_way() -> bool:
    """Tell whether some process compiles the loops."""
    busy = _beside("compiling")
    try:
        return busy is not None and time.time() - busy.stat().st_mtime < SILENT_SECONDS
    except FileNotFoundError:
        return False


@cache
def begin() -> subprocess.Popen[bytes] | None:
    """Start the process that compiles the loops and say so, both once; None if there is one already, or no folder."""
    busy = _beside("compiling")
    if busy is None:
        _log.warning(
            "The loops for large disputes cannot be kept, because no folder for them can be written. Large disputes "
            "take longer. To change that, set NUMBA_CACHE_DIR to a folder that can be written."
        )
        return None
    try:
        busy.touch(exist_ok=False)
    except FileExistsError:
        if under_way():
            return None
        busy.touch()
    _log.warning(
        "Detente is compiling its loops for large disputes in the background. This happens once after an installation "
        "and takes up to a minute. Until then, large disputes take longer."
    )
    # The folder that the command was called in is not searched for modules.
    command = [sys.executable, "-P", "-m", "detente.engine.dense.compiling"]
    nowhere = subprocess.DEVNULL
    return subprocess.Popen(command, stdin=nowhere, stdout=nowhere, stderr=nowhere, start_new_session=True)


def wait(rank_bytes: int) -> None:
    """Wait until the loops for ranks of up to so many bytes are compiled, or until no process compiles them."""
    process = begin()
    while not ready(rank_bytes) and (under_way() or (process is not None and process.poll() is None)):
        checkpoint(0.0, "compiling the loops for large disputes, once after the installation")
        time.sleep(TICK)


def compile_all() -> None:
    """Compile every loop for every type of rank."""
    busy = _beside("compiling")
    if busy is None:
        return
    busy.write_text(str(os.getpid()), encoding="ascii")
    try:
        for kind in KINDS:
            for call in _calls(kind):
                call()
                busy.touch()
            busy.with_suffix(f".compiled-{kind.itemsize}").touch()
    finally:
        busy.unlink(missing_ok=True)


@cache
def _beside(state: str) -> Path | None:
    """Return the file beside the compiled loops that tells a state; None if no folder can be written."""
    folder = kernels.lower.stats.cache_path
    if folder is None:
        return None
    processor = f"{llvm.get_host_cpu_name()} {llvm.get_host_cpu_features().flatten()}"
    known = sha256(f"{numba.__version__} {sys.version} {processor}".encode())
    for source in sorted(Path(__file__).parent.glob("*.py")):
        known.update(source.read_bytes())
    return Path(folder) / f"detente-{known.hexdigest()[:16]}.{state}"


def _calls(kind: np.dtype[Any]) -> Iterator[Callable[[], Any]]:
    """Yield a call of every loop for a type of rank."""
    rank, top = np.zeros(1, dtype=kind), kind.type(1)
    truth, whole, places = np.zeros(1, dtype=bool), np.zeros(1, dtype=np.int64), np.zeros(1, dtype=np.uint16)
    fibre, swept, none = (0, 0), (np.zeros(1, dtype=np.int32), -1, 0, 1), (0, 0)
    yield partial(kernels.mark_stable, truth, rank, rank, *fibre, whole, 1, *none)
    yield partial(kernels.best, rank, rank, *fibre, whole, 1, *none)
    yield partial(kernels.lower, rank, truth, top, *fibre, whole, *swept, *none)
    yield partial(kernels.lower_in_pairs, rank, rank, top, *fibre, places, whole, *swept, *none)
    for narrower in KINDS[: KINDS.index(kind) + 1]:
        level = np.zeros(1, dtype=narrower)
        yield partial(kernels.lower_by_level, rank, level, top, *fibre, whole, 0, 0, *swept, *none)
        # A fibre has at most 2^15 places, so that levels have at most two bytes.
        if narrower.itemsize <= places.itemsize:
            yield partial(kernels.levels, level, rank, *fibre, *none)
    yield partial(combinations.sort_fibres, places, places, rank, True, top, *fibre, *none)
    rows, layout, players = np.zeros((1, 1), dtype=np.uint16), np.zeros(1, dtype=np.int64), (whole,) * 4
    yield partial(combinations.mark_sim_stable, truth, rank, whole, rows, rows, layout, *players, True, top, *none)
    yield partial(combinations.mark_stable_of_two, truth, rank, places, places, 1, 1, True, top, *none)


if __name__ == "__main__":
    compile_all()
