"""Score the reader by genre, on the invented documents of ``corpora/genres``.

    python -m training genres
    python -m training genres --half dev --differences
    python -m training genres --half test

The documents keep their lines, for the form of a transcript, a resolution or a mail is in its lines. They are read and
counted as `training.realtext` reads and counts: a speech with its speaker, every document with its day of publication.
Rules may be chosen with the development half only; ``--differences`` shows no other.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from training.corpus import Passage, read_corpus
from training.realtext import Label, Tally, Text, shown, tally

CORPUS = Path(__file__).parents[1] / "corpora" / "genres"
HALVES = ("dev", "test")


def load(half: str, folder: Path = CORPUS) -> list[Text]:
    """Return the documents of a half: those whose names begin with it."""
    return [_text(one) for one in read_corpus(folder) if one.id.startswith(f"{half}-")]


def _text(one: Passage) -> Text:
    labels = tuple(Label(said, None, "denied" if said.kind == "denial" else "said") for said in one.attributions)
    about = one.about["genre"], one.id.partition("-")[0], str(one.about["published"]), one.about.get("speaker")
    return Text(one.id, one.text, *about, labels, dated=False)


def by_genre(half: str, folder: Path = CORPUS) -> dict[str, list[tuple[Text, Tally]]]:
    """Return the documents of a half by genre, each with its counts."""
    found: dict[str, list[tuple[Text, Tally]]] = {}
    for text in load(half, folder):
        found.setdefault(text.genre, []).append((text, tally(text)))
    return found


def main(arguments: list[str] | None = None) -> None:
    """Print how well the reader does on each genre."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--half", choices=HALVES, default="dev")
    parser.add_argument("--differences", action="store_true", help="list what differs in the development half")
    given = parser.parse_args(arguments)
    found = by_genre(given.half)
    for genre, own in found.items():
        print(shown(f"{given.half}, {genre}", [one for _, one in own]))
    every = [pair for own in found.values() for pair in own]
    print(shown(f"{given.half}, all", [one for _, one in every]))
    for text, one in every if given.differences and given.half == "dev" else ():
        if one.differences:
            print("\n  ".join((f"\n{text.id}", *one.differences)))
