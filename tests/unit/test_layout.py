"""The house is kept in order: the tests mirror the source, and no file, folder or layer grows past its limit."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.conftest import ONE_BY_ONE, TOGETHER, group
from tests.engines.conftest import BY_CELLS
from tests.mutants import MUTANTS
from tests.unit.test_imports import imports_of, is_own, layer_of, modules_of, tree_of

ROOT = Path(__file__).resolve().parents[2]
SOURCE, UNIT = ROOT / "src", ROOT / "tests" / "unit"
PACKAGE = SOURCE / "detente"

MAX_FILES = 277
MAX_LINES_IN_A_FILE = 550
MAX_FILES_IN_A_FOLDER = 20
#: A command is one file, so this folder grows with the commands.
MAX_FILES_IN_CLI = 26
#: A question has one view, so this folder grows with the questions.
MAX_FILES_IN_PRESENT = 24
MAX_IMPORTS_IN_FUNCTIONS = 30
#: One name for one thing: so few public functions and classes may share a name with one in another module.
MAX_SHARED_NAMES = 12
#: What every view may have (a question's answer, and why), and what FastAPI's parts are called.
NAMES_OF_A_KIND = {"view", "answer", "why", "router"}

#: Tests of the package as a whole, and of this house.
OF_THE_WHOLE = {"test_imports.py", "test_layout.py", "test_light_import.py", "test_public_names.py"}
#: The modules of the engine that other layers may import: `detente.engine` says what each is for.
ENGINE_INTERFACE = {"batch", "choice", "coalition_moves", "interface", "progress", "space", "verdicts"}


def test_unit_tests_mirror_their_modules() -> None:
    """``test_states.py`` tests ``states.py``, ``test_states_named.py`` a part of it; a folder's own has its name."""
    astray = []
    for path in sorted(UNIT.rglob("test_*.py")):
        place = path.relative_to(UNIT).parent
        folder = ROOT / place if place.parts[:1] == ("training",) else PACKAGE / place
        modules = {one.stem for one in folder.glob("*.py")} | {one.name for one in folder.glob("*/")} | {folder.name}
        name = path.stem.removeprefix("test_")
        if path.parent == UNIT and path.name in OF_THE_WHOLE:
            continue
        if not any(name == module or name.startswith(f"{module}_") for module in modules):
            astray.append(str(path.relative_to(ROOT)))
    assert astray == []


def test_files_are_within_the_line_limit() -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in PACKAGE.rglob("*.py")}
    assert {str(path): length for path, length in lengths.items() if length > MAX_LINES_IN_A_FILE} == {}


def test_folders_are_within_the_file_limit() -> None:
    counts: dict[Path, int] = {}
    for path in PACKAGE.rglob("*.py"):
        counts[path.parent] = counts.get(path.parent, 0) + 1
    assert sum(counts.values()) <= MAX_FILES
    assert counts.pop(PACKAGE / "cli") <= MAX_FILES_IN_CLI
    assert counts.pop(PACKAGE / "present") <= MAX_FILES_IN_PRESENT
    assert {str(folder): count for folder, count in counts.items() if count > MAX_FILES_IN_A_FOLDER} == {}


def test_imports_are_at_the_top_of_modules() -> None:
    inside = set()
    for path in PACKAGE.rglob("*.py"):
        for function in ast.walk(tree_of(path)):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                found = (node for node in ast.walk(function) if isinstance(node, ast.Import | ast.ImportFrom))
                inside |= {f"{path.relative_to(SOURCE)}:{node.lineno}" for node in found}
    assert len(inside) <= MAX_IMPORTS_IN_FUNCTIONS, sorted(inside)


def test_public_names_mean_one_thing() -> None:
    """Commands are named as their questions are."""
    modules: dict[str, set[str]] = {}
    for path in PACKAGE.rglob("*.py"):
        for node in tree_of(path).body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and "cli" not in path.parts and node.name[0] != "_":
                modules.setdefault(node.name, set()).add(str(path.relative_to(PACKAGE)))
    shared = {name: found for name, found in modules.items() if len(found) > 1 and name not in NAMES_OF_A_KIND}
    assert len(shared) <= MAX_SHARED_NAMES, shared


def test_engine_internals_are_imported_by_the_engine_only() -> None:
    found = [
        str(one)
        for one in imports_of(SOURCE)
        if layer_of(one.imported) == "engine"
        and layer_of(one.importer) != "engine"
        and one.imported.count(".") > 1
        and one.imported.split(".")[2] not in ENGINE_INTERFACE
    ]
    assert found == []


def test_every_mutant_fits_its_source_once() -> None:
    """A mutant that no longer fits would be run on the unchanged source, and seem to survive."""
    for mutant in MUTANTS:
        text = (ROOT / mutant.file).read_text(encoding="utf-8")
        assert mutant.applied(text) != text
        for test in mutant.tests:
            file, _, name = test.partition("::")
            assert f"def {name.partition('[')[0]}(" in (ROOT / file).read_text(encoding="utf-8") or not name, test
    with pytest.raises(ValueError, match="occurs 0 times"):
        MUTANTS[0].applied("something else")


def test_tests_that_share_something_run_in_one_process() -> None:
    """A module that has another name now would be spread over the processes, and each would make a clone or compile."""
    assert [name for name in (*TOGETHER, *ONE_BY_ONE) if not (ROOT / name).exists()] == []
    compiled = group("tests/engines/test_dense.py::test_a[in pairs]")
    assert compiled == group(f"tests/engines/test_agreement.py::test_b[{BY_CELLS}]") == "compiled loops"
    alone = "tests/engines/test_agreement.py::test_b[explicit]"
    assert group(alone) == alone
    assert group("tests/unit/test_a.py::test_b") == group("tests/unit/test_a.py::test_c") == "tests/unit/test_a.py"


def test_verification_reaches_no_engine_module() -> None:
    """It could share a mistake with what it checks, through any module in between, too."""
    imports: dict[str, set[str]] = {}
    for one in imports_of(SOURCE):
        # What only type checkers see is never run.
        if is_own(one.imported) and not one.typing_only:
            imports.setdefault(one.importer, set()).add(one.imported)
    checker = {module for module in modules_of(SOURCE) if layer_of(module) == "verification"}
    assert "detente.verification.definitions" in checker
    reached, waiting = set(checker), list(checker)
    while waiting:
        for module in imports.get(waiting.pop(), set()) - reached:
            reached.add(module)
            waiting.append(module)
    assert [module for module in sorted(reached) if layer_of(module) == "engine"] == []
