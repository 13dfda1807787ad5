"""The explicit engine from 2^10 to 2^24 states, beside a plain copy of memory and the textbook's matrices.

    python -m benchmarks.explicit_engine [--largest 24] [--step 2] [--makers 2 3 4 5] [--matrices 10] [--save FOLDER]

Every run is a process of its own, so that its time includes the start of Python and the imports, and its memory is its
own. Each size is measured with every combination of options feasible and with rules and one-way options. The engine
decides Nash, GMR, SMR and SEQ for every decision maker at every state. Beside it, in the same process, one 32-bit
number for each state and decision maker is copied, as in STREAM: what the machine's memory can do. The matrix method is
the field's usual one, written plainly with dense state x state matrices (Xu, Hipel & Kilgour 2009).
"""

from __future__ import annotations

import argparse
import json
import platform
import resource
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from math import log2
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

CONCEPTS = ("nash", "gmr", "smr", "seq")
#: The kinds of disputes: everything feasible, or rules that exclude about a third and six one-way options.
KINDS = ("plain", "ruled")
HEADS = ("states", "makers", "kind", "process, s", "work, s", "peak, MiB", "bytes each", "copies", "matrices", "ratio")


@dataclass(frozen=True)
class Run:
    """One measurement: the medians of several processes."""

    options: int
    makers: int
    kind: str
    states: int
    process: float
    work: float
    mebibytes: float
    copy: float
    matrices: float | None

    @property
    def bytes_each(self) -> float:
        """Return the peak memory above that of a small conflict, for each state and decision maker."""
        return self.mebibytes * 2**20 / self.states / self.makers

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
            f"{self.work:.3f}",
            f"{self.mebibytes:,.0f}",
            f"{self.bytes_each:.1f}" if self.states >= 2**20 else "-",
            f"{self.work / self.copy:.0f}",
            *matrices,
        ]


def once(method: str, options: int, makers: int, kind: str) -> dict[str, float]:
    """Run one method on one conflict in this process; return seconds of work, and the most memory held in MiB."""
    from benchmarks.disputes import dispute, ruled

    conflict = dispute(options, makers) if kind == "plain" else ruled(options, makers)
    start = time.perf_counter()
    if method == "engine":
        analysis = conflict.analyze(CONCEPTS, "explicit")
        found = [analysis.equilibrium_set(concept).count for concept in CONCEPTS]
        states = analysis.count
    else:
        from benchmarks.matrix_method import equilibria

        found, states = equilibria(conflict), 2**options
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "seconds": seconds,
        "mebibytes": peak,
        "states": states,
        "copy": copying(states * makers),
        **{f"found {place}": count for place, count in enumerate(found)},
    }


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
        )
        result = json.loads(done.stdout)
        result["whole"] = time.perf_counter() - start - 5 * result["copy"]
        results.append(result)
    return {key: sorted(one[key] for one in results)[len(results) // 2] for key in results[0]}


def runs(options: Iterable[int], makers: Iterable[int], matrices: int, repeat: int) -> Iterable[Run]:
    """Measure every size and kind; the matrices only up to so many options."""
    numbers = list(makers)
    for count in options:
        for number in numbers:
            for kind in KINDS:
                ours = measured("engine", count, number, kind, repeat if count < 22 else 1)
                seconds = None
                if count <= matrices and kind == "plain":
                    theirs = measured("matrices", count, number, kind, 1)
                    seconds = theirs["seconds"]
                    for place, concept in enumerate(CONCEPTS):
                        if theirs[f"found {place}"] != ours[f"found {place}"]:
                            raise SystemExit(f"2^{count}: the two methods disagree on {concept}")
                yield Run(
                    count, number, kind, int(ours["states"]), ours["whole"], ours["seconds"], ours["mebibytes"],
                    ours["copy"], seconds,
                )  # fmt: skip


def slope(found: Iterable[Run]) -> float:
    """Return the slope of log work over log states, by least squares."""
    points = [(log2(run.states), log2(run.work)) for run in found]
    return float(np.polyfit(*zip(*points, strict=True), 1)[0])


def main() -> None:
    """Print the table, and save it where asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--smallest", type=int, default=10)
    parser.add_argument("--largest", type=int, default=24)
    parser.add_argument("--step", type=int, default=2)
    parser.add_argument("--makers", type=int, nargs="+", default=[2, 3, 4, 5])
    parser.add_argument("--matrices", type=int, default=10, help="the largest size for the matrix method")
    parser.add_argument("--repeat", type=int, default=3, help="processes for each figure below 2^22 states")
    parser.add_argument("--save", type=Path, default=Path("benchmarks/results"), help="a folder for the figures")
    parser.add_argument("--once", nargs=4, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.once:
        method, options, makers, kind = given.once
        print(json.dumps(once(method, int(options), int(makers), kind)))
        return
    # The loops are compiled once for a machine, by whoever comes first: not by the first that is measured.
    measured("engine", 19, 2, "plain", 1)
    table = Table(*HEADS, title="the explicit engine: Nash, GMR, SMR and SEQ for every decision maker")
    found: list[Run] = []
    for run in runs(range(given.smallest, given.largest + 1, given.step), given.makers, given.matrices, given.repeat):
        found.append(run)
        table.add_row(*run.cells())
        print(f"measured {' '.join(run.cells()[:3])}: {run.work:.2f} s", file=sys.stderr)
    Console(width=120).print(table)
    large = [run for run in found if run.options >= 14]
    for makers in given.makers:
        own = [run for run in large if run.makers == makers]
        if len({run.options for run in own}) > 1:
            print(f"{makers} decision makers, from 2^14 states: work grows with the power {slope(own):.2f} of states")
    given.save.mkdir(parents=True, exist_ok=True)
    figures = {"machine": platform.processor() or platform.machine(), "python": platform.python_version()}
    text = json.dumps({**figures, "runs": [asdict(run) for run in found]}, indent=1)
    (given.save / "explicit.json").write_text(text + "\n", encoding="utf-8")
    lines = [
        f"| {' | '.join(HEADS)} |",
        f"|{'---:|' * len(HEADS)}",
        *(f"| {' | '.join(run.cells())} |" for run in found),
    ]
    (given.save / "explicit.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
