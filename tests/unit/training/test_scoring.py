"""Scores, counted by hand."""

from __future__ import annotations

import pytest

from detente.reading.attributions import Attribution
from training.corpus import Passage
from training.scoring import Counts, b_cubed, counts, score


def test_b_cubed_equals_the_value_by_hand() -> None:
    # Of Ann's three mentions two are one actor's with Bob's, one has no actor.
    score = b_cubed([[("Ann", "a"), ("Ann", "a"), ("Ann", None), ("Bob", "a")]])
    assert score.precision == pytest.approx((2 / 3 + 2 / 3 + 1 + 1 / 3) / 4)
    assert score.recall == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1) / 4)
    assert b_cubed([[("Ann", "a")], [("Ann", "b")]]).f1 == 1


def spans(text: str, *parts: str) -> tuple[tuple[int, int], ...]:
    return tuple((text.index(part), text.index(part) + len(part)) for part in parts)


def test_scores_equal_the_values_by_hand() -> None:
    text = "Ann said it is so and Bob said it is not."
    gold = (
        Attribution(spans(text, "Ann"), spans(text, "said"), spans(text, "it is so")),
        Attribution(spans(text, "Bob"), (), spans(text, "it is not")),
    )
    ours = [
        Attribution(spans(text, "Ann"), (), spans(text, "it is so and Bob")),  # 3 of 5 words: F1 0.75
        Attribution(spans(text, "Ann"), (), spans(text, "it is not")),
        Attribution((), (), spans(text, "said")),
    ]
    found = counts(Passage("x", text, gold), ours)
    assert found == Counts(there=2, tagged=3, found=2, with_speaker=1)
    result = score([found, found])
    assert (result.precision, result.recall) == pytest.approx((2 / 3, 1.0))
    assert result.f1 == pytest.approx(0.8)
    assert result.interval == pytest.approx((0.8, 0.8))
    assert score([found], speaker=True).f1 == pytest.approx(0.4)
