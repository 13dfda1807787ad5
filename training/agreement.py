"""How far two annotations of the same passages agree.

    python -m training agreement
    python -m training agreement FIRST SECOND --differences

Attributions are matched as the reader's are when it is scored (`training.scoring`). Of those matched, the kinds
are compared, with Cohen's kappa (Cohen 1960), and who the speaker is in the end. Two annotators may call the same
speaker by other words, so names count as the same when they go together in that pairing of the names of a passage, one
to one, in which most do (as Luo 2005 pairs entities); no actor goes with none. Intervals are 95%, by a bootstrap over
passages. What only one of the two folders holds is left out.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from detente.errors import Fault, InputError, one_line
from detente.model.statements import STATEMENT_KINDS
from detente.reading.attributions import Attribution, within
from training.corpus import Passage, read_corpus
from training.scoring import Counts, matched, same_speaker, score, top_level

FOLDER = Path(__file__).parents[1] / "corpora" / "attribution"
SAMPLES = 2000

Numbers = NDArray[np.float64]
Pairs = Sequence[tuple[Attribution, Attribution]]


@dataclass(frozen=True)
class Figure:
    """A figure and its 95% interval."""

    value: float
    interval: tuple[float, float]

    def __str__(self) -> str:
        return f"{self.value:.3f} ({self.interval[0]:.3f}-{self.interval[1]:.3f})"


@dataclass(frozen=True)
class Twice:
    """A passage that was annotated twice: what each annotator marked, and which of it is the same."""

    id: str
    text: str
    first: tuple[Attribution, ...]
    second: tuple[Attribution, ...]
    pairs: tuple[tuple[Attribution, Attribution], ...]


@dataclass(frozen=True)
class Marked:
    """Of one sort of attributions: how many each annotator marked, on how many they agree, and the two F1."""

    first: int
    second: int
    both: int
    found: Figure
    with_speaker: Figure


@dataclass(frozen=True)
class Agreement:
    """How far two annotators agree: on what there is, and on what is said of what both have marked."""

    passages: int
    top_level: Marked
    nested: Marked
    every: Marked
    kind: Figure
    kappa: Figure
    named: Figure
    worded: Figure


def twice(first: Sequence[Passage], second: Sequence[Passage]) -> list[Twice]:
    """Return the passages that both annotators have, in the second's order, with their attributions matched.

    Raises
    ------
    InputError
        Where no passage is in both, or a passage's text is not the same.
    """
    known = {passage.id: passage for passage in first}
    both = [(known[passage.id], passage) for passage in second if passage.id in known]
    faults = [
        Fault(f"passage '{one.id}' is not the same text in both annotations")
        for one, other in both
        if one.text != other.text
    ]
    if not both:
        faults.append(Fault("no passage is in both annotations"))
    if faults:
        raise InputError(faults)
    return [
        Twice(
            one.id,
            one.text,
            one.attributions,
            other.attributions,
            tuple(matched(one.text, one.attributions, other.attributions)),
        )
        for one, other in both
    ]


def agreement(passages: Sequence[Twice]) -> Agreement:
    """Return how far the annotators of passages agree."""
    kinds = np.array([_kinds(passage.pairs) for passage in passages])
    pairs = np.array([len(passage.pairs) for passage in passages])
    named = np.array([same_name(passage.pairs) for passage in passages])
    worded = np.array([sum(one.speaker == other.speaker for one, other in passage.pairs) for passage in passages])
    return Agreement(
        len(passages),
        top_level=_marked(passages, top_level),
        nested=_marked(passages, nested),
        every=_marked(passages, list),
        kind=_drawn(kinds, lambda table: float(np.trace(table) / max(table.sum(), 1))),
        kappa=_drawn(kinds, kappa),
        named=_drawn(np.stack([named, pairs], axis=1), _share),
        worded=_drawn(np.stack([worded, pairs], axis=1), _share),
    )


def nested(attributions: Sequence[Attribution]) -> list[Attribution]:
    """Return the attributions that are reported in another."""
    return [one for one in attributions if any(within(one, other) for other in attributions)]


def kappa(table: Numbers) -> float:
    """Return Cohen's kappa of a table: how often one annotator chose the row where the other chose the column.

    >>> round(kappa(np.array([[20.0, 5.0], [10.0, 15.0]])), 3)
    0.4
    """
    total = table.sum()
    if not total:
        return 0.0
    observed = np.trace(table) / total
    by_chance = float(table.sum(axis=1) @ table.sum(axis=0)) / total**2
    return float((observed - by_chance) / (1 - by_chance)) if by_chance < 1 else 1.0


def same_name(pairs: Pairs) -> int:
    """Count the pairs of a passage with the same speaker in the end, whatever the names are."""
    together = Counter((one.speaker, other.speaker) for one, other in pairs)
    graph: nx.Graph[tuple[int, str]] = nx.Graph()
    for (one, other), count in together.items():
        if one is not None and other is not None:
            graph.add_edge((0, one), (1, other), weight=count)
    return together[None, None] + sum(int(graph.edges[pair]["weight"]) for pair in nx.max_weight_matching(graph))


def _marked(passages: Sequence[Twice], sort: Callable[[Sequence[Attribution]], list[Attribution]]) -> Marked:
    """Return how far annotators agree on attributions of one sort, matched among themselves."""
    documents = []
    for passage in passages:
        first, second = sort(passage.first), sort(passage.second)
        pairs = matched(passage.text, first, second)
        right = sum(same_speaker(one, other) for one, other in pairs)
        documents.append(Counts(len(first), len(second), len(pairs), right))
    found, speaker = score(documents), score(documents, speaker=True)
    return Marked(
        sum(one.there for one in documents),
        sum(one.tagged for one in documents),
        sum(one.found for one in documents),
        Figure(found.f1, found.interval),
        Figure(speaker.f1, speaker.interval),
    )


def _kinds(pairs: Pairs) -> Numbers:
    table = np.zeros((len(STATEMENT_KINDS), len(STATEMENT_KINDS)))
    for one, other in pairs:
        if one.kind is not None and other.kind is not None:
            table[STATEMENT_KINDS.index(one.kind), STATEMENT_KINDS.index(other.kind)] += 1
    return table


def _share(sums: Numbers) -> float:
    return float(sums[0] / max(sums[1], 1))


def _drawn(documents: Numbers, figure: Callable[[Numbers], float], seed: int = 0) -> Figure:
    """Return a figure of the sum over passages, with the interval of a bootstrap over them (Efron 1979)."""
    drawn = np.random.default_rng(seed).integers(0, len(documents), (SAMPLES, len(documents)))
    low, high = np.percentile([figure(documents[rows].sum(axis=0)) for rows in drawn], [2.5, 97.5])
    return Figure(figure(documents.sum(axis=0)), (float(low), float(high)))


def print_agreement(found: Agreement) -> None:
    """Print the figures of an agreement."""
    print(f"{found.passages} passages that were annotated twice")
    for name, sort in (("not nested", found.top_level), ("nested", found.nested), ("all", found.every)):
        print(
            f"  {name}: {sort.first} and {sort.second} marked, {sort.both} by both: found F1 {sort.found}, "
            f"with the speaker {sort.with_speaker}"
        )
    print(f"  of the {found.every.both} that both have marked:")
    print(f"  kind: the same in {found.kind}, kappa {found.kappa}")
    print(f"  who the speaker is: the same in {found.named}, in the same words in {found.worded}")


def _differences(passages: Sequence[Twice]) -> None:
    """Print what only one annotator marked, and where the two say something else of the same attribution."""
    for passage in passages:
        print(f"\n{passage.id}")
        known = {id(one) for pair in passage.pairs for one in pair}
        for name, own in (("first", passage.first), ("second", passage.second)):
            for one in own:
                if id(one) not in known:
                    print(f"  only the {name}: {_line(passage.text, one)}")
        for one, other in passage.pairs:
            if one.kind != other.kind:
                print(f"  {one.kind} or {other.kind}: {_line(passage.text, one)}")
            if not same_speaker(one, other) or one.speaker != other.speaker:
                print(f"  {one.speaker} or {other.speaker}: {_line(passage.text, one)}")


def _line(text: str, one: Attribution) -> str:
    source, cue, content = (" … ".join(text[a:b] for a, b in spans) for spans in (one.source, one.cue, one.content))
    return one_line(f"[{source}] {cue}: {content} ({one.kind}, {one.speaker})")


def main(arguments: list[str] | None = None) -> int:
    """Print how far two annotations agree."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("first", type=Path, nargs="?", default=FOLDER / "passages")
    parser.add_argument("second", type=Path, nargs="?", default=FOLDER / "second-annotator")
    parser.add_argument("--differences", action="store_true", help="list what the two annotators did not do alike")
    given = parser.parse_args(arguments)
    try:
        passages = twice(read_corpus(given.first), read_corpus(given.second))
    except InputError as error:
        print(error, file=sys.stderr)
        return 1
    print_agreement(agreement(passages))
    if given.differences:
        _differences(passages)
    return 0
