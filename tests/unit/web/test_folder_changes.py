"""A file that changes, disappears or is replaced while it is open in the browser."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from detente.web.folder import ChangedError, Folder, digest
from tests.unit.web.routes import RIVER_NAME
from tests.unit.web.serving import RIVER, Serving, river_folder
from tests.unit.web.test_server_routes import untroubled

FILE = f"/api/dispute/{RIVER_NAME}"


@pytest.fixture
def server(empty: Serving) -> Serving:
    river_folder(empty.folder)
    return empty


def named(number: int) -> str:
    return RIVER.replace("A river shared", f"River {number} shared")


def test_one_of_many_simultaneous_saves_succeeds(server: Serving) -> None:
    for _ in range(5):
        was = server.client.get(f"/api/text/{RIVER_NAME}").json()["digest"]
        texts = [f"{named(number)}# {was}\n" for number in range(8)]
        with ThreadPoolExecutor(8) as tabs:
            saved = list(
                tabs.map(lambda text, was=was: server.client.put(FILE, json={"text": text, "was": was}), texts)
            )
        assert sorted(one.status_code for one in saved) == [200, *[409] * 7]
        (won,) = (text for text, one in zip(texts, saved, strict=True) if one.status_code == 200)
        assert (server.folder / RIVER_NAME).read_text(encoding="utf-8") == won
        assert "changed on disk" in next(one for one in saved if one.status_code == 409).json()["message"]
        assert sorted(path.name for path in server.folder.iterdir()) == ["daily.txt", RIVER_NAME]


def test_second_save_waits_for_the_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both have found the file unchanged otherwise, and what the first has written is lost."""
    from detente.io import files

    folder = Folder(river_folder(tmp_path))
    writing, go_on = threading.Event(), threading.Event()
    write = files.write_text

    def slowly(path: Path, text: str) -> None:
        writing.set()
        assert go_on.wait(20)
        write(path, text)

    monkeypatch.setattr(files, "write_text", slowly)
    with ThreadPoolExecutor(2) as tabs:
        first = tabs.submit(folder.save, RIVER_NAME, named(1), digest(RIVER))
        assert writing.wait(20)
        second = tabs.submit(folder.save, RIVER_NAME, named(2), digest(RIVER))
        with pytest.raises(TimeoutError):
            second.result(0.2)
        go_on.set()
        assert first.result(20) == digest(named(1))
        with pytest.raises(ChangedError):
            second.result(20)
    assert (tmp_path / RIVER_NAME).read_text(encoding="utf-8") == named(1)


def test_file_changed_by_another_program_is_not_overwritten(server: Serving) -> None:
    path = server.folder / RIVER_NAME
    path.write_text(named(7), encoding="utf-8")
    answer = server.client.put(FILE, json={"text": named(8), "was": digest(RIVER)})
    assert answer.status_code == 409
    assert path.read_text(encoding="utf-8") == named(7)


def _gone(path: Path) -> None:
    path.unlink()


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def _link_out(path: Path) -> None:
    path.unlink()
    path.symlink_to("/etc/passwd")


def _link_to_itself(path: Path) -> None:
    path.unlink()
    path.symlink_to(path.name)


def _device(path: Path) -> None:
    path.unlink()
    path.symlink_to("/dev/zero")


def _no_text(path: Path) -> None:
    path.write_bytes(b"\xff\xfe\x00\x00")


