"""The text of a document: plain text, HTML, PDF, DOCX or a mail, from a file or from standard input.

Positions in a text are characters of what `read_document` returns. Another version of a library may extract another
text from the same file: its digest tells. A document is only ever data: nothing in it is run, fetched or followed.

The text of Word's XML is picked up while the parser goes through it. No tree is built: time and memory grow with the
size of the text, whatever it holds and however deep it is nested. HTML and PDF: see
`detente.reading.extraction`.
"""

from __future__ import annotations

import codecs
import csv
import email
import email.policy
import hashlib
import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from detente.errors import Fault, InputError, nearest
from detente.io.files import read_text
from detente.lazy import lazy
from detente.limits import (
    MAX_ARCHIVE_FILES,
    MAX_DOCUMENT_BYTES,
    MAX_DOCUMENT_CHARACTERS,
    MAX_LINE_CHARACTERS,
    MAX_MARKUP_ELEMENTS,
)
from detente.model.dates import parse_date
from detente.reading.extraction import extracted
from detente.text import TURNING

if TYPE_CHECKING:
    import charset_normalizer
    import py3langid
    from lxml import etree
else:
    charset_normalizer, py3langid, etree = lazy("charset_normalizer"), lazy("py3langid"), lazy("lxml.etree")


#: Characters that could do something to a terminal or turn the words around. Soft hyphens and zero widths are kept.
_HARMFUL = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufff9-\ufffb{TURNING}]")
#: Where a page says how it is written, and the ways that are tried: the others are UTF-8, or taken for Windows-1252.
_CHARSET = re.compile(rb"<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_KNOWN_CHARSET = re.compile(
    r"(?:windows-|cp|iso-8859-(?!1$)|koi8-|gb|big5|euc-|shift_jis|iso-2022-|mac|tis-)[\w-]*", re.IGNORECASE
)
#: How a mail begins: with several headers, among them one that nothing else has.
_MAIL = re.compile(rb"(?:[!-9;-~]+:[^\n]*\n(?:[ \t][^\n]*\n)*){2}")
_MAIL_ALONE = re.compile(rb"^(?:MIME-Version|Content-Type|Message-ID|Received):", re.MULTILINE | re.IGNORECASE)
_UNPACKS = "this document unpacks to far more than it is: it is not read"


class TooLongError(Exception):
    """A document of more elements, or more text, than any that people write."""


