"""The stability concepts as a page offers them: the usual ones first, and what a file lacks for the others."""

from __future__ import annotations

import detente as dt
from detente.concepts import CONCEPTS, DEFAULT_CONCEPTS, VARIANTS
from detente.web.concept_choice import known_concept_ids, offered_groups


def test_every_concept_is_offered_once_with_the_defaults_first() -> None:
    groups = offered_groups(dt.example("ukraine-2023"), ["seq", "fuzzy_nash"])
    assert tuple(choice.concept.id for choice in groups[0].choices) == DEFAULT_CONCEPTS
    ids = [choice.concept.id for group in groups for choice in group.choices]
    assert len(ids) == len(set(ids))
    assert {*CONCEPTS, *VARIANTS} <= set(ids)
    assert {choice.concept.id for group in groups for choice in group.choices if choice.ticked} == {"seq", "fuzzy_nash"}
    by_title = {group.title: group for group in groups}
    assert by_title["Fuzzy preferences"].ticked
    assert by_title["Unknown preferences"].lacks == "The file marks no preference as unknown."
    # Three decision makers: who would move next is open.
    refused = {choice.concept.id for choice in by_title["Longer foresight"].choices if choice.refused}
    assert "limited_move_2" in refused
    assert "maximin_2" not in refused


def test_concepts_for_the_files_preferences_are_offered() -> None:
    groups = {group.title: group for group in offered_groups(dt.example("lake-gisborne"))}
    assert groups["Unknown preferences"].lacks == ""
    assert groups["Strength of preference"].lacks
    assert not any(choice.refused for choice in offered_groups(dt.example("river-sharing"))[2].choices)


def test_every_offered_concept_can_be_analysed() -> None:
    conflict = dt.example("river-sharing")
    ids = [c.concept.id for group in offered_groups(conflict) for c in group.choices if not c.refused]
    assert set(known_concept_ids(ids)) == set(ids)
    conflict.analyze(ids)


def test_unknown_concepts_are_left_out_and_the_usual_order_kept() -> None:
    assert known_concept_ids(["seq", "nosh", "maximin_3", "nash"]) == ("nash", "seq", "maximin_3")
