"""The data made without positions is the data made with them, and whatever is at fault is left to these."""

from __future__ import annotations

from random import Random

import pytest

from detente.errors import InputError
from detente.examples import catalogue, path
from detente.io.yaml.parse import YamlDocument, _positioned, parse_yaml
from detente.io.yaml.plain import plain_data
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
