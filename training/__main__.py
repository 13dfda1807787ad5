"""Make the reader that the package carries, and measure it.

    python -m training train CORPUS -o mine.npz
    python -m training score mine.npz FOLDER_OF_STANDOFF

Each command is described in the module that has its name; ``train``, ``score`` and ``speed`` are in `training.reader`,
``check`` is in `training.corpus`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from detente.errors import InputError
from training import agreement, corpus, genres, gum, passages, polnear, reader, realtext, speakers

COMMANDS: dict[str, Callable[[list[str]], int | None]] = {
    **{name: partial(reader.main, name) for name in ("train", "score", "speed")},
    "check": corpus.main,
    "agreement": agreement.main,
    "passages": passages.main,
    "speakers": speakers.main,
    "realtext": realtext.main,
    "genres": genres.main,
    "gum": lambda given: gum.main(*map(Path, given)),
    "polnear": lambda given: polnear.main(*map(Path, given)),
}


def main(arguments: list[str]) -> int:
    """Run a command; an input at fault is a message and exit code 1."""
    if not arguments or arguments[0] not in COMMANDS:
        print(f"usage: python -m training {'|'.join(COMMANDS)} ...", file=sys.stderr)
        return 2
    try:
        return COMMANDS[arguments[0]](arguments[1:]) or 0
    except InputError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
