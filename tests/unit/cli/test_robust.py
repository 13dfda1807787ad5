"""``detente robust`` from the command line: what it says, what it takes, and how it refuses."""

from __future__ import annotations

import csv
import io
import json

import pytest

from tests.unit.cli.running import run

RIVER = "example:river-sharing"
FEW = ("--samples", "400")


def test_robust_answers_for_the_status_quo_and_a_state(capsys: pytest.CaptureFixture[str]) -> None:
    done = run(capsys, "robust", "example:ukraine-2023", *FEW, "-c", "seq")
    words = " ".join(done.out.split())
    assert words.startswith(
        "Parts of the model depend on statements that the analyst marks as disputed: s17, s18, s19 and s20 of Russia;"
    )
    assert "The status quo, ‘as reported’ (state 323), is an equilibrium in " in words
    assert "of 400 random variations of the preferences under SEQ." in words
    assert "The preferences that matter most" in words
    assert "Mallows model with dispersion 0.2" in words
    done = run(capsys, "robust", RIVER, *FEW, "-c", "nash", "--state", "deal")
    assert "‘deal’ (state 3) is an equilibrium in " in done.out


def test_robust_repeats_for_the_same_seed(capsys: pytest.CaptureFixture[str]) -> None:
    first, again, other = (
        run(capsys, "robust", RIVER, *FEW, "--format", "json", "--seed", seed).out for seed in ("1", "1", "2")
    )
    assert first == again
    assert first != other
    data = json.loads(first)
    assert (data["seed"], data["samples"], data["count"]) == (1, 400, 6)
    assert {"number", "state", "name", "met", "share", "interval", "as_written", "near_threshold", "turned_by"} == set(
        data["results"][0]["states"][0]
    )


def test_robust_accepts_each_kind_of_uncertainty(capsys: pytest.CaptureFixture[str]) -> None:
    settings = ("--dispersion", "0.5", "--dispersion", "upstream=0", "--keep", "0.8", "--ties", "broken")
    done = run(capsys, "robust", RIVER, *FEW, *settings, "--one-way", "both", "--threshold", "0.3", "--format", "json")
    data = json.loads(done.out)
    assert data["model"]["dispersion"] == {"upstream": 0.0, "downstream": 0.5}
    assert (data["model"]["keep"], data["model"]["ties"], data["threshold"]) == (0.8, "broken", 0.3)
    assert {one["one_way"] for one in data["results"]} == {"as-written", "open"}


def test_robust_without_uncertainty_has_one_profile(capsys: pytest.CaptureFixture[str]) -> None:
    done = run(capsys, "robust", RIVER, "--dispersion", "0", "--keep", "1", "-c", "nash", "--all")
    assert "the only variation" in done.out
    assert "100%" in done.out
    assert "may be chance" not in done.out


def test_robust_csv_has_every_state(capsys: pytest.CaptureFixture[str]) -> None:
    done = run(capsys, "robust", "example:ukraine-2023", *FEW, "-c", "nash", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(done.out)))
    assert len(rows) == 396
    assert [row["share"] for row in rows if row["name"] == "as reported"] != ["0.0"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--concept", "nahs"], "did you mean 'nash'"),
        (["--concept", "strong-gmr"], "unknown concept for random profiles"),
        (["--ties", "brokn"], "did you mean 'broken'"),
        (["--one-way", "opened"], "did you mean 'open'"),
        (["--dispersion", "much"], "not a number from 0 to 1, alone or as PARTY=NUMBER"),
        (["--dispersion", "upstream=1.2"], "not a number from 0 to 1, alone or as PARTY=NUMBER"),
        (["--keep", "2"], "--keep"),
        (["--threshold", "0"], "between 0 and 1"),
        (["--samples", "0"], "--samples"),
        (["--workers", "none"], "--workers"),
    ],
)
def test_robust_wrong_usage_exits_with_2(arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    done = run(capsys, "robust", RIVER, *arguments)
    assert (done.code, done.out) == (2, "")
    assert words in " ".join(done.err.replace("│", " ").split())
    assert "Error" in done.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--state", "dael"], "did you mean 'deal'"),
        (["--dispersion", "upstraem=0.1"], "did you mean 'upstream'"),
        (["--scheduler", "nowhere"], "'nowhere' is not a scheduler's address"),
    ],
)
def test_robust_faulty_request_exits_with_1(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    done = run(capsys, "robust", RIVER, *FEW, *arguments)
    assert (done.code, done.out) == (1, "")
    assert words in done.err
