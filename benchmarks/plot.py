"""Draw what the explicit engine's benchmark has measured: work and memory over the number of states.

python -m benchmarks.plot [benchmarks/results/explicit.json] [-o docs/images/explicit-growth.svg]
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

DASHES = {2: "solid", 3: "dashed", 4: "dashdot", 5: "dotted"}


def draw(runs: list[dict[str, Any]], output: Path) -> None:
    """Draw two panels: seconds of processor time, and bytes for each state and decision maker."""
    import matplotlib as mpl
    from matplotlib import pyplot as plt

    # The same bytes for the same figures, and text that stays text.
    mpl.rcParams.update({"svg.hashsalt": "detente", "svg.fonttype": "none", "font.size": 9})
    figure, (work, memory) = plt.subplots(1, 2, figsize=(8, 3.2), layout="constrained")
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


def main() -> None:
    """Draw the figures of a file."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("figures", type=Path, nargs="?", default=Path("benchmarks/results/explicit.json"))
    parser.add_argument("-o", "--output", type=Path, default=Path("docs/images/explicit-growth.svg"))
    given = parser.parse_args()
    draw(json.loads(given.figures.read_text(encoding="utf-8"))["runs"], given.output)
    print(given.output)


if __name__ == "__main__":
    main()
