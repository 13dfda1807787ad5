"""Every command in every format: what it writes where, and how it ends."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shlex
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import typer

import detente as dt
from detente.cli.commands import COMMANDS as SUMMARIES
from detente.cli.commands import LazyCommands, app
from detente.io.conflict_file import dump_conflict
from detente.reading.documents import read_document
from detente.render.export import FORMATS
from detente.verification import other_concepts
from tests.unit.cli.running import run
from tests.unit.cli.terminal import shown_on_a_terminal

COMMANDS = sorted(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
RIVER = "example:river-sharing"
#: A sound use of every command.
USES = {
    "analyze": ["analyze", RIVER],
    "check": ["check", RIVER],
    "coalitions": ["coalitions", RIVER],
    "compare": ["compare", "example:lake-gisborne-economy", "example:lake-gisborne-environment"],
    "concepts": ["concepts"],
    "evolve": ["evolve", RIVER, "--by", "improvements"],
    "examples": ["examples"],
    "explain": ["explain", RIVER, "--state", "stand-off", "--dm", "upstream", "--concept", "seq"],
    "export": ["export", RIVER, "--to", "ranks-csv"],
    "import": ["import", "{gmcr}"],
    "invert": ["invert", RIVER, "--state", "deal", "--concept", "nash"],
    "link": ["link", "{dossier}"],
    "perceive": ["perceive", "example:unforeseen-relocation"],
    "read": ["read", "{report}"],
    "robust": ["robust", RIVER, "--samples", "500"],
    "states": ["states", RIVER],
    "timeline": ["timeline", RIVER, "--concept", "nash", "--party", "upstream"],
    "whose-word": ["whose-word", RIVER, "--concept", "nash", "--by", "speaker"],
}
#: What needs or makes more than a table, and is tried with it: a language model's server, a browser, a document.
ELSEWHERE = ["draft", "report", "serve"]


@pytest.fixture
def gmcr(tmp_path: Path) -> str:
    from detente.render.export import export_text

    path = tmp_path / "x.gmcr"
    path.write_text(export_text(dt.example("chicken"), "gmcr").text)
    return str(path)


def words(text: str) -> str:
    """A text without its line breaks."""
    return " ".join(text.split())


def test_every_command_has_a_use() -> None:
    assert sorted([*USES, *ELSEWHERE]) == COMMANDS


@pytest.mark.parametrize("format", ["table", "json", "csv"])
@pytest.mark.parametrize("command", USES)
def test_every_use_runs_in_every_format(
    command: str, format: str, gmcr: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = tmp_path / "report.txt"
    report.write_text("The mayor said the bridge is safe.")
    dossier = tmp_path / "reports.dossier.yaml"
    dossier.write_text(
        "format: detente-dossier/1\nactors: [{id: orr, name: Orr}, {id: lee, name: Ann Lee}]\n"
        "links: [{kind: same_as, first: orr, second: lee, confidence: 0.4}]\n"
    )
    files = {"gmcr": gmcr, "report": report, "dossier": dossier}
    done = run(capsys, *(part.format(**files) for part in USES[command]), "--format", format)
    assert done.code == 0, done.err
    assert done.out.strip()
    assert "\x1b" not in done.out + done.err
    if format == "json":
        data = json.loads(done.out)
        assert data["format"].startswith("detente-")
    if format == "csv":
        rows = list(csv.reader(io.StringIO(done.out)))
        assert len({len(row) for row in rows}) == 1
        assert len(rows) > 1


def test_analyze_prints_the_contract(capsys: pytest.CaptureFixture[str]) -> None:
    data = json.loads(run(capsys, "analyze", RIVER, "--format", "json").out)
    assert data == dt.example("river-sharing").analyze().to_dict()
    assert list(data) == [
        "format", "engine", "as_of", "dropped", "conflict", "count", "states", "status_quo", "stability", "equilibria",
    ]  # fmt: skip
    assert list(data["conflict"]) == ["title", "decision_makers", "options"]
    assert data["conflict"]["options"][0] == {"id": "divert", "owner": "upstream"}
    assert list(data["states"][0]) == ["number", "state", "taken", "name"]
    assert list(data["stability"]) == ["nash", "gmr", "smr", "seq", "sim", "sseq"]


def test_analyze_says_whether_the_dispute_is_stuck(capsys: pytest.CaptureFixture[str]) -> None:
    done = run(capsys, "analyze", "example:ukraine-2023", "-c", "nash", "-c", "seq")
    assert "Is it stuck? Yes. The status quo, ‘as reported’ (state 323), is an equilibrium" in words(done.out)
    assert "endorses none of them" in done.out


def test_reason_of_the_status_quo_is_the_same_for_any_concepts(capsys: pytest.CaptureFixture[str]) -> None:
    """If no party has an improvement, the answer says so, with or without Nash among the concepts."""
    done = run(capsys, "analyze", "example:ukraine-2023", "-c", "seq")
    assert "no party can do better by moving on its own" in words(done.out)
    assert "deterred" not in done.out


def test_undecided_state_is_not_called_unstable(capsys: pytest.CaptureFixture[str]) -> None:
    pennies = "example:matching-pennies"
    data = json.loads(run(capsys, "analyze", pennies, "-c", "non_myopic", "--format", "json").out)
    assert data["stability"]["non_myopic"] == {"row": [1, 4], "column": [2, 3]}
    assert data["cycles"]["non_myopic"]["row"] == [
        {"number": 2, "state": "YN", "length": 2},
        {"number": 3, "state": "NY", "length": 2},
    ]
    assert json.loads(run(capsys, "analyze", pennies, "-c", "non_myopic", "--summary", "--format", "json").out)[
        "cycles"
    ] == {"non_myopic": {"row": {"count": 2}, "column": {"count": 2}}}
    table = run(capsys, "analyze", pennies, "-c", "non_myopic").out
    assert "1, ~2" in table
    assert "~: the verdict repeats in a cycle." in words(table)
    rows = run(capsys, "analyze", pennies, "-c", "non_myopic", "--format", "csv").out.splitlines()
    assert rows[1].split(",")[3:] == ["True", "cycles", "False"]
    explained = json.loads(run(capsys, "explain", pennies, "-s", "1", "-c", "non_myopic", "--format", "json").out)
    row, column = explained["explanations"]
    assert row["stable"] is True
    assert row["expects"]["cycles"] is False
    assert column["stable"] is None
    assert column["expects"]["length"] == 2
    assert [one["leaves"] for one in column["expects"]["repeated"]] == [True, False]
    text = words(run(capsys, "explain", pennies, "-s", "1", "-d", "column", "-c", "non_myopic").out)
    verdict = "as the horizon grows, the verdict repeats every 2 horizons."
    assert f"Non-myopic stability gives no single verdict for Column at ‘both tails’ (state 1): {verdict}" in text
    assert "is not stable" not in text
    assert "cycles" in run(capsys, "explain", pennies, "-s", "1", "-c", "non_myopic", "--format", "csv").out


def test_anticipated_play_is_printed_move_by_move(capsys: pytest.CaptureFixture[str]) -> None:
    text = words(
        run(capsys, "explain", "example:chicken", "-s", "both swerve", "-d", "row", "-c", "limited_move_3").out
    )
    assert "is stable for Row when the parties look 3 moves ahead (L₃)." in text
    assert (
        "Row no longer swerves, then Column no longer swerves, then Row swerves again. The dispute would end at ‘only "
        "Row swerves’ (state 2). This is no better for Row than staying."
    ) in text
    assert "Experimental: after Kilgour (1985)" in text
    data = json.loads(
        run(capsys, "explain", "example:chicken", "-s", "4", "-d", "row", "-c", "limited_move_3", "-f", "json").out
    )
    assert [step["player"] for step in data["expects"]["steps"]] == ["row", "column", "row"]
    assert data["expects"]["end"]["number"] == 2


def test_attitudes_are_printed_and_refused_for_coalitions(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    conflict = dt.example("chicken")
    row, column = conflict.decision_makers
    hostile = conflict.replaced(
        decision_makers=[replace(row, attitudes={"column": "negative"}), column], status_quo=["swerve-row"]
    )
    path = tmp_path / "hostile.conflict.yaml"
    path.write_text(dump_conflict(hostile), encoding="utf-8")
    text = words(run(capsys, "explain", str(path), "-s", "4", "-d", "row", "-c", "relational_seq").out)
    assert "The attitudes of Row lead there: that state is no worse for Row and worse for Column." in text
    table = words(run(capsys, "analyze", str(path), "-c", "nash", "-c", "relational_nash").out)
    assert "With these attitudes Row would stay under RNash" in table
    assert "Experimental: RNash, after Inohara, Hipel & Walker (2007)" in table
    path.write_text(dump_conflict(hostile.replaced(coalitions=[["row", "column"]])), encoding="utf-8")
    done = run(capsys, "analyze", str(path), "-c", "relational_seq")
    assert done.code == 1
    assert "Use seq, or remove 'coalitions' from the file" in done.err


def test_experimental_concepts_are_marked(capsys: pytest.CaptureFixture[str]) -> None:
    done = run(capsys, "analyze", "example:elmira", "-c", "nash", "-c", "maximin_4")
    assert "Experimental: Maximin₄, after Rêgo & Vieira (2020)" in words(done.out)
    assert "Experimental" not in run(capsys, "analyze", "example:elmira").out


def test_summary_prints_patterns(capsys: pytest.CaptureFixture[str]) -> None:
    data = json.loads(run(capsys, "analyze", RIVER, "--summary", "--format", "json").out)
    assert data["states"] is None
    assert data["stability"]["nash"] == {"upstream": None, "downstream": None}
    assert set(data["equilibria"]["nash"]) == {"count", "patterns"}
    assert run(capsys, "analyze", RIVER, "--summary").code == 0


def test_explain_names_options_and_quotes(capsys: pytest.CaptureFixture[str]) -> None:
    done = run(capsys, "explain", RIVER, "--state", "NNN", "--dm", "upstream", "--concept", "nash")
    assert "is not Nash stable for Upstream country" in done.out
    assert "Upstream country diverts the river" in done.out
    assert "• Upstream country, commitment: “the canal will be dug this year” [s4, daily]" in words(done.out)
    data = json.loads(
        run(capsys, "explain", RIVER, "--state", "1", "--dm", "upstream", "--concept", "nash", "-f", "json").out
    )
    (explained,) = data.get("explanations", [data])
    assert explained["stable"] is False
    assert explained["improvements"][0]["changes"] == [{"option": "divert", "from": "N", "to": "Y"}]


def test_explain_starts_with_the_status_quo(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "explain", RIVER) == run(capsys, "explain", RIVER, "--state", "status quo")


@pytest.mark.parametrize("columns", ["72", "120"])
def test_columns_of_the_environment_set_the_width(
    columns: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    lines = run(capsys, "explain", "example:ukraine-2023").out.splitlines()
    assert int(columns) - 20 < max(map(len, lines)) <= int(columns)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["analyze", "nowhere.conflict.yaml"], "there is no such file"),
        (["analyze", "example:elmirra"], "did you mean 'elmira'"),
        (["explain", RIVER, "--state", "99"], "numbered from 1 to"),
        (["explain", "example:chicken"], "no status quo is given"),
        (["explain", RIVER, "--state", "stand-of"], "did you mean 'stand-off'"),
        (["explain", RIVER, "--state", "1", "--dm", "upstraem"], "did you mean 'upstream'"),
        (["examples", "elmirra"], "did you mean 'elmira'"),
        (["import", "nowhere.gmcr"], "there is no such file"),
        (["export", RIVER, "--to", "nfg"], "normal form"),
        (["evolve", RIVER, "--to", "dael"], "did you mean 'deal'"),
        (["whose-word", RIVER, "--doubt", "s99"], "unknown statement 's99'"),
        (["whose-word", RIVER, "--doubt", "s2", "--believe", "s2"], "cannot be both believed and doubted"),
        (["analyze", "example:elmira", "--concept", "limited_move_3"], "Use maximin_3"),
        (["explain", "example:elmira", "--state", "1", "--concept", "non_myopic"], "Use maximin_4"),
        (["invert", RIVER, "--state", "dael"], "did you mean 'deal'"),
        (["invert", RIVER, "--state", "deal", "--fixed", "upstraem"], "did you mean 'upstream'"),
        (["invert", RIVER, "--state", "deal", "--cost", "upstream=-1"], "must be more than 0"),
        (["invert", RIVER, "--state", "deal", "--cost", "upstream=dear"], "must be a number"),
    ],
)
def test_faulty_input_exits_with_1(arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    done = run(capsys, *arguments)
    assert done.code == 1
    assert not done.out
    assert words in done.err


@pytest.mark.parametrize(
    "arguments",
    [
        ["analyse", RIVER],
        ["analyze"],
        ["analyze", RIVER, "--format", "xml"],
        ["analyze", RIVER, "--concept", "nsh"],
        ["analyze", RIVER, "--concept", "limited_move"],
        ["analyze", RIVER, "--concept", "limited_move_0"],
        ["analyze", RIVER, "--engine", "steam"],
        ["export", RIVER],
        ["export", RIVER, "--to", "word"],
        ["whose-word", RIVER, "--by", "weather"],
        ["evolve", RIVER, "--by", "wishes"],
        ["coalitions", RIVER, "--concept", "sim"],
        ["invert", RIVER],
        ["invert", RIVER, "--state", "deal", "--concept", "sim"],
        ["invert", RIVER, "--state", "deal", "--cost", "upstream"],
    ],
)
def test_wrong_usage_exits_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    done = run(capsys, *arguments)
    assert done.code == 2
    assert not done.out
    assert done.err


@pytest.mark.parametrize("command", [*USES, *ELSEWHERE])
def test_empty_file_name_is_refused_by_every_command(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It stands for the folder that one is in, whose only dispute was analysed where a variable was not set."""
    (tmp_path / "only.conflict.yaml").write_text(dump_conflict(dt.example("chicken")), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    needed = {"explain": ["--state", "1"], "invert": ["--state", "1"], "export": ["--to", "dot"], "compare": [RIVER]}
    for arguments in [["", *needed.get(command, [])], [*needed.get(command, []), ""]]:
        done = run(capsys, command, *arguments)
        assert (done.code, done.out) == (2, "")
        assert "the name is empty" in done.err


def test_empty_file_name_among_others_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "analyze", RIVER, "").code == 2
    for read in (dt.load, read_document):
        with pytest.raises(dt.InputError, match="the name is empty"):
            read("")
    assert "the name is empty" in str(dt.analyze_all([""]).faults[0])


