"""How sure a tagger may be, and from where on it speaks: fitted on passages that it was not trained on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from detente.reading.neural.encoder import FloatArray
from detente.reading.neural.spans import deduplicated
from detente.reading.neural.tagger import FEATURES, Candidate, LearnedTagger
from detente.reading.segments import touch
from training.corpus import Passage
from training.scoring import Counts, Score, counts, likeness, score

#: Holds the coefficients back; with some hundred candidates they would be sure of too much.
_RIDGE = 1.0
#: How much F1 is given for a higher threshold. Passages made for training are denser with attributions than other text,
#: in which more of what looks like a statement is not one.
_SLACK = 0.005


@dataclass(frozen=True)
class Fitted:
    """A combiner of features into a confidence, a threshold, and how well the tagger does where they were fitted."""

    combiner: FloatArray
    threshold: float
    found: Score
    with_speaker: Score


def fit(path: Path, passages: Sequence[Passage]) -> Fitted:
    """Fit a tagger's confidence, and the threshold, to passages that were held out.

    The threshold is the highest at which about as much is found with its speaker as at any.

    Parameters
    ----------
    path
        The tagger's weights.
    passages
        Passages that it was not trained on.
    """
    tagger = LearnedTagger(path)
    every = [tagger.candidates(passage.text) for passage in passages]
    right = np.array(
        [flag for passage, some in zip(passages, every, strict=True) for flag in _right(passage, some)], dtype=float
    )
    table = np.array([one.features for some in every for one in some])
    combiner = logistic(table, right)
    tried: list[tuple[float, float, list[Counts]]] = []
    for threshold in np.arange(0.1, 0.95, 0.025).round(3):
        documents = []
        for passage, some in zip(passages, every, strict=True):
            sure = [(one, confidence(combiner, one.features)) for one in some]
            kept = [replace(one.attribution, confidence=own) for one, own in sure if own >= threshold]
            documents.append(counts(passage, deduplicated(passage.text, kept)))
        tried.append((float(threshold), score(documents, speaker=True, samples=1).f1, documents))
    best = max(reached for _, reached, _ in tried)
    threshold, _, documents = max((one for one in tried if one[1] >= best - _SLACK), key=lambda one: one[0])
    return Fitted(combiner, threshold, score(documents), score(documents, speaker=True))


def confidence(combiner: FloatArray, features: Sequence[float]) -> float:
    """Return the chance that a candidate is an attribution."""
    return float(1 / (1 + np.exp(-(combiner[0] + combiner[1:] @ np.array(features)))))


def logistic(table: NDArray[np.float64], right: NDArray[np.float64], ridge: float = _RIDGE) -> FloatArray:
    """Return the coefficients of a logistic regression, the constant first (iteratively reweighted least squares)."""
    rows = np.column_stack([np.ones(len(table)), table.reshape(len(table), len(FEATURES))])
    held = ridge * np.eye(rows.shape[1])
    held[0, 0] = 1e-6
    found = np.zeros(rows.shape[1])
    for _ in range(50):
        chance = 1 / (1 + np.exp(-np.clip(rows @ found, -30, 30)))
        weights = np.maximum(chance * (1 - chance), 1e-9)
        step = np.linalg.solve(rows.T @ (rows * weights[:, None]) + held, rows.T @ (right - chance) - held @ found)
        found += step
        if np.abs(step).max() < 1e-8:
            break
    return found.astype(np.float32)


def _right(passage: Passage, candidates: Sequence[Candidate]) -> list[bool]:
    """Tell of every candidate whether it is one of the passage's attributions; two cannot be the same one."""
    graph: nx.Graph[tuple[str, int]] = nx.Graph()
    for row, gold in enumerate(passage.attributions):
        for column, one in enumerate(candidates):
            alike = likeness(passage.text, gold.content, one.attribution.content)
            if alike >= 0.5:
                graph.add_edge(("gold", row), ("ours", column), weight=alike + touch(gold.cue, one.attribution.cue))
    matched = {place for pair in nx.max_weight_matching(graph) for side, place in pair if side == "ours"}
    return [place in matched for place in range(len(candidates))]
