"""The reference is whole: a page for each command, both forms of a question, every key and every field explained."""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import json
import re
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import detente as dt
from detente.cli.commands import COMMANDS
from tests.unit.cli.running import run

DOCS = Path(__file__).parents[2] / "docs"
REFERENCE = DOCS / "reference"
PAGES = {name: (REFERENCE / f"{name}.md").read_text(encoding="utf-8") for name in COMMANDS}
WORKED = re.compile(r"^```\{worked\} (.+)\n(?::python: (.+)\n)?", re.M)
WORKED_JSON = re.compile(r"^```\{worked-json\} (.+)$", re.M)
ROW = re.compile(r"^\| `([\w.-]+)` \| (.*) \|$", re.M)
#: Commands that ask a question about a conflict, which Python can ask as well.
QUESTIONS = (
    "analyze",
    "explain",
    "whose-word",
    "robust",
    "perceive",
    "evolve",
    "coalitions",
    "invert",
    "compare",
    "timeline",
)


def keys_of(text: str) -> dict[str, str]:
    """The keys that a page explains, with their meaning."""
    return dict(ROW.findall(text))


COMMON = keys_of((REFERENCE / "json.md").read_text(encoding="utf-8"))


def paths_of(data: Any, path: str = "") -> Iterator[str]:
    """The paths to all keys of an answer; those of a state are not gone into."""
    if isinstance(data, list):
        for one in data:
            yield from paths_of(one, path)
    elif isinstance(data, dict) and not (path and set(data) <= {"number", "state", "name"}):
        for key, value in data.items():
            yield f"{path}.{key}".lstrip(".")
            yield from paths_of(value, f"{path}.{key}".lstrip("."))


def is_explained(path: str, explained: dict[str, str]) -> bool:
    """Tell whether a key is explained: in a row of its own, or in that of the key that it is in, between backquotes.

    Words in capitals stand for any key. A row explains what leads to its key, too.
    """
    parts = path.split(".")
    if parts[-1] in ("text", "number", "state", "name"):
        return True
    for key, meaning in explained.items():
        own = key.split(".")
        if all(mine == its or mine.isupper() for mine, its in zip(own, parts, strict=False)):
            inside = not any(other.startswith(f"{key}.") for other in explained)
            if len(own) >= len(parts) or (inside and (f"`{parts[-1]}`" in meaning or "as in `" in meaning)):
                return True
    return False


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_has_a_page_with_its_parameters_from_the_code(name: str) -> None:
    assert f"```{{typer}} detente.cli.commands.app:{name}\n" in PAGES[name]
    shown = WORKED.search(PAGES[name])
    assert shown and shlex.split(shown[1])[0] == name
    assert f"\n{name}\n" in (REFERENCE / "index.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_command_and_the_python_call_of_a_page_give_the_same(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    shown = WORKED.search(PAGES[name])
    assert shown and shown[2]
    done = run(capsys, *shlex.split(shown[1]), "--format", "json")
    assert json.loads(done.out) == json.loads(json.dumps(eval(shown[2], {"dt": dt}).to_dict()))


@pytest.mark.parametrize("name", [name for name in COMMANDS if WORKED_JSON.search(PAGES[name])])
def test_every_key_of_a_page_s_answer_is_explained(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    shown = WORKED_JSON.search(PAGES[name])
    assert shown
    data = json.loads(run(capsys, *shlex.split(shown[1]), "--format", "json").out)
    own = keys_of(PAGES[name])
    paths = set(paths_of(data))
    assert sorted(path for path in paths if not is_explained(path, COMMON | own)) == []
    assert sorted(key for key in own if key.partition(".")[0] not in data) == []


def test_a_key_without_explanation_is_found() -> None:
    explained = {"targets.paths": "Moves.", "stability.CONCEPT.PLAYER": "States.", "edits": "Edits: `kind` and `from`."}
    for path in ("targets", "targets.paths", "stability.nash", "stability.nash.row", "edits.kind"):
        assert is_explained(path, explained)
    for path in ("targets.detour", "targets.paths.player", "edits.other", "other"):
        assert not is_explained(path, explained)


RESULTS = [
    name
    for name in dt.__all__
    if inspect.isclass(one := getattr(dt, name))
    and one.__module__.split(".")[1] in ("analysis", "concepts", "engine", "verification")
    and (dataclasses.is_dataclass(one) or issubclass(one, tuple))
]


@pytest.mark.parametrize("name", RESULTS)
def test_every_field_of_a_result_is_described(name: str) -> None:
    one = getattr(dt, name)
    own = [field for field in inspect.get_annotations(one) if not field.startswith("_")]
    fields = one._fields if issubclass(one, tuple) else {field.name for field in dataclasses.fields(one)}
    section = (inspect.getdoc(one) or "").partition("Attributes\n----------\n")[2].partition("\n\n")[0]
    described = [name for line in re.findall(r"^(\w[\w, ]*)$", section, re.M) for name in line.split(", ")]
    assert described == [field for field in own if field in fields]


MODEL_CLASSES = [
    name
    for name in re.findall(r"autoclass:: (\w+)", (REFERENCE / "python.md").read_text(encoding="utf-8"))
    if dataclasses.is_dataclass(getattr(dt, name))
]


@pytest.mark.parametrize("name", MODEL_CLASSES)
def test_every_field_of_a_model_class_is_described(name: str) -> None:
    one = getattr(dt, name)
    # In a class of few fields a sentence describes them.
    described = set(re.findall(r"``(\w+)``", inspect.getdoc(one) or ""))
    for head in ("Parameters\n----------\n", "Attributes\n----------\n"):
        section = (inspect.getdoc(one) or "").partition(head)[2].partition("\n\n")[0]
        described |= {name for line in re.findall(r"^(\w[\w, ]*)$", section, re.M) for name in line.split(", ")}
    own = {field.name for field in dataclasses.fields(one) if not field.name.startswith("_")}
    assert own <= described


def test_the_directives_show_what_fits_on_a_line_on_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(DOCS))
    worked = importlib.import_module("worked")
    try:
        assert worked.shortened({"a": [1, 2, 3], "b": [1]}) == {"a": [1, "… 2 more"], "b": [1]}
        assert json.loads(worked.laid_out({"a": ["x" * 90, {"b": 1}]})) == {"a": ["x" * 90, {"b": 1}]}
        with pytest.raises(worked.Failed, match="ends with 1"):
            worked.printed("analyze example:no-such-dispute")
        with pytest.raises(worked.Failed, match="another answer"):
            worked.check_python('dt.example("chicken").analyze(["gmr"])', worked.data_of("analyze example:chicken"))
    finally:
        sys.modules.pop("worked")
