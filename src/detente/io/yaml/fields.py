"""What a field of a file can hold: how each kind of value is read, written, and described in the JSON Schema.

The table of the fields themselves is `detente.io.yaml.schema`. All scalars arrive as the text that was written, or
None. What cannot be read is reported to a `Reading`, at its place, and is `LOST`: whoever asked for it goes on without,
so that one fault does not cause others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from functools import cached_property
from typing import Any, Final

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from detente.errors import nearest
from detente.model.evidence import Path, Support

#: Lists of words up to this long are written on one line.
FLOW_WIDTH = 80


class Names(StrEnum):
    """What the text of a field, or the keys in it, can name; a condition names options."""

    DECISION_MAKER = "decision maker"
    OPTION = "option"
    CONDITION = "condition"
    STATE = "state"
    SPEAKER = "speaker"
    STATEMENT = "statement"
    SOURCE = "source"


class Lost(Enum):
    """What stands for a value that could not be read."""

    LOST = "lost"


LOST: Final = Lost.LOST
REQUIRED: Final = "required"


class ValueFault(Exception):
    """Why a value cannot be read: a plain sentence, and what helps to find and mend the fault."""

    def __init__(
        self, message: str, *, word: str | None = None, suggestion: str | None = None, column: int | None = None
    ) -> None:
        super().__init__(message)
        self.message, self.word, self.suggestion, self.column = message, word, suggestion, column


@dataclass
class RemovedItems:
    """What was left out because it could not be read.

    ``lost`` holds the places of all that could not be read, as they are in the file, and ``kept``, for each list of
    which something was left out, the places there of what is left.
    """

    lost: set[Path] = field(default_factory=set)
    kept: dict[Path, list[int]] = field(default_factory=dict)

    def original(self, at: Path) -> Path:
        """Return the place in the file of something that is counted among what is left."""
        path: Path = ()
        for step in at:
            items = self.kept.get(path)
            if items is not None and isinstance(step, int) and step < len(items):
                step = items[step]
            path = (*path, step)
        return path

    def misses(self, at: Path) -> bool:
        """Tell whether something at a place, or within it, could not be read."""
        return any(place[: len(at)] == at for place in self.lost)


@dataclass
class Reading(RemovedItems):
    """What comes of reading data: the faults in it, each with its place, and whether it is in the key there.

    Nothing is said about the places in ``told``.
    """

    told: frozenset[Path] = frozenset()
    faults: list[tuple[Path, ValueFault, bool]] = field(default_factory=list)

    def report(self, at: Path, fault: ValueFault, *, at_key: bool = False) -> Lost:
        """Note that what stands at a place cannot be read."""
        self.lost.add(at)
        if at not in self.told:
            self.faults.append((at, fault, at_key))
        return LOST

    def expected(self, at: Path, wanted: str, given: Any) -> Lost:
        """Report that something else stands at a place than what is wanted there."""
        what = f"'{at[-1]}'" if at and isinstance(at[-1], str) else "this entry"
        found = {list: "a list", dict: "a mapping", type(None): "nothing"}.get(type(given), f"the text '{given}'")
        return self.report(at, ValueFault(f"{what} must be {wanted}, and this is {found}"))


class Kind:
    """A kind of value: ``schema`` describes it in the JSON Schema, and ``names`` says what the text in it names."""

    schema: Mapping[str, Any]
    names: Names | None = None

    def read(self, value: Any, at: Path, reading: Reading) -> Any:
        """Return what a value means, or LOST after reporting why it cannot be read."""
        raise NotImplementedError

    def write(self, value: Any) -> Any:
        """Return a value as part of a YAML tree."""
        raise NotImplementedError


class Scalar(Kind):
    """A value that is read at once: text, or a short list such as that of a direction.

    Parameters
    ----------
    parse, dump
        From what is written to what it means, and back.
    schema
        Its JSON Schema.
    form
        How a form asks for it: text, date, number, yes-no, choice, condition; empty where no simple field can.
    is_text
        Whether nothing but text is given to ``parse``.
    empty
        What null means, where it may be written: an empty text or nothing at all.
    names
        What the text names.
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

    def read(self, value: Any, at: Path, reading: Reading) -> Any:
        if self.is_text and not isinstance(value, str):
            return reading.expected(at, "text", value)
        try:
            return self.parse(value)
        except ValueFault as fault:
            return reading.report(at, fault)

    def write(self, value: Any) -> Any:
        return self.dump(value)


class Optional(Kind):
    """A value that may be null: ``empty`` is what that means, and ``shown`` what the JSON Schema says of it."""

    def __init__(
        self, kind: Kind, empty: Any = None, *, shown: Any = None, schema: Mapping[str, Any] | None = None
    ) -> None:
        self.kind, self.empty, self.shown, self.names = kind, empty, shown, kind.names
        self.schema = schema or {"anyOf": [*kind.schema.get("anyOf", [kind.schema]), {"type": "null"}]}

    def read(self, value: Any, at: Path, reading: Reading) -> Any:
        return self.empty if value is None else self.kind.read(value, at, reading)

    def write(self, value: Any) -> Any:
        return self.kind.write(value)


