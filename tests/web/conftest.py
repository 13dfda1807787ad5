"""One Chromium, context and server for each process that runs tests; a tab and what is in the folder for each test."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.unit.web.serving import Serving, empty, river_folder, staying
from tests.web.browsing import Tab, browser, build, forget, opened

__all__ = ["empty", "staying"]


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
def server(empty: Serving) -> Serving:
    """A server on a folder with the dispute about the river and its document."""
    river_folder(empty.folder)
    return empty


@pytest.fixture(scope="session")
def contexts(driven: tuple[Any, asyncio.AbstractEventLoop | None]) -> dict[bool, Any]:
    """The contexts of this process, with and without touch, by turns for every test."""
    return {}


@pytest.fixture
def new_tab(chromium: Any, contexts: dict[bool, Any], server: Serving) -> Iterator[Callable[..., Tab]]:
    """Open a tab: ``new_tab(width=390, theme="dark", touch=True)``; what it holds is forgotten after the test.

    The context, with what it has fetched and compiled, is that of the earlier tests: a new one costs a test a second.
    """
    tabs: list[Tab] = []

    def made(width: int = 1280, height: int = 800, theme: str = "light", *, touch: bool = False) -> Tab:
        if touch not in contexts:
            contexts[touch] = opened(chromium, server.base, has_touch=touch)
        found = Tab(contexts[touch], server)
        found.page.set_viewport_size({"width": width, "height": height})
        found.page.emulate_media(color_scheme=theme)
        tabs.append(found)
        return found

    yield made
    for context in {one.page.context for one in tabs}:
        forget(context)
    # Whatever a test is about: nothing foreign is asked for, and nothing fails on the quiet.
    for one in tabs:
        assert one.heard.foreign == []
        assert one.heard.errors == []


@pytest.fixture
def tab(new_tab: Callable[..., Tab]) -> Tab:
    """A tab as wide as a desk allows, in light colours."""
    return new_tab()
