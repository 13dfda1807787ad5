"""A file is written whole or not at all, and nothing but files is ever replaced."""

from __future__ import annotations

import errno
import os
import random
import re
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from detente.io.files import read_text, write_bytes, write_new, write_text


def test_pipe_is_written_and_stays_a_pipe(tmp_path: Path) -> None:
    """Replaced by a file, a device such as /dev/null would be gone for the whole machine."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    found: list[bytes] = []
    reader = threading.Thread(target=lambda: found.append(pipe.read_bytes()), daemon=True)
    reader.start()
    write_bytes(pipe, b"x" * 100_000)
    reader.join(10)
    assert found == [b"x" * 100_000]
    assert pipe.is_fifo()
    assert list(tmp_path.iterdir()) == [pipe]


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="there is no device that is always full")
def test_full_device_is_named(tmp_path: Path) -> None:
    link = tmp_path / "full.txt"
    link.symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space left") as caught:
        write_text(link, "x")
    assert caught.value.filename == str(link)
    assert Path("/dev/full").is_char_device()


def test_write_error_names_the_target_file(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    for path, kind in ((tmp_path / "folder", IsADirectoryError), (tmp_path / "none" / "x", FileNotFoundError)):
        with pytest.raises(kind) as caught:
            write_text(path, "x")
        assert caught.value.filename == str(path)
    assert [one.name for one in tmp_path.iterdir()] == ["folder"]


def test_read_only_file_is_left_unchanged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.txt"
    path.write_text("before")
    # Whoever runs the tests may be allowed everything.
    monkeypatch.setattr(os, "access", lambda path, mode: not mode & os.W_OK)
    with pytest.raises(PermissionError):
        write_text(path, "after")
    assert path.read_text() == "before"


def test_file_with_a_long_name_is_written(tmp_path: Path) -> None:
    """The temporary file's name is no longer than the file's own."""
    path = tmp_path / ("n" * 250 + ".txt")
    write_text(path, "x")
    assert path.read_text() == "x"


def test_interrupted_write_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.txt"
    path.write_text("before")

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_text(path, "after")
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


def test_failed_write_of_a_new_file_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.txt"
    write_new(path, b"first")
    with pytest.raises(FileExistsError):
        write_new(path, b"second")
    assert path.read_bytes() == b"first"

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_new(tmp_path / "y.txt", b"x")
    assert list(tmp_path.iterdir()) == [path]


#: Whatever is asked of the system on the way to a file.
CALLS: list[tuple[object, str]] = [
    (tempfile, "mkstemp"),
    (os, "fdopen"),
    (Path, "chmod"),
    (os, "fsync"),
    (os, "link"),
    (Path, "replace"),
    (Path, "unlink"),
    (os, "open"),
    (os, "close"),
]


def failing(called: Callable[..., Any], number: int, left: list[int]) -> Callable[..., Any]:
    """Let the call with this number fail as on a broken disk, and all others do what they do."""

    def call(*arguments: Any, **named: Any) -> Any:
        left[0] += 1
        if left[0] == number:
            if called is os.close:
                # A close that reports an error has closed the file.
                called(*arguments)
            raise OSError(errno.EIO, "Input/output error", "somewhere")
        return called(*arguments, **named)

    return call


@pytest.mark.parametrize("write", [write_bytes, write_new])
@pytest.mark.parametrize(("where", "name"), CALLS)
@pytest.mark.parametrize("number", [1, 2])
def test_failing_system_call_leaves_the_old_or_the_whole_new_file(
    write: Callable[[Path, bytes], None], where: object, name: str, number: int, tmp_path: Path
) -> None:
    path = tmp_path / "x.txt"
    old = None
    if write is write_bytes:
        path.write_bytes(b"before")
        old = b"before"
    failed: OSError | None = None
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(where, name, failing(getattr(where, name), number, [0]))
        try:
            write(path, b"after")
        except OSError as error:
            failed = error
    there = path.read_bytes() if path.exists() else None
    if failed is None:
        assert there == b"after"
    else:
        assert failed.filename == str(path)
        # A rename is not undone, when the folder that it is in cannot be synced.
        assert there in (old, b"after") if write is write_bytes else there is None
    left = [one.name for one in tmp_path.iterdir() if one != path]
    assert not left or name == "unlink"


def test_file_system_without_hard_links_is_supported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(source: Path, target: Path) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_links)
    path = tmp_path / "x.txt"
    write_new(path, b"first")
    with pytest.raises(FileExistsError) as caught:
        write_new(path, b"second")
    assert caught.value.filename == str(path)
    assert path.read_bytes() == b"first"
    assert list(tmp_path.iterdir()) == [path]


def test_folder_that_cannot_be_synced_is_not_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fsync = os.fsync

    def only_files(handle: int) -> None:
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            raise OSError(errno.EINVAL, "Invalid argument")
        fsync(handle)

    monkeypatch.setattr(os, "fsync", only_files)
    write_new(tmp_path / "x.txt", b"new")
    write_bytes(tmp_path / "x.txt", b"changed")
    assert (tmp_path / "x.txt").read_bytes() == b"changed"


def test_folder_is_synced_after_the_rename(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fsync = os.fsync
    seen: list[tuple[bool, list[str]]] = []

    def noted(handle: int) -> None:
        names = sorted(one.name for one in tmp_path.iterdir() if not one.name.startswith("."))
        seen.append((stat.S_ISDIR(os.fstat(handle).st_mode), names))
        fsync(handle)

    monkeypatch.setattr(os, "fsync", noted)
    write_new(tmp_path / "x", b"1")
    write_bytes(tmp_path / "y", b"2")
    assert seen == [(False, []), (True, ["x"]), (False, ["x"]), (True, ["x", "y"])]


def test_one_of_many_writers_creates_a_new_file(tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    done: list[bytes] = []

    def create(content: bytes) -> None:
        try:
            write_new(path, content)
        except FileExistsError:
            return
        done.append(content)

    threads = [threading.Thread(target=create, args=(str(number).encode() * 10_000,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert done == [path.read_bytes()]


WRITER = """
import itertools, sys
from pathlib import Path
from detente.io.files import write_bytes, write_new
folder = Path(sys.argv[1])
for number in itertools.count():
    content = str(number).encode() * 300_000
    write_new(folder / f"new-{sys.argv[2]}-{number}", content)
    write_bytes(folder / "same", content)
    print(number, flush=True)
"""


def test_killed_writer_leaves_files_whole_or_absent(tmp_path: Path) -> None:
    chance = random.Random(1)
    for attempt in range(8):
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path), str(attempt)], stdout=subprocess.PIPE
        ) as child:
            assert child.stdout is not None
            child.stdout.readline()
            time.sleep(chance.uniform(0, 0.05))
            child.send_signal(signal.SIGKILL)
        files = [one for one in tmp_path.iterdir() if not one.name.startswith(".")]
        assert len(files) > attempt
        for path in files:
            # The same number, again and again.
            assert re.fullmatch(rb"(\d+?)\1{299999}", path.read_bytes()), path.name


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_a_file_keeps_its_byte_order_mark_and_its_line_ends(mark: bytes, end: bytes, tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    path.write_bytes(mark + b"one" + end + b"two" + end)
    text = read_text(path)
    assert text == "one\ntwo\n"
    write_text(path, text.replace("two", "2\n3"))
    assert path.read_bytes() == mark + b"one" + end + b"2" + end + b"3" + end
