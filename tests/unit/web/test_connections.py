"""Slow or silent connections: the server closes them after a while, and they delay no other request."""

from __future__ import annotations

import contextlib
import json
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from detente.web import connections, updates
from tests.unit.web.routes import RIVER_NAME
from tests.unit.web.serving import Serving, emptied, river_folder
from tests.unit.web.test_server_routes import untroubled


@pytest.fixture
def server(staying: Serving) -> Iterator[Serving]:
    """The server of this process, with the dispute about the river: it goes by the limits that are set meanwhile."""
    river_folder(emptied(staying).folder)
    with untroubled():
        yield staying


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "ASKING_SECONDS", 1.0)
    monkeypatch.setattr(connections, "TAKING_SECONDS", 1.0)


def head(server: Serving, body: int, path: str = "/api/documents/slow.txt") -> bytes:
    said = (
        f"PUT {path} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
        f"Authorization: Bearer {server.token}\r\nContent-Length: {body}\r\n\r\n"
    )
    return said.encode()


def plugged(server: Serving, said: bytes = b"") -> socket.socket:
    plug = socket.create_connection(("127.0.0.1", server.port), timeout=30)
    plug.sendall(said)
    return plug


def heard(plug: socket.socket, say: bytes = b"", seconds: float = 20) -> bytes:
    """Say a byte again and again until the other side ends the connection, and return what it has said."""
    answer, last = b"", time.monotonic() + seconds
    plug.settimeout(0.1)
    with plug, contextlib.suppress(ConnectionError):
        while time.monotonic() < last:
            try:
                part = plug.recv(65_536)
            except TimeoutError:
                plug.sendall(say)
                continue
            if not part:
                return answer
            answer += part
        pytest.fail("the connection was never ended")
    return answer


@pytest.mark.usefixtures("hurried")
def test_incomplete_request_is_closed(server: Serving) -> None:
    """All at once: each waits for its second."""
    cases = [
        ("", ""),
        ("", "x"),
        ("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ", "x"),
        ("GET / HTTP/1.1\r\n\r", ""),
        ("PUT", "x"),
    ]
    plugs = [plugged(server, said.encode()) for said, _ in cases]
    with ThreadPoolExecutor(len(cases)) as together:
        answers = together.map(heard, plugs, [say.encode() for _, say in cases])
    for case, answer in zip(cases, answers, strict=True):
        assert answer == b"" or answer.startswith((b"HTTP/1.1 408 ", b"HTTP/1.1 400 ")), case


@pytest.mark.usefixtures("hurried")
def test_incomplete_body_is_closed_and_nothing_is_written(server: Serving) -> None:
    answer = heard(plugged(server, head(server, 1_000)), b"x")
    assert answer == b"" or answer.startswith(b"HTTP/1.1 408 ")
    assert b"frame-ancestors 'none'" in answer or not answer
    assert [path.name for path in server.folder.iterdir() if "slow" in path.name] == []
    assert server.client.get("/all").status_code == 200


@pytest.mark.usefixtures("hurried")
def test_body_after_a_refusal_is_closed(server: Serving) -> None:
    """The refusal is there at once; what still dribbles in afterwards keeps no connection."""
    refused = head(server, 1_000).replace(server.token.encode(), b"x")
    assert b" 401 " in heard(plugged(server, refused), b"x").splitlines()[0]


@pytest.mark.usefixtures("hurried")
def test_incomplete_second_request_is_closed(server: Serving) -> None:
    first = f"GET /all?a=1 HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nAuthorization: Bearer {server.token}\r\n\r\n"
    assert heard(plugged(server, first.encode() + b"GET /"), b"x").startswith(b"HTTP/1.1 200 ")


def test_request_in_many_pieces_is_answered(server: Serving) -> None:
    said = head(server, 5, "/api/documents/pieces.txt") + b"hello"
    with plugged(server) as plug:
        for place in range(len(said)):
            plug.sendall(said[place : place + 1])
        assert plug.recv(100).startswith(b"HTTP/1.1 201 ")
    assert (server.folder / "pieces.txt").read_bytes() == b"hello"


