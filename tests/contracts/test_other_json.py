"""The answers of the other commands: ``detente-<command>/1``, and every state as both its number and its letters."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import detente as dt
from tests.contracts.outside import STATES, loose_states, river
from tests.unit.cli.running import run


def numbered(name: str) -> dict[int, str]:
    return {state.number: state.pattern for state in dt.load(name).analyze(["nash"]).states()}


#: By command: uses that between them show every part of the answer. {river} is the example of the design.
ASKED = {
    "whose-word": [
        ["{river}", "--by", "speaker"],
        ["example:river-sharing", "--by", "speaker"],
    ],
    "robust": [["{river}", "--samples", "200"], ["example:chicken", "--samples", "200", "-c", "nash", "--state", "2"]],
    "evolve": [["{river}"], ["{river}", "--from", "stand-off", "--to", "3", "--by", "improvements"]],
    "coalitions": [["{river}"], ["example:elmira"]],
    "invert": [
        ["{river}", "--state", "stand-off", "--concept", "nash"],
        ["{river}", "--state", "stand-off", "--concept", "nash", "--third-party"],
        ["example:syria-iraq-1975", "--state", "water released", "--fixed", "iraq", "--fixed", "syria"],
        ["example:prisoners-dilemma", "--state", "1"],
    ],
    "perceive": [["{river}"], ["example:unforeseen-relocation"]],
    "compare": [["{river}", "{river}"], ["example:lake-gisborne-economy", "example:lake-gisborne-environment"]],
}  # fmt: skip


@pytest.mark.parametrize("command", ASKED)
def test_json_names_its_format_and_numbers_every_state(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = river(tmp_path)
    for use in ASKED[command]:
        arguments = [part.format(river=file) for part in use]
        done = run(capsys, command, *arguments, "--format", "json")
        assert (done.code, done.err) == (0, "")
        data = json.loads(done.out)
        assert next(iter(data)) == "format"
        assert data["format"] == f"detente-{command}/1"
        states = numbered(arguments[0])
        assert list(loose_states(data, states)) == []
        assert any(f'"state": "{pattern}"' in done.out for pattern in states.values())


def test_example_states_equal_the_contract(tmp_path: Path) -> None:
    assert numbered(river(tmp_path)) == STATES


def test_compared_versions_number_their_own_states(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What goes has the number that it had, what comes the one that it has; none where that version has no such state.

    Without rules the later version has eight states, and numbers them otherwise.
    """
    file = river(tmp_path)
    text = Path(file).read_text(encoding="utf-8").partition("rules:")
    later = tmp_path / "later.conflict.yaml"
    preferences = "[not divert, compensate, sanction iff divert and not compensate]"
    later.write_text(
        text[0].replace("[not divert, compensate, not sanction]", preferences).replace("evidence: [s2]", "note: x")
        + "status_quo: []\nstates: {deal: [divert, compensate]}\n"
    )
    data = json.loads(run(capsys, "compare", file, str(later), "-c", "nash", "--format", "json").out)
    before, after = STATES, numbered(str(later))
    assert after[5] == "NNY"
    found = data["equilibria"]["nash"]
    assert found["before"]
    assert found["after"]
    for state in (*found["before"], *found["went"]):
        assert before[state["number"]] == state["state"]
    for state in (*found["after"], *found["came"]):
        assert after[state["number"]] == state["state"]
    for change in data["changes"]:
        for part in ("alone", "needed_for"):
            for effect in (change[part] or {}).values():
                assert list(loose_states(effect["go"], before)) == list(loose_states(effect["come"], after)) == []


def test_whose_word_json_reports_the_status_quo(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = json.loads(run(capsys, "whose-word", river(tmp_path), "--by", "speaker", "--format", "json").out)
    assert data["status_quo"] == {"number": 1, "state": "NNN", "name": None}
    assert [side["status_quo"]["number"] for side in data["sides"]] == [1, 1]


@pytest.mark.parametrize("broken", [
    {"state": "YNN"},
    {"number": 2},
    {"number": 3, "state": "YNN"},
    {"number": None, "state": "YNN"},
    {"status_quo": 1},
    {"status_quo": "NNN"},
    {"equilibria": {"nash": ["NNN"]}},
    {"state": 2},
])  # fmt: skip
def test_loose_state_is_detected(broken: dict[str, object]) -> None:
    assert list(loose_states({"x": [broken]}, STATES))


def test_complete_state_is_not_a_loose_one() -> None:
    whole = [{"number": 2, "state": "YNN"}, {"number": None, "state": "YYY", "name": "x"}, {"pattern": "a YNN"}]
    assert list(loose_states(whole, STATES)) == []
