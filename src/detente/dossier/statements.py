"""A source and a statement: the words that a model's elements rest on.

A statement is always its speaker's: Detente never records that something *is* so, only that somebody said it.
"""

from __future__ import annotations

from dataclasses import dataclass

KINDS = (
    "demand",
    "offer",
    "refusal",
    "threat",
    "commitment",
    "condition",
    "claim",
    "justification",
    "withdrawal",
)
FORMS = ("direct", "indirect", "mixed")


@dataclass(frozen=True)
class Source:
    """A document in which statements were found.

    Dates are ISO 8601 text (``2024-04-30``, ``2024-04`` or ``2024``), for reports often give no more than a month.
    """

    id: str
    title: str | None = None
    publisher: str | None = None
    date: str | None = None
    language: str | None = None
    url: str | None = None
    file: str | None = None
    sha256: str | None = None
    note: str | None = None


@dataclass(frozen=True)
class Statement:
    """Something that somebody said, as a source reports it.

    ``speaker`` is a decision maker's identifier or the name of somebody else; ``about`` lists options;
    ``contested_by``, ``withdrawn_by`` and ``nested_in`` name other statements.
    """

    id: str
    source: str | None = None
    speaker: str | None = None
    kind: str | None = None
    quote: str | None = None
    reported_by: str | None = None
    date_said: str | None = None
    place: str | None = None
    audience: str | None = None
    form: str | None = None
    prefix: str | None = None
    suffix: str | None = None
    nested_in: str | None = None
    about: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    contested_by: tuple[str, ...] = ()
    withdrawn_by: tuple[str, ...] = ()
    note: str | None = None
