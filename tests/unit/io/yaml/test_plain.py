"""The data made without positions is the data made with them, and whatever is at fault is left to these."""

from __future__ import annotations

from random import Random

import pytest
import yaml

from detente.errors import InputError
from detente.examples import catalogue, path
from detente.io.yaml import plain
from detente.io.yaml.parse import YamlDocument, _positioned, parse_yaml
from detente.io.yaml.plain import Size, plain_data
from detente.limits import MAX_RECORD_ELEMENTS, MAX_YAML_DEPTH, MAX_YAML_ELEMENTS

LIMITS = (MAX_YAML_DEPTH, MAX_YAML_ELEMENTS, MAX_RECORD_ELEMENTS)
PIECES = [
    *("&x ", "*x", "!!set ", "<<: ", "- ", "? ", "{", "}", "[", "]", ": ", ":", ",", "\n", "  ", "'", '"', "# ", "#"),
    *(
        "~",
        "null",
        "''",
        "---\n",
        "...\n",
        "%YAML 1.1\n",
        "|\n",
        ">-\n ",
        "\t",
        "\x85",
        "\u2028",
        "\ufeff",
        "\\n",
        "=",
        "a",
    ),
    *("yes", "0x1f", "é", "💥", "\\ud83d", '"\\x41"', "a: b", "[a: b]", "{a}", "{a: , b}", "@", "`", "%", "?", "!"),
]
SMALL = [
    "a: 1\nb: [x, 'y', \"z\"]\nc: {d: e, f: }\n",
    "- one\n- two: 2\n  three: |\n    text\n    more\n-\n- ~\n",
    '{"a": ["b", null], "c": {"d": ""}}',
    "a:\n- b\n- c: d\n  e: >\n   folded\n   text\n\nf: 'it''s'\n",
]


def positioned(text: str) -> YamlDocument | None:
    try:
        return _positioned(text, "t")
    except InputError:
        return None


def mutated(rng: Random, text: str) -> str:
    for _ in range(rng.randint(1, 3)):
        start = rng.randrange(len(text) + 1)
        end = min(len(text), start + rng.choice((0, 0, 1, 2, 8)))
        text = text[:start] + rng.choice([*PIECES, ""]) + text[end:]
    return text


@pytest.mark.parametrize("seed", range(4))
def test_plain_data_equals_data_with_positions_for_damaged_texts(seed: int) -> None:
    rng, compared = Random(seed), 0
    for _ in range(400):
        text = mutated(rng, rng.choice(SMALL))
        plain = plain_data(text, *LIMITS)
        if plain is None:
            continue
        slow = positioned(text)
        assert slow is not None, text
        assert (plain, []) == (slow.data, slow.faults), text
        compared += 1
    assert compared > 50


@pytest.mark.parametrize("id", catalogue())
def test_plain_data_of_every_example_is_complete(id: str) -> None:
    text = path(id).read_text(encoding="utf-8")
    assert plain_data(text, *LIMITS) == _positioned(text, id).data


RECORDS = """\
format: detente-dossier/1  # a comment
title: 'A: river'
sources:
- id: d1
  title: "Report: one"
- {id: d2, title: 'a ''quoted'' word'}

statements:
  # The first ones.
  - id: s1
    quote: it's "so", he said:no; a#b c:d
      and more of it
    about: [divert, null, a-b.c]
    spans: [[1, 20], [30, 41]]
    note:

  - id: 's2'
    quote: 'it''s
      said'
    note: "plain and
      folded"
    kind: ~
    copy_of: ''
  - id: s3
    note: |
      - id: none
    about:
      - one
  - {id: s4, about: []}
  - id: s5
    about: []
    date_said: 2022-03-01
skipped: []
"""
BROKEN = [
    *PIECES,
    "  - id: x\n",
    "\n  - ",
    "\nstatements:\n  - id: y\n",
    '"\n',
    "'\n    ",
    "    z: 1\n",
    "\n\n",
    " #",
    ": ",
]


def by_parser(text: str) -> object:
    """What the parser in C makes of a whole text; None where it needs positions or refuses it."""
    try:
        return plain._plain_events(yaml.cyaml.CParser(text).get_event, MAX_YAML_DEPTH, Size(*LIMITS[1:]))
    except (yaml.YAMLError, ValueError, TypeError):
        return None


def by_lines(text: str) -> object:
    try:
        return plain._by_lines(text, MAX_YAML_DEPTH, Size(*LIMITS[1:]))
    except (yaml.YAMLError, ValueError, TypeError):
        return None


def test_records_are_read_line_by_line_as_by_the_parser() -> None:
    found = by_lines(RECORDS)
    assert found == by_parser(RECORDS) is not None
    assert isinstance(found, dict)
    assert [one["id"] for one in found["statements"]] == ["s1", "s2", "s3", "s4", "s5"]


