"""YAML text as plain data in which every element knows its line and column.

Every scalar is kept as written (``2024-05-01`` stays text, ``1.10`` keeps its zero), and null is None: the consumer
decides what a value means. Aliases are followed, within limits; tags are refused.

Most texts need no positions: `plain_data` makes the data of the events of the parser in C, and the positions are found
when a fault, a warning or a change first asks for one. A text in which something could be at fault (a tag, a key that
appears twice, a limit), or that has aliases, is parsed with positions at once.

A large text is parsed with positions by the parser in C, too, twenty times as fast as by the one in Python. It produces
the same nodes as ``ruamel.yaml``, so other code does not depend on the parser. The two differ only in details, such as
the position of an omitted value.
"""

from __future__ import annotations

import re
import warnings
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from detente.errors import Fault, InputError
from detente.io.yaml.plain import MIDDLE, SMALL, Size, plain_data
from detente.io.yaml.records import SPELLINGS_OF_NULL
from detente.lazy import dataclass, lazy
from detente.limits import MAX_FILE_BYTES, MAX_RECORD_ELEMENTS, MAX_YAML_DEPTH, MAX_YAML_ELEMENTS
from detente.model.evidence import Path
from detente.text import look_alike

if TYPE_CHECKING:
    import yaml
    from ruamel import yaml as ruamel
    from ruamel.yaml import error as errors
    from ruamel.yaml import events as kinds
    from ruamel.yaml import nodes
    from ruamel.yaml.error import MarkedYAMLError
    from ruamel.yaml.nodes import CollectionNode, Node
else:
    yaml, ruamel = lazy("yaml"), lazy("ruamel.yaml")
    # Only faults, warnings and changes need positions, and with them these.
    errors, kinds, nodes = (lazy(f"ruamel.yaml.{name}") for name in ("error", "events", "nodes"))

_TAG = "tag:yaml.org,2002:"


class TooManyError(Exception):
    """A text that is nested too deeply or has too many elements, with the place."""

    def __init__(self, message: str, mark: Any) -> None:
        super().__init__(message)
        self.line, self.column = mark.line + 1, mark.column + 1


def composed_fast(text: str, deepest: int, most: int, most_records: int = MAX_RECORD_ELEMENTS) -> Node | None:
    """Return the root node of a text; None for an empty text.

    Raises
    ------
    YAMLError
        If it is not YAML, or contains more than one document.
    TooManyError
        As soon as it is nested too deeply or has too many elements.
    """
    # The parser in Python produces the same events.
    parser = yaml.cyaml.CParser(text) if yaml.__with_libyaml__ else yaml.SafeLoader(text)
    try:
        return _composed_events(iter(parser.get_event, None), deepest, Size(most, most_records))
    except yaml.MarkedYAMLError as error:
        raise errors.MarkedYAMLError(error.context, error.context_mark, error.problem, error.problem_mark) from error
    except yaml.YAMLError as error:
        raise errors.YAMLError(str(error)) from error


