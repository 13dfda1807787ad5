"""The text of a document: plain text, HTML, PDF or DOCX, from a file or from standard input.

Positions in a text are characters of what `read_document` returns, so the same file always gives the same text. A
document is only ever data: nothing in it is run, fetched or followed.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from detente.errors import Fault, InputError, nearest

if TYPE_CHECKING:
    from bs4.element import Tag

#: Larger files are refused, and so is a document that unpacks to more.
MOST_BYTES = 50_000_000
#: A text with more characters than this, about a thousand pages, is refused, and so is a line with more than that.
MOST_CHARACTERS = 2_000_000
LONGEST_LINE = 100_000
#: More pages than this are refused.
MOST_PAGES = 5_000


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
        raise InputError("no document is named: the name is empty")
    path = Path(path)
    name = str(path)
    try:
        if path.is_dir():
            raise InputError([Fault("this is a folder; name a file in it", name)])
        if path.stat().st_size > MOST_BYTES:
            raise InputError([Fault(f"more than {MOST_BYTES // 1_000_000} MB: split the document", name)])
        data = path.read_bytes()
    except FileNotFoundError as error:
        names = [other.name for other in path.parent.iterdir()] if path.parent.is_dir() else []
        raise InputError([Fault("there is no such file", name, suggestion=nearest(path.name, names))]) from error
    except OSError as error:
        raise InputError([Fault(f"cannot be read: {error.strerror}", name)]) from error
    return parse_document(data, name)


def parse_document(data: bytes, name: str) -> Document:
    """Read a document from its bytes; what kind it is shows in them, and ``name`` is used in messages."""
    if len(data) > MOST_BYTES:
        raise InputError([Fault(f"more than {MOST_BYTES // 1_000_000} MB: split the document", name)])
    reader = _reader(data, name)
    try:
        document = reader(data, name)
    except ImportError as error:
        message = f"reading this kind of document needs {error.name}: install 'detente[reading]'"
        raise InputError([Fault(message, name)]) from error
    if len(document.text) > MOST_CHARACTERS:
        raise InputError([Fault(f"more than {MOST_CHARACTERS:,} characters: split the document", name)])
    longest = max(map(len, document.text.split("\n")))
    if longest > LONGEST_LINE:
        raise InputError([Fault(f"a line of {longest:,} characters is no paragraph: break the text into lines", name)])
    if not document.text.strip():
        raise InputError([Fault("there is no text in this document; a scan must be recognised (OCR) first", name)])
    return document


def _reader(data: bytes, name: str) -> Callable[[bytes, str], Document]:
    if data.startswith(b"%PDF-"):
        return _pdf
    if data.startswith(b"PK\x03\x04"):
        return _docx
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise InputError([Fault("an old or encrypted Office file: save it as .docx without a password", name)])
    if re.search(rb"<(?:!doctype\s+html|html|head|body|article|p)[\s>]", data[:4096].lower()):
        return _html
    return _plain_text


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _decoded(data: bytes, name: str) -> str:
    for encoding in ("utf-8-sig", "utf-16") if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if text.count("\x00") > len(text) // 10:
            break
        return text
    raise InputError([Fault("this is no text, HTML, PDF or DOCX document", name)])


def _cleaned(text: str) -> str:
    """Make line ends alike, and blanks of characters that nobody sees: control and direction marks, zero widths."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _UNSEEN.sub(" ", text)


_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]")


def _plain_text(data: bytes, name: str) -> Document:
    return Document(name, _cleaned(_decoded(data, name)), _digest(data))


def _html(data: bytes, name: str) -> Document:
    from bs4 import BeautifulSoup

    try:
        soup = BeautifulSoup(data, "lxml")
    except (RecursionError, AssertionError, ValueError) as error:
        raise InputError([Fault("this HTML cannot be read", name)]) from error
    title = soup.title.get_text(" ", strip=True) if soup.title else None
    language = str(soup.html.get("lang")) if soup.html and soup.html.get("lang") else None
    date = _html_date(soup)
    for tag in soup(_NOT_READ):
        tag.decompose()
    main = soup.find("article") or soup.find("main") or soup.body or soup
    paragraphs = re.split(r"\n\s*\n", "".join(_pieces(main)))
    text = "\n\n".join(joined for part in paragraphs if (joined := " ".join(part.split())))
    return Document(name, _cleaned(text), _digest(data), title or None, language, date)


