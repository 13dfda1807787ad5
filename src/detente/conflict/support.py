"""What an element of a model rests on: statements for it and against it, or the analyst's own judgement."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Support:
    """Identifiers of the statements that speak for and against an element, and a note in the analyst's words."""

    evidence: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    note: str = ""

    @property
    def is_judgement(self) -> bool:
        """Whether no statement speaks for the element, so that it is the analyst's judgement."""
        return not self.evidence


UNSUPPORTED = Support()
