"""From the scores of words to spans of a text with exact edges, and the removal of duplicate attributions."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Generic, TypeVar

from detente.lazy import lazy
from detente.model.quotes import Span
from detente.reading.attributions import Attribution, within
from detente.reading.neural.encoder import FloatArray
from detente.reading.segments import Layout, Token, in_any, paragraphs, quotations, tokens, touch, trimmed

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


# The edges of what a tagger has found. What is said begins and ends with words of its own, and a teller is no part of
# another's name: in 'According to Hale, Orr had offered to pay' Orr offers alone.

#: How many attributions around one are examined.
_AROUND = 8
_HANGING = r"(?:as|an?|the|which|who|and|but|while)"
_BEFORE = re.compile(r"[\s,;]+")
_BEHIND = re.compile(rf"(?:\s*[,;]\s*(?:{_HANGING}\b)?)+\s*$")
_JUST_HANGING = re.compile(rf"[\s,;]*(?:{_HANGING}\b[\s,;]*)*", re.IGNORECASE)
#: What another one says of the same: 'denied that it had fired, as Norland claimed'.
_AS = re.compile(r",?\s+as\s+$")
#: A gap that no aside makes: a few words without a mark.
_SHORT_GAP = re.compile(r"\s+(?:[\w’'-]+\s+){0,3}")
_GAP = re.compile(r"[^.!?;:,\"“”«»()—–\n]{1,80}")
#: What begins a sentence and belongs to the noun after it: 'Norland's | government would pay, the minister said'.
_LEAD = re.compile(
    r"(?:[A-Z][\w.-]*\s+){0,4}(?:[A-Z][\w.-]*['’]s?|[Tt]he|[Aa]n?|Its|His|Her|Their|Our|My|This|These|All|Both)\s+"
)


def with_edges(layout: Layout, tagged: Sequence[Attribution]) -> list[Attribution]:
    """Return attributions whose contents begin and end with words of their own, each with the speaker inside.

    >>> text = "According to Hale, Orr had offered to pay, a"
    >>> outer = Attribution(((13, 17),), ((0, 12),), ((17, 44),))
    >>> inner = Attribution(((13, 22),), ((23, 34),), ((35, 41),))
    >>> found = with_edges(Layout(text), [outer, inner])
    >>> [[text[slice(*span)] for span in (*one.source, *one.content)] for one in found]
    [['Hale', 'Orr had offered to pay'], ['Orr', 'to pay']]
    """
    made = [replace(one, content=tuple(_content(layout, one))) for one in tagged]
    found = []
    for place, one in enumerate(made):
        near = [each for each in made[max(0, place - _AROUND) : place + _AROUND + 1] if each is not one]
        if not one.content and tagged[place].content:
            one = replace(one, content=_said_before(layout.text, one, near))
        else:
            one = _until_another(layout, one, near)
        if one.content:
            found.append(_resolved(layout, _with_inner_name(layout.text, one, near)))
    return found


def _content(layout: Layout, one: Attribution) -> list[Span]:
    text, tags = layout.text, (*one.cue, *one.source)
    if not one.cue or not one.content or not text[one.cue[0][0]].isalpha() or one.settled:
        return list(one.content)
    spans: list[Span] = []
    for start, end in sorted(one.content):
        if spans and not touch([(spans[-1][1], start)], tags):
            gap = text[spans[-1][1] : start]
            both_before = start < one.cue[0][0]
            if (_GAP if both_before else _SHORT_GAP).fullmatch(gap) and not layout.quotes_in((spans[-1][1], start)):
                spans[-1] = (spans[-1][0], end)
                continue
        spans.append((start, end))
    kept = []
    for number, (start, end) in enumerate(spans):
        if layout.quote(start) is None and not _is_quoted(text, start):
            lead = _BEFORE.match(text, start, end)
            start = lead.end() if lead else start
        if number + 1 == len(spans) and (behind := _BEHIND.search(text, start, end)):
            end = behind.start()
        if start < end and not _JUST_HANGING.fullmatch(text, start, end):
            kept.append(trimmed(text, (start, end)))
    if kept and kept[0][1] <= one.cue[0][0] and text[kept[0][0]].islower():
        first = layout.sentence(kept[0][0])[0]
        if first < kept[0][0] and _LEAD.fullmatch(text, first, kept[0][0]) and not touch([(first, kept[0][0])], tags):
            kept[0] = (first, kept[0][1])
    return kept


def _is_quoted(text: str, place: int) -> bool:
    return text[place] in "\"“‘'«"


def _said_before(text: str, one: Attribution, near: Sequence[Attribution]) -> tuple[Span, ...]:
    """Return what 'as' points at: in 'denied that it had fired, as Norland claimed' it is what is denied."""
    begin = one.source[0][0] if one.source else one.cue[0][0]
    for each in near:
        if each.content and (end := each.content[-1][1]) < begin and _AS.fullmatch(text, end, begin):
            return each.content
    return ()


def _until_another(layout: Layout, one: Attribution, near: Sequence[Attribution]) -> Attribution:
    """Return an attribution whose content ends before what another one says of it: '…, as Norland claimed'."""
    if not one.content or not one.cue:
        return one
    start, end = one.content[-1]
    for each in near:
        if not (each.cue and each.source and each.source[-1][1] <= each.cue[0][0]):
            continue
        begin = each.source[0][0]
        if not (start < begin and each.cue[-1][1] <= end and layout.quote(begin) is None):
            continue
        lead = re.search(r",\s+as\s+$", layout.text[start:begin])
        if lead and not layout.text[each.cue[-1][1] : end].strip(" .,") and start + lead.start() > start:
            return replace(one, content=(*one.content[:-1], (start, start + lead.start())))
    return one


def _resolved(layout: Layout, one: Attribution) -> Attribution:
    """Return a decision of a meeting without the speaker of the sentence before it: 'RESOLVED: that …'."""
    if not one.cue or not one.source or one.settled:
        return one
    begin, end = one.cue[0][0], one.cue[-1][1]
    if not layout.text[begin:end].strip(" :").isupper() or one.source[-1][1] > layout.sentence(begin)[0]:
        return one
    return replace(one, source=(), kind="commitment", settled=True)


def _with_inner_name(text: str, one: Attribution, near: Sequence[Attribution]) -> Attribution:
    """Return an attribution with the name inside reported words only, where the speaker of those stands before it."""
    if not one.source or not one.cue:
        return one
    begin, end = one.source[0][0], one.source[-1][1]
    for outer in near:
        inside = next((span for span in outer.content if span[0] <= one.cue[0][0] < span[1]), None)
        if inside and begin < inside[0] < end <= one.cue[0][0] and touch(outer.source, one.source):
            return replace(one, source=(trimmed(text, (inside[0], end)),))
    return one
