"""The registry of the solution concepts. They share one definition; each concept fills in its terms.

To add a concept, write its file, list the concepts of its family in ``ROWS``, and name the file in `FILES`.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module

from detente.concepts.concept import Concept, Improvement, Respond, Sanction, Series
from detente.errors import UnknownNameError
from detente.lazy import lazy_pattern

#: The files of the concepts, in the order in which tables show them.
FILES = (
    "nash",
    "gmr",
    "smr",
    "seq",
    "sim",
    "sseq",
    "seq_then_sim",
    "unknown",
    "strength",
    "fuzzy",
    "probabilistic",
    "non_myopic",
    "relational",
    "limited_move",
    "maximin",
)

_ROWS: list[Concept | Series] = [row for file in FILES for row in import_module(f"detente.concepts.{file}").ROWS]
_ALL = [row for row in _ROWS if isinstance(row, Concept)]

#: Concepts that are defined for every conflict, by identifier.
CONCEPTS = {row.id: row for row in _ALL if row.family not in ("horizon", "relational")}

#: Concepts that are defined for some conflicts only, by identifier.
VARIANTS = {row.id: row for row in _ALL if row.id not in CONCEPTS}

#: Concepts with a horizon, by stem: ``maximin_4`` is one of the series ``maximin``.
SERIES = {row.stem: row for row in _ROWS if isinstance(row, Series)}

#: The names of all concepts, as a list shows them; h stands for a horizon.
NAMES = (*CONCEPTS, *VARIANTS, *(f"{stem}_h" for stem in SERIES))

#: The concepts of an analysis by default.
DEFAULT_CONCEPTS = ("nash", "gmr", "smr", "seq", "sim", "sseq")

_WITH_HORIZON = lazy_pattern(r"(.*?)_?([0-9]{0,9})")


def concept(name: str) -> Concept:
    """Return the concept with this identifier; upper and lower case count as the same.

    >>> concept("maximin_4").horizon
    4

    Raises
    ------
    UnknownNameError
        For a name that is not registered, with the nearest that is.
    """
    id = name.lower()
    found = CONCEPTS.get(id) or VARIANTS.get(id)
    if found:
        return found
    split = _WITH_HORIZON.fullmatch(id)
    stem, digits = split.groups() if split else (id, "")
    if stem in SERIES and digits.strip("0") and f"{stem}_{int(digits)}" == id:
        return SERIES[stem].make(int(digits))
    # The suggestion keeps the horizon that was written.
    horizon = int(digits or 0) or 2
    asked = id.removesuffix("_h")
    if asked in SERIES:
        raise UnknownNameError("concept", name, hint=f"add the number of moves it looks ahead: {asked}_{horizon}")
    raise UnknownNameError("concept", name, (*CONCEPTS, *VARIANTS, *(f"{stem}_{horizon}" for stem in SERIES)))


def chosen(concepts: Iterable[str] | None = None) -> tuple[Concept, ...]:
    """Return the named concepts, each once; a single name is a list of one. Default: those of `DEFAULT_CONCEPTS`.

    Raises
    ------
    UnknownNameError
        For a name that is not registered, with the nearest that is.
    """
    names = DEFAULT_CONCEPTS if concepts is None else [concepts] if isinstance(concepts, str) else concepts
    return tuple({one.id: one for one in map(concept, names)}.values())


__all__ = [
    "CONCEPTS",
    "DEFAULT_CONCEPTS",
    "FILES",
    "NAMES",
    "SERIES",
    "VARIANTS",
    "Concept",
    "Improvement",
    "Respond",
    "Sanction",
    "Series",
    "chosen",
    "concept",
]
