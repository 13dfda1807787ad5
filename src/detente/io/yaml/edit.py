"""Editing the text of a conflict file: renaming, and reordering elements, with nothing else touched.

Theory of operation. Changes are made in place, character by character, so that comments, quotes and layout stay. A
comment moves with the element it belongs to: one on the element's own lines, directly above it, or indented below it. A
comment followed by a blank line is a heading and stays in place. The table of fields tells where names occur.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from ruamel.yaml.nodes import CollectionNode, MappingNode, Node, ScalarNode, SequenceNode

from detente.io.yaml.fields import Element, Entries, Items, Keyed, Kind, Names, Optional, Scalar, Whole
from detente.io.yaml.parse import YamlDocument, parse_yaml
from detente.io.yaml.schema import CONFLICT, PAYOFF
from detente.model.preferences import StateReference, as_reference, is_great_gap

Patch = tuple[int, int, str]

#: Plain scalars that YAML reads as null.
_NOTHING = re.compile(r"~|null|Null|NULL")
_COLON = re.compile(r"\s*:")
_COMMENT = re.compile(r"#[^\n]*")
_SIGN = re.compile(r"(?<=[ \t])#")


class CannotRewriteError(Exception):
    """The text is written in a way that cannot be changed in place."""


@dataclass(frozen=True)
class Reference:
    """A scalar of the text, and the kind of thing that it names."""

    what: Names
    node: ScalarNode


def references(document: YamlDocument) -> Iterator[Reference]:
    """Yield every scalar that names something, such as an option, or that is a condition over options."""
    for kind, node in _values(CONFLICT, document.places[()].value):
        what = kind if isinstance(kind, Names) else kind.names if isinstance(kind, Scalar) else None
        if what and isinstance(node, ScalarNode):
            yield Reference(what, node)


def _values(kind: Kind, node: Node) -> Iterator[tuple[Kind | Names, Node]]:
    """Yield every value of a text, in any of its forms, with its kind; for a name, the kind of thing that it names."""
    yield kind, node
    if isinstance(kind, Optional | Whole):
        yield from _values(kind.kind, node)
    elif isinstance(kind, Element):
        short = kind.short_list if isinstance(node, SequenceNode) else kind.short
        if not isinstance(node, MappingNode):
            yield from _values(kind.by_key[short].kind, node) if short else ()
            return
        for key, value in node.value:
            one = kind.by_key.get(str(key.value))
            if one and one.key == "preferences" and isinstance(value, MappingNode):
                # Written as 'preferences: {ranking: …}'.
                yield from _values(kind, value)
            elif one:
                yield from _values(one.kind, value)
    elif isinstance(kind, Keyed | Entries):
        inner, what = (kind.element, kind.element.keys) if isinstance(kind, Keyed) else (kind.kind, kind.keys)
        for entry in node.value if isinstance(node, CollectionNode) else ():
            key, value = entry if isinstance(entry, tuple) else (entry, None)
            if what:
                yield what, key
            if value:
                yield from _values(inner, value)
    elif isinstance(kind, Items):
        if isinstance(node, MappingNode) and kind.pair and isinstance(kind.kind, Element):
            for key, _ in node.value:
                yield from _values(kind.kind.by_key[kind.pair[0]].kind, key)
        elif isinstance(node, SequenceNode):
            for item in node.value:
                yield from _values(kind.kind, item)
        elif isinstance(node, ScalarNode):
            yield from _values(kind.kind, node)


def renamed_text(text: str, what: str, old: str, new: str) -> str:
    """Return the text with a decision maker or an option (``what``) renamed wherever it occurs."""
    word = re.compile(rf"(?<![\w.-]){re.escape(old)}(?![\w.-])")
    document = parse_yaml(text, "")
    changes = []
    for mention in references(document):
        node = mention.node
        named = (Names.DECISION_MAKER, Names.SPEAKER) if what == Names.DECISION_MAKER else (what,)
        if mention.what in named and node.value == old:
            changes.append((*_span(node), _as_written(new, node)))
        elif mention.what == Names.CONDITION and what == Names.OPTION and word.search(str(node.value)):
            start, end = _span(node)
            changes.append((start, end, word.sub(new, text[start:end])))
    return patched(text, align_comments(document, text, changes))


def rearranged_text(
    text: str,
    place: int,
    to: int,
    refer: Callable[[StateReference], StateReference],
    numbers: Callable[[], Sequence[int]],
    owner: str | None = None,
) -> str:
    """Return the text with a decision maker, or an option of one (``owner``), moved.

    ``refer`` maps a reference to a state to the new one, and ``numbers`` gives for each new state number the old one.
    """

    def payoffs(text: str) -> list[CollectionNode]:
        """Return the payoffs of each who has some: a mapping, or a list in the order of the states' numbers."""
        found = _values(CONFLICT, parse_yaml(text, "").places[()].value)
        is_payoffs = (node for kind, node in found if isinstance(kind, Items) and kind.kind is PAYOFF)
        return [node for node in is_payoffs if isinstance(node, CollectionNode)]

    def is_in_number_order(node: CollectionNode) -> bool:
        count = len(numbers())
        keys = [str(entry[0].value) for entry in node.value] if isinstance(node, MappingNode) else None
        return len(node.value) == count and keys in (None, [str(number) for number in range(1, count + 1)])

    document = parse_yaml(text, "")
    counted = [number for number, node in enumerate(payoffs(text)) if is_in_number_order(node)]
    patches = []
    for mention in references(document):
        if mention.what == Names.STATE and not is_great_gap(mention.node.value):
            before = as_reference(str(mention.node.value))
            after = refer(before)
            if after != before:
                patches.append((*_span(mention.node), _as_written(str(after), mention.node)))
    text = patched(text, align_comments(document, text, patches))
    for which in counted:
        # Each change may have moved the text below it.
        text = _reordered(text, payoffs(text)[which], [number - 1 for number in numbers()])
    at = ("decision_makers",) if owner is None else ("decision_makers", owner, "options")
    found = parse_yaml(text, "").places.get(at)
    if found is None or not isinstance(found.value, CollectionNode):
        raise CannotRewriteError
    order = [other for other in range(len(found.value.value)) if other != place]
    order.insert(to, place)
    return _reordered(text, found.value, order, place)


