"""Faulty conflict files: what is wrong is said, where it is, all of it, with the nearest valid thing.

Each file ends with comments that say what is expected: ``# expect LINE:COLUMN words of the message -> suggestion``.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import detente as dt

FILES = sorted((Path(__file__).parent / "files").glob("*.conflict.yaml"))
EXPECTATION = re.compile(r"^# expect (\d+):(\d+|\*) (.*?)(?: -> (.+))?$", re.MULTILINE)

#: Forty lines that say ever more: each list holds the one before twice.
LAUGHS = b"k0: &k0 [x, x]\n" + b"".join(b"k%d: &k%d [*k%d, *k%d]\n" % (i, i, i - 1, i - 1) for i in range(1, 40))


def test_there_are_enough() -> None:
    assert len(FILES) >= 40


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name.removesuffix(".conflict.yaml"))
def test_every_fault_is_located(path: Path) -> None:
    expected = EXPECTATION.findall(path.read_text(encoding="utf-8"))
    assert expected
    with pytest.raises(dt.InputError) as caught:
        dt.load(path)
    faults = caught.value.faults
    for line, column, words, suggestion in expected:
        found = [fault for fault in faults if fault.line == int(line) and words in fault.message]
        assert found, f"nothing like '{words}' on line {line}:\n{caught.value}"
        (fault,) = found
        assert fault.column and (column == "*" or fault.column == int(column)), str(fault)
        assert fault.suggestion == (suggestion or None), str(fault)
        assert str(fault).startswith(f"{path}:{line}:")
    assert len(faults) == len(expected), f"more was said than is wrong:\n{caught.value}"
    assert [(fault.line, fault.column) for fault in faults] == sorted((fault.line, fault.column) for fault in faults)


@pytest.mark.parametrize("name", ["unknown-option-in-preference", "tab-indented", "several-at-once"])
def test_the_command_line_exits_with_1_and_no_traceback(name: str) -> None:
    path = Path(__file__).parent / "files" / f"{name}.conflict.yaml"
    done = subprocess.run(
        [sys.executable, "-m", "detente", "analyze", str(path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert not done.stdout
    assert "Traceback" not in done.stderr
    assert f"{path}:" in done.stderr


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"title: caf\xe9\n", "UTF-8"),
        (b"\xff\xfet\x00i\x00", "UTF-8"),
        (b"title: \x00\n", "character"),
        (LAUGHS, "aliases"),
        (b"[" * 5000, "deep"),
    ],
    ids=["empty", "latin-1", "utf-16", "null", "billion laughs", "deep"],
)
def test_bytes_that_are_no_conflict(content: bytes, words: str, tmp_path: Path) -> None:
    path = tmp_path / "x.conflict.yaml"
    path.write_bytes(content)
    with pytest.raises(dt.InputError, match=words):
        dt.load(path)


def test_a_missing_file_names_its_neighbour(tmp_path: Path) -> None:
    (tmp_path / "river.conflict.yaml").write_text("")
    with pytest.raises(dt.InputError) as caught:
        dt.load(tmp_path / "rivr.conflict.yaml")
    assert caught.value.faults[0].suggestion == str(tmp_path / "river.conflict.yaml")
    with pytest.raises(dt.InputError, match="folder"):
        dt.load(tmp_path)


@pytest.mark.parametrize("change", ["bom", "crlf", "json"])
def test_what_editors_do_to_files_is_read(change: str, tmp_path: Path) -> None:
    text = "format: detente/1\ntitle: T\ndecision_makers:\n  i: {options: {a: A}, preferences: [a]}\n"
    data = {
        "bom": b"\xef\xbb\xbf" + text.encode(),
        "crlf": text.replace("\n", "\r\n").encode(),
        "json": b'{"format": "detente/1", "title": "T", "decision_makers": '
        b'{"i": {"options": {"a": "A"}, "preferences": ["a"]}}}',
    }[change]
    path = tmp_path / "x.conflict.yaml"
    path.write_bytes(data)
    plain = tmp_path / "plain.conflict.yaml"
    plain.write_text(text)
    assert dt.load(path) == dt.load(plain)


def test_a_message_is_one_short_line(tmp_path: Path) -> None:
    path = tmp_path / "x.conflict.yaml"
    path.write_text(f'format: detente/1\ntitle: T\ndecision_makers: {{i: {{}}}}\n"x\\n\\e[31m{"y" * 10_000}": 1\n')
    with pytest.raises(dt.InputError) as caught:
        dt.load(path)
    (fault,) = caught.value.faults
    assert len(str(fault)) < 1000
    assert str(fault).isprintable()
