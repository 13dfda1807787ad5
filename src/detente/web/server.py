"""The application, and the server that runs it."""

from __future__ import annotations

import json
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Request, WebSocket
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.staticfiles import StaticFiles

from detente._version import __version__
from detente.errors import DetenteError, InputError
from detente.web import api, pages
from detente.web.bundle import BUNDLE
from detente.web.connections import Limits
from detente.web.folder import Folder
from detente.web.jobs import Answers
from detente.web.security import AccessToken, Guard
from detente.web.session import Session
from detente.web.updates import LiveUpdates

if TYPE_CHECKING:
    import uvicorn

#: The documents that a browser may show; any other is downloaded.
_SHOWN = {".txt": "text/plain; charset=utf-8", ".md": "text/plain; charset=utf-8", ".pdf": "application/pdf"}


@dataclass(frozen=True)
class Served:
    """The served folder, and the dispute that the front page opens."""

    folder: Folder
    first: str | None = None


def served(path: Path, *, read_only: bool = False) -> Served:
    """Return the folder and first dispute to serve for a path.

    Raises
    ------
    InputError
        If the path is neither a file nor a folder.
    """
    if path.is_dir():
        return Served(Folder(path, read_only))
    if not path.is_file():
        raise InputError(f"there is no file or folder {path}")
    return Served(Folder(path.parent, read_only), path.name)


def application(what: Served, access: AccessToken) -> Callable[..., Any]:
    """Return the application behind its access control."""
    session, jobs = Session(what.folder), Answers()
    updates = LiveUpdates(what.folder, jobs)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        yield
        jobs.close()

    # FastAPI's own documentation pages load scripts from other sites, so they are switched off.
    app = FastAPI(
        title="Detente",
        version=__version__,
        description="The results of the pages of 'detente serve' as data.",
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        lifespan=lifespan,
    )
    app.mount("/static", StaticFiles(directory=BUNDLE, check_dir=False), name="static")
    app.include_router(api.router(session, jobs))
    _add_files(app, what.folder)
    # Last, because it has an answer for every address.
    app.include_router(pages.router(session, jobs, what.first))
    _add_errors(app)

    @app.websocket("/live")
    async def live(websocket: WebSocket) -> None:
        await updates.send(websocket)

    return Guard(app, access)


def _add_files(app: FastAPI, folder: Folder) -> None:
    @app.get("/files/{name:path}", include_in_schema=False)
    def file(name: str) -> Response:
        path = folder.path(name)
        if not path.is_file():
            return JSONResponse({"message": "this file does not exist", "faults": []}, 404)
        kind = _SHOWN.get(path.suffix.lower())
        # A document is always sent as data: HTML would become a page of this server.
        return FileResponse(
            path,
            media_type=kind or "application/octet-stream",
            filename=path.name,
            content_disposition_type="inline" if kind else "attachment",
        )


class Problem(JSONResponse):
    """An error as data. The request may contain half a character, and so may a message about it."""

    def render(self, content: Any) -> bytes:
        """Return the bytes that are sent."""
        return json.dumps(content, ensure_ascii=False).encode("utf-8", "replace")


def _add_errors(app: FastAPI) -> None:
    @app.exception_handler(DetenteError)
    def at_fault(request: Request, error: DetenteError) -> Response:
        return Problem(api.problem(error, Path(request.url.path).name), api.status_of(error))

    @app.exception_handler(RequestValidationError)
    def misshapen(request: Request, error: RequestValidationError) -> Response:
        told = "; ".join(f"{'/'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
        return Problem({"message": told, "faults": []}, 422)

    @app.exception_handler(HTTPException)
    def not_there(request: Request, error: HTTPException) -> Response:
        return Problem({"message": str(error.detail), "faults": []}, error.status_code)

    @app.exception_handler(ClientDisconnect)
    def gone(request: Request, error: ClientDisconnect) -> Response:
        # The client is gone. This is not a fault of the server, so the terminal stays quiet.
        return Problem({"message": "the request was not complete", "faults": []}, 400)

    @app.exception_handler(Exception)
    def at_a_loss(request: Request, error: Exception) -> Response:
        told = "Detente failed: the terminal of 'detente serve' has the details for a bug report"
        return Problem({"message": told, "faults": []}, 500)

    @app.exception_handler(OSError)
    def not_written(request: Request, error: OSError) -> Response:
        return Problem({"message": error.strerror or "the file cannot be read or written", "faults": []}, 422)


def bound(port: int) -> socket.socket:
    """Return a socket at a port that only this computer can reach; 0 means any free port.

    Raises
    ------
    InputError
        If the port cannot be used.
    """
    # With the TCP protocol named, the event loop sets TCP_NODELAY; without it each answer waits for an acknowledgement.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(("127.0.0.1", port))
    except (OSError, OverflowError) as error:
        listening.close()
        raise InputError(f"port {port} cannot be used: {error}") from error
    return listening


def serve(what: Served, listening: socket.socket, ready: Callable[[str], None]) -> None:
    """Serve until the process is stopped; ``ready`` is called with the address once pages can be opened."""
    import uvicorn

    access = AccessToken(listening.getsockname()[1])

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                ready(access.address())

    Server(configured(application(what, access))).run([listening])


def configured(app: Callable[..., Any]) -> uvicorn.Config:
    """Return the server's configuration for an application."""
    import uvicorn

    plain = uvicorn.Config(app, http="h11", log_config=None)
    plain.load()
    limits = Limits(app)
    return uvicorn.Config(
        limits,
        http=limits.protocol(plain.http_protocol_class),
        log_level="warning",
        access_log=False,
        # The limits know a connection by its client's address, which no header may replace.
        proxy_headers=False,
        server_header=False,
        ws="websockets-sansio",
        ws_max_size=65_536,
        timeout_graceful_shutdown=2,
        h11_max_incomplete_event_size=65_536,
    )