def _span(node: Node) -> tuple[int, int]:
    return node.start_mark.index, node.end_mark.index


def _as_written(name: str, node: ScalarNode) -> str:
    """Return a name in the quoting style of the scalar that it replaces."""
    if node.style in ("'", '"'):
        return f"{node.style}{name}{node.style}"
    if node.style:
        raise CannotRewriteError
    return f"'{name}'" if _NOTHING.fullmatch(name) or not re.fullmatch(r"-?\w[\w.-]*|-{2,}[\w-]*", name) else name


def patched(text: str, changes: Iterable[Patch]) -> str:
    """Return the text with some spans replaced; a span that several aliases share is replaced once."""
    parts, done = [], 0
    for start, end, new in sorted(set(changes)):
        if start < done:
            raise CannotRewriteError
        parts += [text[done:start], new]
        done = end
    return "".join([*parts, text[done:]])


def align_comments(document: YamlDocument, text: str, patches: Iterable[Patch]) -> list[Patch]:
    """Return patches of a text, extended so that comments stay in the column of the nearest one above or below."""
    made = sorted(set(patches))
    longer: dict[int, int] = {}
    for start, end, new in made:
        if "\n" not in text[start:end]:
            line = text.rfind("\n", 0, start) + 1
            longer[line] = longer.get(line, 0) + len(new) - (end - start)
    comments = list(_beside(document, text)) if any(longer.values()) else []
    columns = [sign - line for line, sign in comments]
    for place, (line, sign) in enumerate(comments):
        if longer.get(line) and columns[place] in columns[max(place - 1, 0) : place] + columns[place + 1 : place + 2]:
            gap = sign - len(text[line:sign].rstrip()) - line
            left = gap - longer[line]
            # Without enough room, the comment comes as near to the column as possible.
            made.append((sign - gap, sign, " " * (left if left > 0 else min(gap, 2))))
    return made


def _beside(document: YamlDocument, text: str) -> Iterator[tuple[int, int]]:
    """Yield for every comment on the line of an element the start of the line and of the comment."""
    nodes = {id(node): node for place in document.places.values() for node in (place.key, place.value)}
    spans = sorted(
        (node.start_mark.index, node.end_mark.index) for node in nodes.values() if isinstance(node, ScalarNode)
    )
    starts = [start for start, _ in spans]
    line = 0
    for written in text.splitlines(keepends=True):
        for found in _SIGN.finditer(written):
            if not written[: found.start()].strip():
                break
            before = bisect_right(starts, line + found.start()) - 1
            # A '#' within a text does not start a comment.
            if before < 0 or spans[before][1] <= line + found.start():
                yield line, line + found.start()
                break
        line += len(written)


