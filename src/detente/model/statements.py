"""Who said what: sources, statements, passages that do not report a statement, and dossiers.

A statement is always its speaker's: Detente never records that something *is* so, only that a party said it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

STATEMENT_KINDS = (
    "demand", "offer", "refusal", "threat", "commitment", "condition", "claim", "justification", "withdrawal", "denial",
)  # fmt: skip

#: The kinds that the packaged tagger distinguishes, in its order; rules find denials.
LEARNED_KINDS = STATEMENT_KINDS[:-1]
#: What a statement can say of a matter: that its speaker is for it, against it, for it under a condition, or neither.
STANCES = ("for", "against", "conditional", "none")
#: What can relate two actors ('same_as': they are one) or two statements.
LINK_KINDS = ("same_as", "copy_of", "repeats", "withdraws", "denies", "contradicts")
STATEMENT_FORMS = ("direct", "indirect", "mixed")


@dataclass(frozen=True)
class Source:
    """A document in which statements were found.

    Dates are ISO 8601 text (``2024-04-30``, ``2024-04`` or ``2024``), because reports often give only a month.
    ``sha256`` is the digest of the document, ``text_sha256`` that of the text read from it, for which the spans of
    statements hold.
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
    text_sha256: str | None = None


@dataclass(frozen=True)
class Statement:
    """Something that a party or another speaker said, as a source reports it.

    ``speaker`` is a decision maker's identifier or the name of another speaker; ``about`` lists options;
    ``contested_by``, ``withdrawn_by`` and ``nested_in`` name other statements. ``quote`` stands verbatim in the source,
    at ``spans`` (character positions, ends exclusive) or, if the text has changed, between ``prefix`` and ``suffix``:
    the position and quote selectors of the W3C Web Annotation model (2017). ``in_doubt`` marks a statement as disputed
    by the analyst. ``copy_of`` names the statement that this one reprints. ``confidence``, ``speaker_confidence`` and
    ``kind_confidence`` are the reader's, from 0 to 1: that this was said at all, by this speaker, and as this kind.
    ``stances`` has the stance (one of `STANCES`) on options in ``about`` for which it does not follow from the kind.
    ``proposed`` marks a program's proposal that no person has accepted yet.
    """

    id: str
    source: str | None = None
    speaker: str | None = None
    speaker_text: str | None = None
    cue: str | None = None
    kind: str | None = None
    form: str | None = None
    quote: str | None = None
    spans: tuple[tuple[int, int], ...] = ()
    prefix: str | None = None
    suffix: str | None = None
    reported_by: str | None = None
    date_said: str | None = None
    place: str | None = None
    audience: str | None = None
    nested_in: str | None = None
    about: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    contested_by: tuple[str, ...] = ()
    withdrawn_by: tuple[str, ...] = ()
    in_doubt: bool = False
    confidence: float | None = None
    note: str | None = None
    copy_of: str | None = None
    speaker_confidence: float | None = None
    kind_confidence: float | None = None
    proposed: bool = False
    stances: Mapping[str, str] = field(default_factory=dict, hash=False)

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Self:
        """Return a statement from the values of its fields, ``stances`` among them, much faster than the constructor: a
        large dossier has many. A field that is not given has its default, which the class has as an attribute.
        """
        made = object.__new__(cls)
        vars(made).update(values)
        return made


@dataclass(frozen=True)
class Skipped:
    """A passage that a source does not report as said: negated, asked, supposed, possible or called untrue.

    ``quote`` stands in the source at ``spans``, as for a `Statement`; ``speaker_text`` and ``cue`` are the words around
    it ('Upstream', 'did not say'), and ``reason`` says why it is not a statement.
    """

    source: str
    quote: str
    spans: tuple[tuple[int, int], ...]
    reason: str
    speaker_text: str | None = None
    cue: str | None = None


@dataclass(frozen=True)
class Actor:
    """A person or body that speaks in documents, whatever words they name it by.

    ``aliases`` are these words, the most frequent first. ``speaks_for`` is the identifier of the party for which it
    speaks, never another speaker's; ``offices`` are the offices that it is given. ``confidence``, from 0 to 1, is the
    reader's that all of these words mean one actor, and that it speaks for that party.
    """

    id: str
    name: str = ""
    aliases: tuple[str, ...] = ()
    speaks_for: str | None = None
    offices: tuple[str, ...] = ()
    confidence: float | None = None


@dataclass(frozen=True)
class Link:
    """A proposed relation between two actors or two statements, on which a person decides.

    ``kind`` is one of `LINK_KINDS`; ``first`` and ``second`` are the identifiers, the later statement first ("s9 is a
    copy of s2"). ``reason`` says in words why it is proposed, and ``confidence`` is from 0 to 1. ``accepted`` is None
    until somebody decides; a link that is not accepted has no effect on any answer.
    """

    kind: str
    first: str
    second: str
    reason: str = ""
    confidence: float | None = None
    accepted: bool | None = None


@dataclass(frozen=True)
class Dossier:
    """Sources and statements kept in a file of their own, which several conflicts can share.

    ``path`` is the path given in a conflict file; ``speakers`` maps identifiers of speakers to their names. ``skipped``
    lists passages that a reader left out because no source reports them as said. ``actors`` has more about speakers,
    and ``links`` what a reader proposes about actors and statements.
    """

    path: str
    title: str = ""
    speakers: Mapping[str, str] = field(default_factory=dict, hash=False)
    sources: tuple[Source, ...] = ()
    statements: tuple[Statement, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    actors: tuple[Actor, ...] = ()
    links: tuple[Link, ...] = ()

    def __post_init__(self) -> None:
        # An actor is a speaker with a name; a file may list the name in either place.
        names = {one.id: one.name or one.id for one in self.actors}
        object.__setattr__(self, "speakers", {**self.speakers, **names})


def next_number(statements: Iterable[Statement]) -> int:
    """Return the next free number of a statement (s1, s2, …); a letter after a number (s17a) is ignored."""
    numbers = [int(found[1]) for one in statements if (found := re.fullmatch(r"s(\d+)\w*", one.id))]
    return max(numbers, default=0) + 1
