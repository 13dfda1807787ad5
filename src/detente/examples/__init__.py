"""The catalogue: disputes and textbook games that come with Detente, one conflict file each.

>>> catalogue()[0]
'ukraine-2023'
>>> path("chicken").name
'chicken.conflict.yaml'
"""

from __future__ import annotations

from pathlib import Path

from detente.errors import UnknownNameError

#: The dispute that is shown first.
FIRST = "ukraine-2023"
_ENDING = ".conflict.yaml"
_FOLDER = Path(__file__).parent


def catalogue() -> tuple[str, ...]:
    """Return the identifiers of all entries: the first dispute, then the others in alphabetical order."""
    names = [item.name for item in _FOLDER.iterdir()]
    ids = [name.removesuffix(_ENDING) for name in names if name.endswith(_ENDING)]
    return tuple(sorted(ids, key=lambda id: (id != FIRST, id)))


def demo_files() -> dict[str, Path]:
    """Return the files of the demo by their names in its folder: three reports, and the model that a person corrected.

    >>> sorted(demo_files())[0]
    'corrected.conflict.yaml'
    """
    folder = _FOLDER / "demo"
    return {one.relative_to(folder).as_posix(): one for one in sorted(folder.rglob("*")) if one.is_file()}


def path(id: str) -> Path:
    """Return where the conflict file of an entry lies.

    Raises
    ------
    UnknownNameError
        When the catalogue has no such entry.
    """
    known = catalogue()
    if id not in known:
        raise UnknownNameError("example", id, known)
    return _FOLDER / f"{id}{_ENDING}"
