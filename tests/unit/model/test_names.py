"""Which names are the same, the identifiers made from them, and what tells alike names apart."""

from __future__ import annotations

import detente as dt
from detente.model.names import MAX_IDENTIFIER, distinct_labels, identifier, label_candidates, name_or_id


def test_identifier_is_not_a_keyword_a_number_or_taken() -> None:
    assert (identifier("Then"), identifier("2024"), identifier("¡!")) == ("then-it", "2024-it", "new")
    assert identifier("go", {"go", "go-2"}) == "go-3"


def test_long_identifier_is_cut_between_words() -> None:
    made = identifier("word " * 40)
    assert len(made) <= MAX_IDENTIFIER
    assert made.endswith("-word")
    assert len(identifier("w" * 200)) == MAX_IDENTIFIER


def test_invisible_name_is_replaced_by_the_identifier() -> None:
    assert (name_or_id("\u200b ", "up"), name_or_id("Upstream", "up")) == ("up", "Upstream")


def test_identifiers_that_differ_in_case_only_get_different_labels() -> None:
    ways = {id: label_candidates("Town", id, number) for number, id in enumerate(("a", "A"), start=1)}
    assert distinct_labels(ways) == {"a": "Town (a, 1)", "A": "Town (A, 2)"}


def test_options_with_the_same_name_are_labelled_with_their_party() -> None:
    up, down = (dt.DecisionMaker(id, options={f"stop_{id}": "Stop"}) for id in ("up", "down"))
    assert [one.label for one in dt.Conflict("T", [up, down]).options] == ["Stop (up)", "Stop (down)"]
