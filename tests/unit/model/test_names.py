"""Which names are the same, the identifiers made from them, and what tells alike names apart."""

from __future__ import annotations

import detente as dt
from detente.model.names import MAX_IDENTIFIER, distinct_labels, identifier, label_candidates, name_or_id


def test_an_identifier_is_no_keyword_no_number_and_not_taken() -> None:
    assert (identifier("Then"), identifier("2024"), identifier("¡!")) == ("then-it", "2024-it", "new")
    assert identifier("go", {"go", "go-2"}) == "go-3"


def test_a_long_identifier_is_cut_between_words() -> None:
    made = identifier("word " * 40)
    assert len(made) <= MAX_IDENTIFIER
    assert made.endswith("-word")
    assert len(identifier("w" * 200)) == MAX_IDENTIFIER


def test_a_name_that_cannot_be_seen_gives_way_to_the_identifier() -> None:
    assert (name_or_id("\u200b ", "up"), name_or_id("Upstream", "up")) == ("up", "Upstream")


def test_identifiers_that_differ_in_case_only_are_told_apart_by_their_place() -> None:
    ways = {id: label_candidates("Town", id, number) for number, id in enumerate(("a", "A"), start=1)}
    assert distinct_labels(ways) == {"a": "Town (a, 1)", "A": "Town (A, 2)"}


def test_options_of_one_name_are_labelled_with_their_party() -> None:
    up, down = (dt.DecisionMaker(id, options={f"stop_{id}": "Stop"}) for id in ("up", "down"))
    assert [one.label for one in dt.Conflict("T", [up, down]).options] == ["Stop (up)", "Stop (down)"]
