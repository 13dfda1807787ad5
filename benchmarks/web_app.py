"""How long a page of ``detente serve`` waits for its answers: the stability table and a switch of What if.

Run it as ``python -m benchmarks.web_app``. The server runs in a process of its own and is asked over HTTP, as a browser
asks; made-up disputes as in `benchmarks.explicit_engine`.
"""

from __future__ import annotations

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
            server.terminate()


if __name__ == "__main__":
    main()
