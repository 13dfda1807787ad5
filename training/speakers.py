"""Measure how well speakers are told apart: B-cubed on a corpus whose speakers are named.

    python -m training speakers corpora/attribution/passages
    python -m training speakers corpora/attribution/passages --differences
    python -m training speakers corpora/attribution/passages --from-text

The reader gets the spans that the corpus marks, so that only the resolution of speakers is measured. What the reader
lists as not said is no statement and is left out. With ``--from-text`` it gets the text alone, and every mention is
counted: one that it does not find has no actor.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from detente.reading.attributions import Attribution
from detente.reading.documents import Document
from detente.reading.reader import read
from training.corpus import Passage, read_corpus
from training.realtext import of_passages, tally
from training.scoring import Mention, b_cubed


class _Marked:
    """A tagger that finds what a passage marks."""

    def __init__(self, passage: Passage) -> None:
        self._passage = passage

    fingerprint = "the marked spans"

    def tag(self, text: str) -> list[Attribution]:
        return list(self._passage.attributions)


def resolved(passage: Passage) -> list[tuple[Mention, str]]:
    """Return every mention of a named speaker in a passage with the words that name the speaker there."""
    dossier = read([Document(f"{passage.id}.txt", passage.text, "")], tagger=_Marked(passage))
    found = {(one.cue, one.speaker_text, one.spans[-1][1]): one.speaker for one in dossier.statements}
    by_start = {(one.cue, one.speaker_text, one.spans[0][0]): one.speaker for one in dossier.statements}
    mentions: list[tuple[Mention, str]] = []
    for one in passage.attributions:
        if not one.source or one.speaker is None:
            continue
        cue, words = (passage.text[spans[0][0] : spans[-1][1]] for spans in (one.cue, one.source))
        # The reader leaves out quotation marks and a leading 'that'.
        near = (
            actor
            for places, edge in ((by_start, one.content[0][0]), (found, one.content[-1][1]))
            for (other, named, place), actor in places.items()
            if (other, named) == (cue, words) and abs(place - edge) <= len("that ")
        )
        for actor in near:
            mentions.append(((one.speaker, actor), words))
            break
    return mentions


def main(arguments: list[str] | None = None) -> None:
    """Print B-cubed, and where speakers are merged or split."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--from-text", action="store_true", help="find the statements, too: end to end")
    parser.add_argument("--differences", action="store_true", help="list the speakers that are merged or split")
    given = parser.parse_args(arguments)
    passages = read_corpus(given.corpus)
    documents = [] if given.from_text else [resolved(passage) for passage in passages]
    mentions: list[Sequence[Mention]] = [[mention for mention, _ in document] for document in documents]
    if given.from_text:
        mentions = [tally(text).mentions for text in of_passages(passages)]
    score = b_cubed(mentions)
    print(
        f"{sum(map(len, mentions)):,} mentions in {len(passages)} passages: B-cubed F1 {score.f1:.3f} "
        f"({score.interval[0]:.3f}-{score.interval[1]:.3f}), precision {score.precision:.3f}, recall {score.recall:.3f}"
    )
    if given.differences:
        for passage, document in zip(passages, documents, strict=not given.from_text):
            _differences(passage, document)


def _differences(passage: Passage, document: list[tuple[Mention, str]]) -> None:
    for what, place in (("split", 0), ("merged", 1)):
        groups: dict[str | None, list[tuple[Mention, str]]] = defaultdict(list)
        for mention, words in document:
            groups[mention[place]].append((mention, words))
        for key, group in groups.items():
            if key is not None and len({mention[1 - place] for mention, _ in group}) > 1:
                shown = ", ".join(f"'{words}' = {mention[1 - place]}" for mention, words in group)
                print(f"{passage.id}: {key} is {what}: {shown}")