class Items(Kind):
    """A list.

    Parameters
    ----------
    kind
        What its items are.
    convert
        Makes a list of what may be written in its place, null among it.
    pair
        The keys of an entry, where a mapping may stand for a list of entries of two parts.
    block
        Whether each item is written on a line of its own.
    single
        Whether an only item is written by itself.
    schema
        Its JSON Schema, if that says more than what its items are.
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
    ) -> None:
        self.kind, self.convert, self.pair, self.block, self.single = kind, convert, pair, block, single
        self.names = kind.names
        self.schema = schema or {"items": kind.schema, "type": "array"}

    def listed(self, value: Any) -> Any:
        """Return the list that is meant by what is written in its place."""
        value = self.convert(value)
        if self.pair and isinstance(value, dict):
            return [dict(zip(self.pair, entry, strict=True)) for entry in value.items()]
        return value

    def read(self, value: Any, at: Path, reading: Reading) -> Any:
        value = self.listed(value)
        if not isinstance(value, list):
            return reading.expected(at, "a list", value)
        found = [self.kind.read(item, (*at, place), reading) for place, item in enumerate(value)]
        if LOST in found:
            reading.kept[at] = [place for place, item in enumerate(found) if item is not LOST]
        return tuple(item for item in found if item is not LOST)

    def write(self, value: Any) -> Any:
        written = [self.kind.write(item) for item in value]
        if self.pair and all(len(one) == 2 for one in written):
            entries = CommentedMap(one.values() for one in written)
            if len(entries) == len(written):
                return entries
        if self.single and len(written) == 1:
            return written[0]
        return CommentedSeq(written) if self.block else flow(written)


class Whole(Kind):
    """A value that is lost altogether where a part of it cannot be read; ``check`` looks at it as a whole."""

    def __init__(self, kind: Kind, check: Callable[[Any], None], schema: Mapping[str, Any]) -> None:
        self.kind, self.check, self.schema, self.names = kind, check, schema, kind.names

    def read(self, value: Any, at: Path, reading: Reading) -> Any:
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
    """A mapping of names to values of a kind; null is an empty one. ``keys`` says what the names are of."""

    def __init__(self, kind: Kind, keys: Names | None = None, *, inline: bool = False) -> None:
        self.kind, self.keys, self.inline, self.names = kind, keys, inline, kind.names
        self.schema = {"additionalProperties": kind.schema, "type": "object"}

    def read(self, value: Any, at: Path, reading: Reading) -> Any:
        if value is not None and not isinstance(value, dict):
            return reading.expected(at, "a mapping of keys to values", value)
        found = {key: self.kind.read(item, (*at, key), reading) for key, item in (value or {}).items()}
        return {key: item for key, item in found.items() if item is not LOST}

    def write(self, value: Any) -> Any:
        written = CommentedMap((key, self.kind.write(item)) for key, item in dict(value).items())
        if self.inline:
            written.fa.set_flow_style()
        return written


@dataclass(frozen=True)
class TextOnly:
    """Why some fields are changed in the text only, and what a page calls them together."""

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
        What it holds.
    doc
        What it says, for the JSON Schema.
    default
        What it holds where it is left out; `REQUIRED` if it must be there.
    attribute
        What the model calls it, if not by its key.
    stand_in
        What to go on with where it cannot be read; by default the default, and the element is lost if it is required.
    also
        Further forms in which it may be written, as JSON Schemas.
    text_only
        Why no form changes it.
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


@dataclass(frozen=True)
class Element(Kind):
    """A mapping with keys of its own, such as an option or a statement, and what the model makes of it.

    Parameters
    ----------
    name, doc
        What it is.
    fields
        Its keys, in the order in which they are written.
    make
        Makes the model's object of the values of all fields, each by its attribute, ``key`` and ``support`` among them.
    parts
        Returns the values of those of its fields, by attribute, that are not simply attributes of the model's object.
    grounds
        The keys that say what it rests on, which are the parts of a `Support`; written last.
    key
        The attribute that is the key of its mapping, where elements stand in a mapping.
    keys
        What such a key names.
    short, short_list
        The key that plain text, or a list, stands for.
    plain
        The key that is written by itself where nothing else is to be said.
    check
        Looks at what is written as a whole before it is read, and may return it in another form.
    is_whole
        Whether what is left of a faulty one would be another one.
    inline
        Whether it is written on one line.
    text_only
        Why no form changes any of its fields.
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
    check: Callable[[Any], Any] = lambda data: data
    is_whole: bool = False
    inline: bool = False
    text_only: TextOnly | None = None

    @cached_property
    def by_key(self) -> Mapping[str, Field]:
        """Its fields, those of its grounds first, by their keys."""
        return {one.key: one for one in (*self.grounds, *self.fields)}

    @property
    def schema(self) -> Mapping[str, Any]:  # type: ignore[override]
        """The reference to its definition in the JSON Schema."""
        return {"$ref": f"#/$defs/{self.name}Shape"}

    def read(self, value: Any, at: Path, reading: Reading, key: str | None = None) -> Any:
        """Return the model's object for what is written; ``key`` is its key in a mapping."""
        try:
            data = self.long_form(value)
        except ValueFault as fault:
            return reading.report(at, fault)
        if not isinstance(data, dict):
            return reading.expected(at, "a mapping of keys to values", data)
        meant = self._report_unknown(data, at, reading)
        values: dict[str, Any] = {}
        lost = set(data) - set(self.by_key)
        for name, one in self.by_key.items():
            found: Any = one.default
            if name in data:
                found = one.kind.read(data[name], (*at, name), reading)
            elif one.is_required:
                found = LOST
                reading.lost.add((*at, name))
                if name not in meant and (*at, name) not in reading.told:
                    reading.faults.append((at, ValueFault(f"'{name}' is missing"), True))
            if found is LOST:
                lost.add(name)
                found = one.default if one.stand_in is LOST else one.stand_in
            values[one.attribute or name] = found
        if self.is_whole and reading.misses(at):
            return LOST
        if any(values[one.attribute or one.key] is REQUIRED for one in self.fields):
            return LOST
        if lost:
            try:
                self.check({name: item for name, item in data.items() if name not in lost})
            except ValueFault:
                # What is wrong where something cannot be read is wrong because of that.
                return LOST
        if self.grounds:
            values["support"] = Support(**{one.key: values.pop(one.key) for one in self.grounds})
        return self.make(**values, **({self.key: key} if self.key else {}))

    def long_form(self, data: Any) -> Any:
        """Return the mapping that is meant by what is written in its place; raises `ValueFault` if it looks wrong."""
        data = self.check(data)
        if data is None and (self.short or self.short_list):
            return {}
        if isinstance(data, str) and self.short:
            return {self.short: data}
        return {self.short_list: data} if isinstance(data, list) and self.short_list else data

    def _report_unknown(self, data: Mapping[str, Any], at: Path, reading: Reading) -> set[str]:
        """Report unknown keys; return the keys that they may be meant for, which are not missing as well."""
        meant: set[str] = set()
        for name in data:
            if name not in self.by_key:
                near = nearest(name, self.by_key)
                reading.report((*at, name), ValueFault(f"unknown key '{name}'", suggestion=near), at_key=True)
                # It may stand for any of those that are not there.
                reading.lost |= {(*at, other) for other in self.by_key if other not in data}
                # In a short entry it is whatever is missing, however little the two are alike.
                meant |= {near} if near else set(self.by_key if at else ())
        return meant

    def write(self, value: Any) -> Any:
        parts = self.parts(value) if self.parts else {}
        made = CommentedMap()
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
    """A mapping of elements, each by its key; in the model a tuple of objects that know their keys.

    ``convert`` makes a mapping of what may be written in its place. Where an element cannot be read, its name stays
    known if there are ``kept`` keys: it is read anew with these alone.
    """

    def __init__(
        self,
        element: Element,
        *,
        convert: Callable[[Any], Any] = lambda value: {} if value is None else value,
        least: int = 0,
        kept: tuple[str, ...] | None = None,
    ) -> None:
        self.element, self.convert, self.least, self.kept = element, convert, least, kept
        self.schema = {
            "additionalProperties": element.schema,
            "type": "object",
            **({"minProperties": least} if least else {}),
        }

    def read(self, value: Any, at: Path, reading: Reading) -> Any:
        try:
            value = self.convert(value)
        except ValueFault as fault:
            return reading.report(at, fault)
        if not isinstance(value, dict):
            return reading.expected(at, "a mapping of keys to values", value)
        if len(value) < self.least:
            return reading.report(at, ValueFault(f"'{at[-1]}' must not be empty"))
        found = []
        for key, item in value.items():
            made = self.element.read(item, (*at, key), reading, key)
            if made is LOST and self.kept is not None:
                bare = {name: item[name] for name in self.kept if isinstance(item, dict) and name in item}
                made = self.element.read(bare, (*at, key), reading, key)
            found.append(made)
        return tuple(made for made in found if made is not LOST)

    def write(self, value: Any) -> Any:
        return CommentedMap((getattr(one, self.element.key or ""), self.element.write(one)) for one in value)


def flow(items: Iterable[Any]) -> CommentedSeq:
    """Return a list that is written between brackets if it is short."""
    sequence = CommentedSeq(items)
    if sum(len(str(item)) + 2 for item in sequence) <= FLOW_WIDTH:
        sequence.fa.set_flow_style()
    return sequence
