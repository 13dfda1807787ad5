"""YAML text as plain data without positions, made straight of the events of the parser in C.

Whatever could need a position to be told (a tag, a key that appears twice, a limit, an error), or has aliases, is left
to `detente.io.yaml.parse`, which composes nodes. So data made here has no fault of form.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from detente.lazy import lazy

if TYPE_CHECKING:
    import yaml
else:
    yaml = lazy("yaml")

#: The spellings of null as a plain scalar.
SPELLINGS_OF_NULL = frozenset(("", "~", "null", "Null", "NULL"))
#: The keys of a file whose values may have more elements than all others together.
RECORDS = ("sources", "statements")
#: Number of characters up to which the parser in Python is fast enough (0.1 to 0.2 MB in a second). A longer text goes
#: to the parser in C; if that refuses a text of medium size, the one in Python runs again, because its messages are
#: better.
SMALL, MIDDLE = 200_000, 500_000
#: What the two parsers may read differently, so that small texts with it are left to the one in Python: tabs, line
#: breaks of YAML 1.1, byte order marks, a comment right behind '|' or '>', a quoted key in brackets without a value.
_READ_DIFFERENTLY = re.compile("""[\t\x85\u2028\u2029\ufeff]|[|>][-+0-9]*#|["']:[],}]""")


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
        return _plain_events(yaml.cyaml.CParser(text).get_event, deepest, Size(most, most_records))
    except (yaml.YAMLError, ValueError, TypeError):
        # The parser with positions says what is wrong.
        return None


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
