"""Everything that a caller can receive has a public name: the annotations of all public callables are followed."""

from __future__ import annotations

import ast
import functools
import importlib
import inspect
import re
import sys
import typing
from collections.abc import Iterator
from pathlib import Path

import pytest

import detente as dt
from detente import errors
from detente.model.questions import StabilityQuestions
from detente.model.sensitivity import SensitivityQuestions

PUBLIC = [name for name in dt.__all__ if name != "__version__"]

#: What results keep to work with, and no caller is to rely on.
INTERNAL = {"CoalitionMoves", "Hypergame", "ListingSolver", "Solver", "Tally"}
REFERENCE = Path(__file__).parents[2] / "docs/reference"


@functools.cache
def names_in(module: str) -> dict[str, object]:
    """What annotations in a module can name, with what only the type checker imports."""
    found = dict(vars(sys.modules[module]))
    tree = ast.parse(Path(sys.modules[module].__file__ or "").read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                found[alias.asname or alias.name.split(".")[0]] = importlib.import_module(
                    alias.name if alias.asname else alias.name.split(".")[0]
                )
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                try:
                    home = importlib.import_module(node.module)
                    found[alias.asname or alias.name] = getattr(home, alias.name)
                except (ImportError, AttributeError):
                    continue
    return found


def classes_in(annotation: object) -> Iterator[type]:
    """The classes of the package that an annotation names, at any depth."""
    if isinstance(annotation, type) and annotation.__module__.split(".")[0] == "detente":
        yield annotation
    for part in typing.get_args(annotation):
        yield from classes_in(part)


def hints_of(thing: object, module: str) -> dict[str, object]:
    return typing.get_type_hints(thing, names_in(module))


def received_from(thing: object) -> Iterator[tuple[str, type]]:
    """The classes that a public callable or class gives a caller, each with what gives it."""
    if inspect.isfunction(thing):
        for one in classes_in(hints_of(thing, thing.__module__).get("return")):
            yield thing.__qualname__, one
    elif isinstance(thing, type):
        for base in thing.__mro__:
            if base.__module__.split(".")[0] != "detente":
                continue
            own = type("Own", (), {"__annotations__": vars(base).get("__annotations__", {})})
            for name, hint in hints_of(own, base.__module__).items():
                if not name.startswith("_"):
                    yield from ((f"{base.__qualname__}.{name}", one) for one in classes_in(hint))
            for name, member in vars(base).items():
                function = getattr(member, "fget", getattr(member, "func", getattr(member, "__func__", member)))
                if not name.startswith("_") and inspect.isfunction(function):
                    yield from received_from(function)


def test_two_tables_of_public_names_are_equal() -> None:
    tree = ast.parse(Path(dt.__file__).read_text(encoding="utf-8"))
    typed = {
        (str(node.module).removeprefix("detente."), alias.name)
        for block in tree.body
        if isinstance(block, ast.If)
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    loaded = {
        (module, name)
        for table in (dt.PUBLIC, dt.QUESTION_FUNCTIONS)
        for module, names in table.items()
        for name in names.split()
    }
    assert typed == loaded


def test_every_public_name_is_documented_and_in_the_reference() -> None:
    pages = "\n".join(page.read_text(encoding="utf-8") for page in REFERENCE.glob("*.md"))
    listed = re.findall(r"^\.\. auto(?:class|function|data):: (\w+)$", pages, re.M)
    assert len(listed) == len(set(listed))
    errors = {name for name in PUBLIC if getattr(dt, name).__module__ == "detente.errors"}
    assert {*listed} | errors == set(PUBLIC)
    assert all(inspect.getdoc(getattr(dt, name)) for name in PUBLIC if name != "Progress")


def test_every_class_that_a_caller_can_receive_is_public() -> None:
    public = {getattr(dt, name) for name in PUBLIC}
    missing = {
        f"{one.__module__}.{one.__qualname__}, from {giver}"
        for thing in public
        for giver, one in received_from(thing)
        if one not in public and one.__name__ not in INTERNAL
    }
    assert not missing


def test_every_raised_error_class_is_public() -> None:
    raised = {one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, Exception)}
    assert raised <= {getattr(dt, name) for name in PUBLIC}


QUESTIONS = [
    (method, {"coalition_analysis": "coalitions", "graph": "state_graph"}.get(method, method))
    for base in (StabilityQuestions, SensitivityQuestions)
    for method in vars(base)
    if not method.startswith("_")
]


@pytest.mark.parametrize(("method", "function"), QUESTIONS)
def test_question_method_has_the_parameters_of_its_function(method: str, function: str) -> None:
    asked, answered = (
        list(inspect.signature(one).parameters.values())[1:]
        for one in (getattr(dt.Conflict, method), getattr(dt, function))
    )
    assert [one.default for one in asked] == [one.default for one in answered]
    assert [one.name for one in asked[1:]] == [one.name for one in answered[1:]]
    assert all(one.kind is not one.VAR_KEYWORD for one in asked)


@pytest.mark.parametrize(("method", "function"), QUESTIONS)
def test_question_docstring_describes_every_parameter(method: str, function: str) -> None:
    text = inspect.getdoc(getattr(dt.Conflict, method)) or ""
    for section in ("Parameters", "Returns", "Raises", "Notes", "Examples"):
        assert f"\n{section}\n---" in text
    described = set(re.findall(r"^(\w[\w, ]*)$", text.split("Parameters\n")[1].split("Returns\n")[0], re.M))
    named = {name for line in described for name in line.split(", ")}
    assert named >= set(inspect.signature(getattr(dt.Conflict, method)).parameters) - {"self"}
