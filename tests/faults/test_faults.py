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
from detente.io.yaml import parse

FILES = sorted((Path(__file__).parent / "files").glob("*.conflict.yaml"))
EXPECTATION = re.compile(r"^# expect (\d+):(\d+|\*) (.*?)(?: -> (.+))?$", re.MULTILINE)

#: Forty lines that say ever more: each list holds the one before twice.
LAUGHS = b"k0: &k0 [x, x]\n" + b"".join(b"k%d: &k%d [*k%d, *k%d]\n" % (i, i, i - 1, i - 1) for i in range(1, 40))


def test_at_least_the_required_number_of_faults_is_collected() -> None:
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
def test_check_exits_with_1_and_no_traceback(name: str) -> None:
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
        (b"PK\x03\x04word", "Word"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Word"),
        (b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", "a PDF"),
        (b"{\\rtf1\\ansi format: detente/1}", "RTF"),
        (b"title: \x00\n", "character"),
        (b"title:\tT\n", ":1:7: a tab is not allowed before a value"),
        (b"i:\n  a: 1\n\xc2\xa0\xc2\xa0b: 2\n c: 3\n", ":3:1: a no-break space"),
        (b"title: @T\n", ":1:8: text cannot begin with '@'"),
        (b"title: T\nsummary:T\nas_of: 2024\n", ":2:1: a ':' and a space are missing"),
        (LAUGHS, "aliases"),
        (b"a: &a [" + b"x," * 1500 + b"]\nb:\n" + b"- *a\n" * 1000, ":3:1: more than 300,000 elements"),
        (b"[" * 5000, "deep"),
    ],
    ids=[
        "empty",
        "latin-1",
        "utf-16",
        "word",
        "old word",
        "pdf",
        "rtf",
        "null",
        "tab",
        "no-break space",
        "at sign",
        "no space",
        "billion laughs",
        "many of many",
        "deep",
    ],
)
def test_bytes_that_are_not_a_conflict_are_refused(content: bytes, words: str, tmp_path: Path) -> None:
    path = tmp_path / "x.conflict.yaml"
    path.write_bytes(content)
    with pytest.raises(dt.InputError, match=words):
        dt.load(path)


def test_too_many_aliases_are_refused_without_expanding_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """What 40 lines stand for would take seconds to go through, and gigabytes."""

    def never(self: object, *arguments: object) -> None:
        raise AssertionError

    monkeypatch.setattr(parse._Reader, "read", never)
    with pytest.raises(dt.InputError, match=r"laughs:18:6: more than 300,000 elements, with aliases"):
        parse.parse_yaml(LAUGHS.decode(), "laughs")
    with pytest.raises(AssertionError):
        parse.parse_yaml("a: &a [*a, *a]\nb: &b {c: *a, d: [*b]}\n", "small")


def test_anchor_may_be_reused_but_not_contain_itself() -> None:
    often = parse.parse_yaml("a: &a [x, y]\nb: &b [*a, *a]\nc: [*b, *a, *b]\n", "often").data
    assert often["c"] == [[["x", "y"]] * 2, ["x", "y"], [["x", "y"]] * 2]
    with pytest.raises(dt.InputError, match="nested more than 60 levels deep"):
        parse.parse_yaml("a: &a [*a, *a]\n", "endless")


@pytest.mark.parametrize("last", ["1", ""])
@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("{key}: {last}", 1),
        ("'{key}': {last}", 1),
        ("weights:\n      {key}: {last}\n      a: 1", 7),
        ("list:\n  - {key}: {last}", 5),
        ("flow: {{a: 1, {key}: {last}}}", 14),
    ],
    ids=["plain", "quoted", "second line", "list", "flow"],
)
def test_too_long_key_is_named_as_too_long(line: str, column: int, last: str, tmp_path: Path) -> None:
    """A weight has its condition for a key: it was said to lack its ':' where that was too far away."""
    path = tmp_path / "x.conflict.yaml"
    written = line.format(key="a and " * 200 + "b", last=last)
    path.write_text(f"format: detente/1\n{written}\n")
    with pytest.raises(dt.InputError) as caught:
        dt.load(path)
    (fault,) = caught.value.faults
    long = max(range(len(written.split("\n"))), key=lambda number: len(written.split("\n")[number]))
    assert (fault.line, fault.column) == (2 + long, column)
    assert re.match(r"the key has 1,20[13] characters; the limit of YAML is 1,024", fault.message)


def test_long_text_with_a_second_colon_is_not_a_long_key(tmp_path: Path) -> None:
    path = tmp_path / "x.conflict.yaml"
    path.write_text(f"format: detente/1\nsummary: {'word ' * 300}: more\n")
    with pytest.raises(dt.InputError, match="a second ':' on one line"):
        dt.load(path)


def test_missing_file_suggests_the_nearest_name(tmp_path: Path) -> None:
    (tmp_path / "river.conflict.yaml").write_text("")
    with pytest.raises(dt.InputError) as caught:
        dt.load(tmp_path / "rivr.conflict.yaml")
    assert caught.value.faults[0].suggestion == str(tmp_path / "river.conflict.yaml")
    with pytest.raises(dt.InputError, match="folder"):
        dt.load(tmp_path)


@pytest.mark.parametrize("change", ["bom", "crlf", "json"])
def test_byte_order_marks_and_line_endings_of_editors_are_read(change: str, tmp_path: Path) -> None:
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


def test_fault_message_is_one_short_line(tmp_path: Path) -> None:
    path = tmp_path / "x.conflict.yaml"
    path.write_text(f'format: detente/1\ntitle: T\ndecision_makers: {{i: {{}}}}\n"x\\n\\e[31m{"y" * 10_000}": 1\n')
    with pytest.raises(dt.InputError) as caught:
        dt.load(path)
    (fault,) = caught.value.faults
    assert len(str(fault)) < 1000
    assert str(fault).isprintable()
