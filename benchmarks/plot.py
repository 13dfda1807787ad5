"""Draw what the engines' benchmarks have saved: work and memory over states, and work over options.

python -m benchmarks.plot [benchmarks/results] [-o docs/images]

Of an engine whose figures are not saved nothing is drawn.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import geometric_mean
from typing import Any

DASHES = {2: "solid", 3: "dashed", 4: "dashdot", 5: "dotted"}
#: How concepts are drawn, in the order in which they are measured.
CONCEPTS = {
    "nash": ("Nash", "#7a7a7a", "o"),
    "gmr": ("GMR", "#0b5c86", "s"),
    "smr": ("SMR", "#5aa9d6", "D"),
    "sim": ("SIM", "#4b7a2f", "v"),
    "seq": ("SEQ", "#a6430f", "o"),
    "sseq": ("SSEQ", "#e0a050", "s"),
}
#: What is quicker is drawn as if it took so many seconds.
QUICKEST = 0.01


def figures(columns: int, width: float) -> tuple[Any, Any]:
    """Make a figure with so many panels."""
    import matplotlib as mpl
    from matplotlib import pyplot as plt

    # The same bytes for the same figures, and text that stays text.
    mpl.rcParams.update({"svg.hashsalt": "detente", "svg.fonttype": "none", "font.size": 9})
    return plt.subplots(1, columns, figsize=(width, 3.2), layout="constrained")


def draw_explicit(runs: Sequence[dict[str, Any]], output: Path) -> None:
    """Draw two panels: seconds of processor time, and bytes for each state and decision maker."""
    figure, (work, memory) = figures(2, 8)
    for makers, dashes in DASHES.items():
        for kind, colour, marker in (("plain", "#0b5c86", "o"), ("ruled", "#a6430f", "s")):
            own = [run for run in runs if run["makers"] == makers and run["kind"] == kind]
            if not own:
                continue
            states = [run["states"] for run in own]
            style = {"linestyle": dashes, "color": colour, "marker": marker, "markersize": 3, "linewidth": 1}
            work.plot(states, [run["processor"] for run in own], label=f"{makers}, {kind}", **style)
            large = [run for run in own if run["states"] >= 2**20]
            memory.plot(
                [run["states"] for run in large],
                [run["mebibytes"] * 2**20 / run["states"] / run["makers"] for run in large],
                **style,
            )
    first = min(run["states"] for run in runs)
    last = max(run["states"] for run in runs)
    top = max(run["processor"] for run in runs)
    work.plot([first, last], [top * first / last, top], color="0.7", linewidth=0.8, label="in proportion")
    work.set(xscale="log", yscale="log", xlabel="states", ylabel="seconds of processor time")
    memory.set(xscale="log", xlabel="states", ylabel="bytes per state and decision maker", ylim=(0, None))
    memory.axhline(20, color="0.7", linewidth=0.8)
    work.legend(fontsize=7, frameon=False, title="decision makers", title_fontsize=7)
    figure.savefig(output, metadata={"Date": None})


def draw_symbolic(runs: Sequence[dict[str, Any]], output: Path) -> None:
    """Draw seconds of processor time over options: a mark for each dispute and concept, a line through their means.

    What was not decided stands on the upper edge, as a triangle, and no line leads there.
    """
    from matplotlib.ticker import FuncFormatter, MultipleLocator

    figure, work = figures(1, 6)
    taken = [run[concept] for run in runs for concept in CONCEPTS if concept in run]
    top = 3 * max([1.0, *taken])
    for place, (concept, (title, colour, marker)) in enumerate(CONCEPTS.items()):
        seconds = {
            size: [max(QUICKEST, run[concept]) for run in runs if run["options"] == size and concept in run]
            for size in sorted({run["options"] for run in runs})
        }
        decided = {size: times for size, times in seconds.items() if times}
        style = {"color": colour, "marker": marker, "markersize": 3, "linestyle": "none"}
        work.plot(list(decided), [geometric_mean(times) for times in decided.values()], color=colour, linewidth=1)
        points = [(size, one) for size, times in decided.items() for one in times]
        work.plot([size for size, _ in points], [one for _, one in points], label=title, **style)
        # Beside each other, for one dispute is undecided under several concepts.
        undecided = [run["options"] + place - len(CONCEPTS) / 2 for run in runs if concept not in run]
        work.plot(undecided, [top] * len(undecided), **{**style, "marker": "^", "markersize": 6, "clip_on": False})
    work.set(yscale="log", xlabel="options", ylabel="seconds of processor time", ylim=(QUICKEST / 1.5, top))
    work.xaxis.set_major_locator(MultipleLocator(10))
    work.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    if any(concept not in run for run in runs for concept in CONCEPTS):
        work.plot([], [], color="0.4", marker="^", markersize=6, linestyle="none", label="not decided")
    work.legend(fontsize=7, frameon=False, loc="center left", bbox_to_anchor=(1.01, 0.5))
    figure.savefig(output, metadata={"Date": None})


#: What is drawn of which figures.
PICTURES: dict[str, tuple[str, Callable[[Sequence[dict[str, Any]], Path], None]]] = {
    "explicit.json": ("explicit-growth.svg", draw_explicit),
    "symbolic.json": ("symbolic-growth.svg", draw_symbolic),
}


def main() -> None:
    """Draw the figures of a folder."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("results", type=Path, nargs="?", default=Path("benchmarks/results"))
    parser.add_argument("-o", "--output", type=Path, default=Path("docs/images"), help="a folder for the pictures")
    given = parser.parse_args()
    there = [name for name in PICTURES if (given.results / name).exists()]
    if not there:
        parser.exit(1, f"{given.results}: there are no saved figures here. Run 'make bench' first\n")
    for name in there:
        picture, draw = PICTURES[name]
        draw(json.loads((given.results / name).read_text(encoding="utf-8"))["runs"], given.output / picture)
        print(given.output / picture)


if __name__ == "__main__":
    main()
