"""What a web page from elsewhere, or a name that leads out, might try: one test for each."""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.unit.web.serving import Serving, river_folder, serving

FILE = "/api/dispute/river.conflict.yaml"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    outside = tmp_path_factory.mktemp("outside")
    (outside / "secret.conflict.yaml").write_text("format: detente/1\ntitle: secret\n")
    (outside / "secret.txt").write_text("secret")
    folder = river_folder(tmp_path_factory.mktemp("served") / "folder")
    (folder / "link.conflict.yaml").symlink_to(outside / "secret.conflict.yaml")
    (folder / "link.txt").symlink_to(outside / "secret.txt")
    (folder / "out").symlink_to(outside)
    (folder.parent / "beside.txt").write_text("secret")
    with serving(folder) as found:
        yield found


def ask(server: Serving, path: str, method: str = "GET", body: bytes = b"", **headers: str) -> tuple[int, str]:
    """Ask with just these headers, the path as it is: no client tidies ``..`` away."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.putrequest(method, path, skip_host="host" in headers, skip_accept_encoding=True)
    for name, value in headers.items():
        connection.putheader(name.replace("_", "-"), value)
    if body:
        connection.putheader("Content-Length", str(len(body)))
    connection.endheaders(body or None)
    answer = connection.getresponse()
    text = answer.read().decode("utf-8", "replace")
    connection.close()
    return answer.status, text


def test_request_with_the_token_is_answered(server: Serving) -> None:
    assert ask(server, FILE, cookie=server.cookie)[0] == 200
    assert ask(server, FILE, authorization=f"Bearer {server.token}")[0] == 200
    assert ask(server, f"{FILE}?token={server.token}")[0] == 200


@pytest.mark.parametrize(
    "path", ["/", "/all", FILE, "/files/daily.txt", "/api/openapi.json", "/static/app.js", "/nowhere"]
)
def test_request_without_the_token_is_refused(server: Serving, path: str) -> None:
    status, text = ask(server, path)
    assert status == 401
    assert "river" not in text
    for wrong in (server.token[:-1], "", "é"):
        assert ask(server, path, cookie=f"detente-{server.port}={wrong}".encode().decode("latin-1"))[0] == 401


def test_cookies_of_other_local_servers_are_ignored(server: Serving) -> None:
    """Cookies do not know ports, so the browser sends those of every local program along, and some are strange."""
    for other in ('x={"a":"b"}', "a b=c", "=", "x", "x=é", "$Version=1", "x=\x01"):
        for cookie in (f"{other}; {server.cookie}", f"{server.cookie}; {other}"):
            assert ask(server, FILE, cookie=cookie)[0] == 200, cookie


def test_host_without_a_port_is_accepted_at_port_80() -> None:
    from detente.web.security import AccessToken

    assert {"127.0.0.1", "127.0.0.1:80"} < AccessToken(80).hosts
    assert "127.0.0.1" not in AccessToken(8080).hosts


@pytest.mark.parametrize(
    "where",
    [
        {"x_token": "{token}"},
        {"referer": "{base}/?token={token}"},
        {"authorization": "{token}"},
        {"authorization": "Basic {token}"},
        {"cookie": "token={token}"},
        {"cookie": "detente-1={token}"},
        {"cookie": "{cookie}x"},
    ],
)
def test_token_in_the_wrong_place_is_refused(server: Serving, where: dict[str, str]) -> None:
    given = {
        name: value.format(token=server.token, base=server.base, cookie=server.cookie) for name, value in where.items()
    }
    assert ask(server, FILE, **given)[0] == 401


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1:{port}.",
        "127.0.0.1.:{port}",
        "[::1]:{port}",
        "0.0.0.0:{port}",
        "2130706433:{port}",
        "127.1:{port}",
    ],
)
def test_other_host_names_of_this_machine_are_refused(server: Serving, host: str) -> None:
    assert ask(server, FILE, host=host.format(port=server.port), cookie=server.cookie)[0] in (400, 421)


@pytest.mark.parametrize("method", ["TRACE", "OPTIONS", "PATCH", "PROPFIND", "X"])
def test_other_methods_are_refused(server: Serving, method: str) -> None:
    status, text = ask(server, FILE, method, authorization=f"Bearer {server.token}")
    assert status in (400, 404, 405)
    assert server.token not in text


@pytest.mark.parametrize("length", ["9" * 5_000, "99999999999", "-1", "0x10", "1, 2", "٣"])
def test_invalid_content_length_is_refused(server: Serving, length: str) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as plug:
        head = (
            f"PUT /api/documents/large.txt HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
            f"Authorization: Bearer {server.token}\r\nContent-Length: {length}\r\n\r\n"
        )
        plug.sendall(head.encode())
        status = plug.recv(1_000).split(b" ")[1]
    assert status in (b"400", b"413")
    assert not (server.folder / "large.txt").exists()


@pytest.mark.parametrize(
    "body",
    [
        b'{"text": "a", "text": "b"',
        b"[" * 100_000,
        b'{"text": ' + b"9" * 10_000 + b"}",
        b'{"text": NaN}',
        b'{"text": "\\ud800"}',
        b"\xff\xfe",
        b"null",
        b"",
    ],
)
@pytest.mark.parametrize("path", ["/api/check/river.conflict.yaml", "/api/what-if/river.conflict.yaml", "/api/jobs"])
def test_malformed_request_is_refused(server: Serving, path: str, body: bytes) -> None:
    answer = server.client.post(path, content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in (200, 400, 413, 422)
    assert answer.json()
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_every_refusal_has_security_headers(server: Serving) -> None:
    for headers in ({"Authorization": ""}, {"Host": "evil.example"}, {"Origin": "null"}):
        answer = httpx.get(server.base + FILE, headers=headers)
        assert answer.status_code in (401, 403, 421)
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cache-control"] == "no-store"


def test_token_moves_from_the_address_to_an_httponly_cookie(server: Serving) -> None:
    answer = httpx.get(server.address)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/"
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    elsewhere = httpx.get(f"{server.base}//evil.example/x?token={server.token}&a=1")
    assert elsewhere.headers["location"] == "/evil.example/x?a=1"


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "localhost.evil.example:{port}", ""]
)
def test_foreign_host_name_is_refused(server: Serving, host: str) -> None:
    """DNS rebinding: the browser believes that it still asks the foreign name."""
    status, text = ask(server, FILE, host=host.format(port=server.port), cookie=server.cookie)
    assert status in (400, 421)
    assert "river" not in text


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1", "https://127.0.0.1:{port}"])
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "OPTIONS"])
def test_request_from_another_origin_is_refused(server: Serving, origin: str, method: str) -> None:
    status, _ = ask(server, FILE, method, origin=origin.format(port=server.port), cookie=server.cookie)
    assert status == 403


def test_sec_fetch_site_header_is_respected(server: Serving) -> None:
    for site in ("cross-site", "same-site"):
        found = ask(server, FILE, cookie=server.cookie, sec_fetch_site=site, sec_fetch_mode="no-cors")
        assert found[0] == 403
    opened = {"sec_fetch_mode": "navigate", "sec_fetch_dest": "document"}
    assert ask(server, "/all", cookie=server.cookie, sec_fetch_site="cross-site", **opened)[0] == 200
    framed = {"sec_fetch_mode": "navigate", "sec_fetch_dest": "iframe"}
    assert ask(server, "/all", cookie=server.cookie, sec_fetch_site="cross-site", **framed)[0] == 403


def test_cookie_alone_authorises_no_change(server: Serving) -> None:
    """The form of another page is sent with the cookie; the browser then names the origin of that page."""
    body = b'{"text": "x", "was": "y"}'
    headers = {"cookie": server.cookie, "content_type": "application/json"}
    assert ask(server, FILE, "PUT", body, **headers)[0] == 403
    assert ask(server, FILE, "PUT", body, origin=server.base, **headers)[0] == 422


@pytest.mark.parametrize(
    ("headers", "origin"),
    [
        ({"Cookie": "{cookie}"}, "http://evil.example"),
        ({"Cookie": "{cookie}"}, None),
        ({}, "{base}"),
        ({"Cookie": "{cookie}", "Host": "evil.example"}, "http://evil.example"),
    ],
)
def test_websocket_from_another_origin_is_refused(server: Serving, headers: dict[str, str], origin: str | None) -> None:
    given = {name: value.format(cookie=server.cookie) for name, value in headers.items()}
    host = given.pop("Host", f"127.0.0.1:{server.port}")
    said = origin and origin.format(base=server.base)
    plug = socket.create_connection(("127.0.0.1", server.port))
    with plug, pytest.raises(InvalidStatus) as refused:
        connect(f"ws://{host}/live", sock=plug, additional_headers=given, origin=said)  # type: ignore[arg-type]
    assert refused.value.response.status_code == 403


def test_websocket_of_an_own_page_is_accepted(server: Serving) -> None:
    address = f"ws://127.0.0.1:{server.port}/live"
    with connect(address, additional_headers={"Cookie": server.cookie}, origin=server.base) as live:  # type: ignore[arg-type]
        live.send(json.dumps({"file": "river.conflict.yaml", "digest": "another"}))
        assert json.loads(live.recv(10))["file"] == "river.conflict.yaml"


@pytest.mark.parametrize(
    "name",
    [
        "../beside.txt",
        "..%2fbeside.txt",
        "%2e%2e/beside.txt",
        "x/../../beside.txt",
        "..%5cbeside.txt",
        "/etc/passwd",
        "%2fetc%2fpasswd",
        "//etc/passwd",
        "link.txt",
        "out/secret.txt",
        "daily.txt%00",
        ".",
        "",
    ],
)
def test_file_name_cannot_leave_the_folder(server: Serving, name: str) -> None:
    status, text = ask(server, f"/files/{name}", cookie=server.cookie)
    assert status == 404
    assert "secret" not in text
    assert "root:" not in text


@pytest.mark.parametrize("name", ["../outside/secret.conflict.yaml", "link.conflict.yaml", "out/secret.conflict.yaml"])
@pytest.mark.parametrize("page", ["api/dispute", "api/text", "dispute", "states", "parts/why"])
def test_dispute_outside_the_folder_is_not_read(server: Serving, page: str, name: str) -> None:
    status, text = ask(server, f"/{page}/{name}?state=1&player=x", cookie=server.cookie)
    assert status in (404, 422)
    assert "title: secret" not in text


def test_link_out_of_the_folder_is_not_listed(server: Serving) -> None:
    listed = server.client.get("/api/conflicts").json()["conflicts"]
    assert listed == [{"name": "river.conflict.yaml", "title": "A river shared by two countries"}]


def test_dispute_cannot_include_files_outside_the_folder(server: Serving, tmp_path: Path) -> None:
    """Neither by a dossier, nor by the document of a source."""
    secret = tmp_path / "secret.dossier.yaml"
    secret.write_text("format: detente-dossier/1\nspeakers: {x: secret}\n")
    text = (server.folder / "river.conflict.yaml").read_text(encoding="utf-8")
    for other in (str(secret), os.path.relpath(secret, server.folder)):
        asked = server.client.post("/api/check/river.conflict.yaml", json={"text": f"{text}dossier: [{other}]\n"})
        assert "not in the served folder" in asked.json()["faults"][0]["message"]
    bad = text.replace("file: daily.txt", f"file: {os.path.relpath('/etc/passwd', server.folder)}")
    found = server.client.post("/api/sources/river.conflict.yaml", json={"text": bad}).json()
    assert found["sources"][0]["pieces"] == []
    assert "not in the served folder" in found["sources"][0]["problem"]


def test_too_large_body_is_refused(server: Serving) -> None:
    large = b"x" * 12_000_001
    assert server.client.put("/api/documents/large.txt", content=large).status_code == 413

    def dribble() -> Iterator[bytes]:
        for _ in range(13):
            yield b"x" * 1_000_000

    # The server may hang up before all of it has been sent.
    with suppress(httpx.TransportError):
        assert server.client.put("/api/documents/large.txt", content=dribble()).status_code == 413
    assert not (server.folder / "large.txt").exists()


@pytest.mark.parametrize("name", ["../x.txt", "out/x.txt", "x.exe", "river.conflict.yaml", "daily.txt", ".hidden.txt"])
def test_document_is_written_inside_the_folder_only(server: Serving, name: str) -> None:
    before = {path.name: path.read_bytes() for path in server.folder.iterdir() if path.is_file()}
    status, _ = ask(server, f"/api/documents/{name}", "PUT", b"x", authorization=f"Bearer {server.token}")
    assert status in (404, 422)
    assert {path.name: path.read_bytes() for path in server.folder.iterdir() if path.is_file()} == before
    assert not (server.folder.parent / "x.txt").exists()


def test_every_answer_has_a_content_security_policy(server: Serving) -> None:
    for path in ("/all", "/states/river.conflict.yaml", FILE, "/files/daily.txt", "/nowhere"):
        answer = server.client.get(path)
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self';" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"


def test_document_is_not_served_as_a_page(server: Serving) -> None:
    (server.folder / "evil.html").write_text("<script>alert(1)</script>")
    answer = server.client.get("/files/evil.html")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment")


def test_read_only_server_writes_nothing(tmp_path: Path) -> None:
    folder = river_folder(tmp_path)
    before = (folder / "river.conflict.yaml").read_bytes()
    with serving(folder, read_only=True) as server:
        found = server.client.get("/api/text/river.conflict.yaml").json()
        saved = server.client.put(FILE, json={"text": found["text"].replace("river", "lake"), "was": found["digest"]})
        assert saved.status_code == 403
        assert server.client.put("/api/documents/new.txt", content=b"x").status_code == 403
        page = server.client.get("/dispute/river.conflict.yaml").text
        assert 'id="save"' not in page
    assert (folder / "river.conflict.yaml").read_bytes() == before
    assert not (folder / "new.txt").exists()


def test_server_listens_on_loopback_only(server: Serving) -> None:
    from detente.web.server import bound

    listening = bound(0)
    assert listening.getsockname()[0] == "127.0.0.1"
    listening.close()


def test_connections_disable_nagle() -> None:
    """Without it an answer waits until the one before is acknowledged, 40 ms each."""
    from detente.web.server import bound

    async def asked() -> int:
        told: list[int] = []

        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            told.append(writer.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()

        listening = bound(0)
        async with await asyncio.start_server(answer, sock=listening):
            reader, writer = await asyncio.open_connection(*listening.getsockname())
            await reader.read()
            writer.close()
        return told[0]

    assert asyncio.run(asked())
