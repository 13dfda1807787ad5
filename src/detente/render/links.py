"""Links between blocks: from where a statement is cited to its words, and from its words to what rests on them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field

from detente.lazy import dataclass
from detente.present.blocks import STATEMENT_ANCHOR, Block, Bullets, Table
from detente.present.phrases import DISPUTED_MARK

#: Where statements are cited: between the innermost brackets, one after the other.
_BRACKETS = re.compile(r"(?<=[(\[])[^()\[\]]+(?=[)\]])")
_CITED = re.compile(rf"([^\s,;{DISPUTED_MARK}]+){DISPUTED_MARK}?(?=[,;]|$)")
#: The statement in which something is denied, outside of brackets.
_DENYING = re.compile(r"\b(?:den(?:y|ies)|contradicts?) (?:it|that) in ([^\s,;()\[\]]*[^\s,;.()\[\]])")
_LISTED = re.compile(r"[^,\s](?:[^,]*[^,\s])?")

#: A piece of a text, with the place that it leads to or nothing.
Piece = tuple[str, str]


@dataclass(frozen=True)
class Links:
    """Where links lead: by what something is called, the name of its place; ``titles`` say what is found there."""

    places: Mapping[str, str]
    titles: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, blocks: Iterable[Block]) -> Links:
        """Return the places within some blocks, the first of each name."""
        names = dict.fromkeys(name for block in blocks for name in _anchors(block) if name)
        return cls({name: f"place-{number}" for number, name in enumerate(names, start=1)})

    def place(self, name: str) -> str:
        """Return the place of what is called so, or nothing."""
        return self.places.get(name, "")

    def pieces(self, text: str, listed: bool = False) -> list[Piece]:
        """Return a text in pieces, each with the place that it leads to or none.

        ``listed`` when the text is a list of names, and otherwise when statements are cited between brackets.

        >>> Links({"statement s1": "place-1"}).pieces("not 'a' [Upstream (s1, report)]")
        [("not 'a' [Upstream (", ''), ('s1', 'place-1'), (', report)]', '')]
        >>> Links({"statement g8": "place-2"}).pieces("Egypt denies that in g8.")
        [('Egypt denies that in ', ''), ('g8', 'place-2'), ('.', '')]
        """
        found = self._listed(text) if listed else self._cited(text)
        pieces: list[Piece] = []
        last = 0
        for start, end, place in found:
            pieces += [(text[last:start], "")] if start > last else []
            pieces.append((text[start:end], place))
            last = end
        return [*pieces, (text[last:], "")] if last < len(text) or not pieces else pieces

    def _listed(self, text: str) -> Iterator[tuple[int, int, str]]:
        for found in _LISTED.finditer(text):
            if place := self.place(found.group()):
                yield found.start(), found.end(), place

    def _cited(self, text: str) -> list[tuple[int, int, str]]:
        denying = ((*found.span(1), self.place(STATEMENT_ANCHOR + found[1])) for found in _DENYING.finditer(text))
        return sorted({*self._in_brackets(text), *(each for each in denying if each[2])})

    def _in_brackets(self, text: str) -> Iterator[tuple[int, int, str]]:
        for brackets in _BRACKETS.finditer(text):
            for found in _CITED.finditer(brackets.group()):
                if place := self.place(STATEMENT_ANCHOR + found.group(1)):
                    start = brackets.start() + found.start(1)
                    yield start, start + len(found.group(1)), place


def _anchors(block: Block) -> Iterator[str]:
    if isinstance(block, Bullets):
        yield from (item.anchor for item in block.items)
    elif isinstance(block, Table):
        yield from block.anchors


#: For what has no places.
NOWHERE = Links({})