@pytest.mark.usefixtures("hurried")
def test_unread_answer_is_closed(server: Serving) -> None:
    (server.folder / "large.txt").write_bytes(b"x" * 30_000_000)
    plug = socket.socket()
    plug.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    plug.connect(("127.0.0.1", server.port))
    said = f"GET /files/large.txt HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nAuthorization: Bearer {server.token}\r\n"
    plug.sendall(said.encode() + b"\r\n")
    time.sleep(2.5)
    taken = 0
    plug.settimeout(20)
    with plug, contextlib.suppress(ConnectionError):
        while part := plug.recv(65_536):
            taken += len(part)
    assert taken < 30_000_000


def test_longest_waiting_connection_is_closed_for_a_new_one(server: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "MAX_WAITING", 20)
    plugs = [plugged(server, head(server, 1_000)) for _ in range(60)]
    assert server.client.get(f"/api/text/{RIVER_NAME}").status_code == 200
    ended = 0
    for plug in plugs:
        plug.settimeout(0.05)
        try:
            ended += plug.recv(1) == b""
        except TimeoutError:
            pass
        except ConnectionError:
            ended += 1
    assert ended >= 39
    for plug in plugs:
        plug.close()


def test_many_slow_bodies_do_not_block_other_requests(server: Serving) -> None:
    plugs = [plugged(server, head(server, 100_000)) for _ in range(90)]
    for round in range(5):
        for plug in plugs:
            plug.sendall(b"x")
        assert server.client.get(f"/api/dispute/{RIVER_NAME}").status_code == 200
        put = server.client.put(f"/api/documents/quick{round}.txt", content=b"quick")
        assert put.status_code == 201
    for plug in plugs:
        plug.close()


def test_interrupted_upload_prints_nothing(server: Serving) -> None:
    """The fixture fails the test if anything is printed."""
    for _ in range(3):
        plugged(server, head(server, 1_000) + b"half").close()
    assert server.client.get("/all").status_code == 200
    time.sleep(0.3)
    assert not list(server.folder.glob("slow*"))


def opened(server: Serving) -> ClientConnection:
    address = f"ws://127.0.0.1:{server.port}/live"
    found: ClientConnection = connect(address, additional_headers={"Cookie": server.cookie}, origin=server.base)  # type: ignore[arg-type]
    return found


#: What a page never says.
SAID: list[str | bytes] = [
    "no json",
    "[" * 60_000,
    "null",
    "[]",
    '{"file": 1}',
    '{"file": "\\ud800"}',
    '{"file": "../../etc/passwd"}',
    b"\x00",
    '{"job": {}}',
    '{"job": "none"}',
    '{"file": "' + "x" * 60_000 + '"}',
    '{"file": "\\u0000", "digest": NaN}',
]


def test_websocket_survives_any_message(server: Serving) -> None:
    with contextlib.ExitStack() as pages:
        asked = []
        for said in SAID:
            page = pages.enter_context(opened(server))
            page.send(said)
            asked.append((said, page))
            with opened(server) as another:
                another.send(json.dumps({"file": RIVER_NAME, "digest": "another"}))
                assert json.loads(another.recv(10))["file"] == RIVER_NAME, said[:80]
        # Files are looked at four times a second. To most there is nothing to say: all are waited for at once.
        last = time.monotonic() + 0.5
        for said, page in asked:
            with contextlib.suppress(ConnectionClosed, TimeoutError):
                told = json.loads(page.recv(max(0.0, last - time.monotonic())))
                assert told["digest"] == "gone", said[:80]


def test_oldest_page_connection_is_closed_for_a_new_one(server: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(updates, "MAX_PAGES", 3)
    pages = [opened(server) for _ in range(5)]
    for page in pages[:2]:
        with pytest.raises(ConnectionClosed):
            page.recv(20)
    for page in pages[2:]:
        page.send(json.dumps({"file": RIVER_NAME, "digest": "another"}))
        assert json.loads(page.recv(20))["file"] == RIVER_NAME
        page.close()
    for page in pages:
        page.close()


def test_silent_page_connection_is_closed() -> None:
    """It answers no ping; uvicorn's are on, at intervals that bound how long it is held."""
    from detente.web.server import configured

    config = configured(lambda: None)
    assert config.ws_ping_interval
    assert config.ws_ping_timeout
    assert config.ws_ping_interval + config.ws_ping_timeout <= 60
