"""Check what the reader makes of short passages, by kind of fault.

    python -m training passages corpora/passages

Every ``*.json`` of the folder is a list of passages with an ``id`` (its kind and a number), a ``text``, perhaps the day
on which it was ``published``, and what has to hold of the statements whose quotations have certain words:

- ``owner``: one of some words is in the speaker's identifier; ``not``: it is not this identifier; ``never``: this word
  is not in it
- ``distinct`` and ``same``: two have different speakers, or one
- ``kind`` and ``date``: the kinds that are right, the day on which it was said (``None`` where the text does not say)
- ``none``: no speaker is reported to have said so: it is absent, a denial, in doubt, or within a statement that is
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from detente.model.statements import Statement
from detente.reading.attributions import Tagger
from detente.reading.documents import Document
from detente.reading.reader import TAGGERS, load_tagger, read


def faults(passage: dict[str, Any], tagger: Tagger | None = None) -> list[str]:
    """Return what is wrong with the reading of one passage."""
    document = Document("passage.txt", passage["text"] + "\n", "0" * 64)
    return list(_faults(passage, read([document], tagger=tagger, published=passage.get("published")).statements))


def _faults(passage: dict[str, Any], statements: Sequence[Statement]) -> Iterator[str]:
    by_id = {one.id: one for one in statements}

    def having(words: str) -> list[Statement]:
        found = [one for one in statements if words.lower() in (one.quote or "").lower()]
        # What is reported in nothing else, and says little more, is meant first.
        return sorted(found, key=lambda one: (one.nested_in is not None, len(one.quote or "")))

    def speaker(words: str) -> str:
        return next((one.speaker or "" for one in having(words)), "").lower()

    def said(one: Statement) -> bool:
        return one.kind != "denial" and not one.in_doubt and (one.nested_in is None or said(by_id[one.nested_in]))

    for words, names in passage.get("owner", {}).items():
        if not any(name in (one.speaker or "").lower() for one in having(words) for name in names):
            yield f"'{words}' is not {' or '.join(names)}'s but '{speaker(words)}'s"
    for words, name in passage.get("not", ()):
        if any((one.speaker or "").lower() == name for one in having(words)):
            yield f"'{words}' is {name}'s"
    for words, name in passage.get("never", ()):
        if any(name in (one.speaker or "").lower() for one in having(words)):
            yield f"'{words}' is {speaker(words)}'s"
    for one, other in passage.get("distinct", ()):
        if not speaker(one) or not speaker(other) or speaker(one) == speaker(other):
            yield f"'{one}' and '{other}' are both '{speaker(one)}'s"
    for one, other in passage.get("same", ()):
        if not speaker(one) or speaker(one) != speaker(other):
            yield f"'{one}' is '{speaker(one)}'s and '{other}' is '{speaker(other)}'s"
    for words, kinds in passage.get("kind", {}).items():
        kind = next((one.kind for one in having(words)), None)
        if kind not in kinds:
            yield f"'{words}' is a {kind}, not a {' or '.join(kinds)}"
    for words, day in passage.get("date", {}).items():
        dated = next((str(one.date_said) for one in having(words)), "nothing")
        if dated != day:
            yield f"'{words}' is dated {dated}, not {day}"
    for words in passage.get("none", ()):
        if any(said(one) for one in having(words)):
            yield f"'{words}' is a statement"


def main(arguments: list[str] | None = None) -> None:
    """Print every fault, and how many passages of each kind have one."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("passages", type=Path, help="a file of passages, or a folder of them")
    parser.add_argument("--tagger", choices=TAGGERS)
    given = parser.parse_args(arguments)
    tagger = load_tagger(given.tagger, None)
    there, wrong = Counter[str](), Counter[str]()
    for path in sorted(given.passages.glob("*.json")) if given.passages.is_dir() else [given.passages]:
        for passage in json.loads(path.read_text(encoding="utf-8")):
            kind = passage["id"].partition("-")[0]
            found = faults(passage, tagger)
            there[kind] += 1
            wrong[kind] += bool(found)
            for fault in found:
                print(f"{path.stem}, {passage['id']}: {fault}")
    print("; ".join(f"{kind} {wrong[kind]} of {count} wrong" for kind, count in there.items()))
    print(f"{wrong.total()} of {there.total()} passages wrong")
