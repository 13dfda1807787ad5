"""How long a page of ``detente serve`` waits for its answers, and how evenly its table of 4,096 states scrolls.

Run it as ``python -m benchmarks.web_app``. The server runs in a process of its own and is asked over HTTP, as a browser
asks; made-up disputes as in `benchmarks.explicit_engine`. Scrolling is measured in Chromium, where there is one and
Playwright to drive it: from frame to frame, while the table is moved on by so many pixels at each.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx

from benchmarks.disputes import dispute
from detente.files.conflict_file import write_conflict

SIZES = (6, 8, 10, 12)
MAKERS = 4
ROUNDS = 15


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


def scroll(address: str, page_address: str) -> None:
    """Print the times between frames while the table scrolls."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        browser = None
    if browser is None:
        print("scrolling is not measured: there is no Chromium, or no Playwright")
        return
    print("| pixels a frame | median ms | 95% ms | longest ms | frames over 34 ms | with rows not there yet |")
    print("|---:|---:|---:|---:|---:|---:|")
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=browser, args=["--no-sandbox", "--disable-gpu"])
        page = chromium.new_page(viewport={"width": 1280, "height": 800})
        page.goto(address)
        page.goto(page_address)
        page.wait_for_selector("#rows button.mark", timeout=120_000)
        for step in STEPS:
            times, blank = page.evaluate(SCROLLED, [FRAMES, step])
            times.sort()
            late = sum(time > 34 for time in times) / len(times)
            print(
                f"| {step} | {statistics.median(times):.0f} | {times[int(0.95 * len(times))]:.0f} | {times[-1]:.0f} "
                f"| {late:.0%} | {blank} |"
            )
        chromium.close()


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for options in SIZES:
            write_conflict(dispute(options, MAKERS, seed=1), Path(folder, f"{options}.conflict.yaml"))
        start = time.perf_counter()
        command = [sys.executable, "-m", "detente", "serve", folder, "--no-browser"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
            assert server.stdout is not None
            address = server.stdout.readline().strip()
            makers: list[str] = []
            with httpx.Client(follow_redirects=True, timeout=120) as client:
                client.get(address)
                print(f"start to first page: {time.perf_counter() - start:.2f} s")
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
            scroll(address, f"{base}/states/{SIZES[-1]}.conflict.yaml")
            server.terminate()


if __name__ == "__main__":
    main()