def _composed_events(events: Iterator[Any], deepest: int, size: Size) -> Node | None:
    events_of, fault = yaml.events, yaml.composer.ComposerError
    scalar, mapping, sequence = nodes.ScalarNode, nodes.MappingNode, nodes.SequenceNode
    collection = nodes.CollectionNode
    anchors: dict[str, Node] = {}
    # The open collections, each with the key that waits for its value.
    opened: list[tuple[CollectionNode, list[Node]]] = []
    root: Node | None = None
    for event in events:
        kind = type(event)
        if kind is events_of.AliasEvent:
            if event.anchor not in anchors:
                raise fault(None, None, f"found undefined alias '{event.anchor}'", event.start_mark)
            node = anchors[event.anchor]
        elif kind is events_of.ScalarEvent:
            is_null = event.implicit[0] and not event.tag and event.value in SPELLINGS_OF_NULL
            tag = event.tag if event.tag not in (None, "!") else f"{_TAG}{'null' if is_null else 'str'}"
            node = scalar(str(tag), event.value, event.start_mark, event.end_mark, style=event.style or None)
        elif kind is events_of.MappingStartEvent or kind is events_of.SequenceStartEvent:
            made, plain = (mapping, "map") if kind is events_of.MappingStartEvent else (sequence, "seq")
            tag = event.tag if event.tag not in (None, "!") else f"{_TAG}{plain}"
            node = made(tag, [], event.start_mark, None, flow_style=event.flow_style)
        elif kind is events_of.MappingEndEvent or kind is events_of.SequenceEndEvent:
            opened.pop()[0].end_mark = event.end_mark
            if len(opened) == 1:
                size.leave()
            continue
        elif kind is events_of.DocumentStartEvent and root is not None:
            context, problem = "expected a single document in the stream", "but found another document"
            raise fault(context, root.start_mark, problem, event.start_mark)
        else:
            continue
        size.count += 1
        if size.count > size.limit:
            raise TooManyError(f"more than {size.limit - size.outside:,} elements", event.start_mark)
        if kind is not events_of.AliasEvent and event.anchor:
            anchors[event.anchor] = node
        if opened:
            # An item, a key, or the value of the waiting key.
            around, waiting = opened[-1]
            if len(opened) == 1 and waiting and isinstance(node, collection) and kind is not events_of.AliasEvent:
                size.enter(waiting[0].value)
            if isinstance(around, sequence):
                around.value.append(node)
            elif waiting:
                around.value.append((waiting.pop(), node))
            else:
                waiting.append(node)
        else:
            root = node
        if isinstance(node, collection) and kind is not events_of.AliasEvent:
            if len(opened) > deepest:
                raise TooManyError(f"nested more than {deepest} levels deep", event.start_mark)
            opened.append((node, []))
    return root


#: YAML's limit for the distance of a key's ':' from the beginning of the key.
MAX_KEY_LENGTH = 1024
_PLAIN_TAGS = ("str", "int", "float", "bool", "null", "timestamp", "map", "seq", "merge", "value")


@dataclass(frozen=True)
class Place:
    """The position of an element: the node of its value, and that of its key in a mapping."""

    value: Node
    key: Node | None = None


@dataclass
class YamlDocument:
    """Plain data with the positions of its elements."""

    name: str
    text: str
    data: Any = None
    faults: list[Fault] = field(default_factory=list)

    @cached_property
    def lines(self) -> list[str]:
        """The lines of the text."""
        return self.text.splitlines()

    @cached_property
    def places(self) -> dict[Path, Place]:
        """The positions of all elements, found when one is first asked for."""
        return _positioned(self.text, self.name).places

    @cached_property
    def _beginnings(self) -> dict[Path, Place]:
        """As `places`, for faults: from the parser in C if the text has no fault of form."""
        if "places" in self.__dict__:
            return self.places
        document = YamlDocument(self.name, self.text)
        root = composed_fast(self.text, MAX_YAML_DEPTH, MAX_YAML_ELEMENTS)
        assert root is not None
        _Reader(document).read(root)
        return document.places

    def located(
        self,
        message: str,
        at: Path = (),
        *,
        word: str | None = None,
        suggestion: str | None = None,
        column: int | None = None,
        key: bool = False,
    ) -> Fault:
        """Return a fault at an element: at its key, at a word in it, or at a column (from 1) of its text."""
        place, left = self._place(at)
        # A mapping such as 'weights' stands for a list of entries whose key is the condition or the state.
        at_key = key or left[:1] in (("when",), ("state",))
        # For an omitted value the parser reports the position of the next token, possibly lines below.
        at_key = at_key or place.value.start_mark.index == place.value.end_mark.index
        node = place.key if place.key is not None and at_key else place.value
        line, start = node.start_mark.line, node.start_mark.column
        if word is not None:
            line, start = self._find(word, place, line, start)
        elif column is not None and node.start_mark.line == node.end_mark.line:
            start += column - 1 + (1 if getattr(node, "style", None) in ("'", '"') else 0)
        return Fault(message, self.name, line + 1, start + 1, suggestion, at, word)

    def _place(self, at: Path) -> tuple[Place, Path]:
        """Return the place of an element, or of the nearest enclosing one, and the rest of the path."""
        path: Path = ()
        for done, step in enumerate(at):
            following = (*path, step)
            if following not in self._beginnings and isinstance(step, int):
                # A number may count the entries of a mapping that was converted to a list.
                entries = self._entries[path]
                following = entries[step] if step < len(entries) else following
            if following not in self._beginnings:
                return self._beginnings[path], at[done:]
            path = following
        return self._beginnings[path], ()

    @cached_property
    def _entries(self) -> Mapping[Path, list[Path]]:
        """The paths of the direct entries of each collection, in order; used only after the whole text is parsed."""
        found: defaultdict[Path, list[Path]] = defaultdict(list)
        for path in self._beginnings:
            if path:
                found[path[:-1]].append(path)
        return found

    def _find(self, word: str, place: Place, line: int, column: int) -> tuple[int, int]:
        first = place.key or place.value
        pattern = re.compile(rf"(?<![\w.-]){re.escape(word)}(?![\w.-])")
        position = first.start_mark.column
        for number in range(first.start_mark.line, min(place.value.end_mark.line + 1, len(self.lines))):
            found = pattern.search(self.lines[number], position)
            if found:
                return number, found.start()
            position = 0
        return line, column


