"""Statements that go out come in again unchanged; files of other programs are read, and faults have lines."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest

import detente as dt
from detente.io.dossier_file import parse_dossier
from detente.io.exchange import COLUMNS, read_acts, read_statements
from detente.model.statements import STANCES, STATEMENT_KINDS, Source, Statement
from detente.render.export import export_text, import_acts, import_text

FORMATS = {"web-annotation": "x.jsonld", "statements-csv": "x.statements.csv", "statements-jsonl": "x.statements.jsonl"}
HOSTILE = [
    "=HYPERLINK(1)",
    "'=1+1",
    "''@x",
    "-2+3|cmd",
    '"a", b',
    "a\nb",
    "<b>&amp;",
    "…",
    "a … b",
    "not a cent",
    "ünï 💥",
]


def a_text(rng: Random) -> str:
    return rng.choice(HOSTILE) + rng.choice(["", " ", f" {rng.randrange(9)}"]).strip()


def a_dispute(rng: Random) -> Any:
    up = dt.DecisionMaker("up", "Up = country", options=["divert", "pay"], preferences=["divert"])
    down = dt.DecisionMaker("down", options=["sanction"], preferences=["not sanction"])
    sources = [Source("d1", title=a_text(rng), date="2024-05", url="https://example.org/1"), Source("d2", file="a.txt")]
    statements: list[Statement] = []
    for number in range(rng.randint(1, 5)):
        spans = ((3, 9), (20, 25))[: rng.randrange(3)]
        about = tuple(rng.sample(["divert", "pay", "sanction"], rng.randrange(4)))
        statements.append(
            Statement(
                f"s{number}",
                source=rng.choice(["d1", "d2"]),
                speaker=rng.choice(["up", "down", "envoy"]),
                speaker_text=rng.choice([None, a_text(rng)]),
                kind=rng.choice(STATEMENT_KINDS),
                quote=rng.choice([None, a_text(rng), "one … two"]),
                spans=spans,
                prefix=rng.choice([None, a_text(rng)]),
                suffix=rng.choice([None, a_text(rng)]),
                date_said=rng.choice([None, "2024-03-01", "2024-02~", "../2024"]),
                nested_in=rng.choice([None, *(one.id for one in statements)]),
                about=about,
                stances={one: rng.choice(STANCES) for one in about if rng.random() < 0.5},
                in_doubt=rng.random() < 0.3,
                confidence=rng.choice([None, 0.75]),
                note=rng.choice([None, a_text(rng)]),
            )
        )
    return dt.Conflict("T", [up, down], sources=sources, statements=statements, speakers={"envoy": "@Envoy"})


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("seed", range(40))
def test_statements_come_back_unchanged(format: str, seed: int, tmp_path: Path) -> None:
    conflict = a_dispute(Random(seed))
    path = tmp_path / FORMATS[format]
    path.write_text(export_text(conflict, format).text, encoding="utf-8", newline="")
    dossier = parse_dossier(import_text(path).text)
    # A prefix and a suffix are those of a quote.
    assert dossier.statements == conflict.statements
    used = {one.source for one in conflict.statements}
    assert sorted(dossier.sources, key=str) == sorted((one for one in conflict.sources if one.id in used), key=str)


@pytest.mark.parametrize("id", ["ukraine-2023", "nile-dam", "northern-ireland-1998"])
@pytest.mark.parametrize("format", FORMATS)
def test_statements_of_the_catalogue_come_back_unchanged(format: str, id: str, tmp_path: Path) -> None:
    conflict = dt.example(id)
    path = tmp_path / FORMATS[format]
    path.write_text(export_text(conflict, format).text, encoding="utf-8", newline="")
    assert read_statements(path).statements == conflict.all_statements


def test_table_neutralises_formulas() -> None:
    for seed in range(20):
        text = export_text(a_dispute(Random(seed)), "statements-csv").text
        cells = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
        assert not [cell for cell in cells if cell.startswith(("=", "@", "\t", "\r"))]


def test_table_has_a_row_for_each_concept_with_its_agreement() -> None:
    rows = list(csv.DictReader(io.StringIO(export_text(dt.example("ukraine-2023"), "statements-csv").text, newline="")))
    assert tuple(rows[0]) == COLUMNS
    condition = {row["concept"]: row["agreement"] for row in rows if row["id"] == "s21"}
    assert condition == {"ban-talks": "", "withdraw": "1", "territorial-reality": "0"}


def test_annotations_have_the_selectors_of_the_standard() -> None:
    page = json.loads(export_text(dt.example("nile-dam"), "web-annotation").text)
    assert page["@context"][0] == "http://www.w3.org/ns/anno.jsonld"
    kinds = {selector["type"] for item in page["items"] for selector in item["target"].get("selector", [])}
    assert kinds <= {"TextPositionSelector", "TextQuoteSelector"}
    assert "TextQuoteSelector" in kinds
    assert all(item["type"] == "Annotation" for item in page["items"])


def test_selectors_say_where_the_words_stand(tmp_path: Path) -> None:
    selectors = [
        {"type": "TextPositionSelector", "start": 12, "end": 22},
        {"type": "TextQuoteSelector", "exact": "not a cent", "prefix": "they said "},
    ]
    item = {
        "id": "https://example.org/anno/7",
        "type": "Annotation",
        "body": [{"type": "TextualBody", "purpose": "tagging", "value": "refusal"}],
        "target": {"source": "https://example.org/page", "selector": selectors},
    }
    path = tmp_path / "other.jsonld"
    path.write_text(json.dumps(item))
    dossier = read_statements(path)
    (one,) = dossier.statements
    assert (one.id, one.quote, one.spans, one.prefix, one.kind) == (
        "7",
        "not a cent",
        ((12, 22),),
        "they said ",
        "refusal",
    )
    assert dossier.sources[0].url == "https://example.org/page"


def test_table_of_another_program_is_read(tmp_path: Path) -> None:
    path = tmp_path / "dna.csv"
    path.write_text(
        "ID,Time,Person,Organisation,Concept,Agreement,Text\n"
        "1,2024-05-01 12:00:00,A. Minister,Ministry of Water,Divert the river,1,we will divert\n"
        "1,2024-05-01 12:00:00,A. Minister,Ministry of Water,Pay,0,we will divert\n"
        "2,,B. Envoy,,Pay,,pay now\n"
    )
    first, second = read_statements(path).statements
    assert (first.speaker, first.speaker_text, first.date_said) == ("ministry-of-water", "A. Minister", "2024-05-01")
    assert dict(first.stances) == {"divert-the-river": "for", "pay": "against"}
    assert (second.speaker, second.about, dict(second.stances)) == ("b.-envoy", ("pay",), {})


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("x.csv", "person,concept,agreement\na,b,1\na,b,maybe\n", "x.csv:3:1: 'maybe' is not an agreement"),
        ("x.csv", "person,date\na,May 2024\n", "x.csv:2:1: 'May 2024' is not a date"),
        ("x.csv", "persn\na\n", "did you mean 'person'"),
        ("x.csv", "", "has no statements"),
        (
            "x.csv",
            "person,kind\na,refusel\n",
            "x.csv:2:1: unknown kind of statement 'refusel' — did you mean 'refusal'?",
        ),
        ("x.jsonl", '{"person": "a"}\n{"person"\n', "x.jsonl:2:"),
        ("x.jsonl", "[1]\n", "x.jsonl:1:1: a line must be an object"),
        ("x.jsonld", "[" * 100_000, "x.jsonld:1:1: this JSON is nested too deeply"),
        ("x.jsonld", "[3]", "an annotation must be an object"),
        ("x.jsonl", '{"person": "a", "detente": "3"}', "must hold an object"),
    ],
)
def test_fault_names_file_line_and_nearest(name: str, text: str, told: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(dt.InputError) as error:
        read_statements(tmp_path / name)
    assert told in str(error.value)


FILE = """\
format: detente/1
title: T
decision_makers:
  up: {options: [divert], preferences: [divert]}  # a comment
  down: {options: [sanction], preferences: [not sanction]}
