"""The kinds of values that a field of a file can hold: how each is parsed, written, and described in the JSON Schema.

The table of the fields themselves is `detente.io.yaml.schema`. All scalars arrive as the text that was written, or
None. A value that cannot be parsed is reported to a `Reading`, with its place, and is `LOST`: the caller continues
without it, so that one fault does not cause others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from detente.errors import nearest
from detente.io.yaml.reading import LOST, FoundFaults, ValueFault
from detente.lazy import dataclass, lazy
from detente.model.conditions import is_closed
from detente.model.evidence import Path, Support

if TYPE_CHECKING:
    from ruamel.yaml import comments
    from ruamel.yaml.comments import CommentedSeq
else:
    comments = lazy("ruamel.yaml.comments")

#: Maximum length of a list of words that is written on one line.
FLOW_WIDTH = 80


class Names(StrEnum):
    """The kinds of things that the text of a field, or its keys, can name; a condition names options."""

    DECISION_MAKER = "decision maker"
    OPTION = "option"
    CONDITION = "condition"
    STATE = "state"
    SPEAKER = "speaker"
    STATEMENT = "statement"
    SOURCE = "source"


REQUIRED: Final = "required"


class Kind:
    """A kind of value: ``schema`` describes it in the JSON Schema, and ``names`` is the kind of thing that its text
    names.
    """

    schema: Mapping[str, Any]
    names: Names | None = None

    def read(self, value: Any, at: Path, reading: FoundFaults) -> Any:
        """Return the parsed value, or LOST after reporting a fault."""
        raise NotImplementedError

    def quick(self, value: Any) -> Any:
        """Return the parsed value without keeping track of places.

        Raises
        ------
        ValueFault
            If the value has a fault, which `read` can report with its place.
        """
        reading = FoundFaults()
        found = self.read(value, ("",), reading)
        if reading.lost:
            raise ValueFault("")
        return found

    def write(self, value: Any) -> Any:
        """Return a value as part of a YAML tree."""
        raise NotImplementedError


class Scalar(Kind):
    """A value that is parsed as a whole: text, or a short list such as a direction.

    Parameters
    ----------
    parse, dump
        Convert the written value to its meaning, and back.
    schema
        Its JSON Schema.
    form
        The kind of input field in a form: text, date, number, yes-no, choice, condition; empty if no simple field can
        do.
    is_text
        Whether ``parse`` only receives text.
    empty
        The meaning of null, if allowed: an empty text or None.
    names
        The kind of thing that the text names.
    choices
        All values, if there are few.
    """

    def __init__(
        self,
        parse: Callable[[Any], Any],
        schema: Mapping[str, Any],
        form: str = "text",
        dump: Callable[[Any], Any] = lambda value: value,
        *,
        is_text: bool = True,
        names: Names | None = None,
        choices: tuple[str, ...] = (),
    ) -> None:
        self.parse, self.schema, self.form, self.dump = parse, schema, form, dump
        self.is_text, self.names, self.choices = is_text, names, choices

    def read(self, value: Any, at: Path, reading: FoundFaults) -> Any:
        if self.is_text and not isinstance(value, str):
            return reading.expected(at, "text", value)
        try:
            return self.parse(value)
        except ValueFault as fault:
            return reading.report(at, fault)

    def quick(self, value: Any) -> Any:
        if self.is_text and value.__class__ is not str:
            raise ValueFault("")
        return self.parse(value)

    def write(self, value: Any) -> Any:
        return self.dump(value)


class Optional(Kind):
    """A value that may be null: ``empty`` is the meaning of null, and ``shown`` its default in the JSON Schema."""

    def __init__(
        self, kind: Kind, empty: Any = None, *, shown: Any = None, schema: Mapping[str, Any] | None = None
    ) -> None:
        self.kind, self.empty, self.shown, self.names = kind, empty, shown, kind.names
        self.schema = schema or {"anyOf": [*kind.schema.get("anyOf", [kind.schema]), {"type": "null"}]}

    def read(self, value: Any, at: Path, reading: FoundFaults) -> Any:
        return self.empty if value is None else self.kind.read(value, at, reading)

    def quick(self, value: Any) -> Any:
        return self.empty if value is None else self.kind.quick(value)

    def write(self, value: Any) -> Any:
        return self.kind.write(value)


class Items(Kind):
    """A list.

    Parameters
    ----------
    kind
        The kind of its items.
    convert
        Converts other accepted forms, null included, to a list.
    pair
        The keys of an entry, if a mapping may stand for a list of entries with two parts.
    block
        Whether each item gets a line of its own.
    single
        Whether a single item is written without a list.
    schema
        Its JSON Schema, if that says more than the kind of the items.
    names
        What its items name, if their kind does not say it.
    """

    def __init__(
        self,
        kind: Kind,
        *,
        convert: Callable[[Any], Any] = lambda value: [] if value is None else value,
        pair: tuple[str, str] | None = None,
        block: bool = False,
        single: bool = False,
        schema: Mapping[str, Any] | None = None,
        names: Names | None = None,
    ) -> None:
        self.kind, self.convert, self.pair, self.block, self.single = kind, convert, pair, block, single
        self.names = names or kind.names
        self.schema = schema or {"items": kind.schema, "type": "array"}

    def listed(self, value: Any) -> Any:
        """Return the list that a value in any accepted form stands for."""
        value = self.convert(value)
        if self.pair and isinstance(value, dict):
            return [dict(zip(self.pair, entry, strict=True)) for entry in value.items()]
        return value

    def read(self, value: Any, at: Path, reading: FoundFaults) -> Any:
        value = self.listed(value)
        if not isinstance(value, list):
            return reading.expected(at, "a list", value)
        found = [self.kind.read(item, (*at, place), reading) for place, item in enumerate(value)]
        if LOST in found:
            reading.kept[at] = [place for place, item in enumerate(found) if item is not LOST]
        return tuple(item for item in found if item is not LOST)

    def quick(self, value: Any) -> Any:
        value = self.listed(value)
        if value.__class__ is not list:
            raise ValueFault("")
        return tuple([self.kind.quick(item) for item in value])

    def write(self, value: Any) -> Any:
        written = [self.kind.write(item) for item in value]
        if self.pair and all(isinstance(one, dict) and len(one) == 2 for one in written):
            entries = comments.CommentedMap(one.values() for one in written)
            if len(entries) == len(written):
                return entries
        if self.single and len(written) == 1:
            return written[0]
        return comments.CommentedSeq(written) if self.block else flow(written)


class Whole(Kind):
    """A value that is lost as a whole if a part of it cannot be parsed; ``check`` examines the whole."""

    def __init__(self, kind: Kind, check: Callable[[Any], None], schema: Mapping[str, Any]) -> None:
        self.kind, self.check, self.schema, self.names = kind, check, schema, kind.names

    def read(self, value: Any, at: Path, reading: FoundFaults) -> Any:
        found = self.kind.read(value, at, reading)
        if reading.misses(at):
            return LOST
        try:
            self.check(found)
        except ValueFault as fault:
            return reading.report(at, fault)
        return found

    def write(self, value: Any) -> Any:
        return self.kind.write(value)


class Entries(Kind):
    """A mapping of names to values of a kind; null is an empty mapping. ``keys`` is the kind of thing that its keys
    name.
    """

    def __init__(self, kind: Kind, keys: Names | None = None, *, inline: bool = False) -> None:
        self.kind, self.keys, self.inline, self.names = kind, keys, inline, kind.names
        self.schema = {"additionalProperties": kind.schema, "type": "object"}

    def read(self, value: Any, at: Path, reading: FoundFaults) -> Any:
        if value is not None and not isinstance(value, dict):
            return reading.expected(at, "a mapping of keys to values", value)
        found = {key: self.kind.read(item, (*at, key), reading) for key, item in (value or {}).items()}
        return {key: item for key, item in found.items() if item is not LOST}

    def write(self, value: Any) -> Any:
        written = comments.CommentedMap((key, self.kind.write(item)) for key, item in dict(value).items())
        if self.inline:
            written.fa.set_flow_style()
        return written


@dataclass(frozen=True)
class TextOnly:
    """The reason why some fields are changed in the text only, and their common name on a page."""

    called: str
    reason: str


@dataclass(frozen=True)
class Field:
    """A key of an element.

    Parameters
    ----------
    key
        The key in the file.
    kind
        The kind of its value.
    doc
        Its description in the JSON Schema.
    default
        Its value if omitted; `REQUIRED` if it must not be omitted.
    attribute
        Its name in the model, if different from the key.
    stand_in
        The value used if it cannot be parsed. Default: the default; if the field is required, the element is lost.
    also
        Other accepted forms, as JSON Schemas.
    text_only
        The reason why no form changes it.
    """

    key: str
    kind: Kind
    doc: str = ""
    default: Any = REQUIRED
    attribute: str = ""
    stand_in: Any = LOST
    also: tuple[Mapping[str, Any], ...] = ()
    text_only: TextOnly | None = None

    @property
    def is_required(self) -> bool:
        """Whether an element without it cannot be read."""
        return self.default is REQUIRED


def _as_given(data: Any) -> Any:
    return data


@dataclass(frozen=True)
class Element(Kind):
    """A mapping with keys of its own, such as an option or a statement, and its object in the model.

    Parameters
    ----------
    name, doc
        Its name and description.
    fields
        Its keys, in the order in which they are written.
    make
        Returns the model's object from the values of all fields, by attribute, with ``key`` and ``support`` among them.
    parts
        Returns the values of those fields, by attribute, that are not attributes of the model's object.
    grounds
        The keys of its evidence, which are the parts of a `Support`; written last.
    key
        The attribute that is the element's key, if elements form a mapping.
    keys
        The kind of thing that such a key names.
    short, short_list
        The key whose value may be given directly as text, or as a list.
    plain
        The key whose value is written directly if no other key is set.
    check
        Checks the written value as a whole before parsing, and may return it in another form.
    knows_defaults
        Whether ``make`` knows the defaults of its fields itself, and need not be given them.
    is_whole
        Whether a partly faulty element is dropped as a whole, because the rest would have a different meaning.
    inline
        Whether it is written on a single line.
    text_only
        The reason why no form changes any of its fields.
    """

    name: str
    doc: str
    fields: tuple[Field, ...]
    make: Callable[..., Any]
    parts: Callable[[Any], Mapping[str, Any]] | None = None
    grounds: tuple[Field, ...] = ()
    key: str | None = None
    keys: Names | None = None
    short: str | None = None
    short_list: str | None = None
    plain: str | None = None
    check: Callable[[Any], Any] = _as_given
    knows_defaults: bool = False
    is_whole: bool = False
    inline: bool = False
    text_only: TextOnly | None = None

    @cached_property
    def by_key(self) -> Mapping[str, Field]:
        """Its fields by key, those of its evidence first."""
        return {one.key: one for one in (*self.grounds, *self.fields)}

    @cached_property
    def _omitted(self) -> tuple[Mapping[str, Any], frozenset[str]]:
        """The values of omitted or unread fields, by attribute, and the required keys; only these have stand-ins."""
        known = self.by_key.items()
        values = {one.attribute or key: one.default if one.stand_in is LOST else one.stand_in for key, one in known}
        return values, frozenset(key for key, one in known if one.is_required)

    @property
    def schema(self) -> Mapping[str, Any]:  # type: ignore[override]
        """The reference to its definition in the JSON Schema."""
        return {"$ref": f"#/$defs/{self.name}Shape"}

    def read(self, value: Any, at: Path, reading: FoundFaults, key: str | None = None) -> Any:
        """Return the model's object for a written value; ``key`` is its key in a mapping."""
        if not reading.told:
            try:
                return self.quick(value, key)
            except ValueFault:
                # Read again, with what is at fault and where.
                pass
        try:
            data = self.long_form(value)
        except ValueFault as fault:
            return reading.report(at, fault)
        if not isinstance(data, dict):
            return reading.expected(at, "a mapping of keys to values", data)
        values, required = self._omitted
        values = dict(values)
        lost: set[str] = set()
        for name, item in data.items():
            one = self.by_key.get(name)
            found = LOST if one is None else one.kind.read(item, (*at, name), reading)
            if found is LOST:
                lost.add(name)
            elif one is not None:
                values[one.attribute or name] = found
        if lost or not required <= data.keys():
            meant = self._report_unknown(data, at, reading)
            for name in self.by_key:
                if name in required and name not in data:
                    reading.lost.add((*at, name))
                    if name not in meant and (*at, name) not in reading.told:
                        reading.faults.append((at, ValueFault(f"'{name}' is missing"), True))
                    lost.add(name)
        if self.is_whole and reading.misses(at):
            return LOST
        if any(values[one.attribute or one.key] is REQUIRED for one in (self.fields if lost else ())):
            return LOST
        if lost:
            try:
                self.check({name: item for name, item in data.items() if name not in lost})
            except ValueFault:
                # A fault at a place that could not be parsed is a consequence of that.
                return LOST
        return self._made(values, key)

    def quick(self, value: Any, key: str | None = None) -> Any:
        if value.__class__ is str and self.short and self.check is _as_given:
            data: Any = {self.short: value}
        else:
            data = self.long_form(value)
        if data.__class__ is not dict:
            raise ValueFault("")
        omitted, required = self._omitted
        known, values = self.by_key, {} if self.knows_defaults else dict(omitted)
        for name, item in data.items():
            one = known.get(name)
            if one is None:
                raise ValueFault("")
            values[one.attribute or name] = one.kind.quick(item)
        if not required <= data.keys():
            raise ValueFault("")
        return self._made(values, key)

    def _made(self, values: dict[str, Any], key: str | None) -> Any:
        if self.grounds:
            values["support"] = Support(**{one.key: values.pop(one.key) for one in self.grounds})
        return self.make(**values, **({self.key: key} if self.key else {}))

    def long_form(self, data: Any) -> Any:
        """Return the mapping that a short form stands for; raises `ValueFault` for an invalid form."""
        data = self.check(data)
        if data is None and (self.short or self.short_list):
            return {}
        if isinstance(data, str) and self.short:
            return {self.short: data}
        return {self.short_list: data} if isinstance(data, list) and self.short_list else data

    def _report_unknown(self, data: Mapping[str, Any], at: Path, reading: FoundFaults) -> set[str]:
        """Report unknown keys; return the keys that they may be misspellings of, which are not reported as missing."""
        meant: set[str] = set()
        for name in data:
            if name not in self.by_key:
                near = nearest(name, self.by_key)
                fault = ValueFault(f"unknown key '{name}'", suggestion=near)
                if self.short and isinstance(data[name], str) and not is_closed(name):
                    whole = f"{name}: {data[name]}".replace("'", "''")
                    fault = ValueFault("put a text that contains ': ' in quotation marks", suggestion=f"'{whole}'")
                reading.report((*at, name), fault, at_key=True)
                # It may be a misspelling of any missing key.
                reading.lost |= {(*at, other) for other in self.by_key if other not in data}
                # In a short entry it counts as the missing key, even if the two are not similar.
                meant |= {near} if near else set(self.by_key if at else ())
        return meant

    def write(self, value: Any) -> Any:
        parts = self.parts(value) if self.parts else {}
        made = comments.CommentedMap()
        for one in self.fields:
            name = one.attribute or one.key
            found = parts[name] if name in parts else getattr(value, name)
            if found != one.default or (one.key == self.plain and found is not None):
                made[one.key] = one.kind.write(found)
        for one in self.grounds:
            found = getattr(value.support, one.key)
            if found != one.default:
                made[one.key] = one.kind.write(found)
        if self.inline:
            made.fa.set_flow_style()
        return made[self.plain] if list(made) == [self.plain] else made


