"""What the shapes of all files are made of: text, dates, numbers, lists, and mappings with a short form.

All scalars arrive as the text that was written, or None.

The shapes of sources and statements, in a conflict file or in a dossier of their own, and what is made of them.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from typing import Annotated, Any, ClassVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    PlainValidator,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import CoreSchema, PydanticCustomError

from detente.errors import nearest
from detente.model.dates import DATE_FORMS, parse_date
from detente.model.statements import STATEMENT_FORMS, STATEMENT_KINDS, Skipped, Source, Statement


def fault(
    message: str, *, word: str | None = None, suggestion: str | None = None, column: int | None = None
) -> Exception:
    """Make the error that a validator raises: a plain sentence, and what helps to find and mend the fault."""
    # pydantic would read braces in the message as places to fill in.
    context = {"text": message, "word": word, "suggestion": suggestion, "column": column}
    return PydanticCustomError("detente", "{text}", context)


def one_of(known: tuple[str, ...], what: str, likeness: float = 0.6) -> AfterValidator:
    """Make a validator for a word from a list; what is not very like a known word is taken for none of them."""

    def check(value: str | None) -> str | None:
        if value is not None and value not in known:
            near = nearest(value, known, likeness)
            there_are = "" if near else f": there are {', '.join(known)}"
            raise fault(f"unknown {what} '{value}'{there_are}", word=value, suggestion=near)
        return value

    return AfterValidator(check)


def as_number(value: Any) -> Fraction:
    """Read a number exactly as it is written.

    Raises
    ------
    ValueError
        For what is no number, or one of so many digits that nobody can have meant it.
    """
    exponent = re.search(r"[eE][+-]?(\d+)", str(value))
    if exponent and (len(exponent[1]) > 4 or int(exponent[1]) > 1000):
        raise ValueError(f"'{value}' is too large or too small a number")
    try:
        return Fraction(str(value).replace("_", ""))
    except (ValueError, ZeroDivisionError, OverflowError) as error:
        raise ValueError(f"'{value}' is not a number") from error


def _number(value: Any) -> Fraction:
    try:
        return as_number(value)
    except ValueError as error:
        if isinstance(value, str):
            raise fault(str(error), word=value) from error
        raise fault("a number is expected") from error


def _date(value: str) -> str:
    try:
        parse_date(value)
    except ValueError as error:
        raise fault(str(error), word=value) from None
    return value


def as_list(value: Any) -> Any:
    """Return a list: of one where a single text is given, of nothing where there is nothing."""
    return [value] if isinstance(value, str) else ([] if value is None else value)


def _spans(value: Any) -> tuple[tuple[int, int], ...]:
    message = "spans are pairs of character positions: [[120, 163]]"
    if not isinstance(value, list):
        raise fault(message)
    found = []
    for pair in value:
        if not isinstance(pair, list) or len(pair) != 2 or not all(str(end).isdecimal() for end in pair):
            raise fault(message)
        start, end = int(pair[0]), int(pair[1])
        if start >= end:
            raise fault(f"a span must end after it begins: [{start}, {end}]")
        found.append((start, end))
    return tuple(found)


def as_yes(value: Any) -> bool | None:
    """Read a word for yes or for no; None for anything else."""
    word = str(value).lower()
    return word in _YES if word in _YES | _NO else None


def _yes(value: Any) -> bool:
    found = as_yes(value)
    if found is None:
        raise fault(f"'{value}' is neither yes nor no", word=str(value))
    return found


_YES = frozenset({"yes", "y", "true", "on"})
_NO = frozenset({"no", "n", "false", "off"})
TEXT = {"type": "string"}
TEXTS = {"anyOf": [TEXT, {"type": "array", "items": TEXT}]}
Text = Annotated[
    str,
    BeforeValidator(lambda value: "" if value is None else value),
    WithJsonSchema({"type": ["string", "number", "null"]}),
]
Texts = Annotated[list[str], BeforeValidator(as_list), WithJsonSchema(TEXTS)]
Number = Annotated[Fraction, PlainValidator(_number), WithJsonSchema({"type": "number"})]
YesNo = Annotated[bool, PlainValidator(_yes), WithJsonSchema({"type": ["boolean", "string"]})]
Spans = Annotated[
    tuple[tuple[int, int], ...],
    PlainValidator(_spans),
    WithJsonSchema(
        {"type": "array", "items": {"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 2}}
    ),
]
GivenDate = Annotated[
    str,
    AfterValidator(_date),
    WithJsonSchema({"type": ["string", "integer"], "description": f"{DATE_FORMS}."}),
]
DateText = GivenDate | None


def also(*forms: dict[str, Any]) -> Callable[[dict[str, Any]], None]:
    """Say in the JSON Schema that a field may also be written in these forms."""

    def extend(schema: dict[str, Any]) -> None:
        kept: dict[str, Any] = {key: schema.pop(key) for key in ("title", "description", "default") if key in schema}
        main = schema.pop("anyOf") if "anyOf" in schema else [dict(schema)]
        schema.clear()
        schema.update({**kept, "anyOf": [*main, *forms]})

    return extend


class Shape(BaseModel):
    """A mapping in the file; ``short`` names the field that plain text, or a list, stands for.

    Every start of a command pays for what is done as these classes are made. So a shape is got ready with those inside
    it when a file of its kind is read, and what the docstrings say of the fields is looked up for the schema alone.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True, defer_build=True)

    short: ClassVar[str | None] = None
    short_list: ClassVar[str | None] = None

    @model_validator(mode="before")
    @classmethod
    def _written_short(cls, data: Any) -> Any:
        if data is None and (cls.short or cls.short_list):
            return {}
        if isinstance(data, str) and cls.short:
            return {cls.short: data}
        if isinstance(data, list) and cls.short_list:
            return {cls.short_list: data}
        return data

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Add the short forms to the schema, and what the docstrings say of the fields."""
        full = handler(core)
        shape = handler.resolve_ref_schema(full)
        told = _told_of_fields(cls)
        for name, item in cls.model_fields.items():
            if name in told:
                shape["properties"][item.alias or name]["description"] = told[name]
        forms: list[dict[str, Any]] = []
        if cls.short:
            forms.append({"type": ["string", "null"]})
        if cls.short_list:
            forms.append({"type": "array"})
        if not forms:
            return full
        whole = dict(shape)
        shape.clear()
        shape.update({"anyOf": [*forms, whole], "title": whole.pop("title", cls.__name__)})
        return full


def _told_of_fields(shape: type[Shape]) -> dict[str, str]:
    """Return what the docstrings below the fields of a shape, and of those it is made from, say of them."""
    told: dict[str, str] = {}
    for one in (one for one in reversed(shape.__mro__) if issubclass(one, Shape) and one is not Shape):
        (made,) = ast.parse(inspect.getsource(one)).body
        assert isinstance(made, ast.ClassDef)
        for field, text in pairwise(made.body):
            if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and isinstance(text, ast.Expr):
                told[field.target.id] = str(ast.literal_eval(text.value))
    return told


DOSSIER_FORMAT = "detente-dossier/1"
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
    kind: Annotated[
        str | None, one_of(STATEMENT_KINDS, "kind of statement"), WithJsonSchema({"enum": list(STATEMENT_KINDS)})
    ] = None
    """What is done by saying it."""
    form: Annotated[str | None, one_of(STATEMENT_FORMS, "form"), WithJsonSchema({"enum": list(STATEMENT_FORMS)})] = None
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


def _dossier_format(value: str) -> str:
    if value != DOSSIER_FORMAT:
        raise fault(
            f"the format is '{value}', and a dossier is {DOSSIER_FORMAT}", word=value, suggestion=DOSSIER_FORMAT
        )
    return value


class DossierShape(Shape):
    """Sources and statements that several conflict files share."""

    format: Annotated[str, AfterValidator(_dossier_format), WithJsonSchema({"const": DOSSIER_FORMAT})]
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
