"""From the scores of words to spans of a text, and the removal of duplicate attributions."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Generic, TypeVar

from detente.lazy import lazy
from detente.model.quotes import Span
from detente.reading.attributions import Attribution, within
from detente.reading.neural.encoder import FloatArray
from detente.reading.segments import Token, in_any, paragraphs, quotations, tokens, touch

if TYPE_CHECKING:
    import numpy as np
else:
    np = lazy("numpy")

#: Labels of a word for cues: outside, beginning, beginning inside another speaker's content, continuation.
CUE = ("O", "B", "N", "I")
#: Labels of a word for a marked cue: none, speaker, content.
ROLE = ("O", "S", "Q")
#: Cost, in log probability, of a change of role from one word to the next.
SWITCH = 0.5
#: Similarity (F1) from which two contents count as the same.
_ALIKE = 0.9
#: Distance in characters below which two cues may belong to one attribution.
_NEAR = 30

_T = TypeVar("_T")


def cues(scores: FloatArray, least: float, adverbs: Sequence[bool] | None = None) -> list[list[int]]:
    """Return the runs of words that may be a cue, from the probabilities of each word's label (see `CUE`).

    A run begins at a word whose probability of beginning a cue is at least ``least``, and continues while continuation
    is the most likely label; from an adverb it continues in any case.
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


def roles(scores: FloatArray, cue: Sequence[int], switch: float = SWITCH) -> list[int]:
    """Return the most likely roles of words (see `ROLE`), with a cost for each change of role (Viterbi 1967)."""
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


def consecutive(places: Sequence[int], bridged: Sequence[int] = ()) -> list[list[int]]:
    """Return adjacent places as runs; bridged places do not interrupt a run."""
    found: list[list[int]] = []
    between = set(bridged)
    for place in places:
        if found and all(number in between for number in range(found[-1][-1] + 1, place)):
            found[-1].append(place)
        else:
            found.append([place])
    return found


def spans(words: Sequence[Token], places: Sequence[int]) -> tuple[Span, ...]:
    """Return the spans of words; adjacent words form one span."""
    return tuple((words[run[0]].start, words[run[-1]].end) for run in consecutive(places))


def speaker(words: Sequence[Token], scores: FloatArray, path: Sequence[int]) -> list[int]:
    """Return the words of a single speaker: the run with the highest total probability."""
    marked = [place for place, role in enumerate(path) if role == 1]
    if not marked:
        return []
    commas = [place for place, word in enumerate(words) if not word.is_word and path[place] == 0]
    return max(consecutive(marked, commas), key=lambda run: float(scores[run, 1].sum()))


class Nearby(Generic[_T]):
    """Things with their spans in a text, for fast look-up by span."""

    _STEP = 512

    def __init__(self, things: Iterable[tuple[Span, _T]] = ()) -> None:
        self._held: dict[int, list[tuple[Span, _T]]] = defaultdict(list)
        for span, thing in things:
            self.add(span, thing)

    def add(self, span: Span, thing: _T) -> None:
        """Add a thing that is at a span."""
        for step in range(span[0] // self._STEP, span[1] // self._STEP + 1):
            self._held[step].append((span, thing))

    def at(self, span: Span) -> Iterator[_T]:
        """Yield the things that touch a span, in the order in which they were added; each once."""
        first, last = span[0] // self._STEP, span[1] // self._STEP
        for step in range(first, last + 1):
            for own, thing in self._held.get(step, ()):
                if own[0] < span[1] and span[0] < own[1] and max(own[0] // self._STEP, first) == step:
                    yield thing


def likeness(one: Sequence[Span], other: Sequence[Span]) -> float:
    """Return the F1 score of two contents, by characters."""
    shared = sum(max(0, min(b, d) - max(a, c)) for a, b in one for c, d in other)
    if not shared:
        return 0.0
    return 2 * shared / (sum(b - a for a, b in one) + sum(d - c for c, d in other))


def deduplicated(text: str, found: Sequence[Attribution]) -> list[Attribution]:
    """Return attributions without duplicates, with continuations in the next paragraph."""
    kept: list[Attribution] = []
    near: Nearby[Attribution] = Nearby()
    for one in sorted(found, key=lambda each: -each.confidence):
        around = (max(0, one.cue[0][0] - _NEAR), one.cue[-1][1] + _NEAR)
        if one.content and not any(likeness(one.content, other.content) >= _ALIKE for other in near.at(around)):
            kept.append(one)
            near.add((one.cue[0][0], one.cue[-1][1]), one)
    return sorted(with_continuations(text, kept), key=lambda one: (one.start, one.cue[0][0]))


def with_continuations(text: str, found: Sequence[Attribution]) -> list[Attribution]:
    """Let quoted paragraphs without a named speaker continue the quotation before them."""
    result = sorted(found, key=lambda one: one.cue)
    starts = [one.cue[0][0] for one in result]
    last: int | None = None
    for paragraph in paragraphs(text):
        inside = range(bisect_left(starts, paragraph[0]), bisect_left(starts, paragraph[1]))
        quotes = quotations(text, paragraph)
        outside = [number for number in inside if not in_any(starts[number], quotes)]
        if not outside and _is_quotation(text, paragraph, quotes):
            if last is not None and not touch(result[last].content, [paragraph]):
                result[last] = replace(result[last], content=(*result[last].content, paragraph))
            continue
        top = [number for number in outside if not any(within(result[number], result[other]) for other in outside)]
        last = next((number for number in reversed(top) if touch(result[number].content, quotes[-1:])), None)
    return result


def _is_quotation(text: str, paragraph: Span, quotes: Sequence[Span]) -> bool:
    """Tell whether a paragraph begins with a quotation and has hardly a word outside one."""
    if not quotes or quotes[0][0] - paragraph[0] > 1:
        return False
    words = [word for word in tokens(text, paragraph) if word.is_word]
    outside = [word for word in words if not in_any(word.start, quotes)]
    return len(words) >= 4 and len(outside) <= len(words) // 20