_NOT_READ = ["script", "style", "noscript", "template", "nav", "header", "footer", "aside", "form", "svg", "iframe"]
_BLOCKS = ["p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "blockquote", "tr", "figcaption", "section"]


def _pieces(main: Tag) -> Iterator[str]:
    """Yield the text of a page, with an empty line around every block; in one pass, however deep it is nested."""
    from bs4.element import CData, NavigableString, Tag

    open_tags = [(main, iter(main.children))]
    while open_tags:
        tag, children = open_tags[-1]
        child = next(children, None)
        if child is None:
            open_tags.pop()
            if tag.name in _BLOCKS:
                yield "\n\n"
        elif isinstance(child, Tag):
            if child.name in _BLOCKS:
                yield "\n\n"
            elif child.name == "br":
                yield "\n"
            open_tags.append((child, iter(child.children)))
        elif type(child) in (NavigableString, CData):
            yield str(child)


def _html_date(soup: object) -> str | None:
    from bs4 import BeautifulSoup

    assert isinstance(soup, BeautifulSoup)
    for key, value in (("property", "article:published_time"), ("name", "date"), ("itemprop", "datePublished")):
        tag = soup.find("meta", attrs={key: value})
        if tag and _iso(str(tag.get("content"))):
            return _iso(str(tag.get("content")))
    tag = soup.find("time", attrs={"datetime": True})
    return _iso(str(tag.get("datetime"))) if tag else None


def _iso(text: str) -> str | None:
    found = re.match(r"\d{4}-\d\d-\d\d", text)
    return found[0] if found else None


def _pdf(data: bytes, name: str) -> Document:
    import logging

    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    logging.getLogger("pypdf").setLevel(logging.ERROR)
    try:
        pdf = PdfReader(io.BytesIO(data))
        if pdf.is_encrypted:
            raise InputError([Fault("this PDF is encrypted: save it without a password", name)])
        if len(pdf.pages) > MOST_PAGES:
            raise InputError([Fault(f"more than {MOST_PAGES:,} pages: split the document", name)])
        pages, size = [], 0
        for page in pdf.pages:
            pages.append(page.extract_text())
            size += len(pages[-1])
            if size > MOST_CHARACTERS:
                raise InputError([Fault(f"more than {MOST_CHARACTERS:,} characters: split the document", name)])
        about = pdf.metadata
        title = str(about.title) if about and about.title else None
    except InputError:
        raise
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError, OSError) as error:
        raise InputError([Fault("this PDF is damaged and cannot be read", name)]) from error
    return Document(name, _cleaned("\n\n".join(pages)), _digest(data), title)


def _docx(data: bytes, name: str) -> Document:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if "word/document.xml" not in {entry.filename for entry in entries}:
                raise InputError([Fault("this is an archive and no .docx document", name)])
            if any(entry.flag_bits & 1 for entry in entries):
                raise InputError([Fault("this document is encrypted: save it without a password", name)])
            # What the archive says of its sizes may be a lie, so what is read is counted too.
            if sum(entry.file_size for entry in entries) > 4 * MOST_BYTES or not _unpacks(archive):
                raise InputError([Fault("this document unpacks to far more than it is: it is not read", name)])
    except (zipfile.BadZipFile, NotImplementedError, OSError, EOFError) as error:
        raise InputError([Fault("this .docx is damaged and cannot be read", name)]) from error
    return _docx_text(data, name)


def _unpacks(archive: zipfile.ZipFile) -> bool:
    size = 0
    for entry in archive.infolist():
        with archive.open(entry) as stream:
            while piece := stream.read(1_000_000):
                size += len(piece)
                if size > 4 * MOST_BYTES:
                    return False
    return True


def _docx_text(data: bytes, name: str) -> Document:
    import docx
    from docx.opc.exceptions import OpcError
    from docx.table import Table
    from lxml.etree import LxmlError

    try:
        word = docx.Document(io.BytesIO(data))
        paragraphs = []
        for block in word.iter_inner_content():
            if isinstance(block, Table):
                paragraphs += [cell.text for row in block.rows for cell in row.cells]
            else:
                paragraphs.append(block.text)
        about = word.core_properties
        title = about.title or None
        date = about.created.date().isoformat() if about.created else None
    except (OpcError, LxmlError, ValueError, KeyError, AttributeError, TypeError, RecursionError) as error:
        raise InputError([Fault("this .docx is damaged and cannot be read", name)]) from error
    text = "\n\n".join(part for paragraph in paragraphs if (part := paragraph.strip()))
    return Document(name, _cleaned(text), _digest(data), title, None, date)