def parse_yaml(text: str, name: str) -> YamlDocument:
    """Parse YAML text.

    Raises
    ------
    InputError
        If the text is not YAML; faults that leave usable data are stored in the document instead.
    """
    if len(text) > MAX_FILE_BYTES:
        raise InputError([Fault(f"the file is larger than {MAX_FILE_BYTES // 1_000_000} MB, the limit", name, 1, 1)])
    data = plain_data(text, MAX_YAML_DEPTH, MAX_YAML_ELEMENTS, MAX_RECORD_ELEMENTS)
    return _positioned(text, name) if data is None else YamlDocument(name, text, data)


def _positioned(text: str, name: str) -> YamlDocument:
    """Parse YAML text with the positions of all elements; raises as `parse_yaml`."""
    document = YamlDocument(name, text)
    try:
        root = _composed(text)
    except errors.MarkedYAMLError as error:
        raise InputError([_marked(error, document)]) from error
    except TooManyError as error:
        raise InputError([Fault(str(error), name, error.line, error.column)]) from error
    except RecursionError as error:
        raise InputError([Fault("the file is nested too deeply", name, 1, 1)]) from error
    except (errors.YAMLError, ValueError, AssertionError, IndexError, KeyError, TypeError, AttributeError) as error:
        # The parser raises other exceptions for some text that is far from YAML.
        raise InputError([_unmarked(error, document)]) from error
    if root is None:
        raise InputError([Fault("the file is empty", name, 1, 1)])
    _must_be_bounded(root, name)
    _Reader(document).read(root)
    return document


@lru_cache(maxsize=2)
def _composed(text: str) -> Node | None:
    """Return the nodes of a text, cached because each version of an edited file is parsed several times; they must not
    be changed.
    """
    if len(text) > SMALL:
        try:
            return composed_fast(text, MAX_YAML_DEPTH, MAX_YAML_ELEMENTS)
        except errors.YAMLError:
            if len(text) > MIDDLE:
                raise
    with warnings.catch_warnings():
        # A redefined anchor refers to its latest definition, as YAML specifies.
        warnings.simplefilter("ignore", errors.ReusedAnchorWarning)
        root: Node | None = ruamel.YAML(typ="safe", pure=True).compose(text)
    return root


def _must_be_bounded(root: Node, name: str) -> None:
    """Refuse a document with too many elements after expanding aliases, without expanding them repeatedly.

    The size of each node is computed once, and elements as written do not count. A node that contains itself is
    detected by its depth.
    """
    scalar, mapping = nodes.ScalarNode, nodes.MappingNode
    counts: dict[int, int] = {}
    waiting = [(root, False)]
    while waiting:
        node, are_counted = waiting.pop()
        if isinstance(node, scalar) or (id(node) in counts and not are_counted):
            counts.setdefault(id(node), 1)
            continue
        held = [value for _, value in node.value] if isinstance(node, mapping) else node.value
        if not are_counted:
            counts[id(node)] = 1
            waiting += [(node, True), *((one, False) for one in held)]
            continue
        counts[id(node)] = 1 + sum(counts[id(one)] for one in held)
        if counts[id(node)] - len(counts) > MAX_YAML_ELEMENTS:
            mark = node.start_mark
            message = f"more than {MAX_YAML_ELEMENTS:,} elements, with aliases (such as '*x') expanded"
            raise InputError([Fault(message, name, mark.line + 1, mark.column + 1)])


