"""The conflict file: the example of the design as it stands there, every construct that it names, and its messages."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import jsonschema
import pytest
from ruamel.yaml import YAML

import detente as dt
from detente.io.yaml import schema
from tests.contracts.outside import RIVER, detente, river
from tests.unit.cli.running import run

HEAD = "format: detente/1\ntitle: T\n"
TWO = HEAD + "decision_makers:\n  i: {options: {a: A, b: B}, preferences: %s}\n  j: {options: [c]}\n"


def loaded(folder: Path, text: str) -> dt.Conflict:
    path = folder / "x.conflict.yaml"
    path.write_text(text, encoding="utf-8")
    return dt.load(path)


def test_example_of_the_contract_is_read_field_by_field(tmp_path: Path) -> None:
    conflict = dt.load(river(tmp_path))
    assert (conflict.title, conflict.as_of) == ("A river shared by two countries", "2024-05-01")
    assert conflict.summary == "Who may divert the water, and who stops whom."
    upstream, downstream = conflict.decision_makers
    assert [(maker.id, maker.name) for maker in (upstream, downstream)] == [
        ("upstream", "Upstream country"), ("downstream", "Downstream country"),
    ]  # fmt: skip
    assert [(option.id, option.name) for option in conflict.options] == [
        ("divert", "Divert the river"), ("compensate", "Pay compensation"), ("sanction", "Impose sanctions"),
    ]  # fmt: skip
    assert [(str(one.condition), one.support.evidence) for one in upstream.preferences.statements] == [
        ("divert", ()), ("not sanction", ()), ("if divert then compensate", ()), ("not compensate", ("s2",)),
    ]  # fmt: skip
    assert [str(rule) for rule in conflict.rules] == [
        "never: compensate and not divert", "at_most_one: [divert, sanction]",
    ]  # fmt: skip
    assert conflict.direction == {"divert": True}
    assert conflict.status_quo is not None
    assert conflict.status_quo.taken == frozenset()
    assert [(state.name, state.taken) for state in conflict.states] == [("stand-off", {"sanction"})]
    (source,) = conflict.sources
    assert (source.id, source.title, source.publisher, source.date, source.file) == (
        "daily", "Ministers trade warnings", "The Daily", "2024-04-30", "daily.txt",
    )  # fmt: skip
    first, second, third = conflict.statements
    assert (first.id, first.source, first.speaker, first.kind, first.quote, first.about) == (
        "s1", "daily", "downstream", "threat", "we will answer with sanctions", ("sanction",),
    )  # fmt: skip
    assert (second.contested_by, third.kind, third.about) == (("s3",), "claim", ("compensate",))


def test_example_has_no_faults_and_its_quotes_are_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    done = run(capsys, "check", river(tmp_path), "--format", "json")
    assert (done.code, done.err) == (0, "")
    data = json.loads(done.out)
    assert data["ok"]
    assert [one["message"] for one in data["findings"] if one["severity"] == "warning"] == [
        "the model does not use the statement 's1'"
    ]


def test_packaged_schema_accepts_the_example() -> None:
    assert Path(dt.__file__).parent in schema.PUBLISHED.parents
    published = json.loads(schema.PUBLISHED.read_text(encoding="utf-8"))
    data = json.loads(json.dumps(YAML(typ="safe", pure=True).load(RIVER), default=str))
    jsonschema.Draft202012Validator(published).validate(data)
    for broken in ({**data, "rulez": []}, {**data, "format": "detente/2"}, {**data, "statements": [{"kind": "shout"}]}):
        assert not jsonschema.Draft202012Validator(published).is_valid(broken)


@pytest.mark.parametrize("kind", [
    "demand", "offer", "refusal", "threat", "commitment", "condition", "claim", "justification", "withdrawal",
])  # fmt: skip
def test_statement_kinds_are_those_of_the_contract(kind: str, tmp_path: Path) -> None:
    conflict = loaded(tmp_path, TWO % "[a]" + f"statements:\n  - {{id: s1, speaker: i, kind: {kind}, quote: q}}\n")
    assert conflict.statements[0].kind == kind


@pytest.mark.parametrize(
    ("condition", "patterns"),
    [
        ("a", "YNN YYN YNY YYY"),
        ("not a", "NNN NYN NNY NYY"),
        ("a and b", "YYN YYY"),
        ("a or b", "YNN NYN YYN YNY NYY YYY"),
        ("if a then b", "NNN NYN YYN NNY NYY YYY"),
        ("a iff b", "NNN YYN NNY YYY"),
        ("not (a or b) and c", "NNY"),
        ("a and (b or c)", "YYN YNY YYY"),
        ("a or b and c", "YNN YYN YNY NYY YYY"),
    ],
)
def test_condition_filters_states_as_a_rule_and_ranks_them_as_a_preference(
    condition: str, patterns: str, tmp_path: Path
) -> None:
    """As a rule it leaves the states that meet it; as a preference it puts them first."""
    ruled = loaded(tmp_path, TWO % "[]" + f"rules: [{condition}]\n").analyze(["nash"])
    assert [state.pattern for state in ruled.states()] == patterns.split()
    graph = loaded(tmp_path, TWO % f"[{condition}]").graph()
    best = [state.pattern for state, rank in zip(graph.states, graph.ranks["i"], strict=True) if rank == 1]
    assert best == patterns.split()


EVIDENCE = """\
decision_makers:
  i:
    options: {a: {name: A, evidence: [s1]}, b: B}
    preferences: [{when: a, evidence: [s1]}, not b]
  j:
    options: {c: C}
    weights: [{when: c, weight: 2, evidence: [s1]}, {when: not a, weight: 1}]
  k: {ranking: {order: [1, [2, 3], 4, 5, 6, 7, 8], evidence: [s1]}}
  l: {payoffs: {1: 0, 2: 2.5, 3: 1, 4: 1, 5: 1, 6: 1, 7: 1, 8: -1/3}}
  m: {ranking: [[1, 2, 3, 4], NNY, named, [NYY, YYY]]}
  n: {weights: {a: 3, b and c: -0.5}}
  o: {payoffs: [8, 7, 6, 5, 4, 3, 2, 1]}
