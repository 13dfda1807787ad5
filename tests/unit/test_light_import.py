"""What a person who only writes ``import detente`` does not wait for."""

from __future__ import annotations

import json
import subprocess
import sys

HEAVY = ("pandas", "networkx", "graphviz", "typer", "matplotlib", "scipy", "numba", "oxidd", "sphinx", "pytest")


def modules_after(statement: str) -> set[str]:
    """The modules that a fresh interpreter has loaded after ``statement``."""
    code = f"{statement}\nimport json, sys\nprint(json.dumps(sorted(sys.modules)))"
    result = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        stdin=subprocess.DEVNULL,
    )
    return set(json.loads(result.stdout.splitlines()[-1]))


def test_import_of_detente_loads_no_heavy_library() -> None:
    modules = modules_after("import detente; detente.load")
    assert "detente" in modules
    assert modules.isdisjoint(HEAVY)


def test_analysis_of_a_small_dispute_loads_no_engine_for_large_ones() -> None:
    modules = modules_after("import detente as dt; dt.load('example:ukraine-2023').analyze()")
    assert "detente.engine.explicit.solver" in modules
    assert modules.isdisjoint(("numba", "oxidd"))


def test_loaded_library_is_detected() -> None:
    assert "networkx" in modules_after("import networkx")
