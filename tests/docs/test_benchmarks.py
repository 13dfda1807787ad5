"""The benchmarks that anybody can run: what they save is what is drawn."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

import detente as dt
from benchmarks import drafting, plot, symbolic_engine

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


def test_drafting_score_counts_an_option_of_another_party_as_spurious() -> None:
    """The catalogue's own file scores itself in full; with its parties exchanged it finds nothing."""
    nile = dt.example("nile-dam")
    right = drafting.options_of(nile)
    own = drafting.scored("nile-dam", right, nile)
    assert (own.found, own.proposed - own.found) == (6, 0)
    assert own.links_right == own.links > 6
    assert own.stances_right == own.stances > 3
    parties = {"Ethiopia": "Kenya", "Egypt": "Uganda", "Sudan": "Chad"}
    other = drafting.scored("nile-dam", [replace(one, party=parties[one.party]) for one in right], nile)
    assert (other.found, other.links, other.stances) == (0, 0, 0)


def test_drafting_passages_are_the_same_if_most_words_are() -> None:
    assert drafting.same_passage("Egypt was ready to sign one", "that Egypt was ready to sign one")
    assert not drafting.same_passage("Egypt was ready to sign one", "Sudan will fill the reservoir")
    assert not drafting.same_passage("", "Sudan")


def test_drafting_corpus_quotes_its_documents() -> None:
    for path in drafting.CORPUS.glob("*.yaml"):
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        texts = " ".join(
            " ".join((drafting.CORPUS / name).read_text(encoding="utf-8").split()) for name in data["documents"]
        )
        for option in data["options"]:
            assert option["party"] in data["parties"]
            assert set(option["wants"]) <= set(data["parties"])
            assert all(quote in texts for quote in option["quotes"]), (path.name, option["quotes"])
