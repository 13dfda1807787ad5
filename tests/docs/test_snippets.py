"""What the documentation shows is what happens: its code runs, its files load, its commands work."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import re
import shlex
from pathlib import Path

import pytest
import typer

import detente
from detente.analysis.conflict import Conflict
from detente.analysis.exporting import export_text
from detente.cli.commands import app
from detente.files.conflict_file import parse_conflict
from tests.unit.cli.running import run

ROOT = Path(__file__).parents[2]
GENERATED = {"_build", "generated", "cli.md", "concepts.md", "schema.md"}
PAGES = [
    ROOT / "README.md",
    *(page for page in sorted((ROOT / "docs").rglob("*.md")) if not GENERATED & set(page.parts)),
]
BLOCK = re.compile(r"^```(\w+)[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
MODULES = [name for _, name, _ in pkgutil.walk_packages(detente.__path__, "detente.") if not name.endswith("__main__")]


def blocks(*languages: str) -> list[object]:
    found = []
    for page in PAGES:
        for number, match in enumerate(BLOCK.finditer(page.read_text(encoding="utf-8"))):
            if match[1] in languages:
                found.append(pytest.param(match[2], id=f"{page.relative_to(ROOT)}:{number}"))
    return found


#: What a module needs that developing the package does not.
NEEDED = {"detente.reading.learned.network": "torch"}


@pytest.mark.parametrize("name", MODULES)
def test_doctests(name: str) -> None:
    if name in NEEDED:
        pytest.importorskip(NEEDED[name], reason=f"{name} needs {NEEDED[name]}")
    assert doctest.testmod(importlib.import_module(name)).failed == 0


@pytest.mark.parametrize("text", blocks("yaml"))
def test_conflict_files_load(text: str) -> None:
    if text.startswith("format: detente/1"):
        parse_conflict(text, make=Conflict)


@pytest.mark.parametrize("text", blocks("python"))
def test_python_runs(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "river.conflict.yaml").write_text(river(), encoding="utf-8")
    exec(compile(text, "<documentation>", "exec"), {})


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_work(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The commands of a page in their order, in one folder, as a reader would type them."""
    monkeypatch.chdir(tmp_path)
    Path("river.conflict.yaml").write_text(river(), encoding="utf-8")
    Path("Elmira.gmcr").write_text(export_text(detente.load("example:elmira"), "gmcr").text)
    for match in BLOCK.finditer(page.read_text(encoding="utf-8")):
        for line in match[2].splitlines() if match[1] in ("console", "sh", "bash") else []:
            found = re.match(r"\$ (detente .*)", line)
            # A server ends when somebody ends it; it is tried in tests/web.
            if not found or found[1].startswith("detente serve"):
                continue
            command, _, target = found[1].partition(" > ")
            done = run(capsys, *shlex.split(command, comments=True)[1:])
            assert done.code == 0, f"{line}\n{done.err}"
            if target:
                Path(target.strip()).write_text(done.out, encoding="utf-8")


def river() -> str:
    return (ROOT / "src/detente/examples/river-sharing.conflict.yaml").read_text(encoding="utf-8")


def test_every_command_is_documented() -> None:
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    assert [name for name in commands if f"detente {name}" not in text] == []
