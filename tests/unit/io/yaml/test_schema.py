"""The published JSON Schema is the one that the code means, and it accepts what the reader accepts."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ruamel.yaml import YAML

from detente.errors import InputError
from detente.examples import catalogue, path
from detente.io.conflict_file import parse_conflict
from detente.io.yaml import schema
from tests.unit.io.test_conflict_file import RIVER

FAULTS = Path(__file__).parents[3] / "faults" / "files"
#: Faults of a kind that a schema can see.
SEEN = ["unknown-key-at-top", "title-missing", "no-decision-makers", "statement-kind", "decision-makers-as-a-list"]


def plain(text: str) -> Any:
    return json.loads(json.dumps(YAML(typ="safe", pure=True).load(text), default=str))


@cache
def validator() -> jsonschema.Draft202012Validator:
    found = json.loads(schema.PUBLISHED.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(found)
    return jsonschema.Draft202012Validator(found)


def test_published_schema_is_up_to_date() -> None:
    assert schema.PUBLISHED.read_text(encoding="utf-8") == schema.schema_text(), "run: python -m detente.io.yaml.schema"


@pytest.mark.parametrize("id", catalogue())
def test_catalogue_file_fits_the_schema(id: str) -> None:
    validator().validate(plain(path(id).read_text(encoding="utf-8")))


def test_short_forms_fit_the_schema() -> None:
    validator().validate(plain(RIVER))


@pytest.mark.parametrize("name", SEEN)
def test_faulty_file_does_not_fit_the_schema(name: str) -> None:
    data = plain((FAULTS / f"{name}.conflict.yaml").read_text(encoding="utf-8"))
    assert list(validator().iter_errors(data))


HEAD = "format: detente/1\ntitle: T\ndecision_makers:\n  i: {options: [a, b], %s}\n%s"
#: What a party may want, and what it may not; then what may stand in the file, and what may not.
WANTED = [
    "preferences: [a]", "preferences: [{when: a, note: 3}]", "payoffs: [1/2, 1, 2, 3]",
    "payoffs: ['1/2', 1, 2, 1e2]", "payoffs: [-1/2, +2, .5, 3.]", "payoffs: [1_000, 1, 2, 3]",
    "ranking: [1, [2, 3], 4]",
    "ranking: [YN, NY, NN, YY]", "weights: {a: 1/2, b: 2}", "weights: [{when: a, weight: 1/2}]", "preferences: null",
    "preferences: [a], name: 5", "preferences: [a], name: true",
]  # fmt: skip
NOT_WANTED = [
    "preferences: [[a]]", "payoffs: [1/0, 1, 2, 3]", "payoffs: [x, 1, 2, 3]", "payoffs: [true, 1, 2, 3]",
    "payoffs: [null, 1, 2, 3]", "payoffs: [[1], 1, 2, 3]", "weights: {a: x}", "weights: [{when: a, weight: x}]",
    "preferences: [a], name: [x]", "preferences: [a], foo: 1",
]  # fmt: skip
SAID = [
    "rules: [never: a and b]", "rules: null", "status_quo: [a]", "status_quo: null", "states: {x: [a]}", "states: null",
    "one_way: {a: [no, yes]}", "one_way: {a: [false, true]}", "as_of: 2024-05-01", "as_of: 2024", "as_of: '2024-05~'",
    "sources: [{id: 1, date: 2024}]", "statements: [{id: s, speaker: i, quote: 5}]", "summary: true", "dossier: null",
    "statements: [{id: 1, speaker: i, confidence: 1/2, in_doubt: yes, spans: [[1, 2]]}]", "speakers: {x: 5}",
    "rules: [{never: a, evidence: [1]}]\nstatements: [{id: 1, speaker: i}]", "sources: null", "views: null",
    "history: [{date: 2023, by: i, takes: a}]\nstatus_quo: [a]",
]  # fmt: skip
NOT_SAID = [
    "rules: [{nevr: a}]", "rules: {never: a}", "status_quo: {a: yes}", "states: [x]", "one_way: [a]", "as_of: [2024]",
    "undated: foo", "sources: {d: x}", "sources: [{title: x}]", "statements: [{id: s, speaker: i, kind: foo}]",
    "statements: [{id: s, speaker: i, spans: [1, 2]}]", "statements: [{id: s, speaker: i, spans: [[-1, 2]]}]",
    "statements: [{id: s, speaker: i, spans: [[a, 2]]}]", "statements: [{id: s, speaker: i, confidence: 2}]",
    "statements: [{id: s, speaker: i, in_doubt: maybe}]", "statements: [{id: s, speaker: i, quote: [x]}]",
    "statements: [{id: null, speaker: i}]", "summary: [x]", "speakers: [x]", "foo: 1", "history: {date: 2023}",
    "history: [{by: i}]", "attitudes: x",
]  # fmt: skip


def agreed(text: str) -> bool:
    """Whether a file is accepted: the schema and the loader must say the same."""
    fits = not list(validator().iter_errors(plain(text)))
    try:
        parse_conflict(text)
    except InputError:
        assert not fits, f"only the schema accepts\n{text}"
        return False
    assert fits, f"only the loader accepts\n{text}"
    return True


@pytest.mark.parametrize("wanted", WANTED)
def test_schema_and_loader_accept_the_same_preferences(wanted: str) -> None:
    assert agreed(HEAD % (wanted, ""))


@pytest.mark.parametrize("wanted", NOT_WANTED)
def test_schema_and_loader_refuse_the_same_preferences(wanted: str) -> None:
    assert not agreed(HEAD % (wanted, ""))


@pytest.mark.parametrize("said", SAID)
def test_schema_and_loader_accept_the_same_parts(said: str) -> None:
    assert agreed(HEAD % ("preferences: [a]", said + "\n"))


@pytest.mark.parametrize("said", NOT_SAID)
def test_schema_and_loader_refuse_the_same_parts(said: str) -> None:
    assert not agreed(HEAD % ("preferences: [a]", said + "\n"))
