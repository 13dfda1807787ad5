"""Score the reader on real text, which is annotated as standoff in ``corpora/realtext``.

    python -m training realtext COPY_OF_GUM COPY_OF_PUD
    python -m training realtext COPY_OF_GUM COPY_OF_PUD --differences
    python -m training realtext COPY_OF_GUM COPY_OF_PUD --agreement
    python -m training realtext COPY_OF_GUM COPY_OF_PUD --ceiling
    python -m training realtext --own corpora/attribution/passages

The annotations hold no text: the name of a document, offsets of characters, and labels. The texts are rebuilt from the
user's copies of GUM (``dep/NAME.conllu``) and of the English PUD treebank (``en_pud-ud-test.conllu``), and compared
with the digests of the texts that were annotated.

The reader gets a text as a user gives it, with its day of publication and, for a speech, its speaker. Of what it lists,
these are counted: contents (as in `training.scoring`), the words that name the speaker, the kind, all three of these,
the date, whether it was said or denied or neither, and who the speaker is: B-cubed over every statement that has one,
found or not. Rules may be chosen with the development half only; ``--differences`` shows no other.

``--ceiling`` scores the second annotation as if it were a reader. It also counts the errors of the reader, and on how
many of them the two annotations differ: a missed statement that the second does not mark either, a spurious one that it
marks, another speaker's words that it marks, too.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from detente.errors import Fault, InputError, one_line
from detente.model.quotes import Span
from detente.model.statements import Dossier, Skipped, Statement
from detente.reading.attributions import Attribution
from detente.reading.documents import Document
from detente.reading.reader import read
from training import agreement
from training.corpus import Passage, read_corpus
from training.gum import words
from training.scoring import Counts, Mention, b_cubed, matched, same_speaker, score

ANNOTATION = Path(__file__).parents[1] / "corpora" / "realtext"
PUD = "en_pud-ud-test.conllu"
#: The genre of the passages of Detente's own corpus.
OWN = "own"


@dataclass(frozen=True)
class Label:
    """A statement: its spans, speaker and kind; its date; and whether it is ``said``, ``denied`` or ``unsaid``.

    ``polarity`` is None where a corpus does not mark it.
    """

    said: Attribution
    date: str | None
    polarity: str | None


@dataclass(frozen=True)
class Text:
    """An annotated text: what it is, its half, its labels, and whether they have the day on which each was said."""

    id: str
    text: str
    genre: str
    half: str
    published: str | None
    speaker: str | None
    labels: tuple[Label, ...]
    dated: bool = True


@dataclass(frozen=True)
class Tally:
    """Of one text: how many statements there are, are listed and are found, and how much of them is right.

    ``kinds``, ``dated`` and ``judged`` are the statements of which the kind, the date and the polarity are compared.
    """

    there: int
    listed: int
    found: int
    with_speaker: int
    kinds: int
    kinds_right: int
    all_three: int
    dated: int
    dates_right: int
    judged: int
    polarity_right: int
    mentions: tuple[Mention, ...]
    differences: tuple[str, ...]


def about(folder: Path = ANNOTATION) -> list[dict[str, Any]]:
    """Return what is known of each annotated document."""
    return [json.loads(line) for line in (folder / "documents.jsonl").read_text(encoding="utf-8").splitlines()]


def load(copies: Sequence[Path], folder: Path = ANNOTATION, name: str = "first") -> list[Text]:
    """Return the annotated texts, rebuilt from copies of their corpora; those of an absent corpus are left out.

    Raises
    ------
    InputError
        Where no corpus is there, or a text is not the one that was annotated.
    """
    labels: dict[str, list[Label]] = defaultdict(list)
    for line in (folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
        one = json.loads(line)
        source, cue, content = (tuple((a, b) for a, b in one[role]) for role in ("speaker", "cue", "content"))
        said = Attribution(source, cue, content, one["who"], one["kind"])
        labels[one["document"]].append(Label(said, one["date"], one["polarity"]))
    texts, faults, absent = [], [], []
    documents = about(folder)
    sentences = {id: text for copy in copies if (copy / PUD).is_file() for id, text in _sentences(copy / PUD)}
    for one in documents:
        id = one["document"]
        paths = [path for copy in copies if (path := copy / "dep" / f"{id}.conllu").is_file()]
        text = words(paths[0].read_text(encoding="utf-8"))[0] if paths else sentences.get(id)
        if text is None:
            absent.append(PUD if one["genre"] == "sentences" else f"dep/{id}.conllu")
        elif hashlib.sha256(text.encode("utf-8")).hexdigest() != one["sha256"]:
            faults.append(Fault(f"{id} is another text than the one annotated: that of GUM version 11 or PUD 2.15"))
        else:
            own = tuple(labels[id])
            texts.append(Text(id, text, one["genre"], one["half"], one["published"], one["speaker"], own))
    if faults or not texts:
        where = ", ".join(map(str, copies))
        raise InputError(faults or [Fault(f"none of the corpora is here; looked for {absent[0]} and {PUD}", where)])
    if absent:
        print(f"{len(absent)} of {len(documents)} documents left out: no {absent[-1]}", file=sys.stderr)
    return texts


def _sentences(treebank: Path) -> Iterator[tuple[str, str]]:
    """Yield the documents of PUD: each sentence is a paragraph, for they do not follow each other."""
    for part in re.split(r"^# newdoc id = ", treebank.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        id, _, rest = part.partition("\n")
        yield id.strip(), words(rest.replace("# sent_id", "# newpar\n# sent_id"))[0]


def of_passages(passages: Iterable[Passage]) -> list[Text]:
    """Return the passages of Detente's own corpus, which has no dates and does not mark what was not said."""
    return [
        Text(one.id, one.text, OWN, "dev", None, None, tuple(Label(said, None, None) for said in one.attributions))
        for one in passages
    ]


