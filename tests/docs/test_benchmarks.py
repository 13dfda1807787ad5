"""The benchmarks that anybody can run: what they save is what is drawn."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from benchmarks import plot, symbolic_engine

pytest.importorskip("matplotlib")
pytest.importorskip("oxidd")


def called(monkeypatch: pytest.MonkeyPatch, main, *arguments: str) -> None:
    monkeypatch.setattr(sys, "argv", [main.__module__, *arguments])
    main()


@pytest.fixture
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    """Two small disputes, the second added to what was saved of the first."""
    for size, more in (("8x2", []), ("10x2", ["--add"])):
        arguments = ["--sizes", size, "--seeds", "0", "--save", str(tmp_path), *more]
        called(monkeypatch, symbolic_engine.main, *arguments)
    assert "SEQ equilibria" in capsys.readouterr().out
    return tmp_path


def test_saved_symbolic_benchmark_is_drawn(
    results: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    runs = json.loads((results / "symbolic.json").read_text())["runs"]
    assert [(run["options"], run["makers"], run["seed"]) for run in runs] == [(8, 2, 0), (10, 2, 0)]
    assert all(set(plot.CONCEPTS) <= set(run) for run in runs)
    assert len((results / "symbolic.md").read_text().splitlines()) == 4
    called(monkeypatch, plot.main, str(results), "-o", str(results))
    assert capsys.readouterr().out.split() == [str(results / "symbolic-growth.svg")]
    drawn = (results / "symbolic-growth.svg").read_text()
    assert all(title in drawn for title, _, _ in plot.CONCEPTS.values())
    assert "not decided" not in drawn


def test_undecided_run_is_drawn_as_not_decided(tmp_path: Path) -> None:
    decided = dict.fromkeys(plot.CONCEPTS, 0.5)
    runs = [
        {"options": 40, "makers": 5, "seed": 0, **decided},
        {"options": 60, "makers": 7, "seed": 0, **{**decided, "nash": 0.0}},
        {"options": 80, "makers": 8, "seed": 0, "nash": 0.0},
    ]
    first, second = tmp_path / "first.svg", tmp_path / "second.svg"
    for picture in (first, second):
        plot.draw_symbolic(runs, picture)
    assert "not decided" in first.read_text()
    assert first.read_bytes() == second.read_bytes()


def test_missing_figures_name_the_command_that_makes_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        called(monkeypatch, plot.main, str(tmp_path))
    assert stopped.value.code == 1
    assert "Run 'make bench' first" in capsys.readouterr().err
