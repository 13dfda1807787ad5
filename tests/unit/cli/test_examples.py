"""``detente examples``: the demo is written to one folder, and what it shows is there."""

from __future__ import annotations

from pathlib import Path

import pytest

import detente as dt
from tests.unit.cli.running import run


@pytest.fixture
def demo(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("DETENTE_BASE_URL", "DETENTE_MODEL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    assert run(capsys, "examples", "--demo", "demo").code == 0
    return tmp_path / "demo"


def test_demo_is_overwritten_only_with_force(demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert len(list((demo / "reports").glob("*.txt"))) == 3
    assert [one.name for one in demo.parent.iterdir()] == ["demo"]
    again = run(capsys, "examples", "--demo", "demo")
    assert again.code == 1
    assert "overwrite it with --force" in again.err
    assert run(capsys, "examples", "--demo", "demo", "--force").code == 0


def test_draft_of_the_demo_has_a_denial_a_withdrawal_and_a_copy(demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = run(capsys, "draft", "demo/reports", "-o", "demo/draft.conflict.yaml")
    assert made.code == 0, made.err
    conflict = dt.load(demo / "draft.conflict.yaml")
    assert [one.name for one in conflict.decision_makers] == ["Dockers' Union", "Sund Harbour", "Town council"]
    said = {one.id: one for one in conflict.statements}
    contested = [one for one in said.values() if one.contested_by]
    assert {one.quote for one in contested} == {
        "the union had promised in January to work on Sundays without overtime",
        "strikers had damaged a crane",
    }
    assert all(said[id].kind == "denial" for one in contested for id in one.contested_by)
    [offer, again] = [one for one in said.values() if one.withdrawn_by]
    assert again.nested_in in offer.withdrawn_by and again.withdrawn_by == offer.withdrawn_by
    assert offer.quote == "to hire twenty more dockers"
    [copy] = [one for one in said.values() if one.copy_of]
    assert said[copy.copy_of or ""].quote == copy.quote
    assert conflict.status_quo is not None
    assert conflict.status_quo.taken == {"strike"}
    # No denied promise, and no claim about the crane, is anything that a party wants.
    used = {id for _, support in conflict.supports() for id in support.evidence}
    assert not {one.id for one in contested} & used
    for command in ("check", "analyze", "explain"):
        assert run(capsys, command, "demo/draft.conflict.yaml").code == 0


def test_corrected_demo_quotes_its_reports_and_is_stuck(demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "check", "demo/corrected.conflict.yaml", "--strict").code == 0
    conflict = dt.load(demo / "corrected.conflict.yaml")
    analysis = conflict.analyze()
    assert analysis.status_quo is not None
    assert [one.number for one in analysis.equilibria("nash")] == [analysis.status_quo]
    assert not any(one.proposed for one in conflict.statements)
    # Before the offer was withdrawn, the harbour could still hire.
    assert "hire" in [one.id for one in conflict.at("2025-03-05").analyze().conflict.options]
