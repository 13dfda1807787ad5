"""Tagging many documents: long ones in parts, in several processes, and resumed after an interruption.

Tagging takes nearly all the time of reading, and no part of a text depends on another, so parts are what is spread over
processes. Everything after it (names, pronouns, links) looks at all documents together and is done once.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from detente._version import __version__
from detente.jobs import cores, spread
from detente.model.questions import Progress, no_progress
from detente.model.quotes import Span
from detente.reading.attributions import Attribution, Tagger

#: Characters of a part: a quarter of a minute of work. A shorter text is one part.
PART = 100_000
#: With so many characters to tag, more than one process is worth its start.
WORTH_PROCESSES = 200_000
#: Where a text may be parted: between two paragraphs, unless the second may continue a quotation.
_BETWEEN = re.compile(r"\n\s*\n(?=[^\s\"“”„«»‘’'])")


@dataclass(frozen=True)
class Part:
    """A part of a text, and what tags it."""

    document: int
    start: int
    text: str
    tagger: Tagger

    @property
    def digest(self) -> str:
        """The SHA-256 of the text."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()


def parted(text: str, size: int = PART) -> Iterator[tuple[int, str]]:
    r"""Part a text between paragraphs into pieces of about ``size`` characters; yield each with its first character.

    A paragraph is never divided, so a text without blank lines is one piece.

    >>> list(parted("One.\n\nTwo.\n\nThree.", 6))
    [(0, 'One.\n\n'), (6, 'Two.\n\n'), (12, 'Three.')]
    """
    start = 0
    while start < len(text):
        found = _BETWEEN.search(text, start + size - 2) if len(text) - start > size else None
        end = found.end() if found else len(text)
        yield start, text[start:end]
        start = end


def tag(part: Part) -> tuple[Part, list[Attribution]]:
    """Tag a part of a text; positions are those of the whole text."""
    return part, [shifted(one, part.start) for one in part.tagger.tag(part.text)]


def shifted(one: Attribution, by: int) -> Attribution:
    """Return an attribution with its spans moved by some characters."""

    def moved(spans: Sequence[Span]) -> tuple[Span, ...]:
        return tuple((start + by, end + by) for start, end in spans)

    return replace(one, source=moved(one.source), cue=moved(one.cue), content=moved(one.content))


class PartialTags:
    """The attributions of parts that have been tagged, in a file beside the output until all are.

    Parameters
    ----------
    path
        The file. One that another version or another tagger wrote is begun anew.
    tagger
        What identifies the tagger: its name, or the digest of its weights.
    """

    def __init__(self, path: Path, tagger: str) -> None:
        self._path = path
        self._head = json.dumps({"format": "detente-tags/1", "version": __version__, "tagger": tagger})
        self._known = self._read()

    def _read(self) -> dict[str, list[Attribution]]:
        try:
            head, *lines = self._path.read_text(encoding="utf-8").splitlines()
        except (OSError, ValueError):
            return {}
        known = {}
        if head == self._head:
            for line in lines:
                # The last line is cut off where the work was interrupted while it was written.
                with suppress(ValueError, KeyError, TypeError):
                    data = json.loads(line)
                    known[data["sha256"]] = [_attribution(one) for one in data["attributions"]]
        return known

    def __len__(self) -> int:
        return len(self._known)

    def get(self, part: Part) -> list[Attribution] | None:
        """Return what was found in a part; None if it has not been tagged."""
        found = self._known.get(part.digest)
        return None if found is None else [shifted(one, part.start) for one in found]

    def add(self, part: Part, found: Sequence[Attribution]) -> None:
        """Write down what was found in a part."""
        if not self._known:
            self._path.write_text(self._head, encoding="utf-8")
        own = [shifted(one, -part.start) for one in found]
        self._known[part.digest] = own
        with self._path.open("a", encoding="utf-8") as file:
            # The line break stands before, because the last line may be cut off.
            file.write("\n" + json.dumps({"sha256": part.digest, "attributions": [asdict(one) for one in own]}))

    def remove(self) -> None:
        """Remove the file: the work is done."""
        self._path.unlink(missing_ok=True)


def _attribution(data: dict[str, Any]) -> Attribution:
    for name in ("source", "cue", "content"):
        data[name] = tuple((int(start), int(end)) for start, end in data[name])
    return Attribution(**data)


def tag_all(
    texts: Sequence[str],
    tagger: Tagger,
    *,
    workers: int | None = None,
    scheduler: str | None = None,
    kept: PartialTags | None = None,
    progress: Progress = no_progress,
) -> list[list[Attribution]]:
    """Return the attributions of every text, in the order in which they begin.

    The answer does not depend on the number of workers, nor on what was kept.

    Parameters
    ----------
    texts
        The texts of the documents.
    tagger
        What finds attributions.
    workers
        Number of processes; None chooses it by the number of characters.
    scheduler
        The address of the scheduler of a Dask cluster that does the work.
    kept
        Where attributions are kept until all parts are tagged, and taken from if the work is done again.
    progress
        Called with the share of the characters that are tagged.
    """
    if workers is None:
        workers = cores() if sum(map(len, texts)) >= WORTH_PROCESSES else 1
    parts = [Part(number, start, piece, tagger) for number, text in enumerate(texts) for start, piece in parted(text)]
    found: dict[tuple[int, int], Sequence[Attribution]] = {}
    left, whole, done = [], sum(len(part.text) for part in parts) or 1, 0

    def note(part: Part, attributions: Sequence[Attribution]) -> None:
        nonlocal done
        found[part.document, part.start] = attributions
        done += len(part.text)
        progress(done / whole, f"reading: {done:,} of {whole:,} characters")

    for part in parts:
        known = kept.get(part) if kept is not None else None
        if known is None:
            left.append(part)
        else:
            note(part, known)
    for part, attributions in spread(tag, left, workers=workers, scheduler=scheduler):
        note(part, attributions)
        if kept is not None and len(parts) > 1:
            kept.add(part, attributions)
    tagged: list[list[Attribution]] = [[] for _ in texts]
    for document, start in sorted(found):
        tagged[document] += found[document, start]
    return tagged
