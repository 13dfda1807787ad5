"""Connections that have only so long to ask and to take their answer, and of which only so many wait.

A program that says a byte a second, or nothing, costs the others nothing by it: what it has said waits beside the
work and not in it. But a connection is held, and a machine has only so many. So a request is in after a bounded time
or its connection is ended, an answer is taken after a bounded time or its connection is ended, and where more wait
than `MOST_WAITING` the one that has waited longest makes room. Whoever asks and is being answered is never ended.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, cast

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

from detente.web.security import refusal_headers

#: So many seconds a request has to come in, its head and its body.
ASKING_SECONDS = 60.0
#: So many seconds an answer may wait to be taken.
TAKING_SECONDS = 60.0
#: So many connections may wait for the rest of a request, or for the next one.
MAX_WAITING = 100


class Connection(H11Protocol):
    """One connection of a browser."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request."""
        super().connection_made(transport)
        self._asking: asyncio.TimerHandle | None = None
        self._taking: asyncio.TimerHandle | None = None
        self._wait()
        waiting = [one for one in self.connections if isinstance(one, Connection) and one.waits]
        if len(waiting) > MAX_WAITING:
            min(waiting, key=lambda one: one.since).transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop all clocks."""
        self._stop()
        if self._taking:
            self._taking.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what has come in; a request that is whole, and a websocket, is given its time."""
        super().data_received(data)
        if not self._incomplete or self.transport.get_protocol() is not self:
            self._stop()
        elif self._asking is None:
            self._wait()

    def on_response_complete(self) -> None:
        """Begin to wait for the next request."""
        super().on_response_complete()
        if self.transport.is_closing():
            self._see_off()
        elif self._incomplete and self._asking is None:
            self._wait()

    def timeout_keep_alive_handler(self) -> None:
        """End a connection that asks nothing more."""
        super().timeout_keep_alive_handler()
        self._see_off()

    def pause_writing(self) -> None:
        """Begin to wait until what has been answered is taken."""
        super().pause_writing()
        self._taking = self.loop.call_later(TAKING_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        """Go on answering."""
        if self._taking:
            self._taking.cancel()
        super().resume_writing()

    def send_400_response(self, msg: str) -> None:
        """Say that this is no request."""
        if self._answering is None or not self._answering.response_started:
            self._refuse(400, "This is no request of a browser.")
        self._see_off()

    @property
    def waits(self) -> bool:
        """Whether this connection waits for its other side."""
        if self.transport.is_closing():
            return False
        return self._incomplete or self._answering is None or self._answering.response_complete

    @property
    def _answering(self) -> RequestResponseCycle | None:
        """The last request and its answer; None before the first."""
        return cast("RequestResponseCycle | None", self.cycle)

    @property
    def _incomplete(self) -> bool:
        return self.conn.their_state in (h11.IDLE, h11.SEND_BODY)

    def _wait(self) -> None:
        self.since = self.loop.time()
        self._asking = self.loop.call_later(ASKING_SECONDS, self._too_late)

    def _stop(self) -> None:
        if self._asking:
            self._asking.cancel()
            self._asking = None

    def _too_late(self) -> None:
        if self._answering is None or not self._answering.response_started:
            self._refuse(408, f"A request has {ASKING_SECONDS:.0f} seconds to come in.")
        self._see_off()

    def _refuse(self, status: int, text: str) -> None:
        """Write an answer past the application, which has not been asked or waits for what does not come."""
        body = text.encode()
        headers: Mapping[str, Any] = {**refusal_headers(len(body)), "connection": "close"}
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        self.transport.write(f"HTTP/1.1 {status} \r\n{head}\r\n".encode("latin-1") + body)

    def _see_off(self) -> None:
        """Close the connection, and let go of it where the other side does not take what it was sent."""
        self.transport.close()
        self.loop.call_later(TAKING_SECONDS, self.transport.abort)
