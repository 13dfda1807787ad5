"""What a page is told without asking: that its file has changed on disk, and how far a job is."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from fastapi import WebSocket, WebSocketDisconnect

from detente.errors import DetenteError
from detente.web.folder import Folder, digest
from detente.web.jobs import Jobs

#: Between two looks, in seconds.
PAUSE = 0.25


class Watch:
    """What one page wants to be told, and what it has been told last."""

    def __init__(self, folder: Folder, jobs: Jobs) -> None:
        self._folder = folder
        self._jobs = jobs
        self._file: str | None = None
        self._stamp: tuple[int, int] | None = None
        self._digest: str | None = None
        self._told: dict[str, tuple[Any, ...]] = {}

    def want(self, message: Any) -> None:
        """Take what the page says it wants: ``{"file": name, "digest": …}`` or ``{"job": id}``."""
        if not isinstance(message, dict):
            return
        if isinstance(message.get("file"), str):
            self._file, self._stamp = message["file"], None
            self._digest = str(message.get("digest") or "")
        if isinstance(message.get("job"), str) and len(self._told) < 100:
            self._told.setdefault(message["job"], ())

    def news(self) -> Iterator[dict[str, Any]]:
        """Yield what there is to tell since the last look."""
        yield from self._file_news()
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

    def _file_news(self) -> Iterator[dict[str, Any]]:
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


async def tell(socket: WebSocket, folder: Folder, jobs: Jobs) -> None:
    """Tell a page its news until it goes away."""
    await socket.accept()
    watch = Watch(folder, jobs)

    async def listen() -> None:
        while True:
            watch.want(await socket.receive_json())

    listening = asyncio.create_task(listen())
    try:
        while not listening.done():
            for one in await asyncio.to_thread(lambda: list(watch.news())):
                await socket.send_json(one)
            await asyncio.wait([listening], timeout=PAUSE)
    except (WebSocketDisconnect, RuntimeError):
        pass
    finally:
        listening.cancel()
        with suppress(Exception, asyncio.CancelledError):
            await listening
