"""The commands and their flags: what there is, what goes where, and how it ends."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest
import typer

from detente.cli.commands import app
from tests.contracts.outside import detente, river
from tests.unit.cli.running import run

#: As the design lists them.
COMMANDS = [
    "check", "states", "analyze", "explain", "evolve", "coalitions", "robust", "invert", "perceive", "whose-word",
    "compare", "timeline", "concepts", "read", "link", "draft", "report", "serve", "import", "export", "examples",
]  # fmt: skip
#: Flags that are fixed, by command.
FLAGS = {
    "analyze": ["--concept", "--engine", "--verify", "--summary"],
    "robust": ["--samples", "--seed", "--workers", "--scheduler"],
    "invert": ["--state", "--concept"],
    "evolve": ["--from", "--to"],
    "report": ["--output", "--as", "--title", "--seed", "--samples", "--scenario"],
    "serve": ["--port", "--no-browser", "--read-only"],
}


def test_commands_equal_the_list_of_the_contract() -> None:
    assert sorted(typer.main.get_command(app).commands) == sorted(COMMANDS)  # type: ignore[attr-defined]
    listed = detente("--help", COLUMNS="120")
    assert listed.returncode == 0
    assert [name for name in COMMANDS if not re.search(rf"(?m)^  {name} +\S", listed.stdout)] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_every_help_lists_formats_and_common_flags(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    done = run(capsys, command, "--help")
    assert (done.code, done.err) == (0, "")
    assert "<table|json|csv>" in done.out
    assert [flag for flag in ["--format", *FLAGS.get(command, ())] if not re.search(rf"{flag}\b", done.out)] == []
    assert run(capsys, command, "--format", "yaml").code == 2


def test_results_go_to_stdout_and_messages_to_stderr(tmp_path: Path) -> None:
    file = river(tmp_path)
    found = detente("analyze", file, "--concept", "nash", "--verify", "--format", "csv")
    assert found.returncode == 0
    rows = list(csv.DictReader(io.StringIO(found.stdout)))
    assert [row["state"] for row in rows if row["nash"] == "True"] == ["YYN"]
    assert found.stderr.startswith("Verified")
    table = detente("analyze", file, "--concept", "nash")
    assert (table.returncode, table.stderr) == (0, "")
    assert "stand-off" in table.stdout
    written = detente("export", file, "-o", str(tmp_path / "river.gmcr"))
    assert (written.returncode, written.stdout) == (0, "")
    assert "river.gmcr" in written.stderr


def test_faulty_input_exits_with_1_and_a_message(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = river(tmp_path)
    done = detente("analyze", file + "x")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"{file}x: there is no such file — did you mean '{file}'?\n"
    for arguments, words in {
        ("explain", file, "--state", "stand-of"): "unknown state 'stand-of' — did you mean 'stand-off'?",
        ("analyze", str(tmp_path / "daily.txt")): f"{tmp_path / 'daily.txt'}:1:1: ",
    }.items():
        told = run(capsys, *arguments)
        assert (told.code, told.out) == (1, "")
        assert words in told.err


def test_wrong_usage_exits_with_2_and_a_suggestion(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = river(tmp_path)
    done = detente("analyse", file)
    assert (done.returncode, done.stdout) == (2, "")
    assert "analyze" in done.stderr
    for arguments, words in {
        ("analyze", file, "--concept", "nahs"): "nash",
        ("analyze", file, "--engine", "explict"): "explicit",
        ("analyze", file, "--formt", "json"): "--format",
    }.items():
        told = run(capsys, *arguments)
        assert (told.code, told.out) == (2, "")
        assert words in told.err


@pytest.mark.parametrize(
    ("arguments", "keys"),
    [
        (["analyze", "{river}", "--concept", "nash", "--concept", "seq", "--engine", "symbolic", "--verify"],
         {"engine": "symbolic"}),
        (["robust", "{river}", "--samples", "150", "--seed", "7", "--workers", "1", "-c", "nash"],
         {"samples": 150, "seed": 7}),
        (["invert", "{river}", "--state", "stand-off", "--concept", "gmr"], {"concept": "gmr"}),
        (["evolve", "{river}", "--from", "1", "--to", "equilibria"], {"by": "moves"}),
    ],
    ids=lambda each: each[0] if isinstance(each, list) else "",
)  # fmt: skip
def test_common_flags_have_their_documented_effect(
    arguments: list[str], keys: dict[str, object], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = river(tmp_path)
    done = run(capsys, *(part.format(river=file) for part in arguments), "--format", "json")
    assert done.code == 0, done.err
    data = json.loads(done.out)
    assert {key: data[key] for key in keys} == keys


def test_report_gives_a_chapter_to_scenarios_from_beside_the_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = river(tmp_path)
    asked = ("report", file, "--concept", "nash", "--samples", "100", "--format", "json")
    told = run(capsys, *asked, "--scenario", "Open canal")
    assert (told.code, told.out) == (1, "")
    assert "river.scenarios.yaml: there is no such file" in told.err
    (tmp_path / "river.scenarios.yaml").write_text(
        "format: detente-scenarios/1\nscenarios:\n"
        "  - {name: Open canal, off: [[rules, 0]]}\n  - {name: No threat, doubted: [s1]}\n"
    )
    told = run(capsys, *asked, "--scenario", "Open canel")
    assert (told.code, told.out) == (1, "")
    assert "unknown scenario 'Open canel' — did you mean 'Open canal'?" in told.err

    def headings(*chosen: str) -> list[str]:
        done = run(capsys, *asked, *chosen)
        assert done.code == 0, done.err
        return [one["text"] for one in json.loads(done.out)["rest"] if one["block"] == "heading"]

    without = headings()
    chosen = headings("--scenario", "No threat", "--scenario", "Open canal", "--scenario", "No threat")
    # Each once, in the order asked for.
    assert [one for one in chosen if one in ("No threat", "Open canal")] == ["No threat", "Open canal"]
    assert not {"No threat", "Open canal"} & set(without)


def test_missing_scheduler_is_reported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    done = run(capsys, "robust", river(tmp_path), "--samples", "100", "--scheduler", "tcp:/nowhere")
    assert (done.code, done.out) == (1, "")
    assert "tcp:/nowhere" in done.err
