"""The published JSON Schema is the one that the code means, and it accepts what the reader accepts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ruamel.yaml import YAML

from detente.examples import catalogue, path
from detente.io.yaml import schema
from tests.unit.io.test_conflict_file import RIVER

FAULTS = Path(__file__).parents[3] / "faults" / "files"
#: Faults of a kind that a schema can see.
SEEN = ["unknown-key-at-top", "title-missing", "no-decision-makers", "statement-kind", "decision-makers-as-a-list"]


def plain(text: str) -> Any:
    return json.loads(json.dumps(YAML(typ="safe", pure=True).load(text), default=str))


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
