"""Whatever a file holds, reading it ends with a conflict or with faults that say where.

A few seconds in the test suite; ``DETENTE_FUZZ_SECONDS=300 pytest tests/fuzz`` goes on for longer.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import detente as dt
from detente.examples import catalogue, path
from detente.io.conflict_file import parse_conflict
from detente.io.gmcr import parse_gmcr
from detente.io.yaml.schema import ELEMENTS
from detente.render.export import export_text
from tests.examples import examples

SECONDS = float(os.environ.get("DETENTE_FUZZ_SECONDS", "0"))
KEYS = sorted({key for element in ELEMENTS for key in element.by_key})
WORDS = [
    *("a", "b", "c", "not a", "a and b", "if a then not b", "a iff (b or c)", "detente/1", "YN", "s1", "status_quo"),
    *("Y-N", "1", "0.5", "-3/4", "yes", "no", "~", "2023-07-28", "", "&x", "*x", "!!set", "<<", "- ", "?", "{", "]"),
    *("\t", "\u202e", "💥"),
]
MARKS = [":", ",", "\n", "  ", "'", '"', "#"]

scalars = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.sampled_from(WORDS), st.text(max_size=12))
structures = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.sampled_from(KEYS + WORDS), inner, max_size=5)
    ),
    max_leaves=25,
)
needed = st.fixed_dictionaries(
    {"format": st.just("detente/1"), "title": st.one_of(st.just("T"), structures), "decision_makers": structures}
)
# A few keys of all that there are: to draw something for each takes longer than to read it.
conflicts = st.builds(dict.__or__, st.dictionaries(st.sampled_from(KEYS), structures, max_size=6), needed)
VALID = [path(id).read_text(encoding="utf-8") for id in catalogue()]
GMCR = [export_text(dt.load(f"example:{id}"), "gmcr").text for id in ("elmira", "chicken")]


@st.composite
def mutated(draw: st.DrawFn, texts: list[str]) -> str:
    """One of the texts with a few pieces cut out, doubled, moved or replaced."""
    text = draw(st.sampled_from(texts))
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.one_of(st.integers(0, 3), st.integers(0, 200))))
        piece = text[start:end]
        where = draw(st.integers(0, len(text)))
        text = draw(
            st.sampled_from(
                [
                    text[:start] + text[end:],
                    text[:end] + piece + text[end:],
                    text[:where] + piece + text[where:],
                    text[:start]
                    + draw(st.sampled_from([*WORDS, *KEYS, ":", ",", "\n", "  ", "'", '"', "#"]))
                    + text[end:],
                ]
            )
        )
    return text


def assert_read_or_explained(read: Callable[[str, str], Any], text: str) -> None:
    try:
        read(text, "fuzz.conflict.yaml")
    except dt.InputError as error:
        assert error.faults
        for fault in error.faults:
            assert fault.message
            assert fault.file == "fuzz.conflict.yaml"
            assert "\n" not in str(fault)


def fuzz(inputs: st.SearchStrategy[str], check: Callable[[str], None]) -> None:
    """Check generated inputs once, or again and again for as long as is asked for."""
    until = time.monotonic() + SECONDS / len(GENERATORS)
    while True:
        settings(
            max_examples=examples(240) if not SECONDS else 500, deadline=None, suppress_health_check=list(HealthCheck)
        )(given(inputs)(check))()
        if time.monotonic() >= until:
            return


GENERATORS: dict[str, tuple[st.SearchStrategy[str], Callable[[str, str], Any]]] = {
    "text": (st.text(max_size=200), parse_conflict),
    "yaml-like": (
        st.lists(st.sampled_from([*KEYS, *WORDS, *MARKS, ": ", "\n  "]), max_size=60).map("".join),
        parse_conflict,
    ),
    "structures": (structures.map(json.dumps), parse_conflict),
    "conflicts": (conflicts.map(json.dumps), parse_conflict),
    "mutated": (mutated(VALID), parse_conflict),
    "gmcr-structures": (structures.map(json.dumps), parse_gmcr),
    "gmcr-mutated": (mutated(GMCR), parse_gmcr),
}


@pytest.mark.parametrize("name", GENERATORS)
def test_generated_text_is_read_or_refused(name: str) -> None:
    inputs, read = GENERATORS[name]

    def check(text: str) -> None:
        assert_read_or_explained(read, text)

    fuzz(inputs, check)


@settings(max_examples=examples(100), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=100))
def test_arbitrary_bytes_are_read_or_refused(data: bytes, tmp_path: Path) -> None:
    for name in ("x.conflict.yaml", "x.gmcr"):
        file = tmp_path / name
        file.write_bytes(data)
        with pytest.raises(dt.InputError):
            dt.load(file)
