"""The solution concepts: one formula, and a table of what each concept puts into it.

To add a concept, write its file and register it in ``CONCEPTS``.
"""

from __future__ import annotations

from collections.abc import Iterable

from detente.errors import UnknownNameError
from detente.stability.concept import Concept, Hurt, Leave, Respond
from detente.stability.fuzzy import FUZZY
from detente.stability.gmr import GMR
from detente.stability.nash import NASH
from detente.stability.probabilistic import PROBABILISTIC
from detente.stability.seq import SEQ
from detente.stability.seq_then_sim import SEQ_THEN_SIM
from detente.stability.sim import SIM
from detente.stability.smr import SMR
from detente.stability.sseq import SSEQ
from detente.stability.strength import STRENGTH
from detente.stability.unknown import UNKNOWN

#: Every concept, by identifier, in the order in which tables show them.
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

#: What is analysed when nobody says otherwise.
DEFAULT_CONCEPTS = ("nash", "gmr", "smr", "seq", "sim", "sseq")


def chosen(concepts: Iterable[str] | None = None) -> tuple[Concept, ...]:
    """Return the named concepts, or the default ones.

    Raises
    ------
    UnknownNameError
        For a name that is not registered, with the nearest that is.
    """
    names = DEFAULT_CONCEPTS if concepts is None else tuple(dict.fromkeys(concepts))
    for name in names:
        if name.lower() not in CONCEPTS:
            raise UnknownNameError("concept", name, CONCEPTS)
    return tuple(CONCEPTS[name.lower()] for name in names)


__all__ = ["CONCEPTS", "DEFAULT_CONCEPTS", "Concept", "Hurt", "Leave", "Respond", "chosen"]
