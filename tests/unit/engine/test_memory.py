"""Under a limit of the address space (``ulimit -v``) there is an answer or a message, and never an abort."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from pathlib import Path

import pytest

import detente as dt
from detente.engine import memory
from detente.engine.symbolic import diagrams

MIB = 2**20


@pytest.fixture(scope="module")
def dispute(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four parties with five options each."""
    makers = "".join(
        f"  d{place}: {{options: {{{', '.join(f'o{place}_{number}: O' for number in range(5))}}}, "
        f"preferences: [o{place}_0, not o{(place + 1) % 4}_1, o{place}_2 iff o{(place + 2) % 4}_3]}}\n"
        for place in range(4)
    )
    path = tmp_path_factory.mktemp("dispute") / "x.conflict.yaml"
    path.write_text(f"format: detente/1\ntitle: T\ndecision_makers:\n{makers}status_quo: []\n")
    return path


@pytest.fixture(scope="module")
def equilibria(dispute: Path) -> int:
    """How many Nash equilibria the dispute has, counted without a limit."""
    return dt.load(dispute).analyze(["nash"], "explicit").equilibrium_set("nash").count


@pytest.mark.parametrize("engine", ["symbolic", "auto"])
@pytest.mark.parametrize("mebibytes", [600, 1000, 1500, 1700, 2200, 4000])
def test_limited_address_space_gives_an_answer_or_a_message(
    mebibytes: int, engine: str, dispute: Path, equilibria: int
) -> None:
    limit = mebibytes * MIB
    command = [sys.executable, "-m", "detente", "analyze", str(dispute), "--engine", engine, "--summary"]
    done = subprocess.run(
        [*command, "--concept", "nash", "--format", "json"],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)),
    )
    assert done.returncode in (0, 1), done.stderr
    assert "panicked" not in done.stderr
    assert "Traceback" not in done.stderr
    if done.returncode:
        assert "address space" in done.stderr or "there are" in done.stderr
        assert not done.stdout
    else:
        assert json.loads(done.stdout)["equilibria"]["nash"]["count"] == equilibria
    if mebibytes >= 2200:
        assert done.returncode == 0, done.stderr


def test_node_store_is_sized_by_the_remaining_address_space(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (memory, diagrams):
        monkeypatch.setattr(module, "address_space_left", lambda: memory.SYMBOLIC_SPACE)
    assert 0 < diagrams.nodes_that_fit() * diagrams.NODE_BYTES <= memory.SYMBOLIC_SPACE - memory.SYMBOLIC_STACK
    monkeypatch.setattr(diagrams, "address_space_left", lambda: memory.SYMBOLIC_SPACE - 1)
    with pytest.raises(dt.TooLargeError, match=r"address space.*--engine explicit"):
        diagrams.nodes_that_fit()


def test_remaining_address_space_is_limit_minus_use(monkeypatch: pytest.MonkeyPatch) -> None:
    limit = 2**40
    monkeypatch.setattr(resource, "getrlimit", lambda kind: (limit, limit))
    left = memory.address_space_left()
    assert left is not None
    assert 0 < left < limit
    monkeypatch.setattr(resource, "getrlimit", lambda kind: (resource.RLIM_INFINITY,) * 2)
    assert memory.address_space_left() is None