def tally(text: Text) -> Tally:
    """Read a text as a user would, and count what is right."""
    return compared(text, *listed(text))


def compared(text: Text, said: Sequence[Label], skipped: Sequence[Label]) -> Tally:
    """Count what is right of what a reader lists as said or denied, and of what it lists as not said."""
    # What was not said is no statement. The own corpus does not tell: there what the reader skips counts as found.
    told = _told(text)
    answers = [*said, *skipped] if text.genre == OWN else said
    pairs = _pairs(text.text, told, answers)
    kinds = [(one, other) for one, other in pairs if other.said.kind and (one.polarity or other.polarity == "said")]
    same = [(one, other) for one, other in pairs if same_speaker(one.said, other.said)]
    dated = [(one, other) for one, other in pairs if text.dated and one.polarity and (one.date or other.date)]
    judged = [pair for pair in _pairs(text.text, text.labels, [*said, *skipped]) if pair[0].polarity]
    actors = {id(one): other.said.speaker for one, other in pairs}
    return Tally(
        len(told),
        len(answers),
        len(pairs),
        len(same),
        len(kinds),
        sum(one.said.kind == other.said.kind for one, other in kinds),
        sum(one.said.kind == other.said.kind for one, other in same),
        len(dated),
        sum(one.date == other.date for one, other in dated),
        len(judged),
        sum(one.polarity == other.polarity for one, other in judged),
        tuple((one.said.speaker, actors.get(id(one))) for one in told if one.said.speaker is not None),
        tuple(_differences(text, told, answers, pairs, judged)),
    )


def _told(text: Text) -> list[Label]:
    return [one for one in text.labels if one.polarity != "unsaid"]


def listed(text: Text) -> tuple[list[Label], list[Label]]:
    """Return what the reader lists as said or denied, and what it lists as not said."""
    document = Document(f"{text.id}.txt", text.text, "")
    return _listed(text.text, read([document], published=text.published, speaker=text.speaker))


def _listed(text: str, dossier: Dossier) -> tuple[list[Label], list[Label]]:
    """Return what a dossier lists as said or denied, and what it lists as not said."""

    def said(one: Statement | Skipped, speaker: str | None = None, kind: str | None = None) -> Attribution:
        cue = _nearest(text, one.cue, one.spans)
        return Attribution(_nearest(text, one.speaker_text, cue or one.spans), cue, one.spans, speaker, kind)

    listed = [
        Label(said(one, one.speaker, one.kind), one.date_said, "denied" if one.kind == "denial" else "said")
        for one in dossier.statements
    ]
    return listed, [Label(said(one), None, "unsaid") for one in dossier.skipped]


