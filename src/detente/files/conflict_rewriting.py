"""The text of a conflict file with a name changed, or with elements in another order, and nothing else touched.

What changes is changed where it stands, character by character, so that comments, quotes and the look of the file stay.
A comment goes with what it speaks of: what stands on an element's own lines, right above it, or indented below it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from ruamel.yaml.nodes import CollectionNode, MappingNode, Node, ScalarNode

from detente.conflict.preferences import StateReference, as_reference, is_great_gap
from detente.files.bracket_rewriting import reordered_with_comments
from detente.files.comment_columns import columns_kept
from detente.files.conflict_mentions import CONDITION, STATE, mentions, option_list, payoffs
from detente.files.yaml_text import Document, read

#: What the scalars that YAML reads as nothing look like.
_NOTHING = re.compile(r"~|null|Null|NULL")
_COLON = re.compile(r"\s*:")


class CannotRewriteError(Exception):
    """The text is written in a way that cannot be changed where it stands."""


def renamed_text(text: str, what: str, old: str, new: str) -> str:
    """Return the text with a decision maker or an option (``what``) called otherwise wherever it is named."""
    word = re.compile(rf"(?<![\w.-]){re.escape(old)}(?![\w.-])")
    document = read(text, "")
    changes = []
    for mention in mentions(document):
        node = mention.node
        if mention.what == what and node.value == old:
            changes.append((*_span(node), _as_written(new, node)))
        elif mention.what == CONDITION and what == "option" and word.search(str(node.value)):
            start, end = _span(node)
            changes.append((start, end, word.sub(new, text[start:end])))
    return _patched(text, columns_kept(document, text, changes))


def rearranged_text(
    text: str,
    place: int,
    to: int,
    refer: Callable[[StateReference], StateReference],
    numbers: Callable[[], Sequence[int]],
    owner: str | None = None,
) -> str:
    """Return the text with a decision maker, or an option of one (``owner``), at another place.

    ``refer`` says what a state is called then, and ``numbers`` for each new number of a state which one it was.
    """
    document = read(text, "")
    counted = [place for place, node in enumerate(payoffs(document)) if _in_number_order(node, len(numbers()))]
    text = _patched(text, columns_kept(document, text, _called(document, refer)))
    for which in counted:
        # Each may have moved those below it.
        text = _reordered(text, list(payoffs(read(text, "")))[which], [number - 1 for number in numbers()])
    elements = _elements(read(text, ""), owner)
    return _reordered(text, elements, _moved(len(elements.value), place, to), place)


def _called(document: Document, refer: Callable[[StateReference], StateReference]) -> Iterator[tuple[int, int, str]]:
    """Yield where states are called otherwise, and what."""
    for mention in mentions(document):
        if mention.what == STATE and not is_great_gap(mention.node.value):
            written = str(mention.node.value)
            before = as_reference(written)
            after = refer(before)
            if after != before:
                yield (*_span(mention.node), _as_written(str(after), mention.node))


def _in_number_order(node: CollectionNode, count: int) -> bool:
    """Tell whether payoffs are given for every state from the first to the last."""
    keys = [str(entry[0].value) for entry in node.value] if isinstance(node, MappingNode) else None
    return len(node.value) == count and keys in (None, [str(number) for number in range(1, count + 1)])


def _moved(count: int, place: int, to: int) -> list[int]:
    """Return for each of ``count`` new places which old place stands there after a move."""
    rest = [other for other in range(count) if other != place]
    return [*rest[:to], place, *rest[to:]]


def _elements(document: Document, owner: str | None) -> CollectionNode:
    found = document.places[("decision_makers",)].value if owner is None else option_list(document, owner)
    if not isinstance(found, CollectionNode):
        raise CannotRewriteError
    return found


def _span(node: Node) -> tuple[int, int]:
    return node.start_mark.index, node.end_mark.index


def _as_written(name: str, node: ScalarNode) -> str:
    """Return a name as it stands in the text, in quotes where the one before was."""
    if node.style in ("'", '"'):
        return f"{node.style}{name}{node.style}"
    if node.style:
        raise CannotRewriteError
    return f"'{name}'" if _NOTHING.fullmatch(name) or not re.fullmatch(r"-?\w[\w.-]*|-{2,}[\w-]*", name) else name


def _patched(text: str, changes: Iterable[tuple[int, int, str]]) -> str:
    """Return the text with what stands at some places replaced; what is meant twice by an alias is written once."""
    parts, done = [], 0
    for start, end, new in sorted(set(changes)):
        if start < done:
            raise CannotRewriteError
        parts += [text[done:start], new]
        done = end
    return "".join([*parts, text[done:]])


def _reordered(text: str, node: CollectionNode, order: Sequence[int], moved: int | None = None) -> str:
    """Return the text with the entries of a mapping or a list in another order; ``moved`` is one that others pass."""
    if len(node.value) != len(order):
        raise CannotRewriteError
    if list(order) == list(range(len(order))):
        return text
    return _reordered_in_brackets(text, node, order) if node.flow_style else _reordered_lines(text, node, order, moved)


def _reordered_in_brackets(text: str, node: CollectionNode, order: Sequence[int]) -> str:
    """Put the entries between brackets in another order; the commas, and what follows each on its line, in place."""
    spans = [_entry_span(text, entry) for entry in node.value]
    ends = [*(start for start, _ in spans[1:]), node.end_mark.index]
    if any(not first[0] <= first[1] <= end for first, end in zip(spans, ends, strict=True)):
        # An alias: what it stands for is written elsewhere.
        raise CannotRewriteError
    opening = text.index("{" if isinstance(node, MappingNode) else "[", node.start_mark.index) + 1
    if "#" in text[opening : spans[0][0]] + "".join(
        text[end:following] for (_, end), following in zip(spans, ends, strict=True)
    ):
        made = reordered_with_comments(text, (opening, node.end_mark.index - 1), spans, order)
        if made is None:
            raise CannotRewriteError
        return made
    # A colon with nothing behind it must not touch the comma.
    pieces = [text[start:end] + " " * text.endswith(":", start, end) for start, end in spans]
    return _patched(text, [(*span, pieces[old]) for span, old in zip(spans, order, strict=True)])


def _entry_span(text: str, entry: Node | tuple[Node, Node]) -> tuple[int, int]:
    if not isinstance(entry, tuple):
        return _span(entry)
    key, value = entry
    if value.start_mark.index < key.end_mark.index:
        raise CannotRewriteError
    if value.start_mark.index == value.end_mark.index:
        # Nothing has no place of its own: whoever reads it finds it behind the comments.
        colon = _COLON.match(text, key.end_mark.index)
        return key.start_mark.index, colon.end() if colon else key.end_mark.index
    return key.start_mark.index, max(key.end_mark.index, value.end_mark.index)


@dataclass
class _Entry:
    """The lines of an entry: blank ones and a heading above it, comments of its own, and what it is."""

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
    """Put entries that stand on lines of their own in another order, each with its comments."""
    lines = text.splitlines(keepends=True)
    if "".join(lines) != text or len(lines) != text.count("\n") + (not text.endswith("\n")):
        raise CannotRewriteError
    starts = [(entry[0] if isinstance(entry, tuple) else entry).start_mark.line for entry in node.value]
    column = _column(lines[starts[0]])
    if len(set(starts)) != len(starts) or starts != sorted(starts):
        raise CannotRewriteError
    last = node.end_mark.line if node.end_mark.index < len(text) else len(lines)
    above = starts[0]
    while above > 0 and _is_aside(lines[above - 1]):
        above -= 1
    entries = [_Entry(*_parted(lines[above : starts[0]]))]
    for place, (start, end) in enumerate(zip(starts, [*starts[1:], last], strict=True)):
        written = _written_until(node.value[place], start, end)
        while not lines[written - 1].strip():
            written -= 1
        content = end
        while content > written and _is_aside(lines[content - 1]):
            content -= 1
        below = _indented(lines[content:end], column)
        entries[-1].body = lines[start : content + below]
        if place + 1 < len(starts):
            entries.append(_Entry(*_parted(lines[content + below : end])))
        else:
            last = content + below
    made = [line for entry in _in_order(entries, order, moved) for line in (*entry.lead, *entry.own, *entry.body)]
    rest = lines[last:]
    whole = [*lines[:above], *(line if line.endswith("\n") else line + "\n" for line in made), *rest]
    return "".join(whole) if text.endswith("\n") or rest else "".join(whole).removesuffix("\n")


def _column(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _is_aside(line: str) -> bool:
    return not line.strip() or line.lstrip().startswith("#")


def _written_until(entry: Node | tuple[Node, Node], start: int, end: int) -> int:
    """Return the line after which an entry has no text of its own, as far as its scalars say."""
    found, waiting = start + 1, list(entry) if isinstance(entry, tuple) else [entry]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ScalarNode):
            mark = node.end_mark
            # What an alias stands for is written elsewhere.
            if start <= node.start_mark.line < end:
                found = max(found, mark.line + (mark.column > 0))
        elif isinstance(node, MappingNode):
            waiting += [part for pair in node.value for part in pair]
        else:
            waiting += node.value
    return found


def _indented(lines: Sequence[str], column: int) -> int:
    """Return how many lines below an entry are comments that are indented deeper than it, and so belong to it."""
    found = 0
    for place, line in enumerate(lines):
        if line.strip():
            if _column(line) <= column:
                break
            found = place + 1
    return found


def _parted(lines: Sequence[str]) -> tuple[list[str], list[str]]:
    """Part what stands above an entry: down to the last blank line, and what speaks of the entry alone."""
    blank = max((place for place, line in enumerate(lines) if not line.strip()), default=-1)
    return list(lines[: blank + 1]), list(lines[blank + 1 :])


def _in_order(entries: list[_Entry], order: Sequence[int], moved: int | None) -> list[_Entry]:
    """Put entries in order; blank lines stay where they are, and a heading above what follows it."""
    blanks = [entry.blanks for entry in entries]
    if moved is not None:
        _pass_headings(entries, moved, list(order).index(moved))
    made = [entries[old] for old in order]
    for entry, lead in zip(made, blanks, strict=True):
        if not entry.has_heading:
            entry.lead = lead
    return made


def _pass_headings(entries: list[_Entry], place: int, to: int) -> None:
    """Leave the heading above an entry that is moved to the next one, and give it that of the place it comes to."""
    moved = entries[place]
    if moved.has_heading and place + 1 < len(entries):
        follows = entries[place + 1]
        follows.lead = [*moved.lead, *(follows.lead if follows.has_heading else [])]
        moved.lead = []
    if to < place and entries[to].has_heading:
        moved.lead, entries[to].lead = [*entries[to].lead, *(moved.lead if moved.has_heading else [])], []