def test_export_of_a_report_format_names_the_report_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def refused(*arguments: str) -> str:
        done = run(capsys, *arguments)
        assert done.code == 2
        return " ".join(done.err.replace("│", " ").split())

    assert "'detente report -o t.tex' writes a report" in refused("export", RIVER, "-o", str(tmp_path / "t.tex"))
    assert "detente report" not in refused("export", RIVER, "-o", str(tmp_path / "t.xlsx"))
    for ending in (".xlsx", ".gmcr", ""):
        said = refused("report", RIVER, "-o", str(tmp_path / f"t{ending}"))
        assert "'detente export' writes .gmcr, .states.csv, .ranks.csv, .stability.csv, .graphml, .dot" in said


def test_check_groups_the_warnings_of_unused_statements(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A fresh draft had one line for each of them, and its other warnings were lost among these."""
    said = "".join(f"  - {{id: s{place}, speaker: i, quote: we will not}}\n" for place in range(1, 25))
    path = tmp_path / "draft.conflict.yaml"
    path.write_text(
        "format: detente/1\ntitle: T\ndecision_makers:\n  i: {options: [a], preferences: [a]}\n  j: {options: [b]}\n"
        f"statements:\n{said}"
    )
    done = run(capsys, "check", str(path))
    words = " ".join(done.out.replace("│", " ").split())
    assert "The model does not use 24 statements: s1, s2, s3 and 21 more" in words.replace("'", "")
    assert words.count("The model does not use") == 1
    single = json.loads(run(capsys, "check", str(path), "--format", "json").out)["findings"]
    alone = [one for one in single if one["message"].startswith("the model does not use")]
    assert [(one["line"], one["message"]) for one in alone][23] == (30, "the model does not use the statement 's24'")
    assert len(alone) == 24


def test_check_groups_the_warnings_of_proposed_evidence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A fresh draft of a dozen options had two dozen of these lines before the one that named a real fault."""
    options = "".join(f"      o{place}: {{evidence: s1}}\n" for place in range(1, 6))
    path = tmp_path / "draft.conflict.yaml"
    path.write_text(
        f"format: detente/1\ntitle: T\ndecision_makers:\n  i:\n    options:\n{options}    preferences: [o1]\n"
        "  j: {options: [b]}\nstatements:\n  - {id: s1, speaker: i, quote: we will, proposed: true}\n"
    )
    words = " ".join(run(capsys, "check", str(path)).out.replace("│", " ").split())
    assert (
        "5 parts of the model have only proposed evidence, which no person has accepted: the option 'o1', the option "
        "'o2', the option 'o3' and 2 more" in words
    )
    assert words.count("only proposed evidence") == 1
    assert "No party's preferences mention the option 'o2'" in words
    single = json.loads(run(capsys, "check", str(path), "--format", "json").out)["findings"]
    assert sum("only proposed evidence" in one["message"] for one in single) == 5


def test_check_lists_faults_with_places(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "river one.conflict.yaml"
    path.write_text(
        "format: detente/1\ntitle: T\ndecision_makers:\n  i: {options: [a], preferences: [b]}\nrules: [x]\n"
    )
    done = run(capsys, "check", str(path))
    assert done.code == 1
    assert done.err.count(str(path)) == 2
    assert "2 faults" in done.err
    data = json.loads(run(capsys, "check", str(path), "--format", "json").out)
    assert data["ok"] is False
    assert [finding["line"] for finding in data["findings"]] == [4, 5]


@pytest.mark.parametrize("format", FORMATS)
def test_export_to_a_file(format: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / f"out{FORMATS[format][0]}"
    done = run(capsys, "export", "example:chicken", "-o", str(target))
    assert done.code == 0
    assert not done.out
    assert f"wrote {target}" in done.err
    # The game has no statements, so there are no lines.
    assert target.read_text(encoding="utf-8") or format == "statements-jsonl"
    assert run(capsys, "export", "example:chicken", "-o", str(tmp_path / "no" / "x.dot")).code == 1


@pytest.mark.parametrize("concept", ["fuzzy_nash", "relational_seq"])
def test_analyze_exits_with_1_if_nothing_could_be_verified(
    concept: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    done = run(capsys, "analyze", RIVER, "--concept", concept, "--verify")
    assert (done.code, "Verified 12 verdicts on every state" in done.err) == (0, True)
    monkeypatch.setattr(other_concepts, "MAX_STATES", 3)
    done = run(capsys, "analyze", RIVER, "--concept", concept, "--verify")
    reason = f"{TOO_LARGE}, and the conflict has 6"
    assert (done.code, done.err.splitlines()[-1]) == (1, f"Not verified: {reason}.")
    assert "feasible states" in done.out
    both = run(capsys, "analyze", RIVER, "--concept", concept, "--concept", "nash", "--verify")
    assert both.code == 0
    assert "Verified 12 verdicts on every state" in both.err
    assert f"12 not checked: {reason}." in both.err


TOO_LARGE = "concepts for uncertain preferences, attitudes or longer foresight are checked up to 3 states"


def test_analyze_of_several_exits_with_1_if_one_could_not_be_verified(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(other_concepts, "MAX_STATES", 3)
    asked = ("--concept", "fuzzy_nash", "--verify", "--workers", "1")
    done = run(capsys, "analyze", RIVER, "example:chicken", *asked, "--format", "json")
    assert (done.code, done.err.count(f"Not verified: {TOO_LARGE}")) == (1, 2)
    assert len(json.loads(done.out)["conflicts"]) == 2


@pytest.mark.parametrize("engine", ["explicit", "symbolic"])
def test_analyze_verifies(engine: str, capsys: pytest.CaptureFixture[str]) -> None:
    done = run(capsys, "analyze", RIVER, "--engine", engine, "--verify", "--format", "json")
    assert done.code == 0
    assert json.loads(done.out)["engine"] == engine
    assert "Verified" in done.err
    assert "every state" in done.err


def test_failed_verification_exits_with_1(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    from detente.engine.symbolic.solver import SymbolicSolver

    right = SymbolicSolver.why
    monkeypatch.setattr(
        SymbolicSolver, "why", lambda self, *asked: replace(right(self, *asked), stable=True, improvements=())
    )
    done = run(capsys, "analyze", RIVER, "--engine", "symbolic", "--verify")
    assert done.code == 1
    assert "failed verification" in done.err
    assert "Traceback" not in done.err


def test_analyze_describes_more_states_than_can_be_listed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = "".join(f"      o{place}: Concession {place}\n" for place in range(30))
    (tmp_path / "wide.conflict.yaml").write_text(
        "format: detente/1\ntitle: Wide\ndecision_makers:\n  one:\n    options:\n"
        f"{options}    preferences: [o0 and o1, not o2]\n"
        "  two:\n    options: {p: Protest}\n    preferences: [o0 iff p]\nstatus_quo: []\n"
    )
    file = str(tmp_path / "wide.conflict.yaml")
    told = run(capsys, "analyze", file)
    assert told.code == 0
    assert "2,147,483,648 feasible states" in told.out
    assert "YYN---------------------------Y" in told.out
    assert "The nearest are 3 options from the status quo:" in words(told.out)
    data = json.loads(run(capsys, "analyze", file, "--format", "json").out)
    assert data["engine"] == "symbolic"
    assert data["states"] is None
    assert data["equilibria"]["nash"] == {"count": 2**27, "patterns": ["YYN---------------------------Y"]}
    assert run(capsys, "analyze", file, "--format", "csv").code == 1


def test_import_and_analyze(gmcr: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "y.conflict.yaml"
    assert run(capsys, "import", gmcr, "-o", str(target)).code == 0
    before = run(capsys, "analyze", gmcr, "--format", "json").out
    assert run(capsys, "analyze", str(target), "--format", "json").out == before


HOSTILE = ["<script>alert(1)</script>", "[bold red]x[/]", "\u202eevil", "\x1b[31mred\x1b[0m", "x" * 10_000, "a\nb"]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_printed_as_text(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    conflict = dt.Conflict(
        name,
        [dt.DecisionMaker("i", name, options={"a": name}, preferences=["a"])],
        states={name: ["a"]},
        status_quo=[],
    )
    path = tmp_path / "hostile.conflict.yaml"
    from detente.io.conflict_file import write_conflict

    write_conflict(conflict, path)
    for arguments in (["analyze"], ["states"], ["check"], ["explain", "--state", "1"]):
        done = run(capsys, arguments[0], str(path), *arguments[1:])
        assert done.code == 0, done.err
        assert "\x1b" not in done.out
        assert "\u202e" not in done.out
        if name.startswith("["):
            assert "[bold red]" in done.out
    data = json.loads(run(capsys, "analyze", str(path), "--format", "json").out)
    assert data["conflict"]["title"] == name


@pytest.mark.parametrize("command", [*USES, *ELSEWHERE])
def test_example_in_the_help_runs(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # Some examples write a file.
    monkeypatch.chdir(tmp_path)
    done = run(capsys, command, "--help")
    assert done.code == 0
    text = " ".join(re.sub(r"[│╭╮╰╯─]", " ", done.out).split())
    found = re.search(r"Example: detente (.*?)(?= Arguments| Options)", text)
    assert found, text
    example = shlex.split(found[1].partition(" > ")[0])
    if any(
        word.endswith((".gmcr", ".graphml", ".txt", ".dossier.yaml")) or word == "river.conflict.yaml"
        for word in example
    ):
        return
    assert run(capsys, *example).code == 0


def detente(*arguments: str, **more: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "detente", *arguments], capture_output=True, text=True, check=False, **more
    )  # type: ignore[call-overload,no-any-return]


def test_shell_completion_script_is_printed() -> None:
    environment = {**os.environ, "_DETENTE_COMPLETE": "complete_bash", "COMP_WORDS": "detente an", "COMP_CWORD": "1"}
    done = subprocess.run(
        [sys.executable, "-c", "import sys; sys.argv[0] = 'detente'; from detente.cli import main; main()"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "analyze" in done.stdout


def test_closed_pipe_is_not_an_error() -> None:
    pipe = f"{shlex.quote(sys.executable)} -m detente states example:ukraine-2023 --format csv | head -n 1"
    done = subprocess.run(["bash", "-c", f"set -o pipefail; {pipe}"], capture_output=True, text=True, check=False)
    assert done.stdout.startswith("number,state")
    assert not done.stderr


def test_colour_is_printed_on_a_terminal_only() -> None:
    environment = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "FORCE_COLOR")}
    shown = shown_on_a_terminal(("analyze", "example:chicken"), {**environment, "TERM": "xterm-256color"})
    assert b"\x1b[" in shown
    assert "\x1b" not in detente("analyze", "example:chicken").stdout


def test_version_is_printed() -> None:
    assert detente("--version").stdout == f"detente {dt.__version__}\n"


def test_count_of_one_is_printed_in_the_singular(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "x.conflict.yaml"
    path.write_text("format: detente/1\ntitle: T\ndecision_makers: {i: {options: {a: A}, preferences: [a]}}\n")
    assert "T: 1 decision maker, 1 option, no rules, no statements." in run(capsys, "check", str(path)).out


@pytest.mark.parametrize("title", ["title:", 'title: ""', 'title: "  "', "title: null"])
def test_check_warns_of_an_empty_title(title: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "x.conflict.yaml"
    path.write_text(f"format: detente/1\n{title}\ndecision_makers: {{i: {{options: {{a: A}}, preferences: [a]}}}}\n")
    done = run(capsys, "check", str(path), "--format", "json")
    assert done.code == 0
    (finding,) = json.loads(done.out)["findings"]
    assert (finding["severity"], finding["line"]) == ("warning", 2)
    assert finding["message"].startswith("the title is empty")
    assert run(capsys, "check", str(path)).out.splitlines()[1].startswith("Untitled: ")
    assert run(capsys, "analyze", str(path)).code == 0


def test_unknown_file_extension_names_the_known_ones(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    done = run(capsys, "export", RIVER, "-o", str(tmp_path / "x.foo"))
    assert done.code == 2
    assert ".graphml" in done.err
    assert ".states.csv" in done.err


def test_analyze_names_parties_without_known_preferences(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "port.conflict.yaml"
    makers = [
        dt.DecisionMaker("a", "The union", [dt.Option("x")]),
        dt.DecisionMaker("b", "The bank", preferences=["x"]),
    ]
    file.write_text(dump_conflict(dt.Conflict(title="Port", decision_makers=makers)), encoding="utf-8")
    done = run(capsys, "analyze", str(file))
    assert done.code == 0
    assert "Note: no preferences known for The union: every state counts as equally good for it." in done.out
    assert "no preferences known for The union:" in run(capsys, "analyze", str(file), "--format", "csv").err
    assert "No preferences known for The union:" in run(capsys, "check", str(file)).out


@pytest.mark.parametrize("name", SUMMARIES)
def test_no_parameter_asks_typer_to_check_a_path(name: str) -> None:
    """`detente.cli.commands.ReadyValues` passes a path on as it is."""
    for parameter in LazyCommands()[name].params:
        kind = parameter.type_descriptor  # type: ignore[attr-defined]
        if kind.annotation is Path:
            asked = kind.parameter_info
            assert (asked.exists, asked.file_okay, asked.dir_okay, asked.readable) == (False, True, True, True)
            assert (asked.writable, asked.resolve_path, asked.allow_dash, asked.path_type) == (False,) * 3 + (None,)


def test_listing_the_commands_loads_none_of_them() -> None:
    listed = (
        "import sys; sys.argv = ['detente', '--help']\nfrom detente.cli import main\ntry: main()\nexcept SystemExit: "
    )
    code = f"{listed}print('detente.cli.analyze' in sys.modules, 'detente.analysis' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "whose-word" in done.stdout
    assert done.stdout.splitlines()[-1] == "False False"


@pytest.mark.parametrize("name", COMMANDS)
def test_the_first_line_of_a_command_has_at_most_ten_words(name: str) -> None:
    assert 0 < len(SUMMARIES[name].split()) <= 10


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_listed_with_its_own_help(name: str) -> None:
    assert SUMMARIES[name] == (LazyCommands()[name].help or "").splitlines()[0]
