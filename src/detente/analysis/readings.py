"""Would the answer differ if vague dates were read the other way?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from detente.analysis.equilibria import MOST_LISTED, Analysis, analyze
from detente.conflict.model import READINGS
from detente.dossier.current import basis_of, current_model
from detente.engine import ENGINES
from detente.errors import DetenteError


@dataclass(frozen=True)
class OtherReading:
    """What the other reading of vague dates makes of an analysis.

    Attributes
    ----------
    undated
        The other reading.
    concepts
        The concepts under which other outcomes are equilibria, by identifier.
    status_quo
        Whether the status quo is another state.
    reason
        Why the other reading has no answer, None if it has one.
    """

    undated: str
    concepts: tuple[str, ...] = ()
    status_quo: bool = False
    reason: str | None = None

    @property
    def differs(self) -> bool:
        """Whether the two readings give different answers."""
        return bool(self.concepts or self.status_quo or self.reason)

    @property
    def in_words(self) -> str:
        """What differs, in a sentence."""
        with_it = f"With --undated {self.undated}"
        if self.reason:
            return f"{with_it} there is no answer: {self.reason}"
        parts = [
            *(["the status quo is another state"] if self.status_quo else []),
            *([f"the equilibria differ under {', '.join(self.concepts)}"] if self.concepts else []),
        ]
        return f"{with_it} the answer is different: {' and '.join(parts)}."

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "undated": self.undated,
            "differs": self.differs,
            "concepts": list(self.concepts),
            "status_quo": self.status_quo,
            "reason": self.reason,
        }


def other_reading(analysis: Analysis) -> OtherReading:
    """Analyse a dispute with vague dates read the other way, and say what differs; states are compared by pattern.

    Where both readings give the same model, nothing is analysed again.
    """
    basis = basis_of(analysis.conflict)
    other = next(one for one in READINGS if one != basis.undated)
    engine = analysis.engine if analysis.engine in ENGINES else "auto"
    try:
        model = current_model(basis.written.replaced(undated=other))
        if model.digest == analysis.conflict.digest:
            return OtherReading(other)
        found = analyze(model, [concept.id for concept in analysis.concepts], engine)
    except DetenteError as error:
        return OtherReading(other, reason=str(error))
    return OtherReading(
        other,
        tuple(one.id for one in analysis.concepts if _equilibria(analysis, one.id) != _equilibria(found, one.id)),
        _status_quo(analysis) != _status_quo(found),
    )


def _equilibria(analysis: Analysis, concept: str) -> object:
    states = analysis.equilibrium_set(concept)
    if analysis.count > MOST_LISTED:
        return states.count, states.patterns(MOST_LISTED)
    return {state.pattern for state in analysis.equilibria(concept)}


def _status_quo(analysis: Analysis) -> str | None:
    quo = analysis.conflict.status_quo
    return None if quo is None else analysis.conflict.pattern(quo.taken)