status_quo: [divert]
history:
  - {date: 2020, by: up, takes: [divert]}
"""


def tables(folder: Path, events: str, mapping: str) -> tuple[Path, Path, Path]:
    for name, text in (("events.csv", events), ("map.csv", mapping), ("t.conflict.yaml", FILE)):
        (folder / name).write_text(text)
    return folder / "events.csv", folder / "map.csv", folder / "t.conflict.yaml"


def test_acts_are_added_in_order_of_date(tmp_path: Path) -> None:
    events = "date,actor,action\n2022-03,D,lifts\n2021-05-01,D,imposes\n2021,X,speaks\n"
    found = import_acts(
        *tables(tmp_path, events, "actor,action,by,takes,drops\nD,imposes,down,sanction,\n,lifts,down,,sanction\n")
    )
    assert "# a comment" in found.text
    assert [warning for warning in found.warnings if "X: speaks" in warning]
    (tmp_path / "new.conflict.yaml").write_text(found.text)
    history = dt.load(tmp_path / "new.conflict.yaml").history
    assert [(act.date, act.by, act.takes, act.drops) for act in history] == [
        ("2020", "up", ("divert",), ()),
        ("2021-05-01", "down", ("sanction",), ()),
        ("2022-03", "down", (), ("sanction",)),
    ]
    again = import_acts(tmp_path / "events.csv", tmp_path / "map.csv", tmp_path / "new.conflict.yaml")
    assert again.text == found.text


@pytest.mark.parametrize(
    ("events", "mapping", "told"),
    [
        (
            "date,action\n2021,a\n",
            "action,by,takes\na,dwn,sanction\n",
            "map.csv:2:1: unknown decision maker 'dwn' — did you mean",
        ),
        (
            "date,action\n2021,a\n",
            "action,by,takes\na,down,sanctions\n",
            "unknown option 'sanctions' — did you mean 'sanction'",
        ),
        ("date,action\n2021-13,a\n", "action,by,takes\na,down,sanction\n", "events.csv:2:1: '2021-13' is not a date"),
        ("date,action\n2021/..,a\n", "action,by,takes\na,down,sanction\n", "events.csv:2:1: an act needs a date"),
        ("day,action\n2021,a\n", "action,by,takes\na,down,sanction\n", "the column 'date' is missing"),
        ("date,action\n2021,a\n", "action,by\na,down\n", "neither takes nor drops"),
    ],
)
def test_fault_of_a_table_of_acts_has_its_line(events: str, mapping: str, told: str, tmp_path: Path) -> None:
    one, two, into = tables(tmp_path, events, mapping)
    with pytest.raises(dt.InputError) as error:
        read_acts(one, two, dt.load(into))
    assert told in str(error.value)


def test_a_quote_with_other_parts_than_spans_stands_with_the_first(tmp_path: Path) -> None:
    conflict = a_dispute(Random(3))
    said = replace(conflict.statements[0], quote="a … b … c", spans=((0, 1), (4, 9)), prefix="p", suffix="q")
    path = tmp_path / "x.jsonld"
    path.write_text(export_text(conflict.replaced(statements=[said]), "web-annotation").text)
    assert read_statements(path).statements == (said,)
