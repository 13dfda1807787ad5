"""Every way into the application, tried with what should not get anything done: none can be forgotten.

The ways are taken from the application's own routes; a new one that needs a body fails here until it has one.
"""

from __future__ import annotations

import http.client
import json
import logging
import random
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from benchmarks.disputes import dispute
from detente.io.conflict_file import write_conflict
from tests.examples import largest
from tests.unit.web.routes import DOCUMENT, RIVER_NAME, Way, bodies, encoded, held, spoilt, ways
from tests.unit.web.serving import Serving, river_folder, serving
from tests.web.browsing import build

CHANGING = ("POST", "PUT", "PATCH", "DELETE")
#: What only these ways may do: change the folder.
WRITING = {
    Way("PUT", "/api/dispute/{name:path}"),
    Way("PUT", "/api/scenarios/{name:path}"),
    Way("PUT", "/api/documents/{name:path}"),
    Way("POST", "/api/conflicts"),
    Way("PUT", "/api/conflicts/{name:path}"),
    Way("POST", "/api/examples/{id}"),
    Way("POST", "/api/drafts/{id}"),
}
#: What prepares something to be written, and is refused where nothing can be.
PREPARING = {Way("PUT", "/api/uploads/{name:path}"), Way("POST", "/api/drafts")}
#: What writes a body of any kind, where the name allows it.
PUTTING = {Way("PUT", "/api/documents/{name:path}"), Way("PUT", "/api/conflicts/{name:path}")}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    build()
    folder = river_folder(tmp_path_factory.mktemp("ways") / "folder")
    (folder / "old.gmcr").write_text("no dispute at all")
    (folder / "broken.conflict.yaml").write_text("format: detente/1\ntitle: [\n")
    with serving(folder) as found:
        yield found


@pytest.fixture(scope="module")
def every(server: Serving) -> list[Way]:
    return ways(server.folder)


@pytest.fixture
def valid(server: Serving) -> dict[Way, Any]:
    found = server.client.get(f"/api/text/{RIVER_NAME}").json()
    return bodies(found["text"], found["digest"])


@contextmanager
def untroubled() -> Iterator[None]:
    """See to it that the server writes no error, with or without a traceback, to the terminal meanwhile."""
    heard: list[str] = []

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.levelno >= logging.ERROR:
                heard.append(self.format(record))

    logger, ear = logging.getLogger("uvicorn.error"), Ear()
    logger.addHandler(ear)
    try:
        yield
    finally:
        logger.removeHandler(ear)
    assert not heard, heard[0]


#: The connection to a server that its last answer left open, and when that came: opening one costs as much as asking.
_left_open: dict[str, tuple[http.client.HTTPConnection, float]] = {}


