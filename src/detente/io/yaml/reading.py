"""The faults found while values are parsed, and what is left out because of them."""

from __future__ import annotations

from dataclasses import field
from enum import Enum
from typing import Any, Final

from detente.lazy import dataclass
from detente.model.evidence import Path


class Lost(Enum):
    """The placeholder for a value that could not be parsed."""

    LOST = "lost"


LOST: Final = Lost.LOST


class ValueFault(Exception):
    """Why a value cannot be parsed: a plain sentence, and hints for locating and correcting the fault."""

    def __init__(
        self, message: str, *, word: str | None = None, suggestion: str | None = None, column: int | None = None
    ) -> None:
        super().__init__(message)
        self.message, self.word, self.suggestion, self.column = message, word, suggestion, column


@dataclass
class RemovedItems:
    """The items that were left out because they could not be parsed.

    ``lost`` contains their places in the file, and ``kept`` gives, for each list with left-out items, the original
    places of the items that remain.
    """

    lost: set[Path] = field(default_factory=set)
    kept: dict[Path, list[int]] = field(default_factory=dict)

    def original(self, at: Path) -> Path:
        """Return the place in the file of an item that is numbered among the remaining ones."""
        path: Path = ()
        for step in at:
            items = self.kept.get(path)
            if items is not None and isinstance(step, int) and step < len(items):
                step = items[step]
            path = (*path, step)
        return path

    def misses(self, at: Path) -> bool:
        """Tell whether the item at a place, or a part of it, could not be parsed."""
        return any(place[: len(at)] == at for place in self.lost)


@dataclass
class FoundFaults(RemovedItems):
    """The faults found while parsing data, each with its place and whether it concerns the key there.

    No faults are reported for the places in ``told``.
    """

    told: frozenset[Path] = frozenset()
    faults: list[tuple[Path, ValueFault, bool]] = field(default_factory=list)

    def report(self, at: Path, fault: ValueFault, *, at_key: bool = False) -> Lost:
        """Record that the value at a place cannot be parsed."""
        self.lost.add(at)
        if at not in self.told:
            self.faults.append((at, fault, at_key))
        return LOST

    def expected(self, at: Path, wanted: str, given: Any) -> Lost:
        """Report that the value at a place has the wrong type."""
        what = f"'{at[-1]}'" if at and isinstance(at[-1], str) else "this entry"
        found = {list: "a list", dict: "a mapping", type(None): "nothing"}.get(type(given), f"the text '{given}'")
        return self.report(at, ValueFault(f"{what} must be {wanted}, not {found}"))
