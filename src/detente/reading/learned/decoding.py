"""From scores of words to spans of a text."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from detente.reading.attributions import Span
from detente.reading.learned.encoder import Floats
from detente.reading.sentences import Token

#: What it costs, in units of log probability, that a word has another role than the one before it.
SWITCH = 0.5


def cues(scores: Floats, least: float, adverbs: Sequence[bool] | None = None) -> list[list[int]]:
    """Return the runs of words that may be a cue, from each word's probabilities (see `examples.CUE`).

    A run begins where that it begins is as likely as ``least``, and goes on while that is the likeliest; from an adverb
    it goes on in any case.
    """
    begins = scores[:, 1] + scores[:, 2]
    best = scores.argmax(axis=1)
    runs: list[list[int]] = []
    for place in range(len(scores)):
        follows = bool(runs) and runs[-1][-1] == place - 1
        if follows and (best[place] == 3 or (adverbs is not None and adverbs[place - 1])):
            runs[-1].append(place)
        elif begins[place] >= least:
            runs.append([place])
    return runs


def roles(scores: Floats, cue: Sequence[int], switch: float = SWITCH) -> list[int]:
    """Return the likeliest roles of words (see `examples.ROLE`) where changing roles has its cost (Viterbi 1967)."""
    logs = np.log(np.maximum(scores, 1e-9))
    logs[list(cue)] = 0
    labels = logs.shape[1]
    cost = switch * (1 - np.eye(labels, dtype=np.float32))
    total = logs[0]
    came: list[Sequence[int]] = []
    for row in logs[1:]:
        ways = total[:, None] - cost
        came.append(ways.argmax(axis=0).tolist())
        total = ways.max(axis=0) + row
    path = [int(total.argmax())]
    for back in reversed(came):
        path.append(int(back[path[-1]]))
    path.reverse()
    for place in cue:
        path[place] = 0
    return path


def runs(places: Sequence[int], bridged: Sequence[int] = ()) -> list[list[int]]:
    """Return places that follow each other as runs; places that are bridged part nothing."""
    found: list[list[int]] = []
    between = set(bridged)
    for place in places:
        if found and all(number in between for number in range(found[-1][-1] + 1, place)):
            found[-1].append(place)
        else:
            found.append([place])
    return found


def spans(words: Sequence[Token], places: Sequence[int]) -> tuple[Span, ...]:
    """Return the spans of words, those that follow each other as one."""
    return tuple((words[run[0]].start, words[run[-1]].end) for run in runs(places))


def speaker(words: Sequence[Token], scores: Floats, path: Sequence[int]) -> list[int]:
    """Return the words of one speaker: the run that is likeliest in all."""
    marked = [place for place, role in enumerate(path) if role == 1]
    if not marked:
        return []
    commas = [place for place, word in enumerate(words) if not word.is_word and path[place] == 0]
    return max(runs(marked, commas), key=lambda run: float(scores[run, 1].sum()))
