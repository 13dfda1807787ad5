"""The stability concepts: one formula, and a table of what each concept puts into it.

To add a concept, write its file, with the concepts of its family in ``ROWS``, and name the file in `FILES`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib import import_module

from detente.concepts.concept import Concept, Improvement, Respond, Sanction, Series
from detente.errors import UnknownNameError

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

#: The concepts that any conflict can be asked, by identifier.
CONCEPTS = {row.id: row for row in _ALL if row.family not in ("horizon", "relational")}

#: Concepts for particular purposes, by identifier: they are not defined for every conflict.
VARIANTS = {row.id: row for row in _ALL if row.id not in CONCEPTS}

#: Concepts with a horizon, by stem: ``maximin_4`` is one of the series ``maximin``.
SERIES = {row.stem: row for row in _ROWS if isinstance(row, Series)}

#: How a list names everything that can be asked for; h stands for a horizon.
NAMES = (*CONCEPTS, *VARIANTS, *(f"{stem}_h" for stem in SERIES))

#: What is analysed when nobody says otherwise.
DEFAULT_CONCEPTS = ("nash", "gmr", "smr", "seq", "sim", "sseq")

_WITH_HORIZON = re.compile(r"(.*?)_?([0-9]{0,9})")


def concept(name: str) -> Concept:
    """Return the concept with this identifier, whatever the case of its letters.

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
    # A horizon that was written is kept in what is proposed.
    horizon = int(digits or 0) or 2
    asked = id.removesuffix("_h")
    if asked in SERIES:
        raise UnknownNameError("concept", name, hint=f"write how many moves it looks ahead: {asked}_{horizon}")
    raise UnknownNameError("concept", name, (*CONCEPTS, *VARIANTS, *(f"{stem}_{horizon}" for stem in SERIES)))


def chosen(concepts: Iterable[str] | None = None) -> tuple[Concept, ...]:
    """Return the named concepts, each once, or the default ones.

    Raises
    ------
    UnknownNameError
        For a name that is not registered, with the nearest that is.
    """
    names = DEFAULT_CONCEPTS if concepts is None else concepts
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
