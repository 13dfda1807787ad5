"""Access control: only pages of this server, on this computer, with the token of the opened address.

A page of another site, open in the same browser, can send requests to a server on this computer. Such a request must
neither change nor reveal anything. So every request, websockets included, must

- name this server as its host, so that another site's name cannot be pointed here (DNS rebinding);
- come from a page of this server, if the browser names its origin (Origin, Sec-Fetch-Site);
- have the token: in the opened address, then in a cookie, or as a bearer token.

Every answer has a policy by which a page runs and loads only what this server sends.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode

from starlette.requests import cookie_parser

Scope = dict[str, Any]
Receive = Callable[[], Any]
Send = Callable[[dict[str, Any]], Any]

#: The maximum number of bytes of a request's body.
MAX_BYTES = 12_000_000

#: What a page may run, load and connect to. Inline scripts are refused; a style element needs the page's nonce, which
#: the editor sets on its own.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; font-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
#: The key of a request's scope that has the nonce of its page.
NONCE = "detente.nonce"
HEADERS = {
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
_SAFE = ("GET", "HEAD")
#: The port that an address may leave out.
HTTP = 80


@dataclass(frozen=True)
class AccessToken:
    """The port of this server, and the token that a request must have."""

    port: int
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))

    @property
    def cookie(self) -> str:
        """The name of the cookie; it contains the port, because browsers share cookies between ports."""
        return f"detente-{self.port}"

    @property
    def hosts(self) -> frozenset[str]:
        """The host names of this server; a browser leaves out port 80."""
        names = ("127.0.0.1", "localhost")
        return frozenset(f"{name}:{self.port}" for name in names) | (frozenset(names) if self.port == HTTP else set())

    def address(self, path: str = "/") -> str:
        """Return the address to open."""
        return f"http://127.0.0.1:{self.port}{path}?{urlencode({'token': self.token})}"

    def matches(self, token: str | None) -> bool:
        """Tell whether a token is correct, in a time that does not depend on how much of it is."""
        return token is not None and secrets.compare_digest(token.encode(), self.token.encode())


class Guard:
    """Middleware with the checks of this module."""

    def __init__(self, app: Callable[..., Any], access: AccessToken) -> None:
        self.app = app
        self.access = access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request or a websocket, or refuse it."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        query = dict(parse_qsl(scope["query_string"].decode("latin-1")))
        refused = self._refused(scope, headers, query)
        if scope["type"] == "websocket":
            if refused:
                # Closed before it is accepted: the client receives 403.
                await receive()
                await send({"type": "websocket.close", "code": 1008})
            else:
                await self.app(scope, receive, send)
        elif refused:
            await _answer(send, *refused)
        elif "token" in query and not scope["path"].startswith("/api") and scope["method"] in _SAFE:
            await self._let_in(scope, query, send)
        else:
            nonce = secrets.token_urlsafe(16)
            await self._bounded({**scope, NONCE: nonce}, receive, send, headers)

    def _refused(self, scope: Scope, headers: Mapping[str, str], query: Mapping[str, str]) -> tuple[int, str] | None:
        host = headers.get("host", "")
        if host not in self.access.hosts:
            return 421, f"This server answers only requests to 127.0.0.1:{self.access.port}."
        origin = headers.get("origin")
        if origin is not None and origin != f"http://{host}":
            return 403, "Only pages of this server may send requests to it."
        came = headers.get("sec-fetch-site", "none")
        opened = headers.get("sec-fetch-mode") == "navigate" and scope.get("method") in _SAFE
        if came not in ("same-origin", "none") and not (opened and headers.get("sec-fetch-dest") == "document"):
            return 403, "Only pages of this server may send requests to it."
        scheme, _, bearer = headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and self.access.matches(bearer.strip()):
            return None
        if self.access.matches(query.get("token")):
            return None
        if not self.access.matches(cookie_parser(headers.get("cookie", "")).get(self.access.cookie)):
            return 401, "Open the address that 'detente serve' printed: it contains the access token."
        # The browser adds the cookie to requests of any page, so a request that changes something must name its origin.
        changes = scope["type"] == "websocket" or scope["method"] not in _SAFE
        if changes and origin is None and came != "same-origin":
            return 403, "Only pages of this server may make changes."
        return None

    async def _let_in(self, scope: Scope, query: Mapping[str, str], send: Send) -> None:
        """Move the token from the address, where it could be seen or shared, to a cookie."""
        rest = urlencode({key: value for key, value in query.items() if key != "token"})
        # The path as requested; two slashes at its beginning would name another server.
        path = "/" + scope.get("raw_path", scope["path"].encode()).decode("latin-1").partition("?")[0].lstrip("/")
        cookie = f"{self.access.cookie}={self.access.token}; Path=/; HttpOnly; SameSite=Lax"
        await _answer(send, 303, "", {"location": f"{path}?{rest}" if rest else path, "set-cookie": cookie})

    async def _bounded(self, scope: Scope, receive: Receive, send: Send, headers: Mapping[str, str]) -> None:
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > MAX_BYTES:
            await _answer(send, 413, _TOO_LARGE)
            return
        taken = 0
        too_much = False

        async def counted() -> dict[str, Any]:
            nonlocal taken, too_much
            message: dict[str, Any] = await receive()
            taken += len(message.get("body", b""))
            if taken > MAX_BYTES:
                # The reader of the body is told that the client has disconnected.
                too_much = True
                return {"type": "http.disconnect"}
            return message

        started = False

        async def headed(message: dict[str, Any]) -> None:
            nonlocal started
            if too_much and not started:
                # The application's answer is about an incomplete body, but this one is too large.
                return
            if message["type"] == "http.response.start":
                started = True
                kept = [] if scope["path"].startswith("/static/") else _pairs(_NOT_KEPT)
                message = {**message, "headers": [*message.get("headers", []), *_pairs(_headers(scope[NONCE])), *kept]}
            if not (too_much and message["type"].startswith("http.response")):
                await send(message)

        try:
            await self.app(scope, counted, headed)
        except Exception:
            if not too_much:
                raise
        if too_much and not started:
            await _answer(send, 413, _TOO_LARGE)


#: The refusal of a larger body.
_TOO_LARGE = f"The request is larger than the limit of {MAX_BYTES // 1_000_000} MB."
#: The refusal of a larger body.
_TOO_LARGE = f"The request is larger than the limit of {MAX_BYTES // 1_000_000} MB."
#: Pages and answers contain text of a dispute; a browser must not store them.
_NOT_KEPT = {"cache-control": "no-store"}


def _headers(nonce: str) -> dict[str, str]:
    return {"content-security-policy": POLICY.format(nonce=nonce), **HEADERS}


def _pairs(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]


def refusal_headers(length: int) -> dict[str, str]:
    """Return the headers of a refusal whose text has so many bytes."""
    return {
        "content-type": "text/plain; charset=utf-8",
        "content-length": str(length),
        **_headers(secrets.token_urlsafe(16)),
        **_NOT_KEPT,
    }


async def _answer(send: Send, status: int, text: str, headers: Mapping[str, str] | None = None) -> None:
    body = text.encode()
    given = _pairs({**refusal_headers(len(body)), **(headers or {})})
    await send({"type": "http.response.start", "status": status, "headers": given})
    await send({"type": "http.response.body", "body": body})