def _reordered(text: str, node: CollectionNode, order: Sequence[int], moved: int | None = None) -> str:
    """Return the text with the entries of a mapping or a list reordered; ``moved`` is the entry that the others make
    way for.
    """
    if len(node.value) != len(order):
        raise CannotRewriteError
    if list(order) == list(range(len(order))):
        return text
    return _reordered_in_brackets(text, node, order) if node.flow_style else _reordered_lines(text, node, order, moved)


@dataclass
class _Entry:
    """An entry between brackets with its comments: lines above it, the rest of its own line, and lines below it."""

    text: str
    above: list[str] = field(default_factory=list)
    beside: str = ""
    below: list[str] = field(default_factory=list)


@dataclass
class _Gap:
    """The part before an entry, or before the closing bracket, that stays in place: separate lines and blanks."""

    breaks: bool
    lines: list[str]
    blank: str

    def before(self, previous: _Entry | None, above: Sequence[str], pad: str) -> list[str]:
        """Return the text before an entry; after a comment, and before one, the line must end."""
        if self.breaks:
            return [f"\n{line}" for line in (*self.lines, *above)] + ["\n", self.blank]
        if above or (previous and (previous.below or "#" in previous.beside)):
            return [f"\n{line}" for line in above] + ["\n", pad]
        return [self.blank]


def _reordered_in_brackets(text: str, node: CollectionNode, order: Sequence[int]) -> str:
    """Reorder entries between brackets; commas, line breaks and indentation stay in place."""
    spans = [_entry_span(text, entry) for entry in node.value]
    begin = text.index("{" if isinstance(node, MappingNode) else "[", node.start_mark.index) + 1
    end = node.end_mark.index - 1
    ends = [*(start for start, _ in spans[1:]), end]
    if any(not first[0] <= first[1] <= following for first, following in zip(spans, ends, strict=True)):
        # An alias: its content is elsewhere.
        raise CannotRewriteError
    between = [text[stop:following] for (_, stop), following in zip(spans, ends, strict=True)]
    commas = [_COMMENT.sub(lambda found: "#" * len(found[0]), one).find(",") for one in between]
    between = [one if at < 0 else one[:at] + one[at + 1 :] for one, at in zip(between, commas, strict=True)]
    opening = text[begin : spans[0][0]]
    if min(commas[:-1]) < 0 or any(_COMMENT.sub("", one).strip() for one in (*between, opening)):
        raise CannotRewriteError

    def column(place: int) -> int:
        """Return how far in an entry stands, with the comma before it where its line begins with that."""
        line = text[text.rfind("\n", 0, place) + 1 : place]
        return _indent(line) if line.strip() == "," else len(line)

    # A colon without a value must not be directly followed by the comma.
    entries = [_Entry(text[start:stop] + " " * text.endswith(":", start, stop)) for start, stop in spans]
    first, gap = _parted(opening, None, entries[0], 0)
    gaps = [gap]
    for place, (entry, one) in enumerate(zip(entries, between, strict=True)):
        following = entries[place + 1] if place + 1 < len(entries) else None
        entry.beside, gap = _parted(one, entry, following, column(spans[place][0]))
        gaps.append(gap)
    pad = " " * column(spans[next((place for place, gap in enumerate(gaps[:-1]) if gap.breaks), 0)][0])
    made = [first]
    for place, old in enumerate(order):
        entry = entries[old]
        made += gaps[place].before(entries[order[place - 1]] if place else None, entry.above, pad)
        made += [entry.text, "," * (place + 1 < len(order) or commas[-1] >= 0), entry.beside]
        made += [f"\n{line}" for line in entry.below]
    made += gaps[-1].before(entries[order[-1]], [], pad)
    return text[:begin] + "".join(made) + text[end:]


def _parted(between: str, entry: _Entry | None, following: _Entry | None, column: int) -> tuple[str, _Gap]:
    """Split the text between two entries: the rest of the first one's line, the comments of both, and the gap."""
    beside, *lines = between.split("\n")
    if not lines:
        # Without a comment the text here is blank and stays in place.
        return "", _Gap(False, [], between)
    blank = lines.pop()
    while entry and lines and lines[0].strip() and _indent(lines[0]) > column:
        entry.below.append(lines.pop(0))
    while following and lines and lines[-1].strip():
        following.above.insert(0, lines.pop())
    return beside, _Gap(True, lines, blank)


