"""Which engine ``auto`` takes."""

from __future__ import annotations

import sys
import tomllib
from importlib.util import find_spec
from pathlib import Path

import pytest

import detente as dt
from benchmarks.disputes import dispute
from detente.concepts import concept
from detente.engine import choice, memory, solver
from detente.engine.dense import suitability
from detente.errors import TooLargeError
from detente.model.conflict import Conflict

if find_spec("numba") is None:
    pytest.skip("the extra 'fast' is not installed", allow_module_level=True)


@pytest.fixture(autouse=True)
def small_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take what has more than ten options, or more than 2^10 states, for large."""
    monkeypatch.setattr(choice, "SMALL_OPTIONS", 0)
    monkeypatch.setattr(choice, "EXPLICIT_OPTIONS", 10)
    monkeypatch.setattr(choice, "DENSE_FROM", 2**11)


def chosen(conflict: Conflict, *concepts: str) -> str:
    return solver(conflict, concepts=[concept(name) for name in concepts]).name


def free(monkeypatch: pytest.MonkeyPatch, there: int) -> None:
    """Let so many bytes be free."""
    for module in (memory, suitability):
        monkeypatch.setattr(module, "memory_available", lambda: there)


def test_up_to_ten_options_go_to_arrays_and_more_to_diagrams(monkeypatch: pytest.MonkeyPatch) -> None:
    assert chosen(dispute(10, 2)) == "explicit"
    assert chosen(dispute(11, 2)) == "symbolic"
    assert chosen(dispute(12, 2)) == "symbolic"
    monkeypatch.setattr(choice, "symbolic_installed", lambda: False)
    assert chosen(dispute(12, 2)) == "explicit"


def test_library_that_cannot_be_imported_counts_as_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    unknown = choice.symbolic_installed.__wrapped__
    assert unknown()
    monkeypatch.setitem(sys.modules, "oxidd.bcdd", None)
    assert not unknown()


def test_decision_diagrams_come_with_every_installation() -> None:
    text = (Path(__file__).resolve().parents[2] / "pyproject.toml").read_text(encoding="utf-8")
    project = tomllib.loads(text)["project"]
    assert any(one.startswith("oxidd>=") for one in project["dependencies"])
    assert "symbolic" in project["optional-dependencies"]


def test_dispute_that_memory_cannot_hold_goes_to_diagrams(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choice, "EXPLICIT_OPTIONS", 12)
    assert chosen(dispute(12, 2)) == "explicit"
    free(monkeypatch, 100 * 2**20)
    assert chosen(dispute(12, 2)) == "symbolic"


def test_few_feasible_states_of_many_options_are_held_in_arrays() -> None:
    few = dispute(12, 2).replaced(rules=[dt.never(f"o{place}") for place in range(7)])
    assert not choice.is_dense(few)
    compiled = solver(few)
    assert compiled.name == "explicit"
    assert compiled.count == 2**5
    many = dispute(13, 2).replaced(rules=[dt.never("o0"), dt.never("o1")])
    assert chosen(many) == "symbolic"


def test_concept_of_one_engine_goes_to_that_engine() -> None:
    plain = dispute(12, 2)
    assert chosen(plain, "nash", "seq") == "symbolic"
    assert chosen(plain, "strong_gmr") == "explicit"
    assert plain.analyze(["strong_gmr"]).engine == "explicit"


@pytest.mark.parametrize(
    ("most", "changes"),
    [("LISTED_MERGED", {"merge": ["o0 and o1"]}), ("LISTED_TOGETHER", {"coalitions": [["d0", "d1"], ["d2"]]})],
)
def test_too_many_listed_moves_go_to_diagrams(
    monkeypatch: pytest.MonkeyPatch, most: str, changes: dict[str, list]
) -> None:
    conflict = dispute(8, 3).replaced(**changes)
    assert chosen(conflict) == "explicit"
    monkeypatch.setattr(choice, most, 7)
    assert chosen(conflict) == "symbolic"
    assert chosen(conflict.replaced(rules=[dt.never("o2"), dt.never("o3")])) == "explicit"
    assert chosen(conflict, "strong_gmr") == "explicit"


def test_concept_beyond_a_limit_goes_to_the_engine_that_decides_it(monkeypatch: pytest.MonkeyPatch) -> None:
    from detente.engine.dense import solver as dense

    monkeypatch.setattr(choice, "EXPLICIT_OPTIONS", 12)
    monkeypatch.setattr(dense, "MAX_GENERAL", 2**8)
    assert chosen(dispute(12, 2)) == "explicit"
    assert chosen(dispute(12, 2), "nash", "sim") == "explicit"
    assert chosen(dispute(12, 2), "nash", "seq_then_sim") == "symbolic"


def test_dispute_too_large_for_both_engines_reports_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    huge = dispute(40, 5)
    assert chosen(huge.replaced(coalitions=[["d0", "d1"], ["d2"], ["d3"], ["d4"]])) == "symbolic"
    with pytest.raises(TooLargeError, match="GiB"):
        solver(huge, concepts=[concept("strong_seq")])
    monkeypatch.setattr(choice, "symbolic_installed", lambda: False)
    with pytest.raises(TooLargeError, match=r"2\^40 combinations of options.* GiB; [\d,.]+ GiB are available"):
        solver(huge)


def test_nearest_and_best_equilibria_agree_between_engines() -> None:
    conflict = dispute(17, 3).replaced(status_quo=["o3", "o8"], rules=[dt.never("o1 and o2")])
    found = [conflict.analyze(["nash", "seq"], name) for name in ("explicit", "symbolic")]
    for name in ("nash", "seq"):
        by_cells, by_diagrams = (one.nearest(name) for one in found)
        assert by_cells[:2] == by_diagrams[:2]
        if by_cells.total <= len(by_cells.states):
            assert set(by_cells.states) == set(by_diagrams.states)
        else:
            assert len(by_cells.states) == len(by_diagrams.states)
        assert found[0].best(name, "d1").total == found[1].best(name, "d1").total
