"""``detente analyze --slice`` and ``--slices``."""

from __future__ import annotations

import json

import pytest

import detente as dt
from detente.engine import ENGINES
from tests.unit.cli.running import run

UKRAINE = "example:ukraine-2023"


@pytest.mark.parametrize("engine", ENGINES)
def test_slices_together_equal_the_whole_analysis(engine: str, capsys: pytest.CaptureFixture[str]) -> None:
    whole = dt.load(UKRAINE).analyze()
    done = run(capsys, "analyze", UKRAINE, "--slices", "5", "--format", "json", "--engine", engine)
    data = json.loads(done.out)
    assert (data["format"], data["engine"]) == ("detente-slices/1", engine)
    assert data["count"] == whole.count
    assert len(data["slices"]) == 5
    for concept in whole.concepts:
        states = whole.equilibrium_set(concept.id)
        assert data["equilibria"][concept.id]["count"] == states.count
        assert data["status_quo_holds"][concept.id] == (data["status_quo"]["number"] in states)


def test_slice_equals_its_part_of_the_whole(capsys: pytest.CaptureFixture[str]) -> None:
    done = run(capsys, "analyze", UKRAINE, "--slice", "Y----------", "--slices", "3", "-c", "seq", "-c", "nash")
    assert done.code == 0
    assert " states with the pattern Y----------." in done.out
    data = json.loads(run(capsys, "analyze", UKRAINE, "--slice", "Y----------", "-c", "seq", "--format", "json").out)
    found = [state for state in dt.load(UKRAINE).analyze(["seq"]).equilibria("seq") if state.pattern[0] == "Y"]
    assert data["equilibria"]["seq"]["count"] == len(found)


def test_slice_contains_the_merged_state_of_its_largest_member(capsys: pytest.CaptureFixture[str]) -> None:
    """Elmira's abandoned plant is one state, the last: it is in the slice of its largest member."""
    for pattern, count in (("N----", 4), ("Y----", 5), ("---Y-", 1)):
        done = run(capsys, "analyze", "example:elmira", "--slice", pattern, "--format", "json")
        assert json.loads(done.out)["count"] == count


def test_csv_has_a_row_for_each_slice(capsys: pytest.CaptureFixture[str]) -> None:
    lines = run(capsys, "analyze", UKRAINE, "--slices", "3", "-c", "gmr", "--format", "csv").out.splitlines()
    assert lines[0] == "slice,states,gmr"
    assert sum(int(line.split(",")[2]) for line in lines[1:]) == 15


def test_undecided_concept_is_reported(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    from detente.engine.symbolic.solver import SymbolicSolver
    from detente.errors import TooLargeError

    right = SymbolicSolver.equilibria_within

    def sometimes(self: SymbolicSolver, concept, pattern: str):
        if concept.id == "seq" and pattern[1] == "N":
            raise TooLargeError("the decision diagrams outgrew 7 nodes")
        return right(self, concept, pattern)

    monkeypatch.setattr(SymbolicSolver, "equilibria_within", sometimes)
    asked = ("analyze", UKRAINE, "--slices", "2", "--workers", "1", "--engine", "symbolic")
    done = run(capsys, *asked, "-c", "seq", "-c", "nash")
    assert done.code == 0
    assert "seq is undecided: the decision diagrams outgrew 7 nodes." in done.err
    assert "some slices are undecided" in done.out
    assert "is an equilibrium under Nash; undecided under SEQ." in done.out
    data = json.loads(run(capsys, *asked, "--format", "json").out)
    assert data["equilibria"]["seq"] is None
    assert data["equilibria"]["nash"]["count"] == 1


def test_verified_claims_are_reported(capsys: pytest.CaptureFixture[str]) -> None:
    done = run(capsys, "analyze", UKRAINE, "--slice", "N----------", "--slices", "2", "--verify", "--format", "json")
    assert done.code == 0
    assert "Verified " in done.err
    assert " of 252 states: " in done.err
    assert "not checked" not in done.err
    assert json.loads(done.out)["count"] == 252


def test_library_that_cannot_be_imported_is_reported(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from detente.engine import choice

    monkeypatch.setattr(choice, "symbolic_installed", lambda: False)
    assert run(capsys, "analyze", UKRAINE, "--slices", "2").code == 0
    done = run(capsys, "analyze", UKRAINE, "--slices", "2", "--engine", "symbolic")
    assert done.code == 1
    assert "the symbolic engine needs OxiDD, which cannot be imported on this machine" in done.err