def _nearest(text: str, found: str | None, to: Sequence[Span]) -> tuple[Span, ...]:
    """Return where words are that the reader gives without their place: where they stand nearest to some spans."""
    # The colon of a turn stands right behind a name.
    words = rf"(?<!\w){re.escape(found)}(?!\w)" if found and found[0].isalnum() else re.escape(found or "")
    places = [one.span() for one in re.finditer(words, text)] if found else []

    def distance(place: Span) -> int:
        return min(max(place[0] - end, start - place[1], 0) for start, end in to)

    return (min(places, key=distance),) if places else ()


def _pairs(text: str, labels: Sequence[Label], answers: Sequence[Label]) -> list[tuple[Label, Label]]:
    """Return what was found, each with what it was found as."""
    by_id = {id(one.said): one for one in (*labels, *answers)}
    found = matched(text, [one.said for one in labels], [one.said for one in answers])
    return [(by_id[id(one)], by_id[id(other)]) for one, other in found]


def _differences(
    whole: Text,
    told: Sequence[Label],
    answers: Sequence[Label],
    pairs: Sequence[tuple[Label, Label]],
    judged: Sequence[tuple[Label, Label]],
) -> Iterator[str]:
    text = whole.text
    known = {id(one) for pair in pairs for one in pair}
    for what, own in (("missed", told), ("spurious", answers)):
        yield from (f"{what}: {_line(text, one)}" for one in own if id(one) not in known)
    for one, other in pairs:
        if not same_speaker(one.said, other.said):
            yield f"speaker '{_words(text, other.said.source)}': {_line(text, one)}"
        if one.said.kind != other.said.kind:
            yield f"kind {other.said.kind}, not {one.said.kind}: {_line(text, one)}"
        if whole.dated and one.polarity and one.date != other.date:
            yield f"date {other.date}, not {one.date}: {_line(text, one)}"
    for one, other in judged:
        if one.polarity != other.polarity:
            yield f"{other.polarity}, not {one.polarity}: {_line(text, one)}"
    actors: dict[str | None, list[str]] = defaultdict(list)
    for one, other in pairs:
        if one.said.speaker is not None:
            actors[one.said.speaker].append(f"{other.said.speaker} ('{_words(text, other.said.source)}')")
    for speaker, names in actors.items():
        yield f"who: {speaker} = {', '.join(dict.fromkeys(names))}"


def _line(text: str, one: Label) -> str:
    source, cue, content = (_words(text, spans) for spans in (one.said.source, one.said.cue, one.said.content))
    return one_line(f"[{source}] {cue}: {content} ({one.said.kind}, {one.said.speaker})")


def _words(text: str, spans: Sequence[Span]) -> str:
    return " … ".join(text[start:end] for start, end in spans)


def shown(name: str, found: Sequence[Tally]) -> str:
    """Return the scores of some texts, in a line."""
    sums = {field: sum(getattr(one, field) for one in found) for field in Tally.__dataclass_fields__ if field not in
            ("mentions", "differences")}  # fmt: skip
    counts = [Counts(one.there, one.listed, one.found, one.with_speaker) for one in found]
    content, speaker = score(counts), score(counts, speaker=True)
    three = score([Counts(one.there, one.listed, one.all_three, 0) for one in found])
    who = b_cubed([one.mentions for one in found])
    parts = [
        f"{name}: {len(found)} texts, {sums['there']:,} statements",
        f"content {content.f1:.3f} ({content.interval[0]:.3f}-{content.interval[1]:.3f}; "
        f"precision {content.precision:.3f}, recall {content.recall:.3f})",
        f"with the speaker {speaker.f1:.3f} ({speaker.interval[0]:.3f}-{speaker.interval[1]:.3f})",
        f"kind {sums['kinds_right'] / max(sums['kinds'], 1):.3f}",
        f"all three {three.f1:.3f} ({three.interval[0]:.3f}-{three.interval[1]:.3f})",
        f"identity {who.f1:.3f} ({who.interval[0]:.3f}-{who.interval[1]:.3f})",
    ]
    if sums["dated"]:
        parts.append(f"date {sums['dates_right']} of {sums['dated']}")
    if sums["judged"]:
        parts.append(f"polarity {sums['polarity_right'] / sums['judged']:.3f}")
    return "; ".join(parts)


