"""A server for the tests of a module; what is in its folder is made anew for each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.web.serving import Serving, emptied, serving


@pytest.fixture(scope="module")
def staying(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """The server of the module: to start one takes longer than most tests ask of it."""
    folder = tmp_path_factory.mktemp("served") / "folder"
    folder.mkdir()
    with serving(folder) as found:
        yield found


@pytest.fixture
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Serving]:
    """A server on an empty folder: a new one if a test changes the program, for results are kept."""
    if "monkeypatch" not in request.fixturenames:
        yield emptied(request.getfixturevalue("staying"))
        return
    (tmp_path / "folder").mkdir()
    with serving(tmp_path / "folder") as found:
        yield found
