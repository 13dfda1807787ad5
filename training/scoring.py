"""How well a tagger does on a corpus: what it found, and with whose words, with intervals over documents.

An attribution is *found* when a tagged content shares enough tokens with it: token F1 of at least 0.5, matched one to
one so that most are matched. It is found *with its speaker* when the matched speakers overlap too, or neither has one.
F1 is over all attributions of the corpus; its interval is that of a bootstrap over documents (Efron 1979), for
attributions of one document stand or fall together.

How well speakers are told apart is measured by B-cubed (Bagga & Baldwin 1998): for every mention, the share of those
resolved to the same actor that are the same speaker's (precision), and the share of the speaker's mentions that are
resolved to that actor (recall).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import networkx as nx
import numpy as np

from detente.model.quotes import Span
from detente.reading.attributions import Attribution, Tagger, within
from detente.reading.segments import Token, tokens, touch
from training.corpus import Passage

#: The token F1 of two contents from which they count as the same.
ENOUGH = 0.5


@dataclass(frozen=True)
class Counts:
    """Of one document: how many attributions there are, were tagged, were found, and found with their speaker."""

    there: int
    tagged: int
    found: int
    with_speaker: int


@dataclass(frozen=True)
class Score:
    """Precision, recall, F1 and the 95% interval of F1."""

    precision: float
    recall: float
    f1: float
    interval: tuple[float, float]


def counts(passage: Passage, tagged: Sequence[Attribution], nested: bool = True) -> Counts:
    """Count what was found in one document; without ``nested`` only what is in no other attribution is looked at."""
    there = passage.attributions if nested else top_level(passage.attributions)
    tagged = list(tagged) if nested else top_level(tagged)
    pairs = matched(passage.text, there, tagged)
    return Counts(len(there), len(tagged), len(pairs), sum(same_speaker(one, other) for one, other in pairs))


def matched(
    text: str, there: Sequence[Attribution], tagged: Sequence[Attribution]
) -> list[tuple[Attribution, Attribution]]:
    """Return what was found, each with what it was found as: one to one, as many as can be, the most alike first."""
    words = tokens(text)
    gold = [_words(words, one.content) for one in there]
    ours = [_words(words, one.content) for one in tagged]
    graph: nx.Graph[tuple[str, int]] = nx.Graph()
    for row, wanted in enumerate(gold):
        for column, got in enumerate(ours):
            alike = _token_f1(wanted, got)
            if alike >= ENOUGH:
                same = same_speaker(there[row], tagged[column])
                graph.add_edge(("gold", row), ("ours", column), weight=10 + alike + (1 if same else 0))
    pairs = nx.max_weight_matching(graph, maxcardinality=True)
    ordered = sorted(pair if pair[0][0] == "gold" else (pair[1], pair[0]) for pair in pairs)
    return [(there[row], tagged[column]) for (_, row), (_, column) in ordered]


def top_level(attributions: Sequence[Attribution]) -> list[Attribution]:
    """Return the attributions that are reported in no other."""
    return [one for one in attributions if not any(within(one, other) for other in attributions)]


def likeness(text: str, one: Sequence[Span], other: Sequence[Span]) -> float:
    """Return the token F1 of two contents of a text."""
    words = tokens(text)
    return _token_f1(_words(words, one), _words(words, other))


def _token_f1(one: set[int], other: set[int]) -> float:
    shared = len(one & other)
    return 2 * shared / (len(one) + len(other)) if shared else 0.0


def _words(words: Sequence[Token], spans: Sequence[Span]) -> set[int]:
    return {
        place
        for place, word in enumerate(words)
        if any(start <= word.start and word.end <= end for start, end in spans)
    }


def same_speaker(one: Attribution, other: Attribution) -> bool:
    """Tell whether the words marked as the speaker overlap, or neither has any."""
    if not one.source or not other.source:
        return not one.source and not other.source
    return touch(one.source, other.source)


def score(documents: Sequence[Counts], *, speaker: bool = False, samples: int = 2000, seed: int = 0) -> Score:
    """Return how well a corpus was tagged, from the counts of its documents."""
    table = np.array(
        [[one.there, one.tagged, one.with_speaker if speaker else one.found] for one in documents], dtype=float
    )
    there, tagged, found = table.sum(axis=0)
    chance = np.random.default_rng(seed)
    drawn = chance.integers(0, len(documents), (samples, len(documents)))
    sums = table[drawn].sum(axis=1)
    scores = 2 * sums[:, 2] / np.maximum(sums[:, 0] + sums[:, 1], 1)
    low, high = np.percentile(scores, [2.5, 97.5])
    return Score(
        float(found / max(tagged, 1)),
        float(found / max(there, 1)),
        float(2 * found / max(there + tagged, 1)),
        (float(low), float(high)),
    )


def evaluate(passages: Sequence[Passage], tagger: Tagger, *, nested: bool = True) -> list[Counts]:
    """Tag every document of a corpus and count what was found."""
    return [counts(passage, tagger.tag(passage.text), nested) for passage in passages]


#: A mention of a speaker: who it is, and the actor that it was resolved to (None: no actor).
Mention = tuple[str, str | None]


def b_cubed(documents: Sequence[Sequence[Mention]], *, samples: int = 2000, seed: int = 0) -> Score:
    """Return how well the mentions of each document are grouped by speaker; a mention without an actor is alone.

    >>> round(b_cubed([[("Ann", "a"), ("Ann", "a"), ("Bob", "a")]]).precision, 3)
    0.556
    """
    table = np.array([_b_cubed_sums(mentions) for mentions in documents], dtype=float)
    chance = np.random.default_rng(seed)
    sums = table[chance.integers(0, len(documents), (samples, len(documents)))].sum(axis=1)
    count, precision, recall = table.sum(axis=0)
    low, high = np.percentile(
        2 * sums[:, 1] * sums[:, 2] / np.maximum((sums[:, 1] + sums[:, 2]) * sums[:, 0], 1), [2.5, 97.5]
    )
    precision, recall = precision / max(count, 1), recall / max(count, 1)
    f1 = 2 * precision * recall / (precision + recall) if count else 0.0
    return Score(float(precision), float(recall), float(f1), (float(low), float(high)))


def _b_cubed_sums(mentions: Sequence[Mention]) -> tuple[float, float, float]:
    """Return how many mentions there are, and the sums of their precisions and recalls."""
    pairs = [(speaker, actor or f"none {place}") for place, (speaker, actor) in enumerate(mentions)]
    both, speakers, actors = Counter(pairs), Counter(one for one, _ in pairs), Counter(one for _, one in pairs)
    precision = sum(count * count / actors[actor] for (_, actor), count in both.items())
    recall = sum(count * count / speakers[speaker] for (speaker, _), count in both.items())
    return len(pairs), precision, recall
