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
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

from detente.errors import Fault, InputError, nearest
from detente.reading.markup import Page, TooLongError, WordProperties, WordText
from detente.reading.pdf import pdf_text

#: Larger files are refused, and so is a document that unpacks to more.
MOST_BYTES = 50_000_000
#: A text with more characters than this, about a thousand pages, is refused, and so is a line with more than that.
MOST_CHARACTERS = 2_000_000
LONGEST_LINE = 100_000
#: An archive of more files than this is no document that people write.
MOST_ENTRIES = 10_000


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
    except InputError:
        raise
    except ImportError as error:
        message = f"reading this kind of document needs {error.name}: install 'detente[reading]'"
        raise InputError([Fault(message, name)]) from error
    except MemoryError as error:
        raise InputError([Fault("there is not enough memory to read this document: split it", name)]) from error
    except TooLongError as error:
        raise InputError([Fault(f"{error}: split the document", name)]) from error
    except Exception as error:
        # The parsers let out whatever damaged bytes make them stumble on.
        raise InputError([Fault(f"this {_KINDS[reader]} is damaged and cannot be read", name)]) from error
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
    text = _decoded(data, name)
    if len(text) > 2 * MOST_CHARACTERS:
        # Line ends of two characters count once.
        raise TooLongError(f"more than {MOST_CHARACTERS:,} characters")
    return Document(name, _cleaned(text), _digest(data))


def _html(data: bytes, name: str) -> Document:
    from lxml import etree

    page = Page()
    parser = etree.HTMLParser(target=cast("Any", page), encoding="utf-8")
    for piece in _parted(io.BytesIO(_decoded_page(data, name).encode("utf-8", "replace"))):
        parser.feed(piece)
    parser.close()
    return Document(name, _cleaned(page.text), _digest(data), page.title, page.language, page.date)


#: Where a page says how it is written, and the ways that are tried: the others are UTF-8, or taken for Windows-1252.
_CHARSET = re.compile(rb"<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_KNOWN_CHARSET = re.compile(
    r"(?:windows-|cp|iso-8859-(?!1$)|koi8-|gb|big5|euc-|shift_jis|iso-2022-|mac|tis-)[\w-]*", re.IGNORECASE
)


def _decoded_page(data: bytes, name: str) -> str:
    """Decode a page as it says it is written, if it is."""
    told = _CHARSET.search(data[:4096])
    if told and _KNOWN_CHARSET.fullmatch(charset := told[1].decode("ascii", "replace")):
        with suppress(LookupError, UnicodeError):
            return data.decode(charset)
    return _decoded(data, name)


def _parted(stream: IO[bytes]) -> Iterator[bytes]:
    while piece := stream.read(1_000_000):
        yield piece


def _pdf(data: bytes, name: str) -> Document:
    text, title = pdf_text(data, name, MOST_CHARACTERS)
    return Document(name, _cleaned(text), _digest(data), title)


def _docx(data: bytes, name: str) -> Document:
    from lxml import etree

    body, about = WordText(), WordProperties()
    targets: dict[str, Any] = {"word/document.xml": body, "docProps/core.xml": about}
    size = 0
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = archive.infolist()
        if "word/document.xml" not in {entry.filename for entry in entries}:
            raise InputError([Fault("this is an archive and no .docx document", name)])
        if any(entry.flag_bits & 1 for entry in entries):
            raise InputError([Fault("this document is encrypted: save it without a password", name)])
        # What the archive says of its sizes may be a lie, so what is read is counted too.
        if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > 4 * MOST_BYTES:
            raise InputError([Fault(_UNPACKS, name)])
        for entry in entries:
            # All of them are read: what is damaged anywhere is not to be trusted.
            target = targets.pop(entry.filename, None)
            parser = etree.XMLParser(target=target, resolve_entities=False, no_network=True) if target else None
            with archive.open(entry) as stream:
                for piece in _parted(stream):
                    size += len(piece)
                    if size > 4 * MOST_BYTES:
                        raise InputError([Fault(_UNPACKS, name)])
                    if parser is not None:
                        parser.feed(piece)
            if parser is not None:
                parser.close()
    if not body.is_word:
        raise ValueError("the XML of something else")
    text = "\n\n".join(paragraph for paragraph in body.paragraphs if paragraph)
    return Document(name, _cleaned(text), _digest(data), about.title, None, about.date)


_KINDS: dict[Callable[[bytes, str], Document], str] = {_pdf: "PDF", _docx: ".docx", _html: "HTML", _plain_text: "text"}
_UNPACKS = "this document unpacks to far more than it is: it is not read"
