"""Dependencies run one way: every import under ``src/detente`` is read, and a forbidden arrow is a failure.

The source is parsed, never run, so imports inside functions, under ``TYPE_CHECKING`` and through
``importlib.import_module("detente...")`` count as well.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import networkx as nx
import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src"
PACKAGE = "detente"

# From the top to the bottom: a layer may import itself and whatever stands below it.
LAYERS = (
    "cli",
    "web",
    "report",
    "render",
    "present",
    "editing",
    "analysis",
    "verification",
    "reading",
    "engine",
    "io",
    "concepts",
    "model",
    "examples",
    "jobs",
)
# Every layer may import these, and they import nothing of the package but what is safe text (`detente.text`) and how
# modules are loaded late (`detente.lazy`), which imports nothing.
FOUNDATION = ("errors", "_version", "lazy", "limits", "text")
# The links that go up, each named: to be none but the conflict's own to the questions that it can be asked, which go
# through the lazy table of the public face.
UPWARD = {
    # A result is data; printing it shows the words of its view.
    ("detente.analysis.result", "detente.present.blocks"),
    ("detente.analysis.result", "detente.render.html"),
    ("detente.model.questions", "detente"),
    ("detente.model.sensitivity", "detente"),
}
# The public face: may import anything, and nothing but the links named above imports it.
FACE = ("", "__main__")

# What a layer is to know nothing about.
STRANGERS = {
    "model": {"numpy", "pandas", "networkx", "graphviz", "ruamel", "rich", "typer"},
    "concepts": {"pandas", "networkx", "graphviz", "ruamel", "rich", "typer"},
    "engine": {"ruamel", "graphviz", "rich", "typer"},
}


@dataclass(frozen=True)
class Import:
    """One import: which module asks, for what, on which line, and whether only the type checker sees it."""

    importer: str
    imported: str
    file: Path
    line: int
    typing_only: bool

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.importer} imports {self.imported}"


def modules_of(source: Path, package: str = PACKAGE) -> dict[str, Path]:
    """Every module of the package under ``source``, by its dotted name."""
    found = {}
    for path in sorted((source / package).rglob("*.py")):
        parts = path.relative_to(source).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def is_type_checking(test: ast.expr) -> bool:
    return (isinstance(test, ast.Name) and test.id == "TYPE_CHECKING") or (
        isinstance(test, ast.Attribute) and test.attr == "TYPE_CHECKING"
    )


def nodes_of(tree: ast.AST, typing_only: bool = False) -> Iterator[tuple[ast.AST, bool]]:
    """Every node below ``tree``, and whether it stands under ``if TYPE_CHECKING``."""
    for name, value in ast.iter_fields(tree):
        guarded = typing_only or (isinstance(tree, ast.If) and name == "body" and is_type_checking(tree.test))
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield child, guarded
                yield from nodes_of(child, guarded)


def targets(node: ast.AST, package: str, modules: dict[str, Path]) -> Iterator[str]:
    """The dotted names that an import statement, or an import by call, asks for."""
    match node:
        case ast.Import(names=names):
            yield from (alias.name for alias in names)
        case ast.ImportFrom(module=module, names=names, level=level):
            if level:
                above = package.split(".")[: len(package.split(".")) - level + 1]
                module = ".".join([*above, *([module] if module else [])])
            assert module is not None
            for alias in names:
                submodule = f"{module}.{alias.name}"
                yield submodule if submodule in modules else module
        case ast.Call(func=func, args=[ast.Constant(value=str() as name), *_]):
            called = getattr(func, "attr", getattr(func, "id", ""))
            if called in {"import_module", "__import__", "lazy"}:
                yield package + name if name.startswith(".") else name


@cache
def tree_of(path: Path) -> ast.Module:
    """What a module says, parsed once for all that look at it."""
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imports_of(source: Path) -> list[Import]:
    """Every import in the package under ``source``."""
    modules = modules_of(source)
    found = []
    for module, path in modules.items():
        package = module if path.name == "__init__.py" else module.rpartition(".")[0]
        for node, typing_only in nodes_of(tree_of(path)):
            for target in targets(node, package, modules):
                line = getattr(node, "lineno", 0)
                found.append(Import(module, target, path.relative_to(source), line, typing_only))
    return found


def layer_of(module: str) -> str:
    """The layer of a module of the package: '' for the package itself."""
    return module.split(".")[1] if "." in module else ""


def is_own(module: str) -> bool:
    return module.split(".")[0] == PACKAGE


def fault_of(arrow: Import) -> str | None:
    """Why an arrow inside the package is forbidden, or None when it is allowed."""
    importer, imported = layer_of(arrow.importer), layer_of(arrow.imported)
    if importer in FACE:
        return None
    if imported in FACE:
        return "nothing imports the public face"
    if importer in FOUNDATION:
        return None if imported in ("text", "lazy") else f"'{importer}' imports nothing of the package"
    for layer in (importer, imported):
        if layer not in LAYERS and layer not in FOUNDATION:
            return f"'{layer}' is in no layer"
    if imported in FOUNDATION or LAYERS.index(importer) <= LAYERS.index(imported):
        return None
    return f"'{imported}' stands above '{importer}'"


def forbidden(source: Path) -> list[str]:
    """Each forbidden arrow of the package under ``source``, with its place and the reason."""
    arrows = [arrow for arrow in imports_of(source) if is_own(arrow.imported)]
    return [
        f"{arrow} ({reason})"
        for arrow in arrows
        if (arrow.importer, arrow.imported) not in UPWARD and (reason := fault_of(arrow))
    ]


def strangers(source: Path) -> list[str]:
    """Each import of another package by a layer that is to know nothing of it."""
    return [
        str(arrow)
        for arrow in imports_of(source)
        if arrow.imported.split(".")[0] in STRANGERS.get(layer_of(arrow.importer), ()) and not is_own(arrow.imported)
    ]


def cycles(source: Path) -> list[list[str]]:
    """Groups of modules that import each other, at the top, in a function, lazily or for the type checker only.

    The public face loads everything when it is asked for, so the links to it are left out: they are named above.
    """
    modules = modules_of(source)
    graph = nx.DiGraph()
    graph.add_edges_from(
        (arrow.importer, arrow.imported)
        for arrow in imports_of(source)
        if arrow.imported in modules and arrow.imported != PACKAGE
    )
    groups = [sorted(group) for group in nx.strongly_connected_components(graph) if len(group) > 1]
    return sorted(groups + [[module] for module in nx.nodes_with_selfloops(graph)])


def test_source_folder_is_found() -> None:
    modules = modules_of(SOURCE)
    assert {"detente", "detente.errors", "detente.model"} <= set(modules)
    assert any(is_own(arrow.imported) for arrow in imports_of(SOURCE))


def test_imports_go_down_only() -> None:
    assert forbidden(SOURCE) == []


def test_imports_have_no_circle() -> None:
    assert cycles(SOURCE) == []


def test_verification_imports_no_engine_code() -> None:
    """Nor with what calls them: what it imports of the package, and what that imports, is listed here."""
    allowed = {"verification", "concepts", "model", *FOUNDATION}
    asked = {
        layer_of(a.imported)
        for a in imports_of(SOURCE)
        if layer_of(a.importer) == "verification" and is_own(a.imported)
    }
    assert asked <= allowed


def test_layers_import_only_their_allowed_libraries() -> None:
    assert strangers(SOURCE) == []


def test_foundation_imports_the_standard_library_only() -> None:
    asked = {
        arrow.imported.split(".")[0]
        for arrow in imports_of(SOURCE)
        if layer_of(arrow.importer) in FOUNDATION and arrow.importer != PACKAGE
    }
    assert asked
    assert asked <= {PACKAGE, *sys.stdlib_module_names}


# The checks themselves, on made-up trees.


def tree(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / PACKAGE / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


ALLOWED = {
    "__init__.py": "from detente.cli import main\nfrom detente.model.conflict import Conflict\n",
    "errors.py": "import difflib\n",
    "_version.py": "__version__ = '0'\n",
    "cli/__init__.py": "from detente._version import __version__\nfrom detente.web import app\n",
    "web/__init__.py": "from detente import report\n",
    "report/__init__.py": "from detente.analysis import answer\n",
    "analysis/__init__.py": "import detente.engine\n",
    "engine/__init__.py": "from ..concepts import concepts\n",
    "concepts/__init__.py": "",
    "concepts/concepts.py": "from ..model.model import Conflict\n",
    "model/__init__.py": "from .model import Conflict\n",
    "model/model.py": "from detente.errors import DetenteError\n",
}


def test_downward_import_is_allowed(tmp_path: Path) -> None:
    source = tree(tmp_path, ALLOWED)
    assert forbidden(source) == []
    assert cycles(source) == []
    assert strangers(source) == []
    assert sum(is_own(arrow.imported) for arrow in imports_of(source)) == 11


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("model/model.py", "import detente.engine\n"),
        ("model/model.py", "from detente.engine import compile\n"),
        ("model/model.py", "from detente import engine\n"),
        ("model/model.py", "from ..engine import compile\n"),
        ("model/model.py", "from .. import engine\n"),
        ("model/model.py", "def late():\n    from detente import engine\n"),
        (
            "model/model.py",
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import detente.cli\n",
        ),
        ("model/model.py", "import importlib\nimportlib.import_module('detente.engine')\n"),
        ("model/model.py", "try:\n    import detente.io\nexcept ImportError:\n    pass\n"),
        ("model/__init__.py", "from ..engine import compile\n"),
        ("report/__init__.py", "import detente.web\n"),
        ("web/__init__.py", "import detente.cli\n"),
        ("concepts/concepts.py", "import detente.analysis\n"),
        ("analysis/__init__.py", "import detente\n"),
        ("analysis/__init__.py", "from detente import load\n"),
        ("errors.py", "from detente._version import __version__\n"),
        ("errors.py", "from .model import Conflict\n"),
        ("helpers.py", "from detente.errors import DetenteError\n"),
    ],
)
def test_upward_import_is_detected(tmp_path: Path, file: str, text: str) -> None:
    source = tree(tmp_path, {**ALLOWED, file: text})
    assert len(forbidden(source)) == 1
    assert forbidden(source)[0].startswith(str(Path(PACKAGE, file)))


@pytest.mark.parametrize(
    "files",
    [
        {"model/one.py": "from . import two\n", "model/two.py": "from . import one\n"},
        {
            "model/one.py": "from detente.model import Conflict\n",
            "model/__init__.py": "from . import one\n",
        },
        {
            "model/one.py": "import detente.model.two\n",
            "model/two.py": "def f():\n    from . import one\n",
        },
    ],
)
def test_circular_import_is_detected(tmp_path: Path, files: dict[str, str]) -> None:
    assert len(cycles(tree(tmp_path, {**ALLOWED, **files}))) == 1


def test_unknown_layer_is_detected(tmp_path: Path) -> None:
    source = tree(tmp_path, {**ALLOWED, "model/model.py": "def f():\n    import numpy.linalg\n"})
    assert strangers(source) == [f"{Path(PACKAGE, 'model/model.py')}:2: detente.model.model imports numpy.linalg"]
