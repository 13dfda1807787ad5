"""What the shapes of all files are made of: text, dates, numbers, lists, and mappings with a short form.

All scalars arrive as the text that was written, or None.
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
    GetJsonSchemaHandler,
    PlainValidator,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import CoreSchema, PydanticCustomError

from detente.conflict.dates import FORMS, parse_date
from detente.errors import nearest


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


def listed(value: Any) -> Any:
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
Texts = Annotated[list[str], BeforeValidator(listed), WithJsonSchema(TEXTS)]
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
    WithJsonSchema({"type": ["string", "integer"], "description": f"{FORMS}."}),
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
