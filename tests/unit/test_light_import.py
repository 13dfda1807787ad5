"""What a person who only writes ``import detente``, or asks a small question, does not wait for."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from detente.jobs import cores

HEAVY = ("pandas", "networkx", "graphviz", "typer", "matplotlib", "scipy", "numba", "oxidd", "sphinx", "pytest")
#: What no command needs for a small dispute: converters of arguments, parsers of documents, workers, colours.
NEEDLESS = (
    "pydantic", "lark", "edtf", "email", "zipfile", "logging", "pandas", "networkx", "numba", "oxidd", "rich",
    "calendar",
)  # fmt: skip
#: What only those answers need that are written in this format.
FORMATS = {"json", "csv"}


def output_of(code: str) -> str:
    """What a fresh interpreter writes that runs ``code``."""
    result = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        stdin=subprocess.DEVNULL,
    )
    return result.stdout


def output_after_command(code: str, *arguments: str) -> str:
    """What is written by a command, and by ``code`` that the same interpreter runs then."""
    run = f"import sys\nsys.argv = ['detente', *{arguments!r}]\nfrom detente.cli import main"
    return output_of(f"{run}\ntry:\n    main()\nexcept SystemExit as stopped:\n    assert not stopped.code\n{code}")


#: Its last line lists the modules that are loaded.
LOADED = "import sys; loaded = sorted(sys.modules); import json; print(json.dumps(loaded))"


def modules_after(statement: str) -> set[str]:
    """The modules that a fresh interpreter has loaded after ``statement``."""
    return set(json.loads(output_of(f"{statement}\n{LOADED}").splitlines()[-1]))


def modules_after_command(*arguments: str) -> set[str]:
    """The modules that a command has loaded."""
    return set(json.loads(output_after_command(LOADED, *arguments).splitlines()[-1]))


def own(modules: set[str]) -> set[str]:
    return {name for name in modules if name.partition(".")[0] == "detente"}


def test_import_of_detente_loads_no_heavy_library() -> None:
    modules = modules_after("import detente; detente.load")
    assert "detente" in modules
    assert modules.isdisjoint(HEAVY)


def test_analysis_of_a_small_dispute_loads_no_engine_for_large_ones() -> None:
    modules = modules_after("import detente as dt; dt.load('example:ukraine-2023').analyze()")
    assert "detente.engine.explicit.solver" in modules
    assert modules.isdisjoint(("numba", "oxidd"))


def test_help_loads_neither_commands_nor_rich() -> None:
    modules = modules_after_command("--help")
    assert modules.isdisjoint((*NEEDLESS, *FORMATS, "numpy", "yaml", "ruamel"))
    assert own(modules) <= {
        "detente", "detente._version", "detente.cli", "detente.cli.commands", "detente.cli.entry", "detente.errors",
        "detente.lazy", "detente.text",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "most"),
    [
        (("check", "example:chicken"), 79),
        (("concepts", "--format", "json"), 75),
        (("analyze", "example:chicken"), 86),
        (("analyze", "example:chicken", "--concept", "nash", "--format", "csv"), 86),
    ],
)
def test_command_for_a_small_dispute_loads_few_modules(arguments: tuple[str, ...], most: int) -> None:
    modules = modules_after_command(*arguments)
    assert f"detente.cli.{arguments[0]}" in modules
    assert modules.isdisjoint(NEEDLESS)
    assert modules & FORMATS == FORMATS & set(arguments)
    assert ("numpy" in modules) == (arguments[0] == "analyze")
    assert len(own(modules)) <= most, sorted(own(modules))


def test_path_of_the_output_is_converted_without_pydantic() -> None:
    assert "pydantic" not in modules_after_command("report", "example:chicken", "-o", "-")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lists the threads of a process as files")
@pytest.mark.parametrize("chosen", [None, "2"])
def test_threads_of_matrix_products_are_not_started_unless_asked_for(
    chosen: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENBLAS_NUM_THREADS")
    if chosen:
        monkeypatch.setenv("OPENBLAS_NUM_THREADS", chosen)
    threads = "import os; print(len(os.listdir('/proc/self/task')), os.environ['OPENBLAS_NUM_THREADS'])"
    found = output_after_command(threads, "analyze", "example:chicken").splitlines()[-1].split()
    assert found == [str(min(int(chosen or 1), cores())), chosen or "1"]


@pytest.mark.parametrize("command", ["check", "analyze"])
def test_command_compiles_only_what_it_uses(command: str) -> None:
    late = (
        "import gc, json; gc.unfreeze(); classes = [one for one in gc.get_objects() if isinstance(one, type)]; print("
        "json.dumps([one.__name__ for one in classes if type(vars(one).get('__init__')).__name__ == 'LateInit']))"
    )
    waiting = set(json.loads(output_after_command(late, command, "example:chicken").splitlines()[-1]))
    assert {"Statement", "Source", "Act", "Payoffs", "Lanes"} <= waiting
    assert waiting.isdisjoint({"Conflict", "DecisionMaker", "Option"})
    assert len(waiting) >= 40, sorted(waiting)


def test_loaded_library_is_detected() -> None:
    assert "networkx" in modules_after("import networkx")