class Keyed(Kind):
    """A mapping of elements by key; in the model a tuple of objects that know their keys.

    ``convert`` converts other accepted forms to a mapping. If an element cannot be parsed but there are ``kept`` keys,
    it is parsed again with only these, so that its name stays known. ``meant`` returns the key that a
    written one means.
    """

    def __init__(
        self,
        element: Element,
        *,
        convert: Callable[[Any], Any] = lambda value: {} if value is None else value,
        least: int = 0,
        kept: tuple[str, ...] | None = None,
        meant: Callable[[str], str] = str,
    ) -> None:
        self.element, self.convert, self.least, self.kept, self.meant = element, convert, least, kept, meant
        self.schema = {
            "additionalProperties": element.schema,
            "type": "object",
            **({"minProperties": least} if least else {}),
        }

    def read(self, value: Any, at: Path, reading: FoundFaults) -> Any:
        try:
            value = self.convert(value)
        except ValueFault as fault:
            return reading.report(at, fault)
        if not isinstance(value, dict):
            return reading.expected(at, "a mapping of keys to values", value)
        if len(value) < self.least:
            return reading.report(at, ValueFault(f"'{at[-1]}' must not be empty"))
        found: list[Any] = []
        for written, item in value.items():
            place = (*at, written)
            try:
                key = self.meant(written)
            except ValueFault as fault:
                found.append(reading.report(place, fault, at_key=True))
                continue
            made = self.element.read(item, place, reading, key)
            if made is LOST and self.kept is not None:
                bare = {name: item[name] for name in self.kept if isinstance(item, dict) and name in item}
                made = self.element.read(bare, place, reading, key)
            found.append(made)
        return tuple(made for made in found if made is not LOST)

    def write(self, value: Any) -> Any:
        return comments.CommentedMap((getattr(one, self.element.key or ""), self.element.write(one)) for one in value)


def flow(items: Iterable[Any]) -> CommentedSeq:
    """Return a list that is written between brackets if it is short."""
    sequence = comments.CommentedSeq(items)
    if sum(len(str(item)) + 2 for item in sequence) <= FLOW_WIDTH:
        sequence.fa.set_flow_style()
    return sequence