class _Reader:
    def __init__(self, document: YamlDocument) -> None:
        self.document = document
        self.scalar, self.mapping_node = nodes.ScalarNode, nodes.MappingNode

    def read(self, root: Node) -> None:
        self.document.places = {(): Place(root)}
        self.document.data = self.data_of(root, ())

    def data_of(self, node: Node, path: Path) -> Any:
        if len(path) > MAX_YAML_DEPTH:
            raise InputError(
                [self.document.located(f"nested more than {MAX_YAML_DEPTH} levels deep", path[:MAX_YAML_DEPTH])]
            )
        tag = _tag_of(node).removeprefix("tag:yaml.org,2002:")
        if tag not in _PLAIN_TAGS:
            shown = tag if tag.startswith("!") else f"!!{tag}"
            self.document.faults.append(self.document.located(f"the tag '{shown}' is not supported; remove it", path))
            return None
        if isinstance(node, self.scalar):
            return None if tag == "null" else self.text_of(node, path)
        if isinstance(node, self.mapping_node):
            return self.mapping(node, path)
        return [self.element(child, (*path, place)) for place, child in enumerate(node.value)]

    def element(self, node: Node, path: Path, key: Node | None = None) -> Any:
        self.document.places[path] = Place(node, key)
        return self.data_of(node, path)

    def mapping(self, node: Node, path: Path) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, self.scalar):
                self.report("a key must be one word or text, not a list or a mapping", path, key_node)
                continue
            key = self.text_of(key_node, path)
            if key in data:
                self.report(f"the key '{key}' appears twice", path, key_node)
                continue
            data[key] = None
            data[key] = self.element(value_node, (*path, key), key_node)
        return data

    def text_of(self, node: Node, path: Path) -> str:
        r"""Return a scalar's text; JSON writes characters beyond 16 bits as two escapes (``\ud83d\udca5``)."""
        text = str(node.value)
        if text.isascii() or not any("\ud800" <= character <= "\udfff" for character in text):
            return text
        try:
            return text.encode("utf-16", "surrogatepass").decode("utf-16")
        except UnicodeDecodeError:
            self.report("incomplete character: an escape such as '\\ud83d' needs its second half", path, node)
            return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")

    def report(self, message: str, path: Path, node: Node) -> None:
        mark = node.start_mark
        self.document.faults.append(Fault(message, self.document.name, mark.line + 1, mark.column + 1, at=path))


def _tag_of(node: Node) -> str:
    """Return a node's tag; the parser decodes that of each node character by character, which is seldom needed."""
    plain = node.ctag.suffix if node.ctag.handle is None else None
    return plain if plain and "%" not in plain else str(node.tag or "")


def explain_look_alikes(
    faults: Iterable[Fault], name: str, lines: Sequence[str], *, anywhere: bool = False
) -> list[Fault]:
    """Return the faults of a file; one at which a look-alike stands says what it is and what to type.

    ``anywhere`` looks at the whole line: where a fault of YAML is noticed is not where it begins.
    """
    return [_explained(one, lines, anywhere) if one.file == name else one for one in faults]


def _explained(fault: Fault, lines: Sequence[str], anywhere: bool) -> Fault:
    if fault.line is None or fault.line > len(lines):
        return fault
    line, begin = lines[fault.line - 1], (fault.column or 1) - 1
    word = re.match(r"[^ \t]*", line[begin:])
    found = look_alike(line, range(len(line)) if anywhere else range(begin, begin + len(word[0] if word else "")))
    if found is None:
        return fault
    return replace(fault, message=f"{fault.message}; {found.told}", column=found.place + 1, suggestion=None)


def _marked(error: MarkedYAMLError, document: YamlDocument) -> Fault:
    mark = error.problem_mark or error.context_mark
    known = _long_key(mark, document) or _no_break_space(mark, document)
    if known is not None:
        return known
    problem = str(error.problem or error.context or error)
    if str(error.context or "").startswith("while parsing a flow") and error.context_mark:
        # The parser may give up several lines below, or at the end of the file.
        mark, problem = error.context_mark, "unclosed"
    elif "could not find expected ':'" in problem and error.context_mark:
        # The parser notices the fault on the next line.
        mark = error.context_mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    source = document.lines[line] if line < len(document.lines) else ""
    fault = Fault(_yaml_message(problem, source), document.name, line + 1, column + 1)
    return explain_look_alikes([fault], document.name, document.lines, anywhere=True)[0]


