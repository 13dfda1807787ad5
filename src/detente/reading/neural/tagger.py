"""The trained tagger: it finds cues first, then the speaker and the content of each cue."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from detente.lazy import lazy
from detente.model.quotes import Span
from detente.model.statements import LEARNED_KINDS
from detente.reading.attributions import Attribution
from detente.reading.lexicon import lexicon
from detente.reading.neural.encoder import (
    ONE_BLAS_THREAD,
    Encoder,
    FloatArray,
    Places,
    Shared,
    Weights,
    load_weights,
    softmax,
)
from detente.reading.neural.spans import Nearby, cues, deduplicated, likeness, roles, spans, speaker
from detente.reading.neural.windows import Window, windows
from detente.reading.rule_tagger import RuleTagger
from detente.reading.segments import in_any, paragraphs, quotations, touch

if TYPE_CHECKING:
    import numpy as np
else:
    np = lazy("numpy")

_T = TypeVar("_T")

#: Probability from which a word begins a candidate cue.
LEAST = 0.15
#: Minimum number of words of a window for each cue, so that a hostile text cannot multiply the work.
_WORDS_FOR_A_CUE = 5
#: Number of pieces in a batch: enough for fast products of matrices, and few enough for the cache to hold them.
_BATCH = 512
#: A quotation of fewer words and marks is a quoted expression, not speech.
_FEWEST_OF_A_SPEECH = 5
#: Share of a quotation from which the whole of it belongs to the speaker.
_PART = 0.3


@dataclass(frozen=True)
class Candidate:
    """A candidate attribution, and the features by which its confidence is computed (see `FEATURES`)."""

    attribution: Attribution
    features: tuple[float, ...]


#: The names of the features of a candidate.
FEATURES = (
    "cue", "nested", "content", "speaker", "no speaker", "rules", "rules' cue", "quoted", "length", "certainty",
    "known cue",
)  # fmt: skip
_RULED, _KNOWN = FEATURES.index("rules' cue"), FEATURES.index("known cue")
_MARKS = "\"“‘'«"


#: The confidence that is enough where the rules find the cue, too; where a clause follows the cue; and where something
#: else follows a cue that no list knows. Chosen on the development half of the real text.
RULED_THRESHOLD = 0.4
CLAUSE_THRESHOLD = 0.5
UNKNOWN_THRESHOLD = 0.75
#: What a clause begins with: 'that …', 'to leave', but not with 'to' before a noun.
_CLAUSE = re.compile(
    r"\W{0,2}that\s|to\s+(?!(?:the|an?|this|these|those|his|her|its|their|our|my|your|all|any)\b)[a-z]"
)


@lru_cache(maxsize=2)
def _weights_of(path: Path, _changed: int) -> Weights:
    """Read weights once in a process; a file that has changed since is read anew."""
    return load_weights(path)


class LearnedTagger:
    """Finds attributions by a small transformer, in plain NumPy.

    Parameters
    ----------
    path
        The weights.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def __getstate__(self) -> dict[str, Path]:
        """Return what another process needs: it reads the weights itself."""
        return {"_path": self._path}

    @cached_property
    def _weights(self) -> Weights:
        return _weights_of(self._path, self._path.stat().st_mtime_ns)

    @cached_property
    def _encoder(self) -> Encoder:
        return Encoder(self._weights)

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of the weights."""
        return hashlib.sha256(self._path.read_bytes()).hexdigest()

    def tag(self, text: str) -> list[Attribution]:
        """Return the attributions of a text, in the order in which they begin."""
        sure = []
        for one in self.candidates(text):
            confidence = self.confidence(one)
            if confidence >= self._threshold(text, one):
                sure.append(replace(one.attribution, confidence=confidence))
        return deduplicated(text, sure)

    def _threshold(self, text: str, one: Candidate) -> float:
        """Return the confidence from which a candidate is an attribution."""
        least = float(self._weights["threshold"][:][0]) if "threshold" in self._weights else 0.5
        if one.features[_RULED]:
            return min(least, RULED_THRESHOLD)
        content = one.attribution.content
        if content and _CLAUSE.match(text, content[0][0]):
            return min(least, CLAUSE_THRESHOLD)
        cue = one.attribution.cue
        after = content and content[0][0] >= cue[-1][1] and text[content[0][0]] not in _MARKS
        # 'would cut', 'have stopped': what is done or not done may be a threat or a refusal.
        acts = text[cue[0][0] : cue[-1][1]].split()[0].lower() in lexicon().auxiliaries
        return max(least, UNKNOWN_THRESHOLD) if after and not acts and not one.features[_KNOWN] else least

    def confidence(self, one: Candidate) -> float:
        """Return the share of correct ones among similar candidates in held-out passages."""
        if "combiner" not in self._weights:
            return float(1 / (1 + np.exp(-one.features[0])) * one.features[2])
        combiner = self._weights["combiner"][:]
        return float(1 / (1 + np.exp(-(combiner[0] + combiner[1:] @ np.array(one.features)))))

    def candidates(self, text: str) -> list[Candidate]:
        """Return the candidate attributions, in the order of the cues."""
        ruled = Nearby((span, one) for one in RuleTagger().tag(text) for span in (*one.cue, *one.content))
        quotes = Nearby((quote, quote) for part in paragraphs(text) for quote in quotations(text, part))
        found: list[Candidate] = []
        with ONE_BLAS_THREAD:
            for batch in _batches(sorted(windows(text), key=_size), _size):
                for seen, scores, every in self.read(batch):
                    around = (seen.words[0].start, seen.words[-1].end)
                    near = _Near(list(dict.fromkeys(ruled.at(around))), list(quotes.at(around)))
                    found += [_candidate(seen, one, scores, near) for one in every]
        return sorted(found, key=lambda one: (one.attribution.cue, one.attribution.content))

    def read(self, batch: Sequence[Window]) -> Iterator[tuple[Window, FloatArray, list[Roles]]]:
        """Yield windows with every word's probabilities of being a cue's, and with the roles of words for each cue."""
        encoder = self._encoder
        sizes = [*map(_size, batch)]
        begins = [0, *accumulate(sizes)]
        shared = encoder.lower([seen.pieces for seen in batch])
        firsts = np.concatenate([begin + np.array(seen.firsts) for begin, seen in zip(begins, batch, strict=False)])
        every = softmax(encoder.head(encoder.upper(shared, sizes, firsts), "cue"))
        scores = np.split(every, [*accumulate(len(seen.words) for seen in batch)][:-1])
        likely = [(number, cue) for number, seen in enumerate(batch) for cue in _likely_cues(seen, scores[number])]
        found: list[list[Roles]] = [[] for _ in batch]
        for some in _batches(likely, lambda one: sizes[one[0]]):
            rows = np.concatenate([np.arange(begins[number], begins[number + 1]) for number, _ in some])
            marks = [(batch[number], cue) for number, cue in some]
            for (number, _), one in zip(some, self._roles(shared, rows, marks), strict=True):
                found[number].append(one)
        yield from zip(batch, scores, found, strict=True)

    def _roles(self, shared: Shared, rows: Places, marks: Sequence[tuple[Window, Sequence[int]]]) -> Iterator[Roles]:
        """Yield the roles of words for each window and cue; ``rows`` are the rows of the windows' pieces."""
        encoder = self._encoder
        sizes = [_size(seen) for seen, _ in marks]
        begins = accumulate(sizes, initial=0)
        places = [
            (begin + np.array(seen.firsts), begin + np.flatnonzero(seen.types(cue)))
            for begin, (seen, cue) in zip(begins, marks, strict=False)
        ]
        marked = np.concatenate([of_cue for _, of_cue in places])
        wanted = np.union1d(np.concatenate([firsts for firsts, _ in places]), marked)
        hidden = encoder.upper(encoder.mark(shared, rows, marked), sizes, wanted)
        scores = softmax(encoder.head(hidden, "role"))
        for (firsts, of_cue), (_, cue) in zip(places, marks, strict=True):
            kind = None
            if "kind.weight" in self._weights:
                mean = hidden[np.searchsorted(wanted, of_cue)].mean(axis=0)
                kind = LEARNED_KINDS[int(encoder.head(mean, "kind").argmax())]
            yield Roles(cue, scores[np.searchsorted(wanted, firsts)], kind)


