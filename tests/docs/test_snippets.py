"""What the documentation shows is what happens: its code runs, its files load, its commands print what is shown.

In a ``console`` block a line that begins with ``$`` is a command, and the lines below it are what it prints: from the
first word to the last, standard output before messages. A line ``…`` stands for any lines, or none. Where lines break
is not compared, for that is another place on every terminal. A command with nothing below it only has to work.
"""

from __future__ import annotations

import doctest
import importlib
import json
import pkgutil
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent
from typing import Any

import jsonschema
import pytest
import typer
from ruamel.yaml import YAML

import detente
import training
from detente.cli.commands import app
from detente.io.conflict_file import parse_conflict
from detente.io.dossier_file import parse_dossier
from detente.io.scenarios import parse_scenarios
from detente.io.yaml import schema
from detente.model.names import name_key
from detente.reading.gazetteer import load_gazetteer
from detente.render.export import export_text
from tests.unit.cli.running import run

ROOT = Path(__file__).parents[2]
GENERATED = {"_build", "generated", "schema.md"}
PAGES = [
    ROOT / "README.md",
    *(page for page in sorted((ROOT / "docs").rglob("*.md")) if not GENERATED & set(page.parts)),
]
BLOCK = re.compile(r"^```(\w+)[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
MODULES = [
    name
    for package in (detente, training)
    for _, name, _ in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    if not name.endswith("__main__")
]


#: A file that a page asks its reader to save.
SAVED = re.compile(r"^Save this as `([\w.-]+)`:\n\n```yaml\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def files_of(page: str) -> dict[str, str]:
    """The files that a reader of a page has: the river, and those that the page asks to save."""
    return {"river.conflict.yaml": river(), **dict(SAVED.findall(page))}


def blocks(*languages: str) -> list[object]:
    found = []
    for page in PAGES:
        for number, match in enumerate(BLOCK.finditer(page.read_text(encoding="utf-8"))):
            if match[1] in languages:
                found.append(pytest.param(match[2], id=f"{page.relative_to(ROOT)}:{number}"))
    return found


#: What a module needs that developing the package does not.
NEEDED = {"training.network": "torch"}


@pytest.mark.parametrize("name", MODULES)
def test_doctests_of_every_module_pass(name: str) -> None:
    if name in NEEDED:
        pytest.importorskip(NEEDED[name], reason=f"{name} needs {NEEDED[name]}")
    assert doctest.testmod(importlib.import_module(name)).failed == 0


@pytest.mark.parametrize("text", blocks("yaml"))
def test_yaml_block_is_read_whole_or_fits_the_schema(text: str, tmp_path: Path) -> None:
    """A file is read by its loader; a part of a conflict file has keys and values that the schema knows there."""
    data = json.loads(json.dumps(YAML(typ="safe", pure=True).load(dedent(text)), default=str))
    if "actors" in data:
        own = tmp_path / "own.yaml"
        own.write_text(text, encoding="utf-8")
        gazetteer = load_gazetteer(own)
        for actor, names in data["actors"].items():
            assert {gazetteer.actor_of[name_key(name)] for name in names} == {actor}
    elif "format" not in data:
        part_validator().validate(as_conflict_file(data))
    elif data["format"].startswith("detente-scenarios/"):
        assert len(parse_scenarios(text, "own.yaml")) == len(data["scenarios"])
    elif data["format"].startswith("detente-dossier/"):
        assert parse_dossier(text).title == data["title"]
    else:
        assert parse_conflict(text).title == data["title"]


def part_validator() -> jsonschema.Draft202012Validator:
    """The schema of conflict files, but that no key is required at the top."""
    whole = json.loads(schema.PUBLISHED.read_text(encoding="utf-8"))
    return jsonschema.Draft202012Validator({**whole, "required": []})


def as_conflict_file(part: Any) -> dict[str, Any]:
    """Put a part of a conflict file where it belongs: statements, preferences, or decision makers."""
    whole = json.loads(schema.PUBLISHED.read_text(encoding="utf-8"))
    if isinstance(part, list):
        is_preference = all("when" in one for one in part)
        return {"decision_makers": {"one": {"preferences": part}}} if is_preference else {"statements": part}
    if set(part) <= set(whole["properties"]):
        return part
    *_, long_form = whole["$defs"]["DecisionMakerShape"]["anyOf"]
    if set(part) <= set(long_form["properties"]):
        return {"decision_makers": {"one": part}}
    return {"decision_makers": part}


@pytest.mark.parametrize(
    "part",
    [
        {"rule": ["never: a"]},
        {"statements": [{"id": "s1", "knd": "claim"}]},
        {"preferences": [{"when": "a", "confidence": "often"}]},
        {"upstream": {"option": {"a": "A"}}},
        [{"id": "s1", "says": "x"}],
    ],
)
def test_part_with_an_unknown_key_or_value_does_not_fit_the_schema(part: Any) -> None:
    with pytest.raises(jsonschema.ValidationError):
        part_validator().validate(as_conflict_file(part))


SAVED_ANYWHERE = {name: text for page in PAGES for name, text in SAVED.findall(page.read_text(encoding="utf-8"))}


@pytest.mark.parametrize("text", blocks("python"))
def test_python_blocks_run(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, content in {"river.conflict.yaml": river(), **SAVED_ANYWHERE}.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    exec(compile(text, "<documentation>", "exec"), {})


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_command_blocks_print_what_the_page_shows(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The commands of a page in their order, in one folder, as a reader would type them."""
    monkeypatch.chdir(tmp_path)
    for name, content in files_of(page.read_text(encoding="utf-8")).items():
        Path(name).write_text(content, encoding="utf-8")
    Path("Elmira.gmcr").write_text(export_text(detente.load("example:elmira"), "gmcr").text)
    for match in BLOCK.finditer(page.read_text(encoding="utf-8")):
        for line, below in commands(match[2]) if match[1] in ("console", "sh", "bash") else []:
            shown = below if match[1] == "console" else []
            found = re.match(r"\$ (detente .*)", line)
            # A server runs until it is stopped; it is tried in tests/web.
            if not found or found[1].startswith("detente serve"):
                assert not shown, f"{line}\nis not run here, so what it prints cannot be shown"
                continue
            command, _, target = found[1].partition(" > ")
            done = run(capsys, *shlex.split(command, comments=True)[1:])
            assert done.code == 0, f"{line}\n{done.err}"
            if target:
                Path(target.strip()).write_text(done.out, encoding="utf-8")
            printed = done.err if target else f"{done.out}\n{done.err}"
            assert not shown or is_shown(shown, printed), f"{line}\nprints\n{printed}\nand not\n" + "\n".join(shown)


def commands(block: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the commands of a block, each with the lines below it."""
    line = ""
    below: list[str] = []
    for each in block.splitlines():
        if each.startswith("$ "):
            if line:
                yield line, below
            line, below = each, []
        else:
            below.append(each)
    if line:
        yield line, [each for each in below if each.strip()]


def is_shown(shown: list[str], printed: str) -> bool:
    """Tell whether what is shown is what is printed, word for word; a line ``…`` stands for any lines."""
    pieces = [re.escape(" ".join(piece.split())) for piece in re.split(r"(?m)^…$", "\n".join(shown))]
    return re.fullmatch(r"\s?.*?\s?".join(pieces), " ".join(printed.split()), re.DOTALL) is not None


@pytest.mark.parametrize(
    ("shown", "same"),
    [
        ("one two three", True),
        ("one two\nthree", True),
        ("one\n…", True),
        ("…\nthree", True),
        ("one\n…\nthree", True),
        ("…\ntwo\n…", True),
        ("one two three\n…", True),
        ("one", False),
        ("two three", False),
        ("…\ntwo", False),
        ("one\n…\none", False),
        ("three\n…\none", False),
        ("one … three", False),
    ],
)
def test_shown_output_is_compared_word_for_word(shown: str, same: bool) -> None:
    assert is_shown(shown.splitlines(), "one two\n  three\n") is same


def river() -> str:
    return (ROOT / "src/detente/examples/river-sharing.conflict.yaml").read_text(encoding="utf-8")


def test_every_command_is_documented() -> None:
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    assert [name for name in commands if f"detente {name}" not in text] == []
