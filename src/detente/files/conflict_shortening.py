"""Long lists that a change leaves alone, kept out of the way while the change is carried over to the text.

A ranking of thousands of states is thousands of nodes to whoever edits a file with its comments, though a change moves
one of them. Whatever stays together from the old version to the new is therefore cut out of the text, with the comments
in it, and one word stands in its place until the change is made.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeGuard

from ruamel.yaml.nodes import CollectionNode, MappingNode, Node, ScalarNode, SequenceNode

from detente.files.yaml_text import read

#: Fewer elements than this are not worth it, in a list or together in one.
LONG, TOGETHER = 100, 8


@dataclass
class Shortened:
    """A text with less in it, two versions of its data with the same left out, and what was left out."""

    text: str
    left_out: dict[str, str]

    def restored(self, text: str) -> str | None:
        """Return a text with everything put back; None where something is missing or there twice."""
        for word, was in self.left_out.items():
            if text.count(word) != 1:
                return None
            text = text.replace(word, was)
        return text


def shortened(text: str, old: Any, new: Any) -> Shortened | None:
    """Shorten a text and its data before and after a change, which are changed in place.

    None, with nothing changed, where there is nothing that is long enough.
    """
    if not _is_long(old):
        return None
    shortening = _Shortening(text)
    root = read(text, "").places[()].value
    shortening.look(root, old, new)
    return shortening.done() if shortening.cuts else None


def _is_long(data: Any) -> bool:
    if not isinstance(data, Mapping | list):
        return False
    values = data.values() if isinstance(data, Mapping) else data
    return len(data) >= LONG or any(map(_is_long, values))


@dataclass
class _Shortening:
    text: str
    #: Where something is cut out, and what stands there instead.
    cuts: list[tuple[int, int, str]] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)

    def look(self, node: Node, old: Any, new: Any) -> None:
        """Look for what is long in an element and in all below it."""
        if isinstance(node, MappingNode) and isinstance(old, dict) and isinstance(new, dict):
            written = [str(key.value) for key, _ in node.value]
            if len(old) >= LONG and written == [str(key) for key in old]:
                self._cut(node, old, new)
                return
            before, after = ({str(key): value for key, value in data.items()} for data in (old, new))
            for key, value in node.value:
                if isinstance(key, ScalarNode) and key.value in before and key.value in after:
                    self.look(value, before[key.value], after[key.value])
        elif _is_long_list(node, old) and isinstance(new, list):
            self._cut(node, old, new)

    def _cut(self, node: CollectionNode, old: Any, new: Any) -> None:
        """Cut out of a list or a mapping what is together before and after; a list of lists is cut as one of items."""
        spans = [_span(entry) for entry in node.value]
        if any(span is None for span in spans) or spans != sorted(spans):  # type: ignore[type-var]
            # Something is written in lines of its own, or elsewhere and meant here by an alias.
            return
        before, after = _items(old), _items(new)
        words: dict[int, tuple[int, str]] = {}
        there: dict[int, tuple[int, str]] = {}
        for place, now, count in _together(before, after):
            start, end = spans[place][0], spans[place + count - 1][1]  # type: ignore[index]
            if {"&", "*"} & set(self.text[start:end]):
                continue
            word = self._word()
            self.cuts.append((start, end, f"{word}: 0" if isinstance(old, dict) else word))
            self.left_out[f"{word}: 0" if isinstance(old, dict) else word] = self.text[start:end]
            words[place] = there[now] = count, word
        _replace(old, before, words)
        _replace(new, after, there)

    def _word(self) -> str:
        number = len(self.left_out)
        while (word := f"left-out-{number}.") in self.text or word in self.left_out:
            number += 1
        return word

    def done(self) -> Shortened:
        """Return the text with less in it."""
        parts, at = [], 0
        for start, end, word in sorted(self.cuts):
            parts += [self.text[at:start], word]
            at = end
        return Shortened("".join([*parts, self.text[at:]]), self.left_out)


def _is_long_list(node: Node, data: Any) -> TypeGuard[SequenceNode]:
    return isinstance(node, SequenceNode) and isinstance(data, list) and len(node.value) == len(data) >= LONG


def _span(entry: Node | tuple[Node, Node]) -> tuple[int, int] | None:
    """Return from where to where an entry is written; None where it takes lines of its own."""
    nodes = entry if isinstance(entry, tuple) else (entry,)
    if not all(_is_within_a_line(node) for node in nodes):
        return None
    return nodes[0].start_mark.index, nodes[-1].end_mark.index


def _is_within_a_line(node: Node) -> bool:
    if isinstance(node, CollectionNode):
        return bool(node.flow_style)
    return isinstance(node, ScalarNode) and node.style in (None, "'", '"') and bool(node.value)


def _items(data: Any) -> list[Any]:
    return list(data.items()) if isinstance(data, dict) else list(data)


def _together(before: Sequence[Any], after: Sequence[Any]) -> Iterator[tuple[int, int, int]]:
    """Yield what stands together before and after: where it was, where it is, and how many there are of it."""
    where: dict[str, int] = {}
    for place, item in enumerate(after):
        where.setdefault(repr(item), place)
    used = bytearray(len(after) + 1)
    place = 0
    while place < len(before):
        now = where.get(repr(before[place]), len(after))
        count = 0
        while (
            place + count < len(before)
            and now + count < len(after)
            and not used[now + count]
            and before[place + count] == after[now + count]
        ):
            count += 1
        if count >= TOGETHER:
            used[now : now + count] = b"\1" * count
            yield place, now, count
        place += max(count, 1)


def _replace(data: Any, items: Sequence[Any], words: Mapping[int, tuple[int, str]]) -> None:
    """Put words into a list or a mapping for what is left out of it."""
    made: list[Any] = []
    place = 0
    while place < len(items):
        count, word = words.get(place, (1, ""))
        made.append(((word, 0) if isinstance(data, dict) else word) if word else items[place])
        place += count
    if isinstance(data, dict):
        data.clear()
        data.update(made)
    else:
        data[:] = made
