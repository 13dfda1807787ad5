"""The encoder, against a slow one that takes each window and each mark by itself, piece by piece."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from detente.reading.neural import encoder, tagger
from detente.reading.neural.encoder import HEADS, SHARED, Encoder, FloatArray
from detente.reading.neural.tagger import LearnedTagger
from detente.reading.neural.windows import windows
from tests.examples import examples
from tests.unit.reading.neural.small import TEXT, WIDTH, random_weights

Vectors = NDArray[np.float64]
SIZE = WIDTH // HEADS
WINDOWS = st.lists(st.lists(st.integers(0, 30521), min_size=1, max_size=9), min_size=1, max_size=5)


def reference(weights: dict[str, FloatArray], pieces: list[int], marked: set[int]) -> Vectors:
    """The output for every piece of one window, with some pieces marked, written from the definition."""

    def linear(values: Vectors, name: str) -> Vectors:
        return np.array([weights[f"{name}.weight"].astype(float) @ one + weights[f"{name}.bias"] for one in values])

    def norm(values: Vectors, name: str) -> Vectors:
        rows = [(one - one.mean()) / math.sqrt(one.var() + 1e-12) for one in values]
        return np.array([weights[f"{name}.weight"] * one + weights[f"{name}.bias"] for one in rows])

    def gelu(value: float) -> float:
        return value * 0.5 * math.erfc(-value / math.sqrt(2))

    hidden = norm(
        np.array(
            [
                weights["words.weight"][piece].astype(float)
                + weights["places.weight"][place]
                + weights["types.weight"][0]
                for place, piece in enumerate(pieces)
            ]
        ),
        "norm",
    )
    for layer in range(sum(name.endswith(".query.weight") for name in weights)):
        if layer == SHARED:
            hidden = np.array([one + weights["mark"] if place in marked else one for place, one in enumerate(hidden)])
        name = f"layers.{layer}"
        query, key, value = (linear(hidden, f"{name}.{part}") for part in ("query", "key", "value"))
        seen = np.zeros_like(hidden)
        for head in range(HEADS):
            own = slice(head * SIZE, (head + 1) * SIZE)
            for place in range(len(pieces)):
                chances = np.exp([query[place, own] @ other / math.sqrt(SIZE) for other in key[:, own]])
                seen[place, own] = sum(chance * one for chance, one in zip(chances, value[:, own], strict=True))
                seen[place, own] /= chances.sum()
        hidden = norm(hidden + linear(seen, f"{name}.out"), f"{name}.norm1")
        up = np.array([[gelu(value) for value in one] for one in linear(hidden, f"{name}.up")])
        hidden = norm(hidden + linear(up, f"{name}.down"), f"{name}.norm2")
    return hidden


@given(WINDOWS, st.integers(1, 3), st.data())
@settings(max_examples=examples(30), deadline=None)
def test_packed_passes_agree_with_each_window_and_mark_by_itself(
    rows: list[list[int]], upper_layers: int, data: st.DataObject
) -> None:
    weights = random_weights(len(rows), SHARED + upper_layers)
    packed = Encoder(weights)
    sizes = [len(row) for row in rows]
    begins = np.concatenate([[0], np.cumsum(sizes)])
    shared = packed.lower(rows)
    whole = packed.upper(shared, sizes, np.arange(sum(sizes)))
    plain = np.concatenate([reference(weights, row, set()) for row in rows])
    np.testing.assert_allclose(whole, plain, atol=2e-3)
    wanted = np.array(sorted(data.draw(st.sets(st.integers(0, sum(sizes) - 1), min_size=1))))
    np.testing.assert_allclose(packed.upper(shared, sizes, wanted), plain[wanted], atol=2e-3)

    marks = data.draw(st.lists(st.integers(0, len(rows) - 1), min_size=1, max_size=4))
    sets = [data.draw(st.sets(st.integers(0, sizes[window] - 1), min_size=1)) for window in marks]
    again = [sizes[window] for window in marks]
    starts = np.concatenate([[0], np.cumsum(again)])
    marked = packed.mark(
        shared,
        np.concatenate([np.arange(begins[window], begins[window + 1]) for window in marks]),
        np.array([start + place for start, places in zip(starts, sets, strict=False) for place in sorted(places)]),
    )
    own = packed.upper(marked, again, np.arange(sum(again)))
    each = [reference(weights, rows[window], places) for window, places in zip(marks, sets, strict=True)]
    np.testing.assert_allclose(own, np.concatenate(each), atol=2e-3)
    # A mark leaves what both passes share as it was.
    np.testing.assert_array_equal(packed.upper(shared, sizes, np.arange(sum(sizes))), whole)


def test_gelu_agrees_with_the_error_function() -> None:
    values = np.concatenate([np.linspace(-40, 40, 32_001), [0, 1e-30, -1e-30]]).astype(np.float32)
    expected = [float(one) * 0.5 * math.erfc(-float(one) / math.sqrt(2)) for one in values]
    np.testing.assert_allclose(encoder._gelu(values[:, None].copy())[:, 0], expected, atol=1e-6, rtol=1e-6)


@pytest.mark.parametrize("most", [1, 64, 100_000])
def test_batches_do_not_change_the_candidates(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "\n\n".join([TEXT, "She says no.", TEXT.replace("mayor", "minister"), "It rains. " * 30, TEXT])
    assert len(list(windows(text))) > 3
    learned = LearnedTagger.__new__(LearnedTagger)
    learned.__dict__["_weights"] = random_weights()
    before = learned.candidates(text)
    largest = 0

    def lower(self: Encoder, pieces: list[list[int]]) -> encoder.Shared:
        nonlocal largest
        largest = max(largest, sum(map(len, pieces)))
        return once(self, pieces)

    once = Encoder.lower
    monkeypatch.setattr(Encoder, "lower", lower)
    monkeypatch.setattr(tagger, "_BATCH", most)
    after = learned.candidates(text)
    assert [one.attribution for one in after] == [one.attribution for one in before]
    for one, other in zip(after, before, strict=True):
        np.testing.assert_allclose(one.features, other.features, atol=1e-4)
    assert largest <= max(most, *(len(seen.pieces) for seen in windows(text)))
