"""Editing the text of a conflict file: renaming, and reordering elements, with nothing else touched.

Theory of operation. Changes are made in place, character by character, so that comments, quotes and layout stay. A
comment moves with the element it belongs to: one on the element's own lines, directly above it, or indented below it. A
comment followed by a blank line is a heading and stays in place. The table of fields tells where names occur.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, takewhile

from ruamel.yaml.nodes import CollectionNode, MappingNode, Node, ScalarNode, SequenceNode

from detente.errors import ConditionError
from detente.io.yaml.fields import Element, Entries, Items, Keyed, Kind, Names, Optional, Scalar, Whole
from detente.io.yaml.parse import YamlDocument, parse_yaml
from detente.io.yaml.schema import CONFLICT, PAYOFF
from detente.model.conditions import tokens
from detente.model.preferences import StateReference, as_reference, is_great_gap

Patch = tuple[int, int, str]
#: The entries that a collection is to have: the number of an entry that it has, or the text of a new one.
Plan = Sequence[int | str]
#: Returns a part of the text, with the patches in it applied.
Part = Callable[[int, int], str]

#: Plain scalars that YAML reads as null.
_NOTHING = re.compile(r"~|null|Null|NULL")
COLON = re.compile(r"\s*:")
_COMMENT = re.compile(r"#[^\n]*")
_SIGN = re.compile(r"(?<=[ \t])#")
_ALIAS = re.compile(r"(?:[\s:,\[{]|-(?=\s)|&[^\s,]+|#[^\n]*\n)*(\*[^\s,\]}]+)")


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
    document = parse_yaml(text, "")
    changes: list[Patch] = []
    for mention in references(document):
        node = mention.node
        named = (Names.DECISION_MAKER, Names.SPEAKER) if what == Names.DECISION_MAKER else (what,)
        if mention.what in named and node.value == old:
            changes.append((*node_span(node), as_written(new, node)))
        elif mention.what == Names.CONDITION and what == Names.OPTION:
            changes += reworded(text, node, lambda word: new if word.strip("\"'“”") == old else word)
    return patched(text, align_comments(document, text, changes))


def reworded(text: str, node: ScalarNode, change: Callable[[str], str]) -> list[Patch]:
    """Return the patches of a condition in which some words, or names in quotation marks, are others.

    Its other words keep their layout, and a name alone is left as it is. The result is put into quotation marks of YAML
    if it needs them.
    """
    start, end = node_span(node)
    if node.style in ("'", '"'):
        start, end = start + 1, end - 1
    elif node.style:
        start = text.index("\n", start)
    try:
        words = list(tokens(text[start:end]))
    except ConditionError:
        # A name alone, between quotation marks of YAML.
        return []
    changes = [(start + at, start + at + len(word), change(word)) for word, at in words if change(word) != word]
    if not changes or (node.style and node.style not in ("'", '"')):
        return changes
    made = patched(text[start:end], [(first - start, last - start, new) for first, last, new in changes])
    if node.style is None and re.match(r"[\w(]", made) and not re.search(r":(?=\s|$)|\s#|[,\[\]{}]", made):
        return changes
    if node.style == '"':
        escaped = [(first, last, new.replace("\\", "\\\\").replace('"', '\\"')) for first, last, new in changes]
        return escaped
    if node.style == "'":
        return [(first, last, new.replace("'", "''")) for first, last, new in changes]
    return [(start, end, "'" + made.replace("'", "''") + "'")]


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
                patches.append((*node_span(mention.node), as_written(str(after), mention.node)))
    text = patched(text, align_comments(document, text, patches))
    for which in counted:
        # Each change may have moved the text below it.
        text = patched(text, [rebuilt(text, payoffs(text)[which], [number - 1 for number in numbers()])])
    at = ("decision_makers",) if owner is None else ("decision_makers", owner, "options")
    found = parse_yaml(text, "").places.get(at)
    if found is None or not isinstance(found.value, CollectionNode):
        raise CannotRewriteError
    order = [other for other in range(len(found.value.value)) if other != place]
    order.insert(to, place)
    return patched(text, [rebuilt(text, found.value, order, moved=place)])


def node_span(node: Node) -> tuple[int, int]:
    """Return where a node of the text begins and ends, for the parser."""
    return node.start_mark.index, node.end_mark.index


def as_written(name: str, node: ScalarNode) -> str:
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
        line = text.rfind("\n", 0, start) + 1
        longer[line] = longer.get(line, 0) + len(new) - (end - start)
    for start, end, new in made:
        # What goes on to the next line brings its comment along.
        if "\n" in text[start:end] + new:
            longer[text.rfind("\n", 0, start) + 1] = 0
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
    if not _SIGN.search(text):
        return
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


def rebuilt(
    text: str, node: CollectionNode, plan: Plan, patches: Sequence[Patch] = (), moved: int | None = None
) -> Patch:
    """Return the patch that gives a collection other entries: the numbers of its own, and the text of new ones.

    ``patches``, which are sorted, are applied within the entries that stay. ``moved`` is the entry that the others make
    way for.
    """
    starts = [patch[0] for patch in patches]

    def part(start: int, end: int) -> str:
        within = patches[bisect_left(starts, start) : bisect_right(starts, end)]
        return patched(text[start:end], [(a - start, b - start, new) for a, b, new in within if b <= end])

    return _in_brackets(text, node, plan, part) if node.flow_style else _in_lines(text, node, plan, part, moved)


def value_span(text: str, value: Node, begin: int) -> tuple[int, int]:
    """Return where a value is written, from a place on: the alias itself, and the place of an omitted value."""
    start, end = node_span(value)
    if start < begin:
        found = _ALIAS.match(text, begin)
        if found is None:
            raise CannotRewriteError
        return found.span(1)
    if start == end:
        # An omitted value has no position of its own: the parser places it after the comments.
        colon = COLON.match(text, begin)
        return (colon.end(),) * 2 if colon else (begin, begin)
    if isinstance(value, CollectionNode) and not value.flow_style:
        # The parser ends a block only where the next one begins.
        entry = value.value[-1]
        if isinstance(entry, tuple):
            end = max(entry[0].end_mark.index, value_span(text, entry[1], entry[0].end_mark.index)[1])
        else:
            end = value_span(text, entry, start)[1] if node_span(entry)[0] >= start else entry_spans(text, value)[-1][1]
    return start, start + len(text[start:end].rstrip())


def entry_spans(text: str, node: CollectionNode) -> list[tuple[int, int]]:
    """Return where the entries of a collection are written, an item of a block with its dash."""
    found: list[tuple[int, int]] = []
    done = node.start_mark.index
    for entry in node.value:
        if isinstance(entry, tuple):
            key, value = entry
            start = key.start_mark.index
            end = max(key.end_mark.index, value_span(text, value, key.end_mark.index)[1])
        else:
            start, end = value_span(text, entry, done)
            if not node.flow_style:
                start = text.rfind("-", done, start)
                if start < 0 or text[text.rfind("\n", 0, start) + 1 : start].strip(" -"):
                    raise CannotRewriteError
        if start < done:
            raise CannotRewriteError
        found.append((start, end))
        done = end
    return found


@dataclass
class _Lines:
    """The lines of an entry: blank lines and a heading above it, its own comments, and its content."""

    lead: list[str]
    own: list[str]
    body: str = ""

    @classmethod
    def below(cls, asides: list[str]) -> _Lines:
        """Return the entry below some comments: those up to the last blank line are its heading."""
        blank = max((place for place, line in enumerate(asides) if not line.strip()), default=-1)
        return cls(asides[: blank + 1], asides[blank + 1 :])

    @property
    def has_heading(self) -> bool:
        return any(line.strip() for line in self.lead)

    @property
    def blanks(self) -> list[str]:
        return list(takewhile(lambda line: not line.strip(), self.lead))

    def take_heading(self, other: _Lines) -> None:
        """Put the heading of another entry, which leaves its place, above this one."""
        self.lead = [*other.lead, *(self.lead if self.has_heading else [])]


def _in_lines(text: str, node: CollectionNode, plan: Plan, part: Part, moved: int | None) -> Patch:
    """Rebuild a collection whose entries have lines of their own, each with its comments."""
    spans = entry_spans(text, node)
    begin = last = spans[0][0]
    column = begin - text.rfind("\n", 0, begin) - 1
    above: list[str] = []
    # Otherwise the first entry stands on the line of the dash before its collection.
    is_apart = not text[begin - column : begin].strip()
    if is_apart:
        begin -= column
        while begin and _is_aside(line := text[text.rfind("\n", 0, begin - 1) + 1 : begin]):
            above.insert(0, line)
            begin -= len(line)
    entries = [_Lines.below(above)]
    for place, (start, end) in enumerate(spans):
        if start < last:
            raise CannotRewriteError
        last = text.find("\n", end) + 1 or len(text)
        asides = []
        while last < len(text) and _is_aside(line := text[last : text.find("\n", last) + 1 or len(text)]):
            asides.append(line)
            last += len(line)
        # Comments that are indented deeper than an entry belong to it.
        deeper = list(takewhile(lambda line: not line.strip() or _indent(line) > column, asides))
        while deeper and not deeper[-1].strip():
            deeper.pop()
        rest = asides[len(deeper) :]
        entries[-1].body = part(start, last - sum(map(len, rest)))
        if place + 1 < len(spans):
            entries.append(_Lines.below(rest))
        else:
            last -= sum(map(len, rest))
    made = [
        "".join([*entry.lead, *entry.own, " " * column, entry.body.removesuffix("\n"), "\n"])
        for entry in _planned(entries, plan, moved)
    ]
    whole = "".join(made) if is_apart else "".join(made).lstrip()
    return begin, last, whole if text[:last].endswith("\n") else whole.removesuffix("\n")


def _planned(entries: list[_Lines], plan: Plan, moved: int | None) -> list[_Lines]:
    """Return the entries of a plan; blank lines stay in place, and a heading stays above the entry that follows it."""
    blanks, kept = [entry.blanks for entry in entries], set(plan)
    between = ["\n"] if len(entries) > 2 and all(blanks[1:]) else []
    for place, entry in enumerate(entries[:-1]):
        if place not in kept and entry.has_heading:
            entries[place + 1].take_heading(entry)
    if moved is not None:
        # The heading above the entry passes to the next one, and the heading at the new place becomes its own.
        entry, to = entries[moved], plan.index(moved)
        if entry.has_heading and moved + 1 < len(entries):
            entries[moved + 1].take_heading(entry)
            entry.lead = []
        if to < moved and entries[to].has_heading:
            entry.lead, entries[to].lead = [*entries[to].lead, *(entry.lead if entry.has_heading else [])], []
    made = [_Lines([], [], one) if isinstance(one, str) else entries[one] for one in plan]
    is_permutation = kept == set(range(len(entries)))
    for place, (entry, one) in enumerate(zip(made, plan, strict=True)):
        if not entry.has_heading and (is_permutation or place == 0):
            entry.lead = blanks[place]
        elif not entry.has_heading and one in (0, entry.body):
            entry.lead = between
    return made


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _is_aside(line: str) -> bool:
    return not line.strip() or line.lstrip().startswith("#")


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


def _in_brackets(text: str, node: CollectionNode, plan: Plan, part: Part) -> Patch:
    """Rebuild a collection between brackets; commas, line breaks and indentation stay in place."""
    spans = entry_spans(text, node)
    begin = text.index("{" if isinstance(node, MappingNode) else "[", node.start_mark.index) + 1
    end = node.end_mark.index - 1
    between = [text[stop:following] for (_, stop), (following, _) in pairwise([*spans, (end, end)])]
    commas = [_COMMENT.sub(lambda found: "#" * len(found[0]), one).find(",") for one in between]
    between = [one if at < 0 else one[:at] + one[at + 1 :] for one, at in zip(between, commas, strict=True)]
    opening = text[begin : spans[0][0]]
    if min(commas[:-1], default=0) < 0 or any(_COMMENT.sub("", one).strip() for one in (*between, opening)):
        raise CannotRewriteError

    def column(place: int) -> int:
        """Return how far in an entry stands, with the comma before it where its line begins with that."""
        line = text[text.rfind("\n", 0, place) + 1 : place]
        return _indent(line) if line.strip() == "," else len(line)

    # A colon without a value must not be directly followed by the comma.
    entries = [_Entry(part(start, stop) + " " * text.endswith(":", start, stop)) for start, stop in spans]
    first, gap = _parted(opening, None, entries[0], 0)
    gaps = [gap]
    for place, (entry, one) in enumerate(zip(entries, between, strict=True)):
        following = entries[place + 1] if place + 1 < len(entries) else None
        entry.beside, gap = _parted(one, entry, following, column(spans[place][0]))
        gaps.append(gap)
    pad = " " * column(spans[next((place for place, gap in enumerate(gaps[:-1]) if gap.breaks), 0)][0])
    usual = _Gap(True, [], pad) if any(gap.breaks for gap in gaps[:-1]) else _Gap(False, [], " ")
    is_permutation = set(plan) == set(range(len(entries)))
    made = [first]
    previous: _Entry | None = None
    for place, planned in enumerate(plan):
        entry = _Entry(planned) if isinstance(planned, str) else entries[planned]
        was = place if is_permutation or place == 0 else planned
        gap = gaps[was] if isinstance(was, int) and (was or place == 0) else usual
        made += gap.before(previous, entry.above, pad)
        made += [entry.text, "," * (place + 1 < len(plan) or commas[-1] >= 0), entry.beside]
        made += [f"\n{line}" for line in entry.below]
        previous = entry
    made += gaps[-1].before(previous, [], pad)
    return begin, end, "".join(made)


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
