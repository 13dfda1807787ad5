"""Who said what: sources, statements, passages that do not report a statement, and dossiers.

A statement is always its speaker's: Detente never records that something *is* so, only that a party said it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import field
from typing import Any, Self

from detente.lazy import dataclass

STATEMENT_KINDS = (
    "demand", "offer", "refusal", "threat", "commitment", "condition", "claim", "justification", "withdrawal", "denial",
)  # fmt: skip

#: The kinds that the packaged tagger distinguishes, in its order; rules find denials.
LEARNED_KINDS = STATEMENT_KINDS[:-1]
#: What a statement can say of a matter: that its speaker is for it, against it, for it under a condition, or neither.
STANCES = FOR, AGAINST, CONDITIONAL, NO_STANCE = ("for", "against", "conditional", "none")
#: The stance that a statement of each kind expresses: on an option of the speaker's, and on one of another party.
STANCE_OF_KIND: Mapping[str, tuple[str | None, str | None]] = {
    "demand": (FOR, FOR),
    "offer": (FOR, FOR),
    "commitment": (FOR, FOR),
    "threat": (FOR, AGAINST),
    "refusal": (AGAINST, AGAINST),
    "condition": (CONDITIONAL, CONDITIONAL),
    "justification": (FOR, None),
    "claim": (None, None),
    "denial": (None, None),
    "withdrawal": (NO_STANCE, NO_STANCE),
}
#: What can relate two actors ('same_as': they are one) or two statements.
LINK_KINDS = ("same_as", "copy_of", "repeats", "withdraws", "denies", "contradicts")
STATEMENT_FORMS = ("direct", "indirect", "mixed")


@dataclass(frozen=True)
class Source:
    """A document in which statements were found.

    Dates are ISO 8601 text (``2024-04-30``, ``2024-04`` or ``2024``), because reports often give only a month.

    Attributes
    ----------
    id
        The identifier by which statements name it.
    title, publisher
        What it is called, and who published it.
    date
        The day of publication.
    language
        The code of its language, such as ``en``.
    url, file
        Where it is: an address, or a path from the folder of the file that names it.
    sha256
        The digest of the document.
    note
        What else is known of it.
    text_sha256
        The digest of the text read from it, for which the spans of statements hold.
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

    Attributes
    ----------
    id
        The identifier by which evidence and other statements name it.
    source
        The document that reports it, by identifier.
    speaker
        The decision maker who said it, by identifier, or the name of another speaker.
    speaker_text, cue
        The words of the source that name the speaker, and those that say that it is said.
    kind, form
        What it does (a demand, a denial, …), and whether its words are direct, indirect or mixed.
    quote
        Its words, verbatim in the source.
    spans
        Where they stand: positions of characters, ends exclusive.
    prefix, suffix
        The words around the quote, which find it again if the text has changed. With ``spans`` and ``quote`` they are
        the selectors of the W3C Web Annotation model (2017).
    reported_by
        Another speaker who reports it.
    date_said
        When it was said, perhaps vaguely (see `detente.model.dates`).
    place, audience
        Where it was said, and to whom.
    nested_in
        The statement inside which it is reported.
    about
        The options that it is about.
    addresses
        The decision makers that it is addressed to.
    contested_by, withdrawn_by
        The statements that contradict it, and those that take it back.
    in_doubt
        Whether the analyst marks it as disputed.
    confidence
        How sure the reader is that this was said at all, from 0 to 1.
    note
        What else the analyst has to say of it.
    copy_of
        The statement that it reprints.
    speaker_confidence, kind_confidence
        The same, that this speaker said it, and that it is of this kind.
    proposed
        Whether a program proposed it and no person has accepted it yet.
    stances
        The stance (one of `STANCES`) on options in ``about`` for which it does not follow from the kind.
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

    def stance_on(self, option: str, *, own: bool) -> str | None:
        """Return the stance that it expresses on an option, its speaker's ``own`` or another's; None if it has none."""
        mine, others = STANCE_OF_KIND.get(self.kind or "", (None, None))
        return self.stances.get(option, mine if own else others)


@dataclass(frozen=True)
class Skipped:
    """A passage that a source does not report as said: negated, asked, supposed, possible or called untrue.

    Attributes
    ----------
    source
        The document, by identifier.
    quote, spans
        Its words, and where they stand, as for a `Statement`.
    reason
        Why it is not a statement.
    speaker_text, cue
        The words around it: "Upstream", "did not say".
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

    Attributes
    ----------
    id, name
        Its identifier, and its name for people.
    aliases
        The words that name it, the most frequent first.
    speaks_for
        The party for which it speaks, by identifier; never another speaker.
    offices
        The offices that it is given.
    confidence
        How sure the reader is, from 0 to 1, that all of these words mean one actor and that it speaks for that party.
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

    Attributes
    ----------
    kind
        One of `LINK_KINDS`.
    first, second
        The identifiers, the later statement first: "s9 is a copy of s2".
    reason
        Why it is proposed, in words.
    confidence
        How sure the reader is, from 0 to 1.
    accepted
        None until a person decides; a link that is not accepted has no effect on any answer.
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

    Attributes
    ----------
    path
        The path to it, as a conflict file gives it.
    title
        What it is called.
    speakers
        The names of speakers, by identifier.
    sources, statements
        The documents, and what they report as said.
    skipped
        Passages that a reader left out because no source reports them as said.
    actors
        More about the speakers.
    links
        What a reader proposes about actors and statements.
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
