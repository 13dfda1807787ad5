"""``serve``: one line with the address, JSON twins under /api, documents under /files/."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.contracts.outside import DAILY, RIVER, river
from tests.unit.web.serving import serving
from tests.web.browsing import build

#: As printed: the port, and a token somewhere behind it.
ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)/\S*token\S*\n")


@pytest.mark.slow
def test_serve_prints_one_line_with_a_working_address(tmp_path: Path) -> None:
    build()
    river(tmp_path)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "detente", "serve", str(tmp_path), "--port", str(port)]
    with subprocess.Popen(
        [*command, "--no-browser", "--read-only"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        try:
            line = server.stdout.readline()
            found = ADDRESS.fullmatch(line)
            assert found, line
            assert int(found[1]) == port
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", follow_redirects=True, timeout=60) as client:
                assert client.get("/api/conflicts").status_code in (401, 403)
                assert client.get(line.strip()).status_code == 200
                listed = client.get("/api/conflicts").json()
                assert [one["name"] for one in listed["conflicts"]] == ["river.conflict.yaml"]
                assert listed["read_only"]
                assert client.get("/files/daily.txt").text == DAILY
        finally:
            server.terminate()
        assert server.stdout.read() == ""


def test_serve_answers_json_twins_and_documents(tmp_path: Path) -> None:
    river(tmp_path)
    (tmp_path / "second.conflict.yaml").write_text(RIVER.replace("two countries", "two others"), encoding="utf-8")
    with serving(tmp_path) as server:
        listed = server.client.get("/api/conflicts")
        assert listed.headers["content-type"] == "application/json"
        assert listed.json()["conflicts"] == [
            {"name": "river.conflict.yaml", "title": "A river shared by two countries"},
            {"name": "second.conflict.yaml", "title": "A river shared by two others"},
        ]
        answer = server.client.get("/api/analyze/river.conflict.yaml").json()
        assert answer["format"] == "detente-analysis/1"
        assert answer["equilibria"]["nash"] == [3]
        document = server.client.get("/files/daily.txt")
        assert document.text == DAILY
        assert server.client.get("/files/nothing.txt").status_code == 404
        assert server.client.get("/files/../outside.txt").status_code in (400, 404)
