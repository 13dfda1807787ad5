"""The text of a document: plain text, HTML, PDF or DOCX, from a file or from standard input.

Positions in a text are characters of what `read_document` returns, so the same file always gives the same text. A
document is only ever data: nothing in it is run, fetched or followed.

The text of HTML pages and of Word's XML is picked up while the parser goes through them. No tree is built: time and
memory grow with the size of the text, whatever it holds and however deep it is nested.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, cast

from detente.errors import Fault, InputError, nearest
from detente.lazy import lazy
from detente.limits import (
    MAX_ARCHIVE_FILES,
    MAX_DOCUMENT_BYTES,
    MAX_DOCUMENT_CHARACTERS,
    MAX_LINE_CHARACTERS,
    MAX_MARKUP_CHARACTERS,
    MAX_MARKUP_ELEMENTS,
)
from detente.reading.pdf import pdf_text
from detente.text import TURNING

if TYPE_CHECKING:
    from lxml import etree
else:
    etree = lazy("lxml.etree")


#: Characters that could do something to a terminal or turn the words around. Soft hyphens and zero widths are kept.
_HARMFUL = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufff9-\ufffb{TURNING}]")
#: Where a page says how it is written, and the ways that are tried: the others are UTF-8, or taken for Windows-1252.
_CHARSET = re.compile(rb"<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_KNOWN_CHARSET = re.compile(
    r"(?:windows-|cp|iso-8859-(?!1$)|koi8-|gb|big5|euc-|shift_jis|iso-2022-|mac|tis-)[\w-]*", re.IGNORECASE
)
_UNPACKS = "this document unpacks to far more than it is: it is not read"


class TooLongError(Exception):
    """A document of more elements, or more text, than any that people write."""


@dataclass(frozen=True)
class Document:
    """A document's text, and what it says of itself.

    ``sha256`` is that of the file. ``title``, ``language`` and ``date`` (ISO 8601) are None where the document does
    not say.
    """

    name: str
    text: str
    sha256: str
    title: str | None = None
    language: str | None = None
    date: str | None = None


def read_document(path: str | Path) -> Document:
    """Read a document from a file.

    Raises
    ------
    InputError
        When there is no such file, or it is too large, locked, or no document of a kind that can be read.
    """
    if path == "":
        raise InputError("the name is empty")
    path = Path(path)
    name = str(path)
    try:
        if path.is_dir():
            raise InputError([Fault("this is a folder. Name a file in it", name)])
        if path.stat().st_size > MAX_DOCUMENT_BYTES:
            raise InputError(
                [Fault(f"the document has more than {MAX_DOCUMENT_BYTES // 1_000_000} MB. Split it", name)]
            )
        data = path.read_bytes()
    except FileNotFoundError as error:
        names = [other.name for other in path.parent.iterdir()] if path.parent.is_dir() else []
        raise InputError([Fault("there is no such file", name, suggestion=nearest(path.name, names))]) from error
    except OSError as error:
        raise InputError([Fault(f"cannot be read: {error.strerror}", name)]) from error
    return parse_document(data, name)


def parse_document(data: bytes, name: str) -> Document:
    """Read a document from its bytes; what kind it is shows in them, and ``name`` is used in messages."""
    if len(data) > MAX_DOCUMENT_BYTES:
        raise InputError([Fault(f"the document has more than {MAX_DOCUMENT_BYTES // 1_000_000} MB. Split it", name)])
    kind, reader = _kind(data, name)
    try:
        document = reader(data, name)
    except InputError:
        raise
    except ImportError as error:
        message = f"reading this kind of document needs {error.name}: install 'detente[reading]'"
        raise InputError([Fault(message, name)]) from error
    except MemoryError as error:
        raise InputError([Fault("not enough memory to read this document. Split it", name)]) from error
    except TooLongError as error:
        raise InputError([Fault(f"the document has {error}. Split it", name)]) from error
    except Exception as error:
        # The parsers let out whatever damaged bytes make them stumble on.
        raise InputError([Fault(f"this {kind} is damaged and cannot be read", name)]) from error
    if len(document.text) > MAX_DOCUMENT_CHARACTERS:
        raise InputError([Fault(f"the document has more than {MAX_DOCUMENT_CHARACTERS:,} characters. Split it", name)])
    longest = max(map(len, document.text.split("\n")))
    if longest > MAX_LINE_CHARACTERS:
        raise InputError([Fault(f"a line has {longest:,} characters. Break the text into paragraphs", name)])
    if not document.text.strip():
        raise InputError([Fault("the document has no text. If it is a scan, run text recognition (OCR) first", name)])
    return document


def _kind(data: bytes, name: str) -> tuple[str, Callable[[bytes, str], Document]]:
    """Return what a document is, and what reads it."""
    if data.startswith(b"%PDF-"):
        return "PDF", _pdf
    if data.startswith(b"PK\x03\x04"):
        return ".docx", _docx
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise InputError([Fault("this is an old or encrypted Office file. Save it as .docx without a password", name)])
    if re.search(rb"<(?:!doctype\s+html|html|head|body|article|p)[\s>]", data[:4096].lower()):
        return "HTML", _html
    return "text", _plain_text


def _document(data: bytes, name: str, text: str, *about: str | None) -> Document:
    """Return a document with its line ends made alike, and blanks for harmful characters."""
    text = _HARMFUL.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))
    return Document(name, text, hashlib.sha256(data).hexdigest(), *about)


def _plain_text(data: bytes, name: str) -> Document:
    text = _decoded(data, name)
    if len(text) > 2 * MAX_DOCUMENT_CHARACTERS:
        # Line ends of two characters count once.
        raise TooLongError(f"more than {MAX_DOCUMENT_CHARACTERS:,} characters")
    return _document(data, name, text)


def _decoded(data: bytes, name: str) -> str:
    for encoding in ("utf-8-sig", "utf-16") if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if text.count("\x00") > len(text) // 10:
            break
        return text
    raise InputError([Fault("this is not a text, HTML, PDF or DOCX document", name)])


def _pdf(data: bytes, name: str) -> Document:
    return _document(data, name, *pdf_text(data, name, MAX_DOCUMENT_CHARACTERS))


def _parted(stream: IO[bytes]) -> Iterator[bytes]:
    while piece := stream.read(1_000_000):
        yield piece


def _day(text: str) -> str | None:
    found = re.match(r"\d{4}-\d\d-\d\d", text.strip())
    return found[0] if found else None


# HTML

_BLOCKS = {"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "blockquote", "tr", "figcaption", "section"}
_NOT_READ = {"script", "style", "noscript", "template", "nav", "header", "footer", "aside", "form", "svg", "iframe"}
#: What a page's text may be in; the first of them that is there is taken.
_MAIN = ("article", "main", "body")
#: Where a page says its date; the first of them that says one is taken.
_DATES = (("property", "article:published_time"), ("name", "date"), ("itemprop", "datepublished"))


def _html(data: bytes, name: str) -> Document:
    text = None
    told = _CHARSET.search(data[:4096])
    if told and _KNOWN_CHARSET.fullmatch(charset := told[1].decode("ascii", "replace")):
        # A page is decoded as it says it is written, if it is.
        with suppress(LookupError, UnicodeError):
            text = data.decode(charset)
    if text is None:
        text = _decoded(data, name)
    page = HtmlPage()
    parser = etree.HTMLParser(target=cast("Any", page), encoding="utf-8")
    for piece in _parted(io.BytesIO(text.encode("utf-8", "replace"))):
        parser.feed(piece)
    parser.close()
    return _document(data, name, page.text, page.title, page.language, page.date)


class HtmlPage:
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
        if self._elements > MAX_MARKUP_ELEMENTS:
            raise TooLongError(f"more than {MAX_MARKUP_ELEMENTS:,} elements")
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
            if self._length > MAX_MARKUP_CHARACTERS:
                raise TooLongError(f"more than {MAX_MARKUP_CHARACTERS:,} characters, spaces included")

    def close(self) -> HtmlPage:
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
        return next(filter(None, told), None)

    @property
    def text(self) -> str:
        """Paragraphs with an empty line between them."""
        part = next((self._parts[tag] for tag in _MAIN if tag in self._parts), (0, None, 0))
        paragraphs = re.split(r"\n\s*\n", "".join(self._pieces[part[0] : part[1]]))
        return "\n\n".join(joined for one in paragraphs if (joined := " ".join(one.split())))


# Word

_WORD = (
    "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}",
    "{http://purl.oclc.org/ooxml/wordprocessingml/main}",
)
#: What holds no text that is shown: properties, what was moved away, and what other programs show instead.
_UNSHOWN = {"pPr", "rPr", "tblPr", "trPr", "sectPr", "tcPrChange", "moveFrom", "del"}
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_WRITTEN = {"tab": "\t", "ptab": "\t", "cr": "\n", "noBreakHyphen": "-"}


def _docx(data: bytes, name: str) -> Document:
    body, about = WordText(), WordProperties()
    targets: dict[str, Any] = {"word/document.xml": body, "docProps/core.xml": about}
    size = 0
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = archive.infolist()
        if "word/document.xml" not in {entry.filename for entry in entries}:
            raise InputError([Fault("this is an archive, not a .docx document", name)])
        if any(entry.flag_bits & 1 for entry in entries):
            raise InputError([Fault("this document is encrypted. Save it without a password", name)])
        # What the archive says of its sizes may be a lie, so what is read is counted too.
        if len(entries) > MAX_ARCHIVE_FILES or sum(entry.file_size for entry in entries) > 4 * MAX_DOCUMENT_BYTES:
            raise InputError([Fault(_UNPACKS, name)])
        for entry in entries:
            # All of them are read: what is damaged anywhere is not to be trusted.
            target = targets.pop(entry.filename, None)
            parser = etree.XMLParser(target=target, resolve_entities=False, no_network=True) if target else None
            with archive.open(entry) as stream:
                for piece in _parted(stream):
                    size += len(piece)
                    if size > 4 * MAX_DOCUMENT_BYTES:
                        raise InputError([Fault(_UNPACKS, name)])
                    if parser is not None:
                        parser.feed(piece)
            if parser is not None:
                parser.close()
    if not body.is_word:
        raise ValueError("the XML of something else")
    text = "\n\n".join(paragraph for paragraph in body.paragraphs if paragraph)
    return _document(data, name, text, about.title, None, about.date)


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
        if self._elements > MAX_MARKUP_ELEMENTS:
            raise TooLongError(f"more than {MAX_MARKUP_ELEMENTS:,} elements")
        self._depth += 1
        if self._hidden:
            return
        name = _name(tag)
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
        name = _name(tag)
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


def _name(tag: str) -> str:
    """Return what an element of Word is called; nothing for one of another vocabulary, such as of a drawing."""
    space, _, name = tag.rpartition("}")
    return name if f"{space}}}" in _WORD else ""


def _value(attributes: Mapping[str, str], key: str = "val") -> str | None:
    return next((value for name, value in attributes.items() if name.rpartition("}")[2] == key), None)