def ask(server: Serving, way: Way, address: str, body: Any = None, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Ask with just these headers, the address as it is: no client tidies it."""
    connection, answered = _left_open.pop(server.base, (None, 0.0))
    # A server ends those that are idle for five seconds.
    if connection is None or time.monotonic() - answered > 1:
        if connection is not None:
            connection.close()
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    connection.putrequest(way.method, address, skip_host="host" in headers, skip_accept_encoding=True)
    for name, value in headers.items():
        connection.putheader(name.replace("_", "-"), value)
    data = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
    if data is not None:
        connection.putheader("Content-Length", str(len(data)))
        if not isinstance(body, bytes):
            connection.putheader("Content-Type", "application/json")
    connection.endheaders(data)
    answer = connection.getresponse()
    read = answer.read()
    if answer.will_close:
        connection.close()
    else:
        _left_open[server.base] = connection, time.monotonic()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}, read


def let_in(server: Serving) -> dict[str, str]:
    return {"authorization": f"Bearer {server.token}"}


def greeted(server: Serving, way: Way, host: str = "", origin: str | None = None, **headers: str) -> int:
    """Return the status that a websocket's greeting is answered with."""
    plug = socket.create_connection(("127.0.0.1", server.port))
    address = f"ws://{host or f'127.0.0.1:{server.port}'}{way.path}"
    try:
        with connect(address, sock=plug, additional_headers=headers, origin=origin):  # type: ignore[arg-type]
            return 101
    except InvalidStatus as refused:
        assert not refused.response.body
        return refused.response.status_code


def test_every_route_with_a_body_has_a_case(every: list[Way], valid: dict[Way, Any]) -> None:
    assert {way for way in every if way.method in CHANGING} == set(valid)
    assert {Way("WEBSOCKET", "/live"), Way("GET", "/files/{name:path}"), Way("GET", "/")} < set(every)
    assert len(every) > 30


def test_every_route_answers_with_the_token(server: Serving, every: list[Way], valid: dict[Way, Any]) -> None:
    """Otherwise the refusals below would prove nothing."""
    with untroubled():
        for way in every:
            if way.method == "WEBSOCKET":
                assert greeted(server, way, origin=server.base, Cookie=server.cookie) == 101
            elif way.method not in CHANGING and "{id}" not in way.path and "{address" not in way.path:
                status, _, text = ask(server, way, way.to(), **let_in(server))
                assert status in (200, 303, 308), f"{way}: {status} {text[:300]!r}"
    assert server.folder.joinpath(DOCUMENT).is_file()


@pytest.mark.parametrize(
    "why", ["no token", "a wrong token", "a foreign host", "a foreign origin", "no origin", "another site", "null"]
)
def test_every_route_refuses_without_the_token(
    server: Serving, every: list[Way], valid: dict[Way, Any], why: str
) -> None:
    wrong = "x" * len(server.token)
    headers, expected = {
        "no token": ({}, 401),
        "a wrong token": ({"authorization": f"Bearer {wrong}", "cookie": f"detente-{server.port}={wrong}"}, 401),
        "a foreign host": ({"host": f"evil.example:{server.port}", "cookie": server.cookie, **let_in(server)}, 421),
        "a foreign origin": ({"origin": "http://evil.example", "cookie": server.cookie, **let_in(server)}, 403),
        "no origin": ({"cookie": server.cookie}, 403),
        "another site": ({"sec_fetch_site": "cross-site", "cookie": server.cookie, **let_in(server)}, 403),
        "null": ({"origin": "null", "cookie": server.cookie, **let_in(server)}, 403),
    }[why]
    before = held(server.folder)
    with untroubled():
        for way in every:
            if why == "no origin" and way.method not in (*CHANGING, "WEBSOCKET"):
                # A cookie alone may read: so a page is opened from a bookmark.
                continue
            if way.method == "WEBSOCKET":
                given = dict(headers)
                host, origin = given.pop("host", ""), given.pop("origin", None)
                named = {name.replace("_", "-"): value for name, value in given.items()}
                assert greeted(server, way, host, origin, **named) == 403, way
                continue
            status, told, text = ask(server, way, way.to(), valid.get(way), **headers)
            assert status == expected, f"{way}: {status}"
            assert b"river" not in text.lower(), way
            assert "set-cookie" not in told
            assert server.token.encode() not in text
    assert held(server.folder) == before


def _at(way: Way, job: str) -> str:
    """Return where a way does what it is for; a question or a draft is one that has been asked for."""
    return way.to(id=job or "none") if "/jobs/" in way.path or "/drafts/" in way.path else way.to()


def _done(server: Serving, job: str) -> None:
    """Wait until a job has been done."""
    while (found := server.client.get(f"/api/jobs/{job}").json())["state"] == "running":
        time.sleep(0.02)
    assert found["state"] == "done", found


def test_no_route_changes_the_folder_if_read_only(tmp_path: Path) -> None:
    folder = river_folder(tmp_path / "shown")
    before = held(folder)
    with serving(folder, read_only=True) as server, untroubled():
        found = server.client.get(f"/api/text/{RIVER_NAME}").json()
        id = ""
        for way, body in sorted(bodies(found["text"], found["digest"]).items(), key=lambda one: one[0].path):
            status, _, text = ask(server, way, _at(way, id), body, **let_in(server))
            if way in WRITING | PREPARING:
                assert status == 403, way
                assert b"read-only" in text
            else:
                assert status in (200, 202), f"{way}: {status} {text!r}"
            if way == Way("POST", "/api/jobs"):
                id = json.loads(text)["id"]
            assert held(folder) == before, way
    assert held(folder) == before


def test_only_writing_routes_change_the_folder(tmp_path: Path) -> None:
    folder = river_folder(tmp_path / "edited")
    with serving(folder) as server, untroubled():
        found = server.client.get(f"/api/text/{RIVER_NAME}").json()
        id, changing = "", set()
        for way, body in sorted(bodies(found["text"], found["digest"]).items(), key=lambda one: one[0].path):
            before = held(folder)
            status, _, text = ask(server, way, _at(way, id), body, **let_in(server))
            assert status in (200, 201, 202), f"{way}: {status} {text!r}"
            if way in (Way("POST", "/api/jobs"), Way("POST", "/api/drafts")):
                id = json.loads(text)["id"]
            if way == Way("POST", "/api/drafts"):
                _done(server, id)
            if held(folder) != before:
                changing.add(way)
    assert changing == WRITING


LONG = "x" * 5_000
NAMES = [
    "..%2f..%2fetc%2fpasswd",
    "%2e%2e%2fbeside.conflict.yaml",
    "..%252f..%252fetc%252fpasswd",
    "..\\..\\beside.conflict.yaml",
    "%5c%5cserver%5cshare%5cx.conflict.yaml",
    "/etc/passwd",
    "%2fetc%2fpasswd",
    "C:/x.conflict.yaml",
    "C%3a%5cx.conflict.yaml",
    "CON",
    "nul.conflict.yaml",
    "aux.txt",
    "river.conflict.yaml%00",
    "river.conflict.yaml%00.txt",
    "%00",
    "%0d%0aset-cookie:%20a=b.conflict.yaml",
    "%ff%fe.conflict.yaml",
    "%ed%a0%80.conflict.yaml",
    "%f0%9f%8c%8a.conflict.yaml",
    "%e2%80%ae.conflict.yaml",
    "river.conflict.yaml/",
    "river.conflict.yaml/x.conflict.yaml",
    ".",
    "..",
    "%20",
    "~root",
    "$HOME",
    "%3cscript%3ealert(1)%3c/script%3e.conflict.yaml",
    "{{7*7}}.conflict.yaml",
    "broken.conflict.yaml",
    "old.gmcr",
    f"{LONG}.conflict.yaml",
    "a/" * 2_000 + "x.conflict.yaml",
    encoded("é" * 200) + ".conflict.yaml",
]


@pytest.mark.parametrize("name", NAMES, ids=lambda name: name[:40])
def test_any_name_is_answered_with_a_message(
    server: Serving, every: list[Way], valid: dict[Way, Any], name: str
) -> None:
    before = held(server.folder)
    with untroubled():
        for way in every:
            if not way.names_a_file and "{id}" not in way.path:
                continue
            address = way.to(name) if way.names_a_file else way.to(id=name)
            status, told, text = ask(server, way, address, valid.get(way), **let_in(server))
            clear(way, name, status, told, text)
            assert b"root:" not in text
    made = set(held(server.folder)) - set(before)
    for one in made:
        (server.folder / one).unlink()
    # A document, and a conflict file, may be called anything that can be the name of a file in the folder.
    assert all(one == "aux.txt" or one.endswith((".conflict.yaml", ".scenarios.yaml")) for one in made)
    assert held(server.folder) == before


def clear(way: Way, what: Any, status: int, told: dict[str, str], text: bytes) -> None:
    """Assert that an answer is no server error, says what is wrong, and shows nothing of the inside."""
    at = f"{way} {str(what)[:200]!r}: {status} {text[:300]!r}"
    assert status < 500, at
    assert b"Traceback" not in text, at
    assert b'File "/' not in text, at
    assert b"site-packages" not in text, at
    assert "default-src 'none'" in told["content-security-policy"], at
    if status >= 400:
        assert len(text.strip()) > 5, at
        if "json" in told.get("content-type", ""):
            assert json.loads(text)["message"].strip(), at


DEEP = 1_000_000
RAW = [
    b"",
    b"null",
    b"true",
    b"0",
    b'"text"',
    b"[]",
    b"{}",
    b"not json",
    b"\xff\xfe\x00\x00",
    b"\x00",
    b"\xef\xbb\xbf{}",
    b'{"text": "a"',
    b'{"text": "a", "text": 1}',
    b"[" * DEEP,
    b"[" * DEEP + b"]" * DEEP,
    b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    b'{"text": "x", "edit": ' + b"[" * 500 + b"]" * 500 + b"}",
    b'{"text": ' + b"9" * 10_000 + b"}",
    b'{"text": NaN, "was": Infinity}',
    b'{"text": -1e999}',
    b'{"text": "\\ud800", "was": "\\udfff", "edit": {}}',
    b'{"\\ud800": "\\u0000"}',
    b'{"text": "\\u0000", "was": "\\u0000", "edit": {"do": "\\u0000"}}',
    b'{"text": "' + b"x" * 200_000 + b'", "was": "", "edit": {}}',
    b'{"text": "' + b"[" * 1_000 + b'", "was": "", "edit": {}}',
    b'{"text": "a: &a [*a, *a]", "was": "", "edit": {}}',
    b'{"text": "a: &a [1]\\nb: &b [*a,*a,*a,*a]\\nc: &c [*b,*b,*b,*b]\\n", "was": "", "edit": {}}',
]
KINDS = ["application/json", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""]


@pytest.mark.parametrize("body", RAW, ids=lambda body: body[:30].decode("latin-1"))
def test_any_body_is_answered_with_a_message(server: Serving, valid: dict[Way, Any], body: bytes) -> None:
    before = held(server.folder)
    with untroubled():
        for way in valid:
            for kind in KINDS[:1] if len(body) > 50_000 else KINDS:
                given = {**let_in(server), **({"content_type": kind} if kind else {})}
                address = way.to("../new.txt") if way in PUTTING else way.to(id="none")
                clear(way, body, *ask(server, way, address, body, **given))
    assert held(server.folder) == before


NONSENSE: list[Any] = [
    None,
    True,
    -1,
    10**400,
    10**4_000,
    1e308,
    float("nan"),
    float("inf"),
    "",
    "\x00",
    "\ud800",
    "\u202eabc",
    "x" * 10_000,
    "9" * 5_000,
    "../../etc/passwd",
    "a and " * 2_000,
    "(" * 5_000,
    "not " * 5_000,
    [],
    [[[[]]]],
    [None],
    {},
    {"a": {"a": {}}},
    ["rules", 10**30],
]


@pytest.mark.slow
def test_damaged_body_is_answered_with_a_message(server: Serving, valid: dict[Way, Any]) -> None:
    before = held(server.folder)
    asked = 0
    nonsense = random.sample(NONSENSE, largest(len(NONSENSE), usual=7))
    with untroubled():
        for way, body in valid.items():
            if not isinstance(body, dict):
                continue
            for other in spoilt(body, nonsense):
                if way == Way("POST", "/api/jobs") and isinstance(other, dict) and _is_asked(other):
                    # Each would be a process of its own; what these answer is tested where questions are.
                    continue
                if way in WRITING and isinstance(other, dict) and {**other, **body} == other:
                    # It has what is needed, and more: it is saved.
                    continue
                asked += 1
                clear(way, other, *ask(server, way, way.to(), other, **let_in(server)))
    assert asked > 45 * len(nonsense)
    # A dispute begun with another title, or without documents, is begun all the same; so is a scenario without changes.
    for one in set(held(server.folder)) - set(before):
        assert one.endswith((".conflict.yaml", ".scenarios.yaml"))
        (server.folder / one).unlink()
    assert held(server.folder) == before


def _is_asked(body: dict[str, Any]) -> bool:
    return body.get("question") == "evolve" and body.get("name") == RIVER_NAME and isinstance(body.get("given"), dict)


QUERIES = [
    "?concept=%00&concept=%ff&concept=nash",
    "?state=%00&player=%00&concept=%00&to=%00&from=%00",
    "?state=99999999999999999999999&player=upstream&to=99999999999999999999&from=-1",
    "?state=" + "9" * 5_000 + "&player=upstream&to=" + "9" * 5_000,
    "?state=%ed%a0%80&player=%ed%a0%80&to=%ed%a0%80&focus=%ed%a0%80&search=%ed%a0%80&find=%ed%a0%80",
    "?where=" + "%28" * 5_000 + "&state=1&player=upstream&to=1",
    "?where=" + "not%20" * 5_000 + "divert&state=1&player=upstream&to=1",
    "?where=%00&sort=%00&search=%00&equilibria=%00&state=1&player=upstream&to=1",
    "?offset=-1&limit=0&state=1&player=upstream&to=1",
    "?offset=99999999999999999999999999&limit=500&state=1&player=upstream&to=1",
    "?offset=NaN&limit=1e3&backwards=maybe",
    "?arrange=%00&across=%00&down=x&by=x&focus=%00",
    "?focus=999999999999&state=0&player=0&to=0",
    "?focus=Y-N&state=Y-N&player=upstream&to=Y-N",
    "?concept=maximin_99999999999999999999&state=1&player=upstream&to=1",
    "?concept=limited_move_" + "9" * 5_000 + "&state=1&player=upstream&to=1",
    "?ask=%00&find=" + "x" * 1_000,
    "?token=%00&" + "a=b&" * 2_000,
    "?%ff%00=%ff",
]


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query[:40])
def test_any_query_is_answered_with_a_message(server: Serving, every: list[Way], query: str) -> None:
    with untroubled():
        for way in every:
            if way.method == "GET":
                address = way.to().partition("?")[0] + query
                clear(way, query, *ask(server, way, address, **let_in(server)))