def _agreement(first: Sequence[Text], second: Sequence[Text]) -> None:
    """Print how far two annotations agree."""
    one, other = ([Passage(text.id, text.text, tuple(label.said for label in text.labels)) for text in own]
                  for own in (first, second))  # fmt: skip
    passages = agreement.twice(one, other)
    agreement.print_agreement(agreement.agreement(passages))
    labels = {id(label.said): label for text in (*first, *second) for label in text.labels}
    pairs = [(labels[id(one)], labels[id(other)]) for passage in passages for one, other in passage.pairs]
    dated = [(one, other) for one, other in pairs if one.date or other.date]
    print(f"  date: the same in {sum(one.date == other.date for one, other in dated)} of {len(dated)}")
    alike = sum(one.polarity == other.polarity for one, other in pairs)
    print(f"  said, denied or neither: the same in {alike} of {len(pairs)}")


def _ceiling(first: Sequence[Text], second: Sequence[Text]) -> None:
    """Print how the second annotation scores as a reader, and on how many of the reader's errors the two differ."""
    for half in sorted({text.half for text in first}):
        own = [pair for pair in zip(first, second, strict=True) if pair[0].half == half]
        print(shown(f"{half}, the second annotation", [compared(one, _told(other), []) for one, other in own]))
        found = [error for one, other in own for error in errors(one, other, listed(one)[0])]
        for kind in ("missed", "spurious", "other speaker"):
            differ = [disputed for name, disputed in found if name == kind]
            print(f"  {kind}: {len(differ)}, of which the annotations differ on {sum(differ)}")


def errors(first: Text, second: Text, answers: Sequence[Label]) -> Iterator[tuple[str, bool]]:
    """Yield the errors in what a reader lists, each with whether the two annotations differ on it, too."""
    told, told_again = _told(first), _told(second)
    found = {id(one): other for one, other in _pairs(first.text, told, answers)}
    again = {id(one): other for one, other in _pairs(first.text, told, told_again)}
    right = {id(other) for other in found.values()}
    marked = {id(other) for _, other in _pairs(first.text, told_again, answers)}
    for one in told:
        other, theirs = found.get(id(one)), again.get(id(one))
        if other is None:
            yield "missed", theirs is None
        elif not same_speaker(one.said, other.said):
            yield "other speaker", theirs is None or not same_speaker(one.said, theirs.said)
    yield from (("spurious", id(one) in marked) for one in answers if id(one) not in right)


def main(arguments: list[str] | None = None) -> int:
    """Print how well the reader does on real text, or how far the two annotations agree."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("copies", type=Path, nargs="*", help="folders with copies of GUM and PUD")
    parser.add_argument("--annotation", type=Path, default=ANNOTATION)
    parser.add_argument("--own", type=Path, help="score the passages of this corpus of Detente's, too")
    parser.add_argument("--agreement", action="store_true", help="compare the two annotations; nothing is read")
    parser.add_argument("--ceiling", action="store_true", help="score the second annotation as if it were a reader")
    parser.add_argument("--differences", action="store_true", help="list what differs in the development half")
    given = parser.parse_args(arguments)
    if given.agreement or given.ceiling:
        compare = _agreement if given.agreement else _ceiling
        compare(*(load(given.copies, given.annotation, name) for name in ("first", "second")))
        return 0
    texts = load(given.copies, given.annotation) if given.copies else []
    found = [(text, tally(text)) for text in texts]
    for half in sorted({text.half for text in texts}):
        own = [(text, one) for text, one in found if text.half == half]
        for genre in sorted({text.genre for text, _ in own}):
            print(shown(f"{half}, {genre}", [one for text, one in own if text.genre == genre]))
        print(shown(f"{half}, all", [one for _, one in own]))
    if found:
        print(shown("all", [one for _, one in found]))
    if given.own:
        print(shown(given.own.name, [tally(text) for text in of_passages(read_corpus(given.own))]))
    if given.differences:
        for text, one in found:
            if text.half == "dev" and one.differences:
                print("\n  ".join((f"\n{text.id}", *one.differences)))
    return 0