def _no_break_space(mark: Any, document: YamlDocument) -> Fault | None:
    """Return the fault for an indentation, here or above, that contains no-break spaces."""
    for number, line in enumerate(document.lines[: mark.line + 1 if mark else 0]):
        column = line.find("\xa0", 0, len(line) - len(line.lstrip()))
        if column >= 0:
            message = "a no-break space, which looks like a space, cannot be used for indentation; type spaces"
            return Fault(message, document.name, number + 1, column + 1)
    return None


def _long_key(mark: Any, document: YamlDocument) -> Fault | None:
    """Return the fault if the parser gave up at the ':' of a key longer than YAML allows."""
    source = document.lines[mark.line] if mark is not None and mark.line < len(document.lines) else ""
    if not source[mark.column if mark else 0 :].startswith(":"):
        return None
    before = source[: mark.column].rstrip()
    key = re.split(r"[{\[,]\s*|^(?:\s*[-?](?:\s+|$))+|^\s+", before)[-1] if len(before) > MAX_KEY_LENGTH else before
    if len(key) <= MAX_KEY_LENGTH or ": " in key:
        return None
    message = (
        f"the key has {len(key):,} characters; the limit of YAML is {MAX_KEY_LENGTH:,}. Shorten it, or put text "
        "that contains ': ' in quotes"
    )
    return Fault(message, document.name, mark.line + 1, len(before) - len(key) + 1)


def _yaml_message(problem: str, source: str) -> str:
    indentation = source[: len(source) - len(source.lstrip())]
    if "\t" in indentation:
        return "a tab cannot be used for indentation in YAML; use spaces"
    if "'\\t'" in problem:
        return "a tab is not allowed before a value in YAML; use a space"
    if start := re.search("found character '(.)' that cannot start any token", problem):
        return f"text cannot begin with '{start[1]}' in YAML; put it in quotes"
    if problem == "unclosed":
        return "the bracket opened here is not closed, or a comma is missing inside it"
    if "could not find expected ':'" in problem:
        return "a ':' and a space are missing after a key, or a text of several lines has the wrong indentation"
    if "mapping values are not allowed" in problem:
        return "a second ':' on one line, or wrong indentation; put text that contains ': ' in quotes"
    if "expected <block end>" in problem or "did not find expected" in problem:
        return f"wrong indentation, or a bracket or quote that is not closed ({problem})"
    if "undefined alias" in problem:
        return f"{problem}; put text that begins with '*' in quotes"
    if "expected a single document" in problem or "another document" in problem:
        return "a second document begins here ('---'); a file contains one conflict"
    return f"this is not YAML: {problem}"


def _unmarked(error: Exception, document: YamlDocument) -> Fault:
    position = getattr(error, "position", None)
    if isinstance(position, int):
        before = "\n".join(document.lines)[:position]
        line, column = before.count("\n") + 1, position - before.rfind("\n")
        return Fault("YAML does not allow this character; save the file as UTF-8 text", document.name, line, column)
    return Fault("this is not YAML", document.name, 1, 1)


def scalar_of(text: str, key: str) -> str | None:
    """Return the value of a top-level key, parsing no further than it; None if it has no plain value.

    It serves a list of many files, whose beginnings are enough and some of which may be faulty.
    """
    depth, is_key, found = 0, True, False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for event in ruamel.YAML(typ="safe", pure=True).parse(text):
                if isinstance(event, kinds.NodeEvent) and depth == 1:
                    scalar = event.value if isinstance(event, kinds.ScalarEvent) else None
                    if found:
                        return scalar
                    found = is_key and scalar == key
                    is_key = not is_key
                elif (
                    isinstance(event, kinds.NodeEvent) and depth == 0 and not isinstance(event, kinds.MappingStartEvent)
                ):
                    return None
                depth += isinstance(event, kinds.CollectionStartEvent) - isinstance(event, kinds.CollectionEndEvent)
    except errors.YAMLError:
        return None
    return None


def has_comments(text: str) -> bool:
    """Tell whether a YAML text has comments: they stand between two tokens.

    >>> has_comments("a: '# no'"), has_comments("a: b # yes")
    (False, True)
    """
    tokens = list(yaml.scan(text))
    return any("#" in text[one.end_mark.index : other.start_mark.index] for one, other in pairwise(tokens))