def test_every_kind_of_answer_has_security_headers(server: Serving, every: list[Way], valid: dict[Way, Any]) -> None:
    """Nothing foreign may run or frame a page, and no browser keeps what a dispute says or tells where it was read."""
    (server.folder / "page.html").write_text("<script>alert(1)</script>")
    (server.folder / "paper.pdf").write_bytes(b"%PDF-1.4")
    asked: list[tuple[Way, str, Any, dict[str, str]]] = [
        (way, way.to(), valid.get(way), {}) for way in every if way.method != "WEBSOCKET" and way not in WRITING
    ]
    asked += [(Way(method, ""), "/nowhere", None, {}) for method in ("GET", "HEAD", "POST", "OPTIONS", "TRACE", "BREW")]
    asked += [(Way("DELETE", ""), f"/api/dispute/{RIVER_NAME}", None, {}), (Way("POST", ""), "/all", b"x", {})]
    asked += [(Way("GET", ""), f"/files/{name}", None, {}) for name in ("page.html", "paper.pdf", "none.txt")]
    asked += [(Way("GET", ""), f"/files/{DOCUMENT}", None, {"range": each}) for each in ("bytes=0-3", "bytes=9999-")]
    asked += [(Way("GET", ""), "/static/none.js", None, {}), (Way("GET", ""), f"/?token={server.token}", None, {})]
    asked += [(Way("GET", ""), "/static/../server.py", None, {}), (Way("GET", ""), "/static/", None, {})]
    statuses = set()
    for way, address, body, headers in asked:
        status, told, text = ask(server, way, address, body, **let_in(server), **headers)
        statuses.add(status)
        at = f"{way} {address}: {status} {told}"
        policy = told["content-security-policy"]
        for rule in ("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"):
            assert rule in policy, at
        assert "unsafe" not in policy, at
        assert told["x-content-type-options"] == "nosniff", at
        assert told["x-frame-options"] == "DENY", at
        assert told["referrer-policy"] == "no-referrer", at
        assert told["cross-origin-opener-policy"] == "same-origin", at
        assert told["cross-origin-resource-policy"] == "same-origin", at
        assert "access-control-allow-origin" not in told, at
        assert "server" not in told, at
        if not address.startswith("/static/"):
            assert told["cache-control"] == "no-store", at
        if text and status != 304:
            assert told["content-type"].partition(";")[0] in (
                "text/html", "text/plain", "application/json", "application/pdf", "application/octet-stream",
                "text/javascript", "multipart/byteranges",
            ), at  # fmt: skip
    assert {200, 303, 404, 405, 206, 416} <= statuses


