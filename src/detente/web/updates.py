"""Messages to open pages: that a file has changed on disk, and the progress of a job."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from fastapi import WebSocket, WebSocketDisconnect

from detente.errors import DetenteError
from detente.web.folder import Folder, digest
from detente.web.jobs import Answers

#: Seconds between two checks.
PAUSE = 0.25
#: The maximum number of connected pages; one more closes the oldest connection, and its page reconnects.
MAX_PAGES = 64


class Subscription:
    """The file and jobs that one page follows, and what was sent last."""

    def __init__(self, folder: Folder, jobs: Answers) -> None:
        self._folder = folder
        self._jobs = jobs
        self._file: str | None = None
        self._stamp: tuple[int, int] | None = None
        self._digest: str | None = None
        self._told: dict[str, tuple[Any, ...]] = {}

    def want(self, message: Any) -> None:
        """Add what the page asks to follow: ``{"file": name, "digest": …}`` or ``{"job": id}``."""
        if not isinstance(message, dict):
            return
        if isinstance(message.get("file"), str):
            self._file, self._stamp = message["file"], None
            self._digest = str(message.get("digest") or "")
        if isinstance(message.get("job"), str) and len(self._told) < 100:
            self._told.setdefault(message["job"], ())

    def changes(self) -> Iterator[dict[str, Any]]:
        """Yield the changes since the last check."""
        yield from self._file_changes()
        for id, told in list(self._told.items()):
            job = self._jobs.get(id)
            if job is None:
                del self._told[id]
                continue
            now = (job.state, job.share, job.doing)
            if now != told:
                self._told[id] = now
                yield {"job": id, "state": job.state, "share": round(job.share, 4), "doing": job.doing}
            if job.state != "running":
                del self._told[id]

    def _file_changes(self) -> Iterator[dict[str, Any]]:
        if self._file is None:
            return
        try:
            found = self._folder.path(self._file).stat()
            stamp = (found.st_mtime_ns, found.st_size)
            if stamp == self._stamp:
                return
            self._stamp = stamp
            now = digest(self._folder.text(self._file))
        except (DetenteError, OSError):
            now = "gone"
        if now != self._digest:
            self._digest = now
            yield {"file": self._file, "digest": now}


class LiveUpdates:
    """The connected pages."""

    def __init__(self, folder: Folder, jobs: Answers) -> None:
        self._folder = folder
        self._jobs = jobs
        self._listening: dict[asyncio.Task[None], None] = {}

    async def send(self, socket: WebSocket) -> None:
        """Send changes to a page until it disconnects, sends an invalid message, or makes room for another page."""
        await socket.accept()
        subscription = Subscription(self._folder, self._jobs)

        async def listen() -> None:
            while True:
                subscription.want(await socket.receive_json())

        listening = asyncio.create_task(listen())
        self._listening[listening] = None
        if len(self._listening) > MAX_PAGES:
            next(iter(self._listening)).cancel()
        try:
            while not listening.done():
                for one in await asyncio.to_thread(lambda: list(subscription.changes())):
                    # ASCII only: a page may name its file with half a character.
                    await socket.send_text(json.dumps(one))
                await asyncio.wait([listening], timeout=PAUSE)
            await socket.close(1013)
        except (WebSocketDisconnect, RuntimeError):
            pass
        finally:
            del self._listening[listening]
            listening.cancel()
            with suppress(Exception, asyncio.CancelledError):
                await listening
