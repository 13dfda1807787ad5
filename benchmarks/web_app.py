"""How long ``detente serve`` takes to its first page, how long a page waits, and how evenly 4,096 states scroll.

Run it as ``python -m benchmarks.web_app``. Starts are timed from the command to the page of the catalogue's dispute of
396 states and to its table, with what Python has compiled kept from the start before, as it is unless the user forbids
it, and without. The server runs in a process of its own and is asked over HTTP, as a browser
asks; made-up disputes as in `benchmarks.explicit_engine`. Scrolling is measured in Chromium, where there is one and
Playwright to drive it: from frame to frame, while the table is moved on by so many pixels at each.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from benchmarks.disputes import dispute
from detente import examples
from detente.io.conflict_file import write_conflict

CATALOGUE = "ukraine-2023"
SIZES = (6, 8, 10, 12)
#: Whole graphs, up to nearly the most that are drawn whole.
GRAPHS = {"6": 64, "8": 256, CATALOGUE: 396}
MAKERS = 4
ROUNDS = 15
STARTS = 7


def median_ms(times: list[float]) -> float:
    return statistics.median(times) * 1000


def timed(ask: object, count: int) -> tuple[float, list[float]]:
    """The first answer, which works everything out, and the others."""
    times = []
    for number in range(count):
        start = time.perf_counter()
        ask(number)  # type: ignore[operator]
        times.append(time.perf_counter() - start)
    return times[0] * 1000, times[1:]


@contextmanager
def serving(what: str, *, compiled: bool = True) -> Iterator[str]:
    """The address of a server in a process of its own; ``compiled`` says whether it may keep compiled code."""
    command = [sys.executable, "-m", "detente", "serve", what, "--no-browser"]
    surroundings = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with tempfile.TemporaryDirectory() as nothing:
        if not compiled:
            surroundings |= {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONPYCACHEPREFIX": nothing}
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=surroundings) as server:
            assert server.stdout is not None
            yield server.stdout.readline().strip()
            server.terminate()


def start(*, compiled: bool) -> list[float]:
    """The seconds from the command to its line, to the first page, and to the table on it."""
    begun = time.perf_counter()
    times = []
    with serving(f"example:{CATALOGUE}", compiled=compiled) as address:
        times.append(time.perf_counter() - begun)
        with httpx.Client(follow_redirects=True, timeout=120) as client:
            for asked in (address, f"{address.partition('/?')[0]}/api/states/{CATALOGUE}.conflict.yaml"):
                client.get(asked).raise_for_status()
                times.append(time.perf_counter() - begun)
    return times


def starts() -> None:
    """Print the median of a few starts, after one that is not counted."""
    print("| code that Python has compiled | its line, s | first page, s | table, s |\n|---|---:|---:|---:|")
    for compiled, words in ((True, "kept"), (False, "not kept")):
        start(compiled=compiled)
        each = zip(*(start(compiled=compiled) for _ in range(STARTS)), strict=True)
        print(f"| {words} | {' | '.join(f'{statistics.median(times):.2f}' for times in each)} |")


#: How far the table is moved on at each frame: a slow wheel, a fast one, and dragging the bar.
STEPS = (40, 120, 400)
FRAMES = 300
SCROLLED = """async ([frames, step]) => {
    const box = document.querySelector('#scroll');
    const frame = () => new Promise(requestAnimationFrame);
    box.scrollTop = 0;
    await frame();
    const times = [await frame()];
    let blank = 0;
    for (let count = 0; count < frames; count++) {
        box.scrollTop += step;
        times.push(await frame());
        blank += document.querySelector('#rows .waiting') !== null;
    }
    return [times.slice(1).map((time, place) => time - times[place]), blank];
}"""


#: The graph is moved about and made larger and smaller, a little at each frame.
MOVED = """async ([frames]) => {
    const graph = document.querySelector('.canvas')._cyreg.cy;
    const frame = () => new Promise(requestAnimationFrame);
    await frame();
    const times = [await frame()];
    for (let count = 0; count < frames; count++) {
        const there = count % 60 < 30 ? 1 : -1;
        graph.panBy({ x: 6 * there, y: 3 * there });
        if (count >= frames / 2) graph.zoom(graph.zoom() * 1.02 ** there);
        times.push(await frame());
    }
    return times.slice(1).map((time, place) => time - times[place]);
}"""


@contextmanager
def opened(address: str) -> Iterator[Any]:
    """A page of Chromium that the server knows; None where there is no browser, or nothing to drive it."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        browser = None
    if browser is None:
        print("frames are not measured: there is no Chromium, or no Playwright")
        yield None
        return
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=browser, args=["--no-sandbox", "--disable-gpu"])
        page = chromium.new_page(viewport={"width": 1280, "height": 800})
        page.goto(address)
        yield page
        chromium.close()


