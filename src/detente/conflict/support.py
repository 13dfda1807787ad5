"""What an element of a model rests on: statements for it and against it, or the analyst's assumption."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from detente.conflict.dates import parse_date


@dataclass(frozen=True)
class Support:
    """Identifiers of the statements that speak for and against an element, a note, and when the element applies.

    ``since`` and ``until`` are dates (see `detente.conflict.dates`), both inclusive: the element is in the model from
    the first day of the one to the last day of the other.
    """

    evidence: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    note: str = ""
    since: str | None = None
    until: str | None = None

    @property
    def is_judgement(self) -> bool:
        """Whether no statement speaks for the element, so that it is an assumption of the analyst's."""
        return not self.evidence

    @property
    def may_drop(self) -> bool:
        """Whether the element can be out of the model: on some days, or if its evidence is not in force."""
        return bool(self.evidence or self.since or self.until)

    def applies_on(self, day: date | None) -> bool:
        """Tell whether ``since`` and ``until`` let the element be in the model of a day; without a day they do."""
        if day is None:
            return True
        first = parse_date(self.since).earliest if self.since else None
        last = parse_date(self.until).latest if self.until else None
        return (first is None or first <= day) and (last is None or day <= last)


UNSUPPORTED = Support()
