"""The symbolic engine on structured disputes, concept by concept.

    python -m benchmarks.symbolic_engine [--sizes 20x4 40x5 60x7] [--seeds 0 1] [--limit 600] [--save FOLDER] [--add]

Every run is a process of its own. Times are seconds of processor time, so that what else runs on the machine does not
count; a concept that takes longer than the limit, in seconds on the clock, ends its run. ``--add`` keeps what was saved
before of disputes that are not measured now, so that the whole can be run in parts.
"""

from __future__ import annotations

import argparse
import json
import platform
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from itertools import product
from pathlib import Path

from rich.console import Console
from rich.table import Table

CONCEPTS = ("nash", "gmr", "smr", "sim", "seq", "sseq")
HEADS = ["options", "makers", "seed", "states", *CONCEPTS, "SEQ equilibria", "peak, MiB"]


def once(options: int, makers: int, seed: int) -> None:
    """Decide one concept after the other, and print a line of JSON after each."""
    from benchmarks.structured import structured
    from detente.concepts import CONCEPTS as REGISTERED
    from detente.engine import solver

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


def cells(run: dict[str, float]) -> list[str]:
    """Return the row of the table for one dispute."""
    return [
        *(str(run[name]) for name in ("options", "makers", "seed")),
        f"{run['states']:.1e}" if "states" in run else "-",
        *(f"{run[concept]:.2f}" if concept in run else "-" for concept in CONCEPTS),
        f"{run['seq found']:,}" if "seq found" in run else "-",
        f"{run.get('mebibytes', 0):.0f}",
    ]


def saved(file: Path) -> list[dict[str, float]]:
    """Return the runs that a file has."""
    return json.loads(file.read_text(encoding="utf-8"))["runs"] if file.exists() else []


def report(found: Sequence[dict[str, float]], folder: Path) -> None:
    """Print what was found, and save it."""
    table = Table(*HEADS, title="the symbolic engine; seconds of processor time")
    for run in found:
        table.add_row(*cells(run))
    Console(width=180).print(table)
    folder.mkdir(parents=True, exist_ok=True)
    figures = {"machine": platform.processor() or platform.machine(), "python": platform.python_version()}
    text = json.dumps({**figures, "runs": found}, indent=1)
    (folder / "symbolic.json").write_text(text + "\n", encoding="utf-8")
    lines = [
        f"| {' | '.join(HEADS)} |",
        f"|{'---:|' * len(HEADS)}",
        *(f"| {' | '.join(cells(run))} |" for run in found),
    ]
    (folder / "symbolic.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _size(text: str) -> tuple[int, int]:
    options, makers = text.split("x")
    return int(options), int(makers)


def main() -> None:
    """Measure, print the table and save it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--sizes", nargs="+", type=_size, default=[(20, 4), (40, 5), (60, 7)], metavar="OPTIONSxMAKERS")
    parser.add_argument("--seeds", nargs="+", type=int, default=[0, 1])
    parser.add_argument("--limit", type=float, default=600, help="seconds for one dispute")
    parser.add_argument("--save", type=Path, default=Path("benchmarks/results"), help="a folder for the figures")
    parser.add_argument("--add", action="store_true", help="keep what was saved of what is not measured now")
    parser.add_argument("--once", nargs=3, type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.once:
        once(*given.once)
        return
    before = saved(given.save / "symbolic.json") if given.add else []
    found = {(run["options"], run["makers"], run["seed"]): run for run in before}
    for (options, makers), seed in product(given.sizes, given.seeds):
        which = {"options": options, "makers": makers, "seed": seed}
        found[options, makers, seed] = which | measured(options, makers, seed, given.limit)
        print(f"measured {options} options, seed {seed}", file=sys.stderr)
    report([found[key] for key in sorted(found)], given.save)


if __name__ == "__main__":
    main()