def frames_row(times: list[float]) -> str:
    slow = sum(time > 34 for time in times) / len(times)
    return (
        f"{statistics.median(times):.0f} | {sorted(times)[int(len(times) * 0.95)]:.0f} | {max(times):.0f} | {slow:.0%}"
    )


def scroll(page: Any, base: str) -> None:
    """Print the times between frames while the table scrolls."""
    print("| pixels a frame | median ms | 95% ms | longest ms | frames over 34 ms | with rows not there yet |")
    print("|---:|---:|---:|---:|---:|---:|")
    page.goto(f"{base}/states/{SIZES[-1]}.conflict.yaml")
    page.wait_for_selector("#rows button.mark", timeout=120_000)
    for step in STEPS:
        times, blank = page.evaluate(SCROLLED, [FRAMES, step])
        print(f"| {step} | {frames_row(times)} | {blank} |")


def move_graph(page: Any, base: str) -> None:
    """Print the times between frames while the graph is moved about and zoomed."""
    print(
        "| states | moves shown | median ms | 95% ms | longest ms | frames over 34 ms |\n|---:|---|---:|---:|---:|---:|"
    )
    for name, states in GRAPHS.items():
        page.goto(f"{base}/graph/{name}.conflict.yaml")
        # The pages forbid text to be run as code, as waiting for a condition would.
        while not page.evaluate("document.querySelector('.canvas')?._cyreg?.cy.nodes().length"):
            page.wait_for_timeout(100)
        for kind in page.eval_on_selector_all("[name=moves] option", "all => all.map((one) => one.value)"):
            page.select_option("[name=moves]", kind)
            page.wait_for_timeout(1000)
            times = page.evaluate(MOVED, [FRAMES])
            print(f"| {states} | {kind} | {frames_row(times)} |")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for options in SIZES:
            write_conflict(dispute(options, MAKERS, seed=1), Path(folder, f"{options}.conflict.yaml"))
        shutil.copy(examples.path(CATALOGUE), folder)
        starts()
        with serving(folder) as address:
            makers: list[str] = []
            with httpx.Client(follow_redirects=True, timeout=120) as client:
                client.get(address)
                base = address.partition("/?")[0]
                print("| states | table, first ms | table, next ms | a switch, ms |\n|---:|---:|---:|---:|")
                for options in SIZES:
                    name = f"{options}.conflict.yaml"

                    def rows(number: int, name: str = name, options: int = options) -> None:
                        asked = {"limit": 200, "offset": 200 * number % 2**options}
                        client.get(f"{base}/api/states/{name}", params=asked).raise_for_status()

                    def switch(number: int, name: str = name) -> None:
                        at = ["decision_makers", makers[number % MAKERS], "preferences", number // MAKERS]
                        headers = {"Origin": base}
                        client.post(
                            f"{base}/api/what-if/{name}", json={"off": [at]}, headers=headers
                        ).raise_for_status()

                    first, others = timed(rows, ROUNDS)
                    found = client.get(f"{base}/api/dispute/{name}").json()["decision_makers"]
                    makers[:] = [one["id"] for one in found]
                    _, switches = timed(switch, ROUNDS)
                    print(f"| {2**options:,} | {first:.0f} | {median_ms(others):.0f} | {median_ms(switches):.0f} |")
            with opened(address) as page:
                if page is not None:
                    scroll(page, base)
                    move_graph(page, base)


if __name__ == "__main__":
    main()
