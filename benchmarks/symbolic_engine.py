"""The symbolic engine on structured disputes, concept by concept.

    python -m benchmarks.symbolic_engine [--sizes 20x4 40x5 60x7] [--seeds 0 1] [--limit 600] [--markdown FILE]

Every run is a process of its own. Times are seconds of processor time, so that what else runs on the machine does not
count; a concept that takes longer than the limit, in seconds on the clock, ends its run.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.table import Table

CONCEPTS = ("nash", "gmr", "smr", "sim", "seq", "sseq")
HEADS = ["options", "makers", "seed", "states", *CONCEPTS, "SEQ equilibria", "peak, MiB"]


def once(options: int, makers: int, seed: int) -> None:
    """Decide one concept after the other, and print a line of JSON after each."""
    from benchmarks.structured import structured
    from detente.engine import solver
    from detente.stability import CONCEPTS as REGISTERED

    compiled = solver(structured(options, makers, seed), "symbolic")
    print(json.dumps({"states": compiled.count}), flush=True)
    for concept in CONCEPTS:
        start = time.process_time()
        found = compiled.equilibria(REGISTERED[concept]).count
        result = {
            concept: time.process_time() - start,
            f"{concept} found": found,
            "mebibytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        }
        print(json.dumps(result), flush=True)


def measured(options: int, makers: int, seed: int, limit: float) -> dict[str, float]:
    """Run a dispute in a process of its own; what is not decided within the limit is missing."""
    command = [sys.executable, "-m", __spec__.name, "--once", str(options), str(makers), str(seed)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        said, _ = process.communicate(timeout=limit)
    except subprocess.TimeoutExpired:
        process.kill()
        said, _ = process.communicate()
    found: dict[str, float] = {}
    for line in said.splitlines():
        found |= json.loads(line)
    return found


def rows(sizes: list[tuple[int, int]], seeds: list[int], limit: float) -> Iterator[list[str]]:
    """Measure every size and seed."""
    for options, makers in sizes:
        for seed in seeds:
            found = measured(options, makers, seed, limit)
            times = [f"{found[concept]:.2f}" if concept in found else "-" for concept in CONCEPTS]
            equilibria = f"{found['seq found']:,}" if "seq found" in found else "-"
            states = f"{found['states']:.1e}" if "states" in found else "-"
            yield [str(options), str(makers), str(seed), states, *times, equilibria, f"{found.get('mebibytes', 0):.0f}"]


def _size(text: str) -> tuple[int, int]:
    options, makers = text.split("x")
    return int(options), int(makers)


def main() -> None:
    """Print the table, and write it as Markdown where asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--sizes", nargs="+", type=_size, default=[(20, 4), (40, 5), (60, 7)], metavar="OPTIONSxMAKERS")
    parser.add_argument("--seeds", nargs="+", type=int, default=[0, 1])
    parser.add_argument("--limit", type=float, default=600, help="seconds for one dispute")
    parser.add_argument("--markdown", type=Path)
    parser.add_argument("--once", nargs=3, type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.once:
        once(*given.once)
        return
    table = Table(*HEADS, title="the symbolic engine; seconds of processor time")
    lines = [f"| {' | '.join(HEADS)} |", f"|{'---:|' * len(HEADS)}"]
    for row in rows(given.sizes, given.seeds, given.limit):
        table.add_row(*row)
        lines.append(f"| {' | '.join(row)} |")
        print(f"measured {row[0]} options, seed {row[2]}", file=sys.stderr)
    Console(width=180).print(table)
    if given.markdown:
        given.markdown.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
