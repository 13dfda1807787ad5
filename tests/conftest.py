"""What holds for every test: how many examples Hypothesis draws, which tests start first, and which share a process.

The time of each test is recorded in the cache of pytest, and the longest start first; without a record, those marked as
slow do. Then no process is left with a long one at the end.
"""

from __future__ import annotations

import os
from collections import defaultdict
from typing import Any

import pytest
from hypothesis import settings

from tests.examples import examples

# Processes of a run in parallel are given the width of the terminal; answers are compared as they are in a file.
os.environ.pop("COLUMNS", None)

settings.register_profile("detente", deadline=None, print_blob=True, max_examples=examples(100))
settings.load_profile("detente")

#: Where the cache of pytest keeps the seconds of each test, and the least that is kept.
RECORD, LEAST = "detente/seconds", 1.0
#: The seconds that a test marked as slow is taken for before it has been recorded.
SLOW = 4.0

#: The modules whose tests run in one process, by the name of what they share: a clone that takes long to make, loops
#: that are compiled, or all the processors. pytest-xdist has a mark for it, which does nothing with pytest 9.2.
TOGETHER = {
    "tests/engines/test_dense.py": "compiled loops",
    "tests/docs/test_fresh_clone.py": "fresh clone",
    "tests/unit/test_jobs.py": "processes",
    "tests/unit/analysis/test_batch.py": "processes",
}

_seconds: defaultdict[str, float] = defaultdict(float)


def order(item: pytest.Item, record: dict[str, float]) -> int:
    """Return where a test belongs: by powers of two of its seconds, so that short tests of a module stay together."""
    assumed = SLOW if item.get_closest_marker("slow") else 0.0
    return -int(record.get(item.nodeid, assumed)).bit_length()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Start what takes long first."""
    cache = getattr(config, "cache", None)
    record = cache.get(RECORD, {}) if cache else {}
    items.sort(key=lambda item: order(item, record))


def group(nodeid: str) -> str:
    """Return what a test is one of when tests are handed out to processes: a group of modules, or itself alone."""
    module, _, test = nodeid.partition("::")
    return "compiled loops" if "[explicit by cells" in test else TOGETHER.get(module, nodeid)


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
