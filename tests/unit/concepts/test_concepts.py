"""Concepts are found by name, those with a horizon among them."""

from __future__ import annotations

from pathlib import Path

import pytest

import detente as dt
from detente import concepts
from detente.concepts import CONCEPTS, DEFAULT_CONCEPTS, FILES, NAMES, SERIES, VARIANTS, chosen, concept


def test_every_concept_file_is_registered() -> None:
    files = {path.stem for path in Path(concepts.__file__).parent.glob("*.py")}
    assert files - {"__init__", "concept"} == set(FILES)


def test_every_concept_is_found_by_its_identifier() -> None:
    for name in (*CONCEPTS, *VARIANTS, *(f"{stem}_{horizon}" for stem in SERIES for horizon in (1, 2, 17))):
        assert concept(name).id == name
        assert concept(name.upper()) == concept(name)
    assert len(set(NAMES)) == len(NAMES)


def test_horizon_is_a_number_from_1() -> None:
    assert concept("limited_move_12").horizon == 12
    assert concept("limited_move_12").title == "L₁₂"
    for name in ("limited_move_0", "limited_move_00", "limited_move_-1", "limited_move_02", "maximin_1.5"):
        with pytest.raises(dt.UnknownNameError):
            concept(name)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("limited_mve_4", "did you mean 'limited_move_4'"),
        ("maxmin_7", "did you mean 'maximin_7'"),
        ("limited_move7", "did you mean 'limited_move_7'"),
        ("limited_move", "add the number of moves it looks ahead: limited_move_2"),
        ("maximin_h", "add the number of moves it looks ahead: maximin_2"),
        ("nonmyopic", "did you mean 'non_myopic'"),
        ("nsh", "did you mean 'nash'"),
    ],
)
def test_unknown_concept_is_refused_with_a_suggestion(name: str, words: str) -> None:
    with pytest.raises(dt.UnknownNameError, match=words.replace("?", r"\?")):
        concept(name)


def test_repeated_concept_is_chosen_once() -> None:
    assert [one.id for one in chosen(["seq", "SEQ", "maximin_4", "Maximin_4"])] == ["seq", "maximin_4"]


def test_default_concepts_are_not_experimental() -> None:
    assert set(DEFAULT_CONCEPTS) <= set(CONCEPTS)
    assert not any(CONCEPTS[id].experimental for id in DEFAULT_CONCEPTS)


def test_every_concept_has_definition_source_and_caution() -> None:
    for one in (*CONCEPTS.values(), *VARIANTS.values(), *(series.general for series in SERIES.values())):
        assert one.title and one.name and one.definition and one.plain.endswith(".") and one.source
        assert "after " in one.source or not one.experimental


def test_meaning_begins_with_what_it_defines() -> None:
    assert concept("nash").meaning == "Nash stability means: the party has no move to a state that it prefers."
    for one in CONCEPTS.values():
        assert one.meaning.startswith(f"{one.title} stability means: ")
        assert one.meaning.casefold().endswith(one.plain.casefold())