def _huge(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(50_000_000_000)


def _closed(path: Path) -> None:
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("this user may read every file")


@pytest.mark.parametrize("folder", ["", "press/"])
def test_save_recreates_a_removed_file(server: Serving, folder: str) -> None:
    (server.folder / "press").mkdir()
    path = server.folder / f"{folder}{RIVER_NAME}"
    path.write_text(RIVER, encoding="utf-8")
    _gone(path)
    if folder:
        path.parent.rmdir()
    text = named(1)
    with untroubled():
        saved = server.client.put(f"/api/dispute/{folder}{RIVER_NAME}", json={"text": text, "was": digest(RIVER)})
        assert (saved.status_code, saved.json()) == (200, {"digest": digest(text)})
    assert path.read_text(encoding="utf-8") == text


def test_save_refuses_a_file_that_was_never_opened(server: Serving) -> None:
    for was in ("", "gone", "x" * 64):
        body = {"text": named(1), "was": was}
        assert server.client.put("/api/dispute/new.conflict.yaml", json=body).status_code == 404
    refused = server.client.put("/api/dispute/..%2Fout.conflict.yaml", json={"text": RIVER, "was": digest(RIVER)})
    assert refused.status_code == 404
    assert sorted(one.name for one in server.folder.iterdir()) == ["daily.txt", RIVER_NAME]


@pytest.mark.parametrize("become", [_folder, _pipe, _link_out, _link_to_itself, _device, _no_text, _huge, _closed])
def test_replaced_file_is_neither_read_nor_written(server: Serving, become: Callable[[Path], None]) -> None:
    """Nothing waits for ever, nothing is read out of the folder, and what is there is left as it is."""
    path = server.folder / RIVER_NAME
    text = named(1)
    asked: list[tuple[str, str, Any]] = [
        ("GET", FILE, None),
        ("GET", f"/api/text/{RIVER_NAME}", None),
        ("GET", f"/api/sources/{RIVER_NAME}", None),
        ("GET", f"/states/{RIVER_NAME}", None),
        ("GET", f"/files/{RIVER_NAME}", None),
        ("PUT", FILE, {"text": text, "was": digest(RIVER)}),
        ("PUT", FILE, {"text": text, "was": "gone"}),
    ]
    become(path)
    was = path.lstat().st_mode if os.path.lexists(path) else None
    with untroubled():
        for method, address, body in asked:
            if become is _huge and address.startswith("/files/"):
                continue
            answer = server.client.request(method, address, json=body, timeout=20)
            if become is _no_text and address.startswith("/files/"):
                assert answer.content == path.read_bytes()
                continue
            assert 400 <= answer.status_code < 500, f"{method} {address}"
            assert "root:" not in answer.text
        assert server.client.get("/api/conflicts", timeout=20).status_code == 200
        assert server.client.get("/all", timeout=20).status_code == 200
    assert (path.lstat().st_mode if os.path.lexists(path) else None) == was
    assert sorted(one.name for one in server.folder.iterdir()) == ["daily.txt", *([] if was is None else [RIVER_NAME])]


@pytest.mark.parametrize("become", [_gone, _folder, _pipe, _link_out, _device, _no_text, _huge, _closed])
def test_replaced_document_is_not_read(server: Serving, become: Callable[[Path], None]) -> None:
    become(server.folder / "daily.txt")
    with untroubled():
        answer = server.client.get(f"/api/sources/{RIVER_NAME}", timeout=20)
    assert answer.status_code == 200
    (source,) = answer.json()["sources"]
    assert source["pieces"] == []
    assert source["problem"]


@pytest.mark.parametrize("name", [b"\xff\xfe.conflict.yaml", b"a\nb.conflict.yaml", b"\x1b[31m.conflict.yaml"])
def test_file_with_an_undisplayable_name_is_left_out(server: Serving, name: bytes) -> None:
    try:
        Path(os.fsdecode(os.fsencode(server.folder) + b"/" + name)).write_text(RIVER)
    except OSError:
        pytest.skip("this disk takes no such name")
    with untroubled():
        listed = server.client.get("/api/conflicts")
        assert [one["name"] for one in listed.json()["conflicts"]] == [RIVER_NAME]
        for page in ("/", "/all", f"/questions/{RIVER_NAME}?ask=compare", "/states/none.conflict.yaml"):
            assert server.client.get(page).status_code in (200, 404)


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_file_of_windows_stays_one_after_an_edit_in_the_browser(server: Serving, mark: bytes) -> None:
    path = server.folder / RIVER_NAME
    path.write_bytes(mark + RIVER.replace("\n", "\r\n").encode())
    opened = server.client.get(f"/api/text/{RIVER_NAME}").json()
    edit = {"do": "set", "at": ["title"], "value": "Another title"}
    body = {"text": opened["text"], "edit": edit}
    edited = server.client.post(f"/api/edit/{RIVER_NAME}", json=body)
    assert edited.status_code == 200, edited.text
    saved = server.client.put(FILE, json={"text": edited.json()["text"], "was": opened["digest"]})
    assert saved.status_code == 200, saved.text
    data = path.read_bytes()
    assert data.startswith(mark + b"format")
    assert b"Another title\r\n" in data
    assert data.count(b"\n") == data.count(b"\r\n") > 10
    assert server.client.get(f"/api/text/{RIVER_NAME}").json()["digest"] == saved.json()["digest"]
