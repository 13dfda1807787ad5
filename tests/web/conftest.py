"""One Chromium, context and port for each process that runs tests; a tab, a server and a folder for each test."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from detente.web.server import bound
from tests.unit.web.serving import Serving, river_folder, serving
from tests.web.browsing import Tab, browser, build, forget


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


@pytest.fixture(scope="session")
def port() -> Iterator[socket.socket]:
    """The port of the servers of this process, which follow one another: Chromium keeps the scripts that it compiled.

    A server of a test module is started with it too: ``serving(folder, port=port)``. Each server has a token of its
    own, and nothing that one of them knew. Of two servers at the same time, only one may be at this port.
    """
    with bound(0) as found:
        yield found


@pytest.fixture
def server(request: pytest.FixtureRequest, tmp_path: Path, port: socket.socket) -> Iterator[Serving]:
    processes = request.node.get_closest_marker("processes") is not None
    with serving(river_folder(tmp_path / "folder"), processes=processes, port=port) as found:
        yield found


@pytest.fixture(scope="session")
def contexts(driven: tuple[Any, asyncio.AbstractEventLoop | None]) -> dict[bool, Any]:
    """The contexts of this process, with and without touch, by turns for every test."""
    return {}


@pytest.fixture
def new_tab(chromium: Any, contexts: dict[bool, Any], server: Serving) -> Iterator[Callable[..., Tab]]:
    """Open a tab: ``new_tab(width=390, theme="dark", touch=True)``; what it holds is forgotten after the test.

    The context, with what it has fetched and compiled, is that of the earlier tests: a new one costs a test a second.
    """
    opened: list[Tab] = []

    def made(width: int = 1280, height: int = 800, theme: str = "light", *, touch: bool = False) -> Tab:
        if touch not in contexts:
            contexts[touch] = chromium.new_context(has_touch=touch)
        found = Tab(contexts[touch], server)
        found.page.set_viewport_size({"width": width, "height": height})
        found.page.emulate_media(color_scheme=theme)
        opened.append(found)
        return found

    yield made
    for context in {one.page.context for one in opened}:
        forget(context)
    # Whatever a test is about: nothing foreign is asked for, and nothing fails on the quiet.
    for one in opened:
        assert one.heard.foreign == []
        assert one.heard.errors == []


@pytest.fixture
def tab(new_tab: Callable[..., Tab]) -> Tab:
    """A tab as wide as a desk allows, in light colours."""
    return new_tab()