@dataclass(frozen=True)
class Roles:
    """A cue, the probabilities of every word's role for it, and the kind of statement."""

    cue: Sequence[int]
    scores: FloatArray
    kind: str | None


@dataclass(frozen=True)
class _Near:
    """The attributions that the rules find around a window, and the quotations in it."""

    ruled: Sequence[Attribution]
    quotes: Sequence[Span]


def _size(seen: Window) -> int:
    return len(seen.pieces)


def _batches(every: Iterable[_T], size: Callable[[_T], int]) -> Iterator[list[_T]]:
    """Yield things together, in their order, as long as they have no more than `_BATCH` pieces in all."""
    batch: list[_T] = []
    pieces = 0
    for one in every:
        own = size(one)
        if batch and pieces + own > _BATCH:
            yield batch
            batch, pieces = [], 0
        batch.append(one)
        pieces += own
    if batch:
        yield batch


def _likely_cues(seen: Window, scores: FloatArray) -> list[list[int]]:
    """Return the candidate cues of a window: the most likely ones, if there are too many."""
    found = cues(scores, LEAST, [word.low in lexicon().adverbs for word in seen.words])
    most = max(1, len(seen.words) // _WORDS_FOR_A_CUE)
    if len(found) > most:
        found = sorted(sorted(found, key=lambda cue: -float(scores[cue[0], 1:3].sum()))[:most])
    return found


def _candidate(seen: Window, one: Roles, scores: FloatArray, near: _Near) -> Candidate:
    path = _whole_quotations(seen, roles(one.scores, one.cue), one.cue, near.quotes)
    content = [place for place, role in enumerate(path) if role == 2]
    source = speaker(seen.words, one.scores, path)
    cue = spans(seen.words, one.cue)
    by_rule = [other for other in near.ruled if touch(other.cue, cue)]
    who = spans(seen.words, [*range(source[0], source[-1] + 1)] if source else [])
    if not who:
        who = next((other.source for other in by_rule if other.source), ())
        content = [place for place in content if not in_any(seen.words[place].start, who)]
    found = Attribution(who, cue, spans(seen.words, content), kind=one.kind)
    first = one.cue[0]
    begins = float(scores[first, 1] + scores[first, 2])
    chance = min(max(begins, 1e-4), 1 - 1e-4)
    start = seen.words[first].start
    # The first word of the cue that is no auxiliary or adverb may be among the rules' verbs and nouns.
    words = lexicon()
    lows = (seen.words[place].low for place in one.cue)
    head = next((low for low in lows if low not in words.auxiliaries and low not in words.adverbs), "")
    features = (
        float(np.log(chance / (1 - chance))),
        float(scores[first, 2]) / max(begins, 1e-6),
        float(one.scores[content, 2].mean()) if content else 0.0,
        float(one.scores[source, 1].mean()) if source else 0.0,
        0.0 if source else 1.0,
        max((likeness(found.content, other.content) for other in near.ruled), default=0.0),
        float(bool(by_rule)),
        float(in_any(start, near.quotes)),
        float(np.log1p(len(content))),
        float(one.scores.max(axis=1).mean()),
        float(head in words.forms or head in words.nouns),
    )
    return Candidate(found, features)


def _whole_quotations(seen: Window, path: Sequence[int], cue: Sequence[int], quotes: Sequence[Span]) -> list[int]:
    """Assign a whole quotation to the speaker of a good part of it, unless the cue is inside it."""
    whole = list(path)
    for start, end in quotes:
        inside = [place for place, word in enumerate(seen.words) if start <= word.start < end]
        content = [place for place in inside if path[place] == 2]
        if len(inside) < _FEWEST_OF_A_SPEECH or len(content) < _PART * len(inside) or any(p in inside for p in cue):
            continue
        for place in inside:
            whole[place] = 2
    return whole
