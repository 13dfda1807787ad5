"""The nodes of a large YAML text, by the parser in C: twenty times as fast as the one in Python.

The nodes are those that ``ruamel.yaml`` makes, so that nothing else need know which parser has read a text. They differ
in trifles only, such as where a value that is left out would stand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import CollectionNode, MappingNode, Node, ScalarNode, SequenceNode

if TYPE_CHECKING:
    from collections.abc import Iterator

#: How null is written, as plain text.
_NULL = frozenset(("", "~", "null", "Null", "NULL"))
_TAG = "tag:yaml.org,2002:"


class TooManyError(Exception):
    """A text that is nested deeper, or has more elements, than is read; with the place."""

    def __init__(self, message: str, mark: Any) -> None:
        super().__init__(message)
        self.line, self.column = mark.line + 1, mark.column + 1


def composed_fast(text: str, deepest: int, most_elements: int) -> Node | None:
    """Return the root of a text's nodes; None for an empty text.

    Raises
    ------
    YAMLError
        When it is no YAML, or holds more than one document.
    TooManyError
        As soon as it is too deep or has too many elements.
    """
    import yaml

    try:
        return _composed(_events(text), deepest, most_elements)
    except yaml.MarkedYAMLError as error:
        raise MarkedYAMLError(error.context, error.context_mark, error.problem, error.problem_mark) from error
    except yaml.YAMLError as error:
        raise YAMLError(str(error)) from error


def _events(text: str) -> Iterator[Any]:
    import yaml

    if yaml.__with_libyaml__:
        from yaml.cyaml import CParser as Parser
    else:
        # The parser in Python has the same events.
        from yaml import SafeLoader as Parser
    parser = Parser(text)
    while (event := parser.get_event()) is not None:
        yield event


def _composed(events: Iterator[Any], deepest: int, most_elements: int) -> Node | None:
    from yaml import events as kinds
    from yaml.composer import ComposerError

    anchors: dict[str, Node] = {}
    # Each collection that is open, with the key in it that waits for its value.
    opened: list[tuple[CollectionNode, list[Node]]] = []
    root: Node | None = None
    count = 0
    for event in events:
        kind = type(event)
        if kind is kinds.AliasEvent:
            if event.anchor not in anchors:
                raise ComposerError(None, None, f"found undefined alias '{event.anchor}'", event.start_mark)
            node = anchors[event.anchor]
        elif kind is kinds.ScalarEvent:
            node = ScalarNode(
                _scalar_tag(event), event.value, event.start_mark, event.end_mark, style=event.style or None
            )
        elif kind is kinds.MappingStartEvent or kind is kinds.SequenceStartEvent:
            made, plain = (MappingNode, "map") if kind is kinds.MappingStartEvent else (SequenceNode, "seq")
            tag = event.tag if event.tag not in (None, "!") else f"{_TAG}{plain}"
            node = made(tag, [], event.start_mark, None, flow_style=event.flow_style)
        elif kind is kinds.MappingEndEvent or kind is kinds.SequenceEndEvent:
            opened.pop()[0].end_mark = event.end_mark
            continue
        elif kind is kinds.DocumentStartEvent and root is not None:
            raise ComposerError(
                "expected a single document in the stream", root.start_mark, "but found another document",
                event.start_mark,
            )  # fmt: skip
        else:
            continue
        count += 1
        if count > most_elements:
            raise TooManyError(f"more than {most_elements:,} elements", event.start_mark)
        if kind is not kinds.AliasEvent and event.anchor:
            anchors[event.anchor] = node
        if opened:
            _put(node, *opened[-1])
        else:
            root = node
        if isinstance(node, CollectionNode) and kind is not kinds.AliasEvent:
            if len(opened) > deepest:
                raise TooManyError(f"nested more than {deepest} deep", event.start_mark)
            opened.append((node, []))
    return root


def _put(node: Node, around: CollectionNode, waiting: list[Node]) -> None:
    """Put a node into the collection around it: as an item, as a key, or as the value of the key that waits."""
    if isinstance(around, SequenceNode):
        around.value.append(node)
    elif waiting:
        around.value.append((waiting.pop(), node))
    else:
        waiting.append(node)


def _scalar_tag(event: Any) -> str:
    if event.tag not in (None, "!"):
        return str(event.tag)
    is_null = event.implicit[0] and not event.tag and event.value in _NULL
    return f"{_TAG}{'null' if is_null else 'str'}"
