"""The text of HTML pages and of Word's XML, picked up while the parser goes through them.

No tree is built: time and memory grow with the size of the text, whatever it holds and however deep it is nested.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

#: A document of more elements than this, many times what a thousand pages have, is refused.
MOST_ELEMENTS = 3_000_000
#: The text between the tags of a page, spaces included, may be this long.
MOST_BETWEEN = 20_000_000

_BLOCKS = {"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "blockquote", "tr", "figcaption", "section"}
_NOT_READ = {"script", "style", "noscript", "template", "nav", "header", "footer", "aside", "form", "svg", "iframe"}
#: What a page's text may be in; the first of them that is there is taken.
_MAIN = ("article", "main", "body")
#: Where a page says its date; the first of them that says one is taken.
_DATES = (("property", "article:published_time"), ("name", "date"), ("itemprop", "datepublished"))


class TooLongError(Exception):
    """A document of more elements, or more text, than any that people write."""


class Page:
    """The text of an HTML page, and what it says of itself; fed by an HTML parser as its target."""

    def __init__(self) -> None:
        self.language: str | None = None
        self._elements = self._depth = self._length = 0
        #: At which depth what is not read began, or 0.
        self._hidden = 0
        self._in_title = False
        self._pieces: list[str] = []
        self._titles: list[list[str]] = []
        self._dates: dict[str, str] = {}
        #: Where the first element of a kind begins and ends among the pieces, and how deep it is.
        self._parts: dict[str, tuple[int, int | None, int]] = {}

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Note that an element begins."""
        self._elements += 1
        if self._elements > MOST_ELEMENTS:
            raise TooLongError(f"more than {MOST_ELEMENTS:,} elements")
        self._depth += 1
        self._note(tag, attributes)
        if self._hidden:
            return
        if tag in _NOT_READ:
            self._hidden = self._depth
        elif tag in _BLOCKS:
            self._pieces.append("\n\n")
        elif tag == "br":
            self._pieces.append("\n")
        elif tag in _MAIN and tag not in self._parts:
            self._parts[tag] = (len(self._pieces), None, self._depth)

    def _note(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Note what an element says of the page, wherever it is."""
        if tag == "meta":
            for key, value in _DATES:
                if (attributes.get(key) or "").lower() == value:
                    self._dates.setdefault(value, attributes.get("content") or "")
        elif tag == "time" and "datetime" in attributes:
            self._dates.setdefault("time", attributes["datetime"])
        elif tag == "html" and self.language is None:
            self.language = attributes.get("lang") or None
        elif tag == "title":
            self._titles.append([])
            self._in_title = True

    def end(self, tag: str) -> None:
        """Note that an element ends."""
        if tag == "title":
            self._in_title = False
        if not self._hidden:
            if tag in _BLOCKS:
                self._pieces.append("\n\n")
            elif tag in self._parts and self._parts[tag][1:] == (None, self._depth):
                self._parts[tag] = (self._parts[tag][0], len(self._pieces), self._depth)
        elif self._hidden == self._depth:
            self._hidden = 0
        self._depth -= 1

    def data(self, text: str) -> None:
        """Note text."""
        if self._in_title:
            self._titles[-1].append(text)
        elif not self._hidden:
            self._pieces.append(text)
            self._length += len(text)
            if self._length > MOST_BETWEEN:
                raise TooLongError(f"more than {MOST_BETWEEN:,} characters, spaces included")

    def close(self) -> Page:
        """Return the page."""
        return self

    @property
    def title(self) -> str | None:
        """What the page is called."""
        return next((told for title in self._titles if (told := " ".join("".join(title).split()))), None)

    @property
    def date(self) -> str | None:
        """The day that the page says it is of."""
        told = (_day(self._dates.get(key, "")) for key in (*(value for _, value in _DATES), "time"))
        return next((day for day in told if day), None)

    @property
    def text(self) -> str:
        """Paragraphs with an empty line between them."""
        part = next((self._parts[tag] for tag in _MAIN if tag in self._parts), (0, None, 0))
        paragraphs = re.split(r"\n\s*\n", "".join(self._pieces[part[0] : part[1]]))
        return "\n\n".join(joined for one in paragraphs if (joined := " ".join(one.split())))


_WORD = (
    "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}",
    "{http://purl.oclc.org/ooxml/wordprocessingml/main}",
)
#: What holds no text that is shown: properties, what was moved away, and what other programs show instead.
_UNSHOWN = {"pPr", "rPr", "tblPr", "trPr", "sectPr", "tcPrChange", "moveFrom", "del"}
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_WRITTEN = {"tab": "\t", "ptab": "\t", "cr": "\n", "noBreakHyphen": "-"}


class WordText:
    """The paragraphs of a Word document; fed by an XML parser as its target.

    Merged cells are one cell, read once. A cell over several columns is written once; one over several rows is written
    in every row, and all but the first are left out.
    """

    def __init__(self) -> None:
        self.is_word = False
        self.paragraphs: list[str] = []
        self._elements = self._depth = 0
        self._hidden = 0
        #: The paragraphs that are open, for a text box is within one, and the depths of the cells.
        self._open: list[list[str]] = []
        self._cells: list[int] = []
        self._in_text = False

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Note that an element begins."""
        self._elements += 1
        if self._elements > MOST_ELEMENTS:
            raise TooLongError(f"more than {MOST_ELEMENTS:,} elements")
        self._depth += 1
        if self._hidden:
            return
        name = _word_name(tag)
        if self._depth == 1:
            self.is_word = name == "document"
        if name in _UNSHOWN or tag == _FALLBACK:
            self._hidden = self._depth
        elif name == "p":
            self._open.append([])
        elif name == "tc":
            self._cells.append(self._depth)
        elif name in ("vMerge", "hMerge") and self._cells and _value(attributes) != "restart":
            # The rest of the cell.
            self._hidden = self._cells[-1]
        elif name == "t":
            self._in_text = True
        elif self._open and name in _WRITTEN:
            self._open[-1].append(_WRITTEN[name])
        elif self._open and name == "br" and _value(attributes, "type") in (None, "textWrapping"):
            self._open[-1].append("\n")

    def end(self, tag: str) -> None:
        """Note that an element ends."""
        name = _word_name(tag)
        if name == "tc" and self._cells and self._cells[-1] == self._depth:
            self._cells.pop()
        if self._hidden:
            if self._hidden == self._depth:
                self._hidden = 0
        elif name == "p":
            self.paragraphs.append("".join(self._open.pop()).strip())
        elif name == "t":
            self._in_text = False
        self._depth -= 1

    def data(self, text: str) -> None:
        """Note text."""
        if self._in_text and self._open and not self._hidden:
            self._open[-1].append(text)

    def close(self) -> WordText:
        """Return the document."""
        return self


class WordProperties:
    """What a Word document says of itself: its title and the day that it was made."""

    def __init__(self) -> None:
        self._told: dict[str, list[str]] = {"title": [], "created": []}
        self._tag = ""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Note that an element begins."""
        self._tag = tag.rpartition("}")[2]

    def end(self, tag: str) -> None:
        """Note that an element ends."""
        self._tag = ""

    def data(self, text: str) -> None:
        """Note text."""
        if self._tag in self._told:
            self._told[self._tag].append(text)

    def close(self) -> WordProperties:
        """Return what was said."""
        return self

    @property
    def title(self) -> str | None:
        """What the document is called."""
        return "".join(self._told["title"]).strip() or None

    @property
    def date(self) -> str | None:
        """The day that the document was made."""
        return _day("".join(self._told["created"]))


def _word_name(tag: str) -> str:
    """Return what an element of Word is called; nothing for one of another vocabulary, such as of a drawing."""
    space, _, name = tag.rpartition("}")
    return name if f"{space}}}" in _WORD else ""


def _value(attributes: Mapping[str, str], key: str = "val") -> str | None:
    return next((value for name, value in attributes.items() if name.rpartition("}")[2] == key), None)


def _day(text: str) -> str | None:
    found = re.match(r"\d{4}-\d\d-\d\d", text.strip())
    return found[0] if found else None
