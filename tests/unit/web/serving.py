"""A server for tests: in a thread, on a folder, with what is needed to ask it."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from shutil import rmtree
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from detente import jobs
from detente.jobs import Job
from detente.web.jobs import Answer, Answers

RIVER = """\
format: detente/1
title: A river shared by two countries
summary: Who may divert the water, and who stops whom.

# Who takes part.
decision_makers:
  upstream:
    name: Upstream country
    options:
      divert: Divert the river        # the works have not begun
      compensate: Pay compensation
    preferences:                      # most important first
      - divert
      - not sanction
      - if divert then compensate
      - {when: not compensate, evidence: [s2]}
  downstream:
    name: Downstream country
    options:
      sanction: Impose sanctions
    preferences: [not divert, compensate, not sanction]

rules:
  - never: compensate and not divert  # nothing to pay for
status_quo: []
states:
  stand-off: [divert, sanction]

sources:
  - {id: daily, title: Ministers trade warnings, file: daily.txt}
statements:
  - {id: s1, source: daily, speaker: downstream, kind: threat, quote: "we will answer with sanctions"}
  - {id: s2, source: daily, speaker: upstream, kind: refusal, quote: "not a cent", contested_by: [s3]}
  - {id: s3, source: daily, speaker: downstream, kind: claim, quote: "they promised to pay"}
"""
#: Preferences in each of the four ways, doubt, attitudes, a view, coalitions: what few disputes need.
PLANT = """\
format: detente/1
title: A plant beside a village

# Who takes part.
decision_makers:
  company:
    name: The company
    options: {build: Build the plant, pay: Pay the village}
    # as its letters have it
    preferences:
      - build                       # said twice
      - {when: not pay, confidence: 0.8}
    facing_unknown: d               # it is careful
    attitudes: {village: negative}
  village:
    name: The village
    options: {protest: Protest}
    # asked in spring
    ranking:
      - deal                        # beyond doubt
      - YYY
      - much better than
      - [NNN, NNY]                  # all the same to it
      - YNY
      - YNN
  ministry:
    name: The ministry
    weights:
      not protest: 3                # elections
      build: 1.5
  bank:
    name: The bank
    payoffs: {1: 0, 2: 2.5, 3: 4, 4: -1, 5: 0, 6: 1}   # millions

# What cannot be.
rules:
  - if pay then build               # nothing to pay for
merge: []
status_quo: []                      # nothing yet
states:
  deal: [build, pay]
coalitions: [[company, ministry], [village], [bank]]   # as they vote
views:
  # it has not been told
  village:
    does_not_see: [pay]             # of all things
    believes:
      company: [not build, pay]
speakers: {mayor: The mayor}        # speaks for herself
"""
DAILY = (
    "Ministers trade warnings\n\nUpstream will pay “not a cent”. Downstream: “we will answer with sanctions,” and "
    "“they promised to pay”.\nTalks are expected in May.\n"
)


@dataclass(frozen=True)
class Serving:
    """A server that answers at ``address``."""

    address: str
    folder: Path
    client: httpx.Client = field(repr=False)

    @property
    def port(self) -> int:
        port = urlsplit(self.address).port
        assert port
        return port

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def token(self) -> str:
        return parse_qs(urlsplit(self.address).query)["token"][0]

    @property
    def cookie(self) -> str:
        return f"detente-{self.port}={self.token}"

    def answered(self, question: str, **asked: Any) -> dict[str, Any]:
        """Ask a question and return its job once that has ended."""
        return self.ended(self.client.post("/api/jobs", json={"question": question, **asked}).json())

    def ended(self, job: dict[str, Any]) -> dict[str, Any]:
        """Return a job once it has ended."""
        last = time.monotonic() + 120
        while job["state"] == "running" and time.monotonic() < last:
            time.sleep(0.1)
            job = self.client.get(f"/api/jobs/{job['id']}").json()
        return job


def river_folder(folder: Path) -> Path:
    """Put a dispute with its document into a folder."""
    folder.mkdir(exist_ok=True)
    (folder / "river.conflict.yaml").write_text(RIVER, encoding="utf-8")
    (folder / "daily.txt").write_text(DAILY, encoding="utf-8")
    return folder


def emptied(server: Serving) -> Serving:
    """Return a server without anything in its folder."""
    for one in server.folder.iterdir():
        rmtree(one) if one.is_dir() and not one.is_symlink() else one.unlink()
    return server


class JobThread(threading.Thread):
    """Stands for the process of a job: starting one takes a second, and the answer is sent in the same way."""

    exitcode = None

    def __init__(self, target: Any, args: tuple[Any, ...], daemon: bool) -> None:
        sender, *given = args
        # The runner closes its own copy, as it does beside a process.
        super().__init__(
            target=target, args=(Connection(os.dup(sender.fileno()), readable=False), *given), daemon=daemon
        )

    def terminate(self) -> None:
        """A thread cannot be ended; a cancelled job works on unseen."""


class AnswersInThreads(Answers):
    """Answers questions in threads."""

    def start(self, *args: Any, **more: Any) -> Job[Answer]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(jobs, "_Process", JobThread)
            return super().start(*args, **more)


@contextmanager
def serving(
    path: Path, *, read_only: bool = False, processes: bool = False, port: socket.socket | None = None
) -> Iterator[Serving]:
    """Serve a file or folder until the block ends.

    With ``processes`` each question has one, as outside of tests. With ``port``, a bound socket that stays open, the
    server is at that port: for a browser the servers that follow one another there are one.
    """
    import uvicorn

    from detente.web import server as web_server
    from detente.web.security import AccessToken
    from detente.web.server import application, bound, configured, served

    listening = port.dup() if port else bound(0)
    keys = AccessToken(listening.getsockname()[1])
    what = served(path, read_only=read_only)
    with pytest.MonkeyPatch.context() as patch:
        if not processes:
            patch.setattr(web_server, "Answers", AnswersInThreads)
        app = application(what, keys)
    server = uvicorn.Server(configured(app))
    thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
    thread.start()
    base = f"http://127.0.0.1:{keys.port}"
    access = {"Authorization": f"Bearer {keys.token}"}
    # No certificate is ever asked for; to read those that the client knows takes as long as to make the application.
    with httpx.Client(base_url=base, headers=access, timeout=60, verify=False) as client:
        while not server.started:
            thread.join(0.02)
            assert thread.is_alive()
        try:
            yield Serving(keys.address(), what.folder.root, client)
        finally:
            server.should_exit = True
            thread.join(10)
            listening.close()


@pytest.fixture(scope="session")
def staying(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """The server of this process: to start one takes a while, and Chromium keeps the scripts that it compiled."""
    folder = tmp_path_factory.mktemp("served") / "folder"
    folder.mkdir()
    with serving(folder) as found:
        yield found


@pytest.fixture
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Serving]:
    """A server on an empty folder: a new one if a test needs processes or changes the program, for results are kept."""
    processes = request.node.get_closest_marker("processes") is not None
    if processes or "monkeypatch" in request.fixturenames:
        (tmp_path / "folder").mkdir()
        with serving(tmp_path / "folder", processes=processes) as found:
            yield found
        return
    yield emptied(request.getfixturevalue("staying"))
