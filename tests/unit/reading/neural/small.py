"""A small tagger with random weights."""

from __future__ import annotations

import numpy as np

from detente.reading.neural.encoder import SHARED, FloatArray
from detente.reading.neural.spans import CUE, ROLE

WIDTH = 24
TEXT = (
    "The mayor said on Monday that the bridge, which she had inspected, is safe. “Do not worry,” she told us.\n\n"
    "“We will reopen it.”\n\nThe union wants a second opinion; according to its chairman, the engineers doubt it."
)


def random_weights(seed: int = 0, layers: int = SHARED + 1) -> dict[str, FloatArray]:
    """Return weights of the right shapes, with nothing learned in them."""
    draw = np.random.default_rng(seed)

    def some(*shape: int) -> FloatArray:
        return draw.normal(0, 0.3, shape).astype(np.float32)

    weights = {"words.weight": some(30522, WIDTH), "places.weight": some(512, WIDTH), "types.weight": some(2, WIDTH)}
    linear = {"cue": (len(CUE), WIDTH), "role": (len(ROLE), WIDTH), "kind": (9, WIDTH)}
    norms = ["norm"]
    for layer in range(layers):
        name = f"layers.{layer}"
        linear |= {f"{name}.{part}": (WIDTH, WIDTH) for part in ("query", "key", "value", "out")}
        linear |= {f"{name}.up": (48, WIDTH), f"{name}.down": (WIDTH, 48)}
        norms += [f"{name}.norm1", f"{name}.norm2"]
    for name, shape in linear.items():
        weights |= {f"{name}.weight": some(*shape), f"{name}.bias": some(shape[0])}
    for name in norms:
        weights |= {f"{name}.weight": 1 + some(WIDTH), f"{name}.bias": some(WIDTH)}
    # Cues everywhere, so that there is something to look at.
    weights["cue.bias"][1] += 3
    return {**weights, "mark": some(WIDTH)}
