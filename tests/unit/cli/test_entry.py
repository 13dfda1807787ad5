"""What becomes of results where they go: terminals, pipes, spreadsheets, streams that are closed or full."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.cli.running import run
from tests.unit.cli.terminal import shown_on_a_terminal

pytestmark = pytest.mark.skipif(not hasattr(os, "openpty"), reason="the tests need a POSIX terminal")

#: Names that would colour a terminal, turn the words around, or be run by a spreadsheet.
NASTY = r"""
format: detente/1
title: "red \e[31m \x9b31m \u202e"
decision_makers:
  one: {name: "One \e]0;x\a", options: {a: "=A \e[2J"}, preferences: [a]}
  two: {options: {b: B}, preferences: [not a]}
status_quo: []
states:
  "=cmd|' /C calc'!A0 \e[31m\x9b\u202e": [a]
  "+cmd|' /C calc'!A0": [b]
"""
MARKS = ("\x1b", "\x9b", "\u202e", "\x07")


@pytest.fixture
def nasty(tmp_path: Path) -> str:
    path = tmp_path / "nasty.conflict.yaml"
    path.write_text(NASTY, encoding="utf-8")
    return str(path)


def shell(command: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run a line in which ``detente`` is this one."""
    line = command.replace("detente", f"'{sys.executable}' -m detente", 1)
    return subprocess.run(
        ["bash", "-c", line], capture_output=True, check=False, env={**os.environ, **environment}, timeout=120
    )


@pytest.mark.parametrize(
    "arguments",
    [["analyze", "-f", "json"], ["states", "-f", "csv"], ["export", "--to", "states-csv"], ["report", "--as", "md"]],
    ids=lambda each: each[0],
)
def test_control_characters_of_a_file_are_not_printed(arguments: list[str], nasty: str) -> None:
    shown = shown_on_a_terminal((arguments[0], nasty, *arguments[1:]), os.environ).decode("utf-8")
    assert [mark for mark in MARKS if mark in shown] == []


def test_names_are_written_unchanged_to_files(nasty: str, capsys: pytest.CaptureFixture[str]) -> None:
    asked = json.loads(run(capsys, "states", nasty, "--format", "json").out)
    assert asked["conflict"]["title"] == "red \x1b[31m \x9b31m \u202e"
    # In a process of its own, as it is used.
    rows = list(csv.DictReader(shell(f"detente export {nasty} --to states-csv").stdout.decode().splitlines()))
    assert "\x1b[31m\x9b\u202e" in rows[1]["name"]


@pytest.mark.parametrize("command", ["states {} --format csv", "export {} --to states-csv", "analyze {} --format csv"])
def test_csv_cells_are_not_formulas(command: str, nasty: str, capsys: pytest.CaptureFixture[str]) -> None:
    rows = list(csv.reader(run(capsys, *command.format(nasty).split()).out.splitlines()))
    cells = [cell for row in rows for cell in row]
    assert sum(cell.startswith(("'=cmd|", "'+cmd|")) for cell in cells) == 2
    assert not any(cell.startswith(("=", "+", "@")) for cell in cells)


@pytest.mark.parametrize(
    ("command", "stream"),
    [
        *(("analyze example:chicken", stream) for stream in (">&-", "2>&-", "<&-", ">&- 2>&- <&-")),
        *(("analyze example:chicken -f json", stream) for stream in (">&-", ">&- 2>&- <&-")),
        *(("analyze nowhere", stream) for stream in ("2>&-", ">&- 2>&- <&-")),
    ],
)
def test_closed_stream_is_not_an_error(command: str, stream: str) -> None:
    done = shell(f"detente {command} {stream}")
    assert b"Traceback" not in done.stderr
    assert done.returncode == ("nowhere" in command)


def test_closed_stdin_is_an_empty_document() -> None:
    done = shell("detente read - <&-")
    assert b"Traceback" not in done.stderr
    assert done.returncode in (0, 1)


@pytest.mark.parametrize("format", ["table", "json", "csv"])
def test_closed_reader_ends_the_command_quietly(format: str) -> None:
    done = shell(f"set -o pipefail; detente states example:ukraine-2023 --format {format} | head -1")
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize(
    ("arguments", "code", "unbuffered"),
    [
        (["--help"], 0, ""),
        (["analyze", "example:chicken"], 0, ""),
        (["analyze", "example:chicken", "-f", "json"], 0, "1"),
        (["check", "{faulty}", "-f", "json"], 1, ""),
        (["check", "{faulty}", "-f", "json"], 1, "1"),
        (["analyse"], 2, ""),
    ],
)
def test_closed_stdout_or_stderr_keeps_the_exit_code(
    arguments: list[str], code: int, unbuffered: str, tmp_path: Path
) -> None:
    """Whether the reader of results has gone before they come, or that of messages as well."""
    faulty = tmp_path / "faulty.conflict.yaml"
    faulty.write_text("format: detente/1\ntitle: T\ndecision_makers:\n  i: {options: [a], preferences: [b]}\n")
    command = [sys.executable, "-m", "detente", *(part.format(faulty=faulty) for part in arguments)]
    reader, writer = os.pipe()
    os.close(reader)
    environment = {**os.environ, "PYTHONUNBUFFERED": unbuffered}
    done = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, check=False, env=environment, timeout=120)
    assert done.returncode == code
    # 'BrokenPipeError:' is Python's, 'Error:' is ours.
    assert not re.search(rb"\wError:", done.stderr)
    assert (b"\n" in done.stderr) == (code != 0 and "json" not in arguments)
    assert subprocess.run(command, stdout=writer, stderr=writer, check=False, env=environment).returncode == code
    os.close(writer)


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="there is no device that is always full")
@pytest.mark.parametrize("command", ["analyze example:chicken", "states example:chicken -f csv", "examples chicken"])
def test_full_disk_is_reported(command: str) -> None:
    done = shell(f"detente {command} > /dev/full")
    assert done.returncode == 1
    assert done.stderr.decode() == "the output cannot be written: No space left on device\n"


@pytest.mark.parametrize(
    ("command", "encoding"),
    [
        ("analyze example:chicken", "latin-1"),
        ("examples ukraine-2023", "ascii"),
        ("report example:chicken", "ascii"),
        ("analyze nöwhere", "latin-1"),
        ("analyze nöwhere", "ascii"),
    ],
)
def test_pipe_output_is_utf_8(command: str, encoding: str) -> None:
    """As every file is that Detente reads, whatever the system's habit."""
    done = shell(f"detente {command}", PYTHONIOENCODING=encoding)
    assert b"Traceback" not in done.stderr
    assert done.returncode == ("nöwhere" in command)
    (done.stdout + done.stderr).decode("utf-8")
    if command.startswith("examples"):
        assert "“".encode() in done.stdout


def test_interrupt_before_the_command_exits_with_130(monkeypatch: pytest.MonkeyPatch) -> None:
    from detente.cli import INTERRUPTED, commands, main

    def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(commands, "app", interrupted)
    with pytest.raises(SystemExit) as stopped:
        main()
    assert stopped.value.code == INTERRUPTED
