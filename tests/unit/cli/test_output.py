"""``-o`` loses nothing: no input is overwritten, and no other file without ``--force``, by any command."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import typer.main

from detente.cli import output as output_module
from detente.cli.commands import app
from tests.unit.cli.running import run

CONFLICT = """\
format: detente/1
title: T
dossier: [d.dossier.yaml]
decision_makers:
  a: {options: {x: X}, preferences: [x]}
  b: {options: {y: Y}, preferences: [not x]}
status_quo: []
sources: [{id: paper, file: paper.txt}]
statements: [{id: s1, source: paper, speaker: a, kind: claim, quote: "it is so"}]
"""
DOSSIER = """\
format: detente-dossier/1
sources: [{id: radio, file: radio.txt}]
speakers: {kim: Kim, lee: Lee}
statements:
  - {id: d1, source: radio, speaker: kim, kind: demand, quote: Lee open the gate}
"""
GMCR = """{"options": [{"name": "X", "permittedDirection": "both"}], "infeasibles": [],
"decisionMakers": [{"name": "A", "options": [0], "preferences": [[[0, "Y"]]]}], "useManualPreferenceRanking": false}"""
FILES = {
    "c.conflict.yaml": CONFLICT,
    "d.dossier.yaml": DOSSIER,
    "paper.txt": "Kim said that it is so.",
    "radio.txt": "Kim said that it is not so.",
    "names.yaml": "format: detente-gazetteer/1\nplaces: {}\n",
    "m.gmcr": GMCR,
}


@dataclass(frozen=True)
class Case:
    """A command with an output file: its arguments, an ending that it takes, and the files that it reads."""

    arguments: tuple[str, ...]
    ending: str
    inputs: tuple[str, ...]


DISPUTE = ("c.conflict.yaml", "d.dossier.yaml", "paper.txt", "radio.txt")
CASES = {
    "read": Case(("paper.txt", "--tagger", "rules"), ".dossier.yaml", ("paper.txt",)),
    "link": Case(("d.dossier.yaml",), ".dossier.yaml", ("d.dossier.yaml", "radio.txt")),
    "draft": Case(
        ("paper.txt", "--party", "Kim", "--party", "Lee", "--dossier", "d.dossier.yaml"),
        ".conflict.yaml",
        ("paper.txt", "d.dossier.yaml", "radio.txt"),
    ),
    "report": Case(("c.conflict.yaml", "--samples", "100"), ".md", DISPUTE),
    "import": Case(("m.gmcr",), ".conflict.yaml", ("m.gmcr",)),
    "export": Case(("c.conflict.yaml", "--to", "yaml"), ".conflict.yaml", DISPUTE),
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_every_command_with_an_output_file_has_a_case() -> None:
    group = typer.main.get_command(app)
    commands = getattr(group, "commands", {})
    found = {name: {option for param in command.params for option in param.opts} for name, command in commands.items()}
    writing = {name for name, options in found.items() if options & {"-o", "--output"}}
    assert writing == set(CASES), "give the new command a case: what it writes must not overwrite anything"
    assert all("--force" in found[name] for name in writing)


@pytest.mark.parametrize("command", CASES)
def test_existing_file_is_overwritten_only_with_force(
    command: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = CASES[command]
    target = folder / f"out{case.ending}"
    assert run(capsys, command, *case.arguments, "-o", str(target)).code == 0
    target.write_text("corrected by hand")
    before = contents(folder)
    done = run(capsys, command, *case.arguments, "-o", str(target))
    assert (done.code, done.out) == (1, "")
    assert str(target) in done.err
    assert "--force" in done.err
    assert contents(folder) == before
    assert run(capsys, command, *case.arguments, "-o", str(target), "--force").code == 0
    assert target.read_text() != "corrected by hand"


WAYS: dict[str, Callable[[Path, Path], Path]] = {
    "itself": lambda path, link: path,
    "another spelling": lambda path, link: path.parent / "." / ".." / path.parent.name / path.name,
    "a symbolic link": lambda path, link: (link.symlink_to(path), link)[1],
    "a hard link": lambda path, link: (link.hardlink_to(path), link)[1],
}


@pytest.mark.parametrize(
    ("command", "input", "way"),
    [
        (name, one, way)
        for name, case in CASES.items()
        for one in case.inputs
        for way in WAYS
        # The ending of a report is that of no input, unless a link has it.
        if name != "report" or "link" in way
    ],
)
def test_input_file_is_never_overwritten(
    command: str, input: str, way: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = CASES[command]
    ending = Path(input).suffix if command != "report" else ".md"
    before = contents(folder)
    target = WAYS[way](folder / input, folder / f"link{ending}")
    for force in ((), ("--force",)):
        done = run(capsys, command, *case.arguments, "-o", str(target), *force)
        assert (done.code, done.out) == (1, ""), done.err
        assert str(target) in done.err
        assert "--force" in done.err
        assert contents(folder) in (before, before | {target.name: before[input]})


@pytest.mark.parametrize(
    ("command", "target"),
    # The ending of the name sets the form of a report, and a device has none.
    [(name, to) for name in CASES for to in ("-", "/dev/stdout", "/dev/null") if (name, to) != ("report", "/dev/null")],
)
def test_stdout_and_devices_are_written(
    command: str, target: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = contents(folder)
    done = run(capsys, command, *CASES[command].arguments, "-o", target)
    assert done.code == 0, done.err
    assert bool(done.out) == (target != "/dev/null")
    assert contents(folder) == before
    assert Path("/dev/null").is_char_device()


def test_file_read_through_stdin_is_not_overwritten(folder: Path) -> None:
    for force in ((), ("--force",)):
        with (folder / "paper.txt").open("rb") as stream:
            done = subprocess.run(
                [sys.executable, "-m", "detente", "read", "-", "--tagger", "rules", "-o", "paper.txt", *force],
                stdin=stream,
                capture_output=True,
                text=True,
                check=False,
            )
        assert (done.returncode, done.stdout) == (1, "")
        assert "never overwritten" in done.stderr
    assert (folder / "paper.txt").read_text() == FILES["paper.txt"]


def test_stdout_redirected_to_a_file_is_not_replaced(folder: Path) -> None:
    """``-o /dev/stdout > out``: the shell has opened the file, and what is written goes there."""
    with (folder / "out").open("wb") as stream:
        done = subprocess.run(
            [sys.executable, "-m", "detente", "import", "m.gmcr", "-o", "/dev/stdout"], stdout=stream, check=False
        )
    assert done.returncode == 0
    assert (folder / "out").read_text().startswith("format: detente/1")


def test_pictures_of_a_report_overwrite_no_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "r-states.svg").write_text("drawn by hand")
    done = run(capsys, "report", *CASES["report"].arguments, "-o", "r.md")
    assert done.code == 1
    assert "r-states.svg" in done.err
    assert not (folder / "r.md").exists()
    assert (folder / "r-states.svg").read_text() == "drawn by hand"
    assert run(capsys, "report", *CASES["report"].arguments, "-o", "r.md", "--force").code == 0
    assert (folder / "r-states.svg").read_text() != "drawn by hand"


def test_file_created_meanwhile_is_not_overwritten(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    passed = output_module.require_writable

    def meanwhile(output: Path, inputs: list[str | Path], force: bool) -> None:
        passed(output, inputs, force)
        output.write_text("saved by another program")

    monkeypatch.setattr("detente.cli.import_.require_writable", meanwhile)
    done = run(capsys, "import", "m.gmcr", "-o", "x.conflict.yaml")
    assert done.code == 1
    assert "--force" in done.err
    assert (folder / "x.conflict.yaml").read_text() == "saved by another program"


def test_dangling_link_is_followed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    link = folder / "link.conflict.yaml"
    link.symlink_to(folder / "there.conflict.yaml")
    assert run(capsys, "import", "m.gmcr", "-o", str(link)).code == 0
    assert link.is_symlink()
    assert (folder / "there.conflict.yaml").read_text().startswith("format: detente/1")


def test_folder_as_output_and_missing_folder_are_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("f.conflict.yaml").mkdir()
    done = run(capsys, "import", "m.gmcr", "-o", "f.conflict.yaml", "--force")
    assert done.code == 1
    assert "f.conflict.yaml: this is a folder" in done.err
    done = run(capsys, "import", "m.gmcr", "-o", "none/x.conflict.yaml")
    assert done.code == 1
    assert "none: there is no such folder" in done.err
