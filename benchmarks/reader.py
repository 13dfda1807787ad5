"""How many sentences the trained reader reads in a second of processor time.

Run it as ``python -m benchmarks.reader``, or with files of text to read instead of every eighth passage of
``corpora/attribution``. Beside it, in the same minutes, run what it cannot do without, the products of matrices, and
what it is compared with, the tagger by rules: the ratios to these depend little on the machine and on what else it
does. All is measured in seconds of processor time, on one thread, as the least of several rounds.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from detente.reading.neural.encoder import SHARED, Encoder, FloatArray, Places, Shared
from detente.reading.neural.tagger import LearnedTagger
from detente.reading.reader import packaged_weights
from detente.reading.rule_tagger import RuleTagger
from detente.reading.segments import Layout
from training.corpus import read_corpus

ROUNDS = 5
#: The width of the encoder's vectors, and its layers.
WIDTH, LAYERS = 384, 6


class Counted(Encoder):
    """An encoder that counts the pieces that it takes through a layer, and the cues that it marks."""

    pieces = layers = 0

    def lower(self, pieces: Sequence[Sequence[int]]) -> Shared:
        rows = sum(map(len, pieces))
        self.pieces += rows
        self.layers += rows * SHARED
        return super().lower(pieces)

    def upper(self, shared: Shared, sizes: Sequence[int], wanted: Places) -> FloatArray:
        self.layers += len(shared.hidden) * (LAYERS - SHARED)
        return super().upper(shared, sizes, wanted)


def least(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    times = []
    for _ in range(rounds):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def products() -> float:
    """The seconds that the products of one piece in one layer take, by themselves."""
    rows = 512
    some = np.random.default_rng(0).normal(size=(rows, 4 * WIDTH)).astype(np.float32)
    # Queries, keys and values; what attention gives; up; down.
    shapes = ((WIDTH, 3 * WIDTH), (WIDTH, WIDTH), (WIDTH, 4 * WIDTH), (4 * WIDTH, WIDTH))
    pairs = [(np.ascontiguousarray(some[:, :one]), np.ones((one, other), dtype=np.float32)) for one, other in shapes]
    return least(lambda: [left @ right for left, right in pairs], 50) / rows


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reader", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("texts", type=Path, nargs="*")
    given = parser.parse_args(arguments)
    corpus = Path(__file__).parent.parent / "corpora/attribution/passages"
    texts = [path.read_text(encoding="utf-8") for path in given.texts]
    texts = texts or [passage.text for passage in read_corpus(corpus)[::8]]
    sentences = sum(len(Layout(text).sentences) for text in texts)
    weights = packaged_weights()
    assert weights is not None
    tagger, rules = LearnedTagger(weights), RuleTagger()
    start = time.process_time()
    tagger.tag("She said no.")
    ready = time.process_time() - start
    counted = Counted(tagger._weights)
    tagger.__dict__["_encoder"] = counted
    found = [tagger.tag(text) for text in texts]
    layers = counted.layers
    with threadpool_limits(1, user_api="blas"):
        each = [(least(lambda: [tagger.tag(text) for text in texts], 1), products()) for _ in range(ROUNDS)]
        took, product = (min(one[place] for one in each) for place in (0, 1))
        by_rules = least(lambda: [rules.tag(text) for text in texts])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << (20 if sys.platform == "darwin" else 10))
    print(
        f"{sentences:,} sentences, {counted.pieces // (1 + ROUNDS):,} pieces, {sum(map(len, found)):,} attributions; "
        f"ready after {ready:.2f} s\n"
        f"{took:.2f} s, {sentences / took:.0f} sentences a second; {took / (layers * product):.2f} times the products "
        f"alone, {took / by_rules:.0f} times the rules; at most {peak:.0f} MB"
    )


if __name__ == "__main__":
    main(sys.argv[1:])