@dataclass(frozen=True)
class Document:
    """A document's text, and what it says of itself.

    ``sha256`` is that of the file. ``title``, ``language`` and ``date`` (ISO 8601) are None if the document does not
    say. ``guessed_encoding`` is what the text was taken to be written in; ``author`` is who has sent a mail.
    """

    name: str
    text: str
    sha256: str
    title: str | None = None
    language: str | None = None
    date: str | None = None
    guessed_encoding: str | None = None
    author: str | None = None

    @property
    def text_sha256(self) -> str:
        """The digest of the text: spans hold as long as it is the same."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def encoding_note(self) -> str | None:
        """What to say of a guessed encoding."""
        guess = self.guessed_encoding
        return f"is not in UTF-8 and is read as {guess}, which is a guess from its bytes" if guess else None


#: Words of English by which most texts in it are known without a model.
_ENGLISH = re.compile(r"\b(?:the|of|and|that|said|was|were|with|is|not|will|have)\b", re.IGNORECASE)
#: Shorter texts say too little of their language, unless it has letters of its own.
_SHORTEST = 25


def foreign_language(text: str) -> str | None:
    """Return the code of a text's language, such as 'de', if it does not seem to be English, which the reader knows.

    The model that tells languages apart is loaded only for a text with few of the commonest English words.
    """
    sample = text[:5_000]
    letters = sum(map(str.isalpha, sample))
    latin = sum(one.isalpha() and one < "\u0250" for one in sample)
    words = len(re.findall(r"\w+", sample))
    if 2 * latin > letters and (letters < _SHORTEST or 12 * len(_ENGLISH.findall(sample)) > words):
        return None
    if letters == 0 or find_spec("py3langid") is None:
        return None
    language, _ = py3langid.classify(sample)
    return None if language == "en" else str(language)


def document_notes(document: Document) -> list[str]:
    """Return what is to be said of a document before it is read for statements: a guess, or a language not known."""
    language = foreign_language(document.text)
    warning = "The reader knows English only: it will miss statements and make mistakes"
    foreign = language and f"is not in English ({language}). {warning}"
    return [note for note in (document.encoding_note, foreign) if note]


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
        if path.is_file():
            stat = path.stat()
            return _read_once(path, stat.st_size, stat.st_mtime_ns)
        data = path.read_bytes()
    except FileNotFoundError as error:
        names = [other.name for other in path.parent.iterdir()] if path.parent.is_dir() else []
        raise InputError([Fault("there is no such file", name, suggestion=nearest(path.name, names))]) from error
    except OSError as error:
        raise InputError([Fault(f"cannot be read: {error.strerror}", name)]) from error
    return parse_document(data, name)


#: The endings of the files in a folder that are read as documents, and the table in it that says more about them.
DOCUMENT_ENDINGS = frozenset({".txt", ".text", ".md", ".html", ".htm", ".pdf", ".docx", ".eml"})
SOURCES_TABLE = "sources.csv"


def documents_in(folder: str | Path) -> list[Path]:
    """Return the documents in a folder and the folders in it, by name; hidden ones are left out.

    Raises
    ------
    InputError
        If the folder has no documents.
    """
    folder = Path(folder)
    found = [
        path
        for path in sorted(folder.rglob("*"))
        if path.suffix.lower() in DOCUMENT_ENDINGS
        and path.is_file()
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    ]
    if not found:
        endings = ", ".join(sorted(DOCUMENT_ENDINGS))
        raise InputError([Fault(f"there are no documents in this folder ({endings})", str(folder))])
    return found


def described(document: Document) -> Document:
    """Return a document with the date and the title that the table beside it or its file's name gives it.

    The table, `SOURCES_TABLE`, comes first, then the name ("2023-07-28 Talks fail.txt"), then what the document says.

    Raises
    ------
    InputError
        If the table has no column ``file``, or a date in it is invalid.
    """
    path = Path(document.name)
    told = _table_beside(path.parent).get(path.name, {}) if document.name != "-" else {}
    in_name = re.match(r"(\d{4}-\d\d-\d\d|\d{4}-\d\d|(?:19|20)\d\d)(?!\d)", path.stem)
    named = in_name[1] if in_name and _is_date(in_name[1]) else None
    return replace(document, date=told.get("date") or named or document.date, title=told.get("title") or document.title)


def _is_date(text: str) -> bool:
    try:
        parse_date(text)
    except ValueError:
        return False
    return True


def _table_beside(folder: Path) -> dict[str, dict[str, str]]:
    """Return the rows of the table in a folder, by file."""
    table = folder / SOURCES_TABLE
    if not table.is_file():
        return {}
    status = table.stat()
    return _rows(table, status.st_size, status.st_mtime_ns)


@lru_cache(maxsize=16)
def _rows(table: Path, size: int, changed: int) -> dict[str, dict[str, str]]:
    """Read such a table; remembered, because every document of the folder asks for it."""
    rows = csv.DictReader(read_text(table).splitlines())
    if "file" not in (rows.fieldnames or ()):
        message = (
            f"this table needs a column 'file', and may have 'date' and 'title'; its first line is {rows.fieldnames}"
        )
        raise InputError([Fault(message, str(table), 1)])
    found: dict[str, dict[str, str]] = {}
    for row in rows:
        given = {column: (row.get(column) or "").strip() for column in ("file", "date", "title")}
        if given["date"] and not _is_date(given["date"]):
            raise InputError([Fault(f"'{given['date']}' is not a date. Write 2023-07-28", str(table), rows.line_num)])
        found[given["file"]] = given
    return found


@lru_cache(maxsize=64)
def _read_once(path: Path, size: int, changed: int) -> Document:
    """Read a file; remembered, because a page reads its documents each time that it is shown."""
    return parse_document(path.read_bytes(), str(path))


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
    if data.startswith(b"{\\rtf"):
        raise InputError([Fault("this is a rich-text (RTF) document. Save it as .docx or as plain text", name)])
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise InputError([Fault("this is an old or encrypted Office file. Save it as .docx without a password", name)])
    if _MAIL.match(data) and _MAIL_ALONE.search(data[:20_000]):
        return "mail", _mail
    if re.search(rb"<(?:!doctype\s+html|html|head|body|article|p)[\s>]", data[:4096].lower()):
        return "HTML", _html
    return "text", _plain_text


def _document(data: bytes, name: str, text: str, *about: str | None) -> Document:
    """Return a document with plain line ends, and blanks for harmful characters."""
    text = _HARMFUL.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))
    return Document(name, text, hashlib.sha256(data).hexdigest(), *about)


def _plain_text(data: bytes, name: str) -> Document:
    text, encoding = _decoded(data, name)
    if len(text) > 2 * MAX_DOCUMENT_CHARACTERS:
        # Line ends of two characters count once.
        raise TooLongError(f"more than {MAX_DOCUMENT_CHARACTERS:,} characters")
    return _document(data, name, text, None, None, None, encoding)


def _decoded(data: bytes, name: str) -> tuple[str, str | None]:
    """Return a text, and its encoding if that is a guess."""
    utf16 = data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    text, encoding = None, None
    with suppress(UnicodeDecodeError):
        text = data.decode("utf-16" if utf16 else "utf-8-sig")
    if text is None and data.count(b"\x00") <= len(data) // 10:
        text, encoding = _guessed(data)
    if text is None or text.count("\x00") > len(text) // 10:
        raise InputError([Fault("this is not a text, HTML, PDF or DOCX document", name)])
    return text, encoding


#: The encodings that texts have which are not in UTF-8, and what they are called.
_ENCODINGS = {
    "cp1252": "Windows-1252", "cp1251": "Windows-1251", "cp1250": "Windows-1250", "cp1253": "Windows-1253",
    "cp1254": "Windows-1254", "cp1255": "Windows-1255", "cp1256": "Windows-1256", "koi8_r": "KOI8-R",
    "shift_jis": "Shift JIS", "euc_jp": "EUC-JP", "euc_kr": "EUC-KR", "gb18030": "GB 18030", "big5": "Big5",
}  # fmt: skip
#: What texts of western Europe hold besides ASCII: of two encodings that give such a text, Windows-1252 is meant.
_WESTERN = re.compile(
    r"[\x00-\x7f\xa0-\xa9\xab\xad\xb0-\xb2\xb4\xb7\xba\xbb\xbf-\xcf\xd1-\xd6\xd8-\xdc\xdf-\xef\xf1-\xf6\xf8-\xfc"
    "€‚„…‘’“”•–—™œŒ]*"
)
_GUESSED_FROM = 100_000


def _guessed(data: bytes) -> tuple[str | None, str | None]:
    """Return a text in the encoding that it is most likely in, and the name of that."""
    sample = data[:_GUESSED_FROM]
    western = sample.decode("cp1252", "replace")
    found = charset_normalizer.from_bytes(sample, cp_isolation=list(_ENCODINGS))
    names = [one.encoding for one in found]
    best = "cp1252" if _WESTERN.fullmatch(western) and names[:1] != ["cp1251"] else next(iter(names), "cp1252")
    with suppress(UnicodeDecodeError, LookupError):
        return data.decode(best), _ENCODINGS.get(best, best)
    with suppress(UnicodeDecodeError):
        return data.decode("cp1252"), _ENCODINGS["cp1252"]
    return None, None


def _pdf(data: bytes, name: str) -> Document:
    found = extracted("PDF", data, name)
    return _document(data, name, found.text, found.title)


def _parted(stream: IO[bytes]) -> Iterator[bytes]:
    while piece := stream.read(1_000_000):
        yield piece


def _day(text: str) -> str | None:
    found = re.match(r"\d{4}-\d\d-\d\d", text.strip())
    return found[0] if found else None


# HTML and mail


def _html(data: bytes, name: str) -> Document:
    text, encoding = None, None
    told = _CHARSET.search(data[:4096])
    if told and _KNOWN_CHARSET.fullmatch(charset := told[1].decode("ascii", "replace")):
        # A page is decoded as it says it is written, if it is.
        with suppress(LookupError, UnicodeError):
            text = data.decode(charset)
    if text is None:
        text, encoding = _decoded(data, name)
    if text.count("<") > MAX_MARKUP_ELEMENTS:
        raise TooLongError(f"more than {MAX_MARKUP_ELEMENTS:,} elements")
    found = extracted("HTML", text.encode("utf-8", "replace"), name)
    return _document(data, name, found.text, found.title, found.language, found.date, encoding)


def _mail(data: bytes, name: str) -> Document:
    """Read a mail: its text, or the text of its page; subject and day are title and date. Attachments are not read."""
    message = email.message_from_bytes(data, policy=email.policy.default)
    part = message.get_body(("plain", "html"))
    if part is None:
        raise InputError([Fault("this mail has no text: save what is attached to it as a file", name)])
    content = part.get_content()
    language = None
    if part.get_content_type() == "text/html":
        found = extracted("HTML", content.encode("utf-8", "replace"), name)
        content, language = found.text, found.language
    sent = message["date"]
    day = sent.datetime.date().isoformat() if sent is not None and sent.datetime else None
    senders = [one.display_name.strip() for one in getattr(message["from"], "addresses", ())]
    made = _document(data, name, content, str(message["subject"] or "").strip() or None, language, day)
    return replace(made, author=next(filter(None, senders), None))


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