def test_malformed_request_is_refused_with_the_same_headers(server: Serving) -> None:
    for said in (b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n", b"GET\r\n\r\n", b"\r\n\r\n\x00"):
        with socket.create_connection(("127.0.0.1", server.port), timeout=20) as plug:
            plug.sendall(said)
            answer = b""
            while part := plug.recv(4_096):
                answer += part
        assert answer.startswith(b"HTTP/1.1 400 "), said
        assert b"default-src 'none'" in answer
        assert b"no-store" in answer


def test_slow_question_is_refused_as_a_page(tmp_path: Path) -> None:
    """It is said at once, and where it can be asked so that it can be watched and stopped."""
    folder = river_folder(tmp_path / "large")
    write_conflict(dispute(18, 3).replaced(status_quo=[]), folder / RIVER_NAME)
    with serving(folder) as server, untroubled():
        for address in ("analyze", "states", "path"):
            answer = server.client.get(f"/api/{address}/{RIVER_NAME}?to=1")
            assert answer.status_code == 413, address
            assert "262,144 states" in answer.json()["message"]
            assert "/api/jobs" in answer.json()["message"]
        for page in ("dispute", "sources", "states", "graph", "what-if", "questions"):
            assert server.client.get(f"/{page}/{RIVER_NAME}").status_code == 200, page
        assert server.client.get(f"/api/graph/{RIVER_NAME}").json()["count"] == 262_144


@pytest.mark.parametrize("address", ["nowhere", "overview", "states/", "<script>alert(1)</script>", "a/b/c.html"])
def test_unknown_address_is_answered_with_a_page(server: Serving, address: str) -> None:
    told = server.client.get(f"/{address}")
    assert told.status_code == 404
    assert told.headers["content-type"].startswith("text/html")
    assert "All disputes in this folder" in told.text
    assert "<script>alert" not in told.text


@pytest.mark.parametrize("address", ["api/nowhere", "parts/nowhere"])
def test_unknown_address_of_data_is_answered_with_data(server: Serving, address: str) -> None:
    told = server.client.get(f"/{address}")
    assert told.status_code == 404
    assert told.json()["message"] == "There is nothing at this address."
