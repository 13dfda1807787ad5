"""Phrases that several views share."""

from __future__ import annotations

import pytest

from detente.present.phrases import concepts_in_words


@pytest.mark.parametrize(
    ("ids", "asked", "words"),
    [
        ((), ("nash",), "–"),
        (("nash",), ("nash",), "Nash"),
        (("nash", "gmr"), ("nash", "gmr"), "both concepts"),
        (("gmr", "smr", "seq"), ("nash", "gmr", "smr", "seq"), "every concept except Nash"),
        (("nash", "seq"), ("nash", "gmr", "smr", "seq"), "Nash and SEQ"),
    ],
)
def test_all_concepts_are_named_in_one_word(ids: tuple[str, ...], asked: tuple[str, ...], words: str) -> None:
    assert concepts_in_words(ids, asked) == words
