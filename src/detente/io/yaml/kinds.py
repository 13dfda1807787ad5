"""The kinds of values in conflict files and dossiers: words, numbers, dates, conditions and others."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from detente.errors import ConditionError, nearest
from detente.io.yaml.fields import Element, Items, Names, Optional, Scalar, Whole, flow
from detente.io.yaml.reading import ValueFault
from detente.lazy import lazy
from detente.limits import MAX_CONDITION_LENGTH
from detente.model.conditions import Condition, Taken, parse
from detente.model.dates import DATE_FORMS, parse_date
from detente.model.option_names import OptionNames
from detente.model.preferences import decimal, is_great_gap

if TYPE_CHECKING:
    from ruamel.yaml import scalarstring
else:
    scalarstring = lazy("ruamel.yaml.scalarstring")

NO_NAMES = OptionNames(())
#: The names of the options in the file that is being read, which conditions may give in place of identifiers.
OPTION_NAMES: ContextVar[OptionNames] = ContextVar("OPTION_NAMES", default=NO_NAMES)


class RememberedElement(Element):
    """An element of which equal objects share what is written of them, which nothing may then change.

    One change leaves nearly all statements of a large file as they were, and both versions are written to be compared.
    """

    @cached_property
    def _before(self) -> Callable[[Any], Any]:
        return lru_cache(maxsize=4096)(super().write)

    def write(self, value: Any) -> Any:
        """Return the data of an object, the same for an equal one."""
        return self._before(value)


@contextmanager
def options_named(data: Any) -> Iterator[None]:
    """Understand the names of the options in the data of a conflict file while it is read."""
    before = OPTION_NAMES.set(OptionNames.of_data(data))
    try:
        yield
    finally:
        OPTION_NAMES.reset(before)


def as_list(value: Any) -> Any:
    """Return a list: of one item for a single text, empty for null."""
    return [value] if isinstance(value, str) else ([] if value is None else value)


def one_group(value: Any) -> Any:
    """Return a group: of one member for a single text."""
    return [value] if isinstance(value, str) else value


def as_number(value: Any) -> Fraction:
    """Parse a number exactly as written.

    Raises
    ------
    ValueError
        For text that is not a number, or a number with implausibly many digits.
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
            raise ValueFault(str(error), word=value) from error
        raise ValueFault("a number is expected") from error


def share(what: str, *, zero: bool) -> Scalar:
    """Return the kind of a number between 0 and 1."""

    def parsed(value: Any) -> Fraction:
        number = _number(value)
        if 0 < number <= 1 or (zero and number == 0):
            return number
        # A value such as 70 probably means 70 %.
        near = decimal(number / 100) if 1 < number <= 100 else None
        raise ValueFault(f"{what} must be {'at least' if zero else 'more than'} 0 and at most 1", suggestion=near)

    return Scalar(parsed, NUMBER.schema, "number", _dump_number, is_text=False)


def choice(known: tuple[str, ...], what: str, likeness: float = 0.6) -> Scalar:
    """Return the kind of a word from a list; a word that is not similar enough to a known one gets no suggestion."""

    def parsed(value: str) -> str:
        if value in known:
            return value
        near = nearest(value, known, likeness)
        there_are = "" if near else f"; use one of {', '.join(known)}"
        raise ValueFault(f"unknown {what} '{value}'{there_are}", word=value, suggestion=near)

    return Scalar(parsed, {"enum": list(known)}, "choice", choices=known)


def _date(value: str) -> str:
    try:
        parse_date(value)
    except ValueError as error:
        raise ValueFault(str(error), word=value) from None
    return value


def _condition(value: Any) -> Condition:
    if not isinstance(value, str):
        raise ValueFault("a condition must be text, such as 'not sanction'")
    if len(value) > MAX_CONDITION_LENGTH:
        raise ValueFault(
            f"the condition has {len(value):,} characters; the limit is {MAX_CONDITION_LENGTH:,}. Split it into several"
        )
    names = OPTION_NAMES.get()
    try:
        # YAML takes the quotation marks around a name alone for its own.
        is_name = names.ids(value) and not names.entry(value)
        return Taken(names.option(value)) if is_name else parse(value, names.option)
    except ConditionError as error:
        name = None if '"' in value or error.suggestion else names.hint(value)
        message = f"{error.message}; write an option's name in quotation marks" if name else error.message
        raise ValueFault(message, column=error.column, suggestion=error.suggestion or name) from error


def option_meant(value: str) -> str:
    """Return the identifier of an option that is given by identifier or by name."""
    names = OPTION_NAMES.get()
    try:
        # Without a file around it, as in a dossier, a word is an identifier.
        return names.meant(value) if names.options else value
    except ConditionError as error:
        raise ValueFault(error.message, word=value, suggestion=error.suggestion) from error


def _yes(value: Any) -> bool:
    """Parse a word for yes or for no."""
    word = str(value).lower()
    if word not in _YES | _NO:
        raise ValueFault(f"'{value}' is neither yes nor no", word=str(value))
    return word in _YES


_YES = frozenset({"yes", "y", "true", "on"})
_NO = frozenset({"no", "n", "false", "off"})


def _direction(value: Any) -> bool:
    ends = [str(word).lower() for word in value] if isinstance(value, list) else []
    if len(ends) == 2 and _YES & set(ends) and _NO & set(ends):
        return ends[1] in _YES
    raise ValueFault("a direction must be [no, yes] (can only become taken) or [yes, no] (can only be dropped)")


