"""What holds for every test: how many examples Hypothesis draws, and which tests start first.

The time of each test is recorded in the cache of pytest, and the longest start first; without a record, those marked as
slow do. Then no process is left with a long one at the end.
"""

from __future__ import annotations

import os
from collections import defaultdict

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

_seconds: defaultdict[str, float] = defaultdict(float)


def bare_name(nodeid: str) -> str:
    """Return the name of a test without its group, which only some runs append."""
    return nodeid.partition("@")[0]


def order(item: pytest.Item, record: dict[str, float]) -> int:
    """Return where a test belongs: by powers of two of its seconds, so that short tests of a module stay together."""
    assumed = SLOW if item.get_closest_marker("slow") else 0.0
    return -int(record.get(bare_name(item.nodeid), assumed)).bit_length()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Start what takes long first."""
    cache = getattr(config, "cache", None)
    record = cache.get(RECORD, {}) if cache else {}
    items.sort(key=lambda item: order(item, record))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Add up the seconds of a test: preparing, running and clearing up."""
    _seconds[bare_name(report.nodeid)] += report.duration


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Record the seconds, in the process that hears of every test."""
    cache = getattr(session.config, "cache", None)
    if cache and _seconds and not hasattr(session.config, "workerinput"):
        kept = {name: seconds for name, seconds in cache.get(RECORD, {}).items() if name not in _seconds}
        kept |= {name: round(seconds, 1) for name, seconds in _seconds.items() if seconds >= LEAST}
        cache.set(RECORD, dict(sorted(kept.items())))