def _entry_span(text: str, entry: Node | tuple[Node, Node]) -> tuple[int, int]:
    if not isinstance(entry, tuple):
        return _span(entry)
    key, value = entry
    if value.start_mark.index < key.end_mark.index:
        raise CannotRewriteError
    if value.start_mark.index == value.end_mark.index:
        # An omitted value has no position of its own: the parser places it after the comments.
        colon = _COLON.match(text, key.end_mark.index)
        return key.start_mark.index, colon.end() if colon else key.end_mark.index
    return key.start_mark.index, max(key.end_mark.index, value.end_mark.index)


@dataclass
class _Lines:
    """The lines of an entry: blank lines and a heading above it, its own comments, and its content."""

    lead: list[str]
    own: list[str]
    body: list[str] = field(default_factory=list)

    @property
    def has_heading(self) -> bool:
        return any(line.strip() for line in self.lead)

    @property
    def blanks(self) -> list[str]:
        return list(takewhile(lambda line: not line.strip(), self.lead))


def _reordered_lines(text: str, node: CollectionNode, order: Sequence[int], moved: int | None) -> str:
    """Reorder entries that have lines of their own, each with its comments."""
    lines = text.splitlines(keepends=True)
    if "".join(lines) != text or len(lines) != text.count("\n") + (not text.endswith("\n")):
        raise CannotRewriteError
    starts = [(entry[0] if isinstance(entry, tuple) else entry).start_mark.line for entry in node.value]
    column = _indent(lines[starts[0]])
    if len(set(starts)) != len(starts) or starts != sorted(starts):
        raise CannotRewriteError
    last = node.end_mark.line if node.end_mark.index < len(text) else len(lines)
    above = starts[0]
    while above > 0 and _is_aside(lines[above - 1]):
        above -= 1
    entries = [_Lines(*_lead_and_own(lines[above : starts[0]]))]
    for place, (start, end) in enumerate(zip(starts, [*starts[1:], last], strict=True)):
        written = _written_until(node.value[place], start, end)
        while not lines[written - 1].strip():
            written -= 1
        content = end
        while content > written and _is_aside(lines[content - 1]):
            content -= 1
        below = 0
        for number, line in enumerate(lines[content:end], start=1):
            # Comments that are indented deeper than an entry belong to it.
            if line.strip():
                if _indent(line) <= column:
                    break
                below = number
        entries[-1].body = lines[start : content + below]
        if place + 1 < len(starts):
            entries.append(_Lines(*_lead_and_own(lines[content + below : end])))
        else:
            last = content + below
    made = [line for entry in _in_order(entries, order, moved) for line in (*entry.lead, *entry.own, *entry.body)]
    rest = lines[last:]
    whole = [*lines[:above], *(line if line.endswith("\n") else line + "\n" for line in made), *rest]
    return "".join(whole) if text.endswith("\n") or rest else "".join(whole).removesuffix("\n")


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _is_aside(line: str) -> bool:
    return not line.strip() or line.lstrip().startswith("#")


def _written_until(entry: Node | tuple[Node, Node], start: int, end: int) -> int:
    """Return the line after the last text of an entry, according to its scalars."""
    found, waiting = start + 1, list(entry) if isinstance(entry, tuple) else [entry]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ScalarNode):
            mark = node.end_mark
            # The content of an alias is elsewhere.
            if start <= node.start_mark.line < end:
                found = max(found, mark.line + (mark.column > 0))
        elif isinstance(node, MappingNode):
            waiting += [part for pair in node.value for part in pair]
        else:
            waiting += node.value
    return found


def _lead_and_own(lines: Sequence[str]) -> tuple[list[str], list[str]]:
    """Split the lines above an entry: up to the last blank line, and those that belong to the entry."""
    blank = max((place for place, line in enumerate(lines) if not line.strip()), default=-1)
    return list(lines[: blank + 1]), list(lines[blank + 1 :])


def _in_order(entries: list[_Lines], order: Sequence[int], moved: int | None) -> list[_Lines]:
    """Put entries in order; blank lines stay in place, and a heading stays above the entry that follows it."""
    blanks = [entry.blanks for entry in entries]
    if moved is not None:
        # The heading above the entry passes to the next one, and the heading at the new place becomes its own.
        entry, to = entries[moved], list(order).index(moved)
        if entry.has_heading and moved + 1 < len(entries):
            follows = entries[moved + 1]
            follows.lead = [*entry.lead, *(follows.lead if follows.has_heading else [])]
            entry.lead = []
        if to < moved and entries[to].has_heading:
            entry.lead, entries[to].lead = [*entries[to].lead, *(entry.lead if entry.has_heading else [])], []
    made = [entries[old] for old in order]
    for entry, lead in zip(made, blanks, strict=True):
        if not entry.has_heading:
            entry.lead = lead
    return made
