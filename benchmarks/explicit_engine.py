"""The explicit engine from 2^10 to 2^24 states, beside a plain copy of memory and the textbook's matrices.

    python -m benchmarks.explicit_engine [--smallest 10] [--largest 24] [--step 2] [--makers 2 3 4 5]
        [--kinds plain ruled] [--matrices 10] [--repeat 3] [--save FOLDER] [--add]

Everything that the documentation says of the explicit engine's speed and memory is printed: the table, the growth, what
the process takes before the first state, and how busy the machine was. ``--add`` keeps what was saved before of sizes
that are not measured now, so that the whole can be run in parts; ``--smallest 28 --largest 28 --makers 4 --kinds plain
--add`` adds the largest.

Every run is a process of its own, so that its time includes the start of Python and the imports, and its memory is its
own; bytecode is kept between them, as that of installed packages is. Each size is measured with every combination of
options feasible and with rules and one-way options. The engine decides Nash, GMR, SMR and SEQ for every decision maker
at every state. Beside it, in the same process, one 32-bit number for each state and decision maker is copied, as in
STREAM: what the machine's memory can do. The matrix method is the field's usual one, written plainly with dense
state x state matrices (Xu, Hipel & Kilgour 2009).
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from math import log2
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

CONCEPTS = ("nash", "gmr", "smr", "seq")
#: The kinds of disputes: everything feasible, or rules that exclude about a third and six one-way options.
KINDS = ("plain", "ruled")
HEADS = (
    "states", "makers", "kind", "process, s", "work, s", "CPU, s", "peak, MiB", "bytes each", "of it states", "copies",
    "matrices", "ratio",
)  # fmt: skip
#: From so many combinations of options on the loops are compiled ones.
COMPILED = 2**19


@dataclass(frozen=True)
class Run:
    """One measurement: the medians of several processes.

    ``work`` is what the analysis took by the clock and ``processor`` on all cores; ``before`` how much memory the
    process had taken before the first state: Python, NumPy and the compiled loops.
    """

    options: int
    makers: int
    kind: str
    states: int
    process: float
    work: float
    processor: float
    mebibytes: float
    before: float
    copy: float
    matrices: float | None

    @property
    def bytes_each(self) -> float:
        """Return the peak memory of the whole process for each state and decision maker."""
        return self.mebibytes * 2**20 / self.states / self.makers

    @property
    def bytes_of_states(self) -> float:
        """Return the same less what the process takes before the first state."""
        return (self.mebibytes - self.before) * 2**20 / self.states / self.makers

    def cells(self) -> list[str]:
        """Return the row of the table."""
        matrices = ["-", "-"]
        if self.matrices is not None:
            matrices = [f"{self.matrices:.2f}", f"{self.matrices / self.work:.0f}x"]
        return [
            f"2^{log2(self.states):.1f}".removesuffix(".0"),
            str(self.makers),
            self.kind,
            f"{self.process:.2f}",
            f"{self.work:.2f}",
            f"{self.processor:.2f}",
            f"{self.mebibytes:,.0f}",
            f"{self.bytes_each:.1f}" if 1 << self.options >= COMPILED else "-",
            f"{self.bytes_of_states:.1f}" if 1 << self.options >= COMPILED else "-",
            f"{self.work / self.copy:.0f}",
            *matrices,
        ]


def once(method: str, options: int, makers: int, kind: str) -> dict[str, float]:
    """Run one method on one conflict in this process; return seconds of work, and the most memory held in MiB."""
    from benchmarks.disputes import dispute, ruled

    conflict = dispute(options, makers) if kind == "plain" else ruled(options, makers)
    before = 0.0
    if method == "before":
        before = held_before_the_first_state(makers, kind)
    start, worked = time.perf_counter(), time.process_time()
    if method == "before":
        found, states = [], 1
    elif method == "engine":
        analysis = conflict.analyze(CONCEPTS, "explicit")
        found = [analysis.equilibrium_set(concept).count for concept in CONCEPTS]
        states = analysis.count
    else:
        from benchmarks.matrix_method import equilibria

        found, states = equilibria(conflict), 2**options
    seconds, processor = time.perf_counter() - start, time.process_time() - worked
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "seconds": seconds,
        "processor": processor,
        "mebibytes": before or peak,
        "states": states,
        "copy": copying(states * makers),
        **{f"found {place}": count for place, count in enumerate(found)},
    }


def held_before_the_first_state(makers: int, kind: str) -> float:
    """Return the MiB that a process has taken when the loops are there and have decided next to nothing."""
    from benchmarks.disputes import dispute, ruled
    from detente.concepts import concept
    from detente.engine.dense.solver import DenseSolver

    small = DenseSolver(dispute(10, makers) if kind == "plain" else ruled(10, makers))
    for name in CONCEPTS:
        small.equilibria(concept(name))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def copying(numbers: int) -> float:
    """Return the seconds that it takes to copy so many 32-bit numbers: the best of five."""
    there = np.zeros(numbers, dtype=np.int32)
    here = np.empty_like(there)
    seconds = []
    for _ in range(5):
        start = time.perf_counter()
        np.copyto(here, there)
        seconds.append(time.perf_counter() - start)
    return min(seconds)


@cache
def environment() -> dict[str, str]:
    """Return the environment of the processes: bytecode is kept, in a folder of this run where it would not be."""
    without = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    if len(without) == len(os.environ):
        return without
    folder = tempfile.mkdtemp(prefix="detente-benchmark-")
    return without | {"PYTHONPYCACHEPREFIX": folder}


def measured(method: str, options: int, makers: int, kind: str, runs: int) -> dict[str, float]:
    """Run a method in processes of its own; return the medians, with the whole process's seconds as well."""
    results = []
    for _ in range(runs):
        start = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-m", __spec__.name, "--once", method, str(options), str(makers), kind],
            capture_output=True,
            text=True,
            check=True,
            env=environment(),
        )
        result = json.loads(done.stdout)
        result["whole"] = time.perf_counter() - start - 5 * result["copy"]
        results.append(result)
    return {key: sorted(one[key] for one in results)[len(results) // 2] for key in results[0]}


def runs(
    options: Iterable[int], makers: Sequence[int], kinds: Sequence[str], matrices: int, repeat: int
) -> Iterable[Run]:
    """Measure every size and kind; the matrices only up to so many options."""
    before = {
        (number, kind): measured("before", 10, number, kind, 1)["mebibytes"] for number in makers for kind in kinds
    }
    for count in options:
        for number in makers:
            for kind in kinds:
                ours = measured("engine", count, number, kind, repeat if count < 26 else 1)
                seconds = None
                if count <= matrices and kind == "plain":
                    theirs = measured("matrices", count, number, kind, 1)
                    seconds = theirs["seconds"]
                    for place, concept in enumerate(CONCEPTS):
                        if theirs[f"found {place}"] != ours[f"found {place}"]:
                            raise SystemExit(f"2^{count}: the two methods disagree on {concept}")
                yield Run(
                    count, number, kind, int(ours["states"]), ours["whole"], ours["seconds"], ours["processor"],
                    ours["mebibytes"], before[number, kind], ours["copy"], seconds,
                )  # fmt: skip


def slope(found: Iterable[Run]) -> float:
    """Return the slope of the logarithm of processor time over that of states, by least squares."""
    points = [(log2(run.states), log2(run.processor)) for run in found]
    return float(np.polyfit(*zip(*points, strict=True), 1)[0])


def growth(found: Sequence[Run], makers: Iterable[int]) -> list[str]:
    """Say how the work grows with the states, from 2^14 and from where the loops are compiled."""
    lines = []
    for number in makers:
        for kind in KINDS:
            own = [run for run in found if run.makers == number and run.kind == kind]
            powers = [
                f"{slope(part):.2f} from 2^{start}"
                for start in (14, 20, 22)
                if len(part := [run for run in own if run.options >= start]) > 1
            ]
            if powers:
                grows = ", ".join(powers)
                lines.append(f"{number} decision makers, {kind}: processor time grows with the power {grows} states")
    return lines


def saved(file: Path) -> list[Run]:
    """Return the runs that a file has."""
    return [Run(**run) for run in json.loads(file.read_text(encoding="utf-8"))["runs"]] if file.exists() else []


def main() -> None:
    """Print the table, and save it where asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--smallest", type=int, default=10)
    parser.add_argument("--largest", type=int, default=24)
    parser.add_argument("--step", type=int, default=2)
    parser.add_argument("--makers", type=int, nargs="+", default=[2, 3, 4, 5])
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=KINDS)
    parser.add_argument("--matrices", type=int, default=10, help="the largest size for the matrix method")
    parser.add_argument("--repeat", type=int, default=3, help="processes for each figure below 2^26 states")
    parser.add_argument("--save", type=Path, default=Path("benchmarks/results"), help="a folder for the figures")
    parser.add_argument("--add", action="store_true", help="keep what was saved of what is not measured now")
    parser.add_argument("--once", nargs=4, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.once:
        method, options, makers, kind = given.once
        print(json.dumps(once(method, int(options), int(makers), kind)))
        return
    # The loops are compiled once for a machine, at their first use: do that before anything is measured.
    for number in given.makers:
        measured("engine", 19, number, "ruled", 1)
    sizes = range(given.smallest, given.largest + 1, given.step)
    found: dict[tuple[int, int, str], Run] = {}
    if given.add:
        found = {(run.options, run.makers, run.kind): run for run in saved(given.save / "explicit.json")}
    for run in runs(sizes, given.makers, given.kinds, given.matrices, given.repeat):
        found[run.options, run.makers, run.kind] = run
        load = f" (load {os.getloadavg()[0]:.1f})" if hasattr(os, "getloadavg") else ""
        print(f"measured {' '.join(run.cells()[:3])}: {run.work:.2f} s{load}", file=sys.stderr)
    report([found[key] for key in sorted(found)], given.save)


def report(found: Sequence[Run], folder: Path) -> None:
    """Print what was found, and save it."""
    table = Table(*HEADS, title="the explicit engine: Nash, GMR, SMR and SEQ for every decision maker")
    for run in found:
        table.add_row(*run.cells())
    Console(width=140).print(table)
    for line in growth(found, sorted({run.makers for run in found})):
        print(line)
    large = [run for run in found if run.options >= 22]
    if large:
        whole, own = [run.bytes_each for run in large], [run.bytes_of_states for run in large]
        print(
            f"from 2^22 combinations: {min(whole):.1f} to {max(whole):.1f} bytes for each state and decision maker, "
            f"{min(own):.1f} to {max(own):.1f} of them beyond the {max(run.before for run in large):.0f} MiB that the "
            "process takes before the first state"
        )
    folder.mkdir(parents=True, exist_ok=True)
    figures = {"machine": platform.processor() or platform.machine(), "python": platform.python_version()}
    text = json.dumps({**figures, "runs": [asdict(run) for run in found]}, indent=1)
    (folder / "explicit.json").write_text(text + "\n", encoding="utf-8")
    lines = [
        f"| {' | '.join(HEADS)} |",
        f"|{'---:|' * len(HEADS)}",
        *(f"| {' | '.join(run.cells())} |" for run in found),
    ]
    (folder / "explicit.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
