"""The shapes of sources and statements, in a conflict file or in a dossier of their own, and what is made of them."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from detente.dossier.statements import FORMS, KINDS, Skipped, Source, Statement
from detente.files.shapes import DateText, Number, Shape, Spans, Text, Texts, YesNo, fault, one_of

FORMAT = "detente-dossier/1"
Confidence = Annotated[Number | None, WithJsonSchema({"type": "number", "minimum": 0, "maximum": 1})]


class SourceShape(Shape):
    """A document in which statements were found."""

    id: str
    """How statements refer to it."""
    title: Text = ""
    """What it is called."""
    publisher: Text = ""
    """Who published it."""
    date: DateText = None
    """When it was published."""
    language: Text = ""
    """The language it is in, as a code such as en or pt-BR."""
    url: Text = ""
    """Where it is published."""
    file: Text = ""
    """Where it lies, from the folder of this file."""
    sha256: Text = ""
    """The SHA-256 of the file, in hexadecimal digits."""
    note: Text = ""
    """A remark."""


class StatementShape(Shape):
    """Something that somebody said, as a source reports it."""

    id: str
    """How elements of the model refer to it."""
    source: Text = ""
    """The source that reports it."""
    speaker: Text = ""
    """Who said it: a decision maker, or one of 'speakers'."""
    speaker_text: Text = ""
    """The words by which the source names the speaker."""
    cue: Text = ""
    """The words by which the source says that it was said."""
    kind: Annotated[str | None, one_of(KINDS, "kind of statement"), WithJsonSchema({"enum": list(KINDS)})] = None
    """What is done by saying it."""
    form: Annotated[str | None, one_of(FORMS, "form"), WithJsonSchema({"enum": list(FORMS)})] = None
    """Whether the source gives the speaker's words."""
    quote: Text = ""
    """What was said, verbatim as in the source; ' … ' where the source interrupts it."""
    spans: Spans = ()
    """Where the quote stands in the source's text, in characters from its beginning."""
    prefix: Text = ""
    """Some words that stand before the quote, to find it again in another version of the text."""
    suffix: Text = ""
    """Some words that stand after it."""
    reported_by: Text = ""
    """Who, in the source, says that it was said."""
    date_said: DateText = None
    """When it was said; not when it was published."""
    place: Text = ""
    """Where it was said."""
    audience: Text = ""
    """To whom it was said."""
    nested_in: Text = ""
    """The statement in which it is reported."""
    about: Texts = Field(default_factory=list)
    """The options that it speaks of."""
    addresses: Texts = Field(default_factory=list)
    """The decision makers that it is directed at."""
    contested_by: Texts = Field(default_factory=list)
    """Statements that say otherwise."""
    withdrawn_by: Texts = Field(default_factory=list)
    """Statements that take it back."""
    copy_of: Text = ""
    """The statement that this one reprints."""
    in_doubt: YesNo = False
    """Whether the analyst leaves open if it is so, for it is one side's word that nobody confirms."""
    confidence: Confidence = None
    """How sure the reader is that this was said, from 0 to 1."""
    speaker_confidence: Confidence = None
    """How sure the reader is of the speaker, from 0 to 1."""
    kind_confidence: Confidence = None
    """How sure the reader is of the kind, from 0 to 1."""
    proposed: YesNo = False
    """Whether a program proposed this statement and no person has accepted it yet."""
    note: Text = ""
    """A remark in the analyst's own words."""


class SkippedShape(Shape):
    """Words that a source does not report as said."""

    source: str
    """The source."""
    speaker_text: Text = ""
    """The words by which the source names the speaker."""
    cue: Text = ""
    """The words by which the source says that it was not said."""
    quote: Text = ""
    """The words that are no statement, verbatim as in the source."""
    spans: Spans = ()
    """Where they stand in the source's text, in characters from its beginning."""
    reason: Text = ""
    """Why they are no statement."""


def _format(value: str) -> str:
    if value != FORMAT:
        raise fault(f"the format is '{value}', and a dossier is {FORMAT}", word=value, suggestion=FORMAT)
    return value


class DossierShape(Shape):
    """Sources and statements that several conflict files share."""

    format: Annotated[str, AfterValidator(_format), WithJsonSchema({"const": FORMAT})]
    """The format of the file."""
    title: Text = ""
    """What the dossier is about."""
    speakers: Annotated[dict[str, Text], BeforeValidator(lambda value: value or {})] = Field(default_factory=dict)
    """Speakers, with their names."""
    sources: Annotated[list[SourceShape], BeforeValidator(lambda value: value or [])] = Field(default_factory=list)
    """Documents."""
    statements: Annotated[list[StatementShape], BeforeValidator(lambda value: value or [])] = Field(
        default_factory=list
    )
    """Who said what."""
    skipped: Annotated[list[SkippedShape], BeforeValidator(lambda value: value or [])] = Field(default_factory=list)
    """What the reader left out because the source does not report it as said."""


def built_source(shape: SourceShape) -> Source:
    """Make a source from its shape."""
    return Source(**_filled(shape))


def built_statement(shape: StatementShape) -> Statement:
    """Make a statement from its shape."""
    values = _filled(shape)
    confidences = {name: float(value) for name, value in values.items() if name.endswith("confidence")}
    return Statement(**(values | confidences))


def built_skipped(shape: SkippedShape) -> Skipped:
    """Make what was left out from its shape."""
    return Skipped(**{"quote": "", "spans": (), "reason": "", **_filled(shape)})


def _filled(shape: SourceShape | StatementShape | SkippedShape) -> dict[str, Any]:
    values = {name: getattr(shape, name) for name in type(shape).model_fields}
    return {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in values.items()
        if value not in ("", None)
    }
