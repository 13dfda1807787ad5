"""A fresh copy of the tree, a fresh virtual environment: what the README promises works there."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GUARD = "DETENTE_FRESH_CLONE"
INHERITED = ("VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME", "MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES")

pytestmark = [
    pytest.mark.fresh,
    pytest.mark.slow,
    pytest.mark.skipif(GUARD in os.environ, reason="runs inside the fresh copy already"),
    pytest.mark.skipif(
        not (ROOT / ".git").exists(), reason="a copy is made of what git knows, and this is no checkout"
    ),
]


def environment() -> dict[str, str]:
    """What a new clone has: nothing of this virtual environment, of make or of pytest."""
    own = Path(sys.prefix).resolve()
    paths = [part for part in os.environ["PATH"].split(os.pathsep) if own not in Path(part).resolve().parents]
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in INHERITED and not name.startswith(("PYTEST_", "COV_"))
    }
    return {**kept, "PATH": os.pathsep.join(paths), "NO_COLOR": "1", "COLUMNS": "120", GUARD: "1"}


def run(directory: Path, *command: str, timeout: int = 600) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=directory,
        env=environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=timeout,
    )


def make(directory: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    base = getattr(sys, "_base_executable", sys.executable)
    return run(directory, "make", "--no-print-directory", f"PYTHON={base}", *arguments)


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what a clone would hold, without anything that was built or installed here."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        # Made twice, it would cost a run fifteen seconds more: `group` of tests/conftest.py prevents that.
        (tmp_path_factory.getbasetemp().parent / "cloned").mkdir()
    target = tmp_path_factory.mktemp("clone") / "detente"
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)
    assert not (target / ".venv").exists()
    return target


@pytest.fixture(scope="module")
def demo(clone: Path) -> subprocess.CompletedProcess[str]:
    return make(clone, "demo")


def readme_commands() -> list[str]:
    """The ``detente`` commands that the README shows, as they are written there."""
    blocks = re.findall(
        r"```(?:console|sh|bash)\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL
    )
    lines = [line.removeprefix("$ ").strip() for block in blocks for line in block.splitlines()]
    return [line for line in lines if line.startswith("detente ")]


def test_make_demo_prints_the_table_and_the_explanation(clone: Path, demo: subprocess.CompletedProcess[str]) -> None:
    assert demo.returncode == 0, demo.stdout + demo.stderr
    for name in ("draft.conflict.yaml", "corrected.conflict.yaml", "report.html"):
        assert (clone / "build" / "demo" / name).is_file()
    assert "Open build/demo/report.html" in demo.stdout
    assert "Is it stuck? Yes." in demo.stdout
    assert "Traceback" not in demo.stdout + demo.stderr
    words = demo.stdout.lower()
    for word in ("nash", "gmr", "smr", "seq", "sim", "russia", "ukraine", "status quo", "stable"):
        assert word in words
    assert len(demo.stdout.splitlines()) > 20


def test_readme_commands_exit_with_0(clone: Path, demo: subprocess.CompletedProcess[str], tmp_path: Path) -> None:
    assert demo.returncode == 0, demo.stdout + demo.stderr
    assert len(readme_commands()) == 4
    for command in readme_commands():
        program, *arguments = shlex.split(command)
        result = run(tmp_path, str(clone / ".venv" / "bin" / program), *arguments, timeout=60)
        assert result.returncode == 0, result.stdout + result.stderr
        assert (result.stdout + result.stderr).strip()
        assert "Traceback" not in result.stderr


def test_make_demo_installs_once(clone: Path, demo: subprocess.CompletedProcess[str]) -> None:
    assert demo.returncode == 0, demo.stdout + demo.stderr
    planned = make(clone, "-n", "demo")
    assert planned.returncode == 0
    assert "detente analyze example:ukraine-2023" in planned.stdout
    assert "pip install" not in planned.stdout


def test_make_test_runs_the_tests(clone: Path, demo: subprocess.CompletedProcess[str]) -> None:
    assert demo.returncode == 0, demo.stdout + demo.stderr
    planned = make(clone, "-n", "test")
    assert planned.returncode == 0
    assert "pip install" in planned.stdout
    assert "-m pytest" in planned.stdout
    result = make(clone, "test", "JOBS=0", "PYTEST_ARGS=tests/unit/test_lazy.py")
    assert result.returncode == 0, result.stdout + result.stderr
    assert re.search(r"\b\d+ passed", result.stdout)


def test_a_package_with_another_hash_is_refused(
    clone: Path, demo: subprocess.CompletedProcess[str], tmp_path: Path
) -> None:
    assert demo.returncode == 0, demo.stdout + demo.stderr
    lock = (clone / "constraints.txt").read_text(encoding="utf-8")
    changed = tmp_path / "constraints.txt"
    changed.write_text(re.sub(r"sha256:[0-9a-f]{8}", "sha256:00000000", lock), encoding="utf-8")
    venv = clone / ".venv" / "bin"
    result = run(
        clone, str(venv / "uv"), "pip", "install", "--python", str(venv / "python"),
        "--target", str(tmp_path / "target"), "-c", str(changed), "rich",
    )  # fmt: skip
    assert result.returncode != 0
    assert "hash" in result.stderr.lower()
