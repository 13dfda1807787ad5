"""The solution concepts: one formula, and a table of what each concept puts into it.

To add a concept, write its file and register it: in ``CONCEPTS`` when any conflict can be asked it and it has no
parameter, in ``SERIES`` when it is one of many with a horizon, and otherwise in ``VARIANTS``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from detente.concepts.concept import Concept, Improvement, Respond, Sanction, Series
from detente.concepts.fuzzy import FUZZY
from detente.concepts.gmr import GMR
from detente.concepts.limited_move import LIMITED_MOVE
from detente.concepts.maximin import MAXIMIN
from detente.concepts.nash import NASH
from detente.concepts.non_myopic import NON_MYOPIC
from detente.concepts.probabilistic import PROBABILISTIC
from detente.concepts.relational import RELATIONAL
from detente.concepts.seq import SEQ
from detente.concepts.seq_then_sim import SEQ_THEN_SIM
from detente.concepts.sim import SIM
from detente.concepts.smr import SMR
from detente.concepts.sseq import SSEQ
from detente.concepts.strength import STRENGTH
from detente.concepts.unknown import UNKNOWN
from detente.errors import UnknownNameError

#: The concepts that any conflict can be asked, by identifier, in the order in which tables show them.
CONCEPTS = {
    concept.id: concept
    for concept in (
        NASH, GMR, SMR, SEQ, SIM, SSEQ, SEQ_THEN_SIM,
        *UNKNOWN,
        *STRENGTH,
        *FUZZY,
        *PROBABILISTIC,
    )
}  # fmt: skip

#: Concepts for particular purposes, by identifier: they are not defined for every conflict.
VARIANTS = {concept.id: concept for concept in (NON_MYOPIC, *RELATIONAL)}

#: Concepts with a horizon, by stem: ``maximin_4`` is one of the series ``maximin``.
SERIES = {series.stem: series for series in (LIMITED_MOVE, MAXIMIN)}

#: How a list names everything that can be asked for; h stands for a horizon.
NAMES = (*CONCEPTS, *VARIANTS, *(series.id for series in SERIES.values()))

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
    for registered in (CONCEPTS, VARIANTS):
        if id in registered:
            return registered[id]
    split = _WITH_HORIZON.fullmatch(id)
    stem, digits = split.groups() if split else (id, "")
    if stem in SERIES and digits.strip("0") and f"{stem}_{int(digits)}" == id:
        return SERIES[stem].make(int(digits))
    raise _unknown(name, digits)


def _unknown(name: str, digits: str) -> UnknownNameError:
    """Say what a name may have been meant for; a horizon that was written is kept."""
    horizon = int(digits or 0) or 2
    known = (*CONCEPTS, *VARIANTS, *(f"{stem}_{horizon}" for stem in SERIES))
    asked = name.lower().removesuffix("_h")
    if asked in SERIES:
        return UnknownNameError("concept", name, hint=f"write how many moves it looks ahead: {asked}_{horizon}")
    return UnknownNameError("concept", name, known)


def chosen(concepts: Iterable[str] | None = None) -> tuple[Concept, ...]:
    """Return the named concepts, each once, or the default ones.

    Raises
    ------
    UnknownNameError
        For a name that is not registered, with the nearest that is.
    """
    names = DEFAULT_CONCEPTS if concepts is None else concepts
    found = (concept(name) for name in names)
    return tuple({one.id: one for one in found}.values())


__all__ = [
    "CONCEPTS",
    "DEFAULT_CONCEPTS",
    "SERIES",
    "NAMES",
    "VARIANTS",
    "Concept",
    "Series",
    "Sanction",
    "Improvement",
    "Respond",
    "chosen",
    "concept",
]
