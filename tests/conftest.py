"""What holds for every test: how many examples Hypothesis draws, and which tests start first."""

from __future__ import annotations

import pytest
from hypothesis import settings

from tests.examples import examples

settings.register_profile("detente", deadline=None, print_blob=True, max_examples=examples(100))
settings.load_profile("detente")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Start what takes long first, so that no worker is left with it at the end."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)
