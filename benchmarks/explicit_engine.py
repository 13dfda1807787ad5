"""The explicit engine, from 2^10 states up, beside the textbook's matrices on the same conflicts.

    python -m benchmarks.explicit_engine [--largest 16] [--matrices 11] [--makers 4] [--markdown FILE]

Every run is a process of its own, so that its time includes the start of Python and the imports, and its memory is its
own. The matrix method is the field's usual one, written plainly with dense state x state matrices (Xu, Hipel & Kilgour
2009); it decides Nash, GMR, SMR and SEQ, the engine these and SIM and SSEQ.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

from rich.console import Console
from rich.table import Table

CONCEPTS = ("nash", "gmr", "smr", "seq", "sim", "sseq")


def once(method: str, options: int, makers: int) -> dict[str, float]:
    """Run one method on one conflict in this process; return seconds of work, and the most memory held in MiB."""
    from benchmarks.disputes import dispute

    conflict = dispute(options, makers)
    start = time.perf_counter()
    if method == "engine":
        analysis = conflict.analyze(CONCEPTS, "explicit")
        found = [analysis.equilibrium_set(concept).count for concept in CONCEPTS]
    else:
        from benchmarks.matrix_method import equilibria

        found = equilibria(conflict)
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": seconds, "mebibytes": peak, **{f"found {place}": count for place, count in enumerate(found)}}


def measured(method: str, options: int, makers: int, runs: int = 3) -> dict[str, float]:
    """Run a method in processes of its own; return the medians, with the whole process's seconds as well."""
    results = []
    for _ in range(runs):
        start = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-m", __spec__.name, "--once", method, str(options), str(makers)],
            capture_output=True,
            text=True,
            check=True,
        )
        result = json.loads(done.stdout)
        result["whole"] = time.perf_counter() - start
        results.append(result)
    return {key: sorted(one[key] for one in results)[len(results) // 2] for key in results[0]}


def rows(options: Iterable[int], makers: int, matrices: int) -> Iterable[list[str]]:
    """Measure both methods for every size; the matrices only up to so many options."""
    for count in options:
        ours = measured("engine", count, makers)
        row = [f"2^{count}", f"{2**count:,}", f"{ours['whole']:.2f}", f"{ours['seconds']:.2f}"]
        row.append(f"{ours['mebibytes']:.0f}")
        if count <= matrices:
            theirs = measured("matrices", count, makers, runs=1)
            for place in range(4):
                if theirs[f"found {place}"] != ours[f"found {place}"]:
                    raise SystemExit(f"2^{count}: the two methods disagree on {CONCEPTS[place]}")
            row += [
                f"{theirs['seconds']:.2f}",
                f"{theirs['mebibytes']:.0f}",
                f"{theirs['seconds'] / ours['seconds']:.0f}x",
            ]
        else:
            row += ["-", "-", "-"]
        yield row


HEADS = ["states", "", "process, s", "of it work, s", "peak, MiB", "matrices, s", "peak, MiB", "ratio of work"]


def main() -> None:
    """Print the table, and write it as Markdown where asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--smallest", type=int, default=10)
    parser.add_argument("--largest", type=int, default=16)
    parser.add_argument("--matrices", type=int, default=11, help="the largest size for the matrix method")
    parser.add_argument("--makers", type=int, default=4)
    parser.add_argument("--markdown", type=Path)
    parser.add_argument("--once", nargs=3, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.once:
        print(json.dumps(once(given.once[0], int(given.once[1]), int(given.once[2]))))
        return
    table = Table(*HEADS, title="the explicit engine, and dense matrices")
    lines = [f"| {' | '.join(HEADS)} |", f"|{'---:|' * len(HEADS)}"]
    for row in rows(range(given.smallest, given.largest + 1), given.makers, given.matrices):
        table.add_row(*row)
        lines.append(f"| {' | '.join(row)} |")
        print(f"measured {row[0]}", file=sys.stderr)
    Console(width=120).print(table)
    if given.markdown:
        given.markdown.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
