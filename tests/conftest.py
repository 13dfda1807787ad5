"""What holds for every test: how many examples Hypothesis draws, which tests start first, and which share a process.

A module runs in one process, so that what its tests share is made once. Tests that open pages and those of the engines
share nothing and are handed out one by one. The time of each test is recorded in the cache of pytest, and the longest
start first; without a record, those marked as slow do. Then no process is left with a long one at the end.
"""

from __future__ import annotations

import os
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest
from hypothesis import settings

from detente.engine import choice
from detente.engine.dense import loops
from tests.examples import examples

# Processes of a run in parallel are given the width of the terminal; answers are compared as they are in a file.
os.environ.pop("COLUMNS", None)
# In each process of a run in parallel NumPy would start threads that wait in a loop.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

settings.register_profile("detente", deadline=None, print_blob=True, max_examples=examples(100))
settings.load_profile("detente")

#: Where the cache of pytest keeps the seconds of each test, and the least that is kept.
RECORD, LEAST = "detente/seconds", 0.2
#: The seconds that a test marked as slow is taken for before it has been recorded.
SLOW = 4.0

#: The modules that run in one process, by the name of what they share: compiled loops, the parsed source, or all the
#: processors. pytest-xdist has a mark for it, which does nothing with pytest 9.2.
TOGETHER = {
    "tests/engines/test_dense.py": "compiled loops",
    "tests/unit/test_imports.py": "source",
    "tests/unit/test_jobs.py": "processes",
    "tests/unit/test_layout.py": "source",
    "tests/unit/analysis/test_batch.py": "processes",
}
#: The folders whose tests are handed out one by one, and modules of many long tests beside them.
ONE_BY_ONE = ("tests/engines/", "tests/web/", "tests/unit/reading/drafting/test_proposal_corpus.py")

_seconds: defaultdict[str, float] = defaultdict(float)


def group(nodeid: str) -> str:
    """Return what a test is one of when tests are handed out to processes: a group of modules, a module, or itself."""
    module = nodeid.partition("::")[0]
    if "[explicit by cells" in nodeid:
        return "compiled loops"
    return TOGETHER.get(module, nodeid if module.startswith(ONE_BY_ONE) else module)


@pytest.fixture(autouse=True, scope="session")
def loops_are_compiled_once() -> Iterator[None]:
    """Wait for the compiled loops where they are used: one process makes them for all tests, and for the next run."""
    found, ready = loops._functions, loops.ready

    @cache
    def wait(rank_bytes: int) -> None:
        if not ready(rank_bytes):
            with pytest.MonkeyPatch.context() as quiet:
                quiet.setattr(loops._log, "disabled", True)
                process = loops.begin()
            while not ready(rank_bytes) and (loops.under_way() or (process is not None and process.poll() is None)):
                time.sleep(0.1)

    def functions(rank_bytes: int) -> dict[str, Callable[..., int]]:
        wait(rank_bytes)
        return found(rank_bytes)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(choice, "loops_for", lambda rank_bytes, **how: True)
        patch.setattr(loops, "_functions", functions)
        yield


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Start what takes long first, by powers of two of its seconds: what is similar stays in its order."""
    cache = getattr(config, "cache", None)
    record = cache.get(RECORD, {}) if cache else {}
    sums: defaultdict[str, float] = defaultdict(float)
    for item in items:
        assumed = SLOW if item.get_closest_marker("slow") else 0.0
        sums[group(item.nodeid)] += record.get(item.nodeid, assumed)
    items.sort(key=lambda item: -int(sums[group(item.nodeid)]).bit_length())


@pytest.fixture(params=["by sweeps", "by the definition"])
def either_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Uncertain preferences are decided by sweeps where that is possible: here in both ways, one after the other."""
    if request.param == "by the definition":
        monkeypatch.setattr("detente.engine.explicit.graded.Graded.serves", lambda self, concept, player: False)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Hand out the tests of a group to one process."""
    from xdist.scheduler import LoadScopeScheduling

    class ByGroup(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return group(nodeid)

    return ByGroup(config, log)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Add up the seconds of a test: preparing, running and clearing up."""
    _seconds[report.nodeid] += report.duration


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Record the seconds, in the process that hears of every test."""
    cache = getattr(session.config, "cache", None)
    if cache and _seconds and not hasattr(session.config, "workerinput"):
        kept = {name: seconds for name, seconds in cache.get(RECORD, {}).items() if name not in _seconds}
        kept |= {name: round(seconds, 1) for name, seconds in _seconds.items() if seconds >= LEAST}
        cache.set(RECORD, dict(sorted(kept.items())))