@pytest.mark.parametrize("seed", range(4))
def test_records_read_line_by_line_equal_the_parser_for_damaged_texts(seed: int) -> None:
    rng, compared = Random(seed), 0
    for _ in range(500):
        text = RECORDS
        for _ in range(rng.randint(1, 3)):
            start = rng.randrange(len(text) + 1)
            end = min(len(text), start + rng.choice((0, 0, 1, 2, 8, 40)))
            text = text[:start] + rng.choice([*BROKEN, ""]) + text[end:]
        found = by_lines(text)
        if found is not None:
            assert found == by_parser(text), text
            compared += 1
    assert compared > 80


JSON = """{"format": "detente-dossier/1", "sources": [{"id": "d1", "title": null, "x": true,
"y": [false, 1.50, -2e3, []]}],
 "statements": [{"id": "s\\u00e91", "spans": [[1, 2], [3, 4]], "quote": "a \\"b\\" \\\\ c\\n",
"about": {"o": null}}], "other": {}}"""
JSON_PIECES = ["true", "1", "{}", "[]", "null", '"a"', '"a": 1, ', "NaN", "\\ud83d", ""]


@pytest.mark.parametrize("seed", range(4))
def test_json_equals_the_parser_for_damaged_texts(seed: int) -> None:
    rng, compared = Random(seed), 0
    assert plain._json(JSON, MAX_YAML_DEPTH, Size(*LIMITS[1:])) == by_parser(JSON) is not None
    for _ in range(500):
        text = JSON
        for _ in range(rng.randint(1, 2)):
            start = rng.randrange(len(text) + 1)
            end = min(len(text), start + rng.choice((0, 0, 1, 2, 8)))
            more = rng.choice([*PIECES, *BROKEN, *JSON_PIECES])
            text = text[:start] + more + text[end:]
        found = plain._json(text, MAX_YAML_DEPTH, Size(*LIMITS[1:])) if text.startswith("{") else None
        if found is not None:
            assert found == by_parser(text), text
            compared += 1
    assert compared > 50


def test_json_beyond_a_limit_is_left_to_the_parser() -> None:
    deep = '{"a": ' + "[" * 59 + "]" * 59 + "}"
    assert plain._json(deep, 60, Size(*LIMITS[1:])) == by_parser(deep) is not None
    assert plain._json(deep, 59, Size(*LIMITS[1:])) is None
    text = '{"statements": [{"a": "b"}, {"a": ["b"]}], "x": [1, 2]}'
    for most, records in ((7, 9), (6, 9), (7, 8)):
        wanted = plain._plain_events(yaml.cyaml.CParser(text).get_event, 60, Size(most, records))
        assert plain._json(text, 60, Size(most, records)) == wanted


def test_limits_count_records_read_line_by_line() -> None:
    text = "statements:\n" + "- id: a\n  about: [b]\n" * 10 + "other: [a, a, a, a, a]\nsources:\n- id: b\n"
    for outside, records in ((13, 64), (12, 63), (12, 64), (11, 64), (12, 100)):
        sizes = [Size(outside, records) for _ in range(2)]
        wanted = plain._plain_events(yaml.cyaml.CParser(text).get_event, 60, sizes[0])
        found = plain._by_lines(text, 60, sizes[1])
        assert found == wanted, (outside, records)


LEFT = [
    *("", "x", "~", "a: 1\na: 2", "a: &x 1\nb: *x", "a: !!set {}", "? [a]\n: b", "{a: 1}\n---\n{}"),
    *("[" * 61 + "]" * 61, "a: 'x", "[a: {", "%YAML 1.1\n---\na: 1", "a: '\x85'", "a: b\tc"),
]


@pytest.mark.parametrize("text", LEFT)
def test_plain_data_leaves_what_needs_positions(text: str) -> None:
    assert plain_data(text, *LIMITS) is None


def test_plain_data_accepts_the_deepest_nesting() -> None:
    text = "[" * 60 + "]" * 60
    assert plain_data(text, *LIMITS) == _positioned(text, "t").data


def test_statements_have_a_limit_of_their_own() -> None:
    text = "statements:\n" + "- {id: a}\n" * 10 + "other: [a, a, a, a, a]\nsources: [b, b]\n"
    assert plain_data(text, 60, 12, 32) is not None
    assert plain_data(text, 60, 11, 32) is None, "the mapping, 3 keys, 3 lists, 5 items"
    assert plain_data(text, 60, 12, 31) is None, "10 statements of 3 elements, 2 sources"


def test_positions_are_found_when_a_fault_is_told() -> None:
    document = parse_yaml("a: 1\nb:\n  - c: x\n", "file")
    assert "places" not in vars(document)
    fault = document.located("wrong", ("b", 0, "c"))
    assert (fault.line, fault.column) == (3, 8)