rules:
  - {never: a and b and c and not a, evidence: [s1]}
  - {if: a, then: a, evidence: [s1]}
  - always: a or not a
  - at_least_one: [a, not a]
  - exactly_one: [b, not b]
one_way: {a: {direction: [yes, no], evidence: [s1]}}
states: {named: [a, c]}
status_quo: {taken: [a], evidence: [s1]}
statements: [{id: s1, speaker: i, kind: claim, quote: q}]
"""


def test_evidence_is_read_in_all_four_forms_of_preferences(tmp_path: Path) -> None:
    conflict = loaded(tmp_path, HEAD + EVIDENCE)
    on = ("s1",)
    i, j, *others = conflict.decision_makers
    assert [option.support.evidence for option in conflict.options] == [on, (), ()]
    assert [one.support.evidence for one in i.preferences.statements] == [on, ()]
    assert [one.support.evidence for one in j.preferences.weights] == [on, ()]
    assert others[0].preferences.support.evidence == on
    assert [rule.support.evidence for rule in conflict.rules] == [on, on, (), (), ()]
    assert conflict.one_way[0].support.evidence == conflict.status_quo.support.evidence == on  # type: ignore[union-attr]
    assert conflict.direction == {"a": False}
    ranks = conflict.graph().ranks
    assert list(ranks["k"]) == [1, 2, 2, 3, 4, 5, 6, 7]
    assert list(ranks["l"]) == [3, 1, 2, 2, 2, 2, 2, 4]
    assert list(ranks["m"]) == [1, 1, 1, 1, 2, 3, 4, 4]
    # a is worth 3, and b with c takes half a point away.
    assert list(ranks["n"]) == [3, 1, 3, 1, 3, 1, 4, 2]
    assert list(ranks["o"]) == [1, 2, 3, 4, 5, 6, 7, 8]
    assert others[1].preferences.payoffs[-1][1] == Fraction(-1, 3)


def test_merged_states_count_as_one_state(tmp_path: Path) -> None:
    analysis = loaded(tmp_path, TWO % "[a]" + "merge: [c]\n").analyze(["nash"])
    assert [state.pattern for state in analysis.states()] == ["NNN", "YNN", "NYN", "YYN", "--Y"]


@pytest.mark.parametrize(("direction", "moves"), [("[no, yes]", {(1, 2)}), ("[yes, no]", {(2, 1)})])
def test_one_way_option_moves_in_one_direction_only(
    direction: str, moves: set[tuple[int, int]], tmp_path: Path
) -> None:
    text = HEAD + f"decision_makers: {{i: {{options: [a]}}}}\none_way: {{a: {direction}}}\n"
    assert {(arc.start, arc.end) for arc in loaded(tmp_path, text).graph().arcs} == moves


def test_fault_names_file_place_problem_and_suggestion(tmp_path: Path) -> None:
    file = river(tmp_path)
    Path(file).write_text(
        RIVER.replace("      - not sanction", "      - not sanctoin").replace("one_way:", "oneway:"), encoding="utf-8"
    )
    done = detente("analyze", file)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines() == [
        f"{file}:14:13: unknown option 'sanctoin' — did you mean 'sanction'?",
        f"{file}:26:1: unknown key 'oneway' — did you mean 'one_way'?",
        "2 faults.",
    ]


def test_option_identifiers_are_unique_in_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "x.conflict.yaml"
    file.write_text(HEAD + "decision_makers:\n  i: {options: [a]}\n  j: {options: [b, a]}\n", encoding="utf-8")
    done = run(capsys, "check", str(file))
    assert done.code == 1
    assert done.err.startswith(f"{file}:5:20: ")
    assert "'a'" in done.err
