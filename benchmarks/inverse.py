"""The smallest change of preferences, from 2^5 states up: how long until it is found, and proved the smallest.

    python -m benchmarks.inverse [--largest 9] [--disputes 5] [--concepts nash smr seq] [--markdown FILE]

The state wanted is the last one, in which every option is taken. Disputes come from ``benchmarks/disputes.py``, a new
seed for each; the figures are medians over them, in seconds of processor time (the solver uses one).
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

HEADS = ["states", "concept", "changes needed", "first one, s", "all, s", "how many"]


def rows(options: Iterable[int], concepts: Iterable[str], disputes: int, makers: int) -> Iterable[list[str]]:
    """Measure every size and concept."""
    from benchmarks.disputes import dispute

    for count in options:
        for concept in concepts:
            needed, first, every, found = [], [], [], []
            for seed in range(disputes):
                conflict = dispute(count, makers, seed)
                seconds = []
                for limit in (1, 100):
                    start = time.process_time()
                    answer = conflict.invert(2**count, concept, limit=limit)
                    seconds.append(time.process_time() - start)
                needed.append(float(answer.cost or 0))
                first.append(seconds[0])
                every.append(seconds[1])
                found.append(len(answer.changes))
            yield [
                f"2^{count}",
                concept,
                f"{median(needed):g}",
                f"{median(first):.2f}",
                f"{median(every):.2f}",
                f"{median(found):g}",
            ]


def main() -> None:
    """Print the table, and write it as Markdown where asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--smallest", type=int, default=5)
    parser.add_argument("--largest", type=int, default=9)
    parser.add_argument("--disputes", type=int, default=5)
    parser.add_argument("--makers", type=int, default=3)
    parser.add_argument("--concepts", nargs="+", default=["nash", "smr", "seq"])
    parser.add_argument("--markdown", type=Path)
    given = parser.parse_args()
    # The solver is loaded before the clock starts.
    from detente.analysis.inverse.editable import constraint_solver

    constraint_solver()
    table = Table(*HEADS, title="the smallest change of preferences")
    lines = [f"| {' | '.join(HEADS)} |", f"|---:|---|{'---:|' * (len(HEADS) - 2)}"]
    sizes = range(given.smallest, given.largest + 1)
    for row in rows(sizes, given.concepts, given.disputes, given.makers):
        table.add_row(*row)
        lines.append(f"| {' | '.join(row)} |")
        print(f"measured {row[0]} {row[1]}", file=sys.stderr)
    Console(width=120).print(table)
    if given.markdown:
        given.markdown.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
