"""Time limits for connections: to send a request, to receive an answer, and how many may wait.

Theory of operation. A client that sends a byte a second, or nothing, does not block the others, because nothing waits
for it; but it holds a connection, and a computer has a limited number. So a request must arrive within a time limit, an
answer must be received within a time limit, and if too many connections wait for their clients, the one that has waited
longest is closed. A connection whose request is being answered is never closed.

The server (uvicorn) has no such limits. Two parts add them from outside, by public interfaces. `Connection` is an
`asyncio.Protocol` around uvicorn's own: it passes every event on and keeps the clocks. `Limits` is ASGI middleware: it
sees when a request is complete and when its answer is, and tells the connection, which it finds by the client's
address: at any time each client address has one connection. One method of uvicorn's protocol is overridden, see
`Limits.protocol`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from detente.web.security import Receive, Scope, Send, refusal_headers

#: The number of seconds in which a request must arrive, its head and its body.
ASKING_SECONDS = 60.0
#: The number of seconds that the client may stop receiving an answer.
TAKING_SECONDS = 60.0
#: The maximum number of connections that wait for the rest of a request, or for the next one.
MAX_WAITING = 100


class Connection(asyncio.Protocol):
    """The clocks of one connection, around the server's own protocol.

    ``waits`` is true until a request is complete, and again after its answer; ``since`` is when the wait began;
    ``answered`` tells whether the answer to the latest request has begun.
    """

    def __init__(self, inner: asyncio.Protocol, connections: dict[Any, Connection]) -> None:
        self.inner, self.connections = inner, connections
        self.waits, self.answered, self.since = True, False, 0.0
        self._asking: asyncio.TimerHandle | None = None
        self._taking: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to wait for a request; close the connection that has waited longest if too many wait."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.client = transport.get_extra_info("peername")
        self.connections[self.client] = self
        self.wait()
        self.inner.connection_made(transport)
        # One that is closed already stays here until the event loop reports it lost.
        waiting = [one for one in self.connections.values() if one.waits and not one.transport.is_closing()]
        if len(waiting) > MAX_WAITING:
            min(waiting, key=lambda one: one.since).transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clocks."""
        self._forget()
        self.inner.connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Pass data on; a websocket has a protocol and limits of its own from its first message."""
        self.inner.data_received(data)
        if self.transport.get_protocol() is not self:
            self._forget()

    def eof_received(self) -> bool | None:
        """Pass on that the client sends no more."""
        return self.inner.eof_received()

    def pause_writing(self) -> None:
        """Begin to wait until the client has received what was sent."""
        self._taking = asyncio.get_running_loop().call_later(TAKING_SECONDS, self.transport.abort)
        self.inner.pause_writing()

    def resume_writing(self) -> None:
        """Continue to send."""
        _cancel(self._taking)
        self.inner.resume_writing()

    def wait(self) -> None:
        """Begin to wait for a request."""
        loop = asyncio.get_running_loop()
        _cancel(self._asking)
        self.waits, self.since = True, loop.time()
        self._asking = loop.call_later(ASKING_SECONDS, self._too_late)

    def complete(self) -> None:
        """Stop waiting: the request is complete."""
        self.waits = False
        _cancel(self._asking)

    def _too_late(self) -> None:
        if self.transport.is_closing():
            self.transport.abort()
            return
        if not self.answered:
            # The application has not been called, or waits for a body that does not arrive.
            refuse(self.transport, 408, f"A request must arrive within {ASKING_SECONDS:.0f} seconds.")
        self.transport.close()
        # A client that does not receive the rest of what was sent would keep the connection open.
        self._asking = asyncio.get_running_loop().call_later(TAKING_SECONDS, self.transport.abort)

    def _forget(self) -> None:
        self.waits = False
        _cancel(self._asking)
        _cancel(self._taking)
        if self.connections.get(self.client) is self:
            del self.connections[self.client]


def refuse(transport: asyncio.Transport, status: int, text: str) -> None:
    """Write an answer without the application, with the headers that every answer has."""
    body = text.encode()
    headers = {**refusal_headers(len(body)), "connection": "close"}
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    transport.write(f"HTTP/1.1 {status} \r\n{head}\r\n".encode("latin-1") + body)


def _cancel(timer: asyncio.TimerHandle | None) -> None:
    if timer:
        timer.cancel()


class Limits:
    """The connections of a server: middleware around its application, and the maker of its protocols."""

    def __init__(self, app: Callable[..., Any]) -> None:
        self.app = app
        self.connections: dict[Any, Connection] = {}

    def protocol(self, server: type[asyncio.Protocol]) -> type[asyncio.Protocol]:
        """Return a server's protocol class with the limits of this module."""
        connections = self.connections

        class Inner(server):  # type: ignore[misc, valid-type]
            """The server's own protocol.

            Its answer to bytes that are no HTTP request comes before any middleware and takes no headers from the
            server's settings; overriding the method that sends it is the only way to add the policy of this server.
            """

            def send_400_response(self, msg: str) -> None:
                connection = connections.get(self.transport.get_extra_info("peername"))
                if connection is None or not connection.answered:
                    refuse(self.transport, 400, "This is not an HTTP request.")
                self.transport.close()

        class Limited(Connection):
            def __init__(self, *given: Any, **named: Any) -> None:
                super().__init__(Inner(*given, **named), connections)

        return Limited

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and tell its connection when it is complete and when it is answered."""
        client = scope.get("client")
        connection = self.connections.get(tuple(client)) if client and scope["type"] == "http" else None
        if connection is None:
            await self.app(scope, receive, send)
            return
        connection.answered = False
        names = {name.lower(): value for name, value in scope["headers"]}
        if b"transfer-encoding" not in names and names.get(b"content-length", b"0") == b"0":
            connection.complete()

        def next_one() -> None:
            # A body that the application has not read may still be arriving: it has what is left of its time.
            if not connection.waits:
                connection.wait()

        async def received() -> Any:
            message = await receive()
            if not message.get("more_body"):
                connection.complete()
            return message

        async def sent(message: Any) -> None:
            connection.answered = True
            await send(message)
            if message["type"] == "http.response.body" and not message.get("more_body"):
                next_one()

        try:
            await self.app(scope, received, sent)
        except BaseException:
            next_one()
            raise
