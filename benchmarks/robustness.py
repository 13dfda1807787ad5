"""Random preference profiles: many decided at once, beside the ordinary engine, profile by profile.

    python -m benchmarks.robustness [--samples 100000] [--workers 2] [--alone 200] [--markdown FILE]

Every run is a process of its own, so that its time includes the start of Python and the imports, and its memory its
workers'. The ordinary engine gets the same profiles, as conflicts that are ready to be analysed; it decides the first
few only, and its time for all is worked out from these. Processor seconds are those of all processes together, for what
else runs on a machine makes them wait but not work.
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

CONCEPTS = ("nash", "gmr", "smr", "seq")
#: Options and decision makers; 2 to the number of options states, eight statements each.
SIZES = ((6, 3), (8, 3), (10, 3), (8, 4))
HEADS = [
    "states",
    "decision makers",
    "ties",
    "process, s",
    "processor, s",
    "peak, MiB",
    "one by one, processor s",
    "ratio",
]


def once(options: int, makers: int, ties: str, samples: int, workers: int, alone: int) -> dict[str, float]:
    """Measure one conflict in this process; the ordinary engine last, on the first profiles."""
    from benchmarks.disputes import dispute
    from detente.analysis.equilibria import analyze

    conflict = dispute(options, makers)
    start = time.perf_counter()
    answer = conflict.robustness(CONCEPTS, samples=samples, ties=ties, workers=workers)
    seconds = time.perf_counter() - start
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    processor = sum(one.ru_utime + one.ru_stime for one in used)
    # The parent and its largest child: with two workers a little less than the three together.
    peak = sum(one.ru_maxrss for one in used) / 1024
    profiles = [answer.profile(number) for number in range(1, alone + 1)]
    start = time.process_time()
    for profile in profiles:
        analysis = analyze(profile, CONCEPTS, "explicit")
        for concept in CONCEPTS:
            analysis.equilibrium_set(concept)
    one_by_one = time.process_time() - start
    return {
        "seconds": seconds,
        "processor": processor,
        "mebibytes": peak,
        "one by one": one_by_one * samples / max(alone, 1),
    }


def measured(*arguments: object) -> dict[str, float]:
    """Measure in a process of its own, with the whole process's seconds less those of the ordinary engine."""
    start = time.perf_counter()
    command = [sys.executable, "-m", __spec__.name, "--once", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    result: dict[str, float] = json.loads(done.stdout)
    result["whole"] = time.perf_counter() - start
    return result


def rows(sizes: Iterable[tuple[int, ...]], samples: int, workers: int, alone: int) -> Iterable[list[str]]:
    """Measure every size, with ties broken at random and without."""
    for options, makers in sizes:
        for ties in ("kept", "new", "broken"):
            bare = measured(options, makers, ties, samples, workers, 0)
            theirs = measured(options, makers, ties, min(samples, 2048), 1, alone)
            alone_seconds = theirs["one by one"] * samples / min(samples, 2048)
            yield [
                f"{2**options:,}",
                str(makers),
                ties,
                f"{bare['whole']:.1f}",
                f"{bare['processor']:.1f}",
                f"{bare['mebibytes']:.0f}",
                f"{alone_seconds:,.0f}",
                f"{alone_seconds / bare['processor']:.0f}x",
            ]


def main() -> None:
    """Print the table, and write it as Markdown where asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--samples", type=int, default=100_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--alone", type=int, default=200, help="profiles for the ordinary engine")
    parser.add_argument("--only", help="one size, OPTIONS,MAKERS")
    parser.add_argument("--markdown", type=Path)
    parser.add_argument("--once", nargs=6, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.once:
        options, makers, ties, samples, workers, alone = given.once
        print(json.dumps(once(int(options), int(makers), ties, int(samples), int(workers), int(alone))))
        return
    table = Table(*HEADS, title=f"{given.samples:,} profiles, {', '.join(CONCEPTS)}, {given.workers} workers")
    lines = [f"| {' | '.join(HEADS)} |", f"|{'---:|' * len(HEADS)}"]
    sizes = [tuple(map(int, given.only.split(",")))] if given.only else SIZES
    for row in rows(sizes, given.samples, given.workers, given.alone):
        table.add_row(*row)
        lines.append(f"| {' | '.join(row)} |")
        print(f"measured {row[0]} states, {row[1]} decision makers, ties {row[2]}", file=sys.stderr)
    Console(width=120).print(table)
    if given.markdown:
        given.markdown.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