def _spans(value: Any) -> tuple[tuple[int, int], ...]:
    message = "spans are pairs of character positions: [[120, 163]]"
    if not isinstance(value, list):
        raise ValueFault(message)
    found = []
    for pair in value:
        if not isinstance(pair, list) or len(pair) != 2 or not all(str(end).isdecimal() for end in pair):
            raise ValueFault(message)
        start, end = int(pair[0]), int(pair[1])
        if start >= end:
            raise ValueFault(f"a span must end after it begins: [{start}, {end}]")
        found.append((start, end))
    return tuple(found)


def _dump_text(text: str) -> Any:
    """Return text of several lines as a block, if a block can hold it."""
    plain_lines = all(line == line.rstrip() and line.isprintable() for line in text.split("\n"))
    if "\n" in text and plain_lines and not text.startswith((" ", "\n")) and not text.endswith("\n\n"):
        return scalarstring.LiteralScalarString(text)
    return text


def _dump_date(text: str) -> Any:
    """Return a full date without quotes."""
    return datetime.date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else text


def _dump_number(value: Fraction) -> Any:
    """Return a number as a person would write it; as a fraction in quotes if decimals are not exact."""
    if value.denominator == 1:
        return int(value)
    text = decimal(value)
    return str(value) if "/" in text else float(text)


#: Text without quotes may look like a number or a truth value.
STRING = {"type": ["string", "number", "boolean"]}
TEXT_SCHEMA = {"type": ["string", "number", "boolean", "null"]}
#: A number. YAML takes a fraction, or a number with underscores, for text.
NUMBER_SCHEMA: dict[str, Any] = {
    "anyOf": [
        {"type": "number"},
        {
            "pattern": r"^\s*[-+]?([\d_]+/[\d_]*[1-9][\d_]*|(\d[\d_]*\.?[\d_]*|\.\d[\d_]*)([eE][-+]?\d+)?)\s*$",
            "type": "string",
        },
    ]
}

#: An identifier.
WORD = Scalar(str, STRING)
TEXT = Optional(Scalar(str, TEXT_SCHEMA, dump=_dump_text), empty="", shown="", schema=TEXT_SCHEMA)
NUMBER = Scalar(_number, NUMBER_SCHEMA, "number", _dump_number, is_text=False)
YES_NO = Scalar(_yes, {"enum": [True, False, *sorted(_YES | _NO)]}, "yes-no", is_text=False)
DATE = Scalar(_date, {"type": ["string", "integer"], "description": f"{DATE_FORMS}."}, "date", _dump_date)
CONDITION_TEXT = Scalar(
    _condition,
    {
        "type": "string",
        "description": "Options joined by and, or, not, if … then …, … iff … and parentheses. "
        "An option is given by its identifier, or by its name in quotation marks.",
    },
    "condition",
    str,
    is_text=False,
    names=Names.CONDITION,
)
DIRECTION = Scalar(
    _direction,
    {"type": "array", "items": {"type": ["string", "boolean"]}, "minItems": 2, "maxItems": 2},
    "",
    lambda to_taken: flow(["no", "yes"] if to_taken else ["yes", "no"]),
    is_text=False,
)
SPANS = Scalar(
    _spans,
    {
        "type": "array",
        "items": {"type": "array", "items": {"type": "integer", "minimum": 0}, "minItems": 2, "maxItems": 2},
    },
    "",
    lambda spans: flow(map(flow, spans)),
    is_text=False,
)
_CONFIDENCE = share("a confidence", zero=True)
#: A reader's confidence, from 0 to 1.
CONFIDENCE = Optional(
    Scalar(lambda value: float(_CONFIDENCE.parse(value)), NUMBER.schema, "number", is_text=False),
    schema={"anyOf": [*NUMBER_SCHEMA["anyOf"], {"type": "null"}], "minimum": 0, "maximum": 1},
)


def text(names: Names | None = None) -> Optional:
    """Return the kind of a text that is None in the model if empty, and that may name something."""
    return Optional(
        Scalar(lambda value: value or None, TEXT_SCHEMA, dump=_dump_text, names=names), shown="", schema=TEXT_SCHEMA
    )


def words(names: Names | None = None, *, block: bool = False) -> Items:
    """Return the kind of a list of words that may name something; a single word may be given without a list."""
    schema = {"anyOf": [STRING, {"type": "array", "items": STRING}]}
    kind = Scalar(option_meant if names is Names.OPTION else str, STRING, dump=_dump_text, names=names)
    return Items(kind, convert=as_list, block=block, schema=schema)


def word(names: Names) -> Scalar:
    """Return the kind of a word that names something."""
    return Scalar(option_meant if names is Names.OPTION else str, STRING, names=names)


def file_format(known: str, wrong: str) -> Scalar:
    """Return the kind of the text that names a file's format; ``wrong`` begins what is said of another format."""

    def parsed(value: str) -> str:
        if value != known:
            raise ValueFault(f"the format is '{value}', and {wrong} {known}", word=value, suggestion=known)
        return value

    return Scalar(parsed, {"const": known})


class Chain(Whole):
    """The states of a ranking, or groups of tied states, best first."""

    def write(self, value: Any) -> Any:
        """Return the chain as part of a YAML tree, state numbers on one line."""
        chain = super().write(value)
        if all(isinstance(state, int) for group in value for state in group if not is_great_gap(state)):
            chain.fa.set_flow_style()
        return chain
