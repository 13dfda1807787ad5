"""The application put together, and the server that runs it."""

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
from detente.web.folder import Folder
from detente.web.jobs import Answers
from detente.web.security import AccessToken, Guard
from detente.web.session import Session
from detente.web.updates import LiveUpdates

if TYPE_CHECKING:
    import uvicorn

#: What a browser may show of a document by itself; anything else is handed over as a file.
_SHOWN = {".txt": "text/plain; charset=utf-8", ".md": "text/plain; charset=utf-8", ".pdf": "application/pdf"}


@dataclass(frozen=True)
class Served:
    """What is served: a folder, and the dispute in it to begin with."""

    folder: Folder
    first: str | None = None


def served(path: Path, *, read_only: bool = False) -> Served:
    """Return what to serve for a file or a folder.

    Raises
    ------
    InputError
        When there is neither.
    """
    if path.is_dir():
        return Served(Folder(path, read_only))
    if not path.is_file():
        raise InputError(f"there is no file or folder {path}")
    return Served(Folder(path.parent, read_only), path.name)


def application(what: Served, access: AccessToken) -> Callable[..., Any]:
    """Return the application, behind its guard."""
    session, jobs = Session(what.folder), Answers()
    updates = LiveUpdates(what.folder, jobs)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        yield
        jobs.close()

    # The pages that FastAPI itself has to show the interface load scripts from elsewhere: they are left off.
    app = FastAPI(
        title="Detente",
        version=__version__,
        description="What the pages of 'detente serve' say, as data.",
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        lifespan=lifespan,
    )
    app.mount("/static", StaticFiles(directory=BUNDLE, check_dir=False), name="static")
    app.include_router(api.router(session, jobs))
    app.include_router(pages.router(session, jobs, what.first))
    _add_files(app, what.folder)
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
            return JSONResponse({"message": "there is no such file", "faults": []}, 404)
        kind = _SHOWN.get(path.suffix.lower())
        # A document is only ever data: HTML would be a page of this server.
        return FileResponse(
            path,
            media_type=kind or "application/octet-stream",
            filename=path.name,
            content_disposition_type="inline" if kind else "attachment",
        )


class Problem(JSONResponse):
    """An error as data. What was sent may hold half a character, and the words about it with it."""

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
        # Nobody is there to read it; but nothing went wrong here, and the terminal need not say so.
        return Problem({"message": "the request broke off", "faults": []}, 400)

    @app.exception_handler(Exception)
    def at_a_loss(request: Request, error: Exception) -> Response:
        told = "something went wrong in Detente itself: the terminal of 'detente serve' says what, for a report"
        return Problem({"message": told, "faults": []}, 500)

    @app.exception_handler(OSError)
    def not_written(request: Request, error: OSError) -> Response:
        return Problem({"message": error.strerror or "the file cannot be used", "faults": []}, 422)


def bound(port: int) -> socket.socket:
    """Return a socket at a port of this machine that only this machine can reach; 0 takes any that is free.

    Raises
    ------
    InputError
        When the port is taken.
    """
    # Named TCP, its connections are told to send at once; else each answer waits for the one before to be received.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(("127.0.0.1", port))
    except (OSError, OverflowError) as error:
        listening.close()
        raise InputError(f"port {port} of this machine cannot be used: {error}") from error
    return listening


def serve(what: Served, listening: socket.socket, ready: Callable[[str], None]) -> None:
    """Serve until somebody ends it; ``ready`` is called with the address once pages can be opened."""
    import uvicorn

    access = AccessToken(listening.getsockname()[1])

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                ready(access.address())

    Server(configured(application(what, access))).run([listening])


def configured(app: Callable[..., Any]) -> uvicorn.Config:
    """Return how the server is set up for an application."""
    import uvicorn

    from detente.web.connections import Connection

    return uvicorn.Config(
        app,
        http=Connection,
        log_level="warning",
        access_log=False,
        server_header=False,
        ws="websockets-sansio",
        ws_max_size=65_536,
        timeout_graceful_shutdown=2,
        h11_max_incomplete_event_size=65_536,
    )
