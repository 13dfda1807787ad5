"""The packaged word lists."""

from __future__ import annotations

from importlib.resources import files

import pytest
from ruamel.yaml import YAML

from detente.reading.lexicon import packaged


@pytest.mark.parametrize("name", ["cues", "gazetteer", "names", "phrases"])
def test_word_lists_are_the_same_by_yaml_1_2(name: str) -> None:
    text = (files("detente.reading") / "data" / f"{name}.yaml").read_text(encoding="utf-8")
    assert packaged(name) == YAML(typ="safe", pure=True).load(text)
