"""One Chromium for each process that runs tests; a context, a server and a folder of its own for each test."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.unit.web.serving import Serving, river_folder, serving
from tests.web.browsing import Tab, browser, build


@pytest.fixture(scope="session")
def driven() -> Iterator[tuple[Any, asyncio.AbstractEventLoop | None]]:
    """Chromium, and the event loop of its driver, which would count as running for every later test of this process."""
    build()
    with browser() as found:
        loop = asyncio.events._get_running_loop()
        asyncio.events._set_running_loop(None)
        yield found, loop
        asyncio.events._set_running_loop(loop)


@pytest.fixture
def chromium(driven: tuple[Any, asyncio.AbstractEventLoop | None]) -> Iterator[Any]:
    found, loop = driven
    asyncio.events._set_running_loop(loop)
    yield found
    asyncio.events._set_running_loop(None)


@pytest.fixture
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Serving]:
    processes = request.node.get_closest_marker("processes") is not None
    with serving(river_folder(tmp_path / "folder"), processes=processes) as found:
        yield found


@pytest.fixture
def tab(chromium: Any, server: Serving) -> Iterator[Tab]:
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    found = Tab(context, server)
    yield found
    context.close()
    # Whatever a test is about: nothing foreign is asked for, and nothing fails on the quiet.
    assert found.heard.foreign == []
    assert found.heard.errors == []
