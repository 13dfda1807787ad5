"""A part of PolNeAR (Newell, Margolin & Ruths 2018) as a folder of brat standoff, to score taggers on, nothing else.

    python -m training polnear FOLDER_OF_POLNEAR OUTPUT

PolNeAR states no licence: nothing is ever trained on it or chosen by it, and none of it is kept here. Only the
development part is taken. Of articles that two people have marked, the first one's marks count.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path


def main(polnear: Path, output: Path) -> None:
    """Write the texts of the development part, each with its marks beside it."""
    output.mkdir(parents=True, exist_ok=True)
    texts = sorted((polnear / "data" / "dev" / "text").glob("*.txt"))
    for text in texts:
        marks = sorted((polnear / "data" / "dev" / "attributions").glob(f"{text.stem}_????.ann"))
        shutil.copy(text, output / text.name)
        shutil.copy(marks[0], output / f"{text.stem}.ann")
    print(f"{len(texts)} articles", file=sys.stderr)
