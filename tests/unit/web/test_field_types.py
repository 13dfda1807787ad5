"""The TypeScript types of the front end agree with the table of fields."""

from __future__ import annotations

import re

import pytest

from detente.io.yaml.fields import Element
from detente.io.yaml.schema import ELEMENTS
from detente.web.field_types import GENERATED, field_types

INTERFACES = dict(re.findall(r"export interface (\w+) \{\n(.*?)\n\}", field_types(), re.DOTALL))


def test_the_generated_file_is_up_to_date() -> None:
    assert GENERATED.read_text(encoding="utf-8") == field_types(), "run: python -m detente.web.field_types"


@pytest.mark.parametrize("element", ELEMENTS, ids=lambda element: element.name)
def test_an_interface_has_the_fields_that_forms_change_and_no_others(element: Element) -> None:
    wanted = [key for key, one in element.by_key.items() if not (one.text_only or element.text_only)]
    assert re.findall(r"^  (\w+)\??:", INTERFACES.get(element.name, ""), re.MULTILINE) == wanted


@pytest.mark.parametrize(
    ("element", "line"),
    [
        ("Statement", "  id: string;"),
        ("Statement", "  contested_by?: string[];"),
        ("Statement", "  in_doubt?: boolean;"),
        ("Preference", '  strength?: "mild" | "strong";'),
        ("Conflict", "  statements?: Statement[];"),
        ("DecisionMaker", "  options?: Record<string, Option>;"),
    ],
)
def test_a_type_says_what_a_field_holds(element: str, line: str) -> None:
    assert line in INTERFACES[element].splitlines()
