"""Questions that take their time: what is asked, and what a page needs of an answer."""

from __future__ import annotations

import detente as dt
from detente.model.questions import no_progress
from detente.present.blocks import texts
from detente.web.questions import QUESTIONS


def test_cited_statements_have_their_quotes() -> None:
    seed = dt.example("ukraine-2023")
    found = QUESTIONS["robust"].answer(seed, {"samples": "400"}, no_progress)
    assert "s14" in found.cited
    assert "After the Russia-Ukraine conflict broke out" in found.cited["s14"]
    assert len(found.options) == len(seed.options)
    assert found.data["format"] == "detente-robust/1"


def test_comparison_has_letters_for_options_of_both_versions() -> None:
    other = dt.Conflict("other", [dt.DecisionMaker("j", "I", {"b": "A", "c": "New"}), dt.DecisionMaker("k")])
    first = dt.Conflict("one", [dt.DecisionMaker("i", options={"a": "a"}, preferences=dt.Ranking.of(1, 2))])
    page = QUESTIONS["compare"].answer(other, {"other": first, "concepts": ["nash"]}, no_progress)
    assert [(option["owner"], option["label"]) for option in page.options] == [("I", "a"), ("I", "New")]
    assert any("3 changes from" in text for _, text in texts(page.blocks))
