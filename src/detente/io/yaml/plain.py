"""YAML text as plain data without positions, made straight of the events of the parser in C.

Whatever could need a position to be told (a tag, a key that appears twice, a limit, an error), or has aliases, is left
to `detente.io.yaml.parse`, which composes nodes. So data made here has no fault of form.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from detente.io.yaml.records import RECORDS, SPELLINGS_OF_NULL, element_count, entries, stand_in, without_records
from detente.lazy import lazy, lazy_pattern

if TYPE_CHECKING:
    import json

    import yaml
else:
    json, yaml = lazy("json"), lazy("yaml")

#: Number of characters up to which the parser in Python is fast enough (0.1 to 0.2 MB in a second). A longer text goes
#: to the parser in C; if that refuses a text of medium size, the one in Python runs again, because its messages are
#: better.
SMALL, MIDDLE = 200_000, 500_000
#: What the two parsers may read differently, so that small texts with it are left to the one in Python: tabs, line
#: breaks of YAML 1.1, byte order marks, a comment right behind '|' or '>', a quoted key in brackets without a value.
_READ_DIFFERENTLY = lazy_pattern("""[\t\x85\u2028\u2029\ufeff]|[|>][-+0-9]*#|["']:[],}]""")


#: What JSON and YAML read differently: characters that YAML refuses or takes for line breaks, and half characters.
_NOT_IN_BOTH = r"[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]|\\u[dD][89a-fA-F]"


@contextmanager
def without_collection() -> Iterator[None]:
    """Look for no garbage meanwhile: a large file becomes many objects that stay, and each search goes through them."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


class Size:
    """The number of elements of a text so far, those of its sources and statements apart, and the limits."""

    def __init__(self, most: int, most_records: int) -> None:
        self.most, self.most_records = most, most_records
        self.count, self.outside = 0, 0
        self.limit = most

    def enter(self, key: str | None) -> None:
        """Begin the value of a key of the whole text."""
        if key in RECORDS:
            self.outside, self.limit = self.count, self.count + self.most_records

    def leave(self) -> None:
        """End the value of a key of the whole text."""
        if self.limit != self.most:
            self.most_records -= self.count - self.outside
            self.count, self.limit = self.outside, self.most


def plain_data(text: str, deepest: int, most: int, most_records: int) -> Any:
    """Return the data of a text without positions; None if they are needed to say what it means or what is wrong."""
    if not yaml.__with_libyaml__ or (len(text) <= SMALL and _READ_DIFFERENTLY.search(text)):
        return None
    try:
        if len(text) > SMALL:
            read = _json if text.lstrip()[:1] == "{" else _by_lines
            if (data := read(text, deepest, Size(most, most_records))) is not None:
                return data
        return _plain_events(yaml.cyaml.CParser(text).get_event, deepest, Size(most, most_records))
    except (yaml.YAMLError, ValueError, TypeError, RecursionError):
        # The parser with positions says what is wrong.
        return None


def _by_lines(text: str, deepest: int, size: Size) -> Any:
    """Return the data of a text whose records are read line by line; None if the parser has to read all of it."""
    rest, records = without_records(text)
    data = _plain_events(yaml.cyaml.CParser(rest).get_event, deepest, size) if records else None
    if not isinstance(data, dict):
        return None

    def parsed(left: str) -> Any:
        return _plain_events(yaml.cyaml.CParser(left).get_event, deepest - 1, Size(size.most_records, 0))

    for key, section in records.items():
        found = entries(section, parsed) if data.get(key) == stand_in(key) else None
        if found is None:
            return None
        size.most_records -= sum(map(element_count, found))
        if size.most_records < 0:
            return None
        data[key] = found
    return data


def _json(text: str, deepest: int, size: Size) -> Any:
    """Return the data of a text in JSON, which is YAML as well; None if the parser of YAML has to read it."""
    if re.search(_NOT_IN_BOTH, text):
        return None
    depths: dict[int, int] = {}

    def as_text(value: Any) -> Any:
        """Return a value with words for truth values; raises ValueError if it is nested too deeply."""
        if value.__class__ is bool:
            return "true" if value else "false"
        if value.__class__ is list:
            value[:] = [as_text(one) for one in value]
            depth = 1 + max((depths.get(id(one), 0) for one in value), default=0)
            depths[id(value)] = depth
            if depth > deepest:
                raise ValueError
        return value

    def mapping(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = {key: as_text(value) for key, value in pairs}
        if len(found) != len(pairs):
            raise ValueError
        depths[id(found)] = 1 + max([depths.get(id(value), 0) for value in found.values()], default=0)
        if depths[id(found)] > deepest:
            raise ValueError
        return found

    def refused(word: str) -> Any:
        raise ValueError

    try:
        data = json.loads(text, object_pairs_hook=mapping, parse_int=str, parse_float=str, parse_constant=refused)
    except (ValueError, RecursionError):
        return None
    records = {key: sum(map(element_count, data[key])) for key in RECORDS if isinstance(data.get(key), list)}
    outside = element_count({**data, **dict.fromkeys(records, "")})
    return data if outside <= size.most and sum(records.values()) <= size.most_records else None


def _plain_events(get_event: Callable[[], Any], deepest: int, size: Size) -> Any:
    kinds = yaml.events
    scalar, ends = kinds.ScalarEvent, (kinds.MappingEndEvent, kinds.SequenceEndEvent)
    starts = {kinds.MappingStartEvent: dict, kinds.SequenceStartEvent: list}
    # The open collections, each with the key that waits for its value.
    opened: list[tuple[Any, str | None]] = []
    current: Any = None
    key: str | None = None
    root: Any = None
    while True:
        event = get_event()
        kind = type(event)
        if kind is scalar:
            value = event.value
            size.count += 1
            if event.tag is not None or event.anchor is not None or current is None or size.count > size.limit:
                return None
            if key is None and type(current) is dict:
                if value in current:
                    return None
                key = value
                continue
            if value in SPELLINGS_OF_NULL and event.implicit[0]:
                value = None
        elif kind in starts:
            value = starts[kind]()
            size.count += 1
            if event.tag is not None or event.anchor is not None or size.count > size.limit or len(opened) >= deepest:
                return None
            if key is None and type(current) is dict:
                return None
        elif kind in ends:
            current, key = opened.pop()
            if len(opened) == 1:
                size.leave()
            continue
        elif kind is kinds.StreamEndEvent:
            return root
        elif kind is kinds.DocumentStartEvent:
            if root is not None or event.version or event.tags:
                return None
            continue
        elif kind is kinds.AliasEvent:
            return None
        else:
            continue
        if type(current) is dict:
            current[key] = value
        elif current is not None:
            current.append(value)
        else:
            root = value
        if kind is not scalar:
            if len(opened) == 1:
                size.enter(key)
            # The key of a finished value waits no longer.
            opened.append((current, None))
            current = value
        key = None
